// A whole terminal without its window, in the hands of a test: real screens on a headless glass, which is laid out anew
// when a visitor asks for it, a finger, a keypad, and a clock that stands still.
#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "kiosk/app/app.h"
#include "tests/kiosk/app/fakes.h"
#include "tests/support/fake_voice.h"
#include "tests/support/glass/headless.h"
#include "tests/support/sample.h"

namespace hailong::kiosk {

/// At the counter TP of the sample center.
inline AppSetup sample_setup(const char* questionnaire = "WARD5") {
    AppSetup setup;
    setup.content = {tests::sample_center(), tests::sample_questionnaire(questionnaire)};
    setup.content.center.actions.clear();  // no lobby, unless a test wants one
    setup.fixed_counter = survey::CounterId{"TP"};
    setup.boot_id = "boot";
    setup.staff_pin_set = true;
    return setup;
}

class Terminal {
  public:
    explicit Terminal(Panel panel = {}) : panel_(panel) {}

    /// Switches it on, anew when it was on.
    void start(AppSetup setup) {
        setup.panel = {panel_.width_px * mm_per_px(), panel_.height_px * mm_per_px()};
        app = std::make_unique<App>(
            std::move(setup), texts, clock,
            [this] {
                return survey::UuidEntropy{0, static_cast<std::uint8_t>(++ids_), static_cast<std::uint8_t>(ids_ >> 8),
                                           static_cast<std::uint8_t>(ids_ >> 16)};
            },
            saver, office, voice);
        glass_.reset();
        settle();
    }

    /// One turn of the loop. True when another is owed.
    bool turn() {
        const bool changed = app->update();
        lay_out();
        const bool acted =
            glass_->frame([&](DrawContext& draw) { return app->draw(draw.fonts, draw.layout, draw.traces); });
        return changed || acted || glass_->touches().owes_frames();
    }
    /// Draws until nothing changes any more, as the loop does. Throws when it never ends.
    void settle() {
        constexpr int kTurnsMax = 2 * kFramesMax;
        int turns = 0;
        for (int quiet = 0; quiet < 2; ++turns) {
            quiet = turn() ? 0 : quiet + 1;
            if (turns > kTurnsMax) throw std::runtime_error("the screen " + app->screen() + " changes for ever");
        }
    }

    void press(float x, float y) {
        app->felt({true, x * mm_per_px(), y * mm_per_px()});
        glass_->touches().press(x, y);
    }
    void release(float x, float y) {
        app->felt({false, x * mm_per_px(), y * mm_per_px()});
        glass_->touches().release(x, y);
    }
    /// Puts a finger there and lifts it.
    void touch_at(float x, float y) {
        press(x, y);
        release(x, y);
        app->touched();
        settle();
    }
    void touch(const std::string& name) {
        ASSERT_TRUE(glass_->has_target(name)) << name << " is not on the glass of " << app->screen();
        const Target target = glass_->target(name);
        touch_at(target.x + target.width / 2, target.y + target.height / 2);
    }
    /// A second later, when the screen can have been read.
    void tap(const std::string& name) {
        clock.pass(std::chrono::seconds{1});
        touch(name);
    }
    void tap_all(const std::vector<std::string>& names) {
        for (const std::string& name : names)
            ASSERT_NO_FATAL_FAILURE(tap(name));
    }
    void key(const KeyInput& input) {
        clock.pass(std::chrono::seconds{1});
        app->key(input);
        settle();
    }
    void scan(const std::string& code) { key(Scan{code}); }
    void pass(survey::milliseconds time) {
        clock.pass(time);
        settle();
    }
    void tap_emblem() {
        for (int i = 0; i < kEmblemTaps; ++i) {
            clock.pass(std::chrono::milliseconds{200});
            ASSERT_NO_FATAL_FAILURE(touch("emblem"));
        }
    }
    void enter_pin() {
        ASSERT_NO_FATAL_FAILURE(tap_emblem());
        ASSERT_NO_FATAL_FAILURE(tap_all({"pin/2", "pin/4", "pin/6", "pin/8", "pin/enter"}));
        ASSERT_EQ(app->screen(), "tally");
    }
    void open_tools() {
        ASSERT_NO_FATAL_FAILURE(enter_pin());
        ASSERT_NO_FATAL_FAILURE(tap("tab/tools"));
    }

    [[nodiscard]] bool has(const std::string& name) const { return glass_->has_target(name); }
    [[nodiscard]] const Traces& traces() const { return glass_->traces(); }
    [[nodiscard]] glass::HeadlessGlass& glass() { return *glass_; }
    [[nodiscard]] const Panel& panel() const { return panel_; }
    [[nodiscard]] std::string screen() const { return app->screen(); }
    /// Whether a line is said by the screen as it stands.
    [[nodiscard]] bool says(const std::string& line) const {
        const auto& spoken = traces().spoken;
        return std::find(spoken.begin(), spoken.end(), line) != spoken.end();
    }
    [[nodiscard]] const std::string& text(const std::string& key) const { return texts.vi.all().at(key); }

    Texts texts{glass::kiosk_texts(survey::Language::vi), glass::kiosk_texts(survey::Language::en)};
    tests::FakeClock clock;
    FakeSaver saver;
    FakeBackOffice office;
    tests::FakeVoice voice;
    std::unique_ptr<App> app;

  private:
    [[nodiscard]] float mm_per_px() const { return panel_.diagonal_mm / std::hypot(panel_.width_px, panel_.height_px); }

    void lay_out() {
        const LayoutWishes wishes = app->wishes();
        if (glass_ && wishes == wishes_) return;
        wishes_ = wishes;
        glass_ = std::make_unique<glass::HeadlessGlass>(layout_for(panel_, wishes));
    }

    Panel panel_;
    LayoutWishes wishes_;
    std::unique_ptr<glass::HeadlessGlass> glass_;
    std::uint32_t ids_ = 0;
};

class TerminalTest : public testing::Test, public Terminal {
  protected:
    TerminalTest() { start(sample_setup()); }
};

}  // namespace hailong::kiosk
