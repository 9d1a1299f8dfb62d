// When to try again after a failure: exponential backoff with full jitter, so that a city's terminals that lost the
// backend together do not come back together. Pure: the caller waits.
#pragma once

#include <cstdint>
#include <random>

#include "survey/base/time.h"

namespace hailong::sync {

struct RetryPolicy {
    survey::milliseconds first{1'000};   // the longest wait after the first failure; doubles with each
    survey::milliseconds most{300'000};  // and stays here: five minutes after the network is back at the latest
    survey::milliseconds retry_after_most{3'600'000};  // a backend that asks for more is not believed
};

class Backoff {
  public:
    /// `generator` decides the jitter; the same seed gives the same waits.
    Backoff(RetryPolicy policy, std::mt19937_64 generator) : policy_(policy), generator_(generator) {}

    /// The wait after one more failure: `retry_after_s` as the backend asked (0: it did not; within the policy's
    /// bound), and on top of it a random part, uniform from 0 to min(most, first * 2^failures).
    [[nodiscard]] survey::milliseconds after_failure(int retry_after_s = 0);
    /// Starts over.
    void succeeded() { failures_ = 0; }

  private:
    RetryPolicy policy_;
    std::mt19937_64 generator_;
    int failures_ = 0;
};

}  // namespace hailong::sync
