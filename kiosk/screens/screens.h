// Every screen of the terminal: a model in, a meaningful intent out. A screen reads its model, draws, and returns what
// the person meant; it decides nothing, stores nothing, asks no time and has no memory of its own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "kiosk/visit/visit.h"
#include "kiosk/widgets/draw_context.h"

namespace hailong::kiosk {

// ---- What the citizen sees -----------------------------------------------------------------------------------------

/// Common to every screen of a visit.
struct VisitFrame {
    std::string center_name;
    std::optional<int> countdown_s;  // seconds until the visit ends by itself; empty: not shown
    Progress progress;
    bool can_go_back = false;
    bool can_finish = false;       // offers to end here, keeping what was answered
    bool unsaved_waiting = false;  // earlier answers still wait for the disk: a quiet notice
    bool voice_offered = false;    // there is a voice: the header has a loudspeaker
    bool speaking = false;         // it speaks now: the loudspeaker silences it
};

/// What somebody may ask of the terminal for the length of a visit. The next visit starts with the center's choice.
struct Help {
    TextSize text = TextSize::normal;
    bool high_contrast = false;
    bool voice = false;      // every screen is read aloud as it appears
    bool more_time = false;  // four times the time
    bool seated = false;     // everything that is touched lies in the lower part
    bool operator==(const Help&) const = default;
};
struct HelpWanted {};   // the header's "Aa": opens the help screen; target "help"
struct SpeakWanted {};  // the header's loudspeaker: reads the screen, or falls silent; target "speak"

/// The help screen: one switch a wish. Changes take effect at once, on this very screen.
struct HelpModel {
    std::string center_name;
    Help help;
    bool voice_offered = false;
    bool speaking = false;
};
struct HelpChanged {
    Help help;
};
struct HelpClosed {};
using HelpIntent = std::variant<HelpChanged, HelpClosed, LanguageChosen, SpeakWanted>;
[[nodiscard]] std::optional<HelpIntent> draw_help(const HelpModel& model, DrawContext& draw);

/// Wiping the panel: nothing can be tapped for a while.
struct CleaningModel {
    int seconds_left = 0;
};
void draw_cleaning(const CleaningModel& model, DrawContext& draw);

struct AttractModel {
    std::string center_name;
    std::string counter_name;  // empty in the hall
    bool unsaved_waiting = false;
    std::string disk_trouble = {};  // what the disk can't do; shown in place of the quieter notice; may be empty
    /// What the terminal can't do now. Shown instead of the invitation; there is then no "wake" target.
    std::optional<std::string> out_of_order;
    bool feedback_offered = false;  // words can be left without rating anything; target "feedback"
    bool scanner = false;           // there is a reader for tickets: a quiet line says so
    bool voice_offered = false;
    bool speaking = false;
};
/// The emblem in the corner was tapped; five within three seconds are the staff's way in (the app counts them).
struct EmblemTapped {};
using AttractIntent = std::variant<Woken, LanguageChosen, EmblemTapped, FeedbackWanted, HelpWanted, SpeakWanted>;
[[nodiscard]] std::optional<AttractIntent> draw_attract(const AttractModel& model, DrawContext& draw);

/// A list that does not fit on the panel is shown in pages; which one is part of the model.
struct PageTurned {
    int page = 0;
};

/// scale, points, single, consent: one tap answers.
struct ChoiceModel {
    VisitFrame frame;
    survey::Item item;
    std::string officer_name;  // when the item is about the officer; empty otherwise
    std::int64_t officer_portrait = 0;
    int page = 0;
};
using ChoiceIntent = std::variant<AnswerChosen, PageTurned, Skipped, BackTapped, LanguageChosen, Ended, MoreTimeWanted,
                                  HelpWanted, SpeakWanted>;
[[nodiscard]] std::optional<ChoiceIntent> draw_choice(const ChoiceModel& model, DrawContext& draw);

/// multi: tick any number, then continue.
struct ReasonsModel {
    VisitFrame frame;
    survey::Item item;
    std::vector<std::string> chosen;
    int page = 0;
};
using ReasonsIntent = std::variant<OptionToggled, ChoicesDone, PageTurned, Skipped, BackTapped, LanguageChosen, Ended,
                                   MoreTimeWanted, HelpWanted, SpeakWanted>;
[[nodiscard]] std::optional<ReasonsIntent> draw_reasons(const ReasonsModel& model, DrawContext& draw);

struct CounterModel {
    VisitFrame frame;
    survey::Item item;
    std::vector<survey::Counter> counters;
    int page = 0;
};
using CounterIntent = std::variant<CounterChosen, PageTurned, Skipped, BackTapped, LanguageChosen, Ended,
                                   MoreTimeWanted, HelpWanted, SpeakWanted>;
[[nodiscard]] std::optional<CounterIntent> draw_counter(const CounterModel& model, DrawContext& draw);

/// Cards with portrait, name and post, in the order given; paged when they do not fit.
struct OfficerModel {
    VisitFrame frame;
    survey::Item item;
    std::vector<survey::Officer> officers;
    int page = 0;
};
using OfficerIntent = std::variant<OfficerChosen, PageTurned, Skipped, BackTapped, LanguageChosen, Ended,
                                   MoreTimeWanted, HelpWanted, SpeakWanted>;
[[nodiscard]] std::optional<OfficerIntent> draw_officer(const OfficerModel& model, DrawContext& draw);

/// Between the last tap and the commit: usually a few milliseconds.
struct SavingModel {
    std::string center_name;
};
void draw_saving(const SavingModel& model, DrawContext& draw);

struct ThanksModel {
    std::string center_name;
    std::string advice = {};        // what an answer asks to tell the citizen, in place of the usual note; may be empty
    bool feedback_offered = false;  // a second button, apart from "done": target "feedback"
};
using ClosingIntent = std::variant<Touched, FeedbackWanted>;
[[nodiscard]] std::optional<ClosingIntent> draw_thanks(const ThanksModel& model, DrawContext& draw);

/// The honest one: not yet on disk, kept in memory, tried again.
struct NotSavedModel {
    std::string center_name;
};
[[nodiscard]] std::optional<ClosingIntent> draw_not_saved(const NotSavedModel& model, DrawContext& draw);

// ---- What staff see ------------------------------------------------------------------------------------------------

struct PinModel {
    std::size_t digits_entered = 0;
    bool wrong = false;  // the last PIN was wrong
    bool checking = false;
    std::optional<int> wait_s;  // seconds until the next attempt is allowed
};
struct PinDigit {
    int digit = 0;
};
struct PinErased {};
struct PinEntered {};
struct StaffClosed {};
using PinIntent = std::variant<PinDigit, PinErased, PinEntered, StaffClosed>;
[[nodiscard]] std::optional<PinIntent> draw_pin(const PinModel& model, DrawContext& draw);

/// One row of the tally screen.
struct TallyRow {
    std::string label;  // "Cả trung tâm", "1. Tư pháp"; one line, cut with an ellipsis where it is longer
    std::int64_t responses = 0;
    std::vector<std::int64_t> counts;  // one for each of TallyModel::options
    std::optional<survey::Satisfaction> satisfaction;
};
enum class TallyPeriod { today, month };
struct TallyModel {
    std::string center_name;
    TallyPeriod period = TallyPeriod::today;
    std::string period_label;  // "22/11/2026"
    std::string question;      // whose answers are counted
    survey::Objective objective;
    std::vector<survey::Option> options;
    TallyRow total;
    std::vector<TallyRow> counters;
    std::int64_t collected = 0;  // records in the journal
    std::int64_t delivered = 0;  // of them confirmed by the backend
    std::int64_t unsaved = 0;    // waiting for the disk
    std::string last_sync;       // words
    std::string trouble;         // what needs a hand; empty: nothing
    int page = 0;                // of the counters
};
struct PeriodChosen {
    TallyPeriod period;
};
using TallyIntent = std::variant<PeriodChosen, PageTurned, StaffClosed>;
[[nodiscard]] std::optional<TallyIntent> draw_tally(const TallyModel& model, DrawContext& draw);

}  // namespace hailong::kiosk
