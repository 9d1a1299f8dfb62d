#include "survey/agreed_time.h"

#include <gtest/gtest.h>

namespace hailong::survey {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr UtcTime kDay{milliseconds{1'795'309'200'000}};

AgreedTime agreed_on(UtcTime time) {
    return {time, std::nullopt};
}

TEST(AgreedTime, GoesOnWithTheNights) {
    AgreedTime kept = agreed_on(kDay);
    for (int night = 1; night < 40; ++night) {
        const UtcTime now = kDay + days{night} + (night % 2 == 0 ? hours{2} : hours{0});
        EXPECT_EQ(agree(kept, now), TimeAgreement::agreed) << night;
        EXPECT_EQ(kept, agreed_on(now));
    }
}

TEST(AgreedTime, NeverGoesBackForALittle) {
    AgreedTime kept = agreed_on(kDay);
    EXPECT_EQ(agree(kept, kDay - hours{5}), TimeAgreement::agreed);
    EXPECT_EQ(kept, agreed_on(kDay));
}

TEST(AgreedTime, BelievesAStepOnAnotherDayAndNotBefore) {
    for (const milliseconds step : {milliseconds{kClockStepMax + milliseconds{1}}, milliseconds{days{400}},
                                    milliseconds{-days{4}}, milliseconds{-days{400}}}) {
        AgreedTime kept = agreed_on(kDay);
        const UtcTime stepped = kDay + step;
        EXPECT_EQ(agree(kept, stepped), TimeAgreement::stepped);
        EXPECT_EQ(agree(kept, stepped), TimeAgreement::stepped);
        EXPECT_EQ(agree(kept, stepped + kStepRepeatMin - milliseconds{1}), TimeAgreement::stepped);
        EXPECT_EQ(kept.last, kDay);
        EXPECT_EQ(agree(kept, stepped + days{1}), TimeAgreement::agreed);
        EXPECT_EQ(kept, agreed_on(stepped + days{1}));
    }
}

TEST(AgreedTime, ForgetsAStepThatWasTakenBack) {
    AgreedTime kept = agreed_on(kDay);
    EXPECT_EQ(agree(kept, kDay + days{400}), TimeAgreement::stepped);
    EXPECT_EQ(agree(kept, kDay + hours{24}), TimeAgreement::agreed);
    EXPECT_EQ(agree(kept, kDay + days{401}), TimeAgreement::stepped);
}

TEST(AgreedTime, BelievesNoClockThatStepsEachDay) {
    AgreedTime kept = agreed_on(kDay);
    for (int day = 1; day < 20; ++day)
        EXPECT_EQ(agree(kept, kDay + (day % 2 == 0 ? days{400 + day} : days{-400 + day})), TimeAgreement::stepped)
            << day;
    for (int day = 1; day < 20; ++day)
        EXPECT_EQ(agree(kept, kDay + days{400 * day}), TimeAgreement::stepped) << day;
}

TEST(AgreedTime, BeginsWithTwoLooksToo) {
    AgreedTime kept;
    EXPECT_EQ(agree(kept, kDay), TimeAgreement::first);
    EXPECT_EQ(agree(kept, kDay + hours{1}), TimeAgreement::first);
    EXPECT_EQ(agree(kept, kDay + days{1}), TimeAgreement::agreed);
}

TEST(AgreedTime, TakesAWeekendForAStepAndGoesOnAfterIt) {
    AgreedTime kept = agreed_on(kDay);
    EXPECT_EQ(agree(kept, kDay + days{3}), TimeAgreement::stepped);
    EXPECT_EQ(agree(kept, kDay + days{4}), TimeAgreement::agreed);
    EXPECT_EQ(agree(kept, kDay + days{5}), TimeAgreement::agreed);
}

}  // namespace
}  // namespace hailong::survey
