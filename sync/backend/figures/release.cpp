#include "sync/backend/figures/release.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "sync/backend/figures/quarantined.h"

namespace hailong::sync {
namespace {

/// The rows that public figures are made of.
StoreResult<std::vector<TallyRow>> tallies_of(TallyReader& reader, const survey::CenterId& center,
                                              const survey::Period& month) {
    std::vector<TallyRow> all;
    for (const auto kind : {survey::SubjectKind::visit, survey::SubjectKind::counter, survey::SubjectKind::field}) {
        auto rows = reader.find({center, survey::Grain::day, month.first, month.last, kind, std::nullopt});
        if (!rows) return rows;
        all.insert(all.end(), std::make_move_iterator(rows->begin()), std::make_move_iterator(rows->end()));
    }
    return all;
}

}  // namespace

StoreResult<std::optional<ReleaseOfCenter>> prepare_release(Snapshot& snapshot, const survey::Catalog& questionnaires,
                                                            const survey::Center& center, survey::Date today) {
    const auto last = snapshot.public_tallies().last_release(center.id);
    if (!last) return unexpected(last.error());
    // Another day, not a later one: a clock that was ahead must not keep the figures for ever.
    if (*last && (*last)->day == today) return std::optional<ReleaseOfCenter>{};
    const auto quarantined = quarantined_rows(snapshot, questionnaires, center);
    if (!quarantined) return unexpected(quarantined.error());
    ReleaseOfCenter release{center.id, today, {}};
    survey::Period month = survey::period_of(today, survey::PeriodKind::month, center.periods);
    for (int i = 0; i < kReleasedMonths; ++i, month = survey::previous(month, center.periods)) {
        auto tallies = tallies_of(snapshot.tallies(), center.id, month);
        if (!tallies) return unexpected(tallies.error());
        std::copy_if(quarantined->begin(), quarantined->end(), std::back_inserter(*tallies),
                     [&](const TallyRow& row) { return month.contains(row.key.date); });
        const auto published = snapshot.public_tallies().find(center.id, month.first, month.last);
        if (!published) return unexpected(published.error());
        PublicSheet rows = disclosed(*tallies, *published, month, {questionnaires, center, today});
        if (rows != *published) release.changed.push_back({month, std::move(rows)});
    }
    return std::optional(std::move(release));
}

StoreResult<void> write_release(const ReleaseOfCenter& release, PublicTallyWriter& writer) {
    for (const ReleaseOfCenter::Month& one : release.changed) {
        const auto replaced = writer.replace(release.center, one.month.first, one.month.last, one.rows);
        if (!replaced) return replaced;
    }
    return writer.note_release(release.center, release.day);
}

}  // namespace hailong::sync
