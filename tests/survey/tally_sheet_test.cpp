#include "survey/tally_sheet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/survey/samples.h"

namespace hailong::survey {
namespace {

using testing::ElementsAre;

constexpr Date kDay{std::chrono::year{2026}, std::chrono::month{11}, std::chrono::day{22}};
constexpr Date kMonth{std::chrono::year{2026}, std::chrono::month{11}, std::chrono::day{1}};

std::vector<std::string> keys(const TallySheet& sheet) {
    std::vector<std::string> found;
    for (const auto& [key, tally] : sheet) {
        found.push_back(std::string(name(key.subject.kind)) + " " + key.subject.id + " " + to_string(key.date) +
                        (key.grain == Grain::month ? " month" : " day") + (key.flagged ? " flagged" : ""));
    }
    return found;
}

TEST(TallyRows, CountEachSubjectByDayAndOfficersByMonthToo) {
    EXPECT_THAT(keys(tally_rows(sample_response(), sample_form(), kDay)),
                ElementsAre("visit  2026-11-22 day", "counter TP 2026-11-22 day", "field ho-tich 2026-11-22 day",
                            "officer tp-01 2026-11-01 month", "officer tp-01 2026-11-22 day",
                            "respondent person 2026-11-22 day"));
    Response flagged = sample_response();
    flagged.flags = {"too_fast"};
    flagged.context = {};
    flagged.context.began = Began::scanned;
    EXPECT_THAT(keys(tally_rows(flagged, sample_form(), kDay)),
                ElementsAre("visit  2026-11-22 day flagged", "respondent person 2026-11-22 day flagged",
                            "began scanned 2026-11-22 day flagged"));
}

TEST(TallyRows, SayWhatTheContributionsSay) {
    const TallySheet sheet = tally_rows(sample_response(), sample_form(), kDay);
    for (const Contribution& part : contributions(sample_response(), sample_form())) {
        const TallyKey key{Grain::day, kDay, sample_form().ref, part.subject, false};
        EXPECT_EQ(sheet.at(key), part.tally) << name(part.subject.kind);
        if (part.subject.kind == SubjectKind::officer) {
            EXPECT_EQ(sheet.at(month_key(key)), part.tally);
        }
    }
}

/// Whoever counts anew need not have the questionnaire: it was two functions once, and they had to agree.
TEST(TallyRows, AreTheSameWithoutTheQuestionnaireButForTheRespondent) {
    TallySheet known = tally_rows(sample_response(), sample_form(), kDay);
    std::erase_if(known, [](const auto& row) { return row.first.subject.kind == SubjectKind::respondent; });
    EXPECT_EQ(tally_rows(sample_response(), officer_items(sample_form()), kDay), known);
    std::erase_if(known, [](const auto& row) { return row.first.subject.kind == SubjectKind::officer; });
    EXPECT_EQ(tally_rows(sample_response(), OfficerItems{}, kDay), known) << "nothing known of the officer's items";
}

TEST(TallySheets, AreAddedRowByRow) {
    TallySheet sum = tally_rows(sample_response(), sample_form(), kDay);
    add(sum, tally_rows(sample_response(), sample_form(), kDay));
    add(sum, tally_rows(sample_response(), sample_form(), kMonth));
    EXPECT_EQ(sum.at({Grain::day, kDay, sample_form().ref, {}, false}).responses, 2);
    EXPECT_EQ(sum.at({Grain::day, kMonth, sample_form().ref, {}, false}).responses, 1);
    EXPECT_EQ(sum.at({Grain::month, kMonth, sample_form().ref, {SubjectKind::officer, "tp-01"}, false}).responses, 3);
}

TEST(MonthOf, IsTheFirstDayOfTheMonth) {
    EXPECT_EQ(month_of(kDay), kMonth);
    EXPECT_EQ(month_of(kMonth), kMonth);
}

/// The day was taken from a response in three places once.
TEST(LocalDay, IsTheOneWhereTheResponseWasFinished) {
    Response response = sample_response();
    response.finished.utc = start_of_day(kDay);  // in Vietnam
    EXPECT_EQ(local_day(response), kDay);
    response.finished.utc -= milliseconds{1};
    EXPECT_EQ(to_string(local_day(response)), "2026-11-21");
    response.finished.utc_offset += std::chrono::minutes{1};
    EXPECT_EQ(local_day(response), kDay) << "by the offset that stands there";
}

}  // namespace
}  // namespace hailong::survey
