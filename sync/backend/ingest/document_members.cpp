#include "sync/backend/ingest/document_members.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "survey/base/json.h"
#include "survey/base/utf8.h"

namespace hailong::sync {
namespace {

namespace json = boost::json;

/// What a member holds: another object (or a list of them) of that shape, or one of the words below.
using ShapeName = std::string_view;
constexpr ShapeName kAny = "";           // whatever it is, the parser says
constexpr ShapeName kFilled = "filled";  // text that says something
constexpr std::string_view kEveryKey = "*";
constexpr std::string_view kOwnPrefix = "x_";

struct Member {
    std::string_view key;
    ShapeName shape = kAny;
};
struct Shape {
    ShapeName name;
    std::vector<Member> members;
};

const std::vector<Shape>& shapes() {
    static const std::vector<Shape> all = {
        {"center",
         {{"format"},
          {"id"},
          {"name", "text"},
          {"parent", "text"},
          {"questionnaire"},
          {"feedback"},
          {"headline"},
          {"objective", "objective"},
          {"periods", "periods"},
          {"officer_n_min"},
          {"counters", "counter"},
          {"officers", "officer"},
          {"fields", "field"},
          {"procedures", "procedure"},
          {"tickets", "ticket"},
          {"actions", "action"},
          {"settings", "setting"}}},
        {"setting", {{"from"}, {"headline"}, {"objective", "objective"}, {"periods", "periods"}, {"officer_n_min"}}},
        {"text", {{"vi", kFilled}, {"en", kFilled}}},
        {"objective", {{"more_than_percent"}}},
        {"periods", {{"cut_off_day"}}},
        {"counter", {{"id"}, {"name", "text"}, {"short_name", "text"}, {"number"}, {"active"}}},
        {"officer", {{"id"}, {"name", kFilled}, {"post", "text"}, {"counter"}, {"portrait"}, {"active"}}},
        {"field", {{"id"}, {"name", "text"}, {"active"}}},
        {"procedure", {{"id"}, {"code"}, {"name", "text"}, {"field"}, {"counter"}, {"active"}}},
        {"ticket", {{"prefix"}, {"counter"}, {"procedure"}}},
        {"action", {{"said", "text"}, {"done", "text"}, {"on"}}},
        {"questionnaire",
         {{"format"},
          {"id"},
          {"version"},
          {"name", "text"},
          {"basis"},
          {"effective_from"},
          {"effective_to"},
          {"factors", "factor"},
          {"scales", "scales"},
          {"items", "item"}}},
        {"factor", {{"id"}, {"name", "text"}}},
        {"scales", {{kEveryKey, "option"}}},
        {"item",
         {{"id"},
          {"type"},
          {"about"},
          {"text", "text"},
          {"hint", "text"},
          {"required"},
          {"options", "option"},
          {"scale"},
          {"show_if", "condition"},
          {"required_if", "condition"},
          {"choices_max"},
          {"chars_max"},
          {"pattern"},
          {"sensitive"},
          {"personal_data"},
          {"role"},
          {"index"},
          {"feeds_index"},
          {"factor"}}},
        {"option",
         {{"value"},
          {"label", "text"},
          {"level"},
          {"points"},
          {"satisfied"},
          {"excluded"},
          {"icon"},
          {"opens"},
          {"opens_items"},
          {"message", "text"},
          {"route"},
          {"alert"}}},
        {"condition", {{"item"}, {"op"}, {"value"}}},
    };
    return all;
}

const Shape* find_shape(ShapeName name) {
    const auto found =
        std::find_if(shapes().begin(), shapes().end(), [&](const Shape& one) { return one.name == name; });
    return found == shapes().end() ? nullptr : &*found;
}

/// How many letters must be added, dropped, changed to make one of the other (Levenshtein 1966).
std::size_t distance(std::string_view left, std::string_view right) {
    std::vector<std::size_t> row(right.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < left.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < right.size(); ++j) {
            const std::size_t changed = diagonal + (left[i] == right[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({changed, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

/// Longest unknown key that is compared and said back, in bytes.
constexpr std::size_t kKeyBytesMax = 60;

std::string remedy_for(std::string_view key, const Shape& shape) {
    constexpr std::size_t kTypingErrors = 2;
    const auto nearest = std::min_element(
        shape.members.begin(), shape.members.end(),
        [&](const Member& left, const Member& right) { return distance(key, left.key) < distance(key, right.key); });
    if (distance(key, nearest->key) <= kTypingErrors && nearest->key.size() > kTypingErrors) {
        return "write \"" + std::string(nearest->key) + "\"";
    }
    std::string known;
    for (const Member& member : shape.members)
        known += (known.empty() ? "" : ", ") + std::string(member.key);
    return "remove it, or write one of: " + known;
}

bool is_blank(std::string_view text) {
    const std::u32string letters = survey::characters_of(text);
    return std::all_of(letters.begin(), letters.end(), [](char32_t letter) {
        return letter <= U' ' || letter == 0xa0 || letter == 0x3000 || (letter >= 0x2000 && letter <= 0x200f);
    });
}

void check(const json::value& value, ShapeName name, const std::string& place, survey::Faults& faults) {
    if (name == kAny) return;
    if (name == kFilled) {
        const json::string* text = value.if_string();
        if (text != nullptr && is_blank(std::string_view(*text)))
            faults.push_back({place, "is empty", "write the text"});
        return;
    }
    if (const json::array* list = value.if_array()) {
        for (std::size_t i = 0; i < list->size(); ++i)
            check((*list)[i], name, survey::place_of_entry(place, i), faults);
        return;
    }
    const json::object* object = value.if_object();
    const Shape* shape = find_shape(name);
    if (object == nullptr || shape == nullptr) return;
    for (const json::key_value_pair& member : *object) {
        const std::string_view key = survey::shortened(std::string_view(member.key()), kKeyBytesMax);
        const std::string own = place.empty() ? std::string(key) : place + "." + std::string(key);
        const auto known = std::find_if(shape->members.begin(), shape->members.end(), [&](const Member& one) {
            return one.key == std::string_view(member.key()) || one.key == kEveryKey;
        });
        if (known != shape->members.end()) {
            check(member.value(), known->shape, own, faults);
        } else if (!key.starts_with(kOwnPrefix)) {
            faults.push_back({own, "is not a known member", remedy_for(key, *shape)});
        }
    }
}

}  // namespace

survey::Faults member_faults(const json::value& document, DocumentKind kind) {
    survey::Faults faults;
    check(document, kind == DocumentKind::center ? "center" : "questionnaire", {}, faults);
    return faults;
}

}  // namespace hailong::sync
