// A store before the real one that counts the calls of its transactions, whose n-th call fails, or whose writing waits
// until it is let go. What is read by a snapshot is neither counted nor refused.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <utility>

#include "sync/backend/store/store.h"

namespace hailong::sync::sample {

/// Counts calls, and says which of them fail.
class PlannedFailures {
  public:
    /// Fails call number `call`, and every later one when it lasts.
    void fail(int call, bool is_lasting) {
        failing_call_ = call;
        is_lasting_ = is_lasting;
    }
    [[nodiscard]] int calls() const { return calls_; }

    [[nodiscard]] bool next_fails() {
        ++calls_;
        return failing_call_ > 0 && (is_lasting_ ? calls_ >= failing_call_ : calls_ == failing_call_);
    }
    [[nodiscard]] static StoreError refused() { return {StoreErrorKind::full, "planned failure", "none"}; }

  private:
    int calls_ = 0;
    int failing_call_ = 0;
    bool is_lasting_ = false;
};

/// One subject of the real store, or its transaction itself: each call counts one.
template <class Real>
class Counted {
  public:
    Counted(PlannedFailures& failures, Real& real) : failures_(failures), real_(real) {}

  protected:
    template <class Result, class Class, class... Parameters, class... Arguments>
    Result call(Result (Class::*method)(Parameters...), Arguments&&... arguments) {
        if (failures_.next_fails()) return unexpected(PlannedFailures::refused());
        return (real_.*method)(std::forward<Arguments>(arguments)...);
    }

