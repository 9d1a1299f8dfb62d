#include "survey/time_evidence.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace hailong::survey {
namespace {

using std::chrono::hours;

constexpr milliseconds kOne{1};
const UtcTime kReceived{milliseconds{1'795'314'000'000}};
const UtcTime kClaimed = kReceived - hours(3);

/// Finished at `claimed`, at 1,000 s of the monotonic clock of the start "boot".
Response finished_at(UtcTime claimed) {
    Response response;
    response.boot_id = "boot";
    response.finished.utc = claimed;
    response.finished.monotonic = MonoTime(std::chrono::seconds(1000));
    return response;
}

/// Sent `later` after that by the same monotonic clock.
TimeWitness sent_after(milliseconds later) {
    return {kReceived, "boot", std::chrono::seconds(1000) + later, {}};
}

TEST(JudgeTime, TrustsAClaimThatTheSameStartConfirms) {
    for (const milliseconds off : {-kClockTolerance, -kOne, milliseconds{0}, kOne, kClockTolerance}) {
        const UtcTime claimed = kReceived - hours(3) + off;
        EXPECT_EQ(judge_time(finished_at(claimed), sent_after(hours(3))), (JudgedTime{claimed, TimeTrust::trusted}));
    }
}

TEST(JudgeTime, CorrectsAClaimThatTheSameStartContradicts) {
    for (const milliseconds off : {-kClockTolerance - kOne, kClockTolerance + kOne, milliseconds(hours(24)),
                                   -milliseconds(hours(24)), milliseconds(std::chrono::years(10))}) {
        EXPECT_EQ(judge_time(finished_at(kReceived - hours(3) + off), sent_after(hours(3))),
                  (JudgedTime{kReceived - hours(3), TimeTrust::corrected}));
    }
}

TEST(JudgeTime, TakesTheSameStartBeforeAnOffset) {
    Response response = finished_at(kClaimed);
    response.server_offset = milliseconds(hours(48));
    EXPECT_EQ(judge_time(response, sent_after(hours(3))), (JudgedTime{kClaimed, TimeTrust::trusted}));
}

TEST(JudgeTime, UsesAMonotonicTimeFromTheMomentOfFinishingOn) {
    EXPECT_EQ(judge_time(finished_at(kReceived), sent_after(milliseconds{0})),
              (JudgedTime{kReceived, TimeTrust::trusted}));
    EXPECT_EQ(judge_time(finished_at(kReceived), sent_after(-kOne)).trust, TimeTrust::doubtful);
}

TEST(JudgeTime, TakesNoWitnessFromAnotherOrAnUnknownStart) {
    TimeWitness witness = sent_after(hours(1));
    witness.boot = "another";
    EXPECT_EQ(judge_time(finished_at(kClaimed), witness), (JudgedTime{kClaimed, TimeTrust::doubtful}));
    witness.boot.clear();
    Response response = finished_at(kClaimed);
    response.boot_id.clear();
    EXPECT_EQ(judge_time(response, witness).trust, TimeTrust::doubtful);
    witness = sent_after(hours(1));
    witness.sent_monotonic.reset();
    EXPECT_EQ(judge_time(finished_at(kClaimed), witness).trust, TimeTrust::doubtful);
}

TEST(JudgeTime, TrustsAClaimWhoseClockWasRight) {
    for (const milliseconds offset : {-kClockTolerance, -kOne, milliseconds{0}, kOne, kClockTolerance}) {
        Response response = finished_at(kClaimed);
        response.server_offset = offset;
        EXPECT_EQ(judge_time(response, {kReceived, {}, {}, {}}), (JudgedTime{kClaimed, TimeTrust::trusted}));
    }
}

TEST(JudgeTime, CorrectsAClaimByTheOffsetThatWasKnown) {
    for (const milliseconds offset :
         {-kClockTolerance - kOne, kClockTolerance + kOne, milliseconds(hours(2)), -milliseconds(hours(9000))}) {
        Response response = finished_at(kClaimed);
        response.server_offset = offset;
        EXPECT_EQ(judge_time(response, {kReceived, {}, {}, {}}), (JudgedTime{kClaimed + offset, TimeTrust::corrected}));
    }
}

TEST(JudgeTime, DoubtsAnOffsetThatLeadsAfterTheReceipt) {
    Response response = finished_at(kReceived);
    response.server_offset = kClockTolerance;
    EXPECT_EQ(judge_time(response, {kReceived, {}, {}, {}}), (JudgedTime{kReceived, TimeTrust::trusted}));
    response.server_offset = kClockTolerance + kOne;
    EXPECT_EQ(judge_time(response, {kReceived, {}, {}, {}}), (JudgedTime{kReceived, TimeTrust::doubtful}));
}

TEST(JudgeTime, DoubtsAnOffsetThatLeadsBeforeTheRecordBefore) {
    Response response = finished_at(kClaimed);
    response.server_offset = milliseconds{0};
    const UtcTime edge = kClaimed + kClockTolerance;
    EXPECT_EQ(judge_time(response, {kReceived, {}, {}, edge}), (JudgedTime{kClaimed, TimeTrust::trusted}));
    EXPECT_EQ(judge_time(response, {kReceived, {}, {}, edge + kOne}), (JudgedTime{edge + kOne, TimeTrust::doubtful}));
}

TEST(JudgeTime, MovesADoubtfulClaimOnlySoFarThatItIsPossible) {
    const UtcTime before = kReceived - hours(5);
    const auto judged = [&](UtcTime claimed) { return judge_time(finished_at(claimed), {kReceived, {}, {}, before}); };
    for (const UtcTime possible : {before, before + kOne, kClaimed, kReceived - kOne, kReceived})
        EXPECT_EQ(judged(possible), (JudgedTime{possible, TimeTrust::doubtful}));
    for (const UtcTime late : {kReceived + kOne, kReceived + std::chrono::years(10)})
        EXPECT_EQ(judged(late), (JudgedTime{kReceived, TimeTrust::doubtful}));
    for (const UtcTime early : {before - kOne, UtcTime{}})
        EXPECT_EQ(judged(early), (JudgedTime{before, TimeTrust::doubtful}));
}

TEST(JudgeTime, NeverCountsADoubtfulClaimAfterTheReceiptWhateverCameBefore) {
    // The record before it was counted later than this one came: the backend's own clock was put back.
    EXPECT_EQ(judge_time(finished_at(kClaimed), {kReceived, {}, {}, kReceived + hours(1)}),
              (JudgedTime{kReceived, TimeTrust::doubtful}));
}

/// Every combination around every edge: what is trusted is the claim, what is corrected is more than the tolerance away
/// from it, what is doubtful lies between the record before and the receipt.
TEST(JudgeTime, KeepsItsPromisesAroundEveryEdge) {
    const std::vector<milliseconds> around = {
        -milliseconds(hours(1)), -kClockTolerance - kOne, -kClockTolerance,      -kOne, milliseconds{0}, kOne,
        kClockTolerance,         kClockTolerance + kOne,  milliseconds(hours(1))};
    int seen = 0;
    for (const milliseconds claim : around) {
        for (const milliseconds before : around) {
            for (const milliseconds offset : around) {
                for (const milliseconds sent : around) {
                    for (const bool has_offset : {false, true}) {
                        Response response = finished_at(kReceived + claim);
                        if (has_offset) response.server_offset = offset;
                        TimeWitness witness = sent_after(sent);
                        witness.not_before = kReceived + before;
                        const JudgedTime judged = judge_time(response, witness);
                        const milliseconds away = std::chrono::abs(judged.counted_at - response.finished.utc);
                        ++seen;
                        switch (judged.trust) {
                            case TimeTrust::trusted:
                                ASSERT_EQ(away, milliseconds{0});
                                break;
                            case TimeTrust::corrected:
                                ASSERT_GT(away, kClockTolerance);
                                break;
                            case TimeTrust::doubtful:
                                ASSERT_LE(judged.counted_at, kReceived);
                                ASSERT_GE(judged.counted_at, std::min(kReceived, witness.not_before));
                                break;
                        }
                        ASSERT_TRUE(sent < milliseconds{0} || judged.trust != TimeTrust::doubtful);
                    }
                }
            }
        }
    }
    EXPECT_EQ(seen, 9 * 9 * 9 * 9 * 2);
}

TEST(TimeTrustNames, AreReadAsTheyAreWritten) {
    for (const TimeTrust trust : {TimeTrust::trusted, TimeTrust::corrected, TimeTrust::doubtful})
        EXPECT_EQ(parse_time_trust(name(trust)), trust);
    EXPECT_FALSE(parse_time_trust("").has_value());
    EXPECT_FALSE(parse_time_trust("Trusted").has_value());
}

}  // namespace
}  // namespace hailong::survey
