// Every program of the product, killed in the middle of its work.
#include <gtest/gtest.h>

#include "tests/faults/kills.h"
#include "tests/faults/seed.h"

namespace hailong::tests {
namespace {

TEST(KilledAtAnyMoment, NothingIsLostOrDoubledAndEveryThanksIsKept) {
    const std::uint64_t seed = fault_seed();
    SCOPED_TRACE("HAILONG_SEED=" + std::to_string(seed));
    const KillReport report = kill_round({seed, 60});
    for (const std::string& finding : report.findings)
        ADD_FAILURE() << finding << "\nkept in " << report.folder;
    EXPECT_EQ(report.kiosk + report.writers + report.sync + report.backend, 60);
    EXPECT_GE(report.kiosk, 1) << "the glass was never killed";
    EXPECT_GE(report.backend, 1) << "the backend was never killed";
    EXPECT_GE(report.thanks, 5) << "too few visits were played on the glass to be believed";
    EXPECT_GE(report.promised, 100) << "too few visits to be believed";
    EXPECT_GE(report.records, report.promised);
    std::printf(
        "seed %llu: %d kills of the kiosk, %d of writers, %d of sync, %d of the backend; %lld thanks seen, "
        "%lld promises, %lld records\n",
        static_cast<unsigned long long>(seed), report.kiosk, report.writers, report.sync, report.backend,
        static_cast<long long>(report.thanks), static_cast<long long>(report.promised),
        static_cast<long long>(report.records));
}

}  // namespace
}  // namespace hailong::tests
