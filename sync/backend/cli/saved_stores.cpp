#include "sync/backend/cli/saved_stores.h"

#include "sync/backend/store/data_folder.h"
#include "sync/backend/store/sqlite/backup.h"

namespace hailong::sync {
namespace {

/// Where the saved file holds more, terminal by terminal.
StoreResult<std::string> more_of(const std::vector<Terminal>& saved, Snapshot& snapshot) {
    std::string more;
    for (const Terminal& one : saved) {
        const auto stored = snapshot.terminals().terminal(one.kiosk);
        if (!stored) return unexpected(stored.error());
        const std::int64_t last = *stored ? (*stored)->last_seq : 0;
        if (one.last_seq <= last) continue;
        more += (more.empty() ? "" : ", ") + one.kiosk.text + " up to record " + std::to_string(one.last_seq) +
                " (here " + std::to_string(last) + ")";
    }
    return more;
}

}  // namespace

StoreResult<std::vector<std::string>> saved_beyond(const std::filesystem::path& data, Snapshot& snapshot) {
    std::vector<std::string> sentences;
    for (const std::filesystem::path& file : saved_stores_of(data / kStoreFile)) {
        const std::string name = file.string() + ", which the service saved when this store's file was lost, ";
        const auto saved = terminals_in_copy(file);
        if (!saved) {
            sentences.push_back(name + "can't be read: " + saved.error().what + ". Keep it for support");
            continue;
        }
        const auto more = more_of(*saved, snapshot);
        if (!more) return unexpected(more.error());
        if (more->empty()) continue;
        sentences.push_back(name + "holds more than this store: " + *more +
                            ". Terminals send again what they still have; for all of it stop the service, move " +
                            (data / kStoreFile).string() +
                            " and what lies at the same name with -wal and -shm to another place without deleting it, "
                            "and run `hailong-backend restore " +
                            file.string() + " --data " + data.string() + "`");
    }
    return sentences;
}

}  // namespace hailong::sync
