#include "kiosk/recovery/repair.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "kiosk/journal/file_lock.h"
#include "kiosk/journal/state.h"
#include "kiosk/recovery/renumber.h"
#include "kiosk/recovery/recover.h"

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
    return make_error(kind_by_errno(error), file.string() + ": could not " + doing + ": " + std::strerror(error));
}

/// "journal.db.damaged-2026-11-22T18-30-00", with a number behind it when there is one already.
fs::path name_aside(const fs::path& file, survey::UtcTime now) {
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
std::optional<fs::path> begun_aside(const fs::path& file) {
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

/// Rows of a day, and of a month of officers, by what they stand under beside the subject.
ResponseGroup group_of(const TallyKey& key) {
    return {key.date, key.questionnaire, key.flagged};
}

bool is_sum_of_days(const TallyKey& key) {
    return key.grain == Grain::month && key.subject.kind != survey::SubjectKind::officer;
}

/// What the questionnaires say that came down, and what the officers' own rows tell.
OfficerItems known_officer_items(const Recovered& found) {
    OfficerItems known = officer_items(found.documents);
    for (const auto& [key, tally] : found.tallies) {
        if (key.subject.kind != survey::SubjectKind::officer) continue;
        for (const auto& [item, options] : tally.items)
            known[key.questionnaire].insert(item);
    }
    return known;
}

Tallies kept_where_counted(Tallies counted, Tallies recounted) {
    counted.merge(recounted);
    return counted;
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
          built_(repaired_file_of(setup.file)) {}

    /// The journal when it is whole; empty when it must be repaired; the error when that would not help.
    [[nodiscard]] Expected<std::optional<Repaired>, StoreError> look(Look look, Database::Lock lock);
    /// With the lock held alone.
    [[nodiscard]] Expected<Repaired, StoreError> repair(Look look);

  private:
    using Done = Expected<void, StoreError>;

    [[nodiscard]] Expected<Journal, StoreError> open(Database::Lock lock);
    [[nodiscard]] Expected<Repaired, StoreError> account_for_lost_numbers(Journal journal);
    /// The last number that the head file says was given out; 0 when it says none.
    [[nodiscard]] std::int64_t given_out() const;
    [[nodiscard]] Done finish_interrupted();
    [[nodiscard]] Done build(const Recovered& found, const Renumbering& plan, const StoreEvent& event);
    void fill(Journal::State& fresh, const Recovered& found, const Renumbering& plan, const StoreEvent& event);
    void fill_numbering(Journal::State& fresh, const Recovered& found, const Renumbering& plan);
    void fill_tallies(Journal::State& fresh, const Recovered& found, const Renumbering& plan);
    void fill_tickets(Journal::State& fresh, const Recovered& found);
    void fill_sync_state(Journal::State& fresh, const Recovered& found, const Renumbering& plan);
    void fill_inbox(Journal::State& fresh, const Recovered& found);
    [[nodiscard]] Done check_built();
    [[nodiscard]] Done put_in_place(const fs::path& aside);
    [[nodiscard]] Done rename(const fs::path& from, const fs::path& to);
    [[nodiscard]] Done sync_folder();
    void remove_leftovers();

    const RepairSetup& setup_;
    survey::UtcTime now_;
    FolderSteps& steps_;
    fs::path building_;
    fs::path built_;
};

Expected<Journal, StoreError> Repairer::open(Database::Lock lock) {
    auto database = Database::open(setup_.file, setup_.busy_timeout, lock);
    if (!database) return unexpected(database.error());
    return Journal::on(std::move(*database), setup_.kiosk);
}

std::int64_t Repairer::given_out() const {
    const auto noted = read_noted_head(setup_.file);
    if (!noted) return 0;
    return noted->committed ? noted->head.seq : noted->head.seq - 1;
}

Expected<std::optional<Repaired>, StoreError> Repairer::look(Look look, Database::Lock lock) {
    // A flipped byte may name another terminal; what the records say is looked at before that is believed.
    const auto damage = [](const StoreError& error) {
        return error.kind == StoreErrorKind::corrupt || error.kind == StoreErrorKind::wrong_kiosk;
    };
    std::error_code none;
    if (fs::exists(built_, none)) return std::nullopt;
    // Torn in the middle, a log ends there for SQLite, and the next commit overwrites what follows.
    const bool has_log = fs::file_size(beside(setup_.file, "-wal"), none) > 0 && !none;
    if (has_log && ends_before(setup_.file, given_out(), setup_.busy_timeout)) return std::nullopt;
    auto opened = open(lock);
    if (!opened && damage(opened.error())) return std::nullopt;
    if (!opened) return unexpected(opened.error());
    if (look == Look::thorough) {
        const auto faults = opened->verify();
        const bool whole = faults && faults->empty();
        if (!whole) opened->state_->database.fold_log_on_close(false);
        if (!faults && !damage(faults.error())) return unexpected(faults.error());
        if (!whole) return std::nullopt;
    }
    auto accounted = account_for_lost_numbers(std::move(*opened));
    if (!accounted) return unexpected(accounted.error());
    return std::optional(std::move(*accounted));
}

/// A file that is whole but ends before the last number given out lost its newest records together with their log, or
/// is new because the old one is gone: those numbers stand for nothing any more.
Expected<Repaired, StoreError> Repairer::account_for_lost_numbers(Journal journal) {
    const auto noted = read_noted_head(setup_.file);
    if (!noted) return Repaired{std::move(journal), {}};
    Journal::State& state = *journal.state_;
    std::vector<StoreEvent> events;
    const auto done = state.database.run<void>("account for lost numbers", [&]() -> Done {
        WriteTransaction transaction(state.database);
        const std::int64_t last = state.read_head().seq;
        const std::int64_t given = noted->committed ? noted->head.seq : noted->head.seq - 1;
        if (given <= last) return {};
        std::vector<Skip> lost{{last + 1, given, SkipReason::damaged}};
        // Not of this boot: the line may be old, and more numbers may have gone out since.
        const bool sure = is_of_boot(*noted, setup_.boot_id);
        const std::int64_t perhaps = sure ? noted->head.seq : noted->head.seq + kSeqMargin;
        if (perhaps > given) lost.push_back({given + 1, perhaps, SkipReason::unknown});
        for (const Skip& skip : lost)
            state.put_skip(skip);
        events.push_back({now_, "numbers_lost",
                          "the file ended with number " + std::to_string(last) + " although " + std::to_string(given) +
                              " was given out; skipped: " + describe(lost)});
        state.put_event(events.back());
        transaction.commit();
        return {};
    });
    if (!done) return unexpected(done.error());
    return Repaired{std::move(journal), std::move(events)};
}

Expected<Repaired, StoreError> Repairer::repair(Look look_closely) {
    if (auto finished = finish_interrupted(); !finished) return unexpected(finished.error());
    auto whole = look(look_closely, Database::Lock::held);  // another process may have been faster
    if (!whole) return unexpected(whole.error());
    if (*whole) return std::move(**whole);

    const auto found = recover(setup_.file, setup_.kiosk, given_out(), setup_.busy_timeout);
    if (!found) return unexpected(found.error());
    const bool others = found->records.empty() && found->others_records > 0;
    const bool others_name = found->records.empty() && !found->kiosk.empty() && found->kiosk != setup_.kiosk.text;
    if (!found->ours || others || others_name) {
        auto strict = open(Database::Lock::held);  // says what it is
        if (!strict) return unexpected(strict.error());
        return unexpected(make_error(StoreErrorKind::wrong_kiosk, setup_.file.string() + ": another terminal's file"));
    }
    const Renumbering plan = renumber(*found, read_noted_head(setup_.file), setup_.boot_id);
    const fs::path aside = name_aside(setup_.file, now_);
    const StoreEvent event{now_, "repaired",
                           "set aside as " + aside.filename().string() + "; kept " + std::to_string(plan.kept.size()) +
                               " records after number " + std::to_string(plan.base.seq) + ", numbered anew " +
                               std::to_string(plan.moved.size()) + "; skipped: " + describe(plan.skips)};
    if (auto built = build(*found, plan, event); !built) return unexpected(built.error());
    if (auto placed = put_in_place(aside); !placed) return unexpected(placed.error());
    auto opened = open(Database::Lock::held);
    if (!opened) return unexpected(opened.error());
    if (const auto head = opened->head(); head && head->seq > 0) {
        opened->state_->head_file.note({*head, true, setup_.boot_id});
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

Expected<void, StoreError> Repairer::build(const Recovered& found, const Renumbering& plan, const StoreEvent& event) {
    remove_leftovers();
    {
        auto database = Database::open(building_, setup_.busy_timeout, Database::Lock::held);
        if (!database) return unexpected(database.error());
        auto journal = Journal::on(std::move(*database), setup_.kiosk);
        if (!journal) return unexpected(journal.error());
        Journal::State& fresh = *journal->state_;
        const auto filled = fresh.database.run<void>("write the repaired file", [&]() -> Done {
            WriteTransaction transaction(fresh.database);
            fill(fresh, found, plan, event);
            transaction.commit();
            return {};
        });
        if (!filled) return unexpected(filled.error());
    }
    if (auto checked = check_built(); !checked) return checked;
    if (auto renamed = rename(building_, built_); !renamed) return renamed;
    return sync_folder();
}

/// Opens the new file once more: it must be whole, and in one piece without a log.
Expected<void, StoreError> Repairer::check_built() {
    {
        auto database = Database::open(building_, setup_.busy_timeout, Database::Lock::held);
        if (!database) return unexpected(database.error());
        auto journal = Journal::on(std::move(*database), setup_.kiosk);
        if (!journal) return unexpected(journal.error());
        const auto faults = journal->verify();
        if (!faults) return unexpected(faults.error());
        if (!faults->empty()) {
            return unexpected(make_error(StoreErrorKind::io, building_.string() + ": " + faults->front()));
        }
    }
    std::error_code none;
    if (fs::exists(beside(building_, "-wal"), none)) {
        return unexpected(make_error(StoreErrorKind::full, building_.string() + ": its log could not be folded in"));
    }
    return {};
}

void Repairer::fill(Journal::State& fresh, const Recovered& found, const Renumbering& plan, const StoreEvent& event) {
    fill_numbering(fresh, found, plan);
    fill_tallies(fresh, found, plan);
    fill_tickets(fresh, found);
    fill_sync_state(fresh, found, plan);
    fill_inbox(fresh, found);
    for (const StoreEvent& earlier : found.events)
        fresh.put_event(earlier);
    fresh.put_event(event);
}

void Repairer::fill_numbering(Journal::State& fresh, const Recovered& found, const Renumbering& plan) {
    SQLite::Statement base(fresh.sqlite(), "UPDATE base SET seq = ?, hash = ?");
    base.bind(1, plan.base.seq);
    base.bind(2, static_cast<const void*>(plan.base.hash.bytes.data()), 32);
    base.exec();
    const auto put = [&](std::int64_t old_seq, const JournalEntry& entry) {
        fresh.put_record(entry, found.records.at(old_seq).id);
        for (auto sealed = found.texts.lower_bound({old_seq, {}}); sealed != found.texts.end() && sealed->first.first == old_seq;
             ++sealed)
            fresh.put_text(entry.seq, survey::ItemId{sealed->first.second}, sealed->second);
    };
    // In order of number, because a record takes the next one.
    auto skip = plan.skips.begin();
    for (const std::int64_t seq : plan.kept) {
        for (; skip != plan.skips.end() && skip->first_seq < seq; ++skip)
            fresh.put_skip(*skip);
        const FoundRecord& record = found.records.at(seq);
        put(seq, {seq, record.hash, record.bytes});
    }
    for (; skip != plan.skips.end(); ++skip)
        fresh.put_skip(*skip);
    for (const std::int64_t seq : plan.moved) {
        const auto record = survey::decode(found.records.at(seq).bytes);
        if (!record) throw Damage("a record that was read can't be read again");
        const ChainHead last = fresh.read_head();
        JournalEntry entry{last.seq + 1, {}, survey::encode({setup_.kiosk, last.seq + 1, record->response})};
        entry.hash = survey::chain(last.hash, entry.bytes);
        put(seq, entry);
    }
}

/// A day whose responses are all here is counted anew from them; where some went with the years, what was counted stays
/// as far as it can be read. So with the officers' months. All other months are the sums of their days.
void Repairer::fill_tallies(Journal::State& fresh, const Recovered& found, const Renumbering& plan) {
    const OfficerItems about_officers = known_officer_items(found);
    std::map<ResponseGroup, Tallies> recounted;
    ResponseCounts here;
    for (const auto* seqs : {&plan.kept, &plan.moved}) {
        for (const std::int64_t seq : *seqs) {
            const auto record = survey::decode(found.records.at(seq).bytes);
            if (!record) throw Damage("a record that was read can't be read again");
            here[group_of(record->response)] += 1;
            for (const auto& [key, tally] : tallies_of(record->response, about_officers)) {
                if (!is_sum_of_days(key)) recounted[group_of(key)][key] += tally;
            }
        }
    }
    std::map<ResponseGroup, Tallies> counted;
    for (const auto& [key, tally] : found.tallies)
        counted[group_of(key)].emplace(key, tally);
    const bool lost = plan.base.seq > found.base.value_or(ChainHead{}).seq ||
                      std::any_of(plan.skips.begin(), plan.skips.end(), [&](const Skip& skip) {
                          const auto same = std::find(found.skips.begin(), found.skips.end(), skip);
                          return skip.reason == SkipReason::damaged && same == found.skips.end();
                      });
    std::set<ResponseGroup> to_keep;
    for (const auto& [group, tallies] : counted) {
        const auto& [day, questionnaire, flagged] = group;
        const auto visits = tallies.find({Grain::day, day, questionnaire, flagged, {}});
        if (visits == tallies.end()) continue;
        if (!lost && found.gone && found.gone->count(group) == 0) continue;
        const std::int64_t gone = visits->second.responses - here[group];
        if (gone <= 0) continue;
        to_keep.insert({group, {month_of(day), questionnaire, flagged}});
        fresh.note_gone(group, gone);
    }
    for (const ResponseGroup& group : to_keep)
        recounted[group] = kept_where_counted(counted[group], std::move(recounted[group]));
    for (const auto& [group, tallies] : recounted) {
        for (const auto& [key, tally] : tallies) {
            fresh.count(key, tally);
            if (key.grain == Grain::day) fresh.count(month_key(key), tally);
        }
    }
}

/// Without their key nobody can compare them.
void Repairer::fill_tickets(Journal::State& fresh, const Recovered& found) {
    if (!found.ticket_key) return;
    fresh.put_ticket_key(*found.ticket_key);
    for (const TicketMark& mark : found.tickets)
        fresh.put_ticket(mark);
}

void Repairer::fill_sync_state(Journal::State& fresh, const Recovered& found, const Renumbering& plan) {
    SQLite::Statement row(fresh.sqlite(),
                          "UPDATE sync_state SET delivered_seq = ?, last_attempt_ms = ?, last_success_ms = ?, "
                          "last_error = ?, server_offset_ms = ?, set_aside = ?, words_key = ?");
    row.bind(1, plan.delivered);
    row.bind(2, in_ms(found.sync.last_attempt));
    if (found.sync.last_success) row.bind(3, in_ms(*found.sync.last_success));
    row.bind(4, found.sync.last_error);
    if (found.sync.server_offset) row.bind(5, static_cast<std::int64_t>(found.sync.server_offset->count()));
    row.bind(6, found.quarantined);
    const std::string key = found.text_key ? guarded(*found.text_key) : std::string();
    if (found.text_key) row.bind(7, static_cast<const void*>(key.data()), static_cast<int>(key.size()));
    row.exec();
}

void Repairer::fill_inbox(Journal::State& fresh, const Recovered& found) {
    for (const Document& document : found.documents) {
        SQLite::Statement row(fresh.sqlite(),
                              "INSERT OR IGNORE INTO inbox_documents (name, body, received_ms) VALUES (?, ?, ?)");
        row.bind(1, document.name);
        row.bind(2, document.body);
        row.bind(3, in_ms(document.received));
        row.exec();
    }
    SQLite::Statement version(fresh.sqlite(), "UPDATE inbox_state SET version = ?");
    version.bind(1, found.inbox_version);
    version.exec();
}

// ---- Into its place ------------------------------------------------------------------------------------------------

Expected<void, StoreError> Repairer::rename(const fs::path& from, const fs::path& to) {
    std::error_code none;
    if (!fs::exists(from, none)) return {};
    const int error = steps_.rename(from, to);
    if (error != 0) return unexpected(failed(from, "be renamed to " + to.filename().string(), error));
    return {};
}

Expected<void, StoreError> Repairer::sync_folder() {
    const fs::path folder = setup_.file.parent_path();
    const int error = steps_.sync(folder);
    if (error != 0) return unexpected(failed(folder, "be synced", error));
    return {};
}

Expected<void, StoreError> Repairer::put_in_place(const fs::path& aside) {
    for (const char* suffix : kCompanions) {
        auto moved = rename(beside(setup_.file, suffix), beside(aside, suffix));
        if (!moved) return moved;
    }
    if (auto moved = rename(setup_.file, aside); !moved) return moved;
    if (auto synced = sync_folder(); !synced) return synced;
    if (auto placed = rename(built_, setup_.file); !placed) return placed;
    return sync_folder();
}

/// A repairer before us was stopped after its new file was complete: what still stands in the place moves aside.
Expected<void, StoreError> Repairer::finish_interrupted() {
    std::error_code none;
    if (!fs::exists(built_, none)) return {};
    const auto begun = begun_aside(setup_.file);
    return put_in_place(begun ? *begun : name_aside(setup_.file, now_));
}

Expected<Repaired, StoreError> open_or_repair(const RepairSetup& setup, survey::UtcTime now, Look look) {
    FolderSteps real;
    try {
        Repairer repairer(setup, now, setup.steps != nullptr ? *setup.steps : real);
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
