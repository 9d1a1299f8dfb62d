#include "tests/sync/backend/store/memory_store.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "sync/protocol/batch.h"

namespace hailong::sync::sample {
namespace {

using survey::CenterId;
using survey::KioskId;
using survey::Uuid;

/// Shared between states until one of them writes to it.
template <class Value>
class Shared {
  public:
    [[nodiscard]] const Value& operator*() const { return *value_; }
    [[nodiscard]] const Value* operator->() const { return value_.get(); }
    [[nodiscard]] Value& own() {
        if (value_.use_count() != 1) value_ = std::make_shared<Value>(*value_);
        return *value_;
    }

  private:
    std::shared_ptr<Value> value_ = std::make_shared<Value>();
};

struct DocumentState {
    std::int64_t revision = 0;
    std::map<CenterId, std::string> centers;
    std::map<survey::QuestionnaireRef, std::string> questionnaires;
    std::vector<TimeCorrection> corrections;
};

struct TerminalState {
    std::map<KioskId, Terminal> terminals;
    std::map<KioskId, std::vector<TerminalKey>> keys;
    std::map<std::string, EnrolmentCode> codes;
    std::map<KioskId, std::map<std::string, Boot>> boots;
    std::map<KioskId, std::map<survey::Date, TerminalDay>> days;
    std::map<KioskId, HeardStatus> statuses;
};

struct Chain {
    std::map<std::int64_t, StoredRecord> records;
    std::vector<StoredBatch> batches;
    std::map<std::int64_t, StoredSkip> skips;
};

struct RecordState {
    std::map<KioskId, Shared<Chain>> chains;
    std::map<Uuid, std::vector<IdPlace>> ids;  // in the order they came
    std::int64_t batches = 0;
};

struct TallyState {
    std::map<CenterId, std::map<survey::TallyKey, survey::Tally>> rows;
};

struct PublicState {
    std::map<CenterId, PublicSheet> rows;
    std::map<CenterId, Release> releases;
};

struct TextState {
    std::map<TextPlace, StoredText> texts;
    std::map<TextPlace, Erasure> erasures;
    std::vector<TextPlace> in_order;  // of erasing
};

struct IncidentState {
    std::vector<Incident> incidents;
    std::set<std::tuple<KioskId, IncidentKind, std::string>> known;
};

struct FactState {
    std::map<std::string, std::string> facts;
};

struct State {
    Shared<DocumentState> documents;
    Shared<TerminalState> terminals;
    Shared<RecordState> records;
    Shared<TallyState> tallies;
    Shared<PublicState> public_tallies;
    Shared<TextState> texts;
    Shared<IncidentState> incidents;
    Shared<FactState> facts;
};

template <class Map, class Key>
auto found(const Map& map, const Key& key) -> std::optional<typename Map::mapped_type> {
    const auto at = map.find(key);
    return at == map.end() ? std::nullopt : std::optional(at->second);
}

auto conflict(const std::string& what) {
    return unexpected(StoreError{StoreErrorKind::conflict, what, "nothing was written"});
}

/// From 1970 to 9999.
bool is_kept(survey::Date day) {
    return survey::Date(std::chrono::year(1970) / 1 / 1) <= day &&
           day <= survey::Date(std::chrono::year(9999) / 12 / 31);
}

class MemoryDocuments final : public DocumentWriter {
  public:
    explicit MemoryDocuments(State& state) : state_(state) {}
    StoreResult<std::int64_t> revision() override { return state_.documents->revision; }
    StoreResult<std::vector<CenterId>> centers() override {
        std::vector<CenterId> result;
        for (const auto& [id, json] : state_.documents->centers)
            result.push_back(id);
        return result;
    }
    StoreResult<bool> are_whole() override { return true; }
    StoreResult<std::optional<std::string>> center(const CenterId& center) override {
        return found(state_.documents->centers, center);
    }
    StoreResult<std::vector<QuestionnaireDocument>> questionnaires() override {
        std::vector<QuestionnaireDocument> result;
        for (const auto& [ref, json] : state_.documents->questionnaires)
            result.push_back({ref, json});
        return result;
    }
    StoreResult<std::vector<TimeCorrection>> time_corrections() override { return state_.documents->corrections; }
    StoreResult<void> put_center(const CenterId& center, const std::string& json) override {
        if (found(state_.documents->centers, center) == json) return {};
        DocumentState& documents = state_.documents.own();
        documents.centers[center] = json;
        ++documents.revision;
        return {};
    }
    StoreResult<void> put_questionnaire(const QuestionnaireDocument& document) override {
        const auto known = found(state_.documents->questionnaires, document.ref);
        if (known == document.json) return {};
        if (known) return conflict("a published questionnaire never changes");
        DocumentState& documents = state_.documents.own();
        documents.questionnaires[document.ref] = document.json;
        ++documents.revision;
        return {};
    }
    StoreResult<void> add_time_correction(const TimeCorrection& correction) override {
        if (correction.first_batch < 1 || correction.last_batch < correction.first_batch) {
            return conflict("there are no such batches");
        }
        DocumentState& documents = state_.documents.own();
        documents.corrections.push_back(correction);
        ++documents.revision;
        return {};
    }

