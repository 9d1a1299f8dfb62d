// A ticket that a visit began with: its second use is counted apart, and nothing leads from it to an answer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kiosk/journal/journal.h"
#include "kiosk/recovery/repair.h"
#include "survey/record.h"
#include "tests/kiosk/journal/must.h"
#include "tests/kiosk/journal/sample.h"
#include "tests/kiosk/journal/sql.h"

namespace hailong::kiosk {
namespace {

using survey::UtcTime;
using test::kDay;
using test::kKiosk;
using test::must;
using test::number_by_sql;
using test::open_journal;
using test::response;
using test::run_sql;
using test::TemporaryFolder;
using test::ward5;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kCode = "H29.06.26-261122-0077";

std::vector<std::string> flags_of(const JournalEntry& entry) {
    return survey::decode(entry.bytes).value().response.flags;
}

class Tickets : public testing::Test {
  protected:
    std::vector<std::string> flags_after(std::int64_t n, std::string_view ticket) {
        return flags_of(must(journal_.append(response(n), ward5(), {}, ticket)));
    }
    [[nodiscard]] std::int64_t remembered() const { return number_by_sql(file_, "SELECT count(*) FROM tickets"); }
    /// Everything that stands on the disk.
    [[nodiscard]] std::string bytes_on_disk() const {
        std::string all;
        for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
            all += survey::read_file(entry.path()).value();
        return all;
    }

