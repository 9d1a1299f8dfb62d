// Every address of the backend over a real store with a standing clock. The input is a request as text:
//
//   POST /v1/terminals/K1/batches
//   authorization: Bearer token-K1
//
//   body
//
// With the header "x-sign" the body is a header and records alone: it is chained, counted and signed here as the
// terminal K1 would, so that what was changed in a record gets past the guards of the frame.
#include <future>
#include <optional>

#include "survey/base/json.h"
#include "sync/backend/audit/verify.h"
#include "sync/backend/service/request_handler.h"
#include "sync/backend/service/writer.h"
#include "sync/protocol/compression.h"
#include "tests/fuzz/targets.h"
#include "tests/sync/backend/fixed_clock.h"
#include "tests/sync/backend/sample.h"
#include "tests/sync/backend/service/service_fixture.h"

namespace hailong::fuzz {
namespace {

using survey::check;

sync::Pages load_pages() {
    auto pages = sync::Pages::load(std::filesystem::path(HAILONG_SOURCE_DIR) / "assets");
    check(pages.has_value(), "the pages are there");
    return std::move(*pages);
}

/// A store as every input is to find it, made once and copied: making one costs more than a request.
class Beginning {
  public:
    Beginning() {
        const sync::sample::Backend made({"K1", "K2"});
        {
            auto transaction = sync::sample::must(made.store->write());
            sync::sample::must(sync::keep_code("K7QM2XRT9FAB", {"K3"}, {"mau"},
                                               sync::sample::noon() + std::chrono::hours(1), *transaction));
            sync::sample::must(transaction->commit());
        }
        const auto reader = sync::sample::must(made.store->read());
        const std::string file = made.file().string();
        std::filesystem::copy_file(file, this->file());
        std::error_code none;
        std::filesystem::copy_file(file + "-wal", this->file().string() + "-wal", none);
    }
    [[nodiscard]] std::filesystem::path file() const { return folder_ / "backend.sqlite"; }

  private:
    tests::TemporaryFolder folder_;
};

struct OpenedStore {
    explicit OpenedStore(const Beginning& beginning) {
        const std::filesystem::path file = folder / "backend.sqlite";
        std::filesystem::copy_file(beginning.file(), file);
        std::error_code none;
        std::filesystem::copy_file(beginning.file().string() + "-wal", file.string() + "-wal", none);
        store = sync::sample::must(sync::open_sqlite_store(file, sync::OpenMode::existing));
    }
    tests::TemporaryFolder folder;
    std::unique_ptr<sync::Store> store;
};

class Host {
  public:
    Host(const Beginning& beginning, const sync::Pages& pages)
        : backend_(beginning),
          inboxes_(references_),
          writer_(*backend_.store, references_, clock_, metrics_, [](const std::string&) {}),
          wrong_codes_(std::in_place),
          handler_({*backend_.store, references_, inboxes_, writer_, metrics_, pages, clock_, keys_, *wrong_codes_,
                    statuses_, [](const std::string&) {}, "0"},
                   sync::sample::run_at_once) {}

    sync::HttpResponse send(sync::HttpRequest request) {
        std::promise<sync::HttpResponse> answered;
        handler_.handle(std::move(request),
                        sync::Responder([&](sync::HttpResponse response) { answered.set_value(std::move(response)); }));
        return answered.get_future().get();
    }
    [[nodiscard]] sync::Store& store() { return *backend_.store; }
    void forget_wrong_codes() { wrong_codes_.emplace(); }

