#include "survey/base/host.h"

#include <cerrno>
#include <cstring>
#include <ctime>
#include <fstream>
#include <limits>
#include <vector>

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "survey/base/check.h"
#include "survey/base/hex.h"

namespace hailong::survey {
namespace {

milliseconds read_clock(clockid_t id) {
    timespec time{};
    check(clock_gettime(id, &time) == 0, "the machine has a clock");
    return std::chrono::duration_cast<milliseconds>(std::chrono::seconds{time.tv_sec} +
                                                    std::chrono::nanoseconds{time.tv_nsec});
}

void fill_random(void* bytes, std::size_t count) {
    static const bool ready = sodium_init() >= 0;
    check(ready, "the system gives random numbers");
    if (count > 0) randombytes_buf(bytes, count);
}

std::string failure(const std::filesystem::path& path, const char* what, int error) {
    return path.string() + ": " + what + ": " + std::strerror(error);
}

/// A file descriptor that closes itself.
class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    [[nodiscard]] int get() const { return number_; }

  private:
    int number_;
};

}  // namespace

UtcTime SystemClock::now() const {
    return UtcTime{read_clock(CLOCK_REALTIME)};
}
MonoTime SystemClock::monotonic() const {
    return MonoTime{read_clock(CLOCK_BOOTTIME)};
}

UuidEntropy random_uuid_entropy() {
    UuidEntropy entropy;
    fill_random(entropy.data(), entropy.size());
    return entropy;
}

std::string random_hex(std::size_t count) {
    std::vector<std::uint8_t> bytes(count);
    fill_random(bytes.data(), bytes.size());
    return hex(bytes);
}

std::optional<std::int64_t> free_bytes(const std::filesystem::path& folder) {
    std::error_code error;
    const auto space = std::filesystem::space(folder.empty() ? "." : folder, error);
    const auto known_max = static_cast<std::uintmax_t>(std::numeric_limits<std::int64_t>::max());
    if (error || space.available > known_max) return std::nullopt;
    return static_cast<std::int64_t>(space.available);
}

std::string boot_id() {
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string id;
    return std::getline(file, id) ? id : "unknown";
}

Expected<std::string, std::string> read_file(const std::filesystem::path& path, std::uintmax_t bytes_max) {
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(path, error);
    if (error) return unexpected(path.string() + ": " + error.message() + "; check the path and who may read it");
    if (size > bytes_max) {
        return unexpected(path.string() + ": is larger than " + std::to_string(bytes_max) +
                          " bytes; this is not a file of ours");
    }
    std::ifstream file(path, std::ios::binary);
    std::string content(size, '\0');
    if (!file.read(content.data(), static_cast<std::streamsize>(size))) {
        return unexpected(path.string() + ": can't be read; check who may read it");
    }
    return content;
}

Expected<std::string, std::string> read_secret_file(const std::filesystem::path& path, std::uintmax_t bytes_max) {
    struct stat found {};
    if (::stat(path.c_str(), &found) == 0 && (found.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return unexpected(path.string() +
                          ": others than its owner may read or change this file, and it holds a secret. Nothing was "
                          "changed. Find out who could read it, then: chmod 600 " +
                          path.string() +
                          " (where its disk keeps no rights, as most USB sticks: copy it to a folder of this user's "
                          "first)");
    }
    return read_file(path, bytes_max);
}

void keep_files_to_owner() {
    ::umask(::umask(S_IRWXG | S_IRWXO) | S_IRWXG | S_IRWXO);
}

Expected<void, std::string> write_file(const std::filesystem::path& path, std::string_view content, Readers readers) {
    const std::filesystem::path beside = path.string() + ".new";
    {
        const mode_t mode = readers == Readers::owner ? 0600 : 0644;
        const Descriptor file(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
        if (file.get() < 0) return unexpected(failure(beside, "can't be created", errno));
        // What a write that was cut off left there keeps its own mode. (Not asked of other files: a stick refuses.)
        if (readers == Readers::owner && ::fchmod(file.get(), mode) != 0) {
            return unexpected(failure(beside, "can't be kept for its owner", errno));
        }
        std::string_view rest = content;
        while (!rest.empty()) {
            const ssize_t written = ::write(file.get(), rest.data(), rest.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) return unexpected(failure(beside, "can't be written", errno));
            rest.remove_prefix(static_cast<std::size_t>(written));
        }
        if (::fsync(file.get()) != 0) return unexpected(failure(beside, "can't be synced", errno));
    }
    if (::rename(beside.c_str(), path.c_str()) != 0) return unexpected(failure(path, "can't be replaced", errno));
    return sync_folder(path.has_parent_path() ? path.parent_path() : ".");
}

Expected<void, std::string> sync_folder(const std::filesystem::path& folder) {
    const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened.get() < 0 || ::fsync(opened.get()) != 0) return unexpected(failure(folder, "can't be synced", errno));
    return {};
}

}  // namespace hailong::survey
