// A whole terminal without its window, in the hands of a test: the program's loop over real screens on a headless
// panel, a finger, a keypad, and a clock that stands still.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "kiosk/app/app.h"
#include "kiosk/app/loop.h"
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

/// The loop's window, in memory: a headless panel with a touch queue, keys as they are pressed, and sleep that returns
/// at once.
class HeadlessWindow final : public WindowPort {
  public:
    explicit HeadlessWindow(const Panel& panel) : panel_(panel), glass_(layout_for(panel)) {}

    [[nodiscard]] WindowSize size() const override {
        return {static_cast<int>(panel_.width_px), static_cast<int>(panel_.height_px)};
    }
    [[nodiscard]] Expected<Fonts, std::string> bake(const Layout& layout,
                                                    std::span<const std::string_view> texts) override {
        if (!no_fonts_because.empty()) return unexpected(no_fonts_because);
        letters_baked.push_back(texts.size());
        glass_.lay_out(layout);
        return glass_.fonts();
    }
    void begin_frame() override { glass_.begin_frame(); }
    void end_frame(std::uint32_t /*ground*/) override { glass_.end_frame(); }
    [[nodiscard]] bool owes_frames() const override { return glass_.touches().owes_frames(); }
    [[nodiscard]] bool take_redraw_request() override { return std::exchange(uncovered, false); }
    [[nodiscard]] std::vector<KeyInput> take_keys() override { return std::exchange(keys, {}); }
    [[nodiscard]] std::optional<MonoTime> keys_deadline() const override { return keys_due; }
    [[nodiscard]] std::vector<TouchEdge> take_touch_edges() override { return std::exchange(edges_, {}); }
    void wait_events(milliseconds timeout) override { slept_for = timeout; }
    void poll_events() override {}
    [[nodiscard]] bool close_requested() const override { return closed; }

    void press(float x, float y) {
        glass_.touches().press(x, y);
        edges_.push_back({x, y, true});
    }
    void move(float x, float y) { glass_.touches().move(x, y); }
    void release(float x, float y) {
        glass_.touches().release(x, y);
        edges_.push_back({x, y, false});
    }
    [[nodiscard]] glass::Image picture() const { return glass_.picture(); }

    std::vector<KeyInput> keys;
    std::optional<MonoTime> keys_due;
    bool uncovered = false;
    bool closed = false;
    std::string no_fonts_because;
    std::vector<std::size_t> letters_baked;  // how many texts, at each baking
    std::optional<milliseconds> slept_for;   // since somebody last looked

  private:
    Panel panel_;
    glass::HeadlessGlass glass_;
    std::vector<TouchEdge> edges_;
};

class Terminal {
  public:
    explicit Terminal(Panel panel = {}) : panel_(panel) {}

    /// A loop whose pulse draws nothing while a test waits.
    [[nodiscard]] static LoopSetup without_pulse() {
        LoopSetup setup;
        setup.pulse = std::chrono::hours{100'000};
        return setup;
    }

    /// Switches it on, anew when it was on.
    void start(AppSetup setup, LoopSetup loop_setup = without_pulse()) {
        setup.panel = {panel_.width_px * mm_per_px(panel_), panel_.height_px * mm_per_px(panel_)};
        window = std::make_unique<HeadlessWindow>(panel_);
        app = std::make_unique<App>(
            std::move(setup), texts, clock,
            [this] {
                return survey::UuidEntropy{0, static_cast<std::uint8_t>(++ids_), static_cast<std::uint8_t>(ids_ >> 8),
                                           static_cast<std::uint8_t>(ids_ >> 16)};
            },
            saver, reader, voice);
        loop_setup.diagonal_mm = panel_.diagonal_mm;
        loop = std::make_unique<Loop>(*window, *app, saver, texts, clock, std::move(loop_setup));
        settle();
    }

    /// One turn of the loop.
    void turn() {
        const auto turned = loop->turn();
        if (!turned) throw std::runtime_error(turned.error());
    }
    /// Turns until the loop sleeps, and sleeps on when a worker wakes it. Returns how many frames were drawn. Throws
    /// when it never sleeps.
    std::int64_t settle() {
        constexpr int kTurnsMax = 2 * kFramesMax;
        const std::int64_t drawn_before = loop->observation().frames;
        int turns = 0;
        for (int sleeps = 0; sleeps < 2; ++turns) {
            window->slept_for.reset();
            turn();
            sleeps = window->slept_for ? sleeps + 1 : 0;
            if (turns > kTurnsMax) throw std::runtime_error("the screen " + app->screen() + " changes for ever");
        }
        return loop->observation().frames - drawn_before;
    }

    void press(float x, float y) { window->press(x, y); }
    void release(float x, float y) { window->release(x, y); }
    /// Puts a finger there and lifts it.
    void touch_at(float x, float y) {
        press(x, y);
        release(x, y);
        settle();
    }
    void touch(const std::string& name) {
        ASSERT_TRUE(has(name)) << name << " is not on the screen " << app->screen();
        const Target target = this->target(name);
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
    /// At once.
    void input(const KeyInput& input) {
        window->keys.push_back(input);
        settle();
    }
    /// A second later.
    void key(const KeyInput& input) {
        clock.pass(std::chrono::seconds{1});
        this->input(input);
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

    // Of the last frame.
    [[nodiscard]] const Traces& traces() const { return loop->traces(); }
    [[nodiscard]] bool has(const std::string& name) const {
        const auto& targets = traces().targets;
        return std::any_of(targets.begin(), targets.end(), [&](const Target& one) { return one.name == name; });
    }
    /// Throws std::out_of_range when there is none of that name.
    [[nodiscard]] Target target(const std::string& name) const {
        for (const Target& one : traces().targets) {
            if (one.name == name) return one;
        }
        throw std::out_of_range("no touch target " + name);
    }
    [[nodiscard]] glass::Image picture() const { return window->picture(); }
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
    FakeBackgroundReader reader;
    tests::FakeVoice voice;
    std::unique_ptr<HeadlessWindow> window;
    std::unique_ptr<App> app;
    std::unique_ptr<Loop> loop;

  private:
    Panel panel_;
    std::uint32_t ids_ = 0;
};

class TerminalTest : public testing::Test, public Terminal {
  protected:
    TerminalTest() { start(sample_setup()); }
};

}  // namespace hailong::kiosk