  private:
    State& state_;
};

class MemoryTerminals final : public TerminalWriter {
  public:
    explicit MemoryTerminals(State& state) : state_(state) {}
    StoreResult<std::optional<Terminal>> terminal(const KioskId& kiosk) override {
        return found(state_.terminals->terminals, kiosk);
    }
    StoreResult<std::optional<Terminal>> by_token(const std::string& token_hash) override {
        if (token_hash.empty()) return std::nullopt;
        for (const auto& [kiosk, terminal] : state_.terminals->terminals) {
            if (terminal.token_hash == token_hash) return terminal;
        }
        return std::nullopt;
    }
    StoreResult<std::vector<Terminal>> page(const KioskId& after, std::size_t count_max) override {
        std::vector<Terminal> result;
        const auto& all = state_.terminals->terminals;
        for (auto at = all.upper_bound(after); at != all.end() && result.size() < count_max; ++at)
            result.push_back(at->second);
        return result;
    }
    StoreResult<std::vector<Terminal>> of_center(const CenterId& center) override {
        std::vector<Terminal> result;
        for (const auto& [kiosk, terminal] : state_.terminals->terminals) {
            if (terminal.center == center) result.push_back(terminal);
        }
        return result;
    }
    StoreResult<CenterTotals> totals(const CenterId& center) override {
        CenterTotals totals;
        for (const auto& [kiosk, terminal] : state_.terminals->terminals) {
            if (terminal.center != center) continue;
            totals.records += terminal.totals;
            totals.reported_collected += terminal.reported_collected;
        }
        return totals;
    }
    StoreResult<std::vector<TerminalKey>> keys(const KioskId& kiosk) override {
        return found(state_.terminals->keys, kiosk).value_or(std::vector<TerminalKey>());
    }
    StoreResult<std::optional<EnrolmentCode>> code(const std::string& code_hash) override {
        return found(state_.terminals->codes, code_hash);
    }
    StoreResult<std::optional<Boot>> boot(const KioskId& kiosk, const std::string& boot) override {
        return found(found(state_.terminals->boots, kiosk).value_or(std::map<std::string, Boot>()), boot);
    }
    StoreResult<std::vector<TerminalDay>> days(const CenterId& center, survey::Date first, survey::Date last) override {
        std::vector<TerminalDay> result;
        for (const auto& [kiosk, days] : state_.terminals->days) {
            const auto terminal = found(state_.terminals->terminals, kiosk);
            if (!terminal || terminal->center != center) continue;
            for (const auto& [date, day] : days) {
                if (first <= date && date <= last) result.push_back(day);
            }
        }
        return result;
    }
    StoreResult<std::vector<TerminalDay>> days_of(const KioskId& kiosk) override {
        std::vector<TerminalDay> result;
        const auto days = state_.terminals->days.find(kiosk);
        if (days == state_.terminals->days.end()) return result;
        for (const auto& [date, day] : days->second)
            result.push_back(day);
        return result;
    }
    StoreResult<std::vector<HeardStatus>> statuses(const KioskId& after, std::size_t count_max) override {
        std::vector<HeardStatus> result;
        const auto& all = state_.terminals->statuses;
        for (auto at = all.upper_bound(after); at != all.end() && result.size() < count_max; ++at)
            result.push_back(at->second);
        return result;
    }
    StoreResult<void> put(const Terminal& terminal) override {
        const auto holder = by_token(terminal.token_hash);
        if (*holder && (*holder)->kiosk != terminal.kiosk) return conflict("another terminal has the token");
        Terminal& stored = state_.terminals.own().terminals[terminal.kiosk];
        const std::int64_t erased = stored.erased;
        stored = terminal;
        stored.erased = erased;
        return {};
    }
    StoreResult<void> add_key(const TerminalKey& key) override {
        std::vector<TerminalKey>& keys = state_.terminals.own().keys[key.kiosk];
        const auto is_same = [&](const TerminalKey& known) { return known.key == key.key; };
        if (std::none_of(keys.begin(), keys.end(), is_same)) keys.push_back(key);
        return {};
    }
    StoreResult<void> put_code(const EnrolmentCode& code) override {
        state_.terminals.own().codes[code.code_hash] = code;
        return {};
    }
    StoreResult<void> end_codes(const KioskId& kiosk) override {
        std::erase_if(state_.terminals.own().codes, [&](const auto& code) { return code.second.kiosk == kiosk; });
        return {};
    }
    StoreResult<void> put_boot(const KioskId& kiosk, const Boot& boot, std::int64_t forget_until) override {
        std::map<std::string, Boot>& boots = state_.terminals.own().boots[kiosk];
        boots[boot.boot] = boot;
        std::erase_if(boots, [&](const auto& known) { return known.second.turn <= forget_until; });
        return {};
    }
    StoreResult<void> add_days(std::span<const TerminalDay> days) override {
        if (!std::all_of(days.begin(), days.end(), [](const TerminalDay& day) { return is_kept(day.day); })) {
            return conflict("there is no such day");
        }
        for (const TerminalDay& day : days) {
            TerminalDay& sum = state_.terminals.own().days[day.kiosk][day.day];
            sum.kiosk = day.kiosk;
            sum.day = day.day;
            if (day.collected != 0) sum.collected = day.collected;
            sum += day;
        }
        return {};
    }
    StoreResult<void> put_statuses(std::span<const HeardStatus> statuses) override {
        for (const HeardStatus& one : statuses)
            state_.terminals.own().statuses[one.kiosk] = one;
        return {};
    }

