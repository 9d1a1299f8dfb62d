// Speech by eSpeak NG. The only place that knows its library, which is loaded by the first speak() and stays until the
// program ends (about 6 MB): it keeps one state for the whole program, has a thread of its own, and hangs when it is
// ended a second time (1.51). It sets the program's LC_CTYPE to C.UTF-8. At most one of these at a time.
#pragma once

#include <memory>
#include <string>

#include "kiosk/voice/speech.h"

namespace hailong::kiosk {

class EspeakSpeech final : public Speech {
  public:
    /// `data_folder` holds espeak-ng-data; empty, or without it: where the system has it.
    explicit EspeakSpeech(std::string data_folder = {});
    ~EspeakSpeech() override;
    EspeakSpeech(const EspeakSpeech&) = delete;
    EspeakSpeech& operator=(const EspeakSpeech&) = delete;

    [[nodiscard]] Expected<void, std::string> speak(const std::string& text, survey::Language language,
                                                    int rate_percent, const TakeSound& take) override;

  private:
    struct Library;
    [[nodiscard]] Expected<void, std::string> start();

    std::string data_folder_;
    std::unique_ptr<const Library> library_;  // from the first speak() that succeeded in starting it
    int rate_hz_ = 0;                         // as eSpeak told when it started
};

}  // namespace hailong::kiosk
