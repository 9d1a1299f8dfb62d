#include "tests/sim/bad_sectors.h"

#include <atomic>
#include <cerrno>
#include <mutex>

#include <dlfcn.h>
#include <sys/stat.h>
#include <unistd.h>

#include "survey/base/check.h"

namespace hailong::sim {
namespace {

struct BadRange {
    std::uint64_t inode = 0;
    std::int64_t from = 0;
    std::int64_t to = 0;
};

std::atomic<int> count{0};  // of the ranges: without any nobody asks
std::mutex ranges_mutex;

std::vector<BadRange>& ranges() {
    static auto* const list = new std::vector<BadRange>;  // guarded by ranges_mutex; read behind the end of main
    return *list;
}

bool is_refused(int fd, std::int64_t at, std::size_t size) {
    if (count == 0) return false;
    struct stat about {};
    if (fstat(fd, &about) != 0) return false;
    const std::scoped_lock lock(ranges_mutex);
    for (const BadRange& bad : ranges()) {
        if (bad.inode == about.st_ino && at < bad.to && at + static_cast<std::int64_t>(size) > bad.from) return true;
    }
    return false;
}

}  // namespace

BadSectors::~BadSectors() {
    const std::scoped_lock lock(ranges_mutex);
    for (const std::uint64_t inode : inodes_)
        std::erase_if(ranges(), [&](const BadRange& bad) { return bad.inode == inode; });
    count = static_cast<int>(ranges().size());
}

void BadSectors::add(const std::filesystem::path& file, std::int64_t from, std::int64_t bytes) {
    struct stat about {};
    survey::check(stat(file.c_str(), &about) == 0, "the file is there");
    const std::scoped_lock lock(ranges_mutex);
    ranges().push_back({about.st_ino, from, from + bytes});
    inodes_.push_back(about.st_ino);
    count = static_cast<int>(ranges().size());
}

}  // namespace hailong::sim

extern "C" {

ssize_t pread64(int fd, void* bytes, std::size_t size, off64_t at) {
    static const auto real =
        reinterpret_cast<ssize_t (*)(int, void*, std::size_t, off64_t)>(dlsym(RTLD_NEXT, "pread64"));
    if (!hailong::sim::is_refused(fd, at, size)) return real(fd, bytes, size, at);
    errno = EIO;
    return -1;
}
ssize_t pread(int fd, void* bytes, std::size_t size, off_t at) {
    return pread64(fd, bytes, size, at);
}

}  // extern "C"
