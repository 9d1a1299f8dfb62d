// The thin adapters to the operating system that all three programs share. Everything above takes them by interface
// or value, so that tests bring their own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "survey/base/expected.h"
#include "survey/base/time.h"
#include "survey/base/uuid.h"

namespace hailong::survey {

/// The machine's clocks: CLOCK_REALTIME and CLOCK_BOOTTIME (counts through suspend).
class SystemClock final : public Clock {
  public:
    [[nodiscard]] UtcTime now() const override;
    [[nodiscard]] MonoTime monotonic() const override;
};

/// From the system's cryptographic generator.
[[nodiscard]] UuidEntropy random_uuid_entropy();
/// `count` random bytes as lower-case hexadecimal.
[[nodiscard]] std::string random_hex(std::size_t count);

/// Room for who runs this program on the disk of `folder`, in bytes; empty where the system does not say.
[[nodiscard]] std::optional<std::int64_t> free_bytes(const std::filesystem::path& folder);

/// The kernel's id of this start of the machine; "unknown" where it has none.
[[nodiscard]] std::string boot_id();

/// Largest file read_file takes, in bytes: every configuration and asset is far smaller.
inline constexpr std::uintmax_t kFileBytesMax = 16u << 20u;

/// The whole file, or a sentence that names the file, what failed and what to do.
[[nodiscard]] Expected<std::string, std::string> read_file(const std::filesystem::path& path,
                                                           std::uintmax_t bytes_max = kFileBytesMax);

/// As read_file(), of a file that holds a secret: refused where the group or others may read it or write to it.
[[nodiscard]] Expected<std::string, std::string> read_secret_file(const std::filesystem::path& path,
                                                                  std::uintmax_t bytes_max = kFileBytesMax);

/// From now on nobody but this user reads or changes what the process makes: its files, those of its databases, its
/// folders. Called first in main().
void keep_files_to_owner();

/// Who may read a file that is written.
enum class Readers { everybody, owner };

/// Replaces `path` as a whole: written beside it, synced, renamed. On failure the old content stays.
[[nodiscard]] Expected<void, std::string> write_file(const std::filesystem::path& path, std::string_view content,
                                                     Readers readers = Readers::everybody);

/// Makes what was created, renamed or removed in `folder` durable.
[[nodiscard]] Expected<void, std::string> sync_folder(const std::filesystem::path& folder);

}  // namespace hailong::survey
