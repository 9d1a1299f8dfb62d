#include "sync/backend/store/sqlite/subjects.h"

namespace hailong::sync {

StoreResult<std::int64_t> SqliteDocuments::revision() {
    return guarded([&] {
        Query query(connection_, "SELECT revision FROM documents");
        if (!query.step()) fail_as_damaged("the table `documents` is empty");
        return query.integer_at(0);
    });
}

StoreResult<std::vector<survey::CenterId>> SqliteDocuments::centers() {
    return guarded([&] {
        std::vector<survey::CenterId> result;
        Query query(connection_, "SELECT id FROM centers ORDER BY id");
        while (query.step())
            result.push_back({query.text_at(0)});
        return result;
    });
}

StoreResult<std::optional<std::string>> SqliteDocuments::center(const survey::CenterId& center) {
    return guarded([&]() -> std::optional<std::string> {
        Query query(connection_, "SELECT json FROM centers WHERE id = ?");
        query.text(center.text);
        if (!query.step()) return std::nullopt;
        return query.text_at(0);
    });
}

StoreResult<std::vector<QuestionnaireDocument>> SqliteDocuments::questionnaires() {
    return guarded([&] {
        std::vector<QuestionnaireDocument> result;
        Query query(connection_, "SELECT id, version, json FROM questionnaires ORDER BY id, version");
        while (query.step())
            result.push_back({{{query.text_at(0)}, query.integer_at(1)}, query.text_at(2)});
        return result;
    });
}

StoreResult<bool> SqliteDocuments::are_whole() {
    return guarded([&] {
        Query query(connection_,
                    "SELECT EXISTS (SELECT 1 FROM centers WHERE sum IS NOT checksum(id, json)) OR "
                    "EXISTS (SELECT 1 FROM questionnaires WHERE sum IS NOT checksum(id, version, json))");
        return query.step() && query.integer_at(0) == 0;
    });
}

StoreResult<std::vector<TimeCorrection>> SqliteDocuments::time_corrections() {
    return guarded([&] {
        std::vector<TimeCorrection> result;
        Query query(connection_,
                    "SELECT first_batch, last_batch, ahead_ms, reason, account, recorded_ms FROM time_corrections "
                    "ORDER BY number");
        while (query.step()) {
            result.push_back({query.integer_at(0), query.integer_at(1), survey::milliseconds(query.integer_at(2)),
                              query.text_at(3), query.text_at(4), query.time_at(5)});
        }
        return result;
    });
}

StoreResult<void> SqliteDocuments::put_center(const survey::CenterId& center, const std::string& json) {
    return connection_.step([&] {
        Query query(connection_,
                    "INSERT INTO centers (id, json, sum) VALUES (?1, ?2, checksum(?1, ?2)) ON CONFLICT (id) "
                    "DO UPDATE SET json = excluded.json, sum = excluded.sum WHERE json <> excluded.json");
        query.text(center.text).text(json).run();
        raise_revision_if_changed();
    });
}

StoreResult<void> SqliteDocuments::put_questionnaire(const QuestionnaireDocument& document) {
    return connection_.step([&] {
        // The update can only be refused: a trigger keeps what is published.
        Query query(connection_,
                    "INSERT INTO questionnaires (id, version, json, sum) VALUES (?1, ?2, ?3, checksum(?1, ?2, ?3)) "
                    "ON CONFLICT (id, version) DO UPDATE SET json = excluded.json WHERE json <> excluded.json");
        query.text(document.ref.id.text).integer(document.ref.version).text(document.json).run();
        raise_revision_if_changed();
    });
}

StoreResult<void> SqliteDocuments::add_time_correction(const TimeCorrection& correction) {
    return connection_.step([&] {
        Query query(connection_,
                    "INSERT INTO time_corrections (number, first_batch, last_batch, ahead_ms, reason, account, "
                    "recorded_ms, sum) SELECT next, ?1, ?2, ?3, ?4, ?5, ?6, checksum(next, ?1, ?2, ?3, ?4, ?5, ?6) "
                    "FROM (SELECT ifnull(max(number), 0) + 1 AS next FROM time_corrections)");
        query.integer(correction.first_batch).integer(correction.last_batch).integer(correction.ahead.count());
        query.text(correction.reason).text(correction.by).time(correction.recorded).run();
        raise_revision_if_changed();
    });
}

void SqliteDocuments::raise_revision_if_changed() {
    if (connection_.changes() == 0) return;
    Query(connection_, "UPDATE documents SET revision = revision + 1, sum = checksum(revision + 1)").run();
}

}  // namespace hailong::sync
