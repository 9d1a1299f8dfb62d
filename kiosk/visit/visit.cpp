#include "kiosk/visit/visit.h"

#include <algorithm>

#include "survey/check.h"
#include "survey/conditions.h"
#include "survey/crypto/words.h"

namespace hailong::kiosk {
namespace {

using survey::Answer;
using survey::Item;
using survey::ItemType;

constexpr const char* kFlagTooFast = "too_fast";

template <class... Handlers>
struct Match : Handlers... {
    using Handlers::operator()...;
};
template <class... Handlers>
Match(Handlers...) -> Match<Handlers...>;

bool asks_for_words(ItemType type) {
    return type == ItemType::text || type == ItemType::phone;
}

/// Whether this glass has a way to ask for such an item.
bool has_screen(ItemType type) {
    return !asks_for_words(type);
}

bool fits(const Item& item, const std::string& text) {
    const auto chars = std::count_if(text.begin(), text.end(), [](char byte) { return (byte & 0xc0) != 0x80; });
    return text.size() <= survey::kWordsBytesMax && (item.chars_max == 0 || chars <= item.chars_max);
}

bool is_asked(const VisitSetup& setup, const VisitState& state, const Item& item) {
    if (asks_for_words(item.type) && !setup.ask_words) return false;
    if (item.type == ItemType::counter && (!setup.fixed_counter.empty() || setup.center.counters.empty())) return false;
    if (item.type == ItemType::officer && officers_offered(setup, state).empty()) return false;
    return is_visible(item, setup.questionnaire, state.answers, state.context);
}

std::size_t index_of(const VisitSetup& setup, const survey::ItemId& id) {
    const auto& items = setup.questionnaire.items;
    const auto found = std::find_if(items.begin(), items.end(), [&](const Item& item) { return item.id == id; });
    return static_cast<std::size_t>(found - items.begin());
}

/// The first item from `index` on that is asked; null at the end.
const Item* first_asked(const VisitSetup& setup, const VisitState& state, std::size_t index) {
    const auto& items = setup.questionnaire.items;
    for (; index < items.size(); ++index) {
        if (is_asked(setup, state, items[index])) return &items[index];
    }
    return nullptr;
}

template <class Said>
void forget(std::vector<Said>& all, const survey::ItemId& item) {
    all.erase(std::remove_if(all.begin(), all.end(), [&](const Said& one) { return one.item == item; }), all.end());
}

/// One event's way through the machine: a working copy of the state and what came of it.
class Turn {
  public:
    Turn(const VisitSetup& setup, const VisitState& state, const VisitNow& now)
        : setup_(setup), state_(state), now_(now) {}

    [[nodiscard]] VisitStep take() && { return {std::move(state_), std::move(effects_)}; }

    void touch() { state_.last_touch = now_.monotonic; }
    [[nodiscard]] bool settled() const { return now_.monotonic - state_.shown_since >= setup_.timing.settle; }
    [[nodiscard]] Phase phase() const { return state_.phase; }
    [[nodiscard]] bool asks(const survey::ItemId& item) const {
        return state_.phase == Phase::asking && state_.item == item && settled();
    }
    [[nodiscard]] const Item& item() const {
        const Item* item = setup_.questionnaire.item(state_.item);
        survey::check(item != nullptr, "the item asked stands in the questionnaire");
        return *item;
    }

    void set_language(survey::Language language) { state_.language = language; }

    void begin() {
        state_.visit_number += 1;
        state_.response_id = now_.fresh_id;
        state_.started = moment();
        state_.context = {};
        state_.context.center = setup_.center.id;
        state_.context.counter = setup_.fixed_counter;
        touch();
        go_on_from(0);
    }

    void answer(std::vector<std::string> values) {
        forget(state_.answers, state_.item);
        state_.answers.push_back({state_.item, std::move(values), std::nullopt});
        next();
    }

    void give_words(const std::string& text) {
        if (!fits(item(), text)) return;
        if (text.empty()) {
            skip();
            return;
        }
        forget(state_.answers, state_.item);
        forget(state_.words, state_.item);
        state_.answers.push_back({state_.item, {}, survey::Digest{}});
        state_.words.push_back({state_.item, text});
        next();
    }

