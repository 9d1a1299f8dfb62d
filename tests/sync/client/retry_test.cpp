#include "sync/client/retry.h"

#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace hailong::sync {
namespace {

using survey::milliseconds;

constexpr RetryPolicy kPolicy{milliseconds{1'000}, milliseconds{60'000}, milliseconds{600'000}};

RC_GTEST_PROP(Backoff, StaysBelowADoublingLimit, (std::uint64_t seed)) {
    Backoff backoff(kPolicy, std::mt19937_64(seed));
    milliseconds limit = kPolicy.first;
    for (int i = 0; i < 20; ++i) {
        const milliseconds wait = backoff.after_failure();
        RC_ASSERT(wait >= milliseconds{0});
        RC_ASSERT(wait <= limit);
        limit = std::min(limit * 2, kPolicy.most);
    }
}

TEST(Backoff, SpreadsOverTheWholeRange) {
    milliseconds least = kPolicy.most;
    milliseconds greatest{0};
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        Backoff backoff(kPolicy, std::mt19937_64(seed));
        for (int i = 0; i < 10; ++i)
            (void)backoff.after_failure();
        const milliseconds wait = backoff.after_failure();
        least = std::min(least, wait);
        greatest = std::max(greatest, wait);
    }
    EXPECT_LT(least, kPolicy.most / 20);
    EXPECT_GT(greatest, kPolicy.most * 19 / 20);
}

TEST(Backoff, GivesTheSameWaitsForTheSameSeed) {
    Backoff one(kPolicy, std::mt19937_64(7));
    Backoff same(kPolicy, std::mt19937_64(7));
    for (int i = 0; i < 10; ++i)
        EXPECT_EQ(one.after_failure(), same.after_failure());
}

TEST(Backoff, StartsOverAfterASuccess) {
    Backoff backoff(kPolicy, std::mt19937_64(7));
    for (int i = 0; i < 10; ++i)
        (void)backoff.after_failure();
    backoff.succeeded();
    EXPECT_LE(backoff.after_failure(), kPolicy.first);
}

TEST(Backoff, WaitsAtLeastAsLongAsItWasAsked) {
    Backoff backoff(kPolicy, std::mt19937_64(7));
    const milliseconds wait = backoff.after_failure(30);
    EXPECT_GE(wait, milliseconds{30'000});
    EXPECT_LE(wait, milliseconds{31'000});
}

TEST(Backoff, DoesNotBelieveAnAbsurdRequest) {
    Backoff backoff(kPolicy, std::mt19937_64(7));
    EXPECT_LE(backoff.after_failure(2'000'000'000), kPolicy.retry_after_most + kPolicy.first);
    EXPECT_LE(backoff.after_failure(-5), kPolicy.first * 2);
}

TEST(Backoff, NeverOverflows) {
    Backoff backoff({milliseconds{1}, milliseconds::max() / 4, milliseconds{0}}, std::mt19937_64(7));
    for (int i = 0; i < 200; ++i)
        EXPECT_GE(backoff.after_failure(), milliseconds{0});
}

}  // namespace
}  // namespace hailong::sync
