// The figures of a center's period, and that page, JSON and CSV say the same.
#include "sync/backend/figures/results.h"

#include <fstream>
#include <set>
#include <sstream>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "survey/base/host.h"
#include "survey/base/json.h"
#include "sync/backend/api/open_data.h"
#include "sync/backend/figures/period_names.h"
#include "sync/backend/site/pages.h"
#include "tests/sync/backend/service/service_fixture.h"

namespace hailong::sync {
namespace {

using sample::Backend;
using sample::Journal;
using sample::must;
using sample::visit;
using survey::Language;

const survey::Date kAfterNovember = *survey::parse_date("2026-12-01");
const survey::UtcTime kThen = survey::start_of_day(kAfterNovember);

class ResultsTest : public ::testing::Test {
  protected:
    ResultsTest() {
        std::uint64_t number = 0;
        const auto add = [&](const std::string& overall, const std::string& counter, int days_ago, bool is_flagged) {
            survey::Response response = visit(++number, overall, sample::noon() - std::chrono::hours(24 * days_ago));
            response.context.counter = {counter};
            response.context.officer = {counter == "A" ? "a-01" : "b-01"};
            if (counter == "B") response.context.procedure = {};
            response.context.field = {counter == "A" ? "ho-tich" : "dat-dai"};
            if (is_flagged) response.flags = {"too_fast"};
            journal_.add(response);
        };
        // In the order of their times, as a terminal writes them.
        for (int i = 0; i < 10; ++i)
            add(i < 8 ? "5" : "2", "A", 31, false);
        for (int i = 0; i < 95; ++i)
            add(i % 2 == 0 ? "5" : "4", i < 80 ? "A" : "B", 19 - i / 5, false);
        for (const char* overall : {"3", "2", "1", "3", "2", "1"})
            add(overall, "A", 1, false);
        for (int i = 0; i < 6; ++i)
            add("1", "A", 1, true);
        must(backend_.take(journal_.all()));
    }

    /// As it is public when November is over.
    Results compile(const std::string& period = "2026-M11") {
        backend_.release(kAfterNovember);
        const survey::Center& center = backend_.reference.centers[0];
        return must(results(*must(backend_.store->read()), backend_.reference.questionnaires, center,
                            *survey::parse_period(period, center.periods), kThen));
    }
    PageRequest page(Language language = Language::vi) const { return {language, false, kAfterNovember}; }

