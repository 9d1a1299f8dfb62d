#include "kiosk/visit/visit.h"

#include <algorithm>

#include "survey/base/check.h"
#include "survey/base/utf8.h"
#include "survey/conditions.h"
#include "survey/crypto/sealed_text.h"
#include "survey/pattern.h"

namespace hailong::kiosk {
namespace {

using survey::Answer;
using survey::Item;
using survey::ItemType;
using survey::Questionnaire;

bool asks_for_text(ItemType type) {
    return type == ItemType::text || type == ItemType::phone;
}

/// Without the blanks at both ends.
std::string trimmed(const std::string& text) {
    constexpr const char* kBlanks = " \t\r\n";
    const std::size_t first = text.find_first_not_of(kBlanks);
    if (first == std::string::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// Most characters an item takes; 0: only the bytes count.
std::size_t chars_max(const Item& item) {
    return item.type == ItemType::phone ? kPhoneCharsMax : static_cast<std::size_t>(item.chars_max);
}

/// A number of digits that looks as the item wants it. What the pattern's own fault would be is nobody's at the glass.
bool is_number(const Item& item, const std::string& text) {
    const bool digits = std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    return digits && (item.pattern.empty() || survey::matches(text, item.pattern));
}

/// Whether a key has a meaning in a phone number.
bool is_number_key(const Key& key) {
    const auto* character = std::get_if<CharacterKey>(&key);
    if (character != nullptr) return character->character >= U'0' && character->character <= U'9';
    return std::holds_alternative<EditKey>(key);
}

/// Only answers to items that are visible as things stand now: going back may have hidden some, and what hung on those.
std::vector<Answer> standing_answers(const Questionnaire& questionnaire, const VisitState& state) {
    std::vector<Answer> answers;
    for (const Item& item : questionnaire.items) {
        const Answer* answer = answer_to(state.answers, item.id);
        // Against what was kept so far: an answer hanging on a dropped one is dropped with it.
        if (answer != nullptr && is_visible(item, questionnaire, answers, state.context)) answers.push_back(*answer);
    }
    return answers;
}

/// `standing`: the standing answers of `state`.
bool is_asked(const VisitSetup& setup, const VisitState& state, const std::vector<Answer>& standing, const Item& item) {
    const bool counter_is_given = !setup.fixed_counter.empty() || !state.ticket.counter.empty();
    if (asks_for_text(item.type) && !setup.ask_text) return false;
    if (item.type == ItemType::counter && (counter_is_given || counters_offered(setup).empty())) return false;
    if (item.type == ItemType::officer && officers_offered(setup, state).empty()) return false;
    return is_visible(item, form(setup, state), standing, state.context);
}

std::size_t index_of(const Questionnaire& questionnaire, const survey::ItemId& id) {
    const auto& items = questionnaire.items;
    const auto found = std::find_if(items.begin(), items.end(), [&](const Item& item) { return item.id == id; });
    return static_cast<std::size_t>(found - items.begin());
}

/// The first item from `index` on that is asked; null at the end.
const Item* first_asked(const VisitSetup& setup, const VisitState& state, std::size_t index) {
    const Questionnaire& questionnaire = form(setup, state);
    const std::vector<Answer> standing = standing_answers(questionnaire, state);
    for (; index < questionnaire.items.size(); ++index) {
        const Item& item = questionnaire.items[index];
        if (is_asked(setup, state, standing, item)) return &item;
    }
    return nullptr;
}

/// How many times as long this visit may take.
int patience(const VisitSetup& setup, const VisitState& state) {
    return state.more_time ? std::max(setup.timing.patience, 1) : 1;
}

milliseconds idle_time(const VisitSetup& setup, const VisitState& state) {
    return setup.timing.idle * patience(setup, state);
}

milliseconds countdown_time(const VisitSetup& setup, const VisitState& state) {
    return state.more_time ? setup.timing.patient_countdown : setup.timing.countdown;
}

bool is_closing(Phase phase) {
    return phase == Phase::thanks || phase == Phase::not_saved;
}

/// When a closing screen goes by itself. Who asks for more time there gets it from then on.
MonoTime closing_end(const VisitSetup& setup, const VisitState& state) {
    const milliseconds thanks = advice(setup, state).empty() ? setup.timing.thanks : setup.timing.advice;
    const milliseconds wait = state.phase == Phase::not_saved ? setup.timing.not_saved : thanks;
    return std::max(state.shown_since, state.last_touch) + wait * patience(setup, state);
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

    /// Whoever does something is there.
    void touch_when_asked() {
        if (state_.phase == Phase::asking) touch();
    }

    // What each event does, if it fits the phase.
    void on(const Woken& /*event*/) {
        if (state_.phase == Phase::attract && settled()) begin_rating({});
    }
    void on(const LanguageChosen& chosen) {
        if (state_.phase == Phase::attract && !settled()) return;
        if (state_.phase == Phase::attract) begin_rating({});
        if (state_.phase == Phase::asking) state_.language = chosen.language;
    }
    void on(const Touched& /*event*/) {
        if (is_closing(state_.phase) && settled()) rest();
    }
    void on(const Pressed& pressed) { finger_down(pressed.x_mm, pressed.y_mm); }
    void on(const Released& released) { finger_up(released.x_mm, released.y_mm); }
    void on(const MoreTimeWanted& /*event*/) {
        if (state_.phase != Phase::attract) give_more_time(true);
    }
    void on(const MoreTimeChosen& chosen) { give_more_time(chosen.more_time); }
    void on(const FeedbackWanted& /*event*/) {
        if (can_give_feedback(setup_, state_) && settled()) begin_feedback();
    }
    void on(const TicketScanned& scanned) {
        if (state_.phase == Phase::attract && settled())
            begin_rating(scanned.ticket);
        else if (state_.phase == Phase::asking)
            learn(scanned.ticket);
    }
    void on(const AnswerChosen& chosen) {
        if (asks(chosen.item) && item().type != ItemType::multi && is_choice(chosen.value)) answer({chosen.value});
    }
    void on(const OptionToggled& toggled) {
        if (asks(toggled.item, ItemType::multi) && is_choice(toggled.value)) toggle(toggled.value);
    }
    void on(const ChoicesDone& done) {
        if (asks(done.item, ItemType::multi)) finish_choices();
    }
    void on(const CounterChosen& chosen) {
        if (asks(chosen.item, ItemType::counter)) choose_counter(chosen.counter);
    }
    void on(const OfficerChosen& chosen) {
        if (asks(chosen.item, ItemType::officer)) choose_officer(chosen.officer);
    }
    void on(const KeyPressed& pressed) {
        if (asks(pressed.item) && asks_for_text(item().type)) type(pressed.key);
    }
    void on(const PhraseChosen& chosen) {
        if (asks(chosen.item, ItemType::text)) take_phrase(chosen.suggestion);
    }
    void on(const MethodChosen& chosen) {
        if (state_.phase == Phase::asking) state_.method = chosen.method;
    }
    void on(const TextGiven& given) {
        if (asks(given.item) && asks_for_text(item().type)) give_text(given.text);
    }
    void on(const Skipped& skipped) {
        if (asks(skipped.item)) skip();
    }
    void on(const BackTapped& /*event*/) {
        if (state_.phase == Phase::asking && settled()) back();
    }
    void on(const Ended& /*event*/) {
        if (state_.phase == Phase::asking && settled()) end_early();
    }
    void on(const Saved& saved) {
        const bool waiting = state_.phase == Phase::saving || state_.phase == Phase::not_saved;
        if (waiting && saved.response_id == state_.response_id) close_with(Phase::thanks);
    }
    void on(const SaveFailed& failed) {
        if (state_.phase == Phase::saving && failed.response_id == state_.response_id) close_with(Phase::not_saved);
    }
    void on(const TerminalEnds& /*event*/) {
        if (state_.phase == Phase::asking) time_out();
    }
    void on(const Ticked& /*event*/) {
        switch (state_.phase) {
            case Phase::attract:
                return;
            case Phase::asking:
                if (now_.monotonic - state_.last_touch >= idle_time(setup_, state_)) time_out();
                return;
            case Phase::saving:
                if (now_.monotonic - state_.shown_since >= setup_.timing.saving) close_with(Phase::not_saved);
                return;
            case Phase::thanks:
            case Phase::not_saved:
                if (now_.monotonic >= closing_end(setup_, state_)) rest();
                return;
        }
    }

  private:
    void touch() { state_.last_touch = now_.monotonic; }
    [[nodiscard]] bool settled() const { return now_.monotonic - state_.shown_since >= setup_.timing.settle; }
    [[nodiscard]] bool asks(const survey::ItemId& item) const {
        return state_.phase == Phase::asking && state_.item == item && settled();
    }
    [[nodiscard]] const Item& item() const {
        const Item* item = questionnaire().item(state_.item);
        survey::check(item != nullptr, "the item asked stands in the questionnaire");
        return *item;
    }
    [[nodiscard]] bool asks(const survey::ItemId& item, ItemType type) const {
        return asks(item) && this->item().type == type;
    }
    [[nodiscard]] bool is_choice(const std::string& value) const { return item().option(value) != nullptr; }

    void begin_rating(const Ticket& ticket) {
        state_.ticket = ticket;
        begin(Form::rating, context_of(ticket));
    }

    /// Of the rating before it, nothing is taken along but where it was.
    void begin_feedback() {
        survey::Context context = context_of({});
        if (state_.phase == Phase::thanks) context.counter = state_.context.counter;
        state_.ticket = {};
        begin(Form::feedback, context);
    }

    /// A ticket that comes while nothing is answered yet says what the visit is about.
    void learn(const Ticket& ticket) {
        const bool untouched = state_.asked.empty() && state_.answers.empty() && state_.chosen.empty();
        if (state_.form != Form::rating || !ticket.recognised || !untouched) return;
        state_.ticket = ticket;
        state_.context = context_of(ticket);
        const Item* first = first_asked(setup_, state_, 0);
        if (first == nullptr || first->id != state_.item) go_on_from(0);
    }

    void give_more_time(bool more_time) {
        state_.more_time = more_time;
        if (state_.phase != Phase::attract) touch();
    }

    void finger_down(double x_mm, double y_mm) {
        if (state_.phase != Phase::asking) return;
        const PressKind unhurried = settled() ? PressKind::plain : PressKind::early;
        const PressKind kind = asks_for_text(item().type) ? PressKind::typing : unhurried;
        state_.handling = after_press(std::move(state_.handling), setup_.quality, {now_.monotonic, x_mm, y_mm}, kind);
    }

    void finger_up(double x_mm, double y_mm) {
        state_.handling = after_release(std::move(state_.handling), setup_.quality, setup_.panel,
                                        {now_.monotonic, x_mm, y_mm}, patience(setup_, state_));
    }

    void answer(std::vector<std::string> values) {
        forget(state_.answers, state_.item);
        state_.answers.push_back({state_.item, std::move(values), std::nullopt});
        const milliseconds dwell = now_.monotonic - state_.shown_since;
        state_.handling = after_answer(std::move(state_.handling), state_.item, dwell);
        next();
    }

    void type(const Key& key) {
        if (item().type == ItemType::phone && !is_number_key(key)) return;
        Draft& draft = draft_here();
        draft = press(draft, key, typing_rules(setup_, state_));
    }

    void take_phrase(const Suggestion& suggestion) {
        Draft& draft = draft_here();
        draft = accept(draft, suggestion, typing_rules(setup_, state_));
    }

    void give_text(const std::string& given) {
        if (text_fault(setup_, state_, given)) return;
        const std::string text = trimmed(given);
        if (text.empty()) {
            skip();
            return;
        }
        forget(state_.answers, state_.item);
        forget(state_.texts, state_.item);
        state_.answers.push_back({state_.item, {}, survey::Digest{}});
        state_.texts.push_back({state_.item, text});
        draft_here() = draft_of(text, typing_rules(setup_, state_));
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
        if (is_required(item(), questionnaire(), standing_answers(questionnaire(), state_), state_.context)) return;
        forget(state_.answers, state_.item);
        forget(state_.texts, state_.item);
        forget(state_.drafts, state_.item);
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
            give(/*complete=*/false);
        }
    }

    /// Nobody gave this just now: it does not count as the rating before the next one.
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
        VisitState fresh = initial_state(setup_);
        fresh.visit_number = state_.visit_number;
        fresh.rated_at = state_.rated_at;
        fresh.shown_since = now_.monotonic;
        state_ = std::move(fresh);
    }

    [[nodiscard]] survey::Moment moment() const { return {now_.utc, survey::kVietnamOffset, now_.monotonic}; }
    [[nodiscard]] const Questionnaire& questionnaire() const { return form(setup_, state_); }

    [[nodiscard]] survey::Context context_of(const Ticket& ticket) const {
        survey::Context context;
        context.center = setup_.center.id;
        context.counter = ticket.counter.empty() ? setup_.fixed_counter : ticket.counter;
        context.procedure = ticket.procedure;
        context.field = ticket.field;
        context.began = ticket.recognised ? survey::Began::scanned : survey::Began::walk_up;
        return context;
    }

    void begin(Form form, survey::Context context) {
        state_.form = form;
        state_.visit_number += 1;
        state_.response_id = now_.fresh_id;
        state_.started = moment();
        state_.context = std::move(context);
        state_.chosen.clear();
        state_.asked.clear();
        state_.answers.clear();
        state_.texts.clear();
        state_.drafts.clear();
        state_.handling = {};
        touch();
        go_on_from(0);
    }

    /// What was said about one officer is never kept for another.
    void set_officer(const survey::OfficerId& id) {
        if (state_.context.officer == id) return;
        state_.context.officer = id;
        for (const Item& item : questionnaire().items) {
            if (item.about != survey::About::officer) continue;
            forget(state_.answers, item.id);
            forget(state_.texts, item.id);
            forget(state_.drafts, item.id);
        }
    }

    /// Of the item asked, which takes text: it has a draft from when it was first shown.
    [[nodiscard]] Draft& draft_here() {
        const auto found = std::find_if(state_.drafts.begin(), state_.drafts.end(),
                                        [&](const ItemDraft& one) { return one.item == state_.item; });
        survey::check(found != state_.drafts.end(), "an item of free text that is asked has a draft");
        return found->draft;
    }

    void show(const survey::ItemId& id) {
        state_.phase = Phase::asking;
        state_.item = id;
        if (asks_for_text(item().type) && draft(state_) == nullptr) state_.drafts.push_back({id, {}});
        state_.shown_since = now_.monotonic;
        const Answer* before = answer_to(state_.answers, id);
        state_.chosen = before == nullptr ? std::vector<std::string>{} : before->values;
    }

    void next() {
        state_.asked.push_back(state_.item);
        go_on_from(index_of(questionnaire(), state_.item) + 1);
    }

    void go_on_from(std::size_t index) {
        const Item* item = first_asked(setup_, state_, index);
        if (item == nullptr) {
            give(/*complete=*/true);
        } else {
            show(item->id);
        }
    }

    /// Saved on somebody's tap.
    void give(bool complete) {
        save(complete);
        if (state_.form == Form::rating) state_.rated_at = now_.monotonic;
    }

    void save(bool complete) {
        survey::Response response;
        response.id = state_.response_id;
        response.questionnaire = questionnaire().ref;
        response.language = state_.language;
        response.started = state_.started;
        response.finished = moment();
        response.boot_id = setup_.boot_id;
        response.server_offset = now_.server_offset;
        response.context = state_.context;
        response.answers = standing_answers(questionnaire(), state_);
        response.complete = complete;
        const bool rates = state_.form == Form::rating;
        const Given given{questionnaire(),
                          response,
                          state_.handling,
                          setup_.timing.too_fast,
                          rates ? state_.rated_at : std::nullopt,
                          patience(setup_, state_)};
        response.flags = quality_flags(given, setup_.quality);
        std::vector<FreeText> texts;
        for (const FreeText& one : state_.texts) {
            if (answer_to(response.answers, one.item) != nullptr) texts.push_back(one);
        }
        const survey::Date day = survey::local_date(state_.started.utc);
        effects_.emplace_back(SaveResponse{std::move(response), std::move(texts), ticket_key(state_.ticket, day)});
        close_with(Phase::saving);
    }

    const VisitSetup& setup_;
    VisitState state_;
    const VisitNow& now_;
    std::vector<VisitEffect> effects_;
};

}  // namespace

VisitState initial_state(const VisitSetup& setup) {
    VisitState state;
    state.language = setup.default_language;
    state.more_time = setup.more_time;
    state.method = setup.method;
    return state;
}

VisitStep advance(const VisitSetup& setup, const VisitState& state, const VisitEvent& event, const VisitNow& now) {
    Turn turn(setup, state, now);
    const bool by_hand = !std::holds_alternative<Ticked>(event) && !std::holds_alternative<Saved>(event) &&
                         !std::holds_alternative<SaveFailed>(event) && !std::holds_alternative<TerminalEnds>(event);
    if (by_hand) turn.touch_when_asked();
    std::visit([&turn](const auto& happened) { turn.on(happened); }, event);
    return std::move(turn).take();
}

const survey::Questionnaire& form(const VisitSetup& setup, const VisitState& state) {
    const bool asks_feedback = state.form == Form::feedback && setup.feedback.has_value();
    return asks_feedback ? *setup.feedback : setup.questionnaire;
}

bool can_give_feedback(const VisitSetup& setup, const VisitState& state) {
    const bool rated = state.phase == Phase::thanks && state.form == Form::rating;
    return setup.feedback.has_value() && setup.ask_text && (state.phase == Phase::attract || rated);
}

std::optional<int> countdown_seconds(const VisitSetup& setup, const VisitState& state, MonoTime now) {
    if (state.phase != Phase::asking) return std::nullopt;
    const milliseconds left = state.last_touch + idle_time(setup, state) - now;
    if (left > countdown_time(setup, state)) return std::nullopt;
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
        case Phase::not_saved:
            return later(closing_end(setup, state));
        case Phase::asking:
            break;
    }
    const MonoTime end = state.last_touch + idle_time(setup, state);
    const MonoTime countdown_start = end - countdown_time(setup, state);
    if (now < countdown_start) return countdown_start;
    // The number shown is the time left rounded up: it changes when a whole number of seconds is left.
    const auto whole_seconds_left = std::chrono::ceil<std::chrono::seconds>(end - now) - std::chrono::seconds{1};
    return later(end - std::max<milliseconds>(whole_seconds_left, milliseconds{0}));
}

