// Results in rows: one for each counter, field, officer or way to begin; and what the whole shares with them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kiosk/screens/screens.h"
#include "kiosk/screens/verdict.h"
#include "kiosk/widgets/indicators.h"
#include "kiosk/widgets/painter.h"

namespace hailong::kiosk {

inline constexpr VerdictKeys kTallyVerdict{"verdict.met", "verdict.met_unproven", "verdict.not_met"};

[[nodiscard]] std::string tally_percent(const DrawContext& draw, std::int64_t tenths);

/// How the answers of a row are spread.
[[nodiscard]] std::vector<BarPart> tally_bar(const Theme& theme, const TallyModel& model, const TallyRow& row);

/// A table of model.rows with the rule that they follow, in pages where there are many.
[[nodiscard]] std::optional<TallyIntent> draw_tally_rows(Painter& paint, Rect area, const TallyModel& model);

}  // namespace hailong::kiosk
