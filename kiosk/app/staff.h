// The staff's way in, as a pure state machine beside the visit: emblem taps, PIN with growing delay, the tally screen,
// and out again when nobody touches it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "kiosk/app/back_office.h"
#include "kiosk/screens/screens.h"
#include "survey/time.h"

namespace hailong::kiosk {

using survey::milliseconds;
using survey::MonoTime;

/// Five taps on the emblem within three seconds open the PIN screen.
inline constexpr int kEmblemTaps = 5;
inline constexpr milliseconds kEmblemWindow{3'000};
/// Without a touch the staff screens close.
inline constexpr milliseconds kStaffIdle{60'000};
/// After the third wrong PIN in a row one waits 10 s, and twice as long after each further one, at most 10 minutes.
inline constexpr int kFreeWrongPins = 2;
inline constexpr milliseconds kWrongPinWait{10'000};
inline constexpr milliseconds kWrongPinWaitMax{600'000};

enum class StaffPhase { away, pin, checking, tally };

struct StaffState {
    StaffPhase phase = StaffPhase::away;
    std::vector<MonoTime> emblem_taps;
    std::string digits;
    bool wrong = false;      // the last PIN was wrong, and nothing was typed since
    int wrong_in_a_row = 0;  // survives leaving the screen
    MonoTime blocked_until{};
    TallyPeriod period = TallyPeriod::today;
    int page = 0;  // of the tally screen
    MonoTime last_touch{};
    std::optional<Expected<Overview, StoreError>> overview;  // empty while it is being read
};

using StaffEvent = std::variant<EmblemTapped, PinDigit, PinErased, PinEntered, StaffClosed, PinChecked, PeriodChosen,
                                PageTurned, OverviewRead, Ticked>;

// What the world has to do.
struct CheckPin {
    std::string pin;
};
struct ReadOverview {
    TallyPeriod period = TallyPeriod::today;
};
using StaffEffect = std::variant<CheckPin, ReadOverview>;

struct StaffStep {
    StaffState state;
    std::optional<StaffEffect> effect;
};

/// Pure. Events that do not fit the phase change nothing.
[[nodiscard]] StaffStep advance(const StaffState& state, const StaffEvent& event, MonoTime now);

/// When `Ticked` next changes something or the shown wait changes; empty when away.
[[nodiscard]] std::optional<MonoTime> next_deadline(const StaffState& state, MonoTime now);

/// What the PIN screen shows.
[[nodiscard]] PinModel pin_model(const StaffState& state, MonoTime now);

}  // namespace hailong::kiosk
