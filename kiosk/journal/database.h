// The device's SQLite file as the journal and the inbox share it: how it is opened, its schema, its errors. Private to
// this room: the only header here that knows SQLite.
#pragma once

#include <exception>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "kiosk/journal/store_error.h"
#include "survey/base/expected.h"
#include "survey/base/time.h"

namespace hailong::kiosk {

/// What stands in the file's header so that no other program's file is taken for ours: "HLJ1".
inline constexpr int kApplicationId = 0x484c4a31;

/// Thrown inside a step when what is read contradicts itself; becomes StoreErrorKind::corrupt.
class Damage : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// With the remedy that goes with the kind.
[[nodiscard]] StoreError make_error(StoreErrorKind kind, std::string what);

/// Where a repairer leaves the complete new file until it is renamed into place.
[[nodiscard]] std::filesystem::path repaired_file_of(const std::filesystem::path& file);

/// What the caller can do about a failed call of the system.
[[nodiscard]] StoreErrorKind kind_by_errno(int error);

/// The same for a result code of SQLite.
[[nodiscard]] StoreErrorKind kind_of(int result);

/// True for what says that the file's content is wrong; false for what the disk or another process did.
[[nodiscard]] bool is_damage(const std::exception& error);

/// An open file at the newest schema. Not movable: statements point to it.
class Database {
  public:
    /// Whether the lock that keeps opening and repairing apart is taken, or held already by the repairer.
    enum class Lock { take, held };
    /// Refuses as corrupt what SQLite would silently begin anew: a file that is gone or empty while its log is not, one
    /// that a repairer has not put in its place yet, and one without tables although the head file says that numbers
    /// were given out (only the repairer, who holds the lock, begins that one anew).
    [[nodiscard]] static Expected<std::unique_ptr<Database>, StoreError> open(const std::filesystem::path& file,
                                                                              survey::milliseconds busy_timeout,
                                                                              Lock lock = Lock::take);
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    [[nodiscard]] SQLite::Database& sqlite() { return sqlite_; }
    [[nodiscard]] const std::string& file() const { return file_; }

    /// Whether closing folds the log into the file. Not until the file was found whole, and no more once it was found
    /// damaged: what is damaged stays as it was met.
    void fold_log_on_close(bool fold);

    /// Runs one step and turns what it throws into a StoreError; `doing` completes "could not ...".
    /// After an error of kind corrupt no step runs any more: that error is repeated.
    /// `place`: whether to look before the step that the file still stands in its place; a write transaction looks
    /// itself.
    enum class Place { look_first, step_looks };
    template <class Result, class Step>
    [[nodiscard]] Expected<Result, StoreError> run(std::string_view doing, Step&& step,
                                                   Place place = Place::look_first) {
        if (damage_) return unexpected(*damage_);
        try {
            if (place == Place::look_first) check_place();
            return step();
        } catch (const std::exception& error) {
            return unexpected(classify(doing, error));
        }
    }

  private:
    Database(const std::filesystem::path& file, survey::milliseconds busy_timeout);
    void prepare(survey::milliseconds busy_timeout, Lock lock);
    void migrate(Lock lock);
    /// Throws Damage when the file was set aside or replaced since it was opened: nothing more is written to it.
    void check_place();
    [[nodiscard]] StoreError classify(std::string_view doing, const std::exception& error);

    friend class WriteTransaction;
    std::string file_;
    SQLite::Database sqlite_;
    SQLite::Statement begin_{sqlite_, "BEGIN IMMEDIATE"};
    SQLite::Statement commit_{sqlite_, "COMMIT"};
    std::optional<StoreError> damage_;
};

/// From "BEGIN IMMEDIATE" to commit(); rolled back when it ends without. Goes by what SQLite itself says is under way,
/// because some errors end a transaction and some do not.
class WriteTransaction {
  public:
    explicit WriteTransaction(Database& database);
    WriteTransaction(const WriteTransaction&) = delete;
    WriteTransaction& operator=(const WriteTransaction&) = delete;
    ~WriteTransaction();
    void commit();

  private:
    Database& database_;
};

/// A prepared statement in use. Resets it at the end, also when a step throws: a statement left open would hold its
/// lock on the file and stop the log from being folded back.
class InUse {
  public:
    explicit InUse(SQLite::Statement& statement) : statement_(statement) {}
    InUse(const InUse&) = delete;
    InUse& operator=(const InUse&) = delete;
    ~InUse() { statement_.tryReset(); }
    SQLite::Statement* operator->() const { return &statement_; }

  private:
    SQLite::Statement& statement_;
};

}  // namespace hailong::kiosk
