#include "kiosk/widgets/draw_context.h"

#include <algorithm>

namespace hailong::kiosk {

void Traces::clear() {
    targets.clear();
    spoken.clear();
    misfits.clear();
}

void DrawContext::say(std::string_view line) const {
    if (!line.empty()) traces.spoken.emplace_back(line);
}

std::vector<const Target*> focus_order(const std::vector<Target>& targets) {
    std::vector<const Target*> order;
    order.reserve(targets.size());
    for (const Target& target : targets)
        order.push_back(&target);
    std::stable_sort(order.begin(), order.end(), [](const Target* a, const Target* b) { return a->zone < b->zone; });
    return order;
}

}  // namespace hailong::kiosk
