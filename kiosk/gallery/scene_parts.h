// What sample models are made of. Used by the scenes of this room only.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "kiosk/gallery/scenes.h"

namespace hailong::kiosk::scenes {

[[nodiscard]] std::string in(survey::Language language, const char* vi, const char* en);
[[nodiscard]] std::string center_name(survey::Language language);
[[nodiscard]] VisitFrame frame(survey::Language language, int step);
[[nodiscard]] survey::Option option(const char* value, survey::LocalizedText label, const char* icon = "",
                                    bool satisfied = false);
[[nodiscard]] std::vector<survey::Option> five_levels();
[[nodiscard]] survey::Item item(const char* id, survey::ItemType type, survey::LocalizedText text);
/// 60 characters, the longest name that the design promises to show.
inline constexpr const char* kLongName = "Công Tằng Tôn Nữ Nguyễn Hoàng Phương Khánh Quỳnh Thảo Nguyên";
/// 300 characters, the longest question.
[[nodiscard]] survey::LocalizedText long_question();

template <class Model, class Draw>
Scene scene(std::string name, Model model, Draw draw_screen) {
    return {std::move(name), [model = std::move(model), draw_screen](DrawContext& draw) {
                static_cast<void>(draw_screen(model, draw));
            }};
}

}  // namespace hailong::kiosk::scenes