  private:
    State& state_;
};

class MemoryRecords final : public RecordWriter {
  public:
    explicit MemoryRecords(State& state) : state_(state) {}

    StoreResult<std::vector<StoredRecord>> page(const KioskId& kiosk, std::int64_t first_seq,
                                                std::size_t count_max) override {
        std::vector<StoredRecord> result;
        const auto& records = chain(kiosk).records;
        for (auto at = records.lower_bound(first_seq); at != records.end() && result.size() < count_max; ++at)
            result.push_back(at->second);
        return result;
    }
    StoreResult<std::vector<ChainValue>> chain_values(const KioskId& kiosk, std::int64_t first_seq,
                                                      std::int64_t last_seq) override {
        std::vector<ChainValue> result;
        const auto& records = chain(kiosk).records;
        for (auto at = records.lower_bound(first_seq); at != records.end() && at->first <= last_seq; ++at)
            result.push_back({at->first, at->second.hash});
        return result;
    }
    StoreResult<std::vector<IdPlace>> find_ids(std::span<const Uuid> ids) override {
        std::vector<IdPlace> result;
        for (const Uuid& id : ids) {
            const auto places = state_.records->ids.find(id);
            if (places == state_.records->ids.end()) continue;
            result.insert(result.end(), places->second.begin(), places->second.end());
        }
        return result;
    }
    StoreResult<std::vector<StoredRecord>> quarantined_after(const KioskId& kiosk, std::int64_t seq,
                                                             std::size_t count_max) override {
        std::vector<StoredRecord> result;
        const auto& chains = state_.records->chains;
        for (auto at = chains.lower_bound(kiosk); at != chains.end(); ++at) {
            for (const auto& [place, record] : (*at->second).records) {
                if (!record.quarantine_reason || (at->first == kiosk && place <= seq)) continue;
                if (result.size() == count_max) return result;
                result.push_back(record);
            }
        }
        return result;
    }
    StoreResult<std::optional<CountedAt>> counted_before(const KioskId& kiosk, std::int64_t seq,
                                                         std::int64_t seq_min) override {
        const auto& records = chain(kiosk).records;
        for (auto at = records.lower_bound(seq); at != records.begin();) {
            const StoredRecord& record = (--at)->second;
            if (record.seq < seq_min) break;
            if (!record.quarantine_reason && !record.reprocessed && record.trust != survey::TimeTrust::doubtful) {
                return CountedAt{record.seq, record.counted_at};
            }
        }
        return std::nullopt;
    }
    StoreResult<std::vector<StoredBatch>> batches(const KioskId& kiosk) override { return chain(kiosk).batches; }
    StoreResult<std::optional<StoredBatch>> batch_of(const KioskId& kiosk, std::int64_t seq) override {
        for (const StoredBatch& batch : chain(kiosk).batches) {
            if (batch.first_seq <= seq && seq < batch.first_seq + batch.count) return batch;
        }
        return std::nullopt;
    }
    StoreResult<std::vector<StoredSkip>> skips(const KioskId& kiosk) override {
        std::vector<StoredSkip> result;
        for (const auto& [first, skip] : chain(kiosk).skips)
            result.push_back(skip);
        return result;
    }
    StoreResult<std::int64_t> unsigned_until(const KioskId&) override { return 0; }

