#include "sync/backend/store/sqlite/schema.h"

#include <map>
#include <utility>

#include "survey/record.h"
#include "survey/tally.h"
#include "sync/backend/model/terminal_day.h"
#include "sync/backend/store/packing.h"
#include "sync/backend/store/sqlite/places.h"
#include "sync/backend/store/sqlite/sums.h"
#include "sync/backend/store/sqlite/words.h"
#include "sync/backend/store/tally_codec.h"

namespace hailong::sync {
namespace {

/// "HLbk": tells our file from any other SQLite database.
constexpr std::int64_t kApplicationId = 0x484c626b;

// Migrations; user_version counts how many were applied. Never edit one that was released: add another. What the old
// rows lack, an adopt_...() fills in between the two halves.

// records is append-only and holds every byte as received. aside_reason '' means counted; a counted id stands once
// (NULLs are distinct in a unique index, so quarantined records are free to repeat one).
// tallies: one wide row a key; `tally` is canonical JSON {"items":{item:{option:count}},"responses":n}.
constexpr const char* kVersion1 = R"sql(
CREATE TABLE documents (revision INTEGER NOT NULL) STRICT;
INSERT INTO documents VALUES (0);
CREATE TABLE centers (id TEXT NOT NULL PRIMARY KEY, json TEXT NOT NULL) STRICT;
CREATE TABLE questionnaires (
    id TEXT NOT NULL, version INTEGER NOT NULL, json TEXT NOT NULL, PRIMARY KEY (id, version)) STRICT;
CREATE TABLE terminals (
    kiosk TEXT NOT NULL PRIMARY KEY,
    center TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    last_seq INTEGER NOT NULL,
    last_hash BLOB NOT NULL,
    reported_collected INTEGER NOT NULL,
    last_seen_ms INTEGER) STRICT;
CREATE TABLE records (
    kiosk TEXT NOT NULL,
    seq INTEGER NOT NULL CHECK (seq > 0),
    id BLOB,
    hash BLOB NOT NULL,
    bytes BLOB NOT NULL,
    aside_reason TEXT NOT NULL,
    aside_detail TEXT NOT NULL,
    received_ms INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX records_place ON records (kiosk, seq);
CREATE UNIQUE INDEX records_id ON records (id, iif(aside_reason = '', 1, NULL));
CREATE INDEX records_aside ON records (kiosk) WHERE aside_reason <> '';
CREATE TABLE batches (
    kiosk TEXT NOT NULL,
    first_seq INTEGER NOT NULL,
    count INTEGER NOT NULL,
    header BLOB NOT NULL,
    received_ms INTEGER NOT NULL) STRICT;
CREATE INDEX batches_kiosk ON batches (kiosk);
CREATE TABLE tallies (
    center TEXT NOT NULL,
    grain TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    date TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    questionnaire TEXT NOT NULL,
    version INTEGER NOT NULL,
    flagged INTEGER NOT NULL,
    tally TEXT NOT NULL,
    PRIMARY KEY (center, grain, subject_kind, date, subject_id, questionnaire, version, flagged))
    STRICT, WITHOUT ROWID;
CREATE TABLE incidents (
    time_ms INTEGER NOT NULL,
    kiosk TEXT NOT NULL,
    kind TEXT NOT NULL,
    detail TEXT NOT NULL,
    evidence BLOB NOT NULL,
    UNIQUE (kiosk, kind, detail)) STRICT;
CREATE TRIGGER records_stay BEFORE DELETE ON records BEGIN SELECT RAISE(ABORT, 'records are append-only'); END;
CREATE TRIGGER records_keep BEFORE UPDATE ON records BEGIN SELECT RAISE(ABORT, 'records are append-only'); END;
CREATE TRIGGER batches_stay BEFORE DELETE ON batches BEGIN SELECT RAISE(ABORT, 'batches are append-only'); END;
CREATE TRIGGER batches_keep BEFORE UPDATE ON batches BEGIN SELECT RAISE(ABORT, 'batches are append-only'); END;
CREATE TRIGGER incidents_stay BEFORE DELETE ON incidents BEGIN SELECT RAISE(ABORT, 'incidents are append-only'); END;
CREATE TRIGGER incidents_keep BEFORE UPDATE ON incidents BEGIN SELECT RAISE(ABORT, 'incidents are append-only'); END;
CREATE TRIGGER questionnaires_keep BEFORE UPDATE ON questionnaires
    BEGIN SELECT RAISE(ABORT, 'a published questionnaire never changes'); END;
)sql";

// Keys, signatures, skips, sealed texts, days, resolved times. A record's one change is that it counts from now on; a
// sealed text goes only behind its trace. counted_ms and trust are NULL while a record is quarantined, a batch's
// signature is NULL when it came before batches were signed (what unsigned_records says once and for all).
constexpr const char* kVersion2 = R"sql(
CREATE TABLE terminals_2 (
    kiosk TEXT NOT NULL PRIMARY KEY,
    center TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    sign_key BLOB,
    last_seq INTEGER NOT NULL,
    last_hash BLOB NOT NULL,
    reported_collected INTEGER NOT NULL,
    last_seen_ms INTEGER) STRICT;
INSERT INTO terminals_2 SELECT kiosk, center, token_hash, NULL, last_seq, last_hash, reported_collected, last_seen_ms
    FROM terminals;
DROP TABLE terminals;
ALTER TABLE terminals_2 RENAME TO terminals;
CREATE UNIQUE INDEX terminals_token ON terminals (token_hash) WHERE token_hash <> '';
CREATE TABLE terminal_keys (
    kiosk TEXT NOT NULL, sign_key BLOB NOT NULL, since_ms INTEGER NOT NULL, UNIQUE (kiosk, sign_key)) STRICT;
CREATE TABLE codes (
    code_hash TEXT NOT NULL PRIMARY KEY,
    kiosk TEXT NOT NULL,
    center TEXT NOT NULL,
    expires_ms INTEGER NOT NULL,
    used_by BLOB) STRICT;
ALTER TABLE records ADD COLUMN counted_ms INTEGER;
ALTER TABLE records ADD COLUMN trust TEXT;
ALTER TABLE records ADD COLUMN taken_in_ms INTEGER;
ALTER TABLE batches ADD COLUMN signature BLOB;
CREATE TABLE unsigned_records (kiosk TEXT NOT NULL PRIMARY KEY, last_seq INTEGER NOT NULL) STRICT;
CREATE TABLE skips (
    kiosk TEXT NOT NULL,
    first_seq INTEGER NOT NULL CHECK (first_seq > 0),
    last_seq INTEGER NOT NULL CHECK (last_seq >= first_seq),
    reason TEXT NOT NULL,
    previous_hash BLOB NOT NULL,
    received_ms INTEGER NOT NULL,
    PRIMARY KEY (kiosk, first_seq)) STRICT;
CREATE TABLE boxes (
    kiosk TEXT NOT NULL,
    seq INTEGER NOT NULL,
    item TEXT NOT NULL,
    bytes BLOB NOT NULL,
    received_ms INTEGER NOT NULL,
    PRIMARY KEY (kiosk, seq, item)) STRICT;
CREATE INDEX boxes_received ON boxes (received_ms);
CREATE TABLE erasures (
    kiosk TEXT NOT NULL,
    seq INTEGER NOT NULL,
    item TEXT NOT NULL,
    time_ms INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (kiosk, seq, item)) STRICT;
CREATE TABLE terminal_days (
    kiosk TEXT NOT NULL,
    day TEXT NOT NULL,
    collected INTEGER NOT NULL,
    held INTEGER NOT NULL,
    counted INTEGER NOT NULL,
    aside INTEGER NOT NULL,
    copies INTEGER NOT NULL,
    PRIMARY KEY (kiosk, day)) STRICT, WITHOUT ROWID;
CREATE TABLE boots (
    kiosk TEXT NOT NULL,
    boot TEXT NOT NULL,
    turn INTEGER NOT NULL,
    time_ms INTEGER NOT NULL,
    PRIMARY KEY (kiosk, boot)) STRICT, WITHOUT ROWID;
CREATE INDEX boots_turn ON boots (kiosk, turn);
DROP INDEX batches_kiosk;
CREATE INDEX batches_kiosk ON batches (kiosk, first_seq);
DROP INDEX records_aside;
CREATE INDEX records_aside ON records (kiosk, seq) WHERE aside_reason <> '';
DROP TRIGGER records_keep;
)sql";
constexpr const char* kVersion2Closing = R"sql(
INSERT INTO unsigned_records SELECT kiosk, max(seq) FROM records GROUP BY kiosk;
CREATE TRIGGER records_keep BEFORE UPDATE ON records
    WHEN NOT (OLD.aside_reason <> '' AND NEW.aside_reason = '' AND NEW.taken_in_ms IS NOT NULL
        AND NEW.counted_ms IS NOT NULL AND NEW.trust IS NOT NULL AND NEW.kiosk = OLD.kiosk AND NEW.seq = OLD.seq
        AND (OLD.id IS NULL OR NEW.id IS OLD.id) AND NEW.hash = OLD.hash AND NEW.bytes = OLD.bytes
        AND NEW.aside_detail = OLD.aside_detail AND NEW.received_ms = OLD.received_ms)
    BEGIN SELECT RAISE(ABORT, 'records are append-only'); END;
CREATE TRIGGER terminal_keys_stay BEFORE DELETE ON terminal_keys
    BEGIN SELECT RAISE(ABORT, 'keys are append-only'); END;
CREATE TRIGGER terminal_keys_keep BEFORE UPDATE ON terminal_keys
    BEGIN SELECT RAISE(ABORT, 'keys are append-only'); END;
CREATE TRIGGER unsigned_records_none BEFORE INSERT ON unsigned_records
    BEGIN SELECT RAISE(ABORT, 'batches are signed'); END;
CREATE TRIGGER unsigned_records_stay BEFORE DELETE ON unsigned_records
    BEGIN SELECT RAISE(ABORT, 'batches are signed'); END;
CREATE TRIGGER unsigned_records_keep BEFORE UPDATE ON unsigned_records
    BEGIN SELECT RAISE(ABORT, 'batches are signed'); END;
CREATE TRIGGER skips_apart BEFORE INSERT ON skips
    WHEN EXISTS (SELECT 1 FROM records WHERE kiosk = NEW.kiosk AND seq BETWEEN NEW.first_seq AND NEW.last_seq)
        OR EXISTS (SELECT 1 FROM skips WHERE kiosk = NEW.kiosk AND first_seq <= NEW.last_seq
            AND last_seq >= NEW.first_seq)
    BEGIN SELECT RAISE(ABORT, 'a record or another skip stands within the skip'); END;
CREATE TRIGGER skips_stay BEFORE DELETE ON skips BEGIN SELECT RAISE(ABORT, 'skips are append-only'); END;
CREATE TRIGGER skips_keep BEFORE UPDATE ON skips BEGIN SELECT RAISE(ABORT, 'skips are append-only'); END;
CREATE TRIGGER boxes_stay BEFORE DELETE ON boxes
    WHEN NOT EXISTS (SELECT 1 FROM erasures WHERE kiosk = OLD.kiosk AND seq = OLD.seq AND item = OLD.item)
    BEGIN SELECT RAISE(ABORT, 'a box goes only behind its trace'); END;
CREATE TRIGGER boxes_keep BEFORE UPDATE ON boxes BEGIN SELECT RAISE(ABORT, 'boxes never change'); END;
CREATE TRIGGER erasures_stay BEFORE DELETE ON erasures
    BEGIN SELECT RAISE(ABORT, 'traces are append-only'); END;
CREATE TRIGGER erasures_keep BEFORE UPDATE ON erasures
    BEGIN SELECT RAISE(ABORT, 'traces are append-only'); END;
)sql";

