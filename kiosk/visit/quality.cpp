#include "kiosk/visit/quality.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace hailong::kiosk {
namespace {

using survey::ItemType;

double distance_mm(const Press& a, const Press& b) {
    return std::hypot(a.x_mm - b.x_mm, a.y_mm - b.y_mm);
}

/// Where on its scale an answer lies: the `place`-th of `last`, counted from 0.
struct Place {
    std::ptrdiff_t place = 0;
    std::ptrdiff_t last = 0;
};

bool is_same_share(const Place& a, const Place& b) {
    return a.place * b.last == b.place * a.last;
}

std::optional<Place> place_of(const survey::Questionnaire& questionnaire, const survey::Answer& answer) {
    const survey::Item* item = questionnaire.item(answer.item);
    if (item == nullptr || (item->type != ItemType::scale && item->type != ItemType::points)) return std::nullopt;
    const survey::Option* option = answer.values.empty() ? nullptr : item->option(answer.values.front());
    if (option == nullptr || item->options.size() < 2) return std::nullopt;
    return Place{option - item->options.data(), static_cast<std::ptrdiff_t>(item->options.size()) - 1};
}

bool rests_too_long(const Handling& handling, const QualityLimits& limits, MonoTime now, int patience) {
    return handling.down && now - handling.presses.back().at > limits.palm_held * patience;
}

}  // namespace

Handling after_press(Handling handling, const QualityLimits& limits, const Press& press, PressKind kind) {
    if (kind == PressKind::early) handling.early_presses += 1;
    if (!handling.presses.empty()) {
        const Press& before = handling.presses.back();
        const bool together = press.at - before.at <= limits.palm_together;
        handling.palm = handling.palm || (together && distance_mm(before, press) > limits.palm_apart_mm);
    }
    if (kind == PressKind::typing) handling.presses.clear();
    handling.presses.push_back(press);
    handling.down = true;
    const auto most = static_cast<std::size_t>(std::max(limits.mash_presses, 1));
    if (handling.presses.size() > most) handling.presses.erase(handling.presses.begin());
    const bool enough = handling.presses.size() == most;
    handling.mashed = handling.mashed || (enough && press.at - handling.presses.front().at <= limits.mash_within);
    return handling;
}

Handling after_release(Handling handling, const QualityLimits& limits, const PanelSize& panel, const Press& release,
                       int patience) {
    if (!handling.down) return handling;
    const double longer_mm = std::max(panel.width_mm, panel.height_mm);
    const double slid_mm = distance_mm(handling.presses.back(), release);
    const bool wiped = longer_mm > 0 && slid_mm > longer_mm * limits.palm_slide_share;
    handling.palm = handling.palm || wiped || rests_too_long(handling, limits, release.at, patience);
    handling.down = false;
    return handling;
}

Handling after_answer(Handling handling, const survey::ItemId& item, milliseconds dwell) {
    auto& dwells = handling.dwells;
    dwells.erase(std::remove_if(dwells.begin(), dwells.end(), [&](const Dwell& one) { return one.item == item; }),
                 dwells.end());
    dwells.push_back({item, dwell});
    return handling;
}

bool is_straight_line(const survey::Questionnaire& questionnaire, const std::vector<survey::Answer>& answers,
                      const std::vector<Dwell>& dwells, const QualityLimits& limits) {
    std::vector<Place> places;
    milliseconds looked{0};
    for (const survey::Answer& answer : answers) {
        const auto place = place_of(questionnaire, answer);
        if (!place) continue;
        places.push_back(*place);
        const auto dwell =
            std::find_if(dwells.begin(), dwells.end(), [&](const Dwell& one) { return one.item == answer.item; });
        if (dwell != dwells.end()) looked += dwell->time;
    }
    const auto count = static_cast<int>(places.size());
    return count > 0 && count >= limits.straight_answers && looked < limits.straight_dwell * count &&
           std::all_of(places.begin(), places.end(),
                       [&](const Place& place) { return is_same_share(place, places.front()); });
}

std::vector<std::string> quality_flags(const Given& given, const QualityLimits& limits) {
    const survey::Response& response = given.response;
    const MonoTime started = response.started.monotonic;
    const MonoTime finished = response.finished.monotonic;
    const bool mashing = given.handling.mashed || given.handling.early_presses >= limits.early_presses;
    const bool palm = given.handling.palm || rests_too_long(given.handling, limits, finished, given.patience);
    const bool repeat =
        given.before && response.context.began == survey::Began::walk_up && started - *given.before < limits.repeat;
    std::vector<std::string> flags;
    const auto flag = [&](bool holds, std::string_view word) {
        if (holds) flags.emplace_back(word);
    };
    flag(mashing, kFlagMashing);
    flag(palm, kFlagPalm);
    flag(repeat, kFlagRepeat);
    flag(is_straight_line(given.questionnaire, response.answers, given.handling.dwells, limits), kFlagStraightLine);
    flag(response.complete && finished - started < given.too_fast, kFlagTooFast);
    return flags;
}

}  // namespace hailong::kiosk
