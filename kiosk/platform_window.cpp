#include "kiosk/platform_window.h"

namespace hailong::kiosk {

WindowSize PlatformWindow::size() const {
    const Window::Size size = window_.framebuffer_size();
    return {size.width, size.height};
}

Expected<Fonts, std::string> PlatformWindow::bake(const Layout& layout, std::span<const std::string_view> texts) {
    ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
    atlas.Clear();
    auto fonts = load_fonts(atlas, layout, font_files_, texts);
    if (!fonts) return unexpected(fonts.error().what + "; " + fonts.error().remedy);
    window_.fonts_changed();
    return *fonts;
}

}  // namespace hailong::kiosk
