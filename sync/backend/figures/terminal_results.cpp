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

std::vector<survey::PostedCounter> counters_of(const Headline& headline, const survey::Center& center) {
    std::vector<survey::PostedCounter> counters;
    for (const PartResult& part : headline.counters) {
        if (counters.size() == survey::kPostedCountersMax) break;
        const survey::Counter* known = center.counter({part.id});
        counters.push_back({part.id, known == nullptr ? 0 : known->number, part.name, posted_share(part.figure)});
    }
    return counters;
}

/// Adds the headlines of `period`, counted up to `counted.last`.
StoreResult<void> add_figures(PostedResults& posted, Snapshot& snapshot, const survey::Catalog& catalog,
                              const survey::Center& center, const survey::Period& period,
                              const survey::Period& counted) {
    const auto found = results(snapshot, catalog, center, counted, {});
    if (!found) return unexpected(found.error());
    for (const Headline& headline : found->headlines) {
        if (posted.figures.size() == survey::kPostedFiguresMax) break;
        posted.figures.push_back({period, headline.item.item.text, posted_share(headline.item.figure),
                                  levels_of(headline.item), counters_of(headline, center)});
    }
    return {};
}

}  // namespace

StoreResult<std::optional<PostedResults>> posted_results(Snapshot& snapshot, const survey::Catalog& catalog,
                                                         const survey::Center& center, survey::Date today) {
    PostedResults posted;
    posted.computed = today;
    posted.objective = center.objective;
    const survey::Period running = survey::period_of(today, survey::PeriodKind::month, center.periods);
    const survey::Period ended = survey::previous(running, center.periods);
    if (const auto added = add_figures(posted, snapshot, catalog, center, ended, ended); !added) {
        return unexpected(added.error());
    }
    if (running.first < today) {
        survey::Period counted = running;
        counted.last = survey::Date{std::chrono::sys_days{today} - std::chrono::days{1}};
        if (const auto added = add_figures(posted, snapshot, catalog, center, running, counted); !added) {
            return unexpected(added.error());
        }
    }
    if (posted.figures.empty()) return std::optional<PostedResults>{};
    return std::optional(std::move(posted));
}

}  // namespace hailong::sync
