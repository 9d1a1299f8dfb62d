// A batch: consecutive records of one terminal on their way to the backend. PROTOCOL.md is the specification.
//
// On the wire a batch is lines of UTF-8, each ended by one line feed: first the header, canonical JSON; then one line
// a record, its bytes exactly as the terminal stored and hashed them; then one line for each sealed text;
// last the signature. Bytes are never re-serialised on the way.
//
// The signature is over the header's bytes, which name the chain value that the records lead to and the hash of the
// texts: so it stands for all of them, and can be checked later with the header alone.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "survey/base/expected.h"
#include "survey/base/fault.h"
#include "survey/base/ids.h"
#include "survey/base/time.h"
#include "survey/crypto/digest.h"
#include "survey/crypto/keys.h"
#include "survey/record.h"
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
/// Most sealed texts in one batch, and most bytes of one before base64 (texts of 4,000 bytes need 4,400).
inline constexpr std::size_t kBatchTextsMax = 2'000;
/// Most skipped ranges and most days that a header names.
inline constexpr std::size_t kSkippedMax = 64;
inline constexpr std::size_t kCountedDaysMax = 100;
/// Most numbers that they may stand for: a thousandth of all, so that no terminal uses its numbers up at once. One
/// answer a second for 34 years.
inline constexpr std::int64_t kSkippedNumbersMax = std::int64_t{1} << 30u;
/// Longest id of a start of the machine, in bytes.
inline constexpr std::size_t kBootBytesMax = 64;

/// What the terminal knows of itself; travels with every batch so that both ends can compare their counts.
struct Counters {
    std::int64_t collected = 0;  // records in the terminal's journal
    std::int64_t delivered = 0;  // of them confirmed by receipts so far
    /// Of the last days, by the terminal's own clock: how many were collected on each.
    std::map<survey::Date, std::int64_t> days = {};
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
    std::string boot;                                    // id of the terminal's present start; empty: not said
    std::optional<survey::milliseconds> sent_monotonic;  // its monotonic clock when it sends
    std::vector<survey::Skip> skipped;                   // in ascending order, apart from each other
    std::int64_t texts = 0;                              // lines of texts below, 0 to kBatchTextsMax
    survey::Digest texts_hash;                           // SHA-256 of those lines with their line feeds
    bool operator==(const BatchHeader&) const = default;
};

struct Batch {
    BatchHeader header;
    std::string header_bytes;          // as received: unknown members are kept
    std::vector<std::string> records;  // bytes as received, in order
    std::vector<survey::SealedText> texts;
    survey::Signature signature;  // not looked at yet: see is_signed_by
    bool operator==(const Batch&) const = default;
};

/// The uncompressed body, signed. The header's `texts` and `texts_hash` are filled in here.
/// REQUIRES: header.count == records.size(), no record holds a line feed, texts are within their limits.
[[nodiscard]] std::string encode_batch(const BatchHeader& header, const std::vector<std::string>& records,
                                       const std::vector<survey::SealedText>& texts, const survey::SignSecretKey& key);

/// Why a body is no batch, and every fault with its place ("header.first_seq", "line 3").
struct BatchRefusal {
    ProblemKind kind = ProblemKind::malformed;  // or unsupported (another protocol version), or too_large
    survey::Faults faults;
    bool operator==(const BatchRefusal&) const = default;
};

/// Splits and checks the frame: header complete and within range, as many lines as it says, records each within
/// kRecordBytesMax, texts as the header's hash has them, a signature, lines ended by a line feed alone. What stands in
/// a record is not looked at here: a record that can't be understood must not stop the others. Of a first line of
/// another protocol version nothing but that is said ("header.protocol"), whatever follows it: all else may mean
/// something else.
[[nodiscard]] Expected<Batch, BatchRefusal> decode_batch(std::string_view body);

/// A header alone, as it was kept: complete and within range as decode_batch wants it.
[[nodiscard]] Expected<BatchHeader, survey::Faults> decode_header(std::string_view header_bytes);

/// Whether the header was signed by this key: "hailong-batch-1", a line feed, the header's bytes.
[[nodiscard]] bool is_signed_by(std::string_view header_bytes, const survey::Signature& signature,
                                const survey::SignPublicKey& key);

/// What to answer when decode_batch refused a body.
[[nodiscard]] Problem problem_of(const BatchRefusal& refusal);

}  // namespace hailong::sync
