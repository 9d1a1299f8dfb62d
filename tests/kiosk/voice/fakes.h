// A sink that keeps what it was given and can be held up, a speech that says numbers, and a clock that threads share.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "kiosk/voice/pcm_sink.h"
#include "kiosk/voice/speech.h"
#include "survey/base/time.h"

namespace hailong::tests {

using kiosk::Sample;

class SharedClock final : public survey::Clock {
  public:
    [[nodiscard]] survey::UtcTime now() const override { return {}; }
    [[nodiscard]] survey::MonoTime monotonic() const override {
        return survey::MonoTime{survey::milliseconds{now_ms_.load()}};
    }
    void advance(survey::milliseconds by) { now_ms_ += by.count(); }

  private:
    std::atomic<std::int64_t> now_ms_{1'000'000};
};

/// What sink and speech were asked, seen from the test's thread; and what they answer.
class Studio {
  public:
    struct State {
        std::vector<Sample> heard;  // all that was written
        std::vector<int> rates;     // of each open()
        int writes = 0;
        int drops = 0;
        std::vector<std::string> spoken;  // lines that the speech began
        std::vector<int> speech_rates;
        std::string open_error;    // empty: opens
        std::string write_error;   // empty: takes it
        std::string speech_error;  // empty: speaks
        bool is_endless = false;   // the speech never comes to an end by itself
        bool throws = false;       // the speech runs out of memory
        int writes_allowed = std::numeric_limits<int>::max();
    };

    /// Looks at, or changes, everything at once.
    template <class Function>
    auto with(Function function) {
        const std::scoped_lock lock(mutex_);
        changed_.notify_all();
        return function(state_);
    }
    [[nodiscard]] State now() {
        return with([](State& state) { return state; });
    }
    /// Waits for it, up to a minute; false when it never came.
    [[nodiscard]] bool wait_for(const std::function<bool(const State&)>& condition) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::minutes(1), [&] { return condition(state_); });
    }
    /// Something that a condition asks for may have changed.
    void notify() {
        with([](State&) {});
    }
    /// Called by sink and speech.
    void wait_for_permission_to_write() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return state_.writes < state_.writes_allowed; });
        state_.writes += 1;
        changed_.notify_all();
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    State state_;
};

class FakeSink final : public kiosk::PcmSink {
  public:
    explicit FakeSink(std::shared_ptr<Studio> studio) : studio_(std::move(studio)) {}

    [[nodiscard]] Expected<void, std::string> open(int rate_hz) override {
        close();
        if (rate_hz < kiosk::kRateMinHz || rate_hz > kiosk::kRateMaxHz) return unexpected(std::string("a wrong rate"));
        const std::string error = studio_->with([&](Studio::State& state) {
            state.rates.push_back(rate_hz);
            return state.open_error;
        });
        if (!error.empty()) return unexpected(error);
        rate_hz_ = rate_hz;
        return {};
    }
    [[nodiscard]] Expected<void, std::string> write(std::span<const Sample> samples) override {
        if (rate_hz_ == 0) return unexpected(std::string("not open"));
        studio_->wait_for_permission_to_write();
        const std::string error = studio_->with([&](Studio::State& state) {
            state.heard.insert(state.heard.end(), samples.begin(), samples.end());
            return state.write_error;
        });
        if (error.empty()) return {};
        close();
        return unexpected(error);
    }
    void drop() override {
        studio_->with([](Studio::State& state) { state.drops += 1; });
    }
    void close() override { rate_hz_ = 0; }
    [[nodiscard]] int rate_hz() const override { return rate_hz_; }

  private:
    std::shared_ptr<Studio> studio_;
    int rate_hz_ = 0;
};

inline constexpr int kFakeRateHz = 16'000;
inline constexpr std::size_t kFakeLineSamples = 3'200;  // 200 ms

/// The loudness at which FakeSpeech says a line: 100 times its length in bytes.
[[nodiscard]] inline Sample loudness_of(const std::string& line) {
    return static_cast<Sample>(100 * line.size());
}

class FakeSpeech final : public kiosk::Speech {
  public:
    explicit FakeSpeech(std::shared_ptr<Studio> studio) : studio_(std::move(studio)) {}

    [[nodiscard]] Expected<void, std::string> speak(const std::string& text, survey::Language, int rate_percent,
                                                    const kiosk::TakeSound& take) override {
        const Studio::State state = studio_->with([&](Studio::State& known) {
            known.spoken.push_back(text);
            known.speech_rates.push_back(rate_percent);
            return known;
        });
        if (state.throws) throw std::bad_alloc();
        if (!state.speech_error.empty()) return unexpected(state.speech_error);
        constexpr std::size_t kPieces = 4;
        const std::vector<Sample> piece(kFakeLineSamples / kPieces, loudness_of(text));
        for (std::size_t i = 0; i < kPieces || state.is_endless; ++i) {
            if (!take(piece, kFakeRateHz)) break;
        }
        return {};
    }

  private:
    std::shared_ptr<Studio> studio_;
};

}  // namespace hailong::tests
