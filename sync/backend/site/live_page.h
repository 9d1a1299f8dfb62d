// The results for a screen in the lobby that nobody touches: the same page, parted into slides that it turns by itself.
#pragma once

#include <mustache.hpp>

namespace hailong::sync {

/// Adds "slides" to what results_data() made: each holds one of "shows_hero", "shows_distribution",
/// "shows_counters", "shows_fields", "shows_cards", "shows_actions", "shows_about", and is small enough for a screen of
/// 1920 x 1080.
void add_slides(kainjow::mustache::data& page);

}  // namespace hailong::sync
