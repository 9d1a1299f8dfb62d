// A store before the real one, whose n-th call fails, or whose writing waits until it is let go.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <utility>

#include "sync/backend/store/store.h"

namespace hailong::sync::sample {

class FailingStore final : public Store {
  public:
    explicit FailingStore(Store& real) : real_(real) {}

    StoreResult<std::unique_ptr<Reader>> read() override { return real_.read(); }
    StoreResult<std::unique_ptr<WriteTransaction>> write() override {
        wait_if_held();
        if (fails()) return unexpected(refused());
        auto transaction = real_.write();
        if (!transaction) return unexpected(transaction.error());
        return std::unique_ptr<WriteTransaction>(std::make_unique<Transaction>(*this, std::move(*transaction)));
    }

    /// Fails call number `call` of a transaction (write() counts), and every later one when it lasts.
    void fail(int call, bool is_lasting) {
        failing_call_ = call;
        is_lasting_ = is_lasting;
    }
    void refuse_records_of(std::string kiosk) { refused_kiosk_ = std::move(kiosk); }
    [[nodiscard]] int calls() const { return calls_; }
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
    static BackendStoreError refused() { return {BackendStoreErrorKind::full, "planned failure", "none"}; }

    bool fails() {
        ++calls_;
        return failing_call_ > 0 && (is_lasting_ ? calls_ >= failing_call_ : calls_ == failing_call_);
    }

    void wait_if_held() {
        std::unique_lock lock(mutex_);
        if (!is_holding_) return;
        is_held_ = true;
        changed_.notify_all();
        changed_.wait(lock, [this] { return !is_holding_; });
        is_held_ = false;
    }

    class Transaction final : public WriteTransaction {
      public:
        Transaction(FailingStore& store, std::unique_ptr<WriteTransaction> real)
            : store_(store), real_(std::move(real)) {}

