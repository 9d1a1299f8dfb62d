#include "sync/backend/model/terminal_day.h"

namespace hailong::sync {

TerminalDay& TerminalDay::operator+=(const TerminalDay& more) {
    stored += more.stored;
    counted += more.counted;
    quarantined += more.quarantined;
    copies += more.copies;
    return *this;
}

survey::Date claimed_day(const survey::Response* response, survey::UtcTime received) {
    if (response == nullptr) return survey::local_date(received);
    return survey::local_day(*response);
}

TerminalDay terminal_day(const StoredRecord& record, const survey::Response* response, bool is_copy) {
    TerminalDay day{record.kiosk, claimed_day(response, record.received)};
    if (is_copy) {
        day.copies = 1;
        return day;
    }
    day.stored = 1;
    (!record.quarantine_reason ? day.counted : day.quarantined) = 1;
    return day;
}

}  // namespace hailong::sync
