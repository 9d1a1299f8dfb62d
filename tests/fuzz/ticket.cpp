// What a scanner types: anything that people hold before it.
#include "kiosk/visit/ticket.h"

#include "survey/base/check.h"
#include "tests/fuzz/targets.h"

namespace hailong::fuzz {

using survey::check;

namespace {

survey::Center center() {
    survey::Center center;
    center.counters = {{{"TP"}, {}, {}, 1}};
    center.fields = {{{"ho-tich"}, {}}};
    center.procedures = {{{"p-001"}, "1.001193", {}, {"ho-tich"}, {"TP"}}};
    center.tickets = {{"TP", {"TP"}, {}}, {"TP1", {"TP"}, {"p-001"}}, {"a.b-c", {"TP"}, {}}};
    return center;
}

}  // namespace

void ticket(std::string_view input) {
    const survey::Center known = center();
    const kiosk::Ticket ticket = kiosk::parse_ticket(input, known);
    if (!ticket.recognised) return check(ticket == kiosk::Ticket{}, "what is no ticket is forgotten");
    check(input.size() <= kiosk::kTicketBytesMax, "the limit is kept");
    check(!ticket.code.empty() && ticket.code.size() <= input.size() + 1, "a code is what was scanned");
    check(ticket.counter.empty() || known.counter(ticket.counter) != nullptr, "a counter is one of the center's");
    check(ticket.procedure.empty() == ticket.field.empty(), "a procedure comes with its field");
    check(ticket.daily || kiosk::is_dossier_code(ticket.code), "a code is a dossier's or a queue's");
    check(kiosk::parse_ticket(ticket.code, known).code == ticket.code, "a code reads as itself");
}

}  // namespace hailong::fuzz
