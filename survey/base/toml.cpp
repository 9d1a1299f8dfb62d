#include "survey/base/toml.h"

#include <utility>

#include <toml++/toml.h>

namespace hailong::survey {
namespace {

TomlTable table_of(const toml::table& table);

TomlValue value_of(const toml::node& node) {
    TomlValue found;
    found.line = static_cast<int>(node.source().begin.line);
    if (const auto flag = node.value_exact<bool>()) {
        found.value = *flag;
    } else if (const auto integer = node.value_exact<std::int64_t>()) {
        found.value = *integer;
    } else if (auto text = node.value_exact<std::string>()) {
        found.value = std::move(*text);
    } else if (const toml::table* table = node.as_table()) {
        found.value = std::make_shared<const TomlTable>(table_of(*table));
    }
    return found;
}

TomlTable table_of(const toml::table& table) {
    TomlTable found;
    for (const auto& [key, node] : table)
        found.values.emplace(std::string(key.str()), value_of(node));
    return found;
}

}  // namespace

Expected<TomlTable, Faults> parse_toml(std::string_view text) {
    try {
        return table_of(toml::parse(text));
    } catch (const toml::parse_error& error) {
        return unexpected(Faults{{"line " + std::to_string(error.source().begin.line), std::string(error.description()),
                                  "correct the line; the file is TOML"}});
    } catch (const std::exception& error) {
        return unexpected(Faults{{"", error.what(), "correct the file; it is TOML"}});
    }
}

TomlReader::TomlReader(const TomlTable& table, std::string place, Faults& faults)
    : table_(table), place_(std::move(place)), faults_(faults) {}

bool TomlReader::has(std::string_view key) const {
    return table_.values.find(key) != table_.values.end();
}

const TomlValue* TomlReader::find(std::string_view key) {
    asked_.emplace(key);
    const auto found = table_.values.find(key);
    return found == table_.values.end() ? nullptr : &found->second;
}

std::string TomlReader::text(std::string_view key) {
    const TomlValue* found = find(key);
    if (found == nullptr) return {};
    const auto* text = std::get_if<std::string>(&found->value);
    if (text == nullptr) fault(key, "is not text", "write it in quotation marks");
    return text == nullptr ? std::string() : *text;
}

std::string TomlReader::filled_text(std::string_view key) {
    const TomlValue* found = find(key);
    std::string filled = text(key);
    const bool is_text = found != nullptr && std::holds_alternative<std::string>(found->value);
    if (is_text && filled.empty()) fault(key, "is empty", "fill it in, or remove the line");
    return filled;
}

std::string TomlReader::required_text(std::string_view key, std::string remedy) {
    if (!has(key)) fault(key, "is missing", std::move(remedy));
    return filled_text(key);
}

std::int64_t TomlReader::integer(std::string_view key, std::int64_t otherwise, std::int64_t least, std::int64_t most,
                                 std::string_view unit) {
    const TomlValue* found = find(key);
    if (found == nullptr) return otherwise;
    const auto* integer = std::get_if<std::int64_t>(&found->value);
    if (integer != nullptr && *integer >= least && *integer <= most) return *integer;
    fault(key, "is not a whole number from " + std::to_string(least) + " to " + std::to_string(most),
          "write such a number" + (unit.empty() ? "" : ", " + std::string(unit)));
    return otherwise;
}

bool TomlReader::boolean(std::string_view key, bool otherwise) {
    const TomlValue* found = find(key);
    if (found == nullptr) return otherwise;
    const auto* flag = std::get_if<bool>(&found->value);
    if (flag == nullptr) fault(key, "is neither true nor false", "write true or false");
    return flag == nullptr ? otherwise : *flag;
}

const TomlTable* TomlReader::table(std::string_view key) {
    const TomlValue* found = find(key);
    if (found == nullptr) return nullptr;
    const auto* table = std::get_if<std::shared_ptr<const TomlTable>>(&found->value);
    if (table == nullptr) fault(key, "is not a table", "write [" + std::string(key) + "]");
    return table == nullptr ? nullptr : table->get();
}

void TomlReader::refuse_unknown() {
    for (const auto& [key, value] : table_.values) {
        if (asked_.find(key) == asked_.end()) fault(key, "is not a known key", "correct its name or remove it");
    }
}

void TomlReader::fault(std::string_view key, std::string what, std::string remedy) {
    const auto found = table_.values.find(key);
    const std::string line = found == table_.values.end() ? "" : "line " + std::to_string(found->second.line) + ": ";
    faults_.push_back({line + place_ + std::string(key), std::move(what), std::move(remedy)});
}

}  // namespace hailong::survey
