#include "kiosk/journal/log_check.h"

#include <algorithm>
#include <exception>
#include <system_error>

#include "kiosk/journal/store_error.h"
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

}  // namespace

bool log_ends_before(const std::filesystem::path& file, std::int64_t known_seq, survey::milliseconds busy_timeout) {
    std::error_code none;
    const std::uintmax_t log_bytes = std::filesystem::file_size(file.string() + "-wal", none);
    if (none || log_bytes == 0) return false;
    try {
        Connection connection(file, Access::read, busy_timeout);
        connection.fold_log_on_close(false);
        std::int64_t last = 0;
        for (const char* sql : {"SELECT ifnull(max(seq), 0) FROM records", "SELECT ifnull(max(last_seq), 0) FROM skips",
                                "SELECT seq FROM base"})
            last = std::max(last, number_from(connection, sql));
        return last < known_seq;
    } catch (const std::exception&) {
        return false;
    }
}

}  // namespace hailong::kiosk
