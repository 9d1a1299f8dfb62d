// What a terminal says of itself beside its requests: short, in ASCII, and never trusted.
#include "sync/protocol/status.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sync/protocol/batch.h"
#include "tests/sync/protocol/faults.h"

namespace hailong::sync {
namespace {

using survey::milliseconds;
using testing::ElementsAre;

std::vector<std::string> places_in_status(std::string_view text) {
    return places(decode_status(text));
}

TerminalStatus largest() {
    TerminalStatus status;
    status.waiting = INT64_MAX;
    status.oldest_waiting = milliseconds::max();
    status.last_visit = survey::UtcTime::max();
    status.disk_free_bytes = INT64_MAX;
    status.clock_offset = milliseconds::min();
    status.kiosk_version = status.sync_version = std::string(kProgramVersionBytesMax, '9');
    status.troubles.assign(kTroublesMax, std::string(survey::kIdentifierBytesMax, 'x'));
    return status;
}

TEST(Status, IsCanonicalJsonThatSaysOnlyWhatIsKnown) {
    EXPECT_EQ(encode(TerminalStatus{}), "{}");
    TerminalStatus status;
    status.waiting = 0;
    status.troubles = {"disk", "printer"};
    EXPECT_EQ(encode(status), R"({"troubles":["disk","printer"],"waiting":0})");
}

TEST(Status, ComesBackAsItWasSent) {
    for (const TerminalStatus& status : {TerminalStatus{}, decode_status(encode(largest())).value()})
        EXPECT_EQ(decode_status(encode(status)), status);
}

TEST(Status, FitsAHeaderLineWhateverItSays) {
    const std::string text = encode(largest());
    EXPECT_LE(text.size(), kStatusBytesMax);
    EXPECT_TRUE(std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; })) << text;
    EXPECT_TRUE(decode_status(text)) << "numbers are cut to what can be said";
}

TEST(Status, IgnoresWhatItDoesNotKnow) {
    EXPECT_EQ(decode_status(R"({"later":[1.5,null],"waiting":3})")->waiting, 3);
    EXPECT_EQ(decode_status(R"({"troubles":["of_later"],"waiting":null})")->troubles.front(), "of_later");
}

TEST(Status, IsRefusedWithThePlaceOfItsFault) {
    EXPECT_THAT(places_in_status(""), testing::SizeIs(1));
    EXPECT_THAT(places_in_status("[]"), testing::SizeIs(1));
    EXPECT_THAT(places_in_status(R"({"waiting":-1})"), ElementsAre("waiting"));
    EXPECT_THAT(places_in_status(R"({"waiting":"3"})"), ElementsAre("waiting"));
    EXPECT_THAT(places_in_status(R"({"disk_free_bytes":9007199254740992})"), ElementsAre("disk_free_bytes"));
    EXPECT_THAT(places_in_status(R"({"last_visit_ms":253402300800000})"), ElementsAre("last_visit_ms"));
    EXPECT_THAT(places_in_status(R"({"oldest_waiting_ms":-1})"), ElementsAre("oldest_waiting_ms"));
    EXPECT_THAT(places_in_status(R"({"sync_version":"0.1 beta"})"), ElementsAre("sync_version"));
    EXPECT_THAT(places_in_status(R"({"kiosk_version":")" + std::string(kProgramVersionBytesMax + 1, '1') + R"("})"),
                ElementsAre("kiosk_version"));
    EXPECT_THAT(places_in_status(R"({"troubles":["đĩa đầy"]})"), ElementsAre("troubles"));
    EXPECT_THAT(places_in_status(R"({"troubles":["a","b","c","d","e","f","g","h","i"]})"), ElementsAre("troubles"));
    EXPECT_THAT(places_in_status(R"({"x":")" + std::string(kStatusBytesMax, 'x') + R"("})"), ElementsAre(""));
}

TEST(StatusDeathTest, WithWhatNoHeaderMayHoldIsABugOfOurs) {
    TerminalStatus status;
    status.troubles = {"two words"};
    EXPECT_DEATH((void)encode(status), "identifier");
}

}  // namespace
}  // namespace hailong::sync
