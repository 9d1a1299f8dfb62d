// Whole journals, and batches as the endpoints get them.
#pragma once

#include <cstdint>
#include <string>

#include "tests/sync/backend/sample.h"

namespace hailong::sync::sample {

/// `count` visits of one terminal, the first of them visit number `from`.
inline Journal journal_of(std::uint64_t count, const std::string& kiosk = "K1", std::uint64_t from = 1) {
    Journal journal(kiosk);
    for (std::uint64_t i = 0; i < count; ++i)
        journal.add(visit(from + i));
    return journal;
}

/// Signed by its terminal.
inline std::string body_of(const Batch& batch) {
    return encode_batch(batch.header, batch.records, batch.texts, sign_key(batch.header.kiosk.text));
}

}  // namespace hailong::sync::sample
