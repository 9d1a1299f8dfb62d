#include "sync/backend/ingest/reprocess.h"

#include <ostream>

#include "sync/backend/cli/command_support.h"

namespace hailong::sync {

Exit reprocess_store(const std::filesystem::path& data, const survey::Clock& clock, std::ostream& out,
                     std::ostream& err) {
    auto store = open_store(data);
    if (!store) return refuse(err, store.error());
    const auto done = reprocess_all(**store, clock.now());
    if (!done) return refuse(err, done.error());
    out << "quarantined: " << done->looked_at << ", of which " << done->reprocessed << " count from now on\n";
    return Exit::done;
}

}  // namespace hailong::sync
