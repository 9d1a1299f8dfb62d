// The sync program's configuration, a TOML file:
//
//   kiosk = "bm-tp"                      this terminal's id, as it was enrolled
//   journal = "journal.db"               the terminal's file
//   backend = "https://hailong.example"  where the backend is; http:// only to this machine itself
//   identity = "identity.json"           what `hailong-sync enroll` makes: the terminal's secrets
//   ca_file = "city-ca.pem"              optional: believe this authority instead of the system's
//   connect_timeout_s = 10               optional, 1 to 300
//   answer_timeout_s = 60                optional, 1 to 3600: so long nothing moved
//   inbox_every_s = 300                  optional, 1 to 86400
//   retention_days = 35                  optional, 1 to 3650: how long records stay on the terminal after the backend
//                                        confirmed them, by a time that both clocks and two days agree on
//
// Relative paths are taken from the file's own folder.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "survey/base/expected.h"
#include "survey/base/fault.h"
#include "survey/base/ids.h"
#include "survey/base/time.h"

namespace hailong::sync {

/// How long delivered records stay on the terminal, unless the configuration says otherwise: a month, in which a
/// backend that was restored from an older copy can ask for them again, and some days to notice.
inline constexpr survey::milliseconds kRetention = std::chrono::days{35};

struct Config {
    survey::KioskId kiosk;
    std::filesystem::path journal;
    std::string backend;  // without a slash at the end
    std::filesystem::path identity;
    std::filesystem::path ca_file;  // empty: the system's authorities
    survey::milliseconds connect_timeout{10'000};
    survey::milliseconds answer_timeout{60'000};
    survey::milliseconds inbox_every{300'000};
    survey::milliseconds retention = kRetention;
    bool operator==(const Config&) const = default;
};

/// Every fault with its place (the key and its line) and remedy; a key that is not
/// known is a fault, because it is a typing mistake.
[[nodiscard]] Expected<Config, survey::Faults> load_config(const std::filesystem::path& file);

/// The same from the file's text; relative paths are taken from `folder`.
[[nodiscard]] Expected<Config, survey::Faults> parse_config(std::string_view toml, const std::filesystem::path& folder);

/// `url` as the client can use it: http or https, a host, perhaps a port and a path, no user, query or fragment.
/// Without encryption only to the loopback addresses: the token would be readable on the way.
[[nodiscard]] Expected<std::string, survey::Fault> parse_backend(std::string_view url);

}  // namespace hailong::sync
