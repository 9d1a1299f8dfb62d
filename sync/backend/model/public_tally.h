// What of a center's tallies is public: what its pages, files and terminals are made of (figures/disclosure.h).
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <tuple>

#include "survey/tally_sheet.h"

namespace hailong::sync {

/// A row of a day holds of the whole visit what the objective is about, and how many responses there were; one of a
/// month all else, and its `date` is the first day of the center's statistical month.
struct PublicKey {
    survey::TallyKey key;
    bool is_pooled = false;  // of a day: made public together with other days, and so in no figure of the day alone
    bool operator==(const PublicKey&) const = default;
    std::strong_ordering operator<=>(const PublicKey& other) const {
        return std::tie(key, is_pooled) <=> std::tie(other.key, other.is_pooled);
    }
};

/// Of whom a row of a month tells what is quarantined, and so in no other row: a visit's subject with this id.
inline constexpr const char* kQuarantinedId = "quarantined";

using PublicSheet = std::map<PublicKey, survey::Tally>;

/// When a center's figures were last made public: they stand at the end of the day before `day`.
struct Release {
    survey::Date day{};
    std::int64_t number = 0;  // grows with each
    bool operator==(const Release&) const = default;
};

}  // namespace hailong::sync
