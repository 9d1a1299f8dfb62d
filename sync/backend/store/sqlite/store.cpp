#include "sync/backend/store/sqlite/store.h"

#include <mutex>
#include <utility>

#include "sync/backend/store/sqlite/backup.h"
#include "sync/backend/store/sqlite/file_guard.h"
#include "sync/backend/store/sqlite/schema.h"
#include "sync/backend/store/sqlite/subjects.h"

namespace hailong::sync {

StoreResult<StoreCounts> read_counts(Connection& connection) {
    return guarded([&] {
        // Incidents and traces never go, so their last number is how many there are.
        Query query(connection,
                    "SELECT (SELECT ifnull(max(rowid), 0) FROM incidents), (SELECT texts FROM counts), "
                    "(SELECT ifnull(max(rowid), 0) FROM erasures)");
        if (!query.step()) fail_as_damaged("the table `counts` is empty");
        return StoreCounts{query.integer_at(0), query.integer_at(1), query.integer_at(2)};
    });
}

namespace {

class SqliteStore final : public Store {
  public:
    SqliteStore(std::filesystem::path file, std::unique_ptr<Connection> writer)
        : file_(std::move(file)), writer_(std::move(writer)), guard_(file_, *writer_) {}
    SqliteStore(const SqliteStore&) = delete;
    SqliteStore& operator=(const SqliteStore&) = delete;
    ~SqliteStore() override {
        if (!guard_.may_fold()) writer_->fold_log_on_close(false);
    }

    StoreResult<std::unique_ptr<Snapshot>> read() override;
    StoreResult<std::unique_ptr<Transaction>> write() override;
    StoreResult<void> check() override {
        const std::lock_guard lock(mutex_);
        return is_writing_ ? StoreResult<void>() : expect_own_files();
    }
    StoreResult<void> check_log() override {
        const std::lock_guard lock(mutex_);
        if (is_writing_) return {};
        guard_.look_at_log();
        auto own = expect_own_files();
        if (own) guard_.tidy_log();
        return own;
    }

    void give_back(std::unique_ptr<Connection> reader) {
        const std::lock_guard lock(mutex_);
        if (idle_readers_.size() < kIdleReadersMax) idle_readers_.push_back(std::move(reader));
    }
    /// Whether what is written now, or was a moment ago, lies in the store's files; asked by who writes.
    StoreResult<void> expect_own_files() {
        const auto trouble = guard_.trouble_for_writer();
        if (!trouble) return {};
        const Saved& saved = guard_.save();
        return unexpected(lost(*trouble + "; " + saved.what, saved.remedy));
    }
    /// Throws as FileGuard::number_commit().
    void number_commit() { guard_.number_commit(); }
    void committed(bool at_once) { guard_.committed(at_once); }
    void finish_writing() {
        const std::lock_guard lock(mutex_);
        is_writing_ = false;
    }

  private:
    StoreResult<void> begin();
    static StoreError lost(const std::string& what, const std::string& remedy) {
        return {
            StoreErrorKind::io, "store: " + what,
            "nothing more is taken, and no receipt given: terminals keep what they collect and send it again. Do not "
            "run `init`; " +
                remedy};
    }
    std::unique_ptr<Connection> take_reader() {
        const std::lock_guard lock(mutex_);
        if (idle_readers_.empty()) return nullptr;
        auto reader = std::move(idle_readers_.back());
        idle_readers_.pop_back();
        return reader;
    }

    const std::filesystem::path file_;
    std::mutex mutex_;
    std::unique_ptr<Connection> writer_;
    FileGuard guard_;
    // Gone before the writer, who closes last and folds the log.
    std::vector<std::unique_ptr<Connection>> idle_readers_;
    bool is_writing_ = false;
};

class SqliteSnapshot final : public Snapshot {
  public:
    SqliteSnapshot(SqliteStore& store, std::unique_ptr<Connection> connection)
        : store_(store), connection_(std::move(connection)), subjects_(*connection_) {}
    SqliteSnapshot(const SqliteSnapshot&) = delete;
    SqliteSnapshot& operator=(const SqliteSnapshot&) = delete;
    ~SqliteSnapshot() override {
        if (connection_->roll_back()) store_.give_back(std::move(connection_));
    }

