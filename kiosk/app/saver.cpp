#include "kiosk/app/saver.h"

#include <algorithm>
#include <utility>

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

JournalSaver::JournalSaver(OpenJournal open, SealText seal, std::function<void()> wake,
                           std::chrono::milliseconds retry_pause)
    : open_(std::move(open)),
      seal_(std::move(seal)),
      wake_(wake),
      retry_pause_(retry_pause),
      outcomes_(std::move(wake)),
      thread_([this] { run(); }) {}

JournalSaver::~JournalSaver() {
    {
        const std::scoped_lock lock(mutex_);
        ending_ = true;
    }
    changed_.notify_all();
    thread_.join();
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
        if (!appended) written = unexpected(appended.error());
    }
    if (written) return written;
    journal_.reset();  // a fresh look at the file before the next try
    look_ = written.error().kind == StoreErrorKind::corrupt ? Look::thorough : Look::quick;
    return written;
}

Expected<void, StoreError> JournalSaver::open_and_try() {
    if (!journal_) {
        auto opened = open_(look_);
        if (!opened) return unexpected(opened.error());
        journal_ = std::move(*opened);
        look_ = Look::quick;
    }
    return journal_->probe();
}

/// Free text is sealed, once for every response; without a key nothing of it is kept.
Expected<void, StoreError> JournalSaver::seal(Waiting& waiting) {
    if (auto ready = journal_ ? Expected<void, StoreError>{} : open_and_try(); !ready) return ready;
    if (waiting.texts.empty()) return {};
    const auto key = journal_->text_key();
    if (!key) return unexpected(key.error());
    for (const FreeText& one : waiting.texts) {
        const survey::Sealed sealed = seal_ && *key ? seal_(**key, one.text) : survey::Sealed{};
        if (sealed.bytes.empty() || sealed.bytes.size() > survey::kSealedTextBytesMax ||
            waiting.sealed.size() == survey::kSealedTextsMax) {
            drop_answer(waiting.response, one.item);
            continue;
        }
        put_hash(waiting.response, one.item, sealed.hash);
        waiting.sealed.push_back({0, one.item, sealed.bytes});
    }
    waiting.texts.clear();
    return {};
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

void JournalSaver::end_probe() {
    {
        const std::scoped_lock lock(mutex_);
        probes_done_ += 1;
    }
    wake_();
}

void JournalSaver::run() {
    bool failed = false;
    while (true) {
        Waiting* first = nullptr;
        bool ending = false;
        bool probing = false;
        {
            std::unique_lock lock(mutex_);
            if (failed) {
                changed_.wait_for(lock, retry_pause_, [this] { return ending_; });
            } else {
                changed_.wait(lock, [this] { return ending_ || !queue_.empty() || probe_wanted_ || !journal_; });
            }
            ending = ending_;
            probing = std::exchange(probe_wanted_, false);
            // Stays valid without the lock: others only add at the end, and only this thread removes.
            if (!queue_.empty()) first = &queue_.front();
        }
        if (ending && first == nullptr) return;
        const auto written = write(first);
        settle(first, written);
        if (probing) end_probe();
        failed = !written;
        if (ending && failed) return;
    }
}

}  // namespace hailong::kiosk
