// The store's subjects over one connection. A snapshot hands them out as readers, a transaction as writers.
// Schema 6 (schema.cpp) says what stands where. Threads: as the connection, one at a time.
#pragma once

#include "sync/backend/store/sqlite/connection.h"
#include "sync/backend/store/store.h"

namespace hailong::sync {

class SqliteDocuments final : public DocumentWriter {
  public:
    explicit SqliteDocuments(Connection& connection) : connection_(connection) {}
    StoreResult<std::int64_t> revision() override;
    StoreResult<std::vector<survey::CenterId>> centers() override;
    StoreResult<std::optional<std::string>> center(const survey::CenterId& center) override;
    StoreResult<std::vector<QuestionnaireDocument>> questionnaires() override;
    StoreResult<bool> are_whole() override;
    StoreResult<std::vector<TimeCorrection>> time_corrections() override;
    StoreResult<void> put_center(const survey::CenterId& center, const std::string& json) override;
    StoreResult<void> put_questionnaire(const QuestionnaireDocument& document) override;
    StoreResult<void> add_time_correction(const TimeCorrection& correction) override;

  private:
    void raise_revision_if_changed();

    Connection& connection_;
};

class SqliteTerminals final : public TerminalWriter {
  public:
    explicit SqliteTerminals(Connection& connection) : connection_(connection) {}
    StoreResult<std::optional<Terminal>> terminal(const survey::KioskId& kiosk) override;
    StoreResult<std::optional<Terminal>> by_token(const std::string& token_hash) override;
    StoreResult<std::vector<Terminal>> page(const survey::KioskId& after, std::size_t count_max) override;
    StoreResult<std::vector<Terminal>> of_center(const survey::CenterId& center) override;
    StoreResult<CenterTotals> totals(const survey::CenterId& center) override;
    StoreResult<std::vector<TerminalKey>> keys(const survey::KioskId& kiosk) override;
    StoreResult<std::optional<EnrolmentCode>> code(const std::string& code_hash) override;
    StoreResult<std::optional<Boot>> boot(const survey::KioskId& kiosk, const std::string& boot) override;
    StoreResult<std::vector<TerminalDay>> days(const survey::CenterId& center, survey::Date first,
                                               survey::Date last) override;
    StoreResult<std::vector<TerminalDay>> days_of(const survey::KioskId& kiosk) override;
    StoreResult<std::vector<HeardStatus>> statuses(const survey::KioskId& after, std::size_t count_max) override;
    StoreResult<void> put(const Terminal& terminal) override;
    StoreResult<void> add_key(const TerminalKey& key) override;
    StoreResult<void> put_code(const EnrolmentCode& code) override;
    StoreResult<void> end_codes(const survey::KioskId& kiosk) override;
    StoreResult<void> put_boot(const survey::KioskId& kiosk, const Boot& boot, std::int64_t forget_until) override;
    StoreResult<void> add_days(std::span<const TerminalDay> days) override;
    StoreResult<void> put_statuses(std::span<const HeardStatus> statuses) override;

  private:
    Connection& connection_;
};

class SqliteRecords final : public RecordWriter {
  public:
    explicit SqliteRecords(Connection& connection) : connection_(connection) {}
    StoreResult<std::vector<StoredRecord>> page(const survey::KioskId& kiosk, std::int64_t first_seq,
                                                std::size_t count_max) override;
    StoreResult<std::vector<ChainValue>> chain_values(const survey::KioskId& kiosk, std::int64_t first_seq,
                                                      std::int64_t last_seq) override;
    StoreResult<std::vector<IdPlace>> find_ids(std::span<const survey::Uuid> ids) override;
    StoreResult<std::vector<StoredRecord>> quarantined_after(const survey::KioskId& kiosk, std::int64_t seq,
                                                             std::size_t count_max) override;
    StoreResult<std::optional<CountedAt>> counted_before(const survey::KioskId& kiosk, std::int64_t seq,
                                                         std::int64_t seq_min) override;
    StoreResult<std::vector<StoredBatch>> batches(const survey::KioskId& kiosk) override;
    StoreResult<std::optional<StoredBatch>> batch_of(const survey::KioskId& kiosk, std::int64_t seq) override;
    StoreResult<std::vector<StoredSkip>> skips(const survey::KioskId& kiosk) override;
    StoreResult<std::int64_t> unsigned_until(const survey::KioskId& kiosk) override;
    StoreResult<std::vector<std::size_t>> add(std::span<const NewRecord> records) override;
    StoreResult<void> add_batch(const StoredBatch& batch) override;
    StoreResult<void> add_skips(std::span<const StoredSkip> skips) override;
    StoreResult<void> reprocess(const StoredRecord& record) override;
    StoreResult<void> resolve_anew(std::span<const ResolvedRecord> records) override;

