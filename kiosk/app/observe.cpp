#include "kiosk/app/observe.h"

#include <cmath>

#include "survey/base/json.h"

namespace hailong::kiosk {

std::string to_json(const Observation& observation) {
    namespace json = boost::json;
    const auto pixels = [](float length) { return static_cast<std::int64_t>(std::lround(length)); };
    json::array targets;
    for (const Target& target : observation.targets) {
        targets.push_back(json::object{{"name", target.name},
                                       {"x", pixels(target.x)},
                                       {"y", pixels(target.y)},
                                       {"width", pixels(target.width)},
                                       {"height", pixels(target.height)}});
    }
    return survey::canonical_json(json::object{
        {"screen", observation.screen},
        {"item", observation.item},
        {"language", observation.language},
        {"targets", std::move(targets)},
        {"first_frame_ms", observation.first_frame_ms},
        {"tap_to_intent_ms", json::array(observation.tap_to_intent_ms.begin(), observation.tap_to_intent_ms.end())},
        {"frames", observation.frames}});
}

}  // namespace hailong::kiosk
