#include <algorithm>
#include <ostream>

#include "sync/backend/cli/command_support.h"

namespace hailong::sync {
namespace {

/// Most incidents that are listed: more than anybody reads.
constexpr std::size_t kIncidentsListed = 1'000;

}  // namespace

Exit list_incidents(const std::filesystem::path& data, std::ostream& out, std::ostream& err) {
    auto store = open_store(data);
    if (!store) return refuse(err, store.error());
    auto reader = (*store)->read();
    if (!reader) return refuse(err, reader.error());
    auto incidents = (*reader)->incidents().newest(kIncidentsListed);
    if (!incidents) return refuse(err, incidents.error());
    std::stable_sort(incidents->begin(), incidents->end(),
                     [](const Incident& a, const Incident& b) { return a.time < b.time; });
    for (const Incident& incident : *incidents) {
        out << survey::to_rfc3339(incident.time) << ' '
            << (incident.kiosk.empty() ? "-" : printable(incident.kiosk.text)) << ' ' << name(incident.kind) << ": "
            << printable(incident.detail) << '\n';
    }
    const auto counts = (*reader)->counts();
    if (!counts) return refuse(err, counts.error());
    out << "incidents: " << counts->incidents;
    if (counts->incidents > static_cast<std::int64_t>(incidents->size())) {
        out << ", of which the newest " << incidents->size() << " are listed";
    }
    out << '\n';
    return Exit::done;
}

}  // namespace hailong::sync
