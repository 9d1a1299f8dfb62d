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

/// What it is, what is safe, and what to do.
const char* sentence_of(QuarantineReason reason) {
    switch (reason) {
        case QuarantineReason::unknown_format:
            return "are of a format that this program does not read. They are kept as they came, and count by "
                   "themselves "
                   "once a newer hailong-backend is installed";
        case QuarantineReason::unknown_questionnaire:
            return "answer a questionnaire that is not known here. They are kept as they came, and count by themselves "
                   "once `hailong-backend init` has imported it";
        case QuarantineReason::unknown_center:
        case QuarantineReason::unknown_counter:
        case QuarantineReason::unknown_officer:
        case QuarantineReason::unknown_procedure:
        case QuarantineReason::unknown_field:
            return "name what the center does not have (`hailong-backend quarantined` says what). They are kept as "
                   "they "
                   "came, and count by themselves once `hailong-backend init` has imported it";
        case QuarantineReason::unreadable:
            return "can't be read, and never count: they were damaged before the terminal signed them. They are kept "
                   "as "
                   "they came, and nothing is to be done here; where more of them come, look at the terminal's disk";
        case QuarantineReason::wrong_place:
            return "say that they are of another terminal or number, and never count. They are kept as they came; "
                   "where "
                   "the terminal's disk is a copy of another's, set it up anew and enroll it";
        case QuarantineReason::duplicate_id:
            return "are answers that another terminal sent before, for which they count once. They are kept as they "
                   "came; "
                   "where one terminal's disk is a copy of the other's, set it up anew and enroll it";
        case QuarantineReason::invalid:
            return "say what their questionnaire does not allow, and never count. They are kept as they came, and "
                   "nothing "
                   "is to be done here; where more of them come, install the terminal's program anew";
        case QuarantineReason::other:
            return "are quarantined for something that this program has no word for. Run `hailong-backend verify`";
    }
    return "";
}

/// A difference as long as somebody can mend it.
void tell_quarantined(const TerminalBalance& terminal, Reconciliation& result) {
    std::int64_t told = 0;
    for (const auto& [reason, numbers] : terminal.quarantined_for) {
        told += numbers.count;
        const std::string sentence = terminal.kiosk.text + ": quarantined and not counted: numbers " +
                                     to_string(numbers) + " " + sentence_of(reason);
        if (may_pass(reason) || reason == QuarantineReason::other) {
            add_difference(sentence, result);
        } else {
            add_note(sentence, result);
        }
    }
    if (told < terminal.quarantined) {
        add_difference(terminal.kiosk.text +
                           ": quarantined and not counted: " + std::to_string(terminal.quarantined - told) +
                           " more; `hailong-backend reconcile` says which, and why",
                       result);
    }
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
    tell_quarantined(terminal, result);
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
