// A terminal was killed, and its log is damaged on disk before anything opens the file again.
#include <fstream>
#include <thread>

#include <gtest/gtest.h>

#include "kiosk/journal/log_check.h"
#include "tests/faults/audit.h"
#include "tests/faults/finger.h"
#include "tests/faults/seed.h"

namespace hailong::tests {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kThanked = 60;

/// What a killed terminal leaves, byte for byte, to be put back for each damage.
class KilledTerminal {
  public:
    explicit KilledTerminal(const Center& center) : folder_(center.terminal(kGlass)) {
        // Folded into the file, so that the log goes on behind a file that is whole by itself.
        must({kBin + "hailong-fill", "--config", (folder_ / "kiosk.toml").string(), "--visits", "40", "--days", "3"});
        const fs::path promises = folder_ / "promised";
        Process writer({kBin + "fault-writer", (folder_ / "kiosk.toml").string(), promises.string(),
                        std::to_string(fault_seed())});
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
        while (promised().size() < kThanked) {
            if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error("nobody was thanked in time");
            std::this_thread::sleep_for(std::chrono::milliseconds{5});
        }
        writer.kill();
        for (const std::string& name : kNames)
            files_[name] = survey::read_file(folder_ / name).value();
    }

    [[nodiscard]] Promised promised() const { return promised_in(folder_ / "promised"); }
    [[nodiscard]] std::string log() const { return files_.at("journal.db-wal"); }

    /// As it was killed, but with this log.
    void put_back(const std::string& log) const {
        for (const auto& entry : fs::directory_iterator(folder_)) {
            if (entry.path().filename().string().starts_with("journal.db")) fs::remove(entry.path());
        }
        for (const auto& [name, bytes] : files_)
            std::ofstream(folder_ / name, std::ios::binary) << (name == "journal.db-wal" ? log : bytes);
    }

  private:
    inline static const std::vector<std::string> kNames = {"journal.db", "journal.db-wal", "journal.db-head"};
    fs::path folder_;
    std::map<std::string, std::string> files_;
};

/// Where a bit flips: in the header of the log, in headers of frames, in the first page.
std::vector<std::size_t> places_in(const std::string& log) {
    const std::size_t frames = (log.size() - kiosk::kLogHeaderBytes) / kiosk::kFrameBytes;
    const auto frame = [](std::size_t number) { return kiosk::kLogHeaderBytes + number * kiosk::kFrameBytes; };
    return {0,
            9,
            17,
            28,
            frame(0) + 2,
            frame(0) + 9,
            frame(0) + 17,
            frame(0) + kiosk::kFrameHeaderBytes + 100,
            frame(1) + 9,
            frame(frames / 3) + 17,
            frame(frames / 2) + 9};
}

class DamagedLog : public ::testing::TestWithParam<bool> {};

/// Whether somebody else opens the file first: the sync program, which must leave it as it is.
TEST_P(DamagedLog, IsCarriedOverWhenTheTerminalStarts) {
    Center center(480, 800);
    center.start();
    const KilledTerminal killed(center);
    const Screen screen("480x800");
    for (const std::size_t place : places_in(killed.log())) {
        SCOPED_TRACE("a bit of byte " + std::to_string(place) + " flips");
        std::string log = killed.log();
        log.at(place) ^= 0x10;
        killed.put_back(log);
        if (GetParam()) {
            const Ran synced = center.sync_once(kGlass);
            EXPECT_NE(synced.exit_code, 0) << synced.output;
            EXPECT_EQ(survey::read_file(center.terminal(kGlass) / "journal.db-wal").value(), log) << synced.output;
        }
        {
            Terminal terminal(screen, center.terminal(kGlass));
            terminal.process().wait_for([](const std::string& line) { return line.find("repaired: ") != line.npos; });
            EXPECT_EQ(terminal.process().terminate(), 0) << terminal.process().output();
        }
        for (const auto& findings : {deliver_all(center, kGlass), audit_terminal(center, kGlass, killed.promised())}) {
            for (const std::string& finding : findings)
                ADD_FAILURE() << finding;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(AfterOthers, DamagedLog, ::testing::Bool());

}  // namespace
}  // namespace hailong::tests
