// The terminal's loop: takes input, lets the app decide, draws only when something changed, and sleeps until something
// is due. The program and the tests run this one, over different windows.
//
// Threads: everything here happens on the thread that calls it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "kiosk/app/app.h"
#include "kiosk/app/observe.h"
#include "kiosk/app/pulse.h"
#include "kiosk/app/saver.h"
#include "kiosk/app/texts.h"
#include "kiosk/app/window_port.h"

namespace hailong::kiosk {

/// Frames drawn after a change: one that shows it, one for what Dear ImGui knows only a frame later.
inline constexpr int kFramesAfterChange = 2;
/// The longest sleep: nothing is due, and a touch or a letter wakes the loop at once.
inline constexpr milliseconds kSleepMax{60'000};

struct LoopSetup {
    Picture emblem = {};                                     // without texture: the product's own
    float diagonal_mm = 0;                                   // of the panel; 0: the usual one for its pixels
    milliseconds pulse = kPulseUnwatched;                    // see pulse.h
    std::optional<std::filesystem::path> observe_file = {};  // see observe.h; empty: nothing is written
    std::function<void()> first_frame_shown = [] {};         // the terminal is up
    std::function<void()> alive = [] {};                     // a frame was drawn and the disk answered since the last
    std::function<void()> resting = [] {};                   // a visit ended: nobody waits for what is done now
};

class Loop {
  public:
    /// All references must outlive the loop.
    Loop(WindowPort& window, App& app, Saver& saver, const Texts& texts, const survey::Clock& clock, LoopSetup setup);

    /// One turn: input, decisions, then a frame when one is owed, sleep otherwise. The error says why there is no font
    /// to draw with, and what to do.
    [[nodiscard]] Expected<void, std::string> turn();
    /// Turns until the window or staff ask for the end, or `ended` says so. A visit that goes on then is handed to the
    /// saver as it stands.
    [[nodiscard]] Expected<void, std::string> run(const std::function<bool()>& ended);

    // Of the last frame.
    [[nodiscard]] const Traces& traces() const { return traces_; }
    [[nodiscard]] const Layout& layout() const { return layout_; }
    [[nodiscard]] const Observation& observation() const { return seen_; }

  private:
    [[nodiscard]] milliseconds sleep() const;
    /// Lays out anew when the window, what a visitor asked for or the content changed, and bakes the fonts when their
    /// size or letters did.
    [[nodiscard]] Expected<void, std::string> fit_to_window();
    void note_touch();
    /// Hands keys and fingers to the app. True when there were any keys.
    [[nodiscard]] bool take_input();
    void beat();
    /// True when an intent was taken.
    [[nodiscard]] bool draw_frame();
    void tell_when_at_rest();
    void note_latency(milliseconds latency);
    void observe();

    WindowPort& window_;
    App& app_;
    Saver& saver_;
    const Texts& texts_;
    const survey::Clock& clock_;
    LoopSetup setup_;
    Pulse pulse_;

    WindowSize size_;
    LayoutOptions options_;
    std::uint64_t content_number_ = 0;
    double mm_per_px_ = 0;
    Layout layout_;
    Fonts fonts_;
    Traces traces_;
    int frames_owed_ = kFramesAfterChange;
    std::optional<MonoTime> touch_began_;
    Observation seen_;
    bool was_resting_ = false;
};

}  // namespace hailong::kiosk
