// Random people at a random glass: whatever they do, the rules of a visit hold.
#include <algorithm>
#include <chrono>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "kiosk/visit/visit.h"
#include "survey/conditions.h"
#include "tests/support/sample.h"

namespace hailong::kiosk {
namespace {

using namespace std::chrono_literals;
using survey::Item;
using survey::ItemType;

const std::vector<std::string>& askable_questionnaires() {
    static const std::vector<std::string> ids = {"WARD5", "WARD5.2", "WARD3",     "QUICK3",         "QUICK5",
                                                 "TT01",  "OFFICER", "ABOUT_YOU", "FEEDBACK_AFTER", "SIPAS_LIKE"};
    return ids;
}

/// One of the taps a person could make on this screen, or elsewhere, or a deadline, or a word from the store. One case
/// an event: the list is long, not deep.
VisitEvent any_event(const VisitSetup& setup, const VisitState& state, const std::vector<survey::Response>& saved) {
    const survey::Questionnaire& asking = form(setup, state);
    const auto& items = asking.items;
    const Item* asked = asking.item(state.item);
    const bool on_screen = asked != nullptr && *rc::gen::inRange(0, 10) < 9;
    const Item& item = on_screen ? *asked : items[*rc::gen::inRange<std::size_t>(0, items.size())];
    const std::string value =
        item.options.empty() ? "none" : item.options[*rc::gen::inRange<std::size_t>(0, item.options.size())].value;
    const auto officers = officers_offered(setup, state);
    const survey::OfficerId officer =
        officers.empty() ? survey::OfficerId{} : officers[*rc::gen::inRange<std::size_t>(0, officers.size())]->id;
    const survey::Uuid known = saved.empty() ? survey::Uuid{} : saved.back().id;
    const double x_mm = *rc::gen::inRange(0, 300);
    const Key key =
        *rc::gen::element<Key>(CharacterKey{U'a'}, CharacterKey{U's'}, CharacterKey{U'0'}, CharacterKey{U'ư'},
                               ToneKey{survey::Tone::acute}, EditKey::backspace, EditKey::left);
    switch (*rc::gen::inRange(0, 35)) {
        case 0:
            return Woken{};
        case 1:
            return LanguageChosen{survey::Language::en};
        case 2:
            return Touched{};
        case 3:
            return BackTapped{};
        case 4:
            return Ended{};
        case 5:
            return Saved{known};
        case 6:
            return SaveFailed{known};
        case 7:
            return Ticked{};
        case 8:
            return Skipped{item.id};
        case 9:
            return ChoicesDone{item.id};
        case 10:
            return CounterChosen{item.id, setup.center.counters.front().id};
        case 11:
            return OfficerChosen{item.id, officer};
        case 12:
            return Pressed{x_mm, 100};
        case 31:
            return TerminalEnds{};
        case 13:
            return Released{x_mm, 100};
        case 14:
            return MoreTimeWanted{};
        case 15:
            return MoreTimeChosen{*rc::gen::arbitrary<bool>()};
        case 16:
            return FeedbackWanted{};
        case 17:
            return TicketScanned{parse_ticket(
                *rc::gen::element<std::string>("TP-12", "H15.50-261008-0975", "nothing of ours"), setup.center)};
        case 18:
            return MethodChosen{*rc::gen::element(Method::telex, Method::vni, Method::tone_keys, Method::none)};
        case 19:
            return PhraseChosen{item.id, Suggestion{"Cảm ơn", *rc::gen::inRange<std::size_t>(0, 3)}};
        case 20:
        case 21:
            return KeyPressed{item.id, key};
        default:
            break;
    }
    if (item.type == ItemType::text || item.type == ItemType::phone) {
        return TextGiven{item.id,
                         *rc::gen::element<std::string>("", " ", "Cảm ơn", "0912345678", std::string(1'001, 'a'))};
    }
    if (item.type == ItemType::multi) return OptionToggled{item.id, value};
    if (item.type == ItemType::officer) return OfficerChosen{item.id, officer};
    if (item.type == ItemType::counter) return CounterChosen{item.id, setup.center.counters.back().id};
    return AnswerChosen{item.id, value};
}

/// At most one response for each form begun, valid, with nothing in it that was not answered in this visit.
void check_response(const VisitSetup& setup, const VisitState& before, const SaveResponse& save,
                    const std::vector<survey::Response>& saved) {
    const survey::Response& response = save.response;
    for (const survey::Response& other : saved)
        RC_ASSERT(other.id != response.id);
    RC_ASSERT(!response.answers.empty() || response.complete);
    const survey::Questionnaire& asked = form(setup, before);
    const survey::Faults faults = validate(response, asked);
    if (!faults.empty()) RC_FAIL(survey::describe(faults));
    std::size_t with_text = 0;
    for (const survey::Answer& answer : response.answers) {
        const survey::Answer* was = answer_to(before.answers, answer.item);
        const bool just_now = before.item == answer.item;
        RC_ASSERT(just_now || (was != nullptr && *was == answer));
        with_text += answer.text ? 1 : 0;
    }
    RC_ASSERT(save.texts.size() == with_text);
    for (const FreeText& given : save.texts) {
        RC_ASSERT(answer_to(response.answers, given.item) != nullptr && !given.text.empty());
        // Only what was confirmed, never a draft.
        RC_ASSERT(given.item == before.item || std::count(before.texts.begin(), before.texts.end(), given) == 1);
    }
    // Flags are known words in order; a ticket goes with a rating that was begun by it, never with feedback.
    RC_ASSERT(std::is_sorted(response.flags.begin(), response.flags.end()));
    for (const std::string& flag : response.flags)
        RC_ASSERT(std::count(kVisitFlags.begin(), kVisitFlags.end(), flag) == 1);
    const bool scanned = response.context.began == survey::Began::scanned;
    RC_ASSERT(save.ticket.empty() == !scanned);
    if (before.form == Form::feedback) RC_ASSERT(!scanned && response.context.procedure.empty());
}

RC_GTEST_PROP(VisitModel, HoldsItsRulesWhateverPeopleDo, ()) {
    VisitSetup setup;
    setup.questionnaire = tests::sample_questionnaire(*rc::gen::elementOf(askable_questionnaires()));
    setup.center = tests::sample_center();
    if (*rc::gen::arbitrary<bool>()) setup.fixed_counter = setup.center.counters.front().id;
    if (*rc::gen::arbitrary<bool>()) setup.feedback = tests::sample_questionnaire("FEEDBACK.2");
    setup.ask_text = *rc::gen::arbitrary<bool>();
    setup.more_time = *rc::gen::arbitrary<bool>();
    setup.panel = {268, 476};
    setup.boot_id = "boot";

    tests::FakeClock clock;
    VisitState state = initial_state(setup);
    std::vector<survey::Response> saved;
    std::uint16_t ids = 0;
    const int steps = *rc::gen::inRange(1, 80);
    for (int i = 0; i < steps; ++i) {
        clock.pass(milliseconds{
            *rc::gen::weightedOneOf<int>({{8, rc::gen::inRange(0, 3'000)}, {1, rc::gen::inRange(25'000, 40'000)}})});
        const VisitState before = state;
        const VisitEvent event = any_event(setup, state, saved);
        ++ids;
        const survey::Uuid id = survey::make_uuid7(
            clock.utc, {static_cast<std::uint8_t>(ids >> 8u), static_cast<std::uint8_t>(ids & 0xffu)});
        VisitStep step = advance(setup, state, event, {clock.mono, clock.utc, std::nullopt, id});
        state = std::move(step.state);

        RC_ASSERT(step.effects.size() <= 1u);
        for (VisitEffect& effect : step.effects) {
            const auto& save = std::get<SaveResponse>(effect);
            check_response(setup, before, save, saved);
            saved.push_back(save.response);
        }
        RC_ASSERT(saved.size() <= state.visit_number);
        // What wakes the glass never votes.
        if (before.phase == Phase::attract) RC_ASSERT(step.effects.empty() && state.answers.empty());
        if (state.form == Form::feedback) RC_ASSERT(setup.ask_text && setup.feedback);
        // Only an item that is visible is asked.
        if (state.phase == Phase::asking) {
            const survey::Questionnaire& asked = form(setup, state);
            const Item* item = asked.item(state.item);
            RC_ASSERT(item != nullptr);
            RC_ASSERT(is_visible(*item, asked, state.answers, state.context));
            const bool takes_text = item->type == ItemType::text || item->type == ItemType::phone;
            RC_ASSERT(setup.ask_text || !takes_text);
            RC_ASSERT((draft(state) != nullptr) == takes_text);
            if (takes_text) RC_ASSERT(survey::is_composed(draft(state)->text));
            const Progress far = progress(setup, state);
            RC_ASSERT(far.step >= 1 && far.step <= far.steps);
        }
        // A visitor who left takes everything along: drafts, text, ticket, accessibility and what hands did.
        if (state.phase == Phase::attract) {
            VisitState fresh = initial_state(setup);
            fresh.visit_number = state.visit_number;
            fresh.shown_since = state.shown_since;
            fresh.rated_at = state.rated_at;
            // Chosen there, for the visit that begins there.
            if (before.phase == Phase::attract) fresh.more_time = state.more_time;
            RC_ASSERT(state == fresh);
        }
        if (const auto due = next_deadline(setup, state, clock.mono)) RC_ASSERT(*due > clock.mono);
    }
    // Left alone, every glass comes to rest.
    for (int i = 0; i < 40 && state.phase != Phase::attract; ++i) {
        clock.pass(10s);
        state = advance(setup, state, Ticked{}, {clock.mono, clock.utc, std::nullopt, {}}).state;
    }
    RC_ASSERT(state.phase == Phase::attract);
}

}  // namespace
}  // namespace hailong::kiosk