  private:
    PlannedFailures& failures_;
    Real& real_;
};

class CountedDocuments final : public DocumentWriter, private Counted<DocumentWriter> {
  public:
    using Counted::Counted;
    StoreResult<std::int64_t> revision() override { return call(&DocumentReader::revision); }
    StoreResult<std::vector<survey::CenterId>> centers() override { return call(&DocumentReader::centers); }
    StoreResult<std::optional<std::string>> center(const survey::CenterId& center) override {
        return call(&DocumentReader::center, center);
    }
    StoreResult<std::vector<QuestionnaireDocument>> questionnaires() override {
        return call(&DocumentReader::questionnaires);
    }
    StoreResult<bool> are_whole() override { return call(&DocumentReader::are_whole); }
    StoreResult<std::vector<TimeCorrection>> time_corrections() override {
        return call(&DocumentReader::time_corrections);
    }
    StoreResult<void> put_center(const survey::CenterId& center, const std::string& json) override {
        return call(&DocumentWriter::put_center, center, json);
    }
    StoreResult<void> put_questionnaire(const QuestionnaireDocument& document) override {
        return call(&DocumentWriter::put_questionnaire, document);
    }
    StoreResult<void> add_time_correction(const TimeCorrection& correction) override {
        return call(&DocumentWriter::add_time_correction, correction);
    }
};

class CountedTerminals final : public TerminalWriter, private Counted<TerminalWriter> {
  public:
    using Counted::Counted;
    StoreResult<std::optional<Terminal>> terminal(const survey::KioskId& kiosk) override {
        return call(&TerminalReader::terminal, kiosk);
    }
    StoreResult<std::optional<Terminal>> by_token(const std::string& token_hash) override {
        return call(&TerminalReader::by_token, token_hash);
    }
    StoreResult<std::vector<Terminal>> page(const survey::KioskId& after, std::size_t count_max) override {
        return call(&TerminalReader::page, after, count_max);
    }
    StoreResult<std::vector<Terminal>> of_center(const survey::CenterId& center) override {
        return call(&TerminalReader::of_center, center);
    }
    StoreResult<CenterTotals> totals(const survey::CenterId& center) override {
        return call(&TerminalReader::totals, center);
    }
    StoreResult<std::vector<TerminalKey>> keys(const survey::KioskId& kiosk) override {
        return call(&TerminalReader::keys, kiosk);
    }
    StoreResult<std::optional<EnrolmentCode>> code(const std::string& code_hash) override {
        return call(&TerminalReader::code, code_hash);
    }
    StoreResult<std::optional<Boot>> boot(const survey::KioskId& kiosk, const std::string& boot) override {
        return call(&TerminalReader::boot, kiosk, boot);
    }
    StoreResult<std::vector<TerminalDay>> days(const survey::CenterId& center, survey::Date first,
                                               survey::Date last) override {
        return call(&TerminalReader::days, center, first, last);
    }
    StoreResult<std::vector<TerminalDay>> days_of(const survey::KioskId& kiosk) override {
        return call(&TerminalReader::days_of, kiosk);
    }
    StoreResult<std::vector<HeardStatus>> statuses(const survey::KioskId& after, std::size_t count_max) override {
        return call(&TerminalReader::statuses, after, count_max);
    }
    StoreResult<void> put(const Terminal& terminal) override { return call(&TerminalWriter::put, terminal); }
    StoreResult<void> add_key(const TerminalKey& key) override { return call(&TerminalWriter::add_key, key); }
    StoreResult<void> put_code(const EnrolmentCode& code) override { return call(&TerminalWriter::put_code, code); }
    StoreResult<void> end_codes(const survey::KioskId& kiosk) override {
        return call(&TerminalWriter::end_codes, kiosk);
    }
    StoreResult<void> put_boot(const survey::KioskId& kiosk, const Boot& boot, std::int64_t forget_until) override {
        return call(&TerminalWriter::put_boot, kiosk, boot, forget_until);
    }
    StoreResult<void> add_days(std::span<const TerminalDay> days) override {
        return call(&TerminalWriter::add_days, days);
    }
    StoreResult<void> put_statuses(std::span<const HeardStatus> statuses) override {
        return call(&TerminalWriter::put_statuses, statuses);
    }
};

class CountedRecords final : public RecordWriter, private Counted<RecordWriter> {
  public:
    using Counted::Counted;
    void refuse_those_of(std::string kiosk) { refused_kiosk_ = std::move(kiosk); }
    StoreResult<std::vector<StoredRecord>> page(const survey::KioskId& kiosk, std::int64_t first_seq,
                                                std::size_t count_max) override {
        return call(&RecordReader::page, kiosk, first_seq, count_max);
    }
    StoreResult<std::vector<ChainValue>> chain_values(const survey::KioskId& kiosk, std::int64_t first_seq,
                                                      std::int64_t last_seq) override {
        return call(&RecordReader::chain_values, kiosk, first_seq, last_seq);
    }
    StoreResult<std::vector<IdPlace>> find_ids(std::span<const survey::Uuid> ids) override {
        return call(&RecordReader::find_ids, ids);
    }
    StoreResult<std::vector<StoredRecord>> quarantined_after(const survey::KioskId& kiosk, std::int64_t seq,
                                                             std::size_t count_max) override {
        return call(&RecordReader::quarantined_after, kiosk, seq, count_max);
    }
    StoreResult<std::optional<CountedAt>> counted_before(const survey::KioskId& kiosk, std::int64_t seq,
                                                         std::int64_t seq_min) override {
        return call(&RecordReader::counted_before, kiosk, seq, seq_min);
    }
    StoreResult<std::vector<StoredBatch>> batches(const survey::KioskId& kiosk) override {
        return call(&RecordReader::batches, kiosk);
    }
    StoreResult<std::optional<StoredBatch>> batch_of(const survey::KioskId& kiosk, std::int64_t seq) override {
        return call(&RecordReader::batch_of, kiosk, seq);
    }
    StoreResult<std::vector<StoredSkip>> skips(const survey::KioskId& kiosk) override {
        return call(&RecordReader::skips, kiosk);
    }
    StoreResult<std::int64_t> unsigned_until(const survey::KioskId& kiosk) override {
        return call(&RecordReader::unsigned_until, kiosk);
    }
    StoreResult<std::vector<std::size_t>> add(std::span<const NewRecord> records) override {
        if (!records.empty() && records.front().record.kiosk.text == refused_kiosk_) {
            return unexpected(PlannedFailures::refused());
        }
        return call(&RecordWriter::add, records);
    }
    StoreResult<void> add_batch(const StoredBatch& batch) override { return call(&RecordWriter::add_batch, batch); }
    StoreResult<void> add_skips(std::span<const StoredSkip> skips) override {
        return call(&RecordWriter::add_skips, skips);
    }
    StoreResult<void> reprocess(const StoredRecord& record) override { return call(&RecordWriter::reprocess, record); }
    StoreResult<void> resolve_anew(std::span<const ResolvedRecord> records) override {
        return call(&RecordWriter::resolve_anew, records);
    }

