#include "sync/backend/figures/period_names.h"

#include <array>

namespace hailong::sync {

std::string period_name(const survey::Period& period, const survey::Messages& messages, survey::Language language) {
    static constexpr std::array kRoman = {"I", "II", "III", "IV"};
    const std::string year = std::to_string(period.year);
    const std::string number = std::to_string(period.number);
    switch (period.kind) {
        case survey::PeriodKind::day:
            return messages.format("period.day", {{"date", survey::format_date(period.first, language)}});
        case survey::PeriodKind::month:
            return messages.format("period.month", {{"month", messages.at("month." + number)}, {"year", year}});
        case survey::PeriodKind::quarter:
            return messages.format("period.quarter", {{"roman", kRoman.at(static_cast<std::size_t>(period.number - 1))},
                                                      {"number", number},
                                                      {"year", year}});
        case survey::PeriodKind::half_year:
            return messages.format("period.half_year." + number, {{"year", year}});
        case survey::PeriodKind::year:
            return messages.format("period.year", {{"year", year}});
    }
    return {};
}

}  // namespace hailong::sync
