// What staff count at the terminal: any period, by counter, field, officer and how the visit began.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kiosk/journal/inbox.h"
#include "kiosk/journal/journal.h"
#include "kiosk/recovery/repair.h"
#include "survey/record.h"
#include "tests/kiosk/journal/must.h"
#include "tests/kiosk/journal/sample.h"
#include "tests/kiosk/journal/sql.h"

namespace hailong::kiosk {
namespace {

using survey::SubjectKind;
using test::kFarAhead;
using test::kKiosk;
using test::must;
using test::open_journal;
using test::response;
using test::run_sql;
using test::TemporaryFolder;
using test::varied_response;
using test::ward5;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::int64_t kVisits = 90;

survey::Date date(int y, unsigned m, unsigned d) {
    return {std::chrono::year{y}, std::chrono::month{m}, std::chrono::day{d}};
}

Month month(int y, unsigned m) {
    return std::chrono::year{y} / std::chrono::month{m};
}

/// Visit n of some months around a turn of the year, a few on most days: with fields, tickets and flags.
survey::Response visit_around_new_year(std::int64_t n) {
    return varied_response(n, std::chrono::days{(n * 7) % 80});
}

struct SumKey {
    survey::QuestionnaireRef questionnaire;
    bool flagged = false;
    survey::Subject subject;
    auto operator<=>(const SumKey&) const = default;
};
using Sums = std::map<SumKey, survey::Tally>;

survey::Date day_of_visit(const survey::Response& one) {
    return survey::local_date(one.finished.utc, one.finished.utc_offset);
}

/// Counted from the visits themselves, in the plainest way.
Sums recount(survey::Date first, survey::Date last, bool officers) {
    Sums sums;
    for (std::int64_t n = 1; n <= kVisits; ++n) {
        const survey::Response one = visit_around_new_year(n);
        if (day_of_visit(one) < first || last < day_of_visit(one)) continue;
        for (const survey::Contribution& part : survey::contributions(one, ward5())) {
            if ((part.subject.kind == SubjectKind::officer) != officers) continue;
            sums[{one.questionnaire, !one.flags.empty(), part.subject}] += part.tally;
        }
    }
    return sums;
}

Sums by_key(const std::vector<PeriodTally>& rows) {
    Sums sums;
    for (const PeriodTally& row : rows) {
        const bool is_new = sums.emplace(SumKey{row.questionnaire, row.flagged, row.subject}, row.tally).second;
        EXPECT_TRUE(is_new) << "one row for each";
    }
    return sums;
}

class JournalTallies : public testing::Test {
  protected:
    JournalTallies() {
        for (std::int64_t n = 1; n <= kVisits; ++n)
            (void)must(journal_.append(visit_around_new_year(n), ward5()));
    }
    [[nodiscard]] static std::string officers_text(const Journal& journal) {
        std::string text;
        for (const PeriodTally& row : must(journal.officer_tallies(month(2026, 1), month(2027, 12))))
            text += row.subject.id + (row.flagged ? " flagged " : " ") + survey::to_text(row.tally) + "\n";
        return text;
    }
    void expect_as_before(const Journal& journal) const {
        EXPECT_EQ(by_key(must(journal.period_tallies(date(2026, 1, 1), date(2027, 12, 31)))),
                  recount(date(2026, 1, 1), date(2027, 12, 31), false));
        EXPECT_EQ(by_key(must(journal.officer_tallies(month(2026, 1), month(2027, 12)))),
                  recount(date(2026, 1, 1), date(2027, 12, 31), true));
        EXPECT_THAT(journal.verify().value(), IsEmpty());
    }

