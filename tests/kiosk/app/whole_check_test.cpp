// The journal is looked through beside the saving.
#include "kiosk/app/whole_check.h"

#include <atomic>
#include <future>

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "tests/kiosk/app/saver_bell.h"
#include "tests/support/temporary_folder.h"

namespace hailong::kiosk {
namespace {

class WholeCheckTest : public testing::Test {
  protected:
    WholeCheckTest() {
        auto journal = Journal::open(file, kKiosk);
        for (std::uint8_t i = 1; i <= 3; ++i)
            EXPECT_TRUE(journal->append(response(i), *form()));
    }
    [[nodiscard]] Expected<Journal, StoreError> open() const {
        return Journal::open(file, kKiosk, survey::milliseconds{1});
    }

    tests::TemporaryFolder folder;
    const std::filesystem::path file = folder / "journal.db";
};

TEST_F(WholeCheckTest, TellsOnceOfDamageThatTheNewestRecordDoesNotShow) {
    sqlite3* stranger = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &stranger), SQLITE_OK);
    const char* const change =
        "DROP TRIGGER records_never_change;"
        "UPDATE records SET bytes = replace(bytes, '\"5\"', '\"4\"') WHERE seq = 1";
    ASSERT_EQ(sqlite3_exec(stranger, change, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(stranger);
    EXPECT_TRUE(open()) << "a quick look finds nothing";
    std::promise<void> damaged;
    const WholeCheck check([this] { return open(); }, [&] { damaged.set_value(); });
    damaged.get_future().wait();
}

TEST_F(WholeCheckTest, TriesAgainUntilTheJournalCanBeOpenedAndLeavesAWholeOneAlone) {
    std::atomic<int> tries{0};
    std::atomic<bool> damaged{false};
    std::promise<void> opened;
    {
        const WholeCheck check(
            [&]() -> Expected<Journal, StoreError> {
                if (tries.fetch_add(1) < 3) return unexpected(StoreError{StoreErrorKind::busy, "held", "wait"});
                opened.set_value();
                return open();
            },
            [&] { damaged = true; }, survey::milliseconds{1});
        opened.get_future().wait();
    }
    EXPECT_FALSE(damaged) << "nor is one that is ended in the middle of its check";
    EXPECT_EQ(tries, 4);
}

}  // namespace
}  // namespace hailong::kiosk
