#include <utility>

#include "sync/backend/store/sqlite/subjects.h"
#include "sync/backend/store/sqlite/words.h"
#include "sync/backend/store/tally_codec.h"

namespace hailong::sync {
namespace {

using survey::CenterId;
using survey::Tally;
using survey::TallyKey;

/// The number that stands for the center in the rows of tallies; empty: it has none.
std::optional<std::int64_t> center_number(Connection& connection, const CenterId& center) {
    Query query(connection, "SELECT number FROM tally_centers WHERE center = ?");
    query.text(center.text);
    if (!query.step()) return std::nullopt;
    return query.integer_at(0);
}

Tally tally_at(Query& query, int index, const CenterId& center) {
    auto tally = decode_tally(query.view_at(index));
    if (!tally) fail_as_damaged("a tally of " + center.text + " can't be read");
    return std::move(*tally);
}

/// grain, kind, day, subject, questionnaire, version, flagged, tally.
TallyRow row_of(Query& query, const CenterId& center) {
    TallyRow row;
    row.center = center;
    row.key.grain = grain_of(query.integer_at(0));
    row.key.subject = {subject_kind_of(query.integer_at(1)), query.text_at(3)};
    row.key.date = day_of(query.integer_at(2));
    row.key.questionnaire = {{query.text_at(4)}, query.integer_at(5)};
    row.key.flagged = query.integer_at(6) != 0;
    row.tally = tally_at(query, 7, center);
    return row;
}

// One row, as bind() names it.
constexpr const char kStored[] =
    "SELECT tally FROM tallies WHERE center = ? AND grain = ? AND kind = ? AND day = ? "
    "AND subject = ? AND questionnaire = ? AND version = ? AND flagged = ?";
constexpr const char kUpdate[] =
    "UPDATE tallies SET tally = ?9 WHERE center = ?1 AND grain = ?2 AND kind = ?3 AND day = ?4 "
    "AND subject = ?5 AND questionnaire = ?6 AND version = ?7 AND flagged = ?8";

Query& bind(Query& query, std::int64_t center, const TallyKey& key) {
    query.again().integer(center).integer(number_of(key.grain)).integer(number_of(key.subject.kind));
    query.integer(stored_number_of(key.date));
    query.text(key.subject.id).text(key.questionnaire.id.text).integer(key.questionnaire.version);
    return query.integer(key.flagged ? 1 : 0);
}

/// The same; it gets one.
std::int64_t number_of_counted(Connection& connection, const CenterId& center) {
    if (const auto number = center_number(connection, center)) return *number;
    Query query(connection,
                "INSERT INTO tally_centers (number, center, sum) SELECT number, ?1, checksum(number, ?1) "
                "FROM (SELECT 1 + ifnull(max(number), 0) AS number FROM tally_centers)");
    query.text(center.text).run();
    return center_number(connection, center).value_or(0);
}

}  // namespace

StoreResult<std::vector<TallyRow>> SqliteTallies::find(const TallyQuery& wanted) {
    return guarded([&] {
        std::vector<TallyRow> result;
        const auto number = center_number(connection_, wanted.center);
        if (!number) return result;
        // One range of the key for each kind.
        Query query(connection_,
                    "SELECT grain, kind, day, subject, questionnaire, version, flagged, tally FROM tallies "
                    "WHERE center = ?1 AND grain = ?2 AND kind = ?3 AND day BETWEEN ?4 AND ?5 "
                    "AND (?6 IS NULL OR subject = ?6)");
        for (const survey::SubjectKind kind : kSubjectKinds) {
            if (wanted.subject_kind.value_or(kind) != kind) continue;
            query.again().integer(*number).integer(number_of(wanted.grain)).integer(number_of(kind));
            query.integer(number_of(wanted.first)).integer(number_of(wanted.last));
            if (wanted.subject_id) {
                query.text(*wanted.subject_id);
            } else {
                query.null();
            }
            while (query.step())
                result.push_back(row_of(query, wanted.center));
        }
        return result;
    });
}

StoreResult<std::vector<TallyRow>> SqliteTallies::of_center(const CenterId& center) {
    return guarded([&] {
        std::vector<TallyRow> result;
        const auto number = center_number(connection_, center);
        if (!number) return result;
        Query query(connection_,
                    "SELECT grain, kind, day, subject, questionnaire, version, flagged, tally FROM tallies "
                    "WHERE center = ?");
        query.integer(*number);
        while (query.step())
            result.push_back(row_of(query, center));
        return result;
    });
}

StoreResult<std::vector<CenterId>> SqliteTallies::centers() {
    return guarded([&] {
        std::vector<CenterId> result;
        Query query(connection_, "SELECT center FROM tally_centers ORDER BY center");
        while (query.step())
            result.push_back({query.text_at(0)});
        return result;
    });
}

StoreResult<void> SqliteTallies::add(const CenterSheets& sheets) {
    return connection_.step([&] {
        Query stored(connection_, kStored);
        Query insert(connection_,
                     "INSERT INTO tallies (center, grain, kind, day, subject, questionnaire, version, flagged, tally) "
                     "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
        Query update(connection_, kUpdate);
        for (const auto& [center, sheet] : sheets) {
            if (sheet.empty()) continue;
            const std::int64_t number = number_of_counted(connection_, center);
            for (const auto& [key, more] : sheet) {
                const bool is_new = !bind(stored, number, key).step();
                std::string bytes;
                if (is_new) {
                    bytes = encode_tally(more);
                } else {
                    Tally sum = tally_at(stored, 0, center);
                    sum += more;
                    bytes = encode_tally(sum);
                }
                stored.again();
                bind(is_new ? insert : update, number, key).blob(bytes).run();
            }
        }
    });
}

StoreResult<void> SqliteTallies::subtract(const CenterSheets& sheets) {
    return connection_.step([&] {
        Query stored(connection_, kStored);
        Query remove(connection_,
                     "DELETE FROM tallies WHERE center = ? AND grain = ? AND kind = ? AND day = ? "
                     "AND subject = ? AND questionnaire = ? AND version = ? AND flagged = ?");
        Query update(connection_, kUpdate);
        for (const auto& [center, sheet] : sheets) {
            if (sheet.empty()) continue;
            const std::int64_t number = number_of_counted(connection_, center);
            for (const auto& [key, less] : sheet) {
                if (!bind(stored, number, key).step()) fail_as_conflict("a tally of " + center.text + " is missing");
                Tally rest = tally_at(stored, 0, center);
                stored.again();
                if (!survey::subtract(rest, less)) {
                    fail_as_conflict("a tally of " + center.text + " holds less than was counted");
                }
                if (rest == Tally{}) {
                    bind(remove, number, key).run();
                } else {
                    const std::string bytes = encode_tally(rest);
                    bind(update, number, key).blob(bytes).run();
                }
            }
        }
    });
}

}  // namespace hailong::sync
