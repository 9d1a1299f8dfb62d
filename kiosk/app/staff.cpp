#include "kiosk/app/staff.h"

#include <algorithm>
#include <utility>

namespace hailong::kiosk {
namespace {

milliseconds wait_after(int wrong_in_a_row) {
    milliseconds wait{0};
    for (int wrong = kFreeWrongPins + 1; wrong <= wrong_in_a_row && wait < kWrongPinWaitMax; ++wrong) {
        wait = wait.count() == 0 ? kWrongPinWait : wait * 2;
    }
    return std::min(wait, kWrongPinWaitMax);
}

/// Away again; how often the PIN was wrong is not forgotten.
void leave(StaffState& state) {
    StaffState fresh;
    fresh.wrong_in_a_row = state.wrong_in_a_row;
    fresh.blocked_until = state.blocked_until;
    state = std::move(fresh);
}

/// Takes one event into `state`; one overload an event.
struct Turn {
    StaffState& state;
    MonoTime now;
    std::optional<StaffEffect> effect;

    void operator()(const EmblemTapped&) {
        if (state.phase != StaffPhase::away) return;
        auto& taps = state.emblem_taps;
        taps.push_back(now);
        taps.erase(std::remove_if(taps.begin(), taps.end(), [&](MonoTime tap) { return now - tap > kEmblemWindow; }),
                   taps.end());
        if (taps.size() < kEmblemTaps) return;
        taps.clear();
        state.phase = StaffPhase::pin;
        state.last_touch = now;
    }

    void operator()(const PinDigit& typed) {
        if (state.phase != StaffPhase::pin || now < state.blocked_until) return;
        state.last_touch = now;
        state.wrong = false;
        if (state.digits.size() < kPinDigitsMax) state.digits += static_cast<char>('0' + typed.digit);
    }

    void operator()(const PinErased&) {
        if (state.phase != StaffPhase::pin) return;
        state.last_touch = now;
        if (!state.digits.empty()) state.digits.pop_back();
    }

    void operator()(const PinEntered&) {
        if (state.phase != StaffPhase::pin || now < state.blocked_until || !is_pin(state.digits)) return;
        state.last_touch = now;
        state.phase = StaffPhase::checking;
        effect = CheckPin{std::exchange(state.digits, {})};
    }

    void operator()(const PinChecked& checked) {
        if (state.phase != StaffPhase::checking) return;
        state.last_touch = now;
        if (checked.right) {
            state.phase = StaffPhase::tally;
            state.wrong_in_a_row = 0;
            effect = ReadOverview{state.period};
            return;
        }
        state.phase = StaffPhase::pin;
        state.wrong = true;
        state.wrong_in_a_row += 1;
        state.blocked_until = now + wait_after(state.wrong_in_a_row);
    }

    void operator()(const PeriodChosen& chosen) {
        if (state.phase != StaffPhase::tally) return;
        state.last_touch = now;
        state.period = chosen.period;
        state.page = 0;
        state.overview.reset();
        effect = ReadOverview{chosen.period};
    }

    void operator()(const PageTurned& turned) {
        if (state.phase != StaffPhase::tally) return;
        state.last_touch = now;
        state.page = turned.page;
    }

    void operator()(const OverviewRead& read) {
        if (state.phase == StaffPhase::tally) state.overview = read.overview;
    }

    void operator()(const StaffClosed&) { leave(state); }

    void operator()(const Ticked&) {
        if (state.phase != StaffPhase::away && now - state.last_touch >= kStaffIdle) leave(state);
    }
};

}  // namespace

StaffStep advance(const StaffState& state, const StaffEvent& event, MonoTime now) {
    StaffStep step{state, std::nullopt};
    Turn turn{step.state, now, std::nullopt};
    std::visit(turn, event);
    step.effect = std::move(turn.effect);
    return step;
}

std::optional<MonoTime> next_deadline(const StaffState& state, MonoTime now) {
    if (state.phase == StaffPhase::away) return std::nullopt;
    MonoTime due = state.last_touch + kStaffIdle;
    if (now < state.blocked_until) {
        // The wait is shown in whole seconds, rounded up.
        const auto shown = std::chrono::ceil<std::chrono::seconds>(state.blocked_until - now);
        due = std::min(due, state.blocked_until - (shown - std::chrono::seconds{1}));
    }
    return std::max(due, now + milliseconds{1});
}

PinModel pin_model(const StaffState& state, MonoTime now) {
    PinModel model;
    model.digits_entered = state.digits.size();
    model.wrong = state.wrong;
    model.checking = state.phase == StaffPhase::checking;
    if (now < state.blocked_until) {
        model.wait_s = static_cast<int>(std::chrono::ceil<std::chrono::seconds>(state.blocked_until - now).count());
    }
    return model;
}

}  // namespace hailong::kiosk
