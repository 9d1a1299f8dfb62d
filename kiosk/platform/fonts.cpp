#include "kiosk/platform/fonts.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <set>

#include <imgui_internal.h>  // ImTextCharFromUtf8

#include "kiosk/theme/theme.h"

namespace hailong::kiosk {
namespace {

constexpr const char* kRemedy = "install the package fonts-inter (or fonts-noto-core)";

/// Largest font file read, in bytes: Inter has 0.7 MB, the largest of Noto Sans 0.6 MB.
constexpr std::streamsize kFontBytesMax = 16 << 20;

using Bytes = std::vector<char>;

std::uint32_t big_endian(const Bytes& bytes, std::size_t at, std::size_t count) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < count; ++i)
        value = value << 8u | static_cast<unsigned char>(bytes[at + i]);
    return value;
}

/// True for a file whose table directory is whole and names what the rasteriser reads. It asserts on less.
bool is_font(const Bytes& bytes) {
    constexpr std::size_t kHeader = 12;
    constexpr std::size_t kEntry = 16;
    if (bytes.size() < kHeader) return false;
    const std::uint32_t kind = big_endian(bytes, 0, 4);
    if (kind != 0x00010000 && kind != 0x4F54544F) return false;  // TrueType or "OTTO"
    const std::size_t tables = big_endian(bytes, 4, 2);
    if (kHeader + tables * kEntry > bytes.size()) return false;
    std::set<std::string> names;
    for (std::size_t i = 0; i < tables; ++i) {
        const std::size_t entry = kHeader + i * kEntry;
        const std::uint64_t offset = big_endian(bytes, entry + 8, 4);
        const std::uint64_t length = big_endian(bytes, entry + 12, 4);
        if (offset + length > bytes.size()) return false;
        names.emplace(bytes.data() + entry, 4);
    }
    for (const char* needed : {"cmap", "head", "hhea", "hmtx", "maxp"}) {
        if (!names.contains(needed)) return false;
    }
    return names.contains("CFF ") || (names.contains("glyf") && names.contains("loca"));
}

std::optional<Bytes> read_font(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    const std::streamsize size = file ? static_cast<std::streamsize>(file.tellg()) : -1;
    if (size <= 0 || size > kFontBytesMax) return std::nullopt;
    Bytes bytes(static_cast<std::size_t>(size));
    file.seekg(0);
    if (!file.read(bytes.data(), size) || !is_font(bytes)) return std::nullopt;
    return bytes;
}

bool is_combining(char32_t c) {
    return c >= 0x300 && c <= 0x36F;
}

/// Reads one code point and moves on; U+FFFD for bytes that are not UTF-8.
char32_t take(std::string_view& text) {
    unsigned int c = 0;
    const char* begin = text.data();
    const int length = ImTextCharFromUtf8(&c, begin, begin + text.size());
    text.remove_prefix(static_cast<std::size_t>(std::max(length, 1)));
    return c;
}

/// Punctuation that Vietnamese texts use beyond ASCII.
constexpr std::string_view kMarks = "\u00a0§°·×–—‘’“”…•₫≤≥";
/// Every character of Vietnamese beyond ASCII, small and capital.
constexpr std::string_view kAlphabet =
    "áàảãạăắằẳẵặâấầẩẫậđéèẻẽẹêếềểễệíìỉĩịóòỏõọôốồổỗộơớờởỡợúùủũụưứừửữựýỳỷỹỵ"
    "ÁÀẢÃẠĂẮẰẲẴẶÂẤẦẨẪẬĐÉÈẺẼẸÊẾỀỂỄỆÍÌỈĨỊÓÒỎÕỌÔỐỒỔỖỘƠỚỜỞỠỢÚÙỦŨỤƯỨỪỬỮỰÝỲỶỸỴ";

/// Ranges for Dear ImGui: pairs of first and last, ended by 0. The rasteriser skips what the font does not hold.
std::vector<ImWchar> glyph_ranges(std::span<const std::string_view> texts, std::string_view alphabet) {
    std::set<ImWchar> wanted;
    for (ImWchar c = 0x20; c < 0x7F; ++c)
        wanted.insert(c);
    const auto add = [&](std::string_view text) {
        while (!text.empty()) {
            const char32_t c = take(text);
            if (c >= 0x20 && c <= IM_UNICODE_CODEPOINT_MAX && !is_combining(c)) wanted.insert(static_cast<ImWchar>(c));
        }
    };
    add(kMarks);
    add(alphabet);
    std::for_each(texts.begin(), texts.end(), add);
    std::vector<ImWchar> ranges;
    for (const ImWchar c : wanted) {
        if (!ranges.empty() && ranges.back() + 1 == c) {
            ranges.back() = c;
        } else {
            ranges.push_back(c);
            ranges.push_back(c);
        }
    }
    ranges.push_back(0);
    return ranges;
}

ImFont* add_font(ImFontAtlas& atlas, Bytes& bytes, float size, const Layout& layout,
                 const std::vector<ImWchar>& ranges) {
    // Small type is placed between pixels and needs the second sample; large type does not, and would cost the most.
    constexpr float kOversampleBelow_px = 44;
    const float size_px = std::max(std::round(theme::grown(size, factor(layout.text)) * layout.scale), 8.F);
    ImFontConfig config;
    config.OversampleH = size_px < kOversampleBelow_px ? 2 : 1;
    config.OversampleV = 1;
    config.FontDataOwnedByAtlas = false;
    return atlas.AddFontFromMemoryTTF(bytes.data(), static_cast<int>(bytes.size()), size_px, &config, ranges.data());
}

}  // namespace

