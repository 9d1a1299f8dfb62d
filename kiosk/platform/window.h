// The window: GLFW, OpenGL 3 and Dear ImGui's backends behind one door. The only place that includes them.
//
// One window a program. All members are called on the thread that created it, except wake().
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <imgui.h>

#include "kiosk/platform/key_reader.h"
#include "kiosk/platform/touch_queue.h"
#include "kiosk/widgets/touch_edge.h"
#include "survey/base/expected.h"
#include "survey/base/time.h"

namespace hailong::kiosk {

struct WindowOptions {
    std::string title;
    int width = 1080;  // pixels; ignored in full screen
    int height = 1920;
    bool fullscreen = false;  // on the primary monitor, at its own resolution
    /// Whoever stands before it can't leave: requests of the window system to close are not followed.
    bool locked = false;
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
    /// `clock` must outlive it.
    [[nodiscard]] static Expected<Window, WindowError> create(const WindowOptions& options, const survey::Clock& clock);

    Window(Window&&) noexcept;
    Window& operator=(Window&&) noexcept;
    ~Window();

    /// Starts a frame: clamps the frame time, then hands over at most one touch.
    void begin_frame();
    /// Draws over `ground` and shows it; waits for the screen's refresh where there is one.
    void end_frame(ImU32 ground);
    /// After fonts were built into the atlas, before the first frame too: hands them to the graphics card in one byte a
    /// pixel, and lets go of the atlas's own copy.
    void fonts_changed();

    /// Four bytes a pixel (red, green, blue, alpha; not premultiplied), as a texture for ImDrawList::AddImage. Lives as
    /// long as the window. REQUIRES: pixels of width * height * 4 bytes.
    [[nodiscard]] ImTextureID add_picture(int width, int height, const unsigned char* rgba);

    /// What came in by keys since the last call, and when to look again at the latest.
    [[nodiscard]] std::vector<KeyInput> take_keys();
    [[nodiscard]] std::optional<survey::MonoTime> keys_deadline() const;
    /// What fingers did since the last call.
    [[nodiscard]] std::vector<TouchEdge> take_touch_edges();

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
