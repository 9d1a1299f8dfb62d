#include "sync/client/loop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sync/client/world.h"

namespace hailong::sync {
namespace {

using survey::milliseconds;
using test::FakeBackend;
using test::Weather;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

/// A terminal and its backend, with time that passes only in pauses.
class Loop : public testing::Test {
  protected:
    void answer(std::int64_t first, std::int64_t last) {
        for (std::int64_t n = first; n <= last; ++n)
            ASSERT_TRUE(journal_.append(test::response(n), test::ward5()));
    }
    Outside outside() {
        return {[this](milliseconds time) {
                    pauses_.push_back(time);
                    clock_.pass(time);
                    waited_ += time;
                    return on_pause_ == nullptr || on_pause_();
                },
                [this](const Exchange& exchange) { lines_.push_back(exchange.what); },
                [this] { return is_enrolled_anew_(); }};
    }
    OnceResult once() { return run_once(client_, {}, std::mt19937_64(1), outside()); }
    WatchEnd watch(milliseconds inbox_every = milliseconds{300'000}) {
        return run_watch(client_, clock_, inbox_every, {}, std::mt19937_64(1), outside());
    }
    /// So long that what was delivered may go; the clocks agreed on the way.
    void pass_until_old() {
        const milliseconds time = kRetention + std::chrono::days{3};
        clock_.pass(time);
        backend_.now += time;
        clock_.utc = backend_.now;
        test::agree_on(journal_, backend_.now);
    }
    int count_requests(const std::string& method) {
        int count = 0;
        for (const Request& request : network_.requests)
            count += request.method == method ? 1 : 0;
        return count;
    }

    test::TemporaryFolder folder_;
    kiosk::Journal journal_ = test::open_journal(folder_ / "journal.db");
    kiosk::Inbox inbox_ = *kiosk::Inbox::open(folder_ / "journal.db");
    tests::FakeClock clock_;
    FakeBackend backend_;
    test::FakeNetwork network_{backend_};
    Client client_{journal_, inbox_, network_, clock_, backend_.identity(), test::at_most(2)};
    std::function<bool()> is_enrolled_anew_ = [] { return false; };
    std::function<bool()> on_pause_;
    std::vector<milliseconds> pauses_;
    milliseconds waited_{0};
    std::vector<std::string> lines_;
};

TEST_F(Loop, OnceDeliversAllAndBringsTheInboxDown) {
    answer(1, 5);
    EXPECT_EQ(once(), OnceResult::all_delivered);
    EXPECT_EQ(journal_.delivered_seq(), 5);
    EXPECT_EQ(inbox_.version(), "\"1\"");
    EXPECT_EQ(waited_, milliseconds{0});
    EXPECT_THAT(lines_, ElementsAre(HasSubstr("records 1 to 2"), HasSubstr("records 3 to 4"),
                                    HasSubstr("records 5 to 5"), HasSubstr("inbox: replaced")));
}

TEST_F(Loop, OnceTriesAgainWhatMayPass) {
    answer(1, 1);
    network_.forecast = {Weather::request_lost, Weather::portal, Weather::clear, Weather::request_lost};
    EXPECT_EQ(once(), OnceResult::all_delivered);
    EXPECT_GT(waited_, milliseconds{0});
}

TEST_F(Loop, OnceGivesUpAfterSomeFailures) {
    answer(1, 1);
    network_.instead = HttpReply{500, "", "", "", 0};
    EXPECT_EQ(once(), OnceResult::try_again);
    EXPECT_EQ(count_requests("POST"), kOnceFailuresMax);
    EXPECT_EQ(journal_.delivered_seq(), 0);
}

TEST_F(Loop, OnceGoesDownToWhatABadLineCarriesBeforeItGivesUp) {
    answer(1, 600);
    Client client(journal_, inbox_, network_, clock_, backend_.identity(), test::at_most(500));
    network_.carries = 1'500;
    EXPECT_EQ(run_once(client, {}, std::mt19937_64(1), outside()), OnceResult::all_delivered);
    EXPECT_EQ(journal_.delivered_seq(), 600);
}

TEST_F(Loop, OnceDoesNotWaitForABackendThatWantsToBeLeftAlone) {
    answer(1, 1);
    network_.instead = FakeBackend::refuse(ProblemKind::overloaded, "");
    network_.instead->retry_after_s = 3'600;
    EXPECT_EQ(once(), OnceResult::try_again);
    EXPECT_EQ(count_requests("POST"), 1);
    EXPECT_EQ(waited_, milliseconds{0});
}

TEST_F(Loop, OnceAsksForAPersonAndStillBringsTheInboxDown) {
    answer(1, 1);
    ASSERT_EQ(once(), OnceResult::all_delivered);
    network_.requests.clear();
    answer(2, 2);
    backend_.hold(2, "other");
    backend_.inbox_etag = "\"2\"";
    EXPECT_EQ(once(), OnceResult::person);
    EXPECT_EQ(count_requests("POST"), 1);
    EXPECT_EQ(inbox_.version(), "\"2\"");
}

TEST_F(Loop, OnceAsksABackendThatDoesNotKnowTheTerminalOnce) {
    answer(1, 1);
    backend_.token = "another";
    EXPECT_EQ(once(), OnceResult::person);
    EXPECT_EQ(network_.requests.size(), 1U);
}

TEST_F(Loop, OnceReportsABrokenInbox) {
    answer(1, 1);
    backend_.inbox_body = R"({"documents":7})";
    EXPECT_EQ(once(), OnceResult::person);
    EXPECT_EQ(journal_.delivered_seq(), 1);
}

TEST_F(Loop, OnceEndsWhenAskedTo) {
    answer(1, 5);
    on_pause_ = [this] { return count_requests("POST") < 1; };
    EXPECT_EQ(once(), OnceResult::try_again);
    EXPECT_EQ(journal_.delivered_seq(), 2);
}

TEST_F(Loop, WatchDeliversWithinASecondOfTheAnswer) {
    int turns = 0;
    on_pause_ = [&] {
        turns += 1;
        if (turns == 5) answer(1, 1);
        if (turns == 6) {
            EXPECT_EQ(journal_.delivered_seq(), 1) << "the next look must find it";
        }
        return turns < 20;
    };
    EXPECT_EQ(watch(), WatchEnd::stopped);
    for (std::size_t i = 1; i < pauses_.size(); ++i)
        EXPECT_LE(pauses_[i], kLookEvery);
    EXPECT_EQ(count_requests("POST"), 1);
    EXPECT_EQ(count_requests("GET"), 1);
}

TEST_F(Loop, WatchSendsWhatWaitsWithoutPausing) {
    answer(1, 10);
    on_pause_ = [&] { return journal_.delivered_seq() != 10; };
    EXPECT_EQ(watch(), WatchEnd::stopped);
    EXPECT_EQ(waited_, milliseconds{0});
}

TEST_F(Loop, WatchBringsTheInboxDownEverySoOften) {
    on_pause_ = [&] { return waited_ < milliseconds{100'000}; };
    EXPECT_EQ(watch(milliseconds{30'000}), WatchEnd::stopped);
    EXPECT_EQ(count_requests("GET"), 4);  // at 0, 30, 60 and 90 seconds
}

TEST_F(Loop, WatchBacksOffAndRecovers) {
    answer(1, 1);
    network_.instead = HttpReply{500, "", "", "", 0};
    on_pause_ = [&] {
        if (waited_ > milliseconds{3'600'000}) network_.instead.reset();
        return journal_.delivered_seq() != 1;
    };
    EXPECT_EQ(watch(), WatchEnd::stopped);
    EXPECT_GT(count_requests("POST"), 10);
    EXPECT_LT(count_requests("POST"), 60) << "an hour at up to five minutes a time";
    EXPECT_LT(waited_, milliseconds{3'600'000} + RetryPolicy{}.most);
}

TEST_F(Loop, WatchLeavesAloneWhatAPersonMustMend) {
    answer(1, 1);
    network_.instead = FakeBackend::refuse(ProblemKind::unsupported, "");
    on_pause_ = [&] {
        if (waited_ >= kPersonWait * 2) network_.instead.reset();
        return journal_.delivered_seq() != 1;
    };
    EXPECT_EQ(watch(), WatchEnd::stopped);
    EXPECT_EQ(count_requests("POST"), 6) << "at once, after 1, 4, 16 and 60 minutes more, and then it was mended";
}

TEST_F(Loop, WatchAsksEverMoreSeldomWhoDoesNotKnowIt) {
    answer(1, 1);
    backend_.token = "another";
    on_pause_ = [&] { return waited_ < kPersonWait * 24; };
    EXPECT_EQ(watch(), WatchEnd::stopped);
    EXPECT_EQ(network_.requests.size(), 27U) << "at once, after 1, 4 and 16 minutes more, and then once an hour";
    EXPECT_THAT(lines_, Each(HasSubstr("unauthorized")));
}

TEST_F(Loop, WatchDeliversAgainWhenOneAnswerWasWrong) {
    for (const ProblemKind kind : {ProblemKind::unauthorized, ProblemKind::forbidden, ProblemKind::bad_signature,
                                   ProblemKind::altered, ProblemKind::malformed, ProblemKind::unsupported}) {
        SCOPED_TRACE(std::string(name(kind)));
        const auto number = static_cast<std::int64_t>(kind) + 1;
        answer(number, number);
        network_.instead = FakeBackend::refuse(kind, "");
        const milliseconds begun = waited_;
        std::optional<milliseconds> delivered;
        on_pause_ = [&] {
            if (waited_ > begun + kLookEvery) network_.instead.reset();
            if (!delivered && journal_.delivered_seq() == journal_.head().value().seq) delivered = waited_ - begun;
            return !delivered && waited_ < begun + kPersonWait;
        };
        EXPECT_EQ(watch(), WatchEnd::stopped);
        EXPECT_LE(delivered.value_or(kPersonWait), kPersonWaitFirst + kLookEvery);
    }
}

TEST_F(Loop, WatchSendsNothingMoreWhenAnotherHistoryIsStoredButStillBringsTheInboxDown) {
    answer(1, 1);
    ASSERT_EQ(once(), OnceResult::all_delivered);
    network_.requests.clear();
    lines_.clear();
    answer(2, 2);
    backend_.hold(2, "of another disk");
    on_pause_ = [&] { return waited_ < kPersonWait * 3; };
    EXPECT_EQ(watch(), WatchEnd::stopped);
    EXPECT_EQ(count_requests("POST"), 6) << "at once, after 1, 4, 16 and 60 minutes more, and once an hour";
    EXPECT_GE(backend_.incidents, 1);
    EXPECT_EQ(count_requests("GET"), 36) << "every five minutes of three hours";
    EXPECT_THAT(lines_, Each(HasSubstr("altered")));
    EXPECT_THAT(journal_.sync_status()->last_error, HasSubstr("altered")) << "the staff still see it";
}

TEST_F(Loop, WatchBeginsAnewSoonAfterTheTerminalIsEnrolledAnew) {
    answer(1, 1);
    backend_.token = "another";
    is_enrolled_anew_ = [&] { return waited_ >= kPersonWait; };
    on_pause_ = [&] { return waited_ < kPersonWait * 2; };
    EXPECT_EQ(watch(), WatchEnd::enrolled_anew);
    EXPECT_LE(waited_, kPersonWait + kLookEvery);
}

TEST_F(Loop, WatchOpensTheJournalAnewWhenItsFileIsDamaged) {
    answer(1, 2);
    test::run_sql(folder_ / "journal.db", "DROP TABLE sync_state; PRAGMA user_version = 0; DELETE FROM skips");
    on_pause_ = [&] { return waited_ < kPersonWait; };
    EXPECT_EQ(watch(), WatchEnd::reopen);
    EXPECT_LE(waited_, kLookEvery);
}

TEST_F(Loop, WatchOpensTheJournalAnewWhenItsFileWasReplaced) {
    answer(1, 2);
    on_pause_ = [&] {
        if (waited_ == milliseconds{10'000}) {
            for (const char* end : {"", "-wal", "-shm", "-head"})
                std::filesystem::rename(folder_ / ("journal.db" + std::string(end)),
                                        folder_ / ("quarantined.db" + std::string(end)));
            (void)test::open_journal(folder_ / "journal.db");
        }
        return waited_ < kPersonWait;
    };
    EXPECT_EQ(watch(), WatchEnd::reopen);
    EXPECT_LE(waited_, milliseconds{302'000}) << "when it next notes something";
}

TEST_F(Loop, WatchSendsAgainAtOnceWhatTheBackendLost) {
    answer(1, 5);
    on_pause_ = [&] {
        if (waited_ == milliseconds{200'000}) backend_.forget_after(1);
        return waited_ < milliseconds{300'000} || backend_.stored.size() != 5;
    };
    EXPECT_EQ(watch(), WatchEnd::stopped);
    EXPECT_EQ(waited_, milliseconds{300'000}) << "as soon as it was heard of";
}

TEST_F(Loop, OnceSendsAgainWhatTheBackendLost) {
    answer(1, 5);
    EXPECT_EQ(once(), OnceResult::all_delivered);
    backend_.forget_after(0);
    EXPECT_EQ(once(), OnceResult::all_delivered);
    EXPECT_EQ(backend_.stored.size(), 5U);
}

TEST_F(Loop, OnceRemovesWhatWasDeliveredLongAgo) {
    answer(1, 5);
    clock_.utc = backend_.now;
    EXPECT_EQ(once(), OnceResult::all_delivered);
    pass_until_old();
    EXPECT_EQ(once(), OnceResult::all_delivered);
    EXPECT_EQ(journal_.base()->seq, 4);
}

TEST_F(Loop, WatchRemovesWhatWasDeliveredLongAgo) {
    answer(1, 5);
    clock_.utc = backend_.now;
    EXPECT_EQ(once(), OnceResult::all_delivered);
    pass_until_old();
    answer(6, 6);  // so that a receipt tells the backend's clock
    on_pause_ = [&] { return journal_.base()->seq != 5 && waited_ < kPruneEvery * 2; };
    EXPECT_EQ(watch(), WatchEnd::stopped);
    EXPECT_LE(waited_, kPruneEvery + milliseconds{300'000});
}

TEST_F(Loop, WatchEndsAtOnceWhenAskedTo) {
    answer(1, 5);
    on_pause_ = [] { return false; };
    EXPECT_EQ(watch(), WatchEnd::stopped);
    EXPECT_EQ(network_.requests.size(), 0U);
}

}  // namespace
}  // namespace hailong::sync
