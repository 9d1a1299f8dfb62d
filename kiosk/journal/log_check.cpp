#include "kiosk/journal/log_check.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <exception>
#include <system_error>
#include <thread>

#include "kiosk/journal/head_file.h"
#include "kiosk/journal/sectors.h"
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

/// Whether the journal, as SQLite reads it with its log, ends before `known_seq`.
bool ends_before(const std::filesystem::path& file, std::int64_t known_seq, survey::milliseconds busy_timeout) {
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

std::uint32_t word_at(std::string_view bytes, std::size_t at, bool big_end_first) {
    std::uint32_t value = 0;
    std::memcpy(&value, bytes.data() + at, sizeof(value));
    return big_end_first == (std::endian::native == std::endian::big) ? value : __builtin_bswap32(value);
}

/// The running sum over the log, as its header says: the words of the machine that wrote it.
class LogSum {
  public:
    explicit LogSum(bool big_end_first) : big_end_first_(big_end_first) {}
    /// REQUIRES: a multiple of 8 bytes.
    void add(std::string_view bytes) {
        for (std::size_t at = 0; at < bytes.size(); at += 8) {
            first_ += word_at(bytes, at, big_end_first_) + second_;
            second_ += word_at(bytes, at + 4, big_end_first_) + first_;
        }
    }
    /// Whether it stands there, big end first.
    [[nodiscard]] bool is(std::string_view written) const {
        return word_at(written, 0, true) == first_ && word_at(written, 4, true) == second_;
    }

  private:
    bool big_end_first_;
    std::uint32_t first_ = 0;
    std::uint32_t second_ = 0;
};

}  // namespace

std::string_view log_salt(std::string_view log) {
    if (log.size() < kLogHeaderBytes) return {};
    const std::string_view said = log.substr(16, 8);
    for (const std::size_t at : {kLogHeaderBytes, kLogHeaderBytes + kFrameBytes})
        if (at + kFrameBytes <= log.size() && log.substr(at + 8, 8) == said) return said;
    return log.size() < kLogHeaderBytes + kFrameBytes ? said : log.substr(kLogHeaderBytes + 8, 8);
}

std::size_t end_of_whole_frames(std::string_view log) {
    constexpr std::uint32_t kMagic = 0x377f0682;
    if ((word_at(log, 0, true) & ~1U) != kMagic) return 0;
    LogSum sum((word_at(log, 0, true) & 1U) != 0);
    sum.add(log.substr(0, 24));
    if (!sum.is(log.substr(24, 8))) return 0;
    std::size_t at = kLogHeaderBytes;
    for (; at + kFrameBytes <= log.size(); at += kFrameBytes) {
        sum.add(log.substr(at, 8));
        sum.add(log.substr(at + kFrameHeaderBytes, kFrameBytes - kFrameHeaderBytes));
        if (log.substr(at + 8, 8) != log.substr(16, 8) || !sum.is(log.substr(at + 16, 8))) break;
    }
    return at;
}

bool has_commit_beyond_its_end(std::string_view log) {
    if (log.size() < kLogHeaderBytes + kFrameBytes) return false;
    const std::string_view salt = log_salt(log);
    for (std::size_t at = std::max(end_of_whole_frames(log), kLogHeaderBytes); at + kFrameBytes <= log.size();
         at += kFrameBytes) {
        const bool is_commit = word_at(log, at + 4, true) != 0;
        if (is_commit && log.substr(at + 8, 8) == salt) return true;
    }
    return false;
}

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
    for (int look = 1; has_commit_beyond_its_end(read_sectors(log).bytes); ++look) {
        if (look == kLooks) return true;
        std::this_thread::sleep_for(kPause);
    }
    return false;
}

}  // namespace hailong::kiosk
