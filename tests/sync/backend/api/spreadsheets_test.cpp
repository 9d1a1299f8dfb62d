// The files that an office opens: that spreadsheets read in them what the page shows.
#include <gtest/gtest.h>

#include "sync/backend/api/csv.h"
#include "sync/backend/api/open_data.h"
#include "sync/backend/api/results_table.h"
#include "sync/backend/api/spreadsheet_text.h"
#include "tests/sync/backend/api/zip_entry.h"
#include "tests/sync/backend/service/batch_bodies.h"
#include "tests/sync/backend/service/service_fixture.h"

namespace hailong::sync {
namespace {

using sample::RouteHost;
using survey::Language;

TEST(SpreadsheetText, KnowsAFormulaWhateverStandsBeforeIt) {
    for (const char* text : {"=1+1", "+1",       "-1",       "@SUM(A1)", " =1",         "\t=1",     "\tx", "\rx",
                             "\nx",  "\u00a0=1", "\u3000=1", "\u200b=1", "\ufeff=1",    "\u2060-1", "＝1", "＋1",
                             "－1",  "＠A",      "−1",       "﹦1",      " \t\u202e=1", "\x01=1"}) {
        EXPECT_TRUE(is_like_formula(text)) << text;
    }
    for (const char* text : {"", "a=1", "1+1", "Quầy -1", "“=1”", "–", "—", " ", "5%"})
        EXPECT_FALSE(is_like_formula(text)) << text;
}

TEST(SpreadsheetText, KnowsWhatASpreadsheetTakesForAValue) {
    for (const char* text : {"01",    "2E3",        "2e-3", "1/2", "1-2",   "10:30",    "0,928",
                             "1.234", "5%",         "$5",   "5 ₫", "5 VND", "TRUE",     "false",
                             "Jan 5", "5 tháng 11", "１２", " 7 ", "(5)",   "10:30 PM", "2026-11-22T08:00"}) {
        EXPECT_TRUE(is_like_value(text)) << text;
    }
    for (const char* text : {"", "–", "Quầy 1", "TP", "A1", "1 lần", "Mức 5", "n = 5", "1. Tư pháp", "e", "2026-M10"})
        EXPECT_FALSE(is_like_value(text)) << text;
}

TEST(Csv, QuotesWhatAnyProgramCouldPart) {
    Csv csv(';');
    csv.text("a;b").text("c,d").text("e\"f").text("g\nh").text(" =i").text_for_people("01").plain("1,5%").end();
    EXPECT_EQ(csv.take(), "\xef\xbb\xbf\"a;b\";\"c,d\";\"e\"\"f\";\"g\nh\";' =i;'01;1,5%\r\n");
}

/// A month that is over: 95 of 101 satisfied at counter A and B.
class Spreadsheets : public ::testing::Test {
  protected:
    Spreadsheets() {
        sample::Journal journal("K1");
        for (std::uint64_t i = 1; i <= 101; ++i)
            journal.add(sample::visit(i, i <= 95 ? "5" : "1", sample::noon() + std::chrono::seconds(i)));
        EXPECT_EQ(host_.post_batch(journal.all()).status, 200);
        const survey::Date over = *survey::parse_date("2026-12-01");
        host_.clock.set(survey::start_of_day(over));
        host_.backend.release(over);
    }
    std::string get(const std::string& target) {
        const HttpResponse response = host_.get(target);
        EXPECT_EQ(response.status, 200) << target;
        return response.body;
    }

