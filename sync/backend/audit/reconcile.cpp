#include "sync/backend/audit/reconcile.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "sync/backend/audit/forgotten.h"
#include "sync/backend/audit/reconcile_sentences.h"
#include "sync/backend/audit/unreported.h"
#include "sync/backend/ingest/validate.h"

namespace hailong::sync {
namespace {

using survey::Date;
using survey::KioskId;

const Date kFirstDay{std::chrono::year{1970}, std::chrono::month{1}, std::chrono::day{1}};
const Date kLastDay{std::chrono::year{9999}, std::chrono::month{12}, std::chrono::day{31}};

/// Records read at once.
constexpr std::size_t kPage = 1'000;

using DayKey = std::pair<std::string, Date>;  // kiosk and day

std::string name_of(const DayKey& key) {
    return described({key.first}, key.second);
}

class Reconciler {
  public:
    Reconciler(Snapshot& snapshot, const survey::CenterId& center, Date first, Date last) : snapshot_(snapshot) {
        result_.center = center;
        result_.first = first;
        result_.last = last;
    }

    StoreResult<Reconciliation> quickly() {
        for (const auto step : {&Reconciler::read_terminals, &Reconciler::read_sums}) {
            const auto done = (this->*step)();
            if (!done) return unexpected(done.error());
        }
        for (const TerminalDay& day : sums_)
            days_.emplace(DayKey{day.kiosk.text, day.day}, balance_of(day));
        return finish();
    }

    StoreResult<Reconciliation> thoroughly() {
        result_.is_recounted = true;
        for (const auto step : {&Reconciler::read_terminals, &Reconciler::recount, &Reconciler::read_sums}) {
            const auto done = (this->*step)();
            if (!done) return unexpected(done.error());
        }
        compare_sums();
        return finish();
    }

  private:
    bool is_wanted(Date day) const { return day >= result_.first && day <= result_.last; }

    void difference(std::string sentence) { add_difference(std::move(sentence), result_); }

    static DayBalance balance_of(const TerminalDay& day) {
        DayBalance balance;
        balance.kiosk = day.kiosk;
        balance.day = day.day;
        if (day.collected > 0) balance.collected = day.collected;
        balance.stored = day.stored;
        balance.counted = day.counted;
        balance.quarantined = day.quarantined;
        balance.copies = day.copies;
        return balance;
    }

    StoreResult<void> read_terminals() {
        auto terminals = snapshot_.terminals().of_center(result_.center);
        if (!terminals) return unexpected(terminals.error());
        terminals_ = std::move(*terminals);
        for (const Terminal& terminal : terminals_) {
            auto memory = memory_of(terminal, snapshot_);
            if (!memory) return unexpected(memory.error());
            memories_.emplace(terminal.kiosk, std::move(*memory));
        }
        return {};
    }

    /// All days when they are compared with the records, else those asked for.
    StoreResult<void> read_sums() {
        auto days = snapshot_.terminals().days(result_.center, result_.is_recounted ? kFirstDay : result_.first,
                                               result_.is_recounted ? kLastDay : result_.last);
        if (!days) return unexpected(days.error());
        sums_ = std::move(*days);
        return {};
    }

    StoreResult<void> balance_terminals() {
        for (const Terminal& terminal : terminals_) {
            auto balance = balance_of(terminal);
            if (!balance) return unexpected(balance.error());
            result_.terminals.push_back(std::move(*balance));
        }
        return {};
    }

