#include "kiosk/app/app.h"

#include <algorithm>
#include <utility>

#include "kiosk/app/lobby_view.h"
#include "survey/base/check.h"

namespace hailong::kiosk {
namespace {

bool is_closing(Phase phase) {
    return phase == Phase::thanks || phase == Phase::not_saved;
}

}  // namespace

App::App(AppSetup setup, const Texts& texts, const survey::Clock& clock, std::function<survey::UuidEntropy()> entropy,
         Saver& saver, BackgroundReader& reader, Voice& voice)
    : texts_(texts),
      clock_(clock),
      entropy_(std::move(entropy)),
      saver_(saver),
      reader_(reader),
      voice_(voice),
      accessibility_(setup.accessibility, setup.voice, voice),
      presenter_({setup.scanner, std::move(setup.phrases), std::move(setup.notices)}),
      setup_(std::make_shared<VisitSetup>()),
      content_trouble_(std::move(setup.content_trouble)),
      staff_pin_set_(setup.staff_pin_set),
      lobby_(setup.lobby),
      last_touch_(clock.monotonic()) {
    setup_->fixed_counter = std::move(setup.fixed_counter);
    setup_->timing = setup.timing;
    setup_->boot_id = std::move(setup.boot_id);
    setup_->default_language = setup.language;
    setup_->more_time = setup.more_time;
    setup_->method = setup.method;
    setup_->panel = setup.panel;
    setup_->quality = setup.quality;
    visit_.more_time = setup.more_time;
    set_content(std::move(setup.content));
}

void App::set_content(Content content) {
    // A copy: the saver may still hold the one before.
    auto next = std::make_shared<VisitSetup>(*setup_);
    next->questionnaire = std::move(content.questionnaire);
    next->center = std::move(content.center);
    next->feedback = std::move(content.feedback);
    setup_ = std::move(next);
    results_ = std::move(content.results);
    results_trouble_ = std::move(content.results_trouble);
    VisitState fresh = initial_state(*setup_);
    fresh.visit_number = visit_.visit_number;
    fresh.rated_at = visit_.rated_at;
    fresh.more_time = visit_.more_time;
    visit_ = std::move(fresh);
    ++content_number_;
}

std::shared_ptr<const survey::Questionnaire> App::questionnaire(const survey::QuestionnaireRef& ref) const {
    const bool rates = ref == setup_->questionnaire.ref || !setup_->feedback;
    return {setup_, rates ? &setup_->questionnaire : &*setup_->feedback};
}

VisitNow App::now() const {
    const survey::UtcTime utc = clock_.now();
    return {clock_.monotonic(), utc, server_offset_, survey::make_uuid7(utc, entropy_())};
}

void App::take(const VisitEvent& event) {
    const Phase before = visit_.phase;
    const std::uint64_t forms_before = visit_.visit_number;
    VisitStep step = advance(*setup_, visit_, event, now());
    visit_ = std::move(step.state);
    // Begun in training, it stays there, however long somebody takes.
    if (visit_.visit_number != forms_before) visit_is_training_ = staff_.training_on;
    for (VisitEffect& effect : step.effects) {
        auto& save = std::get<SaveResponse>(effect);
        if (visit_is_training_) {
            unsaved_in_training_.push_back(save.response.id);
            continue;
        }
        auto asked = questionnaire(save.response.questionnaire);
        saver_.save(std::move(save.response), std::move(asked), std::move(save.texts), std::move(save.ticket));
    }
    if (before != Phase::attract && visit_.phase == Phase::attract) forget_visitor();
}

StaffNow App::staff_now() const {
    return {clock_.monotonic(), {survey::local_date(clock_.now()), setup_->center.periods}};
}

void App::take(const StaffEvent& event) {
    StaffStep step = advance(staff_, event, staff_now());
    staff_ = std::move(step.state);
    for (StaffEffect& effect : step.effects) {
        if (auto* check = std::get_if<CheckPin>(&effect)) reader_.check_pin(std::move(check->pin));
        if (const auto* read = std::get_if<ReadTallies>(&effect)) reader_.read_tallies(read->query);
        if (std::holds_alternative<ReadOverview>(effect)) reader_.read_overview();
        if (std::holds_alternative<StartCleaning>(effect)) cleaning_until_ = clock_.monotonic() + kCleaningTime;
        if (std::holds_alternative<CloseProgram>(effect)) close_requested_ = true;
        // StartTraining, EndTraining: StaffState::training_on says which visits are kept.
    }
}

void App::take(const ReaderLetter& letter) {
    if (const auto* checked = std::get_if<PinChecked>(&letter)) take(StaffEvent{*checked});
    if (const auto* read = std::get_if<OverviewRead>(&letter)) take(StaffEvent{*read});
    if (const auto* read = std::get_if<TalliesRead>(&letter)) take(StaffEvent{*read});
    if (const auto* offset = std::get_if<ServerOffsetRead>(&letter)) server_offset_ = offset->offset;
    if (const auto* day = std::get_if<DayDoubted>(&letter)) day_doubt_ = day->doubt;
    if (const auto* key = std::get_if<TextKeyRead>(&letter)) text_key_there_ = key->there;
    if (const auto* found = std::get_if<ContentFound>(&letter)) {
        content_trouble_ = found->content ? std::string() : found->content.error();
        if (found->content) next_content_ = *found->content;
    }
}

bool App::is_as_center_set_it() const {
    return accessibility_.is_standard() && visit_.language == setup_->default_language &&
           visit_.more_time == setup_->more_time;
}

void App::forget_visitor() {
    accessibility_.forget();
    visit_.language = setup_->default_language;
    visit_.more_time = setup_->more_time;
}

void App::take(NavKey key) {
    accessibility_.take(key, resting(), language());
}

void App::take(const Scan& scan) {
    if (staff_.phase != StaffPhase::away || out_of_order()) return;
    accessibility_.close();
    take(VisitEvent{TicketScanned{parse_ticket(scan.text, setup_->center)}});
}

void App::key(const KeyInput& input) {
    if (cleaning_until_) return;
    touched();
    std::visit([this](const auto& one) { take(one); }, input);
}

void App::felt(const Finger& finger) {
    if (finger.down) accessibility_.finger_down();
    hold_what_is_touched();
    if (staff_.phase != StaffPhase::away || accessibility_.is_open() || cleaning_until_) return;
    if (finger.down) {
        take(VisitEvent{Pressed{finger.x_mm, finger.y_mm}});
    } else {
        take(VisitEvent{Released{finger.x_mm, finger.y_mm}});
    }
}

bool App::update() {
    const VisitState visit_before = visit_;
    const StaffPhase staff_before = staff_.phase;
    bool changed = take_letters();
    take_time();
    if (resting() && clock_.monotonic() - last_touch_ >= kAccessibilityIdle && !is_as_center_set_it()) {
        forget_visitor();
        changed = true;
    }
    changed = renew_between_visits() || changed;
    Shown now_shown = shown();
    changed = changed || !(now_shown == shown_);
    shown_ = std::move(now_shown);
    return changed || !(visit_ == visit_before) || staff_.phase != staff_before;
}

bool App::take_letters() {
    bool any = false;
    for (const SaveOutcome& outcome : saver_.take_outcomes()) {
        take(outcome.saved ? VisitEvent{Saved{outcome.response_id}} : VisitEvent{SaveFailed{outcome.response_id}});
        any = true;
    }
    for (const ReaderLetter& letter : reader_.take_letters()) {
        take(letter);
        any = true;
    }
    for (const survey::Uuid& id : std::exchange(unsaved_in_training_, {}))
        take(VisitEvent{Saved{id}});
    return any;
}

void App::take_time() {
    // Who listens is not idle.
    if (visit_.phase == Phase::asking && voice_.is_speaking()) take(VisitEvent{Touched{}});
    take(VisitEvent{Ticked{}});
    take(StaffEvent{Ticked{}});
    if (cleaning_until_ && clock_.monotonic() >= *cleaning_until_) cleaning_until_.reset();
}

bool App::renew_between_visits() {
    if (visit_.phase != Phase::attract) return false;
    bool changed = text_key_there_ != setup_->ask_text;
    setup_->ask_text = text_key_there_;
    if (next_content_) {
        set_content(std::move(*next_content_));
        next_content_.reset();
        changed = true;
    }
    return changed;
}

App::Shown App::shown() const {
    return {countdown(),        pin_model(staff_, clock_.monotonic()).wait_s,
            cleaning_seconds(), lobby_page(),
            staff_.training_on, saver_.waiting(),
            saver_.trouble()};
}

void App::touched() {
    // On the closing screens a touch means "go on"; those screens report it themselves, so that it counts once.
    hold_what_is_touched();
    if (!is_closing(visit_.phase)) take(VisitEvent{Touched{}});
    last_touch_ = clock_.monotonic();
    staff_.last_touch = last_touch_;
}

void App::hold_what_is_touched() {
    Held held{{visit_.visit_number, visit_.item}, lobby_page(), countdown(), clock_.monotonic() + kTouchHeld};
    held_.reset();
    if (held.lobby_page > 0 || held.countdown_s) held_ = std::move(held);
}

const App::Held* App::what_is_held() const {
    const bool stands =
        held_ && clock_.monotonic() < held_->until && held_->place == VisitPlace{visit_.visit_number, visit_.item};
    return stands ? &*held_ : nullptr;
}

std::optional<int> App::countdown() const {
    const auto seconds = countdown_seconds(*setup_, visit_, clock_.monotonic());
    if (const Held* held = what_is_held(); !seconds && held != nullptr && visit_.phase == Phase::asking) {
        return held->countdown_s;
    }
    return seconds;
}

std::optional<int> App::cleaning_seconds() const {
    if (!cleaning_until_) return std::nullopt;
    const auto left = std::max(*cleaning_until_ - clock_.monotonic(), milliseconds{0});
    return static_cast<int>(std::chrono::ceil<std::chrono::seconds>(left).count());
}

int App::lobby_pages_now() const {
    const bool shown = resting() && !accessibility_.is_open() && !out_of_order() && !cleaning_until_;
    return shown ? lobby_pages(results_, setup_->center.actions) : 0;
}

int App::lobby_page() const {
    const int pages = lobby_pages_now();
    if (pages == 0) return 0;
    if (const Held* held = what_is_held(); held != nullptr && held->lobby_page > 0) return held->lobby_page;
    const milliseconds alone = clock_.monotonic() - std::max(last_touch_, visit_.shown_since);
    if (alone < lobby_.after) return 0;
    // The invitation takes its turn after the last page.
    return static_cast<int>((alone - lobby_.after) / lobby_.page % (pages + 1) + 1) % (pages + 1);
}

std::optional<MonoTime> App::lobby_deadline() const {
    if (lobby_pages_now() == 0) return std::nullopt;
    const MonoTime at = clock_.monotonic();
    if (const Held* held = what_is_held(); held != nullptr && held->lobby_page > 0) return held->until;
    const MonoTime since = std::max(last_touch_, visit_.shown_since);
    const milliseconds alone = at - since;
    if (alone < lobby_.after) return since + lobby_.after;
    return since + lobby_.after + ((alone - lobby_.after) / lobby_.page + 1) * lobby_.page;
}

std::optional<MonoTime> App::next_deadline() const {
    const MonoTime at = clock_.monotonic();
    std::optional<MonoTime> due = kiosk::next_deadline(*setup_, visit_, at);
    const auto sooner = [&](const std::optional<MonoTime>& other) {
        if (other && (!due || *other < *due)) due = other;
    };
    sooner(kiosk::next_deadline(staff_, at));
    sooner(lobby_deadline());
    if (const Held* held = what_is_held()) sooner(held->until);
    if (cleaning_until_) {
        sooner(*cleaning_until_ - std::chrono::seconds{cleaning_seconds().value_or(0) - 1});
    }
    if (resting() && !is_as_center_set_it()) sooner(last_touch_ + kAccessibilityIdle);
    if (due) due = std::max(*due, at + milliseconds{1});
    return due;
}

std::string App::screen() const {
    if (cleaning_until_) return "cleaning";
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
    if (accessibility_.is_open()) return "accessibility";
    switch (visit_.phase) {
        case Phase::attract:
            return lobby_page() > 0 ? "lobby" : "attract";
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

bool App::draw(const Fonts& fonts, const Layout& layout, Traces& traces, const Picture* emblem) {
    traces.clear();
    const Keypad keypad = accessibility_.take_keypad();
    DrawContext draw{fonts, layout, theme_of(theme()), texts_.in(language()), language(), traces, keypad};
    draw.emblem = emblem;
    const bool in_visit = visit_.phase != Phase::attract;
    if (staff_.training_on || (in_visit && visit_is_training_)) draw.banner = draw.text.at("training.banner");
    const StaffNow staff_at = staff_now();
    const TerminalView view{
        *setup_,     visit_,           results_,         staff_,     staff_at,     accessibility_, saver_,
        voice_,      content_trouble_, results_trouble_, day_doubt_, clock_.now(), server_offset_, cleaning_seconds(),
        countdown(), lobby_page(),     out_of_order()};
    const std::optional<Intent> intent = presenter_.draw(view, draw);
    if (!intent) {
        const std::string page = screen() + '/' + visit_.item.text + '/' + std::to_string(presenter_.page()) + '/' +
                                 std::string(code(language()));
        return accessibility_.after_frame(page, traces, language());
    }
    std::visit([this](const auto& meant) { act(meant); }, *intent);
    // What was drawn is not what stands now: the next frame is.
    held_.reset();
    accessibility_.tapped();
    return true;
}

void App::act(const VisitEvent& intent) {
    const auto* chosen = std::get_if<LanguageChosen>(&intent);
    // On the accessibility screen, and of what is out of order, only the language changes: no visit begins.
    if (chosen != nullptr && (accessibility_.is_open() || (resting() && out_of_order()))) {
        visit_.language = chosen->language;
        return;
    }
    take(intent);
}

void App::act(const EmblemTapped& intent) {
    if (staff_pin_set_) take(StaffEvent{intent});
}

}  // namespace hailong::kiosk
