// The same response under several numbers, or from several terminals: a disk that was put back from a copy sends again
// under a new number what it can't prove. Its texts are one text: shown once, and erased everywhere or nowhere.
// Pure over the store's interface.
#pragma once

#include <set>
#include <span>
#include <vector>

#include "sync/backend/comments/sealed_texts.h"
#include "sync/backend/store/store.h"

namespace hailong::sync {

/// The items of a record that have texts; none when the record can't be read.
[[nodiscard]] std::set<survey::ItemId> items_with_texts(const StoredRecord& record);

/// Makes the texts of the responses with these ids erased at every place of theirs where they are erased at one, and
/// leaves a trace at each, so that none comes later; at which places it was not so before. Idempotent. O(ids), and
/// nothing when nothing was ever erased.
[[nodiscard]] StoreResult<std::vector<TextPlace>> erase_copies(std::span<const survey::Uuid> ids, survey::UtcTime now,
                                                               Transaction& transaction);

/// Of `texts`, those that are not another of the store's, under an earlier place that `filter` means, too.
/// REQUIRES: in order of place.
[[nodiscard]] StoreResult<std::vector<StoredText>> without_copies(std::vector<StoredText> texts,
                                                                  const TextFilter& filter, Snapshot& snapshot);

}  // namespace hailong::sync
