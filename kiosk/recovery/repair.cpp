#include "kiosk/recovery/repair.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "kiosk/journal/file_lock.h"
#include "kiosk/journal/head_file.h"
#include "kiosk/journal/log_check.h"
#include "kiosk/journal/record_rows.h"
#include "kiosk/journal/sectors.h"
#include "kiosk/journal/state.h"
#include "kiosk/journal/state_rows.h"
#include "kiosk/recovery/rebuild.h"
#include "kiosk/recovery/recover.h"
#include "kiosk/recovery/renumber.h"

namespace hailong::kiosk {
namespace {

namespace fs = std::filesystem;

/// What SQLite keeps beside a file. The log goes first and the file last: while the file is in its place it stands for
/// what has not moved yet.
constexpr const char* kCompanions[] = {"-wal", "-shm", "-journal"};

fs::path beside(const fs::path& file, const std::string& suffix) {
    return file.string() + suffix;
}

StoreError failed(const fs::path& file, const std::string& doing, int error) {
    return make_error(survey::sqlite::kind_of_errno(error),
                      file.string() + ": could not " + doing + ": " + std::strerror(error));
}

/// "journal.db.damaged-2026-11-22T18-30-00", with a number behind it when there is one already.
fs::path name_for_damaged(const fs::path& file, survey::UtcTime now) {
    std::string time = survey::to_rfc3339(now).substr(0, 19);
    std::replace(time.begin(), time.end(), ':', '-');
    const std::string wanted = file.string() + ".damaged-" + time;
    const auto taken = [](const std::string& name) {
        const bool companion = std::any_of(std::begin(kCompanions), std::end(kCompanions),
                                           [&](const char* suffix) { return fs::exists(name + suffix); });
        return companion || fs::exists(name);
    };
    std::string free = wanted;
    for (int i = 2; taken(free); ++i)
        free = wanted + "." + std::to_string(i);
    return free;
}

/// The name that an interrupted repairer began to use: its log has moved, the file has not.
std::optional<fs::path> begun_name_for_damaged(const fs::path& file) {
    const std::string prefix = file.filename().string() + ".damaged-";
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(file.parent_path().empty() ? "." : file.parent_path(), none)) {
        const std::string name = entry.path().string();
        const std::string last = entry.path().filename().string();
        if (last.rfind(prefix, 0) != 0) continue;
        for (const char* suffix : kCompanions) {
            const std::size_t length = std::strlen(suffix);
            if (name.size() <= length || name.compare(name.size() - length, length, suffix) != 0) continue;
            const std::string whole = name.substr(0, name.size() - length);
            if (!fs::exists(whole)) return whole;
        }
    }
    return std::nullopt;
}

/// Whether all that the open journal consists of still comes from the disk.
bool can_be_read(Database& database) {
    if (database.is_log_cut()) return false;
    return survey::sqlite::guarded(
               [&] { (void)database.connection().text("PRAGMA quick_check(1)"); },
               [](const std::exception& error) { return make_error(survey::sqlite::kind_of(error), error.what()); })
        .has_value();
}

std::string describe(const Skip& skip) {
    const std::string numbers = skip.first_seq == skip.last_seq
                                    ? std::to_string(skip.first_seq)
                                    : std::to_string(skip.first_seq) + " to " + std::to_string(skip.last_seq);
    return numbers + " " + std::string(name(skip.reason));
}

std::string describe(const std::vector<Skip>& skips) {
    std::string text;
    for (const Skip& skip : skips)
        text += (text.empty() ? "" : ", ") + describe(skip);
    return text.empty() ? "none" : text;
}

}  // namespace

