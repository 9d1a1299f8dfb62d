// The staff's way in and through their screens, as a pure state machine beside the visit: emblem taps, PIN with growing
// delay, the results with what is chosen for them, the device, the tools, and out again when nobody touches it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "kiosk/app/background_reader.h"
#include "kiosk/app/tally_span.h"
#include "kiosk/screens/screens.h"
#include "survey/base/time.h"

namespace hailong::kiosk {

using survey::milliseconds;
using survey::MonoTime;

/// Five taps on the emblem within three seconds open the PIN screen. There is no way in by keypad.
inline constexpr int kEmblemTaps = 5;
inline constexpr milliseconds kEmblemWindow{3'000};
/// Without a touch the staff screens close.
inline constexpr milliseconds kStaffIdle{60'000};
/// After the third wrong PIN in a row one waits 10 s, and twice as long after each further one, at most 10 minutes.
/// A restart of the program forgets how often it was wrong: whoever can restart it has the machine in hand anyway, and
/// a wait that outlives it could lock staff out for good.
inline constexpr int kFreeWrongPins = 2;
inline constexpr milliseconds kWrongPinWait{10'000};
inline constexpr milliseconds kWrongPinWaitMax{600'000};
/// Training that nobody touches any more ends by itself: the next citizen's rating must count.
inline constexpr milliseconds kTrainingIdle{900'000};

enum class StaffPhase { away, pin, checking, tally, periods, groupings, calendar, device, tools };

struct StaffState {
    StaffPhase phase = StaffPhase::away;
    std::vector<MonoTime> emblem_taps;
    std::string digits;
    bool wrong = false;      // the last PIN was wrong, and nothing was typed since
    int wrong_in_a_row = 0;  // survives leaving the screens, not a restart
    MonoTime blocked_until{};
    MonoTime last_touch{};     // of the whole glass
    bool training_on = false;  // survives leaving the screens, not a restart

    TallyChoice choice;
    std::optional<TallyChoice> shown;  // what `sheet` answers: stays on the glass until the next one was read
    std::optional<Expected<TallySheet, StoreError>> sheet;
    std::optional<Expected<Overview, StoreError>> overview;  // empty while it is being read
    int page = 0;                                            // of the results, or of the device's rows
    survey::Date calendar_shown{};
    std::optional<survey::Date> calendar_first;
    bool closing_asked = false;
};

using StaffEvent = std::variant<EmblemTapped, PinDigit, PinErased, PinEntered, StaffClosed, PinChecked, TabChosen,
                                PeriodStepped, PeriodsWanted, PeriodKindChosen, CalendarWanted, CalendarTurned,
                                DayTapped, GroupingsWanted, GroupingChosen, ChooserLeft, PageTurned, TalliesRead,
                                OverviewRead, TrainingWanted, CleaningWanted, CloseWanted, CloseConfirmed, Ticked>;

// What the world has to do.
struct CheckPin {
    std::string pin;
};
struct ReadTallies {
    TallyQuery query;
};
struct ReadOverview {};
/// From now on nothing of a visit is kept; the glass goes back to its invitation.
struct StartTraining {};
struct EndTraining {};
/// The panel may be wiped for a while; the glass goes back to its invitation behind it.
struct StartCleaning {};
struct CloseProgram {};
using StaffEffect =
    std::variant<CheckPin, ReadTallies, ReadOverview, StartTraining, EndTraining, StartCleaning, CloseProgram>;

struct StaffStep {
    StaffState state;
    std::vector<StaffEffect> effects;
};

/// When an event happens, and what decides which periods there are then.
struct StaffNow {
    MonoTime at{};
    TallyRules rules;
};

/// Pure. Events that do not fit the phase change nothing.
[[nodiscard]] StaffStep advance(const StaffState& state, const StaffEvent& event, const StaffNow& now);

/// When `Ticked` next changes something or the shown wait changes; empty when away and no training goes on.
[[nodiscard]] std::optional<MonoTime> next_deadline(const StaffState& state, MonoTime now);

/// What the PIN screen shows.
[[nodiscard]] PinModel pin_model(const StaffState& state, MonoTime now);

}  // namespace hailong::kiosk
