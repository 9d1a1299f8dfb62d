// From what came down to what the lobby shows, page by page. Pure.
#pragma once

#include <optional>
#include <vector>

#include "kiosk/screens/screens.h"
#include "survey/base/messages.h"
#include "survey/center.h"
#include "survey/terminal_results.h"

namespace hailong::kiosk {

/// One page for each period in which somebody answered, the counters of the first of them, and one page for each
/// action. 0: there is nothing to show.
[[nodiscard]] int lobby_pages(const std::optional<survey::PostedResults>& results,
                              const std::vector<survey::Action>& actions);

/// Page `page`, counted around: after the last comes the first. Counters go by their short names where the center
/// knows them. Empty when there is nothing to show.
[[nodiscard]] std::optional<LobbyModel> make_lobby_model(const survey::Center& center,
                                                         const std::optional<survey::PostedResults>& results, int page,
                                                         const survey::Messages& text, survey::Language language);

}  // namespace hailong::kiosk
