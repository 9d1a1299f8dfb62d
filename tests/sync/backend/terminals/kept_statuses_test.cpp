#include "sync/backend/terminals/kept_statuses.h"

#include <gtest/gtest.h>

#include "tests/sync/backend/fixed_clock.h"
#include "tests/sync/backend/sample.h"

namespace hailong::sync {
namespace {

using std::chrono::seconds;

TerminalStatus waiting(std::int64_t count) {
    TerminalStatus status;
    status.waiting = count;
    status.kiosk_version = "0.1.0";
    return status;
}

TerminalStatus troubled() {
    TerminalStatus status = waiting(1);
    status.troubles = {"disk"};
    return status;
}

class Statuses : public ::testing::Test {
  protected:
    /// What is to be written when the terminal says that.
    static Terminal terminal(const std::string& kiosk) {
        Terminal terminal;
        terminal.kiosk = {kiosk};
        return terminal;
    }
    std::vector<HeardStatus> hear(const TerminalStatus& status, const std::string& kiosk = "K1") {
        return kept_.hear(terminal(kiosk), encode(status));
    }
    /// The same, and it is written.
    std::vector<HeardStatus> write(const TerminalStatus& status, const std::string& kiosk = "K1") {
        auto due = hear(status, kiosk);
        if (!due.empty()) kept_.written(due, true);
        return due;
    }

    sample::MovingClock clock_;
    KeptStatuses kept_{clock_};
};

TEST_F(Statuses, AreWrittenWhenATerminalIsHeardForTheFirstTime) {
    EXPECT_EQ(hear(waiting(3)), (std::vector{HeardStatus{{"K1"}, waiting(3), clock_.now()}}));
}

TEST_F(Statuses, AreNotWrittenForNumbersThatOnlyMoved) {
    ASSERT_EQ(write(waiting(0)).size(), 1u);
    int writes = 0;
    std::int64_t polls = 0;
    for (seconds passed{0}; passed < 4 * kStatusAgeMax; passed += seconds(5)) {
        clock_.pass(seconds(5));
        if (!write(waiting(++polls)).empty()) ++writes;
    }
    EXPECT_EQ(writes, 4) << "now and then, although it spoke " << polls << " times";
}

TEST_F(Statuses, AreWrittenSoonWhenPeopleWantToKnow) {
    ASSERT_EQ(write(waiting(0)).size(), 1u);
    clock_.pass(kStatusWritesPause);
    EXPECT_EQ(write(troubled()).size(), 1u);
    clock_.pass(kStatusWritesPause);
    TerminalStatus updated = troubled();
    updated.sync_version = "0.2.0";
    EXPECT_EQ(write(updated).size(), 1u);
    clock_.pass(kStatusWritesPause);
    updated.waiting = 9;
    EXPECT_EQ(write(updated).size(), 0u);
}

TEST_F(Statuses, CostOneWriteAPauseWhateverTerminalsSay) {
    int writes = 0;
    for (int i = 0; i < 300; ++i) {
        clock_.pass(seconds(1));
        if (!write(i % 2 == 0 ? waiting(0) : troubled()).empty()) ++writes;
    }
    EXPECT_EQ(writes, 300 / kStatusWritesPause.count());
}

TEST_F(Statuses, GoTogetherWithThoseThatWait) {
    ASSERT_EQ(write(waiting(0), "K1").size(), 1u);
    EXPECT_TRUE(write(waiting(2), "K3").empty()) << "the pause is not over";
    EXPECT_TRUE(write(waiting(1), "K2").empty());
    EXPECT_TRUE(write(waiting(4), "K3").empty());
    clock_.pass(kStatusWritesPause);
    const auto together = write(waiting(0), "K1");
    ASSERT_EQ(together.size(), 2u) << "K1 has nothing new to say";
    EXPECT_EQ(together[0].kiosk, survey::KioskId{"K2"});
    EXPECT_EQ(together[1].status, waiting(4)) << "what it said last";
    clock_.pass(kStatusWritesPause);
    EXPECT_TRUE(write(waiting(0), "K1").empty());
}

TEST_F(Statuses, WaitWhileAnotherWriteIsUnderWay) {
    const auto first = hear(waiting(0));
    clock_.pass(2 * kStatusWritesPause);
    EXPECT_TRUE(hear(troubled()).empty());
    kept_.written(first, true);
    EXPECT_EQ(hear(troubled()).size(), 1u);
}

TEST_F(Statuses, AreWrittenAgainWhenTheStoreRefused) {
    const auto first = hear(waiting(0));
    kept_.written(first, false);
    EXPECT_TRUE(hear(waiting(0)).empty()) << "not at once: the disk may be full";
    clock_.pass(kStatusWritesPause);
    EXPECT_EQ(hear(waiting(0)).size(), 1u);
}

TEST_F(Statuses, HeardWhileTheyWereWrittenAreWrittenToo) {
    const auto first = hear(waiting(0));
    EXPECT_TRUE(hear(troubled()).empty());
    kept_.written(first, true);
    clock_.pass(kStatusWritesPause);
    const auto next = hear(waiting(0), "K2");
    ASSERT_EQ(next.size(), 2u);
    EXPECT_EQ(next.front().status, troubled());
}

TEST_F(Statuses, GoInPartsWhereTheyAreMany) {
    ASSERT_EQ(write(waiting(0), "first").size(), 1u);
    for (std::size_t i = 0; i < kStatusesAtOnceMax + 1; ++i)
        EXPECT_TRUE(hear(waiting(0), "k-" + std::to_string(10'000 + i)).empty());
    clock_.pass(kStatusWritesPause);
    EXPECT_EQ(write(waiting(0), "first").size(), kStatusesAtOnceMax);
    clock_.pass(kStatusWritesPause);
    EXPECT_EQ(write(waiting(0), "first").size(), 1u);
}

TEST_F(Statuses, ThatCantBeUnderstoodArePassedOver) {
    for (const char* header : {"", "{", "[]", "words", R"({"waiting":-1})", R"({"troubles":["two words"]})"})
        EXPECT_TRUE(kept_.hear(terminal("K1"), header).empty()) << header;
    EXPECT_EQ(write(waiting(0)).size(), 1u);
}

}  // namespace
}  // namespace hailong::sync
