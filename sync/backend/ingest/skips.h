// Numbers that a terminal says stand for no record (PROTOCOL.md 4.1).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "survey/record.h"

namespace hailong::sync {

/// "number 4 stands", "numbers 4 to 7 stand".
[[nodiscard]] std::string described(std::int64_t first_seq, std::int64_t last_seq);

/// The parts of `skipped` that tile `first` to `last` without a hole; empty when they do not.
[[nodiscard]] std::vector<survey::Skip> tiles(const std::vector<survey::Skip>& skipped, std::int64_t first,
                                              std::int64_t last);

}  // namespace hailong::sync
