// A batch: consecutive records of one terminal on their way to the backend. PROTOCOL.md is the specification.
//
// On the wire a batch is lines of UTF-8, each ended by one line feed: first the header, canonical JSON; then one line
// a record, its bytes exactly as the terminal stored and hashed them. Bytes are never re-serialised on the way.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "survey/digest.h"
#include "survey/expected.h"
#include "survey/fault.h"
#include "survey/ids.h"
#include "survey/time.h"
#include "sync/protocol/reply.h"

namespace hailong::sync {

/// The version of the protocol this code speaks.
inline constexpr std::int64_t kProtocolVersion = 1;

/// Most records in one batch: 500 cost the backend one commit of about 5 ms (measured), more gain nothing.
inline constexpr std::size_t kBatchRecordsMax = 500;
/// Most bytes of one batch after decompression: 500 records of 2,000 bytes, with room for four times as much.
inline constexpr std::size_t kBatchBytesMax = 4u << 20u;
/// Most bytes of one request body as sent.
inline constexpr std::size_t kBodyBytesMax = kBatchBytesMax;
/// Most bytes of the header line: ours has about 400, the rest is room for members of later versions.
inline constexpr std::size_t kHeaderBytesMax = 16'384;
/// The highest sequence number: what every JSON reader holds exactly (2^53 - 1).
inline constexpr std::int64_t kSeqMax = 9'007'199'254'740'991;

/// What the terminal knows of itself; travels with every batch so that both ends can compare their counts.
struct Counters {
    std::int64_t collected = 0;  // records in the terminal's journal
    std::int64_t delivered = 0;  // of them confirmed by receipts so far
    bool operator==(const Counters&) const = default;
};

struct BatchHeader {
    std::int64_t protocol = kProtocolVersion;
    survey::KioskId kiosk;
    std::int64_t first_seq = 1;    // of the first record below
    std::int64_t count = 0;        // records below, 1 to kBatchRecordsMax
    survey::Digest previous_hash;  // chain value at first_seq - 1
    survey::Digest last_hash;      // chain value at first_seq + count - 1
    survey::UtcTime sent{};        // the terminal's wall clock
    Counters counters;
    std::string signature;  // empty: the token speaks for the terminal. Ed25519 has its place here
    bool operator==(const BatchHeader&) const = default;
};

struct Batch {
    BatchHeader header;
    std::string header_bytes;          // as received: unknown members are kept
    std::vector<std::string> records;  // bytes as received, in order
    bool operator==(const Batch&) const = default;
};

/// The uncompressed body. REQUIRES: header.count == records.size(), no record holds a line feed.
[[nodiscard]] std::string encode_batch(const BatchHeader& header, const std::vector<std::string>& records);

/// Splits and checks the frame: header complete and within range, as many lines as it says, each within
/// kRecordBytesMax. What stands in a record is not looked at here: a record that can't be understood must not stop
/// the others. Every fault with its place ("header.first_seq", "line 3"). Of a header of another protocol version
/// nothing but that is said ("header.protocol"): its other members may mean something else.
[[nodiscard]] Expected<Batch, survey::Faults> decode_batch(std::string_view body);

/// What to answer when decode_batch refused a body: unsupported for another protocol version, too_large for too many
/// records or bytes, malformed otherwise. REQUIRES: not empty.
[[nodiscard]] Problem problem_of(const survey::Faults& faults);

}  // namespace hailong::sync