  private:
    std::string refused_kiosk_;
};

class CountedTallies final : public TallyWriter, private Counted<TallyWriter> {
  public:
    using Counted::Counted;
    StoreResult<std::vector<TallyRow>> find(const TallyQuery& query) override {
        return call(&TallyReader::find, query);
    }
    StoreResult<std::vector<TallyRow>> of_center(const survey::CenterId& center) override {
        return call(&TallyReader::of_center, center);
    }
    StoreResult<std::vector<survey::CenterId>> centers() override { return call(&TallyReader::centers); }
    StoreResult<void> add(const CenterSheets& sheets) override { return call(&TallyWriter::add, sheets); }
    StoreResult<void> subtract(const CenterSheets& sheets) override { return call(&TallyWriter::subtract, sheets); }
};

class CountedPublicTallies final : public PublicTallyWriter, private Counted<PublicTallyWriter> {
  public:
    using Counted::Counted;
    StoreResult<PublicSheet> find(const survey::CenterId& center, survey::Date first, survey::Date last) override {
        return call(&PublicTallyReader::find, center, first, last);
    }
    StoreResult<std::optional<Release>> last_release(const survey::CenterId& center) override {
        return call(&PublicTallyReader::last_release, center);
    }
    StoreResult<void> replace(const survey::CenterId& center, survey::Date first, survey::Date last,
                              const PublicSheet& rows) override {
        return call(&PublicTallyWriter::replace, center, first, last, rows);
    }
    StoreResult<void> note_release(const survey::CenterId& center, survey::Date day) override {
        return call(&PublicTallyWriter::note_release, center, day);
    }
};

class CountedTexts final : public TextWriter, private Counted<TextWriter> {
  public:
    using Counted::Counted;
    StoreResult<std::vector<StoredText>> of_record(const survey::KioskId& kiosk, std::int64_t seq) override {
        return call(&TextReader::of_record, kiosk, seq);
    }
    StoreResult<std::vector<StoredText>> page(const TextPlace& after, std::size_t count_max) override {
        return call(&TextReader::page, after, count_max);
    }
    StoreResult<std::vector<StoredText>> last_of(const survey::KioskId& kiosk, std::size_t count_max) override {
        return call(&TextReader::last_of, kiosk, count_max);
    }
    StoreResult<std::vector<TextPlace>> received_before(survey::UtcTime before, std::size_t count_max) override {
        return call(&TextReader::received_before, before, count_max);
    }
    StoreResult<std::vector<Erasure>> erasures(const TextPlace& after, std::size_t count_max) override {
        return call(&TextReader::erasures, after, count_max);
    }
    StoreResult<std::vector<Erasure>> erasures_of_record(const survey::KioskId& kiosk, std::int64_t seq) override {
        return call(&TextReader::erasures_of_record, kiosk, seq);
    }
    StoreResult<std::vector<Erasure>> newest_erasures(const survey::KioskId& kiosk, std::size_t count_max) override {
        return call(&TextReader::newest_erasures, kiosk, count_max);
    }
    StoreResult<void> add(std::span<const StoredText> texts) override { return call(&TextWriter::add, texts); }
    StoreResult<std::vector<TextPlace>> erase(std::span<const Erasure> erasures) override {
        return call(&TextWriter::erase, erasures);
    }
};

class CountedFacts final : public FactWriter, private Counted<FactWriter> {
  public:
    using Counted::Counted;
    StoreResult<std::optional<std::string>> fact(const std::string& name) override {
        return call(&FactReader::fact, name);
    }
    StoreResult<void> put(const std::string& name, const std::string& text) override {
        return call(&FactWriter::put, name, text);
    }
};

class CountedIncidents final : public IncidentWriter, private Counted<IncidentWriter> {
  public:
    using Counted::Counted;
    StoreResult<std::vector<Incident>> newest(std::size_t count_max) override {
        return call(&IncidentReader::newest, count_max);
    }
    StoreResult<void> add(std::span<const Incident> incidents) override {
        return call(&IncidentWriter::add, incidents);
    }
};

class FailingStore final : public Store {
  public:
    explicit FailingStore(Store& real) : real_(real) {}

