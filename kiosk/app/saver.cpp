#include "kiosk/app/saver.h"

#include <utility>

namespace hailong::kiosk {

JournalSaver::JournalSaver(OpenJournal open, std::function<void()> wake, std::chrono::milliseconds retry_pause)
    : open_(std::move(open)), retry_pause_(retry_pause), outcomes_(std::move(wake)), thread_([this] { run(); }) {}

JournalSaver::~JournalSaver() {
    {
        const std::scoped_lock lock(mutex_);
        ending_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void JournalSaver::save(survey::Response response, std::shared_ptr<const survey::Questionnaire> questionnaire) {
    {
        const std::scoped_lock lock(mutex_);
        queue_.push_back({std::move(response), std::move(questionnaire)});
    }
    changed_.notify_all();
}

std::size_t JournalSaver::waiting() const {
    const std::scoped_lock lock(mutex_);
    return queue_.size();
}

std::optional<StoreError> JournalSaver::trouble() const {
    const std::scoped_lock lock(mutex_);
    return trouble_;
}

Expected<void, StoreError> JournalSaver::write(const Waiting* first) {
    if (!journal_) {
        auto opened = open_();
        if (!opened) return unexpected(opened.error());
        journal_ = std::move(*opened);
    }
    if (first == nullptr) return {};
    const auto appended = journal_->append(first->response, *first->questionnaire);
    if (appended) return {};
    journal_.reset();  // a fresh look at the file before the next try
    return unexpected(appended.error());
}

void JournalSaver::settle(Waiting* first, const Expected<void, StoreError>& written) {
    std::optional<SaveOutcome> outcome;
    {
        const std::scoped_lock lock(mutex_);
        trouble_ = written ? std::nullopt : std::optional(written.error());
        if (first != nullptr && written) {
            outcome = SaveOutcome{first->response.id, true, std::nullopt};
            queue_.pop_front();
        } else if (first != nullptr && !std::exchange(first->failure_told, true)) {
            outcome = SaveOutcome{first->response.id, false, written.error()};
        }
    }
    if (outcome) outcomes_.put(std::move(*outcome));
}

void JournalSaver::run() {
    bool failed = false;
    while (true) {
        Waiting* first = nullptr;
        bool ending = false;
        {
            std::unique_lock lock(mutex_);
            if (failed) {
                changed_.wait_for(lock, retry_pause_, [this] { return ending_; });
            } else {
                changed_.wait(lock, [this] { return ending_ || !queue_.empty() || !journal_; });
            }
            ending = ending_;
            // Stays valid without the lock: others only add at the end, and only this thread removes.
            if (!queue_.empty()) first = &queue_.front();
        }
        if (ending && first == nullptr) return;
        const auto written = write(first);
        settle(first, written);
        failed = !written;
        if (ending && failed) return;
    }
}

}  // namespace hailong::kiosk