std::vector<survey::Counter> counters_offered(const VisitSetup& setup) {
    std::vector<survey::Counter> offered = setup.center.counters;
    std::erase_if(offered, [](const survey::Counter& one) { return !one.active; });
    return offered;
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
    const Questionnaire& questionnaire = form(setup, state);
    std::string lines;
    for (const Answer& answer : standing_answers(questionnaire, state)) {
        const Item* item = questionnaire.item(answer.item);
        for (const std::string& value : answer.values) {
            const survey::Option* option = item == nullptr ? nullptr : item->option(value);
            if (option == nullptr || option->message.empty()) continue;
            if (!lines.empty()) lines += '\n';
            lines += option->message.in(state.language);
        }
    }
    return lines;
}

Progress progress(const VisitSetup& setup, const VisitState& state) {
    const Questionnaire& questionnaire = form(setup, state);
    const std::vector<Answer> standing = standing_answers(questionnaire, state);
    Progress progress;
    for (const Item& item : questionnaire.items) {
        if (!is_asked(setup, state, standing, item)) continue;
        progress.steps += 1;
        if (item.id == state.item) progress.step = progress.steps;
    }
    return progress;
}

TypingRules typing_rules(const VisitSetup& setup, const VisitState& state) {
    TypingRules rules;
    const Item* item = form(setup, state).item(state.item);
    const bool is_number = item != nullptr && item->type == ItemType::phone;
    rules.method = is_number ? Method::none : state.method;
    rules.chars_max = item == nullptr ? 0 : chars_max(*item);
    return rules;
}

