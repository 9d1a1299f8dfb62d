#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include "survey/base/host.h"
#include "sync/backend/audit/verify.h"
#include "sync/backend/cli/command_support.h"
#include "sync/backend/cli/erasure_list.h"
#include "sync/backend/store/sqlite/backup.h"
#include "sync/backend/store/with_transaction.h"

namespace hailong::sync {
namespace {

namespace fs = std::filesystem;

/// Most terminals named one by one, in incidents: more than any store has.
constexpr std::size_t kTerminalsMax = 10'000;
/// Most differences of a damaged copy shown: enough to see what is wrong.
constexpr std::size_t kDifferencesNamed = 10;

class Restorer {
  public:
    Restorer(const RestoreOptions& options, const survey::Clock& clock, std::ostream& out, std::ostream& err)
        : options_(options), data_(options.data), clock_(clock), out_(out), err_(err) {
        find_source();
    }
    Restorer(const Restorer&) = delete;
    Restorer& operator=(const Restorer&) = delete;
    ~Restorer() {
        std::error_code ignored;
        if (!staging_.empty()) fs::remove_all(staging_, ignored);
    }

    Exit run() {
        const auto restored = refuse_what_is_there()
                                  .and_then([&] { return copy_to_staging(); })
                                  .and_then([&] { return open_staged(); })
                                  .and_then([&] { return verify_staged(); })
                                  .and_then([&] { return leave_traces(); })
                                  .and_then([&] { return put_in_place(); });
        if (!restored) return refuse(err_, restored.error());
        for (const Terminal& terminal : terminals_)
            out_ << printable(terminal.kiosk.text) << ": up to record " << terminal.last_seq << '\n';
        out_ << "put " << source_.string() << " back into " << data_.string()
             << ". Start the service: terminals notice by themselves what this copy lacks and send it again. Then run "
                "`hailong-backend verify` and `hailong-backend reconcile`. The service's user must own the folder.\n";
        tell_of_erasures();
        return Exit::done;
    }

  private:
    using Step = Expected<void, std::string>;
    struct List {
        fs::path file;
        std::size_t texts = 0;
        std::size_t stored = 0;  // of them, those of records that the copy holds
    };

    /// What the service saved holds all that was promised, a backup what was stored when it was made.
    void find_source() {
        std::error_code error;
        const fs::path in_folder = options_.folder / kStoreFile;
        source_ = fs::is_regular_file(options_.folder, error) ? options_.folder : in_folder;
        if (!fs::exists(source_, error)) source_ = last_saved_in(options_.folder).value_or(in_folder);
        is_saved_ = source_.filename() != kStoreFile;
        keeps_keys_ = is_saved_ && options_.keys.empty() && fs::exists(keys_folder(data_), error);
        keys_ = !options_.keys.empty() ? options_.keys : keys_folder(keeps_keys_ ? data_ : source_.parent_path());
    }

    static std::optional<fs::path> last_saved_in(const fs::path& folder) {
        auto saved = saved_store_beside(folder / kStoreFile);
        if (saved && saved->parent_path() != fs::absolute(folder / kStoreFile).parent_path()) saved.reset();
        return saved;
    }