// Small rows. A kiosk has a number, and a record's place is that number * 2^40 + seq (places.h): the key of its row, so
// that a terminal's records lie together and need no index. bytes and a batch's header are packed (packing.h), a tally
// is coded (tally_codec.h), closed sets are numbers (words.h), days are days since 1970-01-01.
// records: reason NULL means counted. repeats is 1 where the id was stored before: so the index of ids is unique, and
// adding costs one search of it. terminals: what was counted from records before is kept with every batch.
constexpr const char* kVersion3 = R"sql(
DROP TRIGGER records_stay;
DROP TRIGGER records_keep;
DROP TRIGGER batches_stay;
DROP TRIGGER batches_keep;
DROP TRIGGER incidents_keep;
DROP TRIGGER skips_apart;
DROP TRIGGER boxes_stay;
DROP TRIGGER boxes_keep;
DROP INDEX records_place;
DROP INDEX records_id;
DROP INDEX records_aside;
DROP INDEX batches_kiosk;
DROP INDEX terminals_token;
DROP INDEX boxes_received;
ALTER TABLE records RENAME TO records_2;
ALTER TABLE batches RENAME TO batches_2;
ALTER TABLE tallies RENAME TO tallies_2;
ALTER TABLE terminals RENAME TO terminals_2;
ALTER TABLE boxes RENAME TO texts;
CREATE TABLE kiosks (number INTEGER PRIMARY KEY, kiosk TEXT NOT NULL UNIQUE) STRICT;
INSERT INTO kiosks (kiosk) SELECT kiosk FROM terminals_2 UNION SELECT kiosk FROM records_2
    UNION SELECT kiosk FROM batches_2 UNION SELECT kiosk FROM terminal_days;
