// Every screen of the terminal: a model in, a meaningful intent out. A screen reads its model, draws, and returns what
// the person meant; it decides nothing, stores nothing, asks no time and has no memory of its own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "kiosk/screens/accessibility.h"
#include "kiosk/visit/visit.h"
#include "kiosk/widgets/draw_context.h"
#include "kiosk/widgets/keyboard.h"
#include "kiosk/widgets/trend_chart.h"
#include "survey/period.h"
#include "survey/terminal_results.h"

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

struct AccessibilityWanted {};  // the header's "Aa": opens the accessibility screen; target "accessibility"
struct SpeakWanted {};          // the header's loudspeaker: reads the screen, or falls silent; target "speak"

/// The accessibility screen: one switch for each thing that may be asked for. Changes take effect at once, on this very
/// screen.
struct AccessibilityModel {
    std::string center_name;
    AccessibilitySettings settings;
    bool more_time = false;
    bool voice_offered = false;
    bool speaking = false;
};
struct AccessibilityChanged {
    AccessibilitySettings settings;
};
struct AccessibilityClosed {};
using AccessibilityIntent =
    std::variant<AccessibilityChanged, MoreTimeChosen, AccessibilityClosed, LanguageChosen, SpeakWanted>;
[[nodiscard]] std::optional<AccessibilityIntent> draw_accessibility(const AccessibilityModel& model, DrawContext& draw);

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
    bool feedback_offered = false;  // a comment can be left without rating anything; target "feedback"
    bool scanner = false;           // there is a reader for tickets: a quiet line says so
    bool voice_offered = false;
    bool speaking = false;
};
/// The emblem in the corner was tapped; five within three seconds are the staff's way in (the app counts them).
struct EmblemTapped {};
using AttractIntent =
    std::variant<Woken, LanguageChosen, EmblemTapped, FeedbackWanted, AccessibilityWanted, SpeakWanted>;
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
                                  AccessibilityWanted, SpeakWanted>;
[[nodiscard]] std::optional<ChoiceIntent> draw_choice(const ChoiceModel& model, DrawContext& draw);

/// multi: tick any number, then continue.
struct ReasonsModel {
    VisitFrame frame;
    survey::Item item;
    std::vector<std::string> chosen;
    int page = 0;
};
using ReasonsIntent = std::variant<OptionToggled, ChoicesDone, PageTurned, Skipped, BackTapped, LanguageChosen, Ended,
                                   MoreTimeWanted, AccessibilityWanted, SpeakWanted>;
[[nodiscard]] std::optional<ReasonsIntent> draw_reasons(const ReasonsModel& model, DrawContext& draw);

/// text, phone: written on the keyboard of the glass. A screen has no memory: whoever keeps the draft keeps the
/// keyboard, too. It is keyboard_for() when the item appears, keyboard_after() once a key or a phrase was taken, and
/// what KeyboardChanged says.
struct TextEntryModel {
    VisitFrame frame;
    survey::Item item;
    Draft draft;
    Method method = Method::tone_keys;
    KeyboardState keyboard;
    std::vector<Suggestion> phrases;         // best first; as many are offered as there is room for; none for contacts
    std::size_t chars_max = 0;               // for the counter; 0: none is shown
    std::optional<Personal> looks_personal;  // a warning; leave it empty where personal data is what is asked for
    std::optional<TextFault> fault;          // why it can't be given as it stands
};
struct KeyboardChanged {
    KeyboardState keyboard;
};
/// Capitals at each word where a name or an address is asked for.
[[nodiscard]] Capitals capitals_of(const survey::Item& item);
using TextEntryIntent =
    std::variant<KeyPressed, PhraseChosen, MethodChosen, KeyboardChanged, TextGiven, Skipped, BackTapped,
                 LanguageChosen, Ended, MoreTimeWanted, AccessibilityWanted, SpeakWanted>;
[[nodiscard]] std::optional<TextEntryIntent> draw_text_entry(const TextEntryModel& model, DrawContext& draw);