    /// Nothing of a store may be there: what its log still holds would be lost. The list that is named must be.
    Step refuse_what_is_there() const {
        std::error_code error;
        if (!options_.erasures.empty() && !fs::exists(options_.erasures, error)) {
            return unexpected(options_.erasures.string() +
                              " is not there, and nothing was changed: name the list of what was erased since, or "
                              "leave --erasures out");
        }
        for (const char* name : {"", "-wal", "-journal"}) {
            const fs::path file = data_ / (std::string(kStoreFile) + name);
            const bool is_empty_log = *name != 0 && fs::exists(file, error) && fs::file_size(file, error) == 0;
            if (!fs::exists(file, error) || is_empty_log) continue;
            return unexpected(file.string() + " is there, and nothing was changed: a store is never written over. " +
                              (is_saved_ ? "Move that file to another place, do not delete it, and try again"
                                         : "Move the whole folder to another place, do not delete it, and restore "
                                           "into a new one"));
        }
        if (!keeps_keys_ && fs::exists(keys_folder(data_), error)) {
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
        const auto checked = check_sqlite_store(source_);
        if (!checked) return unexpected(describe(checked.error()));
        const auto copied = copy_sqlite_store(source_, staging_ / kStoreFile);
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

    /// Opens the copy as the service will.
    Step open_staged() {
        auto store = open_store(staging_);
        if (!store) return unexpected(describe(store.error()));
        const auto keys = load_keys_of(staging_, **store);
        if (!keys) return unexpected(keys.error());
        store_ = std::move(*store);
        return {};
    }

    /// A page that SQLite finds whole may hold other content than was stored.
    Step verify_staged() {
        auto reader = store_->read();
        if (!reader) return unexpected(describe(reader.error()));
        const auto report = verify(**reader);
        if (!report) return unexpected(describe(report.error()));
        if (report->difference_count == 0) return {};
        err_ << source_.string() << ": `verify` finds " << report->difference_count << " differences:\n";
        for (std::size_t i = 0; i < std::min(report->differences.size(), kDifferencesNamed); ++i)
            err_ << "DIFFERENCE: " << printable(report->differences[i]) << '\n';
        if (options_.is_damage_accepted) return {};
        return unexpected(source_.string() +
                          " is damaged, and nothing was put in place; take an earlier backup, and keep this one. Only "
                          "where there is nothing better, put it in place all the same with --accept-damage");
    }

    /// What was erased since, and that the store was put back.
    Step leave_traces() {
        std::vector<ListedErasure> erasures;
        auto reader = store_->read();
        if (!reader) return unexpected(describe(reader.error()));
        for (const fs::path& file : {options_.erasures, data_ / kErasuresFile}) {
            auto listed = read_erasure_list(file);
            if (!listed) return unexpected(listed.error());
            if (listed->empty()) continue;
            const auto stored = count_of_stored_records(*listed, **reader);
            if (!stored) return unexpected(describe(stored.error()));
            lists_.push_back({file, listed->size(), *stored});
            erasures.insert(erasures.end(), listed->begin(), listed->end());
        }
        reader->reset();
        const auto left = with_transaction(*store_, [&](Transaction& transaction) -> StoreResult<void> {
            auto terminals = transaction.terminals().page({}, kTerminalsMax);
            if (!terminals) return unexpected(terminals.error());
            terminals_ = std::move(*terminals);
            const auto erased = erase_listed(erasures, transaction);
            return erased ? transaction.incidents().add(incidents()) : erased;
        });
        if (!left) return unexpected(describe(left.error()));
        store_.reset();
        return add_to_erasure_list(data_ / kErasuresFile, erasures);
    }

    std::vector<Incident> incidents() const {
        const survey::UtcTime now = clock_.now();
        std::vector<Incident> incidents;
        for (const Terminal& terminal : terminals_) {
            incidents.push_back({now,
                                 terminal.kiosk,
                                 IncidentKind::restored,
                                 "the store was put back from a backup on " + survey::to_rfc3339(now) +
                                     "; it holds this terminal's records up to " + std::to_string(terminal.last_seq),
                                 {}});
        }
        return incidents;
    }

    /// A backup holds again what was erased after it was made.
    void tell_of_erasures() const {
        for (const List& one : lists_) {
            out_ << "Of the " << one.texts << " texts that " << one.file.string() << " names as erased, " << one.stored
                 << " belong to answers that this backup holds: they are erased here, too. The others are not taken "
                    "when a terminal sends them.\n";
            if (one.stored > 0) continue;
            out_ << "NONE of them belongs to an answer that " << source_.string() << " holds: either all of them came "
                 << "after this backup was made, or " << one.file.string()
                 << " is the list of another backend. Look whether it is the right one: with another one's list, what "
                    "people had erased here stands in the store again.\n";
        }
        if (lists_.empty() && !is_saved_) {
            out_ << "Comments that a person had erased after this backup was made stand in it again, and nothing here "
                    "says which: erase them again with `hailong-backend texts erase`. Their list is "
                 << kErasuresFile
                 << " in the lost data folder: keep a copy of it elsewhere, and restore with --erasures.\n";
        }
    }

    /// The store last: without it nothing is there.
    Step put_in_place() {
        std::error_code error;
        if (!keeps_keys_) fs::rename(keys_folder(staging_), keys_folder(data_), error);
        if (!error) {
            if (auto synced = survey::sync_folder(data_); !synced) return synced;
            fs::rename(staging_ / kStoreFile, data_ / kStoreFile, error);
        }
        if (error)
            return unexpected("can't put the backup into " + data_.string() + ": " + error.message() +
                              "; the backup is as it was. Let this user write there, or name another folder "
                              "with --data");
        return survey::sync_folder(data_);
    }

    const RestoreOptions& options_;
    const fs::path data_;
    const survey::Clock& clock_;
    std::ostream& out_;
    std::ostream& err_;
    fs::path source_;               // the store's file that is put back
    bool is_saved_ = false;         // by the service; otherwise by `backup`
    fs::path keys_;                 // its folder keys
    bool keeps_keys_ = false;       // they are in their place already
    fs::path staging_;              // empty: nothing lies there
    std::unique_ptr<Store> store_;  // the copy that lies there
    std::vector<List> lists_;       // of erasures, none empty
    std::vector<Terminal> terminals_;
};

}  // namespace

Exit restore(const RestoreOptions& options, const survey::Clock& clock, std::ostream& out, std::ostream& err) {
    return Restorer(options, clock, out, err).run();
}

}  // namespace hailong::sync
