// The sound of a tap, and what is done to samples on their way. Pure.
#pragma once

#include <span>

#include "kiosk/voice/pcm_sink.h"

namespace hailong::kiosk {

/// 12 ms of a fading 1 kHz tone, a quarter of full scale: soft, and over before the finger is up.
[[nodiscard]] Sound click(int rate_hz);

/// Makes each sample `percent` (0 to 100) as loud.
void scale(std::span<Sample> samples, int percent);

/// Adds `other` from the first sample on, as far as both go; what would be too loud is cut.
void mix_in(std::span<Sample> samples, std::span<const Sample> other);

}  // namespace hailong::kiosk
