#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sync/backend/cli/command_fixture.h"
#include "tests/sync/backend/ingest/answers.h"

namespace hailong::sync {
namespace {

using sample::must;
using sample::noon;
using sample::Ran;
using testing::HasSubstr;
using testing::Not;

/// K1 sent three batches of one start of its machine, the second while the backend's clock was a year ahead.
class TimesCommand : public testing::Test {
  protected:
    TimesCommand() {
        EXPECT_TRUE(make_missing_keys(backend_.folder.path()));
        for (std::int64_t i = 1; i <= 3; ++i) {
            const std::chrono::minutes passed(10 * i);
            survey::Response response = sample::visit(static_cast<std::uint64_t>(i), "5", noon() + passed);
            response.finished.monotonic = survey::MonoTime(passed);
            response.started.monotonic = survey::MonoTime();
            journal_.add(response);
            BatchHeader header = journal_.header(i, i);
            header.boot = response.boot_id;
            header.sent = noon() + passed;
            header.sent_monotonic = passed;
            const std::chrono::days ahead(i == 2 ? 365 : 0);
            (void)sample::accepted(
                backend_.take(sample::sent(header, journal_.records(i, i)), "K1", noon() + passed + ahead));
        }
        clock_.set(noon() + std::chrono::hours(1));
    }

    Ran times(std::vector<std::string> more) {
        more.insert(more.begin(), {"times", "--data", backend_.folder.path().string()});
        return sample::run_command(more, clock_);
    }
    Ran verify() { return sample::run_command({"verify", "--data", backend_.folder.path().string()}, clock_); }

    sample::Backend backend_;
    sample::Journal journal_{"K1"};
    sample::FixedClock clock_;
};

TEST_F(TimesCommand, NamesWhatCameByAWrongClockAndWhatToDo) {
    const Ran ran = times({});
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_THAT(ran.out, HasSubstr("wrong: batches 2 to 2, received from 2027-11-22"));
    EXPECT_THAT(ran.out, HasSubstr("365 days 0:00:00 ahead"));
    EXPECT_THAT(ran.out, HasSubstr("--first 2 --last 2 --seconds-ahead=31536000 --reason"));
    EXPECT_THAT(ran.out, HasSubstr("Nothing was changed"));
    EXPECT_THAT(verify().out, HasSubstr("`hailong-backend times` dates them anew"));
}

TEST_F(TimesCommand, SaysWhatWouldMoveAndMovesItOnlyWhenAsked) {
    const std::vector<std::string> words = {"--first",  "2",        "--last", "2", "--seconds-ahead=31536000",
                                            "--reason", "set wrong"};
    const auto before = sample::tallies(*backend_.store);
    const Ran seen = times(words);
    EXPECT_EQ(seen.status, 0) << seen.err;
    EXPECT_THAT(seen.out, HasSubstr("mau on 2026-11-22: 2 -> 3\n"));
    EXPECT_THAT(seen.out, HasSubstr("mau on 2027-11-22: 1 -> 0\n"));
    EXPECT_THAT(seen.out, HasSubstr("Nothing was changed"));
    EXPECT_EQ(sample::tallies(*backend_.store), before);
    auto applied = words;
    applied.emplace_back("--apply");
    EXPECT_EQ(times(applied).status, 0);
    EXPECT_NE(sample::tallies(*backend_.store), before);
    const Ran listed = times({});
    EXPECT_THAT(listed.out, HasSubstr("corrected: batches 2 to 2: the clock stood 365 days 0:00:00 ahead; "));
    EXPECT_THAT(listed.out, HasSubstr(": set wrong\n"));
    EXPECT_THAT(listed.out, Not(HasSubstr("wrong: batches")));
    const Ran verified = verify();
    EXPECT_EQ(verified.status, 0) << verified.out;
    EXPECT_THAT(verified.out, Not(HasSubstr("hailong-backend times")));
    const Ran incidents = sample::run_command({"incidents", "--data", backend_.folder.path().string()}, clock_);
    EXPECT_THAT(incidents.out, HasSubstr("batches 2 to 2 were received while this machine's clock stood"));
}

TEST_F(TimesCommand, SaysWhatHoldsWhenACorrectionIsTakenBack) {
    const auto apply = [&](const std::string& seconds) {
        return times({"--first", "2", "--last", "2", "--seconds-ahead=" + seconds, "--reason", "x", "--apply"});
    };
    EXPECT_THAT(apply("31536000").out, HasSubstr("it can be taken back with --seconds-ahead=0"));
    const Ran back = apply("0");
    EXPECT_EQ(back.status, 0) << back.err;
    EXPECT_THAT(back.out, HasSubstr("the same batches can be corrected again"));
    EXPECT_THAT(back.out, Not(HasSubstr("taken back")));
}

/// Bundles alone say nothing of when they came, and the clock went back between them.
TEST_F(TimesCommand, NamesNoCommandWhereNobodyCanTellWhichReceiptsAreWrong) {
    sample::Backend bundles;
    ASSERT_TRUE(make_missing_keys(bundles.folder.path()));
    sample::Journal journal{"K1"};
    for (std::int64_t i = 1; i <= 3; ++i) {
        journal.add(sample::visit(static_cast<std::uint64_t>(i)));
        const auto received = noon() + std::chrono::minutes(i) - std::chrono::days(i == 2 ? 30 : 0);
        (void)sample::accepted(bundles.take(sample::sent(journal.header(i, i), journal.records(i, i)), "K1", received));
    }
    const std::string data = bundles.folder.path().string();
    const Ran ran = sample::run_command({"times", "--data", data}, clock_);
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_THAT(ran.out, HasSubstr("unclear: batches 1 to 1, received from 2026-11-22"));
    EXPECT_THAT(ran.out, HasSubstr("unclear: batches 2 to 3, received from 2026-10-23"));
    EXPECT_THAT(ran.out, HasSubstr("leave them as they are"));
    EXPECT_THAT(ran.out, HasSubstr("received by a wrong clock: 0 rows"));
    EXPECT_THAT(ran.out, Not(HasSubstr("--seconds-ahead=-")));
    const Ran verified = sample::run_command({"verify", "--data", data}, clock_);
    EXPECT_THAT(verified.out, HasSubstr("note: of batches 1 to 1, 2 to 3 not all can have come"));
    EXPECT_THAT(verified.out, Not(HasSubstr("dates them anew")));
}

TEST_F(TimesCommand, RefusesNonsense) {
    const auto refused = [&](std::vector<std::string> words, int status, const std::string& sentence) {
        const Ran ran = times(std::move(words));
        EXPECT_EQ(ran.status, status) << ran.out;
        EXPECT_THAT(ran.err, HasSubstr(sentence));
    };
    refused({"--first", "2", "--apply"}, 2, "--first requires --");  // one of those that are missing
    refused({"--apply"}, 2, "--apply requires --");
    refused({"--first", "2", "--last", "2", "--seconds-ahead=60", "--reason", " "}, 2, "say why");
    refused({"--first", "2", "--last", "2", "--seconds-ahead=9999999999", "--reason", "x"}, 2, "century");
    refused({"--first", "2", "--last", "4", "--seconds-ahead=60", "--reason", "x"}, 1, "there are no batches 2 to 4");
    refused({"--first", "1", "--last", "1", "--seconds-ahead=86400", "--reason", "x"}, 1, "contradict");
}

}  // namespace
}  // namespace hailong::sync
