// hailong-sync: carries what the terminal collected to the backend, and brings back what is to come down.
#include <csignal>
#include <cstdio>
#include <optional>
#include <random>
#include <string>

#include <CLI/CLI.hpp>
#include <poll.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "kiosk/journal/inbox.h"
#include "kiosk/journal/journal.h"
#include "survey/base/check.h"
#include "survey/base/command_line.h"
#include "survey/base/host.h"
#include "sync/client/client.h"
#include "sync/client/config.h"
#include "sync/client/curl_transport.h"
#include "sync/client/enrol.h"
#include "sync/client/identity.h"
#include "sync/client/loop.h"
#include "sync/client/offline_bundle.h"

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
            spdlog::log(exchange.is_warning ? spdlog::level::warn : spdlog::level::info, "{}", exchange.what);
            break;
        case sync::Outcome::later:
            spdlog::warn("{}", exchange.what);
            break;
        case sync::Outcome::person:
            spdlog::error("{}", exchange.what);
            break;
    }
    for (const sync::Quarantined& quarantined : exchange.quarantined) {
        spdlog::warn("record {} was quarantined: {}: {}", quarantined.seq, sync::name(quarantined.reason),
                     quarantined.detail);
    }
}

OnceResult result_of(const sync::Exchange& exchange) {
    switch (exchange.outcome) {
        case sync::Outcome::idle:
        case sync::Outcome::progress:
            return OnceResult::all_delivered;
        case sync::Outcome::later:
            return OnceResult::try_again;
        case sync::Outcome::person:
            return OnceResult::person;
    }
    return OnceResult::person;
}

survey::ExitStatus exit_status_of(OnceResult result) {
    switch (result) {
        case OnceResult::all_delivered:
            return survey::ExitStatus::done;
        case OnceResult::try_again:
            return survey::ExitStatus::try_again;
        case OnceResult::person:
            return survey::ExitStatus::refused;
    }
    return survey::ExitStatus::refused;
}

/// Tells it, and gives what the program ends with.
OnceResult told(const sync::Exchange& exchange) {
    if (!exchange.what.empty()) report(exchange);
    return result_of(exchange);
}

/// The journal and the inbox in one file.
struct Store {
    kiosk::Journal journal;
    kiosk::Inbox inbox;
};
Expected<Store, sync::Exchange> open_store(const sync::Config& config) {
    auto journal = kiosk::Journal::open(config.journal, config.kiosk);
    if (!journal) return unexpected(sync::from_store(journal.error()));
    auto inbox = kiosk::Inbox::open(config.journal);
    if (!inbox) return unexpected(sync::from_store(inbox.error()));
    return Store{*std::move(journal), *std::move(inbox)};
}

/// This start of the machine; empty where the kernel does not say, so that two starts never look like one.
std::string known_boot() {
    const std::string boot = survey::boot_id();
    return boot == "unknown" ? std::string() : boot;
}

std::mt19937_64 jitter() {
    std::random_device random;
    return std::mt19937_64((static_cast<std::uint64_t>(random()) << 32u) | random());
}

sync::ClientSettings settings_of(const sync::Config& config) {
    sync::ClientSettings settings;
    settings.boot = known_boot();
    settings.retention = config.retention;
    settings.version = HAILONG_VERSION;
    settings.disk_free_bytes = [folder = config.journal.parent_path()] { return survey::free_bytes(folder); };
    return settings;
}

/// What carrying over the network needs besides the store and the identity.
class Line {
  public:
    explicit Line(const sync::Config& config)
        : transport_({config.backend, config.ca_file, config.connect_timeout, config.answer_timeout,
                      sync::kReplyBytesMax, stop_.fd()}) {
        std::signal(SIGPIPE, SIG_IGN);  // a connection that the backend closed is an error like any other
    }
    [[nodiscard]] sync::CurlTransport& transport() { return transport_; }
    [[nodiscard]] const StopSignal& stop() const { return stop_; }

  private:
    StopSignal stop_;
    sync::CurlLibrary curl_;
    sync::CurlTransport transport_;
};

