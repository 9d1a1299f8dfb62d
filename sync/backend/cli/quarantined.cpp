#include <map>
#include <ostream>
#include <string>

#include "sync/backend/cli/command_support.h"

namespace hailong::sync {
namespace {

/// Records read at a time when those quarantined are counted.
constexpr std::size_t kQuarantinePage = 500;

}  // namespace

Exit list_quarantined(const std::filesystem::path& data, std::ostream& out, std::ostream& err) {
    auto store = open_store(data);
    if (!store) return refuse(err, store.error());
    auto reader = (*store)->read();
    if (!reader) return refuse(err, reader.error());
    std::map<std::string, std::int64_t> counts;
    std::int64_t sum = 0;
    survey::KioskId kiosk;
    std::int64_t seq = 0;
    for (;;) {
        const auto page = (*reader)->records().quarantined_after(kiosk, seq, kQuarantinePage);
        if (!page) return refuse(err, page.error());
        for (const StoredRecord& record : *page)
            counts[std::string(name(record.quarantine_reason.value_or(QuarantineReason::other)))] += 1;
        sum += static_cast<std::int64_t>(page->size());
        if (page->size() < kQuarantinePage) break;
        kiosk = page->back().kiosk;
        seq = page->back().seq;
    }
    for (const auto& [reason, count] : counts)
        out << reason << ": " << count << '\n';
    out << "quarantined: " << sum << '\n';
    return Exit::done;
}

}  // namespace hailong::sync
