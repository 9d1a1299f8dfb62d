#include "sync/protocol/inbox.h"

#include "survey/crypto/digest.h"

namespace hailong::sync {
namespace {

namespace json = boost::json;

std::string place_of_member(const std::string& place, std::string_view key) {
    return place.empty() ? std::string(key) : place + "." + std::string(key);
}

/// The place of the first value that is one; empty when there is none. `levels`: from this value inwards.
template <class IsOne>
std::string find(const json::value& value, const std::string& place, std::size_t levels, const IsOne& is_one) {
    if (is_one(value, levels)) return place.empty() ? "the document" : place;
    std::string found;
    if (const json::object* object = value.if_object()) {
        for (const json::key_value_pair& member : *object) {
            found = find(member.value(), place_of_member(place, member.key()), levels + 1, is_one);
            if (!found.empty()) return found;
        }
    }
    if (const json::array* list = value.if_array()) {
        for (std::size_t i = 0; i < list->size(); ++i) {
            found = find((*list)[i], survey::place_of_entry(place, i), levels + 1, is_one);
            if (!found.empty()) return found;
        }
    }
    return found;
}

}  // namespace

survey::Faults document_faults(std::string_view text) {
    const auto value = survey::parse_json(text);
    if (!value) return value.error();
    survey::Faults faults;
    const std::string number = find(*value, {}, 0, [](const json::value& one, std::size_t) { return one.is_double(); });
    if (!number.empty()) {
        faults.push_back({number,
                          "is a number with a fraction or an exponent, or beyond 64 bits, which terminals can't "
                          "be relied on to read",
                          "write a whole number, or text in quotation marks"});
    }
    const std::string deep = find(*value, {}, 0, [](const json::value& one, std::size_t levels) {
        return levels >= kDocumentDepthMax && (one.is_object() || one.is_array());
    });
    if (!deep.empty()) {
        faults.push_back(
            {deep, "is nested deeper than the " + std::to_string(kDocumentDepthMax) + " levels that terminals read",
             "write it flatter"});
    }
    return faults;
}

std::string inbox_text(const survey::KioskId& kiosk, std::string_view etag, std::int64_t stored_seq,
                       std::string_view body) {
    std::string text = "hailong-inbox-1\n" + kiosk.text + '\n';
    text.append(etag).append("\n").append(std::to_string(stored_seq)).append("\n");
    return text.append(survey::to_hex(survey::sha256(body)));
}

}  // namespace hailong::sync
