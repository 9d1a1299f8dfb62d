// Hours of random faults, with a fresh seed each round, until the first finding or the end (scripts/soak).
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "tests/faults/kills.h"
#include "tests/faults/rounds.h"

namespace {

using namespace hailong::tests;
using Steady = std::chrono::steady_clock;

/// Faults in one round: long enough that much is on its way, short enough to be looked through by a person.
constexpr int kRoundKills = 50;

/// One round, with all that can go wrong in it told as a finding.
Report guarded(const std::function<Report()>& round) {
    try {
        return round();
    } catch (const std::exception& error) {
        return {{error.what()}, {}, {}, {}};
    }
}

using Round = std::pair<std::string, std::function<Report(const Plan&)>>;

/// All kinds of rounds in turn, or the one that was asked for.
std::vector<Round> rounds_of(const std::string& only) {
    std::vector<Round> rounds = {{"mixed", mixed_round},
                                 {"kills", kill_round},
                                 {"network", network_round},
                                 {"clock", clock_round},
                                 {"disk", disk_round}};
    if (!only.empty()) std::erase_if(rounds, [&](const Round& round) { return round.first != only; });
    return rounds;
}

int soak(const std::vector<Round>& rounds, double hours, int kills, std::uint64_t seed) {
    const auto end = Steady::now() + std::chrono::duration_cast<Steady::duration>(
                                         std::chrono::duration<double, std::ratio<3600>>(hours));
    int done = 0;
    std::map<std::string, int> faults;
    Accounts accounts;
    for (int round = 0; done < kills || Steady::now() < end; ++round, ++seed) {
        const Round& kind = rounds[static_cast<std::size_t>(round) % rounds.size()];
        const Plan plan{seed, std::min(kRoundKills, std::max(kills - done, 1)), done};
        const Report report = guarded([&] { return kind.second(plan); });
        done += plan.kills;
        accounts += report.accounts;
        for (const auto& [name, count] : report.faults)
            faults[name] += count;
        if (report.faults.empty()) faults[kind.first] += plan.kills;
        std::printf("round %d, %s, seed %llu: %d faults so far, %zu findings\n", round + 1, kind.first.c_str(),
                    static_cast<unsigned long long>(seed), done, report.findings.size());
        std::fflush(stdout);
        if (report.findings.empty()) continue;
        for (const std::string& finding : report.findings)
            std::printf("FINDING: %s\n", finding.c_str());
        std::printf("again: scripts/soak --only %s --kills %d --seed %llu; the files are in %s\n", kind.first.c_str(),
                    plan.kills, static_cast<unsigned long long>(seed), report.folder.c_str());
        return 1;
    }
    for (const auto& [name, count] : faults)
        std::printf("%6d %s\n", count, name.c_str());
    std::printf("%d faults, %lld answers promised, %lld records held: %lld lost, %lld doubled, %lld altered\n", done,
                static_cast<long long>(accounts.promised), static_cast<long long>(accounts.records),
                static_cast<long long>(accounts.lost), static_cast<long long>(accounts.doubled),
                static_cast<long long>(accounts.altered));
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Kills, cuts and lies for hours; ends at the first finding."};
    double hours = 0;
    int kills = 1'000;
    std::uint64_t seed = 1;
    app.add_option("--hours", hours, "at least so long");
    app.add_option("--kills", kills, "at least so many faults");
    app.add_option("--seed", seed, "of the first round; each later one adds 1");
    std::string only;
    app.add_option("--only", only, "one kind of round")
        ->check(CLI::IsMember({"mixed", "kills", "network", "clock", "disk"}));
    CLI11_PARSE(app, argc, argv);
    return soak(rounds_of(only), hours, kills, seed);
}
