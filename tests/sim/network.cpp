#include "tests/sim/network.h"

#include <string>
#include <utility>

#include "survey/crypto/keys.h"
#include "sync/protocol/endpoints.h"
#include "sync/protocol/inbox.h"

namespace hailong::sim {
namespace {

constexpr const char* kErased =
    R"({"documents":[{"name":"erased","body":{"texts":[{"seq":1,"item":"comment"},{"seq":2,"item":"comment"},)"
    R"({"seq":3,"item":"comment"},{"seq":4,"item":"comment"},{"seq":5,"item":"comment"}]}}]})";

}  // namespace

Expected<sync::HttpReply, sync::TransportError> Network::send(const sync::Request& request) {
    census_.exchanges += 1;
    if (storm != 0 && chance_.one_in(storm)) return in_a_storm(request);
    last_reply_ = arrive(request);
    return *last_reply_;
}

Expected<sync::HttpReply, sync::TransportError> Network::in_a_storm(const sync::Request& request) {
    switch (chance_.below(10)) {
        case 0:
            census_.add("lost request");
            return unexpected(sync::TransportError{"lost"});
        case 1:
            census_.add("lost answer");
            (void)arrive(request);
            return unexpected(sync::TransportError{"the answer was lost"});
        case 2: {
            sync::HttpReply reply = arrive(request);
            reply.body.resize(reply.body.size() / 2);
            return reply;
        }
        case 3: {
            sync::Request spoiled = request;
            spoil(spoiled.body);
            return arrive(spoiled);
        }
        case 4:
            return sync::HttpReply{200, "", "text/html", "<html>Đăng nhập Wi-Fi</html>", 0, std::nullopt};
        case 5:
            (void)arrive(request);
            return arrive(request);
        case 6:
            // It stays on the way, and arrives when nobody waits for it any more.
            census_.add("lost request");
            late_.push_back(request);
            return unexpected(sync::TransportError{"too late"});
        case 7: {
            census_.add("spoiled answer");
            sync::HttpReply reply = arrive(request);
            spoil(reply.body);
            return reply;
        }
        case 8:
            census_.add("another backend");
            return of_another_backend(request);
        default:
            // An answer to an earlier question.
            if (last_reply_) return *last_reply_;
            return unexpected(sync::TransportError{"lost"});
    }
}

void Network::spoil(std::string& bytes) {
    if (bytes.empty()) return;
    char& byte = bytes[static_cast<std::size_t>(chance_.below(static_cast<std::int64_t>(bytes.size())))];
    byte = static_cast<char>(byte ^ (1 << chance_.below(8)));
}

void Network::deliver_late() {
    if (late_.empty()) return;
    const auto at = static_cast<std::size_t>(chance_.below(static_cast<std::int64_t>(late_.size())));
    census_.add("replay");
    const sync::Request arriving = late_[at];  // more may be on the way after it
    (void)arrive(arriving);
    if (late_.size() > kLateMax) late_.erase(late_.begin());
}

sync::HttpReply Network::arrive(const sync::Request& request) {
    if (chance_.one_in(4)) late_.push_back(request);
    std::vector<std::pair<std::string, std::string>> headers;
    for (const std::string& line : request.headers) {
        const std::size_t colon = line.find(": ");
        std::string name = line.substr(0, colon);
        for (char& c : name)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        headers.emplace_back(std::move(name), line.substr(colon + 2));
    }
    sync::HttpResponse response = backend_.answer({request.method, request.path, std::move(headers), request.body});
    sync::HttpReply reply;
    reply.status = response.status;
    reply.body = std::move(response.body);
    reply.etag = std::string(response.header("ETag"));
    reply.content_type = std::string(response.header("Content-Type"));
    if (const auto stored = response.header(sync::kStoredSeqHeader); !stored.empty())
        reply.stored_seq = std::stoll(std::string(stored));
    reply.signature = std::string(response.header(sync::kInboxSignatureHeader));
    return reply;
}

sync::HttpReply Network::of_another_backend(const sync::Request& request) {
    sync::HttpReply reply = arrive(request);
    if (request.method != "GET") return reply;
    reply.status = 200;
    reply.body = kErased;
    reply.etag = "\"another\"";
    if (chance_.one_in(2)) reply.signature.clear();
    return reply;
}

}  // namespace hailong::sim
