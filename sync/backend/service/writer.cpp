#include "sync/backend/service/writer.h"

#include <chrono>
#include <memory>
#include <utility>

namespace hailong::sync {
namespace {

/// About what it takes while it waits: each record as it came and as it will be stored, beside what was read of it.
std::size_t bytes_of(const PreparedBatch& prepared) {
    std::size_t bytes = prepared.batch.header_bytes.size() + sizeof(PreparedBatch);
    for (const std::string& record : prepared.batch.records)
        bytes += 2 * record.size() + sizeof(NewRecord) + sizeof(PreparedRecord);
    for (const survey::SealedText& text : prepared.batch.texts)
        bytes += text.bytes.size() + sizeof(text);
    return bytes;
}

/// What a terminal is told when the store refused: always to come again later. The store's own sentence is for the log.
Problem later(const StoreError& error) {
    Problem problem;
    const bool is_busy = error.kind == StoreErrorKind::busy;
    problem.kind = is_busy ? ProblemKind::overloaded : ProblemKind::internal;
    problem.detail = "nothing was taken: " + std::string(told_outside(error.kind));
    return problem;
}

}  // namespace

Writer::Writer(Store& store, ReferenceCache& references, const survey::Clock& clock, Metrics& metrics, Log log,
               WriterLimits limits)
    : store_(store),
      references_(references),
      clock_(clock),
      metrics_(metrics),
      log_(std::move(log)),
      limits_(limits),
      clock_watch_(clock),
      answering_(1, limits.answered_groups, Turn::behind_writer),
      thread_([this] { run(); }) {}

Writer::~Writer() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

void Writer::submit(PreparedBatch prepared, Done done) {
    const std::size_t bytes = bytes_of(prepared);
    {
        const std::lock_guard lock(mutex_);
        Queue& queue = is_large(prepared.batch) ? large_ : queue_;
        // One batch always fits, whatever the limit.
        if (queue.waiting.empty() || queue.bytes + bytes <= limits_.queue_bytes) {
            queue.bytes += bytes;
            queue.waiting.push_back({std::move(prepared), std::move(done), bytes});
            wake_.notify_one();
            return;
        }
    }
    metrics_.batch_refused(ProblemKind::overloaded);
    Problem problem;
    problem.kind = ProblemKind::overloaded;
    problem.detail = "too many batches wait; come again later";
    done(unexpected(std::move(problem)));
}

void Writer::run_soon(Task task, TaskDone done) {
    {
        const std::lock_guard lock(mutex_);
        if (tasks_.size() < limits_.tasks) {
            tasks_.push_back({std::move(task), std::move(done)});
            wake_.notify_one();
            return;
        }
    }
    done(unexpected(StoreError{StoreErrorKind::busy, "too much waits to be written", "try again"}));
}

void Writer::run() {
    for (;;) {
        while (reprocess_some() && is_idle()) {
        }
        std::optional<Work> work = next_work();
        if (!work) {
            look();
            continue;
        }
        if (work->is_nothing()) {
            // Whoever closes the store now folds its log. What is wrong with its files was told.
            if (store_.check()) static_cast<void>(look_at_store(true));
            return;
        }
        if (work->task) {
            write(*work->task);
        } else {
            write(std::move(work->group));
        }
    }
}

bool Writer::is_idle() {
    const std::lock_guard lock(mutex_);
    return !is_anything() && !is_stopping_;
}

bool Writer::is_anything() const {
    return !queue_.waiting.empty() || !large_.waiting.empty() || !tasks_.empty();
}

/// Validates again what is quarantined, a step at a time, whenever the documents have changed. True: there is more to
/// do.
bool Writer::reprocess_some() {
    const auto step = [&]() -> StoreResult<ReprocessStep> {
        auto reader = store_.read();
        if (!reader) return unexpected(reader.error());
        const auto revision = (*reader)->documents().revision();
        if (!revision) return unexpected(revision.error());
        if (*revision != reprocessed_revision_) {
            reprocessed_revision_ = *revision;
            reprocess_next_ = ReprocessPlace{};
        }
        if (!reprocess_next_) return ReprocessStep{{}, true};
        const auto waiting = (*reader)->records().quarantined_after(reprocess_next_->kiosk, reprocess_next_->seq, 1);
        if (!waiting) return unexpected(waiting.error());
        if (waiting->empty()) return ReprocessStep{{}, true};
        reader->reset();
        return write_reprocessed(*reprocess_next_);
    }();
    if (!step) {
        if (refused_.empty()) note("what is quarantined was not validated again", &step.error());
        return false;  // after the next batches
    }
    if (step->reprocessed > 0)
        log_(std::to_string(step->reprocessed) + " records that were quarantined count from now on");
    reprocess_next_ = step->is_done ? std::nullopt : std::optional(step->next);
    return !step->is_done;
}

StoreResult<ReprocessStep> Writer::write_reprocessed(const ReprocessPlace& from) {
    const survey::UtcTime now = clock_.now();
    const auto step = [&](Transaction& transaction, CenterSheets& sheets) -> StoreResult<ReprocessStep> {
        const auto examined = clock_watch_.examine_when_due(transaction);
        if (!examined) return unexpected(examined.error());
        const auto reference = references_.current(transaction);
        if (!reference) return unexpected(reference.error());
        return reprocess(from, **reference, now, kReprocessStepRecords, transaction, sheets);
    };
    auto done = with_tallies(store_, step);
    if (done) clock_watch_.settle();
    return done;
}

/// Waits for something to do, but not for long; nothing to do in it when the writer is to stop.
std::optional<Writer::Work> Writer::next_work() {
    std::unique_lock lock(mutex_);
    const bool is_something = wake_.wait_for(lock, refused_.empty() ? limits_.look : limits_.retry,
                                             [this] { return is_stopping_ || is_anything(); });
    if (!is_something) return std::nullopt;
    Work work;
    if (!tasks_.empty()) {
        work.task = std::move(tasks_.front());
        tasks_.pop_front();
        return work;
    }
    work.group = next_group();
    return work;
}

/// What is committed together: the others before the large ones, but for one turn in so many.
std::vector<Writer::Waiting> Writer::next_group() {
    const bool is_turn_of_large = queue_.waiting.empty() || passed_ >= limits_.turns;
    Queue& queue = is_turn_of_large && !large_.waiting.empty() ? large_ : queue_;
    passed_ = &queue == &large_ || large_.waiting.empty() ? 0 : passed_ + 1;
    std::vector<Waiting> group;
    std::size_t bytes = 0;
    while (!queue.waiting.empty() && group.size() < limits_.group_batches) {
        Waiting& next = queue.waiting.front();
        if (!group.empty() && bytes + next.bytes > limits_.group_bytes) break;
        bytes += next.bytes;
        queue.bytes -= next.bytes;
        group.push_back(std::move(next));
        queue.waiting.pop_front();
    }
    return group;
}

void Writer::write(const WaitingTask& task) {
    const auto written = with_transaction(store_, [&](Transaction& transaction) -> StoreResult<void> {
        const auto examined = clock_watch_.examine_when_due(transaction);
        if (!examined) return examined;
        return task.task(transaction);
    });
    if (written) clock_watch_.settle();
    note("something was not written", written ? nullptr : &written.error());
    task.done(written);
}

void Writer::write(std::vector<Waiting> group) {
    const auto written = std::make_shared<Written>();
    written->answers = commit(group);
    written->group = std::move(group);
    const StoreResult<std::vector<IngestAnswer>>& answers = written->answers;
    metrics_.commit_done(written->group.size(), answers.has_value());
    note("a commit of " + std::to_string(written->group.size()) + " batches failed, the terminals will send them again",
         answers ? nullptr : &answers.error());
    // Receipts are signed, and the group's memory is given back, beside the next commit.
    const auto job = [this, written] { answer(*written); };
    if (!answering_.run(job)) job();
}

/// While no terminal sends anything: because none has, or because what watches /healthz sends none here.
void Writer::look() {
    looks_ = (looks_ + 1) % limits_.looks_at_log;
    // What is refused may be what somebody spoiled in the log.
    if (!look_at_store(looks_ == 0 || !refused_.empty()) || refused_.empty()) return;
    write(WaitingTask{[now = clock_.now()](Transaction& transaction) {
                          return transaction.facts().put("tried", survey::to_rfc3339(now));
                      },
                      [](const StoreResult<void>&) {}});
}

bool Writer::look_at_store(bool at_log) {
    const auto checked = at_log ? store_.check_log() : store_.check();
    if (!checked) note("nothing can be stored any more", &checked.error());
    return checked.has_value();
}

/// A lasting refusal is told when it begins and when it ends, and again when it is another one.
void Writer::note(const std::string& what, const StoreError* refusal) {
    if (refusal == nullptr) {
        if (refused_.empty()) return;
        refused_.clear();
        metrics_.storing_fails(std::nullopt);
        log_(
            "the store takes what comes in again; nothing is to be done, terminals send by themselves what was "
            "refused");
        return;
    }
    using enum StoreErrorKind;
    // A conflict is of what was to be written, not of the store: the next may be written.
    const bool is_lasting = refusal->kind != conflict;
    const std::string sentence = refusal->what + "; " + refusal->remedy;
    if (is_lasting && refused_ == sentence) return;
    log_(what + ": " + sentence);
    if (!is_lasting) return;
    refused_ = sentence;
    metrics_.storing_fails(std::string(told_outside(refusal->kind)));
}

/// Of one terminal's batches, while others are taken: told when it begins, and when it is for another reason.
void Writer::note_not_taken(const survey::KioskId& kiosk, const StoreError& refusal) {
    const std::string sentence = refusal.what + "; " + refusal.remedy;
    if (not_taken_.count(kiosk) == 0 && not_taken_.size() >= kNotTakenToldMax) return;
    std::string& told = not_taken_[kiosk];
    if (told == sentence) return;
    told = sentence;
    log_("a batch of " + kiosk.text + " was not taken: " + sentence);
}

void Writer::answer(const Written& written) {
    for (std::size_t i = 0; i < written.group.size(); ++i) {
        const WriteQueue::Done& done = written.group[i].done;
        const IngestAnswer answer =
            written.answers ? (*written.answers)[i] : IngestAnswer(unexpected(later(written.answers.error())));
        if (answer) {
            metrics_.batch_taken(*answer);
            done(answer->receipt);
        } else {
            metrics_.batch_refused(answer.error().kind);
            done(unexpected(answer.error()));
        }
    }
}

/// One answer a batch, each of them durable; an error when nothing is.
StoreResult<std::vector<IngestAnswer>> Writer::commit(std::vector<Waiting>& group) {
    auto answers = with_tallies(
        store_, [&](Transaction& transaction, CenterSheets& sheets) { return take_all(group, transaction, sheets); });
    if (answers) clock_watch_.settle();
    return answers;
}

StoreResult<std::vector<IngestAnswer>> Writer::take_all(std::vector<Waiting>& group, Transaction& transaction,
                                                        CenterSheets& sheets) {
    const auto examined = clock_watch_.examine_when_due(transaction);
    if (!examined) return unexpected(examined.error());
    const auto reference = references_.current(transaction);
    if (!reference) return unexpected(reference.error());
    std::vector<IngestAnswer> answers;
    for (Waiting& waiting : group) {
        const survey::KioskId kiosk = waiting.prepared.terminal.kiosk;
        const auto marked = transaction.set_savepoint();
        if (!marked) return unexpected(marked.error());
        auto answer = take(waiting.prepared, **reference, transaction, sheets);
        if (answer) {
            if (not_taken_.erase(kiosk) > 0) log_("batches of " + kiosk.text + " are taken again");
            answers.push_back(std::move(*answer));
            continue;
        }
        // Only this batch is undone; when not even that works, the whole group comes again.
        const auto undone = transaction.roll_back_to_savepoint();
        if (!undone) return unexpected(answer.error());
        note_not_taken(kiosk, answer.error());
        answers.push_back(unexpected(later(answer.error())));
    }
    return answers;
}

}  // namespace hailong::sync
