// What the sync program makes of any answer, as a captive portal or a broken proxy may give it. The input is the kind
// of exchange and the answer as text:
//
//   batch 200 application/json
//   body
//
// "signed-batch": a receipt in the body gets the backend's own signature, as if the backend itself were wrong.
#include <charconv>
#include <optional>
#include <string>

#include "kiosk/journal/inbox.h"
#include "survey/base/check.h"
#include "survey/center.h"
#include "sync/client/client.h"
#include "tests/fuzz/targets.h"
#include "tests/kiosk/journal/sample.h"
#include "tests/support/sample.h"
#include "tests/sync/client/fake_backend.h"

namespace hailong::fuzz {
namespace {

using survey::check;

constexpr std::int64_t kRecords = 3;

class Saying final : public sync::Transport {
  public:
    Expected<sync::HttpReply, sync::TransportError> send(const sync::Request&) override { return reply; }
    sync::HttpReply reply;
};

/// A terminal with a few records that wait.
class Device {
  public:
    Device() : journal_(test::open_journal(folder_ / "journal.db")), inbox_(open_inbox(folder_ / "journal.db")) {
        for (std::int64_t n = 1; n <= kRecords; ++n)
            check(journal_.append(test::response(n), test::ward5()).has_value(), "a record is kept");
    }

    sync::Exchange exchange(bool is_batch, const sync::HttpReply& reply) {
        Saying transport;
        transport.reply = reply;
        sync::Client client(journal_, inbox_, transport, clock_, test::FakeBackend().identity(), {});
        return is_batch ? client.deliver_batch() : client.refresh_inbox();
    }
    [[nodiscard]] std::int64_t delivered() const { return *journal_.delivered_seq(); }
    [[nodiscard]] kiosk::ChainHead head() const { return *journal_.head(); }
    [[nodiscard]] std::vector<kiosk::Document> documents() const { return *inbox_.documents(); }

  private:
    static kiosk::Inbox open_inbox(const std::filesystem::path& file) {
        auto inbox = kiosk::Inbox::open(file);
        check(inbox.has_value(), "the inbox opens");
        return std::move(*inbox);
    }

    test::TemporaryFolder folder_;
    tests::FakeClock clock_;
    kiosk::Journal journal_;
    kiosk::Inbox inbox_;
};

struct Said {
    bool is_batch = false;
    sync::HttpReply reply;
};

Said parse(std::string_view input) {
    Said said;
    const std::size_t end = input.find('\n');
    std::string_view line = input.substr(0, end);
    if (end != std::string_view::npos) said.reply.body = input.substr(end + 1);
    const bool is_signed = line.starts_with("signed-");
    said.is_batch = line.starts_with("batch") || is_signed;
    if (is_signed) {
        const auto receipt = sync::decode_receipt(said.reply.body);
        if (receipt) said.reply.body = encode(test::FakeBackend().sign(*receipt));
    }
    const std::size_t status = line.find(' ');
    if (status == std::string_view::npos) return said;
    line.remove_prefix(status + 1);
    const auto [after, error] = std::from_chars(line.data(), line.data() + line.size(), said.reply.status);
    if (error != std::errc()) said.reply.status = 0;
    line.remove_prefix(static_cast<std::size_t>(after - line.data()));
    if (!line.empty()) said.reply.content_type = line.substr(1);
    return said;
}

void check_delivered(const Device& device, const sync::HttpReply& reply) {
    const auto receipt = sync::decode_receipt(reply.body);
    check(reply.status == 200 && receipt.has_value(), "only a receipt delivers");
    check(is_signed_by(*receipt, test::FakeBackend().keys().sign), "only the backend delivers");
    check(receipt->kiosk == test::kKiosk, "a receipt delivers for the terminal it names");
    check(receipt->last_seq == device.delivered() && receipt->last_hash == device.head().hash,
          "a receipt delivers what both ends hold");
}

}  // namespace

void answer(std::string_view input) {
    static std::optional<Device> device;
    if (!device) device.emplace();
    const kiosk::ChainHead head = device->head();
    const Said said = parse(input);
    const sync::Exchange exchange = device->exchange(said.is_batch, said.reply);
    check(device->head() == head, "no answer changes what was collected");
    if (exchange.outcome != sync::Outcome::progress && exchange.outcome != sync::Outcome::idle) {
        check(!exchange.what.empty(), "a failure says what failed");
    }
    if (!said.is_batch) {
        if (device->documents().empty()) return;
        check(said.reply.status == 200, "only a whole inbox replaces the inbox");
        device.reset();
    } else if (device->delivered() != 0) {
        check_delivered(*device, said.reply);
        device.reset();
    }
}

}  // namespace hailong::fuzz
