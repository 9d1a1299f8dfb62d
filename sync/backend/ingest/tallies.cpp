#include "sync/backend/ingest/tallies.h"

namespace hailong::sync {
void count(const survey::Response& response, const survey::Questionnaire& questionnaire,
           const survey::ResolvedTime& time, survey::TallySheet& sheet) {
    survey::TallyKey key;
    key.questionnaire = questionnaire.ref;
    key.flagged = !response.flags.empty();
    const survey::Date day = survey::local_date(time.counted_at);
    const auto add_to = [&](survey::Grain grain, survey::Date date) {
        key.grain = grain;
        key.date = date;
        survey::Tally& tally = sheet[key];
        survey::add(tally, key.subject.kind, response, questionnaire);
        if (time.trust == survey::TimeTrust::corrected) tally.corrected += 1;
        if (time.trust == survey::TimeTrust::doubtful) tally.doubtful += 1;
    };
    for (survey::Subject& subject : survey::subjects_of(response, questionnaire)) {
        // Only the terminal counts these apart: no figure here is made of them, and a store that was filled before they
        // were counted must still verify.
        if (subject.kind == survey::SubjectKind::began) continue;
        key.subject = std::move(subject);
        add_to(survey::Grain::day, day);
        if (key.subject.kind == survey::SubjectKind::officer) add_to(survey::Grain::month, survey::month_of(day));
    }
}

StoreResult<void> write_tallies(const CenterSheets& sheets, Transaction& transaction) {
    return sheets.empty() ? StoreResult<void>() : transaction.tallies().add(sheets);
}

}  // namespace hailong::sync
