#include "sync/backend/service/upload_watch.h"

#include <utility>

namespace hailong::sync {
namespace {

/// The backend's own failing, which its other parts tell of: no fault of the terminal.
bool is_own(ProblemKind kind) {
    return kind == ProblemKind::overloaded || kind == ProblemKind::internal;
}

}  // namespace

UploadWatch::UploadWatch(const survey::Clock& clock, Log warn, Log tell)
    : clock_(clock), warn_(std::move(warn)), tell_(std::move(tell)) {}

void UploadWatch::taken(const survey::KioskId& kiosk) {
    bool was_refused = false;
    bool strangers_ended = false;
    {
        const std::lock_guard lock(mutex_);
        last_failure_.reset();
        was_refused = told_.erase(kiosk) > 0;
        strangers_ended = last_stranger_ && clock_.monotonic() - *last_stranger_ >= kStrangersEndAfter;
        if (strangers_ended) last_stranger_.reset();
    }
    if (was_refused) tell_("what terminal " + kiosk.text + " sends is taken again");
    if (strangers_ended) tell_("nobody comes without a terminal's token any more");
}

void UploadWatch::refused(const survey::KioskId& kiosk, const Problem& problem) {
    if (is_own(problem.kind)) return failed(problem.detail);
    // A gap is how a terminal learns what to send.
    if (problem.kind == ProblemKind::gap) return;
    {
        const std::lock_guard lock(mutex_);
        if (!told_.count(kiosk) && told_.size() >= kTerminalsToldMax) return;
        const auto [known, is_new] = told_.emplace(kiosk, problem.kind);
        if (!is_new && known->second == problem.kind) return;
        known->second = problem.kind;
    }
    warn_("what terminal " + kiosk.text + " sends is refused, and the terminal keeps it: " +
          std::string(name(problem.kind)) + ": " + problem.detail +
          ". The log of hailong-sync at the terminal says what to do");
}

void UploadWatch::refused_stranger(const survey::KioskId& named, const Problem& problem) {
    if (is_own(problem.kind)) return failed(problem.detail);
    {
        const std::lock_guard lock(mutex_);
        const bool is_told = last_stranger_.has_value();
        last_stranger_ = clock_.monotonic();
        if (is_told) return;
    }
    const std::string who = survey::is_identifier(named.text) ? " as terminal " + named.text : "";
    warn_("somebody came" + who + " without that terminal's token, and nothing was taken: " + problem.detail +
          ". If it is a terminal of yours, enrol it anew; if not, nothing is to be done. Others who come so are not "
          "told of until that ends");
}

void UploadWatch::gave_up() {
    failed("more comes in than there is room for");
}

void UploadWatch::failed(const std::string& why) {
    const std::lock_guard lock(mutex_);
    last_failure_ = clock_.monotonic();
    why_ = why;
}

std::optional<std::string> UploadWatch::why_failing() const {
    const std::lock_guard lock(mutex_);
    if (!last_failure_ || clock_.monotonic() - *last_failure_ >= kUploadFailureStands) return std::nullopt;
    return why_;
}

}  // namespace hailong::sync
