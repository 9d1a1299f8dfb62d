// The first rating after a cold start with years of records: how long a visitor waits until it is saved.
//
//   start_bench [RECORDS]
#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

#include "tests/bench/report.h"
#include "tests/e2e/product.h"

namespace {

using namespace hailong;
using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr const char* kRecords = "200000";
constexpr int kStarts = 3;
const std::string kKiosk = "bm-tp";

/// Played in memory where there is such a folder, so that two hundred thousand commits take no disk, then copied.
void fill(const tests::Center& center, const std::string& records) {
    const std::filesystem::path folder = center.terminal(kKiosk);
    const bool has_memory = std::filesystem::is_directory("/dev/shm");
    const tests::TemporaryFolder disk;
    const std::filesystem::path played =
        has_memory ? std::filesystem::path("/dev/shm") / disk.path().filename() : disk.path() / "played";
    std::filesystem::create_directories(played);
    const auto config = survey::read_file(folder / "kiosk.toml");
    std::string text = config.value();
    const auto at = text.find("journal = ");
    text.replace(at, text.find('\n', at) - at, "journal = \"" + (played / "journal.db").string() + "\"");
    static_cast<void>(survey::write_file(folder / "played.toml", text));
    const auto filled = tests::run({tests::kBin + "hailong-fill", "--config", (folder / "played.toml").string(),
                                    "--visits", records, "--days", "400"});
    for (const char* part : {"", "-head"})
        std::filesystem::copy_file(played / ("journal.db" + std::string(part)),
                                   folder / ("journal.db" + std::string(part)),
                                   std::filesystem::copy_options::overwrite_existing);
    std::filesystem::remove_all(played);
    if (filled.exit_code != 0) throw std::runtime_error(filled.output);
}

/// What is in memory of it goes.
void make_cold(const std::filesystem::path& file) {
    const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) throw std::runtime_error("no journal");
    fsync(descriptor);
    posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED);
    close(descriptor);
}

/// Taps the first target of that name as soon as it is there.
void tap(const tests::Screen& screen, const tests::Terminal& terminal, const std::string& name) {
    const auto deadline = Steady::now() + 30s;
    while (Steady::now() < deadline) {
        const boost::json::value seen = terminal.observed();
        for (const auto& target : seen.at("targets").as_array()) {
            if (target.at("name").as_string() != name) continue;
            const auto middle = [&](const char* from, const char* size) {
                return std::to_string(
                    static_cast<int>(target.at(from).to_number<double>() + target.at(size).to_number<double>() / 2));
            };
            tests::must({"xdotool", "mousemove", middle("x", "width"), middle("y", "height"), "click", "1"},
                        {{"DISPLAY", screen.display()}});
            return;
        }
        std::this_thread::sleep_for(1ms);
    }
    throw std::runtime_error("no target " + name);
}

/// From the last answer's tap to the thanks, in a visit that begins with the first frame.
double rating_ms(const tests::Screen& screen, const tests::Center& center) {
    make_cold(center.terminal(kKiosk) / "journal.db");
    std::filesystem::remove(center.terminal(kKiosk) / "glass.json");
    tests::Terminal terminal(screen, center.terminal(kKiosk));
    terminal.wait("attract");
    for (const char* name : {"wake", "answer/5"})
        tap(screen, terminal, name);
    const auto before = Steady::now();
    tap(screen, terminal, "officer/none");
    const auto deadline = before + 60s;
    while (terminal.observed().at("screen").as_string() != "thanks") {
        if (Steady::now() > deadline) throw std::runtime_error("nobody is thanked");
        std::this_thread::sleep_for(1ms);
    }
    return std::chrono::duration<double, std::milli>(Steady::now() - before).count();
}

}  // namespace

int main(int argc, char** argv) {
    const tests::Center center(480, 800);
    center.configure(kKiosk, "kiosk.toml", "\n[timing]\nsettle_ms = 0\nsaving_ms = 60000\n");
    fill(center, argc > 1 ? argv[1] : kRecords);
    const tests::Screen screen("480x800");
    std::vector<double> times;
    for (int i = 0; i < kStarts; ++i)
        times.push_back(rating_ms(screen, center));
    bench::report("first_rating_saved_cold", *std::max_element(times.begin(), times.end()), "ms", 300,
                  bench::Better::less);
    return 0;
}
