#include "sync/backend/store/sqlite/sums.h"

#include <algorithm>
#include <array>

namespace hailong::sync {
namespace {

struct Summed {
    const char* table;
    const char* sum;   // what it is over
    const char* name;  // of a row, for people
};
// Since schema 5. Of `terminals`, `days` and `records` all else is recounted. Most records need none: their batch is
// signed.
constexpr std::array kSummed = {
    Summed{"documents", "checksum(revision)", "'the revision of the documents'"},
    Summed{"centers", "checksum(id, json)", "'center ' || id"},
    Summed{"questionnaires", "checksum(id, version, json)", "'questionnaire ' || id || ' version ' || version"},
    Summed{"terminals", "checksum(kiosk, center, token_hash, sign_key, boot, reported_collected, last_seen_ms)",
           "'terminal ' || kiosk"},
    Summed{"terminal_keys", "checksum(kiosk, sign_key, since_ms)", "'a key of terminal ' || kiosk"},
    Summed{"codes", "checksum(code_hash, kiosk, center, expires_ms, used_by)", "'a code for terminal ' || kiosk"},
    Summed{"boots", "checksum(kiosk, boot, turn, time_ms)", "'a start of terminal ' || kiosk"},
    Summed{"statuses", "checksum(kiosk, status, heard_ms)", "'the status of terminal ' || kiosk"},
    Summed{"days", "checksum(terminal, day, collected)",
           "'what was collected on ' || date(day * 86400, 'unixepoch') || ' at ' || "
           "ifnull((SELECT kiosk FROM kiosks WHERE number = terminal), 'no known terminal')"},
    Summed{"records",
           "iif(reason IS NULL AND detail IS NULL AND reprocessed_ms IS NULL, NULL, "
           "checksum(place, reason, detail, reprocessed_ms))",
           "'what is said of record ' || place % 1099511627776 || ' of ' || "
           "ifnull((SELECT kiosk FROM kiosks WHERE number = place / 1099511627776), 'no known terminal')"},
    Summed{"texts", "checksum(kiosk, seq, item, bytes, received_ms)",
           "'the text for ' || item || ' at record ' || seq || ' of ' || kiosk"},
    Summed{"erasures", "checksum(kiosk, seq, item, time_ms, reason)",
           "'the trace of an erased text for ' || item || ' at record ' || seq || ' of ' || kiosk"},
    Summed{"incidents", "checksum(time_ms, kiosk, kind, detail, evidence)", "'incident ' || rowid"},
    Summed{"facts", "checksum(name, fact)", "'what the backend remembers as ' || name"},
};

constexpr Summed kCorrections{"time_corrections",
                              "checksum(number, first_batch, last_batch, ahead_ms, reason, account, recorded_ms)",
                              "'time correction ' || number"};

constexpr std::array kSinceThen = {
    Summed{"tally_centers", "checksum(number, center)", "'the number of center ' || center"},
    Summed{"public_tallies",
           "checksum(center, day, grain, pooled, kind, subject, questionnaire, version, flagged, tally)",
           "'a public tally of ' || center || ' on ' || date(day * 86400, 'unixepoch')"},
    Summed{"releases", "checksum(center, day, number)", "'the day of the public figures of ' || center"},
    Summed{"commits", "checksum(number)", "'the number of commits'"},
};

/// Kept so that nobody counts: the sentence where they are something else.
constexpr std::array kCounted = {
    "SELECT 'the count of texts says ' || texts || ', there are ' || (SELECT count(*) FROM texts) FROM counts "
    "WHERE texts <> (SELECT count(*) FROM texts)",
    "SELECT 'terminal ' || kiosk || ' says that ' || erased || ' texts were erased, there are ' || traces || ' traces' "
    "FROM (SELECT kiosk, erased, (SELECT count(*) FROM erasures WHERE erasures.kiosk = terminals.kiosk) AS traces "
    "FROM terminals) WHERE erased <> traces",
};

// What the triggers keep is filled in without them, and they come back word for word.
constexpr const char* kOpening = R"sql(
DROP TRIGGER records_keep;
DROP TRIGGER questionnaires_keep;
DROP TRIGGER terminal_keys_keep;
DROP TRIGGER incidents_keep;
DROP TRIGGER texts_keep;
DROP TRIGGER erasures_keep;
CREATE TABLE facts (name TEXT NOT NULL PRIMARY KEY, fact TEXT NOT NULL) STRICT;
)sql";
constexpr const char* kClosing = R"sql(
CREATE TRIGGER records_keep BEFORE UPDATE ON records
    WHEN NOT (OLD.reason IS NOT NULL AND NEW.reason IS NULL AND NEW.reprocessed_ms IS NOT NULL
        AND NEW.counted_ms IS NOT NULL AND NEW.trust IS NOT NULL AND NEW.place = OLD.place
        AND (OLD.id IS NULL OR (NEW.id IS OLD.id AND NEW.repeats IS OLD.repeats)) AND NEW.hash = OLD.hash
        AND NEW.bytes = OLD.bytes AND NEW.detail IS OLD.detail AND NEW.received_ms = OLD.received_ms)
    BEGIN SELECT RAISE(ABORT, 'records are append-only'); END;
CREATE TRIGGER questionnaires_keep BEFORE UPDATE ON questionnaires
    BEGIN SELECT RAISE(ABORT, 'a published questionnaire never changes'); END;
CREATE TRIGGER terminal_keys_keep BEFORE UPDATE ON terminal_keys
    BEGIN SELECT RAISE(ABORT, 'keys are append-only'); END;
CREATE TRIGGER incidents_keep BEFORE UPDATE ON incidents BEGIN SELECT RAISE(ABORT, 'incidents are append-only'); END;
CREATE TRIGGER texts_keep BEFORE UPDATE ON texts
    BEGIN SELECT RAISE(ABORT, 'sealed texts never change'); END;
CREATE TRIGGER erasures_keep BEFORE UPDATE ON erasures
    BEGIN SELECT RAISE(ABORT, 'traces are append-only'); END;
)sql";

