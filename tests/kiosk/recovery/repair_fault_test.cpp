// Repair on a disk that fails, fills or loses power, and repairing that is killed: wherever it stops, the next start
// ends with a whole journal, and nothing was lost, overwritten or numbered twice.
#include <cerrno>
#include <map>
#include <optional>
#include <random>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kiosk/journal/head_file.h"
#include "kiosk/recovery/repair.h"
#include "tests/kiosk/journal/damage.h"
#include "tests/kiosk/journal/must.h"
#include "tests/kiosk/journal/sample.h"
#include "tests/kiosk/journal/sql.h"
#include "tests/kiosk/journal/test_disk.h"

namespace hailong::kiosk {
namespace {

namespace fs = std::filesystem;
using survey::milliseconds;
using test::expect_repaired;
using test::kBoot;
using test::kKiosk;
using test::kNow;
using test::must;
using test::OldJournal;
using test::open_journal;
using test::response;
using test::run_sql;
using test::TemporaryFolder;
using test::TestDisk;
using test::ward5;
using testing::IsEmpty;

/// Stops at the `nth` step (1 is the first) as a failing folder does, and tells the test disk what was renamed.
class StoppingSteps : public FolderSteps {
  public:
    explicit StoppingSteps(std::int64_t nth, TestDisk* disk = nullptr) : nth_(nth), disk_(disk) {}
    int rename(const fs::path& from, const fs::path& to) override {
        if (stops()) return EIO;
        const int error = FolderSteps::rename(from, to);
        if (error == 0 && disk_ != nullptr) disk_->note_rename(from, to);
        return error;
    }
    int sync(const fs::path&) override { return stops() ? EIO : 0; }
    [[nodiscard]] bool has_stopped() const { return stopped_; }

  private:
    bool stops() {
        stopped_ = stopped_ || ++count_ == nth_;
        return stopped_;
    }
    std::int64_t nth_;
    TestDisk* disk_;
    std::int64_t count_ = 0;
    bool stopped_ = false;
};

const std::set<std::int64_t> kAllButTheSixth{1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12};

/// A journal of 12 records, 3 of them delivered, whose sixth and whose tallies are damaged; with a log when `killed`.
struct DamagedFolder {
    explicit DamagedFolder(bool killed) {
        auto journal = std::make_optional(open_journal(origin / "journal.db"));
        old.fill(*journal, 12, 3);
        if (!killed) journal.reset();  // folds the log back
        sqlite3* stranger = nullptr;
        sqlite3_open((origin / "journal.db").c_str(), &stranger);
        sqlite3_exec(stranger,
                     "DROP TRIGGER records_never_change; UPDATE records SET bytes = '{}' WHERE seq = 6;"
                     "UPDATE day_tallies SET tally = 'broken'",
                     nullptr, nullptr, nullptr);
        if (!killed) sqlite3_close(stranger);
        for (const char* suffix : {"", "-wal", "-head"}) {
            const std::string name = "journal.db" + std::string(suffix);
            if (fs::exists(origin / name)) files[name] = survey::read_file(origin / name).value();
        }
        if (killed) sqlite3_close(stranger);
        survey::check((files.count("journal.db-wal") > 0) == killed, "a killed program leaves its log");
    }
    void put_into(const fs::path& folder) const {
        for (const auto& [name, bytes] : files)
            test::write_quickly(folder / name, bytes);
    }
    TemporaryFolder origin;
    OldJournal old;
    std::map<std::string, std::string> files;
};

Expected<Repaired, StoreError> repair(const fs::path& file, FolderSteps* steps, const std::string& boot = kBoot) {
    return open_or_repair({file, kKiosk, boot, milliseconds{0}, steps}, kNow, Look::thorough);
}

/// The damaged file stands somewhere in the folder, to the byte.
void expect_still_there(const fs::path& folder, const std::string& bytes) {
    int copies = 0;
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (survey::read_file(entry.path()) == bytes) ++copies;
    }
    EXPECT_EQ(copies, 1) << "the damaged file is gone or changed";
}

/// The damaged file and its log stand under one name, so that SQLite finds both.
void expect_side_by_side(const fs::path& folder, const std::string& bytes) {
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (survey::read_file(entry.path()) == bytes) {
            EXPECT_TRUE(fs::exists(entry.path().string() + "-wal"));
        }
    }
}

struct FaultCase {
    const char* name;
    TestDisk::Fault fault;
    bool persistent;
};
class RepairOnAFailingDisk : public testing::TestWithParam<FaultCase> {};

