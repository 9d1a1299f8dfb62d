#include "sync/backend/service/retention.h"

#include <future>
#include <memory>
#include <utility>

#include "sync/backend/comments/sealed_texts.h"

namespace hailong::sync {

TextRetention::TextRetention(WriteQueue& queue, const survey::Clock& clock, std::chrono::days keep, Log log,
                             std::chrono::milliseconds interval)
    : queue_(queue), clock_(clock), keep_(keep), log_(std::move(log)), interval_(interval), thread_([this] {
          run();
      }) {}

TextRetention::~TextRetention() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

void TextRetention::run() {
    do {
        erase_all_old();
    } while (!is_stopping_after(interval_));
}

bool TextRetention::is_stopping_after(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    return wake_.wait_for(lock, time, [this] { return is_stopping_; });
}

void TextRetention::erase_all_old() {
    std::int64_t sum = 0;
    for (;;) {
        const auto erased = erase_some();
        // The writer has told of a refusal; the next round tries again.
        if (!erased) break;
        sum += *erased;
        if (*erased < static_cast<std::int64_t>(kErasedAtOnceMax)) break;
        if (is_stopping_after(std::chrono::milliseconds(0))) break;
    }
    if (sum > 0) {
        log_("erased the texts beside " + std::to_string(sum) + " answers: they were kept for " +
             std::to_string(keep_.count()) + " days");
    }
}

StoreResult<std::int64_t> TextRetention::erase_some() {
    const auto erased = std::make_shared<std::int64_t>(0);
    const auto outcome = std::make_shared<std::promise<StoreResult<void>>>();
    auto written = outcome->get_future();
    queue_.run_soon(
        [erased, keep = keep_, now = clock_.now()](Transaction& transaction) -> StoreResult<void> {
            const auto some = erase_old_texts(keep, now, transaction);
            if (!some) return unexpected(some.error());
            *erased = *some;
            return {};
        },
        [outcome](StoreResult<void> result) { outcome->set_value(std::move(result)); });
    const auto result = written.get();
    if (!result) return unexpected(result.error());
    return *erased;
}

}  // namespace hailong::sync
