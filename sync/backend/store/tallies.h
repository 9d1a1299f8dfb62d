// Exact counts by center: what every figure is made of.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "sync/backend/model/tally.h"
#include "sync/backend/store/documents.h"

namespace hailong::sync {

class TallyReader {
  public:
    virtual ~TallyReader() = default;
    /// In no particular order. O(rows found).
    [[nodiscard]] virtual StoreResult<std::vector<TallyRow>> find(const TallyQuery& query) = 0;
    /// Every row of a center: what verify compares.
    [[nodiscard]] virtual StoreResult<std::vector<TallyRow>> of_center(const survey::CenterId& center) = 0;
    /// Every center that has rows, also those whose document is gone; in order.
    [[nodiscard]] virtual StoreResult<std::vector<survey::CenterId>> centers() = 0;
};

class TallyWriter : public TallyReader {
  public:
    /// Adds each tally to what stands at its key. A conflict for a day before 1970 or after 9999.
    [[nodiscard]] virtual StoreResult<void> add(const CenterSheets& sheets) = 0;
    /// Takes each tally off what stands at its key. A row that comes to nothing goes. A conflict when that was never
    /// added.
    [[nodiscard]] virtual StoreResult<void> subtract(const CenterSheets& sheets) = 0;
};

}  // namespace hailong::sync
