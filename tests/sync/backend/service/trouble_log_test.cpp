#include "sync/backend/service/trouble_log.h"

#include <vector>

#include <gtest/gtest.h>

#include "tests/sync/backend/fixed_clock.h"

namespace hailong::sync {
namespace {

class TroubleLogs : public testing::Test {
  protected:
    sample::MovingClock clock_;
    std::vector<std::string> lines_;
    TroubleLog log_{clock_, [this](const std::string& line) { lines_.push_back(line); }};
};

TEST_F(TroubleLogs, TellsOnceWhenItBeginsAndOnceWhenItEnded) {
    log_.answered();
    EXPECT_TRUE(lines_.empty());
    for (int i = 0; i < 9; ++i)
        log_.refused("the disk fails; look at it");
    ASSERT_EQ(lines_.size(), 1u);
    EXPECT_NE(lines_[0].find("the disk fails; look at it"), std::string::npos);
    clock_.pass(kTroubleEndsAfter);
    log_.answered();
    log_.answered();
    ASSERT_EQ(lines_.size(), 2u);
    EXPECT_NE(lines_[1].find("answered again"), std::string::npos);
    log_.refused("the disk fails; look at it");
    EXPECT_EQ(lines_.size(), 3u) << "it begins anew";
}

TEST_F(TroubleLogs, DoesNotEndWhileSomeAreRefusedAndOthersAnswered) {
    for (int i = 0; i < 9; ++i) {
        log_.refused("one page is damaged");
        clock_.pass(std::chrono::seconds(30));
        log_.answered();
    }
    EXPECT_EQ(lines_.size(), 1u);
}

TEST_F(TroubleLogs, TellsOfNoMoreThanItMay) {
    for (int i = 0; i < 99; ++i)
        log_.refused("trouble " + std::to_string(i));
    EXPECT_EQ(lines_.size(), kTroublesToldMax);
}

}  // namespace
}  // namespace hailong::sync
