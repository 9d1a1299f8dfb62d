// hailong-sim: plays histories for as long as it is let, prints the seed of what it finds and stops there.
//
//   hailong-sim [--from SEED] [--seeds N] [--seconds S] [--tell]
//
// Exit: 0 nothing found, 1 a finding.
#include <chrono>
#include <cstdio>

#include <CLI/CLI.hpp>

#include "tests/sim/simulator.h"
#include "tests/support/temporary_folder.h"

int main(int argc, char** argv) {
    using namespace hailong;
    CLI::App app("Plays simulated histories of terminals and a backend.", "hailong-sim");
    std::uint64_t from = 1;
    std::uint64_t seeds = 1'000;
    double seconds = 0;
    app.add_option("--from", from, "The first seed")->capture_default_str();
    app.add_option("--seeds", seeds, "How many")->capture_default_str();
    app.add_option("--seconds", seconds, "Stop after this time; 0: not");
    bool tell = false;
    app.add_flag("--tell", tell, "Print each history, event by event");
    CLI11_PARSE(app, argc, argv);

    const tests::TemporaryFolder folder(sim::fast_folder());
    const auto start = std::chrono::steady_clock::now();
    const auto passed = [&] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    sim::Census census;
    std::uint64_t played = 0;
    for (; played < seeds && (seconds <= 0 || passed() < seconds); ++played) {
        const sim::History history = sim::play(from + played, folder / "world", tell);
        census += history.census;
        for (const std::string& line : history.told)
            std::printf("    %s\n", line.c_str());
        if (history.findings.empty()) continue;
        std::printf("seed %llu:\n", static_cast<unsigned long long>(from + played));
        for (const std::string& finding : history.findings)
            std::printf("  %s\n", finding.c_str());
        std::printf("again: hailong-sim --tell --from %llu --seeds 1\n", static_cast<unsigned long long>(from + played));
        return 1;
    }
    std::printf("%llu histories, nothing found; %.0f a minute; %lld visits, %lld exchanges\n",
                static_cast<unsigned long long>(played), static_cast<double>(played) * 60 / passed(),
                static_cast<long long>(census.visits), static_cast<long long>(census.exchanges));
    return 0;
}
