#include "survey/base/json.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <utility>

#include "survey/base/check.h"
#include "survey/base/ids.h"

namespace hailong::survey {
namespace {

namespace json = boost::json;

bool is_escaped(char c) {
    return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
}

void append_escaped(char c, std::string& out) {
    static constexpr char kDigits[] = "0123456789abcdef";
    switch (c) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\b':
            out += "\\b";
            break;
        case '\f':
            out += "\\f";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        default:
            out += "\\u00";
            out += kDigits[static_cast<unsigned char>(c) >> 4u];
            out += kDigits[static_cast<unsigned char>(c) & 0x0fu];
    }
}

/// In whole runs: nearly everything that is written has nothing to escape.
void append_json_text(std::string_view text, std::string& out) {
    out += '"';
    while (!text.empty()) {
        const auto next = std::find_if(text.begin(), text.end(), is_escaped);
        const auto plain = static_cast<std::size_t>(next - text.begin());
        out.append(text.substr(0, plain));
        if (next == text.end()) break;
        append_escaped(*next, out);
        text.remove_prefix(plain + 1);
    }
    out += '"';
}

void write(const json::value& value, std::string& out) {
    switch (value.kind()) {
        case json::kind::null:
            out += "null";
            break;
        case json::kind::bool_:
            out += value.get_bool() ? "true" : "false";
            break;
        case json::kind::int64:
            out += std::to_string(value.get_int64());
            break;
        case json::kind::uint64:
            out += std::to_string(value.get_uint64());
            break;
        case json::kind::double_:
            check(false, "our formats hold no fractions");
            break;
        case json::kind::string:
            append_json_text(value.get_string(), out);
            break;
        case json::kind::array: {
            out += '[';
            bool first = true;
            for (const json::value& element : value.get_array()) {
                if (!first) out += ',';
                first = false;
                write(element, out);
            }
            out += ']';
            break;
        }
        case json::kind::object: {
            std::vector<const json::key_value_pair*> members;
            members.reserve(value.get_object().size());
            for (const json::key_value_pair& member : value.get_object())
                members.push_back(&member);
            std::sort(members.begin(), members.end(), [](const auto* a, const auto* b) { return a->key() < b->key(); });
            out += '{';
            bool first = true;
            for (const json::key_value_pair* member : members) {
                if (!first) out += ',';
                first = false;
                append_json_text(member->key(), out);
                out += ':';
                write(member->value(), out);
            }
            out += '}';
            break;
        }
    }
}

/// Just behind the closing quotation mark. REQUIRES: a text begins at `at`, in valid JSON.
std::size_t end_of_text(std::string_view json, std::size_t at) {
    for (++at; json[at] != '"'; ++at) {
        if (json[at] == '\\') ++at;
    }
    return at + 1;
}

/// How many members a valid text has, of all its objects.
std::size_t count_members(std::string_view json) {
    std::size_t count = 0;
    for (std::size_t at = 0; at < json.size(); ++at) {
        if (json[at] == ':') ++count;
        if (json[at] == '"') at = end_of_text(json, at) - 1;
    }
    return count;
}

/// The same of what was read, which keeps the last of two with one name.
std::size_t count_members(const json::value& value) {
    std::size_t count = 0;
    if (const json::array* list = value.if_array()) {
        for (const json::value& element : *list)
            count += count_members(element);
    } else if (const json::object* object = value.if_object()) {
        for (const json::key_value_pair& member : *object)
            count += 1 + count_members(member.value());
    }
    return count;
}

/// Of a valid text in which one is: the first that stands in its object again, as it is written there.
Fault repeated_member(std::string_view json) {
    std::vector<std::set<std::string_view>> objects;
    for (std::size_t at = 0; at < json.size(); ++at) {
        if (json[at] == '{') objects.emplace_back();
        if (json[at] == '}') objects.pop_back();
        if (json[at] != '"') continue;
        const std::size_t end = end_of_text(json, at);
        const std::string_view name = json.substr(at, end - at);
        const std::size_t behind = json.find_first_not_of(" \t\r\n", end);
        const bool is_name = behind != std::string_view::npos && json[behind] == ':';
        if (is_name && !objects.back().insert(name).second) {
            return {"byte " + std::to_string(at), std::string(name) + " stands there a second time",
                    "write each member of an object once"};
        }
        at = end - 1;
    }
    return {"", "a member stands twice in an object, once with its name escaped", "write each member once"};
}

/// Longer objects have an index of their own.
constexpr std::size_t kMembersSearched = 18;

const json::array& empty_list() {
    static const json::array list;
    return list;
}

}  // namespace

