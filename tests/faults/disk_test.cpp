// Real programs on a disk without a byte left.
#include <thread>

#include <gtest/gtest.h>

#include "tests/faults/audit.h"
#include "tests/faults/finger.h"
#include "tests/faults/seed.h"
#include "tests/faults/small_disk.h"

namespace hailong::tests {
namespace {

template <class Condition>
void wait_until(Condition&& condition, const char* what) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error(std::string("in vain: ") + what);
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
}

void expect_whole(const Center& center, const Promised& promised) {
    for (const auto& findings : {audit_terminal(center, kGlass, promised), audit_backend(center)}) {
        for (const std::string& finding : findings)
            ADD_FAILURE() << finding;
    }
}

TEST(FullDisk, OfATerminalLosesNothingOnceThereIsRoomAgain) {
    Center center(480, 800);
    center.start();
    center.configure(
        kGlass, "kiosk.toml",
        "\n[timing]\nsettle_ms = 0\nsaving_ms = 400\nthanks_ms = 150\nadvice_ms = 150\nnot_saved_ms = 150\n");
    const SmallDisk disk(center.terminal(kGlass), 4);
    const Screen screen("480x800");
    const TemporaryFolder outside;  // what is on the glass must be seen even now
    const std::filesystem::path observe = outside / "glass.json";
    disk.fill();
    std::vector<std::string> command = disk.enter();
    command.insert(command.end(), {kBin + "hailong-kiosk", "--config",
                                   (center.terminal(kGlass) / "kiosk.toml").string(), "--observe", observe.string()});
    Process kiosk(command, {{"DISPLAY", screen.display()}});
    const TemporaryFolder copies;
    Finger finger(
        screen.display(), observe, [&] { return newest_id(disk.copy_out("journal.db", copies.path())); }, fault_seed());
    wait_until([&] { return finger.not_saved() >= 3; }, "three visits that are not saved");
    EXPECT_EQ(finger.thanks(), 0) << "nobody is thanked for what is not on disk";
    disk.make_room();
    wait_until([&] { return finger.thanks() >= 3; }, "three visits that are saved");
    finger.stop();
    EXPECT_EQ(kiosk.terminate(), 0) << kiosk.output();
    for (const std::string& finding : finger.findings())
        ADD_FAILURE() << finding;

    const Ran synced = center.sync_once(kGlass, disk.enter());
    EXPECT_EQ(synced.exit_code, 0) << synced.output;
    EXPECT_EQ(center.stop(), 0);
    disk.bring_back();
    EXPECT_GE(stored(center, kGlass).backend, finger.thanks() + finger.not_saved()) << "what waited in memory is lost";
    expect_whole(center, finger.promised());
}

TEST(FullDisk, OfTheBackendTakesNothingHalfAndEverythingLater) {
    Center center(480, 800);
    const SmallDisk disk(center.path() / "backend", 8);
    center.start(disk.enter());
    must({kBin + "hailong-fill", "--config", (center.terminal(kGlass) / "kiosk.toml").string(), "--visits", "1200",
          "--days", "30"});
    disk.fill();
    const TemporaryFolder copies;
    const auto now = [&] { return stored(center, kGlass, disk.copy_out("backend.sqlite", copies.path())); };
    Process sync({kBin + "hailong-sync", "watch", "--config", (center.terminal(kGlass) / "sync.toml").string()});
    sync.wait_for([](const std::string& line) { return line.find(" warning ") != std::string::npos; });
    const Stored then = now();
    EXPECT_LE(then.delivered, then.backend) << "a receipt was given for what is not stored";
    EXPECT_LT(then.backend, then.journal) << "the disk was not full";
    disk.make_room();
    wait_until(
        [&] {
            const Stored all = stored(center, kGlass);
            return all.delivered == all.journal;
        },
        "everything is delivered");
    EXPECT_EQ(sync.terminate(), 0) << sync.output();
    EXPECT_EQ(center.stop(), 0);
    disk.bring_back();
    expect_whole(center, {});
}

}  // namespace
}  // namespace hailong::tests
