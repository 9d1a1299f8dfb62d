#include "survey/chain.h"

#include <gtest/gtest.h>

namespace hailong::survey {
namespace {

// Computed apart: { head -c32 /dev/zero; printf '{"a":1}'; } | sha256sum, and so on with the bytes of that result.
TEST(Chain, IsWhatSha256sumComputes) {
    const Digest first = chain(kChainStart, R"({"a":1})");
    EXPECT_EQ(to_hex(first), "b06a229070741292512e8760f470dd7a4c46ccfdf253df781d88dabe58c1ccb1");
    EXPECT_EQ(to_hex(chain(first, R"({"a":2})")), "a1d14784ae595e5334415f1ab3f83e6dd035dd72252a25352a9d3bfe1e7d08ba");
}

TEST(Chain, IsTheHashOfThePreviousLinkAndTheBytes) {
    const Digest previous = sha256("whatever came before");
    std::string bytes(previous.bytes.begin(), previous.bytes.end());
    bytes += "record";
    EXPECT_EQ(chain(previous, "record"), sha256(bytes));
}

TEST(Chain, ChangesWithEveryByteBefore) {
    const Digest honest = chain(chain(kChainStart, "one"), "two");
    EXPECT_NE(chain(chain(kChainStart, "One"), "two"), honest);
    EXPECT_NE(chain(chain(kChainStart, "one"), "two "), honest);
    EXPECT_NE(chain(chain(kChainStart, "two"), "one"), honest);
    EXPECT_NE(chain(kChainStart, "two"), honest);
}

}  // namespace
}  // namespace hailong::survey
