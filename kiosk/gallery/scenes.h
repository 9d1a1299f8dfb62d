// Sample models of every screen: ordinary ones, and the extremes that a center's data may bring.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "kiosk/screens/screens.h"
#include "kiosk/widgets/draw_context.h"

namespace hailong::kiosk::scenes {

// Ordinary models. `language` matters only for texts that the app hands over ready-made.
[[nodiscard]] AttractModel attract(survey::Language language);
[[nodiscard]] ChoiceModel overall(survey::Language language);         // five faces
[[nodiscard]] ChoiceModel overall_three(survey::Language language);   // three faces
[[nodiscard]] ChoiceModel officer_rating(survey::Language language);  // about a named officer
[[nodiscard]] ChoiceModel points(survey::Language language);          // words only
[[nodiscard]] ReasonsModel reasons(survey::Language language);
[[nodiscard]] CounterModel counter(survey::Language language);
[[nodiscard]] OfficerModel officer(survey::Language language);              // three officers of one counter
[[nodiscard]] OfficerModel many_officers(survey::Language language);        // 40, in pages
[[nodiscard]] AccessibilityModel accessibility(survey::Language language);  // nothing wished for yet
[[nodiscard]] TextEntryModel text_entry(survey::Language language);         // nothing written yet, phrases offered
[[nodiscard]] TextEntryModel written_text(survey::Language language);       // half a sentence
[[nodiscard]] TextEntryModel phone_number(survey::Language language);       // one digit is missing
[[nodiscard]] PinModel pin();
[[nodiscard]] LobbyModel lobby_share(survey::Language language);
[[nodiscard]] LobbyModel lobby_counters(survey::Language language);
[[nodiscard]] LobbyModel lobby_action(survey::Language language);
[[nodiscard]] TallyModel tally(survey::Language language);           // a month of the whole terminal
[[nodiscard]] TallyModel tally_today(survey::Language language);     // what staff see first
[[nodiscard]] TallyModel tally_counters(survey::Language language);  // of eight counters
[[nodiscard]] PeriodsModel periods();
[[nodiscard]] GroupingsModel groupings();
[[nodiscard]] CalendarModel calendar();
[[nodiscard]] DeviceModel device(survey::Language language);
[[nodiscard]] ToolsModel tools();

/// One picture: a screen with a model.
struct Scene {
    std::string name;
    std::function<void(DrawContext&)> draw;
};
// By the people who meet them. Ordinary: what they see on most days. Extreme: longest names and questions, most and
// fewest officers and options, rare states.
[[nodiscard]] std::vector<Scene> visit_ordinary(survey::Language language);
[[nodiscard]] std::vector<Scene> visit_extreme(survey::Language language);
[[nodiscard]] std::vector<Scene> text_entry_ordinary(survey::Language language);
[[nodiscard]] std::vector<Scene> text_entry_extreme(survey::Language language);
[[nodiscard]] std::vector<Scene> staff_ordinary(survey::Language language);
[[nodiscard]] std::vector<Scene> staff_extreme(survey::Language language);
[[nodiscard]] std::vector<Scene> lobby_ordinary(survey::Language language);
[[nodiscard]] std::vector<Scene> lobby_extreme(survey::Language language);

// All of them.
[[nodiscard]] std::vector<Scene> ordinary(survey::Language language);
[[nodiscard]] std::vector<Scene> extreme(survey::Language language);

}  // namespace hailong::kiosk::scenes
