// How long staff wait for the figures of a period on a terminal that took a million responses in ten years.
// The records themselves are pruned, as they are on a terminal after its retention time; the tallies are exactly those
// that appending them one by one writes (Journal::verify is asked), only written in one transaction.
#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include "kiosk/journal/journal.h"
#include "kiosk/journal/tally_rows.h"
#include "survey/base/check.h"
#include "tests/bench/report.h"
#include "tests/kiosk/journal/sample.h"

namespace {

using namespace hailong;
using Clock = std::chrono::steady_clock;
using kiosk::Grain;
using kiosk::Month;
using std::chrono::sys_days;

constexpr std::int64_t kResponses = 1'000'000;
constexpr int kYears = 10;
constexpr int kRuns = 7;
constexpr double kLimitMs = 50;
const sys_days kFirstDay{std::chrono::year{2026} / 1 / 1};
const sys_days kEnd{std::chrono::year{2026 + kYears} / 1 / 1};

/// A busy center: eight counters with five officers each, ten fields, a third with a ticket, one in fifty flagged;
/// after half the time the questionnaire has its next version.
survey::Response visit(std::int64_t n) {
    survey::Response made = test::response(n);
    const auto days = (kEnd - kFirstDay).count();
    const std::int64_t day = n * days / (kResponses + 1);
    made.finished.utc = survey::start_of_day(survey::Date{kFirstDay + std::chrono::days{day}}) + std::chrono::hours{9};
    made.questionnaire.version = day < days / 2 ? 1 : 2;
    const std::int64_t counter = n % 8;
    made.context.counter = {"counter-" + std::to_string(counter)};
    made.context.officer = {"officer-" + std::to_string(counter) + "-" + std::to_string(n / 8 % 5)};
    made.context.field = {"field-" + std::to_string(n / 3 % 10)};
    made.context.began = n % 3 == 0 ? survey::Began::scanned : survey::Began::walk_up;
    made.answers.at(0).values = {std::to_string(1 + n * 7 % 5)};
    made.answers.at(1).values = {std::to_string(1 + n * 11 % 5)};
    if (n % 50 != 0) {
        made.flags.clear();
    } else {
        made.flags = {"too_fast"};
    }
    return made;
}

void write(SQLite::Database& file, const kiosk::Tallies& tallies) {
    SQLite::Statement day(file, "INSERT INTO day_tallies VALUES (?, ?, ?, ?, ?, ?, ?)");
    SQLite::Statement month(file, "INSERT INTO month_tallies VALUES (?, ?, ?, ?, ?, ?, ?)");
    SQLite::Statement gone(file, "INSERT INTO gone_responses VALUES (?, ?, ?, ?, ?)");
    for (const auto& [key, tally] : tallies) {
        SQLite::Statement& row = key.grain == Grain::day ? day : month;
        row.bind(1, key.date);
        row.bind(2, key.questionnaire.id.text);
        row.bind(3, key.questionnaire.version);
        row.bind(4, key.flagged ? 1 : 0);
        row.bind(5, std::string(survey::name(key.subject.kind)));
        row.bind(6, key.subject.id);
        row.bind(7, survey::to_text(tally));
        row.exec();
        row.reset();
        if (key.grain == Grain::month || key.subject.kind != survey::SubjectKind::visit) continue;
        gone.bind(1, key.date);
        gone.bind(2, key.questionnaire.id.text);
        gone.bind(3, key.questionnaire.version);
        gone.bind(4, key.flagged ? 1 : 0);
        gone.bind(5, tally.responses);
        gone.exec();
        gone.reset();
    }
}

void fill(const std::filesystem::path& path) {
    { (void)test::open_journal(path); }
    kiosk::Tallies tallies;
    for (std::int64_t n = 1; n <= kResponses; ++n) {
        const survey::Response one = visit(n);
        const kiosk::TallyKey row = kiosk::visit_row(one);
        for (const survey::Contribution& part : survey::contributions(one, test::ward5())) {
            for (const kiosk::TallyKey& key : kiosk::rows_of(row, part.subject))
                tallies[key] += part.tally;
        }
    }
    SQLite::Database file(path.string(), SQLite::OPEN_READWRITE);
    SQLite::Transaction all(file);
    write(file, tallies);
    file.exec("UPDATE base SET seq = " + std::to_string(kResponses));
    file.exec("UPDATE sync_state SET delivered_seq = " + std::to_string(kResponses));
    all.commit();
}

/// What the staff screen reads for one period.
double milliseconds_to_read(const std::filesystem::path& file, survey::Date first, survey::Date last) {
    const kiosk::Journal journal = test::open_journal(file);  // anew, so that nothing is in its memory
    const Month first_month = first.year() / first.month();
    const Month last_month = last.year() / last.month();
    const auto start = Clock::now();
    const auto sums = journal.period_tallies(first, last);
    const auto officers = journal.officer_tallies(first_month, last_month);
    const auto trend = journal.month_tallies({survey::SubjectKind::visit, {}}, first_month, last_month);
    const double passed = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
    survey::check(sums && officers && trend && !sums->empty() && !officers->empty() && !trend->empty(),
                  "every period has its tallies");
    return passed;
}

}  // namespace

int main() {
    const test::TemporaryFolder folder(std::filesystem::canonical("/proc/self/exe").parent_path());
    const std::filesystem::path file = folder / "journal.db";
    fill(file);
    survey::check(test::open_journal(file).verify().value().empty(), "the tallies are those of a million responses");
    const auto date = [](int year, unsigned month, unsigned day) {
        return survey::Date{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
    };
    double worst = 0;
    for (const auto& [first, last] : {std::pair{date(2030, 5, 7), date(2030, 5, 7)},     // a day
                                      std::pair{date(2030, 4, 1), date(2030, 6, 30)},    // a quarter
                                      std::pair{date(2030, 12, 15), date(2031, 3, 14)},  // one that is cut on the 14th
                                      std::pair{date(2030, 1, 1), date(2030, 12, 31)},   // a year
                                      std::pair{date(2026, 1, 1), date(2035, 12, 31)},   // everything
                                      std::pair{date(2026, 1, 2), date(2035, 12, 30)}}) {  // the most days at the edges
        std::vector<double> runs;
        for (int i = 0; i < kRuns; ++i)
            runs.push_back(milliseconds_to_read(file, first, last));
        worst = std::max(worst, bench::median(runs));
        std::fprintf(stderr, "%s to %s: %.2f ms\n", survey::to_string(first).c_str(), survey::to_string(last).c_str(),
                     bench::median(runs));
    }
    bench::report("staff_tallies", worst, "ms", kLimitMs, bench::Better::less);
}
