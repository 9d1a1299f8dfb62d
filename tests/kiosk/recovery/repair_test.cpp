// A journal that is damaged by hand in every way we could think of repairs: the fresh one is whole, no number comes
// twice, and whatever could still be read is there.
#include "kiosk/recovery/repair.h"

#include <algorithm>
#include <fstream>
#include <functional>
#include <random>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "kiosk/journal/head_file.h"
#include "kiosk/journal/inbox.h"
#include "kiosk/recovery/renumber.h"
#include "survey/record.h"
#include "tests/kiosk/journal/damage.h"
#include "tests/kiosk/journal/must.h"
#include "tests/kiosk/journal/sample.h"
#include "tests/kiosk/journal/sql.h"
#include "tests/kiosk/journal/test_disk.h"

namespace hailong::kiosk {
namespace {

namespace fs = std::filesystem;
using survey::milliseconds;
using survey::UtcTime;
using test::expect_repaired;
using test::kBoot;
using test::kDay;
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
using test::write_quickly;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Expected<Repaired, StoreError> repair(const fs::path& file, Look look = Look::thorough,
                                      const std::string& boot = kBoot) {
    return open_or_repair({file, kKiosk, boot, milliseconds{0}, nullptr}, kNow, look);
}

std::vector<std::string> files_in(const fs::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder))
        names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
}

std::vector<std::int64_t> numbers(const Journal& journal) {
    std::vector<std::int64_t> seqs;
    const auto entries = journal.read(0, 100'000, SIZE_MAX);
    for (const JournalEntry& entry : *entries)
        seqs.push_back(entry.seq);
    return seqs;
}

/// Changes bytes of one record's text so that it reads no more.
void spoil(const fs::path& file, std::int64_t seq) {
    run_sql(file,
            "DROP TRIGGER records_never_change; UPDATE records SET bytes = '{}' WHERE seq = " + std::to_string(seq));
}

// ---- Whole files

TEST(OpenOrRepair, OpensAWholeFileAndChangesNothing) {
    const TemporaryFolder folder;
    const OldJournal old(folder / "journal.db", 8, 5);
    for (const Look look : {Look::quick, Look::thorough}) {
        auto repaired = repair(folder / "journal.db", look);
        ASSERT_TRUE(repaired) << describe(repaired.error());
        EXPECT_THAT(repaired->events, IsEmpty());
        EXPECT_EQ(repaired->journal.read(1, 99, SIZE_MAX).value(), old.entries);
        EXPECT_THAT(repaired->journal.skips().value(), IsEmpty());
    }
    EXPECT_THAT(files_in(folder.path()), ElementsAre("journal.db", "journal.db-head", "journal.db-lock"));
}

TEST(OpenOrRepair, BeginsANewFileWhereThereNeverWasOne) {
    const TemporaryFolder folder;
    auto repaired = repair(folder / "journal.db");
    ASSERT_TRUE(repaired) << describe(repaired.error());
    EXPECT_THAT(repaired->events, IsEmpty());
    EXPECT_EQ(must(repaired->journal.append(response(1), ward5())).seq, 1);
}

TEST(OpenOrRepair, LeavesAnotherProgramsFileAlone) {
    const TemporaryFolder folder;
    run_sql(folder / "journal.db", "CREATE TABLE photos (id INTEGER)");
    const auto bytes = survey::read_file(folder / "journal.db");
    const auto refused = repair(folder / "journal.db");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, StoreErrorKind::corrupt);
    EXPECT_EQ(survey::read_file(folder / "journal.db"), bytes);
    EXPECT_THAT(files_in(folder.path()), ElementsAre("journal.db", "journal.db-lock"));
}

TEST(OpenOrRepair, LeavesAnotherTerminalsFileAlone) {
    const TemporaryFolder folder;
    const OldJournal old(folder / "journal.db", 3, 0);
    const auto refused =
        open_or_repair({folder / "journal.db", {"k-02"}, kBoot, milliseconds{0}, nullptr}, kNow, Look::quick);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, StoreErrorKind::wrong_kiosk);
    EXPECT_EQ(must(open_journal(folder / "journal.db").head()).seq, 3);
}

