// Random people at a random glass: whatever they do, the rules of a visit hold.
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
    static const std::vector<std::string> ids = {"WARD5",   "WARD3",     "QUICK3",         "QUICK5",    "TT01",
                                                 "OFFICER", "ABOUT_YOU", "FEEDBACK_AFTER", "SIPAS_LIKE"};
    return ids;
}

/// One of the taps a person could make on this screen, or elsewhere, or a deadline, or a word from the store.
VisitEvent any_event(const VisitSetup& setup, const VisitState& state, const std::vector<survey::Response>& saved) {
    const auto& items = setup.questionnaire.items;
    const Item* asked = setup.questionnaire.item(state.item);
    const bool on_screen = asked != nullptr && *rc::gen::inRange(0, 10) < 9;
    const Item& item = on_screen ? *asked : items[*rc::gen::inRange<std::size_t>(0, items.size())];
    const std::string value =
        item.options.empty() ? "none" : item.options[*rc::gen::inRange<std::size_t>(0, item.options.size())].value;
    const auto officers = officers_offered(setup, state);
    const survey::OfficerId officer =
        officers.empty() ? survey::OfficerId{} : officers[*rc::gen::inRange<std::size_t>(0, officers.size())]->id;
    const survey::Uuid known = saved.empty() ? survey::Uuid{} : saved.back().id;
    switch (*rc::gen::inRange(0, 16)) {
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
        default:
            break;
    }
    if (item.type == ItemType::multi) return OptionToggled{item.id, value};
    if (item.type == ItemType::officer) return OfficerChosen{item.id, officer};
    if (item.type == ItemType::counter) return CounterChosen{item.id, setup.center.counters.back().id};
    return AnswerChosen{item.id, value};
}

RC_GTEST_PROP(VisitModel, HoldsItsRulesWhateverPeopleDo, ()) {
    VisitSetup setup;
    setup.questionnaire = tests::sample_questionnaire(*rc::gen::elementOf(askable_questionnaires()));
    setup.center = tests::sample_center();
    if (*rc::gen::arbitrary<bool>()) setup.fixed_counter = setup.center.counters.front().id;
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

        // At most one response an event, and one a visit.
        RC_ASSERT(step.effects.size() <= 1u);
        for (VisitEffect& effect : step.effects) {
            const survey::Response& response = std::get<SaveResponse>(effect).response;
            for (const survey::Response& other : saved)
                RC_ASSERT(other.id != response.id);
            RC_ASSERT(!response.answers.empty() || response.complete);
            const survey::Faults faults = validate(response, setup.questionnaire);
            if (!faults.empty()) RC_FAIL(survey::describe(faults));
            // Nothing is saved that was not answered in this visit.
            for (const survey::Answer& answer : response.answers) {
                const survey::Answer* was = answer_to(before.answers, answer.item);
                const bool just_now = before.item == answer.item;
                RC_ASSERT(just_now || (was != nullptr && *was == answer));
            }
            saved.push_back(response);
        }
        // Only an item that is visible is asked.
        if (state.phase == Phase::asking) {
            const Item* item = setup.questionnaire.item(state.item);
            RC_ASSERT(item != nullptr);
            RC_ASSERT(is_visible(*item, setup.questionnaire, state.answers, state.context));
            const Progress far = progress(setup, state);
            RC_ASSERT(far.step >= 1 && far.step <= far.steps);
        }
        // A visitor who left takes everything along.
        if (state.phase == Phase::attract) {
            RC_ASSERT(state.answers.empty());
            RC_ASSERT(state.chosen.empty());
            RC_ASSERT(state.language == setup.default_language || state.visit_number == 0);
        }
        if (const auto due = next_deadline(setup, state, clock.mono)) RC_ASSERT(*due > clock.mono);
    }
    // Left alone, every glass comes to rest.
    for (int i = 0; i < 20 && state.phase != Phase::attract; ++i) {
        clock.pass(10s);
        state = advance(setup, state, Ticked{}, {clock.mono, clock.utc, std::nullopt, {}}).state;
    }
    RC_ASSERT(state.phase == Phase::attract);
}

}  // namespace
}  // namespace hailong::kiosk
