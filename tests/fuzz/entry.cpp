// libFuzzer's door to the targets. One program holds them all, and the name by which it is called says which is meant.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "tests/fuzz/targets.h"

namespace {

const hailong::fuzz::Target* chosen = nullptr;

}  // namespace

extern "C" int LLVMFuzzerInitialize(const int* count, char*** arguments) {
    const std::string name = *count > 0 ? std::filesystem::path((*arguments)[0]).filename().string() : std::string();
    for (const hailong::fuzz::Target& target : hailong::fuzz::kTargets) {
        if (name == "fuzz_" + std::string(target.name)) chosen = &target;
    }
    if (chosen != nullptr) return 0;
    std::fprintf(stderr, "%s: call it by the name of a target\n", name.c_str());
    std::exit(2);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    chosen->run({reinterpret_cast<const char*>(bytes), size});
    return 0;
}
