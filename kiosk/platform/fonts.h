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
#include "survey/base/expected.h"

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

/// How far from what was wanted the fonts are that were found.
enum class FontChoice {
    wanted,    // Inter or Noto Sans
    other,     // some other font of the system
    built_in,  // the one that Dear ImGui carries: ASCII only. Better than no terminal
};
struct FoundFonts {
    FontFiles files;  // empty for built_in
    FontChoice choice = FontChoice::wanted;
};
/// Where a system keeps its fonts.
inline constexpr std::string_view kSystemFonts = "/usr/share/fonts";

/// Never nothing: the first usable candidate, else any usable font below `system_fonts` (DejaVu Sans first, for it has
/// Vietnamese), else the built-in one.
[[nodiscard]] FoundFonts find_some_fonts(const std::vector<FontFiles>& candidates,
                                         const std::filesystem::path& system_fonts);

/// Bakes the type scale into `atlas` for `layout`: the whole Vietnamese alphabet (but for the largest type, in which
/// nobody types), ASCII, punctuation, the dong sign, and every further character of `texts`. The atlas must be empty.
/// Empty `files`: the built-in font, which has ASCII only. About 40 ms on a panel of 1080 x 1920, at the largest text
/// four times that.
[[nodiscard]] Expected<Fonts, FontError> load_fonts(ImFontAtlas& atlas, const Layout& layout, const FontFiles& files,
                                                    std::span<const std::string_view> texts);

/// Code points of `text` that `font` can't show, each once, in order. Combining marks are always among them.
[[nodiscard]] std::vector<char32_t> missing_glyphs(const ImFont& font, std::string_view text);

}  // namespace hailong::kiosk
