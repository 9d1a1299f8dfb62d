#include "sync/backend/audit/reconcile_sentences.h"

#include <utility>

#include "sync/backend/ingest/validate.h"

namespace hailong::sync {
namespace {

/// What is to be done about numbers that are lost.
std::string remedy_for(survey::SkipReason reason) {
    if (reason == survey::SkipReason::pruned)
        return "; confirmed once, and removed from the terminal since: only a later backup of this store can hold them";
    return "; answers that the terminal wrote again under new numbers may be among them. Keep its damaged files for "
           "support: nothing here brings them back";
}

}  // namespace

std::string described(const survey::KioskId& kiosk, survey::Date day) {
    return kiosk.text + " on " + survey::to_string(day);
}

void add_difference(std::string sentence, Reconciliation& result) {
    result.difference_count += 1;
    if (result.differences.size() < kReconcileSentencesMax) result.differences.push_back(std::move(sentence));
}

void add_note(std::string sentence, Reconciliation& result) {
    if (result.notes.size() < kReconcileSentencesMax) result.notes.push_back(std::move(sentence));
}

void tell(const TerminalBalance& terminal, Reconciliation& result) {
    const std::string& kiosk = terminal.kiosk.text;
    if (terminal.missing > 0) {
        add_difference(
            kiosk + ": collected " + std::to_string(terminal.collected) + ", stored " +
                std::to_string(terminal.stored) + ": missing are numbers " +
                range_text(terminal.missing_from, terminal.missing_from + terminal.missing - 1) +
                "; still on the terminal: let it connect, or carry an offline bundle. Where its disk is lost, "
                "they are lost with it, and `hailong-backend enroll` lets a new one go on",
            result);
    }
    if (terminal.surplus > 0) {
        add_difference(
            kiosk + ": collected " + std::to_string(terminal.collected) + ", but " + std::to_string(terminal.stored) +
                " are stored; the terminal forgot " + std::to_string(terminal.surplus) +
                " and does not say which: another device may send in its name. Enrol the right one anew with "
                "`hailong-backend enroll`",
            result);
    }
    if (terminal.forgotten > 0) {
        add_note(
            kiosk + ": " + std::to_string(terminal.forgotten) +
                " more are stored than it knows of: they came before its disk was damaged, replaced or put back from a "
                "copy, and count",
            result);
    }
    const std::int64_t beyond = terminal.collected - terminal.stored - terminal.lost - terminal.missing;
    if (beyond > 0) {
        add_note(kiosk + ": collected counts " + std::to_string(beyond) +
                     " numbers whose answers came again under another, or that its earlier disk skipped",
                 result);
    }
    for (const StoredSkip& skip : terminal.skips) {
        const std::string numbers = kiosk + ": numbers " + range_text(skip.first_seq, skip.last_seq);
        if (is_lost(skip.reason)) {
            add_difference(numbers + " were collected and are lost (" + std::string(survey::name(skip.reason)) + ")" +
                               remedy_for(skip.reason),
                           result);
        } else {
            add_note(numbers + " stand for no record (" + std::string(survey::name(skip.reason)) + ")", result);
        }
    }
    if (terminal.quarantined > 0) {
        add_difference(
            kiosk + ": quarantined and not counted: numbers " + to_string(terminal.quarantined_numbers) +
                "; `hailong-backend quarantined` says why, and they count once `init` has imported what is missing",
            result);
    }
    if (terminal.copies > 0) {
        add_note(kiosk + ": " + std::to_string(terminal.copies) + " came again under another number, and count once",
                 result);
    }
}

void tell(const DayBalance& day, Reconciliation& result) {
    const std::string name = described(day.kiosk, day.day);
    if (day.collected) {
        const std::string counts =
            name + ": collected " + std::to_string(*day.collected) + ", stored " + std::to_string(day.stored);
        const std::int64_t known = *day.collected + day.forgotten;
        if (known > day.stored) {
            add_difference(counts + "; the others are still on the terminal, or lost with its disk", result);
        } else if (known < day.stored) {
            add_note(counts + "; the terminal has forgotten the others with its disk: all of them are here", result);
        }
    }
    for (const MovedRecords& moved : day.moved) {
        add_note(name + ": the results count numbers " + to_string(moved.numbers) + " on " +
                     survey::to_string(moved.to) + " (the terminal's clock was corrected)",
                 result);
    }
}

void tell(const PostedDay& day, Reconciliation& result) {
    if (day.balances()) return;
    add_difference("results of " + survey::to_string(day.day) + ": " + std::to_string(*day.counted) +
                       " records count, the results show " + std::to_string(day.posted) +
                       "; run `hailong-backend verify`",
                   result);
}

}  // namespace hailong::sync
