// What a scanned ticket or receipt says about a visit. A rating is never refused for a bad code (DOMAIN section 8):
// what can't be read is simply no ticket. Pure, bounded, never fails.
//
// Two things are printed at a center and scanned here:
// - A dossier code (mã số hồ sơ), bare or within a web address (TT 01/2018/TT-VPCP Art 19.2: a receipt may carry its
//   code as bar code or QR; what else stands in it is not standardised). Both lawful forms are known:
//   V1V2V3.Z1Z2.Y1Y2.MX1X2-YYMMDD-XXXX (QCVN 102:2016) and MX1X2.Y1Y2Y3.Z1Z2-YYMMDD-XXXX (TT 03/2025 Art 13.3).
//   It names agency and day, not the counter; a procedure's national code beside it in the same address names the rest.
// - A queue ticket, by the center's rules (Center::tickets).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "survey/base/time.h"
#include "survey/center.h"

namespace hailong::kiosk {

/// Most bytes of a scan that are looked at. The longest QR code in use on receipts is an address of some 200.
inline constexpr std::size_t kTicketBytesMax = 512;

struct Ticket {
    /// In one spelling: capital letters, a queue number as prefix, hyphen and digits. Empty when nothing was
    /// recognised: what else people hold before a scanner (an identity card) is forgotten at once.
    std::string code;
    survey::CounterId counter;      // empty: the code does not say
    survey::ProcedureId procedure;  // empty: the code does not say
    survey::FieldId field;          // the procedure's
    /// A queue number: the same one is given out again the next day.
    bool daily = false;
    bool recognised = false;
    bool operator==(const Ticket&) const = default;
};

/// A dossier code anywhere in the text wins over a queue number. Of queue rules the longest prefix wins; behind it
/// stand 1 to 12 digits, with - or . between. Longer than kTicketBytesMax: not recognised.
[[nodiscard]] Ticket parse_ticket(std::string_view scanned, const survey::Center& center);

/// Whether `text`, in capitals, is a dossier code of either form with a real day in it.
[[nodiscard]] bool is_dossier_code(std::string_view text);

/// What tells this ticket from every other one: the code, and for a queue number the day it was used. Empty when not
/// recognised.
[[nodiscard]] std::string ticket_key(const Ticket& ticket, survey::Date day);

}  // namespace hailong::kiosk
