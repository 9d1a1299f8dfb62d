#include <algorithm>
#include <ostream>

#include "sync/backend/cli/command_support.h"

namespace hailong::sync {

Exit list_incidents(const std::filesystem::path& data, std::ostream& out, std::ostream& err) {
    auto store = open_store(data);
    if (!store) return refuse(err, store.error());
    auto reader = (*store)->read();
    if (!reader) return refuse(err, reader.error());
    auto incidents = (*reader)->incidents();
    if (!incidents) return refuse(err, incidents.error());
    std::stable_sort(incidents->begin(), incidents->end(),
                     [](const Incident& a, const Incident& b) { return a.time < b.time; });
    for (const Incident& incident : *incidents) {
        out << survey::to_rfc3339(incident.time) << ' ' << (incident.kiosk.empty() ? "-" : incident.kiosk.text) << ' '
            << incident.kind << ": " << printable(incident.detail) << '\n';
    }
    out << "incidents: " << incidents->size() << '\n';
    return Exit::done;
}

}  // namespace hailong::sync
