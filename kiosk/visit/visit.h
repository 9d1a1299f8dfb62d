// One citizen's visit as a pure state machine: (state, event, now) -> (state, effects). It decides which question is
// asked next, what a tap means, when time is up, and what is saved. It draws nothing, stores nothing, asks no time.
//
//   attract --woken--> asking (item 1 .. n) --last answer--> saving --saved--> thanks --> attract
//                        |                                      \--save failed--> not_saved --> attract
//                        \--idle: partial answers are saved--> attract
//
// The tap that wakes the screen never votes. Two quick taps are one answer: an intent that names an item other than the
// one being asked is ignored, and so is whatever comes sooner after a question appeared than a person can have read it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "survey/center.h"
#include "survey/questionnaire.h"
#include "survey/response.h"

namespace hailong::kiosk {

using survey::milliseconds;
using survey::MonoTime;

/// How long the glass waits. All from the terminal's configuration.
struct VisitTiming {
    milliseconds idle{30'000};       // without a touch, a visit ends
    milliseconds countdown{10'000};  // the last part of `idle`, during which the countdown is shown
    milliseconds settle{350};        // a tap sooner after a question appeared was not meant for it
    milliseconds saving{3'000};      // a commit that takes longer is told honestly; it goes on behind
    milliseconds thanks{4'000};      // how long "thank you" stays
    milliseconds advice{10'000};     // how long it stays when an answer asks for words of its own
    milliseconds not_saved{8'000};   // how long the honest message stays
    milliseconds too_fast{1'200};    // a complete visit shorter than this is flagged "too_fast"
    bool operator==(const VisitTiming&) const = default;
};

/// What a visit is about; replaced only between visits. Held by value so that a visit never changes under the citizen.
struct VisitSetup {
    survey::Questionnaire questionnaire;
    survey::Center center;
    survey::CounterId fixed_counter;  // the counter this terminal stands at; empty: in the hall
    VisitTiming timing;
    std::string boot_id;
    survey::Language default_language = survey::Language::vi;
    /// Whether free words are asked for: only where there is a key to seal them with and a screen to write them on.
    bool ask_words = false;
    bool operator==(const VisitSetup&) const = default;
};

/// What somebody wrote, on its way to be sealed. Lives in memory only.
struct Words {
    survey::ItemId item;
    std::string text;
    bool operator==(const Words&) const = default;
};

enum class Phase { attract, asking, saving, thanks, not_saved };

struct VisitState {
    Phase phase = Phase::attract;
    survey::Language language = survey::Language::vi;
    std::uint64_t visit_number = 0;     // counts visits of this run; turns the order of officer cards
    survey::ItemId item;                // asked now (Phase::asking)
    std::vector<std::string> chosen;    // ticked so far on a multi item
    std::vector<survey::ItemId> asked;  // items passed through, for "back"; the current one is not in it
    std::vector<survey::Answer> answers;
    std::vector<Words> words;  // of those answers that have words; their hash is put there when they are sealed
    survey::Context context;
    survey::Moment started;
    survey::Uuid response_id;
    MonoTime last_touch{};
    MonoTime shown_since{};  // when the present question or closing screen appeared
    bool operator==(const VisitState&) const = default;
};

// Events. What a screen reports is an intent; what the store reports is an outcome.
struct Woken {};  // a touch on the attract screen
struct LanguageChosen {
    survey::Language language;
};
struct Touched {};  // any touch: restarts the idle time
struct AnswerChosen {
    survey::ItemId item;
    std::string value;
};  // scale, points, single, consent
struct OptionToggled {
    survey::ItemId item;
    std::string value;
};  // multi
struct ChoicesDone {
    survey::ItemId item;
};  // multi: "continue"
struct CounterChosen {
    survey::ItemId item;
    survey::CounterId counter;
};  // empty: does not remember
struct OfficerChosen {
    survey::ItemId item;
    survey::OfficerId officer;
};  // empty: does not remember / none
struct WordsGiven {
    survey::ItemId item;
    std::string text;
};  // text, phone; nothing written skips the item, more than fits is ignored
struct Skipped {
    survey::ItemId item;
};  // an item that need not be answered
struct BackTapped {};
struct Ended {};  // the citizen taps "finish" before the end
struct Saved {
    survey::Uuid response_id;
};
struct SaveFailed {
    survey::Uuid response_id;
};
struct Ticked {};  // time passed; look at the deadlines

using VisitEvent = std::variant<Woken, LanguageChosen, Touched, AnswerChosen, OptionToggled, ChoicesDone, CounterChosen,
                                OfficerChosen, WordsGiven, Skipped, BackTapped, Ended, Saved, SaveFailed, Ticked>;

/// What the world has to do. At most one response a visit.
struct SaveResponse {
    survey::Response response;  // answers with words hold no hash yet (all zeros)
    std::vector<Words> words;   // one for each of them
};
using VisitEffect = std::variant<SaveResponse>;

/// What the outside knows at the moment of an event.
struct VisitNow {
    MonoTime monotonic{};
    survey::UtcTime utc{};
    std::optional<milliseconds> server_offset;
    survey::Uuid fresh_id;  // used when a visit starts
};

struct VisitStep {
    VisitState state;
    std::vector<VisitEffect> effects;
};

/// The start: attract screen.
[[nodiscard]] VisitState initial_state(const VisitSetup& setup);

/// Pure. Events that do not fit the phase (a late tap, an old save) change nothing.
[[nodiscard]] VisitStep advance(const VisitSetup& setup, const VisitState& state, const VisitEvent& event,
                                const VisitNow& now);

/// Whole seconds left, rounded up, while the countdown is shown; empty otherwise.
[[nodiscard]] std::optional<int> countdown_seconds(const VisitSetup& setup, const VisitState& state, MonoTime now);

/// When `Ticked` will next change something, or the countdown show another number; empty when nothing is due. The loop
/// sleeps until then. Later than `now`.
[[nodiscard]] std::optional<MonoTime> next_deadline(const VisitSetup& setup, const VisitState& state, MonoTime now);

/// The officers to offer, in this visit's order: those of the context's counter (all when none is known), active only,
/// turned by the visit number, so that no one always stands first.
[[nodiscard]] std::vector<const survey::Officer*> officers_offered(const VisitSetup& setup, const VisitState& state);

/// What chosen options ask to tell the citizen at the end ("please go to the reception desk"), in the visit's
/// language, one line each; empty for most visits.
[[nodiscard]] std::string advice(const VisitSetup& setup, const VisitState& state);

/// How many items are visible from the start to the end as things stand, and which of them (from 1) is asked now.
struct Progress {
    int step = 0;
    int steps = 0;
};
[[nodiscard]] Progress progress(const VisitSetup& setup, const VisitState& state);

/// Whether a questionnaire can be asked on this glass, which has no keyboard yet: a required item of free words or a
/// phone number can't; optional ones are left out. Every fault with its place.
[[nodiscard]] survey::Faults check_askable(const survey::Questionnaire& questionnaire);

}  // namespace hailong::kiosk
