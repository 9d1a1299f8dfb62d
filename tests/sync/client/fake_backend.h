// The other end of the protocol in memory, by the rules of PROTOCOL.md: what the client's tests send to. Checks frames,
// signatures and chains; what stands in a record it does not look at. It can be told to lie.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "survey/base/check.h"
#include "survey/base/time.h"
#include "survey/chain.h"
#include "survey/crypto/digest.h"
#include "survey/crypto/keys.h"
#include "sync/client/identity.h"
#include "sync/client/transport.h"
#include "sync/protocol/batch.h"
#include "sync/protocol/bundle.h"
#include "sync/protocol/compression.h"
#include "sync/protocol/endpoints.h"
#include "sync/protocol/enrolment.h"
#include "sync/protocol/inbox.h"
#include "sync/protocol/reply.h"

namespace hailong::test {

class FakeBackend {
  public:
    struct Stored {
        std::string bytes;
        survey::Digest hash;
        bool operator==(const Stored&) const = default;
    };

    std::string kiosk = "k-01";
    std::string token = "secret-token";
    survey::SignSecretKey sign_key = key_of<survey::SignSecretKey>(1);
    survey::BoxSecretKey transport_key = key_of<survey::BoxSecretKey>(2);
    survey::BoxSecretKey text_key = key_of<survey::BoxSecretKey>(3);
    survey::SignSecretKey terminal_key = key_of<survey::SignSecretKey>(4);  // the terminal's, until it enrols anew
    survey::SignPublicKey terminal = public_half(terminal_key);             // what the backend knows of it
    std::string code = "K7QM2XRT9FAB";                                      // the one that enrols

    std::map<std::int64_t, Stored> stored;  // by number
    std::vector<survey::Skip> skips;        // declared by the terminal
    std::map<std::pair<std::int64_t, std::string>, std::string> texts;
    std::string inbox_body = R"({"documents":[]})";
    std::string inbox_etag = "\"1\"";
    bool says_stored = true;  // in the header of inbox answers
    survey::UtcTime now{survey::milliseconds{1'795'309'260'000}};
    std::vector<sync::Quarantined> quarantined;  // what receipts list when their records are new
    std::function<void(sync::Receipt&)> bend;    // changes a receipt before it is signed
    std::function<void(sync::Receipt&)> forge;   // and after
    int batches = 0;                             // requests that reached it
    int incidents = 0;
    std::vector<sync::BatchHeader> headers;  // of the batches that were taken

    /// The identity that enrolment would have given.
    [[nodiscard]] sync::Identity identity() const { return {{kiosk}, {"binh-minh"}, token, terminal_key, keys()}; }
    [[nodiscard]] sync::BackendKeys keys() const {
        return {public_half(sign_key), public_half(transport_key), public_half(text_key)};
    }
    [[nodiscard]] std::int64_t last_seq() const { return stored.empty() ? 0 : stored.rbegin()->first; }
    /// An older copy of its data is put in place.
    void forget_after(std::int64_t seq) {
        stored.erase(stored.upper_bound(seq), stored.end());
        std::erase_if(skips, [&](const survey::Skip& one) { return one.last_seq > seq; });
        std::erase_if(after_skip_, [&](const auto& one) { return one.first > seq; });
        std::erase_if(texts, [&](const auto& sealed) { return sealed.first.first > seq; });
    }
    /// Another device sends in the terminal's name.
    void hold(std::int64_t seq, const std::string& bytes) {
        stored[seq] = {bytes, survey::chain(*hash_at(seq - 1), bytes)};
    }
    [[nodiscard]] sync::Receipt sign(sync::Receipt receipt) const {
        receipt.signature = survey::sign(sync::receipt_text(receipt), sign_key);
        return receipt;
    }

    [[nodiscard]] sync::HttpReply answer(const sync::Request& request) {
        if (request.method == "POST" && request.path == sync::kEnrolmentsPath) return enrol(request.body);
        if (header(request, "Authorization") != "Bearer " + token) return refuse(sync::ProblemKind::unauthorized);
        if (request.method == "GET" && request.path == sync::inbox_path({kiosk})) return give_inbox(request);
        if (request.method == "POST" && request.path == sync::batches_path({kiosk})) {
            batches += 1;
            const auto encoding = sync::parse_encoding(header(request, "Content-Encoding"));
            if (!encoding) return refuse(sync::ProblemKind::unsupported, encoding.error());
            const auto body = sync::decompress(request.body, *encoding, sync::kBatchBytesMax);
            if (!body) return refuse(sync::ProblemKind::malformed, body.error().what);
            return take_batch(*body);
        }
        return {404, "", "text/plain", "not found", 0};
    }

