#include "kiosk/app/config.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "survey/base/toml.h"

namespace hailong::kiosk {
namespace {

using survey::Faults;
using survey::TomlReader;
using survey::TomlTable;

void read_timing(const TomlTable* table, VisitTiming& timing, Faults& faults) {
    if (table == nullptr) return;
    constexpr std::int64_t kHourMs = 3'600'000;
    TomlReader reader(*table, "timing.", faults);
    const std::array<std::pair<const char*, milliseconds*>, 9> settings = {
        {{"idle_ms", &timing.idle},
         {"countdown_ms", &timing.countdown},
         {"patient_countdown_ms", &timing.patient_countdown},
         {"settle_ms", &timing.settle},
         {"saving_ms", &timing.saving},
         {"thanks_ms", &timing.thanks},
         {"advice_ms", &timing.advice},
         {"not_saved_ms", &timing.not_saved},
         {"too_fast_ms", &timing.too_fast}}};
    for (const auto& [key, value] : settings)
        *value = milliseconds{reader.integer(key, value->count(), 0, kHourMs)};
    timing.patience = static_cast<int>(reader.integer("patience", timing.patience, 1, 20));
    if (timing.idle < milliseconds{5'000}) {
        reader.fault("idle_ms", "is less than 5000", "give people at least five seconds");
    }
    if (timing.countdown > timing.idle) {
        reader.fault("countdown_ms", "is longer than idle_ms", "the countdown is the last part of the idle time");
    }
    reader.refuse_unknown();
}

void read_quality(const TomlTable* table, QualityLimits& limits, Faults& faults) {
    if (table == nullptr) return;
    constexpr std::int64_t kMinuteMs = 60'000;
    constexpr std::int64_t kCountMax = 100;
    TomlReader reader(*table, "quality.", faults);
    const std::array<std::pair<const char*, milliseconds*>, 5> times = {{{"mash_within_ms", &limits.mash_within},
                                                                         {"straight_dwell_ms", &limits.straight_dwell},
                                                                         {"repeat_ms", &limits.repeat},
                                                                         {"palm_held_ms", &limits.palm_held},
                                                                         {"palm_together_ms", &limits.palm_together}}};
    for (const auto& [key, value] : times)
        *value = milliseconds{reader.integer(key, value->count(), 0, kMinuteMs)};
    const std::array<std::pair<const char*, int*>, 3> counts = {{{"mash_presses", &limits.mash_presses},
                                                                 {"early_presses", &limits.early_presses},
                                                                 {"straight_answers", &limits.straight_answers}}};
    for (const auto& [key, value] : counts)
        *value = static_cast<int>(reader.integer(key, *value, 2, kCountMax));
    reader.refuse_unknown();
}

/// One of several words, each with its meaning.
template <class Value, std::size_t count>
Value read_word(TomlReader& reader, std::string_view key, Value otherwise,
                const std::array<std::pair<std::string_view, Value>, count>& words) {
    const std::string word = reader.text(key);
    std::string known;
    for (const auto& [name, value] : words) {
        if (word == name) return value;
        known += (known.empty() ? "" : ", ") + std::string(name);
    }
    if (!word.empty()) reader.fault(key, "\"" + word + "\" is not known", "write one of " + known);
    return otherwise;
}

void read_accessibility(const TomlTable* table, KioskConfig& config, Faults& faults) {
    if (table == nullptr) return;
    TomlReader reader(*table, "accessibility.", faults);
    AccessibilitySettings& settings = config.accessibility;
    constexpr std::array<std::pair<std::string_view, TextSize>, 3> kSizes = {
        {{"normal", TextSize::normal}, {"large", TextSize::large}, {"largest", TextSize::largest}}};
    settings.text = read_word(reader, "text", settings.text, kSizes);
    settings.high_contrast = reader.boolean("high_contrast", settings.high_contrast);
    settings.voice = reader.boolean("voice", settings.voice);
    config.more_time = reader.boolean("more_time", config.more_time);
    settings.seated = reader.boolean("seated", settings.seated);
    reader.refuse_unknown();
}

void read_voice(const TomlTable* table, const std::filesystem::path& base, VoiceSettings& voice, Faults& faults) {
    if (table == nullptr) return;
    TomlReader reader(*table, "voice.", faults);
    voice.offered = reader.boolean("offered", voice.offered);
    voice.tap_sound = reader.boolean("tap_sound", voice.tap_sound);
    if (const std::string device = reader.text("device"); !device.empty()) voice.device = device;
    const std::string recordings = reader.text("recordings");
    if (!recordings.empty()) voice.recordings = base / recordings;
    voice.rate_percent = static_cast<int>(reader.integer("rate_percent", voice.rate_percent, 50, 200));
    voice.volume_percent = static_cast<int>(reader.integer("volume_percent", voice.volume_percent, 0, 100));
    reader.refuse_unknown();
}

void read_lobby(const TomlTable* table, LobbyTiming& lobby, Faults& faults) {
    if (table == nullptr) return;
    constexpr std::int64_t kLeastMs = 2'000;
    constexpr std::int64_t kHourMs = 3'600'000;
    TomlReader reader(*table, "lobby.", faults);
    lobby.after = milliseconds{reader.integer("after_ms", lobby.after.count(), kLeastMs, kHourMs)};
    lobby.page = milliseconds{reader.integer("page_ms", lobby.page.count(), kLeastMs, kHourMs)};
    reader.refuse_unknown();
}

void read_window(const TomlTable* table, WindowConfig& window, Faults& faults) {
    if (table == nullptr) return;
    TomlReader reader(*table, "window.", faults);
    window.width_px = static_cast<int>(reader.integer("width", window.width_px, 480, 7680));
    window.height_px = static_cast<int>(reader.integer("height", window.height_px, 320, 7680));
    window.fullscreen = reader.boolean("fullscreen", window.fullscreen);
    reader.refuse_unknown();
}

}  // namespace

Expected<KioskConfig, Faults> parse_kiosk_config(std::string_view text, const std::filesystem::path& base) {
    const auto root = survey::parse_toml(text);
    if (!root) return unexpected(root.error());
    Faults faults;
    KioskConfig config;
    TomlReader reader(*root, "", faults);
    const auto required = [&](std::string_view key) {
        return reader.required_text(key, "add " + std::string(key) + " = \"...\"");
    };
    const auto path = [&](std::string_view key) {
        const std::string value = required(key);
        return value.empty() ? std::filesystem::path{} : base / value;
    };
    config.kiosk = survey::KioskId{required("kiosk")};
    if (!config.kiosk.empty() && !survey::is_identifier(config.kiosk.text)) {
        reader.fault("kiosk", "is not an identifier", "use 1 to 64 of A-Z a-z 0-9 . _ -");
    }
    config.counter = survey::CounterId{reader.text("counter")};
    config.journal = path("journal");
    config.center = path("center");
    config.questionnaires = path("questionnaires");
    config.translations = path("translations");
    config.staff_pin_hash = reader.text("staff_pin_hash");
    const auto optional_path = [&](std::string_view key) {
        const std::string value = reader.text(key);
        return value.empty() ? std::filesystem::path{} : base / value;
    };
    config.phrases = optional_path("phrases");
    config.emblem = optional_path("emblem");
    constexpr std::array<std::pair<std::string_view, Method>, 4> kMethods = {
        {{"tone_keys", Method::tone_keys}, {"telex", Method::telex}, {"vni", Method::vni}, {"none", Method::none}}};
    config.method = read_word(reader, "typing", config.method, kMethods);
    config.scanner = reader.boolean("scanner", config.scanner);
    const std::string language = reader.text("language");
    if (const auto parsed = survey::parse_language(language)) {
        config.language = *parsed;
    } else if (!language.empty()) {
        reader.fault("language", "\"" + language + "\" is not a language of the terminal", "write vi or en");
    }
    read_timing(reader.table("timing"), config.timing, faults);
    read_quality(reader.table("quality"), config.quality, faults);
    read_lobby(reader.table("lobby"), config.lobby, faults);
    read_accessibility(reader.table("accessibility"), config, faults);
    read_voice(reader.table("voice"), base, config.voice, faults);
    config.diagonal_mm = static_cast<float>(reader.integer("panel_diagonal_mm", 0, 0, 5'000));
    read_window(reader.table("window"), config.window, faults);
    reader.refuse_unknown();
    if (!faults.empty()) return unexpected(std::move(faults));
    return config;
}

}  // namespace hailong::kiosk
