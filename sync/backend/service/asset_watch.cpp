#include "sync/backend/service/asset_watch.h"

#include "sync/backend/store/until_not_busy.h"
#include "sync/backend/store/with_transaction.h"

namespace hailong::sync {
namespace {

constexpr const char* kFact = "assets";

}  // namespace

StoreResult<void> note_assets(const std::string& version, const std::string& account, survey::UtcTime now,
                              Store& store) {
    const auto known = [&]() -> StoreResult<std::optional<std::string>> {
        const auto reader = store.read();
        if (!reader) return unexpected(reader.error());
        return (*reader)->facts().fact(kFact);
    }();
    if (!known) return unexpected(known.error());
    if (*known == version) return {};
    return until_not_busy([&] {
        return with_transaction(store, [&](Transaction& transaction) -> StoreResult<void> {
            const auto put = transaction.facts().put(kFact, version);
            if (!put || !*known) return put;
            const Incident changed{now,
                                   {},
                                   IncidentKind::documents,
                                   "on " + survey::to_string(survey::local_date(now)) +
                                       " the texts and templates of the pages changed from " + **known + " to " +
                                       version + "; the service was started by " + account,
                                   {}};
            return transaction.incidents().add({&changed, 1});
        });
    });
}

}  // namespace hailong::sync
