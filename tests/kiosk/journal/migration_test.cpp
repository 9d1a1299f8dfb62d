// A file of the program before goes on under the names of today.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kiosk/journal/inbox.h"
#include "kiosk/journal/journal.h"
#include "survey/record.h"
#include "tests/kiosk/journal/former_file.h"
#include "tests/kiosk/journal/must.h"
#include "tests/kiosk/journal/sample.h"

namespace hailong::kiosk {
namespace {

using test::kFormerFirstSeq;
using test::kFormerKiosk;
using test::kFormerLastSeq;
using test::must;
using test::rows_by_sql;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

struct Table {
    const char* before;
    const char* after;
};
/// Every table, by its former and its present name, with all that stands in it.
constexpr Table kTables[] = {
    {"SELECT * FROM identity", "SELECT * FROM identity"},
    {"SELECT seq, id, hash, bytes, sum FROM records", "SELECT seq, id, hash, bytes, sum FROM records"},
    {"SELECT * FROM base", "SELECT * FROM base"},
    {"SELECT * FROM skips", "SELECT * FROM skips"},
    {"SELECT seq, item, box FROM boxes", "SELECT seq, item, bytes FROM sealed_texts"},
    {"SELECT * FROM day_tallies", "SELECT * FROM day_tallies"},
    {"SELECT * FROM month_tallies", "SELECT * FROM month_tallies"},
    {"SELECT * FROM gone_responses", "SELECT * FROM responses_without_record"},
    {"SELECT * FROM ticket_key", "SELECT * FROM ticket_key"},
    {"SELECT * FROM tickets", "SELECT * FROM tickets"},
    {"SELECT delivered_seq, last_attempt_ms, last_success_ms, last_error, server_offset_ms, set_aside, words_key "
     "FROM sync_state",
     "SELECT delivered_seq, last_attempt_ms, last_success_ms, last_error, server_offset_ms, quarantined, text_key "
     "FROM sync_state"},
    {"SELECT * FROM inbox_documents", "SELECT * FROM inbox_documents"},
    {"SELECT * FROM inbox_state", "SELECT * FROM inbox_state"},
    {"SELECT number, time_ms, replace(kind, 'healed', 'repaired'), detail FROM events", "SELECT * FROM events"},
};

constexpr const char* kWithoutDeliveries =
    "DROP TABLE deliveries; ALTER TABLE sync_state DROP COLUMN agreed_ms; "
    "ALTER TABLE sync_state DROP COLUMN stepped_ms";

class FormerFile : public testing::Test {
  protected:
    FormerFile() { test::make_former_file(file_); }

