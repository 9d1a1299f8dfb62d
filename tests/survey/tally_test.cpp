#include "survey/tally.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/survey/samples.h"

namespace hailong::survey {
namespace {

std::map<std::string, Tally> by_subject(const std::vector<Contribution>& contributions) {
    std::map<std::string, Tally> result;
    for (const Contribution& contribution : contributions) {
        const std::string key = std::string(name(contribution.subject.kind)) + "/" + contribution.subject.id;
        EXPECT_EQ(result.count(key), 0u) << key << " is added to twice";
        result[key] = contribution.tally;
    }
    return result;
}

std::string subjects(const std::map<std::string, Tally>& tallies) {
    std::string text;
    for (const auto& [key, tally] : tallies)
        text += key + " ";
    return text;
}

TEST(TallyText, NamesUncertainTimesOnlyWhenThereAreSome) {
    Tally tally;
    tally.responses = 7;
    EXPECT_EQ(to_text(tally), R"({"items":{},"responses":7})");
    tally.corrected = 1;
    tally.doubtful = 2;
    EXPECT_EQ(to_text(tally), R"({"corrected":1,"doubtful":2,"items":{},"responses":7})");
    EXPECT_EQ(parse_tally(to_text(tally)), tally);
    tally += tally;
    EXPECT_EQ(tally.corrected, 2);
    EXPECT_EQ(tally.doubtful, 4);
    EXPECT_FALSE(parse_tally(R"({"corrected":-1,"items":{},"responses":7})").has_value());
}

TEST(Contributions, GoToEverySubjectThatIsKnown) {
    const auto tallies = by_subject(contributions(sample_response(), sample_form()));
    EXPECT_EQ(subjects(tallies), "counter/TP field/ho-tich officer/tp-01 respondent/person visit/ ");
    const std::string all =
        R"({"items":{"agree":{"yes":1},"o_all":{"4":1},"overall":{"2":1},"reason":{"fee":1,"wait":1},)"
        R"("reply":{"phone":1},"who":{"person":1}},"responses":1})";
    EXPECT_EQ(to_text(tallies.at("visit/")), all);
    EXPECT_EQ(to_text(tallies.at("counter/TP")), all);
    EXPECT_EQ(to_text(tallies.at("field/ho-tich")), all);
    EXPECT_EQ(to_text(tallies.at("respondent/person")), all);
    EXPECT_EQ(to_text(tallies.at("officer/tp-01")), R"({"items":{"o_all":{"4":1}},"responses":1})")
        << "of what is said about others, an officer gets nothing";
}

TEST(Contributions, GoToTheVisitAloneWhenNothingElseIsKnown) {
    Response response = sample_response();
    response.context = {};
    response.answers = {{{"overall"}, {"5"}, {}}};
    EXPECT_EQ(subjects(by_subject(contributions(response, sample_form()))), "visit/ ");
}

TEST(Contributions, CountAVisitWithoutAnswers) {
    Response response = sample_response();
    response.answers.clear();
    const auto tallies = by_subject(contributions(response, sample_form()));
    EXPECT_EQ(subjects(tallies), "counter/TP field/ho-tich visit/ ");
    EXPECT_EQ(to_text(tallies.at("visit/")), R"({"items":{},"responses":1})");
}

TEST(Contributions, CountAVisitThatBeganWithATicketForThatToo) {
    Response response = sample_response();
    EXPECT_EQ(by_subject(contributions(response, sample_form())).count("began/scanned"), 0u) << "a walk-up";
    response.context.began = Began::scanned;
    const auto tallies = by_subject(contributions(response, sample_form()));
    ASSERT_EQ(tallies.count("began/scanned"), 1u);
    EXPECT_EQ(to_text(tallies.at("began/scanned")), to_text(tallies.at("visit/")));
}

TEST(Contributions, GiveAnOfficerWhoWasNotRatedNothing) {
    Response response = sample_response();
    std::erase_if(response.answers, [](const Answer& answer) { return answer.item.text == "o_all"; });
    const auto tallies = by_subject(contributions(response, sample_form()));
    EXPECT_EQ(tallies.count("officer/tp-01"), 0u);
}

TEST(Contributions, LeaveOutFreeWords) {
    Response response = sample_response();
    response.answers.push_back({{"text"}, {}, sha256("x")});
    EXPECT_EQ(to_text(by_subject(contributions(response, sample_form())).at("visit/")),
              to_text(by_subject(contributions(sample_response(), sample_form())).at("visit/")));
}

// The counts of a visit's subjects, computed again in the plainest way.
RC_GTEST_PROP(RandomVisitTally, CountsEveryChosenOptionOnce, ()) {
    const Questionnaire form = sample_form();
    const Response response = any_visit(form);
    std::map<std::string, std::int64_t> expected;
    for (const Answer& answer : response.answers) {
        for (const std::string& value : answer.values)
            expected[answer.item.text + "/" + value] += 1;
    }
    for (const Contribution& contribution : contributions(response, form)) {
        RC_ASSERT(contribution.tally.responses == 1);
        std::map<std::string, std::int64_t> counted;
        for (const auto& [item, options] : contribution.tally.items) {
            for (const auto& [option, number] : options)
                counted[item.text + "/" + option] = number;
        }
        if (contribution.subject.kind == SubjectKind::officer) {
            RC_ASSERT(contribution.subject.id == response.context.officer.text);
            for (const auto& [key, number] : counted)
                RC_ASSERT(key.rfind("o_all/", 0) == 0 && expected.at(key) == number);
        } else {
            RC_ASSERT(counted == expected);
        }
    }
}

// --- Adding up ----------------------------------------------------------------------------------------------------

Tally any_tally() {
    Tally tally;
    tally.responses = *rc::gen::inRange<std::int64_t>(0, 1'000'000);
    const int entries = *rc::gen::inRange(0, 8);
    for (int i = 0; i < entries; ++i) {
        const std::string item = *rc::gen::element<std::string>("overall", "o_all", "reason");
        const std::string option = *rc::gen::element<std::string>("1", "2", "5", "wait");
        tally.items[ItemId{item}][option] = *rc::gen::inRange<std::int64_t>(0, 1'000'000);
    }
    return tally;
}

Tally sum(Tally a, const Tally& b) {
    return a += b;
}

RC_GTEST_PROP(TallyAlgebra, AddsInAnyOrderAndGrouping, ()) {
    const Tally a = any_tally();
    const Tally b = any_tally();
    const Tally c = any_tally();
    RC_ASSERT(sum(a, b) == sum(b, a));
    RC_ASSERT(sum(sum(a, b), c) == sum(a, sum(b, c)));
    RC_ASSERT(sum(a, Tally{}) == a);
    RC_ASSERT(sum(Tally{}, a) == a);
}

RC_GTEST_PROP(TallyAlgebra, IsTheSameFromOneBatchOrMany, ()) {
    const Questionnaire form = sample_form();
    std::vector<Response> visits;
    const int count = *rc::gen::inRange(0, 20);
    for (int i = 0; i < count; ++i)
        visits.push_back(any_visit(form));
    const auto add_up = [&](const std::vector<Response>& responses) {
        std::map<Subject, Tally> totals;
        for (const Response& response : responses) {
            for (const Contribution& contribution : contributions(response, form)) {
                totals[contribution.subject] += contribution.tally;
            }
        }
        return totals;
    };
    const auto whole = add_up(visits);
    const auto half = visits.begin() + count / 2;
    std::map<Subject, Tally> parts = add_up({half, visits.end()});
    for (const auto& [subject, tally] : add_up({visits.begin(), half}))
        parts[subject] += tally;
    RC_ASSERT(parts == whole);
    std::reverse(visits.begin(), visits.end());
    RC_ASSERT(add_up(visits) == whole);
}

RC_GTEST_PROP(TallyText, ComesBack, ()) {
    const Tally tally = any_tally();
    const auto parsed = parse_tally(to_text(tally));
    RC_ASSERT(parsed.has_value());
    RC_ASSERT(*parsed == tally);
    RC_ASSERT(to_text(*parsed) == to_text(tally));
}

// A leading space is JSON as any other, and not the canonical text that is read the short way.
RC_GTEST_PROP(TallyText, IsReadTheSameTheShortWayAndAsAnyJson, ()) {
    std::string text = to_text(any_tally());
    const int changes = *rc::gen::inRange(0, 3);
    for (int i = 0; i < changes; ++i) {
        const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
        const char other =
            *rc::gen::oneOf(rc::gen::element('"', '\\', '-', '0', '9', '{', '}', ',', ':', ' ', '\xc3', '\n'),
                            rc::gen::element(text.at(*rc::gen::inRange<std::size_t>(0, text.size()))));
        text.at(at) = other;
    }
    const auto as_it_is = parse_tally(text);
    const auto as_any_json = parse_tally(" " + text);
    RC_ASSERT(as_it_is.has_value() == as_any_json.has_value());
    RC_ASSERT(!as_it_is || *as_it_is == *as_any_json);
}

TEST(TallyText, IsReadTheSameTheShortWayWhereItIsNearlyCanonical) {
    for (const char* text :
         {R"({"items":{},"responses":01})", R"({"items":{},"responses":-0})", R"({"items":{},"responses":})",
          R"({"items":{},"responses":1}x)", R"({"items":{},"responses":1)", R"({"items":{},"responses":1e2})",
          R"({"items":{"a":{"x":1,"x":2}},"responses":1})", R"({"items":{"b":{},"a":{}},"responses":1})",
          R"({"items":{"a":{"\u0031":1}},"responses":1})", R"({"items":{"a":{"x":1,}},"responses":1})",
          R"({"corrected":0,"items":{},"responses":1})", R"({"corrected":1,"doubtful":2,"items":{},"responses":3})",
          R"({"doubtful":2,"corrected":1,"items":{},"responses":3})", R"({"items":{"":{"":7}},"responses":3})",
          R"({"items":{},"responses":9223372036854775808})", "{\"items\":{\"\xc3\":{}},\"responses\":1}"}) {
        const auto as_it_is = parse_tally(text);
        const auto as_any_json = parse_tally(std::string(" ") + text);
        ASSERT_EQ(as_it_is.has_value(), as_any_json.has_value()) << text;
        EXPECT_TRUE(!as_it_is || *as_it_is == *as_any_json) << text;
    }
}

TEST(TallyText, IsCanonical) {
    Tally tally;
    tally.responses = 12;
    tally.items[{"overall"}] = {{"5", 10}, {"1", 2}};
    tally.items[{"o_all"}] = {};
    EXPECT_EQ(to_text(tally), R"({"items":{"o_all":{},"overall":{"1":2,"5":10}},"responses":12})");
    EXPECT_EQ(to_text(Tally{}), R"({"items":{},"responses":0})");
}

TEST(TallyText, IsRefusedWithThePlaceOfItsFault) {
    const auto place = [](const char* text) {
        const auto parsed = parse_tally(text);
        return parsed ? std::string("none") : parsed.error().at(0).place;
    };
    EXPECT_EQ(place("{"), "byte 1");
    EXPECT_EQ(place("[]"), "");
    EXPECT_EQ(place(R"({"items":{}})"), "responses");
    EXPECT_EQ(place(R"({"responses":1})"), "items");
    EXPECT_EQ(place(R"({"items":[],"responses":1})"), "items");
    EXPECT_EQ(place(R"({"items":{"overall":5},"responses":1})"), "items.overall");
    EXPECT_EQ(place(R"({"items":{"overall":{"5":"1"}},"responses":1})"), "items.overall.5");
    EXPECT_EQ(place(R"({"items":{"overall":{"5":-1}},"responses":1})"), "items.overall.5");
    EXPECT_EQ(place(R"({"items":{},"responses":-1})"), "responses");
    EXPECT_EQ(place(R"({"items":{},"responses":1000000000000001})"), "responses");
}

// --- Names and counts ---------------------------------------------------------------------------------------------

TEST(SubjectKindName, ComesBack) {
    const std::pair<SubjectKind, const char*> kinds[] = {
        {SubjectKind::visit, "visit"},     {SubjectKind::counter, "counter"},       {SubjectKind::field, "field"},
        {SubjectKind::officer, "officer"}, {SubjectKind::respondent, "respondent"}, {SubjectKind::began, "began"}};
    for (const auto& [kind, text] : kinds) {
        EXPECT_EQ(name(kind), text);
        EXPECT_EQ(parse_subject_kind(text), kind);
    }
    EXPECT_FALSE(parse_subject_kind(""));
    EXPECT_FALSE(parse_subject_kind("Visit"));
}

TEST(CountOfAnItem, SeparatesSatisfiedValidAndExcluded) {
    const Item overall = *sample_form().item({"overall"});
    const ItemCounts counts = count(overall, {{"5", 10}, {"4", 20}, {"3", 5}, {"1", 1}, {"na", 7}});
    EXPECT_EQ(counts.satisfied, 30);
    EXPECT_EQ(counts.valid, 36);
    EXPECT_EQ(counts.excluded, 7);
}

TEST(CountOfAnItem, LeavesOutOptionsThatTheItemDoesNotHave) {
    const Item overall = *sample_form().item({"overall"});
    const ItemCounts counts = count(overall, {{"6", 10}, {"5", 1}});
    EXPECT_EQ(counts.satisfied, 1);
    EXPECT_EQ(counts.valid, 1);
    EXPECT_EQ(counts.excluded, 0);
    EXPECT_EQ(count(overall, {}).valid, 0);
}

TEST(TallySubtract, LeavesWhatWasThereBefore) {
    const Tally less{1, 1, 0, {{{"overall"}, {{"5", 1}}}}};
    for (const Tally& before :
         {Tally{}, Tally{3, 1, 1, {{{"overall"}, {{"4", 1}, {"5", 2}}}, {{"o_all"}, {{"5", 1}}}}}}) {
        Tally tally = before;
        tally += less;
        EXPECT_TRUE(subtract(tally, less));
        EXPECT_EQ(tally, before);
    }
}

TEST(TallySubtract, RefusesWhatWasNeverAdded) {
    const Tally before{2, 0, 1, {{{"overall"}, {{"5", 2}}}}};
    for (const Tally& less :
         {Tally{3, 0, 0, {}}, Tally{1, 1, 0, {}}, Tally{1, 0, 2, {}}, Tally{1, 0, 0, {{{"overall"}, {{"5", 3}}}}},
          Tally{1, 0, 0, {{{"overall"}, {{"4", 1}}}}}, Tally{1, 0, 0, {{{"other"}, {{"5", 1}}}}}}) {
        Tally tally = before;
        EXPECT_FALSE(subtract(tally, less));
        EXPECT_EQ(tally, before);
    }
}

}  // namespace
}  // namespace hailong::survey
