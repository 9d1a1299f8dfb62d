// One durable step around whatever is written: begin, the work, commit.
#pragma once

#include <memory>
#include <utility>

#include "sync/backend/store/store.h"

namespace hailong::sync {

/// What `work(Transaction&)` returns, which is a StoreResult<...>, once it is durable. An error of the work, or of the
/// commit: nothing was written.
template <class Work>
[[nodiscard]] auto with_transaction(Store& store, Work&& work) -> decltype(work(std::declval<Transaction&>())) {
    auto transaction = store.write();
    if (!transaction) return unexpected(transaction.error());
    auto result = work(**transaction);
    if (!result) return result;
    const auto committed = (*transaction)->commit();
    if (!committed) return unexpected(committed.error());
    return result;
}

}  // namespace hailong::sync
