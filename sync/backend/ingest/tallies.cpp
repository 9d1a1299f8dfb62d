#include "sync/backend/ingest/tallies.h"

#include <algorithm>
#include <vector>

namespace hailong::sync {
namespace {

constexpr std::chrono::minutes kCommitTakesAtMost{1};

}  // namespace

void count(const survey::Response& response, const survey::Questionnaire& questionnaire,
           const survey::ResolvedTime& time, survey::TallySheet& sheet) {
    survey::TallyKey key;
    key.date = survey::local_date(time.counted_at);
    key.questionnaire = questionnaire.ref;
    key.flagged = !response.flags.empty();
    for (survey::Contribution& part : survey::contributions(response, questionnaire)) {
        // Only the terminal counts these apart: no figure here is made of them, and a store that was filled before they
        // were counted must still verify.
        if (part.subject.kind == survey::SubjectKind::began) continue;
        key.subject = std::move(part.subject);
        if (time.trust == survey::TimeTrust::corrected) part.tally.corrected = 1;
        if (time.trust == survey::TimeTrust::doubtful) part.tally.doubtful = 1;
        sheet[key] += part.tally;
        if (key.subject.kind != survey::SubjectKind::officer) continue;
        survey::TallyKey month = key;
        month.grain = survey::Grain::month;
        month.date = survey::month_of(key.date);
        sheet[std::move(month)] += part.tally;
    }
}

StoreResult<void> write_tallies(const CenterSheets& sheets, survey::UtcTime now, Transaction& transaction) {
    if (sheets.empty()) return {};
    const survey::Date today = survey::local_date(now + kCommitTakesAtMost);
    std::vector<survey::CenterId> past_touched;
    for (const auto& [center, sheet] : sheets) {
        const bool is_past = std::any_of(sheet.begin(), sheet.end(), [&](const auto& row) {
            return row.first.grain == survey::Grain::day && row.first.date < today;
        });
        if (is_past) past_touched.push_back(center);
    }
    return transaction.tallies().add(sheets, past_touched);
}

}  // namespace hailong::sync
