#include "kiosk/journal/tickets.h"

#include <cerrno>
#include <string_view>
#include <system_error>

#include <sys/random.h>

#include "kiosk/journal/state_rows.h"
#include "survey/tally_sheet.h"

namespace hailong::kiosk {
namespace {

/// From the system's generator; it never gives less for so few bytes.
KeyBytes random_key() {
    KeyBytes key{};
    if (getrandom(key.data(), key.size(), 0) != static_cast<ssize_t>(key.size())) {
        throw std::system_error(errno, std::generic_category(), "the system gives no random bytes");
    }
    return key;
}

}  // namespace

bool remember_ticket(survey::sqlite::Connection& file, const std::string& code, survey::Date day) {
    auto key = read_ticket_key(file);
    if (!key) {
        key = random_key();
        put_ticket_key(file, *key);
    }
    const std::string_view secret(reinterpret_cast<const char*>(key->data()), key->size());
    return put_ticket(file, {survey::hmac_sha256(secret, code), survey::month_of(day)});
}

}  // namespace hailong::kiosk
