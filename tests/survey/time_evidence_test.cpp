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
TimeEvidence sent_after(milliseconds later) {
    return {kReceived, "boot", std::chrono::seconds(1000) + later, {}};
}

TEST(ResolveTime, TrustsAClaimThatTheSameStartConfirms) {
    for (const milliseconds off : {-kClockTolerance, -kOne, milliseconds{0}, kOne, kClockTolerance}) {
        const UtcTime claimed = kReceived - hours(3) + off;
        EXPECT_EQ(resolve_time(finished_at(claimed), sent_after(hours(3))),
                  (ResolvedTime{claimed, TimeTrust::trusted}));
    }
}

TEST(ResolveTime, CorrectsAClaimThatTheSameStartContradicts) {
    for (const milliseconds off : {-kClockTolerance - kOne, kClockTolerance + kOne, milliseconds(hours(24)),
                                   -milliseconds(hours(24)), milliseconds(std::chrono::years(10))}) {
        EXPECT_EQ(resolve_time(finished_at(kReceived - hours(3) + off), sent_after(hours(3))),
                  (ResolvedTime{kReceived - hours(3), TimeTrust::corrected}));
    }
}

TEST(ResolveTime, TakesTheSameStartBeforeAnOffset) {
    Response response = finished_at(kClaimed);
    response.server_offset = milliseconds(hours(48));
    EXPECT_EQ(resolve_time(response, sent_after(hours(3))), (ResolvedTime{kClaimed, TimeTrust::trusted}));
}

TEST(ResolveTime, UsesAMonotonicTimeFromTheMomentOfFinishingOn) {
    EXPECT_EQ(resolve_time(finished_at(kReceived), sent_after(milliseconds{0})),
              (ResolvedTime{kReceived, TimeTrust::trusted}));
    EXPECT_EQ(resolve_time(finished_at(kReceived), sent_after(-kOne)).trust, TimeTrust::doubtful);
}

TEST(ResolveTime, TakesNoEvidenceThatLeadsBeforeTheYear1970) {
    const milliseconds since_1970 = kReceived.time_since_epoch();
    Response response = finished_at(kClaimed);
    EXPECT_EQ(resolve_time(response, sent_after(since_1970)), (ResolvedTime{UtcTime{}, TimeTrust::corrected}));
    EXPECT_EQ(resolve_time(response, sent_after(since_1970 + kOne)), (ResolvedTime{kClaimed, TimeTrust::doubtful}));
    response.server_offset = milliseconds{0};
    EXPECT_EQ(resolve_time(response, sent_after(since_1970 + kOne)), (ResolvedTime{kClaimed, TimeTrust::trusted}));
}

TEST(ResolveTime, TakesNoEvidenceFromAnotherOrAnUnknownStart) {
    TimeEvidence evidence = sent_after(hours(1));
    evidence.boot = "another";
    EXPECT_EQ(resolve_time(finished_at(kClaimed), evidence), (ResolvedTime{kClaimed, TimeTrust::doubtful}));
    evidence.boot.clear();
    Response response = finished_at(kClaimed);
    response.boot_id.clear();
    EXPECT_EQ(resolve_time(response, evidence).trust, TimeTrust::doubtful);
    evidence = sent_after(hours(1));
    evidence.sent_monotonic.reset();
    EXPECT_EQ(resolve_time(finished_at(kClaimed), evidence).trust, TimeTrust::doubtful);
}

TEST(ResolveTime, TrustsAClaimWhoseClockWasRight) {
    for (const milliseconds offset : {-kClockTolerance, -kOne, milliseconds{0}, kOne, kClockTolerance}) {
        Response response = finished_at(kClaimed);
        response.server_offset = offset;
        EXPECT_EQ(resolve_time(response, {kReceived, {}, {}, {}}), (ResolvedTime{kClaimed, TimeTrust::trusted}));
    }
}

TEST(ResolveTime, CorrectsAClaimByTheOffsetThatWasKnown) {
    for (const milliseconds offset :
         {-kClockTolerance - kOne, kClockTolerance + kOne, milliseconds(hours(2)), -milliseconds(hours(9000))}) {
        Response response = finished_at(kClaimed);
        response.server_offset = offset;
        EXPECT_EQ(resolve_time(response, {kReceived, {}, {}, {}}),
                  (ResolvedTime{kClaimed + offset, TimeTrust::corrected}));
    }
}