TEST_P(RepairOnAFailingDisk, EndsWholeAtTheNextTryWhereverTheFaultFalls) {
    for (const bool killed : {false, true}) {
        const DamagedFolder damaged(killed);
        bool met = true;
        for (std::int64_t nth = 1; met && !HasFailure(); ++nth) {
            ASSERT_LT(nth, 2'000) << "the loop must end by a run without a fault";
            SCOPED_TRACE("fault at operation " + std::to_string(nth) + (killed ? ", with a log" : ""));
            const TemporaryFolder folder;
            damaged.put_into(folder.path());
            TestDisk disk;
            StoppingSteps steps(0, &disk);
            disk.fail(nth, GetParam().fault, GetParam().persistent);
            {
                const auto first = repair(folder / "journal.db", &steps);
                if (!first) {
                    EXPECT_NE(first.error().kind, StoreErrorKind::corrupt) << describe(first.error());
                    EXPECT_NE(first.error().kind, StoreErrorKind::wrong_kiosk) << describe(first.error());
                }
            }
            met = disk.has_failed();
            disk.repair();
            expect_repaired(folder / "journal.db", damaged.old, kBoot, kAllButTheSixth);
            expect_still_there(folder.path(), damaged.files.at("journal.db"));
        }
    }
}

INSTANTIATE_TEST_SUITE_P(, RepairOnAFailingDisk,
                         testing::Values(FaultCase{"IoErrorOnce", TestDisk::Fault::io_error, false},
                                         FaultCase{"IoErrorForever", TestDisk::Fault::io_error, true},
                                         FaultCase{"FullOnce", TestDisk::Fault::disk_full, false},
                                         FaultCase{"FullForever", TestDisk::Fault::disk_full, true}),
                         [](const auto& test_case) { return test_case.param.name; });

TEST(Repair, SaysFullAndChangesNothingWhileTheDiskIsFull) {
    const DamagedFolder damaged(false);
    const TemporaryFolder folder;
    damaged.put_into(folder.path());
    TestDisk disk;
    disk.fail(1, TestDisk::Fault::disk_full, true);
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(repair(folder / "journal.db", nullptr).error().kind, StoreErrorKind::full);
    EXPECT_EQ(survey::read_file(folder / "journal.db"), damaged.files.at("journal.db"));
    disk.repair();
    EXPECT_TRUE(repair(folder / "journal.db", nullptr));
}

TEST(Repair, SurvivesAPowerCutAtAnyOperation) {
    std::mt19937_64 chance(11);
    for (const bool killed : {false, true}) {
        const DamagedFolder damaged(killed);
        bool met = true;
        for (std::int64_t nth = 1; met && !testing::Test::HasFailure(); ++nth) {
            ASSERT_LT(nth, 2'000);
            SCOPED_TRACE("power cut at operation " + std::to_string(nth) + (killed ? ", with a log" : ""));
            const TemporaryFolder folder;
            const TemporaryFolder after;
            damaged.put_into(folder.path());
            TestDisk disk;
            for (const char* name : {"journal.db", "journal.db-wal"}) {
                if (fs::exists(folder / name)) disk.load(folder / name);
            }
            StoppingSteps steps(0, &disk);
            disk.fail(nth, TestDisk::Fault::io_error, true);
            { const auto first = repair(folder / "journal.db", &steps); }
            met = disk.has_failed();
            disk.repair();
            disk.power_cut(after.path(), chance);
            // The head file was never synced: it is as old as may be, or gone.
            if (chance() % 2 == 0) fs::copy(folder / "journal.db-head", after / "journal.db-head");
            expect_repaired(after / "journal.db", damaged.old, "the next boot", kAllButTheSixth);
        }
    }
}

TEST(Repair, GoesOnWhereItWasStoppedBetweenTwoRenames) {
    for (const bool killed : {false, true}) {
        const DamagedFolder damaged(killed);
        bool stopped = true;
        for (std::int64_t nth = 1; stopped && !testing::Test::HasFailure(); ++nth) {
            SCOPED_TRACE("stopped at step " + std::to_string(nth) + (killed ? ", with a log" : ""));
            const TemporaryFolder folder;
            damaged.put_into(folder.path());
            StoppingSteps steps(nth);
            const auto first = repair(folder / "journal.db", &steps);
            stopped = steps.has_stopped();
            if (stopped) {
                ASSERT_FALSE(first);
                EXPECT_EQ(first.error().kind, StoreErrorKind::io);
            }
            if (!fs::exists(folder / "journal.db")) {
                EXPECT_EQ(Journal::open(folder / "journal.db", kKiosk).error().kind, StoreErrorKind::corrupt)
                    << "a strict opener must wait for the repairer";
            }
            expect_repaired(folder / "journal.db", damaged.old, kBoot, kAllButTheSixth);
            expect_still_there(folder.path(), damaged.files.at("journal.db"));
            if (killed) {
                expect_still_there(folder.path(), damaged.files.at("journal.db-wal"));
                expect_side_by_side(folder.path(), damaged.files.at("journal.db"));
            }
        }
    }
}

// ---- Killed

/// Tells every step through `pipe`, so that whoever listens can kill there.
class TellingSteps : public FolderSteps {
  public:
    explicit TellingSteps(int pipe) : pipe_(pipe) {}
    int rename(const fs::path& from, const fs::path& to) override {
        tell();
        return FolderSteps::rename(from, to);
    }
    int sync(const fs::path&) override {
        tell();
        return 0;
    }

  private:
    void tell() const {
        const std::int64_t nothing = 0;
        if (write(pipe_, &nothing, sizeof nothing) != static_cast<ssize_t>(sizeof nothing)) _exit(2);
    }
    int pipe_;
};

/// Heals, appends, delivers and prunes until it is killed, and tells each confirmed response through `pipe`.
[[noreturn]] void work_forever(const fs::path& file, std::int64_t first, int pipe) {
    TellingSteps steps(pipe);
    auto repaired = repair(file, &steps);
    if (!repaired) _exit(3);
    Journal& journal = repaired->journal;
    for (std::int64_t n = first;; ++n) {
        survey::Response one = response(n);
        one.boot_id = kBoot;
        if (!journal.append(one, ward5())) _exit(1);
        if (write(pipe, &n, sizeof n) != static_cast<ssize_t>(sizeof n)) _exit(2);
        const std::int64_t confirmed = must(journal.head()).seq - 3;
        if (n % 7 == 0 && !journal.mark_delivered(confirmed, response(n).finished.utc)) _exit(4);
        if (n % 9 == 0 && !journal.prune(response(n - 20).finished.utc)) _exit(5);
    }
}

TEST(Repair, KeepsEveryConfirmedResponseWhenTheProgramIsKilledAtIt) {
    const TemporaryFolder folder;
    const fs::path file = folder / "journal.db";
    std::mt19937_64 chance(21);
    std::int64_t confirmed = 0;
    std::int64_t pruned_to = 0;
    std::map<std::int64_t, std::string> seen;  // what every number stood for
    for (int round = 0; round < 24 && !testing::Test::HasFailure(); ++round) {
        SCOPED_TRACE("round " + std::to_string(round));
        int ends[2];
        ASSERT_EQ(pipe(ends), 0);
        const pid_t child = fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            close(ends[0]);
            work_forever(file, confirmed + 1, ends[1]);
        }
        close(ends[1]);
        // A few words only: the first of them come from within the repairing.
        const auto words = static_cast<int>(1 + chance() % (round % 2 == 0 ? 6 : 60));
        std::int64_t n = 0;
        for (int i = 0; i < words && read(ends[0], &n, sizeof n) == static_cast<ssize_t>(sizeof n); ++i)
            confirmed = std::max(confirmed, n);
        kill(child, SIGKILL);
        int status = 0;
        waitpid(child, &status, 0);
        ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself with " << WEXITSTATUS(status);
        while (read(ends[0], &n, sizeof n) == static_cast<ssize_t>(sizeof n))
            confirmed = std::max(confirmed, n);
        close(ends[0]);

        {
            auto repaired = repair(file, nullptr);
            ASSERT_TRUE(repaired) << describe(repaired.error());
            EXPECT_THAT(repaired->journal.verify().value(), IsEmpty());
            const auto here = repaired->journal.read(0, 100'000, SIZE_MAX);
            std::map<survey::Uuid, std::int64_t> ids;
            for (const JournalEntry& entry : *here) {
                EXPECT_EQ(seen.emplace(entry.seq, entry.bytes).first->second, entry.bytes)
                    << "number " << entry.seq << " came twice";
                ids.emplace(survey::decode(entry.bytes)->response.id, entry.seq);
            }
            pruned_to = std::max(pruned_to, must(repaired->journal.base()).seq);
            std::int64_t missing = 0;
            for (std::int64_t one = 1; one <= confirmed; ++one)
                missing += ids.count(response(one).id) == 0 ? 1 : 0;
            EXPECT_LE(missing, pruned_to) << "confirmed, and not there";
            while (ids.count(response(confirmed + 1).id) > 0)
                ++confirmed;  // the one that was under way
            EXPECT_EQ(repaired->journal.collected(), confirmed);
        }
        run_sql(file, "UPDATE day_tallies SET tally = 'broken'");  // the next start repairs
    }
}

}  // namespace
}  // namespace hailong::kiosk
