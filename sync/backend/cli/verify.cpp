#include "sync/backend/audit/verify.h"

#include <ostream>

#include "sync/backend/cli/command_support.h"
#include "sync/backend/cli/erasure_list.h"
#include "sync/backend/cli/saved_stores.h"
#include "sync/backend/comments/believed_clock.h"
#include "sync/backend/comments/tried_texts.h"
#include "sync/backend/ingest/correct_times.h"
#include "sync/backend/ingest/suspect_receipts.h"

namespace hailong::sync {
namespace {

/// Missing keys, or another store's: nobody would believe what is signed.
void look_at_keys(const std::filesystem::path& data, Snapshot& reader, VerifyReport& report) {
    const auto keys = load_keys_of_store(data, reader.facts());
    if (keys) return;
    report.difference_count += 1;
    report.differences.push_back(keys.error());
}

/// No difference, but what waits for a person.
void look_at_clock(Snapshot& reader, VerifyReport& report) {
    const auto fact = reader.facts().fact(kClockFact);
    if (!fact || !*fact) return;
    const auto belief = decode_clock_belief(**fact);
    if (belief && belief->doubt) report.notes.push_back(sentence_of(*belief));
}

/// As that: texts that nobody can open.
void look_at_texts(Snapshot& reader, VerifyReport& report) {
    const auto tried = tried_texts(reader.facts());
    if (tried && tried->unopened > 0) report.notes.push_back("sealed texts were " + sentence_of(*tried));
}

/// What people had erased must not stand there again, nor come again.
StoreResult<void> look_at_erasures(const Expected<std::vector<ListedErasure>, std::string>& list, Snapshot& reader,
                                   VerifyReport& report) {
    const auto difference = [&report](const std::string& sentence) {
        report.difference_count += 1;
        report.differences.push_back(sentence);
    };
    if (!list) {
        difference("the list of erased texts: " + list.error());
        return {};
    }
    const auto missing = erasures_not_stored(*list, reader);
    if (!missing) return unexpected(missing.error());
    for (const ListedErasure& one : *missing) {
        const TextPlace& place = one.erasure.place;
        difference("the text for " + place.item.text + " at record " + std::to_string(place.seq) + " of " +
                   place.kiosk.text + " was erased, as " + kErasuresFile +
                   " says, but this store does not know of it: it is older than that list. Start the service anew, "
                   "which erases it again; a copy is put back with `hailong-backend restore --erasures`");
    }
    return {};
}

/// What was promised, and lies beside the store instead of in it.
void look_at_saved(const std::filesystem::path& data, Snapshot& reader, VerifyReport& report) {
    const auto beyond = saved_beyond(data, reader);
    if (!beyond) return;
    report.difference_count += static_cast<std::int64_t>(beyond->size());
    report.differences.insert(report.differences.end(), beyond->begin(), beyond->end());
}

/// As that: answers that were dated by a clock that was wrong.
StoreResult<void> look_at_times(Snapshot& reader, survey::UtcTime now, VerifyReport& report) {
    const auto reference = load_reference(reader);
    if (!reference) return unexpected(reference.error());
    const auto receipts = read_receipts(*reference, reader);
    if (!receipts) return unexpected(receipts.error());
    std::string unclear;
    for (const SuspectReceipts& one : find_suspect_receipts(*receipts, reference->corrections, now)) {
        const std::string row = std::to_string(one.first_batch) + " to " + std::to_string(one.last_batch);
        if (one.ahead) {
            report.notes.push_back("batches " + row + " came while this machine's clock stood " +
                                   described_error(*one.ahead) +
                                   ": their answers may count on wrong days. `hailong-backend times` dates them anew");
        } else {
            unclear += (unclear.empty() ? "" : ", ") + row;
        }
    }
    if (!unclear.empty()) {
        report.notes.push_back("of batches " + unclear +
                               " not all can have come when this machine's clock said, and the terminals' clocks do "
                               "not tell which: answers may count on wrong days. `hailong-backend times` says more");
    }
    return {};
}

}  // namespace

Exit verify_store(const std::filesystem::path& data, const survey::Clock& clock, std::ostream& out, std::ostream& err) {
    auto store = open_store(data);
    if (!store) return refuse(err, store.error());
    // Before the store is looked at: what is erased meanwhile stands in neither.
    const auto erasures = read_erasure_list(data / kErasuresFile);
    auto reader = (*store)->read();
    if (!reader) return refuse(err, reader.error());
    auto report = verify(**reader);
    if (!report) return refuse(err, report.error());
    look_at_keys(data, **reader, *report);
    look_at_clock(**reader, *report);
    look_at_texts(**reader, *report);
    // A store too damaged for these has its differences already.
    (void)look_at_erasures(erasures, **reader, *report);
    look_at_saved(data, **reader, *report);
    (void)look_at_times(**reader, clock.now(), *report);
    out << "terminals: " << report->terminals << '\n'
        << "records: " << report->records << " (" << report->counted << " counted, " << report->quarantined
        << " quarantined)\n"
        << "skipped numbers: " << report->skipped << '\n'
        << "times: " << report->counted - report->corrected - report->doubtful << " trusted, " << report->corrected
        << " corrected, " << report->doubtful << " doubtful\n"
        << "sealed texts: " << report->texts << '\n'
        << "tally rows: " << report->tally_rows << '\n';
    for (const std::string& note : report->notes)
        out << "note: " << printable(note) << '\n';
    for (const std::string& difference : report->differences)
        out << "DIFFERENCE: " << printable(difference) << '\n';
    out << "differences: " << report->difference_count << '\n';
    return report->difference_count == 0 ? Exit::done : Exit::refused;
}

}  // namespace hailong::sync