    void toggle(const std::string& value) {
        auto& chosen = state_.chosen;
        const auto found = std::find(chosen.begin(), chosen.end(), value);
        if (found != chosen.end()) {
            chosen.erase(found);
            return;
        }
        const auto most = item().choices_max;
        if (most == 0 || chosen.size() < static_cast<std::size_t>(most)) chosen.push_back(value);
    }

    void finish_choices() {
        if (!state_.chosen.empty()) {
            answer(state_.chosen);
        } else {
            skip();
        }
    }

    void skip() {
        if (is_required(item(), setup_.questionnaire, state_.answers, state_.context)) return;
        forget(state_.answers, state_.item);
        forget(state_.words, state_.item);
        next();
    }

    void choose_counter(const survey::CounterId& counter) {
        if (!counter.empty() && setup_.center.counter(counter) == nullptr) return;
        state_.context.counter = counter;
        set_officer({});
        next();
    }

    void choose_officer(const survey::OfficerId& id) {
        if (!id.empty()) {
            const survey::Officer* officer = setup_.center.officer(id);
            if (officer == nullptr || !officer->active) return;
            if (state_.context.counter.empty()) state_.context.counter = officer->counter;
        }
        set_officer(id);
        next();
    }

    void back() {
        if (state_.asked.empty()) return;
        const survey::ItemId item = state_.asked.back();
        state_.asked.pop_back();
        show(item);
    }

    /// The citizen leaves before the end; what was answered is kept as partial.
    void end_early() {
        if (state_.answers.empty()) {
            rest();
        } else {
            save(/*complete=*/false);
        }
    }

    void time_out() {
        if (!state_.answers.empty()) save(/*complete=*/false);
        rest();
    }

    void close_with(Phase phase) {
        state_.phase = phase;
        state_.shown_since = now_.monotonic;
    }

    /// Back to the attract screen, as if nobody had been here.
    void rest() {
        const std::uint64_t visits = state_.visit_number;
        state_ = initial_state(setup_);
        state_.visit_number = visits;
        state_.shown_since = now_.monotonic;
    }

  private:
    [[nodiscard]] survey::Moment moment() const { return {now_.utc, survey::kVietnamOffset, now_.monotonic}; }

    /// What was said about one officer is never kept for another.
    void set_officer(const survey::OfficerId& id) {
        if (state_.context.officer == id) return;
        state_.context.officer = id;
        for (const Item& item : setup_.questionnaire.items) {
            if (item.about != survey::About::officer) continue;
            forget(state_.answers, item.id);
            forget(state_.words, item.id);
        }
    }

    void show(const survey::ItemId& item) {
        state_.phase = Phase::asking;
        state_.item = item;
        state_.shown_since = now_.monotonic;
        const Answer* before = answer_to(state_.answers, item);
        state_.chosen = before == nullptr ? std::vector<std::string>{} : before->values;
    }

    void next() {
        state_.asked.push_back(state_.item);
        go_on_from(index_of(setup_, state_.item) + 1);
    }

    void go_on_from(std::size_t index) {
        const Item* item = first_asked(setup_, state_, index);
        if (item == nullptr) {
            save(/*complete=*/true);
        } else {
            show(item->id);
        }
    }

    /// Only answers to items that are visible as things stand now: going back may have hidden some.
    [[nodiscard]] std::vector<Answer> visible_answers() const {
        std::vector<Answer> answers;
        for (const Item& item : setup_.questionnaire.items) {
            const Answer* answer = answer_to(state_.answers, item.id);
            // Against what was kept so far: an answer hanging on a dropped one is dropped with it.
            if (answer != nullptr && is_visible(item, setup_.questionnaire, answers, state_.context)) {
                answers.push_back(*answer);
            }
        }
        return answers;
    }

    void save(bool complete) {
        survey::Response response;
        response.id = state_.response_id;
        response.questionnaire = setup_.questionnaire.ref;
        response.language = state_.language;
        response.started = state_.started;
        response.finished = moment();
        response.boot_id = setup_.boot_id;
        response.server_offset = now_.server_offset;
        response.context = state_.context;
        response.answers = visible_answers();
        response.complete = complete;
        if (complete && now_.monotonic - state_.started.monotonic < setup_.timing.too_fast) {
            response.flags.emplace_back(kFlagTooFast);
        }
        std::vector<Words> words;
        for (const Words& one : state_.words) {
            if (answer_to(response.answers, one.item) != nullptr) words.push_back(one);
        }
        effects_.emplace_back(SaveResponse{std::move(response), std::move(words)});
        close_with(Phase::saving);
    }