    StoreResult<std::vector<std::size_t>> add(std::span<const NewRecord> records) override;
    StoreResult<void> add_batch(const StoredBatch& batch) override {
        std::vector<StoredBatch>& batches = own_chain(batch.kiosk).batches;
        batches.push_back(batch);
        batches.back().number = ++state_.records.own().batches;
        return {};
    }
    StoreResult<void> add_skips(std::span<const StoredSkip> skips) override;
    StoreResult<void> reprocess(const StoredRecord& record) override;
    StoreResult<void> resolve_anew(std::span<const ResolvedRecord> records) override;

  private:
    [[nodiscard]] const Chain& chain(const KioskId& kiosk) const {
        static const Chain kNone;
        const auto at = state_.records->chains.find(kiosk);
        return at == state_.records->chains.end() ? kNone : *at->second;
    }
    [[nodiscard]] Chain& own_chain(const KioskId& kiosk) { return state_.records.own().chains[kiosk].own(); }

    State& state_;
};

StoreResult<std::vector<std::size_t>> MemoryRecords::add(std::span<const NewRecord> records) {
    State after = state_;
    std::vector<std::size_t> repeated;
    for (std::size_t i = 0; i < records.size(); ++i) {
        StoredRecord record = records[i].record;
        if (record.seq < 1 || record.seq > survey::kSeqMax) return conflict("there is no such record");
        RecordState& state = after.records.own();
        Chain& chain = state.chains[record.kiosk].own();
        if (chain.records.count(record.seq) != 0) return conflict("the record is stored");
        const bool is_counted = !record.quarantine_reason;
        if (record.id) {
            std::vector<IdPlace>& places = state.ids[*record.id];
            if (!places.empty() && records[i].id_decides) {
                repeated.push_back(i);
                continue;
            }
            if (!places.empty() && is_counted) return conflict("an id counts once");
            places.push_back({*record.id, record.kiosk, record.seq});
        }
        if (!is_counted) {
            record.counted_at = {};
            record.trust = survey::TimeTrust::doubtful;
        }
        const std::int64_t seq = record.seq;
        chain.records.emplace(seq, std::move(record));
    }
    if (repeated.empty()) state_ = std::move(after);
    return repeated;
}

StoreResult<void> MemoryRecords::add_skips(std::span<const StoredSkip> skips) {
    State after = state_;
    for (const StoredSkip& skip : skips) {
        Chain& chain = after.records.own().chains[skip.kiosk].own();
        const auto record = chain.records.lower_bound(skip.first_seq);
        if (record != chain.records.end() && record->first <= skip.last_seq) return conflict("a record stands there");
        for (const auto& [first, other] : chain.skips) {
            if (first <= skip.last_seq && skip.first_seq <= other.last_seq) return conflict("a skip stands there");
        }
        if (skip.first_seq < 1 || skip.last_seq < skip.first_seq) return conflict("there are no such numbers");
        chain.skips.emplace(skip.first_seq, skip);
    }
    state_ = std::move(after);
    return {};
}

StoreResult<void> MemoryRecords::reprocess(const StoredRecord& record) {
    const auto stored = found(chain(record.kiosk).records, record.seq);
    if (!stored || !stored->quarantine_reason) return conflict("the record is not quarantined");
    if (!record.id || !record.reprocessed) return conflict("a record is reprocessed with its id and the time");
    if (stored->id && stored->id != record.id) return conflict("records are append-only");
    const auto places = find_ids(std::array{*record.id});
    for (const IdPlace& place : *places) {
        if (!chain(place.kiosk).records.at(place.seq).quarantine_reason) return conflict("an id counts once");
    }
    StoredRecord& changed = own_chain(record.kiosk).records.at(record.seq);
    if (!changed.id) state_.records.own().ids[*record.id].push_back({*record.id, record.kiosk, record.seq});
    changed.id = record.id;
    changed.quarantine_reason.reset();
    changed.counted_at = record.counted_at;
    changed.trust = record.trust;
    changed.reprocessed = record.reprocessed;
    return {};
}

StoreResult<void> MemoryRecords::resolve_anew(std::span<const ResolvedRecord> records) {
    if (state_.documents->corrections.empty() && !records.empty()) return conflict("records are append-only");
    State after = state_;
    for (const ResolvedRecord& record : records) {
        const auto stored = found(chain(record.kiosk).records, record.seq);
        if (!stored || stored->quarantine_reason) return conflict("the record is not counted");
        StoredRecord& changed = after.records.own().chains[record.kiosk].own().records.at(record.seq);
        changed.counted_at = record.time.counted_at;
        changed.trust = record.time.trust;
    }
    state_ = std::move(after);
    return {};
}

class MemoryTallies final : public TallyWriter {
  public:
    explicit MemoryTallies(State& state) : state_(state) {}
    StoreResult<std::vector<TallyRow>> find(const TallyQuery& query) override {
        std::vector<TallyRow> result = *of_center(query.center);
        std::erase_if(result, [&](const TallyRow& row) {
            const survey::TallyKey& key = row.key;
            return key.grain != query.grain || key.date < query.first || query.last < key.date ||
                   query.subject_kind.value_or(key.subject.kind) != key.subject.kind ||
                   query.subject_id.value_or(key.subject.id) != key.subject.id;
        });
        return result;
    }
    StoreResult<std::vector<TallyRow>> of_center(const CenterId& center) override {
        std::vector<TallyRow> result;
        const auto rows = state_.tallies->rows.find(center);
        if (rows == state_.tallies->rows.end()) return result;
        for (const auto& [key, tally] : rows->second)
            result.push_back({center, key, tally});
        return result;
    }
    StoreResult<std::vector<CenterId>> centers() override {
        std::vector<CenterId> result;
        for (const auto& [center, rows] : state_.tallies->rows)
            result.push_back(center);
        return result;
    }
    StoreResult<void> add(const CenterSheets& sheets) override {
        for (const auto& [center, sheet] : sheets) {
            for (const auto& [key, tally] : sheet) {
                if (!is_kept(key.date)) return conflict("there is no such day");
            }
        }
        for (const auto& [center, sheet] : sheets) {
            if (sheet.empty()) continue;
            TallyState& tallies = state_.tallies.own();
            for (const auto& [key, tally] : sheet)
                tallies.rows[center][key] += tally;
        }
        return {};
    }
    StoreResult<void> subtract(const CenterSheets& sheets) override {
        State after = state_;
        for (const auto& [center, sheet] : sheets) {
            if (sheet.empty()) continue;
            TallyState& tallies = after.tallies.own();
            for (const auto& [key, less] : sheet) {
                const auto row = tallies.rows[center].find(key);
                if (row == tallies.rows[center].end() || !survey::subtract(row->second, less)) {
                    return conflict("a tally holds less");
                }
                if (row->second == survey::Tally{}) tallies.rows[center].erase(row);
            }
        }
        state_ = std::move(after);
        return {};
    }

