// Terminals on a disk with bad sectors, and on one whose power goes in the middle of a write.
#include "tests/faults/bad_disk.h"

#include <fstream>
#include <thread>

#include <gtest/gtest.h>

#include "tests/faults/audit.h"
#include "tests/faults/finger.h"
#include "tests/faults/rounds.h"
#include "tests/faults/seed.h"

namespace hailong::tests {
namespace {

namespace fs = std::filesystem;

void expect_none(const std::vector<std::string>& findings) {
    for (const std::string& finding : findings)
        ADD_FAILURE() << finding;
}

class BadDiskOfATerminal : public testing::Test {
  protected:
    BadDiskOfATerminal() { center_.start(); }

    [[nodiscard]] fs::path folder() const { return center_.terminal(kGlass); }
    [[nodiscard]] fs::path promises() const { return outside_ / "promised"; }

    /// Writes until `count` more answers are promised, or the disk ends the program.
    void write(const Process::Environment& environment, std::size_t count) {
        const std::size_t wanted = promised_in(promises()).size() + count;
        Process writer({kBin + "fault-writer", (folder() / "kiosk.toml").string(), promises().string(),
                        std::to_string(fault_seed())},
                       environment);
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
        while (promised_in(promises()).size() < wanted && std::chrono::steady_clock::now() < deadline) {
            if (::kill(writer.pid(), 0) != 0 || has_ended(writer.pid())) break;
            std::this_thread::sleep_for(std::chrono::milliseconds{2});
        }
        writer.kill();
    }

    /// The terminal starts, and ends as asked once its log says what is waited for.
    void start_terminal(const Screen& screen, const Process::Environment& more, const std::string& said) {
        Process::Environment environment = more;
        environment["DISPLAY"] = screen.display();
        Process kiosk({kBin + "hailong-kiosk", "--config", (folder() / "kiosk.toml").string()}, environment);
        kiosk.wait_for([&](const std::string& line) { return line.find(said) != line.npos; });
        EXPECT_EQ(kiosk.terminate(), 0) << kiosk.output();
    }

    void expect_accounts_closed() {
        expect_none(deliver_all(center_, kGlass));
        expect_none(audit_terminal(center_, kGlass, promised_in(promises())));
    }

    Center center_{480, 800};
    TemporaryFolder outside_;

  private:
    static bool has_ended(pid_t pid) {
        std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
        const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
        return text.empty() || text.find(") Z ") != std::string::npos;
    }
};

struct BadSector {
    std::string file;
    double at = 0;  // of its length
};
class BadSectorOfATerminal : public BadDiskOfATerminal, public testing::WithParamInterface<BadSector> {};

TEST_P(BadSectorOfATerminal, IsReadAroundAndTheRestIsDelivered) {
    const Screen screen("480x800");
    // What is written first is folded into the file; what comes behind it stands in the log of a killed terminal.
    must({kBin + "hailong-fill", "--config", (folder() / "kiosk.toml").string(), "--visits", "40", "--days", "3"});
    write({}, 40);
    const auto size = static_cast<double>(fs::file_size(folder() / GetParam().file));
    BadDisk disk(folder());
    disk.make_unreadable(folder() / GetParam().file, static_cast<std::int64_t>(GetParam().at * size) / 512 * 512, 512);
    start_terminal(screen, disk.environment(), "repaired: ");
    EXPECT_GT(disk.refused(), 0);
    write(disk.environment(), 5);
    expect_none(deliver_all(center_, kGlass));
    // What stood in the sector itself is gone with it: of the promised, at most what one page held.
    const Promised promised = promised_in(promises());
    Promised kept = promised;
    for (const std::string& id : not_stored(center_, kGlass, promised))
        kept.erase(id);
    EXPECT_LE(promised.size() - kept.size(), 6u);
    expect_none(audit_terminal(center_, kGlass, kept));
}

INSTANTIATE_TEST_SUITE_P(, BadSectorOfATerminal,
                         testing::Values(BadSector{"journal.db", 0}, BadSector{"journal.db", 0.5},
                                         BadSector{"journal.db", 0.999}, BadSector{"journal.db-wal", 0},
                                         BadSector{"journal.db-wal", 0.01}, BadSector{"journal.db-wal", 0.6}),
                         [](const auto& sector) {
                             const bool is_log = sector.param.file != "journal.db";
                             return std::string(is_log ? "OfTheLogAt" : "OfTheFileAt") +
                                    std::to_string(static_cast<int>(sector.param.at * 1'000));
                         });

TEST_F(BadDiskOfATerminal, ThatLosesPowerInAnyWriteKeepsEveryPromise) {
    const Screen screen("480x800");
    std::uint64_t chance = fault_seed();
    SCOPED_TRACE("HAILONG_SEED=" + std::to_string(chance));
    for (const std::int64_t cut_at : {3, 11, 29, 50, 101, 150, 333, 1'000}) {
        SCOPED_TRACE("the power goes at write " + std::to_string(cut_at));
        BadDisk disk(folder());
        disk.cut_power_at(cut_at, ++chance);
        write(disk.environment(), 100'000);
        EXPECT_EQ(disk.writes(), cut_at) << "the power did not go";
        disk.mend();
        start_terminal(screen, disk.environment(), "terminal ");
        expect_accounts_closed();
    }
}

TEST(BadDiskRound, LosesNothing) {
    const std::uint64_t seed = fault_seed();
    SCOPED_TRACE("HAILONG_SEED=" + std::to_string(seed));
    for (const std::string& finding : disk_round({seed, 8}).findings)
        ADD_FAILURE() << finding;
}

}  // namespace
}  // namespace hailong::tests
