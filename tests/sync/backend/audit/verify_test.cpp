// Every planted change is found. The file is edited with the triggers dropped, as someone with the disk in hand would.
#include "sync/backend/audit/verify.h"

#include <gtest/gtest.h>

#include "tests/sync/backend/audit/outsider.h"
#include "tests/sync/backend/sample.h"

namespace hailong::sync {
namespace {

using sample::must;
using sample::record_row;
using sample::visit;

class Verify : public ::testing::Test {
  protected:
    Verify() {
        sample::Journal first("K1");
        sample::Journal second("K2");
        for (std::uint64_t i = 1; i <= 6; ++i) {
            first.add(visit(i, std::to_string(i % 5 + 1)));
            second.add(visit(100 + i));
        }
        second.add(visit(1));  // an id that is stored already
        second.add_bytes("unreadable");
        survey::Response unknown = visit(200);
        unknown.context.officer = {"c-01"};
        second.add(unknown);
        must(backend_.take(first.all(), "K1"));
        must(backend_.take(second.all(), "K2"));
    }

    void meddle(const std::string& sql) {
        sample::Outsider outsider(backend_.file());
        outsider.drop_triggers();
        EXPECT_GT(outsider.change(sql), 0) << outsider.error();
    }

    VerifyReport report() { return must(verify(*must(backend_.store->read()), backend_.reference)); }

    void expect_difference(const std::string& texts) {
        const VerifyReport found = report();
        EXPECT_GT(found.difference_count, 0);
        const bool named = std::any_of(found.differences.begin(), found.differences.end(),
                                       [&](const std::string& one) { return one.find(texts) != std::string::npos; });
        EXPECT_TRUE(named) << "no difference says: " << texts
                           << (found.differences.empty() ? "" : "\n" + found.differences[0]);
    }