CREATE TABLE records (
    place INTEGER PRIMARY KEY,
    id BLOB,
    repeats INTEGER CHECK (repeats = 1),
    hash BLOB NOT NULL,
    reason TEXT CHECK (reason <> ''),
    detail TEXT,
    received_ms INTEGER NOT NULL,
    counted_ms INTEGER,
    trust INTEGER,
    reprocessed_ms INTEGER,
    bytes BLOB NOT NULL) STRICT;
CREATE UNIQUE INDEX records_id ON records (id) WHERE id IS NOT NULL AND repeats IS NULL;
CREATE INDEX records_repeated ON records (id) WHERE repeats IS NOT NULL;
CREATE INDEX records_quarantined ON records (place) WHERE reason IS NOT NULL;
CREATE TABLE batches (
    number INTEGER PRIMARY KEY,
    place INTEGER NOT NULL,
    count INTEGER NOT NULL,
    header BLOB NOT NULL,
    signature BLOB,
    received_ms INTEGER NOT NULL) STRICT;
CREATE INDEX batches_place ON batches (place);
CREATE TABLE center_revisions (
    number INTEGER PRIMARY KEY,
    center TEXT NOT NULL UNIQUE,
    tallies INTEGER NOT NULL,
    past INTEGER NOT NULL) STRICT;
CREATE TABLE tallies (
    center INTEGER NOT NULL,
    grain INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    day INTEGER NOT NULL,
    subject TEXT NOT NULL,
    questionnaire TEXT NOT NULL,
    version INTEGER NOT NULL,
    flagged INTEGER NOT NULL,
    tally BLOB NOT NULL,
    PRIMARY KEY (center, grain, kind, day, subject, questionnaire, version, flagged)) STRICT, WITHOUT ROWID;
CREATE TABLE days (
    terminal INTEGER NOT NULL,
    day INTEGER NOT NULL,
    collected INTEGER NOT NULL,
    stored INTEGER NOT NULL,
    counted INTEGER NOT NULL,
    quarantined INTEGER NOT NULL,
    copies INTEGER NOT NULL,
    PRIMARY KEY (terminal, day)) STRICT, WITHOUT ROWID;
