#include "survey/center.h"

#include <string>

#include <gtest/gtest.h>

#include "survey/base/json.h"
#include "tests/survey/broken_json.h"

namespace hailong::survey {
namespace {

namespace json = boost::json;

constexpr std::string_view kCenter = R"({
  "format": 1, "id": "binh-minh", "name": {"vi": "Trung tâm", "en": "Center"}, "parent": {"vi": "UBND", "en": "Committee"},
  "questionnaire": "WARD5", "feedback": "FEEDBACK", "headline": "overall", "objective": {"more_than_percent": 85}, "periods": {"cut_off_day": 14},
  "officer_n_min": 12,
  "counters": [{"id": "TP", "number": 1, "name": {"vi": "Quầy Tư pháp", "en": "Justice"},
                "short_name": {"vi": "Tư pháp", "en": "Justice"}},
               {"id": "DD", "number": 2, "name": {"vi": "Quầy Đất đai", "en": "Land"},
                "short_name": {"vi": "Đất đai", "en": "Land"}}],
  "officers": [{"id": "tp-01", "name": "Nguyễn Thị Hà", "post": {"vi": "Công chức", "en": "Officer"}, "counter": "TP",
                "portrait": 15, "active": false},
               {"id": "dd-01", "name": "Trần Văn Lâm", "post": {"vi": "Công chức", "en": "Officer"}, "counter": "DD"}],
  "fields": [{"id": "ho-tich", "name": {"vi": "Hộ tịch", "en": "Civil status"}}],
  "procedures": [{"id": "p-001", "code": "1.001193", "name": {"vi": "Khai sinh", "en": "Birth"}, "field": "ho-tich",
                  "counter": "TP"},
                 {"id": "p-002", "code": null, "name": {"vi": "Khai tử", "en": "Death"}, "field": "ho-tich", "counter": "TP"}],
  "tickets": [{"prefix": "TP", "counter": "TP"}, {"prefix": "D", "counter": "TP"}],
  "actions": [{"said": {"vi": "Chờ lâu", "en": "Long waits"}, "done": {"vi": "Thêm một quầy", "en": "One counter more"},
               "on": "2026-10-05"}]
})";

TEST(CenterFile, IsReadWithEveryMember) {
    const auto center = parse_center(kCenter);
    ASSERT_TRUE(center) << describe(center.error());
    EXPECT_EQ(center->id, CenterId{"binh-minh"});
    EXPECT_EQ(center->name, (LocalizedText{"Trung tâm", "Center"}));
    EXPECT_EQ(center->parent, (LocalizedText{"UBND", "Committee"}));
    EXPECT_EQ(center->questionnaire, QuestionnaireId{"WARD5"});
    EXPECT_EQ(center->feedback, QuestionnaireId{"FEEDBACK"});
    EXPECT_EQ(center->tickets, (std::vector<TicketRule>{{"TP", {"TP"}, {}}, {"D", {"TP"}, {}}}));
    EXPECT_EQ(center->headline, ItemId{"overall"});
    EXPECT_EQ(center->settings.first.objective, Objective{85});
    EXPECT_EQ(center->periods, PeriodScheme{14});
    EXPECT_EQ(center->settings.first.officer_n_min, 12);
    ASSERT_NE(center->counter({"DD"}), nullptr);
    EXPECT_EQ(*center->counter({"DD"}), (Counter{{"DD"}, {"Quầy Đất đai", "Land"}, {"Đất đai", "Land"}, 2}));
    ASSERT_NE(center->officer({"tp-01"}), nullptr);
    EXPECT_EQ(*center->officer({"tp-01"}),
              (Officer{{"tp-01"}, "Nguyễn Thị Hà", {"Công chức", "Officer"}, {"TP"}, 15, false}));
    EXPECT_EQ(center->officer({"dd-01"})->portrait, 0);
    EXPECT_TRUE(center->officer({"dd-01"})->active);
    EXPECT_EQ(center->field({"ho-tich"})->name.en, "Civil status");
    EXPECT_EQ(center->procedure({"p-001"})->code, "1.001193");
    EXPECT_EQ(center->procedure({"p-002"})->code, "") << "a code that was not verified is none";
    EXPECT_EQ(center->actions, (std::vector<Action>{{{"Chờ lâu", "Long waits"},
                                                     {"Thêm một quầy", "One counter more"},
                                                     Date{std::chrono::year{2026} / 10 / 5}}}));
}

