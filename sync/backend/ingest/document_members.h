// Which members a document may have. A member that no program reads is most often a typing error ("objectiv"), and the
// setting that was meant would silently be another. Terminals pass over what they don't know, so that an older one
// reads what a newer backend publishes; only what an office brings in is held to this.
#pragma once

#include <string_view>

#include <boost/json/fwd.hpp>

#include "survey/base/fault.h"

namespace hailong::sync {

enum class DocumentKind { center, questionnaire };

/// Members that are not known, each with its place and the known one that was likely meant, and names and texts that
/// are empty or only blanks. What begins with "x_" is an office's own and is passed over. Whatever parse_center() and
/// parse_questionnaire() read is known (a test compares).
[[nodiscard]] survey::Faults member_faults(const boost::json::value& document, DocumentKind kind);

}  // namespace hailong::sync
