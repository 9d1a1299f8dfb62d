#include "sync/backend/store/sqlite/backup.h"

#include <filesystem>
#include <memory>
#include <ostream>
#include <string>

#include "survey/base/host.h"
#include "sync/backend/audit/verify.h"
#include "sync/backend/cli/command_support.h"

namespace hailong::sync {
namespace {

namespace fs = std::filesystem;

/// Without a slash at its end, which would hide its name.
fs::path plain(const fs::path& folder) {
    const fs::path path = fs::absolute(folder).lexically_normal();
    return path.has_filename() ? path : path.parent_path();
}

class Backup {
  public:
    Backup(const BackupOptions& options, const survey::Clock& clock, std::ostream& out, std::ostream& err)
        : data_(options.data), folder_(plain(options.folder)), clock_(clock), out_(out), err_(err) {}
    Backup(const Backup&) = delete;
    Backup& operator=(const Backup&) = delete;
    /// What was not finished goes.
    ~Backup() {
        std::error_code ignored;
        if (!partial_.empty()) fs::remove_all(partial_, ignored);
    }

    Exit run() {
        std::error_code error;
        if (fs::exists(folder_, error) && !(fs::is_directory(folder_, error) && fs::is_empty(folder_, error))) {
            return refuse(err_,
                          folder_.string() +
                              " is not empty, and nothing was written; name a folder that is not there yet, a new "
                              "one for each backup");
        }
        const auto keys = check_keys();
        if (!keys) return refuse(err_, keys.error());
        const survey::UtcTime begun = clock_.now();
        const auto written = write_partial();
        if (!written) return refuse(err_, written.error());
        if (const auto told = tell(begun); !told) return refuse(err_, told.error());
        return verify_source();
    }

  private:
    /// A backup with keys that terminals do not believe is none.
    Expected<void, std::string> check_keys() {
        auto store = open_store(data_);
        if (!store) return unexpected(describe(store.error()));
        const auto keys = load_keys_of(data_, **store);
        if (!keys) return unexpected(keys.error());
        store_ = std::move(*store);
        return {};
    }

    /// What is damaged in the store is damaged in its copy: kept, because there may be nothing better, but no backup to
    /// rely on.
    Exit verify_source() {
        auto reader = store_->read();
        if (!reader) return refuse(err_, reader.error());
        const auto report = verify(**reader);
        if (!report) return refuse(err_, report.error());
        if (report->difference_count == 0) return Exit::done;
        return refuse(err_, folder_.string() +
                                " was written, but the store it was copied from is damaged: `verify` finds " +
                                std::to_string(report->difference_count) +
                                " differences, the first: " + printable(report->differences.front()) +
                                ". Keep every earlier backup, run `hailong-backend verify`, and delete nothing");
    }

    /// Everything beside the folder's name, then the name.
    Expected<void, std::string> write_partial() {
        const fs::path partial = folder_.string() + ".partial-" + survey::random_hex(4);
        std::error_code error;
        if (fs::create_directories(partial, error)) partial_ = partial;
        if (!error) fs::permissions(partial, fs::perms::owner_all, error);
        if (error) {
            return unexpected("can't create " + partial.string() + ": " + error.message() +
                              "; choose a place that this user can write to");
        }
        const auto copied = copy_sqlite_store(data_ / kStoreFile, partial / kStoreFile);
        if (!copied) return unexpected(describe(copied.error()));
        const auto keys = copy_keys(keys_folder(data_), partial);
        if (!keys) return unexpected(keys.error());
        if (const auto synced = survey::sync_folder(partial); !synced) return synced;
        fs::rename(partial, folder_, error);
        if (error) {
            return unexpected("can't give " + folder_.string() + " its name: " + error.message() +
                              "; name a folder that is not there yet");
        }
        partial_.clear();
        return survey::sync_folder(folder_.parent_path());
    }

    Expected<void, std::string> tell(survey::UtcTime begun) {
        const auto terminals = terminals_in_copy(folder_ / kStoreFile);
        if (!terminals) return unexpected(describe(terminals.error()));
        std::int64_t records = 0;
        for (const Terminal& terminal : *terminals) {
            records += terminal.totals.stored;
            out_ << printable(terminal.kiosk.text) << ": up to record " << terminal.last_seq << '\n';
        }
        out_ << "wrote " << folder_.string() << ": " << records << " records, and all else that was stored before "
             << survey::to_rfc3339(begun) << "\n"
             << "Whoever has " << keys_folder(folder_).string()
             << " can answer for this backend: keep that folder apart from the store if you like, and lose neither.\n";
        std::error_code error;
        if (fs::exists(text_key_file(folder_), error)) {
            out_ << text_key_file(folder_).string()
                 << " opens people's comments, which lie sealed in the store beside it: keep it in another place.\n";
        }
        return {};
    }

    const fs::path data_;
    const fs::path folder_;
    const survey::Clock& clock_;
    std::ostream& out_;
    std::ostream& err_;
    fs::path partial_;  // empty: nothing is unfinished
    std::unique_ptr<Store> store_;
};

}  // namespace

Exit back_up(const BackupOptions& options, const survey::Clock& clock, std::ostream& out, std::ostream& err) {
    return Backup(options, clock, out, err).run();
}

}  // namespace hailong::sync