struct CounterModel {
    VisitFrame frame;
    survey::Item item;
    std::vector<survey::Counter> counters;
    int page = 0;
};
using CounterIntent = std::variant<CounterChosen, PageTurned, Skipped, BackTapped, LanguageChosen, Ended,
                                   MoreTimeWanted, AccessibilityWanted, SpeakWanted>;
[[nodiscard]] std::optional<CounterIntent> draw_counter(const CounterModel& model, DrawContext& draw);

/// Cards with portrait, name and post, in the order given; paged when they do not fit.
struct OfficerModel {
    VisitFrame frame;
    survey::Item item;
    std::vector<survey::Officer> officers;
    int page = 0;
};
using OfficerIntent = std::variant<OfficerChosen, PageTurned, Skipped, BackTapped, LanguageChosen, Ended,
                                   MoreTimeWanted, AccessibilityWanted, SpeakWanted>;
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

// ---- While nobody is there -----------------------------------------------------------------------------------------

/// How satisfied people were in one period.
struct LobbyShare {
    std::string title;     // what and when: "Mức độ hài lòng, tháng 10/2026"
    std::string days;      // the days that are counted
    std::string question;  // what was asked
    survey::Objective objective;
    survey::PostedShare share;
    std::vector<survey::PostedLevel> levels;  // those that are excluded from the share are not shown
};

struct LobbyCounter {
    std::int64_t number = 0;  // 0: none is shown
    std::string name;
    std::optional<survey::PostedShare> share;  // empty: nobody answered there
};
inline constexpr std::size_t kLobbyCountersMax = 4;  // on a page: it is read from where people wait
struct LobbyCounters {
    std::string title;
    survey::Objective objective;
    std::vector<LobbyCounter> counters;  // at most kLobbyCountersMax
};

/// "You said, we did."
struct LobbyAction {
    std::string said;
    std::string done;
    std::string since;  // words: "Từ ngày 05/10/2026"
};

/// One page of what is posted. The app turns the pages; everything below the header wakes the terminal.
struct LobbyModel {
    std::string center_name;
    std::variant<LobbyShare, LobbyCounters, LobbyAction> shown;
    int page = 0;  // of `pages`, from 0
    int pages = 1;
};
using LobbyIntent = std::variant<Woken, LanguageChosen, EmblemTapped>;
[[nodiscard]] std::optional<LobbyIntent> draw_lobby(const LobbyModel& model, DrawContext& draw);

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

/// What the staff's screens are sorted into; every one of them but the PIN screen has these tabs and a way out.
enum class StaffTab { results, device, tools };
struct StaffTabs {
    StaffTab current = StaffTab::results;
    bool device_needs_hand = false;  // a sign on that tab: something there is missing or broken
};
struct TabChosen {
    StaffTab tab = StaffTab::results;
};

/// What the rows of the results are.
enum class TallyBy { all, counters, fields, officers, beginnings };
inline constexpr TallyBy kTallyBys[] = {TallyBy::all, TallyBy::counters, TallyBy::fields, TallyBy::officers,
                                        TallyBy::beginnings};

/// One row of the results.
struct TallyRow {
    std::string label;  // "Cả trung tâm", "1. Tư pháp"; at most two lines, cut with an ellipsis where it is longer
    std::int64_t responses = 0;
    std::vector<std::int64_t> counts;  // one for each of TallyModel::options
    std::optional<survey::Satisfaction> satisfaction;
    bool too_few = false;  // to be told of: said so, and nothing else is filled in
};

