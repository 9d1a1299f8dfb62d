#include "sync/backend/store/sqlite/places.h"

namespace hailong::sync {

std::optional<std::int64_t> kiosk_number(Connection& connection, const survey::KioskId& kiosk) {
    Query query(connection, "SELECT number FROM kiosks WHERE kiosk = ?");
    query.text(kiosk.text);
    if (!query.step()) return std::nullopt;
    return query.integer_at(0);
}

std::int64_t make_kiosk_number(Connection& connection, const survey::KioskId& kiosk) {
    if (const auto number = kiosk_number(connection, kiosk)) return *number;
    {
        Query query(connection, "INSERT INTO kiosks (kiosk) VALUES (?)");
        query.text(kiosk.text).run();
    }
    const auto number = kiosk_number(connection, kiosk);
    if (!number || *number > kKioskNumberMax) fail_as_conflict("no number is left for " + kiosk.text);
    return *number;
}

}  // namespace hailong::sync
