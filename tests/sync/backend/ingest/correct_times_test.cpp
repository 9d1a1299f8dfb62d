#include "sync/backend/ingest/correct_times.h"

#include <gtest/gtest.h>

#include "sync/backend/audit/verify.h"
#include "sync/backend/ingest/reprocess.h"
#include "sync/backend/ingest/suspect_receipts.h"
#include "tests/sync/backend/ingest/answers.h"
#include "tests/sync/backend/sample.h"

namespace hailong::sync {
namespace {

using sample::must;
using sample::noon;
using std::chrono::hours;
using std::chrono::minutes;
using survey::milliseconds;

/// A terminal whose clocks are right, before a backend whose clock is not always.
class CorrectTimes : public ::testing::Test {
  protected:
    /// An answer `passed` after the first one; `boot` is the start of the machine.
    void answer(milliseconds passed, std::optional<milliseconds> server_offset = milliseconds{0}) {
        survey::Response response = sample::visit(++answers_);
        response.finished.utc = noon() + passed;
        response.finished.monotonic = survey::MonoTime(hours(1) + passed);
        response.boot_id = boot_;
        response.server_offset = server_offset;
        if (officer_) response.context.officer = {*officer_};
        journal_.add(response);
    }
    /// Delivers what waits.
    void deliver(milliseconds passed, milliseconds backend_ahead) {
        BatchHeader header = journal_.header(delivered_ + 1, journal_.size());
        header.boot = boot_;
        header.sent = noon() + passed;
        header.sent_monotonic = hours(1) + passed;
        const Batch batch = sample::sent(header, journal_.records(delivered_ + 1, journal_.size()));
        backend_.reference = must(load_reference(*must(backend_.store->read())));
        (void)sample::accepted(backend_.take(batch, "K1", noon() + passed + backend_ahead));
        delivered_ = journal_.size();
    }
    /// Four answers: one before, two while the clock was wrong, one after.
    void live(milliseconds wrong) {
        answer(minutes(1));
        deliver(minutes(2), {});
        answer(minutes(3));
        answer(minutes(4));
        deliver(minutes(5), wrong);
        answer(minutes(6));
        deliver(minutes(7), {});
    }

    Expected<CorrectedTimes, std::string> correct(std::int64_t first, std::int64_t last, milliseconds ahead,
                                                  bool is_applied = true) {
        auto transaction = must(backend_.store->write());
        auto done = must(correct_times({first, last, ahead, "the clock was wrong", "admin", now_}, *transaction));
        if (is_applied && done) must(transaction->commit());
        return done;
    }
    VerifyReport verified() { return must(verify(*must(backend_.store->read()))); }
    /// When each counts, in minutes behind the first.
    std::vector<std::int64_t> counted() {
        std::vector<std::int64_t> result;
        for (const StoredRecord& record : sample::records(*backend_.store, {"K1"}))
            result.push_back((record.counted_at - noon()) / minutes(1));
        return result;
    }

