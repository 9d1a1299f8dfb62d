#include "kiosk/journal/journal.h"

#include <algorithm>
#include <set>

#include "kiosk/journal/record_rows.h"
#include "kiosk/journal/state.h"
#include "kiosk/journal/state_rows.h"
#include "kiosk/journal/tickets.h"
#include "survey/base/check.h"

namespace hailong::kiosk {
namespace {

using survey::Digest;
using survey::sqlite::Connection;
using survey::sqlite::Damage;
using survey::sqlite::Query;

/// Each of `texts` was sealed for another answer with text of `response`, and keeps the limits.
bool fit(const std::vector<survey::SealedText>& texts, const survey::Response& response) {
    if (texts.size() > survey::kSealedTextsMax) return false;
    std::set<survey::ItemId> items;
    return std::all_of(texts.begin(), texts.end(), [&](const survey::SealedText& one) {
        const survey::Answer* answer = survey::answer_to(response.answers, one.item);
        return answer != nullptr && answer->text && one.bytes.size() <= survey::kSealedTextBytesMax &&
               items.insert(one.item).second;
    });
}

void flag_ticket_again(survey::Response& response) {
    auto& flags = response.flags;
    if (std::find(flags.begin(), flags.end(), kTicketAgainFlag) == flags.end()) flags.emplace_back(kTicketAgainFlag);
}

/// What a torn or exchanged file shows first, at the price of two rows.
void check_newest(Connection& file) {
    const ChainHead last = read_head(file);
    if (const auto newest = read_entry_from(file, last.seq)) {
        const auto before = read_hash_at(file, newest->seq - 1);
        if (!before || survey::chain(*before, newest->bytes) != newest->hash) {
            throw Damage("seq " + std::to_string(newest->seq) + ": the record's bytes do not match its chain value");
        }
    }
    if (const std::int64_t delivered = read_delivered(file); delivered > last.seq) {
        throw Damage("the backend confirmed records up to seq " + std::to_string(delivered) +
                     ", but the newest here is seq " + std::to_string(last.seq));
    }
}

}  // namespace

std::string normal_ticket(std::string_view code) {
    std::string normal;
    for (const char c : code) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= ' ' || byte == 0x7f) continue;
        normal += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return normal;
}

Journal::Journal(std::unique_ptr<State> state) : state_(std::move(state)) {}
Journal::Journal(Journal&&) noexcept = default;
Journal& Journal::operator=(Journal&&) noexcept = default;
Journal::~Journal() = default;

StoreResult<Journal> Journal::open(const std::filesystem::path& file, const survey::KioskId& kiosk,
                                   survey::milliseconds busy_timeout) {
    auto database = Database::open(file, busy_timeout);
    if (!database) return unexpected(database.error());
    return on(std::move(*database), kiosk);
}

StoreResult<Journal> Journal::on(std::unique_ptr<Database> database, const survey::KioskId& kiosk) {
    Database& opened = *database;
    return opened.run("be opened", [&]() -> StoreResult<Journal> {
        const survey::KioskId owner = claim(opened.connection(), kiosk);
        if (owner != kiosk) {
            return unexpected(
                make_error(StoreErrorKind::wrong_kiosk, opened.file() + ": the file belongs to terminal \"" +
                                                            owner.text + "\", not to \"" + kiosk.text + "\""));
        }
        check_newest(opened.connection());
        opened.fold_log_on_close(true);
        const ChainHead head = read_head(opened.connection());
        auto state = std::make_unique<State>(std::move(database), owner);
        if (head.seq > 0) state->head_file.remember({head, true, {}});
        return Journal(std::move(state));
    });
}

// ---- Appending -----------------------------------------------------------------------------------------------------

