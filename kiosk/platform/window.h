// The window: GLFW, OpenGL 3 and Dear ImGui's backends behind one door. The only place that includes them.
//
// One window a program. All members are called on the thread that created it, except wake().
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include <imgui.h>

#include "kiosk/platform/touch_queue.h"
#include "survey/expected.h"

namespace hailong::kiosk {

struct WindowOptions {
    std::string title;
    int width = 1080;  // pixels; ignored in full screen
    int height = 1920;
    bool fullscreen = false;  // on the primary monitor, at its own resolution
};

/// No window, and what to do about it.
struct WindowError {
    std::string what;
    std::string remedy;
};

class Window {
  public:
    /// Opens the window with an OpenGL 3 context, and Dear ImGui on it: no .ini file, no cursor in full screen. Fonts
    /// are added to ImGui::GetIO().Fonts before the first frame (fonts.h).
    [[nodiscard]] static Expected<Window, WindowError> create(const WindowOptions& options);

    Window(Window&&) noexcept;
    Window& operator=(Window&&) noexcept;
    ~Window();

    /// Starts a frame: clamps the frame time, then hands over at most one touch.
    void begin_frame();
    /// Draws over `ground` and shows it; waits for the screen's refresh where there is one.
    void end_frame(ImU32 ground);
    /// After other fonts were built into the atlas (another window size).
    void fonts_changed();

    /// Sleeps until something happened, wake() was called, or `timeout` passed. At most an hour; a negative one is
    /// none.
    void wait_events(std::chrono::milliseconds timeout);
    /// Takes what is waiting without sleeping.
    void poll_events();
    /// Ends a wait_events. From any thread, as long as the window lives.
    void wake();

    [[nodiscard]] bool close_requested() const;
    /// True once after the window was uncovered or resized: it must be drawn again though nothing else changed.
    [[nodiscard]] bool take_redraw_request();
    /// True while touches wait for frames.
    [[nodiscard]] bool owes_frames() const;
    [[nodiscard]] const TouchQueue& touches() const;

    struct Size {
        int width = 0;
        int height = 0;
        bool operator==(const Size&) const = default;
    };
    [[nodiscard]] Size framebuffer_size() const;
    /// Name of the renderer, for the log ("llvmpipe (...)").
    [[nodiscard]] std::string renderer() const;

  private:
    struct State;
    explicit Window(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace hailong::kiosk
