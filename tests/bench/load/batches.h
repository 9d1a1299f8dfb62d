// What terminals have collected, as the requests that carry it: made before anything is measured.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "survey/base/time.h"
#include "survey/center.h"
#include "tests/bench/load/backend.h"
#include "tests/bench/load/sending.h"

namespace hailong::bench {

/// A center whose terminals are busy: what the invented visits are about.
struct Visited {
    survey::Center center;
    survey::UtcTime now{};
};
/// The sample center of assets/demo, now.
[[nodiscard]] Visited sample_center();

/// `records` valid visits of the last two weeks at one terminal, signed in batches of `batch`, compressed with zstd.
/// Mostly satisfied, some with reasons, without free text. The same terminal has the same visits each time.
[[nodiscard]] Line collected(const Enrolled& terminal, const Visited& where, std::int64_t records, std::int64_t batch);

}  // namespace hailong::bench
