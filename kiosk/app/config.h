// The terminal's configuration: kiosk.toml. Every fault is named with its place and remedy before anything starts.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "kiosk/screens/accessibility.h"
#include "kiosk/visit/visit.h"
#include "survey/base/expected.h"
#include "survey/base/fault.h"
#include "survey/base/ids.h"
#include "survey/base/messages.h"

namespace hailong::kiosk {

struct WindowConfig {
    int width_px = 1080;
    int height_px = 1920;
    bool fullscreen = false;  // on the panel; a window of that size otherwise
};

/// What shows on the glass while nobody is there.
struct LobbyTiming {
    milliseconds after{45'000};  // without a touch; then the posted results take turns with the invitation
    milliseconds page{12'000};   // how long each stays
    bool operator==(const LobbyTiming&) const = default;
};

struct VoiceSettings {
    bool offered = true;                    // a loudspeaker stands on every screen
    bool tap_sound = false;                 // a soft click at each tap
    std::string device = "default";         // as ALSA names it
    std::filesystem::path recordings = {};  // folder of recorded lines; empty: none
    int rate_percent = 100;
    int volume_percent = 80;
    bool operator==(const VoiceSettings&) const = default;
};

struct KioskConfig {
    survey::KioskId kiosk;
    survey::CounterId counter;             // where the terminal stands; empty: in the hall
    std::filesystem::path journal;         // the device's SQLite file
    std::filesystem::path center;          // used until the backend sent one
    std::filesystem::path questionnaires;  // folder; used until the backend sent some
    std::filesystem::path translations;    // folder with kiosk.vi.json and kiosk.en.json
    std::filesystem::path phrases;         // suggestions for what people write; empty: none
    std::filesystem::path emblem;          // PNG; empty: the product's own
    std::string staff_pin_hash;            // Argon2id, from `hailong-kiosk --hash-pin`; empty: staff screens are shut
    survey::Language language = survey::Language::vi;
    VisitTiming timing;
    QualityLimits quality;
    LobbyTiming lobby;
    AccessibilitySettings accessibility;  // how every visit begins
    bool more_time = false;               // whether every visit has more time
    Method method = Method::tone_keys;    // how keys are understood until somebody chooses otherwise
    bool scanner = false;                 // one stands there: the glass says so
    float diagonal_mm = 0;                // of the panel; 0: the usual one for its pixels
    VoiceSettings voice;
    WindowConfig window;
};

/// Parses the text of kiosk.toml. Relative paths are taken from `base`, the folder of the file.
[[nodiscard]] Expected<KioskConfig, survey::Faults> parse_kiosk_config(std::string_view toml,
                                                                       const std::filesystem::path& base);

}  // namespace hailong::kiosk