std::vector<FontFiles> font_candidates() {
    const std::filesystem::path inter = "/usr/share/fonts/opentype/inter";
    const std::filesystem::path noto = "/usr/share/fonts/truetype/noto";
    return {{HAILONG_FONT_STRONG, HAILONG_FONT_REGULAR},
            {inter / "Inter-SemiBold.otf", inter / "Inter-Medium.otf"},
            {noto / "NotoSans-Bold.ttf", noto / "NotoSans-Regular.ttf"}};
}

Expected<FontFiles, FontError> find_fonts(const std::vector<FontFiles>& candidates) {
    std::string tried;
    for (const FontFiles& files : candidates) {
        if (files.strong.empty() || files.regular.empty()) continue;
        if (read_font(files.strong) && read_font(files.regular)) return files;
        tried += (tried.empty() ? "" : ", ") + files.strong.parent_path().string();
    }
    return unexpected(FontError{"no usable font found in " + (tried.empty() ? "any folder" : tried), kRemedy});
}

FoundFonts find_some_fonts(const std::vector<FontFiles>& candidates, const std::filesystem::path& system_fonts) {
    if (const auto wanted = find_fonts(candidates)) return {*wanted, FontChoice::wanted};
    std::vector<std::filesystem::path> files;
    std::error_code error;  // a folder that can't be read holds no fonts for us
    for (std::filesystem::recursive_directory_iterator entry(
             system_fonts, std::filesystem::directory_options::skip_permission_denied, error);
         !error && entry != std::filesystem::recursive_directory_iterator(); entry.increment(error)) {
        const std::filesystem::path extension = entry->path().extension();
        if (extension == ".ttf" || extension == ".otf") files.push_back(entry->path());
    }
    const auto is_dejavu = [](const std::filesystem::path& path) { return path.filename() == "DejaVuSans.ttf"; };
    std::sort(files.begin(), files.end());
    std::stable_partition(files.begin(), files.end(), is_dejavu);
    for (const std::filesystem::path& file : files) {
        if (read_font(file)) return {{file, file}, FontChoice::other};
    }
    return {{}, FontChoice::built_in};
}

namespace {

ImFont* add_built_in(ImFontAtlas& atlas, float size, const Layout& layout) {
    ImFontConfig config;
    config.SizePixels = std::max(std::round(theme::grown(size, factor(layout.text)) * layout.scale), 8.F);
    return atlas.AddFontDefault(&config);
}

/// The type scale, each size added by `add(size, strong, hero)`.
template <class Add>
Fonts type_scale(const Add& add) {
    Fonts fonts;
    fonts.hero = add(theme::kHeroSize, true, true);
    fonts.display = add(theme::kDisplaySize, true, false);
    fonts.title = add(theme::kTitleSize, true, false);
    fonts.label = add(theme::kLabelSize, true, false);
    fonts.body = add(theme::kBodySize, false, false);
    fonts.caption = add(theme::kCaptionSize, false, false);
    return fonts;
}

}  // namespace

Expected<Fonts, FontError> load_fonts(ImFontAtlas& atlas, const Layout& layout, const FontFiles& files,
                                      std::span<const std::string_view> texts) {
    atlas.Flags |= ImFontAtlasFlags_NoPowerOfTwoHeight | ImFontAtlasFlags_NoMouseCursors;
    if (files == FontFiles{}) {
        const Fonts fonts = type_scale([&](float size, bool, bool) { return add_built_in(atlas, size, layout); });
        atlas.Build();
        return fonts;
    }
    std::optional<Bytes> strong = read_font(files.strong);
    std::optional<Bytes> regular = read_font(files.regular);
    if (!strong || !regular) {
        const auto& broken = strong ? files.regular : files.strong;
        return unexpected(FontError{"can't read the font " + broken.string(), kRemedy});
    }
    const std::vector<ImWchar> ranges = glyph_ranges(texts, kAlphabet);
    // Nobody types in the largest type: it holds what the texts need, and takes half the room and time otherwise.
    const std::vector<ImWchar> hero_ranges = glyph_ranges(texts, {});
    const Fonts fonts = type_scale([&](float size, bool is_strong, bool is_hero) {
        return add_font(atlas, is_strong ? *strong : *regular, size, layout, is_hero ? hero_ranges : ranges);
    });
    const bool built = atlas.Build();
    atlas.ClearInputData();  // it points into the files' bytes, which end here
    if (!built) return unexpected(FontError{"the font " + files.strong.string() + " can't be drawn", kRemedy});
    return fonts;
}

std::vector<char32_t> missing_glyphs(const ImFont& font, std::string_view text) {
    std::vector<char32_t> missing;
    while (!text.empty()) {
        const char32_t c = take(text);
        if (c < 0x20) continue;  // line feeds break lines; nothing is drawn for them
        const bool shown = c <= IM_UNICODE_CODEPOINT_MAX && !is_combining(c) &&
                           font.FindGlyphNoFallback(static_cast<ImWchar>(c)) != nullptr;
        if (!shown && std::find(missing.begin(), missing.end(), c) == missing.end()) missing.push_back(c);
    }
    return missing;
}

}  // namespace hailong::kiosk
