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

/// Away again; how often the PIN was wrong is not forgotten, and training goes on.
void leave(StaffState& state) {
    StaffState fresh;
    fresh.wrong_in_a_row = state.wrong_in_a_row;
    fresh.blocked_until = state.blocked_until;
    fresh.last_touch = state.last_touch;
    fresh.training_on = state.training_on;
    state = std::move(fresh);
}

bool on_results(StaffPhase phase) {
    return phase == StaffPhase::tally || phase == StaffPhase::periods || phase == StaffPhase::groupings ||
           phase == StaffPhase::calendar;
}

/// Behind the PIN.
bool inside(StaffPhase phase) {
    return on_results(phase) || phase == StaffPhase::device || phase == StaffPhase::tools;
}

TallyQuery query_of(const TallyChoice& choice) {
    if (choice.by == TallyBy::all) return {choice.days, TallyOf::whole};
    return {choice.days, choice.by == TallyBy::officers ? TallyOf::officers : TallyOf::rows};
}

/// Takes one event into `state`; one overload an event.
struct Turn {
    StaffState& state;
    const StaffNow& now;
    std::vector<StaffEffect> effects;

    void operator()(const EmblemTapped&) {
        if (state.phase != StaffPhase::away) return;
        auto& taps = state.emblem_taps;
        taps.push_back(now.at);
        const auto too_old = [&](MonoTime tap) { return now.at - tap > kEmblemWindow; };
        taps.erase(std::remove_if(taps.begin(), taps.end(), too_old), taps.end());
        if (taps.size() < kEmblemTaps) return;
        taps.clear();
        go_to(StaffPhase::pin);
    }

    void operator()(const PinDigit& typed) {
        if (state.phase != StaffPhase::pin || now.at < state.blocked_until) return;
        state.last_touch = now.at;
        state.wrong = false;
        if (state.digits.size() < kPinDigitsMax) state.digits += static_cast<char>('0' + typed.digit);
    }

    void operator()(const PinErased&) {
        if (state.phase != StaffPhase::pin) return;
        state.last_touch = now.at;
        if (!state.digits.empty()) state.digits.pop_back();
    }

    void operator()(const PinEntered&) {
        if (state.phase != StaffPhase::pin || now.at < state.blocked_until || !is_pin(state.digits)) return;
        go_to(StaffPhase::checking);
        effects.emplace_back(CheckPin{std::exchange(state.digits, {})});
    }

    void operator()(const PinChecked& checked) {
        if (state.phase != StaffPhase::checking) return;
        state.last_touch = now.at;
        if (checked.right) {
            state.wrong_in_a_row = 0;
            show(newest_choice(TallyBy::all, survey::PeriodKind::day, now.rules));
            effects.emplace_back(ReadOverview{});
            return;
        }
        state.phase = StaffPhase::pin;
        state.wrong = true;
        state.wrong_in_a_row += 1;
        state.blocked_until = now.at + wait_after(state.wrong_in_a_row);
    }

    void operator()(const TabChosen& chosen) {
        if (!inside(state.phase)) return;
        go_to(phase_of(chosen.tab));
        if (chosen.tab == StaffTab::device) effects.emplace_back(ReadOverview{});
    }

    void operator()(const PeriodStepped& step) {
        if (state.phase != StaffPhase::tally) return;
        state.last_touch = now.at;
        if (const auto next = stepped(state.choice, step.steps, now.rules)) show(*next);
    }

    void operator()(const PeriodsWanted&) {
        if (state.phase == StaffPhase::tally) go_to(StaffPhase::periods);
    }

    void operator()(const PeriodKindChosen& chosen) {
        if (state.phase == StaffPhase::periods) show(newest_choice(state.choice.by, chosen.kind, now.rules));
    }

    void operator()(const CalendarWanted&) {
        if (state.phase != StaffPhase::periods || by_months(state.choice.by)) return;
        go_to(StaffPhase::calendar);
        state.calendar_shown = std::min(state.choice.days.last, now.rules.today);
        state.calendar_first.reset();
    }

    void operator()(const CalendarTurned& turned) {
        if (state.phase != StaffPhase::calendar) return;
        state.last_touch = now.at;
        state.calendar_shown = turned.shown;
    }