StoreResult<JournalEntry> Journal::append(const survey::Response& response, const survey::Questionnaire& questionnaire,
                                          const std::vector<survey::SealedText>& texts, std::string_view ticket) {
    survey::check(response.questionnaire == questionnaire.ref, "a response is appended with its own questionnaire");
    survey::check(fit(texts, response), "each sealed text belongs to an answer with text and keeps the limits");
    Connection& file = state_->file();
    const auto write = [&]() -> JournalEntry {
        WriteTransaction transaction(*state_->database);
        if (auto known = find_entry(file, response.id)) return std::move(*known);
        const ChainHead head = read_head(file);
        if (head.seq != state_->cached_seq) state_->tallies.clear();
        state_->cached_seq = -1;  // until this commit stands, the cache runs ahead of the file

        survey::Record record{state_->kiosk, next_seq(head), response};
        const survey::Date day = survey::local_day(response);
        const std::string code = normal_ticket(ticket);
        if (!code.empty() && !remember_ticket(file, code, day)) flag_ticket_again(record.response);
        JournalEntry entry{record.seq, {}, survey::encode(record)};
        survey::check(entry.bytes.size() <= survey::kRecordBytesMax, "a record fits into a batch");
        entry.hash = survey::chain(head.hash, entry.bytes);
        put_record(file, entry, response.id);
        for (const survey::SealedText& one : texts)
            put_text(file, entry.seq, one.item, one.bytes);
        for (const auto& [key, tally] : kept_rows(survey::tally_rows(record.response, questionnaire, day)))
            state_->tallies.count(file, key, tally);
        state_->head_file.write({{entry.seq, entry.hash}, false, response.boot_id});
        transaction.commit();
        state_->head_file.write({{entry.seq, entry.hash}, true, response.boot_id});
        state_->cached_seq = entry.seq;
        return entry;
    };
    return state_->database->run("write the response", write, Database::Place::step_looks);
}

StoreResult<void> Journal::probe() {
    return state_->database->run("be tried", [&] {
        check_newest(state_->file());
        WriteTransaction transaction(*state_->database);
        Query(state_->file(), "UPDATE sync_state SET one = one").run();
        transaction.commit();
    });
}

StoreResult<void> Journal::look() {
    return state_->database->run("be looked at", [&] {
        state_->database->check_log();  // first: what is read hangs on it
        check_newest(state_->file());
    });
}

// ---- Records, texts and numbers ------------------------------------------------------------------------------------

StoreResult<ChainHead> Journal::head() const {
    return state_->database->run("read the newest record", [&] { return read_head(state_->file()); });
}

StoreResult<ChainHead> Journal::base() const {
    return state_->database->run("read the base of the numbering", [&] { return read_base(state_->file()); });
}

StoreResult<std::optional<Digest>> Journal::hash_at(std::int64_t seq) const {
    return state_->database->run("read a chain value", [&] { return read_hash_at(state_->file(), seq); });
}

StoreResult<std::vector<JournalEntry>> Journal::read(std::int64_t first_seq, std::size_t count_max,
                                                     std::size_t bytes_max) const {
    return state_->database->run("read the records", [&] {
        std::vector<JournalEntry> entries;
        std::size_t bytes = 0;
        Query row(state_->file(), "SELECT seq, hash, bytes FROM records WHERE seq >= ? ORDER BY seq LIMIT ?");
        row.integer(first_seq).integer(static_cast<std::int64_t>(std::min<std::size_t>(count_max, INT64_MAX)));
        while (row.step()) {
            JournalEntry entry = entry_at(row);
            bytes += entry.bytes.size();
            if (!entries.empty() && bytes > bytes_max) break;
            entries.push_back(std::move(entry));
        }
        return entries;
    });
}

StoreResult<std::vector<survey::SealedText>> Journal::texts(std::int64_t first_seq, std::int64_t last_seq) const {
    return state_->database->run("read the sealed texts", [&] {
        std::vector<survey::SealedText> found;
        Query row(state_->file(),
                  "SELECT seq, item, bytes FROM sealed_texts WHERE seq BETWEEN ? AND ? ORDER BY seq, item");
        row.integer(first_seq).integer(last_seq);
        while (row.step())
            found.push_back({row.integer_at(0), survey::ItemId{row.text_at(1)}, row.text_at(2)});
        return found;
    });
}