  private:
    State& state_;
};

class MemoryPublicTallies final : public PublicTallyWriter {
  public:
    explicit MemoryPublicTallies(State& state) : state_(state) {}
    StoreResult<PublicSheet> find(const CenterId& center, survey::Date first, survey::Date last) override {
        PublicSheet rows = found(state_.public_tallies->rows, center).value_or(PublicSheet{});
        std::erase_if(rows, [&](const auto& row) { return !is_within(row.first, first, last); });
        return rows;
    }
    StoreResult<std::optional<Release>> last_release(const CenterId& center) override {
        return found(state_.public_tallies->releases, center);
    }
    StoreResult<void> replace(const CenterId& center, survey::Date first, survey::Date last,
                              const PublicSheet& rows) override {
        for (const auto& [row, tally] : rows) {
            if (!is_within(row, first, last) || !is_kept(row.key.date)) return conflict("a row of another day");
        }
        PublicSheet& stored = state_.public_tallies.own().rows[center];
        std::erase_if(stored, [&](const auto& row) { return is_within(row.first, first, last); });
        stored.insert(rows.begin(), rows.end());
        return {};
    }
    StoreResult<void> note_release(const CenterId& center, survey::Date day) override {
        if (!is_kept(day)) return conflict("there is no such day");
        Release& release = state_.public_tallies.own().releases[center];
        release = {day, release.number + 1};
        return {};
    }

