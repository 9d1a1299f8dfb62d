#include <ostream>

#include "sync/backend/cli/command_support.h"
#include "sync/backend/store/until_not_busy.h"
#include "sync/backend/terminals/enrolment.h"

namespace hailong::sync {

Exit revoke(const RevokeOptions& options, std::ostream& out, std::ostream& err) {
    auto store = open_store(options.data);
    if (!store) return refuse(err, store.error());
    enum class Outcome { unknown, ended, nothing };
    const auto outcome = until_not_busy([&]() -> StoreResult<Outcome> {
        auto transaction = (*store)->write();
        if (!transaction) return unexpected(transaction.error());
        const auto known = (*transaction)->terminals().terminal({options.kiosk});
        if (!known) return unexpected(known.error());
        if (!*known) return Outcome::unknown;
        const auto ended = revoke(survey::KioskId{options.kiosk}, **transaction);
        if (!ended) return unexpected(ended.error());
        const auto committed = (*transaction)->commit();
        if (!committed) return unexpected(committed.error());
        return *ended ? Outcome::ended : Outcome::nothing;
    });
    if (!outcome) return refuse(err, outcome.error());
    if (*outcome == Outcome::unknown) {
        return refuse(err, "there is no terminal \"" + options.kiosk + "\" in this store; correct --kiosk");
    }
    out << options.kiosk
        << (*outcome == Outcome::ended ? " is revoked: its token and key ended; its records stay\n"
                                       : " had no token and no key any more; nothing changed\n");
    return Exit::done;
}

}  // namespace hailong::sync
