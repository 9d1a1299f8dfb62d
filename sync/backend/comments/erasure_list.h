// What people had erased, as a list outside the store: a store that is put back from a backup holds again what was
// erased since, or gets it again from a terminal, and only this list knows of it. It names responses by their id, which
// a number of another history could not stand in for. No texts.
// Pure over the store's interface.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "survey/base/expected.h"
#include "survey/base/uuid.h"
#include "sync/backend/store/store.h"

namespace hailong::sync {

struct ListedErasure {
    std::optional<survey::Uuid> id;  // of the response; empty: its record could not be read
    Erasure erasure;
    bool operator==(const ListedErasure&) const = default;
};

/// A line of JSON each.
[[nodiscard]] std::string encode_erasures(const std::vector<ListedErasure>& list);
/// The error names the first line that can't be read.
[[nodiscard]] Expected<std::vector<ListedErasure>, std::string> decode_erasures(std::string_view text);

/// The same text: one of them in a list is enough.
[[nodiscard]] bool is_same_text(const ListedErasure& one, const ListedErasure& other);

/// Of the list, what the store does not know to be erased, or would take when it comes: a copy of the store that is
/// older than the list. O(list), a few rows each.
[[nodiscard]] StoreResult<std::vector<ListedErasure>> erasures_not_stored(const std::vector<ListedErasure>& list,
                                                                          Snapshot& snapshot);

/// How many of `list` belong to records that are stored; the others may be of another backend, or of records that came
/// later. O(list) look-ups.
[[nodiscard]] StoreResult<std::size_t> count_of_stored_records(const std::vector<ListedErasure>& list,
                                                               Snapshot& snapshot);

/// Erases what the list names, wherever its response stands. What is not stored is remembered, beside what was before:
/// it is not taken when it comes (erase_awaited()). REQUIRES: nobody serves the store, whose references are loaded anew
/// behind it.
[[nodiscard]] StoreResult<void> erase_listed(const std::vector<ListedErasure>& list, Transaction& transaction);
/// Makes the texts of the responses with these ids erased wherever they stand, if they are among `awaited`. Idempotent.
[[nodiscard]] StoreResult<void> erase_awaited(const std::vector<ListedErasure>& awaited,
                                              std::span<const survey::Uuid> ids, Transaction& transaction);
/// Those that are remembered.
[[nodiscard]] StoreResult<std::vector<ListedErasure>> awaited_erasures(FactReader& facts);

/// The name under which the store remembers them.
inline constexpr const char* kErasedFact = "erased";

}  // namespace hailong::sync