std::string sum_anew(const Summed& one) {
    return std::string("UPDATE ") + one.table + " SET sum = " + one.sum + ";\n";
}

std::string schema_5_sums() {
    std::string sql;
    for (const Summed& one : kSummed)
        sql += sum_anew(one);
    return sql;
}

}  // namespace

std::string sums_anew() {
    std::string sql = schema_5_sums() + sum_anew(kCorrections);
    for (const Summed& one : kSinceThen)
        sql += sum_anew(one);
    return sql;
}

std::string schema_5() {
    std::string sql = kOpening;
    sql += "ALTER TABLE center_revisions ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;\n";  // gone with schema 7
    for (const Summed& one : kSummed) {
        const std::string table = one.table;
        // A record that no sum is needed for has none, and no byte for it.
        sql += "ALTER TABLE " + table + " ADD COLUMN sum INTEGER" + (table == "records" ? "" : " NOT NULL DEFAULT 0") +
               ";\n";
    }
    return sql + schema_5_sums() + kClosing;
}

void find_wrong_sums(Connection& connection, std::size_t count_max, std::vector<std::string>& found) {
    const auto find_in = [&](const Summed& one) {
        if (found.size() >= count_max) return;
        Query query(connection, survey::sqlite::Once{std::string("SELECT ") + one.name + " FROM " + one.table +
                                                     " WHERE sum IS NOT (" + one.sum + ") LIMIT ?"});
        query.limit(count_max - found.size());
        while (query.step())
            found.push_back(query.text_at(0) + ": was changed in the file: its sum does not fit");
    };
    for (const Summed& one : kSummed)
        find_in(one);
    find_in(kCorrections);
    for (const Summed& one : kSinceThen)
        find_in(one);
    for (const char* sql : kCounted) {
        if (found.size() >= count_max) return;
        Query query(connection, survey::sqlite::Once{std::string(sql) + " LIMIT ?"});
        query.limit(count_max - found.size());
        while (query.step())
            found.push_back(query.text_at(0));
    }
}

}  // namespace hailong::sync
