// The commands that compare and take in, over a store of their own.
#include <gtest/gtest.h>

#include "tests/sync/backend/cli/command_fixture.h"
#include "tests/sync/backend/fixed_clock.h"
#include "tests/sync/backend/sample.h"

namespace hailong::sync {
namespace {

using sample::must;
using sample::Ran;
using sample::visit;

class ReconcileCommand : public ::testing::Test {
  protected:
    ReconcileCommand() { EXPECT_TRUE(make_missing_keys(backend_.folder.path())); }
    Ran run(std::vector<std::string> texts) {
        texts.insert(texts.begin() + 1, {"--data", backend_.folder.path().string()});
        return run_command(texts, clock_);
    }

    sample::Backend backend_;
    sample::FixedClock clock_;
};

TEST_F(ReconcileCommand, SaysWhetherTheFourTotalsAgree) {
    sample::Journal journal("K1");
    journal.add(visit(1));
    journal.add(visit(2));
    must(backend_.take(journal.batch(1, 1)));
    const Ran missing = run({"reconcile"});
    EXPECT_EQ(missing.status, 1);
    EXPECT_NE(missing.out.find("DIFFERENCE: K1: collected 2, stored 1: missing are numbers 2"), std::string::npos)
        << missing.out;
    must(backend_.take(journal.all()));
    const Ran whole = run({"reconcile", "--center", "mau", "--from", "2026-11-22", "--to", "2026-11-22"});
    EXPECT_EQ(whole.status, 0) << whole.out;
    EXPECT_NE(whole.out.find("terminal K1: collected 2, stored 2, counted 2"), std::string::npos);
    EXPECT_NE(whole.out.find("results of 2026-11-22: counted 2, posted 2"), std::string::npos);
    EXPECT_NE(whole.out.find("differences: 0\n"), std::string::npos);
}

TEST_F(ReconcileCommand, RefusesWhatItCantUnderstand) {
    for (const char* day : {"22.11.2026", "2026-02-30", "now"}) {
        const Ran ran = run({"reconcile", "--from", day});
        EXPECT_EQ(ran.status, 2);
        EXPECT_NE(ran.err.find("YYYY-MM-DD"), std::string::npos);
    }
    const Ran unknown = run({"reconcile", "--center", "none"});
    EXPECT_EQ(unknown.status, 1);
    EXPECT_NE(unknown.err.find("no center"), std::string::npos);
}

TEST_F(ReconcileCommand, ReprocessesWhatCountsByNow) {
    sample::Journal journal("K1");
    survey::Response response = visit(1);
    response.context.officer = {"c-01"};
    journal.add(response);
    must(backend_.take(journal.all()));
    EXPECT_NE(run({"reprocess"}).out.find("quarantined: 1, of which 0 count"), std::string::npos);
    backend_.put_center(sample::grown_center_json());
    EXPECT_NE(run({"reprocess"}).out.find("quarantined: 1, of which 1 count"), std::string::npos);
    EXPECT_EQ(run({"reconcile"}).status, 0);
    EXPECT_EQ(run({"verify"}).status, 0);
}

}  // namespace
}  // namespace hailong::sync
