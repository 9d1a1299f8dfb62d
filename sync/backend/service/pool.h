// Threads that do what handlers ask for, so that no thread that talks to clients ever waits for a disk. What waits for
// them is bounded: more is refused at once instead of growing old.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace hailong::sync {

/// To whom its threads leave the processor: to nobody; to the writer, whom every terminal waits for; to those that take
/// batches, too; to everybody.
enum class Turn { first, behind_writer, behind_batches, last };

/// The nice value of threads with that turn.
[[nodiscard]] int nice_of(Turn turn);

/// Safe to use from any thread, also from its own.
class WorkerPool {
  public:
    using Job = std::function<void()>;

    /// Starts `threads` of them; at most `waiting_max` jobs wait beside those that run.
    /// REQUIRES: at least one thread.
    WorkerPool(std::size_t threads, std::size_t waiting_max, Turn turn = Turn::first);
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;
    /// Finishes what it took, then ends its threads; refuses whatever comes meanwhile.
    ~WorkerPool();

    /// Takes `job`, which runs soon on one of the threads, in the order taken. False: too many wait, or the pool ends;
    /// then `job` never runs. An exception ends the job, not the thread.
    [[nodiscard]] bool run(Job job);

  private:
    void work(Turn turn);

    const std::size_t waiting_max_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Job> waiting_;
    bool is_stopping_ = false;
    std::vector<std::thread> threads_;  // last: everything else is there when they start
};

}  // namespace hailong::sync
