// Answers that came while the backend's own clock was wrong, dated anew by the shipped programs.
#include <regex>
#include <thread>

#include <gtest/gtest.h>

#include "survey/base/host.h"
#include "sync/backend/store/sqlite/store.h"
#include "tests/faults/audit.h"
#include "tests/faults/clock.h"
#include "tests/faults/finger.h"
#include "tests/faults/rounds.h"
#include "tests/faults/seed.h"

namespace hailong::tests {
namespace {

/// Words that run a command under that clock.
std::vector<std::string> under(const LyingClock& clock) {
    std::vector<std::string> words = {"env"};
    for (const auto& [name, value] : clock.environment())
        words.push_back(name + "=" + value.value_or(""));
    return words;
}

class TimesOfTheBackend : public testing::TestWithParam<const char*> {
  protected:
    /// Two visits, and a delivery, while the backend's clock stands so.
    void live(const std::string& offset) {
        const LyingClock clock(offset);
        center_.start(offset == "+0" ? std::vector<std::string>() : under(clock));
        center_.configure(kGlass, "kiosk.toml",
                          "\n[timing]\nsettle_ms = 0\nthanks_ms = 150\nadvice_ms = 150\nnot_saved_ms = 150\n");
        const Screen screen("480x800");
        const std::filesystem::path folder = center_.terminal(kGlass);
        Process kiosk({kBin + "hailong-kiosk", "--config", (folder / "kiosk.toml").string(), "--observe",
                       (folder / "glass.json").string()},
                      {{"DISPLAY", screen.display()}});
        Finger finger(
            screen.display(), folder / "glass.json", [&] { return newest_id(folder / "journal.db"); }, fault_seed());
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
        while (finger.thanks() < 2 && std::chrono::steady_clock::now() < deadline)
            std::this_thread::sleep_for(std::chrono::milliseconds{10});
        finger.stop();
        EXPECT_EQ(kiosk.terminate(), 0) << kiosk.output();
        const Ran synced = center_.sync_once(kGlass);
        EXPECT_EQ(synced.exit_code, 0) << synced.output;
    }

    /// Of the answers that count, how many do so within the last hour.
    std::pair<std::int64_t, std::int64_t> counted_and_today() {
        auto store = sync::open_sqlite_store(center_.store(), sync::OpenMode::existing);
        const auto now = survey::SystemClock().now();
        std::pair<std::int64_t, std::int64_t> result;
        auto reader = (*store)->read();
        const auto page = (*reader)->records().page({kGlass}, 1, 1'000);
        for (const sync::StoredRecord& record : page.value()) {
            result.first += record.quarantine_reason ? 0 : 1;
            result.second += std::chrono::abs(record.counted_at - now) < std::chrono::hours{1} ? 1 : 0;
        }
        return result;
    }

    void expect_clean() {
        for (const char* command : {"verify", "reconcile"}) {
            const Ran ran = center_.backend({command});
            EXPECT_EQ(ran.exit_code, 0) << command << ": " << ran.output;
            EXPECT_EQ(ran.output.find("dates them anew"), std::string::npos) << ran.output;
        }
    }

    /// What `times` names, done as it says, while the service runs.
    void apply_what_times_names() {
        const Ran listed = center_.backend({"times"});
        ASSERT_EQ(listed.exit_code, 0) << listed.output;
        static const std::regex kCommand(R"(--first (\d+) --last (\d+) (--seconds-ahead=-?\d+))");
        int rows = 0;
        for (std::sregex_iterator at(listed.output.begin(), listed.output.end(), kCommand), end; at != end; ++at) {
            const std::vector<std::string> words = {"times",  "--first", (*at)[1],   "--last",
                                                    (*at)[2], (*at)[3],  "--reason", "a wrong clock"};
            const Ran seen = center_.backend(words);
            EXPECT_EQ(seen.exit_code, 0) << seen.output;
            EXPECT_NE(seen.output.find("Nothing was changed"), std::string::npos) << seen.output;
            auto applied = words;
            applied.push_back("--apply");
            const Ran done = center_.backend(applied);
            EXPECT_EQ(done.exit_code, 0) << done.output;
            EXPECT_NE(done.output.find(" -> "), std::string::npos) << done.output;
            ++rows;
        }
        EXPECT_EQ(rows, 1) << listed.output;
        EXPECT_EQ(center_.backend({"times"}).output.find("wrong: "), std::string::npos);
        EXPECT_NE(center_.backend({"incidents"}).output.find("times: "), std::string::npos);
    }

    Center center_{480, 800};
};

TEST_P(TimesOfTheBackend, BetweenRightOnesAreSetRight) {
    live("+0");
    ASSERT_EQ(center_.stop(), 0);
    live(GetParam());
    ASSERT_EQ(center_.stop(), 0);
    live("+0");
    const auto before = counted_and_today();
    EXPECT_GE(before.first - before.second, 1) << "answers count elsewhen";
    apply_what_times_names();
    const auto after = counted_and_today();
    EXPECT_EQ(after.first, before.first);
    EXPECT_EQ(after.second, after.first);
    EXPECT_EQ(center_.stop(), 0);
    expect_clean();
}

TEST_P(TimesOfTheBackend, FromTheBeginningAreSetRight) {
    live(GetParam());
    ASSERT_EQ(center_.stop(), 0);
    live("+0");
    apply_what_times_names();
    const auto after = counted_and_today();
    EXPECT_GE(after.first, 2);
    EXPECT_EQ(after.second, after.first);
    EXPECT_EQ(center_.stop(), 0);
    expect_clean();
}

INSTANTIATE_TEST_SUITE_P(Says, TimesOfTheBackend, testing::Values("+365d", "-400d", "+1d", "-1d"));

}  // namespace
}  // namespace hailong::tests
