// A store in memory: what tests of the other rooms stand on, held to the same contract as the real ones. Ordinary maps,
// copied where a transaction changes them; nothing is durable.
#pragma once

#include <memory>

#include "sync/backend/store/store.h"

namespace hailong::sync::sample {

/// One transaction at a time: another one is told `busy`.
[[nodiscard]] std::unique_ptr<Store> make_memory_store();

}  // namespace hailong::sync::sample
