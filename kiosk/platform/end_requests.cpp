#include "kiosk/platform/end_requests.h"

#include <csignal>
#include <utility>

#include <pthread.h>

namespace hailong::kiosk {
namespace {

sigset_t end_signals() {
    sigset_t signals{};
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGHUP);
    return signals;
}

}  // namespace

void block_end_signals() {
    const sigset_t signals = end_signals();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

EndRequests::EndRequests(std::function<void()> wake)
    : thread_([this, wake = std::move(wake)] {
          const sigset_t signals = end_signals();
          int signal = 0;
          sigwait(&signals, &signal);
          requested_ = true;
          wake();
      }) {}

EndRequests::~EndRequests() {
    // Ends the wait of sigwait: the signal is blocked in every thread, so it ends nothing else.
    pthread_kill(thread_.native_handle(), SIGTERM);  // NOLINT(bugprone-bad-signal-to-kill-thread)
    thread_.join();
}

}  // namespace hailong::kiosk
