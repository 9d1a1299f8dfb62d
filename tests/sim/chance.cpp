#include "tests/sim/chance.h"

#include <sodium.h>

#include "survey/base/check.h"

namespace hailong::sim {
namespace {

thread_local std::mt19937_64 sodium_chance;  // NOLINT(cert-msc51-cpp): repeatable on purpose

}  // namespace

void make_sodium_repeatable(std::uint64_t seed) {
    static randombytes_implementation repeatable = {[] { return "a history's seed"; },
                                                    [] { return static_cast<std::uint32_t>(sodium_chance()); },
                                                    nullptr,
                                                    nullptr,
                                                    [](void* const bytes, const std::size_t size) {
                                                        for (std::size_t i = 0; i < size; ++i)
                                                            static_cast<unsigned char*>(bytes)[i] =
                                                                static_cast<unsigned char>(sodium_chance());
                                                    },
                                                    nullptr};
    static const bool is_done = randombytes_set_implementation(&repeatable) == 0 && sodium_init() >= 0;
    survey::check(is_done, "libsodium takes its random from the history");
    sodium_chance.seed(seed);
}

}  // namespace hailong::sim
