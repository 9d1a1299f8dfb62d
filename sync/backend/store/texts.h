// Sealed texts beside records, and the traces of those that were erased. A text never changes, and goes only behind its
// trace; a trace never goes.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "sync/backend/model/sealed_text.h"
#include "sync/backend/store/documents.h"

namespace hailong::sync {

class TextReader {
  public:
    virtual ~TextReader() = default;
    /// Beside one record, in order of item.
    [[nodiscard]] virtual StoreResult<std::vector<StoredText>> of_record(const survey::KioskId& kiosk,
                                                                         std::int64_t seq) = 0;
    /// After `after` in order of kiosk, seq and item, at most `count_max`.
    [[nodiscard]] virtual StoreResult<std::vector<StoredText>> page(const TextPlace& after, std::size_t count_max) = 0;
    /// Those of the `count_max` highest numbers of one terminal, in order of place; all texts of a record count as one.
    [[nodiscard]] virtual StoreResult<std::vector<StoredText>> last_of(const survey::KioskId& kiosk,
                                                                       std::size_t count_max) = 0;
    /// Of those received before `before`, at most `count_max`.
    [[nodiscard]] virtual StoreResult<std::vector<TextPlace>> received_before(survey::UtcTime before,
                                                                              std::size_t count_max) = 0;
    /// Of one record, in order of item.
    [[nodiscard]] virtual StoreResult<std::vector<Erasure>> erasures_of_record(const survey::KioskId& kiosk,
                                                                               std::int64_t seq) = 0;
    /// In order of place, after `after`, at most `count_max`.
    [[nodiscard]] virtual StoreResult<std::vector<Erasure>> erasures(const TextPlace& after, std::size_t count_max) = 0;
    /// The last `count_max` of one terminal, newest first.
    [[nodiscard]] virtual StoreResult<std::vector<Erasure>> newest_erasures(const survey::KioskId& kiosk,
                                                                            std::size_t count_max) = 0;
};

class TextWriter : public TextReader {
  public:
    /// Keeps each, unless one stands there already or was erased.
    [[nodiscard]] virtual StoreResult<void> add(std::span<const StoredText> texts) = 0;
    /// Removes the texts and keeps the traces; also where there is no text (so that none comes back). Which of them
    /// were not erased before, in the order given. Raises `erased` of their terminals. The bytes are overwritten.
    [[nodiscard]] virtual StoreResult<std::vector<TextPlace>> erase(std::span<const Erasure> erasures) = 0;
};

}  // namespace hailong::sync
