#include <ostream>
#include <string>

#include "sync/backend/cli/command_support.h"
#include "sync/backend/comments/believed_clock.h"
#include "sync/backend/ingest/correct_times.h"
#include "sync/backend/ingest/suspect_receipts.h"
#include "sync/backend/store/until_not_busy.h"

namespace hailong::sync {
namespace {

using survey::to_rfc3339;

constexpr const char* kUnclear =
    "Not all that is unclear can be right, beside each other or beside the day on which its terminal was enrolled, "
    "but the clocks of the terminals do not tell what of it is wrong. Whoever "
    "knows when this machine's clock was wrong names those batches with --first, --last and --seconds-ahead; if nobody "
    "does, leave them as they are.\n";

std::string batches(std::int64_t first, std::int64_t last) {
    return "batches " + std::to_string(first) + " to " + std::to_string(last);
}

Exit list(const std::filesystem::path& data, Store& store, survey::UtcTime now, std::ostream& out, std::ostream& err) {
    const auto reader = store.read();
    if (!reader) return refuse(err, reader.error());
    const auto corrections = (*reader)->documents().time_corrections();
    if (!corrections) return refuse(err, corrections.error());
    for (const TimeCorrection& one : *corrections) {
        out << printable("corrected: " + batches(one.first_batch, one.last_batch) + ": the clock stood " +
                         described_error(one.ahead) + "; " + one.by + ", " + to_rfc3339(one.recorded) + ": " +
                         one.reason)
            << '\n';
    }
    const auto reference = load_reference(**reader);
    if (!reference) return refuse(err, reference.error());
    const auto receipts = read_receipts(*reference, **reader);
    if (!receipts) return refuse(err, receipts.error());
    const auto suspects = find_suspect_receipts(*receipts, reference->corrections, now);
    std::size_t known = 0;
    for (const SuspectReceipts& one : suspects) {
        const std::string row = batches(one.first_batch, one.last_batch) + ", received from " +
                                to_rfc3339(one.first_received) + " to " + to_rfc3339(one.last_received);
        if (!one.ahead) {
            out << "unclear: " << row << '\n';
            continue;
        }
        ++known;
        out << "wrong: " << row << ": the clock stood " << described_error(*one.ahead)
            << ". To see which answers would move, and with --apply behind it to move them:\n"
            << "  hailong-backend times --data " << data.string() << " --first " << one.first_batch << " --last "
            << one.last_batch << " --seconds-ahead=" << *one.ahead / std::chrono::seconds(1)
            << " --reason \"the clock was wrong\"\n";
    }
    if (known < suspects.size()) out << kUnclear;
    out << "batches: " << receipts->size() << ", received by a wrong clock: " << known
        << (known == 1 ? " row\n" : " rows\n");
    if (!suspects.empty()) {
        out << "This goes by this machine's clock, which says " << to_rfc3339(now)
            << " now: set it right first. Nothing was changed, and nothing is lost meanwhile.\n";
    }
    return Exit::done;
}

void tell(const CorrectedTimes& moved, std::ostream& out) {
    out << "batches: " << moved.batches << ", answers that are dated anew: " << moved.records << '\n';
    for (const auto& [center, days] : moved.days) {
        for (const auto& [day, counts] : days) {
            out << printable(center.text) << " on " << survey::to_string(day) << ": " << counts.first << " -> "
                << counts.second << '\n';
        }
    }
}

}  // namespace

Exit correct_times(const TimesOptions& options, const survey::Clock& clock, std::ostream& out, std::ostream& err) {
    auto store = open_store(options.data);
    if (!store) return refuse(err, store.error());
    const survey::UtcTime now = clock.now();
    if (!options.first_batch) return list(options.data, **store, now, out, err);
    if (!is_reason(options.reason)) {
        return misused(err, "--reason: say why in a sentence of at most " + std::to_string(kReasonBytesMax) +
                                " bytes; it stays with what is moved");
    }
    const auto limit = std::chrono::duration_cast<std::chrono::seconds>(kCorrectionMax).count();
    if (*options.seconds_ahead > limit || *options.seconds_ahead < -limit) {
        return misused(err, "--seconds-ahead: no clock is wrong by more than a century");
    }
    const TimeCorrection correction{*options.first_batch,
                                    options.last_batch.value_or(0),
                                    std::chrono::seconds(*options.seconds_ahead),
                                    options.reason,
                                    account(),
                                    now};
    const auto moved = until_not_busy([&]() -> StoreResult<Expected<CorrectedTimes, std::string>> {
        auto transaction = (*store)->write();
        if (!transaction) return unexpected(transaction.error());
        auto done = correct_times(correction, **transaction);
        if (!done || !*done || !options.is_applied) return done;
        const auto committed = (*transaction)->commit();
        if (!committed) return unexpected(committed.error());
        return done;
    });
    if (!moved) return refuse(err, moved.error());
    if (!*moved) {
        return refuse(err, "nothing was changed: " + moved->error() +
                               ". `hailong-backend times` without more says what the clocks tell");
    }
    tell(**moved, out);
    if (!options.is_applied) {
        out << "Nothing was changed; with --apply it is done.\n";
    } else {
        out << "Done. `hailong-backend incidents` keeps it, `verify` recounts by it; "
            << (correction.ahead.count() == 0 ? "the same batches can be corrected again.\n"
                                              : "it can be taken back with --seconds-ahead=0.\n");
    }
    return Exit::done;
}

}  // namespace hailong::sync