    Backend backend_;
    Journal journal_{"K1"};
};

TEST_F(ResultsTest, CountTheHeadlineWithoutFlaggedResponsesAndShowThemBeside) {
    const Results found = compile();
    ASSERT_EQ(found.headlines.size(), 1u);
    const ItemResult& item = found.headlines[0].item;
    EXPECT_EQ(item.counts.satisfied, 95);
    EXPECT_EQ(item.counts.valid, 101);
    EXPECT_EQ(item.all.valid, 107);
    ASSERT_TRUE(item.figure);
    EXPECT_EQ(item.figure->share_tenths, 941);
    EXPECT_EQ(item.figure->verdict, survey::Verdict::met_unproven);
    EXPECT_EQ(item.figure_of_all->share_tenths, 888);
    EXPECT_EQ(found.responses, 101);
    EXPECT_EQ(found.flagged, 6);
    std::vector<std::pair<std::int64_t, std::int64_t>> counts;
    for (const OptionResult& option : item.options)
        counts.emplace_back(option.count, option.flagged);
    EXPECT_EQ(counts, (std::vector<std::pair<std::int64_t, std::int64_t>>{{48, 0}, {47, 0}, {2, 0}, {2, 0}, {2, 6}}));
}

TEST_F(ResultsTest, BreakTheHeadlineDownByCounterAndField) {
    const Headline headline = compile().headlines[0];
    ASSERT_EQ(headline.counters.size(), 2u);
    EXPECT_EQ(headline.counters[0].id, "A");
    EXPECT_EQ(headline.counters[0].counts.satisfied, 80);
    EXPECT_EQ(headline.counters[0].counts.valid, 86);
    EXPECT_EQ(headline.counters[1].counts.valid, 15);
    ASSERT_EQ(headline.fields.size(), 2u);
    EXPECT_EQ(headline.fields[0].id, "ho-tich");
    EXPECT_EQ(headline.fields[0].counts.valid, 86);
}

TEST_F(ResultsTest, CountAnAnswerOnceWhenTheCenterAsksAnotherQuestionForItsObjective) {
    backend_.release(*survey::parse_date("2026-11-30"));
    survey::Center& center = backend_.reference.centers[0];
    const survey::ItemId before = center.settings.first.headline;
    center.settings.first.headline = {"o_all"};
    backend_.release(kAfterNovember);
    center.settings.first.headline = before;
    EXPECT_EQ(compile().headlines.at(0).item.counts.valid, 101);
    backend_.release(*survey::parse_date("2026-12-02"));
    const Results found = must(results(*must(backend_.store->read()), backend_.reference.questionnaires, center,
                                       *survey::parse_period("2026-M11"), kThen));
    EXPECT_EQ(found.headlines.at(0).item.counts.valid, 101);
    EXPECT_EQ(found.responses, 101);
}

TEST_F(ResultsTest, CompareWithThePeriodBefore) {
    const Headline headline = compile().headlines[0];
    EXPECT_EQ(to_string(headline.before), "2026-M10");
    EXPECT_EQ(headline.counts_before.satisfied, 8);
    EXPECT_EQ(headline.counts_before.valid, 10);
}

TEST_F(ResultsTest, CoverExactlyTheDaysOfThePeriod) {
    EXPECT_EQ(compile("2026-M10").headlines[0].item.counts.valid, 10);
    EXPECT_EQ(compile("2026-Q4").headlines[0].item.counts.valid, 111);
    EXPECT_EQ(compile("2026").headlines[0].item.counts.valid, 111);
    EXPECT_EQ(compile("2026-10-22").headlines[0].item.counts.valid, 10);
    EXPECT_EQ(compile("2026-10-23").headlines[0].item.counts.valid, 0);
    EXPECT_EQ(compile("2026-Q3").headlines[0].item.counts.valid, 0);
}

TEST_F(ResultsTest, ShowWhatWasAskedWhenNobodyAnswered) {
    const Results found = compile("2026-Q3");
    ASSERT_EQ(found.headlines.size(), 1u);
    EXPECT_EQ(found.headlines[0].item.options.size(), 5u);
    EXPECT_FALSE(found.headlines[0].item.figure);
    EXPECT_EQ(found.headlines[0].counters.size(), 2u);
    const std::string html = sample::pages().results(found, {}, page());
    EXPECT_NE(html.find("Dưới 5 ý kiến"), std::string::npos);
    EXPECT_NE(results_json(found).find("\"official\":null,\"with_flagged\":null"), std::string::npos);
}

TEST_F(ResultsTest, CountOtherItemsButNamePublicNobody) {
    const Results found = compile();
    ASSERT_EQ(found.sections.size(), 1u);
    std::vector<std::string> items;
    for (const ItemResult& item : found.sections[0].items)
        items.push_back(item.item.id.text);
    EXPECT_EQ(items, (std::vector<std::string>{"o_all", "reason"}));
    EXPECT_EQ(found.sections[0].items[1].options[0].count, 6);
    EXPECT_FALSE(found.sections[0].items[1].has_share);
    const std::string everything =
        results_json(found) + results_csv(found, Language::vi) + sample::pages().results(found, {}, page());
    EXPECT_EQ(everything.find("Nguyễn Thị Một"), std::string::npos);
    EXPECT_EQ(everything.find("a-01"), std::string::npos);
}

TEST_F(ResultsTest, AddVersionsWithTheSameScaleAndKeepOthersApart) {
    {
        auto transaction = must(backend_.store->write());
        std::string json = sample::questionnaire_json("W5", 3, 3);
        json.replace(json.find("2026-01-01"), 10, "2026-11-20");
        must(transaction->documents().put_questionnaire({{{"W5"}, 3}, json}));
        must(transaction->commit());
    }
    backend_.reference = must(load_reference(*must(backend_.store->read())));
    const std::int64_t first = journal_.size() + 1;
    for (std::uint64_t i = 0; i < 5; ++i) {
        survey::Response second = visit(900 + i, "5");
        second.questionnaire.version = 2;
        journal_.add(second);
    }
    for (std::uint64_t i = 5; i < 10; ++i) {
        survey::Response third = visit(900 + i, "3");
        third.questionnaire.version = 3;
        third.answers.pop_back();  // level 3 of 3 is the best: no reason is asked
        journal_.add(third);
    }
    const auto answer = must(backend_.take(journal_.batch(first, first + 9)));
    ASSERT_TRUE(answer);
    ASSERT_EQ(answer->quarantined, 0) << answer->receipt.quarantined[0].detail;
    const Results found = compile();
    ASSERT_EQ(found.headlines.size(), 2u);
    EXPECT_EQ(found.headlines[0].item.versions.back().version, 3);
    EXPECT_EQ(found.headlines[0].item.counts.valid, 5);
    EXPECT_EQ(found.headlines[0].item.counts.satisfied, 5);
    EXPECT_EQ(found.headlines[1].item.versions.size(), 2u);
    EXPECT_EQ(found.headlines[1].item.counts.valid, 106);
    EXPECT_EQ(found.headlines[1].item.item.text.vi, "Ông/Bà có hài lòng không?");
    EXPECT_EQ(found.responses, 111);
    const std::string html = sample::pages().results(found, {}, page());
    EXPECT_NE(html.find("Mẫu phiếu W5, phiên bản 1, 2"), std::string::npos);
    EXPECT_NE(html.find("được tính riêng: phiên bản 3, dùng từ 20/11/2026."), std::string::npos);
    EXPECT_NE(html.find("được tính riêng: phiên bản 2, dùng từ 01/01/2026 đến 19/11/2026."), std::string::npos);
    const ResultsTable table = results_table(found, sample::pages().messages(Language::vi), Language::vi);
    EXPECT_NE(table_csv(table, Language::vi).find("phiên bản 1, 2; từ 01/01/2026 đến 19/11/2026"), std::string::npos);
    for (const Section& section : found.sections) {
        for (const ItemResult& item : section.items)
            EXPECT_EQ(item.stands_twice, item.item.id.text == "o_all")
                << item.item.id.text << ": its scale changed, too";
    }
}

TEST_F(ResultsTest, ShowACounterThatTheCenterKnowsNoMore) {
    backend_.reference.centers[0].counters.pop_back();
    const Headline headline = compile().headlines[0];
    ASSERT_EQ(headline.counters.size(), 2u);
    EXPECT_EQ(headline.counters[1].id, "B");
    EXPECT_EQ(headline.counters[1].name.vi, "B");
    EXPECT_EQ(headline.counters[1].counts.valid, 15);
}

TEST_F(ResultsTest, SayHowTheyCameByTheirTimes) {
    for (std::uint64_t i = 0; i < 5; ++i) {
        survey::Response late = visit(500 + i, "5", sample::noon() + std::chrono::days(2));
        late.server_offset.reset();
        journal_.add(late);
    }
    survey::Response wrong = visit(505, "5", sample::noon() - std::chrono::hours(5));
    wrong.server_offset = std::chrono::hours(5);
    journal_.add(wrong);
    must(backend_.take(journal_.batch(118, 123)));
    const Results found = compile();
    EXPECT_EQ(found.times.doubtful, 5);
    EXPECT_EQ(found.times.corrected, 1);
    EXPECT_EQ(found.times.trusted, found.responses - 6);
    const std::string json = results_json(found);
    EXPECT_NE(json.find(R"("times":{"trusted":101,"corrected":1,"doubtful":5})"), std::string::npos) << json;
    EXPECT_NE(results_csv(found, Language::vi).find("times_corrected"), std::string::npos);
    EXPECT_NE(sample::pages().results(found, {}, page(Language::en)).find("101 trusted, 1 corrected"),
              std::string::npos);
}

TEST_F(ResultsTest, SayWhatIsLostAndDoNotWaitForIt) {
    const std::string line = survey::encode({{"K1"}, 123, visit(600)});
    BatchHeader header;
    header.kiosk = {"K1"};
    header.first_seq = 123;
    header.count = 1;
    header.previous_hash = survey::sha256("start");
    header.last_hash = survey::chain(header.previous_hash, line);
    header.sent = sample::noon();
    header.counters.collected = 121;  // 117 before, three lost, one behind; one number was never given out
    header.skipped = {{118, 120, survey::SkipReason::damaged}, {121, 122, survey::SkipReason::unknown}};
    must(backend_.take(sample::sent(header, {line})));
    const Results found = compile();
    EXPECT_EQ(found.integrity.lost, 3);
    EXPECT_EQ(found.integrity.skipped, 5);
    EXPECT_EQ(found.integrity.stored, 118);
    EXPECT_EQ(found.integrity.missing, 0);
    const std::string html = sample::pages().results(found, {}, page(Language::en));
    EXPECT_NE(html.find("3 ratings were damaged"), std::string::npos);
    EXPECT_EQ(html.find("Complete: every rating"), std::string::npos);
}

TEST_F(ResultsTest, CountAResponseThatCameTwiceOnceInTheirIntegrity) {
    journal_.add(visit(1, "5", sample::noon() - std::chrono::days(31)));
    must(backend_.take(journal_.batch(118, 118)));
    const Integrity found = compile().integrity;
    EXPECT_EQ(found.stored, 117);
    EXPECT_EQ(found.quarantined, 0);
    EXPECT_EQ(found.counted, 117);
}

TEST(AskedPeriod, IsTheMonthOfYesterdayUnlessAnotherIsNamed) {
    const auto asked = [](std::string_view name, survey::Date today, std::int64_t cut_off_day) {
        survey::CenterSettings settings;
        settings.cut_off_day = cut_off_day;
        const auto period = asked_period(name, today, survey::SettingsHistory{settings, {}}.periods());
        return period ? to_string(*period) : std::string();
    };
    using std::chrono::year;
    EXPECT_EQ(asked("", year{2026} / 12 / 1, 0), "2026-M11") << "of December nothing can stand there yet";
    EXPECT_EQ(asked("", year{2026} / 12 / 2, 0), "2026-M12");
    EXPECT_EQ(asked("", year{2026} / 1 / 1, 0), "2025-M12");
    EXPECT_EQ(asked("", year{2026} / 11 / 15, 14), "2026-M11");
    EXPECT_EQ(asked("", year{2026} / 11 / 16, 14), "2026-M12");
    EXPECT_EQ(asked("2026-Q4", year{2026} / 12 / 1, 0), "2026-Q4");
    EXPECT_EQ(asked("2026-Q5", year{2026} / 12 / 1, 0), "");
}

TEST_F(ResultsTest, SayWhatIsMissing) {
    Batch again = journal_.batch(journal_.size(), journal_.size());
    again.header.counters.collected = journal_.size() + 4;
    must(backend_.take(again));
    const Results found = compile();
    EXPECT_EQ(found.integrity.collected, journal_.size() + 4);
    EXPECT_EQ(found.integrity.stored, journal_.size());
    EXPECT_EQ(found.integrity.missing, 4);
    EXPECT_NE(sample::pages().results(found, {}, page()).find("Còn 4 phiếu đang ở thiết bị"), std::string::npos);
}

std::vector<std::vector<std::string>> parse_csv(const std::string& text) {
    std::vector<std::vector<std::string>> rows(1, std::vector<std::string>(1));
    bool is_quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::string& cell = rows.back().back();
        if (is_quoted) {
            if (text[i] != '"') {
                cell += text[i];
            } else if (i + 1 < text.size() && text[i + 1] == '"') {
                cell += text[++i];
            } else {
                is_quoted = false;
            }
        } else if (text[i] == '"') {
            is_quoted = true;
        } else if (text[i] == ',') {
            rows.back().emplace_back();
        } else if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') {
            rows.emplace_back(1);
            ++i;
        } else {
            cell += text[i];
        }
    }
    rows.pop_back();
    return rows;
}

