// All chance of one history: what the story decides, and what libsodium calls random. A seed that found something must
// find it again.
#pragma once

#include <cstdint>
#include <random>

#include "survey/base/uuid.h"

namespace hailong::sim {

class Chance {
  public:
    explicit Chance(std::uint64_t seed) : engine_(seed) {}
    /// 0 to `end` - 1.
    std::int64_t below(std::int64_t end) {
        return static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(end));
    }
    bool one_in(std::int64_t n) { return below(n) == 0; }
    std::uint64_t seed() { return engine_(); }
    survey::UuidEntropy entropy() {
        survey::UuidEntropy bytes{};
        for (std::uint8_t& byte : bytes)
            byte = static_cast<std::uint8_t>(engine_());
        return bytes;
    }

  private:
    std::mt19937_64 engine_;
};

/// From now on libsodium's random on this thread is of `seed` alone. The length of a compressed batch, for one, depends
/// on its keys.
void make_sodium_repeatable(std::uint64_t seed);

}  // namespace hailong::sim
