#include "kiosk/gallery/headless.h"

#include <algorithm>

namespace hailong::kiosk {

Expected<std::unique_ptr<FontBook>, FontError> bake(const Layout& layout, const FontFiles& files,
                                                    std::span<const std::string_view> texts) {
    auto book = std::make_unique<FontBook>();
    const auto fonts = load_fonts(book->atlas, layout, files, texts);
    if (!fonts) return unexpected(fonts.error());
    book->fonts = *fonts;
    return book;
}

HeadlessGlass::HeadlessGlass(const Layout& layout, FontBook& book, const survey::Messages& text,
                             survey::Language language, ThemeKind theme)
    : layout_(layout),
      book_(&book),
      text_(text),
      language_(language),
      theme_(theme_of(theme)),
      context_(ImGui::CreateContext(&book.atlas)) {
    ImGui::SetCurrentContext(context_);
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.LogFilename = nullptr;
    io.DisplaySize = {layout.width * layout.scale, layout.height * layout.scale};
}

HeadlessGlass::~HeadlessGlass() {
    ImGui::DestroyContext(context_);
}

void HeadlessGlass::lay_out(const Layout& layout, FontBook& book) {
    ImGui::SetCurrentContext(context_);
    ImGuiIO& io = ImGui::GetIO();
    io.Fonts = &book.atlas;
    io.DisplaySize = {layout.width * layout.scale, layout.height * layout.scale};
    layout_ = layout;
    book_ = &book;
}

void HeadlessGlass::begin_frame() {
    constexpr float kFrame_s = 1.F / 60;
    ImGui::SetCurrentContext(context_);
    traces_.clear();
    ImGuiIO& io = ImGui::GetIO();
    io.DeltaTime = kFrame_s;
    const PointerState pointer = touches_.next_frame();
    io.MousePos = {pointer.x, pointer.y};
    io.MouseDown[0] = pointer.down;
    ImGui::NewFrame();
}

void HeadlessGlass::end_frame() {
    ImGui::Render();
    keypad_.activate.clear();
}

DrawContext HeadlessGlass::draw_context() {
    return {book_->fonts, layout_, theme_, text_, language_, traces_, keypad_};
}

const Target& HeadlessGlass::target(const std::string& name) const {
    for (const Target& target : traces_.targets) {
        if (target.name == name) return target;
    }
    throw std::out_of_range("no touch target " + name);
}

bool HeadlessGlass::has_target(const std::string& name) const {
    return std::any_of(traces_.targets.begin(), traces_.targets.end(), [&](const Target& t) { return t.name == name; });
}

Image HeadlessGlass::picture() const {
    ImGui::SetCurrentContext(context_);
    return paint(*ImGui::GetDrawData(), book_->atlas, theme_.page.fill);
}

}  // namespace hailong::kiosk
