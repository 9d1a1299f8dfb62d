// Somebody writes into the log of the backend's store while it serves, or the disk spoils it, and the service is ended
// in good order: what terminals have a receipt for is not written over with what stands there now.
#include <fstream>

#include <gtest/gtest.h>

#include "kiosk/journal/log_check.h"
#include "tests/faults/audit.h"
#include "tests/faults/finger.h"

namespace hailong::tests {
namespace {

namespace fs = std::filesystem;

/// Whether a person puts back what the service saved, or just starts it again.
class SpoiledStoreLog : public ::testing::TestWithParam<bool> {};

/// Zeroes a piece of the frame that lies `part` of `parts` on the way through the log.
void spoil(const fs::path& log, std::size_t part, std::size_t parts) {
    const std::size_t frames = (fs::file_size(log) - kiosk::kLogHeaderBytes) / kiosk::kFrameBytes;
    const std::size_t frame = (frames - 1) * part / parts;
    std::fstream out(log, std::ios::in | std::ios::out | std::ios::binary);
    out.seekp(static_cast<std::streamoff>(kiosk::kLogHeaderBytes + frame * kiosk::kFrameBytes));
    out << std::string(3'000, '\0');
}

TEST_P(SpoiledStoreLog, LosesNothingWhenTheServiceIsEnded) {
    const bool is_restored = GetParam();
    Center center(480, 800);
    center.start();
    for (const char* kiosk : {"bm-tp", "bm-dd"}) {
        must({kBin + "hailong-fill", "--config", (center.terminal(kiosk) / "kiosk.toml").string(), "--visits", "60",
              "--days", "30"});
        ASSERT_EQ(center.sync_once(kiosk).exit_code, 0);
    }
    const std::string file = survey::read_file(center.store()).value();
    spoil(center.store().string() + "-wal", is_restored ? 2 : 1, 2);
    const std::string log = survey::read_file(center.store().string() + "-wal").value();
    EXPECT_EQ(center.stop(), 0);
    const std::string said = center.process().output();
    EXPECT_NE(said.find("-wal is damaged"), std::string::npos) << said;
    EXPECT_NE(said.find("was saved as "), std::string::npos) << said;
    EXPECT_TRUE(survey::read_file(center.store()).value() == file) << "the damaged log was folded into it";
    EXPECT_TRUE(survey::read_file(center.store().string() + "-wal").value() == log);

    if (is_restored) {
        const fs::path folder = center.store().parent_path();
        const fs::path away = center.path() / "away";
        fs::create_directory(away);
        for (const char* suffix : {"", "-wal", "-shm"}) {
            const fs::path part = center.store().string() + suffix;
            if (fs::exists(part)) fs::rename(part, away / part.filename());
        }
        const Ran restored = center.backend({"restore", center.store().string() + ".saved-1"});
        ASSERT_EQ(restored.exit_code, 0) << restored.output;
        EXPECT_EQ(stored(center, "bm-tp").backend + stored(center, "bm-dd").backend, 120)
            << "what had a receipt was to be sent again";
    }
    center.restart();
    for (const char* kiosk : {"bm-tp", "bm-dd"}) {
        for (const std::string& finding : deliver_all(center, kiosk))
            ADD_FAILURE() << finding;
    }
    EXPECT_EQ(center.stop(), 0);
    for (const char* command : {"verify", "reconcile"}) {
        const Ran ran = center.backend({command});
        EXPECT_EQ(ran.exit_code, 0) << ran.output;
    }
    for (const char* kiosk : {"bm-tp", "bm-dd"}) {
        for (const std::string& finding : audit_terminal(center, kiosk, {}))
            ADD_FAILURE() << finding;
    }
}

INSTANTIATE_TEST_SUITE_P(Restored, SpoiledStoreLog, ::testing::Bool());

/// What somebody does to the index beside the log: a page number, how much is folded, where frames are found.
class SpoiledStoreIndex : public ::testing::TestWithParam<std::pair<int, std::string>> {};

TEST_P(SpoiledStoreIndex, LosesNothingWhenTheServiceIsEnded) {
    Center center(480, 800);
    center.start();
    must({kBin + "hailong-fill", "--config", (center.terminal("bm-tp") / "kiosk.toml").string(), "--visits", "60",
          "--days", "30"});
    ASSERT_EQ(center.sync_once("bm-tp").exit_code, 0);
    {
        std::fstream out(center.store().string() + "-shm", std::ios::in | std::ios::out | std::ios::binary);
        out.seekp(GetParam().first);
        out << GetParam().second;
    }
    EXPECT_EQ(center.stop(), 0);
    EXPECT_FALSE(fs::exists(center.store().string() + "-wal")) << "the log is whole, and was not folded";
    EXPECT_EQ(stored(center, "bm-tp").backend, 60);
    for (const char* command : {"verify", "reconcile"}) {
        const Ran ran = center.backend({command});
        EXPECT_EQ(ran.exit_code, 0) << ran.output;
    }
}

INSTANTIATE_TEST_SUITE_P(PageNumberFoldedAndSlots, SpoiledStoreIndex,
                         ::testing::Values(std::pair{136 + 4 * 10, std::string(1, '\x7f')},
                                           std::pair{96, std::string("\x10\0\0\0", 4)},
                                           std::pair{16'384, std::string(16'384, '\0')}));

/// `cp` of an older log over the newer one.
TEST(ForeignStoreLog, IsNotFoldedWhenTheServiceIsEnded) {
    Center center(480, 800);
    center.start();
    const fs::path log = center.store().string() + "-wal";
    const auto deliver = [&](const char* kiosk) {
        must({kBin + "hailong-fill", "--config", (center.terminal(kiosk) / "kiosk.toml").string(), "--visits", "60",
              "--days", "30"});
        ASSERT_EQ(center.sync_once(kiosk).exit_code, 0);
    };
    deliver("bm-tp");
    const std::string old = survey::read_file(log).value();
    ASSERT_EQ(center.stop(), 0);
    center.restart();
    deliver("bm-dd");
    std::fstream(log, std::ios::in | std::ios::out | std::ios::binary) << old;
    const std::string file = survey::read_file(center.store()).value();
    EXPECT_EQ(center.stop(), 0);
    EXPECT_NE(center.process().output().find("-wal is damaged"), std::string::npos) << center.process().output();
    EXPECT_EQ(survey::read_file(center.store()).value(), file) << "the log of another time was folded into it";
    center.restart();
    for (const char* kiosk : {"bm-tp", "bm-dd"}) {
        for (const std::string& finding : deliver_all(center, kiosk))
            ADD_FAILURE() << finding;
    }
    EXPECT_EQ(center.stop(), 0);
    for (const char* kiosk : {"bm-tp", "bm-dd"}) {
        for (const std::string& finding : audit_terminal(center, kiosk, {}))
            ADD_FAILURE() << finding;
    }
}

}  // namespace
}  // namespace hailong::tests
