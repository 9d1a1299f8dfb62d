// Letters from a worker thread to the loop: the worker puts, the loop takes all, and is woken when it sleeps.
#pragma once

#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace hailong::kiosk {

template <class Letter>
class Mailbox {
  public:
    /// `wake` is called from the putting thread after each letter; it must be safe there.
    explicit Mailbox(std::function<void()> wake) : wake_(std::move(wake)) {}

    void put(Letter letter) {
        {
            const std::scoped_lock lock(mutex_);
            letters_.push_back(std::move(letter));
        }
        wake_();
    }

    [[nodiscard]] std::vector<Letter> take() {
        const std::scoped_lock lock(mutex_);
        return std::exchange(letters_, {});
    }

  private:
    std::function<void()> wake_;
    std::mutex mutex_;
    std::vector<Letter> letters_;
};

}  // namespace hailong::kiosk