    const TemporaryFolder folder_;
    const std::filesystem::path file_ = folder_ / "journal.db";
    Journal journal_ = open_journal(file_);
};

TEST_F(JournalTallies, AddUpAnyPeriodAsItsResponsesDo) {
    const std::vector<survey::Date> edges{date(2026, 1, 1),   date(2026, 11, 22), date(2026, 11, 30), date(2026, 12, 1),
                                          date(2026, 12, 15), date(2026, 12, 31), date(2027, 1, 1),   date(2027, 1, 14),
                                          date(2027, 1, 31),  date(2027, 2, 1),   date(2027, 2, 9),   date(2027, 2, 28),
                                          date(2036, 12, 31)};
    for (const survey::Date first : edges) {
        for (const survey::Date last : edges) {
            SCOPED_TRACE(survey::to_string(first) + " to " + survey::to_string(last));
            EXPECT_EQ(by_key(must(journal_.period_tallies(first, last))), recount(first, last, false));
        }
    }
}

TEST_F(JournalTallies, ComeInOrderOfQuestionnaireFlagAndSubject) {
    std::vector<SumKey> keys;
    for (const PeriodTally& row : must(journal_.period_tallies(date(2026, 11, 24), date(2027, 2, 2))))
        keys.push_back({row.questionnaire, row.flagged, row.subject});
    EXPECT_TRUE(std::is_sorted(keys.begin(), keys.end()));
    EXPECT_TRUE(keys.back().flagged && !keys.front().flagged);
    EXPECT_EQ(keys.front().subject, (survey::Subject{SubjectKind::visit, ""}));
}

TEST_F(JournalTallies, CountOfficersByMonthAlone) {
    for (const DayTally& row : must(journal_.tallies(date(2026, 1, 1), date(2027, 12, 31))))
        EXPECT_NE(row.subject.kind, SubjectKind::officer) << "one officer's day is too few to be fair";
    EXPECT_EQ(by_key(must(journal_.officer_tallies(month(2026, 12), month(2026, 12)))),
              recount(date(2026, 12, 1), date(2026, 12, 31), true));
    EXPECT_EQ(by_key(must(journal_.officer_tallies(month(2026, 11), month(2027, 1)))),
              recount(date(2026, 11, 1), date(2027, 1, 31), true));
    EXPECT_THAT(must(journal_.officer_tallies(month(2027, 1), month(2026, 12))), IsEmpty());
}

TEST_F(JournalTallies, CountForTheOfficerOnlyWhatIsAboutTheOfficer) {
    for (const PeriodTally& row : must(journal_.officer_tallies(month(2026, 1), month(2027, 12)))) {
        EXPECT_THAT(row.tally.items, SizeIs(1));
        EXPECT_EQ(row.tally.items.count({"o_all"}), 1U);
    }
}

TEST_F(JournalTallies, FollowOneSubjectMonthByMonth) {
    for (const survey::Subject& subject : {survey::Subject{SubjectKind::visit, ""},
                                           {SubjectKind::counter, "TP"},
                                           {SubjectKind::officer, "dd-01"},
                                           {SubjectKind::began, "scanned"}}) {
        Sums whole;
        Month last{};
        for (const MonthTally& row : must(journal_.month_tallies(subject, month(2026, 1), month(2027, 12)))) {
            EXPECT_LE(last, row.month);
            last = row.month;
            EXPECT_EQ(row.subject, subject);
            const Sums of_month = recount(row.month / std::chrono::day{1}, survey::Date{row.month / std::chrono::last},
                                          subject.kind == SubjectKind::officer);
            EXPECT_EQ(row.tally, of_month.at({row.questionnaire, row.flagged, row.subject}));
            whole[{row.questionnaire, row.flagged, row.subject}] += row.tally;
        }
        const Sums all = recount(date(2026, 1, 1), date(2027, 12, 31), subject.kind == SubjectKind::officer);
        for (const auto& [key, tally] : whole)
            EXPECT_EQ(tally, all.at(key));
        EXPECT_FALSE(whole.empty());
    }
    EXPECT_THAT(must(journal_.month_tallies({SubjectKind::counter, "none"}, month(2026, 1), month(2027, 12))),
                IsEmpty());
}

TEST_F(JournalTallies, StayWhenTheirRecordsArePruned) {
    test::deliver(journal_, kVisits);
    ASSERT_EQ(must(journal_.prune(kFarAhead)), kVisits - 1);
    expect_as_before(journal_);
}

// ---- Verified

TEST_F(JournalTallies, ThatAreNotTheSumOfTheirDaysAreFound) {
    run_sql(file_, R"(UPDATE month_tallies SET tally = replace(tally, '"5":', '"5":1')
                      WHERE month = '2026-12' AND subject_kind = 'field' AND subject_id = 'dat-dai' AND flagged = 0)");
    EXPECT_THAT(journal_.verify().value(),
                ElementsAre("tally of 2026-12: field \"dat-dai\" is not the sum of its days"));
}

TEST_F(JournalTallies, OfAMonthThatAreMissingAreFound) {
    run_sql(file_, "DELETE FROM month_tallies WHERE subject_kind = 'began' AND month = '2027-01' AND flagged = 0");
    EXPECT_THAT(journal_.verify().value(),
                ElementsAre("tally of 2027-01: began \"scanned\" is missing, its days are there"));
}

TEST_F(JournalTallies, OfAMonthWithoutDaysAreFound) {
    run_sql(file_,
            "INSERT INTO month_tallies SELECT '2025-01', questionnaire, version, flagged, subject_kind, "
            "subject_id, tally FROM month_tallies WHERE month = '2026-12' AND subject_kind = 'visit' "
            "AND flagged = 0");
    EXPECT_THAT(journal_.verify().value(), ElementsAre("tally of 2025-01: visit is not the sum of its days"));
}

TEST_F(JournalTallies, OfAMonthThatCantBeReadAreFound) {
    run_sql(file_,
            "UPDATE month_tallies SET tally = 'broken' WHERE subject_kind = 'officer' AND month = '2026-12' "
            "AND flagged = 0 AND subject_id = 'dd-01'");
    EXPECT_THAT(journal_.verify().value(), ElementsAre(HasSubstr("tally of 2026-12: can't be read")));
    EXPECT_FALSE(journal_.officer_tallies(month(2026, 12), month(2026, 12)));
}

TEST_F(JournalTallies, OfAMonthThatIsNoneAreFound) {
    run_sql(file_,
            "INSERT INTO month_tallies SELECT '2026-13', questionnaire, version, flagged, subject_kind, "
            "subject_id, tally FROM month_tallies WHERE month = '2026-12' AND subject_kind = 'officer'");
    EXPECT_THAT(journal_.verify().value(), Contains("tally of 2026-13: stands under no month or subject"));
}

// ---- Repaired

Journal repair_damaged(const std::filesystem::path& file) {
    auto repaired = open_or_repair({file, kKiosk, "boot", survey::milliseconds{0}, nullptr}, kFarAhead, Look::thorough);
    EXPECT_EQ(must(std::move(repaired)).events.size(), 1U) << "it was damaged";
    return open_journal(file);
}

TEST_F(JournalTallies, AreCountedAnewFromTheRecordsWhenTheStoreIsRepaired) {
    run_sql(file_,
            "UPDATE month_tallies SET tally = 'broken' WHERE month = '2026-12';"
            "DELETE FROM day_tallies WHERE day > '2027-01-01'");
    expect_as_before(repair_damaged(file_));
}

TEST_F(JournalTallies, StayAfterRepairWhereTheirRecordsWerePruned) {
    test::deliver(journal_, kVisits);
    ASSERT_EQ(must(journal_.prune(kFarAhead)), kVisits - 1);
    run_sql(file_, "UPDATE month_tallies SET tally = 'broken' WHERE subject_kind = 'visit'");
    expect_as_before(repair_damaged(file_));
}

TEST_F(JournalTallies, OfAFieldComeFromTheRecordsWhereRepairCantReadThem) {
    run_sql(file_, "UPDATE day_tallies SET tally = 'broken' WHERE subject_kind = 'field'");
    expect_as_before(repair_damaged(file_));
}

// ---- A file of the program before

/// As the program before wrote it: days of visits and counters alone.
void take_back(const std::filesystem::path& file) {
    run_sql(file,
            "DROP TABLE deliveries; ALTER TABLE sync_state DROP COLUMN agreed_ms;"
            "ALTER TABLE sync_state DROP COLUMN stepped_ms;"
            "ALTER TABLE sealed_texts RENAME TO boxes; ALTER TABLE boxes RENAME COLUMN bytes TO box;"
            "ALTER TABLE responses_without_record RENAME TO gone_responses;"
            "ALTER TABLE sync_state RENAME COLUMN quarantined TO set_aside;"
            "ALTER TABLE sync_state RENAME COLUMN text_key TO words_key;"
            "DROP TABLE month_tallies; DROP TABLE tickets; DROP TABLE ticket_key; DROP TABLE programs;"
            "DELETE FROM day_tallies WHERE subject_kind NOT IN ('visit', 'counter'); PRAGMA user_version = 2");
}

void bring_down_ward5(const std::filesystem::path& file) {
    Inbox inbox = must(Inbox::open(file));
    const std::string text = survey::read_file(HAILONG_SOURCE_DIR "/assets/questionnaires/WARD5.json").value();
    ASSERT_TRUE(inbox.replace(
        {{"center", "{}", {}}, {"questionnaire/broken/1", "{", {}}, {"questionnaire/WARD5/1", text, {}}}, "v1"));
}

TEST_F(JournalTallies, AreTakenOverFromAnOlderFile) {
    bring_down_ward5(file_);
    take_back(file_);
    expect_as_before(open_journal(file_));
}

TEST_F(JournalTallies, OfOfficersAreTakenOverOnlyWhereTheQuestionnaireIsKnown) {
    take_back(file_);
    Journal journal = open_journal(file_);
    EXPECT_EQ(officers_text(journal), "");
    EXPECT_EQ(by_key(must(journal.period_tallies(date(2026, 1, 1), date(2027, 12, 31)))),
              recount(date(2026, 1, 1), date(2027, 12, 31), false));
    EXPECT_THAT(journal.verify().value(), IsEmpty());
    (void)must(journal.append(response(1'000), ward5()));
    EXPECT_THAT(officers_text(journal), HasSubstr("tp-01")) << "from now on they are counted";
}

TEST_F(JournalTallies, OfPrunedResponsesAreTakenOverAsFarAsTheyWereKept) {
    bring_down_ward5(file_);
    test::deliver(journal_, kVisits);
    ASSERT_EQ(must(journal_.prune(kFarAhead)), kVisits - 1);
    take_back(file_);
    Journal journal = open_journal(file_);
    const Sums before = recount(date(2026, 1, 1), date(2027, 12, 31), false);
    std::int64_t fields = 0;
    for (const auto& [key, tally] : by_key(must(journal.period_tallies(date(2026, 1, 1), date(2027, 12, 31))))) {
        if (key.subject.kind == SubjectKind::visit || key.subject.kind == SubjectKind::counter) {
            EXPECT_EQ(tally, before.at(key));
        }
        if (key.subject.kind == SubjectKind::field) fields += tally.responses;
    }
    EXPECT_EQ(fields, kVisits % 3 != 0 ? 1 : 0) << "of the one record that is still here";
    EXPECT_THAT(journal.verify().value(), IsEmpty());
}

TEST_F(JournalTallies, AreNotTakenOverFromDamageButRepaired) {
    bring_down_ward5(file_);
    take_back(file_);
    run_sql(file_, "UPDATE day_tallies SET tally = 'broken' WHERE day = (SELECT min(day) FROM day_tallies)");
    const auto refused = Journal::open(file_, kKiosk);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, StoreErrorKind::corrupt);
    EXPECT_EQ(test::number_by_sql(file_, "PRAGMA user_version"), 2) << "nothing was changed";
    expect_as_before(repair_damaged(file_));
}

}  // namespace
}  // namespace hailong::kiosk
