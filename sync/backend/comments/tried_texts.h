// Whether what people wrote can be opened at all: a terminal that seals for a wrong key loses its texts in silence,
// until somebody wants to read them months later. So new ones are tried with the key of texts, where that is at hand.
// Nothing of a text is kept or shown. Pure over the store's interface.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "survey/crypto/keys.h"
#include "sync/backend/store/store.h"

namespace hailong::sync {

/// Records with texts that are tried of each terminal at a time: the newest.
inline constexpr std::size_t kTriedOfTerminalMax = 100;
/// Most numbers of records named in one incident.
inline constexpr std::size_t kUnopenedNamedMax = 20;

/// What is known of it, as the store remembers it.
struct TriedTexts {
    std::optional<survey::UtcTime> time;           // of the last try; empty: there was none
    std::map<survey::KioskId, std::int64_t> last;  // record of each terminal that was tried
    std::int64_t unopened = 0;                     // texts that could not be opened, of all tries
    bool operator==(const TriedTexts&) const = default;
};

/// Empty when nothing was tried.
[[nodiscard]] StoreResult<TriedTexts> tried_texts(FactReader& facts);

/// What one try found.
struct TextTry {
    std::map<survey::KioskId, std::int64_t> last;
    std::vector<TextPlace> unopened;  // in order of place
    std::int64_t opened = 0;
};
/// Opens the newest texts of every terminal that were not tried before. O(terminals).
[[nodiscard]] StoreResult<TextTry> try_texts(const TriedTexts& before, const survey::BoxSecretKey& key,
                                             Snapshot& snapshot);
/// Remembers it, with an incident for each terminal whose texts could not be opened.
[[nodiscard]] StoreResult<TriedTexts> keep_try(const TextTry& found, survey::UtcTime now, Transaction& transaction);

/// "last tried with their key at 2026-...", "never tried with their key"; with how many could not be opened.
[[nodiscard]] std::string sentence_of(const TriedTexts& tried);
/// The name under which the store remembers it.
inline constexpr const char* kTextsFact = "texts";

}  // namespace hailong::sync
