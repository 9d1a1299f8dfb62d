#include "survey/base/messages.h"

#include <array>

#include "survey/base/json.h"

namespace hailong::survey {
namespace {

std::string grouped(std::int64_t count, char separator) {
    std::string digits = std::to_string(count);
    const std::size_t first = count < 0 ? 1 : 0;
    for (std::size_t at = digits.size(); at > first + 3;) {
        at -= 3;
        digits.insert(at, 1, separator);
    }
    return digits;
}

}  // namespace

std::string_view code(Language language) {
    return language == Language::vi ? "vi" : "en";
}

std::optional<Language> parse_language(std::string_view text) {
    for (const Language language : kLanguages) {
        if (code(language) == text) return language;
    }
    return std::nullopt;
}

LocalizedText read_localized(ObjectReader& parent, std::string_view key, Faults& faults) {
    if (!parent.has(key)) {
        parent.fault(key, "is missing", "add it, as {\"vi\": \"...\", \"en\": \"...\"}");
        return {};
    }
    ObjectReader reader(*parent.find(key), parent.place_of(key), faults);
    return {reader.text("vi"), reader.text("en")};
}

std::string_view Messages::at(std::string_view key) const {
    const auto found = texts_.find(key);
    return found == texts_.end() ? key : std::string_view(found->second);
}

std::string Messages::format(std::string_view key, std::initializer_list<Argument> arguments) const {
    const std::string_view message = at(key);
    std::string text;
    std::size_t at = 0;
    while (at < message.size()) {
        const std::size_t open = message.find('{', at);
        const std::size_t close = open == std::string_view::npos ? open : message.find('}', open);
        if (close == std::string_view::npos) break;
        text += message.substr(at, open - at);
        const std::string_view name = message.substr(open + 1, close - open - 1);
        std::string_view value = message.substr(open, close - open + 1);
        for (const Argument& argument : arguments) {
            if (argument.first == name) value = argument.second;
        }
        text += value;
        at = close + 1;
    }
    text += message.substr(at);
    return text;
}

Expected<Messages, Faults> parse_messages(std::string_view json) {
    const auto value = parse_json(json);
    if (!value) return unexpected(value.error());
    Faults faults;
    ObjectReader reader(*value, {}, faults);
    std::map<std::string, std::string, std::less<>> texts;
    if (reader.is_object()) {
        for (const auto& member : value->get_object())
            texts[std::string(member.key())] = reader.text(member.key());
    }
    if (!faults.empty()) return unexpected(std::move(faults));
    return Messages(std::move(texts));
}

std::string format_count(std::int64_t count, Language language) {
    return grouped(count, language == Language::vi ? '.' : ',');
}

std::string format_tenths(std::int64_t tenths, Language language) {
    const char* const point = language == Language::vi ? "," : ".";
    return grouped(tenths / 10, language == Language::vi ? '.' : ',') + point + std::to_string(tenths % 10);
}

std::string format_date(std::chrono::year_month_day date, Language language) {
    static constexpr std::array kMonths = {"January", "February", "March",     "April",   "May",      "June",
                                           "July",    "August",   "September", "October", "November", "December"};
    const auto day = static_cast<unsigned>(date.day());
    const auto month = static_cast<unsigned>(date.month());
    const std::string year = std::to_string(static_cast<int>(date.year()));
    if (language == Language::en) return std::to_string(day) + " " + kMonths[month - 1] + " " + year;
    const auto padded = [](unsigned number) { return (number < 10 ? "0" : "") + std::to_string(number); };
    return padded(day) + "/" + padded(month) + "/" + year;
}

}  // namespace hailong::survey
