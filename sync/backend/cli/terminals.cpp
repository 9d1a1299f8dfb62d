#include <algorithm>
#include <chrono>
#include <map>
#include <ostream>
#include <string>

#include "sync/backend/cli/command_support.h"

namespace hailong::sync {
namespace {

/// Terminals read at a time.
constexpr std::size_t kTerminalsPage = 500;

std::string known_or(const std::string& version) {
    return version.empty() ? "unknown" : version;
}

/// Without the time of the last visit: its day says whether the terminal is used, its minute who used it.
std::string said(const HeardStatus& heard) {
    using std::chrono::duration_cast;
    const TerminalStatus& status = heard.status;
    std::string text = "heard " + survey::to_rfc3339(heard.heard) + ": kiosk " + known_or(status.kiosk_version) +
                       ", sync " + known_or(status.sync_version);
    if (status.waiting) text += ", " + std::to_string(*status.waiting) + " waiting";
    if (const auto hours = shown_waiting(status)) text += ", the oldest for " + std::to_string(hours->count()) + " h";
    if (status.disk_free_bytes) text += ", " + std::to_string(*status.disk_free_bytes >> 20) + " MiB free";
    if (status.clock_offset) {
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::abs(*status.clock_offset));
        text +=
            ", clock " + std::to_string(seconds.count()) + " s " + (status.clock_offset->count() < 0 ? "fast" : "slow");
    }
    if (status.last_visit) text += ", last visit on " + survey::to_string(survey::local_date(*status.last_visit));
    for (const std::string& trouble : status.troubles)
        text += (trouble == status.troubles.front() ? ", trouble: " : ", ") + trouble;
    return text;
}

std::string line_of(const Terminal& terminal, const HeardStatus* heard) {
    const std::int64_t missing = std::max<std::int64_t>(0, terminal.reported_collected - terminal.last_seq);
    std::string line = terminal.kiosk.text + " of " + terminal.center.text + (terminal.key ? "" : ", not enrolled") +
                       ": " + std::to_string(terminal.last_seq) + " stored, " + std::to_string(missing) + " missing, " +
                       (terminal.last_seen ? "last batch " + survey::to_rfc3339(*terminal.last_seen) : "no batch yet");
    return line + "; " + (heard == nullptr ? "never said how it is" : said(*heard));
}

}  // namespace

Exit list_terminals(const std::filesystem::path& data, std::ostream& out, std::ostream& err) {
    auto store = open_store(data);
    if (!store) return refuse(err, store.error());
    auto reader = (*store)->read();
    if (!reader) return refuse(err, reader.error());
    std::size_t count = 0;
    std::size_t troubled = 0;
    for (survey::KioskId after;;) {
        const auto page = (*reader)->terminals().page(after, kTerminalsPage);
        if (!page) return refuse(err, page.error());
        const auto statuses = (*reader)->terminals().statuses(after, kTerminalsPage);
        if (!statuses) return refuse(err, statuses.error());
        std::map<survey::KioskId, const HeardStatus*> heard;
        for (const HeardStatus& one : *statuses)
            heard.emplace(one.kiosk, &one);
        for (const Terminal& terminal : *page) {
            const auto found = heard.find(terminal.kiosk);
            const HeardStatus* status = found == heard.end() ? nullptr : found->second;
            if (status != nullptr && !status->status.troubles.empty()) ++troubled;
            out << printable(line_of(terminal, status)) << '\n';
        }
        count += page->size();
        if (page->size() < kTerminalsPage) break;
        after = page->back().kiosk;
    }
    out << "terminals: " << count << ", in trouble: " << troubled << '\n';
    return Exit::done;
}

}  // namespace hailong::sync
