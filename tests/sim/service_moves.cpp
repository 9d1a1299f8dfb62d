// What happens to the backend: restarts, backups, wrong clocks, a store or a key that is lost; and what terminals let
// go of on its word.
#include <array>

#include "tests/sim/story.h"

namespace hailong::sim {

using std::chrono::hours;

void Story::restart_backend(Machine& machine) {
    (void)machine;
    backend_.restart();
}

void Story::back_up_backend(Machine& machine) {
    (void)machine;
    backend_.back_up();
}

/// What it learned since its backup is gone, keys of terminals among it.
void Story::note_restored() {
    was_restored_ = true;
    if (!enrolled_ || truth_ - *enrolled_ > *backend_.backup_age()) return;
    for (const auto& machine : machines_)
        unknown_.insert(machine->kiosk.text);
}

void Story::restore_backend(Machine& machine) {
    const auto age = backend_.backup_age();
    if (!age || *age > kRetention) return;
    note_restored();
    backend_.restore();
    tell(machine, "(the backend is a copy from " + std::to_string(age->count() / 3'600'000) + " h ago)");
}

void Story::teach_backend(Machine& machine) {
    (void)machine;
    backend_.learn();
}

void Story::set_backend_clock(Machine& machine) {
    static constexpr std::array<survey::milliseconds, 6> kOffs = {hours(0),        hours(24),        -hours(24),
                                                                  hours(24 * 400), -hours(24 * 400), hours(24 * 365)};
    const survey::milliseconds off = kOffs.at(any(kOffs.size()));
    backend_.clock().set_off(off);
    tell(machine, "(the backend's clock is " + std::to_string(off / hours(24)) + " days off)");
    if (chance_.one_in(2)) backend_.restart();
    backend_.do_chores();
}

/// Files of the store go while it serves. What it was told and did not promise, and what it promised before, terminals
/// have; it must promise nothing more.
void Story::lose_store(Machine& machine) {
    const auto age = backend_.backup_age();
    if (!age || *age > kRetention) backend_.back_up();
    const auto loss = static_cast<Backend::Loss>(chance_.below(Backend::kLosses));
    tell(machine, "(the backend's store is lost, way " + std::to_string(static_cast<int>(loss)) + ")");
    backend_.lose(loss, chance_);
    const std::int64_t storm = std::exchange(network_.storm, 0);
    for (int i = 0; i < 3; ++i) {
        if (!is_online(machine) || machine.barred) break;
        note(machine, machine.client->deliver_batch());
        visit(machine);
    }
    network_.storm = storm;
    note_restored();
    tell(machine, backend_.recover() ? "(its backup is put back)" : "(it starts again with what is there)");
}

void Story::spoil_backend_key(Machine& machine) {
    if (backend_.takes_other_keys_when_spoiled(chance_)) find("the backend takes a spoiled key");
    (void)machine;
}

/// Weeks pass. Only what a backend confirmed longer ago than the retention may go.
void Story::prune(Machine& machine) {
    if (!is_online(machine)) return;
    note(machine, machine.client->deliver_batch());
    for (auto passed = hours(0); passed < kRetention + hours(24 * 4) && is_online(machine); passed += hours(24)) {
        truth_ += hours(24);
        note(machine, machine.client->refresh_inbox());
        if (machine.client) note(machine, machine.client->prune());
    }
    backend_.do_chores();
    if (!machine.open_store()) return;
    if (const auto base = machine.journal->base()) history_.census.add("pruned", base->seq);
}

}  // namespace hailong::sim
