#include <utility>

#include "sync/backend/store/sqlite/subjects.h"
#include "sync/backend/store/sqlite/words.h"
#include "sync/backend/store/tally_codec.h"

namespace hailong::sync {

using survey::CenterId;

StoreResult<PublicSheet> SqlitePublicTallies::find(const CenterId& center, survey::Date first, survey::Date last) {
    return guarded([&] {
        PublicSheet rows;
        Query query(connection_,
                    "SELECT grain, day, pooled, kind, subject, questionnaire, version, flagged, tally "
                    "FROM public_tallies WHERE center = ? AND day BETWEEN ? AND ?");
        query.text(center.text).integer(number_of(first)).integer(number_of(last));
        while (query.step()) {
            PublicKey row;
            row.key.grain = grain_of(query.integer_at(0));
            row.key.date = day_of(query.integer_at(1));
            row.is_pooled = query.integer_at(2) != 0;
            row.key.subject = {subject_kind_of(query.integer_at(3)), query.text_at(4)};
            row.key.questionnaire = {{query.text_at(5)}, query.integer_at(6)};
            row.key.flagged = query.integer_at(7) != 0;
            auto tally = decode_tally(query.view_at(8));
            if (!tally) fail_as_damaged("a public tally of " + center.text + " can't be read");
            rows.emplace(std::move(row), std::move(*tally));
        }
        return rows;
    });
}

StoreResult<std::optional<Release>> SqlitePublicTallies::last_release(const CenterId& center) {
    return guarded([&]() -> std::optional<Release> {
        Query query(connection_, "SELECT day, number FROM releases WHERE center = ?");
        query.text(center.text);
        if (!query.step()) return std::nullopt;
        return Release{day_of(query.integer_at(0)), query.integer_at(1)};
    });
}

StoreResult<void> SqlitePublicTallies::replace(const CenterId& center, survey::Date first, survey::Date last,
                                               const PublicSheet& rows) {
    return connection_.step([&] {
        Query(connection_, "DELETE FROM public_tallies WHERE center = ? AND day BETWEEN ? AND ?")
            .text(center.text)
            .integer(number_of(first))
            .integer(number_of(last))
            .run();
        Query add(connection_,
                  "INSERT INTO public_tallies (center, day, grain, pooled, kind, subject, questionnaire, version, "
                  "flagged, tally, sum) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
                  "checksum(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10))");
        for (const auto& [row, tally] : rows) {
            if (row.key.date < first || last < row.key.date) fail_as_conflict("a public tally is of another day");
            const std::string bytes = encode_tally(tally);
            add.again().text(center.text).integer(stored_number_of(row.key.date)).integer(number_of(row.key.grain));
            add.integer(row.is_pooled ? 1 : 0).integer(number_of(row.key.subject.kind)).text(row.key.subject.id);
            add.text(row.key.questionnaire.id.text).integer(row.key.questionnaire.version);
            add.integer(row.key.flagged ? 1 : 0).blob(bytes).run();
        }
    });
}

StoreResult<void> SqlitePublicTallies::note_release(const CenterId& center, survey::Date day) {
    return connection_.step([&] {
        Query query(connection_,
                    "INSERT INTO releases (center, day, number, sum) VALUES (?1, ?2, 1, checksum(?1, ?2, 1)) "
                    "ON CONFLICT (center) DO UPDATE SET day = ?2, number = number + 1, "
                    "sum = checksum(center, ?2, number + 1)");
        query.text(center.text).integer(stored_number_of(day)).run();
    });
}

}  // namespace hailong::sync
