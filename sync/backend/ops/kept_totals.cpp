#include "sync/backend/ops/kept_totals.h"

#include <vector>

namespace hailong::sync {
namespace {

StoreResult<StoreTotals> add_up(const std::vector<survey::CenterId>& centers, TerminalReader& reader) {
    StoreTotals sum;
    sum.centers = centers.size();
    for (const survey::CenterId& center : centers) {
        const auto totals = reader.totals(center);
        if (!totals) return unexpected(totals.error());
        sum.records += totals->records;
    }
    return sum;
}

}  // namespace

StoreResult<StoreTotals> KeptTotals::read(Snapshot& snapshot) {
    const auto centers = snapshot.documents().centers();
    if (!centers) return unexpected(centers.error());
    const std::lock_guard lock(mutex_);
    const survey::MonoTime now = clock_.monotonic();
    if (!kept_ || now - added_up_ > kTotalsAgeMax || kept_->centers != centers->size()) {
        const auto sum = add_up(*centers, snapshot.terminals());
        if (!sum) return unexpected(sum.error());
        kept_ = *sum;
        added_up_ = now;
    }
    return *kept_;
}

}  // namespace hailong::sync
