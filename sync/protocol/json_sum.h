// The sum in a message or file that holds keys: a spoiled key of the backend would make a terminal believe nobody, or
// seal what people write for nobody. It finds what a disk or a drive changed; it proves nothing about who wrote it.
#pragma once

#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "survey/base/json.h"
#include "survey/crypto/digest.h"

namespace hailong::sync {

/// SHA-256, in hexadecimal, of the canonical JSON of `content` without its member "sum".
/// REQUIRES: it has one (survey::has_canonical_text()).
[[nodiscard]] inline std::string sum_of(boost::json::object content) {
    content.erase("sum");
    return survey::to_hex(survey::sha256(survey::canonical_json(content)));
}

/// Whether `sum`, its own member, fits what else stands in what came from outside.
[[nodiscard]] inline bool sum_fits(std::string_view sum, const boost::json::value& content) {
    return content.is_object() && survey::has_canonical_text(content) && sum == sum_of(content.get_object());
}

}  // namespace hailong::sync