OnceResult run_once(const sync::Config& config) {
    const auto identity = sync::load_identity(config.identity, config.kiosk);
    if (!identity) return told(identity.error());
    auto store = open_store(config);
    if (!store) return told(store.error());
    Line line(config);
    const survey::SystemClock clock;
    sync::Client client(store->journal, store->inbox, line.transport(), clock, *identity, settings_of(config));
    return sync::run_once(
        client, {}, jitter(),
        {[&](survey::milliseconds time) { return line.stop().pause(time); }, report, [] { return false; }});
}

/// Until the loop ends; the error: it could not begin.
Expected<sync::WatchEnd, sync::Exchange> watch_for_a_while(const sync::Config& config, Line& line) {
    const std::string mark = sync::identity_mark(config.identity);
    const auto identity = sync::load_identity(config.identity, config.kiosk);
    if (!identity) return unexpected(identity.error());
    auto store = open_store(config);
    if (!store) return unexpected(store.error());
    const survey::SystemClock clock;
    sync::Client client(store->journal, store->inbox, line.transport(), clock, *identity, settings_of(config));
    return sync::run_watch(client, clock, config.inbox_every, {}, jitter(),
                           {[&](survey::milliseconds time) { return line.stop().pause(time); }, report,
                            [&] { return sync::identity_mark(config.identity) != mark; }});
}

/// A terminal that is not enrolled yet, or whose file the kiosk is just mending, is waited for: nobody may stand there
/// to start this program again.
OnceResult run_watch(const sync::Config& config) {
    constexpr survey::milliseconds kWaitForFiles{10'000};
    Line line(config);
    spdlog::info("hailong-sync {} watches {} for {}", HAILONG_VERSION, config.journal.string(), config.backend);
    std::string last_told;
    survey::milliseconds wait{0};
    while (line.stop().pause(wait)) {
        const auto end = watch_for_a_while(config, line);
        if (end && *end == sync::WatchEnd::stopped) break;
        wait = end && *end == sync::WatchEnd::enrolled_anew ? survey::milliseconds{0} : kWaitForFiles;
        const sync::Exchange why = end ? sync::progress("opening the terminal's files anew") : end.error();
        if (why.what != last_told) report(why);
        last_told = why.what;
    }
    spdlog::info("stopped");
    return OnceResult::all_delivered;
}

struct EnrolOptions {
    std::string code;
    std::string request_file;
    std::string answer_file;
};

/// As given, or a line from standard input: scanners type like keyboards.
std::string code_of(const EnrolOptions& options) {
    if (!options.code.empty()) return options.code;
    if (isatty(STDIN_FILENO) != 0) std::fputs("The code that `hailong-backend enroll` printed: ", stderr);
    constexpr std::size_t kCodeLineMax = 256;
    std::string line;
    for (int c = std::getchar(); c != EOF && c != '\n' && line.size() < kCodeLineMax; c = std::getchar())
        line += static_cast<char>(c);
    return line;
}

OnceResult take_answer(const sync::Config& config, const std::string& file) {
    const auto text = survey::read_file(file);
    if (!text) return told(sync::person(text.error()));
    const auto enrolment = sync::decode_enrolment(*text);
    if (!enrolment) return told(sync::person(survey::describe(enrolment.error(), file)));
    auto store = open_store(config);
    if (!store) return told(store.error());
    return told(sync::take_enrolment(config.identity, config.kiosk, *enrolment, store->journal));
}

OnceResult run_enrol(const sync::Config& config, const EnrolOptions& options) {
    if (!options.answer_file.empty()) return take_answer(config, options.answer_file);
    const std::string code = code_of(options);
    if (!options.request_file.empty()) {
        const auto request = sync::request_enrolment(config.identity, config.kiosk, code);
        if (!request) return told(request.error());
        const auto written = survey::write_file(options.request_file, sync::encode(*request) + '\n');
        if (!written) return told(sync::later(written.error()));
        return told(sync::progress("take " + options.request_file +
                                   " to the backend: `hailong-backend enroll --request` makes the answer"));
    }
    auto store = open_store(config);
    if (!store) return told(store.error());
    Line line(config);
    return told(sync::enrol(config.identity, config.kiosk, code, line.transport(), store->journal));
}

template <class Use>
OnceResult with_offline_parts(const sync::Config& config, Use&& use) {
    const auto identity = sync::load_identity(config.identity, config.kiosk);
    if (!identity) return told(identity.error());
    auto store = open_store(config);
    if (!store) return told(store.error());
    const survey::SystemClock clock;
    const sync::OfflineParts parts{store->journal, clock, *identity, known_boot(), sync::wanted_file(config.identity)};
    return told(use(parts, store->inbox));
}

OnceResult run_export(const sync::Config& config, const std::string& folder) {
    return with_offline_parts(
        config, [&](const sync::OfflineParts& parts, kiosk::Inbox&) { return sync::export_bundles(parts, folder); });
}

OnceResult run_accept(const sync::Config& config, const std::string& file) {
    const auto bytes = survey::read_file(file);
    if (!bytes) return told(sync::person(bytes.error()));
    return with_offline_parts(config, [&](const sync::OfflineParts& parts, kiosk::Inbox& inbox) {
        return sync::accept_answer(parts, inbox, *bytes, config.retention);
    });
}

/// Reads the command line; what the program ends with where there is nothing to run.
std::optional<survey::ExitStatus> parse(CLI::App& app, int argc, char** argv) {
    try {
        app.parse(argc, argv);
        return std::nullopt;
    } catch (const CLI::ParseError& error) {
        const auto wrong = error.get_exit_code() == 0 ? std::nullopt : survey::sentence_of_wrong_command(app);
        if (wrong) {
            std::fprintf(stderr, "hailong-sync: %s\n", wrong->c_str());
            return survey::ExitStatus::usage;
        }
        return app.exit(error) == 0 ? survey::ExitStatus::done : survey::ExitStatus::usage;
    }
}

}  // namespace

