#include "sync/backend/ingest/center_view.h"

#include <utility>

#include "survey/crypto/digest.h"

namespace hailong::sync {
namespace {

/// Who sees a version learns that something changed, and not what.
std::string hash_of(std::string_view text) {
    return to_hex(survey::sha256(text)).substr(0, 24);
}

}  // namespace

StoreResult<CenterView> view_center(Store& store, ReferenceCache& references, const survey::CenterId& center) {
    auto snapshot = store.read();
    if (!snapshot) return unexpected(snapshot.error());
    auto reference = references.current(**snapshot);
    if (!reference) return unexpected(reference.error());
    CenterView view{std::move(*snapshot), std::move(*reference), nullptr};
    view.center = view.reference->center(center);
    return view;
}

StoreResult<std::string> figures_version(const CenterView& view) {
    const auto revision = view.snapshot->tallies().revision(view.center->id);
    if (!revision) return unexpected(revision.error());
    const auto totals = view.snapshot->terminals().totals(view.center->id);
    if (!totals) return unexpected(totals.error());
    const Totals& records = totals->records;
    std::string all;
    for (const std::int64_t part :
         {view.reference->revision, revision->tallies, records.stored, records.counted, records.quarantined,
          records.copies, records.skipped, records.lost, totals->reported_collected}) {
        all += std::to_string(part) + ",";
    }
    return hash_of(all);
}

StoreResult<std::string> terminals_version(const CenterView& view) {
    const auto figures = figures_version(view);
    if (!figures) return figures;
    const auto terminals = view.snapshot->terminals().of_center(view.center->id);
    if (!terminals) return unexpected(terminals.error());
    std::string all = *figures + ";";
    for (const Terminal& terminal : *terminals) {
        const auto seen = terminal.last_seen ? terminal.last_seen->time_since_epoch().count() : -1;
        all += terminal.kiosk.text + "," + std::to_string(seen) + "," + std::to_string(terminal.last_seq) + "," +
               std::to_string(terminal.reported_collected) + ";";
    }
    return hash_of(all);
}

}  // namespace hailong::sync