CREATE TABLE terminals (
    kiosk TEXT NOT NULL PRIMARY KEY,
    center TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    sign_key BLOB,
    last_seq INTEGER NOT NULL,
    last_hash BLOB NOT NULL,
    counted_seq INTEGER,
    counted_ms INTEGER,
    boot TEXT NOT NULL,
    reported_collected INTEGER NOT NULL,
    last_seen_ms INTEGER,
    erased INTEGER NOT NULL,
    stored INTEGER NOT NULL,
    counted INTEGER NOT NULL,
    quarantined INTEGER NOT NULL,
    copies INTEGER NOT NULL,
    skipped INTEGER NOT NULL,
    lost INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX terminals_token ON terminals (token_hash) WHERE token_hash <> '';
CREATE INDEX terminals_center ON terminals (center);
CREATE INDEX texts_received ON texts (received_ms);
CREATE INDEX erasures_kiosk ON erasures (kiosk);
CREATE TABLE counts (texts INTEGER NOT NULL) STRICT;
INSERT INTO counts SELECT count(*) FROM texts;
UPDATE incidents SET kind = 'stray_text' WHERE kind = 'stray_box';
)sql";
// The terminals' own figures come from what was adopted by then.
constexpr const char* kVersion3Closing = R"sql(
INSERT INTO terminals
    SELECT kiosk, center, token_hash, sign_key, last_seq, last_hash,
        (SELECT place % 1099511627776 FROM records WHERE place BETWEEN number * 1099511627776
            AND number * 1099511627776 + 1099511627775 AND reason IS NULL AND reprocessed_ms IS NULL
            ORDER BY place DESC LIMIT 1),
        (SELECT counted_ms FROM records WHERE place BETWEEN number * 1099511627776
            AND number * 1099511627776 + 1099511627775 AND reason IS NULL AND reprocessed_ms IS NULL
            ORDER BY place DESC LIMIT 1),
        ifnull((SELECT boot FROM boots WHERE boots.kiosk = kiosks.kiosk ORDER BY turn DESC LIMIT 1), ''),
        reported_collected, last_seen_ms,
        (SELECT count(*) FROM erasures WHERE erasures.kiosk = kiosks.kiosk),
        (SELECT count(*) FROM records WHERE place BETWEEN number * 1099511627776
            AND number * 1099511627776 + 1099511627775),
        (SELECT count(*) FROM records WHERE place BETWEEN number * 1099511627776
            AND number * 1099511627776 + 1099511627775 AND reason IS NULL),
        (SELECT count(*) FROM records WHERE place BETWEEN number * 1099511627776
            AND number * 1099511627776 + 1099511627775 AND reason IS NOT NULL),
        (SELECT ifnull(sum(copies), 0) FROM days WHERE terminal = number),
        (SELECT ifnull(sum(skips.last_seq - first_seq + 1), 0) FROM skips WHERE skips.kiosk = kiosks.kiosk),
        (SELECT ifnull(sum(skips.last_seq - first_seq + 1), 0) FROM skips WHERE skips.kiosk = kiosks.kiosk
            AND reason IN ('damaged', 'pruned'))
    FROM terminals_2 JOIN kiosks USING (kiosk);
DROP TABLE terminals_2;
DROP TABLE records_2;
DROP TABLE batches_2;
DROP TABLE tallies_2;
DROP TABLE terminal_days;
CREATE TRIGGER records_stay BEFORE DELETE ON records BEGIN SELECT RAISE(ABORT, 'records are append-only'); END;
CREATE TRIGGER records_keep BEFORE UPDATE ON records
    WHEN NOT (OLD.reason IS NOT NULL AND NEW.reason IS NULL AND NEW.reprocessed_ms IS NOT NULL
        AND NEW.counted_ms IS NOT NULL AND NEW.trust IS NOT NULL AND NEW.place = OLD.place
        AND (OLD.id IS NULL OR (NEW.id IS OLD.id AND NEW.repeats IS OLD.repeats)) AND NEW.hash = OLD.hash
        AND NEW.bytes = OLD.bytes AND NEW.detail IS OLD.detail AND NEW.received_ms = OLD.received_ms)
    BEGIN SELECT RAISE(ABORT, 'records are append-only'); END;
CREATE TRIGGER records_once BEFORE UPDATE ON records
    WHEN OLD.reason IS NOT NULL AND NEW.reason IS NULL
        AND (EXISTS (SELECT 1 FROM records WHERE id = NEW.id AND repeats IS NULL AND reason IS NULL)
            OR EXISTS (SELECT 1 FROM records WHERE id = NEW.id AND repeats IS NOT NULL AND reason IS NULL))
    BEGIN SELECT RAISE(ABORT, 'an id counts once'); END;
CREATE TRIGGER records_once_added BEFORE INSERT ON records
    WHEN NEW.repeats IS NOT NULL AND NEW.reason IS NULL
    BEGIN SELECT RAISE(ABORT, 'an id counts once'); END;