    /// Asks only for what the terminal's totals say that there is.
    StoreResult<TerminalBalance> balance_of(const Terminal& terminal) {
        const Totals& totals = result_.is_recounted ? recounted_[terminal.kiosk] : terminal.totals;
        TerminalBalance balance;
        balance.kiosk = terminal.kiosk;
        balance.collected = terminal.reported_collected;
        balance.missing_from = terminal.last_seq + 1;
        balance.stored = totals.stored - totals.copies;
        balance.counted = totals.counted;
        balance.quarantined = totals.quarantined - totals.copies;
        balance.copies = totals.copies;
        if (terminal.totals.skipped > 0) {
            auto skips = snapshot_.records().skips(terminal.kiosk);
            if (!skips) return unexpected(skips.error());
            balance.skips = std::move(*skips);
        }
        for (const StoredSkip& skip : balance.skips) {
            if (is_lost(skip.reason)) balance.lost += skip.last_seq - skip.first_seq + 1;
        }
        if (balance.quarantined > 0) {
            const auto numbered = number_quarantined(balance);
            if (!numbered) return unexpected(numbered.error());
        }
        const TerminalMemory& memory = memories_.at(terminal.kiosk);
        balance.missing = std::max<std::int64_t>(0, balance.collected - memory.collected_max(terminal.last_seq));
        balance.surplus = std::max<std::int64_t>(0, memory.collected_min(terminal.last_seq) - balance.collected);
        const std::int64_t known = balance.stored + balance.lost;
        balance.forgotten = std::max<std::int64_t>(0, known - balance.collected - balance.surplus);
        return balance;
    }

    StoreResult<void> number_quarantined(TerminalBalance& balance) {
        std::int64_t after = 0;
        for (bool is_last = false; !is_last;) {
            auto page = snapshot_.records().quarantined_after(balance.kiosk, after, kPage);
            if (!page) return unexpected(page.error());
            const bool is_cut = page->size() == kPage;
            const auto others =
                std::erase_if(*page, [&](const StoredRecord& one) { return one.kiosk != balance.kiosk; });
            is_last = !is_cut || others > 0 || !result_.is_recounted;
            const auto copies = copies_among(*page, snapshot_.records());
            if (!copies) return unexpected(copies.error());
            for (const StoredRecord& record : *page) {
                after = record.seq;
                if (copies->contains(record.seq)) continue;
                balance.quarantined_numbers.add(record.seq);
                balance.quarantined_for[record.quarantine_reason.value_or(QuarantineReason::other)].add(record.seq);
            }
        }
        return {};
    }

    /// The center's results: every visit, flagged or not, on the day it counts.
    StoreResult<void> read_posted() {
        const auto rows = visit_rows(result_.first, result_.last);
        if (!rows) return unexpected(rows.error());
        std::map<Date, PostedDay> days;
        const auto at = [&](Date day) -> PostedDay& {
            return days.try_emplace(day, PostedDay{day, std::nullopt, 0, 0, 0, 0}).first->second;
        };
        for (const TallyRow& row : *rows) {
            result_.uncertain_near += row.tally.corrected + row.tally.doubtful;
            PostedDay& day = at(row.key.date);
            day.posted += row.tally.responses;
            if (row.key.flagged) day.flagged += row.tally.responses;
            day.corrected += row.tally.corrected;
            day.doubtful += row.tally.doubtful;
        }
        if (result_.is_recounted) {
            for (const auto& [day, count] : counted_on_) {
                if (is_wanted(day)) at(day).counted = count;
            }
            for (auto& [day, posted] : days)
                posted.counted = posted.counted.value_or(0);
        }
        for (auto& [date, day] : days)
            result_.posted.push_back(day);
        return look_around();
    }

    StoreResult<void> read_unreported() {
        auto found = unreported_until(result_.last, terminals_, snapshot_.terminals());
        if (!found) return unexpected(found.error());
        result_.unreported = std::move(*found);
        return {};
    }

    StoreResult<std::vector<TallyRow>> visit_rows(Date first, Date last) {
        return snapshot_.tallies().find(
            {result_.center, survey::Grain::day, first, last, survey::SubjectKind::visit, std::nullopt});
    }

    /// Where the results of a day are not what its terminals count, responses that could have moved explain it.
    StoreResult<void> look_around() {
        std::map<Date, std::int64_t> more;  // posted on the day than its terminals count
        for (const auto& [key, day] : days_)
            more[key.second] -= day.counted;
        for (const PostedDay& day : result_.posted)
            more[day.day] += day.posted;
        const bool differs = std::any_of(more.begin(), more.end(),
                                         [&](const auto& one) { return is_wanted(one.first) && one.second != 0; });
        if (!differs) return {};
        const auto shifted = [](Date day, std::chrono::days by) {
            return std::clamp(Date{std::chrono::sys_days{day} + by}, kFirstDay, kLastDay);
        };
        const auto rows = visit_rows(shifted(result_.first, -kNear), shifted(result_.last, kNear));
        if (!rows) return unexpected(rows.error());
        result_.uncertain_near = 0;
        for (const TallyRow& row : *rows)
            result_.uncertain_near += row.tally.corrected + row.tally.doubtful;
        return {};
    }

