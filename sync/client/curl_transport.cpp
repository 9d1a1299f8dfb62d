#include "sync/client/curl_transport.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <limits>
#include <optional>
#include <string_view>

#include <curl/curl.h>
#include <sys/socket.h>

#include "survey/base/check.h"
#include "survey/record.h"
#include "sync/protocol/endpoints.h"
#include "sync/protocol/inbox.h"

namespace hailong::sync {
namespace {

using survey::check;

template <auto kFree>
struct Freed {
    template <class Handle>
    void operator()(Handle* handle) const {
        kFree(handle);
    }
};
using Lines = std::unique_ptr<curl_slist, Freed<&curl_slist_free_all>>;

/// What arrives, up to a limit.
struct Intake {
    std::string bytes;
    std::size_t bytes_max = 0;
    bool is_too_large = false;
};

std::size_t take(char* bytes, std::size_t size, std::size_t count, void* context) {
    Intake& intake = *static_cast<Intake*>(context);
    const std::size_t length = size * count;
    if (length > intake.bytes_max - intake.bytes.size()) {
        intake.is_too_large = true;
        return 0;  // ends the transfer
    }
    intake.bytes.append(bytes, length);
    return length;
}

/// Only counts: libcurl keeps the lines itself.
std::size_t take_head(char* bytes, std::size_t size, std::size_t count, void* context) {
    (void)bytes;
    Intake& intake = *static_cast<Intake*>(context);
    const std::size_t length = size * count;
    intake.is_too_large = length > intake.bytes_max;
    if (intake.is_too_large) return 0;
    intake.bytes_max -= length;
    return length;
}

/// Empty when there is none.
std::string read_header(CURL* easy, const char* name) {
    curl_header* header = nullptr;
    return curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &header) == CURLHE_OK ? header->value : std::string();
}

/// The number in the header, if it is one that can be.
std::optional<std::int64_t> read_stored_seq(CURL* easy) {
    const std::string text = read_header(easy, kStoredSeqHeader);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < 0 || number > survey::kSeqMax)
        return std::nullopt;
    return number;
}

template <class Value>
void set(CURL* easy, CURLoption option, Value value) {
    check(curl_easy_setopt(easy, option, value) == CURLE_OK, "libcurl takes its options");
}

/// An easy handle at work in a multi handle, for as long as this lives.
class AtWork {
  public:
    AtWork(CURLM* multi, CURL* easy) : multi_(multi), easy_(easy) {
        check(curl_multi_add_handle(multi_, easy_) == CURLM_OK, "libcurl takes a request");
    }
    AtWork(const AtWork&) = delete;
    AtWork& operator=(const AtWork&) = delete;
    ~AtWork() { curl_multi_remove_handle(multi_, easy_); }

  private:
    CURLM* multi_;
    CURL* easy_;
};

/// What a failure means to a person.
std::string remedy(CURLcode code) {
    switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_RESOLVE_PROXY:
            return "check the network and the backend's name in the configuration";
        case CURLE_COULDNT_CONNECT:
            return "check the network, and whether the backend runs at this address";
        case CURLE_OPERATION_TIMEDOUT:
            return "check the network; the backend may be overloaded";
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_SSL_CACERT_BADFILE:
            return "check this machine's clock, and that ca_file names the authority of the backend's certificate";
        default:
            return "check the network between this terminal and the backend";
    }
}

Lines header_lines(const Request& request) {
    Lines lines;
    const auto add = [&](const char* line) {
        curl_slist* longer = curl_slist_append(lines.get(), line);
        check(longer != nullptr, "there is memory for a header line");
        (void)lines.release();
        lines.reset(longer);
    };
    for (const std::string& header : request.headers)
        add(header.c_str());
    add("Expect:");  // or libcurl waits a second for a server that does not answer "100 Continue"
    return lines;
}

/// What waits in the system to be sent has moved, as libcurl sees it: of much that waits it would seem for minutes on a
/// slow line that nothing does.
int keep_little_waiting(void*, curl_socket_t socket, curlsocktype) {
    constexpr int kWaitingBytesMax = 32 << 10;  // ten seconds at 3 kB/s
    (void)setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &kWaitingBytesMax, sizeof kWaitingBytesMax);
    return CURL_SOCKOPT_OK;
}

/// Whether the other end was reached and then lost.
bool is_cut(CURL* easy, CURLcode code) {
    curl_off_t sent = 0;
    curl_easy_getinfo(easy, CURLINFO_SIZE_UPLOAD_T, &sent);
    const bool is_lost = code == CURLE_OPERATION_TIMEDOUT || code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR ||
                         code == CURLE_GOT_NOTHING || code == CURLE_PARTIAL_FILE;
    return is_lost && sent > 0;
}