    sample::Backend backend_{{"K1", "K2"}};
};

TEST_F(Verify, FindsARecordThatIsSaidToRepeatAnIdOfItsOwn) {
    meddle("UPDATE records SET repeats = 1 WHERE " + record_row("K1", 3));
    expect_difference("record 3 of K1: is marked as repeating an id that no other record has");
}

TEST_F(Verify, FindsThatTheFirstOfTwoIsSaidToRepeatTheOther) {
    meddle("UPDATE records SET repeats = 1 WHERE " + record_row("K1", 1));
    expect_difference("record 1 of K1: is marked as repeating an id that no other record has");
    expect_difference("record 7 of K2: is marked as repeating an id that no other record has");
}

TEST_F(Verify, FindsARecordWithoutAnIdThatIsSaidToRepeatOne) {
    meddle("UPDATE records SET repeats = 1 WHERE " + record_row("K2", 8));
    expect_difference("record 8 of K2: is marked as repeating an id that no other record has");
}

TEST_F(Verify, FindsBatchesThatAreNumberedOtherwise) {
    meddle("UPDATE batches SET number = number + 1 WHERE number = 2");
    expect_difference("the 2 batches are numbered from 1 to 3");
    meddle("UPDATE batches SET number = -4 WHERE number = 1; UPDATE batches SET number = 2 WHERE number = 3");
    expect_difference("the 2 batches are numbered from -4 to 2");
}

TEST_F(Verify, FindsTimesThatContradictEachOtherUnlessTheClockWasWrong) {
    meddle("UPDATE terminals SET last_seen_ms = last_seen_ms - 2592000000 WHERE kiosk = 'K1'");
    expect_difference("K1: was last seen before its last batch came");
    auto transaction = must(backend_.store->write());
    const std::vector incidents = {Incident{sample::noon(), {}, IncidentKind::clock, "this machine's clock", {}}};
    ASSERT_TRUE(transaction->incidents().add(incidents));
    must(transaction->commit());
    const VerifyReport found = report();
    const auto told = [](const std::vector<std::string>& sentences) {
        return std::count_if(sentences.begin(), sentences.end(), [](const std::string& one) {
            return one.find("was last seen before its last batch came") != std::string::npos;
        });
    };
    EXPECT_EQ(told(found.differences), 0);
    EXPECT_EQ(told(found.notes), 1);
}

TEST_F(Verify, FindsNothingInAnUntouchedStore) {
    const VerifyReport found = report();
    EXPECT_EQ(found.differences, std::vector<std::string>{});
    EXPECT_EQ(found.difference_count, 0);
    EXPECT_EQ(found.terminals, 2);
    EXPECT_EQ(found.records, 15);
    EXPECT_EQ(found.counted, 12);
    EXPECT_EQ(found.quarantined, 3);
    EXPECT_EQ(found.tally_rows, 5);
    EXPECT_TRUE(found.notes.empty());
}

TEST_F(Verify, FindsAChangedByte) {
    meddle("UPDATE records SET bytes = packed(replace(unpacked(bytes), 'boot\":\"4', 'boot\":\"5')) WHERE " +
           record_row("K1", 3));
    expect_difference("record 3 of K1: its bytes");
}

TEST_F(Verify, FindsAChangedAnswerInChainAndTallies) {
    meddle(
        "UPDATE records SET bytes = packed(replace(unpacked(bytes), '\"values\":[\"4\"]', '\"values\":[\"5\"]')) "
        "WHERE " +
        record_row("K1", 3));
    expect_difference("record 3 of K1: its bytes");
    expect_difference("the records make");
}

TEST_F(Verify, FindsADeletedRecord) {
    meddle("DELETE FROM records WHERE " + record_row("K1", 3));
    expect_difference("K1: records 3 to 3 are missing");
}

TEST_F(Verify, FindsTheLastRecordDeleted) {
    meddle("DELETE FROM records WHERE " + record_row("K1", 6));
    expect_difference("head");
}

TEST_F(Verify, FindsADeletedRecordThatWasRenumberedOver) {
    meddle("DELETE FROM records WHERE " + record_row("K1", 3) + "; UPDATE records SET place = place - 1 WHERE " +
           record_row("K1", 4) + "; UPDATE records SET place = place - 1 WHERE " + record_row("K1", 5) +
           "; UPDATE records SET place = place - 1 WHERE " + record_row("K1", 6) +
           "; UPDATE terminals SET last_seq = 5 WHERE kiosk = 'K1'");
    expect_difference("record 3 of K1");
}

TEST_F(Verify, FindsAChangedHeadOfATerminal) {
    meddle("UPDATE terminals SET last_seq = 7 WHERE kiosk = 'K1'");
    expect_difference("head says record 7");
}

TEST_F(Verify, FindsAChangedHeadHash) {
    meddle("UPDATE terminals SET last_hash = zeroblob(32) WHERE kiosk = 'K1'");
    expect_difference("head says record 6");
}

TEST_F(Verify, FindsAChangedTally) {
    meddle(
        "UPDATE tallies SET tally = tally_coded(replace(tally_text(tally), '\"responses\":', '\"responses\":1')) WHERE "
        "kind = 0");
    expect_difference("W5 version 1, visit: holds");
}

TEST_F(Verify, FindsADeletedTally) {
    meddle("DELETE FROM tallies WHERE kind = 1");
    expect_difference("counter A: is missing");
}

TEST_F(Verify, FindsAnInventedTally) {
    meddle(
        "INSERT INTO tallies SELECT center, grain, kind, day - 1, subject, questionnaire, version, flagged, tally "
        "FROM tallies WHERE kind = 0");
    expect_difference("no record counts for it");
}

TEST_F(Verify, FindsABadRatingHiddenAsInvalid) {
    // Record 1 of K2 is a visit of value 5; its tally rows are taken down with it, so that the sums agree.
    meddle("UPDATE records SET reason = 'invalid' WHERE " + record_row("K2", 1));
    expect_difference("record 1 of K2: is quarantined as invalid without cause");
}

TEST_F(Verify, FindsARatingHiddenAsADuplicate) {
    meddle("UPDATE records SET reason = 'duplicate_id' WHERE " + record_row("K2", 1));
    expect_difference("record 1 of K2: is quarantined as duplicate_id without cause");
}

TEST_F(Verify, FindsARatingCountedAgainstTheRules) {
    meddle("UPDATE records SET reason = NULL, counted_ms = 0, trust = 1 WHERE " + record_row("K2", 8));
    expect_difference("record 8 of K2: is counted, but should be quarantined as unreadable");
}

TEST_F(Verify, FindsAChangedId) {
    meddle("UPDATE records SET id = zeroblob(16) WHERE " + record_row("K1", 2));
    expect_difference("record 2 of K1: the id stored is not the one in its bytes");
}

TEST_F(Verify, FindsAnIdCountedTwice) {
    meddle("UPDATE records SET reason = NULL, counted_ms = 0, trust = 1 WHERE " + record_row("K2", 7));
    expect_difference("is counted more than once");
}

TEST_F(Verify, FindsTotalsThatAreNotTheRecords) {
    for (const char* column : {"stored", "counted", "quarantined", "copies", "skipped", "lost"}) {
        const std::string name(column);
        meddle("UPDATE terminals SET " + name + " = " + name + " + 1 WHERE kiosk = 'K1'");
        expect_difference("K1: its totals say");
        meddle("UPDATE terminals SET " + name + " = " + name + " - 1 WHERE kiosk = 'K1'");
    }
    for (const std::string& difference : report().differences)
        EXPECT_EQ(difference.find("K1: its totals say"), std::string::npos) << difference;
}

TEST_F(Verify, FindsAChangedTimeOfTheLastRecordThatCounted) {
    meddle("UPDATE terminals SET counted_ms = counted_ms - 1 WHERE kiosk = 'K1'");
    expect_difference("was the last to count when it came");
}

TEST_F(Verify, ReadsMoreRecordsThanAPageHolds) {
    sample::Backend large;
    sample::Journal journal("K1");
    const std::size_t count = 2 * kAuditPage + 1;
    for (std::size_t i = 1; i <= count; ++i) {
        journal.add(visit(i));
        if (i % kBatchRecordsMax != 0 && i != count) continue;
        const auto last = static_cast<std::int64_t>(i);
        const auto first =
            (last - 1) / static_cast<std::int64_t>(kBatchRecordsMax) * static_cast<std::int64_t>(kBatchRecordsMax) + 1;
        ASSERT_TRUE(must(large.take(journal.batch(first, last))));
    }
    const VerifyReport found = must(verify(*must(large.store->read()), large.reference));
    EXPECT_EQ(found.differences, std::vector<std::string>{});
    EXPECT_EQ(found.counted, static_cast<std::int64_t>(count));
}

TEST_F(Verify, NotesWhatCouldBeCountedWithTodaysDocuments) {
    auto transaction = must(backend_.store->write());
    std::string json = sample::center_json();
    json.insert(json.find("\"officers\":[") + 12,
                R"({"id":"c-01","name":"Mới","post":{"vi":"Công chức","en":"Officer"},"counter":"A"},)");
    must(transaction->documents().put_center({"mau"}, json));
    must(transaction->commit());
    transaction.reset();
    backend_.reference = must(load_reference(*must(backend_.store->read())));
    const VerifyReport found = report();
    EXPECT_EQ(found.difference_count, 0);
    ASSERT_EQ(found.notes.size(), 1u);
    EXPECT_NE(found.notes[0].find("record 9 of K2"), std::string::npos);
}

TEST_F(Verify, GoesOnCountingWhoHasLeftTheRoster) {
    auto transaction = must(backend_.store->write());
    std::string json = sample::center_json();
    json.replace(json.find("\"a-01\""), 6, "\"a-99\"");
    must(transaction->documents().put_center({"mau"}, json));
    must(transaction->commit());
    transaction.reset();
    backend_.reference = must(load_reference(*must(backend_.store->read())));
    const VerifyReport found = report();
    EXPECT_EQ(found.difference_count, 0);
    EXPECT_EQ(found.notes.size(), 12u);
}

}  // namespace
}  // namespace hailong::sync
