// The shipped backend with a fresh store, started for a measurement and watched from outside.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "survey/crypto/keys.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace hailong::bench {

/// A terminal that the backend knows.
struct Enrolled {
    std::string kiosk;
    survey::SignSecretKey key;
    std::string token;
};

/// What the backend's process has used so far.
struct Usage {
    double cpu_s = 0;            // user and system
    double resident_max_mb = 0;  // the most that ever lay in memory at once
};

class LoadBackend {
  public:
    /// Makes the sample center's store, enrols `terminals` terminals and serves on a free port of this machine.
    /// `bin`: the folder of the programs. Throws with a sentence when that fails.
    LoadBackend(std::string bin, int terminals);

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] const std::vector<Enrolled>& terminals() const { return terminals_; }

    [[nodiscard]] Usage usage() const;
    /// Bytes of the store's write-ahead log, and of the store without it.
    [[nodiscard]] std::uintmax_t log_bytes() const;
    [[nodiscard]] std::uintmax_t store_bytes() const;

    /// Ends the service; what stood in the log is in the store afterwards.
    void stop();
    /// Recounts everything; throws with what was found when something differs. REQUIRES: stopped.
    void verify() const;

  private:
    [[nodiscard]] std::string data() const { return (folder_ / "data").string(); }
    void serve();
    void enrol_over_http(const std::vector<std::string>& codes);

    std::string program_;
    tests::TemporaryFolder folder_;
    std::vector<Enrolled> terminals_;
    std::unique_ptr<tests::Process> process_;
    std::uint16_t port_ = 0;
};

}  // namespace hailong::bench
