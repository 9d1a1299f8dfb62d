// How the terminal is, in rows of words for staff. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kiosk/app/background_reader.h"
#include "kiosk/screens/screens.h"
#include "survey/base/messages.h"

namespace hailong::kiosk {

/// Less room than this on the journal's disk needs attention soon, or now: a record takes about 2 KiB with its place in
/// the tallies, a busy terminal 1 MiB a day; logs and updates take the rest.
inline constexpr std::int64_t kDiskLow_bytes = std::int64_t{1} << 30;
inline constexpr std::int64_t kDiskVeryLow_bytes = std::int64_t{200} << 20;
/// From here on the log beside the journal is worth a look: it is folded at 4 MiB unless somebody reads on and on.
inline constexpr std::int64_t kLogLarge_bytes = std::int64_t{64} << 20;
/// Store events shown: the newest.
inline constexpr std::size_t kStoreEventsShown = 3;

/// What the app knows.
struct DeviceFacts {
    std::optional<Expected<Overview, StoreError>> overview;  // empty while it is being read
    std::int64_t unsaved = 0;                                // responses waiting for the disk
    survey::UtcTime now{};                                   // by the terminal's own clock
    std::optional<survey::milliseconds> server_offset;       // backend's clock minus the terminal's
    std::string version;
    /// What is missing or broken, one sentence each, in the words of the language shown: a font, a translation, the
    /// voice, the sound, portraits, the questionnaire, what the disk refuses.
    std::vector<std::string> troubles;
};

/// What needs a hand first, then the accounts of responses, the clock, the disk, the version, what happened to the
/// store.
[[nodiscard]] std::vector<DeviceRow> device_rows(const DeviceFacts& facts, const survey::Messages& text,
                                                 survey::Language language);
[[nodiscard]] bool needs_hand(const std::vector<DeviceRow>& rows);

/// "09:30, 22/11/2026": when staff see it, on Vietnam's clocks.
[[nodiscard]] std::string format_time(survey::UtcTime time, survey::Language language);
/// "12,3 GB", "840 MB": in powers of ten, as disks are sold.
[[nodiscard]] std::string format_bytes(std::int64_t bytes, survey::Language language);

}  // namespace hailong::kiosk
