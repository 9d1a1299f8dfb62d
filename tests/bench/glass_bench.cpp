// The terminal in a window under Xvfb on software OpenGL: how soon it shows, how soon it understands, what it costs
// while nobody is there.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>

#include "tests/bench/report.h"
#include "tests/e2e/product.h"

namespace {

using namespace hailong;
using namespace std::chrono_literals;

constexpr int kStarts = 7;
constexpr int kVisits = 12;
constexpr int kVisitsBeforeLook = 3;
constexpr auto kIdleTime = 20s;

/// Nanoseconds of processor time that all threads of the process have used.
std::int64_t cpu_ns(pid_t pid) {
    std::int64_t sum = 0;
    for (const auto& task : std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/task")) {
        std::ifstream file(task.path() / "schedstat");
        std::int64_t on_cpu = 0;
        if (file >> on_cpu) sum += on_cpu;
    }
    return sum;
}

/// Memory of the process that is in use now, in MiB.
double resident_mib(pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/status");
    for (std::string word; file >> word;) {
        double kib = 0;
        if (word == "VmRSS:" && file >> kib) return kib / 1024;
    }
    throw std::runtime_error("the terminal does not run any more");
}

/// From before the process is made to the end of its first frame. The first start warms the caches and is not counted.
double start_ms(const tests::Screen& screen, const tests::Center& center) {
    std::vector<double> starts;
    const survey::SystemClock clock;
    for (int i = 0; i <= kStarts; ++i) {
        std::filesystem::remove(center.terminal("bm-tp") / "glass.json");
        const auto before = clock.monotonic().time_since_epoch().count();
        tests::Terminal terminal(screen, center.terminal("bm-tp"));
        terminal.wait("attract");
        const auto shown = terminal.observed().at("first_frame_ms").as_int64();
        if (i > 0) starts.push_back(static_cast<double>(shown - before));
    }
    return bench::median(starts);
}

}  // namespace

int main() {
    const tests::Center center;
    const tests::Screen screen;
    bench::report("start_to_first_frame", start_ms(screen, center), "ms", 250, bench::Better::less);

    tests::Terminal terminal(screen, center.terminal("bm-tp"));
    for (int i = 0; i < kVisits; ++i) {
        if (i == kVisitsBeforeLook) {
            bench::report("resident", resident_mib(terminal.process().pid()), "MiB", 120, bench::Better::less);
        }
        terminal.wait("attract");
        terminal.tap("wake");
        terminal.wait("asking", "overall");
        terminal.tap("answer/5");
        terminal.wait("asking", "officer");
        terminal.tap("officer/none");
        terminal.wait("thanks");
        terminal.tap("done");
    }
    terminal.wait("attract");
    std::vector<double> taps;
    const boost::json::value seen = terminal.observed();
    for (const auto& ms : seen.at("tap_to_intent_ms").as_array()) {
        taps.push_back(static_cast<double>(ms.as_int64()));
    }
    bench::report("tap_to_intent", bench::median(taps), "ms", 50, bench::Better::less);

    std::this_thread::sleep_for(2s);  // the last frames, the saver's and the background reader's first look
    const std::int64_t before = cpu_ns(terminal.process().pid());
    std::this_thread::sleep_for(kIdleTime);
    const auto used = static_cast<double>(cpu_ns(terminal.process().pid()) - before);
    const double idle_ns = std::chrono::duration<double, std::nano>(kIdleTime).count();
    bench::report("idle", 100 * used / idle_ns, "% of a core", 0.1, bench::Better::less);
    return 0;
}