    DocumentReader& documents() override { return subjects_.documents; }
    TerminalReader& terminals() override { return subjects_.terminals; }
    RecordReader& records() override { return subjects_.records; }
    TallyReader& tallies() override { return subjects_.tallies; }
    PublicTallyReader& public_tallies() override { return subjects_.public_tallies; }
    TextReader& texts() override { return subjects_.texts; }
    IncidentReader& incidents() override { return subjects_.incidents; }
    FactReader& facts() override { return subjects_.facts; }
    StoreResult<StoreCounts> counts() override { return read_counts(*connection_); }
    StoreResult<std::vector<std::string>> contradictions(std::size_t count_max) override {
        return find_contradictions(*connection_, count_max);
    }

  private:
    SqliteStore& store_;
    std::unique_ptr<Connection> connection_;
    SqliteSubjects subjects_;
};

class SqliteTransaction final : public Transaction {
  public:
    SqliteTransaction(SqliteStore& store, Connection& connection)
        : store_(store), connection_(connection), subjects_(connection) {}
    SqliteTransaction(const SqliteTransaction&) = delete;
    SqliteTransaction& operator=(const SqliteTransaction&) = delete;
    ~SqliteTransaction() override {
        connection_.roll_back();
        store_.finish_writing();
    }

    DocumentWriter& documents() override { return subjects_.documents; }
    TerminalWriter& terminals() override { return subjects_.terminals; }
    RecordWriter& records() override { return subjects_.records; }
    TallyWriter& tallies() override { return subjects_.tallies; }
    PublicTallyWriter& public_tallies() override { return subjects_.public_tallies; }
    TextWriter& texts() override { return subjects_.texts; }
    IncidentWriter& incidents() override { return subjects_.incidents; }
    FactWriter& facts() override { return subjects_.facts; }
    StoreResult<StoreCounts> counts() override { return read_counts(connection_); }
    StoreResult<std::vector<std::string>> contradictions(std::size_t count_max) override {
        return find_contradictions(connection_, count_max);
    }

    StoreResult<void> commit() override {
        // Before: nothing is promised. After: the files may have gone meanwhile.
        if (auto own = store_.expect_own_files(); !own) return own;
        auto committed = guarded([&] {
            connection_.expect_transaction();
            store_.number_commit();
            Query(connection_, "COMMIT").run();
        });
        if (!committed) return committed;
        // Erased texts must not live on in the log. Readers may hold it: then the next checkpoint does it.
        store_.committed(subjects_.texts.has_erased());
        return store_.expect_own_files();
    }

    // RELEASE keeps the work since the mark as part of the transaction; ROLLBACK TO undoes it and keeps the mark.
    StoreResult<void> set_savepoint() override {
        return guarded([&] {
            if (is_marked_) Query(connection_, "RELEASE mark").run();
            is_marked_ = false;
            connection_.expect_transaction();
            Query(connection_, "SAVEPOINT mark").run();
            is_marked_ = true;
        });
    }
    StoreResult<void> roll_back_to_savepoint() override {
        auto rolled_back = guarded([&] {
            connection_.expect_transaction();
            Query(connection_, "ROLLBACK TO mark").run();
        });
        if (!rolled_back) connection_.roll_back();
        return rolled_back;
    }

