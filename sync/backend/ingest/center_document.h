// What a center's document makes of the one that stands in the store: what held stays known, whatever the new one
// leaves out. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "survey/base/expected.h"
#include "survey/base/fault.h"
#include "survey/base/time.h"
#include "survey/center.h"

namespace hailong::sync {

/// As it stands in the store, word for word and read.
struct CenterDocument {
    std::string json;
    survey::Center center;
};

/// What of the document that was given is to stand in the store, where `known` stands until now:
/// - the settings of days that are over, and of the month that runs where the document names no day (settings_after());
///   a document that gives other settings to days before `today` is refused;
/// - each counter, officer, field and procedure that it leaves out, made inactive: records that name them count, those
///   that still wait on a terminal as well.
/// The text as it was given when nothing of that was to be added. Faults also of what comes out: it may hold too many.
[[nodiscard]] Expected<CenterDocument, survey::Faults> merged_center(const CenterDocument& known,
                                                                     const CenterDocument& given, survey::Date today);

/// Most changes of a document that are told in words, and the most bytes of one.
inline constexpr std::size_t kChangesToldMax = 50;
inline constexpr std::size_t kChangeBytesMax = 300;

/// What is other in the second, a sentence each, at most kChangesToldMax and one that says how many more: settings with
/// the day from which they hold, each entry of a list that came, went or changed, each other member. Empty: nothing.
[[nodiscard]] std::vector<std::string> center_changes(const CenterDocument& before, const CenterDocument& after);

}  // namespace hailong::sync
