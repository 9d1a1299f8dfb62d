// A terminal that ends while somebody stands before it, or while answers wait for the disk.
#include <csignal>

#include <gtest/gtest.h>

#include "kiosk/journal/journal.h"
#include "survey/record.h"
#include "tests/faults/audit.h"
#include "tests/faults/finger.h"
#include "tests/faults/seed.h"
#include "tests/faults/small_disk.h"

namespace hailong::tests {
namespace {

/// What a terminal's journal holds, oldest first.
std::vector<survey::Response> responses(const std::filesystem::path& folder) {
    const auto journal = kiosk::Journal::open(folder / "journal.db", survey::KioskId{kGlass});
    if (!journal) throw std::runtime_error(kiosk::describe(journal.error()));
    std::vector<survey::Response> responses;
    const auto entries = journal->read(1, 1'000, SIZE_MAX);
    for (const kiosk::JournalEntry& entry : entries.value())
        responses.push_back(survey::decode(entry.bytes)->response);
    return responses;
}

struct WayToEnd {
    const char* name;
    std::function<void(Screen&, Terminal&)> end;
    int exit_code;
};

class EndInMidVisit : public testing::TestWithParam<WayToEnd> {};

TEST_P(EndInMidVisit, KeepsWhatWasAnsweredAsPartial) {
    Center center(480, 800);
    Screen screen("480x800");
    const std::filesystem::path folder = center.terminal(kGlass);
    Terminal terminal(screen, folder);
    terminal.wait("attract");
    terminal.tap("wake");
    terminal.wait("asking", "overall");
    terminal.tap("answer/4");
    terminal.wait("asking", "officer");
    GetParam().end(screen, terminal);
    EXPECT_EQ(terminal.process().wait(), GetParam().exit_code) << terminal.process().output();
    const std::vector<survey::Response> kept = responses(folder);
    ASSERT_EQ(kept.size(), 1u) << terminal.process().output();
    EXPECT_FALSE(kept.front().complete);
    ASSERT_EQ(kept.front().answers.size(), 1u);
    EXPECT_EQ(kept.front().answers.front().values, std::vector<std::string>{"4"});
}

void tell(Terminal& terminal, int signal) {
    ASSERT_EQ(::kill(terminal.process().pid(), signal), 0);
}

void to_window(const Screen& screen, Terminal& terminal, const std::string& command) {
    must({"sh", "-c", command + " $(xdotool search --pid \"$1\")", "sh", std::to_string(terminal.process().pid())},
         {{"DISPLAY", screen.display()}});
}

INSTANTIATE_TEST_SUITE_P(
    Each, EndInMidVisit,
    testing::Values(
        WayToEnd{"Terminated", [](Screen&, Terminal& terminal) { tell(terminal, SIGTERM); }, 0},
        WayToEnd{"SessionEnded", [](Screen&, Terminal& terminal) { tell(terminal, SIGHUP); }, 0},
        WayToEnd{"DisplayKilled", [](Screen& screen, Terminal&) { screen.kill(); }, 1},
        WayToEnd{"ConnectionCut", [](Screen& screen, Terminal& terminal) { to_window(screen, terminal, "xkill -id"); },
                 1},
        WayToEnd{"WindowDestroyed",
                 [](Screen& screen, Terminal& terminal) { to_window(screen, terminal, "xdotool windowclose"); }, 1}),
    [](const auto& one) { return std::string(one.param.name); });

int times(const std::string& text, std::string_view wanted) {
    int times = 0;
    for (auto at = text.find(wanted); at != std::string::npos; at = text.find(wanted, at + 1))
        ++times;
    return times;
}

TEST(FullDiskAtTheEnd, LosesNothingThatWaitedOnceThereIsRoom) {
    Center center(480, 800);
    center.configure(kGlass, "kiosk.toml",
                     "\n[timing]\nsettle_ms = 0\nsaving_ms = 400\nthanks_ms = 150\nadvice_ms = 150\nnot_saved_ms = "
                     "150\n");
    const SmallDisk disk(center.terminal(kGlass), 4);
    const Screen screen("480x800");
    const TemporaryFolder outside;
    const TemporaryFolder copies;
    const std::filesystem::path observe = outside / "glass.json";
    disk.fill();
    std::vector<std::string> command = disk.enter();
    command.insert(command.end(),
                   {kBin + "hailong-kiosk", "--config", center.terminal(kGlass) / "kiosk.toml", "--observe", observe});
    Process kiosk(command, {{"DISPLAY", screen.display()}});
    Finger finger(
        screen.display(), observe, [&] { return newest_id(disk.copy_out("journal.db", copies.path())); }, fault_seed());
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    while (finger.not_saved() < 4) {
        if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error("nothing waits for the disk");
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    finger.stop();
    EXPECT_EQ(finger.thanks(), 0);
    disk.make_room();
    EXPECT_EQ(kiosk.terminate(), 0) << kiosk.output();
    disk.bring_back();
    EXPECT_GE(responses(center.terminal(kGlass)).size(), static_cast<std::size_t>(finger.not_saved()))
        << kiosk.output();
    EXPECT_EQ(times(kiosk.output(), "don't switch the terminal off"), 1) << kiosk.output();
    EXPECT_EQ(times(kiosk.output(), "the journal can be written again"), 1) << kiosk.output();
}

}  // namespace
}  // namespace hailong::tests
