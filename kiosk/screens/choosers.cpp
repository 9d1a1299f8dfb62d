// The choices on the way to a result: which period, and what the rows are. One large button each.
#include <algorithm>
#include <array>

#include "kiosk/screens/staff_parts.h"

namespace hailong::kiosk {
namespace {

struct Choice {
    const char* target;
    const char* key;
    bool current;
};

/// The target that was tapped, by its place in `choices`; "back" is its own.
struct ChoiceTaps {
    std::optional<std::size_t> chosen;
    bool back = false;
};

ChoiceTaps draw_choices(DrawContext& draw, std::string_view title, std::span<const Choice> choices) {
    Stage stage(draw);
    ChoiceTaps taps;
    Rect content = staff_page(draw.layout, stage.page);
    taps.back = draw_staff_head(stage.paint, content, title);
    const float gap = std::max(staff_gap(draw.layout), 24.F);
    const std::size_t columns = draw.layout.portrait() ? 1 : 2;
    const float most = std::max(draw.layout.target, draw.layout.portrait() ? 200.F : 220.F);
    const GridRule wide{.columns = columns, .cell_height_min = draw.layout.target, .cell_height_max = most, .gap = gap};
    const GridRule wider{.columns = 3,
                         .cell_height_min = draw.layout.target,
                         .cell_height_max = std::max(draw.layout.target, 400.F),
                         .gap = gap};
    const Grid grid = arrange(content, choices.size(), {wide, wider});
    for (std::size_t i = 0; i < choices.size(); ++i) {
        const Surface& surface = choices[i].current ? draw.theme.primary : draw.theme.card;
        ButtonLook look{.surface = &surface, .step = TextStep::label};
        if (choices[i].current) look.before = Icon::check;
        if (button(stage.paint, choices[i].target, draw.text.at(choices[i].key), grid.cell(i), look)) taps.chosen = i;
    }
    return taps;
}

}  // namespace

std::optional<PeriodsIntent> draw_periods(const PeriodsModel& model, DrawContext& draw) {
    using survey::PeriodKind;
    struct Named {
        std::optional<PeriodKind> kind;
        const char* target;
        const char* key;
    };
    constexpr std::array kNamed{
        Named{PeriodKind::day, "period/day", "period.day"}, Named{PeriodKind::month, "period/month", "period.month"},
        Named{PeriodKind::quarter, "period/quarter", "period.quarter"},
        Named{PeriodKind::year, "period/year", "period.year"}, Named{std::nullopt, "period/range", "period.range"}};
    std::vector<Choice> choices;
    std::vector<std::optional<PeriodKind>> kinds;
    for (const Named& one : kNamed) {
        if (model.whole_months_only && (!one.kind || *one.kind == PeriodKind::day)) continue;
        choices.push_back({one.target, one.key, one.kind == model.current});
        kinds.push_back(one.kind);
    }
    const ChoiceTaps taps = draw_choices(draw, draw.text.at("period.choose"), choices);
    if (taps.back) return ChooserLeft{};
    if (!taps.chosen) return std::nullopt;
    if (const auto kind = kinds[*taps.chosen]) return PeriodKindChosen{*kind};
    return CalendarWanted{};
}

std::optional<GroupingsIntent> draw_groupings(const GroupingsModel& model, DrawContext& draw) {
    constexpr std::array<const char*, std::size(kTallyBys)> kTargets{"by/all", "by/counters", "by/fields",
                                                                     "by/officers", "by/beginnings"};
    constexpr std::array<const char*, std::size(kTallyBys)> kKeys{
        "tally.by_all", "tally.by_counters", "tally.by_fields", "tally.by_officers", "tally.by_beginnings"};
    std::vector<Choice> choices;
    for (std::size_t i = 0; i < std::size(kTallyBys); ++i)
        choices.push_back({kTargets[i], kKeys[i], kTallyBys[i] == model.current});
    const ChoiceTaps taps = draw_choices(draw, draw.text.at("tally.choose_by"), choices);
    if (taps.back) return ChooserLeft{};
    if (taps.chosen) return GroupingChosen{kTallyBys[*taps.chosen]};
    return std::nullopt;
}

}  // namespace hailong::kiosk
