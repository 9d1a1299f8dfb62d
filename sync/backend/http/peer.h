// Whether the other end of a connection is still there, to be asked from any thread while its request waits for its
// turn.
#pragma once

#include <mutex>

namespace hailong::sync {

/// Safe to use from any thread.
class Peer {
  public:
    /// `socket` is a connected one.
    explicit Peer(int socket) : socket_(socket) {}
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    /// True when it closed its end, or was left. Costs one call of the system.
    [[nodiscard]] bool is_gone() const;
    /// From now on it is gone. To be called before the socket is closed: its number may be another's afterwards.
    void leave();

  private:
    mutable std::mutex mutex_;
    int socket_;
};

}  // namespace hailong::sync
