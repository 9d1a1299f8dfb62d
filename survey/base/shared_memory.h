// The memory beside a write-ahead log that all who have the file open share ("journal.db-shm"), mapped into this
// program. Whoever cuts that file short takes pages away from under the mapping, and who touches them next is ended by
// the system: so it is looked at before each step, and before another connection is opened.
#pragma once

#include <filesystem>
#include <optional>

#include "survey/base/file_identity.h"

namespace hailong::survey::sqlite {

class Connection;

class SharedMemory {
  public:
    /// Of `file`, as `connection` has it open. REQUIRES: the connection has read once, and lives longer.
    SharedMemory(const std::filesystem::path& file, const Connection& connection);
    SharedMemory(const SharedMemory&) = delete;
    SharedMemory& operator=(const SharedMemory&) = delete;
    ~SharedMemory();

    /// Gives what was cut short its length back, and has what stood in it made anew from the log by whoever looks at it
    /// next. One call of the system.
    void mend();
    /// The same for all that this program has open of `file`. From any thread.
    static void mend_all(const std::filesystem::path& file);

  private:
    void mend_locked();

    const std::filesystem::path path_;
    volatile void* const index_;         // its first region; null where no log is open
    std::optional<FileIdentity> known_;  // as it was seen last
};

}  // namespace hailong::survey::sqlite
