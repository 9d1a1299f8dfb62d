// What becomes of what terminals bring, told to people: once when the batches of a terminal begin to be refused, once
// when they are taken again; and whether the backend itself is why nothing comes in, for /healthz. Safe to use from any
// thread.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "survey/base/ids.h"
#include "survey/base/time.h"
#include "sync/protocol/reply.h"

namespace hailong::sync {

/// So long after the backend could not take an upload, and took none since, it counts as unable to: twice the longest
/// wait of a terminal before it tries again (RetryPolicy::most).
inline constexpr std::chrono::minutes kUploadFailureStands{10};
/// So long nobody without a token, or with a wrong code, came before it is told that it ended.
inline constexpr std::chrono::minutes kStrangersEndAfter{10};
/// Refused enrolments that are told before that, at most: more than people mistype.
inline constexpr std::size_t kEnrolmentsToldMax = 20;
/// Terminals whose refusal is remembered, at most: a city's fleet. Of more nothing is told.
inline constexpr std::size_t kTerminalsToldMax = 10'000;

class UploadWatch {
  public:
    using Log = std::function<void(const std::string&)>;
    /// `warn` hears of what begins, `tell` of what ended. The clock outlives this.
    UploadWatch(const survey::Clock& clock, Log warn, Log tell);

    void taken(const survey::KioskId& kiosk);
    /// A batch of an enrolled terminal, or what it asked for, was refused.
    void refused(const survey::KioskId& kiosk, const Problem& problem);
    /// Somebody without the token of a terminal was refused, who said to be `named`.
    void refused_stranger(const survey::KioskId& named, const Problem& problem);
    /// A code that a terminal is enrolled with was refused.
    void refused_enrolment(const survey::KioskId& named, const Problem& problem);
    void enrolled(const survey::KioskId& kiosk);
    /// An upload was given up for want of room or of a thread.
    void gave_up();

    /// Why uploads fail for a reason of the backend's own; empty when they do not, or when nobody tried for
    /// kUploadFailureStands.
    [[nodiscard]] std::optional<std::string> why_failing() const;

  private:
    /// What strangers do, as often as they like: told from its beginning to its end, of each sentence once.
    struct Episode {
        std::set<std::string> told;
        survey::MonoTime last{};
    };
    void tell_stranger(Episode& episode, std::size_t told_max, const std::string& key, const std::string& sentence);
    void end_episodes();
    void failed(const std::string& why);

    const survey::Clock& clock_;
    const Log warn_;
    const Log tell_;
    mutable std::mutex mutex_;
    std::map<survey::KioskId, ProblemKind> told_;
    Episode strangers_;
    Episode enrolments_;
    std::optional<survey::MonoTime> last_failure_;  // empty: something was taken since
    std::string why_;
};

}  // namespace hailong::sync
