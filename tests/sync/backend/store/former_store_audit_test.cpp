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

}  // namespace
}  // namespace hailong::sync
