#include "kiosk/journal/journal.h"

#include <fstream>
#include <functional>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include "survey/record.h"
#include "tests/kiosk/journal/must.h"
#include "tests/kiosk/journal/sample.h"
#include "tests/kiosk/journal/sql.h"

namespace hailong::kiosk {
namespace {

using survey::milliseconds;
using test::kDay;
using test::kKiosk;
using test::must;
using test::open_journal;
using test::response;
using test::run_sql;
using test::TemporaryFolder;
using test::ward5;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Runs `body` as a user without rights in a process of its own; its value becomes the exit code.
int as_nobody(const std::function<int()>& body) {
    const pid_t child = fork();
    if (child == 0) {
        if (getuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) _exit(99);
        _exit(body());
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 98;
}

std::vector<JournalEntry> fill(Journal& journal, std::int64_t count) {
    std::vector<JournalEntry> entries;
    for (std::int64_t n = 1; n <= count; ++n) {
        const auto entry = journal.append(response(n), ward5());
        EXPECT_TRUE(entry) << describe(entry.error());
        if (entry) entries.push_back(*entry);
    }
    return entries;
}

TEST(Journal, NumbersFromOneAndChainsFromTheStart) {
    const TemporaryFolder folder;
    Journal journal = open_journal(folder / "journal.db");
    EXPECT_EQ(journal.head(), ChainHead{});
    const auto first = journal.append(response(1), ward5());
    const auto second = journal.append(response(2), ward5());
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->seq, 1);
    EXPECT_EQ(second->seq, 2);
    EXPECT_EQ(first->hash, survey::chain(survey::kChainStart, first->bytes));
    EXPECT_EQ(second->hash, survey::chain(first->hash, second->bytes));
    EXPECT_EQ(first->bytes, survey::encode({kKiosk, 1, response(1)}));
    EXPECT_EQ(journal.head(), (ChainHead{2, second->hash}));
}

TEST(Journal, KeepsOrderAcrossReopen) {
    const TemporaryFolder folder;
    std::vector<JournalEntry> entries;
    {
        Journal journal = open_journal(folder / "journal.db");
        entries = fill(journal, 3);
    }
    Journal journal = open_journal(folder / "journal.db");
    EXPECT_EQ(journal.read(1, 100, 1'000'000), entries);
    const auto next = journal.append(response(4), ward5());
    ASSERT_TRUE(next);
    EXPECT_EQ(next->seq, 4);
    EXPECT_EQ(next->hash, survey::chain(entries.back().hash, next->bytes));
}

TEST(Journal, ReturnsTheHeldEntryWhenAResponseIsAppendedAgain) {
    const TemporaryFolder folder;
    Journal journal = open_journal(folder / "journal.db");
    const auto entries = fill(journal, 3);
    EXPECT_EQ(journal.append(response(2), ward5()), entries.at(1));
    EXPECT_EQ(must(journal.head()).seq, 3);
    EXPECT_EQ(must(journal.append(response(4), ward5())).seq, 4);
    const auto tallies = journal.tallies(kDay, kDay);
    ASSERT_TRUE(tallies);
    std::int64_t visits = 0;
    for (const DayTally& tally : *tallies) {
        if (tally.subject.kind == survey::SubjectKind::visit) visits += tally.tally.responses;
    }
    EXPECT_EQ(visits, 4);
}

TEST(Journal, ReadsWithinTheGivenBounds) {
    const TemporaryFolder folder;
    Journal journal = open_journal(folder / "journal.db");
    const auto entries = fill(journal, 6);
    const auto seqs = [&](std::int64_t first, std::size_t count, std::size_t bytes) {
        std::vector<std::int64_t> result;
        for (const JournalEntry& entry : must(journal.read(first, count, bytes)))
            result.push_back(entry.seq);
        return result;
    };
    EXPECT_THAT(seqs(1, 3, 1'000'000), ElementsAre(1, 2, 3));
    EXPECT_THAT(seqs(4, 100, 1'000'000), ElementsAre(4, 5, 6));
    EXPECT_THAT(seqs(-5, 1, 1'000'000), ElementsAre(1));
    EXPECT_THAT(seqs(7, 100, 1'000'000), IsEmpty());
    EXPECT_THAT(seqs(1, 0, 1'000'000), IsEmpty());
    const std::size_t two = entries[1].bytes.size() + entries[2].bytes.size();
    EXPECT_THAT(seqs(2, 100, two), ElementsAre(2, 3));
    EXPECT_THAT(seqs(2, 100, two - 1), ElementsAre(2));
    EXPECT_THAT(seqs(2, 100, 0), ElementsAre(2)) << "one record at least, or the queue would never move";
}

TEST(Journal, FindsChainValues) {
    const TemporaryFolder folder;
    Journal journal = open_journal(folder / "journal.db");
    const auto entries = fill(journal, 2);
    EXPECT_EQ(must(journal.hash_at(0)).value(), survey::kChainStart);
    EXPECT_EQ(must(journal.hash_at(2)).value(), entries[1].hash);
    EXPECT_EQ(journal.hash_at(3).value(), std::nullopt);
    EXPECT_EQ(journal.hash_at(-1).value(), std::nullopt);
}

TEST(Journal, MovesTheDeliveredNumberForwardOnly) {
    const TemporaryFolder folder;
    {
        Journal journal = open_journal(folder / "journal.db");
        fill(journal, 5);
        EXPECT_EQ(journal.delivered_seq(), 0);
        ASSERT_TRUE(journal.mark_delivered(3));
        ASSERT_TRUE(journal.mark_delivered(2));
        EXPECT_EQ(journal.delivered_seq(), 3);
    }
    EXPECT_EQ(open_journal(folder / "journal.db").delivered_seq(), 3);
}

TEST(JournalDeathTest, RefusesToMarkWhatDoesNotExist) {
    const TemporaryFolder folder;
    Journal journal = open_journal(folder / "journal.db");
    fill(journal, 1);
    EXPECT_DEATH((void)journal.mark_delivered(2), "only records that exist");
}

TEST(Journal, RemembersWhichKioskProgramLastWorkedWithIt) {
    const TemporaryFolder folder;
    {
        Journal journal = open_journal(folder / "journal.db");
        EXPECT_EQ(journal.kiosk_version(), "");
        ASSERT_TRUE(journal.set_kiosk_version("0.1.0"));
        EXPECT_EQ(journal.kiosk_version(), "0.1.0");
    }
    Journal journal = open_journal(folder / "journal.db");
    EXPECT_EQ(journal.kiosk_version(), "0.1.0");
    ASSERT_TRUE(journal.set_kiosk_version("0.2.0"));
    EXPECT_EQ(journal.kiosk_version(), "0.2.0");
}

TEST(Journal, WritesNothingForTheSameKioskProgram) {
    const TemporaryFolder folder;
    Journal journal = open_journal(folder / "journal.db");
    ASSERT_TRUE(journal.set_kiosk_version("0.1.0"));
    const auto before = std::filesystem::file_size(folder / "journal.db-wal");
    ASSERT_TRUE(journal.set_kiosk_version("0.1.0"));
    EXPECT_EQ(std::filesystem::file_size(folder / "journal.db-wal"), before);
}

TEST(Journal, KeepsTheSyncStatus) {
    const TemporaryFolder folder;
    SyncStatus status;
    {
        Journal journal = open_journal(folder / "journal.db");
        EXPECT_EQ(journal.sync_status(), SyncStatus{});
        status.last_attempt = survey::UtcTime{milliseconds{1'795'309'200'123}};
        status.last_error = "không có mạng";
        ASSERT_TRUE(journal.set_sync_status(status));
        EXPECT_EQ(journal.sync_status(), status);
        status.last_success = status.last_attempt;
        status.last_error.clear();
        status.server_offset = milliseconds{-1'250};
        ASSERT_TRUE(journal.set_sync_status(status));
    }
    EXPECT_EQ(open_journal(folder / "journal.db").sync_status(), status);
}

TEST(Journal, CountsByDayCounterAndFlag) {
    const TemporaryFolder folder;
    Journal journal = open_journal(folder / "journal.db");
    fill(journal, 12);  // 7 is dissatisfied, 11 is flagged
    const auto tallies = journal.tallies(kDay, kDay);
    ASSERT_TRUE(tallies);
    std::vector<std::string> lines;
    for (const DayTally& tally : *tallies) {
        lines.push_back(std::string(survey::name(tally.subject.kind)) + " " + tally.subject.id +
                        (tally.flagged ? " flagged " : " ") + survey::to_text(tally.tally));
    }
    const std::string dissatisfied = R"("reason":{"guidance":1,"wait":1})";
    EXPECT_THAT(lines, ElementsAre(R"(counter DD {"items":{"o_all":{"5":5},"overall":{"2":1,"5":4},)" + dissatisfied +
                                       R"(},"responses":5})",
                                   R"(counter TP {"items":{"o_all":{"5":6},"overall":{"4":6}},"responses":6})",
                                   R"(visit  {"items":{"o_all":{"5":11},"overall":{"2":1,"4":6,"5":4},)" +
                                       dissatisfied + R"(},"responses":11})",
                                   R"(counter DD flagged {"items":{"o_all":{"5":1},"overall":{"5":1}},"responses":1})",
                                   R"(visit  flagged {"items":{"o_all":{"5":1},"overall":{"5":1}},"responses":1})"));
    for (const DayTally& tally : *tallies) {
        EXPECT_EQ(tally.day, kDay);
        EXPECT_EQ(tally.questionnaire, ward5().ref);
    }
}

TEST(Journal, CountsAResponseOnTheLocalDayItsClockShowed) {
    const TemporaryFolder folder;
    Journal journal = open_journal(folder / "journal.db");
    survey::Response late = response(1);
    late.finished.utc = survey::start_of_day(kDay) - milliseconds{1};
    survey::Response early = response(2);
    early.finished.utc = survey::start_of_day(kDay);
    survey::Response elsewhere = response(3);
    elsewhere.finished.utc = late.finished.utc;
    elsewhere.finished.utc_offset = std::chrono::minutes{480};
    for (const auto& one : {late, early, elsewhere})
        ASSERT_TRUE(journal.append(one, ward5()));
    const auto visits = [&](survey::Date day) {
        const auto found = must(journal.tallies(day, day));
        return found.empty() ? 0 : found.back().tally.responses;
    };
    const survey::Date before{std::chrono::sys_days{kDay} - std::chrono::days{1}};
    EXPECT_EQ(visits(before), 1);
    EXPECT_EQ(visits(kDay), 2);
    EXPECT_EQ(must(journal.tallies(before, kDay)).front().day, before);
}

TEST(Journal, ReadsTalliesAcrossMonthsAndYears) {
    const TemporaryFolder folder;
    Journal journal = open_journal(folder / "journal.db");
    for (std::int64_t n = 0; n < 4; ++n) {
        survey::Response one = response(n + 1);
        one.context.counter = {};
        one.finished.utc += std::chrono::days{20 * n};
        ASSERT_TRUE(journal.append(one, ward5()));
    }
    const auto date = [](int y, unsigned m, unsigned d) {
        return survey::Date{std::chrono::year{y}, std::chrono::month{m}, std::chrono::day{d}};
    };
    EXPECT_EQ(must(journal.tallies(date(2026, 11, 22), date(2027, 1, 21))).size(), 4U);
    EXPECT_EQ(must(journal.tallies(date(2026, 11, 23), date(2027, 1, 20))).size(), 2U);
    EXPECT_EQ(must(journal.tallies(date(2027, 1, 22), date(2027, 12, 31))).size(), 0U);
}

TEST(Journal, WorksForTwoProgramsAtOnce) {
    const TemporaryFolder folder;
    constexpr std::int64_t kEach = 60;
    Journal kiosk = open_journal(folder / "journal.db");
    std::thread sync([&] {
        Journal other = open_journal(folder / "journal.db");
        for (std::int64_t n = 1; n <= kEach; ++n) {
            ASSERT_TRUE(other.append(response(1'000 + n), ward5()));
            ASSERT_TRUE(other.mark_delivered(must(other.head()).seq));
        }
    });
    for (std::int64_t n = 1; n <= kEach; ++n) {
        const auto entry = kiosk.append(response(n), ward5());
        ASSERT_TRUE(entry) << describe(entry.error());
    }
    sync.join();
    EXPECT_EQ(must(kiosk.head()).seq, 2 * kEach);
    EXPECT_THAT(kiosk.verify().value(), IsEmpty()) << "the tallies must count what both wrote";
}

TEST(Journal, SeesWhatAnotherProgramCounted) {
    const TemporaryFolder folder;
    Journal kiosk = open_journal(folder / "journal.db");
    Journal other = open_journal(folder / "journal.db");
    ASSERT_TRUE(kiosk.append(response(2), ward5()));
    ASSERT_TRUE(other.append(response(4), ward5()));
    ASSERT_TRUE(kiosk.append(response(6), ward5()));
    const auto tallies = must(kiosk.tallies(kDay, kDay));
    ASSERT_EQ(tallies.size(), 2U);
    EXPECT_EQ(tallies.at(0).tally.responses, 3);
    EXPECT_EQ(tallies.at(1).tally.responses, 3);
}

TEST(Journal, SaysBusyWhileAnotherProgramHoldsTheFileAndWorksAfterwards) {
    const TemporaryFolder folder;
    auto opened = Journal::open(folder / "journal.db", kKiosk, milliseconds{0});
    ASSERT_TRUE(opened);
    Journal journal = std::move(*opened);
    sqlite3* other = nullptr;
    ASSERT_EQ(sqlite3_open((folder / "journal.db").c_str(), &other), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
    const auto refused = journal.append(response(1), ward5());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, StoreErrorKind::busy);
    EXPECT_EQ(journal.head(), ChainHead{});
    ASSERT_EQ(sqlite3_exec(other, "ROLLBACK", nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(other);
    EXPECT_EQ(must(journal.append(response(1), ward5())).seq, 1);
    EXPECT_THAT(journal.verify().value(), IsEmpty());
}

TEST(Journal, BelongsToOneTerminal) {
    const TemporaryFolder folder;
    { (void)open_journal(folder / "journal.db"); }
    const auto other = Journal::open(folder / "journal.db", survey::KioskId{"k-02"});
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().kind, StoreErrorKind::wrong_kiosk);
    EXPECT_THAT(other.error().what, HasSubstr("k-01"));
    EXPECT_THAT(other.error().what, HasSubstr((folder / "journal.db").string()));
    EXPECT_FALSE(other.error().remedy.empty());
}

TEST(Journal, RefusesAFileOfANewerProgram) {
    const TemporaryFolder folder;
    { (void)open_journal(folder / "journal.db"); }
    run_sql(folder / "journal.db", "PRAGMA user_version = 7");
    const auto refused = Journal::open(folder / "journal.db", kKiosk);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, StoreErrorKind::newer);
}

TEST(Journal, LeavesAnotherProgramsFileAlone) {
    const TemporaryFolder folder;
    run_sql(folder / "other.db", "PRAGMA journal_mode = DELETE; CREATE TABLE photos (id INTEGER)");
    const auto bytes = survey::read_file(folder / "other.db");
    const auto refused = Journal::open(folder / "other.db", kKiosk);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, StoreErrorKind::corrupt);
    EXPECT_EQ(survey::read_file(folder / "other.db"), bytes);
}

TEST(Journal, SaysCorruptForAFileThatIsNoDatabase) {
    const TemporaryFolder folder;
    std::ofstream(folder / "journal.db") << std::string(8'192, 'x');
    const auto refused = Journal::open(folder / "journal.db", kKiosk);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, StoreErrorKind::corrupt);
}

TEST(Journal, SaysReadOnlyWhereTheFolderIsMissing) {
    const TemporaryFolder folder;
    const auto refused = Journal::open(folder / "missing" / "journal.db", kKiosk);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, StoreErrorKind::read_only);
    EXPECT_THAT(refused.error().remedy, HasSubstr("folder exists"));
}

TEST(Journal, SaysReadOnlyToAUserWithoutRights) {
    const TemporaryFolder folder;
    { (void)open_journal(folder / "journal.db"); }
    std::filesystem::permissions(folder.path(), std::filesystem::perms{0555});
    const auto kind = [&](const std::filesystem::path& file) {
        return as_nobody([&] {
            const auto refused = Journal::open(file, kKiosk);
            return refused ? 97 : static_cast<int>(refused.error().kind);
        });
    };
    EXPECT_EQ(kind(folder / "new.db"), static_cast<int>(StoreErrorKind::read_only));
    std::filesystem::permissions(folder / "journal.db", std::filesystem::perms{0444});
    EXPECT_EQ(kind(folder / "journal.db"), static_cast<int>(StoreErrorKind::read_only));
    std::filesystem::permissions(folder / "journal.db", std::filesystem::perms{0});
    EXPECT_EQ(kind(folder / "journal.db"), static_cast<int>(StoreErrorKind::read_only));
    std::filesystem::permissions(folder.path(), std::filesystem::perms{0755});
}

TEST(Journal, ForbidsChangeAndRemovalInTheFileItself) {
    const TemporaryFolder folder;
    {
        Journal journal = open_journal(folder / "journal.db");
        fill(journal, 3);
    }
    const auto refused = [&](const std::string& sql) { run_sql(folder / "journal.db", sql, SQLITE_CONSTRAINT); };
    refused("UPDATE records SET bytes = '{}' WHERE seq = 2");
    refused("DELETE FROM records WHERE seq = 3");
    refused("INSERT INTO records (seq, id, hash, bytes) VALUES (5, randomblob(16), randomblob(32), '{}')");
    refused("INSERT INTO records (seq, id, hash, bytes) VALUES (3, randomblob(16), randomblob(32), '{}')");
    refused(
        "INSERT OR REPLACE INTO records (seq, id, hash, bytes) SELECT 4, id, hash, bytes FROM records WHERE seq = 1");
    refused(
        "INSERT OR REPLACE INTO records (seq, id, hash, bytes) SELECT 1, randomblob(16), hash, bytes FROM records "
        "WHERE seq = 1");
    EXPECT_THAT(open_journal(folder / "journal.db").verify().value(), IsEmpty());
}

class PlantedChange : public testing::Test {
  protected:
    PlantedChange() {
        Journal journal = open_journal(file_);
        fill(journal, 6);
        EXPECT_TRUE(journal.mark_delivered(4));
    }
    /// What verify() says after `sql` was run on the file without its guards.
    std::vector<std::string> faults_after(const std::string& sql) {
        run_sql(file_,
                "DROP TRIGGER records_never_change; DROP TRIGGER records_never_go;"
                "DROP TRIGGER records_follow_each_other;" +
                    sql);
        return open_journal(file_).verify().value();
    }
    TemporaryFolder folder_;
    std::filesystem::path file_ = folder_ / "journal.db";
};

TEST_F(PlantedChange, IsNotThereInAnUntouchedFile) {
    EXPECT_THAT(faults_after(""), IsEmpty());
}

TEST_F(PlantedChange, OfARecordIsFound) {
    const auto faults = faults_after(R"(UPDATE records SET bytes = replace(bytes, '"4"', '"5"') WHERE seq = 2)");
    EXPECT_THAT(faults, ElementsAre("seq 2: the record's bytes do not match its chain value"));
}

TEST_F(PlantedChange, OfAChainValueIsFound) {
    const auto faults = faults_after("UPDATE records SET hash = zeroblob(32) WHERE seq = 3");
    EXPECT_THAT(faults, ElementsAre("seq 3: the record's bytes do not match its chain value",
                                    "seq 4: the record's bytes do not match its chain value"));
}

TEST_F(PlantedChange, OfAnIdIsFound) {
    const auto faults = faults_after("UPDATE records SET id = randomblob(16) WHERE seq = 3");
    EXPECT_THAT(faults, ElementsAre(HasSubstr("seq 3: the record says id ")));
}

TEST_F(PlantedChange, ByRemovalIsFound) {
    const auto faults = faults_after("DELETE FROM records WHERE seq = 3");
    EXPECT_THAT(faults, ElementsAre("seq 3: missing; the next record is seq 4",
                                    "seq 4: the record's bytes do not match its chain value",
                                    HasSubstr("counts 6 responses, the records say 5")));
}

TEST_F(PlantedChange, ByInsertionIsFound) {
    const auto faults = faults_after(
        "UPDATE records SET seq = -seq WHERE seq >= 4;"
        "UPDATE records SET seq = 1 - seq WHERE seq < 0;"
        "INSERT INTO records (seq, id, hash, bytes) SELECT 4, randomblob(16), hash, bytes FROM records WHERE seq = 1");
    EXPECT_THAT(faults, testing::Contains("seq 4: the record's bytes do not match its chain value"));
    EXPECT_THAT(faults, testing::Contains("seq 4: the record says seq 1"));
    EXPECT_THAT(faults, testing::Contains("seq 7: the record says seq 6"));
    EXPECT_THAT(faults, testing::Contains(HasSubstr("counts 6 responses, the records say 7")));
}

TEST_F(PlantedChange, OfATallyIsFound) {
    const auto faults =
        faults_after(R"(UPDATE day_tallies SET tally = replace(tally, '"responses":6', '"responses":7'))");
    EXPECT_THAT(faults, ElementsAre(HasSubstr("counts 7 responses, the records say 6"),
                                    "tally of 2026-11: visit is not the sum of its days"));
}

TEST_F(PlantedChange, ByRemovalOfATallyIsFound) {
    EXPECT_THAT(faults_after("DELETE FROM day_tallies WHERE subject_kind = 'visit'"),
                ElementsAre(HasSubstr("missing; the records say 6"), HasSubstr("is not the sum of its days")));
}

TEST_F(PlantedChange, OfTheNewestRecordStopsTheOpening) {
    run_sql(file_, R"(DROP TRIGGER records_never_change; UPDATE records SET bytes = '{}' WHERE seq = 6)");
    const auto refused = Journal::open(file_, kKiosk);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, StoreErrorKind::corrupt);
    EXPECT_THAT(refused.error().what, HasSubstr("seq 6"));
}

TEST_F(PlantedChange, ByRemovalOfTheNewestRecordsStopsTheOpening) {
    run_sql(file_, "DROP TRIGGER records_never_go; DELETE FROM records WHERE seq > 3");
    const auto refused = Journal::open(file_, kKiosk);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, StoreErrorKind::corrupt);
    EXPECT_THAT(refused.error().what, HasSubstr("up to seq 4"));
}

TEST_F(PlantedChange, ReportIsBounded) {
    run_sql(file_,
            "DROP TRIGGER records_never_change;"
            "WITH RECURSIVE n(i) AS (SELECT 7 UNION ALL SELECT i + 1 FROM n WHERE i < 400)"
            "INSERT INTO records (seq, id, hash, bytes) SELECT i, randomblob(16), zeroblob(32), '{}' FROM n");
    sqlite3* connection = nullptr;
    ASSERT_EQ(sqlite3_open(file_.c_str(), &connection), SQLITE_OK);
    sqlite3_close(connection);
    EXPECT_FALSE(Journal::open(file_, kKiosk));
    // The newest record is made to fit, so that the file opens and verify() meets the rest.
    const survey::Digest fitting = survey::chain(survey::Digest{}, "{}");
    run_sql(file_, "UPDATE records SET hash = x'" + survey::to_hex(fitting) + "' WHERE seq = 400");
    const auto faults = open_journal(file_).verify().value();
    EXPECT_GE(faults.size(), Journal::kVerifyFaultsMax);
    EXPECT_LE(faults.size(), Journal::kVerifyFaultsMax + 4);
}

TEST(Journal, WritesNothingMoreAfterItMetDamage) {
    const TemporaryFolder folder;
    Journal journal = open_journal(folder / "journal.db");
    fill(journal, 2);
    run_sql(folder / "journal.db", "UPDATE day_tallies SET tally = 'broken'");
    ASSERT_EQ(must(journal.append(response(4), ward5())).seq, 3) << "the rows in memory are still right";
    Journal other = open_journal(folder / "journal.db");
    run_sql(folder / "journal.db", "UPDATE day_tallies SET tally = 'broken'");
    const auto refused = other.append(response(6), ward5());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, StoreErrorKind::corrupt);
    run_sql(folder / "journal.db", R"(UPDATE day_tallies SET tally = '{"items":{},"responses":3}')");
    EXPECT_EQ(other.append(response(6), ward5()), refused) << "it repeats the error until the program starts again";
    EXPECT_EQ(other.mark_delivered(1).error().kind, StoreErrorKind::corrupt);
    EXPECT_TRUE(open_journal(folder / "journal.db").append(response(6), ward5()));
}

TEST(Journal, SaysCorruptWhenItsPagesAreDamaged) {
    const TemporaryFolder folder;
    {
        Journal journal = open_journal(folder / "journal.db");
        fill(journal, 200);
    }
    auto bytes = survey::read_file(folder / "journal.db").value();
    for (std::size_t page = 4'096; page < bytes.size(); page += 4'096)
        bytes.replace(page, 64, std::string(64, '\xff'));
    ASSERT_TRUE(survey::write_file(folder / "journal.db", bytes));
    const auto refused = Journal::open(folder / "journal.db", kKiosk);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, StoreErrorKind::corrupt);
}

TEST(StoreError, DescribesWhatAndRemedy) {
    EXPECT_EQ(describe(StoreError{StoreErrorKind::full, "no space", "make some"}), "no space; make some");
    EXPECT_STREQ(name(StoreErrorKind::wrong_kiosk), "wrong_kiosk");
}

}  // namespace
}  // namespace hailong::kiosk
