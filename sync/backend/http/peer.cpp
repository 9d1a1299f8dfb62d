#include "sync/backend/http/peer.h"

#include <poll.h>

namespace hailong::sync {

bool Peer::is_gone() const {
    const std::lock_guard lock(mutex_);
    if (socket_ < 0) return true;
    // Also where something that it sent before it left was not read.
    pollfd asked{socket_, POLLRDHUP, 0};
    return poll(&asked, 1, 0) > 0 && (asked.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

void Peer::leave() {
    const std::lock_guard lock(mutex_);
    socket_ = -1;
}

}  // namespace hailong::sync
