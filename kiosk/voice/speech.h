// Text to sound, a little at a time. eSpeak stands behind it, or a test that says what it likes.
// Threads: one at a time, the one that made it.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "kiosk/voice/pcm_sink.h"
#include "survey/base/expected.h"
#include "survey/base/messages.h"

namespace hailong::kiosk {

/// Takes the next piece of sound; false: no more is wanted.
using TakeSound = std::function<bool(std::span<const Sample> samples, int rate_hz)>;

class Speech {
  public:
    virtual ~Speech() = default;
    /// Speaks one line into `take`, from the calling thread, and ends soon after `take` wants no more. `text` is UTF-8
    /// for the ear (spoken.h). `rate_percent` as in voice.h. An error says what is missing.
    [[nodiscard]] virtual Expected<void, std::string> speak(const std::string& text, survey::Language language,
                                                            int rate_percent, const TakeSound& take) = 0;
};

}  // namespace hailong::kiosk
