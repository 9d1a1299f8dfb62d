// hailong-sync: carries what the terminal collected to the backend, and brings back what is to come down.
#include <csignal>
#include <cstdio>
#include <random>
#include <string>

#include <CLI/CLI.hpp>
#include <poll.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "kiosk/store/inbox.h"
#include "kiosk/store/journal.h"
#include "survey/check.h"
#include "survey/host/host.h"
#include "sync/client/client.h"
#include "sync/client/config.h"
#include "sync/client/curl_transport.h"
#include "sync/client/loop.h"

namespace {

using namespace hailong;
using sync::OnceResult;

/// SIGINT and SIGTERM as something to wait for: readable for good once one of them came. Made before any thread.
class StopSignal {
  public:
    StopSignal() {
        sigset_t signals;
        sigemptyset(&signals);
        sigaddset(&signals, SIGINT);
        sigaddset(&signals, SIGTERM);
        survey::check(sigprocmask(SIG_BLOCK, &signals, nullptr) == 0, "signals can be blocked");
        fd_ = signalfd(-1, &signals, SFD_CLOEXEC);
        survey::check(fd_ >= 0, "signals can be read");
    }
    ~StopSignal() { close(fd_); }
    StopSignal(const StopSignal&) = delete;
    StopSignal& operator=(const StopSignal&) = delete;
    [[nodiscard]] int fd() const { return fd_; }

    /// Waits; false at once when a signal is there or comes meanwhile.
    [[nodiscard]] bool pause(survey::milliseconds time) const {
        constexpr survey::milliseconds kLongest{60'000};  // poll counts in int
        for (;; time -= kLongest) {
            pollfd wanted{fd_, POLLIN, 0};
            if (poll(&wanted, 1, static_cast<int>(std::min(time, kLongest).count())) != 0) return false;
            if (time <= kLongest) return true;
        }
    }

  private:
    int fd_ = -1;
};

void report(const sync::Exchange& exchange) {
    switch (exchange.outcome) {
        case sync::Outcome::idle:
        case sync::Outcome::progress:
            spdlog::info("{}", exchange.what);
            break;
        case sync::Outcome::later:
            spdlog::warn("{}", exchange.what);
            break;
        case sync::Outcome::person:
            spdlog::error("{}", exchange.what);
            break;
    }
    for (const sync::SetAside& aside : exchange.set_aside) {
        spdlog::warn("record {} was set aside: {}: {}", aside.seq, aside.reason, aside.detail);
    }
}

OnceResult fail(const kiosk::StoreError& error) {
    spdlog::error("{}", kiosk::describe(error));
    const bool passes = error.kind == kiosk::StoreErrorKind::busy || error.kind == kiosk::StoreErrorKind::full ||
                        error.kind == kiosk::StoreErrorKind::io;
    return passes ? OnceResult::try_again : OnceResult::person;
}

OnceResult run(const std::string& config_file, bool watch) {
    const auto config = sync::load_config(config_file);
    if (!config) {
        spdlog::error("{}", survey::describe(config.error(), config_file));
        return OnceResult::person;
    }
    auto journal = kiosk::Journal::open(config->journal, config->kiosk);
    if (!journal) return fail(journal.error());
    auto inbox = kiosk::Inbox::open(config->journal);
    if (!inbox) return fail(inbox.error());

    const StopSignal stop;
    std::signal(SIGPIPE, SIG_IGN);  // a connection that the backend closed is an error like any other
    const sync::CurlLibrary curl;
    sync::CurlTransport transport({config->backend, config->ca_file, config->connect_timeout, config->answer_timeout,
                                   sync::kReplyBytesMax, stop.fd()});
    const survey::SystemClock clock;
    sync::Client client(*journal, *inbox, transport, clock,
                        {config->kiosk, config->token, sync::Encoding::zstd, sync::kBatchRecordsMax});
    const sync::Outside outside{[&](survey::milliseconds time) { return stop.pause(time); }, report};
    std::random_device random;
    std::mt19937_64 generator((static_cast<std::uint64_t>(random()) << 32u) | random());
    if (!watch) return run_once(client, {}, generator, outside);
    spdlog::info("watching {} for {}", config->journal.string(), config->backend);
    run_watch(client, clock, config->inbox_every, {}, generator, outside);
    spdlog::info("stopped");
    return OnceResult::all_delivered;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Carries a terminal's responses to the backend and brings the inbox down."};
    app.require_subcommand(1);
    app.fallthrough();
    std::string config_file;
    app.add_option("--config", config_file, "The configuration, a TOML file")->required();
    app.add_subcommand("once",
                       "Deliver all that waits and end: 0 all delivered, 1 not all, try again, 2 a person is needed");
    const CLI::App* watch = app.add_subcommand("watch", "Deliver what comes until SIGINT or SIGTERM");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : static_cast<int>(OnceResult::person);
    }
    try {
        spdlog::set_default_logger(spdlog::stderr_logger_st("sync"));
        spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
        return static_cast<int>(run(config_file, watch->parsed()));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "hailong-sync: %s\n", error.what());
        return static_cast<int>(OnceResult::try_again);
    }
}
