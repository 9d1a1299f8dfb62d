// What ingest answered, where the test knows which it must be.
#pragma once

#include <gtest/gtest.h>

#include "sync/backend/ingest/ingest.h"

namespace hailong::sync::sample {

inline Ingested accepted(const StoreResult<IngestAnswer>& answer) {
    EXPECT_TRUE(answer.has_value());
    EXPECT_TRUE(answer->has_value()) << (answer->has_value() ? "" : answer->error().detail);
    return answer->value_or(Ingested{});
}

inline Problem refused(const StoreResult<IngestAnswer>& answer) {
    EXPECT_TRUE(answer.has_value());
    EXPECT_FALSE(answer->has_value());
    return answer->has_value() ? Problem{} : answer->error();
}

}  // namespace hailong::sync::sample
