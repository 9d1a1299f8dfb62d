// Terminals: how far their records came, their keys and codes, their starts, what they say of their days and of
// themselves.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sync/backend/model/terminal.h"
#include "sync/backend/model/terminal_day.h"
#include "sync/backend/model/totals.h"
#include "sync/backend/store/documents.h"

namespace hailong::sync {

class TerminalReader {
  public:
    virtual ~TerminalReader() = default;
    [[nodiscard]] virtual StoreResult<std::optional<Terminal>> terminal(const survey::KioskId& kiosk) = 0;
    /// Empty for an empty hash: revoked terminals have none.
    [[nodiscard]] virtual StoreResult<std::optional<Terminal>> by_token(const std::string& token_hash) = 0;
    /// In order of kiosk, at most `count_max`, after `after`.
    [[nodiscard]] virtual StoreResult<std::vector<Terminal>> page(const survey::KioskId& after,
                                                                  std::size_t count_max) = 0;
    /// A center's, in order of kiosk. O(its terminals).
    [[nodiscard]] virtual StoreResult<std::vector<Terminal>> of_center(const survey::CenterId& center) = 0;
    /// O(its terminals).
    [[nodiscard]] virtual StoreResult<CenterTotals> totals(const survey::CenterId& center) = 0;
    /// In the order they came.
    [[nodiscard]] virtual StoreResult<std::vector<TerminalKey>> keys(const survey::KioskId& kiosk) = 0;
    [[nodiscard]] virtual StoreResult<std::optional<EnrolmentCode>> code(const std::string& code_hash) = 0;
    /// The start, when the terminal sent from it and it is not forgotten yet.
    [[nodiscard]] virtual StoreResult<std::optional<Boot>> boot(const survey::KioskId& kiosk,
                                                                const std::string& boot) = 0;
    /// Of a center's terminals from `first` to `last`, both included, in order of kiosk and day.
    [[nodiscard]] virtual StoreResult<std::vector<TerminalDay>> days(const survey::CenterId& center, survey::Date first,
                                                                     survey::Date last) = 0;
    /// Of one terminal, all, in order of day.
    [[nodiscard]] virtual StoreResult<std::vector<TerminalDay>> days_of(const survey::KioskId& kiosk) = 0;
    /// What terminals last said of themselves, in order of kiosk, at most `count_max`, after `after`; who never said
    /// anything is left out.
    [[nodiscard]] virtual StoreResult<std::vector<HeardStatus>> statuses(const survey::KioskId& after,
                                                                         std::size_t count_max) = 0;
};

class TerminalWriter : public TerminalReader {
  public:
    /// Adds or replaces by kiosk id, but for `erased`, which is 0 at first and raised by erasing alone. A conflict when
    /// another terminal has its token.
    [[nodiscard]] virtual StoreResult<void> put(const Terminal& terminal) = 0;
    /// Adds; the same key again changes nothing.
    [[nodiscard]] virtual StoreResult<void> add_key(const TerminalKey& key) = 0;
    /// Adds or replaces by its hash.
    [[nodiscard]] virtual StoreResult<void> put_code(const EnrolmentCode& code) = 0;
    /// Forgets every code made for that terminal, used or not.
    [[nodiscard]] virtual StoreResult<void> end_codes(const survey::KioskId& kiosk) = 0;
    /// Adds or replaces the start, and forgets those whose turn is `forget_until` or before.
    [[nodiscard]] virtual StoreResult<void> put_boot(const survey::KioskId& kiosk, const Boot& boot,
                                                     std::int64_t forget_until) = 0;
    /// Adds `stored`, `counted`, `quarantined` and `copies` of each to what stands there; `collected` replaces, when it
    /// is not 0. A conflict for a day before 1970 or after 9999.
    [[nodiscard]] virtual StoreResult<void> add_days(std::span<const TerminalDay> days) = 0;
    /// Puts each in the place of what that terminal said before. REQUIRES: encode() takes them
    /// (sync/protocol/status.h).
    [[nodiscard]] virtual StoreResult<void> put_statuses(std::span<const HeardStatus> statuses) = 0;
};

}  // namespace hailong::sync
