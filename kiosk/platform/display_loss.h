// The display is gone: its server died, or somebody else's program destroyed the window. Xlib ends the program then,
// in the middle of whatever call noticed it; this lets the program put away first what it holds.
//
// By XSetIOErrorHandler, whose handler never returns: with XSetIOErrorExitHandler, whose handler may, GLFW 3.3 would
// wait for ever for events of a connection that always looks readable.
#pragma once

#include <functional>

namespace hailong::kiosk {

/// One at a time, while there is a window. Threads: the window's, on which the loss is noticed.
class DisplayLoss {
  public:
    /// `put_away` is called once, with the reason. It must not use the window. Then the program ends with exit code 1,
    /// without any destructor.
    explicit DisplayLoss(std::function<void(const char* why)> put_away);
    /// Whatever is lost from here on ends the program at once.
    ~DisplayLoss();
    DisplayLoss(const DisplayLoss&) = delete;
    DisplayLoss& operator=(const DisplayLoss&) = delete;
};

}  // namespace hailong::kiosk
