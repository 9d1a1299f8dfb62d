// A Public Administration Service Center as data: its counters, officers, fields, procedures, objective and periods.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "survey/base/expected.h"
#include "survey/base/fault.h"
#include "survey/base/ids.h"
#include "survey/base/messages.h"
#include "survey/center_settings.h"
#include "survey/period.h"
#include "survey/questionnaire.h"

namespace hailong::survey {

struct Counter {
    CounterId id;
    LocalizedText name;        // "Quầy Tư pháp - Hộ tịch - Chứng thực"
    LocalizedText short_name;  // fits a button
    std::int64_t number = 0;   // the number that hangs over the counter
    bool active = true;        // false: closed; still named by old records
    bool operator==(const Counter&) const = default;
};

struct Officer {
    OfficerId id;
    std::string name;
    LocalizedText post;  // "Công chức Tư pháp - Hộ tịch"
    CounterId counter;
    std::int64_t portrait = 0;  // which drawn portrait, 0 to 15
    bool active = true;         // false: left; still named by old records
    bool operator==(const Officer&) const = default;
};

struct Field {
    FieldId id;
    LocalizedText name;
    bool active = true;  // as of a counter
    bool operator==(const Field&) const = default;
};

struct Procedure {
    ProcedureId id;    // ours, stable
    std::string code;  // national code; empty when not verified, and then never shown
    LocalizedText name;
    FieldId field;
    CounterId counter;
    bool active = true;  // as of a counter
    bool operator==(const Procedure&) const = default;
};

/// How the tickets of the center's queue machine read: `prefix`, then digits ("TP-012"). What they say about a visit.
struct TicketRule {
    std::string prefix;     // A-Z a-z 0-9 . - , at most kTicketPrefixMax; case does not matter
    CounterId counter;      // where that queue is served
    ProcedureId procedure;  // when the queue serves only one; empty otherwise
    bool operator==(const TicketRule&) const = default;
};

/// "You said, we did": what citizens asked for and what the center did about it, in its own words.
struct Action {
    LocalizedText said;
    LocalizedText done;
    Date on{};  // since when it is so
    bool operator==(const Action&) const = default;
};

struct Center {
    CenterId id;
    LocalizedText name;
    LocalizedText parent;           // the body it belongs to, for the heading of what is posted
    QuestionnaireId questionnaire;  // what its terminals ask
    QuestionnaireId feedback;       // where people leave comments of their own accord; empty: nowhere
    ItemId headline;                // an item of it: see CenterSettings, which say since when
    SettingsHistory settings;       // what its figures are judged by, by day
    PeriodScheme periods;           // settings.periods()
    std::vector<Counter> counters;
    std::vector<Officer> officers;
    std::vector<Field> fields;
    std::vector<Procedure> procedures;
    std::vector<TicketRule> tickets;  // no two with the same prefix
    std::vector<Action> actions;      // in the order in which the lobby shows them; may be empty
    bool operator==(const Center&) const = default;

    // Null when unknown.
    [[nodiscard]] const Counter* counter(const CounterId& id) const;
    [[nodiscard]] const Officer* officer(const OfficerId& id) const;
    [[nodiscard]] const Field* field(const FieldId& id) const;
    [[nodiscard]] const Procedure* procedure(const ProcedureId& id) const;
};

inline constexpr std::size_t kCountersMax = 100;
inline constexpr std::size_t kOfficersMax = 1'000;
inline constexpr std::size_t kProceduresMax = 5'000;
inline constexpr std::size_t kTicketRulesMax = 200;  // a queue for each counter, and one for some procedures
inline constexpr std::size_t kTicketPrefixMax = 16;  // in characters

inline constexpr std::size_t kActionsMax = 20;            // more goes around too slowly to be read
inline constexpr std::size_t kActionCharactersMax = 200;  // of each text: what is read in passing

/// Parses and checks a center (assets/demo/center.json is an example). Every fault with its place: duplicate ids,
/// an officer at an unknown counter, a procedure of an unknown field, two ticket rules for one
/// prefix ... `feedback`, `settings`, `tickets` and `actions` may be absent, and so may
/// what has a default (objective, periods, officer_n_min, active); the others may not.
[[nodiscard]] Expected<Center, Faults> parse_center(std::string_view json);

}  // namespace hailong::survey
