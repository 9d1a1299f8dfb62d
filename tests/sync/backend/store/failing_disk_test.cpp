// The store on a disk that fails, fills up or loses power at every operation while batches come in: every receipt given
// holds afterwards, and verify finds no difference.
#include <random>

#include <gtest/gtest.h>

#include "sync/backend/audit/verify.h"
#include "sync/backend/ingest/reprocess.h"
#include "tests/kiosk/journal/test_disk.h"
#include "tests/sync/backend/sample.h"

namespace hailong::sync {
namespace {

using sample::must;
using sample::TemporaryFolder;
using sample::visit;
using test::TestDisk;

/// What the terminal sends: texts, a record that can't be read, one that counts only later, an overlap.
class Sent {
  public:
    Sent() {
        journal_.add(sample::visit_with_text(1));
        journal_.add(visit(2, "2"));
        journal_.add_bytes("unreadable");
        survey::Response unknown = visit(3);
        unknown.context.officer = {"c-01"};
        journal_.add(unknown);
        journal_.add(visit(4));
        BatchHeader header = journal_.header(1, 2);
        header.boot = "boot";
        header.sent_monotonic = std::chrono::hours(1);
        header.counters.days = {{*survey::parse_date("2026-11-22"), 5}};
        batches_.push_back(sample::sent(header, journal_.records(1, 2), {{1, {"comment"}, "sealed"}}));
        batches_.push_back(journal_.batch(2, 4));
        batches_.push_back(journal_.batch(5, 5));
    }
    [[nodiscard]] const std::vector<Batch>& batches() const { return batches_; }

