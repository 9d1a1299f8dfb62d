#include "kiosk/journal/journal.h"

#include <algorithm>
#include <set>

#include "kiosk/journal/state.h"
#include "survey/base/check.h"

namespace hailong::kiosk {
namespace {

using survey::Digest;

JournalEntry entry_of(const InUse& row) {
    return {row->getColumn(0).getInt64(), digest_of(row->getColumn(1)), row->getColumn(2).getString()};
}

/// Each sealed names another answer with texts of `response`, and keeps the limits.
bool fit(const std::vector<survey::SealedText>& texts, const survey::Response& response) {
    if (texts.size() > survey::kSealedTextsMax) return false;
    std::set<survey::ItemId> items;
    return std::all_of(texts.begin(), texts.end(), [&](const survey::SealedText& one) {
        const survey::Answer* answer = survey::answer_to(response.answers, one.item);
        return answer != nullptr && answer->text && one.bytes.size() <= survey::kSealedTextBytesMax && items.insert(one.item).second;
    });
}

void flag_ticket_again(survey::Response& response) {
    auto& flags = response.flags;
    if (std::find(flags.begin(), flags.end(), kTicketAgainFlag) == flags.end()) flags.emplace_back(kTicketAgainFlag);
}

}  // namespace

Journal::State::State(Database& opened, survey::KioskId owner)
    : database(opened),
      kiosk(std::move(owner)),
      head_file(opened.file()),
      head(sqlite(),
           "SELECT base.seq, base.hash, (SELECT max(last_seq) FROM skips), records.seq, records.hash "
           "FROM base LEFT JOIN records ON records.seq = (SELECT max(seq) FROM records)"),
      base(sqlite(), "SELECT seq, hash FROM base"),
      skipped(sqlite(), "SELECT 1 FROM skips WHERE ?1 BETWEEN first_seq AND last_seq"),
      by_id(sqlite(), "SELECT seq, hash, bytes FROM records WHERE id = ?"),
      hash_at(sqlite(), "SELECT hash FROM records WHERE seq = ?"),
      from(sqlite(), "SELECT seq, hash, bytes FROM records WHERE seq >= ? ORDER BY seq LIMIT ?"),
      insert(sqlite(), "INSERT INTO records (seq, id, hash, bytes, sum) VALUES (?, ?, ?, ?, ?)"),
      insert_text(sqlite(), "INSERT INTO boxes (seq, item, box) VALUES (?, ?, ?)"),
      day_tally(sqlite(),
                "SELECT tally FROM day_tallies WHERE day = ? AND questionnaire = ? AND version = ? AND flagged = ? "
                "AND subject_kind = ? AND subject_id = ?"),
      month_tally(sqlite(),
                  "SELECT tally FROM month_tallies WHERE month = ? AND questionnaire = ? AND version = ? "
                  "AND flagged = ? AND subject_kind = ? AND subject_id = ?"),
      put_day_tally(sqlite(),
                    "INSERT INTO day_tallies (day, questionnaire, version, flagged, subject_kind, subject_id, tally) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET tally = excluded.tally"),
      put_month_tally(
          sqlite(),
          "INSERT INTO month_tallies (month, questionnaire, version, flagged, subject_kind, subject_id, tally) "
          "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET tally = excluded.tally"),
      insert_ticket(sqlite(), "INSERT INTO tickets (hash, month) VALUES (?, ?) ON CONFLICT DO NOTHING"),
      delivered(sqlite(), "SELECT delivered_seq FROM sync_state"),
      mark(sqlite(), "UPDATE sync_state SET delivered_seq = ?1 WHERE delivered_seq < ?1") {}

ChainHead Journal::State::read_base() {
    const InUse row(base);
    if (!row->executeStep()) throw Damage("the base of the numbering is missing");
    return {row->getColumn(0).getInt64(), digest_of(row->getColumn(1))};
}

ChainHead Journal::State::read_head() {
    const InUse row(head);
    if (!row->executeStep()) throw Damage("the base of the numbering is missing");
    ChainHead last{row->getColumn(0).getInt64(), digest_of(row->getColumn(1))};
    const std::int64_t skipped_to = row->getColumn(2).getInt64();
    if (skipped_to > last.seq) last = {skipped_to, survey::kChainStart};
    if (row->getColumn(3).getInt64() > last.seq) last = {row->getColumn(3).getInt64(), digest_of(row->getColumn(4))};
    return last;
}

std::optional<Digest> Journal::State::read_hash_at(std::int64_t seq) {
    {
        const InUse row(hash_at);
        row->bind(1, seq);
        if (row->executeStep()) return digest_of(row->getColumn(0));
    }
    const ChainHead from_here = read_base();
    if (seq == from_here.seq) return from_here.hash;
    if (seq < from_here.seq) return std::nullopt;
    const InUse row(skipped);
    row->bind(1, seq);
    if (row->executeStep()) return survey::kChainStart;
    return std::nullopt;
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
    const ChainHead last = read_head();
    const auto newest = [&]() -> std::optional<JournalEntry> {
        const InUse row(from);
        row->bind(1, last.seq);
        row->bind(2, 1);
        return row->executeStep() ? std::optional(entry_of(row)) : std::nullopt;
    }();
    if (newest) {
        const auto before = read_hash_at(newest->seq - 1);
        if (!before || survey::chain(*before, newest->bytes) != newest->hash) {
            throw Damage("seq " + std::to_string(newest->seq) + ": the record's bytes do not match its chain value");
        }
    }
    if (read_delivered() > last.seq) {
        throw Damage("the backend confirmed records up to seq " + std::to_string(read_delivered()) +
                     ", but the newest here is seq " + std::to_string(last.seq));
    }
}

void Journal::State::put_record(const JournalEntry& entry, const survey::Uuid& id) {
    const InUse row(insert);
    row->bind(1, entry.seq);
    bind_bytes(row, 2, id.bytes);
    bind_bytes(row, 3, entry.hash.bytes);
    row->bindNoCopy(4, entry.bytes);
    const std::string sum = record_sum(entry.bytes);
    row->bind(5, static_cast<const void*>(sum.data()), static_cast<int>(sum.size()));
    row->exec();
}

void Journal::State::put_text(std::int64_t seq, const survey::ItemId& item, const std::string& bytes) {
    const InUse row(insert_text);
    row->bind(1, seq);
    row->bindNoCopy(2, item.text);
    row->bindNoCopy(3, static_cast<const void*>(bytes.data()), static_cast<int>(bytes.size()));
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
    return on(std::move(*database), kiosk);
}

Expected<Journal, StoreError> Journal::on(std::unique_ptr<Database> database, const survey::KioskId& kiosk) {
    Database& opened = *database;
    return opened.run<Journal>("be opened", [&]() -> Expected<Journal, StoreError> {
        auto state = std::make_unique<State>(opened, kiosk);
        state->claim();
        if (state->kiosk != kiosk) {
            return unexpected(
                make_error(StoreErrorKind::wrong_kiosk, opened.file() + ": the file belongs to terminal \"" +
                                                            state->kiosk.text + "\", not to \"" + kiosk.text + "\""));
        }
        state->check_newest();
        opened.fold_log_on_close(true);
        state->owned = std::move(database);
        return Journal(std::move(state));
    });
}

Expected<JournalEntry, StoreError> Journal::append(const survey::Response& response,
                                                   const survey::Questionnaire& questionnaire,
                                                   const std::vector<survey::SealedText>& texts, std::string_view ticket) {
    survey::check(response.questionnaire == questionnaire.ref, "a response is appended with its own questionnaire");
    survey::check(fit(texts, response), "each box belongs to an answer with words and keeps the limits");
    const auto write = [&]() -> Expected<JournalEntry, StoreError> {
        WriteTransaction transaction(state_->database);
        if (auto held = state_->find(response.id)) return std::move(*held);
        const ChainHead head = state_->read_head();
        if (head.seq != state_->cached_seq) state_->cache.clear();
        state_->cached_seq = -1;  // until this commit stands, the cache runs ahead of the file

        survey::Record record{state_->kiosk, head.seq + 1, response};
        const std::string code = normal_ticket(ticket);
        if (!code.empty() && !state_->note_ticket(code, response)) flag_ticket_again(record.response);
        JournalEntry entry{record.seq, {}, survey::encode(record)};
        survey::check(entry.bytes.size() <= survey::kRecordBytesMax, "a record fits into a batch");
        entry.hash = survey::chain(head.hash, entry.bytes);
        state_->put_record(entry, response.id);
        for (const survey::SealedText& one : texts)
            state_->put_text(entry.seq, one.item, one.bytes);
        const TallyKey visit = visit_row(record.response);
        for (const survey::Contribution& part : survey::contributions(record.response, questionnaire)) {
            for (const TallyKey& key : rows_of(visit, part.subject))
                state_->count(key, part.tally);
        }
        state_->head_file.note({{entry.seq, entry.hash}, false, response.boot_id});
        transaction.commit();
        state_->head_file.note({{entry.seq, entry.hash}, true, response.boot_id});
        state_->cached_seq = entry.seq;
        return entry;
    };
    return state_->database.run<JournalEntry>("write the response", write, Database::Place::step_looks);
}

Expected<void, StoreError> Journal::probe() {
    return state_->database.run<void>("be tried", [&]() -> Expected<void, StoreError> {
        state_->check_newest();
        WriteTransaction transaction(state_->database);
        state_->sqlite().exec("UPDATE sync_state SET one = one");
        transaction.commit();
        return {};
    });
}

Expected<ChainHead, StoreError> Journal::head() const {
    return state_->database.run<ChainHead>("read the newest record",
                                           [&]() -> Expected<ChainHead, StoreError> { return state_->read_head(); });
}

Expected<std::optional<Digest>, StoreError> Journal::hash_at(std::int64_t seq) const {
    using Found = std::optional<Digest>;
    return state_->database.run<Found>("read a chain value",
                                       [&]() -> Expected<Found, StoreError> { return state_->read_hash_at(seq); });
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

}  // namespace hailong::kiosk