    const TemporaryFolder folder_;
    const std::filesystem::path file_ = folder_ / "journal.db";
    Journal journal_ = open_journal(file_);
};

TEST_F(Tickets, AreFlaggedTheSecondTime) {
    EXPECT_THAT(flags_after(1, kCode), IsEmpty());
    EXPECT_THAT(flags_after(2, "another"), IsEmpty());
    EXPECT_THAT(flags_after(3, kCode), ElementsAre(kTicketAgainFlag));
    EXPECT_THAT(flags_after(4, kCode), ElementsAre(kTicketAgainFlag));
    EXPECT_THAT(flags_after(11, kCode), ElementsAre("too_fast", kTicketAgainFlag)) << "beside what was flagged before";
    EXPECT_THAT(journal_.verify().value(), IsEmpty());
}

TEST_F(Tickets, AreCountedApartTheSecondTime) {
    for (std::int64_t n = 1; n <= 3; ++n)
        ASSERT_TRUE(journal_.append(response(n), ward5(), {}, kCode));
    std::map<bool, std::int64_t> visits;
    for (const DayTally& row : must(journal_.tallies(kDay, kDay))) {
        if (row.subject.kind == survey::SubjectKind::visit) visits[row.flagged] += row.tally.responses;
    }
    EXPECT_EQ(visits, (std::map<bool, std::int64_t>{{false, 1}, {true, 2}}));
}

TEST_F(Tickets, AreNotTakenForASecondUseWhenAResponseIsAppendedAgain) {
    const JournalEntry first = must(journal_.append(response(1), ward5(), {}, kCode));
    EXPECT_EQ(must(journal_.append(response(1), ward5(), {}, kCode)), first);
    EXPECT_THAT(flags_of(first), IsEmpty());
    EXPECT_EQ(must(journal_.append(response(1), ward5(), {}, "another")), first);
    EXPECT_THAT(flags_after(2, "another"), IsEmpty()) << "what was appended already uses no ticket";
}

TEST_F(Tickets, AreFlaggedOnceInAResponse) {
    ASSERT_TRUE(journal_.append(response(1), ward5(), {}, kCode));
    survey::Response again = response(2);
    again.flags = {std::string(kTicketAgainFlag)};
    EXPECT_THAT(flags_of(must(journal_.append(again, ward5(), {}, kCode))), ElementsAre(kTicketAgainFlag));
}

TEST_F(Tickets, AreTheSameInSmallLettersAndWithSpaces) {
    ASSERT_TRUE(journal_.append(response(1), ward5(), {}, "ab-12\r\n"));
    EXPECT_THAT(flags_after(2, " A B-12"), ElementsAre(kTicketAgainFlag));
    EXPECT_THAT(flags_after(3, "AB12"), IsEmpty());
    EXPECT_EQ(normal_ticket(" h29\t0077\x7f\r"), "H290077");
    EXPECT_EQ(normal_ticket("số"), "Số") << "what is not ASCII stays";
}

TEST_F(Tickets, ThatSayNothingAreNone) {
    for (std::int64_t n = 1; n <= 3; ++n)
        EXPECT_THAT(flags_after(n, n == 1 ? "" : " \r\n"), IsEmpty());
    EXPECT_EQ(remembered(), 0);
    EXPECT_EQ(number_by_sql(file_, "SELECT count(*) FROM ticket_key"), 0) << "no key before the first ticket";
}

TEST_F(Tickets, OfAnyLengthAreTaken) {
    const std::string endless(100'000, '7');
    EXPECT_THAT(flags_after(1, endless), IsEmpty());
    EXPECT_THAT(flags_after(2, endless), ElementsAre(kTicketAgainFlag));
}

TEST_F(Tickets, AreRememberedAcrossReopenAndByAnotherProgram) {
    Journal other = open_journal(file_);
    ASSERT_TRUE(journal_.append(response(1), ward5(), {}, kCode));
    EXPECT_THAT(flags_of(must(other.append(response(2), ward5(), {}, kCode))), ElementsAre(kTicketAgainFlag));
    EXPECT_THAT(flags_of(must(open_journal(file_).append(response(3), ward5(), {}, kCode))),
                ElementsAre(kTicketAgainFlag));
    EXPECT_EQ(number_by_sql(file_, "SELECT count(*) FROM ticket_key"), 1);
}

TEST_F(Tickets, StandInNoFileAsTheyAre) {
    ASSERT_TRUE(journal_.append(response(1), ward5(), {}, kCode));
    EXPECT_THAT(bytes_on_disk(), Not(HasSubstr(kCode)));
}

TEST_F(Tickets, AreHashedWithAKeyOfTheFile) {
    const auto take = [](const std::filesystem::path& file) {
        Journal journal = open_journal(file);
        EXPECT_TRUE(journal.append(response(1), ward5(), {}, kCode));
    };
    take(folder_ / "one.db");
    take(folder_ / "two.db");
    const survey::Digest plain = survey::sha256(kCode);
    const std::string_view bytes(reinterpret_cast<const char*>(plain.bytes.data()), plain.bytes.size());
    EXPECT_THAT(bytes_on_disk(), Not(HasSubstr(bytes))) << "short codes could be found by trying them all";
    run_sql(folder_ / "one.db", "ATTACH '" + (folder_ / "two.db").string() +
                                    "' AS other; CREATE TABLE same AS SELECT hash FROM main.tickets "
                                    "INTERSECT SELECT hash FROM other.tickets");
    EXPECT_EQ(number_by_sql(folder_ / "one.db", "SELECT count(*) FROM same"), 0);
}

TEST_F(Tickets, KeepOnlyTheMonthOfTheirFirstUse) {
    ASSERT_TRUE(journal_.append(response(1), ward5(), {}, kCode));
    survey::Response later = response(2);
    later.finished.utc += std::chrono::days{40};
    ASSERT_TRUE(journal_.append(later, ward5(), {}, kCode));
    EXPECT_EQ(remembered(), 1);
    EXPECT_EQ(number_by_sql(file_, "SELECT count(*) FROM tickets WHERE month = '2026-11'"), 1);
    EXPECT_EQ(number_by_sql(file_, "SELECT count(*) FROM pragma_table_info('tickets')"), 2)
        << "a hash and a month: whatever else stood there could lead to a record";
}

TEST_F(Tickets, AreForgottenAfterTheMonthIsOldEnough) {
    ASSERT_TRUE(journal_.append(response(1), ward5(), {}, kCode));  // in November 2026
    survey::Response december = response(2);
    december.finished.utc += std::chrono::days{20};
    ASSERT_TRUE(journal_.append(december, ward5(), {}, "december"));
    const UtcTime december_began =
        survey::start_of_day({std::chrono::year{2026}, std::chrono::December, std::chrono::day{1}});
    EXPECT_EQ(must(journal_.forget_tickets(december_began + kTicketMemory - survey::milliseconds{1})), 0);
    EXPECT_THAT(flags_after(3, kCode), ElementsAre(kTicketAgainFlag));
    EXPECT_EQ(must(journal_.forget_tickets(december_began + kTicketMemory)), 1);
    EXPECT_THAT(flags_after(4, kCode), IsEmpty());
    EXPECT_THAT(flags_after(5, "december"), ElementsAre(kTicketAgainFlag));
}

TEST_F(Tickets, StayFlaggedUnderANewNumber) {
    for (std::int64_t n = 1; n <= 2; ++n)
        ASSERT_TRUE(journal_.append(response(n), ward5(), {}, kCode));
    ASSERT_EQ(must(journal_.renumber_after(5, survey::sha256("the other disk"))), 2);
    const auto entries = must(journal_.read(1, 9, SIZE_MAX));
    ASSERT_EQ(entries.size(), 2U);
    EXPECT_THAT(flags_of(entries[0]), IsEmpty());
    EXPECT_THAT(flags_of(entries[1]), ElementsAre(kTicketAgainFlag));
    EXPECT_THAT(flags_after(3, kCode), ElementsAre(kTicketAgainFlag));
}

// ---- Damage

const UtcTime kRepairTime{survey::milliseconds{1'795'400'000'000}};

Expected<Repaired, StoreError> repair(const std::filesystem::path& file) {
    return open_or_repair({file, kKiosk, "boot", survey::milliseconds{0}, nullptr}, kRepairTime, Look::thorough);
}

TEST_F(Tickets, AreCarriedOverWhenTheStoreIsRepaired) {
    ASSERT_TRUE(journal_.append(response(1), ward5(), {}, kCode));
    run_sql(file_, "UPDATE day_tallies SET tally = 'broken'");
    Repaired repaired = must(repair(file_));
    ASSERT_EQ(repaired.events.size(), 1U);
    EXPECT_THAT(flags_of(must(repaired.journal.append(response(2), ward5(), {}, kCode))),
                ElementsAre(kTicketAgainFlag));
    EXPECT_THAT(flags_of(must(repaired.journal.append(response(3), ward5(), {}, "another"))), IsEmpty());
}

TEST_F(Tickets, AreFoundSpoiledByTheirKeyAndBeginAnewWhenTheStoreIsRepaired) {
    ASSERT_TRUE(journal_.append(response(1), ward5(), {}, kCode));
    run_sql(file_, "UPDATE ticket_key SET key = randomblob(40)");
    EXPECT_THAT(journal_.verify().value(), Contains("the key of the tickets was spoiled"));
    EXPECT_TRUE(journal_.append(response(2), ward5())) << "who has no ticket is not asked for the key";
    const auto refused = journal_.append(response(3), ward5(), {}, kCode);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, StoreErrorKind::corrupt);
    Repaired repaired = must(repair(file_));
    EXPECT_THAT(flags_of(must(repaired.journal.append(response(3), ward5(), {}, kCode))), IsEmpty())
        << "goes unnoticed";
    EXPECT_THAT(flags_of(must(repaired.journal.append(response(4), ward5(), {}, kCode))),
                ElementsAre(kTicketAgainFlag));
    EXPECT_EQ(must(repaired.journal.read(1, 9, SIZE_MAX)).size(), 4U);
    EXPECT_THAT(repaired.journal.verify().value(), IsEmpty());
}

TEST_F(Tickets, AreLostAloneWhenTheirTableIs) {
    ASSERT_TRUE(journal_.append(response(1), ward5(), {}, kCode));
    run_sql(file_, "DROP TABLE tickets");
    Repaired repaired = must(repair(file_));
    EXPECT_THAT(flags_of(must(repaired.journal.append(response(2), ward5(), {}, kCode))), IsEmpty());
    EXPECT_EQ(must(repaired.journal.read(1, 9, SIZE_MAX)).size(), 2U);
}

}  // namespace
}  // namespace hailong::kiosk
