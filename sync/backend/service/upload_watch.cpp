#include "sync/backend/service/upload_watch.h"

#include <utility>
#include <vector>

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
    {
        const std::lock_guard lock(mutex_);
        last_failure_.reset();
        was_refused = told_.erase(kiosk) > 0;
    }
    if (was_refused) tell_("what terminal " + kiosk.text + " sends is taken again");
    end_episodes();
}

void UploadWatch::enrolled(const survey::KioskId& kiosk) {
    tell_("terminal " + kiosk.text + " was enrolled");
    end_episodes();
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
    warn_("what terminal " + kiosk.text +
          " sends is refused, and the terminal keeps it: " + std::string(name(problem.kind)) + ": " + problem.detail +
          ". The log of hailong-sync at the terminal says what to do");
}

void UploadWatch::refused_stranger(const survey::KioskId& named, const Problem& problem) {
    if (is_own(problem.kind)) return failed(problem.detail);
    const std::string who = survey::is_identifier(named.text) ? " as terminal " + named.text : "";
    tell_stranger(strangers_, 1, {},
                  "somebody came" + who + " without that terminal's token, and nothing was taken: " + problem.detail +
                      ". If it is a terminal of yours, enrol it anew; if not, nothing is to be done. Others who come "
                      "so are not told of until that ends");
}

void UploadWatch::refused_enrolment(const survey::KioskId& named, const Problem& problem) {
    const std::string sentence = "an enrolment of terminal " + named.text + " was refused: " + problem.detail;
    tell_stranger(enrolments_, kEnrolmentsToldMax, sentence, sentence);
}

void UploadWatch::tell_stranger(Episode& episode, std::size_t told_max, const std::string& key,
                                const std::string& sentence) {
    {
        const std::lock_guard lock(mutex_);
        episode.last = clock_.monotonic();
        if (episode.told.size() >= told_max || !episode.told.insert(key).second) return;
    }
    warn_(sentence);
}

void UploadWatch::end_episodes() {
    std::vector<const char*> ended;
    {
        const std::lock_guard lock(mutex_);
        const auto end = [&](Episode& episode, const char* sentence) {
            if (episode.told.empty() || clock_.monotonic() - episode.last < kStrangersEndAfter) return;
            episode.told.clear();
            ended.push_back(sentence);
        };
        end(strangers_, "nobody comes without a terminal's token any more");
        end(enrolments_, "no enrolment is refused any more");
    }
    for (const char* sentence : ended)
        tell_(sentence);
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