TEST(OpenOrRepair, TakesNoAnswerOverWithASpoiledLetter) {
    // The record before it can't vouch for it, and its text still reads: only its own sum tells.
    const TemporaryFolder folder;
    const fs::path file = folder / "journal.db";
    const OldJournal old(file, 4, 0);
    run_sql(file,
            "DROP TRIGGER records_never_change;"
            "UPDATE records SET hash = zeroblob(32) WHERE seq IN (1, 2);"
            "UPDATE records SET bytes = replace(bytes, '\"values\":[\"5\"]', '\"values\":[\"1\"]') WHERE seq = 3");
    auto repaired = repair(file);
    ASSERT_TRUE(repaired) << describe(repaired.error());
    for (const JournalEntry& entry : must(repaired->journal.read(1, 9'999, SIZE_MAX)))
        EXPECT_THAT(entry.bytes, testing::Not(testing::HasSubstr("\"values\":[\"1\"]")));
    EXPECT_THAT(repaired->journal.skips().value(), testing::Contains(Skip{3, 3, SkipReason::damaged}));
}

TEST(OpenOrRepair, TakesNoAnswerOverThatNothingVouchesFor) {
    // As before there were sums: the record before it can't be proved, so its own bytes can't either.
    const TemporaryFolder folder;
    const fs::path file = folder / "journal.db";
    const OldJournal old(file, 4, 0);
    run_sql(file,
            "DROP TRIGGER records_never_change;"
            "UPDATE records SET sum = NULL;"
            "UPDATE records SET hash = zeroblob(32) WHERE seq IN (1, 2)");
    auto repaired = repair(file);
    ASSERT_TRUE(repaired) << describe(repaired.error());
    EXPECT_THAT(repaired->journal.skips().value(), testing::Contains(Skip{1, 3, SkipReason::damaged}));
}

TEST(OpenOrRepair, MendsATallyThatWouldRefuseTheNextResponse) {
    const TemporaryFolder folder;
    const fs::path file = folder / "journal.db";
    { const OldJournal old(file, 3, 0); }
    run_sql(file, "UPDATE day_tallies SET tally = '{\"items\":' WHERE subject_kind = 'counter'");
    auto repaired = repair(file);
    ASSERT_TRUE(repaired) << describe(repaired.error());
    EXPECT_THAT(numbers(repaired->journal), ElementsAre(1, 2, 3));
    const auto appended = repaired->journal.append(response(4), ward5());
    ASSERT_TRUE(appended) << describe(appended.error());
    EXPECT_EQ(appended->seq, 4);
}

TEST(OpenOrRepair, RepairsASchemaNumberThatNoProgramWrites) {
    for (const char* version : {"-5", "1", "24322"}) {
        const TemporaryFolder folder;
        const fs::path file = folder / "journal.db";
        { const OldJournal old(file, 3, 0); }
        run_sql(file, std::string("PRAGMA user_version = ") + version);
        auto repaired = repair(file);
        ASSERT_TRUE(repaired) << version << ": " << describe(repaired.error());
        EXPECT_THAT(numbers(repaired->journal), ElementsAre(1, 2, 3)) << version;
    }
}

TEST(OpenOrRepair, LeavesANewerProgramsFileAlone) {
    const TemporaryFolder folder;
    { const OldJournal old(folder / "journal.db", 3, 0); }
    run_sql(folder / "journal.db", "PRAGMA user_version = 7");
    const auto refused = repair(folder / "journal.db");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, StoreErrorKind::newer);
}

TEST(OpenOrRepair, RepairsAFileWhoseOwnerWasGarbled) {
    const TemporaryFolder folder;
    const OldJournal old(folder / "journal.db", 3, 0);
    run_sql(folder / "journal.db", "UPDATE identity SET kiosk = 'k-91'");
    expect_repaired(folder / "journal.db", old, kBoot);
}

// ---- What stays and what moves

TEST(OpenOrRepair, KeepsEverythingThatChainsAndRepairsTheRest) {
    const TemporaryFolder folder;
    const OldJournal old(folder / "journal.db", 8, 5);
    const auto tallied = open_journal(folder / "journal.db").tallies(kDay, kDay);
    run_sql(folder / "journal.db", "UPDATE day_tallies SET tally = 'broken'");
    auto repaired = repair(folder / "journal.db");
    ASSERT_TRUE(repaired) << describe(repaired.error());
    EXPECT_EQ(repaired->journal.read(1, 99, SIZE_MAX).value(), old.entries);
    EXPECT_THAT(repaired->journal.skips().value(), IsEmpty());
    EXPECT_EQ(repaired->journal.base(), ChainHead{});
    EXPECT_EQ(repaired->journal.delivered_seq(), 5);
    EXPECT_EQ(repaired->journal.tallies(kDay, kDay), tallied) << "counted anew from the records";
    ASSERT_THAT(repaired->events, SizeIs(1));
    EXPECT_EQ(repaired->events.front().kind, "repaired");
    EXPECT_EQ(repaired->journal.events().value(), repaired->events);
    EXPECT_THAT(files_in(folder.path()), testing::Contains(HasSubstr("journal.db.damaged-2026-11-22T")));
    EXPECT_EQ(must(repaired->journal.append(response(9), ward5())).seq, 9);
}

TEST(OpenOrRepair, NumbersAnewWhatStandsBehindADamagedRecord) {
    const TemporaryFolder folder;
    const OldJournal old(folder / "journal.db", 8, 3);
    spoil(folder / "journal.db", 6);
    auto repaired = repair(folder / "journal.db");
    ASSERT_TRUE(repaired) << describe(repaired.error());
    const Journal& journal = repaired->journal;
    EXPECT_THAT(numbers(journal), ElementsAre(1, 2, 3, 4, 5, 10, 11));
    EXPECT_THAT(journal.skips().value(),
                ElementsAre(Skip{6, 6, SkipReason::damaged}, Skip{7, 8, SkipReason::renumbered},
                            Skip{9, 9, SkipReason::unknown}));
    EXPECT_EQ(survey::decode(must(journal.read(10, 1, SIZE_MAX)).front().bytes)->response, response(7));
    EXPECT_EQ(journal.collected(), 8) << "the damaged one was collected, too";
    EXPECT_EQ(journal.delivered_seq(), 3);
    EXPECT_EQ(must(journal.collected_by_day(kDay, kDay)).at(kDay), 8)
        << "what is damaged was counted when it was taken";
    EXPECT_THAT(journal.verify().value(), IsEmpty());
}

TEST(OpenOrRepair, LeavesDeliveredRecordsBeforeTheDamageToTheBackend) {
    const TemporaryFolder folder;
    const OldJournal old(folder / "journal.db", 8, 6);
    spoil(folder / "journal.db", 3);
    auto repaired = repair(folder / "journal.db");
    ASSERT_TRUE(repaired) << describe(repaired.error());
    EXPECT_THAT(numbers(repaired->journal), ElementsAre(4, 5, 6, 7, 8));
    EXPECT_EQ(repaired->journal.base(), (ChainHead{3, old.entries[2].hash}));
    EXPECT_THAT(repaired->journal.skips().value(), IsEmpty());
    EXPECT_EQ(repaired->journal.collected(), 8);
    EXPECT_EQ(must(repaired->journal.collected_by_day(kDay, kDay)).at(kDay), 8);
}

TEST(OpenOrRepair, MovesWhatFollowsWhenTheLastDeliveredRecordIsDamaged) {
    const TemporaryFolder folder;
    const OldJournal old(folder / "journal.db", 8, 6);
    run_sql(folder / "journal.db",
            "DROP TRIGGER records_never_change; UPDATE records SET bytes = '{}', hash = zeroblob(32) WHERE seq = 6");
    auto repaired = repair(folder / "journal.db");
    ASSERT_TRUE(repaired) << describe(repaired.error());
    EXPECT_THAT(numbers(repaired->journal), ElementsAre(1, 2, 3, 4, 5, 10, 11));
    EXPECT_EQ(repaired->journal.delivered_seq(), 6);
    EXPECT_EQ(repaired->journal.hash_at(6).value(), survey::kChainStart);
    expect_repaired(folder / "journal.db", old, kBoot);
}

TEST(OpenOrRepair, CarriesTheRestOfTheFileOver) {
    const TemporaryFolder folder;
    const fs::path file = folder / "journal.db";
    TextKey key{};
    key[3] = 9;
    SyncStatus status;
    status.last_attempt = kNow;
    status.last_error = "không có mạng";
    status.server_offset = milliseconds{-40};
    {
        Journal journal = open_journal(file);
        survey::Response words = response(1);
        words.boot_id = kBoot;
        words.answers.push_back({{"comment"}, {}, survey::sha256("x")});
        ASSERT_TRUE(journal.append(words, ward5(), {{0, {"comment"}, "box"}}));
        words.id = response(2).id;
        ASSERT_TRUE(journal.append(words, ward5(), {{0, {"comment"}, "box 2"}}));
        words.id = response(3).id;
        ASSERT_TRUE(journal.append(words, ward5(), {{0, {"comment"}, "box 3"}}));
        test::deliver(journal, 1);
        ASSERT_TRUE(journal.set_text_key(key));
        ASSERT_TRUE(journal.add_quarantined(4));
        ASSERT_TRUE(journal.set_sync_status(status));
        auto inbox = Inbox::open(file);
        ASSERT_TRUE(inbox->replace({{"center", "{}", kNow}}, "v7"));
    }
    spoil(file, 2);
    auto repaired = repair(file);
    ASSERT_TRUE(repaired) << describe(repaired.error());
    const Journal& journal = repaired->journal;
    EXPECT_THAT(journal.texts(1, 99).value(),
                ElementsAre(survey::SealedText{1, {"comment"}, "box"}, survey::SealedText{5, {"comment"}, "box 3"}));
    EXPECT_EQ(journal.text_key().value(), key);
    EXPECT_EQ(journal.quarantined_count(), 4);
    EXPECT_EQ(journal.sync_status(), status);
    const auto inbox = Inbox::open(file);
    EXPECT_EQ(inbox->version(), "v7");
    EXPECT_THAT(inbox->documents().value(), ElementsAre(Document{"center", "{}", kNow}));
}

TEST(OpenOrRepair, RepairsAgainAndAgain) {
    const TemporaryFolder folder;
    const fs::path file = folder / "journal.db";
    const OldJournal old(file, 6, 1);
    std::vector<JournalEntry> seen = old.entries;
    for (int round = 0; round < 3; ++round) {
        const auto last = must(open_journal(file).head()).seq;
        spoil(file, last - 1);
        auto repaired = repair(file);
        ASSERT_TRUE(repaired) << describe(repaired.error());
        EXPECT_THAT(repaired->journal.events().value(), SizeIs(static_cast<std::size_t>(round) + 1));
        const auto here = repaired->journal.read(0, 999, SIZE_MAX);
        for (const JournalEntry& entry : *here) {
            for (const JournalEntry& earlier : seen) {
                if (earlier.seq == entry.seq) {
                    EXPECT_EQ(earlier.bytes, entry.bytes) << "number " << entry.seq << " came twice";
                }
            }
        }
        seen.insert(seen.end(), here->begin(), here->end());
        survey::Response more = response(100 + round);
        more.boot_id = kBoot;
        ASSERT_TRUE(repaired->journal.append(more, ward5()));
    }
    std::set<std::string> aside;
    for (const std::string& name : files_in(folder.path())) {
        if (name.find(".damaged-") != std::string::npos && name.find("-wal") == std::string::npos &&
            name.find("-shm") == std::string::npos)
            aside.insert(name);
    }
    EXPECT_THAT(aside, SizeIs(3)) << "repairing in the same second overwrites nothing";
}

TEST(OpenOrRepair, KeepsPrunedAndSkippedNumbersAsTheyWere) {
    const TemporaryFolder folder;
    const fs::path file = folder / "journal.db";
    OldJournal old(file, 8, 4);
    {
        Journal journal = open_journal(file);
        ASSERT_EQ(journal.renumber_after(6, survey::sha256("x")), 8);  // 1 to 8 stand under 9 to 16
        test::deliver(journal, 12);
        ASSERT_EQ(journal.prune(response(11).finished.utc), 2);
    }
    const auto before = open_journal(file).read(0, 99, SIZE_MAX).value();
    spoil(file, 16);
    auto repaired = repair(file);
    ASSERT_TRUE(repaired) << describe(repaired.error());
    EXPECT_THAT(numbers(repaired->journal), ElementsAre(11, 12, 13, 14, 15));
    EXPECT_THAT(repaired->journal.skips().value(),
                ElementsAre(Skip{1, 8, SkipReason::renumbered}, Skip{16, 16, SkipReason::damaged},
                            Skip{17, 17, SkipReason::unknown}));
    EXPECT_EQ(must(repaired->journal.base()).seq, 10);
    EXPECT_EQ(repaired->journal.collected(), 8);
    EXPECT_THAT(repaired->journal.verify().value(), IsEmpty());
}

TEST(OpenOrRepair, RepairsTheFileBehindALink) {
    const TemporaryFolder disk;
    const TemporaryFolder folder;
    fs::create_symlink(disk / "elsewhere.db", folder / "other.db");
    fs::create_symlink("other.db", folder / "journal.db");
    const fs::path link = folder / "journal.db";
    auto journal = std::make_optional(open_journal(link));  // begins it where the link leads
    OldJournal old;
    old.fill(*journal, 12, 3);
    std::map<std::string, std::string> killed;
    for (const std::string name : {"elsewhere.db", "elsewhere.db-wal", "elsewhere.db-head"})
        killed[name] = survey::read_file(disk / name).value();
    journal.reset();
    for (const bool with_head : {true, false}) {
        for (auto& [name, bytes] : killed)
            write_quickly(disk / name, bytes);
        if (!with_head) fs::remove(disk / "elsewhere.db-head");
        std::string log = killed["elsewhere.db-wal"];
        log[5'000] = static_cast<char>(log[5'000] ^ 0x10);
        write_quickly(disk / "elsewhere.db-wal", log);
        auto repaired = repair(link);
        ASSERT_TRUE(repaired) << describe(repaired.error());
        EXPECT_THAT(repaired->events, SizeIs(1));
        EXPECT_EQ(repaired->journal.read(1, 99, SIZE_MAX).value(), old.entries);
    }
    EXPECT_THAT(files_in(folder.path()), ElementsAre("journal.db", "other.db")) << "links stay links";
}

// ---- Which numbers are free

TEST(OpenOrRepair, LeavesAMarginWhereTheLastNumberIsNotKnown) {
    for (const bool gone : {false, true}) {
        const TemporaryFolder folder;
        const fs::path file = folder / "journal.db";
        const OldJournal old(file, 4, 0);
        run_sql(file, "UPDATE day_tallies SET tally = 'broken'");
        if (gone) fs::remove(head_file_of(file));
        auto repaired = repair(file, Look::thorough, "another-boot");
        ASSERT_TRUE(repaired) << describe(repaired.error());
        EXPECT_THAT(numbers(repaired->journal), ElementsAre(1, 2, 3, 4));
        EXPECT_THAT(repaired->journal.skips().value(), ElementsAre(Skip{5, 1'004, SkipReason::unknown}));
        EXPECT_EQ(must(repaired->journal.append(response(5), ward5())).seq, 1'005);
        EXPECT_EQ(repaired->journal.collected(), 5);
    }
}

TEST(OpenOrRepair, TrustsNoLineOfAnUnknownBoot) {
    const TemporaryFolder folder;
    const fs::path file = folder / "journal.db";
    {
        Journal journal = open_journal(file);
        survey::Response one = response(1);
        one.boot_id = "unknown";
        ASSERT_TRUE(journal.append(one, ward5()));
    }
    spoil(file, 1);
    auto repaired = repair(file, Look::quick, "unknown");
    ASSERT_TRUE(repaired) << describe(repaired.error());
    EXPECT_EQ(must(repaired->journal.head()).seq, 1'001);
}

TEST(OpenOrRepair, SkipsTheNumbersThatALostLogTookWithIt) {
    const TemporaryFolder folder;
    const TemporaryFolder killed;
    const fs::path file = killed / "journal.db";
    const OldJournal old(folder / "journal.db", 6, 0);
    fs::copy(folder / "journal.db", file);
    const HeadLine noted{{9, survey::sha256("nine")}, true, kBoot};
    HeadFile(file).write(noted);
    auto repaired = repair(file, Look::quick);
    ASSERT_TRUE(repaired) << describe(repaired.error());
    EXPECT_THAT(repaired->journal.skips().value(),
                ElementsAre(Skip{7, 9, SkipReason::damaged}, Skip{10, 10, SkipReason::unknown}));
    ASSERT_THAT(repaired->events, SizeIs(1));
    EXPECT_EQ(repaired->events.front().kind, "numbers_lost");
    EXPECT_EQ(must(repaired->journal.append(response(7), ward5())).seq, 11);
    EXPECT_THAT(repaired->journal.verify().value(), IsEmpty());
    EXPECT_THAT(repair(file)->events, IsEmpty()) << "told once";
}

TEST(OpenOrRepair, DoesNotSkipTheNumberOfAnAppendThatWasKilled) {
    const TemporaryFolder folder;
    const fs::path file = folder / "journal.db";
    const OldJournal old(file, 6, 0);
    HeadFile(file).write({{7, survey::sha256("seven")}, false, kBoot});
    auto repaired = repair(file);
    ASSERT_TRUE(repaired) << describe(repaired.error());
    EXPECT_THAT(repaired->journal.skips().value(), IsEmpty());
    EXPECT_EQ(must(repaired->journal.append(response(7), ward5())).seq, 7);
}

/// The backend may hold the number that was just being given out, and takes no new chain behind one that it holds.
TEST(OpenOrRepair, LeavesOneNumberMoreBehindAnAppendThatWasKilledWhenTheFileIsGone) {
    const TemporaryFolder folder;
    const fs::path file = folder / "journal.db";
    HeadFile(file).write({{7, survey::sha256("seven")}, false, kBoot});
    auto repaired = repair(file);
    ASSERT_TRUE(repaired) << describe(repaired.error());
    EXPECT_THAT(repaired->journal.skips().value(),
                ElementsAre(Skip{1, 6, SkipReason::damaged}, Skip{7, 8, SkipReason::unknown}));
    EXPECT_EQ(must(repaired->journal.append(response(1), ward5())).seq, 9);
}

TEST(OpenOrRepair, GivesAPerhapsUsedNumberToNobodyOnceTheFileIsDamaged) {
    const TemporaryFolder folder;
    const fs::path file = folder / "journal.db";
    const OldJournal old(file, 6, 0);
    HeadFile(file).write({{7, survey::sha256("seven")}, false, kBoot});
    spoil(file, 6);
    auto repaired = repair(file);
    ASSERT_TRUE(repaired) << describe(repaired.error());
    EXPECT_THAT(repaired->journal.skips().value(),
                ElementsAre(Skip{6, 6, SkipReason::damaged}, Skip{7, 8, SkipReason::unknown}));
}

TEST(OpenOrRepair, ContinuesTheNumberingWhenTheFileIsGone) {
    for (const bool empty : {false, true}) {
        const TemporaryFolder folder;
        const fs::path file = folder / "journal.db";
        { const OldJournal old(file, 6, 2); }
        fs::remove(file);
        if (empty) std::ofstream(file).close();
        auto repaired = repair(file);
        ASSERT_TRUE(repaired) << describe(repaired.error());
        EXPECT_THAT(repaired->journal.skips().value(),
                    ElementsAre(Skip{1, 6, SkipReason::damaged}, Skip{7, 7, SkipReason::unknown}));
        EXPECT_EQ(must(repaired->journal.append(response(7), ward5())).seq, 8);
        EXPECT_EQ(repaired->journal.collected(), 7);
        EXPECT_THAT(repaired->journal.verify().value(), IsEmpty());
    }
}

TEST(OpenOrRepair, ReadsTheRecordsFromTheLogWhenTheFileIsGoneOrEmpty) {
    for (const bool empty : {false, true}) {
        const TemporaryFolder folder;
        const TemporaryFolder killed;
        const fs::path file = killed / "journal.db";
        std::vector<JournalEntry> entries;
        {
            Journal journal = open_journal(folder / "journal.db");
            for (std::int64_t n = 1; n <= 5; ++n) {
                survey::Response one = response(n);
                one.boot_id = kBoot;
                entries.push_back(journal.append(one, ward5()).value());
            }
            fs::copy(folder / "journal.db-wal", killed / "journal.db-wal");
            fs::copy(folder / "journal.db-head", killed / "journal.db-head");
        }
        if (empty) std::ofstream(file).close();
        EXPECT_EQ(Journal::open(file, kKiosk).error().kind, StoreErrorKind::corrupt)
            << "a strict opener must not begin a new file over the log";
        EXPECT_EQ(Inbox::open(file).error().kind, StoreErrorKind::corrupt);
        auto repaired = repair(file);
        ASSERT_TRUE(repaired) << describe(repaired.error());
        EXPECT_EQ(repaired->journal.read(1, 99, SIZE_MAX).value(), entries);
        EXPECT_THAT(repaired->journal.verify().value(), IsEmpty());
    }
}

// ---- By hand, everywhere

TEST(DamagedJournal, RepairsWhicheverPageIsGarbled) {
    const TestDisk disk;  // only for its syncs, which cost nothing
    const TemporaryFolder origin;
    const OldJournal old(origin / "journal.db", 40, 12);
    const std::string bytes = survey::read_file(origin / "journal.db").value();
    ASSERT_GT(bytes.size() / 4'096, 10U);
    std::mt19937_64 chance(5);
    for (std::size_t page = 0; page < bytes.size() / 4'096 && !HasFailure(); ++page) {
        for (int way = 0; way < 4 && !HasFailure(); ++way) {
            SCOPED_TRACE("page " + std::to_string(page + 1) + ", way " + std::to_string(way));
            std::string garbled = bytes;
            const std::size_t at = page * 4'096;
            if (way == 0) garbled.replace(at, 4'096, std::string(4'096, '\0'));
            if (way == 1) garbled.replace(at, 4'096, std::string(4'096, '\xff'));
            if (way == 2) garbled[at + (page == 0 ? 100 : 0)] ^= 0x55;
            for (int i = 0; way == 3 && i < 8; ++i)
                garbled[at + (page == 0 ? 100 + chance() % 3'996 : chance() % 4'096)] ^=
                    static_cast<char>(1 + chance() % 255);
            const TemporaryFolder folder;
            write_quickly(folder / "journal.db", garbled);
            fs::copy(origin / "journal.db-head", folder / "journal.db-head");
            expect_repaired(folder / "journal.db", old, kBoot);
        }
    }
}

TEST(DamagedJournal, RepairsWhereverItIsCutOff) {
    const TestDisk disk;  // only for its syncs, which cost nothing
    const TemporaryFolder origin;
    const OldJournal old(origin / "journal.db", 40, 12);
    const std::string bytes = survey::read_file(origin / "journal.db").value();
    for (std::size_t size = 0; size < bytes.size() && !HasFailure(); size += size < 4'096 ? 511 : 1'777) {
        SCOPED_TRACE("cut to " + std::to_string(size));
        const TemporaryFolder folder;
        write_quickly(folder / "journal.db", bytes.substr(0, size));
        fs::copy(origin / "journal.db-head", folder / "journal.db-head");
        expect_repaired(folder / "journal.db", old, kBoot);
    }
}

TEST(DamagedJournal, KeepsEveryRecordWhenOnlyTheHeaderIsGone) {
    const TemporaryFolder folder;
    const fs::path file = folder / "journal.db";
    const OldJournal old(file, 40, 12);
    std::string bytes = survey::read_file(file).value();
    bytes.replace(0, 100, std::string(100, '\0'));
    write_quickly(file, bytes);
    auto repaired = repair(file);
    ASSERT_TRUE(repaired) << describe(repaired.error());
    EXPECT_EQ(repaired->journal.read(1, 99, SIZE_MAX).value(), old.entries);
    EXPECT_EQ(repaired->journal.delivered_seq(), 12);
    EXPECT_THAT(repaired->journal.skips().value(), IsEmpty());
}

/// Files as a killed program leaves them, with a log that holds most of the records.
TEST(DamagedJournal, RepairsWithWhateverIsLeftOfItsLog) {
    const TestDisk disk;  // only for its syncs, which cost nothing
    const TemporaryFolder origin;
    const TemporaryFolder killed;
    OldJournal old;
    {
        Journal journal = open_journal(origin / "journal.db");
        old.fill(journal, 30, 9);
        for (const char* suffix : {"", "-wal", "-head"})
            fs::copy(origin / ("journal.db" + std::string(suffix)), killed / ("journal.db" + std::string(suffix)));
    }
    const std::string log = survey::read_file(killed / "journal.db-wal").value();
    ASSERT_GT(log.size(), 40'000U);
    for (std::size_t kept = 0; kept < log.size() && !HasFailure(); kept += 5'003) {
        for (const bool garbled : {false, true}) {
            SCOPED_TRACE("log of " + std::to_string(kept) + (garbled ? " then garbled" : ""));
            const TemporaryFolder folder;
            fs::copy(killed / "journal.db", folder / "journal.db");
            fs::copy(killed / "journal.db-head", folder / "journal.db-head");
            std::string left = log.substr(0, kept);
            if (garbled) left += std::string(log.size() - kept, '\x5a');
            if (kept > 0) {
                write_quickly(folder / "journal.db-wal", left);
            }
            expect_repaired(folder / "journal.db", old, kBoot);
        }
    }
}

/// A program was killed, and its log is torn near its beginning: for SQLite everything behind that never was.
struct TornLog {
    explicit TornLog(const fs::path& folder, const std::function<void(Journal&)>& also = {}) {
        const TemporaryFolder origin;
        Journal journal = open_journal(origin / "journal.db");
        old.fill(journal, 12, 4);
        if (also) also(journal);
        for (const char* suffix : {"", "-wal", "-head"})
            fs::copy(origin / ("journal.db" + std::string(suffix)), folder / ("journal.db" + std::string(suffix)));
        std::string log = survey::read_file(folder / "journal.db-wal").value();
        log.at(32 + 24 + 2'000) ^= 0x55;  // in the first page of the log
        write_quickly(folder / "journal.db-wal", log);
    }
    OldJournal old;
};

TEST(DamagedJournal, KeepsTheRecordsBehindATearInItsLog) {
    const TemporaryFolder folder;
    const TornLog torn(folder.path());
    EXPECT_EQ(Journal::open(folder / "journal.db", kKiosk).error().kind, StoreErrorKind::corrupt)
        << "a strict opener must not begin anew what looks empty";
    auto repaired = repair(folder / "journal.db", Look::quick);
    ASSERT_TRUE(repaired) << describe(repaired.error());
    EXPECT_EQ(repaired->journal.read(1, 99, SIZE_MAX).value(), torn.old.entries);
    EXPECT_EQ(repaired->journal.delivered_seq(), 4);
    EXPECT_THAT(repaired->journal.verify().value(), IsEmpty());
}

TEST(DamagedJournal, BringsNoErasedTextsBack) {
    for (const bool erased : {false, true}) {
        const TemporaryFolder folder;
        const TornLog torn(folder.path(), [&](Journal& journal) {
            survey::Response words = response(50);
            words.boot_id = kBoot;
            words.answers.push_back({{"comment"}, {}, survey::sha256("x")});
            ASSERT_TRUE(journal.append(words, ward5(), {{0, {"comment"}, "sealed"}}));
            if (erased) {
                test::deliver(journal, 13);
                ASSERT_EQ(journal.erase_text(13, {"comment"}), true);
                ASSERT_TRUE(journal.add_quarantined(1));  // the log was emptied
            }
        });
        auto repaired = repair(folder / "journal.db");
        ASSERT_TRUE(repaired) << describe(repaired.error());
        EXPECT_EQ(must(repaired->journal.head()).seq, 13);
        EXPECT_THAT(repaired->journal.texts(1, 99).value(), SizeIs(erased ? 0U : 1U));
    }
}

/// The file's own page of the texts is spoiled; an older one of the log, from before it was folded, still stands whole.
TEST(DamagedJournal, TakesATextThatWasNotDeliveredFromAnOlderPage) {
    for (const bool delivered : {false, true}) {
        const TemporaryFolder folder;
        const fs::path file = folder / "journal.db";
        const TemporaryFolder origin;
        Journal journal = open_journal(origin / "journal.db");
        survey::Response words = response(1);
        words.boot_id = kBoot;
        words.answers.push_back({{"comment"}, {}, survey::sha256("x")});
        for (int i = 1; i <= 3; ++i) {
            words.id = response(i).id;
            ASSERT_TRUE(journal.append(words, ward5(), {{0, {"comment"}, "sealed " + std::to_string(i)}}));
        }
        if (delivered) test::deliver(journal, 3);
        run_sql(origin / "journal.db", "PRAGMA wal_checkpoint(RESTART)");
        ASSERT_TRUE(journal.add_quarantined(1));  // begins the log anew, over its first frames
        for (const char* suffix : {"", "-wal", "-head"})
            fs::copy(origin / ("journal.db" + std::string(suffix)), file.string() + suffix);
        std::string bytes = survey::read_file(file).value();
        constexpr std::size_t kPageBytes = 4'096;
        const std::size_t at = bytes.find("sealed 1") / kPageBytes * kPageBytes;
        ASSERT_LT(at, bytes.size());
        std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), kPageBytes, '\0');
        write_quickly(file, bytes);
        auto repaired = repair(file);
        ASSERT_TRUE(repaired) << describe(repaired.error());
        EXPECT_EQ(must(repaired->journal.head()).seq, 3);
        EXPECT_THAT(repaired->journal.texts(1, 99).value(), SizeIs(delivered ? 0U : 3U));
    }
}

// ---- Two programs

TEST(OpenOrRepair, StopsWhoStillHasTheOldFileOpen) {
    const TemporaryFolder folder;
    const fs::path file = folder / "journal.db";
    const OldJournal old(file, 6, 2);
    Journal sync = open_journal(file);
    auto inbox = Inbox::open(file);
    run_sql(file, "UPDATE day_tallies SET tally = 'broken'");
    auto repaired = repair(file);
    ASSERT_TRUE(repaired) << describe(repaired.error());
    EXPECT_EQ(sync.mark_delivered(5).error().kind, StoreErrorKind::corrupt);
    EXPECT_EQ(sync.head().error().kind, StoreErrorKind::corrupt);
    EXPECT_EQ(inbox->replace({}, "x").error().kind, StoreErrorKind::corrupt);
    EXPECT_EQ(repaired->journal.delivered_seq(), 2);
    sync = open_journal(file);
    test::deliver(sync, 5);
    EXPECT_EQ(repaired->journal.delivered_seq(), 5);
}

TEST(OpenOrRepair, SaysBusyWhileAnotherProcessOpensOrRepairs) {
    const TemporaryFolder folder;
    const fs::path file = folder / "journal.db";
    const OldJournal old(file, 3, 0);
    spoil(file, 3);
    {
        const auto other = FileLock::take(file, FileLock::Mode::exclusive, milliseconds{0});
        ASSERT_TRUE(other);
        EXPECT_EQ(Journal::open(file, kKiosk, milliseconds{0}).error().kind, StoreErrorKind::busy);
        EXPECT_EQ(repair(file).error().kind, StoreErrorKind::busy);
    }
    {
        const auto opening = FileLock::take(file, FileLock::Mode::shared, milliseconds{0});
        EXPECT_EQ(repair(file).error().kind, StoreErrorKind::busy);
        EXPECT_EQ(Journal::open(file, kKiosk, milliseconds{0}).error().kind, StoreErrorKind::corrupt);
    }
    EXPECT_TRUE(repair(file));
}

// ---- The head file

TEST(HeadFile, SaysTheLastNumberGivenOut) {
    const TemporaryFolder folder;
    Journal journal = open_journal(folder / "journal.db");
    EXPECT_EQ(read_head_line(folder / "journal.db"), std::nullopt);
    for (std::int64_t n = 1; n <= 12; ++n) {
        const auto entry = journal.append(response(n), ward5()).value();
        EXPECT_EQ(read_head_line(folder / "journal.db"),
                  (HeadLine{{entry.seq, entry.hash}, true, response(n).boot_id}));
    }
    ASSERT_EQ(journal.renumber_after(40, survey::sha256("x")), 12);
    EXPECT_EQ(read_head_line(folder / "journal.db")->head, journal.head());
}

TEST(HeadFile, IsReadOnlyWhereOneOfItsLinesIsWhole) {
    const TemporaryFolder folder;
    const fs::path journal = folder / "journal.db";
    HeadFile(journal).write({{7, survey::sha256("x")}, true, "a boot\nwith words"});
    EXPECT_EQ(read_head_line(journal)->boot_id, "-");
    const std::string lines = survey::read_file(head_file_of(journal)).value();
    const std::size_t line = lines.find('\n');
    for (std::size_t size = 0; size < lines.size(); ++size) {
        write_quickly(head_file_of(journal), lines.substr(0, size));
        EXPECT_EQ(read_head_line(journal).has_value(), size > line) << size;
    }
}

TEST(HeadFile, SaysTheSameAfterAnyOfItsBytesIsSpoiledAndNothingAfterBothLinesAre) {
    const TemporaryFolder folder;
    const fs::path journal = folder / "journal.db";
    const HeadLine wanted{{12, survey::sha256("x")}, true, kBoot};
    HeadFile(journal).write(wanted);
    const std::string lines = survey::read_file(head_file_of(journal)).value();
    const std::size_t half = lines.size() / 2;
    const std::size_t line = lines.find('\n') + 1;
    for (std::size_t at = 0; at < line; ++at) {
        for (const char flip : {'\x01', '\x08', '\x20'}) {
            for (const bool both : {false, true}) {
                std::string spoiled = lines;
                spoiled[at] = static_cast<char>(spoiled[at] ^ flip);
                if (both) spoiled[half + at] = static_cast<char>(spoiled[half + at] ^ flip);
                write_quickly(head_file_of(journal), spoiled);
                const auto read = read_head_line(journal);
                EXPECT_EQ(read, both ? std::nullopt : std::optional(wanted)) << at;
            }
        }
    }
}

TEST(HeadFile, GoesByTheLineThatSaysMore) {
    const TemporaryFolder folder;
    const fs::path journal = folder / "journal.db";
    const auto lines_for = [&](std::int64_t seq, bool committed) {
        HeadFile(journal).write({{seq, survey::sha256("x")}, committed, kBoot});
        return survey::read_file(head_file_of(journal)).value();
    };
    const std::string giving = lines_for(7, false);
    const std::string given = lines_for(7, true);
    const std::size_t half = given.size() / 2;
    for (const std::string& torn :
         {giving.substr(0, half) + given.substr(half), given.substr(0, half) + giving.substr(half)}) {
        write_quickly(head_file_of(journal), torn);
        EXPECT_EQ(last_given_out(journal), 7);
    }
}

TEST(HeadFile, IsRemovedWhenItCannotBeWritten) {
    const TemporaryFolder folder;
    const fs::path journal = folder / "journal.db";
    fs::create_symlink("/dev/full", head_file_of(journal));
    HeadFile(journal).write({{7, survey::sha256("x")}, true, kBoot});
    EXPECT_FALSE(fs::is_symlink(head_file_of(journal)));
    HeadFile(journal).write({{8, survey::sha256("x")}, true, kBoot});
    EXPECT_EQ(read_head_line(journal)->head.seq, 8);
}

TEST(PartedSkip, CallsRenumberedWhatIsRememberedAndNothingElse) {
    using enum survey::SkipReason;
    const Skip lost{5, 9, damaged};
    EXPECT_EQ(parted(lost, {}), (std::vector{lost}));
    EXPECT_EQ(parted(lost, {1, 4, 10}), (std::vector{lost}));
    EXPECT_EQ(parted(lost, {5, 6, 7, 8, 9}), (std::vector<Skip>{{5, 9, renumbered}}));
    EXPECT_EQ(parted(lost, {1, 5, 7, 8, 12}),
              (std::vector<Skip>{{5, 5, renumbered}, {6, 6, damaged}, {7, 8, renumbered}, {9, 9, damaged}}));
    EXPECT_EQ(parted({5, 9, unknown}, {6}), (std::vector<Skip>{{5, 9, unknown}}));
}

}  // namespace
}  // namespace hailong::kiosk
