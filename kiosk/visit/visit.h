// One citizen's visit as a pure state machine: (state, event, now) -> (state, effects). It decides which question is
// asked next, what a tap means, when time is up, and what is saved. It draws nothing, stores nothing, asks no time.
//
//   attract --woken--> asking (item 1 .. n) --last answer--> saving --saved--> thanks --> attract
//                        |                                      \--save failed--> not_saved --> attract
//                        \--idle: partial answers are saved--> attract
//
// The same way goes the feedback form (góp ý), begun on the attract screen or on the thanks: a response of its own,
// which nothing ties to the rating before it.
//
// The tap that wakes the screen never votes. Two quick taps are one answer: an intent that names an item other than the
// one being asked is ignored, and so is whatever comes sooner after a question appeared than a person can have read it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "kiosk/typing/phrases.h"
#include "kiosk/typing/typing.h"
#include "kiosk/visit/quality.h"
#include "kiosk/visit/ticket.h"
#include "survey/center.h"
#include "survey/questionnaire.h"
#include "survey/response.h"

namespace hailong::kiosk {

/// How long the glass waits. All from the terminal's configuration. Who needs more time gets `patience` times as much
/// of every wait that a person feels (idle, thanks, advice, not_saved); settle and saving are not a person's.
struct VisitTiming {
    milliseconds idle{30'000};               // without a touch, a visit ends
    milliseconds countdown{10'000};          // the last part of `idle`, during which the countdown is shown
    milliseconds patient_countdown{20'000};  // the same in a visit with more time
    milliseconds settle{350};                // a tap sooner after a question appeared was not meant for it
    milliseconds saving{3'000};              // a commit that takes longer is told honestly; it goes on behind
    milliseconds thanks{4'000};              // how long "thank you" stays
    milliseconds advice{10'000};             // how long it stays when an answer asks for words of its own
    milliseconds not_saved{8'000};           // how long the honest message stays
    milliseconds too_fast{1'200};            // a complete visit shorter than this is flagged "too_fast"
    int patience = 4;
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
    /// Whether free text is asked for: only where there is a key to seal it with and a screen to write it on.
    bool ask_text = false;
    std::optional<survey::Questionnaire> feedback = {};  // offered only where free text is asked for
    bool more_time = false;                              // whether every visit has more time from its start
    Method method = Method::telex;                       // how keys are understood until somebody chooses otherwise
    PanelSize panel = {};
    QualityLimits quality = {};
    bool operator==(const VisitSetup&) const = default;
};

/// What somebody wrote, on its way to be sealed. Lives in memory only.
struct FreeText {
    survey::ItemId item;
    std::string text;
    bool operator==(const FreeText&) const = default;
};

/// What is being written for an item. Only what was confirmed (FreeText) is an answer.
struct ItemDraft {
    survey::ItemId item;
    Draft draft;
    bool operator==(const ItemDraft&) const = default;
};

enum class Phase { attract, asking, saving, thanks, not_saved };

/// Which of the two forms is being asked.
enum class Form { rating, feedback };

struct VisitState {
    Phase phase = Phase::attract;
    Form form = Form::rating;
    survey::Language language = survey::Language::vi;
    bool more_time = false;             // this visit has it, or the one that begins next
    std::uint64_t visit_number = 0;     // counts forms begun in this run; turns the order of officer cards
    survey::ItemId item;                // asked now (Phase::asking)
    std::vector<std::string> chosen;    // ticked so far on a multi item
    std::vector<survey::ItemId> asked;  // items passed through, for "back"; the current one is not in it
    std::vector<survey::Answer> answers;
    std::vector<FreeText> texts;    // of those answers that have text; its hash is put there when it is sealed
    std::vector<ItemDraft> drafts;  // one for each item of free text that was shown; they go with the visit
    Method method = Method::telex;
    survey::Context context;
    Ticket ticket;  // what the visit began with; unrecognised: nothing
    survey::Moment started;
    survey::Uuid response_id;
    MonoTime last_touch{};
    MonoTime shown_since{};  // when the present question or closing screen appeared
    Handling handling;
    std::optional<MonoTime> rated_at;  // when this terminal's last rating was given by hand; outlives the visit
    bool operator==(const VisitState&) const = default;
};

// Events. What a screen reports is an intent; what the store reports is an outcome.
struct Woken {};  // a touch on the attract screen
struct LanguageChosen {
    survey::Language language;
};
struct Touched {};  // any touch: restarts the idle time
/// A finger came down or went up, in millimetres from the panel's upper left corner. Looked at for quality only; it
/// restarts the idle time as any touch does.
struct Pressed {
    double x_mm = 0;
    double y_mm = 0;
};
struct Released {
    double x_mm = 0;
    double y_mm = 0;
};
struct MoreTimeWanted {};  // "I need more time", in a visit: begins the wait anew and gives this visit more time
struct MoreTimeChosen {
    bool more_time = false;
};                         // the same as a setting, either way; on the attract screen for the visit that begins there
struct FeedbackWanted {};  // on the attract screen and the thanks, where can_give_feedback() says so
struct TicketScanned {
    Ticket ticket;
};  // begins a visit; in the first question with nothing answered yet it says what the visit is about
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
struct KeyPressed {
    survey::ItemId item;
    Key key;
};  // text, phone; for a phone number only digits and edit keys count
struct PhraseChosen {
    survey::ItemId item;
    Suggestion suggestion;
};  // text: takes its place in the draft
struct MethodChosen {
    Method method = Method::telex;
};  // for the rest of the visit
struct TextGiven {
    survey::ItemId item;
    std::string text;
};  // text, phone: the confirmation; nothing written skips the item, what text_fault() names is ignored
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
/// The program ends in the middle of whatever goes on: what was answered is kept as when nobody comes back.
struct TerminalEnds {};

using VisitEvent = std::variant<Woken, LanguageChosen, Touched, Pressed, Released, MoreTimeWanted, MoreTimeChosen,
                                FeedbackWanted, TicketScanned, AnswerChosen, OptionToggled, ChoicesDone, CounterChosen,
                                OfficerChosen, KeyPressed, PhraseChosen, MethodChosen, TextGiven, Skipped, BackTapped,
                                Ended, Saved, SaveFailed, Ticked, TerminalEnds>;

/// What the world has to do. At most one response for each form begun.
struct SaveResponse {
    survey::Response response;    // answers with text hold no hash yet (all zeros)
    std::vector<FreeText> texts;  // one for each of them
    /// What the visit began with, to be hashed and parted from the answers (ticket_key()). Empty: a walk-up, or
    /// feedback, which is never tied to a ticket.
    std::string ticket = {};
};
using VisitEffect = std::variant<SaveResponse>;

/// What the outside knows at the moment of an event.
struct VisitNow {
    MonoTime monotonic{};
    survey::UtcTime utc{};
    std::optional<milliseconds> server_offset;
    survey::Uuid fresh_id;  // used when a form is begun
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

/// The questionnaire that is being asked, or was until the thanks; the rating's on the attract screen.
[[nodiscard]] const survey::Questionnaire& form(const VisitSetup& setup, const VisitState& state);

/// Whether FeedbackWanted is taken: on the attract screen and on the thanks for a rating, where there is a form and
/// free text is asked for.
[[nodiscard]] bool can_give_feedback(const VisitSetup& setup, const VisitState& state);

/// Whole seconds left, rounded up, while the countdown is shown; empty otherwise.
[[nodiscard]] std::optional<int> countdown_seconds(const VisitSetup& setup, const VisitState& state, MonoTime now);

/// When `Ticked` will next change something, or the countdown show another number; empty when nothing is due. The loop
/// sleeps until then. Later than `now`.
[[nodiscard]] std::optional<MonoTime> next_deadline(const VisitSetup& setup, const VisitState& state, MonoTime now);

/// The counters to offer: those that the center still has.
[[nodiscard]] std::vector<survey::Counter> counters_offered(const VisitSetup& setup);

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

/// How keys are understood for the item asked now, and how much it takes.
[[nodiscard]] TypingRules typing_rules(const VisitSetup& setup, const VisitState& state);

/// What is being written for the item asked now; null when it takes no text. What was given before stands in it.
[[nodiscard]] const Draft* draft(const VisitState& state);

/// Most characters of a phone number: 15 digits (ITU-T E.164), with room for slips.
inline constexpr std::size_t kPhoneCharsMax = 20;

/// Why text can't be given for the item asked now.
enum class TextFault {
    too_long,        // more characters than the item takes, or more bytes than can be sealed
    pattern,         // no number as the item wants it
    empty_required,  // the item must be answered
};
/// Blanks at both ends do not count. Empty when TextGiven would be taken.
[[nodiscard]] std::optional<TextFault> text_fault(const VisitSetup& setup, const VisitState& state,
                                                  const std::string& text);

/// Whether a questionnaire can be the one that every terminal asks: a required item of free text or a phone number
/// can't, for where there is no key to seal them with they are left out. Every fault with its place. The feedback form
/// needs no such check: it is offered only where text can be sealed.
[[nodiscard]] survey::Faults check_askable(const survey::Questionnaire& questionnaire);

}  // namespace hailong::kiosk