/// What is the same for every request: whom it may reach, and how long that may take.
void set_connection(CURL* easy, const CurlSettings& settings) {
    set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    set(easy, CURLOPT_FOLLOWLOCATION, 0L);
    set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!settings.ca_file.empty()) {
        set(easy, CURLOPT_CAINFO, settings.ca_file.c_str());
        set(easy, CURLOPT_CAPATH, static_cast<const char*>(nullptr));  // or the system's would be believed beside it
    } else if (!settings.system_ca_folder.empty()) {
        set(easy, CURLOPT_CAPATH, settings.system_ca_folder.c_str());
    }
    // Unencrypted is only this machine itself: a proxy of the environment would hear the token.
    if (settings.backend.rfind("http://", 0) == 0) set(easy, CURLOPT_PROXY, "");
    set(easy, CURLOPT_NOSIGNAL, 1L);
    set(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(settings.connect_timeout.count()));
    const auto patience = std::chrono::ceil<std::chrono::seconds>(settings.answer_timeout);
    set(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(patience.count()));
    set(easy, CURLOPT_LOW_SPEED_LIMIT, kLineBytesMin);
    set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(kRequestTimeMax.count()));
    set(easy, CURLOPT_SOCKOPTFUNCTION, &keep_little_waiting);
    set(easy, CURLOPT_USERAGENT, "hailong-sync");
    set(easy, CURLOPT_ACCEPT_ENCODING, "gzip");  // unpacked before take(), whose limit is of what comes out
}

/// Carries the request out; empty when `stop_fd` (-1: none) became readable before it ended.
std::optional<CURLcode> perform(CURLM* multi, CURL* easy, int stop_fd) {
    const AtWork at_work(multi, easy);
    constexpr int kPollMs = 1'000;
    for (int running = 1; running > 0;) {
        check(curl_multi_perform(multi, &running) == CURLM_OK, "libcurl works on the request");
        if (running == 0) break;
        curl_waitfd stop{stop_fd, CURL_WAIT_POLLIN, 0};
        const unsigned extra = stop_fd >= 0 ? 1 : 0;
        check(curl_multi_poll(multi, &stop, extra, kPollMs, nullptr) == CURLM_OK, "libcurl waits");
        if (extra == 1 && stop.revents != 0) return std::nullopt;
    }
    CURLcode result = CURLE_FAILED_INIT;
    int waiting = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi, &waiting)) {
        if (message->msg == CURLMSG_DONE) result = message->data.result;
    }
    return result;
}

HttpReply read_reply(CURL* easy, std::string body) {
    HttpReply reply;
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    reply.status = static_cast<int>(status);
    const char* content_type = nullptr;
    curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &content_type);
    if (content_type != nullptr) reply.content_type = content_type;
    curl_off_t retry_after = 0;
    curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &retry_after);
    reply.retry_after_s = static_cast<int>(std::clamp<curl_off_t>(retry_after, 0, std::numeric_limits<int>::max()));
    reply.etag = read_header(easy, "ETag");
    reply.signature = read_header(easy, kInboxSignatureHeader);
    reply.stored_seq = read_stored_seq(easy);
    reply.body = std::move(body);
    return reply;
}

}  // namespace

CurlLibrary::CurlLibrary() {
    check(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK, "libcurl starts");
}
CurlLibrary::~CurlLibrary() {
    curl_global_cleanup();
}

struct CurlTransport::Handles {
    std::unique_ptr<CURLM, Freed<&curl_multi_cleanup>> multi{curl_multi_init()};
    std::unique_ptr<CURL, Freed<&curl_easy_cleanup>> easy{curl_easy_init()};
};

CurlTransport::CurlTransport(CurlSettings settings)
    : settings_(std::move(settings)), handles_(std::make_unique<Handles>()) {
    check(handles_->multi != nullptr && handles_->easy != nullptr, "libcurl gives handles");
}
CurlTransport::~CurlTransport() = default;

Expected<HttpReply, TransportError> CurlTransport::send(const Request& request) {
    CURL* easy = handles_->easy.get();
    curl_easy_reset(easy);  // keeps the connection
    const Lines lines = header_lines(request);
    Intake body{{}, settings_.reply_bytes_max, false};
    Intake head{{}, kReplyHeadBytesMax, false};
    char detail[CURL_ERROR_SIZE] = "";
    const std::string url = settings_.backend + request.path;
    set_connection(easy, settings_);
    set(easy, CURLOPT_URL, url.c_str());
    set(easy, CURLOPT_HTTPHEADER, lines.get());
    set(easy, CURLOPT_ERRORBUFFER, static_cast<char*>(detail));
    set(easy, CURLOPT_WRITEFUNCTION, &take);
    set(easy, CURLOPT_WRITEDATA, static_cast<void*>(&body));
    set(easy, CURLOPT_HEADERFUNCTION, &take_head);
    set(easy, CURLOPT_HEADERDATA, static_cast<void*>(&head));
    if (request.method == "POST") {
        set(easy, CURLOPT_POST, 1L);
        set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        set(easy, CURLOPT_POSTFIELDS, request.body.data());
    }

    const auto result = perform(handles_->multi.get(), easy, settings_.stop_fd);
    if (!result) return unexpected(TransportError{"the program was asked to stop; it goes on at its next start"});
    if (head.is_too_large) {
        return unexpected(TransportError{"the answer's head is longer than " + std::to_string(kReplyHeadBytesMax) +
                                         " bytes; check that the address is the backend's"});
    }
    if (body.is_too_large) {
        return unexpected(TransportError{"the answer is longer than " + std::to_string(settings_.reply_bytes_max) +
                                         " bytes; check that the address is the backend's"});
    }
    if (*result != CURLE_OK) {
        const std::string what = detail[0] != '\0' ? detail : curl_easy_strerror(*result);
        return unexpected(
            TransportError{settings_.backend + ": " + what + "; " + remedy(*result), is_cut(easy, *result)});
    }
    return read_reply(easy, std::move(body.bytes));
}

}  // namespace hailong::sync