  private:
    static bool is_within(const PublicKey& row, survey::Date first, survey::Date last) {
        return first <= row.key.date && row.key.date <= last;
    }

    State& state_;
};

class MemoryTexts final : public TextWriter {
  public:
    explicit MemoryTexts(State& state) : state_(state) {}
    StoreResult<std::vector<StoredText>> of_record(const KioskId& kiosk, std::int64_t seq) override {
        std::vector<StoredText> result;
        const auto& texts = state_.texts->texts;
        for (auto at = texts.lower_bound({kiosk, seq, {}}); at != texts.end(); ++at) {
            if (at->first.kiosk != kiosk || at->first.seq != seq) break;
            result.push_back(at->second);
        }
        return result;
    }
    StoreResult<std::vector<StoredText>> page(const TextPlace& after, std::size_t count_max) override {
        std::vector<StoredText> result;
        const auto& texts = state_.texts->texts;
        for (auto at = texts.upper_bound(after); at != texts.end() && result.size() < count_max; ++at)
            result.push_back(at->second);
        return result;
    }
    StoreResult<std::vector<StoredText>> last_of(const KioskId& kiosk, std::size_t count_max) override {
        std::vector<StoredText> result;
        std::set<std::int64_t> seqs;
        const auto& texts = state_.texts->texts;
        for (auto at = texts.rbegin(); at != texts.rend(); ++at) {
            if (at->first.kiosk != kiosk) continue;
            seqs.insert(at->first.seq);
            if (seqs.size() > count_max) break;
            result.insert(result.begin(), at->second);
        }
        return result;
    }
    StoreResult<std::vector<TextPlace>> received_before(survey::UtcTime before, std::size_t count_max) override {
        std::vector<TextPlace> result;
        for (const auto& [place, text] : state_.texts->texts) {
            if (text.received < before && result.size() < count_max) result.push_back(place);
        }
        return result;
    }
    StoreResult<std::vector<Erasure>> erasures(const TextPlace& after, std::size_t count_max) override {
        std::vector<Erasure> result;
        const auto& erasures = state_.texts->erasures;
        for (auto at = erasures.upper_bound(after); at != erasures.end() && result.size() < count_max; ++at)
            result.push_back(at->second);
        return result;
    }
    StoreResult<std::vector<Erasure>> erasures_of_record(const KioskId& kiosk, std::int64_t seq) override {
        std::vector<Erasure> result;
        for (const auto& [place, erasure] : state_.texts->erasures) {
            if (place.kiosk == kiosk && place.seq == seq) result.push_back(erasure);
        }
        return result;
    }
    StoreResult<std::vector<Erasure>> newest_erasures(const KioskId& kiosk, std::size_t count_max) override {
        std::vector<Erasure> result;
        const auto& in_order = state_.texts->in_order;
        for (auto at = in_order.rbegin(); at != in_order.rend() && result.size() < count_max; ++at) {
            if (at->kiosk == kiosk) result.push_back(state_.texts->erasures.at(*at));
        }
        return result;
    }
    StoreResult<void> add(std::span<const StoredText> texts) override {
        for (const StoredText& text : texts) {
            if (state_.texts->erasures.count(text.place) == 0) state_.texts.own().texts.emplace(text.place, text);
        }
        return {};
    }
    StoreResult<std::vector<TextPlace>> erase(std::span<const Erasure> erasures) override {
        std::vector<TextPlace> erased;
        for (const Erasure& erasure : erasures) {
            if (!state_.texts.own().erasures.emplace(erasure.place, erasure).second) continue;
            state_.texts.own().texts.erase(erasure.place);
            state_.texts.own().in_order.push_back(erasure.place);
            erased.push_back(erasure.place);
            auto& terminals = state_.terminals.own().terminals;
            const auto terminal = terminals.find(erasure.place.kiosk);
            if (terminal != terminals.end()) ++terminal->second.erased;
        }
        return erased;
    }

