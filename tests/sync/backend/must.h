// What every test of the backend needs, and nothing of it: values out of results, a time, ids.
#pragma once

#include <type_traits>
#include <utility>

#include "survey/base/check.h"
#include "survey/base/store_error.h"
#include "survey/base/time.h"
#include "survey/base/uuid.h"

namespace hailong::sync::sample {

/// The value, or the end of the test program with the store's sentence.
template <class Value>
Value must(survey::StoreResult<Value> stored) {
    if (!stored) survey::check(false, stored.error().what.c_str());
    if constexpr (!std::is_void_v<Value>) return std::move(*stored);
}

/// 08:00 on 22 November 2026 in Vietnam.
inline survey::UtcTime noon() {
    return survey::start_of_day(*survey::parse_date("2026-11-22")) + std::chrono::hours(8);
}

inline survey::Uuid uuid(std::uint64_t number, survey::UtcTime time = noon()) {
    survey::UuidEntropy entropy{};
    for (std::size_t i = 0; i < 8; ++i)
        entropy[2 + i] = static_cast<std::uint8_t>(number >> (8 * (7 - i)));
    return survey::make_uuid7(time, entropy);
}

}  // namespace hailong::sync::sample
