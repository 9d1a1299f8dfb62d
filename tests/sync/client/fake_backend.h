// The other end of the protocol in memory, by the rules of PROTOCOL.md: what the client's tests send to. Judges frames
// and chains; what stands in a record it does not look at.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "survey/digest.h"
#include "survey/time.h"
#include "sync/client/transport.h"
#include "sync/protocol/batch.h"
#include "sync/protocol/compression.h"
#include "sync/protocol/endpoints.h"
#include "sync/protocol/reply.h"

namespace hailong::test {

class FakeClock final : public survey::Clock {
  public:
    [[nodiscard]] survey::UtcTime now() const override { return utc; }
    [[nodiscard]] survey::MonoTime monotonic() const override { return mono; }
    void advance(survey::milliseconds time) {
        utc += time;
        mono += time;
    }
    survey::UtcTime utc{survey::milliseconds{1'795'309'200'000}};
    survey::MonoTime mono{survey::milliseconds{60'000}};
};

class FakeBackend {
  public:
    struct Held {
        std::string bytes;
        survey::Digest hash;
        bool operator==(const Held&) const = default;
    };

    std::string kiosk = "k-01";
    std::string token = "secret-token";
    std::vector<Held> held;
    std::string inbox_body = R"({"documents":[]})";
    std::string inbox_etag = "\"1\"";
    survey::UtcTime now{survey::milliseconds{1'795'309'260'000}};
    std::vector<sync::SetAside> set_aside;  // what the next receipts list
    int batches = 0;                        // requests that reached it
    int incidents = 0;

    [[nodiscard]] sync::HttpReply answer(const sync::Request& request) {
        if (header(request, "Authorization") != "Bearer " + token) return refuse(sync::ProblemKind::unauthorized);
        if (request.method == "GET" && request.path == sync::inbox_path({kiosk})) return give_inbox(request);
        if (request.method == "POST" && request.path == sync::batches_path({kiosk})) {
            batches += 1;
            return take_batch(request);
        }
        return {404, "", "text/plain", "not found", 0};
    }

    [[nodiscard]] static std::string header(const sync::Request& request, const std::string& name) {
        for (const std::string& line : request.headers) {
            if (line.rfind(name + ": ", 0) == 0) return line.substr(name.size() + 2);
        }
        return {};
    }

    [[nodiscard]] static sync::HttpReply refuse(sync::ProblemKind kind, const std::string& detail = {},
                                                std::optional<std::int64_t> wanted_seq = std::nullopt,
                                                std::optional<std::int64_t> seq = std::nullopt) {
        return refuse_with({kind, detail, wanted_seq, seq});
    }
    [[nodiscard]] static sync::HttpReply refuse_with(const sync::Problem& problem) {
        return {http_status(problem.kind), "", "application/json", encode(problem), 0};
    }

  private:
    [[nodiscard]] survey::Digest hash_at(std::int64_t seq) const {
        return seq == 0 ? survey::kChainStart : held.at(static_cast<std::size_t>(seq - 1)).hash;
    }

    sync::HttpReply altered(std::int64_t seq) {
        incidents += 1;
        return refuse(sync::ProblemKind::altered, "other bytes", std::nullopt, seq);
    }

    sync::HttpReply take_batch(const sync::Request& request) {
        const auto encoding = sync::parse_encoding(header(request, "Content-Encoding"));
        if (!encoding) return refuse(sync::ProblemKind::unsupported, encoding.error());
        const auto body = sync::decompress(request.body, *encoding, sync::kBatchBytesMax);
        if (!body) return refuse(sync::ProblemKind::malformed, body.error());
        const auto batch = sync::decode_batch(*body);
        if (!batch) return refuse_with(sync::problem_of(batch.error()));
        const sync::BatchHeader& head = batch->header;
        if (head.kiosk.text != kiosk) return refuse(sync::ProblemKind::forbidden, "another terminal");
        const auto count = static_cast<std::int64_t>(held.size());
        if (head.first_seq > count + 1) {
            return refuse(sync::ProblemKind::gap, "records are missing", count + 1, std::nullopt);
        }
        if (hash_at(head.first_seq - 1) != head.previous_hash) return altered(head.first_seq - 1);
        std::vector<Held> sent;
        survey::Digest value = head.previous_hash;
        for (const std::string& record : batch->records) {
            value = survey::chain(value, record);
            sent.push_back({record, value});
        }
        if (value != head.last_hash) return refuse(sync::ProblemKind::chain_mismatch, "damaged");
        sync::Receipt receipt;
        for (std::size_t i = 0; i < sent.size(); ++i) {
            const std::int64_t seq = head.first_seq + static_cast<std::int64_t>(i);
            if (seq > count) continue;
            if (hash_at(seq) != sent[i].hash) return altered(seq);
            receipt.duplicates += 1;
        }
        for (std::size_t i = static_cast<std::size_t>(receipt.duplicates); i < sent.size(); ++i) {
            held.push_back(sent[i]);
            receipt.accepted += 1;
        }
        receipt.kiosk = {kiosk};
        receipt.last_seq = static_cast<std::int64_t>(held.size());
        receipt.last_hash = held.back().hash;
        receipt.received = now;
        receipt.set_aside = set_aside;
        return {200, "", "application/json", encode(receipt), 0};
    }

    sync::HttpReply give_inbox(const sync::Request& request) const {
        if (header(request, "If-None-Match") == inbox_etag) return {304, inbox_etag, "", "", 0};
        return {200, inbox_etag, "application/json", inbox_body, 0};
    }
};

/// What the network does to one request.
enum class Weather {
    clear,
    request_lost,
    answer_lost,      // the backend took it, the terminal does not hear of it
    answer_cut,       // status 200 with half a body
    request_damaged,  // a byte is changed on the way
    portal,           // a login page answers
    overloaded,       // 503 with Retry-After
    again,            // it arrives twice; the second answer is the one heard
    stale             // an older request arrives once more just before it
};

/// Clear unless the test says otherwise.
class FakeNetwork final : public sync::Transport {
  public:
    explicit FakeNetwork(FakeBackend& backend) : backend_(backend) {}

    std::vector<Weather> forecast;            // for the next requests, first to last
    std::optional<sync::HttpReply> instead;   // answers every request, when set
    std::vector<sync::Request> requests;  // all that were sent
    std::size_t damage_at = 40;

    [[nodiscard]] Expected<sync::HttpReply, sync::TransportError> send(const sync::Request& request) override {
        requests.push_back(request);
        if (instead) return *instead;
        Weather weather = Weather::clear;
        if (!forecast.empty()) {
            weather = forecast.front();
            forecast.erase(forecast.begin());
        }
        switch (weather) {
            case Weather::clear:
                break;
            case Weather::request_lost:
                return unexpected(sync::TransportError{"no way to the backend"});
            case Weather::answer_lost:
                (void)backend_.answer(request);
                return unexpected(sync::TransportError{"the connection was cut"});
            case Weather::answer_cut: {
                sync::HttpReply reply = backend_.answer(request);
                reply.body.resize(reply.body.size() / 2);
                return reply;
            }
            case Weather::request_damaged: {
                sync::Request damaged = request;
                if (!damaged.body.empty()) damaged.body[damage_at % damaged.body.size()] ^= 0x10;
                return backend_.answer(damaged);
            }
            case Weather::portal:
                return sync::HttpReply{200, "", "text/html", "<html><body>Đăng nhập Wi-Fi</body></html>", 0};
            case Weather::overloaded: {
                sync::HttpReply reply = FakeBackend::refuse(sync::ProblemKind::overloaded, "later");
                reply.retry_after_s = 7;
                return reply;
            }
            case Weather::again:
                (void)backend_.answer(request);
                break;
            case Weather::stale:
                if (requests.size() > 1) (void)backend_.answer(requests[requests.size() / 2 - 1]);
                break;
        }
        return backend_.answer(request);
    }

  private:
    FakeBackend& backend_;
};

}  // namespace hailong::test