TEST(CenterFile, HasDefaultsForWhatAPlanSeldomChanges) {
    json::value value = parse_json(kCenter).value();
    for (const char* key : {"objective", "periods", "officer_n_min", "feedback", "tickets", "actions"})
        value.as_object().erase(key);
    const auto center = parse_center(json::serialize(value));
    ASSERT_TRUE(center) << describe(center.error());
    EXPECT_EQ(center->settings.first.objective, Objective{90});
    EXPECT_EQ(center->periods, PeriodScheme{0});
    EXPECT_EQ(center->settings.first.officer_n_min, 10);
    EXPECT_TRUE(center->feedback.empty()) << "none is offered";
    EXPECT_TRUE(center->tickets.empty());
}

TEST(CenterFile, MayNameTheProcedureOfAQueue) {
    json::value value = parse_json(kCenter).value();
    value.at_pointer("/tickets/1").as_object()["procedure"] = "p-001";
    const auto center = parse_center(json::serialize(value));
    ASSERT_TRUE(center) << describe(center.error());
    EXPECT_EQ(center->tickets.at(1), (TicketRule{"D", {"TP"}, {"p-001"}}));
}

TEST(Center, KnowsNoOneElse) {
    const Center center = parse_center(kCenter).value();
    EXPECT_EQ(center.counter({"XX"}), nullptr);
    EXPECT_EQ(center.officer({""}), nullptr);
    EXPECT_EQ(center.field({"x"}), nullptr);
    EXPECT_EQ(center.procedure({"x"}), nullptr);
}

class BrokenCenter : public testing::TestWithParam<Break> {};

