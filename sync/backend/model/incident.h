// Something that people must look at.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "survey/base/ids.h"
#include "survey/base/time.h"

namespace hailong::sync {

enum class IncidentKind {
    bad_signature,  // a batch that the terminal's key did not sign
    forked,         // two histories under one key: a disk was cloned or restored
    skipped,        // numbers that stand for no record
    cloned,         // two machines take turns under one key
    stray_text,     // a sealed text that no record names
    wrong_code,     // an enrolment code that is not, or no more, good
    restored,       // the store was put back from a backup
    clock,          // the backend's own clock is not believed
    unopened_text,  // a sealed text that the backend's key does not open
    documents,      // a center or a questionnaire was imported that is other than before
    claim,          // a terminal says of itself what can't be true
    times,          // people said when that clock was wrong, and answers were dated anew
    other           // of a kind that this version does not know
};
/// "bad_signature" ...: stable, in the store and in what people read.
[[nodiscard]] std::string_view name(IncidentKind kind);
/// `other` for what is not known.
[[nodiscard]] IncidentKind parse_incident_kind(std::string_view name);

/// Kept once for each (kiosk, kind, detail), with its first time: a terminal that repeats itself fills no disk.
struct Incident {
    survey::UtcTime time{};
    survey::KioskId kiosk;
    IncidentKind kind = IncidentKind::other;
    std::string detail;
    std::string evidence;  // the bytes in question
    bool operator==(const Incident&) const = default;
};

}  // namespace hailong::sync