    const VisitSetup& setup_;
    VisitState state_;
    const VisitNow& now_;
    std::vector<VisitEffect> effects_;
};

milliseconds thanks_time(const VisitSetup& setup, const VisitState& state) {
    return advice(setup, state).empty() ? setup.timing.thanks : setup.timing.advice;
}

void tick(const VisitSetup& setup, const VisitState& state, const VisitNow& now, Turn& turn) {
    const milliseconds shown = now.monotonic - state.shown_since;
    switch (state.phase) {
        case Phase::attract:
            return;
        case Phase::asking:
            if (now.monotonic - state.last_touch >= setup.timing.idle) turn.time_out();
            return;
        case Phase::saving:
            if (shown >= setup.timing.saving) turn.close_with(Phase::not_saved);
            return;
        case Phase::thanks:
            if (shown >= thanks_time(setup, state)) turn.rest();
            return;
        case Phase::not_saved:
            if (shown >= setup.timing.not_saved) turn.rest();
            return;
    }
}

bool is_choice_of(const Item& item, const std::string& value) {
    return item.option(value) != nullptr;
}

}  // namespace

VisitState initial_state(const VisitSetup& setup) {
    VisitState state;
    state.language = setup.default_language;
    return state;
}

VisitStep advance(const VisitSetup& setup, const VisitState& state, const VisitEvent& event, const VisitNow& now) {
    Turn turn(setup, state, now);
    const bool closing = state.phase == Phase::thanks || state.phase == Phase::not_saved;
    const bool by_hand = !std::holds_alternative<Ticked>(event) && !std::holds_alternative<Saved>(event) &&
                         !std::holds_alternative<SaveFailed>(event);
    if (by_hand && state.phase == Phase::asking) turn.touch();

    std::visit(Match{
                   [&](const Woken&) {
                       if (turn.phase() == Phase::attract && turn.settled()) turn.begin();
                   },
                   [&](const LanguageChosen& chosen) {
                       if (turn.phase() == Phase::attract && !turn.settled()) return;
                       if (turn.phase() == Phase::attract) turn.begin();
                       if (turn.phase() == Phase::asking) turn.set_language(chosen.language);
                   },
                   [&](const Touched&) {
                       if (closing && turn.settled()) turn.rest();
                   },
                   [&](const AnswerChosen& chosen) {
                       if (turn.asks(chosen.item) && turn.item().type != ItemType::multi &&
                           is_choice_of(turn.item(), chosen.value)) {
                           turn.answer({chosen.value});
                       }
                   },
                   [&](const OptionToggled& toggled) {
                       if (turn.asks(toggled.item) && turn.item().type == ItemType::multi &&
                           is_choice_of(turn.item(), toggled.value)) {
                           turn.toggle(toggled.value);
                       }
                   },
                   [&](const ChoicesDone& done) {
                       if (turn.asks(done.item) && turn.item().type == ItemType::multi) turn.finish_choices();
                   },
                   [&](const CounterChosen& chosen) {
                       if (turn.asks(chosen.item) && turn.item().type == ItemType::counter)
                           turn.choose_counter(chosen.counter);
                   },
                   [&](const OfficerChosen& chosen) {
                       if (turn.asks(chosen.item) && turn.item().type == ItemType::officer)
                           turn.choose_officer(chosen.officer);
                   },
                   [&](const WordsGiven& given) {
                       if (turn.asks(given.item) && asks_for_words(turn.item().type)) turn.give_words(given.text);
                   },
                   [&](const Skipped& skipped) {
                       if (turn.asks(skipped.item)) turn.skip();
                   },
                   [&](const BackTapped&) {
                       if (turn.phase() == Phase::asking && turn.settled()) turn.back();
                   },
                   [&](const Ended&) {
                       if (turn.phase() == Phase::asking && turn.settled()) turn.end_early();
                   },
                   [&](const Saved& saved) {
                       const bool waiting = turn.phase() == Phase::saving || turn.phase() == Phase::not_saved;
                       if (waiting && saved.response_id == state.response_id) turn.close_with(Phase::thanks);
                   },
                   [&](const SaveFailed& failed) {
                       if (turn.phase() == Phase::saving && failed.response_id == state.response_id) {
                           turn.close_with(Phase::not_saved);
                       }
                   },
                   [&](const Ticked&) { tick(setup, state, now, turn); },
               },
               event);
    return std::move(turn).take();
}

std::optional<int> countdown_seconds(const VisitSetup& setup, const VisitState& state, MonoTime now) {
    if (state.phase != Phase::asking) return std::nullopt;
    const milliseconds left = state.last_touch + setup.timing.idle - now;
    if (left > setup.timing.countdown) return std::nullopt;
    return static_cast<int>(std::chrono::ceil<std::chrono::seconds>(std::max(left, milliseconds{0})).count());
}

std::optional<MonoTime> next_deadline(const VisitSetup& setup, const VisitState& state, MonoTime now) {
    const auto later = [&](MonoTime due) { return std::max(due, now + milliseconds{1}); };
    switch (state.phase) {
        case Phase::attract:
            return std::nullopt;
        case Phase::saving:
            return later(state.shown_since + setup.timing.saving);
        case Phase::thanks:
            return later(state.shown_since + thanks_time(setup, state));
        case Phase::not_saved:
            return later(state.shown_since + setup.timing.not_saved);
        case Phase::asking:
            break;
    }
    const MonoTime end = state.last_touch + setup.timing.idle;
    const MonoTime countdown_start = end - setup.timing.countdown;
    if (now < countdown_start) return countdown_start;
    // The number shown is the time left rounded up: it changes when a whole number of seconds is left.
    const auto whole_seconds_left = std::chrono::ceil<std::chrono::seconds>(end - now) - std::chrono::seconds{1};
    return later(end - std::max<milliseconds>(whole_seconds_left, milliseconds{0}));
}

std::vector<const survey::Officer*> officers_offered(const VisitSetup& setup, const VisitState& state) {
    std::vector<const survey::Officer*> offered;
    for (const survey::Officer& officer : setup.center.officers) {
        const bool here = state.context.counter.empty() || officer.counter == state.context.counter;
        if (officer.active && here) offered.push_back(&officer);
    }
    if (!offered.empty()) {
        const auto turn = static_cast<std::ptrdiff_t>(state.visit_number % offered.size());
        std::rotate(offered.begin(), offered.begin() + turn, offered.end());
    }
    return offered;
}

std::string advice(const VisitSetup& setup, const VisitState& state) {
    std::string lines;
    for (const Answer& answer : state.answers) {
        const Item* item = setup.questionnaire.item(answer.item);
        if (item == nullptr || !is_visible(*item, setup.questionnaire, state.answers, state.context)) continue;
        for (const std::string& value : answer.values) {
            const survey::Option* option = item->option(value);
            if (option == nullptr || option->message.empty()) continue;
            if (!lines.empty()) lines += '\n';
            lines += option->message.in(state.language);
        }
    }
    return lines;
}

Progress progress(const VisitSetup& setup, const VisitState& state) {
    Progress progress;
    for (const Item& item : setup.questionnaire.items) {
        if (!is_asked(setup, state, item)) continue;
        progress.steps += 1;
        if (item.id == state.item) progress.step = progress.steps;
    }
    return progress;
}

survey::Faults check_askable(const survey::Questionnaire& questionnaire) {
    survey::Faults faults;
    bool any = false;
    for (std::size_t i = 0; i < questionnaire.items.size(); ++i) {
        const Item& item = questionnaire.items[i];
        any = any || has_screen(item.type);
        if (!has_screen(item.type) && (item.required || item.required_if)) {
            faults.push_back({"items[" + std::to_string(i) + "]",
                              "\"" + item.id.text + "\" needs typed words, and this terminal has no keyboard",
                              "make the item optional, or ask it on another device"});
        }
    }
    if (!any) faults.push_back({"items", "holds nothing that can be tapped", "add an item with options"});
    return faults;
}

}  // namespace hailong::kiosk
