// One exchange with the backend at a time: a batch up, or the inbox down. Decides what to send, what an answer means
// and what to believe; sends through a Transport, keeps no socket, thread or timer of its own.
//
// Nothing counts as delivered but what a receipt confirms, and a receipt is believed only when it names this terminal
// and the chain value that the journal itself holds at that number.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kiosk/store/inbox.h"
#include "kiosk/store/journal.h"
#include "survey/ids.h"
#include "survey/time.h"
#include "sync/client/transport.h"
#include "sync/protocol/batch.h"
#include "sync/protocol/compression.h"
#include "sync/protocol/reply.h"

namespace hailong::sync {

/// What the caller does next.
enum class Outcome {
    idle,      // nothing was left to do
    progress,  // something was done; more may be waiting, go on at once
    later,     // it failed, and may work by itself later
    person     // it failed, and stays so until a person acts
};

/// What came of one exchange.
struct Exchange {
    Outcome outcome = Outcome::idle;
    std::string what;                 // one line for the log, with the remedy; empty: nothing to tell
    std::vector<SetAside> set_aside;  // records that the backend keeps but can't count
    int retry_after_s = 0;            // with `later`: what the backend asked for; 0: nothing
};

struct ClientSettings {
    survey::KioskId kiosk;
    std::string token;
    Encoding encoding = Encoding::zstd;
    std::size_t records_max = kBatchRecordsMax;  // in one batch; 1 to kBatchRecordsMax
};

/// Most answers of the kind "gap" without a receipt between them: one says where to go on, a second may cross with
/// another program's batch, more contradict each other.
inline constexpr int kGapsMax = 3;
/// Most documents in an inbox: a center, its questionnaires in a few versions, its results.
inline constexpr std::size_t kDocumentsMax = 200;
/// Longest text of a peer that is repeated in a log line, in bytes.
inline constexpr std::size_t kQuotedBytesMax = 200;

class Client {
  public:
    /// The references must outlive the client.
    Client(kiosk::Journal& journal, kiosk::Inbox& inbox, Transport& transport, const survey::Clock& clock,
           ClientSettings settings);

    /// Sends one batch of what waits in the journal, judges the answer, and notes both for the staff screen. Without
    /// anything waiting: two small reads, no request, nothing noted.
    [[nodiscard]] Exchange deliver_batch();

    /// Asks for what is to come down and replaces the inbox by it. A document that does not parse leaves the inbox as
    /// it was.
    [[nodiscard]] Exchange refresh_inbox();

  private:
    struct Outgoing {
        BatchHeader header;
        std::int64_t last_seq = 0;
        std::string body;  // compressed
    };

    [[nodiscard]] Expected<std::optional<Outgoing>, Exchange> next_batch();
    [[nodiscard]] Expected<std::vector<kiosk::JournalEntry>, Exchange> read_waiting(std::int64_t first_seq) const;
    [[nodiscard]] Exchange judge(const Outgoing& sent, const HttpReply& reply, survey::UtcTime midway);
    [[nodiscard]] Exchange confirm(const Outgoing& sent, const Receipt& receipt, survey::UtcTime midway);
    [[nodiscard]] Exchange give_in(const Outgoing& sent, const Problem& problem);
    [[nodiscard]] Exchange resend(const Outgoing& sent, const Problem& problem);
    [[nodiscard]] Exchange send_less(const Outgoing& sent);
    [[nodiscard]] Exchange take_documents(const HttpReply& reply);
    /// Keeps what came of it for the staff screen; `error` is the last one of this kind of exchange.
    [[nodiscard]] Exchange note(Exchange exchange, std::string& error);

    kiosk::Journal& journal_;
    kiosk::Inbox& inbox_;
    Transport& transport_;
    const survey::Clock& clock_;
    const ClientSettings settings_;
    std::size_t records_max_;                  // what the backend was last willing to take
    std::optional<std::int64_t> resend_from_;  // the backend lost what it had confirmed: go on from here
    int gaps_ = 0;                             // answers of that kind since the last receipt
    std::string delivery_error_;               // what the staff screen shows
    std::string inbox_error_;
    std::optional<survey::milliseconds> server_offset_;
};

}  // namespace hailong::sync
