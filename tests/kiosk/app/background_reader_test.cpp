// What the staff's requests find in a real journal, on the thread of their own.
#include "kiosk/app/background_reader.h"

#include <condition_variable>
#include <mutex>

#include <gtest/gtest.h>

#include "tests/kiosk/journal/sample.h"
#include "tests/support/sample.h"
#include "tests/support/temporary_folder.h"

namespace hailong::kiosk {
namespace {

using std::chrono::year;
using survey::Subject;
using survey::SubjectKind;

/// A background reader over a journal, and a desk that waits for its letters.
class BackgroundReaderTest : public testing::Test {
  protected:
    BackgroundReaderTest() : file(folder.path() / "kiosk.db"), journal(test::open_journal(file)) {}

    /// `count` responses that were finished at noon of that day, about the officer tp-01.
    void answer(survey::Date day, int count, const char* ticket = "") {
        for (int i = 0; i < count; ++i) {
            survey::Response response = test::response(2 * ++number);
            response.flags.clear();
            response.started.utc = survey::start_of_day(day) + std::chrono::hours{12};
            response.finished.utc = response.started.utc + std::chrono::seconds{9};
            response.context.began = *ticket == '\0' ? survey::Began::walk_up : survey::Began::scanned;
            const std::string code = *ticket == '\0' ? "" : ticket + std::to_string(number);
            ASSERT_TRUE(journal.append(response, test::ward5(), {}, code));
        }
    }

    JournalBackgroundReader& reader() {
        if (!office_) {
            const auto wake = [this] {
                { const std::scoped_lock lock(mutex_); }
                woken_.notify_all();
            };
            office_.emplace(JournalBackgroundReader::Setup{file, test::kKiosk, {}, {}}, clock, wake);
        }
        return *office_;
    }

    /// The letter of that kind; ends the test when none comes.
    template <class Letter>
    Letter letter() {
        std::unique_lock lock(mutex_);
        std::optional<Letter> found;
        const bool came = woken_.wait_for(lock, std::chrono::seconds{30}, [&] {
            for (ReaderLetter& one : reader().take_letters()) {
                if (auto* wanted = std::get_if<Letter>(&one)) found = std::move(*wanted);
            }
            return found.has_value();
        });
        survey::check(came, "the background reader answers");
        return std::move(*found);
    }

    [[nodiscard]] TallySheet sheet(const TallyQuery& query) {
        reader().read_tallies(query);
        TalliesRead read = letter<TalliesRead>();
        survey::check(read.sheet.has_value(), "the journal can be read");
        EXPECT_EQ(read.query, query);
        return std::move(*read.sheet);
    }

    tests::TemporaryFolder folder;
    std::filesystem::path file;
    Journal journal;
    tests::FakeClock clock;
    int number = 0;

  private:
    std::mutex mutex_;
    std::condition_variable woken_;
    std::optional<JournalBackgroundReader> office_;
};

std::int64_t responses_of(const std::vector<PeriodTally>& sums, const Subject& subject) {
    std::int64_t count = 0;
    for (const PeriodTally& one : sums) {
        if (one.subject == subject) count += one.tally.responses;
    }
    return count;
}

TEST_F(BackgroundReaderTest, AddsUpAYearWithHalfMonthsAtItsEnds) {
    answer(year{2025} / 12 / 14, 1);  // the day before
    answer(year{2025} / 12 / 15, 2);
    answer(year{2026} / 3 / 31, 3, "T");
    answer(year{2026} / 12 / 14, 4);
    answer(year{2026} / 12 / 15, 5);  // the day after
    const Days days{year{2025} / 12 / 15, year{2026} / 12 / 14};
    const TallySheet found = sheet({days, false});
    EXPECT_EQ(responses_of(found.sums, {SubjectKind::visit, ""}), 9);
    EXPECT_EQ(responses_of(found.sums, {SubjectKind::counter, "TP"}), 9);
    EXPECT_EQ(responses_of(found.sums, {SubjectKind::began, std::string(survey::kScannedId)}), 3);
    std::int64_t trend = 0;
    for (const TrendPart& part : found.trend) {
        EXPECT_LE(days.first, part.days.first);
        EXPECT_LE(part.days.last, days.last);
        trend += part.tally.responses;
    }
    EXPECT_EQ(trend, 9);
}

TEST_F(BackgroundReaderTest, ReadsADayForADay) {
    answer(year{2026} / 11 / 21, 2);
    answer(year{2026} / 11 / 22, 3);
    const Days today{year{2026} / 11 / 22, year{2026} / 11 / 22};
    const TallySheet found = sheet({today, false});
    EXPECT_EQ(responses_of(found.sums, {SubjectKind::visit, ""}), 3);
    ASSERT_EQ(found.trend.size(), 1U);
    EXPECT_EQ(found.trend[0].days, today);
}

TEST_F(BackgroundReaderTest, ReadsOfficersMonthByMonth) {
    answer(year{2026} / 7 / 1, 2);
    answer(year{2026} / 9 / 30, 3);
    answer(year{2026} / 10 / 1, 4);
    const TallySheet found = sheet({{year{2026} / 7 / 1, year{2026} / 9 / 30}, true});
    ASSERT_EQ(found.officers.size(), 3U);
    EXPECT_EQ(found.officers[0].month, year{2026} / 7);
    const Subject officer{SubjectKind::officer, "tp-01"};
    EXPECT_EQ(responses_of(found.officers[0].officers, officer), 2);
    EXPECT_EQ(responses_of(found.officers[1].officers, officer), 0);
    EXPECT_EQ(responses_of(found.officers[2].officers, officer), 3);
    EXPECT_TRUE(found.sums.empty());
}

TEST_F(BackgroundReaderTest, KnowsTheSizeOfTheLogAlsoBehindALink) {
    answer(year{2026} / 11 / 22, 3);
    const auto log = static_cast<std::int64_t>(std::filesystem::file_size(file.string() + "-wal"));
    std::filesystem::create_directory(folder / "elsewhere");
    const auto link = folder / "elsewhere" / "kiosk.db";
    std::filesystem::create_symlink(file, link);
    file = link;
    reader().read_overview();
    const auto overview = letter<OverviewRead>().overview;
    ASSERT_TRUE(overview) << describe(overview.error());
    EXPECT_EQ(overview->log_bytes, log);
}

TEST_F(BackgroundReaderTest, TellsWhenTheClockIsBehindTheRecords) {
    answer(year{2026} / 11 / 22, 3);
    clock.utc = survey::start_of_day(year{2020} / 1 / 1) + std::chrono::hours{9};
    EXPECT_EQ(letter<DayDoubted>().doubt, DayDoubt::behind);
    const LastKnown last = last_known(journal);
    EXPECT_EQ(last.day, year{2026} / 11 / 22);
    EXPECT_EQ(last.asked, std::vector(3, test::ward5().ref));
}

TEST_F(BackgroundReaderTest, KnowsTheRoomOnTheDisk) {
    answer(year{2026} / 11 / 22, 2);
    reader().read_overview();
    const auto read = letter<OverviewRead>();
    ASSERT_TRUE(read.overview);
    EXPECT_EQ(read.overview->collected, 2);
    EXPECT_EQ(read.overview->delivered, 0);
    ASSERT_TRUE(read.overview->disk_free_bytes);
    EXPECT_GT(*read.overview->disk_free_bytes, 0);
}

}  // namespace
}  // namespace hailong::kiosk
