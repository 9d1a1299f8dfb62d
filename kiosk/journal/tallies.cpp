// The tallies, added up for any period.
#include <algorithm>
#include <tuple>

#include "kiosk/journal/state.h"

namespace hailong::kiosk {
namespace {

using survey::Grain;
using survey::sqlite::Connection;
using survey::sqlite::Query;
using survey::sqlite::Sql;
using survey::sqlite::Transaction;

survey::Date first_day(Month month) {
    return month / std::chrono::day{1};
}

survey::Date last_day(Month month) {
    return survey::Date{month / std::chrono::last};
}

Month month_with(survey::Date day) {
    return day.year() / day.month();
}

/// Rows of one period, added up by questionnaire, flag and subject.
class Sums {
  public:
    explicit Sums(Connection& file) : file_(file) {}

    void add_days(survey::Date first, survey::Date last) {
        add("SELECT day, questionnaire, version, flagged, subject_kind, subject_id, tally FROM day_tallies "
            "WHERE day BETWEEN ? AND ?",
            Grain::day, survey::to_string(first), survey::to_string(last));
    }
    void add_months_without_officers(Month first, Month last) {
        add("SELECT month, questionnaire, version, flagged, subject_kind, subject_id, tally FROM month_tallies "
            "WHERE subject_kind <> 'officer' AND month BETWEEN ? AND ?",
            Grain::month, month_text(first_day(first)), month_text(first_day(last)));
    }
    void add_months_of_officers(Month first, Month last) {
        add("SELECT month, questionnaire, version, flagged, subject_kind, subject_id, tally FROM month_tallies "
            "WHERE subject_kind = 'officer' AND month BETWEEN ? AND ?",
            Grain::month, month_text(first_day(first)), month_text(first_day(last)));
    }
    /// In order of questionnaire, flag and subject.
    [[nodiscard]] std::vector<PeriodTally> take() {
        std::vector<PeriodTally> rows;
        for (auto& [key, tally] : sums_)
            rows.push_back({key.questionnaire, key.subject, std::move(tally), key.flagged});
        std::sort(rows.begin(), rows.end(), [](const PeriodTally& a, const PeriodTally& b) {
            return std::tie(a.questionnaire, a.flagged, a.subject) < std::tie(b.questionnaire, b.flagged, b.subject);
        });
        return rows;
    }

  private:
    void add(Sql sql, Grain grain, const std::string& first, const std::string& last) {
        Query row(file_, sql);
        row.text(first).text(last);
        while (row.step()) {
            survey::TallyKey key = key_at(row, grain);
            key.grain = Grain::month;
            key.date = {};
            sums_[std::move(key)] += tally_at(row, 6);
        }
    }

    Connection& file_;
    survey::TallySheet sums_;
};

}  // namespace

StoreResult<std::vector<DayTally>> Journal::tallies(survey::Date first, survey::Date last) const {
    return state_->database->run("read the day tallies", [&] {
        std::vector<DayTally> found;
        Query row(state_->file(),
                  "SELECT day, questionnaire, version, flagged, subject_kind, subject_id, tally FROM day_tallies "
                  "WHERE day BETWEEN ? AND ? ORDER BY day, questionnaire, version, flagged, subject_kind, subject_id");
        row.date(first).date(last);
        while (row.step()) {
            survey::TallyKey key = key_at(row, Grain::day);
            found.push_back(
                {key.date, std::move(key.questionnaire), std::move(key.subject), tally_at(row, 6), key.flagged});
        }
        return found;
    });
}

StoreResult<std::map<survey::Date, std::int64_t>> Journal::collected_by_day(survey::Date first,
                                                                            survey::Date last) const {
    return state_->database->run("count the days", [&] {
        std::map<survey::Date, std::int64_t> days;
        Query row(state_->file(),
                  "SELECT day, tally FROM day_tallies WHERE subject_kind = 'visit' AND day BETWEEN ? AND ?");
        row.date(first).date(last);
        while (row.step())
            days[row.date_at(0)] += tally_at(row, 1).responses;
        return days;
    });
}

StoreResult<std::vector<PeriodTally>> Journal::period_tallies(survey::Date first, survey::Date last) const {
    return state_->database->run("add up the tallies", [&] {
        // One state: days and months as one append left them.
        const Transaction same_state(state_->file(), Transaction::Kind::read);
        Sums sums(state_->file());
        const bool begins_with_month = first == first_day(month_with(first));
        const bool ends_with_month = last == last_day(month_with(last));
        const Month first_whole = begins_with_month ? month_with(first) : month_with(first) + std::chrono::months{1};
        const Month last_whole = ends_with_month ? month_with(last) : month_with(last) - std::chrono::months{1};
        if (first_whole > last_whole) {
            sums.add_days(first, last);
            return sums.take();
        }
        if (!begins_with_month) sums.add_days(first, last_day(month_with(first)));
        sums.add_months_without_officers(first_whole, last_whole);
        if (!ends_with_month) sums.add_days(first_day(month_with(last)), last);
        return sums.take();
    });
}

StoreResult<std::vector<PeriodTally>> Journal::officer_tallies(Month first, Month last) const {
    return state_->database->run("add up the officers' tallies", [&] {
        Sums sums(state_->file());
        sums.add_months_of_officers(first, last);
        return sums.take();
    });
}

StoreResult<std::vector<MonthTally>> Journal::month_tallies(const survey::Subject& subject, Month first,
                                                            Month last) const {
    return state_->database->run("read the month tallies", [&] {
        std::vector<MonthTally> found;
        Query row(state_->file(),
                  "SELECT month, questionnaire, version, flagged, subject_kind, subject_id, tally FROM month_tallies "
                  "WHERE month BETWEEN ? AND ? AND subject_kind = ? AND subject_id = ? "
                  "ORDER BY month, questionnaire, version, flagged");
        row.copied(month_text(first_day(first))).copied(month_text(first_day(last)));
        row.text(survey::name(subject.kind)).text(subject.id);
        while (row.step()) {
            survey::TallyKey key = key_at(row, Grain::month);
            found.push_back({month_with(key.date), std::move(key.questionnaire), std::move(key.subject),
                             tally_at(row, 6), key.flagged});
        }
        return found;
    });
}

}  // namespace hailong::kiosk
