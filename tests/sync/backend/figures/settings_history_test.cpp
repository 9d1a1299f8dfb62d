// Whatever documents are imported on whatever days: figures that were told of a period that is over never move.
#include <map>
#include <random>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "sync/backend/figures/results.h"
#include "sync/backend/figures/terminal_results.h"
#include "sync/backend/ingest/import_documents.h"
#include "sync/backend/ingest/reprocess.h"
#include "tests/sync/backend/sample.h"

namespace hailong::sync {
namespace {

using sample::must;
using std::chrono::sys_days;
using survey::Date;

std::string described(const std::optional<survey::Satisfaction>& figure) {
    if (!figure) return "none";
    return std::to_string(figure->satisfied) + "/" + std::to_string(figure->total) + " " +
           std::string(survey::name(figure->verdict));
}

/// All that is told of a period, but for what belongs to the moment at which it is asked.
std::string told(const Results& found) {
    std::string text = to_string(found.period) + " " + survey::to_string(found.period.first) + " to " +
                       survey::to_string(found.period.last) + ", more than " +
                       std::to_string(found.objective.more_than_percent) + " %";
    for (const Headline& headline : found.headlines) {
        text += "\n" + headline.item.item.id.text + " " + described(headline.item.figure) + ", before " +
                to_string(headline.before) + " " + described(headline.figure_before) + ", quarantined " +
                std::to_string(headline.quarantined.valid);
        for (const auto* parts : {&headline.counters, &headline.fields}) {
            for (const PartResult& part : *parts)
                text += ", " + part.id + " " + described(part.figure);
        }
    }
    for (const Section& section : found.sections) {
        for (const ItemResult& item : section.items)
            text += "\n" + item.item.id.text + " " + std::to_string(item.counts.valid);
    }
    return text;
}

class World {
  public:
    explicit World(std::uint32_t seed) : random_(seed) {}

    void day() {
        visits();
        today_ = Date{sys_days{today_} + std::chrono::days{1}};
        backend_.release(today_);
        if (below(6) == 0) import();
        compare();
    }
    [[nodiscard]] std::size_t periods() const { return told_.size(); }
    [[nodiscard]] std::size_t changes() const { return backend_.reference.centers[0].settings.changes.size(); }

  private:
    int below(int limit) { return static_cast<int>(random_() % static_cast<std::uint32_t>(limit)); }
    [[nodiscard]] survey::UtcTime noon() const { return survey::start_of_day(today_) + std::chrono::hours(12); }

    void visits() {
        const std::int64_t first = journal_.size() + 1;
        for (int i = below(14); i > 0; --i) {
            survey::Response response = sample::visit(++number_, below(10) == 0 ? "2" : "5", noon());
            if (below(2) == 0) {
                response.context.counter = {"B"};
                response.context.officer = {"b-01"};
                response.context.procedure = {};
                response.context.field = {"dat-dai"};
            }
            journal_.add(response);
        }
        if (journal_.size() < first) return;
        ASSERT_TRUE(must(backend_.take(journal_.batch(first, journal_.size()), "K1", noon())));
    }

    /// With other settings, without some officers and counters; now and then with a day of its own.
    void import() {
        const auto settings = [&] {
            constexpr int kCutOffs[] = {0, 7, 14, 20, 28};
            return R"("objective":{"more_than_percent":)" + std::to_string(80 + below(20)) +
                   R"(},"periods":{"cut_off_day":)" + std::to_string(kCutOffs[below(5)]) + R"(},"officer_n_min":)" +
                   std::to_string(5 + below(10));
        };
        std::string json = sample::center_json();
        const std::string fixed =
            R"("objective":{"more_than_percent":90},"periods":{"cut_off_day":0},"officer_n_min":10)";
        json.replace(json.find(fixed), fixed.size(), settings());
        if (below(3) == 0) {
            const Date from{sys_days{today_} + std::chrono::days{below(80) - 20}};
            json.insert(json.size() - 1,
                        R"(,"settings":[{"from":")" + survey::to_string(from) + "\"," + settings() + "}]");
        }
        if (below(3) == 0) {
            const auto at = json.find(R"("officers":[)");
            json.replace(at, json.find("],\"fields\"") - at, R"("officers":[)");
        }
        const auto read = survey::parse_center(json);
        if (!read) return;  // a month of a few days
        auto transaction = must(backend_.store->write());
        const ImportPlan plan = plan_import({{"center", json, *read}, {}, "forms"},
                                            must(read_known(*transaction, {"mau"})), {"somebody", noon()});
        if (!plan.faults.empty()) return;  // for days that are over, or a month of a few days
        must(write_import(plan, *transaction));
        must(transaction->commit());
        transaction.reset();
        backend_.reference = must(load_reference(*must(backend_.store->read())));
    }