  private:
    OpenedStore backend_;
    sync::sample::FixedClock clock_;
    sync::ReferenceCache references_;
    sync::InboxCache inboxes_;
    sync::Metrics metrics_;
    sync::KeptStatuses statuses_{clock_};
    sync::Writer writer_;
    const sync::ServiceKeys keys_ = sync::sample::keys();
    std::optional<sync::WrongCodes> wrong_codes_;
    sync::RequestHandler handler_;
};

std::string_view take_line(std::string_view& text) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return line;
}

sync::HttpRequest parse_request(std::string_view text) {
    sync::HttpRequest request;
    const std::string_view first = take_line(text);
    const std::size_t space = first.find(' ');
    request.method = first.substr(0, space);
    if (space != std::string_view::npos) request.target = first.substr(space + 1);
    while (!text.empty()) {
        const std::string_view line = take_line(text);
        if (line.empty()) break;
        const std::size_t colon = line.find(": ");
        if (colon == std::string_view::npos) continue;
        request.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    }
    request.body = text;
    return request;
}

/// See the beginning of this file.
void sign_body(sync::HttpRequest& request) {
    std::string_view rest = request.body;
    auto header = sync::decode_header(take_line(rest));
    std::vector<std::string> records;
    while (!rest.empty() && records.size() < 12)
        records.emplace_back(take_line(rest));
    if (!header || records.empty()) return;
    header->count = static_cast<std::int64_t>(records.size());
    if (header->first_seq > survey::kSeqMax - header->count + 1) return;
    header->last_hash = header->previous_hash;
    for (const std::string& record : records)
        header->last_hash = survey::chain(header->last_hash, record);
    request.body = encode_batch(*header, records, {}, sync::sample::sign_key("K1"));
}

bool is_known(int status) {
    for (const int known : {200, 302, 304, 400, 401, 403, 404, 405, 409, 413, 415, 422, 426, 503})
        if (status == known) return true;
    return false;
}

/// More than any answer here.
constexpr std::size_t kUnpackedBytesMax = 8u << 20u;

void check_response(const sync::HttpRequest& request, const sync::HttpResponse& response) {
    check(is_known(response.status), "an answer has a status that the protocol names");
    for (const auto& [name, value] : response.headers) {
        check(name.find_first_of("\r\n: ") == std::string::npos, "no header's name can be broken open");
        check(value.find_first_of("\r\n") == std::string::npos, "no header's value can be broken open");
    }
    std::string body = response.body;
    if (response.header("Content-Encoding") == "gzip") {
        auto unpacked = sync::decompress(body, sync::Encoding::gzip, kUnpackedBytesMax);
        check(unpacked.has_value(), "an answer that is packed can be unpacked");
        body = std::move(*unpacked);
    }
    if (response.header("Content-Type") == "application/json" && !body.empty()) {
        check(survey::parse_json(body).has_value(), "an answer in JSON is JSON");
    }
    const bool is_batch = request.method == "POST" && request.target.starts_with("/v1/terminals/");
    if (is_batch && response.status == 200) {
        check(sync::decode_receipt(response.body).has_value(), "a batch that was taken has its receipt");
    }
}

/// What was written has no faults, whatever was sent.
void check_store(sync::Store& store) {
    const auto reader = sync::sample::must(store.read());
    const sync::Reference reference = sync::sample::must(sync::load_reference(*reader));
    const auto report = sync::sample::must(sync::verify(*reader, reference));
    check(report.differences.empty(), "the store agrees with itself");
}

}  // namespace

void http(std::string_view input) {
    static const sync::Pages pages = load_pages();
    static const Beginning beginning;
    static std::optional<Host> host;
    if (!host) host.emplace(beginning, pages);
    sync::HttpRequest request = parse_request(input);
    if (!request.header("x-sign").empty()) sign_body(request);
    const sync::HttpResponse response = host->send(request);
    check_response(request, response);
    // Each input finds the store as the first one did; only what reached the writer can have changed it.
    if (response.status == 401 || response.status == 503) host->forget_wrong_codes();
    const bool is_written = response.status == 200 || response.status == 409 ||
                            (response.status == 401 && response.body.find("bad_signature") != std::string::npos);
    if (request.method == "POST" && is_written) {
        check_store(host->store());
        host.reset();
    }
}

}  // namespace hailong::fuzz
