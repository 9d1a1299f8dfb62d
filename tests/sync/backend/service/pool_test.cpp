#include "sync/backend/service/pool.h"

#include <atomic>
#include <future>
#include <latch>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace hailong::sync {
namespace {

/// Keeps every thread of a pool busy until it is opened.
class Gate {
  public:
    explicit Gate(std::ptrdiff_t threads) : inside_(threads) {}
    /// REQUIRES: a thread of the pool is free for each.
    void fill(WorkerPool& pool, int threads) {
        for (int i = 0; i < threads; ++i) {
            EXPECT_TRUE(pool.run([this] {
                inside_.count_down();
                open_.wait();
            }));
        }
        inside_.wait();
    }
    void open() { open_.count_down(); }

  private:
    std::latch inside_;
    std::latch open_{1};
};

TEST(WorkerPool, RunsJobsOnItsOwnThreadsInTheOrderTaken) {
    std::vector<int> order;
    std::thread::id thread;
    {
        WorkerPool pool(1, 10);
        for (int i = 0; i < 5; ++i) {
            EXPECT_TRUE(pool.run([&, i] {
                order.push_back(i);
                thread = std::this_thread::get_id();
            }));
        }
    }
    EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4}));
    EXPECT_NE(thread, std::this_thread::get_id());
}

TEST(WorkerPool, RunsAsManyAtOnceAsItHasThreads) {
    WorkerPool pool(3, 10);
    Gate gate(3);
    gate.fill(pool, 3);  // would wait for ever with fewer
    gate.open();
}

TEST(WorkerPool, RefusesWhatTooManyWaitBefore) {
    std::atomic<int> ran = 0;
    {
        WorkerPool pool(2, 3);
        Gate gate(2);
        gate.fill(pool, 2);
        const auto job = [&] { ++ran; };
        for (int i = 0; i < 3; ++i)
            EXPECT_TRUE(pool.run(job));
        EXPECT_FALSE(pool.run(job)) << "two run and three wait";
        gate.open();
    }
    EXPECT_EQ(ran, 3);
}

TEST(WorkerPool, TakesMoreOnceOneThatWaitedHasBegun) {
    WorkerPool pool(1, 1);
    for (int i = 0; i < 100; ++i) {
        std::promise<void> began;
        ASSERT_TRUE(pool.run([&] { began.set_value(); }));
        began.get_future().wait();
    }
}

TEST(WorkerPool, FinishesWhatItTookBeforeItEnds) {
    std::atomic<int> ran = 0;
    {
        WorkerPool pool(2, 100);
        for (int i = 0; i < 100; ++i)
            EXPECT_TRUE(pool.run([&] { ++ran; }));
    }
    EXPECT_EQ(ran, 100);
}

TEST(WorkerPool, RefusesWhatComesWhileItEnds) {
    std::promise<bool> taken;
    {
        auto pool = std::make_unique<WorkerPool>(1, 10'000'000);
        WorkerPool& still_there = *pool;
        auto ending = std::make_shared<std::latch>(1);
        EXPECT_TRUE(pool->run([&, ending] {
            ending->count_down();
            // There is room for more than can be asked for until the pool is told to end.
            while (still_there.run([] {}))
                std::this_thread::yield();
            taken.set_value(false);
        }));
        ending->wait();
    }
    EXPECT_FALSE(taken.get_future().get());
}

TEST(WorkerPool, LeavesTheProcessorToWhomItStandsBehind) {
    const auto nice_in = [](Turn turn) {
        std::promise<int> nice;
        WorkerPool pool(1, 1, turn);
        EXPECT_TRUE(pool.run([&] { nice.set_value(getpriority(PRIO_PROCESS, 0)); }));
        return nice.get_future().get();
    };
    const int first = nice_in(Turn::first);
    EXPECT_LT(first, nice_in(Turn::behind_writer));
    EXPECT_LT(nice_in(Turn::behind_writer), nice_in(Turn::behind_batches)) << "pages never stand before batches";
    EXPECT_LT(nice_in(Turn::behind_batches), nice_in(Turn::last));
}

TEST(WorkerPool, OutlivesAJobThatThrows) {
    std::promise<void> ran;
    WorkerPool pool(1, 10);
    auto held = std::make_shared<int>(1);
    const std::weak_ptr<int> watched = held;
    EXPECT_TRUE(pool.run([held = std::move(held)] { throw std::runtime_error("a job that throws"); }));
    EXPECT_TRUE(pool.run([&] { ran.set_value(); }));
    ran.get_future().wait();
    EXPECT_TRUE(watched.expired()) << "what the job held is let go of: its responder answers";
}

}  // namespace
}  // namespace hailong::sync