int FolderSteps::rename(const fs::path& from, const fs::path& to) {
    return std::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

int FolderSteps::sync(const fs::path& folder) {
    const int fd = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return errno;
    const int result = fsync(fd) == 0 ? 0 : errno;
    close(fd);
    return result;
}

/// One file is looked at, and repaired if need be, by one object.
class Repairer {
  public:
    Repairer(const RepairSetup& setup, survey::UtcTime now, FolderSteps& steps)
        : setup_(setup),
          now_(now),
          steps_(steps),
          building_(beside(setup.file, "-repairing")),
          built_(repaired_file_of(setup.file)),
          built_before_(former_repaired_file_of(setup.file)) {}

    /// The journal when it is whole; empty when it must be repaired; the error when that would not help.
    [[nodiscard]] StoreResult<std::optional<Repaired>> look(Look look, Database::Lock lock);
    /// With the lock held alone.
    [[nodiscard]] StoreResult<Repaired> repair(Look look);
    /// With the lock held alone: what a displaced journal holds becomes the repaired file. False: it can't be read as a
    /// whole any more.
    [[nodiscard]] StoreResult<bool> save(Journal& displaced);
    /// The last number that the displaced journal gave out, beside the file that takes its place.
    void write_head_line(const Journal& displaced) const;
    [[nodiscard]] StoreEvent saved_event() const {
        return {now_, "saved",
                "the journal's files were removed, replaced or cut short while it was open; all that it held was "
                "written anew"};
    }

  private:
    using Done = StoreResult<void>;

    [[nodiscard]] StoreResult<Journal> open(Database::Lock lock);
    [[nodiscard]] StoreResult<Repaired> account_for_lost_numbers(Journal journal);
    [[nodiscard]] StoreResult<Repaired> leave_margin(Journal journal);
    [[nodiscard]] Done finish_interrupted();
    [[nodiscard]] Done build(const Recovered& found, const Renumbering& plan, const StoreEvent& event);
    [[nodiscard]] Done check_built(StoreErrorKind of_faults);
    /// A copy of what it holds, checked.
    [[nodiscard]] Done copy(Journal& displaced);
    /// REQUIRES: `last_seq` was given out for good. A copy that ends before it is damaged.
    [[nodiscard]] Done note_saved(std::int64_t last_seq);
    [[nodiscard]] Done put_in_place(const fs::path& damaged);
    [[nodiscard]] Done rename(const fs::path& from, const fs::path& to);
    [[nodiscard]] Done sync_folder();
    void remove_leftovers();

    const RepairSetup& setup_;
    survey::UtcTime now_;
    FolderSteps& steps_;
    fs::path building_;
    fs::path built_;
    fs::path built_before_;  // by a program with another name for it
};

StoreResult<Journal> Repairer::open(Database::Lock lock) {
    auto database = Database::open(setup_.file, setup_.busy_timeout, lock);
    if (!database) return unexpected(database.error());
    return Journal::on(std::move(*database), setup_.kiosk);
}

StoreResult<std::optional<Repaired>> Repairer::look(Look look, Database::Lock lock) {
    // A flipped byte may name another terminal; what the records say is looked at before that is believed.
    const auto damage = [&](const StoreError& error) {
        return error.kind == StoreErrorKind::corrupt || error.kind == StoreErrorKind::wrong_kiosk ||
               (error.kind == StoreErrorKind::io && has_bad_sectors(setup_.file));
    };
    std::error_code none;
    if (fs::exists(built_, none) || fs::exists(built_before_, none)) return std::nullopt;
    if (is_log_damaged(setup_.file, setup_.busy_timeout)) return std::nullopt;
    auto opened = open(lock);
    if (!opened && damage(opened.error())) return std::nullopt;
    if (!opened) return unexpected(opened.error());
    if (look == Look::thorough) {
        const auto faults = opened->verify();
        const bool whole = faults && faults->empty();
        if (!whole) opened->state_->database->fold_log_on_close(false);
        if (!faults && !damage(faults.error())) return unexpected(faults.error());
        if (!whole) return std::nullopt;
    }
    auto accounted = account_for_lost_numbers(std::move(*opened));
    if (!accounted) return unexpected(accounted.error());
    return std::optional(std::move(*accounted));
}

/// A file that is whole but ends before the last number given out lost its newest records together with their log, or
/// is new because the old one is gone: those numbers stand for nothing any more.
StoreResult<Repaired> Repairer::account_for_lost_numbers(Journal journal) {
    const auto line = read_head_line(setup_.file);
    Database& database = *journal.state_->database;
    std::vector<StoreEvent> events;
    if (!line) return leave_margin(std::move(journal));
    const auto done = database.run("account for lost numbers", [&] {
        WriteTransaction transaction(database);
        const std::int64_t last = read_head(database.connection()).seq;
        const std::int64_t given = line->committed ? line->head.seq : line->head.seq - 1;
        if (given <= last) return;
        std::vector<Skip> lost = parted({last + 1, given, SkipReason::damaged}, setup_.remembered);
        const bool is_lost =
            std::any_of(lost.begin(), lost.end(), [](const Skip& skip) { return skip.reason == SkipReason::damaged; });
        // Not of this boot: the line may be old, and more numbers may have gone out since.
        const bool sure = is_of_boot(*line, setup_.boot_id);
        // And one behind the number that was just being given out: the backend may hold that one, too, and a chain
        // begins anew only behind a number that it does not hold.
        const std::int64_t perhaps = line->head.seq + (sure ? 1 : kSeqMargin);
        lost.push_back({given + 1, perhaps, SkipReason::unknown});
        for (const Skip& skip : lost)
            put_skip(database.connection(), skip);
        events.push_back({now_, is_lost ? "numbers_lost" : "saved",
                          "the file ended with number " + std::to_string(last) + " although " + std::to_string(given) +
                              " was given out; skipped: " + describe(lost)});
        put_event(database.connection(), events.back());
        transaction.commit();
    });
    if (!done) return unexpected(done.error());
    return Repaired{std::move(journal), std::move(events)};
}

/// Each journal with a record has its head file: one that has none was copied without it, or lost it together with what
/// else stood beside it. Nobody knows how far the numbers went.
StoreResult<Repaired> Repairer::leave_margin(Journal journal) {
    Database& database = *journal.state_->database;
    std::vector<StoreEvent> events;
    ChainHead head;
    const auto done = database.run("leave numbers unused", [&] {
        WriteTransaction transaction(database);
        head = read_head(database.connection());
        if (head.seq == 0) return;
        const Skip margin{head.seq + 1, head.seq + kSeqMargin, SkipReason::unknown};
        put_skip(database.connection(), margin);
        events.push_back({now_, "saved",
                          "the head file is missing, so that more numbers than " + std::to_string(head.seq) +
                              " may have been given out; skipped: " + describe({margin})});
        put_event(database.connection(), events.back());
        head = read_head(database.connection());
        transaction.commit();
    });
    if (!done) return unexpected(done.error());
    if (head.seq > 0) journal.state_->head_file.write({head, true, setup_.boot_id});
    return Repaired{std::move(journal), std::move(events)};
}

StoreResult<bool> Repairer::save(Journal& displaced) {
    displaced.state_->database->mend_log_index();
    auto done = copy(displaced);
    // Damage in the copy may come from a disk that failed once; when it is there again, another program wrote over what
    // the displaced journal reads.
    if (!done && done.error().kind == StoreErrorKind::corrupt) done = copy(displaced);
    // What was cut off behind its back can't be read; a disk that can't be written to changes nothing about that.
    const bool unreadable =
        !done && (done.error().kind == StoreErrorKind::corrupt || !can_be_read(*displaced.state_->database));
    if (unreadable) return false;
    if (done) done = rename(building_, built_);
    if (done) done = sync_folder();
    if (!done) return unexpected(done.error());
    return true;
}

void Repairer::write_head_line(const Journal& displaced) const {
    auto line = displaced.state_->head_file.last();
    const auto found = read_head_line(setup_.file);
    if (!line || (found && found->head.seq >= line->head.seq)) return;
    line->boot_id = setup_.boot_id;
    HeadFile(setup_.file).write(*line);
}

StoreResult<void> Repairer::copy(Journal& displaced) {
    remove_leftovers();
    const auto copied = survey::sqlite::guarded(
        [&] {
            survey::sqlite::Connection target(building_, survey::sqlite::Access::create, setup_.busy_timeout);
            displaced.state_->file().copy_to(target);
        },
        [&](const std::exception& error) {
            return make_error(survey::sqlite::kind_of(error), building_.string() +
                                                                  ": what the displaced journal holds could not be "
                                                                  "copied: " +
                                                                  error.what());
        });
    const auto line = displaced.state_->head_file.last();
    auto done = copied ? note_saved(line && line->committed ? line->head.seq : 0) : copied;
    return done ? check_built(StoreErrorKind::corrupt) : done;
}

StoreResult<void> Repairer::note_saved(std::int64_t last_seq) {
    auto database = Database::open(building_, setup_.busy_timeout, Database::Lock::held);
    if (!database) return unexpected(database.error());
    Database& fresh = **database;
    const auto noted = fresh.run("note what was saved", [&]() -> StoreResult<void> {
        WriteTransaction transaction(fresh);
        const std::int64_t found = read_head(fresh.connection()).seq;
        if (found < last_seq) {
            return unexpected(make_error(StoreErrorKind::corrupt,
                                         building_.string() + ": what the displaced journal holds ends with number " +
                                             std::to_string(found) + ", not with " + std::to_string(last_seq)));
        }
        put_event(fresh.connection(), saved_event());
        transaction.commit();
        return {};
    });
    fresh.fold_log_on_close(noted.has_value());
    return noted;
}

StoreResult<Repaired> Repairer::repair(Look look_closely) {
    if (auto finished = finish_interrupted(); !finished) return unexpected(finished.error());
    auto whole = look(look_closely, Database::Lock::held);  // another process may have been faster
    if (!whole) return unexpected(whole.error());
    if (*whole) return std::move(**whole);

    const auto found = recover(setup_.file, setup_.kiosk, last_given_out(setup_.file), setup_.busy_timeout);
    if (!found) return unexpected(found.error());
    const bool others = found->records.empty() && found->others_records > 0;
    const bool others_name = found->records.empty() && !found->kiosk.empty() && found->kiosk != setup_.kiosk.text;
    if (!found->ours || others || others_name) {
        auto strict = open(Database::Lock::held);  // says what it is
        if (!strict) return unexpected(strict.error());
        return unexpected(make_error(StoreErrorKind::wrong_kiosk, setup_.file.string() + ": another terminal's file"));
    }
    const Renumbering plan = renumber(*found, read_head_line(setup_.file), setup_.boot_id, setup_.remembered);
    const fs::path damaged = name_for_damaged(setup_.file, now_);
    const StoreEvent event{now_, "repaired",
                           "the damaged file is " + damaged.filename().string() + "; kept " +
                               std::to_string(plan.kept.size()) + " records after number " +
                               std::to_string(plan.base.seq) + ", numbered anew " + std::to_string(plan.moved.size()) +
                               "; skipped: " + describe(plan.skips)};
    if (auto built = build(*found, plan, event); !built) return unexpected(built.error());
    if (auto placed = put_in_place(damaged); !placed) return unexpected(placed.error());
    auto opened = open(Database::Lock::held);
    if (!opened) return unexpected(opened.error());
    if (const auto head = opened->head(); head && head->seq > 0) {
        opened->state_->head_file.write({*head, true, setup_.boot_id});
    }
    return Repaired{std::move(*opened), {event}};
}

// ---- The new file --------------------------------------------------------------------------------------------------

void Repairer::remove_leftovers() {
    std::error_code none;
    fs::remove(building_, none);
    for (const char* suffix : kCompanions)
        fs::remove(beside(building_, suffix), none);
}

StoreResult<void> Repairer::build(const Recovered& found, const Renumbering& plan, const StoreEvent& event) {
    remove_leftovers();
    {
        auto database = Database::open(building_, setup_.busy_timeout, Database::Lock::held);
        if (!database) return unexpected(database.error());
        Database& fresh = **database;
        const auto filled = fresh.run("write the repaired file", [&] {
            WriteTransaction transaction(fresh);
            (void)claim(fresh.connection(), setup_.kiosk);
            rebuild(fresh.connection(), setup_.kiosk, found, plan, event);
            transaction.commit();
        });
        if (!filled) return unexpected(filled.error());
        fresh.fold_log_on_close(true);
    }
    // What was put together from whole records has faults where the disk failed.
    if (auto checked = check_built(StoreErrorKind::io); !checked) return checked;
    if (auto renamed = rename(building_, built_); !renamed) return renamed;
    return sync_folder();
}

/// Opens the new file once more: it must be whole, and in one piece without a log.
StoreResult<void> Repairer::check_built(StoreErrorKind of_faults) {
    {
        auto database = Database::open(building_, setup_.busy_timeout, Database::Lock::held);
        if (!database) return unexpected(database.error());
        auto journal = Journal::on(std::move(*database), setup_.kiosk);
        if (!journal) return unexpected(journal.error());
        const auto faults = journal->verify();
        if (!faults) return unexpected(faults.error());
        if (!faults->empty()) {
            return unexpected(make_error(of_faults, building_.string() + ": " + faults->front()));
        }
    }
    std::error_code none;
    if (fs::exists(beside(building_, "-wal"), none)) {
        return unexpected(make_error(StoreErrorKind::full, building_.string() + ": its log could not be folded in"));
    }
    return {};
}

// ---- Into its place ------------------------------------------------------------------------------------------------

StoreResult<void> Repairer::rename(const fs::path& from, const fs::path& to) {
    std::error_code none;
    if (!fs::exists(from, none)) return {};
    const int error = steps_.rename(from, to);
    if (error != 0) return unexpected(failed(from, "be renamed to " + to.filename().string(), error));
    return {};
}

StoreResult<void> Repairer::sync_folder() {
    const fs::path folder = setup_.file.parent_path();
    const int error = steps_.sync(folder);
    if (error != 0) return unexpected(failed(folder, "be synced", error));
    return {};
}

StoreResult<void> Repairer::put_in_place(const fs::path& damaged) {
    for (const char* suffix : kCompanions) {
        auto moved = rename(beside(setup_.file, suffix), beside(damaged, suffix));
        if (!moved) return moved;
    }
    if (auto moved = rename(setup_.file, damaged); !moved) return moved;
    if (auto synced = sync_folder(); !synced) return synced;
    if (auto placed = rename(built_, setup_.file); !placed) return placed;
    return sync_folder();
}

/// A repairer before us was stopped after its new file was complete: what still stands in its place is renamed.
StoreResult<void> Repairer::finish_interrupted() {
    std::error_code none;
    if (!fs::exists(built_, none)) {
        if (!fs::exists(built_before_, none)) return {};
        if (auto renamed = rename(built_before_, built_); !renamed) return renamed;
    }
    const auto begun = begun_name_for_damaged(setup_.file);
    return put_in_place(begun ? *begun : name_for_damaged(setup_.file, now_));
}

StoreResult<Repaired> open_or_repair(const RepairSetup& named, survey::UtcTime now, Look look,
                                     std::optional<Journal>* held) {
    FolderSteps real;
    RepairSetup setup = named;
    setup.file = file_behind_links(named.file);
    try {
        Repairer repairer(setup, now, setup.steps != nullptr ? *setup.steps : real);
        if (held != nullptr && *held && (*held)->is_displaced()) {
            const auto alone = FileLock::take(setup.file, FileLock::Mode::exclusive, setup.busy_timeout);
            if (!alone) return unexpected(alone.error());
            const auto saved = repairer.save(**held);
            if (!saved) return unexpected(saved.error());
            repairer.write_head_line(**held);
            held->reset();
            auto repaired = repairer.repair(Look::thorough);
            if (repaired && *saved) repaired->events.insert(repaired->events.begin(), repairer.saved_event());
            return repaired;
        }
        auto whole = repairer.look(look, Database::Lock::take);
        if (!whole) return unexpected(whole.error());
        if (*whole) return std::move(**whole);
        const auto alone = FileLock::take(setup.file, FileLock::Mode::exclusive, setup.busy_timeout);
        if (!alone) return unexpected(alone.error());
        return repairer.repair(look);
    } catch (const std::exception& error) {  // of the file system's calls
        return unexpected(make_error(StoreErrorKind::io, setup.file.string() + ": " + error.what()));
    }
}

}  // namespace hailong::kiosk
