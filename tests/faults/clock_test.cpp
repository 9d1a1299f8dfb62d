// Terminals whose wall clock is wrong, or steps while a visitor stands before them.
#include "tests/faults/clock.h"

#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "kiosk/journal/journal.h"
#include "survey/record.h"
#include "sync/backend/store/sqlite/store.h"
#include "tests/faults/audit.h"
#include "tests/faults/finger.h"
#include "tests/faults/rounds.h"
#include "tests/faults/seed.h"

namespace hailong::tests {
namespace {

void wait_for_thanks(const Finger& finger, std::int64_t thanks) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    while (finger.thanks() < thanks) {
        if (std::chrono::steady_clock::now() > deadline) {
            throw std::runtime_error("only " + std::to_string(finger.thanks()) + " visits came to their end");
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
}

/// A terminal under a clock that lies, with the backend beside it, whose clock is right.
class WrongClock : public testing::Test {
  protected:
    WrongClock() {
        center_.start();
        center_.configure(kGlass, "kiosk.toml",
                          "\n[timing]\nsettle_ms = 0\nthanks_ms = 150\nadvice_ms = 150\nnot_saved_ms = 150\n");
    }

    /// Plays `visits` under each offset in turn, in one life of the terminal, and delivers under the last one.
    void play(const std::vector<std::string>& offsets, int visits) {
        const LyingClock clock(offsets.front());
        const Screen screen("480x800");
        Process::Environment environment = clock.environment();
        environment["DISPLAY"] = screen.display();
        const std::filesystem::path folder = center_.terminal(kGlass);
        Process kiosk({kBin + "hailong-kiosk", "--config", (folder / "kiosk.toml").string(), "--observe",
                       (folder / "glass.json").string()},
                      environment);
        Finger finger(
            screen.display(), folder / "glass.json", [&] { return newest_id(folder / "journal.db"); }, fault_seed());
        for (const std::string& offset : offsets) {
            clock.set(offset);
            wait_for_thanks(finger, finger.thanks() + visits);
        }
        finger.stop();
        EXPECT_EQ(kiosk.terminate(), 0) << kiosk.output();
        output_ = kiosk.output();
        for (const std::string& finding : finger.findings())
            ADD_FAILURE() << finding;
        promised_.insert(finger.promised().begin(), finger.promised().end());
        const Ran synced = center_.sync_once(kGlass, {}, clock.environment());
        EXPECT_EQ(synced.exit_code, 0) << synced.output;
    }

    /// Closes the accounts. However wrong the terminal's clock, the visits count when they were made.
    void close() {
        EXPECT_EQ(center_.stop(), 0);
        EXPECT_EQ(counted_elsewhen(center_, std::chrono::hours{1}), 0);
        for (const auto& findings : {audit_terminal(center_, kGlass, promised_), audit_backend(center_)}) {
            for (const std::string& finding : findings)
                ADD_FAILURE() << finding;
        }
    }

    Center center_{480, 800};
    Promised promised_;
    std::string output_;  // of the last life
};

/// The questionnaires that a terminal asked, each once.
std::set<survey::QuestionnaireRef> asked(const std::filesystem::path& folder) {
    std::set<survey::QuestionnaireRef> asked;
    const auto journal = kiosk::Journal::open(folder / "journal.db", survey::KioskId{kGlass});
    if (!journal) throw std::runtime_error(kiosk::describe(journal.error()));
    const auto entries = journal->read(1, 1'000, SIZE_MAX);
    for (const kiosk::JournalEntry& entry : entries.value())
        asked.insert(survey::decode(entry.bytes)->response.questionnaire);
    return asked;
}

TEST_F(WrongClock, ADayBackLosesNothingAndIsCorrected) {
    play({"-1d"}, 4);
    close();
    EXPECT_EQ(trust(center_), (Trust{{"corrected", stored(center_, kGlass).backend}}));
}

TEST_F(WrongClock, TenYearsAheadLosesNothingAndIsCorrected) {
    play({"+3650d"}, 4);
    close();
    EXPECT_EQ(trust(center_), (Trust{{"corrected", stored(center_, kGlass).backend}}));
}

TEST_F(WrongClock, ThatStepsWhileVisitsGoOnLosesNothingAndIsTrustedWhereItIsRight) {
    play({"+0", "+3650d", "-1d", "+0"}, 2);
    close();
    const Trust found = trust(center_);
    EXPECT_GE(found.at("trusted"), 4);
    EXPECT_GE(found.at("corrected"), 4);
    EXPECT_EQ(found.count("doubtful"), 0u);
}

/// 2020, 1970 and 2100: what boards begin with when their battery is dead, and what a spoiled one may say.
class DeadBattery : public WrongClock, public testing::WithParamInterface<const char*> {};

TEST_P(DeadBattery, AsksOnWhatWasAskedLast) {
    play({"+0"}, 2);
    const auto before = asked(center_.terminal(kGlass));
    play({GetParam()}, 2);
    play({GetParam()}, 2);
    EXPECT_EQ(asked(center_.terminal(kGlass)), before);
    const bool is_behind = GetParam()[0] == '-';
    EXPECT_EQ(output_.find("it is wrong. Answers are kept") != std::string::npos, is_behind) << output_;
    close();
}

TEST_P(DeadBattery, OfANewTerminalAsksTheVersionNearestInTime) {
    play({GetParam()}, 2);
    EXPECT_EQ(asked(center_.terminal(kGlass)).size(), 1u);
    close();
}

TEST_P(DeadBattery, ThatStepsWhileVisitsGoOnAsksOn) {
    play({"+0", GetParam(), "+0"}, 2);
    EXPECT_EQ(asked(center_.terminal(kGlass)).size(), 1u);
    close();
}

INSTANTIATE_TEST_SUITE_P(Says, DeadBattery, testing::Values("-2500d", "-20500d", "+27000d"));

TEST_F(WrongClock, OfAPastWithoutEvidenceLosesNothingAndIsDoubtful) {
    const LyingClock ahead("+3650d");
    const std::string config = (center_.terminal(kGlass) / "kiosk.toml").string();
    const Ran filled =
        run({kBin + "hailong-fill", "--config", config, "--visits", "300", "--days", "3650"}, ahead.environment());
    ASSERT_EQ(filled.exit_code, 0) << filled.output;
    const LyingClock back("-1d");
    const Ran synced = center_.sync_once(kGlass, {}, back.environment());
    EXPECT_EQ(synced.exit_code, 0) << synced.output;
    EXPECT_EQ(stored(center_, kGlass).backend, stored(center_, kGlass).journal);
    EXPECT_EQ(center_.stop(), 0);
    // Nobody saw when they were made; but none is counted in a time that has not come.
    EXPECT_EQ(counted_elsewhen(center_, std::chrono::days{3'700}), 0);
    EXPECT_EQ(trust(center_), (Trust{{"doubtful", stored(center_, kGlass).backend}}));
    for (const auto& findings : {audit_terminal(center_, kGlass, promised_), audit_backend(center_)}) {
        for (const std::string& finding : findings)
            ADD_FAILURE() << finding;
    }
}

/// The backend starts with a clock that is wrong, after it ran with a right one.
TEST(WrongClockOfTheBackend, ErasesNothing) {
    Center center(480, 800);
    center.start();
    must({kBin + "hailong-fill", "--config", (center.terminal(kGlass) / "kiosk.toml").string(), "--visits", "300",
          "--days", "30"});
    ASSERT_EQ(center.sync_once(kGlass).exit_code, 0);
    ASSERT_EQ(center.stop(), 0);
    {
        auto store = sync::open_sqlite_store(center.store(), sync::OpenMode::existing);
        ASSERT_TRUE(store) << describe(store.error());
        auto transaction = (*store)->write();
        ASSERT_TRUE(transaction) << describe(transaction.error());
        const std::vector texts = {sync::StoredText{{{kGlass}, 1, {"comment"}}, "sealed", survey::SystemClock().now()}};
        ASSERT_TRUE((*transaction)->texts().add(texts));
        ASSERT_TRUE((*transaction)->commit());
    }
    const std::string texts = center.backend({"texts", "list"}).output;
    ASSERT_NE(texts.find("texts: 1 sealed, 0 erased"), std::string::npos) << texts;
    for (const char* offset : {"+400d", "-400d", "+400d", "+2d", "-2d"}) {
        const LyingClock clock(offset);
        std::vector<std::string> enter = {"env"};
        for (const auto& [name, value] : clock.environment())
            enter.push_back(name + "=" + value.value_or(""));
        center.start(enter);
        center.process().wait_for(
            [](const std::string& line) { return line.find("no text is erased by its age") != std::string::npos; });
        EXPECT_EQ(center.stop(), 0);
        const std::string left = center.backend({"texts", "list"}).output;
        EXPECT_NE(left.find("texts: 1 sealed, 0 erased"), std::string::npos) << offset << ": " << left;
    }
    const Ran verified = center.backend({"verify"});
    EXPECT_NE(verified.output.find("this machine's clock stands"), std::string::npos) << verified.output;
    EXPECT_NE(center.backend({"incidents"}).output.find("clock: "), std::string::npos);
}

TEST(SteppingClock, AndKillsAtRandomMomentsLoseNothing) {
    const std::uint64_t seed = fault_seed();
    SCOPED_TRACE("HAILONG_SEED=" + std::to_string(seed));
    for (const std::string& finding : clock_round({seed, 8}).findings)
        ADD_FAILURE() << finding;
}

}  // namespace
}  // namespace hailong::tests
