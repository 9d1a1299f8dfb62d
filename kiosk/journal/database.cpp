#include "kiosk/journal/database.h"

#include <array>
#include <cerrno>
#include <system_error>
#include <thread>

#include <sqlite3.h>

#include "kiosk/journal/file_lock.h"
#include "kiosk/journal/head_file.h"
#include "kiosk/journal/tally_rows.h"

namespace hailong::kiosk {
namespace {

/// A change of the schema, and what fills the new tables from the old ones.
struct Migration {
    const char* sql;
    void (*fill)(SQLite::Database&) = nullptr;
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
};
constexpr int kSchemaVersion = static_cast<int>(kMigrations.size());

/// How many schema changes a newer program can be ahead and still be taken for one.
constexpr int kVersionsAheadMax = 100;

/// Thrown when the file's user_version is beyond this program's.
class NewerFile : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// SQLite's result codes (https://www.sqlite.org/rescode.html) by what the caller can do.
StoreErrorKind kind_by_result(int code, int system_error) {
    switch (code & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_PROTOCOL:
            return StoreErrorKind::busy;
        case SQLITE_FULL:
            return StoreErrorKind::full;
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return StoreErrorKind::read_only;
        case SQLITE_CANTOPEN:
            return kind_by_errno(system_error);
        case SQLITE_IOERR:
            // The shared-memory file is grown outside the calls that SQLite itself reports as "full".
            return kind_by_errno(system_error) == StoreErrorKind::full ? StoreErrorKind::full : StoreErrorKind::io;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
        case SQLITE_FORMAT:
        case SQLITE_MISMATCH:
        case SQLITE_CONSTRAINT:  // a row that our schema excludes
        case SQLITE_ERROR:
            return StoreErrorKind::corrupt;  // a table that our schema has is not there
        default:
            return StoreErrorKind::io;
    }
}

std::uintmax_t size_or_zero(const std::filesystem::path& file) {
    std::error_code none;
    const std::uintmax_t size = std::filesystem::file_size(file, none);
    return none ? 0 : size;
}

/// Why a file that is not there, or empty, must not be begun anew; empty when it may.
std::string lost_content(const std::filesystem::path& file) {
    if (size_or_zero(file) > 0) return {};
    if (size_or_zero(file.string() + "-wal") > 0) return "the file is gone, but its log is still there";
    if (size_or_zero(repaired_file_of(file)) > 0) return "the file is gone, and the repaired one is not in its place yet";
    return {};
}

std::string remedy(StoreErrorKind kind) {
    switch (kind) {
        case StoreErrorKind::busy:
            return "try again; if it stays, look for another program that holds the file (lsof) and end it";
        case StoreErrorKind::full:
            return "make space on that disk, then try again";
        case StoreErrorKind::read_only:
            return "check that the folder exists, that the disk is mounted for writing, and that this user may write "
                   "the file and its folder";
        case StoreErrorKind::io:
            return "try again; if it stays, look into the system log (dmesg) and replace the disk";
        case StoreErrorKind::corrupt:
            return "leave the file and those beside it as they are, copy them to another disk, and call support";
        case StoreErrorKind::newer:
            return "install the newer version of the program";
        case StoreErrorKind::wrong_kiosk:
            return "correct the terminal's id in the configuration, or name its own file";
    }
    return {};
}

}  // namespace

StoreErrorKind kind_by_errno(int error) {
    switch (error) {
        case ENOSPC:
        case EDQUOT:
            return StoreErrorKind::full;
        case EACCES:
        case EPERM:
        case EROFS:
        case ENOENT:
        case ENOTDIR:
        case EISDIR:
            return StoreErrorKind::read_only;
        default:
            return StoreErrorKind::io;
    }
}

StoreErrorKind kind_of(int result) {
    return kind_by_result(result, 0);
}

bool is_damage(const std::exception& error) {
    if (const auto* sqlite = dynamic_cast<const SQLite::Exception*>(&error)) {
        return kind_by_result(sqlite->getErrorCode(), 0) == StoreErrorKind::corrupt;
    }
    return dynamic_cast<const Damage*>(&error) != nullptr;
}

std::filesystem::path repaired_file_of(const std::filesystem::path& file) {
    return file.string() + "-repaired";
}

const char* name(StoreErrorKind kind) {
    switch (kind) {
        case StoreErrorKind::busy:
            return "busy";
        case StoreErrorKind::full:
            return "full";
        case StoreErrorKind::read_only:
            return "read_only";
        case StoreErrorKind::io:
            return "io";
        case StoreErrorKind::corrupt:
            return "corrupt";
        case StoreErrorKind::newer:
            return "newer";
        case StoreErrorKind::wrong_kiosk:
            return "wrong_kiosk";
    }
    return "io";
}

std::string describe(const StoreError& error) {
    return error.what + "; " + error.remedy;
}

StoreError make_error(StoreErrorKind kind, std::string what) {
    return {kind, std::move(what), remedy(kind)};
}

Expected<std::unique_ptr<Database>, StoreError> Database::open(const std::filesystem::path& file,
                                                               survey::milliseconds busy_timeout, Lock lock) {
    std::optional<FileLock> shared;
    if (lock == Lock::take) {
        auto taken = FileLock::take(file, FileLock::Mode::shared, busy_timeout);
        if (!taken) return unexpected(taken.error());
        shared.emplace(std::move(*taken));
    }
    if (const std::string lost = lost_content(file); !lost.empty()) {
        return unexpected(make_error(StoreErrorKind::corrupt, file.string() + ": " + lost));
    }
    std::unique_ptr<Database> database;
    try {
        database.reset(new Database(file, busy_timeout));
    } catch (const SQLite::Exception& error) {
        // The connection is gone with its constructor, but errno still says why the file did not open.
        const StoreErrorKind kind = kind_by_result(error.getErrorCode(), errno);
        return unexpected(make_error(kind, file.string() + ": the file could not be opened: " + error.what()));
    } catch (const std::exception& error) {
        return unexpected(make_error(StoreErrorKind::io, file.string() + ": " + error.what()));
    }
    const auto prepared = database->run<bool>("be opened", [&]() -> Expected<bool, StoreError> {
        database->prepare(busy_timeout, lock);
        return true;
    });
    if (!prepared) return unexpected(prepared.error());
    return database;
}

Database::Database(const std::filesystem::path& file, survey::milliseconds busy_timeout)
    : file_(file.string()),
      sqlite_(file_, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX,
              static_cast<int>(busy_timeout.count())) {
    fold_log_on_close(false);
}

void Database::prepare(survey::milliseconds busy_timeout, Lock lock) {
    // SQLite falls back to reading when it may not write.
    if (sqlite3_db_readonly(sqlite_.getHandle(), "main") == 1) {
        throw SQLite::Exception("the file may only be read", SQLITE_READONLY);
    }
    const int application = sqlite_.execAndGet("PRAGMA application_id").getInt();
    const int tables = sqlite_.execAndGet("SELECT count(*) FROM sqlite_master").getInt();
    if (application != kApplicationId && (application != 0 || tables != 0)) {
        throw Damage("it is not a journal of this program, and is left alone");
    }
    sqlite_.exec(
        "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA foreign_keys = ON;"
        "PRAGMA recursive_triggers = ON; PRAGMA synchronous = FULL;"
        "PRAGMA secure_delete = ON");
    // Two processes that meet here on a new file: SQLite refuses at once instead of waiting, so the waiting is ours.
    constexpr survey::milliseconds kPause{20};
    for (survey::milliseconds waited{0};; waited += kPause) {
        SQLite::Statement wal(sqlite_, "PRAGMA journal_mode = WAL");
        const int result = wal.tryExecuteStep();
        if (result == SQLITE_ROW) {
            if (wal.getColumn(0).getString() == "wal") break;
            throw SQLite::Exception("the file system does not carry a write-ahead log", SQLITE_READONLY);
        }
        if (result != SQLITE_BUSY || waited >= busy_timeout) throw SQLite::Exception(sqlite_.getHandle(), result);
        std::this_thread::sleep_for(kPause);
    }
    migrate(lock);
}

void Database::fold_log_on_close(bool fold) {
    sqlite3_db_config(sqlite_.getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, fold ? 0 : 1, nullptr);
}

void Database::check_place() {
    int moved = 0;
    sqlite3_file_control(sqlite_.getHandle(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    if (moved != 0) throw Damage("the file was set aside or replaced; it is opened anew");
}

void Database::migrate(Lock lock) {
    const auto version = [this] { return sqlite_.execAndGet("PRAGMA user_version").getInt(); };
    if (version() == kSchemaVersion) return;
    WriteTransaction transaction(*this);
    const int held = version();  // again: another process may have been faster
    if (held < 0) throw Damage("its header was spoiled");
    if (held > kSchemaVersion) {
        // A spoiled page can say any number; a newer program writes the next few, into a file that is whole.
        const bool is_whole = sqlite_.execAndGet("PRAGMA quick_check(1)").getString() == "ok";
        if (held > kSchemaVersion + kVersionsAheadMax || !is_whole) throw Damage("its header was spoiled");
        throw NewerFile("its schema is version " + std::to_string(held) + ", this program knows up to " +
                        std::to_string(kSchemaVersion));
    }
    if (held == 0 && lock == Lock::take && read_noted_head(file_)) {
        throw Damage("it is empty, although numbers were given out; the terminal's program goes on behind them");
    }
    for (int next = held; next < kSchemaVersion; ++next) {
        const Migration& migration = kMigrations.at(static_cast<std::size_t>(next));
        sqlite_.exec(migration.sql);
        if (migration.fill != nullptr) migration.fill(sqlite_);
    }
    sqlite_.exec("PRAGMA application_id = " + std::to_string(kApplicationId));
    sqlite_.exec("PRAGMA user_version = " + std::to_string(kSchemaVersion));
    transaction.commit();
}

StoreError Database::classify(std::string_view doing, const std::exception& error) {
    StoreErrorKind kind = StoreErrorKind::io;
    if (const auto* sqlite = dynamic_cast<const SQLite::Exception*>(&error)) {
        kind = kind_by_result(sqlite->getErrorCode(), sqlite3_system_errno(sqlite_.getHandle()));
    } else if (dynamic_cast<const Damage*>(&error) != nullptr) {
        kind = StoreErrorKind::corrupt;
    } else if (dynamic_cast<const NewerFile*>(&error) != nullptr) {
        kind = StoreErrorKind::newer;
    }
    StoreError error_found = make_error(kind, file_ + ": could not " + std::string(doing) + ": " + error.what());
    if (kind == StoreErrorKind::corrupt) {
        damage_ = error_found;
        fold_log_on_close(false);
    }
    return error_found;
}

WriteTransaction::WriteTransaction(Database& database) : database_(database) {
    InUse(database_.begin_)->exec();
    try {
        database_.check_place();
    } catch (...) {
        database_.sqlite_.tryExec("ROLLBACK");
        throw;
    }
}

WriteTransaction::~WriteTransaction() {
    if (sqlite3_get_autocommit(database_.sqlite_.getHandle()) == 0) database_.sqlite_.tryExec("ROLLBACK");
}

void WriteTransaction::commit() {
    InUse(database_.commit_)->exec();
}

}  // namespace hailong::kiosk
