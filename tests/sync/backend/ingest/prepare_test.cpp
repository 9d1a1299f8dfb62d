// The two halves of taking a batch in: what was prepared against something that changed meanwhile is prepared again,
// and what the writer asks the store for does not grow with the batch.
#include "sync/backend/ingest/prepare.h"

#include <gtest/gtest.h>

#include "sync/backend/audit/verify.h"
#include "sync/backend/ingest/reference_cache.h"
#include "tests/sync/backend/comments/sample_texts.h"
#include "tests/sync/backend/ingest/answers.h"
#include "tests/sync/backend/sample.h"
#include "tests/sync/backend/service/batch_bodies.h"
#include "tests/sync/backend/store/failing_store.h"

namespace hailong::sync {
namespace {

using sample::accepted;
using sample::Backend;
using sample::Journal;
using sample::journal_of;
using sample::must;
using sample::visit;

void expect_no_difference(Backend& backend) {
    EXPECT_EQ(must(verify(*must(backend.store->read()), backend.reference)).differences, std::vector<std::string>{});
}

TEST(Prepare, ReadsNothingOfAStrangersBatch) {
    const Backend backend({"K1", "K2"});
    const Journal journal = journal_of(3);
    Batch forged = journal.all();
    forged.signature = {};
    for (const PreparedBatch& prepared : {backend.prepared(forged), backend.prepared(journal.all(), "K2")}) {
        EXPECT_FALSE(prepared.is_signed);
        EXPECT_TRUE(prepared.records.empty());
        EXPECT_TRUE(prepared.addition.records.empty());
    }
    Batch damaged = journal.all();
    damaged.records[1] += ' ';
    EXPECT_TRUE(backend.prepared(damaged).is_signed);
    EXPECT_FALSE(backend.prepared(damaged).is_chained);
    EXPECT_TRUE(backend.prepared(damaged).records.empty());
}

TEST(Prepare, ReadsOfWhatIsStoredOnlyWhatHasTexts) {
    Backend backend;
    sample::ask_for_texts(backend);
    sample::WordyJournal journal("K1");
    journal.add({});
    journal.add({{"comment", "once more"}});
    journal.add({});
    accepted(backend.take(journal.batch(1, 2)));
    const PreparedBatch prepared = backend.prepared(journal.all());
    EXPECT_FALSE(prepared.records[0].read.record);
    EXPECT_TRUE(prepared.records[1].read.record);
    EXPECT_EQ(prepared.addition.first_seq, 3);
    EXPECT_EQ(prepared.addition.records.size(), 1u);
}

TEST(Prepare, IsDoneAgainWhenTheDocumentsHaveChanged) {
    Backend backend;
    Journal journal("K1");
    survey::Response unknown = visit(1);
    unknown.context.officer = {"c-01"};
    journal.add(unknown);
    PreparedBatch prepared = backend.prepared(journal.all());
    EXPECT_EQ(prepared.addition.totals.quarantined, 1);
    backend.put_center(sample::grown_center_json());
    EXPECT_EQ(accepted(backend.take(std::move(prepared))).quarantined, 0);
    EXPECT_EQ(backend.terminal().totals.counted, 1);
    expect_no_difference(backend);
}

TEST(Prepare, IsDoneAgainWhenTheTerminalGotAnotherKey) {
    Backend backend;
    const Journal journal = journal_of(1);
    PreparedBatch prepared = backend.prepared(journal.all());
    ASSERT_TRUE(prepared.is_signed);
    Terminal renewed = backend.terminal();
    renewed.key = survey::public_half(sample::sign_key("another disk"));
    auto transaction = must(backend.store->write());
    must(transaction->terminals().put(renewed));
    must(transaction->commit());
    transaction.reset();
    const auto answer = must(backend.take(std::move(prepared)));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ProblemKind::bad_signature);
}

TEST(Prepare, HoldsForABatchThatAnotherOneOvertook) {
    Backend backend;
    Journal journal("K1");
    journal.add(visit(1));
    survey::Response early = visit(2, "5", sample::noon() - std::chrono::days(5));
    early.server_offset.reset();
    journal.add(early);
    // Both at once: the second can't know yet when the first is counted.
    PreparedBatch first = backend.prepared(journal.batch(1, 1));
    PreparedBatch second = backend.prepared(journal.batch(1, 2));
    PreparedBatch third = backend.prepared(journal.batch(2, 2));
    EXPECT_EQ(accepted(backend.take(std::move(first))).receipt.accepted, 1);
    const Ingested overlapping = accepted(backend.take(std::move(second)));
    EXPECT_EQ(overlapping.receipt.duplicates, 1);
    EXPECT_EQ(overlapping.receipt.accepted, 1);
    EXPECT_EQ(accepted(backend.take(std::move(third))).receipt.duplicates, 1);
    EXPECT_EQ(sample::record(*backend.store, {"K1"}, 2).counted_at, sample::noon()) << "not before the one before it";
    EXPECT_EQ(backend.terminal().totals.counted, 2);
    expect_no_difference(backend);
}

TEST(Prepare, LetsTimesFollowFromWhatReallyCounts) {
    Backend backend({"K1", "K2"});
    Journal other("K2");
    other.add(visit(1));
    accepted(backend.take(other.all(), "K2"));
    Journal journal("K1");
    journal.add(visit(1));  // counted at K2 already, so that it is no floor here
    survey::Response early = visit(2, "5", sample::noon() - std::chrono::days(5));
    early.server_offset.reset();
    journal.add(early);
    journal.add(early);
    const Ingested result = accepted(backend.take(journal.all()));
    EXPECT_EQ(result.quarantined, 2);
    EXPECT_EQ(sample::record(*backend.store, {"K1"}, 2).counted_at, sample::noon() - std::chrono::days(5));
    const Totals expected{3, 1, 2, 1, 0, 0};
    EXPECT_EQ(backend.terminal().totals, expected) << "one is a copy of this terminal's own";
    expect_no_difference(backend);
}

TEST(Prepare, KeepsWhatIsSkippedInTheTotals) {
    Backend backend;
    accepted(backend.take(journal_of(2).all()));
    const std::string line = survey::encode({{"K1"}, 9, visit(9)});
    BatchHeader header;
    header.kiosk = {"K1"};
    header.first_seq = 9;
    header.count = 1;
    header.previous_hash = survey::sha256("start");
    header.last_hash = survey::chain(header.previous_hash, line);
    header.sent = sample::noon();
    header.counters.collected = 7;
    header.skipped = {{3, 5, survey::SkipReason::damaged}, {6, 8, survey::SkipReason::renumbered}};
    accepted(backend.take(sample::sent(header, {line})));
    const Totals expected{3, 3, 0, 0, 6, 3};
    EXPECT_EQ(backend.terminal().totals, expected);
    expect_no_difference(backend);
}

TEST(Prepare, TakesTheHighestNumberThatARecordCanHave) {
    Backend backend;
    const std::int64_t seq = survey::kSeqMax;
    const std::string line = survey::encode({{"K1"}, seq, visit(1)});
    BatchHeader header;
    header.kiosk = {"K1"};
    header.first_seq = seq;
    header.count = 1;
    header.last_hash = survey::chain({}, line);
    header.sent = sample::noon();
    Batch last = decode_batch(encode_batch(header, {line}, {}, sample::sign_key("K1"))).value();
    last.header.skipped = {{1, seq - 1, survey::SkipReason::unknown}};  // as by many batches, each within its limit
    EXPECT_EQ(accepted(backend.take(last)).receipt.last_seq, seq);
    EXPECT_EQ(backend.terminal().totals, (Totals{1, 1, 0, 0, seq - 1, 0}));
    header.first_seq = seq + 1;
    const auto beyond = decode_batch(encode_batch(header, {line}, {}, sample::sign_key("K1")));
    ASSERT_FALSE(beyond);
    EXPECT_EQ(problem_of(beyond.error()).kind, ProblemKind::malformed);
}

/// Calls of the store for one commit of `batches`, as the writer makes it.
int calls_of(Backend& backend, const std::vector<Batch>& batches) {
    sample::FailingStore counting(*backend.store);
    ReferenceCache references;
    std::vector<PreparedBatch> prepared;
    for (const Batch& batch : batches)
        prepared.push_back(backend.prepared(batch, batch.header.kiosk.text));
    must(with_tallies(counting, [&](Transaction& transaction, CenterSheets& sheets) -> StoreResult<void> {
        const auto reference = must(references.current(transaction));
        // Loading the documents is no part of a batch: it is done once.
        for (PreparedBatch& one : prepared) {
            must(transaction.set_savepoint());
            EXPECT_TRUE(must(take(one, *reference, transaction, sheets)));
        }
        return {};
    }));
    const int loading = 1 + 1 + 1 + 1 + 1;  // questionnaires, centers, the one center, corrections, what is awaited
    return counting.calls() - loading - 1;
}

TEST(Ingest, AsksTheStoreAtMostTwelveTimesForABatchOf500) {
    Backend backend;
    sample::ask_for_texts(backend);
    sample::WordyJournal journal("K1");
    for (int i = 0; i < 1'000; ++i)
        journal.add(i % 10 == 0 ? std::vector<std::pair<std::string, std::string>>{{"comment", "texts"}}
                                : std::vector<std::pair<std::string, std::string>>{});
    const int first = calls_of(backend, {journal.batch(1, 500)});
    EXPECT_LE(first, 12);
    EXPECT_EQ(backend.terminal().totals.counted, 500);
    EXPECT_EQ(calls_of(backend, {journal.batch(501, 1'000)}), first) << "however much is stored already";
    EXPECT_LE(calls_of(backend, {journal.batch(501, 1'000)}), 12) << "nor when all of it is stored";
    expect_no_difference(backend);
}

TEST(Ingest, AsksNoMoreForTwoRecordsThanForOne) {
    Backend backend({"K1", "K2"});
    const Journal journal = journal_of(3);
    const int one = calls_of(backend, {journal.batch(1, 1)});
    EXPECT_EQ(calls_of(backend, {journal.batch(2, 3)}), one);
    Journal other("K2");
    other.add(visit(50));
    other.add(visit(50));
    other.add(visit(1));
    EXPECT_LE(calls_of(backend, {other.all()}), one + 2) << "ids that are stored already cost one question and one try";
}

TEST(Ingest, AsksForTheMachinesStartOnlyWhenItChanged) {
    Backend backend;
    const Journal journal = journal_of(3);
    const auto started = [&](std::int64_t seq, const std::string& boot) {
        BatchHeader header = journal.header(seq, seq);
        header.boot = boot;
        header.sent_monotonic = survey::milliseconds{5};
        return sample::sent(header, journal.records(seq, seq));
    };
    const int first = calls_of(backend, {started(1, "one")});
    EXPECT_LT(calls_of(backend, {started(2, "one")}), first);
    EXPECT_EQ(backend.terminal().boot, "one");
    EXPECT_EQ(calls_of(backend, {started(3, "two")}), first);
    EXPECT_EQ(backend.terminal().boot, "two");
}

TEST(Copies, AreWhatTheSameTerminalSentUnderAnEarlierNumber) {
    StoredRecord record;
    record.kiosk = {"K1"};
    std::vector<StoredRecord> records;
    for (const std::int64_t seq : {5, 6, 7, 8, 9}) {
        record.seq = seq;
        record.id = sample::uuid(static_cast<std::uint64_t>(seq));
        record.quarantine_reason = QuarantineReason::duplicate_id;
        records.push_back(record);
    }
    records[1].id = records[0].id;         // 6 repeats 5
    records[2].quarantine_reason.reset();  // 7 counts
    records[4].id.reset();                 // 9 can't be read
    const std::vector<IdPlace> stored = {{*records[0].id, {"K2"}, 1}, {*records[3].id, {"K1"}, 3}};
    EXPECT_EQ(copies_among(records, stored), (std::set<std::int64_t>{6, 8}));
    EXPECT_EQ(copies_among(records, {}), (std::set<std::int64_t>{6}));
    EXPECT_TRUE(copies_among({}, stored).empty());
}

}  // namespace
}  // namespace hailong::sync
