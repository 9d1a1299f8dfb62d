// The end of a history: the weather is fine, everybody gets to the end, and the books must balance.
#include "survey/crypto/sealed_text.h"
#include "sync/backend/audit/reconcile.h"
#include "sync/backend/audit/verify.h"
#include "sync/backend/ingest/reprocess.h"
#include "tests/sim/story.h"

namespace hailong::sim {

void Story::mend() {
    network_.storm = 0;
    backend_.clock().set_off({});
    backend_.learn();
    backend_.restart();
    for (const auto& machine : machines_) {
        start(*machine);
        bring_up(*machine);
        if (!history_.findings.empty()) return;
    }
    backend_.do_chores();
    backend_.close_writer();
    (void)must(sync::reprocess_all(backend_.store(), truth_));
}

void Story::bring_up(Machine& machine) {
    machine.barred = false;  // perhaps only the weather said so
    if (!is_online(machine)) enrol(machine);
    if (!is_online(machine)) return find(machine.kiosk.text + " could not be enrolled in fine weather");
    note(machine, machine.client->refresh_inbox());
    if (!deliver_all(machine) || machine.barred) {
        const std::string why = machine.client ? machine.client->deliver_batch().what : "it has no client";
        if (!divided_.contains(machine.kiosk.text) && !unknown_.contains(machine.kiosk.text)) {
            return find(machine.kiosk.text + " needs a person, and has one history: " + why);
        }
        enrol(machine);
        if (!deliver_all(machine)) return find(machine.kiosk.text + " can't get rid of its records: " + why);
    }
    if (is_online(machine)) note(machine, machine.client->refresh_inbox());
}

void Story::balance() {
    auto reader = must(backend_.store().read());
    std::map<survey::Uuid, int> counted;
    constexpr std::size_t kAll = 100'000;
    for (const sync::Terminal& terminal : must(reader->terminals().page({}, kAll))) {
        for (const sync::StoredRecord& stored : must(reader->records().page(terminal.kiosk, 1, kAll)))
            check_record(stored, counted, *reader);
        for (const sync::StoredSkip& skip : must(reader->records().skips(terminal.kiosk))) {
            if (skip.reason == survey::SkipReason::renumbered)
                history_.census.add("renumbered", skip.last_seq - skip.first_seq + 1);
        }
    }
    for (const auto& [id, given] : given_) {
        const auto found = counted.find(id);
        if (found == counted.end() && !may_be_lost_.contains(id)) find("lost: " + survey::to_string(id));
        if (found != counted.end() && found->second > 1) find("counted twice: " + survey::to_string(id));
    }
    if (backend_.erased_texts() > 0) find("texts were erased");
    check_proofs(*reader);
}

void Story::check_record(const sync::StoredRecord& stored, std::map<survey::Uuid, int>& counted,
                         sync::Snapshot& reader) {
    const auto record = survey::decode(stored.bytes);
    const std::string place = stored.kiosk.text + " " + std::to_string(stored.seq);
    if (!record) return find(place + ": can't be read");
    const auto given = given_.find(record->response.id);
    if (given == given_.end()) return find(place + ": nobody gave this answer");
    if (!(record->response == given->second.response)) return find(place + ": is not what was answered");
    if (stored.quarantine_reason) {
        if (stored.quarantine_reason != sync::QuarantineReason::duplicate_id) {
            find(place + ": is still quarantined as " + std::string(name(*stored.quarantine_reason)) + ": " +
                 stored.quarantine_detail);
        }
        return;
    }
    counted[record->response.id] += 1;
    history_.census.add("reprocessed", stored.reprocessed ? 1 : 0);
    for (const survey::Answer& answer : record->response.answers) {
        if (!answer.text) continue;
        const auto texts = must(reader.texts().of_record(stored.kiosk, stored.seq));
        const auto opened = texts.size() == 1
                                ? survey::open_text(texts.front().bytes, *answer.text, backend_.text_key())
                                : std::nullopt;
        if (!opened && wordless_.contains(record->response.id)) continue;
        if (opened != given->second.text) find(place + ": its words are gone or changed");
    }
}

void Story::check_proofs(sync::Snapshot& reader) {
    const sync::VerifyReport report = must(sync::verify(reader));
    for (const std::string& difference : report.differences) {
        // What a terminal lost after it was confirmed may be gone with a backend that was put back, and is told.
        const bool is_of_losses = difference.find("was promised that") != std::string::npos;
        if (is_of_losses && were_bytes_destroyed_) continue;
        find("verify: " + difference);
    }
    // What a disk lost, and what another disk of the same name never heard of, is a difference by right.
    if (were_bytes_destroyed_ || !may_be_lost_.empty() || !divided_.empty()) return;
    history_.census.add("reconciled");
    const survey::Date today = survey::local_date(truth_);
    const auto reconciled = must(sync::reconcile(reader, kCenter, today, today));
    for (const std::string& difference : reconciled.differences)
        find("reconcile: " + difference);
}

}  // namespace hailong::sim
