// The shipped questionnaires and the sample center: they load, fit together, and say what they must.
#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "survey/base/host.h"
#include "survey/base/json.h"
#include "survey/base/utf8.h"
#include "survey/center.h"
#include "survey/tally.h"
#include "tests/survey/samples.h"

namespace hailong::survey {
namespace {

namespace fs = std::filesystem;

const fs::path kAssets = fs::path(HAILONG_SOURCE_DIR) / "assets";

std::vector<fs::path> questionnaire_files() {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(kAssets / "questionnaires")) {
        if (entry.path().extension() == ".json") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

Questionnaire load(const fs::path& file) {
    const auto form = parse_questionnaire(read_file(file).value());
    EXPECT_TRUE(form) << describe(form.error(), file.filename().string());
    return form.value();
}

Questionnaire shipped(const std::string& id) {
    return load(kAssets / "questionnaires" / (id + ".json"));
}

Catalog catalog() {
    Catalog all;
    for (const fs::path& file : questionnaire_files())
        EXPECT_TRUE(all.add(load(file))) << file;
    return all;
}

Center sample_center() {
    const auto center = parse_center(read_file(kAssets / "demo" / "center.json").value());
    EXPECT_TRUE(center) << describe(center.error(), "center.json");
    return center.value();
}

TEST(ShippedQuestionnaires, AllLoadAndFitTogether) {
    const Catalog all = catalog();
    std::string ids;
    for (const Questionnaire& form : all.all())
        ids += form.ref.id.text + " ";
    EXPECT_EQ(ids,
              "ABOUT_YOU FEEDBACK FEEDBACK FEEDBACK_AFTER OFFICER QUICK3 QUICK5 SIPAS_LIKE TT01 WARD3 WARD5 WARD5 ");
    EXPECT_EQ(describe(all.check_references()), "");
}

TEST(ShippedQuestionnaires, AreNamedByTheirFile) {
    for (const fs::path& file : questionnaire_files()) {
        const QuestionnaireRef ref = load(file).ref;
        EXPECT_EQ(ref.id.text + (ref.version == 1 ? "" : "." + std::to_string(ref.version)), file.stem()) << file;
    }
}

// Whoever compares the years must find the same answers under the same names.
TEST(ShippedVersions, KeepEveryItemAndOptionOfTheOneBefore) {
    for (const char* id : {"WARD5", "FEEDBACK"}) {
        const Questionnaire before = shipped(id);
        const Questionnaire after = shipped(std::string(id) + ".2");
        EXPECT_GT(after.effective_from, before.effective_from);
        for (const Item& item : before.items) {
            const Item* same = after.item(item.id);
            ASSERT_NE(same, nullptr) << id << " " << item.id.text;
            EXPECT_EQ(same->options, item.options) << id << " " << item.id.text;
            EXPECT_EQ(same->text, item.text) << id << " " << item.id.text;
        }
    }
}

TEST(ShippedQuestionnaires, AreInEffectOnTheirFirstDay) {
    const Catalog all = catalog();
    for (const Questionnaire& form : all.all()) {
        EXPECT_EQ(all.in_effect(form.ref.id, form.effective_from), &form) << form.ref.id.text;
        EXPECT_FALSE(form.basis.empty()) << form.ref.id.text;
    }
}

// Combining marks would be drawn as question marks: Vietnamese in NFC needs none of them.
TEST(ShippedAssets, HoldNoCombiningMarks) {
    std::vector<fs::path> files = questionnaire_files();
    files.push_back(kAssets / "demo" / "center.json");
    for (const fs::path& file : files) {
        const std::string text = read_file(file).value();
        for (std::size_t at = 0; at + 1 < text.size(); ++at) {
            const auto first = static_cast<unsigned char>(text[at]);
            const auto second = static_cast<unsigned char>(text[at + 1]);
            const bool combining = first == 0xcc || (first == 0xcd && second < 0xb0);  // U+0300 to U+036F
            ASSERT_FALSE(combining) << file << " byte " << at;
        }
    }
}

TEST(ShippedQuestionnaires, AreShortEnoughForAScreen) {
    const Catalog all = catalog();
    for (const Questionnaire& form : all.all()) {
        for (const Item& item : form.items) {
            for (const Language language : kLanguages) {
                EXPECT_LE(character_count(item.text.in(language)), 90u) << item.text.in(language);
                EXPECT_LE(character_count(item.hint.in(language)), 90u) << item.hint.in(language);
                for (const Option& option : item.options) {
                    EXPECT_LE(character_count(option.label.in(language)), 60u) << option.label.in(language);
                }
            }
        }
    }
}

std::string labels(const Item& item) {
    std::string text;
    for (const Option& option : item.options) {
        text += option.value + (option.satisfied ? "+" : "") + " " + option.label.vi + "; ";
    }
    return text;
}

// The labels are those of the rules; satisfied are the two upper levels, "Bình thường" is not.
TEST(ShippedScales, AreWordedAndMarkedAsTheRulesHaveThem) {
    constexpr const char* kFive =
        "5+ Rất hài lòng; 4+ Hài lòng; 3 Bình thường; 2 Không hài lòng; 1 Rất không hài lòng; ";
    constexpr const char* kThree = "3+ Rất hài lòng; 2+ Hài lòng; 1 Chưa hài lòng; ";
    const std::set<std::string> with_three = {"QUICK3", "WARD3", "FEEDBACK_AFTER"};
    const Catalog all = catalog();
    for (const Questionnaire& form : all.all()) {
        for (const Item& item : form.items) {
            if (item.type != ItemType::scale) continue;
            EXPECT_EQ(labels(item), with_three.count(form.ref.id.text) > 0 ? kThree : kFive) << form.ref.id.text;
            for (const Option& option : item.options) {
                EXPECT_EQ(std::to_string(option.level.value()), option.value);
                EXPECT_EQ(option.icon.rfind("face_", 0), 0u);
            }
        }
    }
}

TEST(ShippedPoints, AreTwoOneAndZeroOfFourIndices) {
    const Questionnaire form = shipped("TT01");
    std::string fed;
    for (const Item& item : form.items) {
        if (item.feeds_index) fed += std::to_string(item.index.value());
        if (item.type != ItemType::points) continue;
        for (const Option& option : item.options) {
            EXPECT_TRUE(!option.points || (*option.points >= 0 && *option.points <= 2)) << item.id.text;
            EXPECT_FALSE(option.satisfied) << "points are not satisfaction";
        }
    }
    EXPECT_EQ(fed, "1347") << "TT 01/2018/TT-VPCP Art 14.3a";
    EXPECT_FALSE(form.item({"i7"})->option("none")->points) << "decided together with index 1";
    EXPECT_EQ(form.item({"i7"})->option("complaint")->opens, QuestionnaireId{"FEEDBACK"});
}

TEST(ShippedOfficerItems, AreAboutTheOfficer) {
    for (const char* id : {"OFFICER", "WARD5", "WARD5.2", "WARD3"}) {
        for (const Item& item : shipped(id).items) {
            EXPECT_EQ(item.about == About::officer, item.id.text.rfind("o_", 0) == 0) << id << " " << item.id.text;
        }
    }
    EXPECT_EQ(shipped("OFFICER").items.front().type, ItemType::officer) << "who is rated comes before the rating";
}

TEST(ShippedFeedback, AsksForContactOnlyWhenAReplyIsWanted) {
    const Questionnaire form = shipped("FEEDBACK");
    const auto shown = [&](const char* reply) {
        const std::vector<Answer> answers = {{{"f_reply"}, {reply}, {}}};
        std::string text;
        for (const Item& item : form.items) {
            if (!item.personal_data && item.type != ItemType::consent) continue;
            if (is_required(item, form, answers, {})) text += item.id.text + " ";
            EXPECT_EQ(is_required(item, form, answers, {}), is_visible(item, form, answers, {})) << item.id.text;
        }
        return text;
    };
    EXPECT_EQ(shown("no"), "");
    EXPECT_EQ(shown("phone"), "f_consent f_phone ");
    EXPECT_EQ(shown("formal"), "f_consent f_name f_address f_phone ");
}

/// The items that are shown, and with a star those that must be answered.
std::string asked(const Questionnaire& form, const std::vector<Answer>& answers) {
    std::string text;
    for (const Item& item : form.items) {
        if (!is_visible(item, form, answers, {})) continue;
        text += item.id.text + (is_required(item, form, answers, {}) ? "* " : " ");
    }
    return text;
}

TEST(ShippedFeedback, TakesNoComplaintAndNoDenunciation) {
    const Questionnaire form = shipped("FEEDBACK.2");
    for (const char* type : {"complaint", "denounce"}) {
        EXPECT_EQ(asked(form, {{{"f_type"}, {type}, {}}}), "f_type* ");
        EXPECT_FALSE(form.item({"f_type"})->option(type)->message.empty()) << "it says where to go";
    }
    for (const char* type : {"praise", "suggest", "conduct", "regulation"})
        EXPECT_EQ(asked(form, {{{"f_type"}, {type}, {}}}), "f_type* f_text* f_reply* ");
}

TEST(ShippedFeedback, AsksForNoContactWithoutConsent) {
    const Questionnaire form = shipped("FEEDBACK.2");
    const auto after = [&](const char* reply, const char* consent) {
        std::vector<Answer> answers = {{{"f_type"}, {"suggest"}, {}}, {{"f_reply"}, {reply}, {}}};
        if (consent != nullptr) answers.push_back({{"f_consent"}, {consent}, {}});
        return asked(form, answers).substr(std::string("f_type* f_text* f_reply* ").size());
    };
    EXPECT_EQ(after("no", nullptr), "");
    EXPECT_EQ(after("phone", nullptr), "f_consent* ");
    EXPECT_EQ(after("formal", nullptr), "f_consent* ");
    EXPECT_EQ(after("phone", "disagree"), "f_consent* ");
    EXPECT_EQ(after("formal", "disagree"), "f_consent* ");
    EXPECT_EQ(after("phone", "agree"), "f_consent* f_phone* ");
    EXPECT_EQ(after("formal", "agree"), "f_consent* f_name* f_address* f_phone* ");
}

TEST(ShippedRespondentKind, IsAskedAboutYou) {
    EXPECT_EQ(shipped("ABOUT_YOU").item({"a_who"})->role, "respondent_kind");
}

std::string flow(const Questionnaire& form, const std::string& overall, const std::string& officer,
                 const std::string& rating) {
    Context context;
    context.officer = {officer};
    std::vector<Answer> answers = {{{"overall"}, {overall}, {}}};
    if (!officer.empty()) answers.push_back({{"o_all"}, {rating}, {}});
    std::string text;
    for (const Item& item : form.items) {
        if (is_visible(item, form, answers, context)) text += item.id.text + " ";
    }
    return text;
}

TEST(DefaultFlow, AsksReasonsOnlyOfWhoIsNotSatisfied) {
    const Questionnaire ward5 = shipped("WARD5");
    EXPECT_EQ(flow(ward5, "5", "", ""), "overall counter officer ");
    EXPECT_EQ(flow(ward5, "4", "tp-01", "3"), "overall counter officer o_all ");
    EXPECT_EQ(flow(ward5, "3", "tp-01", "5"), "overall counter officer o_all reason ");
    EXPECT_EQ(flow(ward5, "1", "tp-01", "2"), "overall counter officer o_all reason o_reason ");
    EXPECT_EQ(flow(ward5, "5", "tp-01", "1"), "overall counter officer o_all o_reason ");
    const Questionnaire second = shipped("WARD5.2");
    EXPECT_EQ(flow(second, "4", "tp-01", "3"), "overall counter officer o_all ");
    EXPECT_EQ(flow(second, "3", "tp-01", "5"), "overall counter officer o_all reason comment ");
    EXPECT_EQ(flow(second, "1", "tp-01", "2"), "overall counter officer o_all reason o_reason comment ");
    EXPECT_EQ(second.item({"comment"})->chars_max, 1000);
    const Questionnaire ward3 = shipped("WARD3");
    EXPECT_EQ(flow(ward3, "2", "tp-01", "2"), "overall counter officer o_all ");
    EXPECT_EQ(flow(ward3, "1", "tp-01", "1"), "overall counter officer o_all reason o_reason ");
}

TEST(DefaultFlow, RequiresTheFirstQuestionOnly) {
    for (const char* id : {"WARD5", "WARD5.2", "WARD3"}) {
        for (const Item& item : shipped(id).items)
            EXPECT_EQ(item.required, item.id.text == "overall") << id << item.id.text;
    }
}

RC_GTEST_PROP(ShippedQuestionnaires, TakeEveryRandomVisit, ()) {
    static const Catalog all = catalog();
    const Questionnaire& form = *rc::gen::elementOf(all.all());
    const Response response = any_visit(form);
    RC_ASSERT(describe(validate(response, form)) == std::string());
    const Record record{{"kiosk-1"}, 7, response};
    RC_ASSERT(encode(record).size() <= kRecordBytesMax);
    RC_ASSERT(decode(encode(record)).value() == record);
}

TEST(SampleCenter, IsTheWardOfTheStory) {
    const Center center = sample_center();
    EXPECT_EQ(center.id, CenterId{"binh-minh"});
    EXPECT_EQ(center.name.vi, "Trung tâm Phục vụ hành chính công phường Bình Minh");
    EXPECT_EQ(center.parent.vi, "UBND phường Bình Minh");
    EXPECT_EQ(center.settings.first.objective, Objective{90});
    EXPECT_EQ(center.counters.size(), 8u);
    EXPECT_EQ(center.officers.size(), 24u);
    EXPECT_EQ(center.procedures.size(), 82u);
}

TEST(SampleCenter, AsksAShippedQuestionnaireWithItsHeadline) {
    const Center center = sample_center();
    const Questionnaire form = shipped(center.questionnaire.text);
    const Item* headline = form.item(center.headline);
    ASSERT_NE(headline, nullptr);
    EXPECT_EQ(headline->type, ItemType::scale);
    EXPECT_TRUE(headline->required);
    EXPECT_EQ(shipped(center.feedback.text).ref.id, QuestionnaireId{"FEEDBACK"});
}

TEST(SampleCenter, HasAQueueForEachCounter) {
    const Center center = sample_center();
    for (const Counter& counter : center.counters) {
        EXPECT_TRUE(std::any_of(center.tickets.begin(), center.tickets.end(), [&](const TicketRule& rule) {
            return rule.counter == counter.id;
        })) << counter.id.text;
    }
}

TEST(SampleCenter, NumbersItsCountersAndStaffsEach) {
    const Center center = sample_center();
    std::map<std::string, std::set<std::int64_t>> portraits;
    std::set<std::string> names;
    for (const Officer& officer : center.officers) {
        EXPECT_TRUE(portraits[officer.counter.text].insert(officer.portrait).second)
            << "two alike at one counter: " << officer.name;
        EXPECT_TRUE(names.insert(officer.name).second) << officer.name;
        EXPECT_TRUE(officer.active);
    }
    for (std::size_t i = 0; i < center.counters.size(); ++i) {
        EXPECT_EQ(center.counters[i].number, static_cast<std::int64_t>(i) + 1);
        EXPECT_EQ(portraits[center.counters[i].id.text].size(), 3u);
    }
}

TEST(SampleCenter, ShowsNoCodeThatWasNotVerified) {
    const Center center = sample_center();
    EXPECT_EQ(std::count_if(center.procedures.begin(), center.procedures.end(),
                            [](const Procedure& p) { return p.code.empty(); }),
              6);
    for (const Procedure& procedure : center.procedures) {
        if (procedure.code.empty()) continue;
        EXPECT_EQ(procedure.code.size(), 8u) << procedure.code;
        EXPECT_EQ(procedure.code[1], '.') << procedure.code;
    }
}

}  // namespace
}  // namespace hailong::survey
