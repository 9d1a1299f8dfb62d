#include "sync/backend/http/places.h"

#include <array>

#include <gtest/gtest.h>

namespace hailong::sync {
namespace {

class PlacesTest : public testing::Test {
  protected:
    Places::Holder holder(std::size_t index) const { return &holders_[index]; }
    void enter(std::size_t index, const std::string& address) { places_.enter(holder(index), address); }

    std::array<char, 10> holders_{};
    Places places_{4, 3};
};

TEST_F(PlacesTest, AreFullForStrangersBeforeTheyAreForAll) {
    enter(0, "a");
    enter(1, "b");
    EXPECT_FALSE(places_.is_full());
    enter(2, "c");
    EXPECT_TRUE(places_.is_full());
    places_.make_known(holder(0));
    EXPECT_FALSE(places_.is_full());
    enter(3, "d");
    EXPECT_TRUE(places_.is_full());
    places_.leave(holder(0));
    EXPECT_TRUE(places_.is_full()) << "three strangers";
    places_.leave(holder(1));
    places_.leave(holder(1));
    EXPECT_FALSE(places_.is_full());
}

TEST_F(PlacesTest, AreGivenUpByTheIdlestOfTheAddressWithMost) {
    enter(0, "office");
    enter(1, "flood");
    enter(2, "flood");
    EXPECT_EQ(places_.least_needed(), holder(1));
    places_.begin(holder(1));
    EXPECT_EQ(places_.least_needed(), holder(2));
    places_.make_known(holder(2));
    EXPECT_EQ(places_.least_needed(), holder(0)) << "one each: the idlest of all";
}

TEST_F(PlacesTest, AreKeptByWhoIsKnownUnlessTheyRest) {
    EXPECT_EQ(places_.least_needed(), nullptr);
    for (const std::size_t index : {0u, 1u}) {
        enter(index, "a");
        places_.begin(holder(index));
        places_.make_known(holder(index));
    }
    EXPECT_EQ(places_.least_needed(), nullptr) << "both are being answered";
    places_.rest(holder(1));
    EXPECT_EQ(places_.least_needed(), holder(1));
    places_.rest(holder(0));
    EXPECT_EQ(places_.least_needed(), holder(1));
    enter(2, "a");
    EXPECT_EQ(places_.least_needed(), holder(2)) << "strangers first";
}

TEST_F(PlacesTest, KnowNothingOfWhoLeft) {
    enter(0, "a");
    places_.leave(holder(0));
    places_.begin(holder(0));
    places_.rest(holder(0));
    places_.make_known(holder(0));
    EXPECT_EQ(places_.least_needed(), nullptr);
}

}  // namespace
}  // namespace hailong::sync
