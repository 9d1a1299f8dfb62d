// How a terminal is: what it tells with every request for its inbox, so that people see at the backend which terminals
// need somebody. One line of canonical JSON in ASCII, short enough for a header of every proxy. PROTOCOL.md 8.4 is the
// specification. Not signed and not kept with the records: nothing is counted by it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "survey/base/expected.h"
#include "survey/base/fault.h"
#include "survey/base/time.h"

namespace hailong::sync {

/// Longest status, in bytes: proxies take 4,096 for all headers of a request and more.
inline constexpr std::size_t kStatusBytesMax = 1'024;
/// Most troubles that are named, and the longest version of a program, in bytes.
inline constexpr std::size_t kTroublesMax = 8;
inline constexpr std::size_t kProgramVersionBytesMax = 32;

/// The troubles that the sync program finds. Others may be named: whoever reads them shows the word.
inline constexpr std::string_view kTroubleClock = "clock";              // far from the backend's
inline constexpr std::string_view kTroubleDelivery = "delivery";        // the last try to deliver failed
inline constexpr std::string_view kTroubleDisk = "disk";                // nearly full
inline constexpr std::string_view kTroubleJournal = "journal";          // can't be read
inline constexpr std::string_view kTroubleQuarantined = "quarantined";  // records that the backend can't count
inline constexpr std::array kTroubles = {kTroubleClock, kTroubleDelivery, kTroubleDisk, kTroubleJournal,
                                         kTroubleQuarantined};

/// Whether it can stand as the version of a program: an identifier of at most kProgramVersionBytesMax bytes.
[[nodiscard]] bool is_program_version(const std::string& text);

/// What is empty is not known, and not said.
struct TerminalStatus {
    std::optional<std::int64_t> waiting;  // responses that no receipt confirmed yet
    std::optional<survey::milliseconds>
        oldest_waiting;                         // since the first of them was finished, by the terminal's clock
    std::optional<survey::UtcTime> last_visit;  // when the newest response was finished, by the terminal's clock
    std::optional<std::int64_t> disk_free_bytes;
    std::optional<survey::milliseconds> clock_offset;  // the backend's clock minus the terminal's
    std::string kiosk_version;
    std::string sync_version;
    std::vector<std::string> troubles;  // identifiers, at most kTroublesMax
    bool operator==(const TerminalStatus&) const = default;
};

/// At most kStatusBytesMax bytes, all of them visible ASCII. Numbers beyond what the format can say are cut to its
/// limits. REQUIRES: versions are empty or is_program_version(), troubles identifiers, at most kTroublesMax.
[[nodiscard]] std::string encode(const TerminalStatus& status);

/// Every fault with its place. Members that are not known are ignored.
[[nodiscard]] Expected<TerminalStatus, survey::Faults> decode_status(std::string_view text);

}  // namespace hailong::sync
