// How long staff wait for the figures of a period on a terminal that took a million responses in ten years.
// The records themselves are pruned, as they are on a terminal after its retention time; the tallies are exactly those
// that appending them one by one writes (Journal::verify is asked), only written in one transaction.
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "kiosk/journal/journal.h"
#include "kiosk/journal/record_rows.h"
#include "kiosk/journal/tally_rows.h"
#include "survey/base/check.h"
#include "tests/bench/report.h"
#include "tests/kiosk/journal/sample.h"

namespace {

using namespace hailong;
using Clock = std::chrono::steady_clock;
using kiosk::Month;
using std::chrono::sys_days;

constexpr std::int64_t kResponses = 1'000'000;
constexpr int kYears = 10;
constexpr int kRuns = 7;
constexpr double kLimitMs = 50;           // a year: the longest period that a button offers
constexpr double kLimitTenYearsMs = 500;  // days "from – to"
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

void fill(const std::filesystem::path& path) {
    { (void)test::open_journal(path); }
    survey::TallySheet tallies;
    for (std::int64_t n = 1; n <= kResponses; ++n) {
        const survey::Response one = visit(n);
        survey::add(tallies, kiosk::kept_rows(survey::tally_rows(one, test::ward5(), survey::local_day(one))));
    }
    survey::sqlite::Connection file(path, survey::sqlite::Access::write, kiosk::kBusyTimeout);
    survey::sqlite::Transaction all(file);
    for (const auto& [key, tally] : tallies) {
        kiosk::put_tally(file, key, tally);
        if (key.grain == survey::Grain::day && key.subject.kind == survey::SubjectKind::visit) {
            kiosk::add_without_record(file, kiosk::group_of(key), tally.responses);
        }
    }
    kiosk::put_base(file, {kResponses, {}});
    (void)kiosk::raise_delivered(file, kResponses);
    all.commit();
}

/// What the staff screen reads for one period.
double milliseconds_to_read(const std::filesystem::path& file, survey::Date first, survey::Date last) {
    const kiosk::Journal journal = test::open_journal(file);  // anew, so that nothing is in its memory
    const Month first_month = first.year() / first.month();
    const Month last_month = last.year() / last.month();
    const auto start = Clock::now();
    const auto days = journal.tallies(first_month / 1, survey::Date{last_month / std::chrono::last});
    const auto officers = journal.officer_tallies(first_month, last_month);
    const double passed = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
    survey::check(days && officers && !days->empty() && !officers->empty(), "every period has its tallies");
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
    double worst_of_a_year = 0;
    double worst_of_ten = 0;
    for (const auto& [first, last] : {std::pair{date(2030, 5, 7), date(2030, 5, 7)},     // a day
                                      std::pair{date(2030, 4, 1), date(2030, 6, 30)},    // a quarter
                                      std::pair{date(2030, 12, 15), date(2031, 3, 14)},  // one that is cut on the 14th
                                      std::pair{date(2030, 1, 1), date(2030, 12, 31)},   // a year
                                      std::pair{date(2026, 1, 1), date(2035, 12, 31)},   // everything
                                      std::pair{date(2026, 1, 2), date(2035, 12, 30)}}) {  // the most days at the edges
        std::vector<double> runs;
        for (int i = 0; i < kRuns; ++i)
            runs.push_back(milliseconds_to_read(file, first, last));
        double& worst = last.year() - first.year() > std::chrono::years{1} ? worst_of_ten : worst_of_a_year;
        worst = std::max(worst, bench::median(runs));
        std::fprintf(stderr, "%s to %s: %.2f ms\n", survey::to_string(first).c_str(), survey::to_string(last).c_str(),
                     bench::median(runs));
    }
    bench::report("staff_tallies", worst_of_a_year, "ms", kLimitMs, bench::Better::less);
    bench::report("staff_tallies_ten_years", worst_of_ten, "ms", kLimitTenYearsMs, bench::Better::less);
}
