#include "tests/support/glass/headless.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>

#include "kiosk/widgets/theme.h"
#include "survey/json.h"

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

/// An atlas and the fonts in it; baked once for each panel in a test program, which takes the longest of all.
struct HeadlessGlass::Baked {
    ImFontAtlas atlas;
    kiosk::Fonts fonts;
};

HeadlessGlass::Baked& HeadlessGlass::baked_for(const kiosk::Layout& layout) {
    static std::map<float, std::unique_ptr<Baked>> baked;  // by scale
    std::unique_ptr<Baked>& entry = baked[layout.scale];
    if (entry == nullptr) {
        const auto files = kiosk::find_fonts();
        if (!files) throw std::runtime_error(files.error().what + "; " + files.error().remedy);
        auto fresh = std::make_unique<Baked>();
        const std::vector<std::string_view> texts(all_asset_texts().begin(), all_asset_texts().end());
        const auto fonts = kiosk::load_fonts(fresh->atlas, layout, *files, texts);
        if (!fonts) throw std::runtime_error(fonts.error().what + "; " + fonts.error().remedy);
        fresh->fonts = *fonts;
        entry = std::move(fresh);
    }
    return *entry;
}

HeadlessGlass::HeadlessGlass(int width_px, int height_px, survey::Language language)
    : layout_(kiosk::layout_for(static_cast<float>(width_px), static_cast<float>(height_px))),
      language_(language),
      baked_(baked_for(layout_)),
      context_(ImGui::CreateContext(&baked_.atlas)) {
    ImGui::SetCurrentContext(context_);
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.LogFilename = nullptr;
    io.DisplaySize = {static_cast<float>(width_px), static_cast<float>(height_px)};
}

HeadlessGlass::~HeadlessGlass() {
    ImGui::DestroyContext(context_);
}

void HeadlessGlass::begin() {
    constexpr float kFrame_s = 1.F / 60;
    ImGui::SetCurrentContext(context_);
    targets_.clear();
    misfits_.clear();
    ImGuiIO& io = ImGui::GetIO();
    io.DeltaTime = kFrame_s;
    const kiosk::PointerState pointer = touches_.next_frame();
    io.MousePos = {pointer.x, pointer.y};
    io.MouseDown[0] = pointer.down;
    ImGui::NewFrame();
}

void HeadlessGlass::end() {
    ImGui::Render();
}

kiosk::DrawContext HeadlessGlass::draw_context() {
    return {baked_.fonts, layout_, kiosk_texts(language_), language_, targets_, &misfits_};
}

const kiosk::Fonts& HeadlessGlass::fonts() const {
    return baked_.fonts;
}

const kiosk::Target& HeadlessGlass::target(const std::string& name) const {
    for (const kiosk::Target& target : targets_) {
        if (target.name == name) return target;
    }
    throw std::out_of_range("no touch target " + name);
}

bool HeadlessGlass::has_target(const std::string& name) const {
    return std::any_of(targets_.begin(), targets_.end(), [&](const kiosk::Target& t) { return t.name == name; });
}

Image HeadlessGlass::picture() const {
    ImGui::SetCurrentContext(context_);
    return paint(*ImGui::GetDrawData(), baked_.atlas, kiosk::theme::kPage.fill);
}

}  // namespace hailong::glass
