#include "tests/support/glass/headless.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>

#include "survey/base/json.h"

namespace hailong::glass {
namespace {

std::string read_text(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("can't read " + path.string());
    return {std::istreambuf_iterator<char>(file), {}};
}

survey::Messages load_texts(survey::Language language) {
    const std::filesystem::path path =
        std::filesystem::path(HAILONG_SOURCE_DIR) / "assets/i18n" / ("kiosk." + std::string(code(language)) + ".json");
    auto texts = survey::parse_messages(read_text(path));
    if (!texts) throw std::runtime_error(survey::describe(texts.error(), path.string()));
    return *std::move(texts);
}

void collect_texts(const boost::json::value& value, std::vector<std::string>& texts) {
    if (const auto* text = value.if_string()) texts.emplace_back(*text);
    if (const auto* list = value.if_array()) {
        for (const auto& element : *list)
            collect_texts(element, texts);
    }
    if (const auto* object = value.if_object()) {
        for (const auto& member : *object)
            collect_texts(member.value(), texts);
    }
}

}  // namespace

const survey::Messages& kiosk_texts(survey::Language language) {
    static const std::map<survey::Language, survey::Messages> texts{
        {survey::Language::vi, load_texts(survey::Language::vi)},
        {survey::Language::en, load_texts(survey::Language::en)}};
    return texts.at(language);
}

const std::vector<std::string>& all_asset_texts() {
    static const std::vector<std::string> texts = [] {
        std::vector<std::string> found;
        const std::filesystem::path assets = std::filesystem::path(HAILONG_SOURCE_DIR) / "assets";
        for (const auto& entry : std::filesystem::recursive_directory_iterator(assets)) {
            if (entry.path().extension() != ".json") continue;
            const auto value = survey::parse_json(read_text(entry.path()));
            if (!value) throw std::runtime_error(survey::describe(value.error(), entry.path().string()));
            collect_texts(*value, found);
        }
        return found;
    }();
    return texts;
}

namespace {

/// Baking takes the longest of all: once for each panel and size of type in a test program.
kiosk::FontBook& baked_for(const kiosk::Layout& layout) {
    static std::map<std::pair<float, kiosk::TextSize>, std::unique_ptr<kiosk::FontBook>> baked;
    std::unique_ptr<kiosk::FontBook>& entry = baked[{layout.scale, layout.text}];
    if (entry == nullptr) {
        const auto files = kiosk::find_fonts();
        if (!files) throw std::runtime_error(files.error().what + "; " + files.error().remedy);
        const std::vector<std::string_view> texts(all_asset_texts().begin(), all_asset_texts().end());
        auto book = kiosk::bake(layout, *files, texts);
        if (!book) throw std::runtime_error(book.error().what + "; " + book.error().remedy);
        entry = std::move(*book);
    }
    return *entry;
}

/// Small pictures stand for panels of twice as many pixels.
kiosk::Panel panel_of(int width_px, int height_px) {
    constexpr int kShortestPanel_px = 480;
    const auto width = static_cast<float>(width_px);
    const auto height = static_cast<float>(height_px);
    const int short_side = std::min(width_px, height_px);
    const bool whole = short_side == kShortestPanel_px || short_side > kShortestPanel_px * 3 / 2;
    const float times = whole ? 1 : 2;
    return {width, height, kiosk::usual_diagonal_mm(times * width, times * height)};
}

}  // namespace

HeadlessGlass::HeadlessGlass(int width_px, int height_px, survey::Language language,
                             const kiosk::LayoutOptions& options, kiosk::ThemeKind theme)
    : HeadlessGlass(kiosk::layout_for(panel_of(width_px, height_px), options), language, theme) {}

HeadlessGlass::HeadlessGlass(const kiosk::Layout& layout, survey::Language language, kiosk::ThemeKind theme)
    : kiosk::HeadlessGlass(layout, baked_for(layout), kiosk_texts(language), language, theme) {}

void HeadlessGlass::lay_out(const kiosk::Layout& layout) {
    kiosk::HeadlessGlass::lay_out(layout, baked_for(layout));
}

}  // namespace hailong::glass
