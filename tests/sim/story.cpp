#include "tests/sim/story.h"

#include <algorithm>
#include <array>
#include <utility>

#include "sync/client/enrol.h"

namespace hailong::sim {

namespace fs = std::filesystem;
using std::chrono::hours;
using std::chrono::minutes;
using survey::milliseconds;

namespace {

constexpr std::int64_t kSteps = 42;
constexpr int kTerminals = 2;
/// The program tries on when it ends, in real time: for good where the disk takes what it gets, and hardly where a
/// story lets it refuse.
constexpr milliseconds kPatient{10'000};
constexpr milliseconds kImpatient{1};

survey::UtcTime morning() {
    return survey::start_of_day(*survey::parse_date("2026-11-02")) + hours(8);
}

}  // namespace

const std::vector<Story::Move>& Story::all_moves() {
    static const std::vector<Move> list = {
        {400, "visit", &Story::visit},
        {300, "exchange", &Story::exchange},
        {50, "late request", &Story::deliver_late},
        {40, "bundle", &Story::carry_bundle},
        {30, "restart", &Story::restart},
        {30, "boot", &Story::boot},
        {25, "clock", &Story::set_clock},
        {10, "dead battery", &Story::lose_battery},
        {10, "enrolment", &Story::enrol},
        {10, "pruning", &Story::prune},
        {10, "clone", &Story::clone},
        {10, "old disk", &Story::bring_back_old_disk},
        {15, "end while refused", &Story::end_while_refused},
        {20, "backend restart", &Story::restart_backend},
        {20, "backup", &Story::back_up_backend},
        {15, "restored backend", &Story::restore_backend},
        {10, "documents", &Story::teach_backend},
        {25, "backend clock", &Story::set_backend_clock},
        {15, "lost store", &Story::lose_store},
        {10, "spoiled backend key", &Story::spoil_backend_key},
        {12, "spoiled page", &Story::spoil_page},
        {20, "spoiled log", &Story::spoil_log},
        {15, "spoiled head file", &Story::spoil_head_file},
        {15, "spoiled identity", &Story::spoil_identity},
        {25, "displaced file", &Story::displace_file},
        {6, "destroyed newest", &Story::destroy_newest},
        {10, "unreadable sector", &Story::make_sector_unreadable},
    };
    return list;
}

std::vector<std::string> Story::moves() {
    std::vector<std::string> names;
    for (const Move& move : all_moves())
        names.emplace_back(move.name);
    return names;
}

Story::Story(std::uint64_t seed, fs::path folder, bool tell)
    : tell_(tell),
      chance_(seed),
      folder_(std::move(folder)),
      truth_(morning()),
      backend_(folder_ / "backend", truth_, chance_.seed()),
      network_(backend_, chance_, history_.census),
      first_form_(std::make_shared<const survey::Questionnaire>(questionnaire(1))),
      second_form_(std::make_shared<const survey::Questionnaire>(questionnaire(2))) {
    for (int i = 1; i <= kTerminals; ++i)
        add_machine("k" + std::to_string(i), folder_ / ("machine-" + std::to_string(i)));
}

History Story::run() {
    network_.storm = 1 + chance_.below(5);
    for (std::int64_t step = 0; step < kSteps && history_.findings.empty(); ++step) {
        truth_ += minutes(1 + chance_.below(60));
        if (chance_.one_in(10)) truth_ += hours(chance_.below(48));
        act();
    }
    if (history_.findings.empty()) mend();
    if (history_.findings.empty()) balance();
    for (const auto& machine : machines_)
        machine->kill();
    return std::move(history_);
}

void Story::act() {
    std::int64_t sum = 0;
    for (const Move& move : all_moves())
        sum += move.weight;
    std::int64_t what = chance_.below(sum);
    for (const Move& move : all_moves()) {
        if ((what -= move.weight) >= 0) continue;
        history_.census.add(move.name);
        return (this->*move.play)(any_machine());
    }
}

void Story::tell(const Machine& machine, const std::string& what) {
    if (!tell_) return;
    history_.told.push_back(survey::to_rfc3339(truth_).substr(5, 11) + " " + machine.folder.filename().string() + " (" +
                            machine.kiosk.text + "): " + what);
}

Machine& Story::add_machine(const std::string& kiosk, const fs::path& home) {
    machines_.push_back(std::make_unique<Machine>(kiosk, home, truth_, chance_.one_in(4)));
    Machine& machine = *machines_.back();
    machine.clock.boot();
    machine.boot = "boot-" + std::to_string(++boots_);
    start(machine);
    return machine;
}

Machine& Story::any_machine() {
    return *machines_[any(machines_.size())];
}

// --- A machine's programs --------------------------------------------------------------------------------------------

void Story::start_program(Machine& machine, milliseconds patience) {
    kiosk::RepairSetup repair{machine.journal_file(), machine.kiosk, machine.boot};
    repair.busy_timeout = milliseconds{1};
    machine.program = std::make_unique<KioskProgram>(
        KioskProgram::Setup{repair,
                            machine.clock,
                            chance_.seed(),
                            [this, &machine](const std::string& event) { tell(machine, event); },
                            {first_form_, second_form_},
                            patience});
}

/// The kiosk's and the sync program's, in any order; the whole look follows, sometimes after the first visitor.
void Story::start(Machine& machine) {
    end(machine);
    if (chance_.one_in(3)) (void)machine.open_store();
    start_program(machine, kPatient);
    machine.asks_texts = machine.has_text_key();
    if (chance_.one_in(4)) visit(machine);
    machine.program->look_through();
    make_client(machine);
}

void Story::end(Machine& machine) {
    const std::size_t lost = machine.end();
    if (lost > 0) find(machine.kiosk.text + " ended, and " + std::to_string(lost) + " responses stand nowhere");
}

void Story::end_or_kill(Machine& machine) {
    if (chance_.one_in(2)) return end(machine);
    machine.kill();
}

void Story::make_client(Machine& machine) {
    machine.client.reset();
    machine.identity.reset();
    if (!machine.open_store()) return;
    auto identity = sync::load_identity(machine.identity_file(), machine.kiosk);
    if (!identity) return;
    machine.identity = std::move(*identity);
    sync::ClientSettings settings;
    settings.boot = machine.boot;
    settings.records_max = static_cast<std::size_t>(1 + chance_.below(8));
    settings.retention = kRetention;
    machine.client = std::make_unique<sync::Client>(*machine.journal, *machine.inbox, network_, machine.clock,
                                                    *machine.identity, std::move(settings));
}

bool Story::is_online(Machine& machine) {
    if (!machine.client) make_client(machine);
    return machine.client != nullptr;
}

void Story::note(Machine& machine, const sync::Exchange& done) {
    if (!done.what.empty()) tell(machine, done.what);
    history_.census.add("quarantined", static_cast<std::int64_t>(done.quarantined.size()));
    if (done.barred != sync::Barred::nothing) machine.barred = true;
    if (done.reopen) machine.close_store();
}

/// What counts as delivered is stored, unless the backend was put back since.
void Story::check_delivered(Machine& machine) {
    if (!machine.open_store()) return;
    const auto delivered = machine.journal->delivered_seq();
    if (!delivered) return machine.close_store();  // displaced; it is opened anew next time
    const auto stored = must(must(backend_.store().read())->terminals().terminal(machine.kiosk));
    if (!was_restored_ && machines_.size() == kTerminals && *delivered > (stored ? stored->last_seq : 0)) {
        find(machine.kiosk.text + " counts " + std::to_string(*delivered) + " as delivered, the backend holds " +
             std::to_string(stored ? stored->last_seq : 0));
    }
}

bool Story::deliver_all(Machine& machine) {
    const std::int64_t storm = std::exchange(network_.storm, 0);
    bool is_done = false;
    for (int round = 0; round < 1'000 && is_online(machine); ++round) {
        const sync::Exchange done = machine.client->deliver_batch();
        note(machine, done);
        is_done = done.outcome == sync::Outcome::idle;
        if (done.outcome != sync::Outcome::progress && !done.reopen) break;
    }
    network_.storm = storm;
    return is_done;
}

// --- People ----------------------------------------------------------------------------------------------------------

void Story::visit(Machine& machine) {
    take_visit(machine, KioskProgram::Awaited::saved);
}

void Story::take_visit(Machine& machine, KioskProgram::Awaited awaited) {
    survey::Response response;
    const survey::UtcTime now = machine.clock.now();
    response.id = survey::make_uuid7(now, chance_.entropy());
    const auto& form = chance_.one_in(12) ? second_form_ : first_form_;
    response.questionnaire = form->ref;
    response.started = {now - std::chrono::seconds(9), survey::kVietnamOffset, machine.clock.monotonic()};
    response.finished = {now, survey::kVietnamOffset, machine.clock.monotonic()};
    response.boot_id = machine.boot;
    if (machine.journal) {
        if (const auto status = machine.journal->sync_status()) response.server_offset = status->server_offset;
    }
    response.context.center = kCenter;
    response.context.counter = {"A"};
    response.context.officer = {chance_.one_in(12) ? "o2" : "o1"};
    response.answers = {{{"overall"}, {chance_.one_in(9) ? "1" : "3"}, std::nullopt}};
    if (chance_.one_in(10)) response.flags = {"too_fast"};
    response.complete = !chance_.one_in(15);
    std::vector<kiosk::FreeText> texts;
    if (machine.asks_texts && chance_.one_in(4)) {
        texts.push_back({{"comment"}, "góp ý số " + std::to_string(given_.size())});
        response.answers.push_back({{"comment"}, {}, std::nullopt});
    }
    const auto sealed = machine.program->save(response, form, texts, awaited);
    if (!sealed) return find(sealed.error());
    if (!texts.empty()) response.answers.back().text = sealed->hash;
    history_.census.visits += 1;
    const std::string words = texts.empty() ? std::string() : texts.front().text;
    given_.emplace(response.id, Given{response, words, sealed->bytes});
    tell(machine, "took " + survey::to_string(response.id) + (words.empty() ? "" : " with a comment"));
}

void Story::exchange(Machine& machine) {
    if (!is_online(machine) || machine.barred) return enrol(machine);
    note(machine, chance_.one_in(5) ? machine.client->refresh_inbox() : machine.client->deliver_batch());
    check_delivered(machine);
}

void Story::deliver_late(Machine& machine) {
    (void)machine;
    network_.deliver_late();
}

void Story::restart(Machine& machine) {
    end_or_kill(machine);
    start(machine);
}

void Story::boot(Machine& machine) {
    end_or_kill(machine);
    machine.clock.boot();
    machine.boot = "boot-" + std::to_string(++boots_);
    start(machine);
}

void Story::set_clock(Machine& machine) {
    static constexpr std::array<milliseconds, 8> kOffs = {
        milliseconds{0}, milliseconds{-30'000}, -hours(24),      hours(24),
        hours(7),        -hours(24 * 390),      hours(24 * 390), hours(24 * 3'650)};
    machine.clock.set_off(kOffs.at(any(kOffs.size())));
}

/// The power goes, and the machine starts with the time that its board was made with.
void Story::lose_battery(Machine& machine) {
    static constexpr std::array kTimes = {"1970-01-02", "2020-01-01"};
    machine.kill();
    machine.clock.set(survey::start_of_day(*survey::parse_date(kTimes.at(any(kTimes.size())))));
    machine.clock.boot();
    machine.boot = "boot-" + std::to_string(++boots_);
    start(machine);
}

void Story::enrol(Machine& machine) {
    if (!machine.open_store()) return;
    const std::string code = backend_.new_code(machine.kiosk.text, chance_);
    unknown_.insert(machine.kiosk.text);  // until the answer came
    for (int attempt = 0; attempt < 3; ++attempt) {
        const sync::Exchange done =
            sync::enrol(machine.identity_file(), machine.kiosk, code, network_, *machine.journal);
        tell(machine, done.what);
        if (done.outcome != sync::Outcome::progress && done.outcome != sync::Outcome::idle) continue;
        machine.barred = false;
        enrolled_ = truth_;
        unknown_.erase(machine.kiosk.text);
        if (machine.program) machine.program->probe();
        machine.asks_texts = machine.has_text_key();
        make_client(machine);
        return;
    }
}

void Story::clone(Machine& machine) {
    if (machines_.size() >= kTerminals + 1) return;
    tell(machine, "is cloned");
    divided_.insert(machine.kiosk.text);
    end(machine);
    const fs::path twin = folder_ / ("clone-" + std::to_string(++clones_));
    fs::copy(machine.folder, twin, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
    const std::string kiosk = machine.kiosk.text;
    start(machine);
    add_machine(kiosk, twin);
}

void Story::carry_bundle(Machine& machine) {
    if (!is_online(machine) || machine.barred) return;
    if (bundles_.empty() || chance_.one_in(2)) {
        const fs::path folder = folder_ / ("bundle-" + std::to_string(++bundle_count_));
        fs::create_directories(folder);
        note(machine, sync::export_bundles(offline_parts(machine), folder));
        std::set<fs::path> files;  // in order
        for (const auto& entry : fs::directory_iterator(folder))
            files.insert(entry.path());
        for (const fs::path& file : files)
            bundles_.push_back({&machine, file, file.string() + ".answer", false});
        return;
    }
    Bundle& bundle = bundles_[any(bundles_.size())];
    if (!bundle.was_imported || chance_.one_in(5)) {
        import(bundle);
    } else if (is_online(*bundle.machine)) {
        note(*bundle.machine, sync::accept_answer(offline_parts(*bundle.machine), *bundle.machine->inbox,
                                                  must(survey::read_file(bundle.answer)), kRetention));
        check_delivered(*bundle.machine);
    }
}

sync::OfflineParts Story::offline_parts(Machine& machine) {
    return {*machine.journal,
            machine.clock,
            *machine.identity,
            machine.boot,
            sync::wanted_file(machine.identity_file()),
            3};
}

void Story::import(Bundle& bundle) {
    const std::string answer = backend_.import(must(survey::read_file(bundle.bundle)));
    if (answer.empty()) return;
    must(survey::write_file(bundle.answer, answer));
    bundle.was_imported = true;
}

}  // namespace hailong::sim
