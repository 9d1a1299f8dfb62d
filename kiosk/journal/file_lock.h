// Keeps opening and repairing apart: whoever opens the journal's file holds the lock beside it shared while it opens,
// who repairs holds it alone. So nobody creates an empty file, or a log, between two renames of the repairer.
#pragma once

#include <filesystem>

#include "kiosk/journal/store_error.h"
#include "survey/base/expected.h"
#include "survey/base/time.h"

namespace hailong::kiosk {

class FileLock {
  public:
    enum class Mode { shared, exclusive };
    /// Takes the lock "<file>-lock". Error busy when it is not free within `timeout`. Where no lock file can be made,
    /// nothing can be repaired either: then a shared lock is held by nobody, and an exclusive one is refused
    /// (read_only, full, io).
    [[nodiscard]] static Expected<FileLock, StoreError> take(const std::filesystem::path& file, Mode mode,
                                                             survey::milliseconds timeout);
    FileLock(FileLock&& other) noexcept;
    FileLock& operator=(FileLock&&) = delete;
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;
    ~FileLock();

  private:
    explicit FileLock(int fd) : fd_(fd) {}
    int fd_ = -1;
};

}  // namespace hailong::kiosk
