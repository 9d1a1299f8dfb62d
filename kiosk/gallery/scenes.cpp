#include "kiosk/gallery/scenes.h"

#include <iterator>

namespace hailong::kiosk::scenes {
namespace {

using Group = std::vector<Scene> (*)(survey::Language);

std::vector<Scene> all_of(std::initializer_list<Group> groups, survey::Language language) {
    std::vector<Scene> all;
    for (const Group group : groups) {
        std::vector<Scene> some = group(language);
        all.insert(all.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
    }
    return all;
}

}  // namespace

std::vector<Scene> ordinary(survey::Language language) {
    return all_of({visit_ordinary, text_entry_ordinary, lobby_ordinary, staff_ordinary}, language);
}

std::vector<Scene> extreme(survey::Language language) {
    return all_of({visit_extreme, text_entry_extreme, lobby_extreme, staff_extreme}, language);
}

}  // namespace hailong::kiosk::scenes
