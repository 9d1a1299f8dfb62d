// Texts as spreadsheets take them: none is run as a formula, none turned into a number or a day. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace hailong::sync {

/// Whether a spreadsheet could run it: = + - @ in any of their forms (full-width, small, raised, the mathematical
/// minus), whatever blanks and invisible characters stand before; or a tab or a line break comes first. OWASP, "CSV
/// Injection".
[[nodiscard]] bool is_like_formula(std::string_view utf8);

/// Whether a spreadsheet could take it for a number, a share, an amount, a day, a time or a truth value: "01" (1),
/// "2E3" (2000), "1/2" (a day), "TRUE". Text with any other word in it is none.
[[nodiscard]] bool is_like_value(std::string_view utf8);

}  // namespace hailong::sync
