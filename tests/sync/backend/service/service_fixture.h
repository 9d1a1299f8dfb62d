// Every address of the backend over a real store, without sockets and without threads but the writer's.
#pragma once

#include <future>

#include <gtest/gtest.h>

#include "sync/backend/service/request_handler.h"
#include "sync/backend/service/writer.h"
#include "tests/sync/backend/comments/sample_texts.h"
#include "tests/sync/backend/fixed_clock.h"
#include "tests/sync/backend/sample.h"

namespace hailong::sync::sample {

inline const Pages& pages() {
    static const Pages loaded = [] {
        auto result = Pages::load(std::filesystem::path(HAILONG_SOURCE_DIR) / "assets");
        if (!result) survey::check(false, result.error().c_str());
        return std::move(*result);
    }();
    return loaded;
}

/// The same each time, so that what is signed is, too.
inline ServiceKeys keys() {
    ServiceKeys keys;
    keys.sign.bytes.fill(1);
    keys.transport.bytes.fill(2);
    keys.text = survey::public_half(text_key());
    return keys;
}

/// In place of the pools.
inline bool run_at_once(Lane, const std::function<void()>& job) {
    job();
    return true;
}

struct RouteHost {
    explicit RouteHost(const std::vector<std::string>& kiosks = {"K1", "K2"}) : backend(kiosks) {}

    HttpResponse send(HttpRequest request) {
        std::promise<HttpResponse> answered;
        handler.handle(std::move(request),
                       Responder([&](HttpResponse response) { answered.set_value(std::move(response)); }));
        return answered.get_future().get();
    }
    HttpResponse get(const std::string& target, std::vector<std::pair<std::string, std::string>> headers = {}) {
        return send({"GET", target, std::move(headers), {}});
    }
    HttpResponse post_batch(const Batch& batch, const std::string& token = "token-K1", const std::string& path = "K1") {
        return send({"POST",
                     "/v1/terminals/" + path + "/batches",
                     {{"authorization", "Bearer " + token}},
                     encode_batch(batch.header, batch.records, batch.texts, sign_key(batch.header.kiosk.text))});
    }

    Backend backend;
    FixedClock clock;
    ServiceKeys keys = sample::keys();
    WrongCodes wrong_codes;
    KeptStatuses statuses{clock};
    ReferenceCache references;
    InboxCache inboxes{references};
    Metrics metrics;
    std::vector<std::string> logged;
    Writer writer{*backend.store, references, clock, metrics, [](const std::string&) {}};
    RequestHandler handler{{*backend.store, references, inboxes, writer, metrics, pages(), clock, keys, wrong_codes,
                            statuses, [this](const std::string& line) { logged.push_back(line); }, "9.9.9"},
                           run_at_once};
};

}  // namespace hailong::sync::sample
