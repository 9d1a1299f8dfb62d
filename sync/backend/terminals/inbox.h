// What goes down to a terminal: the same over the network and on a stick.
#pragma once

#include <string>

#include "survey/base/time.h"
#include "sync/backend/ingest/ingest.h"

namespace hailong::sync {

/// Most erased texts that an inbox names, the newest: a terminal lets go of its own copies in time anyway.
inline constexpr std::size_t kErasedNamedMax = 1'000;

struct Inbox {
    std::string body;  // {"documents":[{"name":...,"body":{...}}]}
    std::string etag;  // as in the header, with its quotation marks
    bool operator==(const Inbox&) const = default;
};

/// The center, every version of its questionnaire in effect on `today` or to come, those of the questionnaires that its
/// options open, its results up to the day before, and, when there are any, the terminal's texts that were erased.
/// `corrupt` when the terminal's center is not known.
[[nodiscard]] StoreResult<Inbox> inbox_of(const Terminal& terminal, Reader& reader, const Reference& reference,
                                     survey::Date today);

}  // namespace hailong::sync
