// The glass without a window: a Dear ImGui context, the program's fonts and its touch queue, tapped by target name.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <imgui.h>

#include "kiosk/platform/fonts.h"
#include "kiosk/platform/touch_queue.h"
#include "kiosk/widgets/draw_context.h"
#include "survey/messages.h"
#include "tests/support/glass/canvas.h"

namespace hailong::glass {

/// The kiosk's texts from assets/i18n; throws std::runtime_error when they can't be read (a test then fails).
[[nodiscard]] const survey::Messages& kiosk_texts(survey::Language language);

/// Every text that the glass may have to show: the values of all JSON files under assets/.
[[nodiscard]] const std::vector<std::string>& all_asset_texts();

/// More frames than the fullest touch queue can owe.
inline constexpr int kFramesMax = 2 * static_cast<int>(kiosk::kTouchEdgesMax);

class HeadlessGlass {
  public:
    /// A panel of that many pixels. Throws std::runtime_error when there is no font.
    HeadlessGlass(int width_px, int height_px, survey::Language language = survey::Language::vi);
    ~HeadlessGlass();
    HeadlessGlass(const HeadlessGlass&) = delete;
    HeadlessGlass& operator=(const HeadlessGlass&) = delete;

    /// One frame of `screen`, which is called with the draw context. Returns what it returns.
    template <class Screen>
    auto frame(Screen&& screen) {
        begin();
        kiosk::DrawContext context = draw_context();
        if constexpr (std::is_void_v<decltype(screen(context))>) {
            screen(context);
            end();
        } else {
            auto result = screen(context);
            end();
            return result;
        }
    }

    /// Draws until nothing is owed any more and collects every intent on the way. One frame at least; throws
    /// std::runtime_error when it never ends.
    template <class Screen>
    auto settle(Screen&& screen) {
        std::vector<typename decltype(screen(std::declval<kiosk::DrawContext&>()))::value_type> intents;
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
        const kiosk::Target& target = this->target(name);
        const float x = target.x + target.width / 2;
        const float y = target.y + target.height / 2;
        touches_.press(x, y);
        touches_.release(x, y);
        return settle(std::forward<Screen>(screen));
    }

    [[nodiscard]] kiosk::TouchQueue& touches() { return touches_; }
    /// Of the last frame.
    [[nodiscard]] const std::vector<kiosk::Target>& targets() const { return targets_; }
    [[nodiscard]] const kiosk::Target& target(const std::string& name) const;
    [[nodiscard]] bool has_target(const std::string& name) const;
    /// Texts of the last frame that did not fit.
    [[nodiscard]] const std::vector<std::string>& misfits() const { return misfits_; }
    [[nodiscard]] const kiosk::Layout& layout() const { return layout_; }
    [[nodiscard]] const kiosk::Fonts& fonts() const;
    [[nodiscard]] survey::Language language() const { return language_; }
    /// For helpers that measure outside a frame.
    [[nodiscard]] kiosk::DrawContext draw_context();
    /// The last frame, painted.
    [[nodiscard]] Image picture() const;

  private:
    struct Baked;
    static Baked& baked_for(const kiosk::Layout& layout);
    void begin();
    void end();

    kiosk::Layout layout_;
    survey::Language language_;
    Baked& baked_;
    ImGuiContext* context_ = nullptr;
    kiosk::TouchQueue touches_;
    std::vector<kiosk::Target> targets_;
    std::vector<std::string> misfits_;
};

}  // namespace hailong::glass