TEST_P(BrokenCenter, IsRefusedWithThePlaceOfItsFault) {
    const Break& b = GetParam();
    const auto center = parse_center(broken(kCenter, b));
    ASSERT_FALSE(center);
    ASSERT_EQ(center.error().size(), 1u) << describe(center.error());
    EXPECT_EQ(center.error()[0].place, b.place);
    EXPECT_NE(center.error()[0].what.find(b.what), std::string::npos) << describe(center.error());
    EXPECT_FALSE(center.error()[0].remedy.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Center, BrokenCenter,
    testing::Values(
        Break{"", "format", "", "format", "is missing"}, Break{"", "format", "2", "format", "formats up to 1"},
        Break{"", "id", "\"bình minh\"", "id", "not an identifier"}, Break{"", "name", "", "name", "is missing"},
        Break{"/name", "en", "", "name.en", "is missing"}, Break{"", "parent", "1", "parent", "not an object"},
        Break{"", "questionnaire", "", "questionnaire", "is missing"},
        Break{"", "headline", "", "headline", "is missing"},
        Break{"/objective", "more_than_percent", "101", "objective.more_than_percent", "0 to 100"},
        Break{"", "objective", "90", "objective", "not an object"},
        Break{"/periods", "cut_off_day", "29", "periods.cut_off_day", "0 to 28"},
        Break{"", "officer_n_min", "0", "officer_n_min", "whole number"},
        Break{"", "officers", "{}", "officers", "not a list"}, Break{"", "procedures", "", "procedures", "is missing"},
        Break{"/counters/1", "number", "\"2\"", "counters[1].number", "whole number"},
        Break{"/counters/1", "name", "", "counters[1].name", "is missing"},
        Break{"/counters/1", "short_name", "", "counters[1].short_name", "is missing"},
        Break{"/officers/1", "id", "\"tp-01\"", "officers[1].id", "stands twice"},
        Break{"/officers/1", "name", "", "officers[1].name", "is missing"},
        Break{"/officers/1", "post", "\"x\"", "officers[1].post", "not an object"},
        Break{"/officers/1", "counter", "\"XX\"", "officers[1].counter", "no counter \"XX\""},
        Break{"/officers/1", "portrait", "16", "officers[1].portrait", "0 to 15"},
        Break{"/officers/1", "active", "0", "officers[1].active", "neither true nor false"},
        Break{"/procedures/1", "id", "\"p-001\"", "procedures[1].id", "stands twice"},
        Break{"/procedures/1", "code", "1", "procedures[1].code", "not text"},
        Break{"/procedures/1", "field", "\"x\"", "procedures[1].field", "no field \"x\""},
        Break{"/procedures/1", "counter", "\"x\"", "procedures[1].counter", "no counter \"x\""},
        Break{"", "feedback", "\"góp ý\"", "feedback", "not an identifier"},
        Break{"", "tickets", "{}", "tickets", "not a list"},
        Break{"/tickets/1", "prefix", "\"tp\"", "tickets[1].prefix", "stands twice"},
        Break{"/tickets/1", "prefix", "\"A23456789-1234567\"", "tickets[1].prefix", "longer than 16"},
        Break{"/tickets/1", "prefix", "\"T_P\"", "tickets[1].prefix", "parts the words"},
        Break{"/tickets/1", "prefix", "\"số\"", "tickets[1].prefix", "not an identifier"},
        Break{"/tickets/1", "counter", "\"x\"", "tickets[1].counter", "no counter \"x\""},
        Break{"/tickets/0", "procedure", "\"x\"", "tickets[0].procedure", "no procedure \"x\""},
        Break{"", "actions", "{}", "actions", "not a list"}, Break{"", "actions", "[1]", "actions[0]", "not an object"},
        Break{"/actions/0", "said", "", "actions[0].said", "is missing"},
        Break{"/actions/0/done", "en", "", "actions[0].done.en", "is missing"},
        Break{"/actions/0/said", "vi", "\"\"", "actions[0].said.vi", "is empty"},
        Break{"/actions/0", "on", "", "actions[0].on", "is missing"},
        Break{"/actions/0", "on", "\"2026-02-30\"", "actions[0].on", "no day"},
        Break{"/actions/0", "on", "\"05/10/2026\"", "actions[0].on", "no day"}));

TEST(BrokenCenterFile, NamesWhatStandsTwiceAmongCountersAndFields) {
    json::value value = parse_json(kCenter).value();
    value.at_pointer("/counters/1").as_object()["id"] = "TP";
    value.at("fields").as_array().push_back(value.at_pointer("/fields/0"));
    std::string places;
    const auto center = parse_center(json::serialize(value));
    ASSERT_FALSE(center);
    for (const Fault& fault : center.error())
        places += fault.place + "|";
    EXPECT_EQ(places, "counters[1].id|fields[1].id|officers[1].counter|");
}

TEST(BrokenCenterFile, NamesAMissingListBeforeThoseWhoMissIt) {
    for (const char* list : {"counters", "fields"}) {
        json::value value = parse_json(kCenter).value();
        value.as_object().erase(list);
        const auto center = parse_center(json::serialize(value));
        ASSERT_FALSE(center);
        EXPECT_EQ(center.error().front().place, list);
        EXPECT_EQ(center.error().front().what, "is missing");
    }
}

TEST(BrokenCenterFile, IsRefusedAtEveryTruncation) {
    for (std::size_t size = 0; size < kCenter.size() - 1; ++size)
        ASSERT_FALSE(parse_center(kCenter.substr(0, size))) << size;
}

TEST(CenterLimits, OfActionsAreKept) {
    const auto with = [](std::size_t count, std::size_t characters) {
        json::value value = parse_json(kCenter).value();
        json::array& actions = value.at("actions").as_array();
        const json::value first = actions.at(0);
        actions.resize(count, first);
        // Characters, not bytes: this one takes three.
        std::string words;
        for (std::size_t i = 0; i < characters; ++i)
            words += "ậ";
        for (json::value& action : actions)
            action.at_pointer("/said").as_object()["vi"] = words;
        return parse_center(json::serialize(value));
    };
    EXPECT_TRUE(with(kActionsMax, kActionCharactersMax));
    ASSERT_FALSE(with(kActionsMax + 1, kActionCharactersMax));
    EXPECT_EQ(with(kActionsMax + 1, kActionCharactersMax).error().at(0).place, "actions");
    ASSERT_FALSE(with(1, kActionCharactersMax + 1));
    EXPECT_EQ(with(1, kActionCharactersMax + 1).error().at(0).place, "actions[0].said.vi");
}

TEST(CenterLimits, AreKept) {
    const auto with = [](const char* list, std::size_t count) {
        json::value value = parse_json(kCenter).value();
        const json::object first = value.at(list).as_array().at(0).as_object();
        json::array& entries = value.at(list).as_array();
        while (entries.size() < count) {
            json::object entry = first;
            entry["id"] = "more-" + std::to_string(entries.size());
            entries.push_back(std::move(entry));
        }
        return parse_center(json::serialize(value));
    };
    EXPECT_TRUE(with("counters", kCountersMax));
    EXPECT_FALSE(with("counters", kCountersMax + 1));
    EXPECT_TRUE(with("officers", kOfficersMax));
    ASSERT_FALSE(with("officers", kOfficersMax + 1));
    EXPECT_EQ(with("officers", kOfficersMax + 1).error().at(0).place, "officers");
    EXPECT_TRUE(with("procedures", kProceduresMax));
    EXPECT_FALSE(with("procedures", kProceduresMax + 1));
}

TEST(CenterLimits, AreKeptForTicketRules) {
    const auto with = [](std::size_t count) {
        json::value value = parse_json(kCenter).value();
        json::array& rules = value.at("tickets").as_array();
        while (rules.size() < count)
            rules.push_back({{"prefix", "Q" + std::to_string(rules.size())}, {"counter", "TP"}});
        return parse_center(json::serialize(value));
    };
    EXPECT_TRUE(with(kTicketRulesMax));
    ASSERT_FALSE(with(kTicketRulesMax + 1));
    EXPECT_EQ(with(kTicketRulesMax + 1).error().at(0).place, "tickets");
}

}  // namespace
}  // namespace hailong::survey