    /// An offline bundle comes in; what goes back.
    [[nodiscard]] std::string import(const std::string& bytes) {
        const auto bundle = sync::open_bundle(bytes, transport_key);
        survey::check(bundle.has_value(), "a bundle can be opened");
        sync::HttpReply last;
        for (const std::string& body : bundle->bodies) {
            last = take_batch(body);
            if (last.status != 200) break;
        }
        return sync::encode(sync::BundleAnswer{{kiosk}, last.body, inbox_body, inbox_etag}, sign_key);
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
    template <class Key>
    [[nodiscard]] static Key key_of(std::uint8_t byte) {
        Key key;
        key.bytes.fill(byte);
        return key;
    }

    /// What a record with the next number follows; empty where nothing is known.
    [[nodiscard]] std::optional<survey::Digest> hash_at(std::int64_t seq) const {
        if (seq == 0) return survey::kChainStart;
        if (const auto found = stored.find(seq); found != stored.end()) return found->second.hash;
        if (const auto found = after_skip_.find(seq); found != after_skip_.end()) return found->second;
        return std::nullopt;
    }

    sync::HttpReply altered(std::int64_t seq) {
        incidents += 1;
        return refuse(sync::ProblemKind::altered, "other bytes", std::nullopt, seq);
    }

    [[nodiscard]] bool covers(const std::vector<survey::Skip>& ranges, std::int64_t first, std::int64_t last) const {
        for (const survey::Skip& one : ranges) {
            if (one.first_seq <= first) first = std::max(first, one.last_seq + 1);
        }
        return first > last;
    }

    sync::HttpReply take_batch(const std::string& body) {
        const auto batch = sync::decode_batch(body);
        if (!batch) return refuse_with(sync::problem_of(batch.error()));
        const sync::BatchHeader& head = batch->header;
        if (head.kiosk.text != kiosk) return refuse(sync::ProblemKind::forbidden, "another terminal");
        if (!sync::is_signed_by(batch->header_bytes, batch->signature, terminal)) {
            return refuse(sync::ProblemKind::bad_signature, "another key");
        }
        const std::int64_t end = head.first_seq + head.count - 1;
        for (const survey::Skip& skip : skips) {
            if (skip.first_seq <= end && skip.last_seq >= head.first_seq) {
                return refuse(sync::ProblemKind::malformed, "the terminal said that there is no record");
            }
        }
        const std::int64_t last = last_seq();
        if (head.first_seq > last + 1) {
            if (!covers(head.skipped, last + 1, head.first_seq - 1)) {
                return refuse(sync::ProblemKind::gap, "records are missing", last + 1, std::nullopt);
            }
        } else if (hash_at(head.first_seq - 1) != head.previous_hash) {
            return altered(head.first_seq - 1);
        }
        std::vector<Stored> sent;
        survey::Digest value = head.previous_hash;
        for (const std::string& record : batch->records) {
            value = survey::chain(value, record);
            sent.push_back({record, value});
        }
        if (value != head.last_hash) return refuse(sync::ProblemKind::chain_mismatch, "damaged");
        for (std::size_t i = 0; i < sent.size(); ++i) {
            const std::int64_t seq = head.first_seq + static_cast<std::int64_t>(i);
            if (seq <= last && hash_at(seq) != sent[i].hash) return altered(seq);
        }
        return keep(*batch, sent, last);
    }

    sync::HttpReply keep(const sync::Batch& batch, const std::vector<Stored>& sent, std::int64_t last) {
        const sync::BatchHeader& head = batch.header;
        if (head.first_seq > last + 1) {
            for (const survey::Skip& one : head.skipped) {
                if (one.last_seq > last) skips.push_back(one);
            }
            after_skip_[head.first_seq - 1] = head.previous_hash;
        }
        sync::Receipt receipt;
        for (std::size_t i = 0; i < sent.size(); ++i) {
            const std::int64_t seq = head.first_seq + static_cast<std::int64_t>(i);
            const bool is_new = stored.insert({seq, sent[i]}).second;
            (is_new ? receipt.accepted : receipt.duplicates) += 1;
            for (const sync::Quarantined& listed : quarantined) {
                if (is_new && listed.seq == seq) receipt.quarantined.push_back(listed);
            }
        }
        for (const survey::SealedText& sealed : batch.texts)
            texts[{sealed.seq, sealed.item.text}] = sealed.bytes;
        headers.push_back(head);
        receipt.kiosk = {kiosk};
        receipt.last_seq = last_seq();
        receipt.last_hash = stored.at(receipt.last_seq).hash;
        receipt.received = now;
        if (bend) bend(receipt);
        receipt = sign(receipt);
        if (forge) forge(receipt);
        return {200, "", "application/json", encode(receipt), 0};
    }

    sync::HttpReply give_inbox(const sync::Request& request) const {
        const bool is_known = header(request, "If-None-Match") == inbox_etag;
        sync::HttpReply reply{is_known ? 304 : 200, inbox_etag, is_known ? "" : "application/json",
                              is_known ? "" : inbox_body, 0};
        if (says_stored) reply.stored_seq = last_seq();
        const std::string text = sync::inbox_text({kiosk}, reply.etag, last_seq(), reply.body);
        reply.signature = survey::key_text(survey::sign(text, sign_key));
        return reply;
    }

    sync::HttpReply enrol(const std::string& body) {
        const auto request = sync::decode_enrolment_request(body);
        if (!request) return refuse(sync::ProblemKind::malformed, survey::describe(request.error()));
        if (request->code != code) return refuse(sync::ProblemKind::unauthorized, "no such code");
        if (request->kiosk.text != kiosk) return refuse(sync::ProblemKind::forbidden, "another terminal's code");
        if (!survey::verifies(sync::proof_text(*request), request->proof, request->public_key)) {
            return refuse(sync::ProblemKind::bad_signature, "no proof");
        }
        if (code_used_by_ && *code_used_by_ != request->public_key) {
            return refuse(sync::ProblemKind::unauthorized, "the code was used");
        }
        code_used_by_ = request->public_key;
        terminal = request->public_key;
        token = "token-of-" + std::to_string(++enrolments_);
        return {200, "", "application/json", encode(enrolment()), 0};
    }

  public:
    /// What it answers to an enrolment just now.
    [[nodiscard]] sync::Enrolment enrolment() const {
        return {{kiosk}, {"binh-minh"}, token, keys(), last_seq(), *hash_at(last_seq()), now};
    }
    void print_code(const std::string& another) {
        code = another;
        code_used_by_.reset();
    }

  private:
    std::map<std::int64_t, survey::Digest> after_skip_;
    std::optional<survey::SignPublicKey> code_used_by_;
    int enrolments_ = 0;
};

/// What the network does to one request.
enum class Weather {
    clear,
    request_lost,
    answer_lost,      // the backend took it, the terminal does not hear of it
    answer_cut,       // status 200 with half a body
    request_damaged,  // a byte is changed on the way
    portal,           // a login page answers
    rubbish,          // JSON that is none of ours, with status 200
    unsigned_answer,  // something answers like the backend, without its key
    foreign_answer,   // and with a key of its own
    overloaded,       // 503 with Retry-After
    again,            // it arrives twice; the second answer is the one heard
    stale             // an older request arrives once more just before it
};

/// Clear unless the test says otherwise.
class FakeNetwork final : public sync::Transport {
  public:
    explicit FakeNetwork(FakeBackend& backend) : backend_(backend) {}

