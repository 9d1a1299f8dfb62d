// Tallies of centers: rows of survey/tally_sheet.h, one set a center.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "survey/base/ids.h"
#include "survey/tally_sheet.h"

namespace hailong::sync {

struct TallyRow {
    survey::CenterId center;
    survey::TallyKey key;
    survey::Tally tally;
    bool operator==(const TallyRow&) const = default;
};

/// Tallies of one commit, added up in memory: written once, whatever the number of batches.
using CenterSheets = std::map<survey::CenterId, survey::TallySheet>;

/// What tallies to read; days `first` to `last`, both included. REQUIRES: a kind where an id is asked for.
struct TallyQuery {
    survey::CenterId center;
    survey::Grain grain = survey::Grain::day;
    survey::Date first{};
    survey::Date last{};
    std::optional<survey::SubjectKind> subject_kind;
    std::optional<std::string> subject_id;
};

}  // namespace hailong::sync