    /// Each period that is over, as it was told first.
    void compare() {
        const survey::Center& center = backend_.reference.centers[0];
        const auto snapshot = must(backend_.store->read());
        for (const auto kind : {survey::PeriodKind::day, survey::PeriodKind::month, survey::PeriodKind::quarter}) {
            survey::Period period = survey::period_of(today_, kind, center.periods);
            for (int back = 0; back < 3; ++back) {
                period = survey::previous(period, center.periods);
                const std::string now =
                    told(must(results(*snapshot, backend_.reference.questionnaires, center, period, noon())));
                const auto [at, is_new] = told_.try_emplace(to_string(period), now);
                ASSERT_EQ(at->second, now) << "on " << survey::to_string(today_);
            }
        }
        // Every day has stood in one month since it was over.
        const Date yesterday{sys_days{today_} - std::chrono::days{1}};
        months_[yesterday] = to_string(survey::period_of(yesterday, survey::PeriodKind::month, center.periods));
        for (const auto& [day, month] : months_)
            ASSERT_EQ(to_string(survey::period_of(day, survey::PeriodKind::month, center.periods)), month);
    }

    std::mt19937 random_;
    sample::Backend backend_;
    sample::Journal journal_{"K1"};
    Date today_ = *survey::parse_date("2026-09-01");
    std::uint64_t number_ = 0;
    std::map<std::string, std::string> told_;  // by the period's name
    std::map<Date, std::string> months_;       // that each day that is over stands in
};

TEST(SettingsHistoryOfFigures, NeverMovesWhatWasToldOfAPeriodThatIsOver) {
    for (const std::uint32_t seed : {1u, 2u, 3u}) {
        SCOPED_TRACE(seed);
        World world(seed);
        for (int day = 0; day < 130 && !::testing::Test::HasFatalFailure(); ++day)
            world.day();
        EXPECT_GT(world.changes(), 3u) << "the test changes something";
        EXPECT_GT(world.periods(), 130u);
    }
}

TEST(SettingsHistoryOfFigures, TellTerminalsWhatEachMonthIsJudgedBy) {
    sample::Backend backend;
    sample::Journal journal("K1");
    const survey::UtcTime first = survey::start_of_day(*survey::parse_date("2026-11-10"));
    for (std::uint64_t i = 1; i <= 20; ++i)
        journal.add(sample::visit(i, "5", first + (i <= 10 ? std::chrono::hours(1) : std::chrono::hours(24 * 25))));
    ASSERT_TRUE(must(backend.take(journal.all(), "K1", first + std::chrono::hours(24 * 26))));
    backend.put_center(
        sample::center_json("mau", R"(,"settings":[{"from":"2026-12-01","objective":{"more_than_percent":95}}])"));
    const Date today = *survey::parse_date("2026-12-10");
    backend.release(today);
    const auto posted = must(posted_results(*must(backend.store->read()), backend.reference.questionnaires,
                                            backend.reference.centers[0], today));
    ASSERT_TRUE(posted);
    ASSERT_EQ(posted->figures.size(), 2u);
    EXPECT_EQ(survey::objective_of(*posted, posted->figures[0]), survey::Objective{90}) << "November";
    EXPECT_EQ(survey::objective_of(*posted, posted->figures[1]), survey::Objective{95}) << "December";
    EXPECT_EQ(survey::parse_posted(to_text(*posted)).value(), *posted);
}

TEST(QuarantinedBesideTheShare, IsToldWhenThereIsEnoughAndTheMonthIsOver) {
    sample::Backend backend;
    sample::Journal journal("K1");
    const survey::UtcTime day = survey::start_of_day(*survey::parse_date("2026-11-10"));
    const auto unknown = [&](std::uint64_t number, const char* level) {
        survey::Response response = sample::visit(number, level, day);
        response.context.officer = {"c-01"};
        return response;
    };
    for (std::uint64_t i = 1; i <= 8; ++i)
        journal.add(sample::visit(i, "5", day));
    for (std::uint64_t i = 9; i <= 12; ++i)
        journal.add(unknown(i, "1"));
    ASSERT_TRUE(must(backend.take(journal.all(), "K1", day + std::chrono::hours(1))));
    const auto headline = [&](const char* today, const char* period) {
        backend.release(*survey::parse_date(today));
        return must(results(*must(backend.store->read()), backend.reference.questionnaires,
                            backend.reference.centers[0], *survey::parse_period(period), day))
            .headlines.at(0);
    };
    EXPECT_EQ(headline("2026-12-01", "2026-M11").quarantined.valid, 0) << "four are too few to be told of";
    journal.add(unknown(13, "5"));
    ASSERT_TRUE(must(backend.take(journal.batch(13, 13), "K1", day + std::chrono::hours(2))));
    const Headline found = headline("2026-12-02", "2026-M11");
    EXPECT_EQ(found.quarantined.valid, 5);
    EXPECT_EQ(found.quarantined.satisfied, 1);
    EXPECT_EQ(found.item.counts.valid, 8) << "in no figure";
    EXPECT_EQ(headline("2026-12-02", "2026-11-10").quarantined.valid, 0) << "of months alone";
    journal.add(unknown(14, "1"));
    ASSERT_TRUE(must(backend.take(journal.batch(14, 14), "K1", day + std::chrono::hours(3))));
    EXPECT_EQ(headline("2026-12-03", "2026-M11").quarantined.valid, 5) << "one more would be somebody's rating";

    backend.put_center(sample::grown_center_json());
    const auto done = must(reprocess_all(*backend.store, day + std::chrono::hours(4)));
    EXPECT_EQ(done.reprocessed, 6);
    EXPECT_EQ(headline("2026-12-04", "2026-M11").quarantined.valid, 0);
    EXPECT_EQ(headline("2026-12-05", "2026-M11").item.counts.valid, 14);
}

}  // namespace
}  // namespace hailong::sync