    StoreResult<void> recount() {
        for (const Terminal& terminal : terminals_) {
            ForgottenRecords forgotten(memories_.at(terminal.kiosk));
            for (std::int64_t next = 1; next > 0;) {
                const auto page = snapshot_.records().page(terminal.kiosk, next, kPage);
                if (!page) return unexpected(page.error());
                const auto copies = copies_among(*page, snapshot_.records());
                if (!copies) return unexpected(copies.error());
                const auto looked_up = forgotten.look_up(*page, *copies, snapshot_.records());
                if (!looked_up) return looked_up;
                for (const StoredRecord& record : *page)
                    recount(record, copies->contains(record.seq), forgotten.of(record));
                next = page->size() < kPage ? 0 : page->back().seq + 1;
            }
        }
        return {};
    }

    void recount(const StoredRecord& record, bool is_copy, const Forgotten& forgotten) {
        const auto read = survey::decode(record.bytes);
        const survey::Response* response = read && record.id ? &read->response : nullptr;
        const TerminalDay more = terminal_day(record, response, is_copy);
        DayBalance& day =
            days_.try_emplace({record.kiosk.text, more.day}, balance_of({record.kiosk, more.day})).first->second;
        day.stored += more.stored;
        day.counted += more.counted;
        day.quarantined += more.quarantined;
        day.copies += more.copies;
        forgotten_[{record.kiosk.text, more.day}] += forgotten;
        Totals& totals = recounted_[record.kiosk];
        totals.stored += 1;
        totals.counted += more.counted;
        totals.quarantined += more.quarantined + more.copies;
        totals.copies += more.copies;
        if (more.counted == 0) return;
        if (response != nullptr && !response->flags.empty()) day.flagged += 1;
        const Date counted_on = survey::local_date(record.counted_at);
        counted_on_[counted_on] += 1;
        if (counted_on != more.day) move(day, counted_on, record.seq);
    }

    static void move(DayBalance& day, Date to, std::int64_t seq) {
        auto at =
            std::find_if(day.moved.begin(), day.moved.end(), [&](const MovedRecords& one) { return one.to == to; });
        if (at == day.moved.end()) at = day.moved.insert(day.moved.end(), MovedRecords{to, {}});
        at->numbers.add(seq);
    }

    /// What is kept with each batch against the records.
    void compare_sums() {
        std::set<DayKey> summed;
        for (const TerminalDay& sum : sums_) {
            const DayKey key{sum.kiosk.text, sum.day};
            summed.insert(key);
            DayBalance& day = days_.try_emplace(key, balance_of({sum.kiosk, sum.day})).first->second;
            if (sum.collected > 0) day.collected = sum.collected;
            if (day.stored == sum.stored && day.counted == sum.counted && day.quarantined == sum.quarantined &&
                day.copies == sum.copies) {
                continue;
            }
            difference(name_of(key) + ": the day's sums say stored " + std::to_string(sum.stored) + ", counted " +
                       std::to_string(sum.counted) + ", the records make " + std::to_string(day.stored) + " and " +
                       std::to_string(day.counted) + "; run `hailong-backend verify`");
        }
        for (const auto& [key, day] : days_) {
            if (!summed.contains(key)) {
                difference(name_of(key) + ": the day's sums are missing; run `hailong-backend verify`");
            }
        }
        for (const Terminal& terminal : terminals_) {
            const Totals& made = recounted_[terminal.kiosk];
            const Totals& said = terminal.totals;
            if (made.stored == said.stored && made.counted == said.counted && made.quarantined == said.quarantined &&
                made.copies == said.copies) {
                continue;
            }
            difference(terminal.kiosk.text + ": its totals say stored " + std::to_string(said.stored) + ", counted " +
                       std::to_string(said.counted) + ", the records make " + std::to_string(made.stored) + " and " +
                       std::to_string(made.counted) + "; run `hailong-backend verify`");
        }
    }

