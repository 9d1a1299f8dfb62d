// What is read aloud, and when: a whole screen when it appears, only what is new while it stays. Pure but for what it
// said last.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "kiosk/widgets/draw_context.h"

namespace hailong::kiosk {

/// Of more targets than this nobody keeps in mind what was read first (a keyboard, a full page of officers): they are
/// read one by one, as the keypad comes to them.
inline constexpr std::size_t kLabelsRead = 12;

/// Everything that a screen says: its lines, then the labels of what can be chosen, in the keypad's order. The header's
/// are left out: they are the same on every screen.
[[nodiscard]] std::vector<std::string> whole_screen(const Traces& traces);

class Narrator {
  public:
    /// After a frame of `page` (whatever tells one screen from the next): what is to be said now; empty: nothing.
    [[nodiscard]] std::vector<std::string> after_frame(const std::string& page, const Traces& traces);
    /// The next frame is read as a whole.
    void begin_anew() { page_.clear(); }

  private:
    std::string page_;
    std::vector<std::string> lines_;  // of the last frame
};

}  // namespace hailong::kiosk
