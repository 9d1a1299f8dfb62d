#include "kiosk/store/journal.h"

#include <algorithm>
#include <compare>
#include <cstring>
#include <map>
#include <tuple>

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Transaction.h>

#include "kiosk/store/database.h"
#include "survey/check.h"
#include "survey/record.h"

namespace hailong::kiosk {
namespace {

using survey::Digest;

/// Tally rows kept in memory between appends. One day of a center with eight counters needs 18.
constexpr std::size_t kTallyCacheRowsMax = 64;

/// What a row of day_tallies stands under.
struct TallyKey {
    std::string day;
    survey::QuestionnaireRef questionnaire;
    bool flagged = false;
    survey::Subject subject;
    auto operator<=>(const TallyKey&) const = default;
};

/// How many responses fell on a day, as the records say it.
using ResponseCounts = std::map<std::tuple<std::string, survey::QuestionnaireRef, bool>, std::int64_t>;

Digest digest_of(const SQLite::Column& column) {
    Digest digest;
    if (column.getBytes() != static_cast<int>(digest.bytes.size())) throw Damage("a chain value is not 32 bytes long");
    std::memcpy(digest.bytes.data(), column.getBlob(), digest.bytes.size());
    return digest;
}

JournalEntry entry_of(const InUse& row) {
    return {row->getColumn(0).getInt64(), digest_of(row->getColumn(1)), row->getColumn(2).getString()};
}

template <std::size_t Size>
void bind_bytes(const InUse& statement, int index, const std::array<std::uint8_t, Size>& bytes) {
    statement->bindNoCopy(index, static_cast<const void*>(bytes.data()), static_cast<int>(Size));
}

std::int64_t in_ms(survey::UtcTime time) {
    return time.time_since_epoch().count();
}
survey::UtcTime from_ms(std::int64_t time) {
    return survey::UtcTime{survey::milliseconds{time}};
}

std::string day_of(const survey::Response& response) {
    return survey::to_string(survey::local_date(response.finished.utc, response.finished.utc_offset));
}

bool kept_on_device(survey::SubjectKind kind) {
    return kind == survey::SubjectKind::visit || kind == survey::SubjectKind::counter;
}

survey::Tally tally_of(const std::string& text) {
    auto tally = survey::parse_tally(text);
    if (!tally) throw Damage("a day tally can't be read: " + survey::describe(tally.error()));
    return std::move(*tally);
}

}  // namespace

struct Journal::State {
    State(Database& opened, survey::KioskId owner)
        : database(opened),
          kiosk(std::move(owner)),
          head(sqlite(), "SELECT seq, hash FROM records ORDER BY seq DESC LIMIT 1"),
          by_id(sqlite(), "SELECT seq, hash, bytes FROM records WHERE id = ?"),
          hash_at(sqlite(), "SELECT hash FROM records WHERE seq = ?"),
          from(sqlite(), "SELECT seq, hash, bytes FROM records WHERE seq >= ? ORDER BY seq LIMIT ?"),
          insert(sqlite(), "INSERT INTO records (seq, id, hash, bytes) VALUES (?, ?, ?, ?)"),
          tally(sqlite(),
                "SELECT tally FROM day_tallies WHERE day = ? AND questionnaire = ? AND version = ? AND flagged = ? "
                "AND subject_kind = ? AND subject_id = ?"),
          put_tally(sqlite(),
                    "INSERT INTO day_tallies (day, questionnaire, version, flagged, subject_kind, subject_id, tally) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET tally = excluded.tally"),
          delivered(sqlite(), "SELECT delivered_seq FROM sync_state"),
          mark(sqlite(), "UPDATE sync_state SET delivered_seq = ?1 WHERE delivered_seq < ?1") {}

    [[nodiscard]] SQLite::Database& sqlite() { return database.sqlite(); }

    [[nodiscard]] ChainHead read_head();
    [[nodiscard]] std::int64_t read_delivered();
    [[nodiscard]] std::optional<JournalEntry> find(const survey::Uuid& id);
    void claim();
    void check_newest();
    [[nodiscard]] survey::Tally read_tally(const TallyKey& key);
    void count(const TallyKey& key, const survey::Tally& added);
    void verify_records(std::vector<std::string>& faults, ResponseCounts& counts);
    void verify_tallies(std::vector<std::string>& faults, const ResponseCounts& counts);

