// The device's file as the journal, the inbox and the repairer open it: when it may be opened, that it still stands in
// its place, and what can be done about an error.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "kiosk/journal/store_error.h"
#include "kiosk/journal/values.h"
#include "survey/base/file_identity.h"
#include "survey/base/log_watch.h"
#include "survey/base/sqlite.h"
#include "survey/base/time.h"

namespace hailong::kiosk {

/// The file that `file` leads to when it is a link, also where nothing stands there yet; SQLite keeps its log beside
/// that one, and so do we everything else.
[[nodiscard]] std::filesystem::path file_behind_links(std::filesystem::path file);

/// Where a repairer leaves the complete new file until it is renamed into place.
[[nodiscard]] std::filesystem::path repaired_file_of(const std::filesystem::path& file);
/// Where the programs before schema 4 left it.
[[nodiscard]] std::filesystem::path former_repaired_file_of(const std::filesystem::path& file);

/// An open file at the newest schema. Not movable: transactions point to it.
class Database {
  public:
    /// Whether the lock that keeps opening and repairing apart is taken, or held already by the repairer.
    enum class Lock { take, held };
    /// Refuses as corrupt what SQLite would silently begin anew: a file that is gone or empty while its log is not, one
    /// that a repairer has not put in its place yet, one without tables although the head file says that numbers were
    /// given out (only the repairer, who holds the lock, begins that one anew), and one whose log is damaged.
    [[nodiscard]] static StoreResult<std::unique_ptr<Database>> open(const std::filesystem::path& file,
                                                                     survey::milliseconds busy_timeout,
                                                                     Lock lock = Lock::take);
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    ~Database();

    [[nodiscard]] survey::sqlite::Connection& connection() { return connection_; }
    [[nodiscard]] const std::string& file() const { return file_; }

    /// Whether one of its files was removed, replaced, cut short, written over or put back while it was open: what this
    /// object still reads may stand nowhere else, and what it wrote may stand behind the end that SQLite sees.
    [[nodiscard]] bool is_displaced() const { return displaced_; }

    /// Whether part of its log is gone, so that it can't be read as a whole.
    [[nodiscard]] bool is_log_cut() const { return log_watch_ && log_watch_->is_log_cut(); }

    /// Whether closing folds the log into the file. Not until the file was found whole, and no more once it was found
    /// damaged: what is damaged stays as it was met.
    void fold_log_on_close(bool fold) {
        folds_ = fold;
        connection_.fold_log_on_close(fold);
    }

    /// Throws Damage when its log can't be read by who opens it next, although this object may still. For who has time.
    void check_log();

    /// Has what its memory beside the log says made anew from the log where only that is spoiled: more can be read
    /// then.
    void mend_log_index();

    /// Runs one step, which gives a value, nothing or a StoreResult, and turns what it throws into a StoreError;
    /// `doing` completes "could not ...". After an error of kind corrupt no step runs any more: that error is repeated.
    /// `place`: whether to look before the step that the files still stand in their places; a write transaction looks
    /// itself, when it begins and once more behind its commit: what went into a file that nobody finds again is not
    /// called durable.
    enum class Place { look_first, step_looks };
    template <class Step>
    [[nodiscard]] auto run(std::string_view doing, Step&& step, Place place = Place::look_first) ->
        typename survey::sqlite::OutcomeOf<decltype(step())>::type {
        if (damage_) return unexpected(*damage_);
        return survey::sqlite::guarded(
            [&] {
                if (place == Place::look_first) check_place();
                return step();
            },
            [&](const std::exception& error) { return refused(doing, error); });
    }

  private:
    Database(std::filesystem::path named, const std::filesystem::path& file, survey::milliseconds busy_timeout);
    void prepare(survey::milliseconds busy_timeout, Lock lock);
    void migrate(Lock lock);
    /// Throws Damage when the file, its log or its shared memory was removed, replaced, cut short or written over since
    /// it was opened: nothing more is written to it.
    void check_place();
    /// `newest`: what was committed.
    void note_committed(const std::optional<std::int64_t>& newest, bool at_once);
    /// Throws Damage when the numbering ends before where this object saw it end: somebody put back the file, its log
    /// or their shared memory, and what SQLite writes now goes over what was committed. Within a write transaction.
    void check_numbering();
    /// The newest number given out; empty: without tables yet. Within a write transaction.
    [[nodiscard]] std::optional<std::int64_t> numbering();
    [[nodiscard]] StoreError refused(std::string_view doing, const std::exception& error);

    friend class WriteTransaction;
    const std::filesystem::path named_;
    std::string file_;  // behind the links of that name
    survey::sqlite::Connection connection_;
    survey::FileWatch watch_;
    std::optional<survey::sqlite::LogWatch> log_watch_;  // once it is prepared
    bool displaced_ = false;
    bool folds_ = false;
    std::optional<StoreError> damage_;
};

/// A transaction that writes, to the file that still stands in its place.
class WriteTransaction {
  public:
    explicit WriteTransaction(Database& database) : database_(looked_at(database)), transaction_(database.connection_) {
        database.check_place();
        database.check_numbering();
    }
    enum class Log { may_keep, keeps_nothing };
    /// `log`: whether what was erased may stay in it for a while.
    void commit(Log log = Log::may_keep) {
        const auto newest = database_.numbering();
        transaction_.commit();
        database_.check_place();
        database_.note_committed(newest, log == Log::keeps_nothing);
    }

  private:
    /// Before SQLite touches the files, too: it would be ended by what is missing of the shared memory.
    static Database& looked_at(Database& database) {
        database.check_place();
        return database;
    }

    Database& database_;
    survey::sqlite::Transaction transaction_;
};

}  // namespace hailong::kiosk
