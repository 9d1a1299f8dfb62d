#include "kiosk/app/device_view.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "kiosk/app/version.h"
#include "tests/support/glass/headless.h"

namespace hailong::kiosk {
namespace {

using survey::Language;

const survey::UtcTime kNow = survey::start_of_day(std::chrono::year{2026} / 11 / 22) + std::chrono::hours{12};
constexpr std::int64_t kRoom = std::int64_t{48} << 30;

/// All is well.
DeviceFacts well() {
    DeviceFacts facts;
    Overview overview;
    overview.collected = 1'312;
    overview.delivered = 1'309;
    overview.sync = {kNow, kNow, "", survey::milliseconds{100}};
    overview.disk_free_bytes = kRoom;
    facts.overview = overview;
    facts.now = kNow;
    facts.server_offset = survey::milliseconds{100};
    facts.version = "0.1.0";
    return facts;
}

std::vector<DeviceRow> rows_of(const DeviceFacts& facts, Language language = Language::vi) {
    return device_rows(facts, glass::kiosk_texts(language), language);
}

const DeviceRow& row_of(const std::vector<DeviceRow>& rows, std::string_view key) {
    const std::string_view label = glass::kiosk_texts(Language::vi).at(key);
    const auto found = std::find_if(rows.begin(), rows.end(), [&](const DeviceRow& row) { return row.label == label; });
    if (found == rows.end()) throw std::runtime_error("no such row");
    return *found;
}

TEST(DeviceRows, CountWhatIsWaiting) {
    DeviceFacts facts = well();
    facts.unsaved = 2;
    const auto rows = rows_of(facts);
    EXPECT_EQ(row_of(rows, "device.unsaved").value, "2");
    EXPECT_EQ(row_of(rows, "device.unsaved").health, Health::trouble);
    EXPECT_EQ(row_of(rows, "device.collected").value, "1.312");
    EXPECT_EQ(row_of(rows, "device.delivered").value, "1.309");
    EXPECT_EQ(row_of(rows, "device.to_send").value, "3");
    EXPECT_EQ(row_of(rows, "device.version").value, "0.1.0");
}

TEST(DeviceRows, NeedNoHandWhenAllIsWell) {
    EXPECT_FALSE(needs_hand(rows_of(well())));
}

TEST(DeviceRows, BeginWithWhatNeedsAHand) {
    DeviceFacts facts = well();
    facts.troubles = {"no voice"};
    (*facts.overview)->quarantined = 3;
    const auto rows = rows_of(facts);
    EXPECT_TRUE(needs_hand(rows));
    EXPECT_EQ(rows[0].value, "no voice");
    EXPECT_EQ(rows[0].health, Health::trouble);
    EXPECT_EQ(rows[1].health, Health::attention);
    EXPECT_NE(rows[1].value.find("3 phiếu"), std::string::npos);
}

TEST(DeviceRows, SayHowTheClockStands) {
    DeviceFacts facts = well();
    EXPECT_EQ(row_of(rows_of(facts), "device.clock").health, Health::good);
    facts.server_offset = std::chrono::minutes{5};
    EXPECT_EQ(row_of(rows_of(facts), "device.clock").health, Health::good) << "within what the figures tolerate";
    facts.server_offset = std::chrono::minutes{6};
    EXPECT_NE(row_of(rows_of(facts), "device.clock").value.find("chậm 6 phút"), std::string::npos);
    facts.server_offset = -std::chrono::hours{24};
    EXPECT_NE(row_of(rows_of(facts), "device.clock").value.find("nhanh 1.440 phút"), std::string::npos);
    EXPECT_EQ(row_of(rows_of(facts), "device.clock").health, Health::attention);
    facts.server_offset.reset();
    EXPECT_EQ(row_of(rows_of(facts), "device.clock").health, Health::fact);
    EXPECT_NE(row_of(rows_of(facts), "device.clock").value.find("12:00, 22/11/2026"), std::string::npos);
}

TEST(DeviceRows, WarnOfAFullDiskInTime) {
    const auto health_at = [](std::optional<std::int64_t> free) {
        DeviceFacts facts = well();
        (*facts.overview)->disk_free_bytes = free;
        return row_of(rows_of(facts), "device.disk").health;
    };
    EXPECT_EQ(health_at(kDiskLow_bytes), Health::good);
    EXPECT_EQ(health_at(kDiskLow_bytes - 1), Health::attention);
    EXPECT_EQ(health_at(kDiskVeryLow_bytes - 1), Health::trouble);
    EXPECT_EQ(health_at({}), Health::fact);
}

TEST(DeviceRows, TellOfALogThatDoesNotShrink) {
    DeviceFacts facts = well();
    (*facts.overview)->log_bytes = kLogLarge_bytes - 1;
    EXPECT_THROW(static_cast<void>(row_of(rows_of(facts), "device.log")), std::runtime_error);
    (*facts.overview)->log_bytes = 485'000'000;
    EXPECT_EQ(row_of(rows_of(facts), "device.log").health, Health::attention);
    EXPECT_NE(row_of(rows_of(facts), "device.log").value.find("485"), std::string::npos);
}

TEST(DeviceRows, SayInTheStaffsLanguageWhyNothingWasDelivered) {
    const auto value_for = [](const char* error) {
        DeviceFacts facts = well();
        (*facts.overview)->sync.last_error = error;
        return row_of(rows_of(facts), "device.sync").value;
    };
    EXPECT_NE(value_for("altered: record 12 is stored; the backend holds another").find("đăng ký lại"),
              std::string::npos);
    EXPECT_NE(value_for("inbox: unauthorized: no such token").find("không nhận ra máy này"), std::string::npos);
    EXPECT_NE(value_for("unsupported: zstd").find("phiên bản"), std::string::npos);
    for (const char* error : {"could not resolve host", "altered", "overloaded: later", "inbox: 502"}) {
        EXPECT_NE(value_for(error).find("Phiếu vẫn an toàn"), std::string::npos) << error;
        EXPECT_EQ(value_for(error).find(error), std::string::npos) << "English on a Vietnamese screen";
    }
}

TEST(DeviceRows, TellWhenItLastReachedTheBackend) {
    DeviceFacts facts = well();
    EXPECT_EQ(row_of(rows_of(facts), "device.sync").value, "12:00, 22/11/2026");
    (*facts.overview)->sync = {kNow, {}, "no network", {}};
    EXPECT_NE(row_of(rows_of(facts), "device.sync").value.find("chưa gửi được"), std::string::npos);
    EXPECT_EQ(row_of(rows_of(facts), "device.sync").health, Health::attention);
    (*facts.overview)->sync = {};
    EXPECT_EQ(row_of(rows_of(facts), "device.sync").health, Health::fact);
}

TEST(DeviceRows, ShowTheNewestThatHappenedToTheStore) {
    DeviceFacts facts = well();
    for (int i = 1; i <= 5; ++i)
        (*facts.overview)->events.push_back({kNow + std::chrono::hours{i}, i == 5 ? "numbers_lost" : "repaired", "x"});
    const auto rows = rows_of(facts);
    const std::string_view label = glass::kiosk_texts(Language::vi).at("device.event");
    EXPECT_EQ(std::count_if(rows.begin(), rows.end(), [&](const DeviceRow& row) { return row.label == label; }), 3);
    EXPECT_NE(rows[0].value.find("không còn đọc được (17:00"), std::string::npos) << "what was lost comes first";
}

TEST(DeviceRows, ShowARepairOfAJournalWhateverTheProgramThatDidItCalledIt) {
    const auto said = [](const char* kind) {
        DeviceFacts facts = well();
        (*facts.overview)->events.push_back({kNow, kind, "x"});
        return row_of(rows_of(facts), "device.event").value;
    };
    EXPECT_EQ(said("healed"), said("repaired")) << "an older program's word, in a journal that is still in use";
    EXPECT_NE(said("repaired"), said("numbers_lost"));
}

TEST(DeviceRows, SayWhyTheJournalCannotBeRead) {
    DeviceFacts facts = well();
    facts.overview = unexpected(StoreError{StoreErrorKind::io, "", ""});
    EXPECT_EQ(row_of(rows_of(facts), "device.journal").health, Health::trouble);
    facts.overview.reset();
    EXPECT_FALSE(needs_hand(rows_of(facts))) << "what is still being read needs nobody";
}

TEST(FormatBytes, CountsAsDisksAreSold) {
    EXPECT_EQ(format_bytes(48'230'000'000, Language::vi), "48,2\u00a0GB");
    EXPECT_EQ(format_bytes(840'000'000, Language::en), "840\u00a0MB");
    EXPECT_EQ(format_bytes(0, Language::en), "0\u00a0MB");
}

TEST(ProgramVersion, IsWhatTheBuildWasMadeOf) {
    EXPECT_NE(program_version().find('.'), std::string_view::npos);
}

}  // namespace
}  // namespace hailong::kiosk
