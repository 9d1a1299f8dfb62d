#include "survey/tally_sheet.h"

#include <utility>

namespace hailong::survey {
namespace {

TallySheet rows_of(std::vector<Contribution> parts, const Response& response, Date day) {
    TallySheet rows;
    for (Contribution& part : parts) {
        TallyKey key{Grain::day, day, response.questionnaire, std::move(part.subject), !response.flags.empty()};
        if (key.subject.kind == SubjectKind::officer) rows.emplace(month_key(key), part.tally);
        rows.emplace(std::move(key), std::move(part.tally));
    }
    return rows;
}

}  // namespace

void add(TallySheet& sheet, const TallySheet& more) {
    for (const auto& [key, tally] : more)
        sheet[key] += tally;
}

Date month_of(Date day) {
    return day.year() / day.month() / std::chrono::day{1};
}

TallyKey month_key(TallyKey day) {
    day.grain = Grain::month;
    day.date = month_of(day.date);
    return day;
}

TallySheet tally_rows(const Response& response, const Questionnaire& questionnaire, Date day) {
    return rows_of(contributions(response, questionnaire), response, day);
}

TallySheet tally_rows(const Response& response, const OfficerItems& about_officer, Date day) {
    return rows_of(contributions(response, about_officer), response, day);
}

}  // namespace hailong::survey
