#include "sync/backend/audit/verify.h"

#include <utility>

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
            const auto walked = ChainAudit(terminal, findings).run(snapshot, recount, texts);
            if (!walked) return walked;
            after = terminal.kiosk;
        }
        is_last = page->size() < kAuditPage;
    }
    return texts.finish();
}

}  // namespace

StoreResult<VerifyReport> verify(Snapshot& snapshot, const Reference& reference) {
    Findings findings;
    Recount recount(reference, findings);
    const auto walked = walk_terminals(snapshot, reference, recount, findings);
    if (!walked) return unexpected(walked.error());
    recount.check_ids();
    const auto compared = recount.compare_tallies(snapshot.tallies());
    if (!compared) return unexpected(compared.error());
    auto contradictions = snapshot.contradictions(kDifferencesMax);
    if (!contradictions) return unexpected(contradictions.error());
    for (std::string& sentence : *contradictions)
        findings.difference(std::move(sentence));
    return std::move(findings.report);
}

}  // namespace hailong::sync
