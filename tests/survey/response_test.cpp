#include "survey/response.h"

#include <functional>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/survey/samples.h"

namespace hailong::survey {
namespace {

std::string faults_of(const std::function<void(Response&)>& change) {
    Response response = sample_response();
    change(response);
    std::string text;
    for (const Fault& fault : validate(response, sample_form())) {
        EXPECT_FALSE(fault.what.empty());
        EXPECT_FALSE(fault.remedy.empty());
        text += fault.place + "|";
    }
    return text;
}

Answer& answer(Response& response, const char* item) {
    for (Answer& answer : response.answers) {
        if (answer.item.text == item) return answer;
    }
    ADD_FAILURE() << item;
    return response.answers.front();
}

void drop(Response& response, const char* item) {
    std::erase_if(response.answers, [&](const Answer& answer) { return answer.item.text == item; });
}

TEST(ValidResponse, HasNoFaults) {
    EXPECT_EQ(faults_of([](Response&) {}), "");
}

TEST(ValidResponse, MayLeaveOutWhatIsNotRequired) {
    EXPECT_EQ(faults_of([](Response& r) { drop(r, "o_all"); }), "");
    EXPECT_EQ(faults_of([](Response& r) { drop(r, "reason"); }), "");
}

TEST(ValidResponse, MayBePartialAndEmpty) {
    EXPECT_EQ(faults_of([](Response& r) {
                  r.complete = false;
                  r.answers.clear();
              }),
              "");
}

TEST(ValidResponse, MayFinishAsItStarts) {
    EXPECT_EQ(faults_of([](Response& r) { r.finished.monotonic = r.started.monotonic; }), "");
}

TEST(ValidResponse, MayHaveAWallClockThatSteppedBack) {
    EXPECT_EQ(faults_of([](Response& r) { r.finished.utc = r.started.utc - std::chrono::hours{1}; }), "");
}

TEST(InvalidResponse, ToAnotherQuestionnaireOrVersion) {
    EXPECT_EQ(faults_of([](Response& r) { r.questionnaire.id = {"OTHER"}; }), "questionnaire|");
    EXPECT_EQ(faults_of([](Response& r) { r.questionnaire.version = 4; }), "questionnaire|");
}

TEST(InvalidResponse, ThatFinishesBeforeItStarts) {
    EXPECT_EQ(faults_of([](Response& r) { r.finished.monotonic = r.started.monotonic - milliseconds{1}; }),
              "finished.monotonic_ms|");
}

TEST(InvalidResponse, WithAnItemThatIsNotAsked) {
    EXPECT_EQ(faults_of([](Response& r) { r.answers.push_back({{"nothing"}, {"1"}, {}}); }), "answers[7].item|");
}

TEST(InvalidResponse, WithTwoAnswersToAnItem) {
    EXPECT_EQ(faults_of([](Response& r) { r.answers.push_back({{"who"}, {"person"}, {}}); }), "answers[7].item|");
}

TEST(InvalidResponse, WithAnUnknownOption) {
    EXPECT_EQ(faults_of([](Response& r) { answer(r, "overall").values = {"0"}; }), "answers[0].values[0]|answers[2]|")
        << "and the reason is not shown after it";
    EXPECT_EQ(faults_of([](Response& r) {
                  answer(r, "reason").values = {"wait", "weather"};
              }),
              "answers[2].values[1]|");
    EXPECT_EQ(faults_of([](Response& r) { answer(r, "who").values = {"Person"}; }), "answers[6].values[0]|");
}

TEST(InvalidResponse, WithAnOptionTwice) {
    EXPECT_EQ(faults_of([](Response& r) { answer(r, "reason").values = {"wait", "wait"}; }), "answers[2].values[1]|");
}

TEST(InvalidResponse, WithMoreOptionsThanTheItemTakes) {
    EXPECT_EQ(faults_of([](Response& r) {
                  answer(r, "reason").values = {"wait", "fee", "other"};
              }),
              "answers[2].values|");
    EXPECT_EQ(faults_of([](Response& r) { answer(r, "who").values = {"person", "business"}; }), "answers[6].values|");
    EXPECT_EQ(faults_of([](Response& r) { answer(r, "overall").values = {"2", "1"}; }), "answers[0].values|");
}

TEST(InvalidResponse, WithAnEmptyAnswer) {
    EXPECT_EQ(faults_of([](Response& r) { answer(r, "who").values.clear(); }), "answers[6].values|");
    EXPECT_EQ(faults_of([](Response& r) { answer(r, "reason").values.clear(); }), "answers[2].values|");
}

TEST(InvalidResponse, WithTextWhereOptionsBelong) {
    EXPECT_EQ(faults_of([](Response& r) { answer(r, "who").text = sha256("x"); }), "answers[6].text|");
    EXPECT_EQ(faults_of([](Response& r) {
                  answer(r, "who").text = sha256("x");
                  answer(r, "who").values.clear();
              }),
              "answers[6].text|answers[6].values|");
}

TEST(InvalidResponse, WithOptionsWhereTextBelongs) {
    EXPECT_EQ(faults_of([](Response& r) { answer(r, "phone").values = {"0912345678"}; }), "answers[5]|");
    EXPECT_EQ(faults_of([](Response& r) { answer(r, "phone").text = {}; }), "answers[5]|");
}

TEST(InvalidResponse, ThatAnswersWhoServed) {
    EXPECT_EQ(faults_of([](Response& r) { r.answers.push_back({{"counter"}, {"TP"}, {}}); }), "answers[7]|");
    EXPECT_EQ(faults_of([](Response& r) { r.answers.push_back({{"officer"}, {"tp-01"}, {}}); }), "answers[7]|");
}

TEST(InvalidResponse, WithAnAnswerToWhatWasNotShown) {
    EXPECT_EQ(faults_of([](Response& r) { answer(r, "overall").values = {"5"}; }), "answers[2]|") << "show_if";
    EXPECT_EQ(faults_of([](Response& r) { r.context.officer = {}; }), "answers[1]|") << "about the officer";
    EXPECT_EQ(faults_of([](Response& r) { answer(r, "reply").values = {"no"}; }), "answers[4]|answers[5]|")
        << "opens_items";
}

TEST(InvalidResponse, WithoutARequiredAnswer) {
    EXPECT_EQ(faults_of([](Response& r) {
                  drop(r, "overall");
                  drop(r, "reason");
              }),
              "answers|");
    EXPECT_EQ(faults_of([](Response& r) { drop(r, "phone"); }), "answers|") << "required_if";
    EXPECT_EQ(faults_of([](Response& r) {
                  drop(r, "phone");
                  drop(r, "agree");
              }),
              "answers|answers|");
    EXPECT_EQ(faults_of([](Response& r) {
                  drop(r, "phone");
                  r.complete = false;
              }),
              "")
        << "a visitor may leave";
}

TEST(InvalidResponse, NamesTheItemThatIsNotAnswered) {
    Response response = sample_response();
    drop(response, "phone");
    const Faults faults = validate(response, sample_form());
    ASSERT_EQ(faults.size(), 1u);
    EXPECT_NE(faults[0].what.find("\"phone\""), std::string::npos);
}

TEST(InvalidResponse, ReportsEveryFaultAtOnce) {
    EXPECT_EQ(faults_of([](Response& r) {
                  r.finished.monotonic = MonoTime{};
                  answer(r, "who").values = {"nobody"};
                  r.answers.push_back({{"nothing"}, {"1"}, {}});
                  drop(r, "phone");
              }),
              "finished.monotonic_ms|answers[5].values[0]|answers[6].item|answers|");
}

TEST(AnswerTo, IsNullWhenNotAnswered) {
    const Response response = sample_response();
    ASSERT_NE(answer_to(response.answers, {"reason"}), nullptr);
    EXPECT_EQ(answer_to(response.answers, {"reason"})->values.size(), 2u);
    EXPECT_EQ(answer_to(response.answers, {"text"}), nullptr);
    EXPECT_EQ(answer_to({}, {"overall"}), nullptr);
}

RC_GTEST_PROP(RandomVisit, IsAlwaysValid, ()) {
    const Questionnaire form = sample_form();
    const Faults faults = validate(any_visit(form), form);
    RC_ASSERT(describe(faults) == std::string());
}

// One answer given that was not asked for, one option that does not exist, one required answer left out: each is found.
RC_GTEST_PROP(RandomVisit, IsInvalidOnceSpoiled, ()) {
    const Questionnaire form = sample_form();
    Response response = any_visit(form);
    switch (*rc::gen::inRange(0, 3)) {
        case 0:
            response.answers.push_back({{"nothing"}, {"1"}, {}});
            break;
        case 1:
            RC_PRE(!response.answers.empty());
            response.answers[*rc::gen::inRange<std::size_t>(0, response.answers.size())].values.emplace_back(
                "no_such_option");
            break;
        default:
            response.complete = true;
            std::erase_if(response.answers, [](const Answer& answer) { return answer.item.text == "overall"; });
    }
    RC_ASSERT(!validate(response, form).empty());
}

}  // namespace
}  // namespace hailong::survey
