#include "survey/conditions.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/survey/samples.h"

namespace hailong::survey {
namespace {

std::vector<Answer> answered(const char* item, std::vector<std::string> values) {
    return {{{item}, std::move(values), {}}};
}

bool holds(const Condition& condition, const Questionnaire& form, const std::vector<Answer>& answers) {
    const Context nowhere;
    return AnsweredForm(form, answers, nowhere).holds(condition);
}

bool holds_for(Operator op, std::vector<std::string> with, std::vector<std::string> chosen) {
    return holds({{"overall"}, op, std::move(with)}, sample_form(), answered("overall", std::move(chosen)));
}

TEST(ConditionOn, AScaleComparesLevels) {
    for (int answer = 1; answer <= 5; ++answer) {
        for (int with = 1; with <= 5; ++with) {
            const std::vector<std::string> a{std::to_string(answer)};
            const std::vector<std::string> w{std::to_string(with)};
            EXPECT_EQ(holds_for(Operator::equal, w, a), answer == with);
            EXPECT_EQ(holds_for(Operator::not_equal, w, a), answer != with);
            EXPECT_EQ(holds_for(Operator::less, w, a), answer < with);
            EXPECT_EQ(holds_for(Operator::at_most, w, a), answer <= with);
            EXPECT_EQ(holds_for(Operator::greater, w, a), answer > with);
            EXPECT_EQ(holds_for(Operator::at_least, w, a), answer >= with);
        }
    }
}

// Levels rank, values only name: a scale whose values sort otherwise is compared by its levels.
TEST(ConditionOn, LevelsDoesNotCompareValues) {
    Questionnaire form = sample_form();
    for (Option& option : form.items[0].options) {
        if (option.level) option.level = -*option.level;
    }
    EXPECT_TRUE(holds({{"overall"}, Operator::less, {"3"}}, form, answered("overall", {"5"})));
    EXPECT_FALSE(holds({{"overall"}, Operator::less, {"3"}}, form, answered("overall", {"1"})));
}

TEST(ConditionOn, AnExcludedAnswerComparesWithNothing) {
    for (const Operator op : {Operator::less, Operator::at_most, Operator::greater, Operator::at_least}) {
        EXPECT_FALSE(holds_for(op, {"3"}, {"na"}));
    }
    EXPECT_TRUE(holds_for(Operator::equal, {"na"}, {"na"}));
    EXPECT_TRUE(holds_for(Operator::not_equal, {"3"}, {"na"}));
}

TEST(ConditionOn, AListHoldsForAnyOfIt) {
    EXPECT_TRUE(holds_for(Operator::any_of, {"1", "2"}, {"2"}));
    EXPECT_FALSE(holds_for(Operator::any_of, {"1", "2"}, {"3"}));
    EXPECT_FALSE(holds_for(Operator::any_of, {}, {"3"}));
}

TEST(ConditionOn, ManyChoicesHoldsWhenOneOfThemIsMeant) {
    const Questionnaire form = sample_form();
    const auto chosen = answered("reason", {"wait", "fee"});
    EXPECT_TRUE(holds({{"reason"}, Operator::equal, {"fee"}}, form, chosen));
    EXPECT_FALSE(holds({{"reason"}, Operator::equal, {"other"}}, form, chosen));
    EXPECT_FALSE(holds({{"reason"}, Operator::not_equal, {"fee"}}, form, chosen));
    EXPECT_TRUE(holds({{"reason"}, Operator::any_of, {"other", "wait"}}, form, chosen));
}

TEST(ConditionOn, NoAnswerNeverHolds) {
    const Questionnaire form = sample_form();
    for (const Operator op : {Operator::equal, Operator::not_equal, Operator::less, Operator::at_most,
                              Operator::greater, Operator::at_least, Operator::any_of}) {
        EXPECT_FALSE(holds({{"overall"}, op, {"3"}}, form, {}));
        EXPECT_FALSE(holds({{"overall"}, op, {"3"}}, form, answered("o_all", {"3"})));
        EXPECT_FALSE(holds({{"overall"}, op, {"3"}}, form, answered("overall", {})));
        EXPECT_FALSE(holds({{"overall"}, op, {}}, form, answered("overall", {"3"})));
        if (op != Operator::equal && op != Operator::not_equal && op != Operator::any_of) {
            EXPECT_FALSE(holds({{"nothing"}, op, {"3"}}, form, answered("nothing", {"3"})));
        }
    }
}

// --- What is shown ------------------------------------------------------------------------------------------------

bool visible(const char* item, const std::vector<Answer>& answers, const char* officer = "") {
    const Questionnaire form = sample_form();
    Context context;
    context.officer.text = officer;
    return is_visible(*form.item({item}), form, answers, context);
}

bool required(const char* item, const std::vector<Answer>& answers) {
    const Questionnaire form = sample_form();
    return is_required(*form.item({item}), form, answers, {});
}

TEST(VisibleItem, WithoutConditionIsAlwaysShown) {
    EXPECT_TRUE(visible("overall", {}));
    EXPECT_TRUE(visible("text", {}));
    EXPECT_TRUE(visible("officer", {}));
}

TEST(VisibleItem, FollowsShowIf) {
    EXPECT_FALSE(visible("reason", {}));
    EXPECT_FALSE(visible("reason", answered("overall", {"4"})));
    EXPECT_TRUE(visible("reason", answered("overall", {"3"})));
    EXPECT_FALSE(visible("reason", answered("overall", {"na"})));
}

TEST(VisibleItem, AboutTheOfficerNeedsAnOfficer) {
    EXPECT_FALSE(visible("o_all", {}));
    EXPECT_TRUE(visible("o_all", {}, "tp-01"));
}

TEST(VisibleItem, ThatSomeOptionOpensNeedsThatOption) {
    EXPECT_FALSE(visible("phone", {}));
    EXPECT_FALSE(visible("phone", answered("reply", {"no"})));
    EXPECT_TRUE(visible("phone", answered("reply", {"phone"})));
    EXPECT_TRUE(visible("agree", answered("reply", {"phone"})));
}

TEST(VisibleItem, OpenedByTwoOptionsIsShownForEither) {
    Questionnaire form = sample_form();
    form.items[10].options[0].opens_items = {{"text"}};
    form.items[10].options[1].opens_items = {{"text"}};
    const Item& words = *form.item({"text"});
    EXPECT_FALSE(is_visible(words, form, {}, {}));
    EXPECT_TRUE(is_visible(words, form, answered("who", {"person"}), {}));
    EXPECT_TRUE(is_visible(words, form, answered("who", {"business"}), {}));
}

TEST(VisibleItem, NeedsAllItsReasonsTogether) {
    Questionnaire form = sample_form();
    Item& phone = form.items[8];
    phone.show_if = Condition{{"overall"}, Operator::at_most, {"3"}};
    phone.about = About::officer;
    Context context;
    const std::vector<Answer> both = {{{"overall"}, {"2"}, {}}, {{"reply"}, {"phone"}, {}}};
    EXPECT_FALSE(is_visible(phone, form, both, context));
    context.officer = {"tp-01"};
    EXPECT_TRUE(is_visible(phone, form, both, context));
    EXPECT_FALSE(is_visible(phone, form, answered("overall", {"2"}), context));
    EXPECT_FALSE(is_visible(phone, form, answered("reply", {"phone"}), context));
}

TEST(RequiredItem, IsRequiredOrBecomesSo) {
    EXPECT_TRUE(required("overall", {}));
    EXPECT_FALSE(required("text", {}));
    EXPECT_TRUE(required("phone", answered("reply", {"phone"})));
    EXPECT_TRUE(required("agree", answered("reply", {"phone"})));
}

TEST(RequiredItem, IsNeverOneThatIsNotShown) {
    EXPECT_FALSE(required("phone", {}));
    EXPECT_FALSE(required("phone", answered("reply", {"no"})));
    Questionnaire form = sample_form();
    form.items[3].required = true;  // about the officer
    EXPECT_FALSE(is_required(form.items[3], form, {}, {}));
    Context context;
    context.officer = {"tp-01"};
    EXPECT_TRUE(is_required(form.items[3], form, {}, context));
}

}  // namespace
}  // namespace hailong::survey
