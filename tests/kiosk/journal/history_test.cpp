// Texts, skips, the base, numbering anew and pruning: what the journal knows beyond its records.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kiosk/journal/journal.h"
#include "survey/record.h"
#include "tests/kiosk/journal/must.h"
#include "tests/kiosk/journal/sample.h"
#include "tests/kiosk/journal/sql.h"
#include "tests/kiosk/journal/test_disk.h"

namespace hailong::kiosk {
namespace {

using test::kDay;
using test::kFarAhead;
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
using testing::Pair;

/// A response with free text to the given items.
survey::Response with_text(std::int64_t n, const std::vector<std::string>& items) {
    survey::Response made = response(n);
    for (const std::string& item : items)
        made.answers.push_back({{item}, {}, survey::sha256(item)});
    return made;
}

class JournalHistory : public testing::Test {
  protected:
    void fill(std::int64_t first, std::int64_t last) {
        for (std::int64_t n = first; n <= last; ++n) {
            const auto entry = journal_.append(response(n), ward5());
            ASSERT_TRUE(entry) << describe(entry.error());
        }
    }
    [[nodiscard]] std::vector<std::int64_t> numbers() const {
        std::vector<std::int64_t> seqs;
        for (const JournalEntry& entry : must(journal_.read(0, 10'000, SIZE_MAX)))
            seqs.push_back(entry.seq);
        return seqs;
    }
    [[nodiscard]] survey::Uuid id_at(std::int64_t seq) const {
        const auto entries = journal_.read(seq, 1, SIZE_MAX).value();
        if (entries.empty() || entries.front().seq != seq) return {};
        return survey::decode(entries.front().bytes).value().response.id;
    }
    [[nodiscard]] std::int64_t visits_tallied() const {
        std::int64_t visits = 0;
        for (const auto& [day, count] : must(journal_.collected_by_day(kDay, kDay)))
            visits += count;
        return visits;
    }

    const TemporaryFolder folder_;
    const std::filesystem::path file_ = folder_ / "journal.db";
    Journal journal_ = open_journal(file_);
};

TEST_F(JournalHistory, BeginsWithNothingButNumbers) {
    EXPECT_EQ(journal_.base(), ChainHead{});
    EXPECT_THAT(journal_.skips().value(), IsEmpty());
    EXPECT_EQ(journal_.collected(), 0);
    EXPECT_EQ(journal_.text_key().value(), std::nullopt);
    EXPECT_EQ(journal_.quarantined_count(), 0);
    EXPECT_THAT(journal_.collected_by_day(kDay, kDay).value(), IsEmpty());
}

// ---- The highest number

TEST_F(JournalHistory, GivesOutTheHighestNumberAndNoneBeyond) {
    ASSERT_EQ(journal_.adopt({survey::kSeqMax - 1, survey::sha256("before")}), true);
    const JournalEntry last = must(journal_.append(response(1), ward5()));
    EXPECT_EQ(last.seq, survey::kSeqMax);
    EXPECT_EQ(survey::decode(last.bytes).value().seq, survey::kSeqMax);
    for (int i = 0; i < 2; ++i) {
        const auto refused = journal_.append(response(2), ward5());
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().kind, StoreErrorKind::full);
        EXPECT_THAT(refused.error().what, HasSubstr("no number is left"));
    }
    EXPECT_EQ(journal_.append(response(1), ward5()), last) << "what it has it still gives";
    EXPECT_EQ(must(open_journal(file_).read(1, 9, SIZE_MAX)).size(), 1U);
    EXPECT_THAT(journal_.verify().value(), IsEmpty());
}

TEST_F(JournalHistory, IsNotNumberedAnewWhereNoNumberIsLeft) {
    const JournalEntry first = must(journal_.append(response(1), ward5()));
    for (const std::int64_t stored : {survey::kSeqMax - 1, survey::kSeqMax}) {
        const auto refused = journal_.renumber_after(stored, survey::sha256("another history"));
        ASSERT_FALSE(refused) << stored;
        EXPECT_EQ(refused.error().kind, StoreErrorKind::full);
    }
    EXPECT_EQ(must(journal_.head()), (ChainHead{1, first.hash})) << "nothing changed";
    EXPECT_EQ(must(journal_.append(response(2), ward5())).seq, 2);
    EXPECT_EQ(journal_.renumber_after(survey::kSeqMax - 3, survey::sha256("another history")), 2);
    EXPECT_EQ(must(journal_.head()).seq, survey::kSeqMax);
    EXPECT_THAT(journal_.verify().value(), IsEmpty());
}

// ---- Texts

TEST_F(JournalHistory, KeepsSealedTextsBesideTheirRecords) {
    ASSERT_TRUE(
        journal_.append(with_text(1, {"comment", "phone"}), ward5(), {{0, {"phone"}, "p1"}, {0, {"comment"}, "c1"}}));
    ASSERT_TRUE(journal_.append(response(2), ward5()));
    const std::string bytes("\0\xff\n", 3);
    ASSERT_TRUE(journal_.append(with_text(3, {"comment"}), ward5(), {{0, {"comment"}, bytes}}));
    EXPECT_THAT(journal_.texts(1, 3).value(),
                ElementsAre(survey::SealedText{1, {"comment"}, "c1"}, survey::SealedText{1, {"phone"}, "p1"},
                            survey::SealedText{3, {"comment"}, bytes}));
    EXPECT_THAT(journal_.texts(2, 2).value(), IsEmpty());
    EXPECT_THAT(journal_.verify().value(), IsEmpty());
}

TEST_F(JournalHistory, KeepsOneSetOfTextsWhenAResponseIsAppendedAgain) {
    for (int i = 0; i < 2; ++i)
        ASSERT_TRUE(journal_.append(with_text(1, {"comment"}), ward5(), {{0, {"comment"}, "sealed"}}));
    EXPECT_EQ(must(journal_.texts(1, 9)).size(), 1U);
}

TEST_F(JournalHistory, ErasesOnePersonsTextAndLeavesTheChainWhole) {
    ASSERT_TRUE(
        journal_.append(with_text(1, {"comment", "phone"}), ward5(), {{0, {"phone"}, "p1"}, {0, {"comment"}, "c1"}}));
    const auto head = journal_.head();
    EXPECT_EQ(journal_.erase_text(1, {"phone"}), true);
    EXPECT_EQ(journal_.erase_text(1, {"phone"}), false) << "it is erased already";
    EXPECT_EQ(std::filesystem::file_size(file_.string() + "-wal"), 0U) << "it may still be read there";
    EXPECT_THAT(journal_.texts(1, 1).value(), ElementsAre(survey::SealedText{1, {"comment"}, "c1"}));
    EXPECT_EQ(journal_.head(), head);
    EXPECT_THAT(journal_.verify().value(), IsEmpty());
}

TEST_F(JournalHistory, WritesARecordAndItsTextsTogetherOrNotAtAll) {
    run_sql(file_, "INSERT INTO sealed_texts VALUES (1, 'comment', x'00')");
    const auto refused = journal_.append(with_text(1, {"comment"}), ward5(), {{0, {"comment"}, "sealed"}});
    EXPECT_FALSE(refused);
    EXPECT_EQ(open_journal(file_).head(), ChainHead{});
}

TEST_F(JournalHistory, FindsATextWithoutItsRecord) {
    run_sql(file_, "INSERT INTO sealed_texts VALUES (7, 'comment', x'00')");
    EXPECT_THAT(journal_.verify().value(),
                ElementsAre(HasSubstr("seq 7: the text of \"comment\" stands beside no record")));
}

TEST(JournalDeathTest, RefusesSealedTextsThatBelongToNoAnswerOrKeepNoLimit) {
    const TemporaryFolder folder;
    Journal journal = open_journal(folder / "journal.db");
    const survey::Response one = with_text(1, {"comment"});
    const std::string most(survey::kSealedTextBytesMax, 'x');
    EXPECT_DEATH((void)journal.append(one, ward5(), {{0, {"phone"}, "sealed"}}), "each sealed text belongs");
    EXPECT_DEATH((void)journal.append(one, ward5(), {{0, {"overall"}, "sealed"}}), "each sealed text belongs");
    EXPECT_DEATH((void)journal.append(one, ward5(), {{0, {"comment"}, "a"}, {0, {"comment"}, "b"}}),
                 "each sealed text belongs");
    EXPECT_DEATH((void)journal.append(one, ward5(), {{0, {"comment"}, most + "x"}}), "each sealed text belongs");
    std::vector<std::string> items;
    std::vector<survey::SealedText> many;
    for (std::size_t i = 0; i <= survey::kSealedTextsMax; ++i) {
        items.push_back("text_" + std::to_string(i));
        many.push_back({0, {items.back()}, "sealed"});
    }
    EXPECT_DEATH((void)journal.append(with_text(2, items), ward5(), many), "each sealed text belongs");
    many.pop_back();
    EXPECT_TRUE(journal.append(with_text(2, items), ward5(), many));
    EXPECT_TRUE(journal.append(one, ward5(), {{0, {"comment"}, most}}));
}

// ---- What the backend told

TEST_F(JournalHistory, KeepsTheKeyForTextsAndWhatWasQuarantined) {
    TextKey key{};
    key[0] = 7;
    key[31] = 255;
    ASSERT_TRUE(journal_.set_text_key(key));
    ASSERT_TRUE(journal_.add_quarantined(3));
    ASSERT_TRUE(journal_.add_quarantined(2));
    SyncStatus status;
    status.last_error = "không có mạng";
    ASSERT_TRUE(journal_.set_sync_status(status));
    Journal again = open_journal(file_);
    EXPECT_EQ(again.text_key().value(), key);
    EXPECT_EQ(again.quarantined_count(), 5);
    ASSERT_TRUE(again.add_quarantined(-9));
    EXPECT_EQ(again.quarantined_count(), 0);
    ASSERT_TRUE(again.set_text_key(std::nullopt));
    EXPECT_EQ(journal_.text_key().value(), std::nullopt);
}

// ---- Adoption

TEST_F(JournalHistory, ContinuesAnotherDevicesNumbering) {
    const ChainHead held{41, survey::sha256("forty-one")};
    EXPECT_EQ(journal_.adopt(held), true);
    EXPECT_EQ(journal_.adopt(held), true);
    EXPECT_EQ(journal_.base(), held);
    EXPECT_EQ(journal_.head(), held);
    EXPECT_EQ(journal_.delivered_seq(), 41);
    EXPECT_EQ(journal_.hash_at(41).value(), held.hash);
    EXPECT_EQ(journal_.hash_at(40).value(), std::nullopt);
    const auto entry = journal_.append(response(1), ward5()).value();
    EXPECT_EQ(entry.seq, 42);
    EXPECT_EQ(entry.hash, survey::chain(held.hash, entry.bytes));
    EXPECT_EQ(journal_.collected(), 42);
    EXPECT_EQ(journal_.adopt(held), true) << "repeated after a lost answer";
    EXPECT_THAT(open_journal(file_).verify().value(), IsEmpty());
}

TEST_F(JournalHistory, AdoptsNothingOnceItHasNumbersOfItsOwn) {
    fill(1, 1);
    EXPECT_EQ(journal_.adopt({41, survey::sha256("x")}), false);
    EXPECT_EQ(must(journal_.head()).seq, 1);
    EXPECT_EQ(journal_.base(), ChainHead{});
    EXPECT_EQ(journal_.delivered_seq(), 0);
}

// ---- Numbered anew

TEST_F(JournalHistory, NumbersAnewWhateverItStillHas) {
    ASSERT_NO_FATAL_FAILURE(fill(1, 3));
    ASSERT_TRUE(journal_.append(with_text(4, {"comment"}), ward5(), {{0, {"comment"}, "sealed"}}));
    ASSERT_NO_FATAL_FAILURE(fill(5, 5));
    test::deliver(journal_, 3);
    const auto tallied = journal_.tallies(kDay, kDay);

    EXPECT_EQ(journal_.renumber_after(9, survey::sha256("the other disk")), 5);
    EXPECT_THAT(numbers(), ElementsAre(11, 12, 13, 14, 15));
    EXPECT_EQ(id_at(11), response(1).id) << "confirmed ones, too: the other disk may have taken their place";
    EXPECT_EQ(id_at(15), response(5).id);
    EXPECT_THAT(journal_.skips().value(),
                ElementsAre(Skip{1, 5, SkipReason::renumbered}, Skip{6, 10, SkipReason::unknown}));
    EXPECT_EQ(journal_.hash_at(10).value(), survey::kChainStart) << "one number behind the held ones stays out";
    const auto first = must(journal_.read(11, 1, SIZE_MAX)).front();
    EXPECT_EQ(first.hash, survey::chain(survey::kChainStart, first.bytes));
    EXPECT_EQ(survey::decode(first.bytes)->seq, 11);
    EXPECT_THAT(journal_.texts(1, 99).value(), ElementsAre(survey::SealedText{14, {"comment"}, "sealed"}));
    EXPECT_EQ(journal_.collected(), 5);
    EXPECT_EQ(journal_.tallies(kDay, kDay), tallied);
    EXPECT_EQ(journal_.delivered_seq(), 3);
    EXPECT_THAT(journal_.verify().value(), IsEmpty());
    EXPECT_EQ(must(journal_.append(response(5), ward5())).seq, 15) << "a retry still finds its record";
    EXPECT_EQ(must(journal_.append(response(6), ward5())).seq, 16);
    EXPECT_THAT(open_journal(file_).verify().value(), IsEmpty());
}

TEST_F(JournalHistory, NumbersNothingAnewWhereTheHistoriesAgree) {
    ASSERT_NO_FATAL_FAILURE(fill(1, 4));
    for (std::int64_t seq = 0; seq <= 4; ++seq)
        EXPECT_EQ(journal_.renumber_after(seq, must(journal_.hash_at(seq)).value()), 0);
    EXPECT_THAT(numbers(), ElementsAre(1, 2, 3, 4));
    EXPECT_THAT(journal_.skips().value(), IsEmpty());
}

TEST_F(JournalHistory, NumbersEverythingAnewWhenTheHistoriesPartBeforeTheReceipts) {
    ASSERT_NO_FATAL_FAILURE(fill(1, 4));
    test::deliver(journal_, 3);
    EXPECT_EQ(journal_.renumber_after(2, survey::sha256("an older backup")), 4);
    EXPECT_THAT(numbers(), ElementsAre(5, 6, 7, 8));
    EXPECT_THAT(journal_.skips().value(), ElementsAre(Skip{1, 4, SkipReason::renumbered}));
    EXPECT_EQ(journal_.collected(), 4);
    EXPECT_THAT(journal_.verify().value(), IsEmpty());
}

TEST_F(JournalHistory, NumbersAnewASecondTime) {
    ASSERT_NO_FATAL_FAILURE(fill(1, 2));
    EXPECT_EQ(journal_.renumber_after(3, survey::sha256("a")), 2);  // 5, 6
    ASSERT_NO_FATAL_FAILURE(fill(3, 3));                            // 7
    EXPECT_EQ(journal_.renumber_after(5, survey::sha256("b")), 3);
    EXPECT_THAT(numbers(), ElementsAre(8, 9, 10));
    EXPECT_THAT(journal_.skips().value(),
                ElementsAre(Skip{1, 2, SkipReason::renumbered}, Skip{3, 4, SkipReason::unknown},
                            Skip{5, 7, SkipReason::renumbered}));
    EXPECT_EQ(journal_.collected(), 3);
    EXPECT_THAT(journal_.verify().value(), IsEmpty());
}

TEST_F(JournalHistory, SaysWhatTheBackendLacksAndWasPrunedHere) {
    ASSERT_NO_FATAL_FAILURE(fill(1, 5));
    test::deliver(journal_, 5);
    ASSERT_EQ(journal_.prune(kFarAhead), 4);
    EXPECT_EQ(journal_.renumber_after(2, survey::sha256("yesterday")), 1);
    EXPECT_THAT(numbers(), ElementsAre(6));
    EXPECT_THAT(journal_.skips().value(),
                ElementsAre(Skip{3, 4, SkipReason::damaged}, Skip{5, 5, SkipReason::renumbered}));
    EXPECT_EQ(journal_.collected(), 5);
    EXPECT_THAT(journal_.verify().value(), IsEmpty());
}

TEST_F(JournalHistory, KeepsSkippedNumbersUnusedAcrossReopen) {
    ASSERT_EQ(journal_.renumber_after(7, survey::sha256("x")), 0);
    EXPECT_EQ(journal_.head(), (ChainHead{8, survey::kChainStart}));
    Journal again = open_journal(file_);
    EXPECT_EQ(again.head(), (ChainHead{8, survey::kChainStart}));
    test::deliver(again, 7);
    EXPECT_EQ(must(again.append(response(1), ward5())).seq, 9);
    EXPECT_EQ(again.collected(), 1);
}

TEST_F(JournalHistory, NumbersAnewWhollyOrNotAtAllWhereverTheDiskFails) {
    bool met = true;
    for (std::int64_t nth = 1; met && !HasFailure(); ++nth) {
        ASSERT_LT(nth, 500);
        SCOPED_TRACE("fault at operation " + std::to_string(nth));
        const TemporaryFolder folder;
        test::TestDisk disk;
        Journal journal = open_journal(folder / "journal.db");
        for (std::int64_t n = 1; n <= 6; ++n)
            ASSERT_TRUE(journal.append(response(n), ward5()));
        disk.fail(nth, test::TestDisk::Fault::io_error, false);
        const auto moved = journal.renumber_after(4, survey::sha256("x"));
        met = disk.has_failed();
        disk.repair();
        EXPECT_EQ(must(journal.head()).seq, moved ? 12 : 6);
        EXPECT_EQ(must(journal.read(1, 99, SIZE_MAX)).size(), 6U);
        EXPECT_THAT(journal.verify().value(), IsEmpty());
        ASSERT_TRUE(journal.renumber_after(4, survey::sha256("x")));
        EXPECT_THAT(journal.verify().value(), IsEmpty());
    }
}

// ---- Pruning

TEST_F(JournalHistory, PrunesOnlyWhatIsDeliveredOldAndNotTheNewest) {
    ASSERT_NO_FATAL_FAILURE(fill(1, 8));
    const auto all = journal_.read(1, 99, SIZE_MAX).value();
    const auto tallied = journal_.tallies(kDay, kDay);
    EXPECT_EQ(journal_.prune(kFarAhead), 0) << "nothing is delivered";
    test::deliver(journal_, 5);
    EXPECT_EQ(journal_.prune(response(1).finished.utc), 0) << "finished at that time is not before it";
    EXPECT_EQ(journal_.prune(response(3).finished.utc), 2);
    EXPECT_THAT(numbers(), ElementsAre(3, 4, 5, 6, 7, 8));
    EXPECT_EQ(journal_.base(), (ChainHead{2, all[1].hash}));
    EXPECT_EQ(journal_.prune(kFarAhead), 3);
    EXPECT_THAT(numbers(), ElementsAre(6, 7, 8));
    test::deliver(journal_, 8);
    EXPECT_EQ(journal_.prune(kFarAhead), 2);
    EXPECT_THAT(numbers(), ElementsAre(8));
    EXPECT_EQ(journal_.prune(kFarAhead), 0);
    EXPECT_EQ(journal_.base(), (ChainHead{7, all[6].hash}));
    EXPECT_EQ(journal_.hash_at(7).value(), all[6].hash);
    EXPECT_EQ(journal_.hash_at(6).value(), std::nullopt);
    EXPECT_EQ(journal_.head(), (ChainHead{8, all[7].hash}));
    EXPECT_EQ(journal_.collected(), 8);
    EXPECT_EQ(journal_.tallies(kDay, kDay), tallied);
    EXPECT_THAT(journal_.verify().value(), IsEmpty());
    ASSERT_NO_FATAL_FAILURE(fill(9, 9));
    EXPECT_THAT(open_journal(file_).verify().value(), IsEmpty());
}

TEST_F(JournalHistory, PrunesNothingBehindARecordThatMustStay) {
    // The second was confirmed by a clock that was ahead, and those behind it by one that was not.
    ASSERT_NO_FATAL_FAILURE(fill(1, 5));
    const survey::UtcTime time = response(9).finished.utc;
    ASSERT_TRUE(journal_.mark_delivered(1, time));
    ASSERT_TRUE(journal_.mark_delivered(2, time + std::chrono::days{40}));
    EXPECT_EQ(journal_.prune(time + std::chrono::days{1}), 1);
    EXPECT_THAT(numbers(), ElementsAre(2, 3, 4, 5));
    ASSERT_TRUE(journal_.mark_delivered(5));
    EXPECT_EQ(journal_.prune(time + std::chrono::days{1}), 0) << "nobody knows since when the backend has them";
}

TEST_F(JournalHistory, RestartsTheRetentionWhenTheClocksTookALargeStep) {
    ASSERT_NO_FATAL_FAILURE(fill(1, 5));
    const survey::UtcTime time = response(9).finished.utc;
    ASSERT_TRUE(journal_.mark_delivered(5, time));
    test::agree_on(journal_, time);
    test::agree_on(journal_, time + kRestartRetention + std::chrono::days{1});
    EXPECT_EQ(journal_.prune(time + std::chrono::days{10}), 0);
    EXPECT_EQ(journal_.prune(time + kRestartRetention + std::chrono::days{2}), 4);
}

TEST_F(JournalHistory, PrunesBoxesWithTheirRecords) {
    for (std::int64_t n = 1; n <= 3; ++n)
        ASSERT_TRUE(journal_.append(with_text(n, {"comment"}), ward5(), {{0, {"comment"}, "sealed"}}));
    test::deliver(journal_, 2);
    ASSERT_EQ(journal_.prune(kFarAhead), 2);
    EXPECT_THAT(journal_.texts(1, 9).value(), ElementsAre(survey::SealedText{3, {"comment"}, "sealed"}));
    EXPECT_THAT(journal_.verify().value(), IsEmpty());
}

TEST_F(JournalHistory, PrunesMoreThanOneStep) {
    ASSERT_NO_FATAL_FAILURE(fill(1, 450));
    test::deliver(journal_, 450);
    EXPECT_EQ(journal_.prune(kFarAhead), 449);
    EXPECT_THAT(journal_.verify().value(), IsEmpty());
    EXPECT_EQ(visits_tallied(), 450);
}

TEST_F(JournalHistory, PrunesAcrossSkips) {
    ASSERT_NO_FATAL_FAILURE(fill(1, 3));
    test::deliver(journal_, 1);
    ASSERT_EQ(journal_.renumber_after(5, survey::sha256("x")), 3);  // 7, 8, 9
    test::deliver(journal_, 9);
    EXPECT_EQ(journal_.prune(kFarAhead), 2);
    EXPECT_THAT(numbers(), ElementsAre(9));
    EXPECT_EQ(must(journal_.base()).seq, 8);
    EXPECT_EQ(journal_.collected(), 3);
    EXPECT_THAT(journal_.verify().value(), IsEmpty());
}

TEST_F(JournalHistory, FindsARecordMissingAfterTheBase) {
    ASSERT_NO_FATAL_FAILURE(fill(1, 6));
    test::deliver(journal_, 5);
    ASSERT_EQ(journal_.prune(response(3).finished.utc), 2);
    run_sql(file_, "DELETE FROM records WHERE seq = 3");
    EXPECT_THAT(journal_.verify().value(), testing::Contains(HasSubstr("seq 3: missing")));
}

TEST_F(JournalHistory, LetsNoStrangerRemoveWhatIsNotDelivered) {
    ASSERT_NO_FATAL_FAILURE(fill(1, 3));
    test::deliver(journal_, 2);
    run_sql(file_, "DELETE FROM records WHERE seq = 3", SQLITE_CONSTRAINT);
    run_sql(file_, "INSERT INTO skips VALUES (3, 3, 'damaged'); DELETE FROM records WHERE seq = 3", SQLITE_CONSTRAINT);
    run_sql(file_, "DELETE FROM skips", SQLITE_CONSTRAINT);
    run_sql(file_, "UPDATE skips SET last_seq = 9", SQLITE_CONSTRAINT);
}

TEST_F(JournalHistory, FindsARecordUnderASkippedNumber) {
    ASSERT_NO_FATAL_FAILURE(fill(1, 4));
    run_sql(file_, "INSERT INTO skips VALUES (3, 3, 'damaged')");
    EXPECT_THAT(journal_.verify().value(),
                testing::Contains(HasSubstr("seq 3: stands under a number that is skipped")));
}

TEST_F(JournalHistory, CountsResponsesByDay) {
    ASSERT_NO_FATAL_FAILURE(fill(1, 12));  // 11 is flagged
    survey::Response next_day = response(13);
    next_day.finished.utc += std::chrono::days{1};
    ASSERT_TRUE(journal_.append(next_day, ward5()));
    const survey::Date tomorrow{std::chrono::sys_days{kDay} + std::chrono::days{1}};
    EXPECT_THAT(journal_.collected_by_day(kDay, tomorrow).value(), ElementsAre(Pair(kDay, 12), Pair(tomorrow, 1)));
    EXPECT_THAT(journal_.collected_by_day(tomorrow, tomorrow).value(), ElementsAre(Pair(tomorrow, 1)));
}

/// The first schema as it was released, with two records in it.
TEST(Journal, TakesOverAFileOfTheFirstSchema) {
    const TemporaryFolder folder;
    const auto entry = [](std::int64_t n, const survey::Digest& before) {
        JournalEntry made{n, {}, survey::encode({kKiosk, n, response(n)})};
        made.hash = survey::chain(before, made.bytes);
        return made;
    };
    const JournalEntry first = entry(1, survey::kChainStart);
    const JournalEntry second = entry(2, first.hash);
    std::string sql = test::first_schema();
    sql += "INSERT INTO identity VALUES (1, 'k-01');";
    for (const JournalEntry& one : {first, second}) {
        std::string id = survey::to_string(response(one.seq).id);
        id.erase(std::remove(id.begin(), id.end(), '-'), id.end());
        sql += "INSERT INTO records (seq, id, hash, bytes) VALUES (" + std::to_string(one.seq) + ", x'" + id + "', x'" +
               survey::to_hex(one.hash) + "', '" + one.bytes + "');";
    }
    sql += R"(INSERT INTO day_tallies VALUES ('2026-11-22', 'WARD5', )" + std::to_string(ward5().ref.version) +
           R"(, 0, 'visit', '', '{"items":{},"responses":2}');)";
    sql += "UPDATE sync_state SET delivered_seq = 1; PRAGMA user_version = 1; PRAGMA application_id = 1212959281;";
    run_sql(folder / "journal.db", sql);
    Journal journal = open_journal(folder / "journal.db");
    EXPECT_EQ(journal.read(1, 9, SIZE_MAX).value(), (std::vector{first, second}));
    EXPECT_EQ(journal.base(), ChainHead{});
    EXPECT_EQ(journal.delivered_seq(), 1);
    EXPECT_EQ(must(journal.append(response(3), ward5())).seq, 3);
    EXPECT_EQ(journal.prune(kFarAhead), 0) << "nobody knows since when the backend has it";
    ASSERT_TRUE(journal.mark_delivered(2, response(3).finished.utc));
    EXPECT_EQ(journal.prune(kFarAhead), 2);
    EXPECT_THAT(journal.verify().value(), IsEmpty());
}

}  // namespace
}  // namespace hailong::kiosk
