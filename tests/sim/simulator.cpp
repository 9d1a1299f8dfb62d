#include "tests/sim/simulator.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include "survey/base/host.h"
#include "tests/sim/story.h"

namespace hailong::sim {

namespace fs = std::filesystem;

std::int64_t Census::count(const std::string& what) const {
    const auto found = happened.find(what);
    return found == happened.end() ? 0 : found->second;
}

Census& Census::operator+=(const Census& other) {
    visits += other.visits;
    exchanges += other.exchanges;
    for (const auto& [what, count] : other.happened)
        add(what, count);
    return *this;
}

std::vector<std::string> moves() {
    return Story::moves();
}

History play(std::uint64_t seed, const fs::path& folder, bool tell) {
    survey::keep_files_to_owner();  // as the programs do
    spdlog::set_level(spdlog::level::off);
    make_sodium_repeatable(seed);
    fs::remove_all(folder);
    fs::create_directories(folder);
    return Story(seed, folder, tell).run();
}

fs::path fast_folder() {
    const fs::path memory = "/dev/shm";
    return access(memory.c_str(), W_OK) == 0 ? memory : fs::temp_directory_path();
}

}  // namespace hailong::sim
