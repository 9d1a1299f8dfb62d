// The rating faces. Each is told from the others by its mouth, eyes and brows alone; colour only helps.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "kiosk/widgets/painter.h"
#include "survey/questionnaire.h"

namespace hailong::kiosk {

enum class Face { very_unhappy, unhappy, neutral, happy, very_happy };

/// From an option's icon: face_1 to face_5, face_sad, face_happy, face_very_happy. Empty for any other text: the
/// option is then shown by its words alone.
[[nodiscard]] std::optional<Face> face_of(std::string_view icon);

[[nodiscard]] ImU32 colour_of(const Theme& theme, Face face);

void draw_face(Painter& paint, Face face, Point centre, float radius);

/// The colour of one option in bars and legends: its face's; without a face its rank among the options that count, the
/// lowest level first; grey when it is excluded. REQUIRES: index < options.size().
[[nodiscard]] ImU32 option_colour(const Theme& theme, const std::vector<survey::Option>& options, std::size_t index);

}  // namespace hailong::kiosk
