// A disk that fails as asked, for shipped programs (preload/bad_disk.cpp): bad sectors, refused writes and syncs, and
// power that goes in the middle of a write.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "tests/e2e/product.h"
#include "tests/faults/preload/plan.h"

namespace hailong::tests {

class BadDisk {
  public:
    /// `folder` lies on it.
    explicit BadDisk(const std::filesystem::path& folder);
    ~BadDisk();
    BadDisk(const BadDisk&) = delete;
    BadDisk& operator=(const BadDisk&) = delete;

    /// What a program is started with that is to work on it.
    [[nodiscard]] Process::Environment environment() const;

    // Also under programs that run already; each replaces the one before.
    void make_unreadable(const std::filesystem::path& file, std::int64_t from, std::int64_t bytes);
    void refuse_writes(int error) { plan_->write_error = error; }
    void refuse_syncs(int error) { plan_->sync_error = error; }
    void mend();
    /// At that write of the next program, which ends with it. It belongs to a start of the machine of its own.
    void cut_power_at(std::int64_t write, std::uint64_t chance);
    [[nodiscard]] std::int64_t writes() const { return plan_->writes; }
    [[nodiscard]] std::int64_t refused() const { return plan_->refused; }

  private:
    void start_machine_anew();

    TemporaryFolder outside_;
    DiskPlan* plan_ = nullptr;
    int starts_ = 0;
};

}  // namespace hailong::tests
