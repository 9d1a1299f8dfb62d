// Damage in a file of the program before, met by the program of today.
#include "tests/kiosk/journal/former_file.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kiosk/recovery/repair.h"
#include "survey/record.h"
#include "tests/kiosk/journal/must.h"
#include "tests/kiosk/journal/sample.h"

namespace hailong::kiosk {
namespace {

namespace fs = std::filesystem;
using test::kFormerFirstSeq;
using test::kFormerKiosk;
using test::kFormerLastSeq;
using test::must;
using testing::IsEmpty;
using testing::SizeIs;

constexpr survey::UtcTime kAfterFormerRepair{survey::milliseconds{1'795'340'000'000}};

class DamagedFormerFile : public testing::Test {
  protected:
    DamagedFormerFile() { test::make_former_file(file_); }

    StoreResult<Repaired> repair() {
        return open_or_repair({file_, kFormerKiosk, "boot-2", survey::milliseconds{0}, nullptr}, kAfterFormerRepair,
                              Look::thorough);
    }
    /// The responses of the file, by number.
    [[nodiscard]] static std::vector<survey::Uuid> ids(const Journal& journal) {
        std::vector<survey::Uuid> found;
        for (const JournalEntry& entry : must(journal.read(0, 100, SIZE_MAX)))
            found.push_back(survey::decode(entry.bytes)->response.id);
        return found;
    }
    /// Those of an undamaged file of that program.
    [[nodiscard]] static std::vector<survey::Uuid> former_ids() {
        const test::TemporaryFolder folder;
        test::make_former_file(folder / "journal.db");
        return ids(must(Journal::open(folder / "journal.db", kFormerKiosk)));
    }

    const test::TemporaryFolder folder_;
    const fs::path file_ = folder_ / "journal.db";
};

TEST_F(DamagedFormerFile, IsRepairedWithAllThatStandsBesideItsRecords) {
    test::run_sql(file_, "UPDATE month_tallies SET tally = 'broken' WHERE subject_kind = 'visit'");
    { (void)Journal::open(file_, kFormerKiosk); }
    Repaired repaired = must(repair());
    ASSERT_THAT(repaired.events, SizeIs(1));
    const Journal& journal = repaired.journal;
    EXPECT_EQ(ids(journal), former_ids());
    EXPECT_THAT(must(journal.texts(0, 9'999)), SizeIs(3));
    EXPECT_EQ(must(journal.quarantined_count()), 2);
    EXPECT_TRUE(must(journal.text_key()));
    EXPECT_THAT(must(journal.events()), SizeIs(2));
    EXPECT_THAT(must(journal.verify()), IsEmpty());
    EXPECT_FALSE(survey::decode(must(repaired.journal.append(test::response(20), test::ward5(), {}, "Q-3")).bytes)
                     ->response.flags.empty())
        << "the tickets are remembered";
}

/// No schema that can be brought up to today's: what stands there is read under the former names.
TEST_F(DamagedFormerFile, IsRecoveredUnderItsFormerNames) {
    test::run_sql(file_, "PRAGMA user_version = -5");
    Repaired repaired = must(repair());
    EXPECT_EQ(ids(repaired.journal), former_ids());
    EXPECT_THAT(must(repaired.journal.texts(0, 9'999)), SizeIs(3));
    EXPECT_EQ(must(repaired.journal.quarantined_count()), 2);
    EXPECT_TRUE(must(repaired.journal.text_key()));
    EXPECT_THAT(must(repaired.journal.verify()), IsEmpty());
}

TEST_F(DamagedFormerFile, IsReadPageByPageWhenItsHeaderIsGone) {
    {
        std::fstream stream(file_, std::ios::binary | std::ios::in | std::ios::out);
        stream << std::string(100, '\0');
    }
    Repaired repaired = must(repair());
    EXPECT_EQ(ids(repaired.journal), former_ids());
    EXPECT_THAT(must(repaired.journal.texts(0, 9'999)), SizeIs(3));
    EXPECT_TRUE(must(repaired.journal.text_key()));
    EXPECT_THAT(must(repaired.journal.verify()), IsEmpty());
}

TEST_F(DamagedFormerFile, IsReplacedByTheOneThatTheFormerRepairerLeft) {
    fs::rename(file_, folder_ / "journal.db-healed");
    const auto strict = Journal::open(file_, kFormerKiosk);
    ASSERT_FALSE(strict);
    EXPECT_EQ(strict.error().kind, StoreErrorKind::corrupt) << "it is not begun anew";
    test::run_sql(file_, "CREATE TABLE damaged (a); PRAGMA application_id = 1212959281; PRAGMA user_version = 3");
    Repaired repaired = must(repair());
    EXPECT_EQ(ids(repaired.journal), former_ids());
    EXPECT_FALSE(fs::exists(folder_ / "journal.db-healed"));
    EXPECT_TRUE(fs::exists(folder_ / "journal.db.damaged-2026-11-22T16-33-20")) << "what stood in its place";
}

}  // namespace
}  // namespace hailong::kiosk