    void operator()(const DayTapped& tapped) {
        if (state.phase != StaffPhase::calendar || tapped.day > now.rules.today) return;
        state.last_touch = now.at;
        if (!state.calendar_first) {
            state.calendar_first = tapped.day;
            return;
        }
        show(chosen_days(state.choice.by, *state.calendar_first, tapped.day, now.rules));
    }

    void operator()(const GroupingsWanted&) {
        if (state.phase == StaffPhase::tally) go_to(StaffPhase::groupings);
    }

    void operator()(const GroupingChosen& chosen) {
        if (state.phase == StaffPhase::groupings) show(regrouped(state.choice, chosen.by, now.rules));
    }

    void operator()(const ChooserLeft&) {
        if (on_results(state.phase)) go_to(StaffPhase::tally);
    }

    void operator()(const PageTurned& turned) {
        if (state.phase != StaffPhase::tally && state.phase != StaffPhase::device) return;
        state.last_touch = now.at;
        state.page = turned.page;
    }

    void operator()(const TalliesRead& read) {
        // An answer to what was asked before is late: the one to what is wanted now comes after it.
        if (!inside(state.phase) || !(read.query == query_of(state.choice))) return;
        state.sheet = read.sheet;
        state.shown = state.choice;
    }

    void operator()(const OverviewRead& read) {
        if (inside(state.phase)) state.overview = read.overview;
    }

    void operator()(const TrainingWanted& wanted) {
        if (state.phase != StaffPhase::tools || wanted.on == state.training_on) return;
        state.last_touch = now.at;
        state.closing_asked = false;
        state.training_on = wanted.on;
        if (!wanted.on) {
            effects.emplace_back(EndTraining{});
            return;
        }
        leave(state);
        effects.emplace_back(StartTraining{});
    }

    void operator()(const CleaningWanted&) {
        if (state.phase != StaffPhase::tools) return;
        state.last_touch = now.at;
        leave(state);
        effects.emplace_back(StartCleaning{});
    }

    void operator()(const CloseWanted&) {
        if (state.phase != StaffPhase::tools) return;
        state.last_touch = now.at;
        state.closing_asked = true;
    }

    void operator()(const CloseConfirmed&) {
        if (state.phase == StaffPhase::tools && state.closing_asked) effects.emplace_back(CloseProgram{});
    }

    void operator()(const StaffClosed&) { leave(state); }

    void operator()(const Ticked&) {
        if (state.training_on && now.at - state.last_touch >= kTrainingIdle) {
            state.training_on = false;
            effects.emplace_back(EndTraining{});
        }
        if (state.phase != StaffPhase::away && now.at - state.last_touch >= kStaffIdle) leave(state);
    }

  private:
    static StaffPhase phase_of(StaffTab tab) {
        switch (tab) {
            case StaffTab::results:
                return StaffPhase::tally;
            case StaffTab::device:
                return StaffPhase::device;
            case StaffTab::tools:
                return StaffPhase::tools;
        }
        return StaffPhase::tally;
    }

    void go_to(StaffPhase phase) {
        state.phase = phase;
        state.last_touch = now.at;
        state.page = 0;
        state.closing_asked = false;
    }

    /// Asks for these results and goes there. What was shown stays until they are read.
    void show(const TallyChoice& choice) {
        go_to(StaffPhase::tally);
        state.choice = choice;
        // Other rows of what is read already are there at once.
        if (state.shown && query_of(*state.shown) == query_of(choice)) state.shown = choice;
        effects.emplace_back(ReadTallies{query_of(choice)});
    }
};

}  // namespace

StaffStep advance(const StaffState& state, const StaffEvent& event, const StaffNow& now) {
    StaffStep step{state, {}};
    Turn turn{step.state, now, {}};
    std::visit(turn, event);
    step.effects = std::move(turn.effects);
    return step;
}

std::optional<MonoTime> next_deadline(const StaffState& state, MonoTime now) {
    std::optional<MonoTime> due;
    if (state.training_on) due = state.last_touch + kTrainingIdle;
    if (state.phase != StaffPhase::away) {
        const MonoTime idle = state.last_touch + kStaffIdle;
        due = due ? std::min(*due, idle) : idle;
        if (now < state.blocked_until) {
            // The wait is shown in whole seconds, rounded up.
            const auto shown = std::chrono::ceil<std::chrono::seconds>(state.blocked_until - now);
            due = std::min(*due, state.blocked_until - (shown - std::chrono::seconds{1}));
        }
    }
    if (!due) return std::nullopt;
    return std::max(*due, now + milliseconds{1});
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
