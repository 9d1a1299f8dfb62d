// What `serve` knows of the service that it starts and stops; the service itself stands above the commands.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "survey/base/expected.h"
#include "survey/base/time.h"
#include "sync/backend/comments/sealed_texts.h"

namespace hailong::sync {

struct ServiceSettings {
    std::filesystem::path data;
    std::filesystem::path assets;
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;                     // 0: the kernel picks
    std::size_t threads = 2;                       // that answer pages, and as many that take batches
    std::chrono::days keep_texts{kKeepTextsDays};  // older ones are erased while the service runs
    std::function<void(const std::string&)> log = [](const std::string&) {};   // called from several threads
    std::function<void(const std::string&)> tell = [](const std::string&) {};  // as `log`, of what is no trouble
    std::vector<std::string> trusted_proxies;                                  // IP addresses, beside this machine
};

class RunningService {
  public:
    virtual ~RunningService() = default;
    [[nodiscard]] virtual std::uint16_t port() const = 0;
    /// Serves until stop(); every batch that was taken in is committed and answered when it returns.
    virtual void run() = 0;
    /// From any thread.
    virtual void stop() = 0;
};

/// Starts listening. The clock outlives the service. The error is a sentence with the remedy.
using StartService =
    std::function<Expected<std::unique_ptr<RunningService>, std::string>(const ServiceSettings&, const survey::Clock&)>;

}  // namespace hailong::sync
