// Carries responses to the journal without ever making the glass wait, and never gives one up: what the disk refuses
// stays in memory, in order, and is tried again until it is written, the program ends, or the power goes. What is not
// written when the program ends goes into a file beside the journal (unsaved.h), which the next start carries over.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "kiosk/app/mailbox.h"
#include "kiosk/app/unsaved.h"
#include "kiosk/journal/journal.h"
#include "kiosk/recovery/repair.h"
#include "kiosk/visit/visit.h"
#include "survey/base/host.h"
#include "survey/crypto/sealed_text.h"
#include "survey/questionnaire.h"
#include "survey/response.h"

namespace hailong::kiosk {

/// Most responses kept in memory while the disk refuses them; then the terminal takes no more visits. About a day's
/// worth at a busy counter, 2 MB.
inline constexpr std::size_t kUnsavedMax = 1'000;

/// Written responses that are still kept in memory, the newest ones, for a day at most, which is far less than any
/// retention: where damage took them from the file, they are written again.
inline constexpr std::size_t kRecentMax = 500;
inline constexpr std::chrono::hours kRecentTime{24};

/// How long the saver waits before it tries a refused response again.
inline constexpr std::chrono::milliseconds kSaveRetryPause{2'000};

/// How long the saver tries on when the program ends, and how often. The last try may take twice kBusyTimeout more: the
/// service manager waits longer (TimeoutStopSec in scripts/systemd/hailong-kiosk.service).
inline constexpr std::chrono::milliseconds kFinishMax{15'000};
inline constexpr std::chrono::milliseconds kFinishPause{100};

/// Seals what somebody wrote for the backend: survey::seal_text, or a test's own.
using SealText = std::function<survey::Sealed(const TextKey& key, const std::string& text)>;

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
    /// `ticket`: the code that the visit began with, empty when there was none; forgotten once the response is written.
    virtual void save(survey::Response response, std::shared_ptr<const survey::Questionnaire> questionnaire,
                      std::vector<FreeText> texts, std::string ticket) = 0;
    [[nodiscard]] virtual std::vector<SaveOutcome> take_outcomes() = 0;
    /// Responses not yet on disk.
    [[nodiscard]] virtual std::size_t waiting() const = 0;
    /// Why the last try failed; empty after a success.
    [[nodiscard]] virtual std::optional<StoreError> trouble() const = 0;
    /// Never blocks. Asks for one try of the disk beside the saving: opens the journal if need be, checks its newest
    /// record, writes and commits. What it finds shows in trouble().
    virtual void probe() = 0;
    /// How many probes came to an end, well or with an error; the loop is woken after each. It stands still while the
    /// disk hangs.
    [[nodiscard]] virtual std::uint64_t probes_done() const = 0;
};

struct SaverOptions {
    std::chrono::milliseconds retry_pause = kSaveRetryPause;
    std::chrono::milliseconds finish_max = kFinishMax;
    std::optional<UnsavedFile> unsaved = {};  // empty: nothing is kept beside the journal
};

/// How the journal is to be opened.
struct Opening {
    Look look = Look::quick;
    /// Numbers of answers that are written again right behind it, as far as the file lost them (RepairSetup).
    std::set<std::int64_t> remembered;
};

/// The real one: one thread, which owns the journal and does nothing else.
class JournalSaver final : public Saver {
  public:
    /// Opens the journal on its own thread, and again and again while that fails (see trouble()). `held` is the journal
    /// that was open until then, where its files were displaced under it: see open_or_repair(). It is asked to look
    /// closely only after the journal was found damaged: that takes as long as there are records. A probe follows at
    /// once, so that a full disk is known before the first visit.
    using OpenJournal = std::function<Expected<Journal, StoreError>(const Opening&, std::optional<Journal>& held)>;
    /// `seal`: for free text; without it, or without a key in the journal, it is dropped, never written as it is.
    JournalSaver(OpenJournal open, SealText seal, std::function<void()> wake, SaverOptions options = {});
    /// Finishes.
    ~JournalSaver() override;
    JournalSaver(const JournalSaver&) = delete;
    JournalSaver& operator=(const JournalSaver&) = delete;

    /// Never blocks. The journal was found damaged by somebody else: opens it anew and looks closely.
    void look_closely();
    /// Tries what is waiting again and again for SaverOptions::finish_max, each time with a fresh look at the file;
    /// from the first failure on it also stands beside the journal. Blocks until that is done; nothing is saved any
    /// more afterwards. Returns how many responses stand nowhere: they are lost with the program. Harmless to repeat.
    [[nodiscard]] std::size_t finish();

    void save(survey::Response response, std::shared_ptr<const survey::Questionnaire> questionnaire,
              std::vector<FreeText> texts, std::string ticket) override;
    [[nodiscard]] std::vector<SaveOutcome> take_outcomes() override { return outcomes_.take(); }
    [[nodiscard]] std::size_t waiting() const override;
    [[nodiscard]] std::optional<StoreError> trouble() const override;
    void probe() override;
    [[nodiscard]] std::uint64_t probes_done() const override;

  private:
    struct Waiting {
        survey::Response response;
        std::shared_ptr<const survey::Questionnaire> questionnaire;
        std::vector<FreeText> texts;             // not sealed yet
        std::vector<survey::SealedText> sealed;  // their hashes stand in the response
        std::string ticket;
        bool failure_told = false;
    };

    struct Recent {
        survey::Response response;
        std::shared_ptr<const survey::Questionnaire> questionnaire;
        std::vector<survey::SealedText> sealed;
        survey::MonoTime written{};
        std::int64_t seq = 0;  // under which it was written last
    };

    void run();
    void end_probe();
    /// Writes everything that waits into the file beside the journal, too.
    [[nodiscard]] Expected<void, std::string> keep_beside();
    void give_up(const Expected<void, std::string>& kept);
    /// Carries over what the program before this one left there.
    [[nodiscard]] Expected<void, StoreError> take_in_unsaved();
    [[nodiscard]] Expected<void, StoreError> know_text_key();
    /// Opens the journal if need be and appends `first`; without one it probes.
    [[nodiscard]] Expected<void, StoreError> write(Waiting* first);
    [[nodiscard]] Expected<void, StoreError> open_and_try();
    [[nodiscard]] bool is_displaced();
    void remember(const Waiting& written, std::int64_t seq);
    [[nodiscard]] Opening opening() const;
    [[nodiscard]] Expected<void, StoreError> write_recent_again();
    /// A journal whose files were displaced is not closed: nothing else may hold what it holds.
    void close_unless_displaced();
    [[nodiscard]] Expected<void, StoreError> seal(Waiting& waiting);
    void seal_with(const std::optional<TextKey>& key, Waiting& waiting);
    /// Tells what came of it, and removes what is written.
    void settle(Waiting* first, const Expected<void, StoreError>& written);
    void log_change(const Expected<void, StoreError>& written);

    OpenJournal open_;
    SealText seal_;
    std::function<void()> wake_;
    SaverOptions options_;
    survey::SystemClock clock_;  // of the waiting, which is real
    Mailbox<SaveOutcome> outcomes_;
    // The thread's own.
    std::optional<Journal> journal_;
    std::deque<Recent> recent_;             // the newest last
    Look look_ = Look::quick;               // at the next opening
    std::optional<TextKey> text_key_;       // the last that was read
    std::optional<StoreErrorKind> logged_;  // the trouble that the log tells of
    bool unsaved_told_ = false;             // what stays beside the journal stands in the log

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Waiting> queue_;          // guarded by mutex_; its first is being written without the lock
    std::optional<StoreError> trouble_;  // guarded by mutex_
    bool probe_wanted_ = false;          // guarded by mutex_
    bool close_look_wanted_ = false;     // guarded by mutex_
    std::uint64_t probes_done_ = 0;      // guarded by mutex_
    bool ending_ = false;                // guarded by mutex_
    survey::MonoTime finish_by_{};       // guarded by mutex_
    std::thread thread_;
};

}  // namespace hailong::kiosk
