#include "sync/backend/store/sqlite/backup.h"

#include <filesystem>
#include <memory>
#include <ostream>
#include <string>

#include "survey/base/host.h"
#include "sync/backend/audit/verify.h"
#include "sync/backend/cli/command_support.h"
#include "sync/backend/cli/erasure_list.h"

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
        if (report->difference_count == 0 && !list_trouble_.empty()) {
            return refuse(err_, folder_.string() +
                                    " was written, but may hold comments that people had erased: their list was not "
                                    "looked at: " +
                                    list_trouble_ + ". Then write another backup, and delete this one");
        }
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
        const auto erased = erase_what_is_listed(partial);
        if (!erased) return unexpected(describe(erased.error()));
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

    /// A store that was put back by hand from an older copy holds again what people had erased, until the service
    /// starts: its backup does not. The copy that was written to is copied once more, so that it needs no log.
    StoreResult<void> erase_what_is_listed(const fs::path& partial) {
        const auto list = read_erasure_list(data_ / kErasuresFile);
        if (!list) {
            list_trouble_ = list.error();
            return {};
        }
        {
            const auto reader = store_->read();
            if (!reader) return unexpected(reader.error());
            const auto missing = erasures_not_stored(*list, **reader);
            if (!missing) return unexpected(missing.error());
            if (missing->empty()) return {};
        }
        const fs::path copy = partial / kStoreFile;
        const fs::path older = copy.string() + ".older";
        fs::rename(copy, older);
        {
            const auto store = open_sqlite_store(older, OpenMode::existing);
            if (!store) return unexpected(store.error());
            const auto erased = erase_again(*list, **store);
            if (!erased) return unexpected(erased.error());
            erased_again_ = *erased;
        }
        const auto copied = copy_sqlite_store(older, copy);
        for (const char* suffix : {"", "-wal", "-shm"})
            fs::remove(older.string() + suffix);
        return copied;
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
        if (erased_again_ > 0) {
            out_ << erased_again_ << " texts that " << kErasuresFile
                 << " names as erased stand in the store again, as in one that was put back from an older copy; they "
                    "are erased in this backup, and in the store once the service starts.\n";
        }
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
    std::string list_trouble_;      // empty: the list of erasures was looked at
    std::size_t erased_again_ = 0;  // in the copy
    fs::path partial_;              // empty: nothing is unfinished
    std::unique_ptr<Store> store_;
};

}  // namespace

Exit back_up(const BackupOptions& options, const survey::Clock& clock, std::ostream& out, std::ostream& err) {
    return Backup(options, clock, out, err).run();
}

}  // namespace hailong::sync
