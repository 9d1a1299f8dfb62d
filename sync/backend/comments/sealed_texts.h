// Free text (a comment, a telephone number), which lie sealed beside their records: who holds their key opens them;
// anybody's can be erased without a gap in the chain, because the record holds only their hash. What stays of erased
// texts is a trace that there were some, which also keeps them from coming back when a terminal sends again.
// Pure over the store's interface.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
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

/// Calls `visit` for each sealed text that is meant, in order of kiosk, seq and item.
[[nodiscard]] StoreResult<void> each_text_of(const TextFilter& filter, Reader& reader,
                                             const std::function<void(const StoredText&)>& visit);

/// The texts in `sealed`, when `key` opens it and they are those whose hash its record holds; otherwise a sentence that
/// says why not.
[[nodiscard]] StoreResult<Expected<std::string, std::string>> open_stored(const StoredText& sealed,
                                                                          const survey::BoxSecretKey& key,
                                                                          Reader& reader);

/// Longest reason for erasing, in bytes: a sentence.
inline constexpr std::size_t kErasureReasonBytesMax = 200;

struct ErasedTexts {
    std::vector<survey::ItemId> erased;
    std::vector<survey::ItemId> before;  // that were erased already
    bool operator==(const ErasedTexts&) const = default;
};

/// Erases the texts of one item, or of every item of a record that has texts, whether their texts came or not: none
/// comes later. The inner error is a sentence: no such record, or it has no such texts; then nothing was written.
[[nodiscard]] StoreResult<Expected<ErasedTexts, std::string>> erase_texts(
    const survey::KioskId& kiosk, std::int64_t seq, const std::optional<survey::ItemId>& item,
    const std::string& reason, survey::UtcTime now, WriteTransaction& transaction);

/// How long texts are kept, in days.
inline constexpr std::int64_t kKeepTextsDays = 365;
inline constexpr std::int64_t kKeepTextsDaysMax = 36'500;

/// Most texts erased in one transaction by age: it lasts some milliseconds, and batches that come in wait no longer.
inline constexpr std::size_t kErasedAtOnceMax = 500;
/// Why texts of that age are gone, as it stands in their trace.
inline constexpr const char* kErasedByAge = "kept as long as set";

/// Erases at most kErasedAtOnceMax texts that were received longer than `keep` ago; how many it was.
[[nodiscard]] StoreResult<std::int64_t> erase_old_texts(std::chrono::days keep, survey::UtcTime now,
                                                        WriteTransaction& transaction);

}  // namespace hailong::sync
