// The terminal's configuration: kiosk.toml. Every fault is named with its place and remedy before anything starts.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "kiosk/visit/visit.h"
#include "survey/expected.h"
#include "survey/fault.h"
#include "survey/ids.h"
#include "survey/messages.h"

namespace hailong::kiosk {

struct WindowConfig {
    int width_px = 1080;
    int height_px = 1920;
    bool fullscreen = false;  // on the panel; a window of that size otherwise
};

struct KioskConfig {
    survey::KioskId kiosk;
    survey::CounterId counter;             // where the terminal stands; empty: in the hall
    std::filesystem::path journal;         // the device's SQLite file
    std::filesystem::path center;          // used until the backend sent one
    std::filesystem::path questionnaires;  // folder; used until the backend sent some
    std::filesystem::path translations;    // folder with kiosk.vi.json and kiosk.en.json
    std::string staff_pin_hash;            // Argon2id, from `hailong-kiosk --hash-pin`; empty: staff screens are shut
    survey::Language language = survey::Language::vi;
    VisitTiming timing;
    WindowConfig window;
};

/// Parses the text of kiosk.toml. Relative paths are taken from `base`, the folder of the file.
[[nodiscard]] Expected<KioskConfig, survey::Faults> parse_kiosk_config(std::string_view toml,
                                                                       const std::filesystem::path& base);

}  // namespace hailong::kiosk
