#include "sync/backend/store/sqlite/places.h"
#include "sync/backend/store/sqlite/schema.h"
#include "sync/backend/store/sqlite/subjects.h"
#include "sync/backend/store/sqlite/sums.h"

namespace hailong::sync {
namespace {

/// Batches are numbered 1, 2, 3 ... in the order they came, and none goes.
std::string fault_of_batch_numbers(Connection& connection) {
    Query query(connection, "SELECT count(*), ifnull(min(number), 1), ifnull(max(number), 0) FROM batches");
    if (!query.step()) return {};
    const std::int64_t count = query.integer_at(0);
    if (query.integer_at(1) == 1 && query.integer_at(2) == count) return {};
    return "the " + std::to_string(count) + " batches are numbered from " + query.text_at(1) + " to " +
           query.text_at(2) + ", not from 1 on without a gap";
}

/// A record is marked as repeating an id only where another one has the id without the mark: by that one it is found.
void find_stray_repeats(Connection& connection, std::size_t count_max, std::vector<std::string>& found) {
    Query query(connection,
                "SELECT place, kiosk FROM records INDEXED BY records_repeated LEFT JOIN kiosks ON number = place / ?1 "
                "WHERE repeats IS NOT NULL AND NOT EXISTS "
                "(SELECT 1 FROM records AS first WHERE first.id = records.id AND first.repeats IS NULL) LIMIT ?2");
    query.integer(survey::kSeqMax + 1).limit(count_max);
    while (query.step()) {
        found.push_back("record " + std::to_string(seq_at(query.integer_at(0))) + " of " + query.text_at(1) +
                        ": is marked as repeating an id that no other record has");
    }
}

/// A correction speaks of batches that are there.
void find_stray_corrections(Connection& connection, std::size_t count_max, std::vector<std::string>& found) {
    Query query(connection,
                "SELECT first_batch, last_batch FROM time_corrections "
                "WHERE last_batch > (SELECT ifnull(max(number), 0) FROM batches) LIMIT ?");
    query.limit(count_max);
    while (query.step()) {
        found.push_back("times of batches " + query.text_at(0) + " to " + query.text_at(1) +
                        " are corrected, but there are not so many");
    }
}

/// What SQLite itself finds in pages, rows and indexes.
void find_broken_structure(Connection& connection, std::size_t count_max, std::vector<std::string>& found) {
    Query query(connection, survey::sqlite::Once{"PRAGMA integrity_check(" + std::to_string(count_max) + ")"});
    while (query.step()) {
        if (query.view_at(0) != "ok") found.push_back("the file is damaged: " + query.text_at(0));
    }
}

void find_all_others(Connection& connection, std::size_t count_max, std::vector<std::string>& found) {
    find_foreign_schema(connection, count_max, found);
    find_wrong_sums(connection, count_max, found);
    if (found.size() >= count_max) return;
    if (std::string fault = fault_of_batch_numbers(connection); !fault.empty()) found.push_back(std::move(fault));
    find_stray_repeats(connection, count_max - found.size(), found);
    find_stray_corrections(connection, count_max - found.size(), found);
}

}  // namespace

StoreResult<std::vector<std::string>> find_contradictions(Connection& connection, std::size_t count_max) {
    return guarded([&] {
        std::vector<std::string> found;
        if (count_max == 0) return found;
        find_broken_structure(connection, count_max, found);
        try {
            find_all_others(connection, count_max, found);
        } catch (const std::exception&) {
            // In a damaged file that is to be expected: what is wrong with it was named above.
            if (found.empty()) throw;
        }
        return found;
    });
}

}  // namespace hailong::sync