        StoreResult<std::vector<survey::CenterId>> centers() override { return call(&Reader::centers); }
        StoreResult<std::int64_t> documents_revision() override { return call(&Reader::documents_revision); }
        StoreResult<std::optional<std::string>> center(const survey::CenterId& id) override {
            return call(&Reader::center, id);
        }
        StoreResult<std::vector<std::string>> questionnaires() override { return call(&Reader::questionnaires); }
        StoreResult<std::vector<Terminal>> terminals() override { return call(&Reader::terminals); }
        StoreResult<std::optional<Terminal>> terminal(const survey::KioskId& kiosk) override {
            return call(&Reader::terminal, kiosk);
        }
        StoreResult<std::optional<Terminal>> terminal_by_token(const std::string& hash) override {
            return call(&Reader::terminal_by_token, hash);
        }
        StoreResult<std::optional<survey::Digest>> hash_at(const survey::KioskId& kiosk, std::int64_t seq) override {
            return call(&Reader::hash_at, kiosk, seq);
        }
        StoreResult<bool> holds_id(const survey::Uuid& id) override { return call(&Reader::holds_id, id); }
        StoreResult<bool> holds_id_before(const survey::KioskId& kiosk, std::int64_t seq, const survey::Uuid& id) override {
            return call(&Reader::holds_id_before, kiosk, seq, id);
        }
        StoreResult<std::vector<TallyRow>> tallies(const TallyQuery& query) override {
            return call(&Reader::tallies, query);
        }
        StoreResult<CenterTotals> totals(const survey::CenterId& id) override { return call(&Reader::totals, id); }
        StoreResult<std::vector<Incident>> incidents() override { return call(&Reader::incidents); }
        StoreResult<std::optional<EnrolmentCode>> code(const std::string& hash) override {
            return call(&Reader::code, hash);
        }
        StoreResult<std::vector<TerminalKey>> terminal_keys(const survey::KioskId& kiosk) override {
            return call(&Reader::terminal_keys, kiosk);
        }
        StoreResult<std::int64_t> unsigned_until(const survey::KioskId& kiosk) override {
            return call(&Reader::unsigned_until, kiosk);
        }
        StoreResult<std::vector<StoredSkip>> skips(const survey::KioskId& kiosk) override {
            return call(&Reader::skips, kiosk);
        }
        StoreResult<std::optional<StoredRecord>> record(const survey::KioskId& kiosk, std::int64_t seq) override {
            return call(&Reader::record, kiosk, seq);
        }
        StoreResult<std::vector<StoredRecord>> quarantined_after(const survey::KioskId& kiosk, std::int64_t seq,
                                                    std::size_t count_max) override {
            return call(&Reader::quarantined_after, kiosk, seq, count_max);
        }
        StoreResult<std::optional<StoredBatch>> batch_of(const survey::KioskId& kiosk, std::int64_t seq) override {
            return call(&Reader::batch_of, kiosk, seq);
        }
        StoreResult<std::optional<CountedAt>> counted_before(const survey::KioskId& kiosk, std::int64_t seq,
                                                        std::int64_t seq_min) override {
            return call(&Reader::counted_before, kiosk, seq, seq_min);
        }
        StoreResult<std::vector<StoredText>> texts(const survey::KioskId& kiosk, std::int64_t seq) override {
            return call(&Reader::texts, kiosk, seq);
        }
        StoreResult<void> each_text(const std::function<bool(const StoredText&)>& visit) override {
            return call(&Reader::each_text, visit);
        }
        StoreResult<std::vector<Erasure>> erasures() override { return call(&Reader::erasures); }
        StoreResult<std::vector<Erasure>> newest_erasures(const survey::KioskId& kiosk, std::size_t count_max) override {
            return call(&Reader::newest_erasures, kiosk, count_max);
        }
        StoreResult<StoreCounts> counts() override { return call(&Reader::counts); }
        StoreResult<std::vector<TerminalDay>> terminal_days(const survey::CenterId& id, survey::Date first,
                                                       survey::Date last) override {
            return call(&Reader::terminal_days, id, first, last);
        }
        StoreResult<void> each_terminal_day(const std::function<bool(const TerminalDay&)>& visit) override {
            return call(&Reader::each_terminal_day, visit);
        }
        StoreResult<void> each_record(const survey::KioskId& kiosk,
                                 const std::function<bool(const StoredRecord&)>& visit) override {
            return call(&Reader::each_record, kiosk, visit);
        }
        StoreResult<void> each_batch(const survey::KioskId& kiosk,
                                const std::function<bool(const StoredBatch&)>& visit) override {
            return call(&Reader::each_batch, kiosk, visit);
        }
        StoreResult<void> each_tally(const std::function<bool(const TallyRow&)>& visit) override {
            return call(&Reader::each_tally, visit);
        }
        StoreResult<void> put_center(const survey::CenterId& id, const std::string& json) override {
            return call(&WriteTransaction::put_center, id, json);
        }
        StoreResult<void> put_questionnaire(const survey::QuestionnaireRef& ref, const std::string& json) override {
            return call(&WriteTransaction::put_questionnaire, ref, json);
        }
        StoreResult<void> put_terminal(const Terminal& terminal) override {
            return call(&WriteTransaction::put_terminal, terminal);
        }
        StoreResult<void> add_record(const StoredRecord& record) override {
            if (record.kiosk.text == store_.refused_kiosk_) return unexpected(refused());
            return call(&WriteTransaction::add_record, record);
        }
        StoreResult<void> add_batch(const StoredBatch& batch) override { return call(&WriteTransaction::add_batch, batch); }
        StoreResult<void> add_tally(const TallyRow& row) override { return call(&WriteTransaction::add_tally, row); }
        StoreResult<void> add_incident(const Incident& incident) override {
            return call(&WriteTransaction::add_incident, incident);
        }
        StoreResult<void> put_code(const EnrolmentCode& code) override { return call(&WriteTransaction::put_code, code); }
        StoreResult<void> end_codes(const survey::KioskId& kiosk) override {
            return call(&WriteTransaction::end_codes, kiosk);
        }
        StoreResult<void> add_terminal_key(const TerminalKey& key) override {
            return call(&WriteTransaction::add_terminal_key, key);
        }
        StoreResult<void> add_skip(const StoredSkip& skip) override { return call(&WriteTransaction::add_skip, skip); }
        StoreResult<void> reprocess(const StoredRecord& record) override { return call(&WriteTransaction::reprocess, record); }
        StoreResult<void> add_text(const StoredText& sealed) override { return call(&WriteTransaction::add_text, sealed); }
        StoreResult<bool> erase_text(const Erasure& erasure) override { return call(&WriteTransaction::erase_text, erasure); }
        StoreResult<std::int64_t> erase_texts_before(survey::UtcTime before, const Erasure& trace,
                                                std::size_t count_max) override {
            return call(&WriteTransaction::erase_texts_before, before, trace, count_max);
        }
        StoreResult<void> add_terminal_day(const TerminalDay& day) override {
            return call(&WriteTransaction::add_terminal_day, day);
        }
        StoreResult<bool> note_boot(const survey::KioskId& kiosk, const std::string& boot, survey::UtcTime time) override {
            return call(&WriteTransaction::note_boot, kiosk, boot, time);
        }
        StoreResult<void> commit() override {
            ++store_.commits_;
            return call(&WriteTransaction::commit);
        }
        StoreResult<void> set_savepoint() override { return call(&WriteTransaction::set_savepoint); }
        StoreResult<void> roll_back_to_savepoint() override { return call(&WriteTransaction::roll_back_to_savepoint); }

      private:
        template <class Result, class Class, class... Parameters, class... Arguments>
        Result call(Result (Class::*method)(Parameters...), Arguments&&... arguments) {
            if (store_.fails()) return unexpected(refused());
            return (real_.get()->*method)(std::forward<Arguments>(arguments)...);
        }

        FailingStore& store_;
        std::unique_ptr<WriteTransaction> real_;
    };

    Store& real_;
    int calls_ = 0;
    int commits_ = 0;
    int failing_call_ = 0;
    bool is_lasting_ = false;
    std::string refused_kiosk_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool is_holding_ = false;
    bool is_held_ = false;
};

}  // namespace hailong::sync::sample
