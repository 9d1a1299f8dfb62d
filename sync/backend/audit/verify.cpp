#include "sync/backend/audit/verify.h"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "sync/backend/audit/chain_audit.h"

namespace hailong::sync {
namespace {

StoreResult<void> walk_terminals(Snapshot& snapshot, const Reference& reference, Recount& recount, Findings& findings) {
    TextAudit texts(snapshot.texts(), findings);
    survey::KioskId after;
    for (bool is_last = false; !is_last;) {
        const auto page = snapshot.terminals().page(after, kAuditPage);
        if (!page) return unexpected(page.error());
        for (const Terminal& terminal : *page) {
            findings.report.terminals += 1;
            if (reference.center(terminal.center) == nullptr) {
                findings.difference(terminal.kiosk.text +
                                    ": stands at a center that is not known: " + terminal.center.text);
            }
            const auto walked = ChainAudit(terminal, reference, findings).run(snapshot, recount, texts);
            if (!walked) return walked;
            after = terminal.kiosk;
        }
        is_last = page->size() < kAuditPage;
    }
    return texts.finish();
}

/// Newest incidents looked through for a store that was put back, and for a clock that was wrong.
constexpr std::size_t kIncidentsRead = 10'000;

/// Who was not heard since the store was put back: nobody here knows what else it was promised.
StoreResult<void> note_unheard(const std::vector<Incident>& incidents, Snapshot& snapshot, Findings& findings) {
    std::map<survey::KioskId, const Incident*> restored;
    for (const Incident& incident : incidents) {
        if (incident.kind == IncidentKind::restored) restored[incident.kiosk] = &incident;
    }
    for (const auto& [kiosk, incident] : restored) {
        const auto terminal = snapshot.terminals().terminal(kiosk);
        if (!terminal) return unexpected(terminal.error());
        if (!*terminal || (*terminal)->last_seen > incident->time) continue;
        findings.note(kiosk.text + ": sent nothing since " + incident->detail +
                      "; what it was promised beyond that is not in here, and it sends it again by itself");
    }
    return {};
}

StoreResult<void> recount_all(Snapshot& snapshot, const Reference& reference, Findings& findings) {
    const auto incidents = snapshot.incidents().newest(kIncidentsRead);
    if (!incidents) return unexpected(incidents.error());
    findings.clock_was_wrong = std::any_of(incidents->begin(), incidents->end(), [](const Incident& incident) {
        return incident.kind == IncidentKind::clock;
    });
    Recount recount(reference, findings);
    const auto walked = walk_terminals(snapshot, reference, recount, findings);
    if (!walked) return walked;
    recount.check_ids();
    const auto compared = recount.compare_tallies(snapshot.tallies());
    if (!compared) return compared;
    const auto found = find_erased_copies(snapshot, findings);
    return found ? note_unheard(*incidents, snapshot, findings) : found;
}

StoreResult<VerifyReport> verify_by(Snapshot& snapshot, const std::function<StoreResult<Reference>()>& load) {
    Findings findings;
    auto contradictions = snapshot.contradictions(kDifferencesMax);
    if (!contradictions) return unexpected(contradictions.error());
    for (std::string& sentence : *contradictions)
        findings.difference(std::move(sentence));
    if (!contradictions->empty()) {
        findings.note(
            "the store's file is damaged, or somebody changed it. Terminals keep what they collected. Write a backup "
            "of it "
            "as it is to another disk, stop the service, move the whole data folder to another place without deleting "
            "anything, and put the last backup that `verify` finds whole back with `hailong-backend restore`");
    }
    const auto recounted = load().and_then([&](const Reference& reference) -> StoreResult<void> {
        if (reference.centers.empty()) findings.difference("the store holds no center");
        return recount_all(snapshot, reference, findings);
    });
    if (!recounted) {
        // In a damaged file that is to be expected: what is wrong with it was named above.
        if (contradictions->empty()) return unexpected(recounted.error());
        findings.difference("the rest can't be looked at: " + recounted.error().what);
    }
    return std::move(findings.report);
}

}  // namespace

StoreResult<VerifyReport> verify(Snapshot& snapshot, const Reference& reference) {
    return verify_by(snapshot, [&]() -> StoreResult<Reference> { return reference; });
}

StoreResult<VerifyReport> verify(Snapshot& snapshot) {
    return verify_by(snapshot, [&] { return load_reference(snapshot); });
}

}  // namespace hailong::sync