const Draft* draft(const VisitState& state) {
    const auto found = std::find_if(state.drafts.begin(), state.drafts.end(),
                                    [&](const ItemDraft& one) { return one.item == state.item; });
    return found == state.drafts.end() ? nullptr : &found->draft;
}

std::optional<TextFault> text_fault(const VisitSetup& setup, const VisitState& state, const std::string& text) {
    const Questionnaire& questionnaire = form(setup, state);
    const Item* item = questionnaire.item(state.item);
    if (item == nullptr) return std::nullopt;
    const std::string written = trimmed(text);
    if (written.empty()) {
        const bool required = is_required(*item, questionnaire, standing_answers(questionnaire, state), state.context);
        return required ? std::optional(TextFault::empty_required) : std::nullopt;
    }
    const std::size_t most = chars_max(*item);
    if (written.size() > survey::kFreeTextBytesMax || (most > 0 && survey::character_count(written) > most))
        return TextFault::too_long;
    if (item->type == ItemType::phone && !is_number(*item, written)) return TextFault::pattern;
    return std::nullopt;
}

survey::Faults check_askable(const survey::Questionnaire& questionnaire) {
    survey::Faults faults;
    bool any = false;
    for (std::size_t i = 0; i < questionnaire.items.size(); ++i) {
        const Item& item = questionnaire.items[i];
        any = any || !asks_for_text(item.type);
        if (asks_for_text(item.type) && (item.required || item.required_if)) {
            faults.push_back({"items[" + std::to_string(i) + "]",
                              "\"" + item.id.text + "\" needs typed text, which is left out where no key can seal them",
                              "make the item optional, or ask it in the feedback form"});
        }
    }
    if (!any) faults.push_back({"items", "holds nothing that can be tapped", "add an item with options"});
    return faults;
}

}  // namespace hailong::kiosk
