#include "kiosk/recovery/rebuild.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "kiosk/journal/record_rows.h"
#include "kiosk/journal/state_rows.h"
#include "kiosk/journal/tally_rows.h"
#include "survey/record.h"

namespace hailong::kiosk {
namespace {

using survey::OfficerItems;
using survey::TallySheet;
using survey::sqlite::Connection;
using survey::sqlite::Damage;

constexpr std::string_view kQuestionnairePrefix = "questionnaire/";

survey::Record record_of(const Recovered& found, std::int64_t seq) {
    auto record = survey::decode(found.records.at(seq).bytes);
    if (!record) throw Damage("a record that was read can't be read again");
    return std::move(*record);
}

void fill_numbering(Connection& file, const survey::KioskId& kiosk, const Recovered& found, const Renumbering& plan) {
    put_base(file, plan.base);
    const auto put = [&](std::int64_t old_seq, const JournalEntry& entry) {
        put_record(file, entry, found.records.at(old_seq).id);
        for (auto text = found.texts.lower_bound({old_seq, {}});
             text != found.texts.end() && text->first.first == old_seq; ++text)
            put_text(file, entry.seq, survey::ItemId{text->first.second}, text->second);
    };
    // In order of number, because a record takes the next one.
    auto skip = plan.skips.begin();
    for (const std::int64_t seq : plan.kept) {
        for (; skip != plan.skips.end() && skip->first_seq < seq; ++skip)
            put_skip(file, *skip);
        const FoundRecord& record = found.records.at(seq);
        put(seq, {seq, record.hash, record.bytes});
    }
    for (; skip != plan.skips.end(); ++skip)
        put_skip(file, *skip);
    for (const std::int64_t seq : plan.moved) {
        const ChainHead last = read_head(file);
        const std::int64_t moved_to = next_seq(last);
        JournalEntry entry{moved_to, {}, survey::encode({kiosk, moved_to, record_of(found, seq).response})};
        entry.hash = survey::chain(last.hash, entry.bytes);
        put(seq, entry);
    }
}

/// What the questionnaires say that came down, and what the officers' own rows tell.
std::map<survey::QuestionnaireRef, OfficerItems> known_officer_items(const Recovered& found) {
    std::map<survey::QuestionnaireRef, OfficerItems> known;
    for (const Document& document : found.documents) {
        if (!document.name.starts_with(kQuestionnairePrefix)) continue;
        const auto form = survey::parse_questionnaire(document.body);
        if (form) known[form->ref].merge(survey::officer_items(*form));
    }
    for (const auto& [key, tally] : found.tallies) {
        if (key.subject.kind != survey::SubjectKind::officer) continue;
        for (const auto& [item, options] : tally.items)
            known[key.questionnaire].insert(item);
    }
    return known;
}

using SheetsByGroup = std::map<ResponseGroup, TallySheet>;

/// The rows that the records give which are here, but the sums of days, and how many responses they are.
std::pair<SheetsByGroup, ResponseCounts> recount(const Recovered& found, const Renumbering& plan) {
    const auto about_officers = known_officer_items(found);
    SheetsByGroup sheets;
    ResponseCounts counts;
    for (const auto* seqs : {&plan.kept, &plan.moved}) {
        for (const std::int64_t seq : *seqs) {
            const survey::Response response = record_of(found, seq).response;
            counts[group_of(response)] += 1;
            const auto items = about_officers.find(response.questionnaire);
            const auto rows = survey::tally_rows(
                response, items == about_officers.end() ? OfficerItems{} : items->second, survey::local_day(response));
            for (const auto& [key, tally] : kept_rows(rows)) {
                if (!is_sum_of_days(key)) sheets[group_of(key)][key] += tally;
            }
        }
    }
    return {std::move(sheets), std::move(counts)};
}

/// Whether the damage took records that the tallies may still count.
bool has_lost_records(const Recovered& found, const Renumbering& plan) {
    if (plan.base.seq > found.base.value_or(ChainHead{}).seq) return true;
    return std::any_of(plan.skips.begin(), plan.skips.end(), [&](const Skip& skip) {
        const auto same = std::find(found.skips.begin(), found.skips.end(), skip);
        return skip.reason == SkipReason::damaged && same == found.skips.end();
    });
}

/// A day whose responses are all here is counted anew from them; where some were pruned or lost, what was counted stays
/// as far as it can be read. So with the officers' months. All other months are the sums of their days.
void fill_tallies(Connection& file, const Recovered& found, const Renumbering& plan) {
    auto [sheets, here] = recount(found, plan);
    SheetsByGroup counted;
    for (const auto& [key, tally] : found.tallies)
        counted[group_of(key)].emplace(key, tally);
    const bool lost = has_lost_records(found, plan);
    std::set<ResponseGroup> to_keep;
    for (const auto& [group, rows] : counted) {
        const auto visits = rows.find({group.grain, group.date, group.questionnaire, {}, group.flagged});
        if (group.grain != survey::Grain::day || visits == rows.end()) continue;
        if (!lost && found.without_record && found.without_record->count(group) == 0) continue;
        const std::int64_t without_record = visits->second.responses - here[group];
        if (without_record <= 0) continue;
        const survey::Date month = survey::month_of(group.date);
        to_keep.insert({group, {survey::Grain::month, month, group.questionnaire, group.flagged}});
        add_without_record(file, group, without_record);
    }
    for (const ResponseGroup& group : to_keep) {
        TallySheet kept = std::move(counted[group]);
        kept.merge(sheets[group]);
        sheets[group] = std::move(kept);
    }
    TallyCache tallies;
    for (const auto& [group, rows] : sheets) {
        for (const auto& [key, tally] : rows) {
            tallies.count(file, key, tally);
            if (key.grain == survey::Grain::day) tallies.count(file, survey::month_key(key), tally);
        }
    }
}

/// Without their key nobody can compare them.
void fill_tickets(Connection& file, const Recovered& found) {
    if (!found.ticket_key) return;
    put_ticket_key(file, *found.ticket_key);
    for (const TicketMark& mark : found.tickets)
        put_ticket(file, mark);
}

}  // namespace

void rebuild(Connection& file, const survey::KioskId& kiosk, const Recovered& found, const Renumbering& plan,
             const StoreEvent& event) {
    fill_numbering(file, kiosk, found, plan);
    fill_tallies(file, found, plan);
    fill_tickets(file, found);
    raise_delivered(file, plan.delivered);
    put_sync_status(file, found.sync);
    add_quarantined(file, found.quarantined);
    put_text_key(file, found.text_key);
    put_documents(file, found.documents, found.inbox_version);
    for (const StoreEvent& earlier : found.events)
        put_event(file, earlier);
    put_event(file, event);
}

}  // namespace hailong::kiosk
