// One screen on a panel, tapped by the names of its targets.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "tests/kiosk/screens/panels.h"
#include "tests/support/glass/headless.h"

namespace hailong::kiosk {

/// A panel with one screen on it.
template <class Model, class Draw>
class Bench {
  public:
    Bench(Model shown, Draw draw, scenes::TestPanel panel = scenes::kPortrait)
        : model(std::move(shown)), draw_(draw), glass_(panel.width, panel.height) {
        glass_.frame([&](DrawContext& context) { return draw_(model, context); });
    }
    auto tap(const std::string& name) {
        return glass_.tap(name, [&](DrawContext& context) { return draw_(model, context); });
    }
    [[nodiscard]] std::set<std::string> names() const {
        std::set<std::string> result;
        for (const Target& target : glass_.targets())
            result.insert(target.name);
        return result;
    }
    glass::HeadlessGlass& glass() { return glass_; }
    Model model;

  private:
    Draw draw_;
    glass::HeadlessGlass glass_;
};

/// The one intent of a tap, as its own type; nothing when there were none, several, or another one.
template <class Expected, class Intent>
std::optional<Expected> only(const std::vector<Intent>& intents) {
    if (intents.size() != 1) return std::nullopt;
    const auto* found = std::get_if<Expected>(&intents[0]);
    return found == nullptr ? std::nullopt : std::optional(*found);
}

}  // namespace hailong::kiosk