StoreResult<bool> Journal::erase_text(std::int64_t seq, const survey::ItemId& item) {
    return state_->database->run("erase a sealed text", [&] {
        WriteTransaction transaction(*state_->database);
        const bool erased = Query(state_->file(), "DELETE FROM sealed_texts WHERE seq = ? AND item = ?")
                                .integer(seq)
                                .text(item.text)
                                .run() > 0;
        transaction.commit(WriteTransaction::Log::keeps_nothing);
        return erased;
    });
}

StoreResult<std::vector<Skip>> Journal::skips() const {
    return state_->database->run("read the skipped numbers", [&] { return read_skips(state_->file()); });
}

StoreResult<std::int64_t> Journal::collected() const {
    return state_->database->run("count what was collected",
                                 [&] { return collected_to(state_->file(), read_head(state_->file()).seq); });
}

StoreResult<std::int64_t> Journal::collected_and_delivered() const {
    return state_->database->run("count what was delivered",
                                 [&] { return collected_to(state_->file(), read_delivered(state_->file())); });
}

StoreResult<std::int64_t> Journal::delivered_seq() const {
    return state_->database->run("read what was delivered", [&] { return read_delivered(state_->file()); });
}

StoreResult<void> Journal::mark_delivered(std::int64_t seq, std::optional<survey::UtcTime> received) {
    return state_->database->run("mark what was delivered", [&] {
        WriteTransaction transaction(*state_->database);
        survey::check(seq <= read_head(state_->file()).seq, "only records that exist are marked as delivered");
        if (!raise_delivered(state_->file(), seq)) return;
        if (received) put_delivery(state_->file(), seq, *received);
        transaction.commit();
    });
}

// ---- What the programs and the backend told ------------------------------------------------------------------------

StoreResult<std::optional<TextKey>> Journal::text_key() const {
    return state_->database->run("read the key for texts", [&] { return read_text_key(state_->file()); });
}

StoreResult<void> Journal::set_text_key(const std::optional<TextKey>& key) {
    return state_->database->run("store the key for texts", [&] {
        WriteTransaction transaction(*state_->database);
        put_text_key(state_->file(), key);
        transaction.commit();
    });
}

StoreResult<std::int64_t> Journal::quarantined_count() const {
    return state_->database->run("read the sync's state", [&] { return read_quarantined(state_->file()); });
}

StoreResult<void> Journal::add_quarantined(std::int64_t count) {
    return state_->database->run("store what was quarantined", [&] {
        WriteTransaction transaction(*state_->database);
        kiosk::add_quarantined(state_->file(), count);
        transaction.commit();
    });
}

StoreResult<std::int64_t> Journal::forget_tickets(survey::UtcTime now) {
    return state_->database->run("forget old tickets", [&] {
        WriteTransaction transaction(*state_->database);
        const std::int64_t forgotten =
            forget_tickets_before(state_->file(), survey::month_of(survey::local_date(now - kTicketMemory)));
        transaction.commit();
        return forgotten;
    });
}

bool Journal::is_displaced() const {
    return state_->database->is_displaced();
}

StoreResult<std::vector<StoreEvent>> Journal::events() const {
    return state_->database->run("read the store's events", [&] { return read_events(state_->file()); });
}

StoreResult<std::string> Journal::kiosk_version() const {
    return state_->database->run("read the kiosk's version", [&] { return read_kiosk_version(state_->file()); });
}

StoreResult<void> Journal::set_kiosk_version(std::string_view version) {
    return state_->database->run("store the kiosk's version", [&] {
        if (read_kiosk_version(state_->file()) == version) return;
        WriteTransaction transaction(*state_->database);
        put_kiosk_version(state_->file(), version);
        transaction.commit();
    });
}

StoreResult<SyncStatus> Journal::sync_status() const {
    return state_->database->run("read the sync's state", [&] { return read_sync_status(state_->file()); });
}

StoreResult<void> Journal::set_sync_status(const SyncStatus& status) {
    return state_->database->run("store the sync's state", [&] { put_sync_status(state_->file(), status); });
}

}  // namespace hailong::kiosk