  private:
    State& state_;
};

class MemoryFacts final : public FactWriter {
  public:
    explicit MemoryFacts(State& state) : state_(state) {}
    StoreResult<std::optional<std::string>> fact(const std::string& name) override {
        return found(state_.facts->facts, name);
    }
    StoreResult<void> put(const std::string& name, const std::string& text) override {
        state_.facts.own().facts[name] = text;
        return {};
    }

  private:
    State& state_;
};

class MemoryIncidents final : public IncidentWriter {
  public:
    explicit MemoryIncidents(State& state) : state_(state) {}
    StoreResult<std::vector<Incident>> newest(std::size_t count_max) override {
        const auto& all = state_.incidents->incidents;
        const std::size_t count = std::min(count_max, all.size());
        return std::vector<Incident>(all.end() - static_cast<std::ptrdiff_t>(count), all.end());
    }
    StoreResult<void> add(std::span<const Incident> incidents) override {
        for (const Incident& incident : incidents) {
            IncidentState& state = state_.incidents.own();
            if (!state.known.insert({incident.kiosk, incident.kind, incident.detail}).second) continue;
            state.incidents.push_back(incident);
        }
        return {};
    }

  private:
    State& state_;
};

/// The subjects over one state.
struct Subjects {
    explicit Subjects(State start)
        : state(std::move(start)),
          documents(state),
          terminals(state),
          records(state),
          tallies(state),
          public_tallies(state),
          texts(state),
          incidents(state),
          facts(state) {}
    Subjects(const Subjects&) = delete;
    Subjects& operator=(const Subjects&) = delete;

