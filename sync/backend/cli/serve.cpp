#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <thread>
#include <utility>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include "sync/backend/cli/command_support.h"
#include "sync/backend/cli/parse_count.h"
#include "sync/backend/cli/signals.h"
#include "sync/backend/cli/version.h"

namespace hailong::sync {
namespace {

namespace fs = std::filesystem;

/// Threads for pages, and as many for batches: one a core, but not more than the few that either needs.
constexpr unsigned kThreadsMax = 8;

/// Files the service may hold open: its connections, the store, and room.
constexpr rlim_t kOpenFiles = 8'192;

/// Beside the program where it is installed, above it where it was built.
std::optional<fs::path> find_assets() {
    std::error_code error;
    const fs::path program = fs::read_symlink("/proc/self/exe", error).parent_path();
    for (const fs::path& folder :
         {program / "../share/hailong/assets", program / "../../../assets", fs::path("/usr/share/hailong/assets")}) {
        if (fs::exists(folder / "web" / "results.mustache", error)) return fs::weakly_canonical(folder, error);
    }
    return std::nullopt;
}

/// Every connection is a file; the usual soft limit of 1,024 would be the first thing to give way.
void raise_open_files() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = std::max(limit.rlim_cur, std::min(limit.rlim_max, kOpenFiles));
    setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

std::optional<std::pair<std::string, std::uint16_t>> parse_listen(const std::string& text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos) return std::nullopt;
    std::string address = text.substr(0, colon);
    if (address.starts_with('[') && address.ends_with(']')) {
        address = address.substr(1, address.size() - 2);
    } else if (address.find(':') != std::string::npos) {
        return std::nullopt;
    }
    const auto port = parse_count(text.substr(colon + 1));
    if (address.empty() || !port || *port > 65'535) return std::nullopt;
    return std::pair(address, static_cast<std::uint16_t>(*port));
}

Exit serve(const ServeOptions& options, const StartService& start, const survey::Clock& clock, std::ostream& out,
           std::ostream& err) {
    if (options.keep_texts_days < 1 || options.keep_texts_days > kKeepTextsDaysMax) {
        return misused(err, "--keep-texts-days: write a whole number from 1 to " + std::to_string(kKeepTextsDaysMax));
    }
    const auto listen = parse_listen(options.listen);
    if (!listen) {
        return misused(
            err, "--listen: \"" + options.listen + "\" is no address with a port; write one such as 127.0.0.1:8080");
    }
    const std::optional<fs::path> assets = options.assets.empty() ? find_assets() : options.assets;
    if (!assets) return refuse(err, "the assets are not beside the program; name their folder with --assets");

    spdlog::logger log("backend", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    log.set_pattern(survey::kLogPattern);
    log.flush_on(spdlog::level::info);
    raise_open_files();
    const StopSignals signals;
    ServiceSettings settings;
    settings.data = options.data;
    settings.assets = *assets;
    settings.address = listen->first;
    settings.port = listen->second;
    settings.keep_texts = std::chrono::days(options.keep_texts_days);
    settings.threads = std::clamp(std::thread::hardware_concurrency(), 2u, kThreadsMax);
    settings.log = [&log](const std::string& sentence) { log.warn("{}", printable(sentence)); };
    settings.tell = [&log](const std::string& sentence) { log.info("{}", printable(sentence)); };
    settings.trusted_proxies = options.trusted_proxies;
    const auto service = start(settings, clock);
    if (!service) return refuse(err, service.error());
    std::thread server([&service] { (*service)->run(); });
    const bool is_v6 = listen->first.find(':') != std::string::npos;
    const std::string url =
        "http://" + (is_v6 ? "[" + listen->first + "]" : listen->first) + ":" + std::to_string((*service)->port());
    log.info(
        "hailong-backend {} serves {} on {}; pages from {}, texts kept for {} days, proxies trusted beside this "
        "machine: {}",
        backend_version(), options.data.string(), url, assets->string(), options.keep_texts_days,
        options.trusted_proxies.size());
    out << "listening on " << url << std::endl;
    signals.wait();
    log.info("stopping: what is being written is finished first");
    (*service)->stop();
    server.join();
    log.info("stopped");
    return Exit::done;
}

}  // namespace hailong::sync
