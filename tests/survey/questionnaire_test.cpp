#include "survey/questionnaire.h"

#include <functional>
#include <string>

#include <gtest/gtest.h>

#include "survey/base/json.h"
#include "tests/survey/broken_json.h"
#include "tests/survey/samples.h"

namespace hailong::survey {
namespace {

namespace json = boost::json;

// --- What is read -------------------------------------------------------------------------------------------------

TEST(Questionnaire, IsReadWithEveryMember) {
    const Questionnaire form = sample_form();
    EXPECT_EQ(form.ref, (QuestionnaireRef{{"SAMPLE"}, 3}));
    EXPECT_EQ(form.name, (LocalizedText{"Mẫu", "Sample"}));
    EXPECT_EQ(form.basis, "nothing");
    EXPECT_EQ(form.effective_from, parse_date("2026-01-01"));
    EXPECT_FALSE(form.effective_to);
    ASSERT_EQ(form.factors.size(), 1u);
    EXPECT_EQ(form.factors[0].id, "staff");
    ASSERT_EQ(form.items.size(), 11u);

    const Item& overall = *form.item({"overall"});
    EXPECT_EQ(overall.type, ItemType::scale);
    EXPECT_TRUE(overall.required);
    ASSERT_EQ(overall.options.size(), 6u);
    EXPECT_EQ(overall.options[0].level, 5);
    EXPECT_TRUE(overall.options[0].satisfied);
    EXPECT_EQ(overall.options[0].icon, "face_5");
    EXPECT_TRUE(overall.options[1].satisfied);
    EXPECT_FALSE(overall.options[2].satisfied);
    EXPECT_TRUE(overall.options[5].excluded);
    EXPECT_FALSE(overall.options[5].level);

    EXPECT_EQ(form.item({"o_all"})->about, About::officer);
    EXPECT_EQ(form.item({"o_all"})->factor, "staff");
    EXPECT_EQ(form.item({"o_all"})->options, overall.options);

    const Item& reason = *form.item({"reason"});
    EXPECT_EQ(reason.choices_max, 2);
    EXPECT_EQ(reason.show_if, (Condition{{"overall"}, Operator::at_most, {"3"}}));
    EXPECT_EQ(reason.option("other")->opens, QuestionnaireId{"FEEDBACK"});
    EXPECT_TRUE(reason.option("other")->alert);

    const Item& points = *form.item({"i1"});
    EXPECT_EQ(points.type, ItemType::points);
    EXPECT_EQ(points.index, 1);
    EXPECT_TRUE(points.feeds_index);
    EXPECT_EQ(points.option("2")->points, 2);
    EXPECT_FALSE(points.option("na")->points);

    const Item& reply = *form.item({"reply"});
    EXPECT_TRUE(reply.sensitive);
    EXPECT_EQ(reply.option("no")->route, "internal");
    EXPECT_EQ(reply.option("phone")->opens_items, (std::vector<ItemId>{{"agree"}, {"phone"}}));
    EXPECT_EQ(reply.option("phone")->message, (LocalizedText{"Xin cảm ơn", "Thank you"}));

    EXPECT_EQ(form.item({"agree"})->required_if, (Condition{{"reply"}, Operator::any_of, {"phone"}}));
    EXPECT_EQ(form.item({"phone"})->pattern, "^0[0-9]{9}$");
    EXPECT_TRUE(form.item({"phone"})->personal_data);
    EXPECT_EQ(form.item({"text"})->chars_max, 500);
    EXPECT_EQ(form.item({"text"})->hint, (LocalizedText{"Ngắn", "Short"}));
    EXPECT_EQ(form.item({"who"})->role, "respondent_kind");
}

TEST(Questionnaire, KnowsNoOtherItemsAndOptions) {
    const Questionnaire form = sample_form();
    EXPECT_EQ(form.item({"nothing"}), nullptr);
    EXPECT_EQ(form.item({"overall"})->option("6"), nullptr);
    EXPECT_EQ(form.item({"overall"})->option(""), nullptr);
}

TEST(Questionnaire, ReadsEveryOperator) {
    const std::pair<const char*, Operator> operators[] = {
        {"=", Operator::equal},   {"!=", Operator::not_equal}, {"<", Operator::less},   {"<=", Operator::at_most},
        {">", Operator::greater}, {">=", Operator::at_least},  {"in", Operator::any_of}};
    for (const auto& [text, op] : operators) {
        json::value form = parse_json(kSampleForm).value();
        form.at_pointer("/items/4/show_if").as_object()["op"] = text;
        if (op == Operator::any_of) form.at_pointer("/items/4/show_if").as_object()["value"] = json::array{"2", "3"};
        const auto parsed = parse_questionnaire(json::serialize(form));
        ASSERT_TRUE(parsed) << describe(parsed.error());
        EXPECT_EQ(parsed->item({"reason"})->show_if->op, op) << text;
    }
}

TEST(Questionnaire, IgnoresMembersItDoesNotKnow) {
    json::value form = parse_json(kSampleForm).value();
    form.as_object()["later"] = {{"x", 1}};
    form.at_pointer("/items/0").as_object()["later"] = 1;
    form.at_pointer("/scales/sat5/0").as_object()["later"] = "x";
    const auto parsed = parse_questionnaire(json::serialize(form));
    ASSERT_TRUE(parsed) << describe(parsed.error());
    EXPECT_EQ(*parsed, sample_form());
}

TEST(ItemTypeName, IsWhatAFileSays) {
    EXPECT_EQ(name(ItemType::scale), "scale");
    EXPECT_EQ(name(ItemType::points), "points");
    EXPECT_EQ(name(ItemType::single), "single");
    EXPECT_EQ(name(ItemType::multi), "multi");
    EXPECT_EQ(name(ItemType::text), "text");
    EXPECT_EQ(name(ItemType::phone), "phone");
    EXPECT_EQ(name(ItemType::consent), "consent");
    EXPECT_EQ(name(ItemType::counter), "counter");
    EXPECT_EQ(name(ItemType::officer), "officer");
}

// --- Every fault has its place ------------------------------------------------------------------------------------

class BrokenForm : public testing::TestWithParam<Break> {};

TEST_P(BrokenForm, IsRefusedWithThePlaceOfItsFault) {
    const Break& b = GetParam();
    const auto parsed = parse_questionnaire(broken(kSampleForm, b));
    ASSERT_FALSE(parsed);
    bool found = false;
    for (const Fault& fault : parsed.error()) {
        found = found || (fault.place == b.place && fault.what.find(b.what) != std::string::npos);
        EXPECT_FALSE(fault.what.empty());
        EXPECT_FALSE(fault.remedy.empty());
    }
    EXPECT_TRUE(found) << "wanted " << b.place << ": " << b.what << "\nfound\n" << describe(parsed.error());
    EXPECT_EQ(parsed.error().size(), 1u) << describe(parsed.error());
}

INSTANTIATE_TEST_SUITE_P(
    Whole, BrokenForm,
    testing::Values(
        Break{"", "format", "", "format", "is missing"}, Break{"", "format", "2", "format", "formats up to 1"},
        Break{"", "format", "\"1\"", "format", "whole number"}, Break{"", "id", "", "id", "is missing"},
        Break{"", "id", "\"a b\"", "id", "not an identifier"}, Break{"", "version", "", "version", "is missing"},
        Break{"", "version", "0", "version", "whole number"}, Break{"", "version", "1.5", "version", "whole number"},
        Break{"", "effective_from", "", "effective_from", "is missing"},
        Break{"", "effective_from", "\"2026-02-30\"", "effective_from", "not a day"},
        Break{"", "effective_from", "\"01/01/2026\"", "effective_from", "not a day"},
        Break{"", "effective_to", "\"soon\"", "effective_to", "not a day"},
        Break{"", "effective_to", "\"2025-12-31\"", "effective_to", "before effective_from"},
        Break{"", "name", "", "name", "is missing"}, Break{"", "name", "\"x\"", "name", "not an object"},
        Break{"/name", "en", "", "name.en", "is missing"}, Break{"/name", "vi", "\"\"", "name.vi", "is empty"},
        Break{"", "basis", "1", "basis", "not text"}, Break{"", "items", "", "items", "is missing"},
        Break{"", "items", "[]", "items", "is empty"}, Break{"", "items", "{}", "items", "not a list"},

        Break{"/factors/0/name", "vi", "", "factors[0].name.vi", "is missing"}));

INSTANTIATE_TEST_SUITE_P(
    Items, BrokenForm,
    testing::Values(Break{"/items/10", "id", "", "items[10].id", "is missing"},
                    Break{"/items/10", "id", "\"nửa\"", "items[10].id", "not an identifier"},
                    Break{"/items/10", "id", "\"text\"", "items[10].id", "stands twice"},
                    Break{"/items/10", "type", "", "items[10].type", "is missing"},
                    Break{"/items/10", "type", "\"slider\"", "items[10].type", "not a type"},
                    Break{"/items/10", "about", "\"weather\"", "items[10].about", "nothing an item can be about"},
                    Break{"/items/10", "text", "", "items[10].text", "is missing"},
                    Break{"/items/10/text", "en", "", "items[10].text.en", "is missing"},
                    Break{"/items/9/hint", "vi", "\"\"", "items[9].hint.vi", "is empty"},
                    Break{"/items/10", "required", "\"yes\"", "items[10].required", "neither true nor false"},
                    Break{"/items/10", "options", "", "items[10].options", "either options or a scale"},
                    Break{"/items/10", "scale", "\"sat5\"", "items[10].options", "either options or a scale"},
                    Break{"/items/10", "options", "[]", "items[10].options", "is empty"},
                    Break{"/items/10", "options", "{}", "items[10].options", "not a list"},
                    Break{"/items/3", "scale", "\"sat7\"", "items[3].scale", "no scale \"sat7\""},
                    Break{"/items/9", "scale", "\"sat5\"", "items[9].scale", "has no options"},
                    Break{"/items/1", "options", "[]", "items[1].options", "has no options"},
                    Break{"/items/10", "choices_max", "1", "items[10].choices_max", "only a multi item"},
                    Break{"/items/4", "choices_max", "0", "items[4].choices_max", "whole number"},
                    Break{"/items/9", "chars_max", "10001", "items[9].chars_max", "whole number"},
                    Break{"/items/8", "pattern", "\"(\"", "items[8].pattern", "not a regular expression"},
                    Break{"/items/3", "factor", "\"nobody\"", "items[3].factor", "no factor \"nobody\""},
                    Break{"/items/5", "index", "10", "items[5].index", "whole number"}));

INSTANTIATE_TEST_SUITE_P(
    Options, BrokenForm,
    testing::Values(
        Break{"/items/10/options/1", "value", "", "items[10].options[1].value", "is missing"},
        Break{"/items/10/options/1", "value", "5", "items[10].options[1].value", "not text"},
        Break{"/items/10/options/1", "value", "\"person\"", "items[10].options[1].value", "stands twice"},
        Break{"/items/10/options/1", "label", "", "items[10].options[1].label", "is missing"},
        Break{"/items/10/options/1", "satisfied", "1", "items[10].options[1].satisfied", "neither true nor false"},
        Break{"/items/5/options/2", "satisfied", "true", "items[5].options[2].excluded", "both satisfied and excluded"},
        Break{"/items/10/options/1", "opens_items", "[1]", "items[10].options[1].opens_items", "other than text"},
        Break{"/items/10/options/1", "opens_items", "[\"text\"]", "items[10].options[1].opens_items",
              "not asked after"}));

INSTANTIATE_TEST_SUITE_P(
    Conditions, BrokenForm,
    testing::Values(Break{"/items/4/show_if", "item", "\"i1\"", "items[4].show_if.item", "not asked before"},
                    Break{"/items/4/show_if", "item", "\"reason\"", "items[4].show_if.item", "not asked before"},
                    Break{"/items/4/show_if", "item", "\"nothing\"", "items[4].show_if.item", "not asked before"},
                    Break{"/items/4/show_if", "op", "\"~\"", "items[4].show_if.op", "not an operator"},
                    Break{"/items/4/show_if", "op", "", "items[4].show_if.op", "is missing"},
                    Break{"/items/4/show_if", "value", "\"6\"", "items[4].show_if.value", "not an answer"},
                    Break{"/items/4/show_if", "value", "3", "items[4].show_if.value", "not text"},
                    Break{"/items/4/show_if", "value", "\"na\"", "items[4].show_if.value", "no level"},
                    Break{"/items/7/required_if", "value", "\"phone\"", "items[7].required_if.value", "not a list"},
                    Break{"/items/7/required_if", "value", "[]", "items[7].required_if.value", "is empty"},
                    Break{"/items/7/required_if", "value", "[1]", "items[7].required_if.value", "other than text"},
                    Break{"/items/7/required_if", "value", "[\"post\"]", "items[7].required_if.value", "not an answer"},
                    Break{"/items/7", "required_if", "[]", "items[7].required_if", "not an object"}));

// What others refer to: the fault itself stands first, those who miss it follow.
TEST(BrokenScale, NamesTheItemsThatUseIt) {
    const auto places = [](const char* pointer, const char* key, const char* to) {
        std::string text;
        const auto parsed = parse_questionnaire(broken(kSampleForm, {pointer, key, to, ""}));
        if (parsed) return std::string("none");
        for (const Fault& fault : parsed.error())
            text += fault.place + "|";
        return text;
    };
    EXPECT_EQ(places("/scales/sat5/1", "level", ""), "items[0]|items[3]|");   // a level is missing
    EXPECT_EQ(places("/scales/sat5/1", "level", "5"), "items[0]|items[3]|");  // a level stands twice
    EXPECT_EQ(places("/scales/sat5/1", "level", "\"4\""), "scales.sat5[1].level|items[0]|items[3]|");
    EXPECT_EQ(places("", "scales", "[]"), "scales|items[0].scale|items[3].scale|items[4].show_if.value|");
    EXPECT_EQ(places("/factors/0", "id", ""), "factors[0].id|items[3].factor|");
    EXPECT_EQ(places("/scales/sat5/1", "value", "\"5\""), "scales.sat5[1].value|");
    EXPECT_EQ(places("/scales", "sat5", "[]"), "scales.sat5|items[4].show_if.value|");
}

TEST(BrokenQuestionnaire, ReportsEveryFaultAtOnce) {
    json::value form = parse_json(kSampleForm).value();
    form.as_object().erase("version");
    form.at_pointer("/items/0/text").as_object().erase("vi");
    form.at_pointer("/items/4/show_if").as_object()["item"] = "nothing";
    form.at_pointer("/items/10/options/0").as_object().erase("label");
    const auto parsed = parse_questionnaire(json::serialize(form));
    ASSERT_FALSE(parsed);
    std::string places;
    for (const Fault& fault : parsed.error())
        places += fault.place + "|";
    EXPECT_EQ(places, "version|items[0].text.vi|items[10].options[0].label|items[4].show_if.item|");
}

TEST(BrokenQuestionnaire, ThatIsNoJsonNamesTheByte) {
    EXPECT_EQ(parse_questionnaire("{\"format\": 1,}").error().at(0).place, "byte 13");
    EXPECT_EQ(parse_questionnaire("[]").error().at(0).what, "is not an object");
}

TEST(BrokenQuestionnaire, IsRefusedAtEveryTruncation) {
    for (std::size_t size = 0; size < kSampleForm.size(); ++size) {
        ASSERT_FALSE(parse_questionnaire(kSampleForm.substr(0, size))) << size;
    }
}

TEST(QuestionnaireLimits, AreKept) {
    const auto with_items = [](std::size_t count) {
        json::value form = parse_json(kSampleForm).value();
        json::array items;
        for (std::size_t i = 0; i < count; ++i) {
            json::object item = form.at_pointer("/items/9").as_object();
            item["id"] = "item-" + std::to_string(i);
            items.push_back(std::move(item));
        }
        form.as_object()["items"] = std::move(items);
        return parse_questionnaire(json::serialize(form));
    };
    EXPECT_TRUE(with_items(kItemsMax));
    ASSERT_FALSE(with_items(kItemsMax + 1));
    EXPECT_EQ(with_items(kItemsMax + 1).error().at(0).place, "items");

    const auto with_options = [](std::size_t count) {
        json::value form = parse_json(kSampleForm).value();
        json::array options;
        for (std::size_t i = 0; i < count; ++i) {
            json::object option = form.at_pointer("/items/10/options/0").as_object();
            option["value"] = std::to_string(i);
            options.push_back(std::move(option));
        }
        form.at_pointer("/items/10").as_object()["options"] = std::move(options);
        return parse_questionnaire(json::serialize(form));
    };
    EXPECT_TRUE(with_options(kOptionsMax));
    ASSERT_FALSE(with_options(kOptionsMax + 1));
    EXPECT_EQ(with_options(kOptionsMax + 1).error().at(0).place, "items[10].options");

    const auto with_text = [](std::size_t bytes) {
        json::value form = parse_json(kSampleForm).value();
        form.at_pointer("/items/0/text").as_object()["en"] = std::string(bytes, 'x');
        return parse_questionnaire(json::serialize(form));
    };
    EXPECT_TRUE(with_text(kTextBytesMax));
    ASSERT_FALSE(with_text(kTextBytesMax + 1));
    EXPECT_EQ(with_text(kTextBytesMax + 1).error().at(0).place, "items[0].text.en");
}

// --- The catalog --------------------------------------------------------------------------------------------------

Questionnaire version(const char* id, std::int64_t number, const char* from, const char* to = nullptr) {
    Questionnaire form = sample_form();
    form.ref = {{id}, number};
    form.effective_from = parse_date(from).value();
    if (to != nullptr) form.effective_to = parse_date(to);
    return form;
}

std::int64_t version_in_effect(const Catalog& catalog, const char* id, const char* day) {
    const Questionnaire* form = catalog.in_effect({id}, parse_date(day).value());
    return form == nullptr ? 0 : form->ref.version;
}

TEST(CatalogOfVersions, AsksTheHighestInEffect) {
    Catalog catalog;
    ASSERT_TRUE(catalog.add(version("A", 2, "2026-07-01")));
    ASSERT_TRUE(catalog.add(version("A", 1, "2026-01-01")));
    ASSERT_TRUE(catalog.add(version("B", 9, "2020-01-01")));
    EXPECT_EQ(version_in_effect(catalog, "A", "2025-12-31"), 0);
    EXPECT_EQ(version_in_effect(catalog, "A", "2026-01-01"), 1);
    EXPECT_EQ(version_in_effect(catalog, "A", "2026-06-30"), 1);
    EXPECT_EQ(version_in_effect(catalog, "A", "2026-07-01"), 2);
    EXPECT_EQ(version_in_effect(catalog, "A", "2030-01-01"), 2);
    EXPECT_EQ(version_in_effect(catalog, "C", "2026-07-01"), 0);
}

TEST(CatalogOfVersions, EndsWithTheLastDay) {
    Catalog catalog;
    ASSERT_TRUE(catalog.add(version("A", 1, "2026-01-01")));
    ASSERT_TRUE(catalog.add(version("A", 2, "2026-03-01", "2026-03-31")));
    EXPECT_EQ(version_in_effect(catalog, "A", "2026-03-31"), 2);
    EXPECT_EQ(version_in_effect(catalog, "A", "2026-04-01"), 1) << "a trial version gives way to the one before it";
    ASSERT_TRUE(catalog.add(version("D", 1, "2026-01-01", "2026-01-01")));
    const auto nearest = [&](const char* day) { return catalog.nearest({"D"}, parse_date(day).value())->ref.version; };
    EXPECT_EQ(nearest("1970-01-01"), 1);
    EXPECT_EQ(nearest("2100-01-01"), 1);
    EXPECT_EQ(catalog.nearest({"none"}, parse_date("2026-01-01").value()), nullptr);
    EXPECT_EQ(version_in_effect(catalog, "D", "2026-01-01"), 1);
    EXPECT_EQ(version_in_effect(catalog, "D", "2026-01-02"), 0);
}

TEST(CatalogOfVersions, FindsWhatAnOldRecordWasAsked) {
    Catalog catalog;
    ASSERT_TRUE(catalog.add(version("A", 1, "2026-01-01")));
    ASSERT_TRUE(catalog.add(version("A", 2, "2026-07-01")));
    ASSERT_NE(catalog.find({{"A"}, 1}), nullptr);
    EXPECT_EQ(catalog.find({{"A"}, 1})->ref.version, 1);
    EXPECT_EQ(catalog.find({{"A"}, 3}), nullptr);
    EXPECT_EQ(catalog.find({{"B"}, 1}), nullptr);
}

TEST(CatalogOfVersions, RefusesToChangeAPublishedVersion) {
    Catalog catalog;
    ASSERT_TRUE(catalog.add(version("A", 1, "2026-01-01")));
    EXPECT_TRUE(catalog.add(version("A", 1, "2026-01-01"))) << "the same content again is harmless";
    Questionnaire changed = version("A", 1, "2026-01-01");
    changed.items[0].text.en += "!";
    const auto outcome = catalog.add(changed);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().at(0).place, "version");
    EXPECT_EQ(*catalog.find({{"A"}, 1}), version("A", 1, "2026-01-01")) << "the published one stays";
    EXPECT_EQ(catalog.all().size(), 1u);
}

TEST(CatalogOfVersions, IsInOrder) {
    Catalog catalog;
    for (const auto& form :
         {version("B", 1, "2026-01-01"), version("A", 10, "2026-01-01"), version("A", 2, "2026-01-01")}) {
        ASSERT_TRUE(catalog.add(form));
    }
    std::string order;
    for (const Questionnaire& form : catalog.all())
        order += form.ref.id.text + std::to_string(form.ref.version) + " ";
    EXPECT_EQ(order, "A2 A10 B1 ");
}

TEST(CatalogReferences, NameOptionsThatOpenWhatIsNotKnown) {
    Catalog catalog;
    ASSERT_TRUE(catalog.add(sample_form()));
    const Faults faults = catalog.check_references();
    ASSERT_EQ(faults.size(), 1u);
    EXPECT_EQ(faults[0].place, "SAMPLE/reason/other");
    EXPECT_NE(faults[0].what.find("FEEDBACK"), std::string::npos);
    ASSERT_TRUE(catalog.add(version("FEEDBACK", 1, "2026-01-01")));
    EXPECT_TRUE(catalog.check_references().empty());
}

}  // namespace
}  // namespace hailong::survey
