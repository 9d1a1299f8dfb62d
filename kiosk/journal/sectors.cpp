#include "kiosk/journal/sectors.h"

#include <algorithm>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hailong::kiosk {
namespace {

/// Read at once while the disk gives everything.
constexpr std::size_t kStretchBytes = 256 * kSectorBytes;

/// How many of `count` bytes from `at` on were read before the end or an error; false: it was an error.
bool read_from(int fd, std::size_t at, char* bytes, std::size_t count) {
    while (count > 0) {
        const ssize_t some = pread(fd, bytes, count, static_cast<off_t>(at));
        if (some < 0) return false;
        if (some == 0) return true;  // another program cut it off meanwhile
        at += static_cast<std::size_t>(some);
        bytes += some;
        count -= static_cast<std::size_t>(some);
    }
    return true;
}

}  // namespace

ReadSectors read_sectors(const std::filesystem::path& file) {
    ReadSectors found;
    const int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return found;
    struct stat about {};
    if (fstat(fd, &about) == 0 && about.st_size > 0) found.bytes.resize(static_cast<std::size_t>(about.st_size));
    for (std::size_t at = 0; at < found.bytes.size(); at += kStretchBytes) {
        const std::size_t stretch = std::min(kStretchBytes, found.bytes.size() - at);
        if (read_from(fd, at, &found.bytes[at], stretch)) continue;
        for (std::size_t done = 0; done < stretch; done += kSectorBytes) {
            const std::size_t sector = std::min(kSectorBytes, stretch - done);
            if (read_from(fd, at + done, &found.bytes[at + done], sector)) continue;
            std::fill_n(&found.bytes[at + done], sector, '\0');
            found.unreadable += 1;
        }
    }
    close(fd);
    return found;
}

bool has_bad_sectors(const std::filesystem::path& file) {
    std::int64_t unreadable = 0;
    std::int64_t readable = 0;
    for (const std::filesystem::path& one : {file, std::filesystem::path(file.string() + "-wal")}) {
        const ReadSectors read = read_sectors(one);
        unreadable += read.unreadable;
        readable += static_cast<std::int64_t>((read.bytes.size() + kSectorBytes - 1) / kSectorBytes) - read.unreadable;
    }
    return unreadable > 0 && readable > 0;
}

}  // namespace hailong::kiosk
