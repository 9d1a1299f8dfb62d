// How many simulated histories this machine plays in a minute, on all its cores. A finding ends it.
#include <cstdio>

#include "tests/bench/report.h"
#include "tests/sim/campaign.h"
#include "tests/support/temporary_folder.h"

int main() {
    using namespace hailong;
    sim::Campaign campaign;
    campaign.first_seed = 1'000;
    campaign.seconds = 20;
    const tests::TemporaryFolder folder(sim::fast_folder());
    const sim::Outcome outcome = sim::run(campaign, folder.path());
    if (outcome.found) {
        std::printf("seed %llu: %s\n", static_cast<unsigned long long>(outcome.found->seed),
                    outcome.found->findings.front().c_str());
        return 1;
    }
    bench::report("simulated histories", outcome.a_minute(), "a minute", 1'000, bench::Better::more);
    return 0;
}