TEST(ResolveTime, DoubtsAnOffsetThatLeadsAfterTheReceipt) {
    Response response = finished_at(kReceived);
    response.server_offset = kClockTolerance;
    EXPECT_EQ(resolve_time(response, {kReceived, {}, {}, {}}), (ResolvedTime{kReceived, TimeTrust::trusted}));
    response.server_offset = kClockTolerance + kOne;
    EXPECT_EQ(resolve_time(response, {kReceived, {}, {}, {}}), (ResolvedTime{kReceived, TimeTrust::doubtful}));
}

TEST(ResolveTime, DoubtsAnOffsetThatLeadsBeforeTheRecordBefore) {
    Response response = finished_at(kClaimed);
    response.server_offset = milliseconds{0};
    const UtcTime edge = kClaimed + kClockTolerance;
    EXPECT_EQ(resolve_time(response, {kReceived, {}, {}, edge}), (ResolvedTime{kClaimed, TimeTrust::trusted}));
    EXPECT_EQ(resolve_time(response, {kReceived, {}, {}, edge + kOne}),
              (ResolvedTime{edge + kOne, TimeTrust::doubtful}));
}

TEST(ResolveTime, MovesADoubtfulClaimOnlySoFarThatItIsPossible) {
    const UtcTime before = kReceived - hours(5);
    const auto resolved = [&](UtcTime claimed) {
        return resolve_time(finished_at(claimed), {kReceived, {}, {}, before});
    };
    for (const UtcTime possible : {before, before + kOne, kClaimed, kReceived - kOne, kReceived})
        EXPECT_EQ(resolved(possible), (ResolvedTime{possible, TimeTrust::doubtful}));
    for (const UtcTime late : {kReceived + kOne, kReceived + std::chrono::years(10)})
        EXPECT_EQ(resolved(late), (ResolvedTime{kReceived, TimeTrust::doubtful}));
    for (const UtcTime early : {before - kOne, UtcTime{}})
        EXPECT_EQ(resolved(early), (ResolvedTime{before, TimeTrust::doubtful}));
}

TEST(ResolveTime, NeverCountsADoubtfulClaimAfterTheReceiptWhateverCameBefore) {
    // The record before it was counted later than this one came: the backend's own clock was put back.
    EXPECT_EQ(resolve_time(finished_at(kClaimed), {kReceived, {}, {}, kReceived + hours(1)}),
              (ResolvedTime{kReceived, TimeTrust::doubtful}));
}

/// Every combination around every edge: what is trusted is the claim, what is corrected is more than the tolerance away
/// from it, what is doubtful lies between the record before and the receipt.
TEST(ResolveTime, KeepsItsPromisesAroundEveryEdge) {
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
                        TimeEvidence evidence = sent_after(sent);
                        evidence.not_before = kReceived + before;
                        const ResolvedTime resolved = resolve_time(response, evidence);
                        const milliseconds away = std::chrono::abs(resolved.counted_at - response.finished.utc);
                        ++seen;
                        switch (resolved.trust) {
                            case TimeTrust::trusted:
                                ASSERT_EQ(away, milliseconds{0});
                                break;
                            case TimeTrust::corrected:
                                ASSERT_GT(away, kClockTolerance);
                                break;
                            case TimeTrust::doubtful:
                                ASSERT_LE(resolved.counted_at, kReceived);
                                ASSERT_GE(resolved.counted_at, std::min(kReceived, evidence.not_before));
                                break;
                        }
                        ASSERT_TRUE(sent < milliseconds{0} || resolved.trust != TimeTrust::doubtful);
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

TEST(ResolveTime, TakesAKnownErrorOffAnOffsetThatIsNotPossibleWithoutThat) {
    const TimeEvidence evidence{
        kReceived, "another", std::nullopt, kReceived - hours(5), {hours(8'760), hours(-9'600)}};
    for (const milliseconds error : evidence.clock_errors) {
        Response response = finished_at(kClaimed);
        response.server_offset = error;
        EXPECT_EQ(resolve_time(response, evidence), (ResolvedTime{kClaimed, TimeTrust::trusted}));
        response.server_offset = error - hours(1);
        EXPECT_EQ(resolve_time(response, evidence), (ResolvedTime{kClaimed - hours(1), TimeTrust::corrected}));
        response.server_offset = error + hours(200);
        EXPECT_EQ(resolve_time(response, evidence).trust, TimeTrust::doubtful);
    }
    Response possible = finished_at(kClaimed);
    possible.server_offset = milliseconds{0};
    EXPECT_EQ(resolve_time(possible, evidence), (ResolvedTime{kClaimed, TimeTrust::trusted}));
    possible.server_offset.reset();
    EXPECT_EQ(resolve_time(possible, evidence).trust, TimeTrust::doubtful);
}

}  // namespace
}  // namespace hailong::survey
