#include "sync/backend/service/service.h"

#include <utility>

#include "sync/backend/service/routes.h"
#include "sync/backend/store/sqlite/store.h"

namespace hailong::sync {

/// In the order of who stands on whom: destroyed from the last to the first.
struct Service::State {
    State(std::unique_ptr<Store> opened, Pages loaded, const ServiceKeys& own_keys, const survey::Clock& clock,
          const ServiceSettings& settings)
        : store(std::move(opened)),
          pages(std::move(loaded)),
          keys(own_keys),
          inboxes(references),
          writer(std::make_unique<Writer>(*store, references, clock, metrics, settings.log)),
          routes({*store, references, inboxes, *writer, metrics, pages, clock, keys, wrong_codes, settings.log,
                  kBackendVersion}),
          threads(settings.threads) {}

    std::unique_ptr<Store> store;
    Pages pages;
    const ServiceKeys keys;
    WrongCodes wrong_codes;
    ReferenceCache references;
    InboxCache inboxes;
    Metrics metrics;
    std::unique_ptr<Writer> writer;
    Routes routes;
    std::unique_ptr<HttpServer> server;
    std::unique_ptr<TextRetention> retention;
    const int threads;
};

Expected<std::unique_ptr<Service>, std::string> Service::start(const ServiceSettings& settings,
                                                               const survey::Clock& clock) {
    auto pages = Pages::load(settings.assets);
    if (!pages) return unexpected(pages.error());
    auto store = open_sqlite_store(settings.data / kStoreFile, OpenMode::existing);
    if (!store) return unexpected(store.error().what + "; " + store.error().remedy);
    const auto keys = load_keys(settings.data);
    if (!keys) return unexpected(keys.error());
    auto state = std::make_unique<State>(std::move(*store), std::move(*pages), *keys, clock, settings);
    {
        const auto reader = state->store->read();
        if (!reader) return unexpected(reader.error().what + "; " + reader.error().remedy);
        const auto reference = state->references.current((*reader)->documents());
        if (!reference) return unexpected(reference.error().what + "; " + reference.error().remedy);
    }
    Routes& routes = state->routes;
    auto server = HttpServer::listen(
        settings.address, settings.port,
        [&routes](HttpRequest request, Responder respond) { routes.handle(std::move(request), std::move(respond)); },
        &Routes::refusal, settings.limits);
    if (!server) return unexpected(server.error());
    state->server = std::move(*server);
    state->retention = std::make_unique<TextRetention>(*state->writer, clock, settings.keep_texts, settings.log);
    return std::unique_ptr<Service>(new Service(std::move(state)));
}

Service::Service(std::unique_ptr<State> state) : state_(std::move(state)) {}
Service::~Service() = default;
std::uint16_t Service::port() const {
    return state_->server->port();
}
void Service::run() {
    state_->server->run(state_->threads);
}
void Service::stop() {
    state_->server->stop();
}

}  // namespace hailong::sync
