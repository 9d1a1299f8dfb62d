// What the store refused to those who ask over HTTP, told once when it begins and once when it ended: a failing disk
// must not fill the log, with a line for each request. Safe to use from any thread.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <set>
#include <string>

#include "survey/base/time.h"

namespace hailong::sync {

/// So long nothing was refused, and something was answered, before it is told that it ended.
inline constexpr std::chrono::seconds kTroubleEndsAfter{60};
/// Most different sentences that are told before it ended.
inline constexpr std::size_t kTroublesToldMax = 20;

class TroubleLog {
  public:
    using Log = std::function<void(const std::string&)>;
    /// The clock outlives this.
    TroubleLog(const survey::Clock& clock, Log log) : clock_(clock), log_(std::move(log)) {}

    /// Something could not be answered; `why` with what to do.
    void refused(const std::string& why);
    /// Something was.
    void answered();

  private:
    const survey::Clock& clock_;
    const Log log_;
    std::mutex mutex_;
    std::set<std::string> told_;
    survey::MonoTime last_{};
};

}  // namespace hailong::sync
