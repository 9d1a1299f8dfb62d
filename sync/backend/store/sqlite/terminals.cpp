#include "sync/backend/store/sqlite/places.h"
#include "sync/backend/store/sqlite/subjects.h"
#include "sync/backend/store/sqlite/words.h"

namespace hailong::sync {
namespace {

using survey::CenterId;
using survey::KioskId;

#define TERMINAL_COLUMNS                                                                               \
    "SELECT kiosk, center, token_hash, sign_key, last_seq, last_hash, counted_seq, counted_ms, boot, " \
    "reported_collected, last_seen_ms, erased, stored, counted, quarantined, copies, skipped, lost FROM terminals "

/// Over what nobody can recount; by the parameters of the two statements that write a terminal.
#define TERMINAL_SUM "checksum(?1, ?2, ?3, ?4, ?9, ?10, ?11)"

Totals totals_at(Query& query, int first) {
    return {query.integer_at(first),     query.integer_at(first + 1), query.integer_at(first + 2),
            query.integer_at(first + 3), query.integer_at(first + 4), query.integer_at(first + 5)};
}

Terminal terminal_of(Query& query) {
    Terminal terminal;
    terminal.kiosk = {query.text_at(0)};
    terminal.center = {query.text_at(1)};
    terminal.token_hash = query.text_at(2);
    terminal.key = query.bytes_or_null_at<survey::SignPublicKey>(3);
    terminal.last_seq = query.integer_at(4);
    terminal.last_hash = query.bytes_at<survey::Digest>(5);
    if (!query.is_null(6)) terminal.last_counted = CountedAt{query.integer_at(6), query.time_at(7)};
    terminal.boot = query.text_at(8);
    terminal.reported_collected = query.integer_at(9);
    terminal.last_seen = query.time_or_null_at(10);
    terminal.erased = query.integer_at(11);
    terminal.totals = totals_at(query, 12);
    return terminal;
}

/// What changes with a batch: parameters 4 to 17.
Query& bind_progress(Query& query, const Terminal& terminal) {
    query.bytes_or_null(terminal.key).integer(terminal.last_seq).bytes(terminal.last_hash);
    if (terminal.last_counted) {
        query.integer(terminal.last_counted->seq).time(terminal.last_counted->time);
    } else {
        query.null().null();
    }
    query.text(terminal.boot).integer(terminal.reported_collected).time_or_null(terminal.last_seen);
    const Totals& totals = terminal.totals;
    query.integer(totals.stored).integer(totals.counted).integer(totals.quarantined);
    return query.integer(totals.copies).integer(totals.skipped).integer(totals.lost);
}

std::optional<Terminal> one_terminal(Connection& connection, survey::sqlite::Sql sql, const std::string& key) {
    Query query(connection, sql);
    query.text(key);
    if (!query.step()) return std::nullopt;
    return terminal_of(query);
}

/// day, collected, stored, counted, quarantined, copies.
TerminalDay terminal_day_of(Query& query, int first, KioskId kiosk) {
    return {std::move(kiosk),
            day_of(query.integer_at(first)),
            query.integer_at(first + 1),
            query.integer_at(first + 2),
            query.integer_at(first + 3),
            query.integer_at(first + 4),
            query.integer_at(first + 5)};
}

}  // namespace

StoreResult<std::optional<Terminal>> SqliteTerminals::terminal(const KioskId& kiosk) {
    return guarded([&] { return one_terminal(connection_, TERMINAL_COLUMNS "WHERE kiosk = ?", kiosk.text); });
}

StoreResult<std::optional<Terminal>> SqliteTerminals::by_token(const std::string& token_hash) {
    return guarded([&]() -> std::optional<Terminal> {
        if (token_hash.empty()) return std::nullopt;
        return one_terminal(connection_, TERMINAL_COLUMNS "WHERE token_hash = ? AND token_hash <> ''", token_hash);
    });
}

StoreResult<std::vector<Terminal>> SqliteTerminals::page(const KioskId& after, std::size_t count_max) {
    return guarded([&] {
        std::vector<Terminal> result;
        Query query(connection_, TERMINAL_COLUMNS "WHERE kiosk > ? ORDER BY kiosk LIMIT ?");
        query.text(after.text).limit(count_max);
        while (query.step())
            result.push_back(terminal_of(query));
        return result;
    });
}

StoreResult<std::vector<Terminal>> SqliteTerminals::of_center(const CenterId& center) {
    return guarded([&] {
        std::vector<Terminal> result;
        Query query(connection_, TERMINAL_COLUMNS "WHERE center = ? ORDER BY kiosk");
        query.text(center.text);
        while (query.step())
            result.push_back(terminal_of(query));
        return result;
    });
}

StoreResult<CenterTotals> SqliteTerminals::totals(const CenterId& center) {
    return guarded([&] {
        CenterTotals totals;
        Query query(connection_,
                    "SELECT sum(stored), sum(counted), sum(quarantined), sum(copies), sum(skipped), sum(lost), "
                    "sum(reported_collected) FROM terminals WHERE center = ?");
        query.text(center.text);
        if (query.step()) totals = {totals_at(query, 0), query.integer_at(6)};
        return totals;
    });
}

StoreResult<std::vector<TerminalKey>> SqliteTerminals::keys(const KioskId& kiosk) {
    return guarded([&] {
        std::vector<TerminalKey> result;
        Query query(connection_, "SELECT sign_key, since_ms FROM terminal_keys WHERE kiosk = ? ORDER BY rowid");
        query.text(kiosk.text);
        while (query.step())
            result.push_back({kiosk, query.bytes_at<survey::SignPublicKey>(0), query.time_at(1)});
        return result;
    });
}

StoreResult<std::optional<EnrolmentCode>> SqliteTerminals::code(const std::string& code_hash) {
    return guarded([&]() -> std::optional<EnrolmentCode> {
        Query query(connection_, "SELECT kiosk, center, expires_ms, used_by FROM codes WHERE code_hash = ?");
        query.text(code_hash);
        if (!query.step()) return std::nullopt;
        return EnrolmentCode{code_hash,
                             {query.text_at(0)},
                             {query.text_at(1)},
                             query.time_at(2),
                             query.bytes_or_null_at<survey::SignPublicKey>(3)};
    });
}

StoreResult<std::optional<Boot>> SqliteTerminals::boot(const KioskId& kiosk, const std::string& boot) {
    return guarded([&]() -> std::optional<Boot> {
        Query query(connection_, "SELECT turn, time_ms FROM boots WHERE kiosk = ? AND boot = ?");
        query.text(kiosk.text).text(boot);
        if (!query.step()) return std::nullopt;
        return Boot{boot, query.integer_at(0), query.time_at(1)};
    });
}

StoreResult<std::vector<TerminalDay>> SqliteTerminals::days(const CenterId& center, survey::Date first,
                                                            survey::Date last) {
    return guarded([&] {
        std::vector<TerminalDay> result;
        // The center's terminals in order, and of each one range of days.
        Query query(connection_,
                    "SELECT kiosk, day, collected, days.stored, days.counted, days.quarantined, days.copies "
                    "FROM terminals CROSS JOIN kiosks USING (kiosk) CROSS JOIN days ON days.terminal = kiosks.number "
                    "WHERE center = ? AND day BETWEEN ? AND ? ORDER BY kiosk, day");
        query.text(center.text).integer(number_of(first)).integer(number_of(last));
        while (query.step())
            result.push_back(terminal_day_of(query, 1, {query.text_at(0)}));
        return result;
    });
}

StoreResult<std::vector<TerminalDay>> SqliteTerminals::days_of(const KioskId& kiosk) {
    return guarded([&] {
        std::vector<TerminalDay> result;
        const auto number = kiosk_number(connection_, kiosk);
        if (!number) return result;
        Query query(connection_,
                    "SELECT day, collected, stored, counted, quarantined, copies FROM days WHERE terminal = ? "
                    "ORDER BY day");
        query.integer(*number);
        while (query.step())
            result.push_back(terminal_day_of(query, 0, kiosk));
        return result;
    });
}

StoreResult<std::vector<HeardStatus>> SqliteTerminals::statuses(const KioskId& after, std::size_t count_max) {
    return guarded([&] {
        std::vector<HeardStatus> result;
        Query query(connection_, "SELECT kiosk, status, heard_ms FROM statuses WHERE kiosk > ? ORDER BY kiosk LIMIT ?");
        query.text(after.text).limit(count_max);
        while (query.step()) {
            auto status = decode_status(query.view_at(1));
            if (!status) fail_as_damaged("the status of " + query.text_at(0) + " can't be read");
            result.push_back({{query.text_at(0)}, std::move(*status), query.time_at(2)});
        }
        return result;
    });
}

StoreResult<void> SqliteTerminals::put(const Terminal& terminal) {
    return connection_.step([&] {
        {
            // With every batch; leaves the indexes of center and token alone.
            Query query(connection_,
                        "UPDATE terminals SET sign_key = ?4, last_seq = ?5, last_hash = ?6, counted_seq = ?7, "
                        "counted_ms = ?8, boot = ?9, reported_collected = ?10, last_seen_ms = ?11, stored = ?12, "
                        "counted = ?13, quarantined = ?14, copies = ?15, skipped = ?16, lost = ?17, "
                        "sum = " TERMINAL_SUM
                        " "
                        "WHERE kiosk = ?1 AND center = ?2 AND token_hash = ?3");
            query.text(terminal.kiosk.text).text(terminal.center.text).text(terminal.token_hash);
            bind_progress(query, terminal).run();
        }
        if (connection_.changes() != 0) return;
        Query query(
            connection_,
            "INSERT INTO terminals (kiosk, center, token_hash, sign_key, last_seq, last_hash, counted_seq, "
            "counted_ms, boot, reported_collected, last_seen_ms, stored, counted, quarantined, copies, skipped, "
            "lost, erased, sum) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, "
            "0, " TERMINAL_SUM
            ") "
            "ON CONFLICT (kiosk) DO UPDATE SET center = excluded.center, token_hash = excluded.token_hash, "
            "sign_key = excluded.sign_key, last_seq = excluded.last_seq, last_hash = excluded.last_hash, "
            "counted_seq = excluded.counted_seq, counted_ms = excluded.counted_ms, boot = excluded.boot, "
            "reported_collected = excluded.reported_collected, last_seen_ms = excluded.last_seen_ms, "
            "stored = excluded.stored, counted = excluded.counted, quarantined = excluded.quarantined, "
            "copies = excluded.copies, skipped = excluded.skipped, lost = excluded.lost, sum = excluded.sum");
        query.text(terminal.kiosk.text).text(terminal.center.text).text(terminal.token_hash);
        bind_progress(query, terminal).run();
    });
}

StoreResult<void> SqliteTerminals::add_key(const TerminalKey& key) {
    return connection_.step([&] {
        Query query(
            connection_,
            "INSERT INTO terminal_keys (kiosk, sign_key, since_ms, sum) VALUES (?1, ?2, ?3, checksum(?1, ?2, ?3)) "
            "ON CONFLICT DO NOTHING");
        query.text(key.kiosk.text).bytes(key.key).time(key.since).run();
    });
}

StoreResult<void> SqliteTerminals::put_code(const EnrolmentCode& code) {
    return connection_.step([&] {
        Query query(connection_,
                    "INSERT INTO codes (code_hash, kiosk, center, expires_ms, used_by, sum) "
                    "VALUES (?1, ?2, ?3, ?4, ?5, checksum(?1, ?2, ?3, ?4, ?5)) "
                    "ON CONFLICT (code_hash) DO UPDATE SET kiosk = excluded.kiosk, center = excluded.center, "
                    "expires_ms = excluded.expires_ms, used_by = excluded.used_by, sum = excluded.sum");
        query.text(code.code_hash).text(code.kiosk.text).text(code.center.text).time(code.expires);
        query.bytes_or_null(code.used_by).run();
    });
}

StoreResult<void> SqliteTerminals::end_codes(const KioskId& kiosk) {
    return connection_.step([&] {
        Query query(connection_, "DELETE FROM codes WHERE kiosk = ?");
        query.text(kiosk.text).run();
    });
}

StoreResult<void> SqliteTerminals::put_boot(const KioskId& kiosk, const Boot& boot, std::int64_t forget_until) {
    return connection_.step([&] {
        {
            Query query(
                connection_,
                "INSERT INTO boots (kiosk, boot, turn, time_ms, sum) VALUES (?1, ?2, ?3, ?4, checksum(?1, ?2, ?3, ?4)) "
                "ON CONFLICT DO UPDATE SET turn = excluded.turn, time_ms = excluded.time_ms, "
                "sum = excluded.sum");
            query.text(kiosk.text).text(boot.boot).integer(boot.turn).time(boot.time).run();
        }
        Query old(connection_, "DELETE FROM boots WHERE kiosk = ? AND turn <= ?");
        old.text(kiosk.text).integer(forget_until).run();
    });
}

StoreResult<void> SqliteTerminals::add_days(std::span<const TerminalDay> days) {
    return connection_.step([&] {
        std::optional<std::int64_t> number;
        const KioskId* numbered = nullptr;
        Query query(connection_,
                    "INSERT INTO days (terminal, day, collected, stored, counted, quarantined, copies, sum) "
                    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, checksum(?1, ?2, ?3)) ON CONFLICT DO UPDATE SET "
                    "collected = iif(excluded.collected = 0, collected, excluded.collected), "
                    "sum = iif(excluded.collected = 0, sum, excluded.sum), "
                    "stored = stored + excluded.stored, counted = counted + excluded.counted, "
                    "quarantined = quarantined + excluded.quarantined, copies = copies + excluded.copies "
                    "WHERE excluded.collected NOT IN (0, collected) OR excluded.stored <> 0 "
                    "OR excluded.counted <> 0 OR excluded.quarantined <> 0 OR excluded.copies <> 0");
        for (const TerminalDay& day : days) {
            if (numbered == nullptr || *numbered != day.kiosk) number = make_kiosk_number(connection_, day.kiosk);
            numbered = &day.kiosk;
            query.again()
                .integer(*number)
                .integer(stored_number_of(day.day))
                .integer(day.collected)
                .integer(day.stored);
            query.integer(day.counted).integer(day.quarantined).integer(day.copies).run();
        }
    });
}

StoreResult<void> SqliteTerminals::put_statuses(std::span<const HeardStatus> statuses) {
    return connection_.step([&] {
        Query query(connection_,
                    "INSERT INTO statuses (kiosk, status, heard_ms, sum) VALUES (?1, ?2, ?3, checksum(?1, ?2, ?3)) "
                    "ON CONFLICT (kiosk) DO UPDATE SET status = excluded.status, heard_ms = excluded.heard_ms, "
                    "sum = excluded.sum");
        for (const HeardStatus& one : statuses) {
            const std::string status = encode(one.status);
            query.again().text(one.kiosk.text).text(status).time(one.heard).run();
        }
    });
}

}  // namespace hailong::sync
