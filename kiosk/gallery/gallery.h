// The gallery: every screen in every state, language, theme and panel as a PNG, and contact sheets of them.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "kiosk/platform/fonts.h"
#include "kiosk/theme/layout.h"
#include "kiosk/theme/theme.h"
#include "survey/base/expected.h"
#include "survey/base/messages.h"

namespace hailong::kiosk {

struct GalleryPanel {
    std::string name;  // of its folder
    int width_px = 0;
    int height_px = 0;
};
/// The shapes of panel that the terminal is laid out for; each has its usual size (layout.h).
[[nodiscard]] const std::vector<GalleryPanel>& gallery_panels();

struct GallerySetup {
    std::filesystem::path folder;
    FontFiles fonts;
    std::vector<std::string_view> texts;  // everything that may be shown, so that its letters are baked
    std::function<const survey::Messages&(survey::Language)> text;
    /// Called after each picture with its path below the folder.
    std::function<void(const std::string&)> painted;
};

/// Paints <folder>/<panel>/<variant>/<scene>.<language>.png, where a variant is a theme, a size of text or "seated",
/// and <folder>/contact-<panel>-<variant>.png with the Vietnamese ones of each. Returns how many pictures were painted.
/// The error is a sentence. About ten minutes on one core; `only_panel` not empty: of that panel alone.
[[nodiscard]] Expected<std::size_t, std::string> paint_gallery(const GallerySetup& setup,
                                                               const std::string& only_panel);

}  // namespace hailong::kiosk
