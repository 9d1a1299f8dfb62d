#include "survey/base/time.h"

#include <cstdint>
#include <cstdlib>

#include "survey/base/check.h"

namespace hailong::survey {
namespace {

std::string two_digits(std::int64_t number) {
    std::string text = std::to_string(number);
    return text.size() < 2 ? "0" + text : text;
}

}  // namespace

Date local_date(UtcTime time, std::chrono::minutes offset) {
    return Date{std::chrono::floor<std::chrono::days>(time + offset)};
}

UtcTime start_of_day(Date date, std::chrono::minutes offset) {
    check(date.ok(), "a day that exists");
    return UtcTime{std::chrono::sys_days{date}} - offset;
}

bool is_in_range(Date date) {
    return date.ok() && date.year() >= std::chrono::year{1970} && date.year() <= std::chrono::year{9999};
}

std::string to_string(Date date) {
    check(date.ok(), "a day that exists");
    std::string year = std::to_string(static_cast<int>(date.year()));
    while (year.size() < 4)
        year.insert(0, 1, '0');
    return year + "-" + two_digits(static_cast<unsigned>(date.month())) + "-" +
           two_digits(static_cast<unsigned>(date.day()));
}

std::optional<Date> parse_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    int parts[3] = {0, 0, 0};
    const std::size_t starts[3] = {0, 5, 8};
    const std::size_t sizes[3] = {4, 2, 2};
    for (std::size_t part = 0; part < 3; ++part) {
        for (const char digit : text.substr(starts[part], sizes[part])) {
            if (digit < '0' || digit > '9') return std::nullopt;
            parts[part] = parts[part] * 10 + (digit - '0');
        }
    }
    const Date date{std::chrono::year{parts[0]}, std::chrono::month{static_cast<unsigned>(parts[1])},
                    std::chrono::day{static_cast<unsigned>(parts[2])}};
    if (!is_in_range(date)) return std::nullopt;
    return date;
}

std::string to_rfc3339(UtcTime time, std::chrono::minutes offset) {
    const UtcTime local = time + offset;
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const std::chrono::hh_mm_ss clock{local - day};
    std::string millis = std::to_string(clock.subseconds().count());
    millis.insert(0, 3 - millis.size(), '0');
    const std::int64_t minutes = std::abs(offset.count());
    return to_string(Date{day}) + "T" + two_digits(clock.hours().count()) + ":" + two_digits(clock.minutes().count()) +
           ":" + two_digits(clock.seconds().count()) + "." + millis + (offset.count() < 0 ? "-" : "+") +
           two_digits(minutes / 60) + ":" + two_digits(minutes % 60);
}

}  // namespace hailong::survey