    std::unique_ptr<Database>
        owned;  // taken over at the end of open(); declared first, so that statements go before it
    Database& database;
    survey::KioskId kiosk;
    SQLite::Statement head;
    SQLite::Statement by_id;
    SQLite::Statement hash_at;
    SQLite::Statement from;
    SQLite::Statement insert;
    SQLite::Statement tally;
    SQLite::Statement put_tally;
    SQLite::Statement delivered;
    SQLite::Statement mark;

    // The tally rows as they stand while the newest record is `cached_seq`. They change only together with a record, so
    // a head with another number, by another process or after a rollback, tells that they must be read again.
    std::int64_t cached_seq = -1;
    std::map<TallyKey, survey::Tally> cache;
};

ChainHead Journal::State::read_head() {
    const InUse row(head);
    if (!row->executeStep()) return {};
    return {row->getColumn(0).getInt64(), digest_of(row->getColumn(1))};
}

std::int64_t Journal::State::read_delivered() {
    const InUse row(delivered);
    if (!row->executeStep()) throw Damage("the state of the sync is missing");
    return row->getColumn(0).getInt64();
}

std::optional<JournalEntry> Journal::State::find(const survey::Uuid& id) {
    const InUse row(by_id);
    bind_bytes(row, 1, id.bytes);
    if (!row->executeStep()) return std::nullopt;
    return entry_of(row);
}

/// A new file becomes this terminal's; after that it stays so.
void Journal::State::claim() {
    SQLite::Statement owner(sqlite(), "SELECT kiosk FROM identity");
    if (!owner.executeStep()) {
        owner.reset();
        SQLite::Statement take(sqlite(), "INSERT INTO identity VALUES (1, ?) ON CONFLICT DO NOTHING");
        take.bind(1, kiosk.text);
        take.exec();
        if (!owner.executeStep()) throw Damage("the terminal's id is missing");
    }
    kiosk.text = owner.getColumn(0).getString();
}

/// What a torn or exchanged file shows first, at the price of two rows.
void Journal::State::check_newest() {
    SQLite::Statement newest(sqlite(), "SELECT seq, hash, bytes FROM records ORDER BY seq DESC LIMIT 2");
    JournalEntry last;
    if (newest.executeStep()) {
        last = {newest.getColumn(0).getInt64(), digest_of(newest.getColumn(1)), newest.getColumn(2).getString()};
        const Digest before = newest.executeStep() ? digest_of(newest.getColumn(1)) : survey::kChainStart;
        if (survey::chain(before, last.bytes) != last.hash) {
            throw Damage("seq " + std::to_string(last.seq) + ": the record's bytes do not match its chain value");
        }
    }
    newest.reset();
    if (read_delivered() > last.seq) {
        throw Damage("the backend confirmed records up to seq " + std::to_string(read_delivered()) +
                     ", but the newest here is seq " + std::to_string(last.seq));
    }
}

survey::Tally Journal::State::read_tally(const TallyKey& key) {
    const InUse row(tally);
    row->bindNoCopy(1, key.day);
    row->bindNoCopy(2, key.questionnaire.id.text);
    row->bind(3, key.questionnaire.version);
    row->bind(4, key.flagged ? 1 : 0);
    row->bind(5, std::string(survey::name(key.subject.kind)));
    row->bindNoCopy(6, key.subject.id);
    return row->executeStep() ? tally_of(row->getColumn(0).getString()) : survey::Tally{};
}

void Journal::State::count(const TallyKey& key, const survey::Tally& added) {
    auto cached = cache.find(key);
    if (cached == cache.end()) {
        if (cache.size() >= kTallyCacheRowsMax) cache.clear();
        cached = cache.emplace(key, read_tally(key)).first;
    }
    cached->second += added;
    const InUse row(put_tally);
    row->bindNoCopy(1, key.day);
    row->bindNoCopy(2, key.questionnaire.id.text);
    row->bind(3, key.questionnaire.version);
    row->bind(4, key.flagged ? 1 : 0);
    row->bind(5, std::string(survey::name(key.subject.kind)));
    row->bindNoCopy(6, key.subject.id);
    row->bind(7, survey::to_text(cached->second));
    row->exec();
}

Journal::Journal(std::unique_ptr<State> state) : state_(std::move(state)) {}
Journal::Journal(Journal&&) noexcept = default;
Journal& Journal::operator=(Journal&&) noexcept = default;
Journal::~Journal() = default;

Expected<Journal, StoreError> Journal::open(const std::filesystem::path& file, const survey::KioskId& kiosk,
                                            survey::milliseconds busy_timeout) {
    auto database = Database::open(file, busy_timeout);
    if (!database) return unexpected(database.error());
    Database& opened = **database;
    return opened.run<Journal>("be opened", [&]() -> Expected<Journal, StoreError> {
        auto state = std::make_unique<State>(opened, kiosk);
        state->claim();
        if (state->kiosk != kiosk) {
            return unexpected(
                make_error(StoreErrorKind::wrong_kiosk, file.string() + ": the file belongs to terminal \"" +
                                                            state->kiosk.text + "\", not to \"" + kiosk.text + "\""));
        }
        state->check_newest();
        state->owned = std::move(*database);
        return Journal(std::move(state));
    });
}

Expected<JournalEntry, StoreError> Journal::append(const survey::Response& response,
                                                   const survey::Questionnaire& questionnaire) {
    survey::check(response.questionnaire == questionnaire.ref, "a response is appended with its own questionnaire");
    return state_->database.run<JournalEntry>("write the response", [&]() -> Expected<JournalEntry, StoreError> {
        WriteTransaction transaction(state_->database);
        if (auto held = state_->find(response.id)) return std::move(*held);
        const ChainHead head = state_->read_head();
        if (head.seq != state_->cached_seq) state_->cache.clear();
        state_->cached_seq = -1;  // until this commit stands, the cache runs ahead of the file

        JournalEntry entry{head.seq + 1, {}, survey::encode({state_->kiosk, head.seq + 1, response})};
        survey::check(entry.bytes.size() <= survey::kRecordBytesMax, "a record fits into a batch");
        entry.hash = survey::chain(head.hash, entry.bytes);
        {
            const InUse insert(state_->insert);
            insert->bind(1, entry.seq);
            bind_bytes(insert, 2, response.id.bytes);
            bind_bytes(insert, 3, entry.hash.bytes);
            insert->bindNoCopy(4, entry.bytes);
            insert->exec();
        }
        const std::string day = day_of(response);
        for (const survey::Contribution& part : survey::contributions(response, questionnaire)) {
            if (!kept_on_device(part.subject.kind)) continue;
            state_->count({day, response.questionnaire, !response.flags.empty(), part.subject}, part.tally);
        }
        transaction.commit();
        state_->cached_seq = entry.seq;
        return entry;
    });
}

Expected<ChainHead, StoreError> Journal::head() const {
    return state_->database.run<ChainHead>("read the newest record",
                                           [&]() -> Expected<ChainHead, StoreError> { return state_->read_head(); });
}

Expected<std::optional<Digest>, StoreError> Journal::hash_at(std::int64_t seq) const {
    using Found = std::optional<Digest>;
    if (seq == 0) return survey::kChainStart;
    return state_->database.run<Found>("read a chain value", [&]() -> Expected<Found, StoreError> {
        const InUse row(state_->hash_at);
        row->bind(1, seq);
        if (!row->executeStep()) return std::nullopt;
        return digest_of(row->getColumn(0));
    });
}

Expected<std::vector<JournalEntry>, StoreError> Journal::read(std::int64_t first_seq, std::size_t count_max,
                                                              std::size_t bytes_max) const {
    using Entries = std::vector<JournalEntry>;
    return state_->database.run<Entries>("read the records", [&]() -> Expected<Entries, StoreError> {
        Entries entries;
        std::size_t bytes = 0;
        const InUse row(state_->from);
        row->bind(1, first_seq);
        row->bind(2, static_cast<std::int64_t>(std::min<std::size_t>(count_max, INT64_MAX)));
        while (row->executeStep()) {
            JournalEntry entry = entry_of(row);
            bytes += entry.bytes.size();
            if (!entries.empty() && bytes > bytes_max) break;
            entries.push_back(std::move(entry));
        }
        return entries;
    });
}

Expected<std::int64_t, StoreError> Journal::delivered_seq() const {
    return state_->database.run<std::int64_t>(
        "read what was delivered", [&]() -> Expected<std::int64_t, StoreError> { return state_->read_delivered(); });
}

Expected<void, StoreError> Journal::mark_delivered(std::int64_t seq) {
    return state_->database.run<void>("note what was delivered", [&]() -> Expected<void, StoreError> {
        WriteTransaction transaction(state_->database);
        survey::check(seq <= state_->read_head().seq, "only records that exist are marked as delivered");
        const InUse mark(state_->mark);
        mark->bind(1, seq);
        if (mark->exec() > 0) transaction.commit();
        return {};
    });
}

Expected<SyncStatus, StoreError> Journal::sync_status() const {
    return state_->database.run<SyncStatus>("read the sync's state", [&]() -> Expected<SyncStatus, StoreError> {
        SQLite::Statement row(state_->sqlite(),
                              "SELECT last_attempt_ms, last_success_ms, last_error, server_offset_ms FROM sync_state");
        if (!row.executeStep()) throw Damage("the state of the sync is missing");
        SyncStatus status;
        status.last_attempt = from_ms(row.getColumn(0).getInt64());
        if (!row.isColumnNull(1)) status.last_success = from_ms(row.getColumn(1).getInt64());
        status.last_error = row.getColumn(2).getString();
        if (!row.isColumnNull(3)) status.server_offset = survey::milliseconds{row.getColumn(3).getInt64()};
        return status;
    });
}

Expected<void, StoreError> Journal::set_sync_status(const SyncStatus& status) {
    return state_->database.run<void>("note the sync's state", [&]() -> Expected<void, StoreError> {
        SQLite::Statement row(state_->sqlite(),
                              "UPDATE sync_state SET last_attempt_ms = ?, last_success_ms = ?, last_error = ?, "
                              "server_offset_ms = ?");
        row.bind(1, in_ms(status.last_attempt));
        if (status.last_success) row.bind(2, in_ms(*status.last_success));
        row.bind(3, status.last_error);
        if (status.server_offset) row.bind(4, static_cast<std::int64_t>(status.server_offset->count()));
        row.exec();
        return {};
    });
}

Expected<std::vector<DayTally>, StoreError> Journal::tallies(survey::Date first, survey::Date last) const {
    using Tallies = std::vector<DayTally>;
    return state_->database.run<Tallies>("read the day tallies", [&]() -> Expected<Tallies, StoreError> {
        SQLite::Statement row(state_->sqlite(),
                              "SELECT day, questionnaire, version, flagged, subject_kind, subject_id, tally "
                              "FROM day_tallies WHERE day BETWEEN ? AND ? "
                              "ORDER BY day, questionnaire, version, flagged, subject_kind, subject_id");
        row.bind(1, survey::to_string(first));
        row.bind(2, survey::to_string(last));
        Tallies found;
        while (row.executeStep()) {
            const auto day = survey::parse_date(row.getColumn(0).getString());
            const auto kind = survey::parse_subject_kind(row.getColumn(4).getString());
            if (!day || !kind) throw Damage("a day tally stands under no day or subject");
            DayTally tally;
            tally.day = *day;
            tally.questionnaire = {survey::QuestionnaireId{row.getColumn(1).getString()}, row.getColumn(2).getInt64()};
            tally.flagged = row.getColumn(3).getInt() != 0;
            tally.subject = {*kind, row.getColumn(5).getString()};
            tally.tally = tally_of(row.getColumn(6).getString());
            found.push_back(std::move(tally));
        }
        return found;
    });
}

void Journal::State::verify_records(std::vector<std::string>& faults, ResponseCounts& counts) {
    SQLite::Statement row(sqlite(), "SELECT seq, hash, bytes, id FROM records ORDER BY seq");
    std::int64_t expected_seq = 1;
    Digest before = survey::kChainStart;
    while (row.executeStep() && faults.size() < kVerifyFaultsMax) {
        const JournalEntry entry{row.getColumn(0).getInt64(), digest_of(row.getColumn(1)),
                                 row.getColumn(2).getString()};
        const std::string place = "seq " + std::to_string(entry.seq) + ": ";
        if (entry.seq != expected_seq) {
            faults.push_back("seq " + std::to_string(expected_seq) + ": missing; the next record is seq " +
                             std::to_string(entry.seq));
        }
        if (survey::chain(before, entry.bytes) != entry.hash) {
            faults.push_back(place + "the record's bytes do not match its chain value");
        }
        const auto record = survey::decode(entry.bytes);
        if (!record) {
            faults.push_back(place + "the record can't be read: " + survey::describe(record.error()));
        } else {
            if (record->seq != entry.seq)
                faults.push_back(place + "the record says seq " + std::to_string(record->seq));
            if (record->kiosk != kiosk) faults.push_back(place + "the record says terminal " + record->kiosk.text);
            const auto id = row.getColumn(3);
            if (id.getBytes() != 16 || std::memcmp(id.getBlob(), record->response.id.bytes.data(), 16) != 0) {
                faults.push_back(place + "the record says id " + survey::to_string(record->response.id));
            }
            const survey::Response& response = record->response;
            counts[{day_of(response), response.questionnaire, !response.flags.empty()}] += 1;
        }
        before = entry.hash;  // so that one changed record is blamed alone
        expected_seq = entry.seq + 1;
    }
    if (read_delivered() >= expected_seq) {
        faults.push_back("seq " + std::to_string(read_delivered()) + ": confirmed by the backend, but missing here");
    }
}

void Journal::State::verify_tallies(std::vector<std::string>& faults, const ResponseCounts& counts) {
    ResponseCounts missing = counts;
    SQLite::Statement row(sqlite(),
                          "SELECT day, questionnaire, version, flagged, tally FROM day_tallies "
                          "WHERE subject_kind = 'visit'");
    while (row.executeStep() && faults.size() < kVerifyFaultsMax) {
        const std::string day = row.getColumn(0).getString();
        const survey::QuestionnaireRef ref{survey::QuestionnaireId{row.getColumn(1).getString()},
                                           row.getColumn(2).getInt64()};
        const auto found = missing.find({day, ref, row.getColumn(3).getInt() != 0});
        const std::int64_t recounted = found == missing.end() ? 0 : found->second;
        if (found != missing.end()) missing.erase(found);
        const auto counted = survey::parse_tally(row.getColumn(4).getString());
        if (!counted) {
            faults.push_back("tally of " + day + ": can't be read: " + survey::describe(counted.error()));
        } else if (counted->responses != recounted) {
            faults.push_back("tally of " + day + ", " + ref.id.text + " version " + std::to_string(ref.version) +
                             ": counts " + std::to_string(counted->responses) + " responses, the records say " +
                             std::to_string(recounted));
        }
    }
    for (const auto& [key, count] : missing) {
        if (faults.size() >= kVerifyFaultsMax) return;
        faults.push_back("tally of " + std::get<0>(key) + ": missing; the records say " + std::to_string(count) +
                         " responses");
    }
}

Expected<std::vector<std::string>, StoreError> Journal::verify() const {
    using Sentences = std::vector<std::string>;
    return state_->database.run<Sentences>("be verified", [&]() -> Expected<Sentences, StoreError> {
        // One read transaction: the kiosk may append meanwhile.
        SQLite::Transaction same_state(state_->sqlite());
        Sentences faults;
        SQLite::Statement structure(state_->sqlite(), "PRAGMA integrity_check(10)");
        while (structure.executeStep()) {
            const std::string line = structure.getColumn(0).getString();
            if (line != "ok") faults.push_back("file: " + line);
        }
        ResponseCounts counts;
        state_->verify_records(faults, counts);
        state_->verify_tallies(faults, counts);
        return faults;
    });
}

}  // namespace hailong::kiosk
