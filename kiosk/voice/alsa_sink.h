// The sound card, through ALSA. The only place that knows its library, which is loaded by the first open().
#pragma once

#include <memory>
#include <string>

#include "kiosk/voice/pcm_sink.h"

namespace hailong::kiosk {

class AlsaSink final : public PcmSink {
  public:
    /// `device` as ALSA names it; "null" takes everything and is heard nowhere.
    explicit AlsaSink(std::string device);
    ~AlsaSink() override;
    AlsaSink(const AlsaSink&) = delete;
    AlsaSink& operator=(const AlsaSink&) = delete;

    [[nodiscard]] Expected<void, std::string> open(int rate_hz) override;
    [[nodiscard]] Expected<void, std::string> write(std::span<const Sample> samples) override;
    void drop() override;
    void close() override;
    [[nodiscard]] int rate_hz() const override { return rate_hz_; }

  private:
    struct Library;
    struct Device;
    [[nodiscard]] Expected<void, std::string> load_library();
    [[nodiscard]] std::string failed(const char* doing, int error);

    std::string name_;
    std::unique_ptr<const Library> library_;  // from the first open() on
    std::unique_ptr<Device> device_;          // while open
    int rate_hz_ = 0;
};

}  // namespace hailong::kiosk
