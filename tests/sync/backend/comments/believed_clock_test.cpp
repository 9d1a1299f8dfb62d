#include "sync/backend/comments/believed_clock.h"

#include <gtest/gtest.h>

#include "tests/sync/backend/sample.h"

namespace hailong::sync {
namespace {

using sample::must;
using sample::noon;
using survey::milliseconds;

/// A day of rounds, one an hour, with a clock that is wrong by `offset`.
ClockBelief day_with(ClockBelief belief, milliseconds offset, const ClockWitnesses& witnesses = {}) {
    for (int hour = 0; hour < 24; ++hour)
        belief = examine_clock(belief, std::chrono::hours(1), belief.time + std::chrono::hours(1) + offset, witnesses);
    return belief;
}

TEST(BelievedClock, IsBelievedWhileItGoesOnAsItDid) {
    ClockBelief belief{noon(), {}};
    for (int hour = 1; hour < 1'000; ++hour) {
        belief = examine_clock(belief, std::chrono::hours(1), noon() + std::chrono::hours(hour), {});
        EXPECT_EQ(belief, (ClockBelief{noon() + std::chrono::hours(hour), {}}));
    }
    EXPECT_FALSE(examine_clock(belief, std::chrono::hours(0), belief.time + std::chrono::days(1), {}).doubt)
        << "a day off is no step";
    EXPECT_FALSE(examine_clock(belief, std::chrono::hours(0), belief.time - std::chrono::days(1), {}).doubt);
}

TEST(BelievedClock, IsDoubtedAfterEveryStepInEveryOrder) {
    const std::vector<milliseconds> offsets = {std::chrono::days(2), std::chrono::days(400), -std::chrono::days(2),
                                               -std::chrono::days(400)};
    for (const milliseconds first : offsets) {
        const ClockBelief doubted = examine_clock({noon(), {}}, std::chrono::hours(0), noon() + first, {});
        EXPECT_EQ(doubted, (ClockBelief{noon(), ClockDoubt{noon(), first}}));
        EXPECT_FALSE(examine_clock(doubted, std::chrono::hours(1), noon() + std::chrono::hours(1), {}).doubt)
            << "it was set right again";
        for (const milliseconds second : offsets) {
            // Another wrong clock after most of a day begins the day anew.
            ClockBelief belief = doubted;
            for (int hour = 1; hour < 24; ++hour)
                belief = examine_clock(belief, std::chrono::hours(1), noon() + std::chrono::hours(hour) + first, {});
            belief = examine_clock(belief, std::chrono::hours(1), noon() + std::chrono::hours(24) + second, {});
            EXPECT_EQ(belief.doubt.has_value(), first != second) << first.count() << " " << second.count();
        }
    }
}

TEST(BelievedClock, IsBelievedSinceItsLastDoubtEnded) {
    ClockBelief belief = examine_clock({noon(), {}}, std::chrono::hours(0), noon() - std::chrono::days(400), {});
    ASSERT_TRUE(belief.doubt);
    const survey::UtcTime right = noon() + std::chrono::hours(1);
    belief = examine_clock(belief, std::chrono::hours(1), right, {});
    EXPECT_EQ(belief, (ClockBelief{right, {}, right}));
    belief = examine_clock(belief, std::chrono::hours(1), right + std::chrono::hours(1), {});
    EXPECT_EQ(belief.believed_since, right);
    EXPECT_EQ(decode_clock_belief(encode(belief)), belief);
}

TEST(BelievedClock, IsBelievedAfterADayOfRunningWithIt) {
    const ClockBelief doubted = examine_clock({noon(), {}}, std::chrono::hours(0), noon() + std::chrono::days(400), {});
    ClockBelief belief = doubted;
    for (int hour = 1; hour <= 23; ++hour)
        belief = examine_clock(belief, std::chrono::hours(1),
                               noon() + std::chrono::days(400) + std::chrono::hours(hour), {});
    EXPECT_TRUE(belief.doubt);
    // Starting the program again and again is no running.
    for (int start = 0; start < 50; ++start)
        belief =
            examine_clock(belief, std::chrono::hours(0), noon() + std::chrono::days(400) + std::chrono::hours(23), {});
    EXPECT_TRUE(belief.doubt);
    belief = examine_clock(belief, std::chrono::hours(1), noon() + std::chrono::days(400) + std::chrono::hours(24), {});
    const survey::UtcTime accepted = noon() + std::chrono::days(400) + std::chrono::hours(24);
    EXPECT_EQ(belief, (ClockBelief{accepted, {}, accepted}));
}

TEST(BelievedClock, IsNotBelievedAgainstTheTerminals) {
    const ClockWitnesses against{1, 2};
    EXPECT_TRUE(examine_clock({noon(), {}}, std::chrono::hours(1), noon() + std::chrono::hours(1), against).doubt)
        << "also without a step";
    const ClockBelief doubted =
        examine_clock({noon(), {}}, std::chrono::hours(0), noon() + std::chrono::days(400), against);
    EXPECT_TRUE(day_with(day_with(doubted, std::chrono::days(400), against), std::chrono::days(400), against).doubt);
    EXPECT_FALSE(examine_clock({noon(), {}}, std::chrono::hours(1), noon() + std::chrono::hours(1), {2, 2}).doubt)
        << "as many agree";
}

TEST(BelievedClock, IsRememberedAndLeavesOneIncident) {
    sample::Backend backend;
    const auto examine = [&](milliseconds passed, survey::UtcTime now) {
        auto transaction = must(backend.store->write());
        const ClockBelief belief = must(examine_clock(passed, now, *transaction));
        must(transaction->commit());
        return belief;
    };
    EXPECT_FALSE(examine(std::chrono::hours(0), noon()).doubt) << "nothing is known that contradicts";
    EXPECT_TRUE(examine(std::chrono::hours(0), noon() + std::chrono::days(400)).doubt);
    EXPECT_TRUE(examine(std::chrono::hours(1), noon() + std::chrono::days(400) + std::chrono::hours(1)).doubt);
    const auto incidents = must(must(backend.store->read())->incidents().newest(9));
    ASSERT_EQ(incidents.size(), 1u);
    EXPECT_EQ(incidents[0].kind, IncidentKind::clock);
    EXPECT_NE(incidents[0].detail.find("400 days and 0 hours ahead"), std::string::npos) << incidents[0].detail;
    EXPECT_EQ(examine(std::chrono::hours(1), noon() + std::chrono::hours(2)),
              (ClockBelief{noon() + std::chrono::hours(2), {}, noon() + std::chrono::hours(2)}));
}

TEST(BelievedClock, AtFirstBelievesWhenTerminalsWereLastSeen) {
    sample::Backend backend;
    sample::Journal journal("K1");
    journal.add(sample::visit(1));
    must(backend.take(journal.all()));
    auto transaction = must(backend.store->write());
    EXPECT_TRUE(must(examine_clock(std::chrono::hours(0), noon() + std::chrono::days(400), *transaction)).doubt);
}

TEST(BelievedClock, ReadsBackWhatItWroteAndNothingElse) {
    for (const ClockBelief& belief : {ClockBelief{noon(), {}}, ClockBelief{noon(), {}, noon() - std::chrono::days(1)},
                                      ClockBelief{noon(), ClockDoubt{noon(), -std::chrono::days(400)}}})
        EXPECT_EQ(decode_clock_belief(encode(belief)), belief);
    for (const char* none : {"", "x", "1 2 3 4", "1  2", "1 2 x", " 1"})
        EXPECT_EQ(decode_clock_belief(none), std::nullopt) << none;
}

}  // namespace
}  // namespace hailong::sync
