#include "kiosk/app/focus.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace hailong::kiosk {

std::string neighbour(const std::vector<Target>& targets, const std::string& current, bool forward) {
    std::vector<const Target*> order = focus_order(targets);
    // The staff's hidden way in is for fingers only.
    order.erase(
        std::remove_if(order.begin(), order.end(), [](const Target* target) { return target->name == "emblem"; }),
        order.end());
    if (order.empty()) return {};
    const auto found =
        std::find_if(order.begin(), order.end(), [&](const Target* target) { return target->name == current; });
    if (found == order.end()) return order.front()->name;
    const auto place = static_cast<std::size_t>(found - order.begin());
    return order[(place + (forward ? 1 : order.size() - 1)) % order.size()]->name;
}

std::string target_of(const std::vector<Target>& targets, NavKey key) {
    constexpr std::array<std::string_view, 3> kBack{"back", "accessibility/close", "close"};
    constexpr std::array<std::string_view, 1> kAccessibility{"accessibility"};
    const auto first_of = [&](const auto& names) -> std::string {
        for (const std::string_view name : names) {
            if (std::any_of(targets.begin(), targets.end(), [&](const Target& one) { return one.name == name; })) {
                return std::string(name);
            }
        }
        return {};
    };
    switch (key) {
        case NavKey::back:
            return first_of(kBack);
        case NavKey::accessibility:
            return first_of(kAccessibility);
        case NavKey::next:
        case NavKey::previous:
        case NavKey::press:
        case NavKey::speak:
        case NavKey::silence:
            return {};
    }
    return {};
}

}  // namespace hailong::kiosk
