// Links as they arrive after messengers, mail programs and hands had them: with what stood behind them in the sentence,
// with marks of who sent them, in capitals, cut within an escape. What they led to is found again. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sync/backend/http/url.h"

namespace hailong::sync {

/// The target that was likely meant, as our own pages write theirs: path in lower case without empty segments, without
/// what closes a sentence or a bracket behind it and without "%" that lead nowhere; of the query the fields that pages
/// know (period, lang, live, locale), each with a value of letters, digits and . _ - alone. Empty when it is what was
/// asked for already. Always begins with one "/", so that it leads to nobody else.
[[nodiscard]] std::optional<std::string> mended_target(std::string_view target);

/// Whether a field of a page stands in the query by another name or with more behind its value than it was meant to:
/// "&amp;period=2026-m11)." A value that is none at all is not mangled but wrong.
[[nodiscard]] bool has_mangled_field(const Fields& query);

/// A value without what stands behind it by accident: "2026-M11)." gives "2026-M11".
[[nodiscard]] std::string without_tail(std::string_view utf8);

/// The target with its segment `asked` written as `meant`; empty where it does not stand in the path as it is.
[[nodiscard]] std::optional<std::string> with_segment(std::string target, const std::string& asked,
                                                      const std::string& meant);

/// ASCII letters alone.
[[nodiscard]] std::string lower_case(std::string_view text);
[[nodiscard]] std::string upper_case(std::string_view text);

}  // namespace hailong::sync