    StoreResult<Reconciliation> finish() {
        for (const auto step :
             {&Reconciler::balance_terminals, &Reconciler::read_posted, &Reconciler::read_unreported}) {
            const auto done = (this->*step)();
            if (!done) return unexpected(done.error());
        }
        for (auto& [key, day] : days_) {
            if (is_wanted(key.second)) result_.days.push_back(std::move(day));
        }
        result_.is_recounted ? explain_days() : explain_days_quickly();
        for (const TerminalBalance& terminal : result_.terminals)
            tell(terminal, result_);
        for (const DayBalance& day : result_.days)
            tell(day, result_);
        for (const PostedDay& day : result_.posted)
            tell(day, result_);
        return std::move(result_);
    }

    void explain_days() {
        for (DayBalance& day : result_.days) {
            const std::int64_t surplus = day.stored - day.collected.value_or(day.stored);
            if (forgotten_[{day.kiosk.text, day.day}].explains(surplus)) day.forgotten = surplus;
        }
    }
    /// Without the records nobody knows which day a forgotten number belongs to: no more than there are.
    void explain_days_quickly() {
        std::map<KioskId, std::int64_t> unexplained;
        for (const Terminal& terminal : terminals_) {
            unexplained[terminal.kiosk] =
                std::max<std::int64_t>(0, memories_.at(terminal.kiosk).forgettable() - terminal.totals.copies);
        }
        for (DayBalance& day : result_.days) {
            std::int64_t& left = unexplained[day.kiosk];
            day.forgotten = std::clamp<std::int64_t>(day.stored - day.collected.value_or(day.stored), 0, left);
            left -= day.forgotten;
        }
    }

    /// How far around the days asked for moved responses are looked for.
    static constexpr std::chrono::days kNear{366};

    Snapshot& snapshot_;
    Reconciliation result_;
    std::vector<Terminal> terminals_;  // of the center
    std::vector<TerminalDay> sums_;    // of the center
    std::map<KioskId, TerminalMemory> memories_;
    std::map<DayKey, Forgotten> forgotten_;  // only when recounted
    std::map<DayKey, DayBalance> days_;      // from the sums, or counted anew
    std::map<survey::KioskId, Totals> recounted_;
    std::map<Date, std::int64_t> counted_on_;
};

}  // namespace

StoreResult<Reconciliation> reconcile_quickly(Snapshot& snapshot, const survey::CenterId& center, Date first,
                                              Date last) {
    return Reconciler(snapshot, center, first, last).quickly();
}

StoreResult<Reconciliation> reconcile_for_public(Snapshot& snapshot, const survey::CenterId& center, Date first,
                                                 Date last, Date today) {
    const Date yesterday{std::chrono::sys_days{today} - std::chrono::days{1}};
    auto found = reconcile_quickly(snapshot, center, first, std::min(last, yesterday));
    if (!found) return found;
    const auto days = snapshot.terminals().days(center, today, kLastDay);
    if (!days) return unexpected(days.error());
    for (TerminalBalance& terminal : found->terminals) {
        for (const TerminalDay& day : *days) {
            if (day.kiosk != terminal.kiosk) continue;
            terminal.collected -= day.collected;
            terminal.stored -= day.stored;
            terminal.counted -= day.counted;
            terminal.quarantined -= day.quarantined;
            terminal.copies -= day.copies;
        }
        terminal.missing = std::max<std::int64_t>(terminal.collected - terminal.stored - terminal.lost, 0);
        terminal.missing_from = 0;
        terminal.surplus = 0;
        terminal.quarantined_numbers = {};
    }
    found->differences.clear();
    found->notes.clear();
    found->difference_count = 0;
    for (const DayBalance& day : found->days)
        tell(day, *found);
    return found;
}

StoreResult<Reconciliation> reconcile(Snapshot& snapshot, const survey::CenterId& center, Date first, Date last) {
    return Reconciler(snapshot, center, first, last).thoroughly();
}

}  // namespace hailong::sync