Expected<json::value, Faults> parse_json(std::string_view text, json::storage_ptr memory) {
    json::parse_options options;
    options.max_depth = kJsonDepthMax;
    json::error_code error;
    std::array<unsigned char, 4096> scratch;  // for the parser's own stack; a longer one goes to the heap
    json::parser parser({}, options, scratch.data(), scratch.size());
    parser.reset(std::move(memory));
    std::size_t at = parser.write_some(text.data(), text.size(), error);
    if (!error) {
        at = text.find_first_not_of(" \t\r\n", at);
        if (at != std::string_view::npos) error = json::error::extra_data;
    }
    if (error) {
        return unexpected(Faults{{"byte " + std::to_string(at), "not valid JSON: " + error.message(),
                                  "correct the text at that place; it must be one JSON value in UTF-8"}});
    }
    json::value value = parser.release();
    if (count_members(text) != count_members(value)) return unexpected(Faults{repeated_member(text)});
    return value;
}

std::string canonical_json(const json::value& value) {
    std::string out;
    write(value, out);
    return out;
}

bool has_canonical_text(const json::value& value) {
    if (const json::array* list = value.if_array()) return std::all_of(list->begin(), list->end(), has_canonical_text);
    if (const json::object* object = value.if_object()) {
        return std::all_of(object->begin(), object->end(),
                           [](const json::key_value_pair& member) { return has_canonical_text(member.value()); });
    }
    return !value.is_double();
}

CanonicalWriter::CanonicalWriter() {
    constexpr std::size_t kUsualBytes = 512;
    constexpr std::size_t kUsualLevels = 8;
    out_.reserve(kUsualBytes);
    levels_.reserve(kUsualLevels);
}

CanonicalWriter& CanonicalWriter::begin_object() {
    before_value();
    out_ += '{';
    levels_.push_back({true, true, {}});
    return *this;
}

CanonicalWriter& CanonicalWriter::end_object() {
    check(!levels_.empty() && levels_.back().is_object && !key_written_, "an object ends where it is open");
    levels_.pop_back();
    out_ += '}';
    return *this;
}

CanonicalWriter& CanonicalWriter::begin_list() {
    before_value();
    out_ += '[';
    levels_.push_back({false, true, {}});
    return *this;
}

CanonicalWriter& CanonicalWriter::end_list() {
    check(!levels_.empty() && !levels_.back().is_object, "a list ends where it is open");
    levels_.pop_back();
    out_ += ']';
    return *this;
}

CanonicalWriter& CanonicalWriter::key(std::string_view key) {
    check(!levels_.empty() && levels_.back().is_object && !key_written_, "a key stands in an object");
    Level& level = levels_.back();
    check(level.is_empty || level.last_key < key, "keys stand in byte order, each once");
    if (!level.is_empty) out_ += ',';
    level.is_empty = false;
    level.last_key = key;
    append_json_text(key, out_);
    out_ += ':';
    key_written_ = true;
    return *this;
}

CanonicalWriter& CanonicalWriter::text(std::string_view text) {
    before_value();
    append_json_text(text, out_);
    return *this;
}

CanonicalWriter& CanonicalWriter::integer(std::int64_t number) {
    before_value();
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out_.append(digits.data(), end);
    return *this;
}

CanonicalWriter& CanonicalWriter::boolean(bool value) {
    before_value();
    out_ += value ? "true" : "false";
    return *this;
}

std::string CanonicalWriter::take() {
    check(levels_.empty() && !key_written_, "what was begun has ended");
    return std::move(out_);
}

void CanonicalWriter::before_value() {
    if (levels_.empty()) {
        check(out_.empty(), "one value is written");
        return;
    }
    Level& level = levels_.back();
    if (level.is_object) {
        check(std::exchange(key_written_, false), "a value in an object has a key");
        return;
    }
    if (!level.is_empty) out_ += ',';
    level.is_empty = false;
}

ObjectReader::ObjectReader(const json::value& value, std::string place, Faults& faults)
    : object_(value.if_object()), place_(std::move(place)), faults_(faults) {
    if (object_ == nullptr) faults_.push_back({place_, "is not an object", "write it as {\"name\": value, ...}"});
}

std::string place_of_entry(std::string_view list, std::size_t index) {
    return std::string(list) + "[" + std::to_string(index) + "]";
}

std::string ObjectReader::place_of(std::string_view key) const {
    return place_.empty() ? std::string(key) : place_ + "." + std::string(key);
}

