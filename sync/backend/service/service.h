// The whole service put together: store, writer, routes, HTTP server.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "survey/base/expected.h"
#include "survey/base/time.h"
#include "sync/backend/http/server.h"
#include "sync/backend/service/retention.h"

namespace hailong::sync {

/// Of this program; also on /healthz.
inline constexpr const char* kBackendVersion = "0.1.0";

/// The store's file within the data folder.
inline constexpr const char* kStoreFile = "backend.sqlite";

struct ServiceSettings {
    std::filesystem::path data;
    std::filesystem::path assets;
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;  // 0: the kernel picks
    int threads = 2;            // that talk to clients; the writer has its own
    HttpLimits limits;
    std::chrono::days keep_texts{kKeepTextsDays};  // older ones are erased while the service runs
    std::function<void(const std::string&)> log = [](const std::string&) {};  // called from several threads
};

class Service {
  public:
    /// Opens the store, reads keys, assets and documents, and listens. `clock` outlives it. The error is a sentence
    /// with the remedy.
    [[nodiscard]] static Expected<std::unique_ptr<Service>, std::string> start(const ServiceSettings& settings,
                                                                               const survey::Clock& clock);
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;
    ~Service();

    [[nodiscard]] std::uint16_t port() const;
    /// Serves until stop(); every batch that was taken in is committed and answered when it returns.
    void run();
    /// From any thread.
    void stop();

  private:
    struct State;
    explicit Service(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace hailong::sync
