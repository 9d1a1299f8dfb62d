// A store that the program of an earlier schema made, brought along, is found whole by today's audit.
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "sync/backend/audit/verify.h"
#include "tests/sync/backend/sample.h"

namespace hailong::sync {
namespace {

using sample::must;

class FormerStore : public ::testing::TestWithParam<int> {};

TEST_P(FormerStore, IsVerifiedWithoutADifference) {
    const sample::TemporaryFolder folder;
    const std::filesystem::path file = folder.path() / "backend.sqlite";
    std::ifstream in(HAILONG_SOURCE_DIR "/tests/sync/backend/store/schema_" + std::to_string(GetParam()) + ".sql",
                     std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &database), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(database, text.str().c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
    const auto store = must(open_sqlite_store(file, OpenMode::existing));
    const auto snapshot = must(store->read());
    const VerifyReport report = must(verify(*snapshot, must(load_reference(*snapshot))));
    EXPECT_EQ(report.differences, std::vector<std::string>{});
    EXPECT_EQ(report.records, 24);
}

INSTANTIATE_TEST_SUITE_P(Schemas, FormerStore, ::testing::Values(2, 3));

/// Three records without evidence, the first by a clock far ahead, counted as a program of schema 7 did: none before
/// the one before it.
class StoreOfSchema7 : public ::testing::Test {
  protected:
    StoreOfSchema7() {
        sample::Journal journal("K1");
        for (const int hours_ahead : {1'000, -1, -2, -3}) {
            survey::Response response = sample::visit(static_cast<std::uint64_t>(hours_ahead + 10), "5",
                                                      sample::noon() + std::chrono::hours(hours_ahead));
            response.server_offset.reset();
            journal.add(response);
        }
        {
            const auto store = must(open_sqlite_store(file(), OpenMode::create));
            sample::fill(*store, {"K1"});
            take(*store, journal.batch(1, 3));
        }
        const std::string noon = std::to_string(sample::noon().time_since_epoch().count());
        execute(
            "CREATE TABLE kept AS SELECT sql FROM sqlite_schema WHERE name = 'records_keep';"
            "DROP TRIGGER records_keep; UPDATE records SET counted_ms = " +
            noon + ";");
        execute(text("SELECT sql FROM kept") +
                "; DROP TABLE kept; DROP TABLE commits; PRAGMA user_version = 7; DELETE FROM facts WHERE "
                "name = 'doubtful_bound'; UPDATE terminals SET counted_seq = 3, counted_ms = " +
                noon);
        next_ = journal.batch(4, 4);
    }
    std::filesystem::path file() const { return folder_.path() / "backend.sqlite"; }

    static void take(Store& store, Batch batch) {
        auto transaction = must(store.write());
        const Reference reference = must(load_reference(*transaction));
        const Terminal terminal = *must(transaction->terminals().terminal({"K1"}));
        PreparedBatch prepared = prepare(std::move(batch), terminal, reference, sample::noon());
        CenterSheets sheets;
        ASSERT_TRUE(must(ingest(prepared, terminal, reference, *transaction, sheets)));
        must(write_tallies(sheets, *transaction));
        must(transaction->commit());
    }
    static std::vector<std::string> differences(Store& store) {
        const auto snapshot = must(store.read());
        return must(verify(*snapshot)).differences;
    }
    void execute(const std::string& sql) const {
        sqlite3* database = nullptr;
        ASSERT_EQ(sqlite3_open(file().c_str(), &database), SQLITE_OK);
        EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
            << sqlite3_errmsg(database);
        sqlite3_close(database);
    }
    std::string text(const std::string& sql) const {
        sqlite3* database = nullptr;
        sqlite3_open(file().c_str(), &database);
        std::string result;
        sqlite3_exec(
            database, sql.c_str(),
            [](void* to, int, char** values, char**) {
                *static_cast<std::string*>(to) = values[0];
                return 0;
            },
            &result, nullptr);
        sqlite3_close(database);
        return result;
    }

    const sample::TemporaryFolder folder_;
    Batch next_;
};

TEST_F(StoreOfSchema7, StandsByWhatADoubtfulTimeBoundThenAndBindsNothingByItFromNowOn) {
    const auto store = must(open_sqlite_store(file(), OpenMode::existing));
    EXPECT_FALSE(must(must(store->read())->terminals().terminal({"K1"}))->last_counted);
    EXPECT_EQ(differences(*store), std::vector<std::string>{});
    take(*store, next_);
    EXPECT_EQ(sample::record(*store, {"K1"}, 4).counted_at, sample::noon() - std::chrono::hours(3));
    EXPECT_EQ(differences(*store), std::vector<std::string>{});
}

TEST_F(StoreOfSchema7, TakesNothingElseForSuchATime) {
    must(open_sqlite_store(file(), OpenMode::existing)).reset();
    execute(
        "DROP TRIGGER records_keep; UPDATE records SET counted_ms = counted_ms - 1 WHERE place % 1099511627776 = 3");
    const auto store = must(open_sqlite_store(file(), OpenMode::existing));
    EXPECT_NE(differences(*store), std::vector<std::string>{});
}

}  // namespace
}  // namespace hailong::sync
