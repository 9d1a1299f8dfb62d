#include "sync/backend/service/service.h"

#include <utility>

#include "sync/backend/cli/command_support.h"
#include "sync/backend/cli/erasure_list.h"
#include "sync/backend/cli/saved_stores.h"
#include "sync/backend/cli/version.h"
#include "sync/backend/http/server.h"
#include "sync/backend/service/asset_watch.h"
#include "sync/backend/service/daily_release.h"
#include "sync/backend/service/pool.h"
#include "sync/backend/service/request_handler.h"
#include "sync/backend/service/retention.h"
#include "sync/backend/service/text_trial.h"
#include "sync/backend/service/writer.h"
#include "sync/backend/store/data_folder.h"
#include "sync/backend/store/sqlite/store.h"
#include "sync/backend/store/until_not_busy.h"
#include "sync/backend/store/with_transaction.h"

namespace hailong::sync {

/// In the order of who stands on whom: destroyed from the last to the first, so that what the pools still do finds
/// handler and writer, and what the writer still answers finds metrics and keys.
struct Service::State {
    State(std::unique_ptr<Store> opened, Pages loaded, const ServiceKeys& own_keys, const survey::Clock& clock,
          const ServiceSettings& settings)
        : store(std::move(opened)),
          pages(std::move(loaded)),
          keys(own_keys),
          inboxes(references),
          statuses(clock),
          writer(*store, references, clock, metrics, settings.log),
          handler({*store, references, inboxes, writer, metrics, pages, clock, keys, wrong_codes, statuses,
                   settings.log, backend_version(), settings.tell},
                  [this](Lane lane, std::function<void()> job) { return pool(lane).run(std::move(job)); }),
          page_pool(settings.threads, kPagesWaitingMax, Turn::behind_batches),
          export_pool(kExportThreads, kExportsWaitingMax, Turn::last),
          large_pool(1, kTerminalsWaitingMax, Turn::behind_batches),
          terminal_pool(settings.threads, kTerminalsWaitingMax, Turn::behind_writer) {}

    WorkerPool& pool(Lane lane) {
        switch (lane) {
            case Lane::pages:
                return page_pool;
            case Lane::exports:
                return export_pool;
            case Lane::terminals:
                return terminal_pool;
            case Lane::large_batches:
                return large_pool;
        }
        return page_pool;
    }

    std::unique_ptr<Store> store;
    Pages pages;
    const ServiceKeys keys;
    WrongCodes wrong_codes;
    ReferenceCache references;
    InboxCache inboxes;
    KeptStatuses statuses;
    Metrics metrics;
    Writer writer;
    RequestHandler handler;
    WorkerPool page_pool;
    WorkerPool export_pool;
    WorkerPool large_pool;     // one thread: however many large batches come, another core is left
    WorkerPool terminal_pool;  // behind it: it hands jobs over
    std::unique_ptr<HttpServer> server;
    std::unique_ptr<TextTrial> trial;
    std::unique_ptr<TextRetention> retention;
    std::unique_ptr<DailyRelease> release;
};

namespace {

/// A store that remembers no keys yet remembers these.
Expected<ServiceKeys, std::string> load_own_keys(const std::filesystem::path& data, Store& store) {
    auto keys = Expected<ServiceKeys, std::string>(unexpected(std::string()));
    {
        const auto reader = store.read();
        if (!reader) return unexpected(describe(reader.error()));
        keys = load_keys_of_store(data, (*reader)->facts());
    }
    if (!keys) return keys;
    const auto remembered = until_not_busy([&] {
        return with_transaction(store,
                                [&](Transaction& transaction) { return remember_keys(*keys, transaction.facts()); });
    });
    if (!remembered) return unexpected(describe(remembered.error()));
    return keys;
}

}  // namespace

Expected<std::unique_ptr<RunningService>, std::string> Service::start(const ServiceSettings& settings,
                                                                      const survey::Clock& clock) {
    TrustedProxies proxies;
    for (const std::string& proxy : settings.trusted_proxies) {
        if (proxies.add(proxy)) continue;
        return unexpected(
            "--trusted-proxy: \"" + proxy + "\" is no IP address, or more than " +
            std::to_string(TrustedProxies::kMost) +
            " were named; write the address that the proxy comes from, such as 192.0.2.7. A proxy on this "
            "machine is believed without");
    }
    auto pages = Pages::load(settings.assets);
    if (!pages) return unexpected(pages.error());
    auto store = open_sqlite_store(settings.data / kStoreFile, OpenMode::existing);
    if (!store) return unexpected(describe(store.error()));
    const auto keys = load_own_keys(settings.data, **store);
    if (!keys) return unexpected(keys.error());
    const auto noted = note_assets(pages->version(), account(), clock.now(), **store);
    if (!noted) return unexpected(describe(noted.error()));
    // A list that can't be read is no reason to turn terminals away: verify names it until it can.
    if (const auto list = read_erasure_list(settings.data / kErasuresFile); !list) {
        settings.log("the list of erased texts was not looked at, and nothing was changed: " + list.error());
    } else {
        const auto erased = erase_again(*list, **store);
        if (!erased) return unexpected(describe(erased.error()));
        if (*erased > 0) {
            settings.log("erased again " + std::to_string(*erased) + " texts that " + kErasuresFile +
                         " names: this store did not know of it, as one that was put back from an older copy. They "
                         "are not taken when a terminal sends them");
        }
    }
    auto state = std::make_unique<State>(std::move(*store), std::move(*pages), *keys, clock, settings);
    {
        const auto reader = state->store->read();
        if (!reader) return unexpected(describe(reader.error()));
        const auto reference = state->references.current(**reader);
        if (!reference) return unexpected(describe(reference.error()));
        const auto beyond = saved_beyond(settings.data, **reader);
        if (!beyond) return unexpected(describe(beyond.error()));
        for (const std::string& sentence : *beyond)
            settings.log(sentence);
    }
    const RequestHandler& handler = state->handler;
    auto server = HttpServer::listen(
        settings.address, settings.port,
        {[&handler](const HttpRequest& head, const Admit& admit) { handler.admit(head, admit); },
         [&handler](HttpRequest request, Responder respond) { handler.handle(std::move(request), std::move(respond)); },
         [&handler](int status, const std::string& reason, const HttpRequest& head) {
             return handler.refusal(status, reason, head);
         },
         [&handler](HttpStrain strain) { handler.strained(strain); }},
        {}, proxies);
    if (!server) return unexpected(server.error());
    state->server = std::move(*server);
    state->trial = std::make_unique<TextTrial>(*state->store, state->writer, clock, text_key_file(settings.data),
                                               state->metrics, settings.log);
    state->retention =
        std::make_unique<TextRetention>(state->writer, clock, settings.keep_texts, settings.log, std::chrono::hours(1),
                                        [trial = state->trial.get()] { trial->look(); });
    state->release =
        std::make_unique<DailyRelease>(*state->store, state->references, state->writer, clock, settings.log);
    return std::unique_ptr<RunningService>(new Service(std::move(state)));
}

Service::Service(std::unique_ptr<State> state) : state_(std::move(state)) {}
Service::~Service() = default;
std::uint16_t Service::port() const {
    return state_->server->port();
}
void Service::run() {
    state_->server->run();
}
void Service::stop() {
    state_->server->stop();
}

}  // namespace hailong::sync