TEST_F(ResultsTest, SayTheSameOnThePageInJsonAndInCsv) {
    const Results found = compile();
    const auto json = survey::parse_json(results_json(found));
    ASSERT_TRUE(json);
    const auto& headline = json->at("headlines").at(0);
    const auto& official = headline.at("official");
    EXPECT_EQ(official.at("satisfied").as_int64(), 95);
    EXPECT_EQ(official.at("total").as_int64(), 101);
    EXPECT_DOUBLE_EQ(official.at("share").as_double(), 95.0 / 101.0);
    EXPECT_EQ(official.at("verdict").as_string(), "met_unproven");
    EXPECT_EQ(json->at("period").at("name").as_string(), "2026-M11");
    EXPECT_EQ(json->at("integrity").at("stored").as_int64(), 117);

    const std::string csv = results_csv(found, Language::vi);
    ASSERT_TRUE(csv.starts_with("\xef\xbb\xbf"));
    const auto rows = parse_csv(csv.substr(3));
    std::map<std::string, std::vector<std::vector<std::string>>> parts;
    for (const auto& row : rows) {
        ASSERT_EQ(row.size(), rows[0].size());
        parts[row[4]].push_back(row);
    }
    const auto& total = parts.at("headline").at(0);
    // Boost.JSON reads fractions to within a unit in the last place only; what is written is exact.
    EXPECT_EQ(total[12], std::to_string(official.at("satisfied").as_int64()));
    EXPECT_EQ(total[13], std::to_string(official.at("total").as_int64()));
    EXPECT_DOUBLE_EQ(std::stod(total[14]), official.at("share").as_double());
    EXPECT_DOUBLE_EQ(std::stod(total[15]), official.at("low").as_double());
    EXPECT_DOUBLE_EQ(std::stod(total[16]), official.at("high").as_double());
    EXPECT_EQ(total[17], official.at("verdict").as_string());
    const auto& options = headline.at("options").as_array();
    ASSERT_EQ(parts.at("headline_option").size(), options.size());
    const std::string html = sample::pages().results(found, {}, page());
    std::size_t at = html.find("class=\"bars faces\"");
    for (std::size_t i = 0; i < options.size(); ++i) {
        const std::string count = std::to_string(options[i].at("count").as_int64());
        EXPECT_EQ(parts.at("headline_option")[i][10], count);
        at = html.find("<td class=\"count\">" + count + "</td>", at + 1);
        EXPECT_NE(at, std::string::npos) << "the page's row " << i;
    }
    const auto& counters = headline.at("counters").as_array();
    ASSERT_EQ(parts.at("counter").size(), counters.size());
    for (std::size_t i = 0; i < counters.size(); ++i) {
        EXPECT_EQ(parts.at("counter")[i][13], std::to_string(counters[i].at("official").at("total").as_int64()));
        const std::string cell =
            "<td class=\"num\">" + std::to_string(counters[i].at("official").at("total").as_int64()) + "</td>";
        EXPECT_NE(html.find(cell), std::string::npos);
    }
    EXPECT_NE(html.find("94,1%"), std::string::npos);
    EXPECT_NE(html.find("95 trong 101 phiếu hài lòng"), std::string::npos);
    EXPECT_NE(html.find("Đạt, chưa đủ bằng chứng"), std::string::npos);
}

