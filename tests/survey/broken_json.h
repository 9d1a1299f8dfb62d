// One fault at a time in a JSON document that is otherwise good: for the tests that every fault is named with its
// place.
#pragma once

#include <ostream>
#include <string>
#include <string_view>

#include "survey/base/json.h"

namespace hailong::survey {

/// One way to break a document: the member `key` of the object at `pointer` is set to `to`.
struct Break {
    const char* pointer;
    const char* key;
    const char* to;         // JSON; empty: the member is dropped
    const char* place;      // where the fault is found
    const char* what = "";  // a part of what is said of it
};

inline std::ostream& operator<<(std::ostream& out, const Break& b) {
    return out << b.pointer << "/" << b.key << " = " << b.to;
}

/// `text`, which must be JSON, with that one fault.
inline std::string broken(std::string_view text, const Break& b) {
    boost::json::value value = parse_json(text).value();
    boost::json::object& object = value.at_pointer(b.pointer).as_object();
    if (std::string_view(b.to).empty()) {
        object.erase(b.key);
    } else {
        object[b.key] = parse_json(b.to).value();
    }
    return boost::json::serialize(value);
}

}  // namespace hailong::survey
