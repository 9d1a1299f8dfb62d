// What of the tallies is public. Kept, because what was public yesterday can't be taken back: what may follow depends
// on it, and from the tallies alone nobody could tell.
#pragma once

#include <optional>

#include "sync/backend/model/public_tally.h"
#include "sync/backend/store/documents.h"

namespace hailong::sync {

class PublicTallyReader {
  public:
    virtual ~PublicTallyReader() = default;
    /// Rows of the days, and of the months that begin on a day, from `first` to `last`, both included. O(rows found).
    [[nodiscard]] virtual StoreResult<PublicSheet> find(const survey::CenterId& center, survey::Date first,
                                                        survey::Date last) = 0;
    /// Empty for a center whose figures were never made public.
    [[nodiscard]] virtual StoreResult<std::optional<Release>> last_release(const survey::CenterId& center) = 0;
};

class PublicTallyWriter : public PublicTallyReader {
  public:
    /// Puts `rows` in the place of all that find() gives for these days. A conflict for a row of another day, or of one
    /// before 1970 or after 9999.
    [[nodiscard]] virtual StoreResult<void> replace(const survey::CenterId& center, survey::Date first,
                                                    survey::Date last, const PublicSheet& rows) = 0;
    /// Numbers it one higher than the last.
    [[nodiscard]] virtual StoreResult<void> note_release(const survey::CenterId& center, survey::Date day) = 0;
};

}  // namespace hailong::sync