/// Results of a period: the whole with its trend, or one row for each of something.
struct TallyModel {
    StaffTabs tabs;
    TallyBy by = TallyBy::all;
    std::string period_name;  // "Tháng 11/2026"; empty for days "from – to"
    std::string period_days;  // "01/11/2026 – 30/11/2026"
    bool can_go_back = false;
    bool can_go_on = false;  // false at the newest period
    std::string question;    // whose answers are counted
    survey::Objective objective;
    std::vector<survey::Option> options;
    std::vector<TallyRow> rows;
    // Of the whole, where there are no rows.
    TallyRow total;
    std::vector<TrendPoint> trend;
    std::int64_t flagged = 0;  // responses that are counted apart
    // Responses of today, of which nothing else is told; empty: the period does not hold today, or was not read.
    std::optional<std::int64_t> received_today;
    bool not_before_today = false;  // the period begins today: there is nothing else to tell
    bool some_untold = false;       // answers of days that are told of only together with others
    std::string note;               // the rule that these rows follow, in words; may be empty
    std::string trouble;            // why nothing could be counted, shown instead of figures; empty: it could
    bool reading = false;           // nothing was counted yet
    int page = 0;                   // of the rows
};
struct PeriodStepped {
    int steps = 0;  // -1: the one before, +1: the next
};
struct PeriodsWanted {};    // opens the choice of periods
struct GroupingsWanted {};  // opens the choice of rows
using TallyIntent = std::variant<PeriodStepped, PeriodsWanted, GroupingsWanted, PageTurned, TabChosen, StaffClosed>;
[[nodiscard]] std::optional<TallyIntent> draw_tally(const TallyModel& model, DrawContext& draw);

/// Back to the results without choosing.
struct ChooserLeft {};

/// Which period: one button each.
struct PeriodsModel {
    std::optional<survey::PeriodKind> current;  // empty: "from – to"
    bool whole_months_only = false;             // no single days, no "from – to"
};
struct PeriodKindChosen {
    survey::PeriodKind kind = survey::PeriodKind::day;
};
struct CalendarWanted {};  // "from – to"
using PeriodsIntent = std::variant<PeriodKindChosen, CalendarWanted, ChooserLeft>;
[[nodiscard]] std::optional<PeriodsIntent> draw_periods(const PeriodsModel& model, DrawContext& draw);

/// Which rows: one button each.
struct GroupingsModel {
    TallyBy current = TallyBy::all;
};
struct GroupingChosen {
    TallyBy by = TallyBy::all;
};
using GroupingsIntent = std::variant<GroupingChosen, ChooserLeft>;
[[nodiscard]] std::optional<GroupingsIntent> draw_groupings(const GroupingsModel& model, DrawContext& draw);

/// Days "from – to": the first is tapped, then the last. A month at a time; half a month where a month of targets is
/// larger than the panel. Days after `today` can't be tapped.
struct CalendarModel {
    survey::Date shown{};               // what holds this day is shown
    std::optional<survey::Date> first;  // tapped already
    survey::Date today{};
};
struct DayTapped {
    survey::Date day{};
};
struct CalendarTurned {
    survey::Date shown{};  // what holds this day is wanted
};
using CalendarIntent = std::variant<DayTapped, CalendarTurned, ChooserLeft>;
[[nodiscard]] std::optional<CalendarIntent> draw_calendar(const CalendarModel& model, DrawContext& draw);
/// The years that the calendar turns through.
inline constexpr int kCalendarYearFirst = 2020;
inline constexpr int kCalendarYearLast = 2199;

/// How the terminal is: one row for each thing worth knowing, with its sign.
enum class Health { fact, good, attention, trouble };
struct DeviceRow {
    Health health = Health::fact;
    std::string label;
    std::string value;
    bool operator==(const DeviceRow&) const = default;
};
struct DeviceModel {
    StaffTabs tabs;
    std::vector<DeviceRow> rows;
    int page = 0;
};
using DeviceIntent = std::variant<PageTurned, TabChosen, StaffClosed>;
[[nodiscard]] std::optional<DeviceIntent> draw_device(const DeviceModel& model, DrawContext& draw);

/// What staff may do with the terminal.
struct ToolsModel {
    StaffTabs tabs;
    bool training_on = false;
    bool closing_asked = false;  // the program closes with one more tap
};
struct TrainingWanted {
    bool on = false;
};
struct CleaningWanted {};
struct CloseWanted {};
struct CloseConfirmed {};
using ToolsIntent = std::variant<TrainingWanted, CleaningWanted, CloseWanted, CloseConfirmed, TabChosen, StaffClosed>;
[[nodiscard]] std::optional<ToolsIntent> draw_tools(const ToolsModel& model, DrawContext& draw);

}  // namespace hailong::kiosk