    std::vector<Weather> forecast;           // for the next requests, first to last
    std::optional<sync::HttpReply> instead;  // answers every request, when set
    std::vector<sync::Request> requests;     // all that were sent
    std::size_t damage_at = 40;
    std::size_t carries = 64u << 20u;  // bytes of one request; a longer one is cut

    [[nodiscard]] Expected<sync::HttpReply, sync::TransportError> send(const sync::Request& request) override {
        requests.push_back(request);
        if (request.body.size() > carries) return unexpected(sync::TransportError{"the line was cut", true});
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
            case Weather::rubbish:
                return sync::HttpReply{200, "", "application/json", R"({"status":"ok","redirect":"/login"})", 0};
            case Weather::unsigned_answer:
                return imitate(request, [](sync::Receipt& receipt) { receipt.signature.reset(); });
            case Weather::foreign_answer:
                return imitate(request, [](sync::Receipt& receipt) {
                    receipt.signature = survey::sign(sync::receipt_text(receipt), survey::make_sign_key());
                });
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
    /// Like the backend to the last byte, but for the signature; the backend never hears of it.
    sync::HttpReply imitate(const sync::Request& request, std::function<void(sync::Receipt&)> forge) {
        FakeBackend imitation = backend_;
        imitation.forge = std::move(forge);
        return imitation.answer(request);
    }

    FakeBackend& backend_;
};

}  // namespace hailong::test