    sample::Backend backend_;
    sample::Journal journal_{"K1"};
    std::string boot_ = "start";
    std::optional<std::string> officer_;
    std::uint64_t answers_ = 0;
    std::int64_t delivered_ = 0;
    const survey::UtcTime now_ = noon() + hours(1);
};

class CorrectTimesBy : public CorrectTimes, public testing::WithParamInterface<int> {
  protected:
    const milliseconds wrong_ = std::chrono::days(GetParam());
};

TEST_P(CorrectTimesBy, DatesAnewWhatCameByAWrongClock) {
    live(wrong_);
    const std::int64_t off = wrong_ / minutes(1);
    EXPECT_EQ(counted(), (std::vector<std::int64_t>{1, 3 + off, 4 + off, 6}));
    const auto before = sample::tallies(*backend_.store);
    const auto seen = correct(2, 2, wrong_, false);
    ASSERT_TRUE(seen) << seen.error();
    EXPECT_EQ(sample::tallies(*backend_.store), before) << "looking changes nothing";
    EXPECT_EQ(correct(2, 2, wrong_), seen);
    EXPECT_EQ(seen->batches, 1);
    EXPECT_EQ(seen->records, 2);
    const survey::Date today = survey::local_date(noon());
    const survey::Date elsewhen = survey::local_date(noon() + wrong_);
    EXPECT_EQ(seen->days.at({"mau"}), (decltype(seen->days)::mapped_type{{today, {2, 4}}, {elsewhen, {2, 0}}}));
    EXPECT_EQ(counted(), (std::vector<std::int64_t>{1, 3, 4, 6}));
    const VerifyReport report = verified();
    EXPECT_EQ(report.differences, std::vector<std::string>{});
    EXPECT_EQ(report.corrected + report.doubtful, 0);
    EXPECT_EQ(sample::incidents(*backend_.store).back().kind, IncidentKind::times);
    const Reference reference = must(load_reference(*must(backend_.store->read())));
    const auto receipts = must(read_receipts(reference, *must(backend_.store->read())));
    EXPECT_TRUE(find_suspect_receipts(receipts, reference.corrections, now_).empty());
}

TEST_P(CorrectTimesBy, IsTakenBackAndDoneAgain) {
    live(wrong_);
    const auto before = sample::tallies(*backend_.store);
    ASSERT_TRUE(correct(2, 2, wrong_));
    const auto after = sample::tallies(*backend_.store);
    ASSERT_TRUE(correct(2, 2, {}));
    EXPECT_EQ(sample::tallies(*backend_.store), before);
    EXPECT_EQ(verified().differences, std::vector<std::string>{});
    ASSERT_TRUE(correct(2, 2, wrong_ + minutes(2)));
    EXPECT_EQ(verified().differences, std::vector<std::string>{});
    ASSERT_TRUE(correct(2, 2, wrong_));
    EXPECT_EQ(sample::tallies(*backend_.store), after);
    EXPECT_EQ(verified().differences, std::vector<std::string>{});
}

TEST_P(CorrectTimesBy, AlsoDatesWhatKnewTheWrongClockAndCameLaterFromAnotherStart) {
    live(wrong_);
    answer(minutes(10), wrong_);
    boot_ = "another start";
    deliver(minutes(20), {});
    ASSERT_TRUE(correct(2, 2, wrong_));
    EXPECT_EQ(counted(), (std::vector<std::int64_t>{1, 3, 4, 6, 10}));
    boot_ = "start";
    answer(minutes(25), wrong_);
    boot_ = "a third start";
    deliver(minutes(30), {});
    EXPECT_EQ(counted().back(), 25) << "and what comes only now";
    EXPECT_EQ(verified().differences, std::vector<std::string>{});
    ASSERT_TRUE(correct(2, 2, {}));
    EXPECT_EQ(verified().differences, std::vector<std::string>{});
}

TEST_P(CorrectTimesBy, HoldsForWhatIsReprocessedLater) {
    officer_ = "c-01";
    live(wrong_);
    ASSERT_TRUE(correct(2, 2, wrong_));
    backend_.put_center(sample::grown_center_json());
    EXPECT_EQ(must(reprocess_all(*backend_.store, now_)).reprocessed, 4);
    EXPECT_EQ(counted(), (std::vector<std::int64_t>{1, 3, 4, 6}));
    EXPECT_EQ(verified().differences, std::vector<std::string>{});
}

TEST_P(CorrectTimesBy, MovesWhatWasReprocessedBefore) {
    officer_ = "c-01";
    live(wrong_);
    backend_.put_center(sample::grown_center_json());
    EXPECT_EQ(must(reprocess_all(*backend_.store, now_)).reprocessed, 4);
    ASSERT_TRUE(correct(2, 2, wrong_));
    EXPECT_EQ(counted(), (std::vector<std::int64_t>{1, 3, 4, 6}));
    EXPECT_EQ(verified().differences, std::vector<std::string>{});
}

TEST_P(CorrectTimesBy, RefusesWhatTheTerminalsClocksContradict) {
    live(wrong_);
    for (const auto& [first, last, ahead] :
         std::vector<std::tuple<std::int64_t, std::int64_t, milliseconds>>{{2, 2, -wrong_},
                                                                           {2, 2, wrong_ * 10},
                                                                           {1, 1, wrong_},
                                                                           {1, 3, wrong_},
                                                                           {3, 3, hours(-30)},
                                                                           {1, 1, hours(30)}}) {
        const auto done = correct(first, last, ahead);
        ASSERT_FALSE(done) << first << " " << last;
        EXPECT_NE(done.error().find("contradict"), std::string::npos) << done.error();
    }
    EXPECT_EQ(verified().differences, std::vector<std::string>{});
}

INSTANTIATE_TEST_SUITE_P(ByDays, CorrectTimesBy, testing::Values(-400, -1, 1, 365));

TEST_F(CorrectTimes, RefusesNonsense) {
    live(std::chrono::days(365));
    for (const auto& [first, last] :
         std::vector<std::pair<std::int64_t, std::int64_t>>{{0, 2}, {2, 4}, {3, 2}, {4, 4}}) {
        const auto done = correct(first, last, std::chrono::days(365));
        ASSERT_FALSE(done);
        EXPECT_NE(done.error().find("there are no batches"), std::string::npos) << done.error();
    }
    EXPECT_NE(correct(2, 2, {}).error().find("no correction"), std::string::npos);
    EXPECT_NE(correct(2, 2, kCorrectionMax + minutes(1)).error().find("century"), std::string::npos);
    ASSERT_TRUE(correct(2, 2, std::chrono::days(365)));
    EXPECT_NE(correct(1, 2, std::chrono::days(365)).error().find("corrected already"), std::string::npos);
    ASSERT_TRUE(correct(2, 2, {}));
    EXPECT_NE(correct(2, 2, {}).error().find("no correction"), std::string::npos);
}

TEST_F(CorrectTimes, ThatNothingSpeaksAgainstAreTaken) {
    answer(minutes(1));
    deliver(minutes(2), std::chrono::days(-30));
    const auto done = correct(1, 1, std::chrono::days(-30));
    ASSERT_TRUE(done) << done.error();
    EXPECT_EQ(counted(), std::vector<std::int64_t>{1});
    EXPECT_EQ(verified().differences, std::vector<std::string>{});
}

TEST(DescribedError, SaysHowFarAndWhere) {
    EXPECT_EQ(described_error(std::chrono::days(365) + minutes(4)), "365 days 0:04:00 ahead");
    EXPECT_EQ(described_error(-(std::chrono::days(1) + hours(2))), "1 day 2:00:00 behind");
    EXPECT_EQ(described_error(hours(7)), "7:00:00 ahead");
}

}  // namespace
}  // namespace hailong::sync
