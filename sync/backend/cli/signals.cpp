#include "sync/backend/cli/signals.h"

#include <pthread.h>

namespace hailong::sync {

StopSignals::StopSignals() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
}

void StopSignals::wait() const {
    int signal = 0;
    sigwait(&signals_, &signal);
}

}  // namespace hailong::sync
