// What a call of the store gave, or the end of the test. Read without asking first, an error looks like a value: its
// kind stands where the number would.
#pragma once

#include <stdexcept>
#include <utility>

#include "kiosk/journal/store_error.h"
#include "survey/base/expected.h"

namespace hailong::test {

template <class Value>
[[nodiscard]] Value must(Expected<Value, kiosk::StoreError> result) {
    if (!result) throw std::runtime_error(describe(result.error()));
    return std::move(*result);
}

}  // namespace hailong::test
