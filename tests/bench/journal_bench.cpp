// What the journal costs over the least that is durable: the same row, committed by plain SQLite with the same
// settings. Both take turns in one run, so that whatever else the machine does falls on both.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include <sqlite3.h>

#include "kiosk/journal/journal.h"
#include "survey/base/check.h"
#include "tests/kiosk/journal/sample.h"

namespace {

using namespace hailong;
using Clock = std::chrono::steady_clock;

constexpr std::int64_t kRows = 2'000;  // of each; about a second
constexpr std::int64_t kWarmUp = 100;  // the first ones fill caches and tally rows
constexpr double kRatioMax = 1.5;

/// SQLite as bare as a durable row can be written: one prepared insert, committed by itself, no index but the key.
class BareTable {
  public:
    explicit BareTable(const std::filesystem::path& file) {
        survey::check(sqlite3_open(file.c_str(), &connection_) == SQLITE_OK, "a database opens");
        survey::check(sqlite3_exec(connection_,
                                   "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                                   "CREATE TABLE records (seq INTEGER PRIMARY KEY, id BLOB, hash BLOB, bytes TEXT)",
                                   nullptr, nullptr, nullptr) == SQLITE_OK,
                      "a table is made");
        survey::check(sqlite3_prepare_v2(connection_, "INSERT INTO records VALUES (?, ?, ?, ?)", -1, &insert_,
                                         nullptr) == SQLITE_OK,
                      "a statement is prepared");
    }
    BareTable(const BareTable&) = delete;
    BareTable& operator=(const BareTable&) = delete;
    ~BareTable() {
        sqlite3_finalize(insert_);
        sqlite3_close(connection_);
    }
    void insert(const kiosk::JournalEntry& entry, const survey::Uuid& id) {
        sqlite3_bind_int64(insert_, 1, entry.seq);
        sqlite3_bind_blob(insert_, 2, id.bytes.data(), static_cast<int>(id.bytes.size()), SQLITE_STATIC);
        sqlite3_bind_blob(insert_, 3, entry.hash.bytes.data(), static_cast<int>(entry.hash.bytes.size()),
                          SQLITE_STATIC);
        sqlite3_bind_text(insert_, 4, entry.bytes.data(), static_cast<int>(entry.bytes.size()), SQLITE_STATIC);
        survey::check(sqlite3_step(insert_) == SQLITE_DONE, "a row is written");
        sqlite3_reset(insert_);
    }

  private:
    sqlite3* connection_ = nullptr;
    sqlite3_stmt* insert_ = nullptr;
};

template <class Step>
double microseconds(Step&& step) {
    const auto start = Clock::now();
    step();
    return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

}  // namespace

int main() {
    // Beside the program: a temporary folder may lie in memory, where nothing is ever synced.
    const test::TemporaryFolder folder(std::filesystem::canonical("/proc/self/exe").parent_path());
    kiosk::Journal journal = test::open_journal(folder / "journal.db");
    BareTable bare(folder / "bare.db");
    std::vector<double> appends;
    std::vector<double> inserts;
    std::vector<double> ratios;  // of neighbours: a disk that is slow for a while is so for both
    for (std::int64_t n = 1; n <= kWarmUp + kRows; ++n) {
        const survey::Response response = test::response(n);
        kiosk::JournalEntry entry;
        const auto append = [&] {
            auto appended = journal.append(response, test::ward5());
            survey::check(appended.has_value(), "the journal takes a response");
            entry = std::move(*appended);
        };
        const double append_us = microseconds(append);
        const double insert_us = microseconds([&] { bare.insert(entry, response.id); });
        if (n <= kWarmUp) continue;
        appends.push_back(append_us);
        inserts.push_back(insert_us);
        ratios.push_back(append_us / insert_us);
    }
    std::printf(R"({"name":"journal_append_to_bare_commit","value":%.3f,"unit":"ratio","limit":%.1f,"better":"less",)"
                R"("append_us":%.1f,"bare_commit_us":%.1f})"
                "\n",
                median(ratios), kRatioMax, median(appends), median(inserts));
    return EXIT_SUCCESS;
}
