// A response as a terminal keeps and sends it: canonical JSON with the terminal's id and a sequence number.
// The bytes are written once and never re-serialised; the chain runs over them. sync/protocol/PROTOCOL.md is the
// format's specification.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "survey/base/expected.h"
#include "survey/base/fault.h"
#include "survey/base/ids.h"
#include "survey/chain.h"
#include "survey/response.h"

namespace hailong::survey {

/// The version of the record format this code writes, and the highest it understands.
inline constexpr std::int64_t kRecordFormat = 1;

/// Longest record accepted, in bytes: 200 answers with the longest identifiers, and what stands beside them.
inline constexpr std::size_t kRecordBytesMax = 65'536;

/// The highest number of a record, for terminals and backend alike: one each second for 34,000 years. It leaves the
/// backend's store room for the terminal in the same 63 bits.
inline constexpr std::int64_t kSeqMax = (std::int64_t{1} << 40) - 1;

struct Record {
    KioskId kiosk;
    std::int64_t seq = 0;  // 1, 2, 3 ... without gaps, up to kSeqMax
    Response response;
    bool operator==(const Record&) const = default;
};

/// Longest sealed text, in bytes: 2,000 characters of Vietnamese are 6,000 at most; and how many stand beside one
/// record: a form asks for text in a few places.
inline constexpr std::size_t kSealedTextBytesMax = 16'384;
inline constexpr std::size_t kSealedTextsMax = 16;

/// What somebody wrote, sealed for the backend (survey/crypto/sealed_text.h). It travels beside record `seq`, which
/// holds only its hash.
struct SealedText {
    std::int64_t seq = 0;  // 0 until the journal gave the record its number
    ItemId item;
    std::string bytes;
    bool operator==(const SealedText&) const = default;
};

/// Why numbers stand for no record.
enum class SkipReason {
    damaged,     // their records could not be read any more on the terminal's disk
    renumbered,  // their answers stand under later numbers, with the same ids
    pruned,      // confirmed once, and no longer on the terminal when they were asked for again
    unknown      // perhaps never given out: the terminal lost count
};
/// "damaged", "renumbered", "pruned", "unknown": stable, on the terminal's disk, on the wire and in the backend's
/// store.
[[nodiscard]] std::string_view name(SkipReason reason);
[[nodiscard]] std::optional<SkipReason> parse_skip_reason(std::string_view word);

/// Numbers, both ends included, that stand for no record of the terminal and never will.
struct Skip {
    std::int64_t first_seq = 1;
    std::int64_t last_seq = 1;
    SkipReason reason = SkipReason::unknown;
    bool operator==(const Skip&) const = default;
};

/// Canonical JSON without a line break: decode(encode(r)) == r.
[[nodiscard]] std::string encode(const Record& record);

/// Every fault with its place. Unknown members are ignored here (the raw bytes are what is kept).
/// A "format" above kRecordFormat is a fault with place "format".
[[nodiscard]] Expected<Record, Faults> decode(std::string_view bytes);

}  // namespace hailong::survey
