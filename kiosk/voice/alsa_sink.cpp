#include "kiosk/voice/alsa_sink.h"

#include <cerrno>
#include <utility>

#include <alsa/asoundlib.h>

#include "kiosk/voice/shared_library.h"

namespace hailong::kiosk {
namespace {

/// A device that takes nothing for this long, kWaitsMax times in a row, hangs.
constexpr int kWaitMs = 100;
constexpr int kWaitsMax = 10;
/// How often one write may find that the device had run dry or slept.
constexpr int kRecoveriesMax = 3;

/// ALSA would write every failed try to the standard error; staff see the trouble once.
void say_nothing(const char*, int, const char*, int, const char*, ...) {}

}  // namespace

struct AlsaSink::Library {
    decltype(&snd_lib_error_set_handler) set_error_handler = nullptr;
    decltype(&snd_strerror) error_text = nullptr;
    decltype(&snd_pcm_open) open = nullptr;
    decltype(&snd_pcm_close) close = nullptr;
    decltype(&snd_pcm_set_params) set_params = nullptr;
    decltype(&snd_pcm_writei) write = nullptr;
    decltype(&snd_pcm_wait) wait = nullptr;
    decltype(&snd_pcm_recover) recover = nullptr;
    decltype(&snd_pcm_drop) drop = nullptr;
    decltype(&snd_pcm_prepare) prepare = nullptr;
    decltype(&snd_config_update_free_global) free_configuration = nullptr;

    [[nodiscard]] bool find_all(const SharedLibrary& library) {
        return library.find("snd_lib_error_set_handler", set_error_handler) &&
               library.find("snd_strerror", error_text) && library.find("snd_pcm_open", open) &&
               library.find("snd_pcm_close", close) && library.find("snd_pcm_set_params", set_params) &&
               library.find("snd_pcm_writei", write) && library.find("snd_pcm_wait", wait) &&
               library.find("snd_pcm_recover", recover) && library.find("snd_pcm_drop", drop) &&
               library.find("snd_pcm_prepare", prepare) &&
               library.find("snd_config_update_free_global", free_configuration);
    }
};

/// One open device; closed with its end.
struct AlsaSink::Device {
    const Library& library;
    snd_pcm_t* pcm;

    Device(const Library& with, snd_pcm_t* opened) : library(with), pcm(opened) {}
    ~Device() {
        library.drop(pcm);  // closing must not wait for what is pending
        library.close(pcm);
    }
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;
};

AlsaSink::AlsaSink(std::string device) : name_(std::move(device)) {}

AlsaSink::~AlsaSink() {
    close();
    if (library_) library_->free_configuration();
}

Expected<void, std::string> AlsaSink::load_library() {
    if (library_) return {};
    const auto loaded = SharedLibrary::load("libasound.so.2");
    if (!loaded) return unexpected(loaded.error());
    auto functions = std::make_unique<Library>();
    if (!functions->find_all(*loaded)) return unexpected(std::string("libasound.so.2 lacks what is needed of it"));
    functions->set_error_handler(&say_nothing);
    library_ = std::move(functions);
    return {};
}

std::string AlsaSink::failed(const char* doing, int error) {
    return "\"" + name_ + "\" can't be " + doing + ": " + library_->error_text(error);
}

Expected<void, std::string> AlsaSink::open(int rate_hz) {
    close();
    if (rate_hz < kRateMinHz || rate_hz > kRateMaxHz) {
        return unexpected("\"" + name_ + "\" is not played at " + std::to_string(rate_hz) + " samples a second");
    }
    if (auto ready = load_library(); !ready) return ready;
    snd_pcm_t* pcm = nullptr;
    // Without blocking: a card that hangs must not hang the thread that waits for it.
    if (const int error = library_->open(&pcm, name_.c_str(), SND_PCM_STREAM_PLAYBACK, SND_PCM_NONBLOCK); error < 0) {
        return unexpected(failed("opened", error));
    }
    auto device = std::make_unique<Device>(*library_, pcm);
    constexpr unsigned int kChannels = 1;
    constexpr int kConvertRates = 1;
    const int error =
        library_->set_params(pcm, SND_PCM_FORMAT_S16, SND_PCM_ACCESS_RW_INTERLEAVED, kChannels,
                             static_cast<unsigned int>(rate_hz), kConvertRates, unsigned{kSinkPendingMs} * 1'000u);
    if (error < 0) return unexpected(failed("set to 16-bit mono sound", error));
    device_ = std::move(device);
    rate_hz_ = rate_hz;
    return {};
}

Expected<void, std::string> AlsaSink::write(std::span<const Sample> samples) {
    if (!device_) return unexpected("\"" + name_ + "\" is not open");
    int waits = 0;
    int recoveries = 0;
    const auto give_up = [&](int error) {
        std::string why = failed("played to", error);
        close();
        return unexpected(std::move(why));
    };
    while (!samples.empty()) {
        const snd_pcm_sframes_t written = library_->write(device_->pcm, samples.data(), samples.size());
        if (written > 0) {
            samples = samples.subspan(static_cast<std::size_t>(written));
            waits = 0;
            continue;
        }
        auto error = static_cast<int>(written);
        if (written == 0 || error == -EAGAIN) {
            if (++waits > kWaitsMax) return give_up(-ETIMEDOUT);
            error = library_->wait(device_->pcm, kWaitMs);
            if (error >= 0) continue;
        }
        if (++recoveries > kRecoveriesMax) return give_up(error);
        constexpr int kSilently = 1;
        error = library_->recover(device_->pcm, error, kSilently);
        if (error < 0) return give_up(error);
    }
    return {};
}

void AlsaSink::drop() {
    if (!device_) return;
    library_->drop(device_->pcm);
    if (library_->prepare(device_->pcm) < 0) close();
}

void AlsaSink::close() {
    device_.reset();
    rate_hz_ = 0;
}

}  // namespace hailong::kiosk