CREATE TRIGGER batches_stay BEFORE DELETE ON batches BEGIN SELECT RAISE(ABORT, 'batches are append-only'); END;
CREATE TRIGGER batches_keep BEFORE UPDATE ON batches BEGIN SELECT RAISE(ABORT, 'batches are append-only'); END;
CREATE TRIGGER incidents_keep BEFORE UPDATE ON incidents BEGIN SELECT RAISE(ABORT, 'incidents are append-only'); END;
CREATE TRIGGER skips_apart BEFORE INSERT ON skips
    WHEN EXISTS (SELECT 1 FROM kiosks JOIN records ON place BETWEEN number * 1099511627776 + NEW.first_seq
            AND number * 1099511627776 + min(NEW.last_seq, 1099511627775) WHERE kiosk = NEW.kiosk)
        OR EXISTS (SELECT 1 FROM skips WHERE kiosk = NEW.kiosk AND first_seq <= NEW.last_seq
            AND last_seq >= NEW.first_seq)
    BEGIN SELECT RAISE(ABORT, 'a record or another skip stands within the skip'); END;
CREATE TRIGGER texts_stay BEFORE DELETE ON texts
    WHEN NOT EXISTS (SELECT 1 FROM erasures WHERE kiosk = OLD.kiosk AND seq = OLD.seq AND item = OLD.item)
    BEGIN SELECT RAISE(ABORT, 'a sealed text goes only behind its trace'); END;
CREATE TRIGGER texts_keep BEFORE UPDATE ON texts
    BEGIN SELECT RAISE(ABORT, 'sealed texts never change'); END;
)sql";
static_assert(survey::kSeqMax == 1'099'511'627'775, "schema 3 has it in words");

// statuses: what each terminal last said of itself, in the words of the protocol (PROTOCOL.md 8.4).
// That an id counts once when a record is added is a constraint of its row, no trigger: with one, SQLite kept what each
// single insertion would have to undo, and looked through all that the batch had kept so far. A third of the time.
constexpr const char* kVersion4 = R"sql(
DROP TRIGGER skips_apart;
ALTER TABLE records RENAME TO records_3;
CREATE TABLE records (
    place INTEGER PRIMARY KEY,
    id BLOB,
    repeats INTEGER CHECK (repeats = 1),
    hash BLOB NOT NULL,
    reason TEXT CHECK (reason <> ''),
    detail TEXT,
    received_ms INTEGER NOT NULL,
    counted_ms INTEGER,
    trust INTEGER,
    reprocessed_ms INTEGER,
    bytes BLOB NOT NULL,
    CONSTRAINT "an id counts once" CHECK (repeats IS NULL OR reason IS NOT NULL OR reprocessed_ms IS NOT NULL)) STRICT;
INSERT INTO records SELECT place, id, repeats, hash, reason, detail, received_ms, counted_ms, trust, reprocessed_ms,
    bytes FROM records_3;
DROP TABLE records_3;
CREATE UNIQUE INDEX records_id ON records (id) WHERE id IS NOT NULL AND repeats IS NULL;
CREATE INDEX records_repeated ON records (id) WHERE repeats IS NOT NULL;
CREATE INDEX records_quarantined ON records (place) WHERE reason IS NOT NULL;
CREATE TRIGGER records_stay BEFORE DELETE ON records BEGIN SELECT RAISE(ABORT, 'records are append-only'); END;
CREATE TRIGGER records_keep BEFORE UPDATE ON records
    WHEN NOT (OLD.reason IS NOT NULL AND NEW.reason IS NULL AND NEW.reprocessed_ms IS NOT NULL
        AND NEW.counted_ms IS NOT NULL AND NEW.trust IS NOT NULL AND NEW.place = OLD.place
        AND (OLD.id IS NULL OR (NEW.id IS OLD.id AND NEW.repeats IS OLD.repeats)) AND NEW.hash = OLD.hash
        AND NEW.bytes = OLD.bytes AND NEW.detail IS OLD.detail AND NEW.received_ms = OLD.received_ms)
    BEGIN SELECT RAISE(ABORT, 'records are append-only'); END;
CREATE TRIGGER records_once BEFORE UPDATE ON records
    WHEN OLD.reason IS NOT NULL AND NEW.reason IS NULL
        AND (EXISTS (SELECT 1 FROM records WHERE id = NEW.id AND repeats IS NULL AND reason IS NULL)
            OR EXISTS (SELECT 1 FROM records WHERE id = NEW.id AND repeats IS NOT NULL AND reason IS NULL))
    BEGIN SELECT RAISE(ABORT, 'an id counts once'); END;
CREATE TRIGGER skips_apart BEFORE INSERT ON skips
    WHEN EXISTS (SELECT 1 FROM kiosks JOIN records ON place BETWEEN number * 1099511627776 + NEW.first_seq
            AND number * 1099511627776 + min(NEW.last_seq, 1099511627775) WHERE kiosk = NEW.kiosk)
        OR EXISTS (SELECT 1 FROM skips WHERE kiosk = NEW.kiosk AND first_seq <= NEW.last_seq
            AND last_seq >= NEW.first_seq)
    BEGIN SELECT RAISE(ABORT, 'a record or another skip stands within the skip'); END;
CREATE TABLE statuses (
    kiosk TEXT NOT NULL PRIMARY KEY,
    status TEXT NOT NULL,
    heard_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
)sql";

