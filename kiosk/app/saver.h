// Carries responses to the journal without ever making the glass wait, and never gives one up: what the disk refuses
// stays in memory, in order, and is tried again until it is written or the power goes.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "kiosk/app/mailbox.h"
#include "kiosk/store/journal.h"
#include "survey/questionnaire.h"
#include "survey/response.h"

namespace hailong::kiosk {

/// Most responses kept in memory while the disk refuses them; then the terminal takes no more visits. About a day's
/// worth at a busy counter, 2 MB.
inline constexpr std::size_t kUnsavedMax = 1'000;

/// How long the saver waits before it tries a refused response again.
inline constexpr std::chrono::milliseconds kSaveRetryPause{2'000};

struct SaveOutcome {
    survey::Uuid response_id;
    bool saved = false;               // false is reported once for a response; saved follows when it succeeds later
    std::optional<StoreError> error;  // set when not saved
};

/// What the loop knows of saving; the fake in tests keeps the same promises.
class Saver {
  public:
    virtual ~Saver() = default;
    /// Never blocks, never refuses. The outcome comes with take_outcomes().
    virtual void save(survey::Response response, std::shared_ptr<const survey::Questionnaire> questionnaire) = 0;
    [[nodiscard]] virtual std::vector<SaveOutcome> take_outcomes() = 0;
    /// Responses not yet on disk.
    [[nodiscard]] virtual std::size_t waiting() const = 0;
    /// Why the last try failed; empty after a success.
    [[nodiscard]] virtual std::optional<StoreError> trouble() const = 0;
};

/// The real one: one thread, which owns the journal and does nothing else.
class JournalSaver final : public Saver {
  public:
    /// Opens the journal on its own thread, and again and again while that fails (see trouble()).
    using OpenJournal = std::function<Expected<Journal, StoreError>()>;
    JournalSaver(OpenJournal open, std::function<void()> wake, std::chrono::milliseconds retry_pause = kSaveRetryPause);
    /// Tries what is waiting once more, then ends.
    ~JournalSaver() override;
    JournalSaver(const JournalSaver&) = delete;
    JournalSaver& operator=(const JournalSaver&) = delete;

    void save(survey::Response response, std::shared_ptr<const survey::Questionnaire> questionnaire) override;
    [[nodiscard]] std::vector<SaveOutcome> take_outcomes() override { return outcomes_.take(); }
    [[nodiscard]] std::size_t waiting() const override;
    [[nodiscard]] std::optional<StoreError> trouble() const override;

  private:
    struct Waiting {
        survey::Response response;
        std::shared_ptr<const survey::Questionnaire> questionnaire;
        bool failure_told = false;
    };

    void run();
    /// Opens the journal if need be and appends `first`, if there is one.
    [[nodiscard]] Expected<void, StoreError> write(const Waiting* first);
    /// Tells what came of it, and removes what is written.
    void settle(Waiting* first, const Expected<void, StoreError>& written);

    OpenJournal open_;
    std::chrono::milliseconds retry_pause_;
    Mailbox<SaveOutcome> outcomes_;
    std::optional<Journal> journal_;  // the thread's own

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Waiting> queue_;          // guarded by mutex_; its first is being written without the lock
    std::optional<StoreError> trouble_;  // guarded by mutex_
    bool ending_ = false;                // guarded by mutex_
    std::thread thread_;
};

}  // namespace hailong::kiosk