  private:
    SqliteStore& store_;
    Connection& connection_;
    SqliteSubjects subjects_;
    bool is_marked_ = false;
};

StoreResult<std::unique_ptr<Snapshot>> SqliteStore::read() {
    // Whoever writes looks at the files itself, and mends what can be mended.
    if (auto checked = check(); !checked) return unexpected(std::move(checked.error()));
    if (const auto trouble = guard_.trouble())
        return unexpected(lost(*trouble, "the service's log says where that was first seen what to do"));
    return guarded([&]() -> std::unique_ptr<Snapshot> {
        std::unique_ptr<Connection> connection = take_reader();
        if (!connection) connection = std::make_unique<Connection>(file_, survey::sqlite::Access::read);
        // BEGIN alone takes no snapshot; the first read does.
        Query(*connection, "BEGIN").run();
        Query(*connection, "SELECT revision FROM documents").step();
        return std::make_unique<SqliteSnapshot>(*this, std::move(connection));
    });
}

StoreResult<std::unique_ptr<Transaction>> SqliteStore::write() {
    {
        const std::lock_guard lock(mutex_);
        if (is_writing_) {
            return unexpected(StoreError{StoreErrorKind::busy, "store: another transaction is open",
                                         "try again; only one program at a time can write"});
        }
        is_writing_ = true;
    }
    auto begun = begin();
    if (!begun) {
        finish_writing();
        return unexpected(std::move(begun.error()));
    }
    return std::make_unique<SqliteTransaction>(*this, *writer_);
}

StoreResult<void> SqliteStore::begin() {
    const auto begin_and_look = [&]() -> StoreResult<bool> {
        if (auto own = expect_own_files(); !own) return unexpected(std::move(own.error()));
        auto is_newest = guarded([&] {
            Query(*writer_, "BEGIN IMMEDIATE").run();
            return guard_.begun();
        });
        if (!is_newest || !*is_newest) writer_->roll_back();
        return is_newest;
    };
    auto begun = begin_and_look();
    if (begun && !*begun) {  // an index that alone is spoiled is made anew by who looks
        guard_.look_at_log();
        begun = begin_and_look();
    }
    if (!begun) return unexpected(std::move(begun.error()));
    if (*begun) return {};
    return unexpected(lost("the store ends before what was committed",
                           "stop the service and run `hailong-backend verify`, which says what is to be done"));
}

/// What SQLite must not even open: it throws away the log beside a file that is gone or empty, and in that log stands
/// what terminals were promised last.
std::optional<StoreError> refuse_lost(const std::filesystem::path& file, OpenMode mode) {
    using enum StoreErrorKind;
    const std::string name = file.string();
    std::error_code ignored;
    const bool is_there = std::filesystem::exists(file, ignored);
    const bool is_empty =
        is_there && std::filesystem::is_regular_file(file, ignored) && std::filesystem::file_size(file, ignored) == 0;
    const std::filesystem::path log = name + "-wal";
    const bool has_log = std::filesystem::exists(log, ignored) && std::filesystem::file_size(log, ignored) > 0;
    const auto saved = is_there && !is_empty ? std::nullopt : saved_store_beside(file);
    if (saved) {
        return StoreError{is_there ? corrupt : io,
                          name + (is_there ? " is empty" : " does not exist") +
                              ", but the service saved what stood in it as " + saved->string(),
                          "nothing was changed, and terminals keep what they collected. Move what lies at " + name +
                              " and at the same name with -wal and -shm, if anything does, to another place without "
                              "deleting it, then "
                              "run `hailong-backend restore " +
                              saved->string() + " --data " + file.parent_path().string() + "`; do not run `init` here"};
    }
    if ((!is_there || is_empty) && has_log) {
        return StoreError{corrupt, name + (is_there ? " is empty" : " is gone") + ", but its log is still beside it",
                          "nothing was changed, and terminals keep what they collected. Keep " + log.string() +
                              " in another place, then put the last backup back with `hailong-backend restore`; do not "
                              "run `init` here"};
    }
    if (!is_there && mode == OpenMode::existing) {
        return StoreError{io, name + " does not exist",
                          "nothing was changed. Where a store was before, look first whether its disk is mounted and "
                          "--data names the right folder; when it is lost, put its last backup back with "
                          "`hailong-backend restore`. Only for a backend that never ran, create one with "
                          "`hailong-backend init`"};
    }
    return std::nullopt;
}

}  // namespace

StoreResult<std::unique_ptr<Store>> open_sqlite_store(const std::filesystem::path& file, OpenMode mode) {
    const std::string name = file.string();
    if (auto refused = refuse_lost(file, mode)) return unexpected(std::move(*refused));
    if (auto refused = refuse_older_log(file)) return unexpected(std::move(*refused));
    std::optional<StoreError> foreign;
    auto store = guarded([&]() -> std::unique_ptr<Store> {
        auto connection = std::make_unique<Connection>(
            file, mode == OpenMode::create ? survey::sqlite::Access::create : survey::sqlite::Access::write);
        foreign = refuse_foreign(*connection, name, mode == OpenMode::create);
        if (foreign) return nullptr;
        keep_in_wal_mode(*connection, name);
        migrate(*connection);
        return std::make_unique<SqliteStore>(file, std::move(connection));
    });
    if (foreign) return unexpected(std::move(*foreign));
    return store;
}

}  // namespace hailong::sync
