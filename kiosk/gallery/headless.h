// The glass without a window: a Dear ImGui context on a panel of any size, the program's fonts and its touch queue.
// What paints the gallery, and what tests tap.
#pragma once

#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <imgui.h>

#include "kiosk/gallery/canvas.h"
#include "kiosk/platform/fonts.h"
#include "kiosk/platform/touch_queue.h"
#include "kiosk/widgets/draw_context.h"
#include "survey/base/messages.h"

namespace hailong::kiosk {

/// Fonts baked for one layout, with the atlas that holds them.
struct FontBook {
    ImFontAtlas atlas;
    Fonts fonts;
};
/// `texts`: everything that is to be shown (fonts.h).
[[nodiscard]] Expected<std::unique_ptr<FontBook>, FontError> bake(const Layout& layout, const FontFiles& files,
                                                                  std::span<const std::string_view> texts);

/// More frames than the fullest touch queue can owe.
inline constexpr int kFramesMax = 2 * static_cast<int>(kTouchEdgesMax);

class HeadlessGlass {
  public:
    /// Everything must outlive the glass. `book` is baked for `layout`.
    HeadlessGlass(const Layout& layout, FontBook& book, const survey::Messages& text, survey::Language language,
                  ThemeKind theme = ThemeKind::light);
    ~HeadlessGlass();
    HeadlessGlass(const HeadlessGlass&) = delete;
    HeadlessGlass& operator=(const HeadlessGlass&) = delete;

    /// One frame of `screen`, which is called with the draw context. Returns what it returns.
    template <class Screen>
    auto frame(Screen&& screen) {
        begin_frame();
        DrawContext context = draw_context();
        if constexpr (std::is_void_v<decltype(screen(context))>) {
            screen(context);
            end_frame();
        } else {
            auto result = screen(context);
            end_frame();
            return result;
        }
    }
    // The same for whoever draws with a context of their own.
    void begin_frame();
    void end_frame();

    /// Lays out anew, between two frames; touches that wait stay. `book` is baked for `layout` and must outlive the
    /// glass.
    void lay_out(const Layout& layout, FontBook& book);

    /// Draws until nothing is owed any more and collects every intent on the way. One frame at least; throws
    /// std::runtime_error when it never ends.
    template <class Screen>
    auto settle(Screen&& screen) {
        std::vector<typename decltype(screen(std::declval<DrawContext&>()))::value_type> intents;
        for (int frames = 0; frames < kFramesMax; ++frames) {
            if (auto intent = frame(screen)) intents.push_back(*intent);
            if (!touches_.owes_frames()) return intents;
        }
        throw std::runtime_error("the touch queue owes frames for ever");
    }

    /// Taps the middle of the target of that name, as drawn in the frame before, and settles. Throws std::out_of_range
    /// when there is no such target.
    template <class Screen>
    auto tap(const std::string& name, Screen&& screen) {
        const Target& target = this->target(name);
        const float x = target.x + target.width / 2;
        const float y = target.y + target.height / 2;
        touches_.press(x, y);
        touches_.release(x, y);
        return settle(std::forward<Screen>(screen));
    }

    [[nodiscard]] TouchQueue& touches() { return touches_; }
    [[nodiscard]] const TouchQueue& touches() const { return touches_; }
    [[nodiscard]] Keypad& keypad() { return keypad_; }
    // Of the last frame.
    [[nodiscard]] const Traces& traces() const { return traces_; }
    [[nodiscard]] const std::vector<Target>& targets() const { return traces_.targets; }
    [[nodiscard]] const std::vector<std::string>& misfits() const { return traces_.misfits; }
    [[nodiscard]] const Target& target(const std::string& name) const;
    [[nodiscard]] bool has_target(const std::string& name) const;

    [[nodiscard]] const Layout& layout() const { return layout_; }
    [[nodiscard]] const Fonts& fonts() const { return book_->fonts; }
    [[nodiscard]] const Theme& theme() const { return theme_; }
    [[nodiscard]] survey::Language language() const { return language_; }
    /// For helpers that measure outside a frame.
    [[nodiscard]] DrawContext draw_context();
    /// The last frame, painted.
    [[nodiscard]] Image picture() const;

  private:
    Layout layout_;
    FontBook* book_;
    const survey::Messages& text_;
    survey::Language language_;
    const Theme& theme_;
    ImGuiContext* context_ = nullptr;
    TouchQueue touches_;
    Keypad keypad_;
    Traces traces_;
};

}  // namespace hailong::kiosk
