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

template <class Row>
std::int64_t responses_of(const std::vector<Row>& rows, const Subject& subject) {
    std::int64_t count = 0;
    for (const Row& one : rows) {
        if (one.subject == subject) count += one.tally.responses;
    }
    return count;
}

const Subject kVisitSubject{SubjectKind::visit, ""};
const Subject kTpSubject{SubjectKind::counter, "TP"};

TEST_F(BackgroundReaderTest, ReadsTheDaysBeforeTodayOfEveryMonthThatHoldsSomeOfThem) {
    answer(year{2026} / 8 / 31, 1);  // the month before
    answer(year{2026} / 9 / 1, 2);
    answer(year{2026} / 10 / 31, 3, "T");
    answer(year{2026} / 11 / 1, 4);  // the month after
    clock.utc = survey::start_of_day(year{2026} / 11 / 22);
    const TallySheet found = sheet({{year{2026} / 9 / 15, year{2026} / 10 / 14}, TallyOf::rows});
    EXPECT_EQ(found.today, year{2026} / 11 / 22);
    EXPECT_EQ(responses_of(found.days, kVisitSubject), 5);
    EXPECT_EQ(responses_of(found.days, kTpSubject), 5);
    EXPECT_EQ(responses_of(found.days, {SubjectKind::began, std::string(survey::kScannedId)}), 3);
    EXPECT_TRUE(found.received_today.empty());
}

TEST_F(BackgroundReaderTest, ReadsOfTodayOnlyHowManyResponsesCame) {
    answer(year{2026} / 11 / 20, 2);
    answer(year{2026} / 11 / 21, 3);
    answer(year{2026} / 11 / 22, 4);
    clock.utc = survey::start_of_day(year{2026} / 11 / 22) + std::chrono::hours{16};
    const TallySheet month = sheet({{year{2026} / 11 / 1, year{2026} / 11 / 30}, TallyOf::whole});
    EXPECT_EQ(responses_of(month.days, kVisitSubject), 5);
    EXPECT_EQ(responses_of(month.days, kTpSubject), 0) << "the visits alone";
    EXPECT_EQ(month.received_today, (std::map<survey::QuestionnaireId, std::int64_t>{{test::ward5().ref.id, 4}}));
    clock.utc = survey::start_of_day(year{2026} / 11 / 1);
    EXPECT_TRUE(sheet({{year{2026} / 11 / 1, year{2026} / 11 / 1}, TallyOf::whole}).days.empty());
}

TEST_F(BackgroundReaderTest, ReadsOfficersMonthByMonth) {
    answer(year{2026} / 7 / 1, 2);
    answer(year{2026} / 9 / 30, 3);
    answer(year{2026} / 10 / 1, 4);
    const TallySheet found = sheet({{year{2026} / 7 / 1, year{2026} / 9 / 30}, TallyOf::officers});
    ASSERT_EQ(found.officers.size(), 3U);
    EXPECT_EQ(found.officers[0].month, year{2026} / 7);
    const Subject officer{SubjectKind::officer, "tp-01"};
    EXPECT_EQ(responses_of(found.officers[0].officers, officer), 2);
    EXPECT_EQ(responses_of(found.officers[1].officers, officer), 0);
    EXPECT_EQ(responses_of(found.officers[2].officers, officer), 3);
    EXPECT_TRUE(found.days.empty());
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
