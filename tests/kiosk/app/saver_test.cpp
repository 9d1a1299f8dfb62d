#include "kiosk/app/saver.h"

#include <atomic>
#include <condition_variable>
#include <mutex>

#include <gtest/gtest.h>

#include "tests/support/sample.h"
#include "tests/support/temporary_folder.h"

namespace hailong::kiosk {
namespace {

const survey::KioskId kKiosk{"bm-tp"};

/// Lets a test wait for the next wake-up instead of sleeping.
class Bell {
  public:
    std::function<void()> ring() {
        return [this] {
            const std::scoped_lock lock(mutex_);
            ++rings_;
            changed_.notify_all();
        };
    }
    /// All outcomes up to and including the `count`-th.
    std::vector<SaveOutcome> wait_for(Saver& saver, std::size_t count) {
        std::vector<SaveOutcome> outcomes;
        std::unique_lock lock(mutex_);
        while (outcomes.size() < count) {
            changed_.wait(lock, [this] { return rings_ > 0; });
            rings_ = 0;
            for (SaveOutcome& outcome : saver.take_outcomes())
                outcomes.push_back(std::move(outcome));
        }
        return outcomes;
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int rings_ = 0;
};

survey::Response response(std::uint8_t number) {
    survey::Response made;
    made.id = survey::make_uuid7(survey::UtcTime{survey::milliseconds{1'790'000'000'000}}, {0, number});
    made.questionnaire = {survey::QuestionnaireId{"WARD5"}, 1};
    made.context.center = survey::CenterId{"binh-minh"};
    made.context.counter = survey::CounterId{"TP"};
    made.answers = {{survey::ItemId{"overall"}, {"5"}, {}}};
    made.started.utc = made.finished.utc = survey::UtcTime{survey::milliseconds{1'790'000'000'000}};
    made.boot_id = "boot";
    made.complete = true;
    return made;
}

std::shared_ptr<const survey::Questionnaire> form() {
    return std::make_shared<const survey::Questionnaire>(tests::sample_questionnaire("WARD5"));
}

TEST(JournalSaver, SavesInTheOrderGiven) {
    tests::TemporaryFolder folder;
    Bell bell;
    {
        JournalSaver saver([&] { return Journal::open(folder / "journal.db", kKiosk); }, bell.ring());
        for (std::uint8_t i = 1; i <= 20; ++i)
            saver.save(response(i), form());
        const auto outcomes = bell.wait_for(saver, 20);
        for (std::uint8_t i = 1; i <= 20; ++i) {
            EXPECT_TRUE(outcomes[i - 1u].saved);
            EXPECT_EQ(outcomes[i - 1u].response_id, response(i).id);
        }
        EXPECT_EQ(saver.waiting(), 0u);
        EXPECT_FALSE(saver.trouble());
    }
    auto journal = Journal::open(folder / "journal.db", kKiosk);
    ASSERT_TRUE(journal);
    EXPECT_EQ(journal->head()->seq, 20);
}

TEST(JournalSaver, TellsAFailureOnceAndKeepsTheResponseUntilItIsWritten) {
    tests::TemporaryFolder folder;
    Bell bell;
    std::atomic<int> failures{2};
    JournalSaver saver(
        [&]() -> Expected<Journal, StoreError> {
            if (failures.fetch_sub(1) > 0) return unexpected(StoreError{StoreErrorKind::full, "no room", "make room"});
            return Journal::open(folder / "journal.db", kKiosk);
        },
        bell.ring(), survey::milliseconds{1});
    saver.save(response(1), form());
    saver.save(response(2), form());
    const auto outcomes = bell.wait_for(saver, 3);
    EXPECT_FALSE(outcomes[0].saved);
    EXPECT_EQ(outcomes[0].response_id, response(1).id);
    ASSERT_TRUE(outcomes[0].error);
    EXPECT_EQ(outcomes[0].error->kind, StoreErrorKind::full);
    EXPECT_TRUE(outcomes[1].saved);
    EXPECT_EQ(outcomes[1].response_id, response(1).id);
    EXPECT_TRUE(outcomes[2].saved);
    EXPECT_EQ(outcomes[2].response_id, response(2).id);
}

TEST(JournalSaver, WritesWhatIsWaitingBeforeItEnds) {
    tests::TemporaryFolder folder;
    {
        JournalSaver saver([&] { return Journal::open(folder / "journal.db", kKiosk); }, [] {});
        for (std::uint8_t i = 1; i <= 50; ++i)
            saver.save(response(i), form());
    }
    auto journal = Journal::open(folder / "journal.db", kKiosk);
    ASSERT_TRUE(journal);
    EXPECT_EQ(journal->head()->seq, 50);
}

TEST(JournalSaver, EndsThoughTheDiskRefuses) {
    Bell bell;
    JournalSaver saver(
        []() -> Expected<Journal, StoreError> {
            return unexpected(StoreError{StoreErrorKind::io, "sick", "replace it"});
        },
        bell.ring());
    saver.save(response(1), form());
    EXPECT_FALSE(bell.wait_for(saver, 1).front().saved);
    EXPECT_EQ(saver.waiting(), 1u);
    ASSERT_TRUE(saver.trouble());
    EXPECT_EQ(saver.trouble()->kind, StoreErrorKind::io);
}

}  // namespace
}  // namespace hailong::kiosk
