// How a line on the screen is said: what eSpeak NG 1.51 reads wrongly by ear is put into words first, the rest is left
// as it is. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "survey/base/messages.h"

namespace hailong::kiosk {

/// `line` for the ear, in UTF-8. Control characters (eSpeak takes them for commands) and broken UTF-8 become spaces,
/// runs of spaces one space.
/// Both languages: dates dd/mm/yyyy, "%", "/" and "–" between numbers, codes of digits, common abbreviations, đ and ₫.
/// Vietnamese: every number in words (eSpeak says "mười năm" for 15), times as 9h30 or 09:30, Roman numbers, "ISO".
/// English: letters lose their Vietnamese marks, which eSpeak would spell one by one.
[[nodiscard]] std::string spoken(std::string_view line, survey::Language language);

/// `number` in Vietnamese words, 0 to 999,999,999,999: 15 "mười lăm", 21 "hai mươi mốt", 105 "một trăm linh năm",
/// 1005 "một nghìn không trăm linh năm". Outside that range: its digits.
/// Rule: how numbers are read in Vietnamese primary schools (Toán 2 to 4), in the northern wording.
[[nodiscard]] std::string vietnamese_number(std::int64_t number);

}  // namespace hailong::kiosk
