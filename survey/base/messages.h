// Messages of the interface in the languages the product speaks; keys in code, texts in assets/i18n.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "survey/base/expected.h"
#include "survey/base/fault.h"

namespace hailong::survey {

class ObjectReader;

enum class Language { vi, en };
inline constexpr Language kLanguages[] = {Language::vi, Language::en};

/// "vi" or "en".
[[nodiscard]] std::string_view code(Language language);
[[nodiscard]] std::optional<Language> parse_language(std::string_view code);

/// One text in each language.
struct LocalizedText {
    std::string vi;
    std::string en;
    [[nodiscard]] const std::string& in(Language language) const { return language == Language::vi ? vi : en; }
    [[nodiscard]] bool empty() const { return vi.empty() && en.empty(); }
    bool operator==(const LocalizedText&) const = default;
};

/// The member `key`, required: {"vi": "...", "en": "..."}.
[[nodiscard]] LocalizedText read_localized(ObjectReader& parent, std::string_view key, Faults& faults);

/// The texts of one language: flat keys ("thanks.title") to messages with {placeholders}.
class Messages {
  public:
    using Argument = std::pair<std::string_view, std::string_view>;

    Messages() = default;
    explicit Messages(std::map<std::string, std::string, std::less<>> texts) : texts_(std::move(texts)) {}

    /// The message for `key`, or the key itself when it is missing (a test makes sure that none is).
    [[nodiscard]] std::string_view at(std::string_view key) const;
    /// The message with each {name} replaced by its argument. A placeholder without argument stays as it is.
    [[nodiscard]] std::string format(std::string_view key, std::initializer_list<Argument> arguments) const;
    [[nodiscard]] const std::map<std::string, std::string, std::less<>>& all() const { return texts_; }

  private:
    std::map<std::string, std::string, std::less<>> texts_;
};

/// From a JSON object of texts. Anything but text as a value is a fault.
[[nodiscard]] Expected<Messages, Faults> parse_messages(std::string_view json);

/// A whole number with thousands separated as the language does: vi "12.345", en "12,345".
[[nodiscard]] std::string format_count(std::int64_t count, Language language);
/// Tenths of a percent with one decimal: 905 -> vi "90,5", en "90.5". No percent sign.
[[nodiscard]] std::string format_tenths(std::int64_t tenths, Language language);
/// vi "22/11/2026", en "22 November 2026".
[[nodiscard]] std::string format_date(std::chrono::year_month_day date, Language language);

}  // namespace hailong::survey
