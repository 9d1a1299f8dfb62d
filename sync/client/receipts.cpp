#include "sync/client/receipts.h"

#include <algorithm>

#include "survey/agreed_time.h"

namespace hailong::sync {

Exchange not_believed(const std::string& why) {
    return later("the receipt is not believed: " + why +
                 "; nothing was marked as delivered. Check the backend's address, and run verify at both ends");
}

std::string describe_counts(const Receipt& receipt) {
    return "(" + std::to_string(receipt.accepted) + " new, " + std::to_string(receipt.duplicates) + " stored before, " +
           std::to_string(receipt.quarantined.size()) + " quarantined)";
}

namespace {

/// Up to which number of this journal the receipt confirms: its last one, or the one before the skips that this lies
/// in. Of a number that stands for nothing here (lost to damage, numbered anew) the terminal knows no chain value.
Expected<std::int64_t, Exchange> confirmed_here(const kiosk::Journal& journal, const Receipt& receipt) {
    const auto skips = journal.skips();
    if (!skips) return unexpected(from_store(skips.error()));
    std::int64_t last = receipt.last_seq;
    for (auto skip = skips->rbegin(); skip != skips->rend(); ++skip) {
        if (skip->first_seq <= last && last <= skip->last_seq) last = skip->first_seq - 1;
    }
    if (last != receipt.last_seq) return last;
    const std::string number = std::to_string(last);
    const auto own = journal.hash_at(last);
    if (!own) return unexpected(from_store(own.error()));
    if (!*own) return unexpected(not_believed("it holds record " + number + ", which this terminal does not have"));
    if (**own != receipt.last_hash) {
        return unexpected(not_believed("its chain value at record " + number + " is not this terminal's"));
    }
    return last;
}

}  // namespace

Exchange take_receipt(kiosk::Journal& journal, const Identity& identity, const Receipt& receipt, survey::UtcTime now) {
    if (!is_signed_by(receipt, identity.keys.sign)) {
        return not_believed(receipt.signature
                                ? "it is not signed with the key of this terminal's backend; enrol the terminal anew "
                                  "when that key was replaced"
                                : "it is not signed");
    }
    if (receipt.kiosk != identity.kiosk) return not_believed("it names terminal \"" + receipt.kiosk.text + "\"");
    const auto confirmed = confirmed_here(journal, receipt);
    if (!confirmed) return confirmed.error();
    const auto delivered = journal.delivered_seq();
    if (!delivered) return from_store(delivered.error());

    Exchange done = progress({});
    done.quarantined = receipt.quarantined;
    // Counted when it is first confirmed: a receipt may come twice, with a bundle or from a backend that was restored.
    // A copy of an answer that the backend has is nothing that staff must look after.
    std::int64_t newly_quarantined = 0;
    for (const Quarantined& quarantined : receipt.quarantined) {
        const bool is_copy = quarantined.reason == QuarantineReason::duplicate_id;
        newly_quarantined += quarantined.seq > *delivered && !is_copy ? 1 : 0;
    }
    if (newly_quarantined > 0) {
        const auto counted = journal.add_quarantined(newly_quarantined);
        if (!counted) return from_store(counted.error());
    }
    const auto marked = journal.mark_delivered(*confirmed, std::max(receipt.received, now));
    if (!marked) return from_store(marked.error());
    return done;
}

Exchange remove_old(kiosk::Journal& journal, survey::UtcTime now, survey::milliseconds retention) {
    const auto agreement = journal.agree_on_time(now);
    if (!agreement) return from_store(agreement.error());
    if (*agreement == survey::TimeAgreement::first) return {};
    if (*agreement == survey::TimeAgreement::stepped) {
        return {Outcome::idle,
                "by the backend's clock and this machine's it is " + survey::to_rfc3339(now) +
                    ", far from what it was when old records were last looked for: nothing is removed until another "
                    "day agrees. Check both clocks, if neither stood still for days"};
    }
    const auto pruned = journal.prune(now - retention - survey::kClockStepMax);
    if (!pruned) return from_store(pruned.error());
    const auto forgotten = journal.forget_tickets(now);
    if (!forgotten) return from_store(forgotten.error());
    if (*pruned == 0) return {};
    return progress(std::to_string(*pruned) + " records that were delivered long ago were removed here");
}

}  // namespace hailong::sync