// time_corrections: where the backend's own clock was wrong, by the numbers of batches. Only then a counted record's
// time changes, and nothing else of it.
constexpr const char* kVersion6 = R"sql(
CREATE TABLE time_corrections (
    number INTEGER PRIMARY KEY,
    first_batch INTEGER NOT NULL CHECK (first_batch > 0),
    last_batch INTEGER NOT NULL CHECK (last_batch >= first_batch),
    ahead_ms INTEGER NOT NULL,
    reason TEXT NOT NULL,
    account TEXT NOT NULL,
    recorded_ms INTEGER NOT NULL,
    sum INTEGER NOT NULL) STRICT;
CREATE TRIGGER time_corrections_stay BEFORE DELETE ON time_corrections
    BEGIN SELECT RAISE(ABORT, 'corrections are append-only'); END;
CREATE TRIGGER time_corrections_keep BEFORE UPDATE ON time_corrections
    BEGIN SELECT RAISE(ABORT, 'corrections are append-only'); END;
DROP TRIGGER records_keep;
CREATE TRIGGER records_keep BEFORE UPDATE ON records
    WHEN NOT (NEW.counted_ms IS NOT NULL AND NEW.trust IS NOT NULL AND NEW.reason IS NULL AND NEW.place = OLD.place
        AND NEW.hash = OLD.hash AND NEW.bytes = OLD.bytes AND NEW.detail IS OLD.detail
        AND NEW.received_ms = OLD.received_ms
        AND ((OLD.reason IS NOT NULL AND NEW.reprocessed_ms IS NOT NULL
                AND (OLD.id IS NULL OR (NEW.id IS OLD.id AND NEW.repeats IS OLD.repeats)))
            OR (OLD.reason IS NULL AND NEW.reprocessed_ms IS OLD.reprocessed_ms AND NEW.id IS OLD.id
                AND NEW.repeats IS OLD.repeats AND NEW.sum IS OLD.sum
                AND EXISTS (SELECT 1 FROM time_corrections))))
    BEGIN SELECT RAISE(ABORT, 'records are append-only'); END;
)sql";

// What is public of the tallies, and since when. A center's number in the rows of tallies, without revisions that
// nobody asks for.
constexpr const char* kVersion7 = R"sql(
CREATE TABLE tally_centers (
    number INTEGER PRIMARY KEY,
    center TEXT NOT NULL UNIQUE,
    sum INTEGER NOT NULL) STRICT;
INSERT INTO tally_centers SELECT number, center, checksum(number, center) FROM center_revisions;
DROP TABLE center_revisions;
CREATE TABLE public_tallies (
    center TEXT NOT NULL,
    day INTEGER NOT NULL,
    grain INTEGER NOT NULL,
    pooled INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    subject TEXT NOT NULL,
    questionnaire TEXT NOT NULL,
    version INTEGER NOT NULL,
    flagged INTEGER NOT NULL,
    tally BLOB NOT NULL,
    sum INTEGER NOT NULL,
    PRIMARY KEY (center, day, grain, pooled, kind, subject, questionnaire, version, flagged)) STRICT, WITHOUT ROWID;
CREATE TABLE releases (
    center TEXT NOT NULL PRIMARY KEY,
    day INTEGER NOT NULL,
    number INTEGER NOT NULL,
    sum INTEGER NOT NULL) STRICT;
)sql";

// commits: how many there were. A store, or a log beside it, that somebody put back holds fewer than were made.
// Until then what was counted at a doubtful time bound what came behind it, too: those batches are verified by that.
constexpr const char* kVersion8 = R"sql(
CREATE TABLE commits (number INTEGER NOT NULL, sum INTEGER NOT NULL) STRICT;
INSERT INTO commits VALUES (0, checksum(0));
UPDATE terminals SET (counted_seq, counted_ms) = (
    SELECT place - number * 1099511627776, records.counted_ms FROM kiosks JOIN records
        ON place BETWEEN number * 1099511627776 AND number * 1099511627776 + 1099511627775
    WHERE kiosks.kiosk = terminals.kiosk AND reason IS NULL AND reprocessed_ms IS NULL AND trust <> 3
    ORDER BY place DESC LIMIT 1);
INSERT INTO facts (name, fact, sum)
    SELECT 'doubtful_bound', last, checksum('doubtful_bound', last)
        FROM (SELECT CAST(max(number) AS TEXT) AS last FROM batches) WHERE last IS NOT NULL;
)sql";