TEST_F(ResultsTest, GiveSpreadsheetsNoFormula) {
    const std::string csv = results_csv(compile(), Language::vi);
    for (const auto& row : parse_csv(csv.substr(3))) {
        for (const std::string& cell : row)
            EXPECT_TRUE(cell.empty() || std::string("=+-@").find(cell[0]) == std::string::npos) << cell;
    }
    EXPECT_NE(csv.find("'=1+1"), std::string::npos);
}

TEST_F(ResultsTest, EscapeWhatStandsOnThePage) {
    const std::string html = sample::pages().results(compile(), {}, page());
    EXPECT_EQ(html.find("<mẫu>"), std::string::npos);
    EXPECT_NE(html.find("&lt;mẫu&gt; &amp; &quot;thử&quot;"), std::string::npos);
}

TEST_F(ResultsTest, LeadThroughThePeriodsInTheirOwnLanguage) {
    const std::string html = sample::pages().results(compile(), {}, {Language::en, false, page().today});
    for (const char* link :
         {"/centers/mau?period=2026-11-30&amp;lang=en", "/centers/mau?period=2026-Q4&amp;lang=en",
          "/centers/mau?period=2026-H2&amp;lang=en", "/centers/mau?period=2026&amp;lang=en",
          "/centers/mau?period=2026-M10&amp;lang=en", "/centers/mau?period=2026-M11\"",
          "results.csv?period=2026-M11&amp;locale=en", "rel=\"alternate\" type=\"application/json\""}) {
        EXPECT_NE(html.find(link), std::string::npos) << link;
    }
    EXPECT_EQ(html.find("2027-M01"), std::string::npos) << "the future has no results";
    EXPECT_NE(html.find("November 2026"), std::string::npos);
    EXPECT_NE(html.find("lang=\"en\""), std::string::npos);
    EXPECT_EQ(html.find("http-equiv=\"refresh\""), std::string::npos);
    EXPECT_NE(sample::pages().results(compile(), {}, {Language::vi, true, page().today}).find("http-equiv=\"refresh\""),
              std::string::npos);
}

