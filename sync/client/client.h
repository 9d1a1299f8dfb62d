// One exchange with the backend at a time: a batch up, or the inbox down. Decides what to send and what an answer
// means; sends through a Transport, keeps no socket, thread or timer of its own.
//
// Nothing counts as delivered but what a receipt confirmed (see receipts.h), and nothing that was delivered goes before
// its time is over and the backend said again that it still holds it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "kiosk/journal/inbox.h"
#include "kiosk/journal/journal.h"
#include "survey/base/time.h"
#include "sync/client/config.h"
#include "sync/client/exchange.h"
#include "sync/client/identity.h"
#include "sync/client/outgoing.h"
#include "sync/client/transport.h"
#include "sync/protocol/batch.h"
#include "sync/protocol/compression.h"
#include "sync/protocol/reply.h"
#include "sync/protocol/status.h"

namespace hailong::sync {

struct ClientSettings {
    Encoding encoding = Encoding::zstd;
    std::size_t records_max = kBatchRecordsMax;   // in one batch; 1 to kBatchRecordsMax
    std::string boot{};                           // this start of the machine; empty: unknown
    survey::milliseconds retention = kRetention;  // how long delivered records stay
    std::string version{};                        // of this program, for the terminal's status; empty: not said
    /// Free bytes where the journal stands; empty, or what it returns is: not said.
    std::function<std::optional<std::int64_t>()> disk_free_bytes{};
};

/// Most answers of the kind "gap" without a receipt between them: one says where to go on, a second may cross with
/// another program's batch, more contradict each other.
inline constexpr int kGapsMax = 3;
/// Less room than this on the journal's disk is a trouble that the status names: what a journal of 100,000 records and
/// its repaired copy need.
inline constexpr std::int64_t kDiskLowBytes = 256 << 20;
/// How often old records are removed, at most.
inline constexpr survey::milliseconds kPruneEvery = std::chrono::days{1};

class Client {
  public:
    /// The references must outlive the client.
    Client(kiosk::Journal& journal, kiosk::Inbox& inbox, Transport& transport, const survey::Clock& clock,
           Identity identity, ClientSettings settings);

    /// Sends one batch of what waits in the journal, or of what the backend asked for again, checks the answer, and
    /// notes both for the staff screen. Without anything waiting: a few small reads, no request, nothing noted.
    [[nodiscard]] Exchange deliver_batch();

    /// Asks for what is to come down and replaces the inbox by it. A document that does not parse leaves the inbox as
    /// it was. The request also says how the terminal is, the answer what the backend holds: see wants_again().
    [[nodiscard]] Exchange refresh_inbox();

    /// The backend said that it lost what it had confirmed: deliver_batch() sends it again.
    [[nodiscard]] bool wants_again() const { return resend_from_.has_value(); }

    /// Removes records that were delivered long ago, by the backend's clock: this machine's may be years ahead. Does
    /// nothing before a receipt told that clock and the last inbox answer said that the backend holds all that it
    /// confirmed; then at most every kPruneEvery. Idle when there is nothing to tell.
    [[nodiscard]] Exchange prune();

  private:
    struct Sent {
        std::int64_t first_seq = 0;
        std::int64_t last_seq = 0;
        std::int64_t count = 0;
    };

    [[nodiscard]] Expected<std::optional<Outgoing>, Exchange> next_batch();
    [[nodiscard]] Exchange take_reply(const Sent& sent, const HttpReply& reply, survey::UtcTime midway);
    [[nodiscard]] Exchange confirm(const Sent& sent, const Receipt& receipt, survey::UtcTime midway);
    [[nodiscard]] Exchange resend(const Sent& sent, const Problem& problem);
    [[nodiscard]] Exchange send_less(const Sent& sent);
    /// After the line was cut: the next batch is half as large.
    [[nodiscard]] Exchange halve(const Sent& sent, Exchange exchange);
    /// The backend holds other records than were sent. Where it never confirmed any of this journal's, the journal was
    /// begun anew while the identity stayed, and goes on behind what is stored; otherwise a person is needed.
    [[nodiscard]] Exchange other_history(const Problem& problem);
    /// Whether the backend never confirmed anything of this journal.
    [[nodiscard]] Expected<bool, Exchange> is_unconfirmed() const;
    [[nodiscard]] Exchange go_on_behind(std::int64_t stored_seq);
    [[nodiscard]] Expected<HttpReply, TransportError> ask_for_inbox(const std::string& version);
    /// An answer to the question for the inbox, by this terminal's backend.
    [[nodiscard]] bool is_signed(const HttpReply& reply) const;
    [[nodiscard]] Exchange take_inbox_reply(const HttpReply& reply, const std::string& version);
    [[nodiscard]] Exchange take_stored_seq(Exchange exchange, const HttpReply& reply);
    [[nodiscard]] TerminalStatus status() const;
    /// Keeps what came of it for the staff screen; `error` is the last one of this kind of exchange.
    [[nodiscard]] Exchange note(Exchange exchange, std::string& error);

    kiosk::Journal& journal_;
    kiosk::Inbox& inbox_;
    Transport& transport_;
    const survey::Clock& clock_;
    const Identity identity_;
    const ClientSettings settings_;
    std::size_t records_max_;                  // what the backend was last willing to take
    std::size_t records_now_;                  // what the line was last able to carry, at most that
    std::optional<std::int64_t> resend_from_;  // the backend lost what it had confirmed: go on from here
    int gaps_ = 0;                             // answers of that kind since the last receipt
    std::int64_t told_lost_ = 0;               // up to here a person was told that records are gone
    std::optional<std::int64_t> hopeless_;     // the backend holds up to here, and what it lost is not here any more
    bool went_on_behind_ = false;              // what is stored: done once, twice would be two machines in turn
    bool holds_all_ = false;                   // the backend, by its last inbox answer
    std::optional<survey::UtcTime> started_;   // the backend's clock when this machine's monotonic one was 0
    survey::MonoTime prune_next_{};
    std::string delivery_error_;  // what the staff screen shows
    std::string inbox_error_;
    std::optional<survey::milliseconds> server_offset_;
};

/// Something answered that is not the backend, or not as it should: a login page of the network, a proxy, a wrong path.
[[nodiscard]] Exchange not_the_backend(const HttpReply& reply);

}  // namespace hailong::sync