/// The records of version 1 had no evidence of their time: what was counted stays counted at the time claimed, as that
/// version did, and the days are added up from them.
void adopt_version_1(Connection& connection) {
    std::map<std::pair<std::string, survey::Date>, TerminalDay> days;
    Query records(connection,
                  "SELECT rowid, kiosk, bytes, aside_reason, received_ms, aside_reason = 'duplicate_id' AND EXISTS "
                  "(SELECT 1 FROM records AS twin WHERE twin.id = records.id AND twin.kiosk = records.kiosk "
                  "AND twin.seq < records.seq) FROM records");
    Query resolved(connection, "UPDATE records SET counted_ms = ?, trust = ? WHERE rowid = ?");
    const std::string trusted(survey::name(survey::TimeTrust::trusted));
    while (records.step()) {
        StoredRecord stored;
        stored.kiosk = {records.text_at(1)};
        if (!records.view_at(3).empty()) {
            stored.quarantine_reason = parse_quarantine_reason(records.view_at(3)).value_or(QuarantineReason::other);
        }
        stored.received = records.time_at(4);
        const auto record = survey::decode(records.text_at(2));
        const TerminalDay more = terminal_day(stored, record ? &record->response : nullptr, records.integer_at(5) != 0);
        days.try_emplace({stored.kiosk.text, more.day}, TerminalDay{stored.kiosk, more.day}).first->second += more;
        if (stored.quarantine_reason || !record) continue;
        resolved.again().time(record->response.finished.utc).text(trusted).integer(records.integer_at(0)).run();
    }
    Query add(connection, "INSERT INTO terminal_days VALUES (?, ?, 0, ?, ?, ?, ?)");
    for (const auto& [key, day] : days) {
        const std::string date = survey::to_string(key.second);
        add.again().text(key.first).text(date).integer(day.stored).integer(day.counted);
        add.integer(day.quarantined).integer(day.copies).run();
    }
}

/// In the order in which they were stored, so that of records with one id the same is the first.
void adopt_records(Connection& connection) {
    Query records(connection,
                  "SELECT number, seq, id, hash, bytes, aside_reason, aside_detail, received_ms, counted_ms, trust, "
                  "taken_in_ms FROM records_2 JOIN kiosks USING (kiosk) ORDER BY records_2.rowid");
    Query known(connection, "SELECT 1 FROM records WHERE id = ? AND repeats IS NULL");
    Query add(connection,
              "INSERT INTO records (place, id, repeats, hash, bytes, reason, detail, received_ms, counted_ms, trust, "
              "reprocessed_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    while (records.step()) {
        const auto id = records.bytes_or_null_at<survey::Uuid>(2);
        const bool repeats = id && known.again().bytes(*id).step();
        const std::int64_t seq = records.integer_at(1);
        if (seq > survey::kSeqMax) fail_as_damaged("a record has the number " + std::to_string(seq));
        const auto hash = records.bytes_at<survey::Digest>(3);
        const std::string packed = pack(records.view_at(4), PackedKind::record);
        const std::string reason = records.text_at(5);
        const std::string detail = records.text_at(6);
        add.again().integer(place_of(records.integer_at(0), seq)).bytes_or_null(id);
        repeats ? add.integer(1) : add.null();
        add.bytes(hash).blob(packed).text_or_null(reason).text_or_null(detail).time(records.time_at(7));
        add.time_or_null(records.time_or_null_at(8));
        if (records.is_null(9)) {
            add.null();
        } else {
            const auto trust = survey::parse_time_trust(records.view_at(9));
            if (!trust) fail_as_damaged("record " + std::to_string(seq) + " has no known trust");
            add.integer(number_of(*trust));
        }
        add.time_or_null(records.time_or_null_at(10)).run();
    }
}

void adopt_batches(Connection& connection) {
    Query batches(connection,
                  "SELECT number, first_seq, count, header, signature, received_ms FROM batches_2 "
                  "JOIN kiosks USING (kiosk) ORDER BY batches_2.rowid");
    Query add(connection, "INSERT INTO batches (place, count, header, signature, received_ms) VALUES (?, ?, ?, ?, ?)");
    while (batches.step()) {
        const std::string packed = pack(batches.view_at(3), PackedKind::batch_header);
        const auto signature = batches.bytes_or_null_at<survey::Signature>(4);
        add.again().integer(place_of(batches.integer_at(0), batches.integer_at(1))).integer(batches.integer_at(2));
        add.blob(packed).bytes_or_null(signature).time(batches.time_at(5)).run();
    }
}

void adopt_days(Connection& connection) {
    Query days(connection,
               "SELECT number, day, collected, held, counted, aside, copies FROM terminal_days "
               "JOIN kiosks USING (kiosk)");
    Query add(connection, "INSERT INTO days VALUES (?, ?, ?, ?, ?, ?, ?)");
    while (days.step()) {
        add.again().integer(days.integer_at(0)).integer(number_of(days.date_at(1)));
        for (int column = 2; column <= 6; ++column)
            add.integer(days.integer_at(column));
        add.run();
    }
}

/// A tally that can't be read stays as it is: the figures of its center say so.
void adopt_tallies(Connection& connection) {
    connection.execute(
        "INSERT INTO center_revisions (center, tallies, past) SELECT DISTINCT center, 1, 1 FROM tallies_2 ORDER BY "
        "center");
    Query rows(connection,
               "SELECT number, grain, subject_kind, date, subject_id, questionnaire, version, flagged, tally "
               "FROM tallies_2 JOIN center_revisions USING (center)");
    Query add(connection, "INSERT INTO tallies VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    while (rows.step()) {
        const std::string grain = rows.text_at(1);
        const auto kind = survey::parse_subject_kind(rows.view_at(2));
        if (!kind || (grain != "day" && grain != "month")) fail_as_damaged("a tally has an unknown key");
        const std::string subject = rows.text_at(4);
        const std::string questionnaire = rows.text_at(5);
        const auto tally = survey::parse_tally(rows.view_at(8));
        const std::string bytes = tally ? encode_tally(*tally) : rows.text_at(8);
        add.again().integer(rows.integer_at(0));
        add.integer(number_of(grain == "month" ? survey::Grain::month : survey::Grain::day)).integer(number_of(*kind));
        add.integer(number_of(rows.date_at(3))).text(subject).text(questionnaire).integer(rows.integer_at(6));
        add.integer(rows.integer_at(7)).blob(bytes).run();
    }
}

