#include "kiosk/app/saver.h"

#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

namespace hailong::kiosk {

namespace {

void drop_answer(survey::Response& response, const survey::ItemId& item) {
    auto& answers = response.answers;
    answers.erase(std::remove_if(answers.begin(), answers.end(), [&](const auto& one) { return one.item == item; }),
                  answers.end());
}

void put_hash(survey::Response& response, const survey::ItemId& item, const survey::Digest& hash) {
    for (survey::Answer& answer : response.answers) {
        if (answer.item == item) answer.text = hash;
    }
}

}  // namespace

JournalSaver::JournalSaver(OpenJournal open, SealText seal, std::function<void()> wake, SaverOptions options)
    : open_(std::move(open)),
      seal_(std::move(seal)),
      wake_(wake),
      options_(std::move(options)),
      outcomes_(std::move(wake)),
      thread_([this] { run(); }) {}

JournalSaver::~JournalSaver() {
    static_cast<void>(finish());
}

std::size_t JournalSaver::finish() {
    {
        const std::scoped_lock lock(mutex_);
        if (!ending_) finish_by_ = clock_.monotonic() + options_.finish_max;
        ending_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
    return waiting();
}

void JournalSaver::save(survey::Response response, std::shared_ptr<const survey::Questionnaire> questionnaire,
                        std::vector<FreeText> texts, std::string ticket) {
    {
        const std::scoped_lock lock(mutex_);
        queue_.push_back(
            {std::move(response), std::move(questionnaire), std::move(texts), {}, std::move(ticket), false});
    }
    changed_.notify_all();
}

void JournalSaver::probe() {
    {
        const std::scoped_lock lock(mutex_);
        probe_wanted_ = true;
    }
    changed_.notify_all();
}

void JournalSaver::look_closely() {
    {
        const std::scoped_lock lock(mutex_);
        close_look_wanted_ = true;
    }
    changed_.notify_all();
}

std::uint64_t JournalSaver::probes_done() const {
    const std::scoped_lock lock(mutex_);
    return probes_done_;
}

std::size_t JournalSaver::waiting() const {
    const std::scoped_lock lock(mutex_);
    return queue_.size();
}

std::optional<StoreError> JournalSaver::trouble() const {
    const std::scoped_lock lock(mutex_);
    return trouble_;
}

Expected<void, StoreError> JournalSaver::write(Waiting* first) {
    auto written = first == nullptr ? open_and_try() : seal(*first);
    if (written && first != nullptr) {
        const auto appended = journal_->append(first->response, *first->questionnaire, first->sealed, first->ticket);
        if (appended) remember(*first, appended->seq);
        if (!appended) written = unexpected(appended.error());
    }
    if (!written) after_failure(written.error());
    return written;
}

void JournalSaver::after_failure(const StoreError& error) {
    close_unless_displaced();
    // A close look that is owed stays owed until the journal was opened with it.
    if (error.kind == StoreErrorKind::corrupt) look_ = Look::thorough;
}

Expected<void, StoreError> JournalSaver::look() {
    auto looked = journal_->look();
    // What passes, a disk that is busy, matters once something is to be written.
    if (!looked && looked.error().kind != StoreErrorKind::corrupt) return {};
    if (!looked) after_failure(looked.error());
    return looked;
}

void JournalSaver::close_unless_displaced() {
    if (journal_ && !journal_->is_displaced()) journal_.reset();
}

/// Looks at the journal and tries it once more: with the program everything goes that only the open journal still
/// holds, or only this object remembers.
bool JournalSaver::is_displaced() {
    if (!journal_) return false;
    const bool is_whole = !journal_->is_displaced() && journal_->look() && journal_->probe();
    if (is_whole || !journal_->is_displaced()) return false;
    look_ = Look::thorough;
    return true;
}

void JournalSaver::remember(const Waiting& written, std::int64_t seq) {
    const survey::MonoTime now = clock_.monotonic();
    recent_.push_back({written.response, written.questionnaire, written.sealed, now, seq});
    while (recent_.size() > kRecentMax || now - recent_.front().written > kRecentTime)
        recent_.pop_front();
}

/// Only behind a damaged file they are written again.
Opening JournalSaver::opening() const {
    Opening opening{look_, {}};
    if (look_ != Look::thorough) return opening;
    for (const Recent& one : recent_)
        if (clock_.monotonic() - one.written <= kRecentTime) opening.remembered.insert(one.seq);
    return opening;
}

/// What the journal has by its id already stays as it is.
Expected<void, StoreError> JournalSaver::write_recent_again() {
    for (Recent& one : recent_) {
        if (clock_.monotonic() - one.written > kRecentTime) continue;
        const auto appended = journal_->append(one.response, *one.questionnaire, one.sealed);
        if (!appended) return unexpected(appended.error());
        one.seq = appended->seq;
    }
    return {};
}

Expected<void, StoreError> JournalSaver::open_and_try() {
    if (!journal_ || journal_->is_displaced()) {
        auto opened = open_(opening(), journal_);
        if (!opened) return unexpected(opened.error());
        journal_ = std::move(*opened);
        if (look_ == Look::thorough) {
            if (auto again = write_recent_again(); !again) return again;
        }
        look_ = Look::quick;
        if (auto known = know_text_key(); !known) return known;
        if (auto taken = take_in_unsaved(); !taken) return taken;
    } else if (auto known = know_text_key(); !known) {  // the sync program may just have enrolled the terminal
        return known;
    }
    return journal_->probe();
}

/// A file that was made anew because the old one is gone has no key. What was written for the one that stood there
/// before is still sealed for it, and the file gets it back.
Expected<void, StoreError> JournalSaver::know_text_key() {
    const auto key = journal_->text_key();
    if (!key) return unexpected(key.error());
    if (*key) text_key_ = *key;
    return *key || !text_key_ ? Expected<void, StoreError>{} : journal_->set_text_key(text_key_);
}

Expected<void, StoreError> JournalSaver::take_in_unsaved() {
    if (!options_.unsaved) return {};
    const UnsavedFile& file = *options_.unsaved;
    const auto lines = file.read();
    if (!lines && !std::exchange(unsaved_told_, true)) spdlog::error("{}; leave the file as it is", lines.error());
    if (!lines || lines->empty()) return {};
    std::vector<std::string> left;
    for (const UnsavedFile::Line& line : *lines) {
        if (line.questionnaire) {
            const auto kept = journal_->append(line.unsaved.response, *line.questionnaire, line.unsaved.texts);
            if (!kept) return unexpected(kept.error());
            continue;
        }
        left.push_back(line.text);
        if (!unsaved_told_) spdlog::error("{}: a response stays there: {}", file.path().string(), line.trouble);
    }
    unsaved_told_ = true;
    if (left.size() == lines->size()) return {};
    spdlog::info("{} responses that were kept beside the journal stand in it now", lines->size() - left.size());
    if (const auto done = file.leave(left); !done) spdlog::warn("{}; they are counted once all the same", done.error());
    return {};
}

Expected<void, std::string> JournalSaver::keep_beside() {
    const std::scoped_lock lock(mutex_);
    if (!options_.unsaved) return unexpected(std::string("no file is named for them"));
    std::vector<UnsavedResponse> unsaved;
    for (Waiting& one : queue_) {
        seal_with(text_key_, one);
        unsaved.push_back({one.response, one.sealed});
    }
    return options_.unsaved->add(unsaved);
}

void JournalSaver::give_up(const Expected<void, std::string>& kept) {
    const std::scoped_lock lock(mutex_);
    const std::string what = std::to_string(queue_.size()) + " responses could not be written into the journal: " +
                             (trouble_ ? describe(*trouble_) : std::string("it was not tried"));
    if (!kept) {
        spdlog::critical("{}. They could not be kept beside it either and ARE LOST: {}", what, kept.error());
        return;
    }
    spdlog::error("{}. They are safe in {}: leave that file where it is, the next start carries them over", what,
                  options_.unsaved->path().string());
    queue_.clear();
}

/// Free text is sealed, once for every response; without a key nothing of it is kept.
Expected<void, StoreError> JournalSaver::seal(Waiting& waiting) {
    const bool is_open = journal_ && !journal_->is_displaced();
    if (auto ready = is_open ? Expected<void, StoreError>{} : open_and_try(); !ready) return ready;
    if (waiting.texts.empty()) return {};
    if (auto known = know_text_key(); !known) return known;
    seal_with(text_key_, waiting);
    return {};
}

void JournalSaver::seal_with(const std::optional<TextKey>& key, Waiting& waiting) {
    for (const FreeText& one : waiting.texts) {
        const survey::Sealed sealed = seal_ && key ? seal_(*key, one.text) : survey::Sealed{};
        if (sealed.bytes.empty() || sealed.bytes.size() > survey::kSealedTextBytesMax ||
            waiting.sealed.size() == survey::kSealedTextsMax) {
            spdlog::error("a comment could not be sealed and is not kept; the rating is");
            drop_answer(waiting.response, one.item);
            continue;
        }
        put_hash(waiting.response, one.item, sealed.hash);
        waiting.sealed.push_back({0, one.item, sealed.bytes});
    }
    waiting.texts.clear();
}

void JournalSaver::settle(Waiting* first, const Expected<void, StoreError>& written) {
    std::optional<SaveOutcome> outcome;
    log_change(written);
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

/// Once when a trouble begins, once when it ends, however often the disk is tried meanwhile.
void JournalSaver::log_change(const Expected<void, StoreError>& written) {
    std::optional<StoreErrorKind> kind;
    if (!written) kind = written.error().kind;
    if (kind == logged_) return;
    if (kind) {
        spdlog::error(
            "{}. What the journal holds is left as it is; answers given meanwhile are kept in memory and "
            "written as soon as it can be: don't switch the terminal off, and delete none of its files",
            describe(written.error()));
    } else {
        spdlog::info("the journal can be written again; what waited is written now");
    }
    logged_ = kind;
}

void JournalSaver::end_probe() {
    {
        const std::scoped_lock lock(mutex_);
        probes_done_ += 1;
    }
    wake_();
}

void JournalSaver::run() {
    bool failed = false;
    bool ending = false;
    Expected<void, std::string> kept = unexpected(std::string("it was not tried"));
    while (true) {
        Waiting* first = nullptr;
        bool probing = false;
        bool looking = false;
        bool is_last_try = false;
        {
            std::unique_lock lock(mutex_);
            if (failed) {
                const auto pause = ending ? std::min(kFinishPause, options_.retry_pause) : options_.retry_pause;
                changed_.wait_for(lock, pause, [&] { return ending_ && !ending; });
            } else {
                looking = !changed_.wait_for(lock, options_.look_every, [this] {
                    return ending_ || !queue_.empty() || probe_wanted_ || close_look_wanted_ || !journal_;
                });
            }
            ending = ending_;
            is_last_try = ending && clock_.monotonic() >= finish_by_;
            probing = std::exchange(probe_wanted_, false);
            if (std::exchange(close_look_wanted_, false)) {
                close_unless_displaced();
                look_ = Look::thorough;
            }
            // Stays valid without the lock: others only add at the end, and only this thread removes.
            if (!queue_.empty()) first = &queue_.front();
        }
        if (ending && first == nullptr && !is_displaced()) return;
        const auto written = looking ? look() : write(first);
        settle(first, written);
        if (probing) end_probe();
        failed = !written;
        if (!ending || !failed) continue;
        if (first == nullptr && is_last_try) return;
        if (first == nullptr) continue;
        // At once, for whoever ends the program may lose patience; what is written after all is carried over from there
        // when the journal is opened, and stands in it once.
        if (!kept) kept = keep_beside();
        if (is_last_try) return give_up(kept);
    }
}

}  // namespace hailong::kiosk
