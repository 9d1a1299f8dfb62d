#include "kiosk/platform/display_loss.h"

#include <cstdlib>
#include <utility>

#include <X11/Xlib.h>

namespace hailong::kiosk {
namespace {

/// Xlib's handlers are told nothing but the display, so what they call stands here.
std::function<void(const char*)>& put_away() {
    static std::function<void(const char*)> one;
    return one;
}

[[noreturn]] void end(const char* why) {
    // Taken out: a loss within it must not begin it anew.
    if (const auto call = std::exchange(put_away(), {})) call(why);
    std::_Exit(1);
}

int on_connection_lost(Display* /*display*/) {
    end("the connection to its server is broken");
}

int on_error(Display* /*display*/, XErrorEvent* /*error*/) {
    end("its server refused a request, as when another program destroyed the window");
}

}  // namespace

DisplayLoss::DisplayLoss(std::function<void(const char*)> call) {
    put_away() = std::move(call);
    XSetIOErrorHandler(on_connection_lost);
    XSetErrorHandler(on_error);
}

DisplayLoss::~DisplayLoss() {
    XSetErrorHandler(nullptr);
    XSetIOErrorHandler(nullptr);
    put_away() = {};
}

}  // namespace hailong::kiosk
