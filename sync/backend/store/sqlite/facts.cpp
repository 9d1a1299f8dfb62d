#include "sync/backend/store/sqlite/subjects.h"

namespace hailong::sync {

StoreResult<std::optional<std::string>> SqliteFacts::fact(const std::string& name) {
    return guarded([&]() -> std::optional<std::string> {
        Query query(connection_, "SELECT fact FROM facts WHERE name = ?");
        query.text(name);
        if (!query.step()) return std::nullopt;
        return query.text_at(0);
    });
}

StoreResult<void> SqliteFacts::put(const std::string& name, const std::string& text) {
    return connection_.step([&] {
        Query query(connection_,
                    "INSERT INTO facts (name, fact, sum) VALUES (?1, ?2, checksum(?1, ?2)) "
                    "ON CONFLICT (name) DO UPDATE SET fact = excluded.fact, sum = excluded.sum");
        query.text(name).text(text).run();
    });
}

}  // namespace hailong::sync
