// The terminal's configuration.
#include "kiosk/app/config.h"
#include "survey/base/check.h"
#include "tests/fuzz/targets.h"

namespace hailong::fuzz {

using survey::check;

void kiosk_config(std::string_view input) {
    const auto config = kiosk::parse_kiosk_config(input, "/base");
    if (!config) return check(!config.error().empty(), "a refused configuration has a fault");
    check(survey::is_identifier(config->kiosk.text), "a terminal has a name");
    check(!config->journal.empty() && !config->center.empty(), "nothing that is needed is missing");
    check(config->window.width_px >= 480 && config->window.height_px >= 480, "a window can be seen");
    check(config->timing.idle >= config->timing.countdown, "the countdown fits into the idle time");
    check(config->timing.settle.count() >= 0 && config->timing.thanks.count() >= 0, "no time is negative");
}

}  // namespace hailong::fuzz
