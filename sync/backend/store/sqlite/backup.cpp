#include "sync/backend/store/sqlite/backup.h"

#include <limits>

#include "survey/base/log_watch.h"
#include "sync/backend/store/sqlite/connection.h"
#include "sync/backend/store/sqlite/file_guard.h"
#include "sync/backend/store/sqlite/schema.h"
#include "sync/backend/store/sqlite/subjects.h"

namespace hailong::sync {
namespace {

using survey::sqlite::Access;

/// Beside the file, what SQLite keeps while it writes.
void remove_all_of(const std::filesystem::path& file) {
    std::error_code ignored;
    for (const char* suffix : {"", "-journal", "-wal", "-shm"})
        std::filesystem::remove(file.string() + suffix, ignored);
}

}  // namespace

StoreResult<void> save_sqlite_store(Connection& open, const std::filesystem::path& copy) {
    auto copied = guarded([&] {
        {
            Connection target(copy, Access::create);
            std::filesystem::permissions(copy,
                                         std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
            open.copy_to(target);
        }
        // The copy has the store's mode in its head; as one file without a log it can be read from any disk.
        Connection target(copy, Access::write);
        return target.text("PRAGMA journal_mode = DELETE") == "delete";
    });
    if (copied && *copied) copied = check_sqlite_store(copy).map([] { return true; });
    if (copied && *copied) return {};
    remove_all_of(copy);
    if (!copied && copied.error().kind == StoreErrorKind::corrupt) {
        return unexpected(StoreError{StoreErrorKind::corrupt, "the store is damaged: a copy of it is, too",
                                     "no backup was written, and nothing of the store was changed. Keep every earlier "
                                     "backup, and run `hailong-backend verify`, which names what is damaged"});
    }
    if (!copied) return unexpected(std::move(copied.error()));
    return unexpected(StoreError{StoreErrorKind::busy, copy.string() + " is held open by somebody else", "try again"});
}

StoreResult<void> copy_sqlite_store(const std::filesystem::path& file, const std::filesystem::path& copy) {
    if (auto refused = refuse_older_log(file)) return unexpected(std::move(*refused));
    std::optional<StoreError> foreign;
    auto copied = guarded([&]() -> StoreResult<void> {
        Connection source(file, Access::read);
        foreign = refuse_foreign(source, file.string(), false);
        if (foreign) return unexpected(*foreign);
        if (survey::sqlite::is_log_damaged(source)) {
            return unexpected(
                StoreError{StoreErrorKind::corrupt, "the log of " + file.string() + " is damaged",
                           "no backup was written, and nothing of the store was changed. Keep every "
                           "earlier backup. Stop the service, if it runs: it saves what it still holds, "
                           "and its log says where and what to do then; delete nothing beside the store"});
        }
        return save_sqlite_store(source, copy);
    });
    return copied ? *copied : unexpected(copied.error());
}

std::filesystem::path saved_store_name(const std::filesystem::path& file, int number) {
    return file.string() + ".saved-" + std::to_string(number);
}

std::vector<std::filesystem::path> saved_stores_of(const std::filesystem::path& file) {
    const std::filesystem::path whole = std::filesystem::absolute(file);
    std::error_code ignored;
    std::vector<std::filesystem::path> saved;
    for (const auto& place : {whole, whole.parent_path().parent_path() / whole.filename()}) {
        for (int number = 1; std::filesystem::exists(saved_store_name(place, number), ignored); ++number)
            saved.push_back(saved_store_name(place, number));
    }
    return saved;
}

std::optional<std::filesystem::path> saved_store_beside(const std::filesystem::path& file) {
    const std::filesystem::path whole = std::filesystem::absolute(file);
    std::error_code ignored;
    for (const auto& place : {whole, whole.parent_path().parent_path() / whole.filename()}) {
        std::optional<std::filesystem::path> last;
        for (int number = 1; std::filesystem::exists(saved_store_name(place, number), ignored); ++number)
            last = saved_store_name(place, number);
        if (last) return last;
    }
    return std::nullopt;
}

StoreResult<std::vector<Terminal>> terminals_in_copy(const std::filesystem::path& copy) {
    return guarded([&] {
               Connection connection(copy, Access::read);
               return SqliteTerminals(connection).page({}, std::numeric_limits<std::size_t>::max());
           })
        .and_then([](StoreResult<std::vector<Terminal>> read) { return read; });
}

StoreResult<void> check_sqlite_store(const std::filesystem::path& file) {
    std::optional<StoreError> foreign;
    const auto checked = guarded([&] {
        Connection connection(file, Access::read);
        foreign = refuse_foreign(connection, file.string(), false);
        return foreign ? std::string("ok") : connection.text("PRAGMA integrity_check(1)");
    });
    if (foreign) return unexpected(std::move(*foreign));
    if (!checked && checked.error().kind != StoreErrorKind::corrupt) return unexpected(checked.error());
    if (checked && *checked == "ok") return {};
    return unexpected(StoreError{StoreErrorKind::corrupt,
                                 file.string() + " is damaged: " + (checked ? *checked : checked.error().what),
                                 "nothing was put in place; take an earlier backup, and keep this one"});
}

}  // namespace hailong::sync
