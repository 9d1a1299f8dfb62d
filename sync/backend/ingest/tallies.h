// From a counted response to rows of tallies: the one place that knows which rows it adds to.
#pragma once

#include <utility>

#include "survey/time_evidence.h"
#include "sync/backend/model/tally.h"
#include "sync/backend/store/with_transaction.h"

namespace hailong::sync {

/// Adds one valid response to `sheet`: each subject by day, the officer by month as well. The day is the one in Vietnam
/// at the resolved time. Each tally says how it came by that time.
void count(const survey::Response& response, const survey::Questionnaire& questionnaire,
           const survey::ResolvedTime& time, survey::TallySheet& sheet);

/// Writes what was added up, in one call of the store or none.
[[nodiscard]] StoreResult<void> write_tallies(const CenterSheets& sheets, Transaction& transaction);

/// with_transaction() around `work(Transaction&, CenterSheets&)`: what it counted is written before the commit.
template <class Work>
[[nodiscard]] auto with_tallies(Store& store, Work&& work)
    -> decltype(work(std::declval<Transaction&>(), std::declval<CenterSheets&>())) {
    return with_transaction(
        store, [&](Transaction& transaction) -> decltype(work(transaction, std::declval<CenterSheets&>())) {
            CenterSheets sheets;
            auto result = work(transaction, sheets);
            if (!result) return result;
            const auto written = write_tallies(sheets, transaction);
            if (!written) return unexpected(written.error());
            return result;
        });
}

}  // namespace hailong::sync
