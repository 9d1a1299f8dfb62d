#include "kiosk/gallery/gallery.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>

#include "kiosk/gallery/canvas.h"
#include "kiosk/gallery/headless.h"
#include "kiosk/gallery/scenes.h"

namespace hailong::kiosk {
namespace {

/// One way of showing all scenes.
struct Variant {
    std::string name;
    ThemeKind theme = ThemeKind::light;
    LayoutOptions options;
    bool extremes = true;  // rare states too
};

const std::vector<Variant>& variants() {
    static const std::vector<Variant> all = {
        {"light", ThemeKind::light, {}, true},
        {"high-contrast", ThemeKind::high_contrast, {}, true},
        {"large-text", ThemeKind::light, {.text = TextSize::large}, false},
        {"largest-text", ThemeKind::light, {.text = TextSize::largest}, true},
        {"seated", ThemeKind::light, {.seated = true}, false},
    };
    return all;
}

/// Half, a third ... as large; each pixel the mean of those it stands for.
Image shrunk(const Image& image, int times) {
    Image small(image.width / times, image.height / times, rgb(0));
    const auto n = static_cast<std::size_t>(times);
    const auto width = static_cast<std::size_t>(image.width);
    const auto small_width = static_cast<std::size_t>(small.width);
    for (std::size_t i = 0; i < small.rgb.size(); ++i) {
        const std::size_t channel = i % 3;
        const std::size_t left = i / 3 % small_width * n;
        const std::size_t top = i / 3 / small_width * n;
        std::size_t sum = 0;
        for (std::size_t k = 0; k < n * n; ++k)
            sum += image.rgb[((top + k / n) * width + left + k % n) * 3 + channel];
        small.rgb[i] = static_cast<std::uint8_t>(sum / (n * n));
    }
    return small;
}

/// Pictures of one size beside and below each other, in the order in which they came.
class ContactSheet {
  public:
    explicit ContactSheet(const GalleryPanel& panel)
        : times_(std::max(1, static_cast<int>(std::lround(std::max(panel.width_px, panel.height_px) / 280.0)))),
          columns_(panel.height_px > panel.width_px ? 12 : 7) {}

    void add(const Image& picture) { pictures_.push_back(shrunk(picture, times_)); }

    [[nodiscard]] bool empty() const { return pictures_.empty(); }

    /// What was added since the last one. REQUIRES: not empty().
    [[nodiscard]] Image take() {
        constexpr int kGap = 12;
        const int width = pictures_.front().width;
        const int height = pictures_.front().height;
        const int rows = (static_cast<int>(pictures_.size()) + columns_ - 1) / columns_;
        Image sheet(columns_ * (width + kGap) + kGap, rows * (height + kGap) + kGap, rgb(0x6E7A7D));
        for (std::size_t i = 0; i < pictures_.size(); ++i) {
            const int column = static_cast<int>(i) % columns_;
            const int row = static_cast<int>(i) / columns_;
            put(pictures_[i], kGap + column * (width + kGap), kGap + row * (height + kGap), sheet);
        }
        pictures_.clear();
        return sheet;
    }

  private:
    static void put(const Image& picture, int left, int top, Image& sheet) {
        const auto stride = static_cast<std::size_t>(picture.width) * 3;
        for (int y = 0; y < picture.height; ++y) {
            const auto from = picture.rgb.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(y) * stride);
            const auto to = (static_cast<std::size_t>(top + y) * static_cast<std::size_t>(sheet.width) +
                             static_cast<std::size_t>(left)) *
                            3;
            std::copy_n(from, stride, sheet.rgb.begin() + static_cast<std::ptrdiff_t>(to));
        }
    }

    int times_;
    int columns_;
    std::vector<Image> pictures_;
};

/// Paints one panel.
class PanelPainter {
  public:
    PanelPainter(const GallerySetup& setup, const GalleryPanel& panel) : setup_(setup), panel_(panel), sheet_(panel) {}

    Expected<std::size_t, std::string> paint_all() {
        for (const Variant& variant : variants()) {
            if (auto painted = paint_variant(variant); !painted) return unexpected(painted.error());
            if (sheet_.empty()) continue;
            auto written =
                write_png(setup_.folder / ("contact-" + panel_.name + "-" + variant.name + ".png"), sheet_.take());
            if (!written) return unexpected(written.error());
        }
        return count_;
    }

  private:
    Expected<void, std::string> paint_variant(const Variant& variant) {
        const Layout layout =
            layout_for(static_cast<float>(panel_.width_px), static_cast<float>(panel_.height_px), variant.options);
        if (variant.options.seated && !layout.seated()) return {};  // all of this panel is within reach: as light
        auto book = bake(layout, setup_.fonts, setup_.texts);
        if (!book) return unexpected(book.error().what + "; " + book.error().remedy);
        for (const survey::Language language : survey::kLanguages) {
            HeadlessGlass glass(layout, **book, setup_.text(language), language, variant.theme);
            std::vector<scenes::Scene> shown = scenes::ordinary(language);
            if (variant.extremes) {
                for (scenes::Scene& scene : scenes::extreme(language))
                    shown.push_back(std::move(scene));
            }
            for (const scenes::Scene& scene : shown) {
                if (auto painted = paint_scene(variant, glass, scene, language); !painted) return painted;
            }
        }
        return {};
    }

    Expected<void, std::string> paint_scene(const Variant& variant, HeadlessGlass& glass, const scenes::Scene& scene,
                                            survey::Language language) {
        glass.frame(scene.draw);
        glass.frame(scene.draw);  // what Dear ImGui knows only a frame later
        const Image picture = glass.picture();
        const std::string name =
            panel_.name + "/" + variant.name + "/" + scene.name + "." + std::string(code(language)) + ".png";
        if (auto written = write_png(setup_.folder / name, picture); !written) return written;
        if (language == survey::Language::vi) sheet_.add(picture);
        ++count_;
        setup_.painted(name);
        return {};
    }

    const GallerySetup& setup_;
    const GalleryPanel& panel_;
    ContactSheet sheet_;
    std::size_t count_ = 0;
};

}  // namespace

const std::vector<GalleryPanel>& gallery_panels() {
    static const std::vector<GalleryPanel> panels = {{"1080x1920", 1080, 1920},
                                                     {"1920x1080", 1920, 1080},
                                                     {"1366x768", 1366, 768},
                                                     {"1280x800", 1280, 800},
                                                     {"800x480", 800, 480}};
    return panels;
}

Expected<std::size_t, std::string> paint_gallery(const GallerySetup& setup, const std::string& only_panel) {
    std::size_t count = 0;
    bool known = false;
    std::string names;
    for (const GalleryPanel& panel : gallery_panels()) {
        names += (names.empty() ? "" : ", ") + panel.name;
        if (!only_panel.empty() && only_panel != panel.name) continue;
        known = true;
        const auto painted = PanelPainter(setup, panel).paint_all();
        if (!painted) return unexpected(painted.error());
        count += *painted;
    }
    if (!known) return unexpected("the gallery has no panel \"" + only_panel + "\"; name one of " + names);
    return count;
}

}  // namespace hailong::kiosk
