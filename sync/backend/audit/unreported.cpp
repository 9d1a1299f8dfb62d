#include "sync/backend/audit/unreported.h"

#include <algorithm>
#include <map>
#include <optional>

namespace hailong::sync {
namespace {

/// Statuses read at once.
constexpr std::size_t kStatusesRead = 500;

/// When each terminal last said that nothing waits on it.
StoreResult<std::map<survey::KioskId, survey::UtcTime>> emptied(TerminalReader& reader) {
    std::map<survey::KioskId, survey::UtcTime> times;
    survey::KioskId after;
    for (bool is_last = false; !is_last;) {
        const auto page = reader.statuses(after, kStatusesRead);
        // Nothing is counted by them: without them a terminal has reported by its batches alone.
        if (!page && page.error().kind == StoreErrorKind::corrupt) return times;
        if (!page) return unexpected(page.error());
        for (const HeardStatus& one : *page) {
            after = one.kiosk;
            if (one.status.waiting == 0) times[one.kiosk] = one.heard;
        }
        is_last = page->size() < kStatusesRead;
    }
    return times;
}

}  // namespace

StoreResult<std::vector<Unreported>> unreported_until(survey::Date last, const std::vector<Terminal>& terminals,
                                                      TerminalReader& reader) {
    const auto times = emptied(reader);
    if (!times) return unexpected(times.error());
    std::vector<Unreported> result;
    for (const Terminal& terminal : terminals) {
        if (terminal.token_hash.empty()) continue;
        std::optional<survey::UtcTime> said = terminal.last_seen;
        const auto found = times->find(terminal.kiosk);
        if (found != times->end()) said = std::max(said.value_or(found->second), found->second);
        if (!said) {
            const auto keys = reader.keys(terminal.kiosk);
            if (!keys) return unexpected(keys.error());
            if (keys->empty()) continue;
            said = keys->front().since;
        }
        const survey::Date from = survey::local_date(*said);
        if (from <= last) result.push_back({terminal.kiosk, from});
    }
    return result;
}

}  // namespace hailong::sync
