// What looks like somebody's data, and what only looks a little like it.
#include <string>

#include <gtest/gtest.h>

#include "kiosk/typing/typing.h"

namespace hailong::kiosk {
namespace {

TEST(PersonalData, IsANumberOfAnIdentityCard) {
    for (const char* text : {"048123456789", "Số CCCD của tôi là 048123456789.", "048 123 456 789", "048.123.456.789",
                             "201234567", "CMND 201 234 567", "201-234-567", "cccd:048123456789,ngày cấp"})
        EXPECT_EQ(looks_personal(text), Personal::id_number) << text;
}

TEST(PersonalData, IsATelephoneNumber) {
    for (const char* text : {"0912345678", "gọi 0912 345 678 nhé", "0912.345.678", "091-234-5678", "02363881234",
                             "0236 3881 234", "+84912345678", "+84 912 345 678", "(0912345678)", "2026 0912345678"})
        EXPECT_EQ(looks_personal(text), Personal::phone) << text;
}

TEST(PersonalData, IsAnEmailAddress) {
    for (const char* text : {"a@b.vn", "thư: nguyen.hoa@gmail.com.", "x@@ y1@mail-1.example.org"})
        EXPECT_EQ(looks_personal(text), Personal::email) << text;
}

TEST(PersonalData, IsADossierCode) {
    for (const char* text : {"000.00.16.H29-261008-0975", "hồ sơ H15.50.05.13-261008-0975, nộp",
                             "H29.123.45-261231-AB1234", "Mã H29-260101-0001."})
        EXPECT_EQ(looks_personal(text), Personal::dossier_code) << text;
}

TEST(PersonalData, IsNoDateAmountOrCount) {
    for (const char* text : {"",
                             "Cảm ơn!",
                             "15/3/2026",
                             "15-03-2026",
                             "ngày 15.03.2026 lúc 10 giờ 30",
                             "1.500.000 đồng",
                             "100.000.000.000 đồng",
                             "100.000.000",
                             "123.456.789 đồng",
                             "100 000 000",
                             "100000000",
                             "8 giờ đến 11 giờ 30",
                             "quầy số 3",
                             "@",
                             "a@",
                             "@b.vn",
                             "a@b",
                             "2020 - 2026",
                             "12345678",
                             "1234567890",
                             "0123456789012",
                             "H29-261308-0001",
                             "H29-261032-0001",
                             "abc-261008-0001",
                             "H29-261008-001",
                             "10 20 30 40 50",
                             "2025 2026 2027",
                             "số 09, 12, 34"})
        EXPECT_EQ(looks_personal(text), std::nullopt) << text;
}

TEST(PersonalData, IsFoundBehindOtherNumbers) {
    EXPECT_EQ(looks_personal("Ngày 15/3, 1.500.000 đồng, 0912345678"), Personal::phone);
    EXPECT_EQ(looks_personal("phòng 12 048123456789"), Personal::id_number);
}

}  // namespace
}  // namespace hailong::kiosk
