// Where what comes from terminals goes to be written. The endpoints know only this; the writer stands behind it.
#pragma once

#include <functional>

#include "sync/backend/ingest/prepare.h"
#include "sync/backend/store/store.h"
#include "sync/protocol/reply.h"

namespace hailong::sync {

/// A receipt is given only for what a commit made durable.
using WriterAnswer = Expected<Receipt, Problem>;

/// Safe to use from any thread.
class WriteQueue {
  public:
    using Done = std::function<void(WriterAnswer)>;
    /// Something else to write, in a transaction of its own, which is committed when it returned a value.
    using Task = std::function<StoreResult<void>(Transaction&)>;
    using TaskDone = std::function<void(StoreResult<void>)>;

    virtual ~WriteQueue() = default;
    /// Queues a batch. `done` is called exactly once: on a thread of the writer's after the commit, or at once with
    /// `overloaded` when the queue is full. It must not block.
    virtual void submit(PreparedBatch prepared, Done done) = 0;
    /// Queues `task`, before the batches that wait. `done` is called exactly once: on the writer's thread after the
    /// commit, or at once with `busy` when too many wait. Neither may block.
    virtual void run_soon(Task task, TaskDone done) = 0;
};

}  // namespace hailong::sync
