#include "sync/backend/service/upload_watch.h"

#include <vector>

#include <gtest/gtest.h>

#include "tests/sync/backend/fixed_clock.h"

namespace hailong::sync {
namespace {

Problem problem(ProblemKind kind, std::string detail = "why") {
    Problem made;
    made.kind = kind;
    made.detail = std::move(detail);
    return made;
}

class UploadWatches : public testing::Test {
  protected:
    sample::MovingClock clock_;
    std::vector<std::string> begun_;
    std::vector<std::string> ended_;
    UploadWatch watch_{clock_, [this](const std::string& line) { begun_.push_back(line); },
                       [this](const std::string& line) { ended_.push_back(line); }};
};

TEST_F(UploadWatches, TellARefusedTerminalOnceWhenItBeginsAndOnceWhenItEnded) {
    watch_.taken({"K1"});
    for (int i = 0; i < 9; ++i)
        watch_.refused({"K1"}, problem(ProblemKind::bad_signature, "the signature does not fit"));
    ASSERT_EQ(begun_.size(), 1u);
    EXPECT_NE(begun_[0].find("K1"), std::string::npos) << begun_[0];
    EXPECT_NE(begun_[0].find("the signature does not fit"), std::string::npos) << begun_[0];
    watch_.refused({"K1"}, problem(ProblemKind::malformed));
    watch_.refused({"K2"}, problem(ProblemKind::malformed));
    EXPECT_EQ(begun_.size(), 3u) << "another reason, another terminal";
    watch_.taken({"K1"});
    watch_.taken({"K1"});
    ASSERT_EQ(ended_.size(), 1u);
    EXPECT_NE(ended_[0].find("K1"), std::string::npos) << ended_[0];
    EXPECT_EQ(watch_.why_failing(), std::nullopt) << "terminals' faults are not the backend's";
}

TEST_F(UploadWatches, DoNotTellAGap) {
    watch_.refused({"K1"}, problem(ProblemKind::gap));
    watch_.taken({"K1"});
    EXPECT_TRUE(begun_.empty());
    EXPECT_TRUE(ended_.empty());
}

TEST_F(UploadWatches, TellStrangersOnceHoweverManyAndWhateverTheyCallThemselves) {
    for (int i = 0; i < 1'000; ++i)
        watch_.refused_stranger({"K" + std::to_string(i)}, problem(ProblemKind::unauthorized));
    ASSERT_EQ(begun_.size(), 1u);
    EXPECT_NE(begun_[0].find("K0"), std::string::npos) << begun_[0];
    clock_.pass(kStrangersEndAfter - std::chrono::seconds(1));
    watch_.taken({"K1"});
    EXPECT_TRUE(ended_.empty());
    clock_.pass(std::chrono::seconds(1));
    watch_.taken({"K1"});
    EXPECT_EQ(ended_.size(), 1u);
    watch_.refused_stranger({"a name\nthat is none"}, problem(ProblemKind::unauthorized));
    ASSERT_EQ(begun_.size(), 2u) << "it begins anew";
    EXPECT_EQ(begun_[1].find("a name"), std::string::npos) << begun_[1];
}

TEST_F(UploadWatches, TellRefusedEnrolmentsOnceAndAFewOfThem) {
    for (int i = 0; i < 3; ++i)
        watch_.refused_enrolment({"K1"}, problem(ProblemKind::forbidden, "the code is too old"));
    ASSERT_EQ(begun_.size(), 1u);
    EXPECT_NE(begun_[0].find("K1"), std::string::npos) << begun_[0];
    for (int i = 0; i < 100; ++i)
        watch_.refused_enrolment({"X" + std::to_string(i)}, problem(ProblemKind::forbidden));
    EXPECT_EQ(begun_.size(), kEnrolmentsToldMax);
    watch_.enrolled({"K1"});
    EXPECT_EQ(ended_, std::vector<std::string>{"terminal K1 was enrolled"}) << "somebody may try on";
    clock_.pass(kStrangersEndAfter);
    watch_.taken({"K1"});
    EXPECT_EQ(ended_.size(), 2u);
    watch_.refused_enrolment({"K1"}, problem(ProblemKind::forbidden, "the code is too old"));
    EXPECT_EQ(begun_.size(), kEnrolmentsToldMax + 1) << "it begins anew";
}

TEST_F(UploadWatches, RememberNoMoreTerminalsThanAFleet) {
    for (std::size_t i = 0; i <= kTerminalsToldMax; ++i)
        watch_.refused({"K" + std::to_string(i)}, problem(ProblemKind::malformed));
    EXPECT_EQ(begun_.size(), kTerminalsToldMax);
}

TEST_F(UploadWatches, SayThatUploadsFailUntilOneIsTakenOrNobodyTriesAnyMore) {
    for (const ProblemKind own : {ProblemKind::overloaded, ProblemKind::internal}) {
        watch_.refused({"K1"}, problem(own, "too many batches wait"));
        EXPECT_EQ(watch_.why_failing(), "too many batches wait");
        watch_.taken({"K2"});
        EXPECT_EQ(watch_.why_failing(), std::nullopt);
    }
    watch_.gave_up();
    EXPECT_NE(watch_.why_failing(), std::nullopt);
    clock_.pass(kUploadFailureStands);
    EXPECT_EQ(watch_.why_failing(), std::nullopt);
    EXPECT_TRUE(begun_.empty()) << "other parts tell of the backend's own troubles";
}

}  // namespace
}  // namespace hailong::sync
