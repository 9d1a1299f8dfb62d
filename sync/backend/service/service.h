// The whole service put together: store, writer, pools, request handler, HTTP server.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "survey/base/expected.h"
#include "survey/base/time.h"
#include "sync/backend/cli/running_service.h"

namespace hailong::sync {

/// Threads for exports: slow work takes one core at most.
inline constexpr std::size_t kExportThreads = 1;

// Requests that wait for a thread, at most; beyond it they are told to come again. A page is made in a few
// milliseconds, so that the last of them waits a second.
inline constexpr std::size_t kPagesWaitingMax = 256;
inline constexpr std::size_t kExportsWaitingMax = 32;
/// As many as connections: a terminal that got one is never refused for want of a thread.
inline constexpr std::size_t kTerminalsWaitingMax = 1'000;

class Service final : public RunningService {
  public:
    /// Opens the store, reads keys, assets and documents, and listens; see StartService.
    [[nodiscard]] static Expected<std::unique_ptr<RunningService>, std::string> start(const ServiceSettings& settings,
                                                                                      const survey::Clock& clock);
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;
    ~Service() override;

    [[nodiscard]] std::uint16_t port() const override;
    void run() override;
    void stop() override;

  private:
    struct State;
    explicit Service(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace hailong::sync
