// What the backend keeps, by subject. One contract test runs over every implementation: SQLite for one center, the fake
// in memory that tests use, PostgreSQL for a city.
//
// Part of the contract: records, batches, skips, keys, incidents, traces and published questionnaires are append-only;
// bulk verbs are one step each (all of it or nothing); no rule stands behind this interface that is not written at it.
// Threads: a Snapshot or a Transaction is used by one thread at a time. How many transactions may be open at once is
// the implementation's business: `busy` says that another one is in the way, and readers never wait for a writer.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sync/backend/store/documents.h"
#include "sync/backend/store/facts.h"
#include "sync/backend/store/incidents.h"
#include "sync/backend/store/public_tallies.h"
#include "sync/backend/store/records.h"
#include "sync/backend/store/tallies.h"
#include "sync/backend/store/terminals.h"
#include "sync/backend/store/texts.h"

namespace hailong::sync {

/// Reads see one consistent state while the Snapshot lives.
class Snapshot {
  public:
    virtual ~Snapshot() = default;
    [[nodiscard]] virtual DocumentReader& documents() = 0;
    [[nodiscard]] virtual TerminalReader& terminals() = 0;
    [[nodiscard]] virtual RecordReader& records() = 0;
    [[nodiscard]] virtual TallyReader& tallies() = 0;
    [[nodiscard]] virtual PublicTallyReader& public_tallies() = 0;
    [[nodiscard]] virtual TextReader& texts() = 0;
    [[nodiscard]] virtual IncidentReader& incidents() = 0;
    [[nodiscard]] virtual FactReader& facts() = 0;
    /// Of the whole store. Kept or O(1), never a walk through records.
    [[nodiscard]] virtual StoreResult<StoreCounts> counts() = 0;
    /// What contradicts itself in what the store keeps for its own use alone, so that no reader shows it: a sentence
    /// each, at most `count_max`. Empty: nothing does. For audits: O(batches and repeated ids).
    [[nodiscard]] virtual StoreResult<std::vector<std::string>> contradictions(std::size_t count_max) = 0;
};

/// Everything between begin and commit is one durable step. Destroyed without commit: nothing happened. Reads see what
/// this transaction wrote.
class Transaction : public Snapshot {
  public:
    [[nodiscard]] DocumentWriter& documents() override = 0;
    [[nodiscard]] TerminalWriter& terminals() override = 0;
    [[nodiscard]] RecordWriter& records() override = 0;
    [[nodiscard]] TallyWriter& tallies() override = 0;
    [[nodiscard]] PublicTallyWriter& public_tallies() override = 0;
    [[nodiscard]] TextWriter& texts() override = 0;
    [[nodiscard]] IncidentWriter& incidents() override = 0;
    [[nodiscard]] FactWriter& facts() override = 0;
    /// Durable when it returned a value.
    [[nodiscard]] virtual StoreResult<void> commit() = 0;

    // Marks within the transaction, so that one bad batch of a group leaves no trace while the others commit.
    // A new mark replaces the one before it. When rolling back fails, the whole transaction is lost.
    [[nodiscard]] virtual StoreResult<void> set_savepoint() = 0;
    [[nodiscard]] virtual StoreResult<void> roll_back_to_savepoint() = 0;
};

/// What whoever asks over the network may learn of a refusal: neither where the store lies nor what stands in it. The
/// sentence for people who run the service is the error's own.
[[nodiscard]] std::string_view told_outside(StoreErrorKind kind);

/// Safe to use from any thread; outlives its snapshots and transactions.
class Store {
  public:
    virtual ~Store() = default;
    [[nodiscard]] virtual StoreResult<std::unique_ptr<Snapshot>> read() = 0;
    /// busy when a transaction that excludes this one is not finished in time.
    [[nodiscard]] virtual StoreResult<std::unique_ptr<Transaction>> write() = 0;
    /// Whether what is written would still be found by who opens the store next: asked when nothing is written, by who
    /// writes. O(1).
    [[nodiscard]] virtual StoreResult<void> check() = 0;
    /// The same, and whether all that is not in its last place yet is still what was written; then puts it there,
    /// unless somebody reads. O(that).
    [[nodiscard]] virtual StoreResult<void> check_log() = 0;
};

}  // namespace hailong::sync
