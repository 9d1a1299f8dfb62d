#include <algorithm>

#include "sync/backend/store/sqlite/subjects.h"

namespace hailong::sync {

StoreResult<std::vector<Incident>> SqliteIncidents::newest(std::size_t count_max) {
    return guarded([&] {
        std::vector<Incident> result;
        Query query(connection_,
                    "SELECT time_ms, kiosk, kind, detail, evidence FROM incidents ORDER BY rowid DESC LIMIT ?");
        query.limit(count_max);
        while (query.step()) {
            result.push_back({query.time_at(0),
                              {query.text_at(1)},
                              parse_incident_kind(query.text_at(2)),
                              query.text_at(3),
                              query.text_at(4)});
        }
        std::reverse(result.begin(), result.end());
        return result;
    });
}

StoreResult<void> SqliteIncidents::add(std::span<const Incident> incidents) {
    return connection_.step([&] {
        Query query(connection_,
                    "INSERT INTO incidents (time_ms, kiosk, kind, detail, evidence, sum) "
                    "VALUES (?1, ?2, ?3, ?4, ?5, checksum(?1, ?2, ?3, ?4, ?5)) ON CONFLICT DO NOTHING");
        for (const Incident& incident : incidents) {
            const std::string kind(name(incident.kind));
            query.again().time(incident.time).text(incident.kiosk.text).text(kind).text(incident.detail);
            query.blob(incident.evidence).run();
        }
    });
}

}  // namespace hailong::sync