const json::value* ObjectReader::find(std::string_view key) const {
    if (object_ == nullptr || object_->empty()) return nullptr;
    const json::key_value_pair* const members = object_->begin();
    const std::size_t count = object_->size();
    if (count > kMembersSearched) return object_->if_contains(key);
    for (std::size_t i = 0, at = last_found_; i < count; ++i, ++at) {
        if (at == count) at = 0;
        if (std::string_view(members[at].key()) != key) continue;
        last_found_ = at;
        return &members[at].value();
    }
    return nullptr;
}

const json::value* ObjectReader::present(std::string_view key) const {
    const json::value* value = find(key);
    return value == nullptr || value->is_null() ? nullptr : value;
}

bool ObjectReader::has(std::string_view key) const {
    return present(key) != nullptr;
}

void ObjectReader::fault(std::string_view key, std::string what, std::string remedy) {
    faults_.push_back({place_of(key), std::move(what), std::move(remedy)});
}

const json::value* ObjectReader::required(std::string_view key, const char* remedy) {
    const json::value* value = present(key);
    if (value == nullptr && is_object()) fault(key, "is missing", remedy);
    return value;
}

std::string ObjectReader::text_of(const json::value* value, std::string_view key, std::string otherwise) {
    if (value == nullptr) return otherwise;
    const json::string* text = value->if_string();
    if (text == nullptr) {
        fault(key, "is not text", "write it in quotation marks");
        return otherwise;
    }
    return std::string(std::string_view(*text));
}

std::string ObjectReader::text(std::string_view key) {
    return text_of(required(key, "add it, as text"), key, {});
}

std::string ObjectReader::text_or(std::string_view key, std::string otherwise) {
    return text_of(present(key), key, std::move(otherwise));
}

std::string ObjectReader::identifier(std::string_view key) {
    const json::value* value = required(key, "add it, as text");
    std::string text = text_of(value, key, {});
    if (value != nullptr && value->is_string() && !is_identifier(text)) {
        fault(key, "\"" + text + "\" is not an identifier",
              "use 1 to " + std::to_string(kIdentifierBytesMax) + " of A-Z a-z 0-9 . _ -");
    }
    return text;
}

std::optional<std::int64_t> ObjectReader::integer_of(const json::value* value, std::string_view key, std::int64_t least,
                                                     std::int64_t most) {
    if (value == nullptr) return std::nullopt;
    const std::int64_t* number = value->if_int64();
    if (number == nullptr || *number < least || *number > most) {
        fault(key, "is not a whole number from " + std::to_string(least) + " to " + std::to_string(most),
              "write such a number, without quotation marks");
        return std::nullopt;
    }
    return *number;
}

std::int64_t ObjectReader::integer(std::string_view key, std::int64_t least, std::int64_t most) {
    return integer_of(required(key, "add it, as a whole number"), key, least, most).value_or(least);
}

std::optional<std::int64_t> ObjectReader::maybe_integer(std::string_view key, std::int64_t least, std::int64_t most) {
    return integer_of(present(key), key, least, most);
}

bool ObjectReader::boolean_or(std::string_view key, bool otherwise) {
    const json::value* value = present(key);
    if (value == nullptr) return otherwise;
    const bool* boolean = value->if_bool();
    if (boolean == nullptr) {
        fault(key, "is neither true nor false", "write true or false, without quotation marks");
        return otherwise;
    }
    return *boolean;
}

const json::array& ObjectReader::list_of(const json::value* value, std::string_view key) {
    if (value == nullptr) return empty_list();
    const json::array* list = value->if_array();
    if (list == nullptr) {
        fault(key, "is not a list", "write it as [...]");
        return empty_list();
    }
    return *list;
}

const json::array& ObjectReader::list(std::string_view key) {
    return list_of(required(key, "add it, as a list [...]"), key);
}

const json::array& ObjectReader::list_or_empty(std::string_view key) {
    return list_of(present(key), key);
}

bool is_identifier(std::string_view text) {
    if (text.empty() || text.size() > kIdentifierBytesMax) return false;
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
               c == '-';
    });
}

std::string describe(const Faults& faults, const std::string& source) {
    std::string text;
    for (const Fault& fault : faults) {
        if (!text.empty()) text += '\n';
        if (!source.empty()) text += source + ": ";
        if (!fault.place.empty()) text += fault.place + ": ";
        text += fault.what;
        if (!fault.remedy.empty()) text += "; " + fault.remedy;
    }
    return text;
}

}  // namespace hailong::survey
