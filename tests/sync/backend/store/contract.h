// What every implementation of the backend's store must do: contract_test.cpp runs over each of them. Another store
// joins by a line in stores_under_test().
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sync/backend/store/sqlite/store.h"
#include "tests/support/temporary_folder.h"
#include "tests/sync/backend/must.h"
#include "tests/sync/backend/store/memory_store.h"

namespace hailong::sync::contract {

/// An empty store and whatever it stands on. reopen() is what a restart of the program sees.
class StoreHost {
  public:
    virtual ~StoreHost() = default;
    virtual Store& store() = 0;
    virtual void reopen() = 0;
};

struct StoreUnderTest {
    std::string name;
    std::function<std::unique_ptr<StoreHost>()> make;
};

class SqliteHost final : public StoreHost {
  public:
    SqliteHost() { reopen(); }
    Store& store() override { return *store_; }
    void reopen() override {
        store_.reset();
        store_ = sample::must(open_sqlite_store(folder_.path() / "backend.sqlite", OpenMode::create));
    }

  private:
    tests::TemporaryFolder folder_;
    std::unique_ptr<Store> store_;
};

class MemoryHost final : public StoreHost {
  public:
    Store& store() override { return *store_; }
    void reopen() override {}  // its restart is the test's end

  private:
    std::unique_ptr<Store> store_ = sample::make_memory_store();
};

inline std::vector<StoreUnderTest> stores_under_test() {
    return {{"Sqlite", [] { return std::make_unique<SqliteHost>(); }},
            {"Memory", [] { return std::make_unique<MemoryHost>(); }}};
}

}  // namespace hailong::sync::contract