    StoreResult<std::unique_ptr<Snapshot>> read() override { return real_.read(); }
    StoreResult<void> check() override { return real_.check(); }
    StoreResult<void> check_log() override { return real_.check_log(); }
    StoreResult<std::unique_ptr<Transaction>> write() override {
        wait_if_held();
        if (failures_.next_fails()) return unexpected(PlannedFailures::refused());
        auto transaction = real_.write();
        if (!transaction) return unexpected(transaction.error());
        return std::unique_ptr<Transaction>(std::make_unique<Counting>(*this, std::move(*transaction)));
    }

    /// Fails call number `call` of a transaction (write() and commit() count), and every later one when it lasts.
    void fail(int call, bool is_lasting) { failures_.fail(call, is_lasting); }
    void refuse_records_of(std::string kiosk) { refused_kiosk_ = std::move(kiosk); }
    /// Of all transactions so far.
    [[nodiscard]] int calls() const { return failures_.calls(); }
    [[nodiscard]] int commits() const { return commits_; }

    void hold() {
        const std::lock_guard lock(mutex_);
        is_holding_ = true;
    }
    void wait_until_held() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return is_held_; });
    }
    void release() {
        const std::lock_guard lock(mutex_);
        is_holding_ = false;
        changed_.notify_all();
    }

  private:
    void wait_if_held() {
        std::unique_lock lock(mutex_);
        if (!is_holding_) return;
        is_held_ = true;
        changed_.notify_all();
        changed_.wait(lock, [this] { return !is_holding_; });
        is_held_ = false;
    }

    class Counting final : public Transaction, private Counted<Transaction> {
      public:
        Counting(FailingStore& store, std::unique_ptr<Transaction> real)
            : Counted(store.failures_, *real),
              store_(store),
              real_(std::move(real)),
              documents_(store.failures_, real_->documents()),
              terminals_(store.failures_, real_->terminals()),
              records_(store.failures_, real_->records()),
              tallies_(store.failures_, real_->tallies()),
              public_tallies_(store.failures_, real_->public_tallies()),
              texts_(store.failures_, real_->texts()),
              incidents_(store.failures_, real_->incidents()),
              facts_(store.failures_, real_->facts()) {
            records_.refuse_those_of(store.refused_kiosk_);
        }
        DocumentWriter& documents() override { return documents_; }
        TerminalWriter& terminals() override { return terminals_; }
        RecordWriter& records() override { return records_; }
        TallyWriter& tallies() override { return tallies_; }
        PublicTallyWriter& public_tallies() override { return public_tallies_; }
        TextWriter& texts() override { return texts_; }
        IncidentWriter& incidents() override { return incidents_; }
        FactWriter& facts() override { return facts_; }
        StoreResult<StoreCounts> counts() override { return call(&Snapshot::counts); }
        StoreResult<std::vector<std::string>> contradictions(std::size_t count_max) override {
            return call(&Snapshot::contradictions, count_max);
        }
        StoreResult<void> commit() override {
            ++store_.commits_;
            return call(&Transaction::commit);
        }
        StoreResult<void> set_savepoint() override { return call(&Transaction::set_savepoint); }
        StoreResult<void> roll_back_to_savepoint() override { return call(&Transaction::roll_back_to_savepoint); }

      private:
        FailingStore& store_;
        std::unique_ptr<Transaction> real_;
        CountedDocuments documents_;
        CountedTerminals terminals_;
        CountedRecords records_;
        CountedTallies tallies_;
        CountedPublicTallies public_tallies_;
        CountedTexts texts_;
        CountedIncidents incidents_;
        CountedFacts facts_;
    };

    Store& real_;
    PlannedFailures failures_;
    int commits_ = 0;
    std::string refused_kiosk_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool is_holding_ = false;
    bool is_held_ = false;
};

}  // namespace hailong::sync::sample
