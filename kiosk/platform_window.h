// The program's window as the loop knows it: kiosk/platform's window and fonts behind the port.
#pragma once

#include "kiosk/app/window_port.h"
#include "kiosk/platform/fonts.h"
#include "kiosk/platform/window.h"

namespace hailong::kiosk {

class PlatformWindow final : public WindowPort {
  public:
    /// `window` must outlive it.
    PlatformWindow(Window& window, FontFiles font_files) : window_(window), font_files_(std::move(font_files)) {}

    [[nodiscard]] WindowSize size() const override;
    [[nodiscard]] Expected<Fonts, std::string> bake(const Layout& layout,
                                                    std::span<const std::string_view> texts) override;
    void begin_frame() override { window_.begin_frame(); }
    void end_frame(std::uint32_t ground) override { window_.end_frame(ground); }
    [[nodiscard]] bool owes_frames() const override { return window_.owes_frames(); }
    [[nodiscard]] bool take_redraw_request() override { return window_.take_redraw_request(); }
    [[nodiscard]] std::vector<KeyInput> take_keys() override { return window_.take_keys(); }
    [[nodiscard]] std::optional<survey::MonoTime> keys_deadline() const override { return window_.keys_deadline(); }
    [[nodiscard]] std::vector<TouchEdge> take_touch_edges() override { return window_.take_touch_edges(); }
    void wait_events(survey::milliseconds timeout) override { window_.wait_events(timeout); }
    void poll_events() override { window_.poll_events(); }
    [[nodiscard]] bool close_requested() const override { return window_.close_requested(); }

  private:
    Window& window_;
    FontFiles font_files_;
};

}  // namespace hailong::kiosk