TEST_F(ResultsTest, FindTheirWayAtTheEndsOfTime) {
    for (const char* period : {"1970", "1970-01-01", "9998", "9998-12-31"}) {
        const std::string html = sample::pages().results(compile(period), {}, page());
        for (const char* bad : {"1969", "9999"})
            EXPECT_EQ(html.find(std::string("period=") + bad), std::string::npos) << period;
    }
}

TEST(PeriodName, IsWhatPeopleSay) {
    const auto say = [](const char* period, Language language) {
        return period_name(*survey::parse_period(period), sample::pages().messages(language), language);
    };
    EXPECT_EQ(say("2026-11-22", Language::vi), "Ngày 22/11/2026");
    EXPECT_EQ(say("2026-M11", Language::vi), "Tháng 11/2026");
    EXPECT_EQ(say("2026-Q4", Language::vi), "Quý IV/2026");
    EXPECT_EQ(say("2026-H1", Language::vi), "6 tháng đầu năm 2026");
    EXPECT_EQ(say("2026", Language::vi), "Năm 2026");
    EXPECT_EQ(say("2026-11-22", Language::en), "22 November 2026");
    EXPECT_EQ(say("2026-M11", Language::en), "November 2026");
    EXPECT_EQ(say("2026-Q4", Language::en), "Quarter 4, 2026");
}