    const test::TemporaryFolder folder_;
    const std::filesystem::path file_ = folder_ / "journal.db";
};

TEST_F(FormerFile, KeepsEveryRowOfEveryTable) {
    std::vector<std::vector<std::string>> before;
    for (const Table& table : kTables) {
        before.push_back(rows_by_sql(file_, table.before));
        EXPECT_FALSE(before.back().empty()) << table.before << ": nothing that could be lost";
    }
    { EXPECT_THAT(must(must(Journal::open(file_, kFormerKiosk)).verify()), IsEmpty()); }
    for (std::size_t i = 0; i < std::size(kTables); ++i)
        EXPECT_EQ(rows_by_sql(file_, kTables[i].after), before[i]) << kTables[i].after;
    const std::string tables = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";
    EXPECT_THAT(rows_by_sql(file_, tables),
                ElementsAre("base", "day_tallies", "deliveries", "events", "identity", "inbox_documents", "inbox_state",
                            "month_tallies", "programs", "records", "responses_without_record", "sealed_texts", "skips",
                            "sync_state", "ticket_key", "tickets"))
        << "every table is compared above, but those that are new";
    EXPECT_THAT(rows_by_sql(file_, "SELECT * FROM programs"), IsEmpty());
    EXPECT_THAT(rows_by_sql(file_, "SELECT * FROM deliveries"), IsEmpty());
}

/// The file of the program before: nobody noted when the backend confirmed what.
TEST_F(FormerFile, OfSchemaFiveKeepsWhatWasConfirmedUntilALaterReceiptIsOld) {
    { (void)must(Journal::open(file_, kFormerKiosk)); }
    test::run_sql(file_, kWithoutDeliveries);
    test::run_sql(file_, "PRAGMA user_version = 5");
    Journal journal = must(Journal::open(file_, kFormerKiosk));
    ASSERT_TRUE(journal.mark_delivered(kFormerFirstSeq + 1));
    EXPECT_EQ(must(journal.prune(test::kFarAhead)), 0);
    ASSERT_TRUE(journal.mark_delivered(kFormerFirstSeq + 2, test::response(1).finished.utc));
    EXPECT_EQ(must(journal.prune(test::response(1).finished.utc)), 0);
    EXPECT_EQ(must(journal.prune(test::kFarAhead)), 3);
    EXPECT_THAT(must(journal.verify()), IsEmpty());
}

/// The file of the program between: as today's, but that no program had a version in it.
TEST_F(FormerFile, OfSchemaFourLearnsWhichProgramWorksWithIt) {
    { (void)must(Journal::open(file_, kFormerKiosk)); }
    test::run_sql(file_, kWithoutDeliveries);
    test::run_sql(file_, "DROP TABLE programs; PRAGMA user_version = 4");
    Journal journal = must(Journal::open(file_, kFormerKiosk));
    EXPECT_EQ(must(journal.kiosk_version()), "");
    ASSERT_TRUE(journal.set_kiosk_version("0.1.0"));
    EXPECT_EQ(must(journal.kiosk_version()), "0.1.0");
    EXPECT_EQ(must(journal.head()).seq, kFormerLastSeq);
    EXPECT_THAT(must(journal.verify()), IsEmpty());
}

TEST_F(FormerFile, IsReadByTodaysWords) {
    const Journal journal = must(Journal::open(file_, kFormerKiosk));
    EXPECT_EQ(must(journal.head()).seq, kFormerLastSeq);
    EXPECT_THAT(must(journal.texts(0, kFormerLastSeq)), SizeIs(3));
    EXPECT_EQ(must(journal.texts(kFormerLastSeq - 1, kFormerLastSeq - 1)),
              (std::vector{survey::SealedText{kFormerLastSeq - 1, {"comment"}, "d"}}));
    EXPECT_EQ(must(journal.quarantined_count()), 2);
    TextKey key{};
    for (std::size_t i = 0; i < key.size(); ++i)
        key.at(i) = static_cast<std::uint8_t>(i + 1);
    EXPECT_EQ(must(journal.text_key()), key);
    EXPECT_EQ(must(journal.sync_status()).server_offset, survey::milliseconds{-7});
    const auto events = must(journal.events());
    ASSERT_THAT(events, SizeIs(1));
    EXPECT_EQ(events.front().kind, "repaired");
    EXPECT_EQ(must(must(Inbox::open(file_)).version()), "v7");
}

TEST_F(FormerFile, HoldsTheHashesOfItsTextsInItsRecords) {
    const Journal journal = must(Journal::open(file_, kFormerKiosk));
    for (const survey::SealedText& text : must(journal.texts(0, kFormerLastSeq))) {
        const auto record = survey::decode(must(journal.read(text.seq, 1, SIZE_MAX)).front().bytes);
        ASSERT_TRUE(record);
        const survey::Answer* answer = survey::answer_to(record->response.answers, text.item);
        ASSERT_NE(answer, nullptr);
        EXPECT_TRUE(answer->text) << "under the name that the program before wrote";
    }
}

TEST_F(FormerFile, IsAppendedToBehindItsLastRecord) {
    Journal journal = must(Journal::open(file_, kFormerKiosk));
    const ChainHead head = must(journal.head());
    const JournalEntry entry = must(journal.append(test::response(20), test::ward5(), {}, "q-1"));
    EXPECT_EQ(entry.seq, head.seq + 1);
    EXPECT_EQ(entry.hash, survey::chain(head.hash, entry.bytes));
    EXPECT_THAT(survey::decode(entry.bytes)->response.flags, ElementsAre(kTicketAgainFlag))
        << "the ticket was used before";
    EXPECT_EQ(must(journal.append(test::response(1), test::ward5())).seq, 1'020) << "it has this one already";
    EXPECT_THAT(must(journal.verify()), IsEmpty());
}

TEST_F(FormerFile, IsPrunedAndNumberedAnewAsAnyOther) {
    Journal journal = must(Journal::open(file_, kFormerKiosk));
    test::deliver(journal, kFormerFirstSeq + 2);
    EXPECT_EQ(must(journal.prune(survey::UtcTime{survey::milliseconds{4'000'000'000'000}})), 3);
    EXPECT_EQ(must(journal.renumber_after(5, survey::sha256("a third disk"))), 8);
    EXPECT_THAT(must(journal.texts(0, 2'000)), SizeIs(3));
    EXPECT_THAT(must(journal.verify()), IsEmpty());
}

}  // namespace
}  // namespace hailong::kiosk
