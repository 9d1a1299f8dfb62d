#include "kiosk/journal/schema.h"

#include <array>
#include <map>
#include <string_view>

#include "kiosk/journal/tally_rows.h"
#include "survey/record.h"

namespace hailong::kiosk {
namespace {

using survey::Grain;
using survey::sqlite::Connection;
using survey::sqlite::Damage;
using survey::sqlite::Query;

/// Of the questionnaires among the documents that came down; what is none or can't be read is passed over.
std::map<survey::QuestionnaireRef, survey::OfficerItems> known_officer_items(Connection& file) {
    std::map<survey::QuestionnaireRef, survey::OfficerItems> known;
    Query row(file, "SELECT body FROM inbox_documents WHERE name LIKE 'questionnaire/%'");
    while (row.step()) {
        const auto form = survey::parse_questionnaire(row.view_at(0));
        if (form) known[form->ref] = survey::officer_items(*form);
    }
    return known;
}

/// Fills month_tallies, and the rows of fields, beginnings and officers, in a file that kept only the days of visits
/// and counters: from those days and from the records that are still there.
void count_months(Connection& file) {
    survey::TallySheet counted;
    Query day(file, "SELECT day, questionnaire, version, flagged, subject_kind, subject_id, tally FROM day_tallies");
    while (day.step())
        counted[survey::month_key(key_at(day, Grain::day))] += tally_at(day, 6);
    const auto known = known_officer_items(file);
    Query record(file, "SELECT seq, bytes FROM records");
    while (record.step()) {
        const auto read = survey::decode(record.view_at(1));
        if (!read) throw Damage("seq " + std::to_string(record.integer_at(0)) + ": can't be read");
        const survey::Response& response = read->response;
        const auto items = known.find(response.questionnaire);
        const auto rows = survey::tally_rows(response, items == known.end() ? survey::OfficerItems{} : items->second,
                                             survey::local_day(response));
        for (const auto& [key, tally] : kept_rows(rows)) {
            const survey::SubjectKind kind = key.subject.kind;
            if (kind != survey::SubjectKind::visit && kind != survey::SubjectKind::counter) counted[key] += tally;
        }
    }
    for (const auto& [key, tally] : counted)
        put_tally(file, key, tally);
}

/// A change of the schema, and what fills the new tables from the old ones.
struct Migration {
    const char* sql;
    void (*fill)(Connection&) = nullptr;
};

// Each applied once and in order; the file's user_version counts those applied. Never edit one that was released: add
// the next.
constexpr std::array kMigrations = {
    Migration{R"sql(
CREATE TABLE identity (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    kiosk TEXT NOT NULL
) STRICT;

CREATE TABLE records (
    seq   INTEGER PRIMARY KEY,
    id    BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    hash  BLOB NOT NULL CHECK (length(hash) = 32),
    bytes TEXT NOT NULL
) STRICT;
-- The id is asked for here too, because INSERT OR REPLACE would remove the older row without asking a DELETE trigger.
CREATE TRIGGER records_follow_each_other BEFORE INSERT ON records
WHEN NEW.seq <> (SELECT ifnull(max(seq), 0) + 1 FROM records) OR EXISTS (SELECT 1 FROM records WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a record takes the next number and an id of its own'); END;
CREATE TRIGGER records_never_change BEFORE UPDATE ON records
BEGIN SELECT RAISE(ABORT, 'records never change'); END;
CREATE TRIGGER records_never_go BEFORE DELETE ON records
BEGIN SELECT RAISE(ABORT, 'records are never deleted'); END;

CREATE TABLE day_tallies (
    day           TEXT NOT NULL,
    questionnaire TEXT NOT NULL,
    version       INTEGER NOT NULL,
    flagged       INTEGER NOT NULL CHECK (flagged IN (0, 1)),
    subject_kind  TEXT NOT NULL,
    subject_id    TEXT NOT NULL,
    tally         TEXT NOT NULL,
    PRIMARY KEY (day, questionnaire, version, flagged, subject_kind, subject_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_state (
    one              INTEGER PRIMARY KEY CHECK (one = 1),
    delivered_seq    INTEGER NOT NULL,
    last_attempt_ms  INTEGER NOT NULL,
    last_success_ms  INTEGER,
    last_error       TEXT NOT NULL,
    server_offset_ms INTEGER
) STRICT;
INSERT INTO sync_state VALUES (1, 0, 0, NULL, '', NULL);

CREATE TABLE inbox_documents (
    name        TEXT PRIMARY KEY,
    body        TEXT NOT NULL,
    received_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE inbox_state (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    version TEXT NOT NULL
) STRICT;
INSERT INTO inbox_state VALUES (1, '');
)sql"},
    Migration{R"sql(
-- What stands before the first record of this file: pruned, or the numbers of an earlier file.
CREATE TABLE base (
    one  INTEGER PRIMARY KEY CHECK (one = 1),
    seq  INTEGER NOT NULL CHECK (seq >= 0),
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
INSERT INTO base VALUES (1, 0, zeroblob(32));

CREATE TABLE skips (
    first_seq INTEGER PRIMARY KEY,
    last_seq  INTEGER NOT NULL CHECK (last_seq >= first_seq),
    reason    TEXT NOT NULL CHECK (reason IN ('damaged', 'renumbered', 'unknown'))
) STRICT;
CREATE TRIGGER skips_never_change BEFORE UPDATE ON skips
BEGIN SELECT RAISE(ABORT, 'skips never change'); END;
CREATE TRIGGER skips_never_go BEFORE DELETE ON skips
BEGIN SELECT RAISE(ABORT, 'skips are never deleted'); END;

-- The first 8 bytes of SHA-256 over `bytes`: after damage a record may stand where the one before it can't be read, and
-- must not go on with a spoiled letter. NULL: written before there was this column.
ALTER TABLE records ADD COLUMN sum BLOB CHECK (sum IS NULL OR length(sum) = 8);

DROP TRIGGER records_follow_each_other;
CREATE TRIGGER records_follow_each_other BEFORE INSERT ON records
WHEN NEW.seq <> 1 + max(ifnull((SELECT max(seq) FROM records), 0), ifnull((SELECT max(last_seq) FROM skips), 0),
                        ifnull((SELECT seq FROM base), 0))
     OR EXISTS (SELECT 1 FROM records WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a record takes the next number and an id of its own'); END;
DROP TRIGGER records_never_go;
CREATE TRIGGER records_never_go BEFORE DELETE ON records
WHEN OLD.seq > ifnull((SELECT delivered_seq FROM sync_state), 0)
     AND NOT EXISTS (SELECT 1 FROM skips WHERE reason = 'renumbered' AND OLD.seq BETWEEN first_seq AND last_seq)
BEGIN SELECT RAISE(ABORT, 'a record goes only once it is delivered or stands under another number'); END;

CREATE TABLE boxes (
    seq  INTEGER NOT NULL,
    item TEXT NOT NULL,
    box  BLOB NOT NULL CHECK (length(box) <= 16384),
    PRIMARY KEY (seq, item)
) STRICT;

-- Responses that the day tallies count and whose records are not in this file any more.
CREATE TABLE gone_responses (
    day           TEXT NOT NULL,
    questionnaire TEXT NOT NULL,
    version       INTEGER NOT NULL,
    flagged       INTEGER NOT NULL CHECK (flagged IN (0, 1)),
    responses     INTEGER NOT NULL,
    PRIMARY KEY (day, questionnaire, version, flagged)
) STRICT, WITHOUT ROWID;

ALTER TABLE sync_state ADD COLUMN set_aside INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sync_state ADD COLUMN words_key BLOB CHECK (words_key IS NULL OR length(words_key) = 40);

-- What happened to this store, for staff: damage, repairing.
CREATE TABLE events (
    number  INTEGER PRIMARY KEY,
    time_ms INTEGER NOT NULL,
    kind    TEXT NOT NULL,
    detail  TEXT NOT NULL
) STRICT;
)sql"},
    Migration{R"sql(
-- The sums of the days, so that a long period is read at once, and the officers' counts, which no day has.
CREATE TABLE month_tallies (
    month         TEXT NOT NULL,
    questionnaire TEXT NOT NULL,
    version       INTEGER NOT NULL,
    flagged       INTEGER NOT NULL CHECK (flagged IN (0, 1)),
    subject_kind  TEXT NOT NULL,
    subject_id    TEXT NOT NULL,
    tally         TEXT NOT NULL,
    PRIMARY KEY (month, questionnaire, version, flagged, subject_kind, subject_id)
) STRICT, WITHOUT ROWID;

-- Tickets that visits began with, as HMAC-SHA-256 under the key. In order of the hash and with the month alone, so that
-- neither their order nor a time leads to a record. The key is 32 random bytes and 8 of their SHA-256.
CREATE TABLE ticket_key (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    key BLOB NOT NULL CHECK (length(key) = 40)
) STRICT;
CREATE TABLE tickets (
    hash  BLOB PRIMARY KEY CHECK (length(hash) = 32),
    month TEXT NOT NULL
) STRICT, WITHOUT ROWID;
)sql",
              count_months},
    Migration{R"sql(
-- One name for each thing, the same as everywhere else.
ALTER TABLE boxes RENAME TO sealed_texts;
ALTER TABLE sealed_texts RENAME COLUMN box TO bytes;
ALTER TABLE gone_responses RENAME TO responses_without_record;
ALTER TABLE sync_state RENAME COLUMN set_aside TO quarantined;
ALTER TABLE sync_state RENAME COLUMN words_key TO text_key;
UPDATE events SET kind = 'repaired' WHERE kind = 'healed';
)sql"},
    Migration{R"sql(
-- Which version of a program ("kiosk") last worked with this file, so that another one can tell it.
CREATE TABLE programs (
    name    TEXT PRIMARY KEY,
    version TEXT NOT NULL
) STRICT, WITHOUT ROWID;
)sql"},
    Migration{R"sql(
-- When the backend confirmed what: everything up to last_seq, by the later of its clock and the terminal's. One row a
-- minute.
CREATE TABLE deliveries (
    minute      INTEGER PRIMARY KEY,
    last_seq    INTEGER NOT NULL,
    received_ms INTEGER NOT NULL
) STRICT;
-- See survey/agreed_time.h.
ALTER TABLE sync_state ADD COLUMN agreed_ms INTEGER;
ALTER TABLE sync_state ADD COLUMN stepped_ms INTEGER;
)sql"},
};

}  // namespace

std::int64_t schema_version(Connection& file) {
    return file.integer("PRAGMA user_version");
}

std::int64_t newest_schema_version() {
    return static_cast<std::int64_t>(kMigrations.size());
}

void bring_up_to_date(Connection& file) {
    for (auto next = static_cast<std::size_t>(schema_version(file)); next < kMigrations.size(); ++next) {
        const Migration& migration = kMigrations.at(next);
        file.execute(migration.sql);
        if (migration.fill != nullptr) migration.fill(file);
    }
    file.execute("PRAGMA application_id = " + std::to_string(kApplicationId));
    file.execute("PRAGMA user_version = " + std::to_string(newest_schema_version()));
}

void check_tables(Connection& file) {
    Query(file,
          "SELECT records.sum, sealed_texts.bytes, text_key, base.hash, reason, day_tallies.day, month_tallies.month, "
          "key, "
          "tickets.hash, detail, inbox_state.version, body, responses, programs.version, deliveries.received_ms, "
          "agreed_ms FROM records, "
          "sealed_texts, deliveries, sync_state, base, skips, day_tallies, month_tallies, ticket_key, tickets, events, "
          "inbox_state, "
          "inbox_documents, responses_without_record, programs LIMIT 0")
        .run();
}

}  // namespace hailong::kiosk
