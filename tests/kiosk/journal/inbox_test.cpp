#include "kiosk/journal/inbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/kiosk/journal/must.h"
#include "tests/kiosk/journal/sample.h"
#include "tests/kiosk/journal/test_disk.h"

namespace hailong::kiosk {
namespace {

using survey::milliseconds;
using survey::UtcTime;
using test::TemporaryFolder;
using test::TestDisk;
using testing::ElementsAre;
using testing::IsEmpty;

const Document kCenter{"center", R"({"id":"binh-minh"})", UtcTime{milliseconds{1'000}}};
const Document kForm{"questionnaire/WARD5/1", R"({"id":"WARD5"})", UtcTime{milliseconds{1'000}}};
const Document kResults{"results", R"({"n":12})", UtcTime{milliseconds{2'000}}};

Inbox open_inbox(const std::filesystem::path& file) {
    auto inbox = Inbox::open(file);
    if (!inbox) survey::check(false, describe(inbox.error()).c_str());
    return std::move(*inbox);
}

TEST(Inbox, IsEmptyAtFirst) {
    const TemporaryFolder folder;
    const Inbox inbox = open_inbox(folder / "journal.db");
    EXPECT_EQ(inbox.version(), "");
    EXPECT_THAT(inbox.documents().value(), IsEmpty());
}

TEST(Inbox, IsReplacedAsAWholeAndKeptAcrossReopen) {
    const TemporaryFolder folder;
    {
        Inbox inbox = open_inbox(folder / "journal.db");
        ASSERT_TRUE(inbox.replace({kForm, kCenter}, "\"a\""));
        EXPECT_THAT(inbox.documents().value(), ElementsAre(kCenter, kForm));
        ASSERT_TRUE(inbox.replace({kResults, kCenter}, "\"b\""));
    }
    const Inbox inbox = open_inbox(folder / "journal.db");
    EXPECT_EQ(inbox.version(), "\"b\"");
    EXPECT_THAT(inbox.documents().value(), ElementsAre(kCenter, kResults));
}

TEST(Inbox, SharesTheFileWithTheJournal) {
    const TemporaryFolder folder;
    Inbox inbox = open_inbox(folder / "journal.db");
    Journal journal = test::open_journal(folder / "journal.db");
    ASSERT_TRUE(journal.append(test::response(1), test::ward5()));
    ASSERT_TRUE(inbox.replace({kCenter}, "v1"));
    EXPECT_EQ(test::must(journal.head()).seq, 1);
    const Inbox reader = open_inbox(folder / "journal.db");
    EXPECT_EQ(reader.version(), "v1");
}

TEST(Inbox, KeepsWhatItHasWhenTheDiskFailsAtAnyPoint) {
    bool passed = false;
    for (std::int64_t nth = 1; !passed; ++nth) {
        ASSERT_LT(nth, 500) << "the loop must end by a run without a fault";
        const TemporaryFolder folder;
        TestDisk disk;
        {
            Inbox inbox = open_inbox(folder / "journal.db");
            ASSERT_TRUE(inbox.replace({kCenter, kForm}, "old"));
            disk.fail(nth, TestDisk::Fault::io_error, false);
            const auto replaced = inbox.replace({kResults}, "new");
            passed = !disk.has_failed();
            disk.repair();
            EXPECT_EQ(inbox.version(), replaced ? "new" : "old") << "fault " << nth;
            EXPECT_EQ(test::must(inbox.documents()).size(), replaced ? 1U : 2U) << "fault " << nth;
        }
    }
}

TEST(Inbox, SaysWhereAFileCannotBeOpened) {
    const TemporaryFolder folder;
    const auto refused = Inbox::open(folder / "missing" / "journal.db");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, StoreErrorKind::read_only);
}

}  // namespace
}  // namespace hailong::kiosk
