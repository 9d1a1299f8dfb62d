#include "sync/backend/store/sqlite/connection.h"

#include "sync/backend/store/documents.h"

namespace hailong::sync {
namespace {

using survey::sqlite::Access;
using survey::sqlite::Damage;
using survey::sqlite::Error;

// What a connection may take. Measured with 1,500 terminals that send 154 records each, one commit a batch of 77:
// temp_store keeps what a savepoint may have to undo out of a file (half as fast again), the log is folded by who
// watches it (file_guard.h). The cache, in KiB, is for
// stores whose indexes are larger than the 2 MB of SQLite's own. The log is cut back to 64 MiB when it was longer.
constexpr const char* kEvery = "PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;";
// synchronous: what commit() confirmed survives a power cut. secure_delete: what is deleted (erased texts) is
// overwritten, not only forgotten.
constexpr const char* kWriting =
    "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA cache_size = -131072; "
    "PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 67108864;";

const char* remedy(StoreErrorKind kind) {
    switch (kind) {
        case StoreErrorKind::busy:
            return "try again; only one program at a time can write";
        case StoreErrorKind::full:
            return "nothing was taken, and terminals keep what they collect. Make room on the disk that holds the data "
                   "folder, without deleting anything in it; it goes on by itself";
        case StoreErrorKind::read_only:
            return "nothing was taken, and terminals keep what they collect. Check that the data folder exists, and "
                   "let "
                   "the service's user write to it and its files; do not run `init` in place of a folder that is "
                   "missing";
        case StoreErrorKind::corrupt:
            return kDamagedRemedy;
        case StoreErrorKind::newer:
            return "nothing was changed; start the newer version of hailong-backend, and do not put an older store in "
                   "its "
                   "place";
        case StoreErrorKind::conflict:
            return "nothing was written; run `hailong-backend verify`";
        case StoreErrorKind::io:
        case StoreErrorKind::wrong_kiosk:
            return "nothing was taken, and terminals keep what they collect and send it again. It may pass by itself; "
                   "if "
                   "it stays, look for the disk's errors in the system's log, write a backup to another disk with "
                   "`hailong-backend backup`, and replace the disk. Restore nothing as long as the store can be read";
    }
    return "";
}

}  // namespace

StoreError store_error(const std::exception& error) {
    const std::string what = std::string("store: ") + error.what();
    const bool is_known =
        dynamic_cast<const Error*>(&error) != nullptr || dynamic_cast<const Damage*>(&error) != nullptr;
    if (!is_known)
        return {StoreErrorKind::io, what,
                "nothing was taken, and terminals keep what they collect. Check the disk, the data folder and how much "
                "memory is "
                "free; it goes on by itself"};
    const StoreErrorKind kind = survey::sqlite::kind_of(error);
    return {kind, what, remedy(kind)};
}

void fail_as_damaged(const std::string& what) {
    throw Damage(what);
}
void fail_as_conflict(const std::string& what) {
    throw Error(StoreErrorKind::conflict, what);
}

Connection::Connection(const std::filesystem::path& file, Access access) try : survey
    ::sqlite::Connection(file, access, kBusyTimeout) {
        execute(kEvery);
        add_checksum();
        if (access == Access::write || access == Access::create) execute(kWriting);
    }
catch (const Error& error) {
    throw Error(error.kind(), file.string() + ": " + error.what());
}

}  // namespace hailong::sync
