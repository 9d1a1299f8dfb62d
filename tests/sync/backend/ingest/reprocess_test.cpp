#include "sync/backend/ingest/reprocess.h"

#include <gtest/gtest.h>

#include "sync/backend/audit/verify.h"
#include "tests/sync/backend/sample.h"

namespace hailong::sync {
namespace {

using sample::Backend;
using sample::Journal;
using sample::must;
using sample::visit;

class Reprocess : public ::testing::Test {
  protected:
    Journal journal_of_unknown_officers(int count) {
        Journal journal("K1");
        for (int i = 1; i <= count; ++i) {
            survey::Response response = visit(static_cast<std::uint64_t>(i));
            response.context.officer = {"c-01"};
            journal.add(response);
        }
        return journal;
    }

    ReprocessStep all() { return must(reprocess_all(*backend_.store, later_)); }
    StoredRecord record(std::int64_t seq) { return sample::record(*backend_.store, {"K1"}, seq); }
    void expect_no_difference() {
        const VerifyReport report = must(verify(*must(backend_.store->read()), backend_.reference));
        EXPECT_EQ(report.differences, std::vector<std::string>{});
    }

    Backend backend_;
    const survey::UtcTime later_ = sample::noon() + std::chrono::days(3);
};

TEST_F(Reprocess, CountsWhatWasQuarantinedForAnOfficerWhoIsKnownByNow) {
    const Journal journal = journal_of_unknown_officers(2);
    must(backend_.take(journal.all()));
    EXPECT_EQ(all(), (ReprocessStep{{{"K1"}, 2}, true, 2, 0}));
    backend_.put_center(sample::grown_center_json());
    EXPECT_EQ(all().reprocessed, 2);
    const StoredRecord stored = record(1);
    EXPECT_FALSE(stored.quarantine_reason);
    EXPECT_EQ(stored.bytes, journal.bytes_at(1));
    EXPECT_EQ(stored.reprocessed, later_);
    EXPECT_EQ(stored.counted_at, sample::noon()) << "its time has the evidence that it came with";
    EXPECT_EQ(must(must(backend_.store->read())->terminals().totals({"mau"})).records.counted, 2);
    expect_no_difference();
}

TEST_F(Reprocess, ChangesNothingTheSecondTime) {
    must(backend_.take(journal_of_unknown_officers(2).all()));
    backend_.put_center(sample::grown_center_json());
    all();
    const StoredRecord before = record(1);
    EXPECT_EQ(all().looked_at, 0);
    EXPECT_EQ(record(1), before);
    expect_no_difference();
}

TEST_F(Reprocess, AnswersTheSameBatchAgainAsBefore) {
    const Journal journal = journal_of_unknown_officers(2);
    must(backend_.take(journal.all()));
    backend_.put_center(sample::grown_center_json());
    all();
    const auto again = must(backend_.take(journal.all()));
    ASSERT_TRUE(again);
    EXPECT_EQ(again->receipt.duplicates, 2);
    expect_no_difference();
}

TEST_F(Reprocess, LeavesWhatCanNeverCount) {
    Journal journal("K1");
    journal.add(visit(1));
    journal.add(visit(1));
    journal.add_bytes("unreadable");
    survey::Response invalid = visit(2);
    invalid.answers.clear();
    journal.add(invalid);
    must(backend_.take(journal.all()));
    EXPECT_EQ(all(), (ReprocessStep{{{"K1"}, 4}, true, 3, 0}));
    expect_no_difference();
}

TEST_F(Reprocess, CountsAnIdOnceThoughBothCopiesCouldCount) {
    Journal journal("K1");
    survey::Response response = visit(1);
    response.context.officer = {"c-01"};
    journal.add(response);
    must(backend_.take(journal.all()));
    backend_.put_center(sample::grown_center_json());
    // The same response again under another number, before anybody validated the first one anew.
    journal.add(response);
    must(backend_.take(journal.batch(2, 2)));
    EXPECT_EQ(all().reprocessed, 1);
    EXPECT_FALSE(record(1).quarantine_reason);
    EXPECT_EQ(record(2).quarantine_reason, QuarantineReason::duplicate_id);
    expect_no_difference();
}

TEST_F(Reprocess, LeavesARecordWhoseIdWasCountedWhileNobodyCouldReadIt) {
    Journal journal("K1");
    journal.add(visit(1));
    must(backend_.take(journal.all()));
    // As an older program left it: a format that it did not know, so without an id.
    StoredRecord unread;
    unread.kiosk = {"K2"};
    unread.seq = 1;
    unread.bytes = survey::encode({{"K2"}, 1, visit(1)});
    unread.hash = survey::chain(survey::kChainStart, unread.bytes);
    unread.quarantine_reason = QuarantineReason::unknown_format;
    unread.quarantine_detail = "format: 2";
    Terminal terminal = *must(must(backend_.store->read())->terminals().terminal({"K1"}));
    terminal.kiosk = {"K2"};
    terminal.token_hash = "token of K2";
    auto transaction = must(backend_.store->write());
    must(transaction->terminals().put(terminal));
    const std::vector<NewRecord> added = {{unread, false, {}}};
    EXPECT_TRUE(must(transaction->records().add(added)).empty());
    must(transaction->commit());
    transaction.reset();
    EXPECT_EQ(all().reprocessed, 0);
    EXPECT_EQ(sample::record(*backend_.store, {"K2"}, 1), unread);
}

TEST_F(Reprocess, WorksInBoundedSteps) {
    must(backend_.take(journal_of_unknown_officers(5).all()));
    backend_.put_center(sample::grown_center_json());
    ReprocessPlace place;
    for (const std::int64_t expected : {2, 2, 1}) {
        auto transaction = must(backend_.store->write());
        CenterSheets sheets;
        const ReprocessStep step = must(reprocess(place, backend_.reference, later_, 2, *transaction, sheets));
        EXPECT_EQ(step.looked_at, expected);
        EXPECT_EQ(step.reprocessed, expected);
        EXPECT_EQ(step.is_done, expected == 1);
        must(write_tallies(sheets, *transaction));
        must(transaction->commit());
        place = step.next;
    }
    expect_no_difference();
}

TEST_F(Reprocess, KeepsTheTimesOfRecordsThatCameBehindIt) {
    Journal journal("K1");
    survey::Response first = visit(1);
    first.context.officer = {"c-01"};
    journal.add(first);
    survey::Response second = visit(2, "5", sample::noon() - std::chrono::days(9));
    second.server_offset.reset();
    journal.add(second);
    must(backend_.take(journal.all()));
    backend_.put_center(sample::grown_center_json());
    EXPECT_EQ(all().reprocessed, 1);
    EXPECT_EQ(record(2).counted_at, sample::noon() - std::chrono::days(9));
    expect_no_difference();
}

TEST_F(Reprocess, PassesOverARecordWhoseTerminalIsNotKnown) {
    StoredRecord lost;
    lost.kiosk = {"GONE"};
    lost.seq = 1;
    lost.bytes = survey::encode({{"GONE"}, 1, visit(1)});
    lost.hash = survey::chain(survey::kChainStart, lost.bytes);
    lost.id = visit(1).id;
    lost.quarantine_reason = QuarantineReason::unknown_officer;
    lost.quarantine_detail = "the center has no \"a-01\"";
    auto transaction = must(backend_.store->write());
    const std::vector<NewRecord> added = {{lost, true, {}}};
    EXPECT_TRUE(must(transaction->records().add(added)).empty());
    must(transaction->commit());
    transaction.reset();
    const ReprocessStep step = all();
    EXPECT_EQ(step.looked_at, 1);
    EXPECT_EQ(step.reprocessed, 0);
    EXPECT_TRUE(sample::record(*backend_.store, {"GONE"}, 1).quarantine_reason);
}

TEST_F(Reprocess, MovesWhatCountsInTheTerminalsTotals) {
    must(backend_.take(journal_of_unknown_officers(3).all()));
    const Totals before{3, 0, 3, 0, 0, 0};
    EXPECT_EQ(backend_.terminal().totals, before);
    backend_.put_center(sample::grown_center_json());
    all();
    const Totals after{3, 3, 0, 0, 0, 0};
    EXPECT_EQ(backend_.terminal().totals, after);
    expect_no_difference();
}

}  // namespace
}  // namespace hailong::sync
