// What may be told of answers that were counted together, so that nobody reads off what one person answered: the
// threshold rule of statistical disclosure control (Hundepool et al., Statistical Disclosure Control, 2012), and what
// must not be found by subtraction.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace hailong::survey {

/// The fewest valid responses of a cell (one subject in one period) of which more is told than that they are fewer.
inline constexpr std::int64_t kCellMin = 5;

/// Whether a level, share, reason or count of a cell of `n` valid responses may be told.
[[nodiscard]] constexpr bool is_told(std::int64_t n) {
    return n >= kCellMin;
}

/// Whether `shown` of `whole` valid responses may stand beside the whole: what is left when one is taken from the
/// other is nobody's, or could be told itself.
[[nodiscard]] constexpr bool leaves_no_rest(std::int64_t whole, std::int64_t shown) {
    return whole == shown || is_told(whole - shown);
}

/// Of rows with that many valid answers each, which are told beside a whole that is told: those with enough, without
/// the smallest ones that leave too little of the whole (of equal ones, the last).
[[nodiscard]] std::vector<bool> told_rows(std::int64_t whole, std::span<const std::int64_t> rows);

}  // namespace hailong::survey
