// The window as the loop knows it: pixels, fonts, input and frames. The program's is kiosk/platform's window
// (platform_window.h), a test's a panel that stands in memory. Threads: the loop's only.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kiosk/widgets/draw_context.h"
#include "kiosk/widgets/key_input.h"
#include "kiosk/widgets/touch_edge.h"
#include "survey/base/expected.h"
#include "survey/base/time.h"

namespace hailong::kiosk {

struct WindowSize {
    int width_px = 0;
    int height_px = 0;
    bool operator==(const WindowSize&) const = default;
};

class WindowPort {
  public:
    virtual ~WindowPort() = default;

    /// 0 by 0 while the window is minimised.
    [[nodiscard]] virtual WindowSize size() const = 0;
    /// Fonts for `layout`, with every letter of `texts`; those of the call before are gone. Not within a frame. The
    /// error says what is missing and what to do.
    [[nodiscard]] virtual Expected<Fonts, std::string> bake(const Layout& layout,
                                                            std::span<const std::string_view> texts) = 0;

    /// Starts a frame and hands Dear ImGui at most one touch.
    virtual void begin_frame() = 0;
    /// Draws over `ground` (as Dear ImGui packs a colour) and shows it.
    virtual void end_frame(std::uint32_t ground) = 0;
    /// True while touches wait for frames.
    [[nodiscard]] virtual bool owes_frames() const = 0;
    /// True once after the window was uncovered or resized: it must be drawn again though nothing else changed.
    [[nodiscard]] virtual bool take_redraw_request() = 0;

    /// What came in by keys since the last call, and when to look again at the latest.
    [[nodiscard]] virtual std::vector<KeyInput> take_keys() = 0;
    [[nodiscard]] virtual std::optional<survey::MonoTime> keys_deadline() const = 0;
    /// What fingers did since the last call.
    [[nodiscard]] virtual std::vector<TouchEdge> take_touch_edges() = 0;

    /// Sleeps until something happened, a worker woke the window, or `timeout` passed.
    virtual void wait_events(survey::milliseconds timeout) = 0;
    /// Takes what is waiting without sleeping.
    virtual void poll_events() = 0;
    [[nodiscard]] virtual bool close_requested() const = 0;
};

}  // namespace hailong::kiosk
