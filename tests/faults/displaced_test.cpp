// Somebody removes, moves, replaces, cuts off or writes over a terminal's files while people stand before it.
#include <fstream>
#include <functional>
#include <thread>

#include <gtest/gtest.h>

#include "tests/faults/audit.h"
#include "tests/faults/finger.h"
#include "tests/faults/seed.h"

namespace hailong::tests {
namespace {

namespace fs = std::filesystem;

struct Displacement {
    std::string name;
    std::function<void(const fs::path& journal)> happens;
};

/// All of a terminal's files go into another folder, and its settings come back.
void swap_folder(const fs::path& journal) {
    const fs::path folder = journal.parent_path();
    const fs::path away = folder.string() + ".away";
    fs::remove_all(away);
    fs::rename(folder, away);
    fs::create_directory(folder);
    for (const char* name : {"kiosk.toml", "sync.toml", "identity.json", "glass.json"}) {
        if (fs::exists(away / name)) fs::copy(away / name, folder / name);
    }
}

/// In place, as `cp` and some tools that put copies back do.
void write_over_with_nothing(const fs::path& file) {
    std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
    out << std::string(fs::file_size(file), '\0');
}

class DisplacedFiles : public testing::TestWithParam<Displacement> {};

TEST_P(DisplacedFiles, OfATerminalLoseNobodyWhoWasThanked) {
    Center center(480, 800);
    center.start();
    center.configure(kGlass, "kiosk.toml",
                     "\n[timing]\nsettle_ms = 0\nthanks_ms = 150\nadvice_ms = 150\nnot_saved_ms = 150\n");
    const fs::path folder = center.terminal(kGlass);
    const fs::path journal = folder / "journal.db";
    const TemporaryFolder outside;
    const Screen screen("480x800");
    Process kiosk({kBin + "hailong-kiosk", "--config", (folder / "kiosk.toml").string(), "--observe",
                   (outside / "glass.json").string()},
                  {{"DISPLAY", screen.display()}});
    Finger finger(
        screen.display(), outside / "glass.json",
        [&] {
            try {
                return newest_id(journal);
            } catch (const std::exception&) {
                return std::string();  // just displaced
            }
        },
        fault_seed());
    const auto wait_for = [&](std::int64_t thanks) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
        while (finger.thanks() < thanks && std::chrono::steady_clock::now() < deadline)
            std::this_thread::sleep_for(std::chrono::milliseconds{5});
        EXPECT_GE(finger.thanks(), thanks);
    };
    for (int time = 0; time < 2; ++time) {
        wait_for(finger.thanks() + 3);
        GetParam().happens(journal);
    }
    wait_for(finger.thanks() + 3);
    finger.stop();
    EXPECT_EQ(kiosk.terminate(), 0) << kiosk.output();

    const auto expect_none = [](const std::vector<std::string>& findings) {
        for (const std::string& finding : findings)
            ADD_FAILURE() << finding;
    };
    expect_none(deliver_all(center, kGlass));
    EXPECT_EQ(center.stop(), 0);
    EXPECT_GE(stored(center, kGlass).backend, finger.thanks()) << kiosk.output();
    expect_none(audit_terminal(center, kGlass, finger.promised()));
}

INSTANTIATE_TEST_SUITE_P(
    , DisplacedFiles,
    testing::Values(Displacement{"LogRemoved", [](const fs::path& file) { fs::remove(file.string() + "-wal"); }},
                    Displacement{"FileRemoved", [](const fs::path& file) { fs::remove(file); }},
                    Displacement{"LogEmptied",
                                 [](const fs::path& file) { fs::resize_file(file.string() + "-wal", 0); }},
                    Displacement{"FileWrittenOver", write_over_with_nothing},
                    Displacement{"FolderSwapped", swap_folder}),
    [](const auto& test_case) { return test_case.param.name; });

}  // namespace
}  // namespace hailong::tests
