#include "sync/backend/figures/terminal_results.h"

#include <algorithm>

#include "sync/backend/figures/results.h"

namespace hailong::sync {
namespace {

using survey::PostedResults;

std::vector<survey::PostedLevel> levels_of(const ItemResult& item) {
    std::vector<survey::PostedLevel> levels;
    for (const OptionResult& one : item.options) {
        if (levels.size() == survey::kPostedLevelsMax) break;
        levels.push_back({one.option.value, one.option.label, one.option.icon, one.option.satisfied,
                          one.option.excluded, one.count});
    }
    return levels;
}

/// None before the month is over.
std::vector<survey::PostedCounter> counters_of(const Headline& headline, const survey::Center& center) {
    std::vector<survey::PostedCounter> counters;
    for (const PartResult& part : headline.counters) {
        if (counters.size() == survey::kPostedCountersMax) break;
        const survey::Counter* known = center.counter({part.id});
        counters.push_back({part.id, known == nullptr ? 0 : known->number, part.name, posted_share(part.figure)});
    }
    return counters;
}

/// Adds the headlines of what `found` has.
void add_figures(PostedResults& posted, const Results& found, const survey::Center& center) {
    for (const Headline& headline : found.headlines) {
        if (posted.figures.size() == survey::kPostedFiguresMax) break;
        posted.figures.push_back({found.period, headline.item.item.text, posted_share(headline.item.figure),
                                  levels_of(headline.item), counters_of(headline, center),
                                  found.objective == posted.objective ? std::nullopt : std::optional(found.objective)});
    }
}

}  // namespace

StoreResult<std::optional<PostedResults>> posted_results(Snapshot& snapshot, const survey::Catalog& catalog,
                                                         const survey::Center& center, survey::Date today) {
    const auto release = snapshot.public_tallies().last_release(center.id);
    if (!release) return unexpected(release.error());
    PostedResults posted;
    posted.computed = *release ? (*release)->day : today;
    const survey::Period running = survey::period_of(posted.computed, survey::PeriodKind::month, center.periods);
    posted.objective = center.settings.of(running).objective;
    for (const survey::Period& period : {survey::previous(running, center.periods), running}) {
        if (period.first >= posted.computed) continue;
        const auto found = results(snapshot, catalog, center, period, {});
        if (!found) return unexpected(found.error());
        add_figures(posted, *found, center);
    }
    if (posted.figures.empty()) return std::optional<PostedResults>{};
    return std::optional(std::move(posted));
}

}  // namespace hailong::sync
