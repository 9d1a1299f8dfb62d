// Reading JSON that came from outside, with every fault and its place. The only door to Boost.JSON's parser.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "survey/base/expected.h"
#include "survey/base/fault.h"

namespace hailong::survey {

/// The largest whole number that every JSON reader holds exactly: 2^53 - 1.
inline constexpr std::int64_t kJsonIntegerMax = 9'007'199'254'740'991;

/// Deepest nesting accepted, in levels: the deepest format of ours needs 6.
inline constexpr std::size_t kJsonDepthMax = 32;

/// Strict JSON (RFC 8259), UTF-8 checked, nothing after the value, no member twice in an object: of two readers one
/// would take the first, another the last. The fault's place is "byte N".
/// `memory` holds the value: the heap, or what outlives it.
[[nodiscard]] Expected<boost::json::value, Faults> parse_json(std::string_view text,
                                                              boost::json::storage_ptr memory = {});

/// Canonical text: no white space, keys in byte order, as RFC 8785 for the values we write (text, integers, booleans,
/// null, lists, objects). Numbers with a fraction are not part of any format of ours and are refused by assertion.
[[nodiscard]] std::string canonical_json(const boost::json::value& value);

/// Whether it has a canonical text: no number in it, at any depth, has a fraction or an exponent, or is beyond 64 bits.
/// To be asked before canonical_json() of what came from outside.
[[nodiscard]] bool has_canonical_text(const boost::json::value& value);

/// Writes canonical text straight away, for the formats written with every answer: far cheaper than by way of a
/// json::value. What it cannot know it is told: members in byte order of their keys, each key followed by one value.
class CanonicalWriter {
  public:
    CanonicalWriter();
    CanonicalWriter& begin_object();
    CanonicalWriter& end_object();
    CanonicalWriter& begin_list();
    CanonicalWriter& end_list();
    /// REQUIRES: after the keys of this object so far, in byte order; the text lives until the object ends.
    CanonicalWriter& key(std::string_view key);
    CanonicalWriter& text(std::string_view text);
    CanonicalWriter& integer(std::int64_t number);
    CanonicalWriter& boolean(bool value);
    /// REQUIRES: everything begun has ended.
    [[nodiscard]] std::string take();

  private:
    void before_value();

    struct Level {
        bool is_object = false;
        bool is_empty = true;
        std::string_view last_key;
    };
    std::string out_;
    std::vector<Level> levels_;
    bool key_written_ = false;
};

/// Where an entry of a list stands, for faults: "items" and 2 give "items[2]".
[[nodiscard]] std::string place_of_entry(std::string_view list, std::size_t index);

/// Reads the members of one object, notes what is missing or of the wrong kind, and goes on, so that one reading
/// finds every fault. Each getter returns a neutral value after noting a fault.
class ObjectReader {
  public:
    /// `value` and `faults` must outlive the reader. Notes a fault when `value` is not an object.
    ObjectReader(const boost::json::value& value, std::string place, Faults& faults);

    [[nodiscard]] bool is_object() const { return object_ != nullptr; }
    [[nodiscard]] const std::string& place() const { return place_; }
    [[nodiscard]] std::string place_of(std::string_view key) const;
    /// Present and not null.
    [[nodiscard]] bool has(std::string_view key) const;
    /// Null when absent; no fault is noted.
    [[nodiscard]] const boost::json::value* find(std::string_view key) const;

    // Required members.
    [[nodiscard]] std::string text(std::string_view key);
    [[nodiscard]] std::string identifier(std::string_view key);
    [[nodiscard]] std::int64_t integer(std::string_view key, std::int64_t least, std::int64_t most);
    [[nodiscard]] const boost::json::array& list(std::string_view key);

    // Members that may be absent or null; a value of the wrong kind is still a fault.
    [[nodiscard]] std::string text_or(std::string_view key, std::string otherwise);
    [[nodiscard]] bool boolean_or(std::string_view key, bool otherwise);
    [[nodiscard]] std::optional<std::int64_t> maybe_integer(std::string_view key, std::int64_t least,
                                                            std::int64_t most);
    [[nodiscard]] const boost::json::array& list_or_empty(std::string_view key);

    void fault(std::string_view key, std::string what, std::string remedy);

  private:
    // Null when absent or null; required() notes that as a fault.
    [[nodiscard]] const boost::json::value* present(std::string_view key) const;
    [[nodiscard]] const boost::json::value* required(std::string_view key, const char* remedy);
    // What `value` holds; a neutral one when it is null, or after noting that it is of the wrong kind.
    [[nodiscard]] std::string text_of(const boost::json::value* value, std::string_view key, std::string otherwise);
    [[nodiscard]] std::optional<std::int64_t> integer_of(const boost::json::value* value, std::string_view key,
                                                         std::int64_t least, std::int64_t most);
    [[nodiscard]] const boost::json::array& list_of(const boost::json::value* value, std::string_view key);

    const boost::json::object* object_ = nullptr;
    mutable std::size_t last_found_ = 0;  // members are mostly asked for in the order they stand
    std::string place_;
    Faults& faults_;
};

}  // namespace hailong::survey