  private:
    Connection& connection_;
};

class SqliteTallies final : public TallyWriter {
  public:
    explicit SqliteTallies(Connection& connection) : connection_(connection) {}
    StoreResult<std::vector<TallyRow>> find(const TallyQuery& query) override;
    StoreResult<std::vector<TallyRow>> of_center(const survey::CenterId& center) override;
    StoreResult<std::vector<survey::CenterId>> centers() override;
    StoreResult<void> add(const CenterSheets& sheets) override;
    StoreResult<void> subtract(const CenterSheets& sheets) override;

  private:
    Connection& connection_;
};

class SqlitePublicTallies final : public PublicTallyWriter {
  public:
    explicit SqlitePublicTallies(Connection& connection) : connection_(connection) {}
    StoreResult<PublicSheet> find(const survey::CenterId& center, survey::Date first, survey::Date last) override;
    StoreResult<std::optional<Release>> last_release(const survey::CenterId& center) override;
    StoreResult<void> replace(const survey::CenterId& center, survey::Date first, survey::Date last,
                              const PublicSheet& rows) override;
    StoreResult<void> note_release(const survey::CenterId& center, survey::Date day) override;

  private:
    Connection& connection_;
};

class SqliteTexts final : public TextWriter {
  public:
    explicit SqliteTexts(Connection& connection) : connection_(connection) {}
    StoreResult<std::vector<StoredText>> of_record(const survey::KioskId& kiosk, std::int64_t seq) override;
    StoreResult<std::vector<StoredText>> page(const TextPlace& after, std::size_t count_max) override;
    StoreResult<std::vector<StoredText>> last_of(const survey::KioskId& kiosk, std::size_t count_max) override;
    StoreResult<std::vector<TextPlace>> received_before(survey::UtcTime before, std::size_t count_max) override;
    StoreResult<std::vector<Erasure>> erasures(const TextPlace& after, std::size_t count_max) override;
    StoreResult<std::vector<Erasure>> erasures_of_record(const survey::KioskId& kiosk, std::int64_t seq) override;
    StoreResult<std::vector<Erasure>> newest_erasures(const survey::KioskId& kiosk, std::size_t count_max) override;
    StoreResult<void> add(std::span<const StoredText> texts) override;
    StoreResult<std::vector<TextPlace>> erase(std::span<const Erasure> erasures) override;
    /// Whether a text was removed: then the log must not keep it either.
    [[nodiscard]] bool has_erased() const { return has_erased_; }

  private:
    bool erase(const Erasure& erasure);

    Connection& connection_;
    bool has_erased_ = false;
};

class SqliteIncidents final : public IncidentWriter {
  public:
    explicit SqliteIncidents(Connection& connection) : connection_(connection) {}
    StoreResult<std::vector<Incident>> newest(std::size_t count_max) override;
    StoreResult<void> add(std::span<const Incident> incidents) override;

  private:
    Connection& connection_;
};

class SqliteFacts final : public FactWriter {
  public:
    explicit SqliteFacts(Connection& connection) : connection_(connection) {}
    StoreResult<std::optional<std::string>> fact(const std::string& name) override;
    StoreResult<void> put(const std::string& name, const std::string& text) override;

  private:
    Connection& connection_;
};

/// All of them, over one connection.
struct SqliteSubjects {
    explicit SqliteSubjects(Connection& connection)
        : documents(connection),
          terminals(connection),
          records(connection),
          tallies(connection),
          public_tallies(connection),
          texts(connection),
          incidents(connection),
          facts(connection) {}
    SqliteDocuments documents;
    SqliteTerminals terminals;
    SqliteRecords records;
    SqliteTallies tallies;
    SqlitePublicTallies public_tallies;
    SqliteTexts texts;
    SqliteIncidents incidents;
    SqliteFacts facts;
};

[[nodiscard]] StoreResult<StoreCounts> read_counts(Connection& connection);
[[nodiscard]] StoreResult<std::vector<std::string>> find_contradictions(Connection& connection, std::size_t count_max);

}  // namespace hailong::sync
