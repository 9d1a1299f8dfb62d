// Batches as the endpoints get them.
#pragma once

#include <string>

#include "tests/sync/backend/sample.h"

namespace hailong::sync::sample {

/// `count` visits of one terminal.
inline Journal journal_of(int count, const std::string& kiosk = "K1") {
    Journal journal(kiosk);
    for (int i = 1; i <= count; ++i)
        journal.add(visit(static_cast<std::uint64_t>(i)));
    return journal;
}

/// Signed by its terminal.
inline std::string body_of(const Batch& batch) {
    return encode_batch(batch.header, batch.records, batch.texts, sign_key(batch.header.kiosk.text));
}

}  // namespace hailong::sync::sample
