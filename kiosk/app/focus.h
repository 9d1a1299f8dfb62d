// The keypad's way over a screen: which target has the focus, and where a key moves it. Pure.
#pragma once

#include <string>
#include <vector>

#include "kiosk/widgets/draw_context.h"
#include "kiosk/widgets/key_input.h"

namespace hailong::kiosk {

/// The target after (`forward`) or before `current`, around the end; the first one when `current` is none of them;
/// empty when there is none at all. In the order of focus_order(); the
/// emblem, behind which staff have their way in, is passed over.
[[nodiscard]] std::string neighbour(const std::vector<Target>& targets, const std::string& current, bool forward);

/// The target that `key` presses by name on whatever screen it stands: "back" and what closes a screen,
/// "accessibility". Empty: this screen has none, or the key presses nothing by name.
[[nodiscard]] std::string target_of(const std::vector<Target>& targets, NavKey key);

}  // namespace hailong::kiosk
