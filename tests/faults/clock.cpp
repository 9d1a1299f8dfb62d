#include "tests/faults/clock.h"

#include <filesystem>
#include <stdexcept>

#include "survey/base/host.h"

namespace hailong::tests {
namespace {

/// Below the folder of this machine's architecture.
std::string find_library() {
    for (const auto& folder : std::filesystem::directory_iterator("/usr/lib")) {
        std::error_code none;
        const std::filesystem::path file = folder.path() / "faketime/libfaketimeMT.so.1";
        if (std::filesystem::exists(file, none)) return file.string();
    }
    throw std::runtime_error("libfaketime is not there; install the package faketime (scripts/setup does)");
}

}  // namespace

LyingClock::LyingClock(const std::string& offset) : library_(find_library()) {
    set(offset);
}

void LyingClock::set(const std::string& offset) const {
    const auto written = survey::write_file(folder_ / "offset", offset + "\n");
    if (!written) throw std::runtime_error(written.error());
}

Process::Environment LyingClock::environment() const {
    // The file is read anew for each question, so that a step is seen at once.
    return {{"LD_PRELOAD", library_},
            {"FAKETIME_TIMESTAMP_FILE", (folder_ / "offset").string()},
            {"FAKETIME_NO_CACHE", "1"},
            {"NO_FAKE_STAT", "1"},  // files keep the times that the kernel gave them
            {"FAKETIME_DONT_FAKE_MONOTONIC", "1"},
            {"DONT_FAKE_MONOTONIC", "1"}};
}

}  // namespace hailong::tests
