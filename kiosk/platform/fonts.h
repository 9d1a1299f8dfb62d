// Fonts from the system's packages, baked for one panel. The one loader for the program and its tests: its settings
// decide the width of every text.
//
// Dear ImGui aborts on a missing or damaged font file, so files are checked first. It knows no combining marks: texts
// must be NFC; decomposed ones are reported by missing_glyphs().
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <imgui.h>

#include "kiosk/widgets/draw_context.h"
#include "survey/expected.h"

namespace hailong::kiosk {

/// Two weights of one family: the words that are read first, and those beside them.
struct FontFiles {
    std::filesystem::path strong;
    std::filesystem::path regular;
    bool operator==(const FontFiles&) const = default;
};

/// Where fonts are looked for, best first: Inter, then Noto Sans, as found when the program was configured and where
/// Debian puts them.
[[nodiscard]] std::vector<FontFiles> font_candidates();

/// No font that can be used.
struct FontError {
    std::string what;
    std::string remedy;
};

/// The first candidate whose files can be read and hold a font.
[[nodiscard]] Expected<FontFiles, FontError> find_fonts(const std::vector<FontFiles>& candidates = font_candidates());

/// Bakes the type scale into `atlas` for `layout`: the whole Vietnamese alphabet (but for the largest type, in which
/// nobody types), ASCII, punctuation, the dong sign, and every further character of `texts`. The atlas must be empty.
/// About 40 ms on a panel of 1080 x 1920, at the largest text four times that.
[[nodiscard]] Expected<Fonts, FontError> load_fonts(ImFontAtlas& atlas, const Layout& layout, const FontFiles& files,
                                                    std::span<const std::string_view> texts);

/// Code points of `text` that `font` can't show, each once, in order. Combining marks are always among them.
[[nodiscard]] std::vector<char32_t> missing_glyphs(const ImFont& font, std::string_view text);

}  // namespace hailong::kiosk
