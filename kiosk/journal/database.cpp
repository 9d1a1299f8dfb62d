#include "kiosk/journal/database.h"

#include <stdexcept>
#include <system_error>
#include <thread>

#include "kiosk/journal/file_lock.h"
#include "kiosk/journal/head_file.h"
#include "kiosk/journal/log_check.h"
#include "kiosk/journal/record_rows.h"
#include "kiosk/journal/schema.h"

namespace hailong::kiosk {
namespace {

using survey::FileWatch;
using survey::sqlite::Access;
using survey::sqlite::Damage;
using survey::sqlite::Error;

/// So many frames the log has when it is folded in, 4 MB.
constexpr std::int64_t kFoldFrames = 1'000;

/// A log that grew because somebody read for long becomes so short again: twice what it is folded in at.
constexpr std::int64_t kLogBytesKept = 8 << 20;

/// As many as Linux follows itself.
constexpr int kLinksMax = 40;

/// How many schema changes a newer program can be ahead and still be taken for one.
constexpr int kVersionsAheadMax = 100;

/// Thrown when the file's user_version is beyond this program's.
class NewerFile : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Thrown where SQLite succeeds in what is not enough for us.
class ReadOnly : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

StoreErrorKind kind_of(const std::exception& error) {
    if (dynamic_cast<const NewerFile*>(&error) != nullptr) return StoreErrorKind::newer;
    if (dynamic_cast<const ReadOnly*>(&error) != nullptr) return StoreErrorKind::read_only;
    const StoreErrorKind kind = survey::sqlite::kind_of(error);
    // What we write never contradicts our schema; so the rows that it contradicts are damage.
    return kind == StoreErrorKind::conflict ? StoreErrorKind::corrupt : kind;
}

std::uintmax_t size_or_zero(const std::filesystem::path& file) {
    std::error_code none;
    const std::uintmax_t size = std::filesystem::file_size(file, none);
    return none ? 0 : size;
}

/// Why a file that is not there, or empty, must not be begun anew; empty when it may.
std::string lost_content(const std::filesystem::path& file) {
    if (size_or_zero(file) > 0) return {};
    if (size_or_zero(file.string() + "-wal") > 0) return "the file is missing, but its log is still there";
    // Which is made behind the file's first page, and removed by whoever closes the file last.
    std::error_code none;
    if (std::filesystem::exists(file.string() + "-shm", none)) return "the file is missing, though it was in use";
    if (size_or_zero(repaired_file_of(file)) > 0 || size_or_zero(former_repaired_file_of(file)) > 0)
        return "the file is missing, and the repaired one is not in its place yet";
    return {};
}

}  // namespace

std::filesystem::path file_behind_links(std::filesystem::path file) {
    std::error_code none;
    for (int links = 0; links < kLinksMax && std::filesystem::is_symlink(file, none); ++links) {
        const std::filesystem::path target = std::filesystem::read_symlink(file, none);
        if (none) break;
        file = file.parent_path() / target;  // an absolute one replaces the folder
    }
    return file;
}

std::filesystem::path repaired_file_of(const std::filesystem::path& file) {
    return file.string() + "-repaired";
}

std::filesystem::path former_repaired_file_of(const std::filesystem::path& file) {
    return file.string() + "-healed";
}

StoreResult<std::unique_ptr<Database>> Database::open(const std::filesystem::path& named,
                                                      survey::milliseconds busy_timeout, Lock lock) {
    const std::filesystem::path file = file_behind_links(named);
    std::optional<FileLock> shared;
    if (lock == Lock::take) {
        auto taken = FileLock::take(file, FileLock::Mode::shared, busy_timeout);
        if (!taken) return unexpected(taken.error());
        shared.emplace(std::move(*taken));
    }
    if (const std::string lost = lost_content(file); !lost.empty()) {
        return unexpected(make_error(StoreErrorKind::corrupt, file.string() + ": " + lost));
    }
    // Whoever repairs has looked already.
    if (lock == Lock::take && is_log_damaged(file, busy_timeout)) {
        return unexpected(StoreError{StoreErrorKind::corrupt,
                                     file.string() + ": its log is damaged; nobody else opens it until that is mended",
                                     "let the terminal's program run: it carries over what stands in the log"});
    }
    auto database = survey::sqlite::guarded(
        [&] { return std::unique_ptr<Database>(new Database(named, file, busy_timeout)); },
        [&](const std::exception& error) {
            return make_error(kind_of(error), file.string() + ": the file could not be opened: " + error.what());
        });
    if (!database) return database;
    const auto prepared = (*database)->run("be opened", [&] { (*database)->prepare(busy_timeout, lock); });
    if (!prepared) return unexpected(prepared.error());
    return database;
}

Database::Database(std::filesystem::path named, const std::filesystem::path& file, survey::milliseconds busy_timeout)
    : named_(std::move(named)), file_(file.string()), connection_(file, Access::create, busy_timeout) {
    fold_log_on_close(false);
}

/// A log that is damaged or not ours is left as it is: whoever opens the file next carries over what stands in it.
Database::~Database() {
    if (folds_ && log_watch_ && (watch_.trouble() || !log_watch_->may_fold())) connection_.fold_log_on_close(false);
}

void Database::prepare(survey::milliseconds busy_timeout, Lock lock) {
    if (connection_.is_read_only()) throw ReadOnly("the file may only be read");
    const std::int64_t application = connection_.integer("PRAGMA application_id");
    const std::int64_t tables = connection_.integer("SELECT count(*) FROM sqlite_master");
    if (application != kApplicationId && (application != 0 || tables != 0)) {
        throw Damage("it is not a journal of this program, and is left alone");
    }
    connection_.execute(
        "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA foreign_keys = ON;"
        "PRAGMA recursive_triggers = ON; PRAGMA synchronous = FULL;"
        "PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = " +
        std::to_string(kLogBytesKept));
    // Two processes that meet here on a new file: SQLite mostly refuses at once instead of waiting, so the waiting is
    // ours, and once.
    connection_.wait_at_most(survey::milliseconds{0});
    constexpr survey::milliseconds kPause{20};
    for (survey::milliseconds waited{0};; waited += kPause) {
        try {
            if (connection_.text("PRAGMA journal_mode = WAL") == "wal") break;
            throw ReadOnly("the file system does not carry a write-ahead log");
        } catch (const Error& error) {
            if (error.kind() != StoreErrorKind::busy || waited >= busy_timeout) throw;
        }
        std::this_thread::sleep_for(kPause);
    }
    connection_.wait_at_most(busy_timeout);
    migrate(lock);
    check_tables(connection_);
    watch_.add(file_, FileWatch::Size::never_shrinks);
    if (named_ != file_) watch_.add(named_, FileWatch::Size::any);  // links may be set to another file
    watch_.add(file_ + "-wal", FileWatch::Size::any);
    watch_.add(file_ + "-shm", FileWatch::Size::any);
    log_watch_.emplace(file_, connection_, kFoldFrames, [this] { return read_head(connection_).seq; });
}

void Database::check_place() {
    if (log_watch_) log_watch_->mend_shared_memory();
    auto trouble = watch_.trouble();
    if (!trouble && log_watch_) trouble = log_watch_->trouble();
    if (!trouble) return;
    displaced_ = true;
    throw Damage(*trouble + "; nothing more is written there, and what this program still holds is put back");
}

void Database::check_numbering() {
    const auto newest = numbering();
    if (!newest || log_watch_->begun(*newest)) return;
    displaced_ = true;
    throw Damage("it ends with number " + std::to_string(*newest) +
                 ", although more was written: somebody put back the file, its log or what lies beside them. Nothing "
                 "more is written there, and what this program still holds is put back");
}

std::optional<std::int64_t> Database::numbering() {
    return log_watch_ ? std::optional(read_head(connection_).seq) : std::nullopt;
}

void Database::mend_log_index() {
    if (log_watch_) log_watch_->look_at_log();
}

void Database::check_log() {
    mend_log_index();
    check_place();
}

void Database::note_committed(const std::optional<std::int64_t>& newest, bool at_once) {
    if (newest) log_watch_->committed(*newest, at_once);
}

void Database::migrate(Lock lock) {
    if (schema_version(connection_) == newest_schema_version()) return;
    WriteTransaction transaction(*this);
    const std::int64_t found = schema_version(connection_);  // again: another process may have been faster
    if (found < 0) throw Damage("its header was spoiled");
    if (found > newest_schema_version()) {
        // A spoiled page can say any number; a newer program writes the next few, into a file that is whole.
        const bool is_whole = connection_.text("PRAGMA quick_check(1)") == "ok";
        if (found > newest_schema_version() + kVersionsAheadMax || !is_whole) throw Damage("its header was spoiled");
        throw NewerFile("its schema is version " + std::to_string(found) + ", this program knows up to " +
                        std::to_string(newest_schema_version()));
    }
    if (found == 0 && lock == Lock::take && read_head_line(file_)) {
        throw Damage("it is empty, although numbers were given out; the terminal's program goes on behind them");
    }
    bring_up_to_date(connection_);
    transaction.commit();
}

StoreError Database::refused(std::string_view doing, const std::exception& error) {
    const StoreErrorKind kind = kind_of(error);
    StoreError found = make_error(kind, file_ + ": could not " + std::string(doing) + ": " + error.what());
    if (kind == StoreErrorKind::corrupt) {
        damage_ = found;
        fold_log_on_close(false);
    }
    return found;
}

}  // namespace hailong::kiosk