  private:
    sample::Journal journal_{"K1"};
    std::vector<Batch> batches_;
};

struct Promises {
    std::vector<Receipt> receipts;
    bool is_erased = false;
    bool is_reprocessed = false;
};

StoreResult<Receipt> take(Store& store, const Batch& batch) {
    const auto answer =
        with_tallies(store, [&](Transaction& transaction, CenterSheets& sheets) -> StoreResult<IngestAnswer> {
            const auto terminal = transaction.terminals().terminal({"K1"});
            if (!terminal) return unexpected(terminal.error());
            const auto reference = load_reference(transaction);
            if (!reference) return unexpected(reference.error());
            PreparedBatch prepared = prepare(batch, **terminal, *reference, sample::noon());
            return ingest(prepared, **terminal, *reference, transaction, sheets);
        });
    if (!answer) return unexpected(answer.error());
    if (!*answer) return unexpected(StoreError{StoreErrorKind::conflict, answer->error().detail, {}});
    return (*answer)->receipt;
}

StoreResult<void> erase(Store& store) {
    return with_transaction(store, [](Transaction& transaction) -> StoreResult<void> {
        const std::vector<Erasure> erasures = {{{{"K1"}, 1, {"comment"}}, sample::noon(), "asked for"}};
        const auto erased = transaction.texts().erase(erasures);
        if (!erased) return unexpected(erased.error());
        return {};
    });
}

StoreResult<void> grow(Store& store) {
    return with_transaction(store, [](Transaction& transaction) {
        return transaction.documents().put_center({"mau"}, sample::grown_center_json());
    });
}

/// One start of the backend: everything once more, as terminals and people try again. Only what was confirmed is noted.
void run(const std::filesystem::path& file, const Sent& sent, Promises& promises) {
    const auto store = open_sqlite_store(file, OpenMode::existing);
    if (!store) return;
    for (const Batch& batch : sent.batches()) {
        const auto receipt = take(**store, batch);
        if (receipt) promises.receipts.push_back(*receipt);
    }
    if (!promises.receipts.empty() && erase(**store)) promises.is_erased = true;
    if (!grow(**store)) return;
    const auto taken = reprocess_all(**store, sample::noon() + std::chrono::hours(1));
    if (taken && promises.receipts.size() >= sent.batches().size()) promises.is_reprocessed = true;
}

void create(const std::filesystem::path& file) {
    const auto store = must(open_sqlite_store(file, OpenMode::create));
    sample::fill(*store, {"K1"});
    auto transaction = must(store->write());
    must(transaction->documents().put_questionnaire({{{"W5"}, 3}, sample::questionnaire_with_words_json()}));
    must(transaction->commit());
}

void expect_promises_kept(const std::filesystem::path& file, const Promises& promises) {
    const auto store = open_sqlite_store(file, OpenMode::existing);
    ASSERT_TRUE(store) << store.error().what;
    const auto reader = must((*store)->read());
    const VerifyReport report = must(verify(*reader, must(load_reference(*reader))));
    EXPECT_EQ(report.differences, std::vector<std::string>{});
    for (const Receipt& receipt : promises.receipts)
        EXPECT_EQ(sample::record(**store, {"K1"}, receipt.last_seq).hash, receipt.last_hash) << receipt.last_seq;
    if (promises.is_erased) {
        EXPECT_EQ(must(reader->texts().erasures({}, 10)).size(), 1u);
        EXPECT_TRUE(must(reader->texts().of_record({"K1"}, 1)).empty());
    }
    if (promises.is_reprocessed) {
        EXPECT_FALSE(sample::record(**store, {"K1"}, 4).quarantine_reason);
    }
}

struct FaultCase {
    const char* name;
    TestDisk::Fault fault;
    bool is_lasting;
};
class StoreOnAFailingDisk : public ::testing::TestWithParam<FaultCase> {};

TEST_P(StoreOnAFailingDisk, KeepsEveryReceiptWhereverTheFaultFalls) {
    constexpr std::int64_t kOperationsMax = 5'000;
    const Sent sent;
    std::int64_t nth = 0;
    bool met = true;
    while (met && !HasFailure()) {
        ASSERT_LT(++nth, kOperationsMax) << "the loop must end by a run without a fault";
        SCOPED_TRACE("fault at operation " + std::to_string(nth));
        const TemporaryFolder folder;
        const std::filesystem::path file = folder.path() / "backend.sqlite";
        TestDisk disk;
        create(file);
        Promises promises;
        disk.fail(nth, GetParam().fault, GetParam().is_lasting);
        for (int start = 0; start < 2; ++start)  // the second start meets what the first one left
            run(file, sent, promises);
        met = disk.has_failed();
        disk.repair();
        expect_promises_kept(file, promises);
        // Whatever the fault left behind, everything arrives in the end.
        run(file, sent, promises);
        EXPECT_TRUE(promises.is_erased && promises.is_reprocessed);
        EXPECT_FALSE(promises.receipts.empty() || promises.receipts.back().last_seq != 5);
        expect_promises_kept(file, promises);
    }
}

INSTANTIATE_TEST_SUITE_P(, StoreOnAFailingDisk,
                         ::testing::Values(FaultCase{"IoErrorOnce", TestDisk::Fault::io_error, false},
                                           FaultCase{"IoErrorForever", TestDisk::Fault::io_error, true},
                                           FaultCase{"FullOnce", TestDisk::Fault::disk_full, false},
                                           FaultCase{"FullForever", TestDisk::Fault::disk_full, true}),
                         [](const auto& test_case) { return test_case.param.name; });

TEST(StoreAcrossAPowerCut, KeepsEveryReceiptWhereverItFalls) {
    const Sent sent;
    std::mt19937_64 chance(20261122);
    std::int64_t nth = 0;
    bool met = true;
    while (met && !::testing::Test::HasFailure()) {
        ++nth;
        SCOPED_TRACE("power cut at operation " + std::to_string(nth));
        const TemporaryFolder folder;
        const TemporaryFolder after;
        TestDisk disk;
        const std::filesystem::path file = folder.path() / "backend.sqlite";
        create(file);
        Promises promises;
        disk.fail(nth, TestDisk::Fault::io_error, true);
        {
            // The machine stops with the store still open: nothing is tidied up.
            const auto store = open_sqlite_store(file, OpenMode::existing);
            run(file, sent, promises);
            met = disk.has_failed();
            disk.power_cut(after.path(), chance);
        }
        disk.repair();
        expect_promises_kept(after.path() / "backend.sqlite", promises);
    }
}

}  // namespace
}  // namespace hailong::sync
