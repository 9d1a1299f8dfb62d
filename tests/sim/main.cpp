// hailong-sim: plays histories on every core for as long as it is let, prints the seed of what it finds and stops
// there.
//
//   hailong-sim [--from SEED] [--seeds N] [--seconds S] [--jobs J] [--tell]
//
// Exit: 0 nothing found, 1 a finding.
#include <cstdio>

#include <CLI/CLI.hpp>

#include "tests/sim/campaign.h"
#include "tests/support/temporary_folder.h"

int main(int argc, char** argv) {
    using namespace hailong;
    CLI::App app("Plays simulated histories of terminals and a backend.", "hailong-sim");
    sim::Campaign campaign;
    app.add_option("--from", campaign.first_seed, "The first seed")->capture_default_str();
    app.add_option("--seeds", campaign.seeds, "How many")->capture_default_str();
    app.add_option("--seconds", campaign.seconds, "Start none after this time; 0: all of them");
    app.add_option("--jobs", campaign.jobs, "Histories at the same time; 0: one a core");
    app.add_flag("--tell", campaign.tell, "Print what happened in each history");
    CLI11_PARSE(app, argc, argv);

    const tests::TemporaryFolder folder(sim::fast_folder());
    const sim::Outcome outcome = sim::run(campaign, folder.path());
    for (const std::string& line : outcome.told)
        std::printf("    %s\n", line.c_str());
    if (outcome.found) {
        const auto seed = static_cast<unsigned long long>(outcome.found->seed);
        std::printf("seed %llu:\n", seed);
        for (const std::string& finding : outcome.found->findings)
            std::printf("  %s\n", finding.c_str());
        std::printf("again: hailong-sim --tell --from %llu --seeds 1\n", seed);
        return 1;
    }
    for (const auto& [what, count] : outcome.census.happened)
        std::printf("%10lld %s\n", static_cast<long long>(count), what.c_str());
    std::printf("%llu histories, nothing found; %.0f a minute; %lld visits, %lld exchanges\n",
                static_cast<unsigned long long>(outcome.played), outcome.a_minute(),
                static_cast<long long>(outcome.census.visits), static_cast<long long>(outcome.census.exchanges));
    return 0;
}
