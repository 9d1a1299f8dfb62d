#include "sync/backend/store/sqlite/file_guard.h"

#include "sync/backend/store/sqlite/backup.h"

namespace hailong::sync {
namespace {

namespace fs = std::filesystem;

/// So many frames the log has when it is folded in, 32 MB. Measured with 1,500 terminals that send 154 records each,
/// one commit a batch of 77: 8,000 instead of 1,000 is worth a quarter more, 50,000 nothing further.
constexpr std::int64_t kFoldFrames = 8'000;

/// Where nothing stands: beside the file, or where its folder is gone, beside that.
fs::path free_name(const fs::path& file) {
    std::error_code ignored;
    fs::path beside = file;
    if (!fs::is_directory(file.parent_path(), ignored)) {
        beside = file.parent_path().parent_path() / file.filename();
    }
    for (int number = 1;; ++number) {
        const fs::path name = saved_store_name(beside, number);
        if (!fs::exists(name, ignored)) return name;
    }
}

std::int64_t newest_commit(Connection& connection) {
    Query query(connection, "SELECT number FROM commits");
    if (!query.step()) fail_as_damaged("the table `commits` is empty");
    return query.integer_at(0);
}

/// 0 where that can't be read, or is half of what somebody writes just now.
std::int64_t newest_commit(const fs::path& file, survey::sqlite::Access access) {
    try {
        Connection connection(file, access);
        connection.fold_log_on_close(false);
        return connection.integer("SELECT number FROM commits WHERE sum = checksum(number)");
    } catch (const std::exception&) {
        return 0;
    }
}

}  // namespace

std::optional<StoreError> refuse_older_log(const fs::path& file) {
    std::error_code ignored;
    const std::string log = file.string() + "-wal";
    if (!fs::exists(log, ignored) || fs::file_size(log, ignored) == 0) return std::nullopt;
    const std::int64_t in_file = newest_commit(file, survey::sqlite::Access::alone);  // first: it may be written to
    if (in_file == 0 || newest_commit(file, survey::sqlite::Access::read) >= in_file) return std::nullopt;
    return StoreError{
        StoreErrorKind::corrupt, log + " is older than the store: somebody put it there",
        "nothing was changed, and terminals keep what they collected. Move it and " + file.string() +
            "-shm to another place without deleting them, then run `hailong-backend verify`. Where that "
            "finds no difference, or only answers that were promised and are not here, start the service: "
            "terminals send again what is missing. Where it finds the store damaged, put the last backup "
            "back with `hailong-backend restore`"};
}

FileGuard::FileGuard(const fs::path& file, Connection& writer)
    : file_(fs::absolute(file)),
      writer_(writer),
      log_watch_(file_, writer, kFoldFrames, [this] { return newest_commit(writer_); }) {
    using enum survey::FileWatch::Size;
    for (survey::FileWatch* watch : {&watch_, &file_alone_})
        watch->add(file_, never_shrinks);
    watch_.add(file_.string() + "-wal", any);
    watch_.add(file_.string() + "-shm", never_shrinks);  // who touches what is missing is ended by the system
}

std::optional<std::string> FileGuard::trouble() {
    const std::lock_guard lock(mutex_);
    return watch_.trouble();
}

std::optional<std::string> FileGuard::trouble_for_writer() {
    log_watch_.mend_shared_memory();
    if (auto found = trouble()) return found;
    if (!lasting_) lasting_ = log_watch_.trouble();
    return lasting_;
}

bool FileGuard::begun() {
    number_ = newest_commit(writer_);
    changes_ = writer_.all_changes();
    return log_watch_.begun(number_);
}

void FileGuard::number_commit() {
    if (writer_.all_changes() == changes_) return;
    Query(writer_, "UPDATE commits SET number = ?1, sum = checksum(?1)").integer(number_ + 1).run();
    ++number_;
}

const Saved& FileGuard::save() {
    if (saved_) return *saved_;
    bool is_in_place = false;
    {
        const std::lock_guard lock(mutex_);
        is_in_place = !file_alone_.trouble();
    }
    // Closing must neither fold into what is not ours, nor remove the log of whoever put a store in its place.
    writer_.fold_log_on_close(false);
    if (log_watch_.look_at_log()) {
        saved_ = save_beside_damaged_log();
    } else if (lasting_) {
        saved_ = {
            "what was promised since the log was last folded may be lost here",
            "stop the service and run `hailong-backend verify`. Where it finds no difference, or only answers that "
            "were promised and are not here, start the service again: terminals send again what is missing. Where "
            "it finds the store damaged, move the data folder to another place without deleting anything, and put "
            "the last backup back with `hailong-backend restore`"};
    } else if (is_in_place && log_watch_.may_fold() && writer_.try_execute("PRAGMA wal_checkpoint(FULL)")) {
        saved_ = {
            "all that was promised stands in " + file_.string(),
            "stop the service. Where anything lies at " + file_.string() +
                "-wal and at the same name with -shm then, move it to another place. Start the service again: nothing "
                "is lost, and there is nothing to restore. Find out what touched the store's files, and keep it from "
                "them"};
    } else {
        saved_ = save_into_copy();
    }
    return *saved_;
}

/// What the writer has in memory is whole; what it must read from the log again may not be, and then SQLite or `verify`
/// finds it. The log itself stays: who opens it goes by its sums, and stops where it is damaged.
Saved FileGuard::save_beside_damaged_log() {
    const fs::path copy = free_name(file_);
    const std::string keep = "stop the service, and delete neither " + file_.string() + " nor what lies beside it. ";
    const std::string again = "start the service: terminals send again what is missing";
    if (const auto saved = save_sqlite_store(writer_, copy); !saved) {
        return {"what it holds could not be saved: " + saved.error().what,
                keep +
                    "Copy the data folder to another place, run `hailong-backend verify`, and where that finds no "
                    "difference, or only answers that were promised and are not here, " +
                    again +
                    ". Where it finds the store damaged, put the last backup back with `hailong-backend restore`"};
    }
    return {"nothing of it was put into the store, and what the service still held was saved as " + copy.string(),
            keep + "Move it and the same name with -wal and -shm to another place; then run `hailong-backend restore " +
                copy.string() + " --data " + file_.parent_path().string() + "`, `hailong-backend verify`, and " +
                again};
}

Saved FileGuard::save_into_copy() {
    const fs::path copy = free_name(file_);
    const auto saved = save_sqlite_store(writer_, copy);
    if (saved) {
        return {"all that was promised was saved as " + copy.string(),
                "stop the service. Move what lies at " + file_.string() +
                    " and at the same name with -wal and -shm, if anything does, to another place without deleting it; "
                    "then run `hailong-backend restore " +
                    copy.string() + " --data " + file_.parent_path().string() +
                    "`, with --keys and the folder keys where that is not in its place"};
    }
    return {"what was promised could not be saved: " + saved.error().what,
            "stop the service, move what lies at " + file_.parent_path().string() +
                " to another place without deleting anything, and put the last backup back with `hailong-backend "
                "restore`: terminals send again what it lacks"};
}

}  // namespace hailong::sync
