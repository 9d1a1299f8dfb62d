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

/// Grows with what is counted for a center, so that whatever was made from its tallies can be kept until then.
struct CenterRevision {
    std::int64_t tallies = 0;  // with each commit that adds to its tallies
    std::int64_t past = 0;     // only when a day before the one of the commit was touched: late or reprocessed records
    bool operator==(const CenterRevision&) const = default;
};

}  // namespace hailong::sync
