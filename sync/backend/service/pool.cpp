#include "sync/backend/service/pool.h"

#include <exception>
#include <utility>

#include <sys/resource.h>

#include "survey/base/check.h"

namespace hailong::sync {

int nice_of(Turn turn) {
    switch (turn) {
        case Turn::first:
            return 0;
        case Turn::behind_writer:
            return 10;  // a tenth of the weight. A tenth more batches of 30 on two cores
        case Turn::behind_batches:
            return 15;  // a third of that
        case Turn::last:
            return 19;
    }
    return 0;
}

WorkerPool::WorkerPool(std::size_t threads, std::size_t waiting_max, Turn turn) : waiting_max_(waiting_max) {
    survey::check(threads > 0, "a pool has a thread");
    for (std::size_t i = 0; i < threads; ++i)
        threads_.emplace_back([this, turn] { work(turn); });
}

WorkerPool::~WorkerPool() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_)
        thread.join();
}

bool WorkerPool::run(Job job) {
    {
        const std::lock_guard lock(mutex_);
        if (is_stopping_ || waiting_.size() >= waiting_max_) return false;
        waiting_.push_back(std::move(job));
    }
    wake_.notify_one();
    return true;
}

void WorkerPool::work(Turn turn) {
    // Of this thread alone, as Linux has it. Where it is refused, all are equal.
    if (turn != Turn::first) setpriority(PRIO_PROCESS, 0, nice_of(turn));
    for (;;) {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return is_stopping_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        const Job job = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        try {
            job();
        } catch (const std::exception&) {
            // Out of memory, most likely: whoever asked is answered by the last copy of its responder, others go on.
        }
    }
}

}  // namespace hailong::sync