    RouteHost host_;
};

TEST_F(Spreadsheets, GiveAVietnameseOfficeItsOwnSigns) {
    const std::string csv = get("/centers/mau/results.csv?period=2026-M11&locale=vi");
    EXPECT_TRUE(csv.starts_with("\xef\xbb\xbfTrung tâm;Từ ngày;Đến ngày;Phần;")) << csv.substr(0, 100);
    EXPECT_NE(csv.find(";01/11/2026;30/11/2026;Kết quả chung;"), std::string::npos);
    EXPECT_NE(csv.find(";95;101;94,1%;87,6%;97,2%;\"Đạt, chưa đủ bằng chứng\"\r\n"), std::string::npos) << csv;
    EXPECT_EQ(get("/centers/mau/results.csv?period=2026-M11&locale=vi-VN"), csv);
    EXPECT_EQ(get("/centers/mau/results.csv?period=2026-M11&locale=VI_vn.UTF-8"), csv);
    const std::string en = get("/centers/mau/results.csv?period=2026-M11&locale=en");
    EXPECT_TRUE(
        en.starts_with("\xef\xbb\xbf"
                       "Center,First day,Last day,Part,"))
        << en.substr(0, 100);
    EXPECT_NE(en.find(",95,101,94.1%,87.6%,97.2%,\"Met, not yet proven\"\r\n"), std::string::npos) << en;
    EXPECT_EQ(host_.get("/centers/mau/results.csv?locale=fr").status, 400);
}

TEST_F(Spreadsheets, AreWhatThePageLinksTo) {
    const std::string vi = get("/centers/mau?period=2026-M11");
    EXPECT_NE(vi.find("results.csv?period=2026-M11&amp;locale=vi\""), std::string::npos);
    EXPECT_NE(vi.find("results.xlsx?period=2026-M11\""), std::string::npos);
    const std::string en = get("/centers/mau?period=2026-M11&lang=en");
    EXPECT_NE(en.find("results.csv?period=2026-M11&amp;locale=en\""), std::string::npos);
    EXPECT_NE(en.find("results.xlsx?period=2026-M11&amp;lang=en\""), std::string::npos);
}

TEST_F(Spreadsheets, SayInEveryRowWhatTheColumnsAre) {
    const std::string csv = get("/centers/mau/results.csv?period=2026-M11&locale=vi");
    // No text of the sample holds a semicolon or a line break.
    std::size_t columns = 0;
    std::size_t from = 0;
    for (std::size_t end = csv.find("\r\n"); end != std::string::npos; from = end + 2, end = csv.find("\r\n", from)) {
        const std::string row = csv.substr(from, end - from);
        const auto cells = static_cast<std::size_t>(std::count(row.begin(), row.end(), ';'));
        if (columns == 0) columns = cells;
        EXPECT_EQ(cells, columns) << row;
    }
    EXPECT_EQ(columns, 14u);
}

TEST_F(Spreadsheets, HoldNumbersAsNumbersAndIdentifiersAsText) {
    ResultsTable table;
    table.center = "Trung tâm";
    table.title = "Kết quả – Tháng 11/2026";
    table.notes = {"Dấu “–”: không hiển thị."};
    table.columns = {
        {"Mã", ColumnKind::identifier, 10}, {"Số", ColumnKind::count, 10}, {"Tỷ lệ", ColumnKind::share, 10}};
    table.rows = {{std::string("01"), std::int64_t{1234}, ShareCell{0.928, 928}},
                  {std::string("2E3"), WithheldCell{}, EmptyCell{}}};
    const auto book = table_xlsx(table);
    ASSERT_TRUE(book) << book.error();
    const std::string sheet = sample::zip_entry(*book, "xl/worksheets/sheet1.xml");
    const std::string texts = sample::zip_entry(*book, "xl/sharedStrings.xml");
    EXPECT_NE(sheet.find("<v>1234</v>"), std::string::npos) << sheet;
    EXPECT_NE(sheet.find("<v>0.928"), std::string::npos);
    EXPECT_NE(sheet.find("topLeftCell=\"A6\" activePane=\"bottomLeft\" state=\"frozen\""), std::string::npos) << sheet;
    EXPECT_NE(sheet.find("<col min=\"1\" max=\"1\""), std::string::npos);
    EXPECT_EQ(sheet.find("<f>"), std::string::npos) << "no formula stands in it";
    for (const char* text : {"<t>01</t>", "<t>2E3</t>", "<t>–</t>", "Tháng 11/2026", "không hiển thị"})
        EXPECT_NE(texts.find(text), std::string::npos) << text;
    EXPECT_NE(sample::zip_entry(*book, "xl/styles.xml").find("0.0%"), std::string::npos);
}

TEST_F(Spreadsheets, TellInTheWorkbookWhatThePageTells) {
    const HttpResponse response = host_.get("/centers/mau/results.xlsx?period=2026-M11&lang=en");
    EXPECT_EQ(response.header("Content-Disposition"), "attachment; filename=\"mau-2026-M11.xlsx\"");
    const std::string texts = sample::zip_entry(response.body, "xl/sharedStrings.xml");
    for (const char* text : {"Satisfaction survey results – November 2026", "Sample &lt;center&gt;", "=1+1", "(&lt;5)"})
        EXPECT_NE(texts.find(text), std::string::npos) << text << texts;
    const std::string sheet = sample::zip_entry(response.body, "xl/worksheets/sheet1.xml");
    EXPECT_NE(sheet.find("<v>95</v>"), std::string::npos);
    EXPECT_NE(sheet.find("<v>101</v>"), std::string::npos);
    EXPECT_EQ(host_.get("/centers/none/results.xlsx").status, 404);
    EXPECT_EQ(host_.get("/centers/mau/results.xlsx?period=x").status, 400);
}

TEST_F(Spreadsheets, SayThatFiguresAreProvisionalWhileThePeriodRuns) {
    const std::string csv = get("/centers/mau/results.csv?period=2026&locale=vi");
    EXPECT_NE(csv.find("\"Tạm tính: Đạt, chưa đủ bằng chứng\""), std::string::npos) << csv;
    EXPECT_NE(csv.find("Kỳ chưa kết thúc."), std::string::npos);
    EXPECT_EQ(get("/centers/mau/results.csv?period=2026-M11&locale=vi").find("Tạm tính"), std::string::npos);
}

TEST_F(Spreadsheets, ShowASignWhereAFigureIsNotTold) {
    const std::string csv = get("/centers/mau/results.csv?period=2026-M11&locale=vi");
    EXPECT_NE(csv.find(";2. Quầy B;;;–;–;–;–;–;\r\n"), std::string::npos) << csv;
    EXPECT_NE(csv.find("Dấu “–”"), std::string::npos);
}

}  // namespace
}  // namespace hailong::sync
