#include "kiosk/voice/espeak_speech.h"

#include <algorithm>
#include <utility>

#include <espeak-ng/espeak_ng.h>
#include <espeak-ng/speak_lib.h>

#include "kiosk/voice/shared_library.h"
#include "kiosk/voice/voice.h"

namespace hailong::kiosk {
namespace {

constexpr int kBufferMs = 20;
/// eSpeak's names: Northern Vietnamese, which is the standard of broadcasting, and British English.
const char* voice_name(survey::Language language) {
    return language == survey::Language::vi ? "vi" : "en";
}

/// What the callback is handed by way of eSpeak.
struct Listener {
    const TakeSound& take;
    int rate_hz = 0;
};

constexpr int kGoOn = 0;
constexpr int kStop = 1;

/// Called by eSpeak, in C: nothing may be thrown through it.
int hand_on(short* samples, int count, espeak_EVENT* events) noexcept {
    if (samples == nullptr || count <= 0 || events == nullptr || events->user_data == nullptr) return kGoOn;
    const auto& listener = *static_cast<const Listener*>(events->user_data);
    try {
        return listener.take({samples, static_cast<std::size_t>(count)}, listener.rate_hz) ? kGoOn : kStop;
    } catch (...) {  // out of memory: this line ends here
        return kStop;
    }
}

}  // namespace

struct EspeakSpeech::Library {
    decltype(&espeak_Initialize) initialize = nullptr;
    decltype(&espeak_SetSynthCallback) set_callback = nullptr;
    decltype(&espeak_SetVoiceByName) set_voice = nullptr;
    decltype(&espeak_SetParameter) set_parameter = nullptr;
    decltype(&espeak_Synth) synthesize = nullptr;
    decltype(&espeak_ng_GetSampleRate) sample_rate = nullptr;

    [[nodiscard]] bool find_all(const SharedLibrary& library) {
        return library.find("espeak_Initialize", initialize) && library.find("espeak_SetSynthCallback", set_callback) &&
               library.find("espeak_SetVoiceByName", set_voice) && library.find("espeak_SetParameter", set_parameter) &&
               library.find("espeak_Synth", synthesize) && library.find("espeak_ng_GetSampleRate", sample_rate);
    }
};

EspeakSpeech::EspeakSpeech(std::string data_folder) : data_folder_(std::move(data_folder)) {}

EspeakSpeech::~EspeakSpeech() = default;

Expected<void, std::string> EspeakSpeech::start() {
    if (library_) return {};
    const auto loaded = SharedLibrary::load("libespeak-ng.so.1");
    if (!loaded) return unexpected(loaded.error());
    auto functions = std::make_unique<Library>();
    if (!functions->find_all(*loaded)) return unexpected(std::string("libespeak-ng.so.1 lacks what is needed of it"));
    // Started already by an earlier one of these: its sample rate is 0 before.
    if (functions->sample_rate() <= 0) {
        const char* folder = data_folder_.empty() ? nullptr : data_folder_.c_str();
        if (functions->initialize(AUDIO_OUTPUT_SYNCHRONOUS, kBufferMs, folder, espeakINITIALIZE_DONT_EXIT) <= 0) {
            return unexpected(std::string("eSpeak NG can't read its data"));
        }
    }
    const int rate_hz = functions->sample_rate();
    if (rate_hz < kRateMinHz || rate_hz > kRateMaxHz) {
        return unexpected("eSpeak NG speaks at " + std::to_string(rate_hz) + " samples a second");
    }
    functions->set_callback(&hand_on);
    rate_hz_ = rate_hz;
    library_ = std::move(functions);
    return {};
}

Expected<void, std::string> EspeakSpeech::speak(const std::string& text, survey::Language language, int rate_percent,
                                                const TakeSound& take) {
    if (auto started = start(); !started) return started;
    if (library_->set_voice(voice_name(language)) != EE_OK) {
        return unexpected("eSpeak NG has no voice \"" + std::string(voice_name(language)) + "\"");
    }
    const int words_a_minute = espeakRATE_NORMAL * std::clamp(rate_percent, kVoiceRateMin, kVoiceRateMax) / 100;
    library_->set_parameter(espeakRATE, words_a_minute, 0);
    Listener listener{take, rate_hz_};
    const auto result =
        library_->synthesize(text.c_str(), text.size() + 1, 0, POS_CHARACTER, 0, espeakCHARS_UTF8, nullptr, &listener);
    if (result != EE_OK) return unexpected(std::string("eSpeak NG failed to speak a line"));
    return {};
}

}  // namespace hailong::kiosk
