// How the numbering goes on after damage: which records stay as they are, which go on under new numbers, and which
// numbers stand for nothing any more. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "kiosk/journal/head_file.h"
#include "kiosk/journal/values.h"
#include "kiosk/recovery/recover.h"

namespace hailong::kiosk {

/// Numbers left unused where it can't be known how far the damaged journal went: about a week of a busy counter, far
/// more than a file system holds back from the disk before a power cut.
inline constexpr std::int64_t kSeqMargin = 1'000;

struct Renumbering {
    ChainHead base;
    std::vector<std::int64_t> kept;   // records taken over byte for byte, in order
    std::vector<std::int64_t> moved;  // records that go on under new numbers after all skips, in order
    std::vector<Skip> skips;          // old and new ones, in order
    std::int64_t delivered = 0;
    bool operator==(const Renumbering&) const = default;
};

/// Kept is the run of records that chain up to the break, where it reaches the delivered ones: what is not delivered
/// and chains behind them stays under its number. What was delivered and stands before that run is left to the damaged
/// file and the backend: it is below the base. Everything after the break that can be read and is whole is moved; its
/// numbers, and those that can't be read, become skips. No number that the damaged journal gave out is given out again:
/// `line` says the last one when it is of this boot, else kSeqMargin more stay unused. Behind a skip at the end one
/// more stays unused in any case: the backend may hold what is skipped here, and only behind a number that it does not
/// hold may a chain begin anew.
/// Of the new skips, what stands in `remembered` is renumbered, not damaged.
[[nodiscard]] Renumbering renumber(const Recovered& found, const std::optional<HeadLine>& line,
                                   const std::string& boot_id, const std::set<std::int64_t>& remembered = {});

/// The skip in parts: what of a damaged one stands in `remembered` is renumbered instead, because its answers are
/// written again. Ascending.
[[nodiscard]] std::vector<Skip> parted(const Skip& skip, const std::set<std::int64_t>& remembered);

/// Whether `line` was written since this machine started, so that it can't be older than the journal.
[[nodiscard]] bool is_of_boot(const HeadLine& line, const std::string& boot_id);

}  // namespace hailong::kiosk
