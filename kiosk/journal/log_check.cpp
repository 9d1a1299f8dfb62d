#include "kiosk/journal/log_check.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <system_error>
#include <thread>

#include "kiosk/journal/head_file.h"
#include "kiosk/journal/sectors.h"
#include "kiosk/journal/store_error.h"
#include "survey/base/log_index.h"
#include "survey/base/sqlite.h"

namespace hailong::kiosk {
namespace {

using survey::sqlite::Access;
using survey::sqlite::Connection;
using survey::sqlite::Once;
using survey::sqlite::Query;

/// 0 where damage keeps it from being read. Throws what the disk or another process did: that is no damage.
std::int64_t number_from(Connection& connection, const char* sql) {
    try {
        Query row(connection, Once{sql});
        return row.step() ? row.integer_at(0) : 0;
    } catch (const std::exception& error) {
        const StoreErrorKind kind = survey::sqlite::kind_of(error);
        if (kind != StoreErrorKind::corrupt && kind != StoreErrorKind::conflict) throw;
        return 0;
    }
}

/// Who has the file open already may have it beside a spoiled index.
void mend_log_index(Connection& connection) {
    number_from(connection, "SELECT count(*) FROM sqlite_master");  // opens the log
    static_cast<void>(survey::sqlite::look_at_log(connection));
}

/// Whether the journal, as SQLite reads it with its log, ends before `known_seq`.
bool ends_before(const std::filesystem::path& file, std::int64_t known_seq, survey::milliseconds busy_timeout) {
    try {
        Connection connection(file, Access::read, busy_timeout);
        connection.fold_log_on_close(false);
        mend_log_index(connection);
        std::int64_t last = 0;
        for (const char* sql : {"SELECT ifnull(max(seq), 0) FROM records", "SELECT ifnull(max(last_seq), 0) FROM skips",
                                "SELECT seq FROM base"})
            last = std::max(last, number_from(connection, sql));
        return last < known_seq;
    } catch (const std::exception&) {
        return false;
    }
}

}  // namespace

bool is_log_damaged(const std::filesystem::path& file, survey::milliseconds busy_timeout) {
    const std::string log = file.string() + "-wal";
    std::error_code none;
    const std::uintmax_t log_bytes = std::filesystem::file_size(log, none);
    if (none || log_bytes == 0) return false;
    // Beside an empty file SQLite takes the log for one that was left over, and deletes it.
    if (const std::uintmax_t bytes = std::filesystem::file_size(file, none); none || bytes == 0) return true;
    if (read_head_line(file)) return ends_before(file, last_given_out(file), busy_timeout);
    // What another program is just writing is whole a moment later.
    constexpr int kLooks = 3;
    constexpr survey::milliseconds kPause{20};
    for (int look = 1; survey::sqlite::has_commit_beyond_its_end(read_sectors(log).bytes); ++look) {
        if (look == kLooks) return true;
        std::this_thread::sleep_for(kPause);
    }
    return false;
}

}  // namespace hailong::kiosk
