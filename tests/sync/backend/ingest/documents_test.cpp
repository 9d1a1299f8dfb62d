// What an office writes into its documents: mended, or refused with its place.
#include <regex>

#include <gtest/gtest.h>

#include "survey/base/host.h"
#include "survey/base/json.h"
#include "sync/backend/ingest/document_members.h"
#include "sync/backend/ingest/document_texts.h"
#include "sync/backend/ingest/import_documents.h"
#include "tests/sync/backend/sample.h"

namespace hailong::sync {
namespace {

const std::filesystem::path kSource = HAILONG_SOURCE_DIR;

std::string read(const std::filesystem::path& file) {
    return survey::read_file(kSource / file).value();
}

/// Of the sample center, with one thing replaced.
survey::Faults faults_with(const std::string& what, const std::string& by) {
    std::string json = sample::center_json();
    json.replace(json.find(what), what.size(), by);
    const auto prepared = prepared_document(json, DocumentKind::center);
    return prepared ? prepared->faults : prepared.error();
}

TEST(Documents, ComposeLettersThatCameInPieces) {
    EXPECT_EQ(composed("Nguye\u0302\u0303n Thi\u0323"), "Nguyễn Thị");
    EXPECT_EQ(composed("e\u0301\u0302"), "\u1ebf") << "marks in another order than Unicode has them";
    EXPECT_EQ(composed("cafe\u0301 n\u0303"), "café ñ") << "not only Vietnamese";
    EXPECT_EQ(composed("a"), "a");
    EXPECT_EQ(composed(""), "");
    std::string json = sample::center_json();
    const std::string name = "Nguyễn Thị Một";
    json.replace(json.find(name), name.size(), "Nguye\u0302\u0303n Thi\u0323 M\\u006f\\u0302\\u0323t");
    const auto prepared = prepared_document("\xef\xbb\xbf" + json, DocumentKind::center);
    ASSERT_TRUE(prepared);
    EXPECT_EQ(prepared->composed, 1u);
    EXPECT_TRUE(prepared->faults.empty()) << survey::describe(prepared->faults);
    EXPECT_EQ(survey::parse_center(prepared->json).value(), survey::parse_center(sample::center_json()).value());
}

TEST(Documents, KeepTheirBytesWhereNothingIsToMend) {
    const std::string json = sample::center_json();
    EXPECT_EQ(prepared_document(json, DocumentKind::center)->json, json);
    EXPECT_EQ(prepared_document("\xef\xbb\xbf" + json, DocumentKind::center)->json, json) << "without a BOM";
}

TEST(Documents, RefuseCharactersWithTheirPlace) {
    for (const auto& [by, said] : std::vector<std::pair<std::string, std::string>>{
             {"Ð\u1ed7 Một", "U+00D0 (LATIN CAPITAL LETTER ETH), which only looks like \"Đ\""},
             {"\u0189ỗ", "U+0189"},
             {"ð", "looks like \"đ\""},
             {"Mot\\u0000", "U+0000, which nobody sees"},
             {"Mot\\t", "U+0009, which nobody sees"},
             {"M\u200bột", "U+200B"},
             {"\u202eM\u1ed9t", "U+202E"},
             {"M\ufeffột", "U+FEFF"},
             {"M\ue000t", "U+E000, which no font can show"},
             {"M\ufffdt", "a letter was lost"},
             {"Ｍot", "full-width"},
             {"q\u0303", "which makes no letter"},
             {"Nguy\u0435n", "CYRILLIC SMALL LETTER IE"},
             {"Nguyá»…n", "another encoding"}}) {
        const survey::Faults faults = faults_with("Nguyễn Thị Một", by);
        ASSERT_EQ(faults.size(), 1u) << by << survey::describe(faults);
        EXPECT_EQ(faults[0].place, "officers[0].name");
        EXPECT_NE(faults[0].what.find(said), std::string::npos) << faults[0].what;
    }
    for (const char* name : {"Đỗ Thị Ất", "שלום\u200f (Shalom)", "Иван Петров", "Y Bhĩm Êban", "Lò Văn A-1"})
        EXPECT_TRUE(faults_with("Nguyễn Thị Một", name).empty()) << name;
}

TEST(Documents, RefuseAFileThatIsNotUtf8) {
    const auto utf16 = prepared_document(std::string_view("\xff\xfe{\0}\0", 6), DocumentKind::center);
    ASSERT_FALSE(utf16);
    EXPECT_EQ(utf16.error()[0].what, "is UTF-16");
    EXPECT_FALSE(prepared_document("{\"id\":\"\xd0\"}", DocumentKind::center));
}

TEST(Documents, NameMembersThatNobodyReads) {
    const survey::Faults objective = faults_with("\"objective\":", "\"objectiv\":");
    ASSERT_EQ(objective.size(), 1u);
    EXPECT_EQ(objective[0].place, "objectiv");
    EXPECT_EQ(objective[0].remedy, "write \"objective\"");
    const survey::Faults nested = faults_with("\"more_than_percent\":", "\"percent\":");
    ASSERT_EQ(nested.size(), 1u);
    EXPECT_EQ(nested[0].place, "objective.percent");
    EXPECT_NE(nested[0].remedy.find("more_than_percent"), std::string::npos);
    EXPECT_EQ(faults_with("\"post\":", "\"pots\":").at(0).place, "officers[0].pots");
    EXPECT_EQ(faults_with("\"vi\":\"Quầy A\"", "\"vn\":\"Quầy A\"").at(0).place, "counters[0].name.vn");
    EXPECT_TRUE(faults_with("\"headline\":", "\"x_note\":{\"any\":1},\"headline\":").empty());
    const auto form =
        prepared_document(R"({"scales":{"any name":[{"value":"1","lable":{}}]},"items":[{"show_if":{"itm":1}}]})",
                          DocumentKind::questionnaire);
    ASSERT_TRUE(form);
    ASSERT_EQ(form->faults.size(), 2u);
    EXPECT_EQ(form->faults[0].place, "scales.any name[0].lable");
    EXPECT_EQ(form->faults[1].place, "items[0].show_if.itm");
}

TEST(Documents, RefuseNamesThatSayNothing) {
    EXPECT_EQ(faults_with("\"Nguyễn Thị Một\"", "\"\"").at(0).place, "officers[0].name");
    EXPECT_EQ(faults_with("\"Nguyễn Thị Một\"", "\" \u00a0\"").at(0).what, "is empty");
    EXPECT_EQ(faults_with("\"vi\":\"Quầy A\"", "\"vi\":\"\"").at(0).place, "counters[0].name.vi");
    EXPECT_EQ(faults_with("\"en\":\"Sample Ward\"", "\"en\":\" \"").at(0).place, "parent.en");
}

TEST(Documents, OfTheProductAreWithoutFault) {
    std::vector<std::pair<std::filesystem::path, DocumentKind>> files = {
        {kSource / "assets/demo/center.json", DocumentKind::center}};
    for (const auto& entry : std::filesystem::directory_iterator(kSource / "assets/questionnaires")) {
        if (entry.path().extension() == ".json") files.emplace_back(entry.path(), DocumentKind::questionnaire);
    }
    EXPECT_GT(files.size(), 5u);
    for (const auto& [file, kind] : files) {
        const auto prepared = prepared_document(survey::read_file(file).value(), kind);
        ASSERT_TRUE(prepared) << file;
        EXPECT_TRUE(prepared->faults.empty()) << survey::describe(prepared->faults, file.string());
        EXPECT_EQ(prepared->composed, 0u) << file;
    }
}

/// Whoever teaches the parser a member tells the list, too.
TEST(Documents, KnowEveryMemberThatIsRead) {
    const std::string known = read("sync/backend/ingest/document_members.cpp");
    static const std::regex asked(
        R"re((?:\b\w+\.(?:text|identifier|integer|list|text_or|boolean_or|maybe_integer|list_or_empty|find|has)\(|read_(?:localized|shown_text|optional_text|short|condition|date)\(\w+, |read_list<\w+>\(\w+, )"([a-z_]+)")re");
    std::set<std::string> members;
    for (const char* file : {"survey/center.cpp", "survey/questionnaire.cpp"}) {
        const std::string source = read(file);
        for (std::sregex_iterator at(source.begin(), source.end(), asked), end; at != end; ++at)
            members.insert((*at)[1]);
    }
    EXPECT_GT(members.size(), 40u);
    for (const std::string& member : members)
        EXPECT_NE(known.find("{\"" + member + "\""), std::string::npos) << member;
}

TEST(Documents, RefuseCountersThatNobodyCouldFind) {
    constexpr survey::Date day = std::chrono::year{2026} / 10 / 1;
    survey::Center center = survey::parse_center(sample::center_json()).value();
    survey::Catalog catalog;
    ASSERT_TRUE(catalog.add(survey::parse_questionnaire(sample::questionnaire_json("W5", 1)).value()));
    EXPECT_TRUE(center_faults(center, catalog, "forms", day).empty());
    center.counters[1].number = center.counters[0].number;
    const survey::Faults same = center_faults(center, catalog, "forms", day);
    ASSERT_EQ(same.size(), 1u);
    EXPECT_EQ(same[0].place, "counters[1].number");
    EXPECT_NE(same[0].what.find("\"A\""), std::string::npos);
    center.counters.clear();
    EXPECT_EQ(center_faults(center, catalog, "forms", day).at(0).place, "counters");
}

}  // namespace
}  // namespace hailong::sync