void adopt_version_2(Connection& connection) {
    adopt_records(connection);
    adopt_batches(connection);
    adopt_days(connection);
    adopt_tallies(connection);
}

void adopt_version_4(Connection& connection) {
    connection.execute(schema_5());
}

struct Migration {
    const char* opening;
    void (*adopt)(Connection&);  // nullptr: there is nothing to adopt
    const char* closing;
};
constexpr Migration kMigrations[] = {{kVersion1, nullptr, ""},
                                     {kVersion2, adopt_version_1, kVersion2Closing},
                                     {kVersion3, adopt_version_2, kVersion3Closing},
                                     {kVersion4, nullptr, ""},
                                     {"", adopt_version_4, ""},
                                     {kVersion6, nullptr, ""},
                                     {kVersion7, nullptr, ""},
                                     {kVersion8, nullptr, ""}};
constexpr auto kSchemaVersion = static_cast<std::int64_t>(std::size(kMigrations));

void apply(Connection& connection, std::int64_t version) {
    const Migration& migration = kMigrations[version];
    connection.execute(migration.opening);
    if (migration.adopt != nullptr) migration.adopt(connection);
    connection.execute(migration.closing);
    connection.execute("PRAGMA user_version = " + std::to_string(version + 1));
    if (version == 0) connection.execute("PRAGMA application_id = " + std::to_string(kApplicationId));
}

}  // namespace

void migrate(Connection& connection) {
    for (std::int64_t version = connection.integer("PRAGMA user_version"); version < kSchemaVersion; ++version) {
        survey::sqlite::Transaction transaction(connection);
        // Another process may have been faster; the number counts only under the lock.
        if (connection.integer("PRAGMA user_version") == version) apply(connection, version);
        transaction.commit();
    }
}

std::optional<StoreError> refuse_foreign(Connection& connection, const std::string& name, bool may_be_empty) {
    using enum StoreErrorKind;
    const std::int64_t application = connection.integer("PRAGMA application_id");
    const std::int64_t version = connection.integer("PRAGMA user_version");
    const bool is_empty = connection.integer("SELECT count(*) FROM sqlite_schema") == 0;
    if (is_empty && !may_be_empty) {
        return StoreError{
            corrupt, name + " holds nothing: it is no store, or what stood in it is lost",
            "nothing was changed, and terminals keep what they collected. Put the last backup back into an "
            "empty data folder with `hailong-backend restore`; do not run `init` on this folder, that "
            "would begin an empty store in its place"};
    }
    if (application != kApplicationId && !(is_empty && application == 0)) {
        return StoreError{corrupt, name + " is not a store of hailong-backend",
                          "nothing was changed; name the right folder with --data, and move no file away"};
    }
    if (version > kSchemaVersion) {
        return StoreError{newer,
                          name + " has schema " + std::to_string(version) + ", this program knows up to " +
                              std::to_string(kSchemaVersion),
                          "nothing was changed; start the newer version of hailong-backend"};
    }
    return std::nullopt;
}

namespace {

/// What each table, index and trigger is called, and how it is defined.
using Definitions = std::map<std::string, std::string>;

Definitions definitions_of(Connection& connection) {
    Definitions definitions;
    Query query(connection, "SELECT type || ' ' || name, ifnull(sql, '') FROM sqlite_schema");
    while (query.step())
        definitions[query.text_at(0)] = query.text_at(1);
    return definitions;
}

/// As a new store has them. Made once: it takes all migrations.
const Definitions& expected_definitions() {
    static const Definitions expected = [] {
        Connection fresh(":memory:", survey::sqlite::Access::create);
        migrate(fresh);
        return definitions_of(fresh);
    }();
    return expected;
}

}  // namespace

void find_foreign_schema(Connection& connection, std::size_t count_max, std::vector<std::string>& found) {
    const Definitions& expected = expected_definitions();
    const Definitions stored = definitions_of(connection);
    const auto tell = [&](const std::string& sentence) {
        if (found.size() < count_max) found.push_back(sentence);
    };
    for (const auto& [name, sql] : expected) {
        const auto at = stored.find(name);
        if (at == stored.end()) {
            tell("the " + name + " is missing in the file");
        } else if (at->second != sql) {
            tell("the " + name + " is defined otherwise in the file");
        }
    }
    for (const auto& [name, sql] : stored) {
        if (!expected.contains(name)) tell("the file has a " + name + ", which is not of this program");
    }
}

void keep_in_wal_mode(Connection& connection, const std::string& name) {
    if (connection.text("PRAGMA journal_mode = WAL") == "wal") return;
    throw survey::sqlite::Error(StoreErrorKind::io, name + " can't be kept in WAL mode (a network file system?)");
}

}  // namespace hailong::sync
