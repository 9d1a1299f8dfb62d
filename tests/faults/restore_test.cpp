// The backend's store is lost, and a backup that was written while records came in is put back.
#include <filesystem>

#include <gtest/gtest.h>

#include "tests/faults/audit.h"
#include "tests/faults/finger.h"

namespace hailong::tests {
namespace {

namespace fs = std::filesystem;

/// A second terminal: what it delivers comes after the backup.
constexpr const char* kLater = "bm-dd";

class Backup : public ::testing::Test {
  protected:
    Backup() { center_.start(); }
    void fill(const std::string& kiosk, int visits) {
        must({kBin + "hailong-fill", "--config", (center_.terminal(kiosk) / "kiosk.toml").string(), "--visits",
              std::to_string(visits), "--days", "30"});
    }
    fs::path data() const { return center_.path() / "backend"; }
    std::int64_t held(const std::string& kiosk) const { return stored(center_, kiosk).backend; }
    static void expect_sound(const Ran& ran) { EXPECT_EQ(ran.exit_code, 0) << ran.output; }

    Center center_{480, 800};
};

TEST_F(Backup, WrittenWhileRecordsComeInIsPutBackAndTerminalsSendTheRest) {
    fill(kGlass, 1'500);
    fill(kLater, 200);
    const fs::path folder = center_.path() / "backup";
    {
        Process sync({kBin + "hailong-sync", "watch", "--config", (center_.terminal(kGlass) / "sync.toml").string()});
        while (held(kGlass) == 0)
            sync.take_output();
        expect_sound(center_.backend({"backup", folder.string()}));
        EXPECT_EQ(sync.terminate(), 0) << sync.output();
    }
    expect_sound(run({kBin + "hailong-backend", "verify", "--data", folder.string()}));
    for (const std::string& kiosk : {kGlass, std::string(kLater)}) {
        expect_sound(center_.sync_once(kiosk));
        EXPECT_EQ(held(kiosk), stored(center_, kiosk).journal);
    }

    center_.kill();
    fs::rename(data(), center_.path() / "lost");
    expect_sound(center_.backend({"restore", folder.string()}));
    EXPECT_EQ(held(kLater), 0);
    const Ran known = center_.backend({"verify"});
    EXPECT_EQ(known.exit_code, 0) << known.output;
    EXPECT_NE(known.output.find(kGlass + ": sent nothing since the store was put back"), std::string::npos)
        << known.output;
    center_.restart();
    for (const std::string& kiosk : {kGlass, std::string(kLater)})
        expect_sound(center_.sync_once(kiosk));
    EXPECT_EQ(center_.stop(), 0);
    expect_sound(center_.backend({"verify"}));
    expect_sound(center_.backend({"reconcile"}));
    for (const std::string& kiosk : {kGlass, std::string(kLater)}) {
        for (const std::string& finding : audit_terminal(center_, kiosk, {}))
            ADD_FAILURE() << finding;
    }
}

TEST_F(Backup, IsNotNeededWhereTheServiceSavedWhatItHeld) {
    fill(kLater, 90);
    expect_sound(center_.sync_once(kLater));
    const std::int64_t held_before = held(kLater);
    fs::remove(center_.store());
    fill(kGlass, 60);
    EXPECT_NE(center_.sync_once(kGlass).exit_code, 0);
    EXPECT_EQ(center_.stop(), 0);
    const std::string saved = center_.store().string() + ".saved-1";
    EXPECT_NE(center_.process().output().find("hailong-backend restore " + saved), std::string::npos)
        << center_.process().output();
    const Ran refused = center_.backend({"verify"});
    EXPECT_NE(refused.exit_code, 0);
    EXPECT_NE(refused.output.find("hailong-backend restore " + saved), std::string::npos) << refused.output;
    for (const char* suffix : {"-wal", "-shm"}) {
        if (fs::exists(center_.store().string() + suffix))
            fs::rename(center_.store().string() + suffix, center_.path() / (std::string("left") + suffix));
    }
    expect_sound(center_.backend({"restore", saved}));
    EXPECT_EQ(held(kLater), held_before);
    center_.restart();
    for (const std::string& kiosk : {kGlass, std::string(kLater)})
        expect_sound(center_.sync_once(kiosk));
    EXPECT_EQ(center_.stop(), 0);
    expect_sound(center_.backend({"verify"}));
    expect_sound(center_.backend({"reconcile"}));
    for (const std::string& kiosk : {kGlass, std::string(kLater)}) {
        for (const std::string& finding : audit_terminal(center_, kiosk, {}))
            ADD_FAILURE() << finding;
    }
}

TEST_F(Backup, IsNotNeededWhereOnlyTheLogWasRemoved) {
    fill(kLater, 90);
    expect_sound(center_.sync_once(kLater));
    const std::int64_t held_before = held(kLater);
    fs::remove(center_.store().string() + "-wal");
    fill(kGlass, 60);
    EXPECT_NE(center_.sync_once(kGlass).exit_code, 0);
    EXPECT_EQ(center_.stop(), 0);
    EXPECT_NE(center_.process().output().find("there is nothing to restore"), std::string::npos)
        << center_.process().output();
    EXPECT_EQ(held(kLater), held_before);
    center_.restart();
    expect_sound(center_.sync_once(kGlass));
    EXPECT_EQ(center_.stop(), 0);
    expect_sound(center_.backend({"verify"}));
    expect_sound(center_.backend({"reconcile"}));
}

TEST_F(Backup, OfTheFileAloneIsWholeAfterACleanEnd) {
    fill(kGlass, 900);
    expect_sound(center_.sync_once(kGlass));
    EXPECT_GT(fs::file_size(center_.store().string() + "-wal"), 0u) << "there is nothing to fold";
    EXPECT_EQ(center_.stop(), 0);
    EXPECT_FALSE(fs::exists(center_.store().string() + "-wal"));
    const fs::path copy = center_.path() / "copy";
    fs::create_directories(copy);
    fs::copy_file(center_.store(), copy / "backend.sqlite");
    fs::copy(data() / "keys", copy / "keys", fs::copy_options::recursive);
    expect_sound(run({kBin + "hailong-backend", "verify", "--data", copy.string()}));
    EXPECT_EQ(stored(center_, kGlass, copy / "backend.sqlite").backend, stored(center_, kGlass).journal);
}

}  // namespace
}  // namespace hailong::tests
