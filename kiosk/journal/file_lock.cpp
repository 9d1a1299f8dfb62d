#include "kiosk/journal/file_lock.h"

#include <cerrno>
#include <cstring>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "survey/base/file_rights.h"
#include "survey/base/sqlite.h"

namespace hailong::kiosk {

FileLock::FileLock(FileLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

FileLock::~FileLock() {
    if (fd_ >= 0) close(fd_);
}

Expected<FileLock, StoreError> FileLock::take(const std::filesystem::path& file, Mode mode,
                                              survey::milliseconds timeout) {
    const std::string name = file.string() + "-lock";
    int fd = open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, survey::kOwnerOnlyMode);
    if (fd < 0) fd = open(name.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        if (mode == Mode::shared) return FileLock(-1);
        return unexpected(make_error(survey::sqlite::kind_of_errno(errno),
                                     name + ": the lock could not be taken: " + std::strerror(errno)));
    }
    FileLock lock(fd);
    constexpr survey::milliseconds kPause{20};
    for (survey::milliseconds waited{0};; waited += kPause) {
        if (flock(fd, (mode == Mode::shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0) return lock;
        if (errno != EWOULDBLOCK && errno != EINTR) {
            return unexpected(make_error(survey::sqlite::kind_of_errno(errno), name + ": " + std::strerror(errno)));
        }
        if (waited >= timeout) {
            return unexpected(
                make_error(StoreErrorKind::busy, file.string() + ": the file is being opened or repaired"));
        }
        std::this_thread::sleep_for(kPause);
    }
}

}  // namespace hailong::kiosk