int main(int argc, char** argv) {
    survey::keep_files_to_owner();
    CLI::App app{"Carries a terminal's responses to the backend and brings the inbox down."};
    app.require_subcommand(1);
    app.fallthrough();
    app.set_version_flag("--version", "hailong-sync " HAILONG_VERSION);
    app.footer(survey::kExitStatusHelp);
    std::string config_file;
    app.add_option("--config", config_file, "The configuration, a TOML file")->required();
    app.add_subcommand("once", "Deliver all that waits and end");
    const CLI::App* watch = app.add_subcommand("watch", "Deliver what comes until SIGINT or SIGTERM");

    CLI::App* enroll = app.add_subcommand("enroll", "Make this terminal the backend's, with a one-time code");
    EnrolOptions enrolling;
    enroll->add_option("--code", enrolling.code, "The code; without it, a line from standard input");
    CLI::Option* request =
        enroll->add_option("--request", enrolling.request_file, "Write the request there instead of sending it");
    enroll->add_option("--answer", enrolling.answer_file, "Take the backend's answer to a request from there")
        ->excludes(request);

    CLI::App* bundles =
        app.add_subcommand("export", "Write what waits as offline bundles, to be carried to the backend");
    std::string folder;
    bundles->add_option("--out", folder, "The folder for the bundles, on a USB drive for example")->required();
    CLI::App* accept = app.add_subcommand("accept", "Take the backend's answer to an offline bundle");
    std::string answer_file;
    accept->add_option("FILE", answer_file, "The answer")->required();
    survey::refuse_empty_values(app);
    if (const auto ended = parse(app, argc, argv)) return static_cast<int>(*ended);
    const auto run = [&](const sync::Config& config) {
        if (watch->parsed()) return run_watch(config);
        if (enroll->parsed()) return run_enrol(config, enrolling);
        if (bundles->parsed()) return run_export(config, folder);
        if (accept->parsed()) return run_accept(config, answer_file);
        return run_once(config);
    };
    try {
        spdlog::set_default_logger(spdlog::stderr_logger_st("sync"));
        spdlog::set_pattern(survey::kLogPattern);
        const auto config = sync::load_config(config_file);
        if (!config) {
            spdlog::error("{}", survey::describe(config.error(), config_file));
            return static_cast<int>(survey::ExitStatus::refused);
        }
        return static_cast<int>(exit_status_of(run(*config)));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "hailong-sync: %s\n", survey::sentence_of_unexpected(error).c_str());
        return static_cast<int>(survey::ExitStatus::try_again);
    }
}
