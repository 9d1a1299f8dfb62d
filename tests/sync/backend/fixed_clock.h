// Clocks that stand still until they are told otherwise.
#pragma once

#include <atomic>

#include "survey/base/time.h"
#include "tests/sync/backend/sample.h"

namespace hailong::sync::sample {

class FixedClock final : public survey::Clock {
  public:
    [[nodiscard]] survey::UtcTime now() const override { return now_.load(); }
    [[nodiscard]] survey::MonoTime monotonic() const override { return survey::MonoTime(std::chrono::seconds(100)); }
    void set(survey::UtcTime time) { now_ = time; }

  private:
    std::atomic<survey::UtcTime> now_ = noon();
};

/// Both of its times move together, until somebody sets it.
class MovingClock final : public survey::Clock {
  public:
    [[nodiscard]] survey::UtcTime now() const override { return noon() + passed_ + ahead_; }
    [[nodiscard]] survey::MonoTime monotonic() const override { return survey::MonoTime(passed_); }
    void pass(std::chrono::seconds time) { passed_ += time; }
    void step(std::chrono::seconds time) { ahead_ += time; }

  private:
    std::chrono::seconds passed_{100};
    std::chrono::seconds ahead_{0};
};

}  // namespace hailong::sync::sample
