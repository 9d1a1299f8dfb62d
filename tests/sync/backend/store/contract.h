// What every implementation of the backend's store must do. store_contract_test.cpp runs it over each of them: another
// store joins by a line in stores_under_test().
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sync/backend/store/store.h"
#include "tests/sync/backend/sample.h"

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
    sample::TemporaryFolder folder_;
    std::unique_ptr<Store> store_;
};

inline std::vector<StoreUnderTest> stores_under_test() {
    return {{"Sqlite", [] { return std::make_unique<SqliteHost>(); }}};
}

}  // namespace hailong::sync::contract
