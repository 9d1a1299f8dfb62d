// What a connection tells and does of the write-ahead log: the log's file, the memory beside it, and their locks.
#include <bit>
#include <cstdint>

#include <sqlite3.h>

#include "survey/base/log_frames.h"
#include "survey/base/sqlite.h"

namespace hailong::survey::sqlite {

namespace {

/// Through SQLite's own handle: whoever opened and closed the file by hand would let go of SQLite's locks.
sqlite3_file* file_of(sqlite3* handle, int which) {
    sqlite3_file* file = nullptr;
    sqlite3_file_control(handle, "main", which, &file);
    return file != nullptr && file->pMethods != nullptr ? file : nullptr;
}

bool read_from(sqlite3_file* file, std::int64_t at, char* bytes, std::size_t count) {
    return file != nullptr && file->pMethods->xRead(file, bytes, static_cast<int>(count), at) == SQLITE_OK;
}

/// The locks of who writes to the log and of who folds it: two that follow each other.
bool lock_log(sqlite3* handle, int how) {
    sqlite3_file* const file = file_of(handle, SQLITE_FCNTL_FILE_POINTER);
    return file != nullptr && file->pMethods->iVersion >= 2 &&
           file->pMethods->xShmLock(file, 0, 2, how | SQLITE_SHM_EXCLUSIVE) == SQLITE_OK;
}

}  // namespace

LogLock::LogLock(const Connection& connection)
    : connection_(connection),
      is_held_(connection.log_index() != nullptr && lock_log(connection.handle(), SQLITE_SHM_LOCK)) {}

LogLock::~LogLock() {
    if (is_held_) lock_log(connection_.handle(), SQLITE_SHM_UNLOCK);
}

volatile void* Connection::log_index(int number) const {
    sqlite3_file* const file = file_of(handle_.get(), SQLITE_FCNTL_FILE_POINTER);
    if (file == nullptr || file->pMethods->iVersion < 2) return nullptr;
    volatile void* region = nullptr;
    if (file->pMethods->xShmMap(file, number, kLogIndexRegionBytes, 0, &region) != SQLITE_OK) return nullptr;
    return region;
}

void Connection::forget_log_index() {
    // Twice the same header: with neither in order the index is recovered from the log.
    constexpr int kHeaderWords = 24;
    auto* words = static_cast<volatile std::uint32_t*>(log_index());
    for (int i = 0; words != nullptr && i < kHeaderWords; ++i)
        words[i] = 0;
}

bool Connection::read_log(std::int64_t at, char* bytes, std::size_t count) const {
    return read_from(file_of(handle_.get(), SQLITE_FCNTL_JOURNAL_POINTER), at, bytes, count);
}

bool Connection::read_file(std::int64_t at, char* bytes, std::size_t count) const {
    return read_from(file_of(handle_.get(), SQLITE_FCNTL_FILE_POINTER), at, bytes, count);
}

std::optional<LogState> Connection::log_state() const {
    constexpr std::int64_t kLogBytes{kLogHeaderBytes};
    constexpr std::int64_t kHeaderBytes{kFrameHeaderBytes};
    const volatile void* region = log_index();
    if (region == nullptr) return std::nullopt;
    const auto* words = static_cast<const volatile std::uint32_t*>(region);
    const std::uint16_t page_size = static_cast<const volatile std::uint16_t*>(region)[7];
    const std::int64_t page_bytes = page_size == 1 ? 65'536 : page_size;  // as the format says it
    LogState state;
    state.frames = words[4];
    state.bytes_min = state.frames == 0 ? 0 : kLogBytes + state.frames * (kHeaderBytes + page_bytes);
    state.folded = words[24];
    state.attempted = words[32];
    state.generation = std::uint64_t{words[8]} << 32u | words[9];
    state.sum = std::uint64_t{words[6]} << 32u | words[7];
    state.file_pages = words[5];
    // The salts stand there as in the log's header: the first, its big end first, grows by one each time.
    state.round = std::endian::native == std::endian::big ? words[8] : __builtin_bswap32(words[8]);
    return state;
}

}  // namespace hailong::survey::sqlite
