// The tallies: counted with each record, added up for any period.
#include <SQLiteCpp/Transaction.h>

#include "kiosk/journal/state.h"

namespace hailong::kiosk {
namespace {

using survey::Tally;

std::string text_of(Month month) {
    return month_of(survey::to_string(month / std::chrono::day{1}));
}

Month parse_month(const TallyKey& key) {
    const auto first = survey::parse_date(key.date + "-01");
    if (!first) throw Damage("a month tally stands under no month");
    return first->year() / first->month();
}

survey::Date first_day(Month month) {
    return month / std::chrono::day{1};
}

survey::Date last_day(Month month) {
    return survey::Date{month / std::chrono::last};
}

Month month_with(survey::Date day) {
    return day.year() / day.month();
}

TallyKey read_key(SQLite::Statement& row, Grain grain) {
    auto key = key_of(row, grain);
    if (!key) throw Damage("a tally stands under no date or subject");
    return std::move(*key);
}

void bind_key(const InUse& row, const TallyKey& key) {
    row->bindNoCopy(1, key.date);
    row->bindNoCopy(2, key.questionnaire.id.text);
    row->bind(3, key.questionnaire.version);
    row->bind(4, key.flagged ? 1 : 0);
    row->bind(5, std::string(survey::name(key.subject.kind)));
    row->bindNoCopy(6, key.subject.id);
}

/// Rows of one period, added up by questionnaire, flag and subject.
class Sums {
  public:
    explicit Sums(SQLite::Database& file) : file_(file) {}

    void add_days(survey::Date first, survey::Date last) {
        add("day_tallies WHERE day", kDayColumns, Grain::day, survey::to_string(first), survey::to_string(last));
    }
    /// `more`: a further condition on the rows.
    void add_months(Month first, Month last, const std::string& more) {
        add("month_tallies WHERE " + more + " AND month", kMonthColumns, Grain::month, text_of(first), text_of(last));
    }
    [[nodiscard]] std::vector<PeriodTally> take() {
        std::vector<PeriodTally> rows;
        for (auto& [key, tally] : sums_)
            rows.push_back({key.questionnaire, key.subject, std::move(tally), key.flagged});
        return rows;
    }

  private:
    void add(const std::string& rows, const char* columns, Grain grain, const std::string& first,
             const std::string& last) {
        SQLite::Statement row(file_, "SELECT " + std::string(columns) + " FROM " + rows + " BETWEEN ? AND ?");
        row.bind(1, first);
        row.bind(2, last);
        while (row.executeStep()) {
            TallyKey key = read_key(row, grain);
            key.grain = Grain::month;
            key.date.clear();
            sums_[std::move(key)] += tally_of(tally_text(row));
        }
    }

    SQLite::Database& file_;
    Tallies sums_;
};

}  // namespace

Tally Journal::State::read_tally(const TallyKey& key) {
    const InUse row(key.grain == Grain::day ? day_tally : month_tally);
    bind_key(row, key);
    return row->executeStep() ? tally_of(row->getColumn(0).getString()) : Tally{};
}

void Journal::State::count(const TallyKey& key, const Tally& added) {
    auto cached = cache.find(key);
    if (cached == cache.end()) {
        if (cache.size() >= kTallyCacheRowsMax) cache.clear();
        cached = cache.emplace(key, read_tally(key)).first;
    }
    cached->second += added;
    const std::string text = survey::to_text(cached->second);
    const InUse row(key.grain == Grain::day ? put_day_tally : put_month_tally);
    bind_key(row, key);
    row->bindNoCopy(7, text);
    row->exec();
}

Expected<std::vector<DayTally>, StoreError> Journal::tallies(survey::Date first, survey::Date last) const {
    using Days = std::vector<DayTally>;
    return state_->database.run<Days>("read the day tallies", [&]() -> Expected<Days, StoreError> {
        SQLite::Statement row(state_->sqlite(),
                              std::string("SELECT ") + kDayColumns +
                                  " FROM day_tallies WHERE day BETWEEN ? AND ? "
                                  "ORDER BY day, questionnaire, version, flagged, subject_kind, subject_id");
        row.bind(1, survey::to_string(first));
        row.bind(2, survey::to_string(last));
        Days found;
        while (row.executeStep()) {
            TallyKey key = read_key(row, Grain::day);
            found.push_back({*survey::parse_date(key.date), std::move(key.questionnaire), std::move(key.subject),
                             tally_of(tally_text(row)), key.flagged});
        }
        return found;
    });
}

Expected<std::vector<PeriodTally>, StoreError> Journal::period_tallies(survey::Date first, survey::Date last) const {
    using Rows = std::vector<PeriodTally>;
    return state_->database.run<Rows>("add up the tallies", [&]() -> Expected<Rows, StoreError> {
        SQLite::Transaction same_state(state_->sqlite());  // days and months as one append left them
        Sums sums(state_->sqlite());
        const bool begins_with_month = first == first_day(month_with(first));
        const bool ends_with_month = last == last_day(month_with(last));
        const Month first_whole = begins_with_month ? month_with(first) : month_with(first) + std::chrono::months{1};
        const Month last_whole = ends_with_month ? month_with(last) : month_with(last) - std::chrono::months{1};
        if (first_whole > last_whole) {
            sums.add_days(first, last);
            return sums.take();
        }
        if (!begins_with_month) sums.add_days(first, last_day(month_with(first)));
        sums.add_months(first_whole, last_whole, "subject_kind <> 'officer'");
        if (!ends_with_month) sums.add_days(first_day(month_with(last)), last);
        return sums.take();
    });
}

Expected<std::vector<PeriodTally>, StoreError> Journal::officer_tallies(Month first, Month last) const {
    using Rows = std::vector<PeriodTally>;
    return state_->database.run<Rows>("add up the officers' tallies", [&]() -> Expected<Rows, StoreError> {
        Sums sums(state_->sqlite());
        sums.add_months(first, last, "subject_kind = 'officer'");
        return sums.take();
    });
}

Expected<std::vector<MonthTally>, StoreError> Journal::month_tallies(const survey::Subject& subject, Month first,
                                                                     Month last) const {
    using Months = std::vector<MonthTally>;
    return state_->database.run<Months>("read the month tallies", [&]() -> Expected<Months, StoreError> {
        SQLite::Statement row(state_->sqlite(),
                              std::string("SELECT ") + kMonthColumns +
                                  " FROM month_tallies WHERE month BETWEEN ? AND ? AND subject_kind = ? "
                                  "AND subject_id = ? ORDER BY month, questionnaire, version, flagged");
        row.bind(1, text_of(first));
        row.bind(2, text_of(last));
        row.bind(3, std::string(survey::name(subject.kind)));
        row.bind(4, subject.id);
        Months found;
        while (row.executeStep()) {
            TallyKey key = read_key(row, Grain::month);
            found.push_back({parse_month(key), std::move(key.questionnaire), std::move(key.subject),
                             tally_of(tally_text(row)), key.flagged});
        }
        return found;
    });
}

}  // namespace hailong::kiosk