    [[nodiscard]] StoreCounts counts() const {
        return {static_cast<std::int64_t>(state.incidents->incidents.size()),
                static_cast<std::int64_t>(state.texts->texts.size()),
                static_cast<std::int64_t>(state.texts->erasures.size())};
    }

    State state;
    MemoryDocuments documents;
    MemoryTerminals terminals;
    MemoryRecords records;
    MemoryTallies tallies;
    MemoryPublicTallies public_tallies;
    MemoryTexts texts;
    MemoryIncidents incidents;
    MemoryFacts facts;
};

class MemorySnapshot final : public Snapshot {
  public:
    explicit MemorySnapshot(State state) : subjects_(std::move(state)) {}
    DocumentReader& documents() override { return subjects_.documents; }
    TerminalReader& terminals() override { return subjects_.terminals; }
    RecordReader& records() override { return subjects_.records; }
    TallyReader& tallies() override { return subjects_.tallies; }
    PublicTallyReader& public_tallies() override { return subjects_.public_tallies; }
    TextReader& texts() override { return subjects_.texts; }
    IncidentReader& incidents() override { return subjects_.incidents; }
    FactReader& facts() override { return subjects_.facts; }
    StoreResult<StoreCounts> counts() override { return subjects_.counts(); }
    StoreResult<std::vector<std::string>> contradictions(std::size_t) override { return std::vector<std::string>(); }

  private:
    Subjects subjects_;
};

class MemoryStore final : public Store {
  public:
    StoreResult<std::unique_ptr<Snapshot>> read() override {
        const std::lock_guard lock(mutex_);
        return std::make_unique<MemorySnapshot>(state_);
    }
    StoreResult<std::unique_ptr<Transaction>> write() override;
    StoreResult<void> check() override { return {}; }
    StoreResult<void> check_log() override { return {}; }

    void keep(const State& state) {
        const std::lock_guard lock(mutex_);
        state_ = state;
    }
    void finish_writing() {
        const std::lock_guard lock(mutex_);
        is_writing_ = false;
    }

  private:
    std::mutex mutex_;
    State state_;
    bool is_writing_ = false;
};

class MemoryTransaction final : public Transaction {
  public:
    MemoryTransaction(MemoryStore& store, State state) : store_(store), subjects_(std::move(state)) {}
    MemoryTransaction(const MemoryTransaction&) = delete;
    MemoryTransaction& operator=(const MemoryTransaction&) = delete;
    ~MemoryTransaction() override { store_.finish_writing(); }
    DocumentWriter& documents() override { return subjects_.documents; }
    TerminalWriter& terminals() override { return subjects_.terminals; }
    RecordWriter& records() override { return subjects_.records; }
    TallyWriter& tallies() override { return subjects_.tallies; }
    PublicTallyWriter& public_tallies() override { return subjects_.public_tallies; }
    TextWriter& texts() override { return subjects_.texts; }
    IncidentWriter& incidents() override { return subjects_.incidents; }
    FactWriter& facts() override { return subjects_.facts; }
    StoreResult<StoreCounts> counts() override { return subjects_.counts(); }
    StoreResult<std::vector<std::string>> contradictions(std::size_t) override { return std::vector<std::string>(); }
    StoreResult<void> commit() override {
        store_.keep(subjects_.state);
        return {};
    }
    StoreResult<void> set_savepoint() override {
        mark_ = subjects_.state;
        return {};
    }
    StoreResult<void> roll_back_to_savepoint() override {
        subjects_.state = mark_;
        return {};
    }

  private:
    MemoryStore& store_;
    Subjects subjects_;
    State mark_;
};

StoreResult<std::unique_ptr<Transaction>> MemoryStore::write() {
    const std::lock_guard lock(mutex_);
    if (is_writing_) return unexpected(StoreError{StoreErrorKind::busy, "another transaction is open", "try again"});
    is_writing_ = true;
    return std::make_unique<MemoryTransaction>(*this, state_);
}

}  // namespace

std::unique_ptr<Store> make_memory_store() {
    return std::make_unique<MemoryStore>();
}

}  // namespace hailong::sync::sample
