// Terminals that were repaired deliver again by themselves, whatever the backend holds of what they lost.
#include <fstream>
#include <thread>

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "tests/faults/audit.h"
#include "tests/faults/finger.h"
#include "tests/faults/seed.h"

namespace hailong::tests {
namespace {

namespace fs = std::filesystem;

class RepairedTerminal : public testing::Test {
  protected:
    RepairedTerminal() { center_.start(); }

    [[nodiscard]] fs::path file(const std::string& name) const { return center_.terminal(kGlass) / name; }
    [[nodiscard]] Promised promised() const { return promised_in(outside_ / "promised"); }
    void write(std::size_t count) {
        const std::size_t wanted = promised().size() + count;
        Process writer({kBin + "fault-writer", file("kiosk.toml").string(), (outside_ / "promised").string(),
                        std::to_string(fault_seed())});
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
        while (promised().size() < wanted && std::chrono::steady_clock::now() < deadline)
            std::this_thread::sleep_for(std::chrono::milliseconds{2});
        writer.kill();
    }
    void start_terminal(const std::string& said) {
        Process kiosk({kBin + "hailong-kiosk", "--config", file("kiosk.toml").string()},
                      {{"DISPLAY", screen_.display()}});
        kiosk.wait_for([&](const std::string& line) { return line.find(said) != line.npos; });
        EXPECT_EQ(kiosk.terminate(), 0) << kiosk.output();
    }
    void expect_none(const std::vector<std::string>& findings) {
        for (const std::string& finding : findings)
            ADD_FAILURE() << finding;
    }
    /// Overwrites the page that holds the record of this number, in the file or its log.
    void destroy_newest() {
        const std::string id = newest_id(file("journal.db"));
        std::string raw;
        for (std::size_t i = 0; i + 1 < id.size(); i += 2)
            raw += static_cast<char>(std::stoi(id.substr(i, 2), nullptr, 16));
        for (const std::string name : {"journal.db", "journal.db-wal"}) {
            if (!fs::exists(file(name))) continue;
            std::string bytes = survey::read_file(file(name)).value();
            const std::size_t header = name == "journal.db" ? 0 : 32 + 24;
            const std::size_t page = name == "journal.db" ? 4'096 : 4'120;
            for (std::size_t at = bytes.find(raw); at != bytes.npos; at = bytes.find(raw, at + 1)) {
                const std::size_t begin = header + (at - header) / page * page;
                for (std::size_t i = begin; i < std::min(begin + 4'096, bytes.size()); ++i)
                    bytes[i] = 'x';
            }
            std::ofstream(file(name), std::ios::binary) << bytes;
        }
    }

    Center center_{480, 800};
    const Screen screen_{"480x800"};
    TemporaryFolder outside_;
};

TEST_F(RepairedTerminal, DeliversByItselfWhenItsNewestRecordsWereDeliveredAndThenDestroyed) {
    write(30);
    start_terminal("terminal ");  // folds the log
    expect_none(deliver_all(center_, kGlass));
    const Stored before = stored(center_, kGlass);
    destroy_newest();
    start_terminal("repaired: ");
    write(10);
    expect_none(deliver_all(center_, kGlass));
    EXPECT_GE(stored(center_, kGlass).backend, before.backend + 10);
    EXPECT_EQ(center_.stop(), 0);
    const Ran reconciled = center_.backend({"reconcile"});
    EXPECT_EQ(reconciled.exit_code, 0) << reconciled.output;
    const Ran verified = center_.backend({"verify"});
    EXPECT_EQ(verified.exit_code, 0) << verified.output;
    // The backend has what was destroyed here.
    EXPECT_EQ(not_stored(center_, kGlass, promised()), Promised{});
}

TEST_F(RepairedTerminal, BelievesNoSpoiledDigitOfItsHeadFile) {
    write(12);
    start_terminal("terminal ");
    expect_none(deliver_all(center_, kGlass));
    const std::string lines = survey::read_file(file("journal.db-head")).value();
    const std::size_t number = lines.find(' ') + 1;
    for (const std::size_t at : {number, number + 1, std::size_t{0}, number + 20}) {
        std::string spoiled = lines;
        spoiled.at(at) = spoiled.at(at) == '9' ? '8' : '9';
        std::ofstream(file("journal.db-head"), std::ios::binary) << spoiled;
        start_terminal("terminal ");
        write(2);
        start_terminal("terminal ");
    }
    expect_none(deliver_all(center_, kGlass));
    EXPECT_EQ(center_.stop(), 0);
    expect_none(audit_terminal(center_, kGlass, promised()));
    expect_none(audit_backend(center_));
}

TEST_F(RepairedTerminal, PutBackFromACopyAndEnrolledAnewCountsEachAnswerOnceAndLeavesNothingToDo) {
    write(10);
    start_terminal("terminal ");
    expect_none(deliver_all(center_, kGlass));
    const fs::path copy = outside_ / "copy";
    fs::copy(center_.terminal(kGlass), copy, fs::copy_options::recursive);
    write(4);
    expect_none(deliver_all(center_, kGlass));
    fs::remove_all(center_.terminal(kGlass));
    fs::copy(copy, center_.terminal(kGlass), fs::copy_options::recursive);
    write(3);
    EXPECT_EQ(center_.sync_once(kGlass).exit_code, 1) << "two histories: a person says which";
    const Ran code = center_.backend({"enroll", "--center", "binh-minh", "--kiosk", kGlass});
    ASSERT_EQ(code.exit_code, 0) << code.output;
    must({kBin + "hailong-sync", "enroll", "--config", file("sync.toml").string(), "--code",
          code.output.substr(0, code.output.find('\n'))});
    expect_none(deliver_all(center_, kGlass));
    EXPECT_EQ(must({"sqlite3", file("journal.db").string(), "SELECT quarantined FROM sync_state"}), "0\n")
        << "copies count already";
    EXPECT_EQ(center_.stop(), 0);
    const Ran reconciled = center_.backend({"reconcile"});
    EXPECT_EQ(reconciled.exit_code, 0) << reconciled.output;
    EXPECT_EQ(center_.backend({"verify"}).exit_code, 0);
    EXPECT_EQ(not_stored(center_, kGlass, promised()), Promised{});
    const std::string incidents = center_.backend({"incidents"}).output;
    EXPECT_NE(incidents.find("put back from a copy"), incidents.npos) << incidents;
}

}  // namespace
}  // namespace hailong::tests
