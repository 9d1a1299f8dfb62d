// Free text (a comment, a telephone number), which lies sealed beside its record: who holds its key opens it; anybody's
// can be erased without a gap in the chain, because the record holds only its hash. What stays of an erased text is a
// trace that there was one, which also keeps it from coming back when a terminal sends again.
// Pure over the store's interface.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "survey/base/expected.h"
#include "survey/base/ids.h"
#include "survey/base/time.h"
#include "survey/crypto/keys.h"
#include "sync/backend/store/store.h"

namespace hailong::sync {

/// Which texts are meant: all, one terminal's, or those of one record. `seq` only beside `kiosk`.
struct TextFilter {
    std::optional<survey::KioskId> kiosk;
    std::optional<std::int64_t> seq;
};

/// Texts, or traces of them, read at once.
inline constexpr std::size_t kTextPage = 500;

/// At most kTextPage of the texts that are meant, in order of place; the next ones are asked for with the place of the
/// last as `after`. Empty: there are no more.
[[nodiscard]] StoreResult<std::vector<StoredText>> texts_of(const TextFilter& filter, const TextPlace& after,
                                                            TextReader& reader);

/// What stands in a sealed text, or a sentence that says why it can't be read.
using OpenedText = Expected<std::string, std::string>;

/// Each of `texts` opened with `key`, in their order: when it fits, and it is the text whose hash its record holds.
/// REQUIRES: in order of place. Records are read in pages.
[[nodiscard]] StoreResult<std::vector<OpenedText>> open_stored(std::span<const StoredText> texts,
                                                               const survey::BoxSecretKey& key, RecordReader& reader);

/// Longest reason for erasing, in bytes: a sentence.
inline constexpr std::size_t kErasureReasonBytesMax = 200;

struct ErasedTexts {
    std::optional<survey::Uuid> id;  // of the response
    std::vector<survey::ItemId> erased;
    std::vector<survey::ItemId> before;  // that were erased already
    std::vector<TextPlace> copies;       // erased with them: of the same response, under other numbers
    bool operator==(const ErasedTexts&) const = default;
};

/// Erases the text of one item, or of every item of a record that has one, whether it came or not: none comes later,
/// and none stays under another number that the same response came under.
/// The inner error is a sentence: no such record, or it has no such text; then nothing was written.
[[nodiscard]] StoreResult<Expected<ErasedTexts, std::string>> erase_texts(
    const survey::KioskId& kiosk, std::int64_t seq, const std::optional<survey::ItemId>& item,
    const std::string& reason, survey::UtcTime now, Transaction& transaction);

/// How long texts are kept, in days.
inline constexpr std::int64_t kKeepTextsDays = 365;
inline constexpr std::int64_t kKeepTextsDaysMax = 36'500;

/// Most texts erased in one transaction by age: it lasts some milliseconds, and batches that come in wait no longer.
inline constexpr std::size_t kErasedAtOnceMax = 500;
/// Most of those received long ago that are looked at for it.
inline constexpr std::size_t kOldLookedAtMax = 5'000;
/// Why texts of that age are gone, as it stands in their trace.
inline constexpr const char* kErasedByAge = "kept as long as set";

/// Erases at most kErasedAtOnceMax texts that were received longer than `keep` ago, each with its copies under other
/// numbers; how many it was. Two clocks must say
/// so: a text whose answer was finished later than that by its terminal's clock stays, because the backend's own clock
/// may have been wrong when it came.
[[nodiscard]] StoreResult<std::int64_t> erase_old_texts(std::chrono::days keep, survey::UtcTime now,
                                                        Transaction& transaction);

}  // namespace hailong::sync
