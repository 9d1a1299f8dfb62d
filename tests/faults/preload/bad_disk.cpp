// A disk that fails as a test asks, under a shipped program: loaded before the C library (LD_PRELOAD), it stands
// between the program and what it reads, writes and syncs below one folder.
//
// A power cut: of every file the sectors that were written and not synced are on the disk, or are as they were before,
// by chance, each for itself; then the program ends on the spot. Names (rename, unlink) count as written at once.
// Memory that is mapped (SQLite's -shm) is left alone: nobody believes it after a start.
#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/faults/preload/plan.h"

namespace hailong::tests {
namespace {

constexpr std::int64_t kSector = 512;

/// What this library stands before. Looked up with its first call, because other libraries open files before this one
/// is set up.
template <class Function>
class Real {
  public:
    constexpr explicit Real(const char* name) : name_(name) {}
    template <class... Arguments>
    auto operator()(Arguments... arguments) const {
        if (found_ == nullptr) found_ = reinterpret_cast<Function>(dlsym(RTLD_NEXT, name_));
        return found_(arguments...);
    }

  private:
    const char* name_;
    mutable Function found_ = nullptr;
};

// The 64-bit forms: on the machines that are meant they are the only ones.
constinit const Real<int (*)(const char*, int, ...)> real_open("open64");
constinit const Real<int (*)(int)> real_close("close");
constinit const Real<ssize_t (*)(int, void*, std::size_t)> real_read("read");
constinit const Real<ssize_t (*)(int, void*, std::size_t, off_t)> real_pread("pread64");
constinit const Real<ssize_t (*)(int, const void*, std::size_t)> real_write("write");
constinit const Real<ssize_t (*)(int, const void*, std::size_t, off_t)> real_pwrite("pwrite64");
constinit const Real<int (*)(int)> real_fsync("fsync");
constinit const Real<int (*)(int)> real_fdatasync("fdatasync");
constinit const Real<int (*)(int, off_t)> real_ftruncate("ftruncate64");
constinit const Real<FILE* (*)(const char*, const char*)> real_fopen("fopen64");

DiskPlan* find_plan() {
    const char* file = std::getenv(kDiskPlanVariable);
    if (file == nullptr) return nullptr;
    const int fd = real_open(file, O_RDWR | O_CLOEXEC);
    if (fd < 0) return nullptr;
    void* memory = mmap(nullptr, sizeof(DiskPlan), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    real_close(fd);
    return memory == MAP_FAILED ? nullptr : static_cast<DiskPlan*>(memory);
}

DiskPlan* plan() {
    static DiskPlan* const found = find_plan();
    return found;
}

/// What a file was like when it was synced last, as far as it changed since.
struct Unsynced {
    std::int64_t size = 0;
    std::map<std::int64_t, std::string> before;  // sector -> what stood there; shorter or empty behind the end
};

class Disk {
  public:
    void opened(int fd, const char* path) {
        if (plan() == nullptr || fd < 0) return;
        std::array<char, 4'096> whole{};
        if (realpath(path, whole.data()) == nullptr) return;
        const std::string_view name(whole.data());
        const std::string_view folder(plan()->folder.data());
        const bool is_here = name.size() > folder.size() && name.starts_with(folder) && name[folder.size()] == '/';
        const std::scoped_lock lock(mutex_);
        files_.erase(fd);
        if (is_here) files_.emplace(fd, name);
    }
    void closed(int fd) {
        if (plan() == nullptr) return;
        const std::scoped_lock lock(mutex_);
        files_.erase(fd);
    }

    /// True: the read is to fail.
    bool refuses_read(int fd, std::int64_t at, std::size_t count) {
        if (plan() == nullptr || plan()->unreadable_to <= plan()->unreadable_from) return false;
        const std::scoped_lock lock(mutex_);
        struct stat about {};
        if (!files_.contains(fd) || fstat(fd, &about) != 0 || about.st_ino != plan()->unreadable_inode) return false;
        const auto end = at + static_cast<std::int64_t>(count);
        return refused(at < plan()->unreadable_to && end > plan()->unreadable_from ? EIO : 0);
    }
    bool refuses_sync(int fd) {
        if (plan() == nullptr) return false;
        const std::scoped_lock lock(mutex_);
        const auto file = files_.find(fd);
        if (file == files_.end()) return false;
        if (refused(plan()->sync_error)) return true;
        unsynced_.erase(file->second);
        return false;
    }
    /// True: the write is to fail. Otherwise what it changes is remembered; where the power goes, this does not return.
    bool refuses_write(int fd, std::int64_t at, std::string_view bytes) {
        if (plan() == nullptr) return false;
        const std::scoped_lock lock(mutex_);
        const auto file = files_.find(fd);
        if (file == files_.end()) return false;
        if (refused(plan()->write_error)) return true;
        if (plan()->power_cut_at == 0) return false;
        remember(fd, file->second, at, at + static_cast<std::int64_t>(bytes.size()));
        if (++plan()->writes != plan()->power_cut_at) return false;
        (void)real_pwrite(fd, bytes.data(), bytes.size(), at);
        cut_power();
    }
    void before_truncate(int fd, std::int64_t size) {
        if (plan() == nullptr || plan()->power_cut_at == 0) return;
        const std::scoped_lock lock(mutex_);
        const auto file = files_.find(fd);
        struct stat about {};
        if (file == files_.end() || fstat(fd, &about) != 0) return;
        remember(fd, file->second, std::min<std::int64_t>(size, about.st_size), about.st_size);
    }

  private:
    static bool refused(int error) {
        if (error == 0) return false;
        plan()->refused += 1;
        errno = error;
        return true;
    }

    void remember(int fd, const std::string& name, std::int64_t from, std::int64_t to) {
        struct stat about {};
        if (fstat(fd, &about) != 0) return;
        const auto [entry, is_new] = unsynced_.try_emplace(name);
        Unsynced& unsynced = entry->second;
        if (is_new) unsynced.size = about.st_size;
        const int reader = real_open(name.c_str(), O_RDONLY | O_CLOEXEC);
        for (std::int64_t sector = from / kSector; sector * kSector < to; ++sector) {
            if (unsynced.before.contains(sector)) continue;
            std::string bytes(kSector, '\0');
            const ssize_t count = real_pread(reader, bytes.data(), bytes.size(), sector * kSector);
            bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
            unsynced.before.emplace(sector, std::move(bytes));
        }
        real_close(reader);
    }

    [[noreturn]] void cut_power() {
        std::mt19937_64 chance(plan()->chance);
        for (const auto& [name, unsynced] : unsynced_) {
            const int fd = real_open(name.c_str(), O_RDWR | O_CLOEXEC);
            if (fd < 0) continue;
            std::int64_t end = unsynced.size;
            for (const auto& [sector, bytes] : unsynced.before) {
                if (chance() % 2 == 0) {
                    end = std::max(end, (sector + 1) * kSector);
                    continue;
                }
                std::string was = bytes;
                was.resize(kSector, '\0');
                (void)real_pwrite(fd, was.data(), was.size(), sector * kSector);
            }
            struct stat about {};
            if (fstat(fd, &about) == 0) (void)real_ftruncate(fd, std::min<std::int64_t>(end, about.st_size));
            real_close(fd);
        }
        kill(getpid(), SIGKILL);
        for (;;)
            pause();
    }

    std::mutex mutex_;
    std::map<int, std::string> files_;          // open, below the folder
    std::map<std::string, Unsynced> unsynced_;  // by name
};

Disk& disk() {
    static auto* const one = new Disk;  // programs close files behind the end of main
    return *one;
}

int open_with(const char* path, int flags, va_list rest) {
    const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
    const int fd = real_open(path, flags, mode);
    const int error = errno;
    disk().opened(fd, path);
    errno = error;
    return fd;
}

}  // namespace
}  // namespace hailong::tests

using hailong::tests::disk;
using hailong::tests::plan;

extern "C" {

int open(const char* path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    const int fd = hailong::tests::open_with(path, flags, rest);
    va_end(rest);
    return fd;
}
int open64(const char* path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    const int fd = hailong::tests::open_with(path, flags, rest);
    va_end(rest);
    return fd;
}
int close(int fd) {
    disk().closed(fd);
    return hailong::tests::real_close(fd);
}
FILE* fopen64(const char* path, const char* mode) {
    const bool asks_boot =
        plan() != nullptr && plan()->boot_id[0] != '\0' && std::string_view(path) == "/proc/sys/kernel/random/boot_id";
    if (!asks_boot) return hailong::tests::real_fopen(path, mode);
    // A file of its own: who opened it may read past the C library.
    const int fd = memfd_create("boot_id", MFD_CLOEXEC);
    const std::size_t size = std::strlen(plan()->boot_id.data());
    const bool is_there =
        hailong::tests::real_pwrite(fd, plan()->boot_id.data(), size, 0) == static_cast<ssize_t>(size);
    return is_there ? fdopen(fd, mode) : nullptr;
}
FILE* fopen(const char* path, const char* mode) {
    return fopen64(path, mode);
}
ssize_t pread64(int fd, void* bytes, std::size_t count, off_t at) {
    return disk().refuses_read(fd, at, count) ? -1 : hailong::tests::real_pread(fd, bytes, count, at);
}
ssize_t pread(int fd, void* bytes, std::size_t count, off_t at) {
    return pread64(fd, bytes, count, at);
}
ssize_t pwrite64(int fd, const void* bytes, std::size_t count, off_t at) {
    const std::string_view text(static_cast<const char*>(bytes), count);
    return disk().refuses_write(fd, at, text) ? -1 : hailong::tests::real_pwrite(fd, bytes, count, at);
}
ssize_t pwrite(int fd, const void* bytes, std::size_t count, off_t at) {
    return pwrite64(fd, bytes, count, at);
}
ssize_t write(int fd, const void* bytes, std::size_t count) {
    const off_t at = plan() == nullptr ? 0 : lseek(fd, 0, SEEK_CUR);
    const std::string_view text(static_cast<const char*>(bytes), count);
    return at >= 0 && disk().refuses_write(fd, at, text) ? -1 : hailong::tests::real_write(fd, bytes, count);
}
ssize_t read(int fd, void* bytes, std::size_t count) {
    const off_t at = plan() == nullptr ? 0 : lseek(fd, 0, SEEK_CUR);
    return at >= 0 && disk().refuses_read(fd, at, count) ? -1 : hailong::tests::real_read(fd, bytes, count);
}
int fsync(int fd) {
    return disk().refuses_sync(fd) ? -1 : hailong::tests::real_fsync(fd);
}
int fdatasync(int fd) {
    return disk().refuses_sync(fd) ? -1 : hailong::tests::real_fdatasync(fd);
}
int ftruncate64(int fd, off_t size) {
    disk().before_truncate(fd, size);
    return hailong::tests::real_ftruncate(fd, size);
}
int ftruncate(int fd, off_t size) {
    return ftruncate64(fd, size);
}

}  // extern "C"
