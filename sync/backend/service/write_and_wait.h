// Something to be written by the one writer, waited for.
#pragma once

#include <future>
#include <memory>
#include <optional>
#include <utility>

#include "sync/backend/api/write_queue.h"

namespace hailong::sync {

/// What `step(Transaction&)`, a StoreResult of a value, gave when it was committed. Not from the writer's thread.
template <class Step>
[[nodiscard]] auto write_and_wait(WriteQueue& queue, Step step) -> decltype(step(std::declval<Transaction&>())) {
    using Value = typename decltype(step(std::declval<Transaction&>()))::value_type;
    const auto value = std::make_shared<std::optional<Value>>();
    const auto outcome = std::make_shared<std::promise<StoreResult<void>>>();
    auto written = outcome->get_future();
    queue.run_soon(
        [value, step = std::move(step)](Transaction& transaction) -> StoreResult<void> {
            auto done = step(transaction);
            if (!done) return unexpected(done.error());
            *value = std::move(*done);
            return {};
        },
        [outcome](StoreResult<void> result) { outcome->set_value(std::move(result)); });
    const auto result = written.get();
    if (!result) return unexpected(result.error());
    return std::move(**value);
}

}  // namespace hailong::sync
