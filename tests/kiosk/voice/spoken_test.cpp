#include "kiosk/voice/spoken.h"

#include <gtest/gtest.h>

namespace hailong::kiosk {
namespace {

using survey::Language;

struct Said {
    std::string_view line;
    std::string_view said;
};

void expect_spoken(Language language, std::initializer_list<Said> cases) {
    for (const Said& one : cases)
        EXPECT_EQ(spoken(one.line, language), one.said) << one.line;
}

TEST(VietnameseNumber, IsReadAsInSchool) {
    const std::pair<std::int64_t, std::string_view> cases[] = {
        {0, "không"},
        {1, "một"},
        {4, "bốn"},
        {5, "năm"},
        {10, "mười"},
        {11, "mười một"},
        {14, "mười bốn"},
        {15, "mười lăm"},
        {20, "hai mươi"},
        {21, "hai mươi mốt"},
        {24, "hai mươi tư"},
        {25, "hai mươi lăm"},
        {100, "một trăm"},
        {101, "một trăm linh một"},
        {104, "một trăm linh bốn"},
        {105, "một trăm linh năm"},
        {110, "một trăm mười"},
        {115, "một trăm mười lăm"},
        {121, "một trăm hai mươi mốt"},
        {1'000, "một nghìn"},
        {1'005, "một nghìn không trăm linh năm"},
        {1'050, "một nghìn không trăm năm mươi"},
        {2'026, "hai nghìn không trăm hai mươi sáu"},
        {12'345, "mười hai nghìn ba trăm bốn mươi lăm"},
        {1'000'000, "một triệu"},
        {1'000'001, "một triệu không trăm linh một"},
        {2'500'000'000, "hai tỷ năm trăm triệu"},
        {999'999'999'999,
         "chín trăm chín mươi chín tỷ chín trăm chín mươi chín triệu chín trăm chín mươi chín nghìn chín trăm chín "
         "mươi "
         "chín"},
    };
    for (const auto& [number, words] : cases)
        EXPECT_EQ(vietnamese_number(number), words) << number;
}

TEST(VietnameseNumber, StaysInDigitsWhereNobodyCounts) {
    EXPECT_EQ(vietnamese_number(-1), "-1");
    EXPECT_EQ(vietnamese_number(1'000'000'000'000), "1000000000000");
}

TEST(Spoken, LeavesPlainWordsAsTheyAre) {
    expect_spoken(Language::vi, {{"", ""},
                                 {"Ông/Bà có hài lòng không?", "Ông/Bà có hài lòng không?"},
                                 {"Đang lưu…", "Đang lưu…"},
                                 {"Đúng hẹn, đủ giấy tờ.", "Đúng hẹn, đủ giấy tờ."}});
    expect_spoken(Language::en, {{"Are you satisfied?", "Are you satisfied?"}});
}

TEST(Spoken, SaysVietnameseNumbersInWords) {
    expect_spoken(Language::vi, {{"35 đến 54 tuổi", "ba mươi lăm đến năm mươi tư tuổi"},
                                 {"Còn 15 giây.", "Còn mười lăm giây."},
                                 {"12.345 phiếu", "mười hai nghìn ba trăm bốn mươi lăm phiếu"},
                                 {"mức độ 02", "mức độ không hai"},
                                 {"Năm 2026.", "Năm hai nghìn không trăm hai mươi sáu."},
                                 {"Quầy 3A", "Quầy ba A"},
                                 {"Bước 1.", "Bước một."}});
}

TEST(Spoken, SaysSharesWithTheirPercent) {
    expect_spoken(Language::vi, {{"90 %", "chín mươi phần trăm"},
                                 {"90%", "chín mươi phần trăm"},
                                 {"Trên 90\u00a0%", "Trên chín mươi phần trăm"},
                                 {"90,5 %", "chín mươi phẩy năm phần trăm"},
                                 {"95,05 %", "chín mươi lăm phẩy không năm phần trăm"},
                                 {"90,1 – 95,2", "chín mươi phẩy một đến chín mươi lăm phẩy hai"}});
    expect_spoken(Language::en, {{"90.5 %", "90.5 percent"}, {"90.1 – 95.2", "90.1 to 95.2"}});
}

TEST(Spoken, SaysDates) {
    expect_spoken(Language::vi,
                  {{"22/11/2026", "ngày hai mươi hai tháng mười một năm hai nghìn không trăm hai mươi sáu"},
                   {"Từ ngày 01/7/2004.", "Từ ngày một tháng bảy năm hai nghìn không trăm linh bốn."},
                   {"tháng 7/2026", "tháng bảy năm hai nghìn không trăm hai mươi sáu"},
                   {"31/02/2026", "ba mươi mốt trên không hai năm hai nghìn không trăm hai mươi sáu"}});
    expect_spoken(Language::en, {{"On 22/11/2026", "On 22 November 2026"}});
}

TEST(Spoken, SaysTimes) {
    expect_spoken(Language::vi, {{"9h30", "chín giờ ba mươi phút"},
                                 {"Từ 7h đến 11:30", "Từ bảy giờ đến mười một giờ ba mươi phút"},
                                 {"07:00", "bảy giờ"},
                                 {"25:00", "hai mươi lăm: không không"}});
}

TEST(Spoken, SaysOneNumberOfAnother) {
    expect_spoken(Language::vi,
                  {{"Câu 1/4", "Câu một trên bốn"}, {"1850/2000", "một nghìn tám trăm năm mươi trên hai nghìn"}});
    expect_spoken(Language::en, {{"Question 1/4", "Question 1 of 4"}});
}

TEST(Spoken, SaysRomanNumbersInVietnamese) {
    expect_spoken(Language::vi, {{"công trình cấp III, IV và nhà ở", "công trình cấp ba, bốn và nhà ở"},
                                 {"Quý I/2026", "Quý một năm hai nghìn không trăm hai mươi sáu"},
                                 {"VI PHẠM", "VI PHẠM"},
                                 {"Nguyễn Văn I", "Nguyễn Văn I"},
                                 {"IIII", "IIII"}});
    expect_spoken(Language::en, {{"grade III", "grade III"}});
}

TEST(Spoken, SaysCodesDigitByDigit) {
    expect_spoken(Language::vi, {{"0912345678", "không chín một hai ba bốn năm sáu bảy tám"},
                                 {"0912-345-678", "không chín một hai ba trăm bốn mươi lăm sáu trăm bảy mươi tám"},
                                 {"12345678", "một hai ba bốn năm sáu bảy tám"},
                                 {"B-01", "B không một"},
                                 {"A1", "A một"}});
    expect_spoken(Language::en, {{"0912", "0 9 1 2"}});
}

TEST(Spoken, SaysAbbreviationsAsWords) {
    expect_spoken(Language::vi, {{"Chủ tịch UBND cấp xã", "Chủ tịch ủy ban nhân dân cấp xã"},
                                 {"thẻ BHYT.", "thẻ bảo hiểm y tế."},
                                 {"TP. Hồ Chí Minh", "thành phố Hồ Chí Minh"},
                                 {"TP Huế", "thành phố Huế"},
                                 {"ISO 9001", "i sô chín nghìn không trăm linh một"},
                                 {"5.000 đ", "năm nghìn đồng"},
                                 {"50.000₫", "năm mươi nghìn đồng"},
                                 {"5 đường", "năm đường"},
                                 {"Đất đai & nhà ở", "Đất đai và nhà ở"}});
    expect_spoken(Language::en, {{"UBND", "People's Committee"}, {"ISO 9001", "ISO 9001"}});
}

TEST(Spoken, LeavesWordsThatOnlyBeginLikeAnAbbreviation) {
    expect_spoken(Language::vi, {{"TPA", "TPA"}, {"ubnd", "ubnd"}});
}

TEST(Spoken, TakesTheMarksOffVietnameseInEnglish) {
    expect_spoken(Language::en, {{"Đỗ Thị Hồng, Nguyễn Văn Ý", "Do Thi Hong, Nguyen Van Y"},
                                 {"ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯ", "AAAAEEEIIOOOOUUYADIUOU"},
                                 {"àáâãèéêìíòóôõùúýăđĩũơư", "aaaaeeeiioooouuyadiuou"},
                                 {"ẠạẢảẶặẸẹỆệỈỉỊịỌọỢợỤụỰựỲỳỸỹ", "AaAaAaEeEeIiIiOoOoUuUuYyYy"}});
}

TEST(Spoken, HandsOnNoCommandsToTheSpeech) {
    expect_spoken(Language::vi, {{"a\x01"
                                  "5Rb",
                                  "a năm Rb"},
                                 {"a\n\t b", "a b"},
                                 {"\x7f", ""}});
}

TEST(Spoken, TakesBrokenTextForSpaces) {
    expect_spoken(Language::vi, {{"a\xff"
                                  "b",
                                  "a b"},
                                 {"a\xe1\xba", "a"},
                                 {"a\xc0\xaf"
                                  "b",
                                  "a b"},
                                 {"a\xed\xa0\x80"
                                  "b",
                                  "a b"}});
}

TEST(Spoken, EndsForEveryCutOfALine) {
    const std::string line = "Từ 22/11/2026, 9h30: 90,5 % – 95 % của 12.345 đ tại UBND TP. B-01 & ₫ 1/4 0912-3";
    for (std::size_t length = 0; length <= line.size(); ++length) {
        for (const Language language : survey::kLanguages) {
            const std::string said = spoken(line.substr(0, length), language);
            EXPECT_TRUE(said.empty() || said.back() != ' ');
            EXPECT_EQ(said.find("  "), std::string::npos) << said;
        }
    }
}

}  // namespace
}  // namespace hailong::kiosk
