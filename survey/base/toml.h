// Reading a configuration in TOML, with every fault, its line and its place. The only door to toml++; a target of its
// own (hailong_toml), so that what is pure cannot link it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>

#include "survey/base/expected.h"
#include "survey/base/fault.h"

namespace hailong::survey {

struct TomlTable;

/// What stands behind a key. Empty: a kind that no setting of ours has (a date, a number with a fraction, a list).
struct TomlValue {
    std::variant<std::monostate, bool, std::int64_t, std::string, std::shared_ptr<const TomlTable>> value;
    int line = 0;
};
struct TomlTable {
    std::map<std::string, TomlValue, std::less<>> values;
};

/// The fault's place is "line N".
[[nodiscard]] Expected<TomlTable, Faults> parse_toml(std::string_view text);

/// Reads the settings of one table, notes what is missing or of the wrong kind, and goes on, so that one reading finds
/// every fault. Each getter returns a neutral value, or `otherwise`, after noting a fault. A fault's place is the key
/// with the names of the tables around it, and its line first where it has one: "line 7: window.width".
class TomlReader {
  public:
    /// `table` and `faults` must outlive the reader. `place` stands before each key: "window.".
    TomlReader(const TomlTable& table, std::string place, Faults& faults);

    [[nodiscard]] bool has(std::string_view key) const;
    /// May be missing or empty.
    [[nodiscard]] std::string text(std::string_view key);
    /// May be missing, not empty.
    [[nodiscard]] std::string filled_text(std::string_view key);
    /// `remedy`: what to do where it is missing.
    [[nodiscard]] std::string required_text(std::string_view key, std::string remedy);
    /// `unit`: what the fault asks for ("in seconds").
    [[nodiscard]] std::int64_t integer(std::string_view key, std::int64_t otherwise, std::int64_t least,
                                       std::int64_t most, std::string_view unit = {});
    [[nodiscard]] bool boolean(std::string_view key, bool otherwise);
    /// Null where it is missing.
    [[nodiscard]] const TomlTable* table(std::string_view key);

    /// Notes every key that was not asked for: most often a typing error.
    void refuse_unknown();
    void fault(std::string_view key, std::string what, std::string remedy);

  private:
    [[nodiscard]] const TomlValue* find(std::string_view key);

    const TomlTable& table_;
    std::string place_;
    Faults& faults_;
    std::set<std::string, std::less<>> asked_;
};

}  // namespace hailong::survey
