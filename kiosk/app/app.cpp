#include "kiosk/app/app.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "kiosk/app/device_view.h"
#include "kiosk/app/tally_view.h"
#include "kiosk/app/version.h"
#include "survey/check.h"

namespace hailong::kiosk {
namespace {

bool is_closing(Phase phase) {
    return phase == Phase::thanks || phase == Phase::not_saved;
}

}  // namespace

App::App(AppSetup setup, const Texts& texts, const survey::Clock& clock, std::function<survey::UuidEntropy()> entropy,
         Saver& saver, BackOffice& back_office)
    : texts_(texts),
      clock_(clock),
      entropy_(std::move(entropy)),
      saver_(saver),
      back_office_(back_office),
      staff_pin_set_(setup.staff_pin_set),
      content_trouble_(std::move(setup.content_trouble)) {
    visit_setup_.fixed_counter = std::move(setup.fixed_counter);
    visit_setup_.timing = setup.timing;
    visit_setup_.boot_id = std::move(setup.boot_id);
    visit_setup_.default_language = setup.language;
    set_content(std::move(setup.content));
}

void App::set_content(Content content) {
    visit_setup_.questionnaire = std::move(content.questionnaire);
    visit_setup_.center = std::move(content.center);
    visit_setup_.feedback = std::move(content.feedback);
    questionnaire_ = std::make_shared<const survey::Questionnaire>(visit_setup_.questionnaire);
    feedback_.reset();
    if (visit_setup_.feedback) feedback_ = std::make_shared<const survey::Questionnaire>(*visit_setup_.feedback);
    const std::uint64_t visits = visit_.visit_number;
    visit_ = initial_state(visit_setup_);
    visit_.visit_number = visits;
}

survey::Language App::language() const {
    return visit_.language;
}

VisitNow App::now() const {
    const survey::UtcTime utc = clock_.now();
    return {clock_.monotonic(), utc, server_offset_, survey::make_uuid7(utc, entropy_())};
}

void App::take(const VisitEvent& event) {
    VisitStep step = advance(visit_setup_, visit_, event, now());
    visit_ = std::move(step.state);
    for (VisitEffect& effect : step.effects) {
        auto& save = std::get<SaveResponse>(effect);
        const bool rates = save.response.questionnaire == questionnaire_->ref;
        saver_.save(std::move(save.response), rates ? questionnaire_ : feedback_, std::move(save.words),
                    std::move(save.ticket));
    }
}

StaffNow App::staff_now() const {
    return {clock_.monotonic(), {survey::local_date(clock_.now()), visit_setup_.center.periods}};
}

void App::take(const StaffEvent& event) {
    StaffStep step = advance(staff_, event, staff_now());
    staff_ = std::move(step.state);
    for (StaffEffect& effect : step.effects) {
        if (auto* check = std::get_if<CheckPin>(&effect)) back_office_.check_pin(std::move(check->pin));
        if (const auto* read = std::get_if<ReadTallies>(&effect)) back_office_.read_tallies(read->query);
        if (std::holds_alternative<ReadOverview>(effect)) back_office_.read_overview();
    }
}

void App::take(const BackOfficeLetter& letter) {
    if (const auto* checked = std::get_if<PinChecked>(&letter)) take(StaffEvent{*checked});
    if (const auto* read = std::get_if<OverviewRead>(&letter)) take(StaffEvent{*read});
    if (const auto* read = std::get_if<TalliesRead>(&letter)) take(StaffEvent{*read});
    if (const auto* offset = std::get_if<ServerOffsetRead>(&letter)) server_offset_ = offset->offset;
    if (const auto* found = std::get_if<ContentFound>(&letter)) {
        content_trouble_ = found->content ? std::string() : found->content.error();
        if (found->content) next_content_ = *found->content;
    }
}

bool App::update() {
    const VisitState visit_before = visit_;
    const StaffPhase staff_before = staff_.phase;
    bool changed = false;
    for (const SaveOutcome& outcome : saver_.take_outcomes()) {
        take(outcome.saved ? VisitEvent{Saved{outcome.response_id}} : VisitEvent{SaveFailed{outcome.response_id}});
        changed = true;
    }
    for (const BackOfficeLetter& letter : back_office_.take_letters()) {
        take(letter);
        changed = true;
    }
    take(VisitEvent{Ticked{}});
    take(StaffEvent{Ticked{}});
    if (next_content_ && visit_.phase == Phase::attract) {
        set_content(std::move(*next_content_));
        next_content_.reset();
        changed = true;
    }
    const std::size_t waiting = saver_.waiting();
    std::optional<StoreError> trouble = saver_.trouble();
    changed = changed || waiting != std::exchange(waiting_shown_, waiting) || trouble != trouble_shown_;
    trouble_shown_ = std::move(trouble);
    const Counting counting{countdown_seconds(visit_setup_, visit_, clock_.monotonic()),
                            pin_model(staff_, clock_.monotonic()).wait_s};
    changed = changed || !(std::exchange(counting_shown_, counting) == counting);
    return changed || !(visit_ == visit_before) || staff_.phase != staff_before;
}

void App::touched() {
    // On the closing screens a touch means "go on"; those screens report it themselves, so that it counts once.
    if (!is_closing(visit_.phase)) take(VisitEvent{Touched{}});
    staff_.last_touch = clock_.monotonic();
}

std::optional<MonoTime> App::next_deadline() const {
    const MonoTime at = clock_.monotonic();
    const auto visit = kiosk::next_deadline(visit_setup_, visit_, at);
    const auto staff = kiosk::next_deadline(staff_, at);
    if (visit && staff) return std::min(*visit, *staff);
    return visit ? visit : staff;
}

std::string App::screen() const {
    switch (staff_.phase) {
        case StaffPhase::away:
            break;
        case StaffPhase::pin:
        case StaffPhase::checking:
            return "pin";
        case StaffPhase::tally:
            return "tally";
        case StaffPhase::periods:
            return "periods";
        case StaffPhase::groupings:
            return "groupings";
        case StaffPhase::calendar:
            return "calendar";
        case StaffPhase::device:
            return "device";
        case StaffPhase::tools:
            return "tools";
    }
    switch (visit_.phase) {
        case Phase::attract:
            return "attract";
        case Phase::asking:
            return "asking";
        case Phase::saving:
            return "saving";
        case Phase::thanks:
            return "thanks";
        case Phase::not_saved:
            return "not_saved";
    }
    survey::check(false, "a visit is in one of five phases");
    return {};
}

bool App::out_of_order() const {
    return saver_.waiting() >= kUnsavedMax;
}

/// What is missing or broken, one sentence each.
std::vector<std::string> App::troubles() const {
    std::vector<std::string> words;
    const survey::Messages& text = texts_.in(language());
    if (const auto trouble = saver_.trouble()) {
        words.emplace_back(text.at(std::string("trouble.") + name(trouble->kind)));
    }
    if (!content_trouble_.empty()) words.emplace_back(text.at("trouble.questionnaire"));
    return words;
}

/// What the disk can't do, for whoever stands before the glass; empty when it can, or tries again by itself.
std::string App::disk_notice() const {
    const auto trouble = saver_.trouble();
    if (!trouble) return {};
    switch (trouble->kind) {
        case StoreErrorKind::full:
            return std::string(texts_.in(language()).at("attract.disk_full"));
        case StoreErrorKind::read_only:
            return std::string(texts_.in(language()).at("attract.disk_read_only"));
        case StoreErrorKind::io:
        case StoreErrorKind::corrupt:
        case StoreErrorKind::newer:
        case StoreErrorKind::wrong_kiosk:
            return std::string(texts_.in(language()).at("attract.disk_failing"));
        case StoreErrorKind::busy:
            return {};
    }
    return {};
}

VisitFrame App::frame() const {
    VisitFrame frame;
    frame.center_name = visit_setup_.center.name.in(language());
    frame.countdown_s = countdown_seconds(visit_setup_, visit_, clock_.monotonic());
    frame.progress = progress(visit_setup_, visit_);
    frame.can_go_back = !visit_.asked.empty();
    frame.can_finish = !visit_.answers.empty();
    frame.unsaved_waiting = saver_.trouble().has_value() && saver_.waiting() > 0;
    return frame;
}

bool App::draw(const Fonts& fonts, const Layout& layout, Traces& traces) {
    traces.clear();
    DrawContext draw{fonts, layout, theme_of(ThemeKind::light), texts_.in(language()), language(), traces, keypad_};
    return staff_.phase == StaffPhase::away ? draw_visit(draw) : draw_staff(draw);
}

bool App::draw_visit(DrawContext& draw) {
    const std::string& center_name = visit_setup_.center.name.in(language());
    switch (visit_.phase) {
        case Phase::attract: {
            AttractModel model;
            model.center_name = center_name;
            if (const auto* counter = visit_setup_.center.counter(visit_setup_.fixed_counter)) {
                model.counter_name = counter->name.in(language());
            }
            model.unsaved_waiting = frame().unsaved_waiting;
            model.disk_trouble = disk_notice();
            if (out_of_order()) model.out_of_order = std::string(draw.text.at("out_of_order.unsaved"));
            const auto intent = draw_attract(model, draw);
            if (!intent) return false;
            if (const auto* emblem = std::get_if<EmblemTapped>(&*intent)) {
                if (staff_pin_set_) take(StaffEvent{*emblem});
            } else if (!out_of_order()) {
                if (const auto* woken = std::get_if<Woken>(&*intent)) take(VisitEvent{*woken});
                if (const auto* chosen = std::get_if<LanguageChosen>(&*intent)) take(VisitEvent{*chosen});
            }
            return true;
        }
        case Phase::asking:
            return draw_question(draw);
        case Phase::saving:
            draw_saving({center_name}, draw);
            return false;
        case Phase::thanks:
        case Phase::not_saved: {
            const auto intent = visit_.phase == Phase::thanks
                                    ? draw_thanks({center_name, advice(visit_setup_, visit_)}, draw)
                                    : draw_not_saved({center_name}, draw);
            if (!intent) return false;
            std::visit([this](const auto& event) { take(VisitEvent{event}); }, *intent);
            return true;
        }
    }
    survey::check(false, "a visit is in one of five phases");
    return false;
}

template <class Intent>
bool App::act(const std::optional<Intent>& intent) {
    if (!intent) return false;
    std::visit(
        [this](const auto& event) {
            if constexpr (std::is_same_v<std::decay_t<decltype(event)>, PageTurned>) {
                page_ = event.page;
            } else if constexpr (std::is_constructible_v<VisitEvent, decltype(event)>) {
                take(VisitEvent{event});
            }
        },
        *intent);
    return true;
}

bool App::draw_question(DrawContext& draw) {
    const survey::Item* item = form(visit_setup_, visit_).item(visit_.item);
    survey::check(item != nullptr, "the item asked stands in the questionnaire");
    const VisitPlace place{visit_.visit_number, visit_.item};
    if (!(std::exchange(page_place_, place) == place)) page_ = 0;
    switch (item->type) {
        case survey::ItemType::scale:
        case survey::ItemType::points:
        case survey::ItemType::single:
        case survey::ItemType::consent: {
            ChoiceModel model{frame(), *item, {}, 0, page_};
            const survey::Officer* officer = visit_setup_.center.officer(visit_.context.officer);
            if (item->about == survey::About::officer && officer != nullptr) {
                model.officer_name = officer->name;
                model.officer_portrait = officer->portrait;
            }
            return act(draw_choice(model, draw));
        }
        case survey::ItemType::multi:
            return act(draw_reasons({frame(), *item, visit_.chosen, page_}, draw));
        case survey::ItemType::counter:
            return act(draw_counter({frame(), *item, visit_setup_.center.counters, page_}, draw));
        case survey::ItemType::officer: {
            OfficerModel model{frame(), *item, {}, page_};
            for (const survey::Officer* officer : officers_offered(visit_setup_, visit_)) {
                model.officers.push_back(*officer);
            }
            return act(draw_officer(model, draw));
        }
        case survey::ItemType::text:
        case survey::ItemType::phone:
            break;
    }
    survey::check(false, "the visit asks only what the glass has a screen for");
    return false;
}

template <class Intent>
bool App::act_for_staff(const std::optional<Intent>& intent) {
    if (!intent) return false;
    std::visit([this](const auto& event) { take(StaffEvent{event}); }, *intent);
    return true;
}

bool App::draw_staff(DrawContext& draw) {
    const StaffNow now = staff_now();
    DeviceFacts facts;
    facts.overview = staff_.overview;
    facts.unsaved = static_cast<std::int64_t>(saver_.waiting());
    facts.now = clock_.now();
    facts.server_offset = server_offset_;
    facts.version = program_version();
    facts.troubles = troubles();
    DeviceModel device{{StaffTab::device, false}, device_rows(facts, draw.text, language()), staff_.page};
    device.tabs.device_needs_hand = needs_hand(device.rows);
    switch (staff_.phase) {
        case StaffPhase::away:
            return false;
        case StaffPhase::pin:
        case StaffPhase::checking:
            return act_for_staff(draw_pin(pin_model(staff_, now.at), draw));
        case StaffPhase::tally: {
            const TallySource source{visit_setup_.center, visit_setup_.questionnaire};
            TallyModel model = staff_results(source, staff_, now.rules, draw.text, language());
            model.tabs = {StaffTab::results, device.tabs.device_needs_hand};
            return act_for_staff(draw_tally(model, draw));
        }
        case StaffPhase::periods:
            return act_for_staff(draw_periods({staff_.choice.kind, staff_.choice.by == TallyBy::officers}, draw));
        case StaffPhase::groupings:
            return act_for_staff(draw_groupings({staff_.choice.by}, draw));
        case StaffPhase::calendar:
            return act_for_staff(draw_calendar({staff_.calendar_shown, staff_.calendar_first, now.rules.today}, draw));
        case StaffPhase::device:
            return act_for_staff(draw_device(device, draw));
        case StaffPhase::tools:
            return act_for_staff(draw_tools(
                {{StaffTab::tools, device.tabs.device_needs_hand}, staff_.drill_on, staff_.closing_asked}, draw));
    }
    survey::check(false, "the staff's screens are in one of nine phases");
    return false;
}

}  // namespace hailong::kiosk