/// Every {{t.key}} of the templates, and no text that nobody shows.
TEST(Texts, AreThereInBothLanguagesForEveryTemplate) {
    const std::filesystem::path assets = std::filesystem::path(HAILONG_SOURCE_DIR) / "assets";
    const auto keys = [](Language language) {
        std::set<std::string> result;
        for (const auto& [key, text] : sample::pages().messages(language).all()) {
            EXPECT_FALSE(text.empty()) << key;
            result.insert(key);
        }
        return result;
    };
    const std::set<std::string> vi = keys(Language::vi);
    EXPECT_EQ(vi, keys(Language::en));
    std::string everything;
    for (const auto& entry : std::filesystem::directory_iterator(assets / "web"))
        everything += survey::read_file(entry.path()).value_or("");
    std::string code;
    for (const char* room : {"sync/backend/site", "sync/backend/api", "sync/backend/figures"}) {
        for (const auto& entry :
             std::filesystem::directory_iterator(std::filesystem::path(HAILONG_SOURCE_DIR) / room)) {
            if (entry.is_regular_file()) code += survey::read_file(entry.path()).value_or("");
        }
    }
    std::set<std::string> underscored;
    for (const std::string& key : vi) {
        std::string name = key;
        std::replace(name.begin(), name.end(), '.', '_');
        underscored.insert(name);
        // Some keys are put together: "verdict." + name, "month." + number, "error." + what.
        const std::string stem = key.substr(0, key.find('.') + 1);
        const bool is_said =
            everything.find("{{t." + name + "}}") != std::string::npos ||
            code.find("\"" + key + "\"") != std::string::npos ||
            (std::set<std::string>{"verdict.", "month.", "error.", "period.", "trend.", "reconciliation.", "export."}
                 .contains(stem));
        EXPECT_TRUE(is_said) << key;
    }
    for (std::size_t at = everything.find("{{t."); at != std::string::npos; at = everything.find("{{t.", at + 1)) {
        const std::string name = everything.substr(at + 4, everything.find("}}", at) - at - 4);
        EXPECT_TRUE(underscored.contains(name)) << name;
    }
}

}  // namespace
}  // namespace hailong::sync
