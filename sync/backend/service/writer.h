// The one writer: takes the batches that wait, all of them in one transaction, and answers after the commit. A commit
// waits for the disk; sharing it is what makes many terminals at once affordable. Batches take turns: a commit holds no
// more than it can write in a quarter of a second, and large batches let the others pass, so that no batch delays the
// receipts of other terminals by more. Whatever else the service writes (enrolments, texts that are old enough to go)
// is written here, too: a store has one writer at a time.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "survey/base/time.h"
#include "sync/backend/api/write_queue.h"
#include "sync/backend/ingest/reference_cache.h"
#include "sync/backend/ingest/reprocess.h"
#include "sync/backend/ops/metrics.h"
#include "sync/backend/service/clock_watch.h"
#include "sync/backend/service/pool.h"

namespace hailong::sync {

/// Terminals whose own refusal is remembered, so that it is told once, at most.
inline constexpr std::size_t kNotTakenToldMax = 1'000;

struct WriterLimits {
    std::size_t queue_bytes = 32u << 20u;  // of batches that wait, and as many of large ones: at least four of those
    std::size_t group_batches = 64;        // in one commit: bounds how long the first of them waits
    std::size_t group_bytes = 8u << 20u;   // the same; one batch always fits. About a quarter of a second
    int turns = 4;                         // commits that pass large batches, then comes one of those
    std::size_t tasks = 32;                // that wait: enrolments are few
    std::size_t answered_groups = 4;       // whose answers wait: beyond them the writer answers by itself
    // When nothing comes in, it is looked whether the store is still there, and after a refusal tried whether it takes
    // something again.
    std::chrono::milliseconds look{1'000};
    int looks_at_log = 60;  // one look of so many goes through the log
    std::chrono::milliseconds retry{5'000};
};

class Writer final : public WriteQueue {
  public:
    using Log = std::function<void(const std::string&)>;
    /// Starts the writer's thread. The arguments outlive it. `log` hears of every refusal of the store, on that thread.
    Writer(Store& store, ReferenceCache& references, const survey::Clock& clock, Metrics& metrics, Log log,
           WriterLimits limits = {});
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;
    /// Finishes what is queued, then ends the thread.
    ~Writer() override;

    void submit(PreparedBatch prepared, Done done) override;
    void run_soon(Task task, TaskDone done) override;

  private:
    struct Waiting {
        PreparedBatch prepared;
        Done done;
        std::size_t bytes = 0;
    };

    struct Queue {
        std::deque<Waiting> waiting;
        std::size_t bytes = 0;
    };

    struct Written {
        std::vector<Waiting> group;
        StoreResult<std::vector<IngestAnswer>> answers;  // one a batch of the group
    };

    struct WaitingTask {
        Task task;
        TaskDone done;
    };
    struct Work {
        std::optional<WaitingTask> task;  // alone, when there is one
        std::vector<Waiting> group;
        [[nodiscard]] bool is_nothing() const { return !task && group.empty(); }
    };

    void run();
    [[nodiscard]] bool is_idle();
    [[nodiscard]] bool reprocess_some();
    [[nodiscard]] StoreResult<ReprocessStep> write_reprocessed(const ReprocessPlace& from);
    [[nodiscard]] bool is_anything() const;
    [[nodiscard]] std::optional<Work> next_work();
    [[nodiscard]] std::vector<Waiting> next_group();
    void look();
    [[nodiscard]] bool look_at_store(bool at_log);
    void write(const WaitingTask& task);
    void write(std::vector<Waiting> group);
    void answer(const Written& written);
    void note(const std::string& what, const StoreError* refusal);
    void note_not_taken(const survey::KioskId& kiosk, const StoreError& refusal);
    [[nodiscard]] StoreResult<std::vector<IngestAnswer>> commit(std::vector<Waiting>& group);
    [[nodiscard]] StoreResult<std::vector<IngestAnswer>> take_all(std::vector<Waiting>& group, Transaction& transaction,
                                                                  CenterSheets& sheets);

    Store& store_;
    ReferenceCache& references_;
    const survey::Clock& clock_;
    Metrics& metrics_;
    const Log log_;
    const WriterLimits limits_;
    ClockWatch clock_watch_;
    std::mutex mutex_;
    std::condition_variable wake_;
    Queue queue_;
    Queue large_;     // is_large(): what came later may pass them
    int passed_ = 0;  // commits since the last of those
    std::deque<WaitingTask> tasks_;
    bool is_stopping_ = false;
    int looks_ = 0;
    std::string refused_;                               // what the store said last; empty: it takes everything
    std::map<survey::KioskId, std::string> not_taken_;  // terminals whose batches alone it refused last, and why
    std::optional<std::int64_t> reprocessed_revision_;  // of the documents that what is quarantined was validated by
    std::optional<ReprocessPlace> reprocess_next_;      // empty: all of it was
    WorkerPool answering_;  // answers, and lets go of what was written, while the next group is
    std::thread thread_;    // last: everything else is there when it starts
};

}  // namespace hailong::sync
