#include "kiosk/app/narrator.h"

#include <algorithm>
#include <utility>

namespace hailong::kiosk {

std::vector<std::string> whole_screen(const Traces& traces) {
    std::vector<std::string> lines = traces.spoken;
    std::vector<std::string> labels;
    for (const Target* target : focus_order(traces.targets)) {
        if (target->zone != Zone::header && !target->label.empty()) labels.push_back(target->label);
    }
    if (labels.size() <= kLabelsRead) {
        lines.insert(lines.end(), std::make_move_iterator(labels.begin()), std::make_move_iterator(labels.end()));
    }
    return lines;
}

std::vector<std::string> Narrator::after_frame(const std::string& page, const Traces& traces) {
    const std::vector<std::string> before = std::exchange(lines_, traces.spoken);
    if (std::exchange(page_, page) != page) return whole_screen(traces);
    std::vector<std::string> fresh;
    for (const std::string& line : traces.spoken) {
        if (std::find(before.begin(), before.end(), line) == before.end()) fresh.push_back(line);
    }
    return fresh;
}

}  // namespace hailong::kiosk
