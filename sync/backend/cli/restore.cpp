#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include "survey/base/host.h"
#include "sync/backend/cli/command_support.h"
#include "sync/backend/store/sqlite/backup.h"
#include "sync/backend/store/with_transaction.h"

namespace hailong::sync {
namespace {

namespace fs = std::filesystem;

/// Most terminals named one by one, in incidents: more than any store has.
constexpr std::size_t kTerminalsMax = 10'000;

class Restorer {
  public:
    Restorer(const RestoreOptions& options, const survey::Clock& clock, std::ostream& out, std::ostream& err)
        : backup_(options.folder),
          keys_(options.keys.empty() ? keys_folder(options.folder) : options.keys),
          data_(options.data),
          clock_(clock),
          out_(out),
          err_(err) {}
    Restorer(const Restorer&) = delete;
    Restorer& operator=(const Restorer&) = delete;
    ~Restorer() {
        std::error_code ignored;
        if (!staging_.empty()) fs::remove_all(staging_, ignored);
    }

    Exit run() {
        const auto restored = refuse_what_is_there()
                                  .and_then([&] { return copy_to_staging(); })
                                  .and_then([&] { return check_staged(); })
                                  .and_then([&] { return put_in_place(); });
        if (!restored) return refuse(err_, restored.error());
        for (const Terminal& terminal : terminals_)
            out_ << terminal.kiosk.text << ": up to record " << terminal.last_seq << '\n';
        out_ << "put " << backup_.string() << " back into " << data_.string()
             << ". Start the service: terminals notice by themselves what this copy lacks and send it again. Then run "
                "`hailong-backend verify` and `hailong-backend reconcile`. The service's user must own the folder.\n";
        return Exit::done;
    }

  private:
    using Step = Expected<void, std::string>;

    /// Nothing of a store may be there: what its log still holds would be lost.
    Step refuse_what_is_there() const {
        std::error_code error;
        for (const char* name : {"", "-wal", "-shm", "-journal"}) {
            const fs::path file = data_ / (std::string(kStoreFile) + name);
            if (fs::exists(file, error)) {
                return unexpected(file.string() +
                                  " is there, and nothing was changed: a store is never written over. Move the whole "
                                  "folder to another place, do not delete it, and restore into a new one");
            }
        }
        if (fs::exists(keys_folder(data_), error)) {
            return unexpected(keys_folder(data_).string() +
                              " is there, and nothing was changed; move it to another place first");
        }
        return {};
    }

    Step copy_to_staging() {
        std::error_code error;
        const fs::path staging = data_ / (".restoring-" + survey::random_hex(4));
        if (fs::create_directories(staging, error)) staging_ = staging;
        if (!error) fs::permissions(staging, fs::perms::owner_all, error);
        if (error) {
            return unexpected("can't create " + staging.string() + ": " + error.message() +
                              "; choose a data folder that this user can write to");
        }
        const auto checked = check_sqlite_store(backup_ / kStoreFile);
        if (!checked) return unexpected(describe(checked.error()));
        const auto copied = copy_sqlite_store(backup_ / kStoreFile, staging_ / kStoreFile);
        if (!copied) return unexpected(describe(copied.error()));
        const auto keys = copy_keys(keys_, staging_);
        if (!keys) return unexpected(keys.error());
        if (keys->empty()) {
            return unexpected("there are no keys in " + keys_.string() +
                              ", and nothing was put in place; name the folder where the keys of this backup are kept "
                              "with --keys");
        }
        return {};
    }

    /// Opens the copy as the service will, and leaves in it what happened.
    Step check_staged() {
        auto store = open_store(staging_);
        if (!store) return unexpected(describe(store.error()));
        const auto keys = load_keys_of(staging_, **store);
        if (!keys) return unexpected(keys.error());
        const survey::UtcTime now = clock_.now();
        const auto noted = with_transaction(**store, [&](Transaction& transaction) -> StoreResult<void> {
            auto terminals = transaction.terminals().page({}, kTerminalsMax);
            if (!terminals) return unexpected(terminals.error());
            terminals_ = std::move(*terminals);
            std::vector<Incident> incidents;
            for (const Terminal& terminal : terminals_) {
                incidents.push_back({now,
                                     terminal.kiosk,
                                     IncidentKind::restored,
                                     "the store was put back from a backup on " + survey::to_rfc3339(now) +
                                         "; it holds this terminal's records up to " +
                                         std::to_string(terminal.last_seq),
                                     {}});
            }
            return transaction.incidents().add(incidents);
        });
        if (!noted) return unexpected(describe(noted.error()));
        return {};
    }

    /// The store last: without it nothing is there.
    Step put_in_place() {
        std::error_code error;
        fs::rename(keys_folder(staging_), keys_folder(data_), error);
        if (!error) {
            if (auto synced = survey::sync_folder(data_); !synced) return synced;
            fs::rename(staging_ / kStoreFile, data_ / kStoreFile, error);
        }
        if (error) return unexpected("can't put the backup into " + data_.string() + ": " + error.message() +
                                     "; the backup is as it was. Let this user write there, or name another folder "
                                     "with --data");
        return survey::sync_folder(data_);
    }

    const fs::path backup_;
    const fs::path keys_;
    const fs::path data_;
    const survey::Clock& clock_;
    std::ostream& out_;
    std::ostream& err_;
    fs::path staging_;  // empty: nothing lies there
    std::vector<Terminal> terminals_;
};

}  // namespace

Exit restore(const RestoreOptions& options, const survey::Clock& clock, std::ostream& out, std::ostream& err) {
    return Restorer(options, clock, out, err).run();
}

}  // namespace hailong::sync
