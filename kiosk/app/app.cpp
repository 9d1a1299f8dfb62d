#include "kiosk/app/app.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "kiosk/app/device_view.h"
#include "kiosk/app/focus.h"
#include "kiosk/app/lobby_view.h"
#include "kiosk/app/tally_view.h"
#include "kiosk/app/version.h"
#include "survey/base/check.h"
#include "survey/conditions.h"

namespace hailong::kiosk {
namespace {

std::string_view text_key(VoiceTroubleKind kind) {
    switch (kind) {
        case VoiceTroubleKind::no_sound:
            return "voice.no_sound";
        case VoiceTroubleKind::no_speech:
            return "voice.no_speech";
        case VoiceTroubleKind::no_recordings:
            return "voice.no_recordings";
        case VoiceTroubleKind::broken_recording:
            return "voice.broken_recording";
        case VoiceTroubleKind::missing_recording:
            return "voice.missing_recording";
    }
    return {};
}

bool is_closing(Phase phase) {
    return phase == Phase::thanks || phase == Phase::not_saved;
}

}  // namespace

App::App(AppSetup setup, const Texts& texts, const survey::Clock& clock, std::function<survey::UuidEntropy()> entropy,
         Saver& saver, BackOffice& back_office, Voice& voice)
    : texts_(texts),
      clock_(clock),
      entropy_(std::move(entropy)),
      saver_(saver),
      back_office_(back_office),
      voice_(voice),
      staff_pin_set_(setup.staff_pin_set),
      content_trouble_(std::move(setup.content_trouble)),
      help_standard_(setup.help),
      help_(setup.help),
      last_touch_(clock.monotonic()),
      voice_offered_(setup.voice.offered),
      tap_sound_(setup.voice.tap_sound),
      phrases_(std::move(setup.phrases)),
      lobby_(setup.lobby),
      scanner_(setup.scanner),
      notices_(std::move(setup.notices)) {
    visit_setup_.fixed_counter = std::move(setup.fixed_counter);
    visit_setup_.timing = setup.timing;
    visit_setup_.boot_id = std::move(setup.boot_id);
    visit_setup_.default_language = setup.language;
    voice_.set_rate(setup.voice.rate_percent);
    voice_.set_volume(setup.voice.volume_percent);
    visit_setup_.patient = setup.help.more_time;
    visit_setup_.method = setup.method;
    visit_setup_.panel = setup.panel;
    visit_setup_.quality = setup.quality;
    set_content(std::move(setup.content));
}

void App::set_content(Content content) {
    content_ = std::move(content);
    visit_setup_.questionnaire = content_.questionnaire;
    visit_setup_.center = content_.center;
    visit_setup_.feedback = content_.feedback;
    questionnaire_ = std::make_shared<const survey::Questionnaire>(visit_setup_.questionnaire);
    feedback_.reset();
    if (visit_setup_.feedback) feedback_ = std::make_shared<const survey::Questionnaire>(*visit_setup_.feedback);
    const std::uint64_t visits = visit_.visit_number;
    const std::optional<MonoTime> rated_at = visit_.rated_at;
    visit_ = initial_state(visit_setup_);
    visit_.visit_number = visits;
    visit_.rated_at = rated_at;
    ++content_number_;
}

survey::Language App::language() const {
    return visit_.language;
}

VisitNow App::now() const {
    const survey::UtcTime utc = clock_.now();
    return {clock_.monotonic(), utc, server_offset_, survey::make_uuid7(utc, entropy_())};
}

void App::take(const VisitEvent& event) {
    const Phase before = visit_.phase;
    const std::uint64_t forms_before = visit_.visit_number;
    VisitStep step = advance(visit_setup_, visit_, event, now());
    visit_ = std::move(step.state);
    // Begun in a drill, it stays one, however long somebody takes.
    if (visit_.visit_number != forms_before) visit_is_drill_ = staff_.drill_on;
    for (VisitEffect& effect : step.effects) {
        auto& save = std::get<SaveResponse>(effect);
        if (visit_is_drill_) {
            drilled_.push_back(save.response.id);
            continue;
        }
        const bool rates = save.response.questionnaire == questionnaire_->ref;
        saver_.save(std::move(save.response), rates ? questionnaire_ : feedback_, std::move(save.words),
                    std::move(save.ticket));
    }
    if (before == Phase::attract && visit_.phase == Phase::asking && visit_.patient != help_.more_time) {
        visit_ = advance(visit_setup_, visit_, PatienceChosen{help_.more_time}, now()).state;
    }
    if (before != Phase::attract && visit_.phase == Phase::attract) forget_visitor();
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
        if (std::holds_alternative<StartCleaning>(effect)) cleaning_until_ = clock_.monotonic() + kCleaningTime;
        if (std::holds_alternative<CloseProgram>(effect)) close_requested_ = true;
        // StartDrill, EndDrill: StaffState::drill_on says which visits are kept.
    }
}

void App::take(const BackOfficeLetter& letter) {
    if (const auto* checked = std::get_if<PinChecked>(&letter)) take(StaffEvent{*checked});
    if (const auto* read = std::get_if<OverviewRead>(&letter)) take(StaffEvent{*read});
    if (const auto* read = std::get_if<TalliesRead>(&letter)) take(StaffEvent{*read});
    if (const auto* offset = std::get_if<ServerOffsetRead>(&letter)) server_offset_ = offset->offset;
    if (const auto* key = std::get_if<WordsKeyRead>(&letter)) words_key_there_ = key->there;
    if (const auto* found = std::get_if<ContentFound>(&letter)) {
        content_trouble_ = found->content ? std::string() : found->content.error();
        if (found->content) next_content_ = *found->content;
    }
}

bool App::is_as_center_set_it() const {
    return help_ == help_standard_ && !helping_ && !by_keypad_ && visit_.language == visit_setup_.default_language;
}

void App::forget_visitor() {
    help_ = help_standard_;
    visit_.language = visit_setup_.default_language;
    helping_ = false;
    by_keypad_ = false;
    keypad_ = {};
    voice_.forget();
    narrator_.begin_anew();
}

void App::take(const HelpChanged& changed) {
    if (changed.help.more_time != help_.more_time) take(VisitEvent{PatienceChosen{changed.help.more_time}});
    if (changed.help.voice && !help_.voice) narrator_.begin_anew();
    if (!changed.help.voice && help_.voice) voice_.silence();
    help_ = changed.help;
}

void App::speak_or_fall_silent() {
    if (!voice_offered_) return;
    if (voice_.is_speaking()) {
        voice_.silence();
        help_.voice = false;
        return;
    }
    help_.voice = true;
    narrator_.begin_anew();
}

void App::take(NavKey key) {
    switch (key) {
        case NavKey::next:
        case NavKey::previous:
            keypad_.focus = neighbour(targets_, by_keypad_ ? keypad_.focus : std::string(), key == NavKey::next);
            if (help_.voice) {
                for (const Target& target : targets_) {
                    if (target.name == keypad_.focus) voice_.say({target.label}, language());
                }
            }
            break;
        case NavKey::press:
            // Without a focus it shows where it would press; only the invitation is taken at once.
            if (by_keypad_ && !keypad_.focus.empty()) {
                keypad_.activate = keypad_.focus;
            } else {
                keypad_.focus = neighbour(targets_, {}, true);
                if (resting()) keypad_.activate = keypad_.focus;
            }
            break;
        case NavKey::back:
        case NavKey::help:
            keypad_.activate = target_of(targets_, key);
            break;
        case NavKey::speak:
            if (voice_offered_) {
                help_.voice = true;
                narrator_.begin_anew();
            }
            break;
        case NavKey::silence:
            help_.voice = false;
            voice_.silence();
            break;
    }
    by_keypad_ = true;
}

void App::take_scan(const Scan& scan) {
    if (staff_.phase != StaffPhase::away || out_of_order()) return;
    helping_ = false;
    take(VisitEvent{TicketScanned{parse_ticket(scan.text, visit_setup_.center)}});
}

void App::key(const KeyInput& input) {
    if (cleaning_until_) return;
    touched();
    if (const auto* nav = std::get_if<NavKey>(&input)) take(*nav);
    if (const auto* scan = std::get_if<Scan>(&input)) take_scan(*scan);
}

void App::felt(const Finger& finger) {
    if (finger.down) by_keypad_ = false;
    hold_what_is_touched();
    if (staff_.phase != StaffPhase::away || helping_ || cleaning_until_) return;
    if (finger.down) {
        take(VisitEvent{Pressed{finger.x_mm, finger.y_mm}});
    } else {
        take(VisitEvent{Released{finger.x_mm, finger.y_mm}});
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
    for (const survey::Uuid& id : std::exchange(drilled_, {}))
        take(VisitEvent{Saved{id}});
    // Who listens is not idle.
    if (visit_.phase == Phase::asking && voice_.is_speaking()) take(VisitEvent{Touched{}});
    take(VisitEvent{Ticked{}});
    take(StaffEvent{Ticked{}});
    const MonoTime at = clock_.monotonic();
    if (cleaning_until_ && at >= *cleaning_until_) cleaning_until_.reset();
    if (resting() && at - last_touch_ >= kHelpIdle && !is_as_center_set_it()) {
        forget_visitor();
        changed = true;
    }
    if (visit_.phase == Phase::attract) {
        changed = changed || words_key_there_ != visit_setup_.ask_words;
        visit_setup_.ask_words = words_key_there_;
    }
    if (next_content_ && visit_.phase == Phase::attract) {
        set_content(std::move(*next_content_));
        next_content_.reset();
        changed = true;
    }
    const std::size_t waiting = saver_.waiting();
    std::optional<StoreError> trouble = saver_.trouble();
    changed = changed || waiting != std::exchange(waiting_shown_, waiting) || trouble != trouble_shown_;
    trouble_shown_ = std::move(trouble);
    const Counting counting{countdown(), pin_model(staff_, at).wait_s, cleaning_seconds(), lobby_page()};
    changed = changed || !(std::exchange(counting_shown_, counting) == counting);
    return changed || !(visit_ == visit_before) || staff_.phase != staff_before;
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
    const auto seconds = countdown_seconds(visit_setup_, visit_, clock_.monotonic());
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

bool App::has_lobby() const {
    const bool shown = resting() && !helping_ && !out_of_order() && !cleaning_until_;
    return shown && lobby_pages(content_.results, content_.center.actions) > 0;
}

int App::lobby_page() const {
    if (!has_lobby()) return 0;
    const MonoTime at = clock_.monotonic();
    if (const Held* held = what_is_held(); held != nullptr && held->lobby_page > 0) return held->lobby_page;
    const milliseconds alone = at - std::max(last_touch_, visit_.shown_since);
    if (alone < lobby_.after) return 0;
    // The invitation takes its turn after the last page.
    const int pages = lobby_pages(content_.results, content_.center.actions);
    return static_cast<int>((alone - lobby_.after) / lobby_.page % (pages + 1) + 1) % (pages + 1);
}

std::optional<MonoTime> App::lobby_deadline() const {
    if (!has_lobby()) return std::nullopt;
    const MonoTime at = clock_.monotonic();
    if (const Held* held = what_is_held(); held != nullptr && held->lobby_page > 0) return held->until;
    const MonoTime since = std::max(last_touch_, visit_.shown_since);
    const milliseconds alone = at - since;
    if (alone < lobby_.after) return since + lobby_.after;
    return since + lobby_.after + ((alone - lobby_.after) / lobby_.page + 1) * lobby_.page;
}

std::optional<MonoTime> App::next_deadline() const {
    const MonoTime at = clock_.monotonic();
    std::optional<MonoTime> due = kiosk::next_deadline(visit_setup_, visit_, at);
    const auto sooner = [&](const std::optional<MonoTime>& other) {
        if (other && (!due || *other < *due)) due = other;
    };
    sooner(kiosk::next_deadline(staff_, at));
    sooner(lobby_deadline());
    if (const Held* held = what_is_held()) sooner(held->until);
    if (cleaning_until_) {
        sooner(*cleaning_until_ - std::chrono::seconds{cleaning_seconds().value_or(0) - 1});
    }
    if (resting() && !is_as_center_set_it()) sooner(last_touch_ + kHelpIdle);
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
    if (helping_) return "help";
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
    if (!content_.results_trouble.empty()) words.emplace_back(text.at("trouble.results"));
    if (const auto trouble = voice_.trouble()) words.emplace_back(text.at(text_key(trouble->kind)));
    for (const std::string& notice : notices_)
        words.emplace_back(text.at(notice));
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
    frame.countdown_s = countdown();
    frame.progress = progress(visit_setup_, visit_);
    frame.can_go_back = !visit_.asked.empty();
    frame.can_finish = !visit_.answers.empty();
    frame.unsaved_waiting = saver_.trouble().has_value() && saver_.waiting() > 0;
    frame.voice_offered = voice_offered_;
    frame.speaking = voice_.is_speaking();
    return frame;
}

bool App::draw(const Fonts& fonts, const Layout& layout, Traces& traces, const Picture* emblem) {
    traces.clear();
    Keypad keypad = keypad_;
    if (!by_keypad_) keypad.focus.clear();
    keypad_.activate.clear();
    DrawContext draw{fonts, layout, theme_of(theme()), texts_.in(language()), language(), traces, keypad};
    draw.emblem = emblem;
    const bool in_visit = visit_.phase != Phase::attract;
    if (staff_.drill_on || (in_visit && visit_is_drill_)) draw.banner = draw.text.at("drill.banner");
    const bool acted = draw_screen(draw);
    if (!acted) return after_frame(traces);
    // What was drawn is not what stands now: the next frame is.
    held_.reset();
    if (tap_sound_) voice_.tap();
    return true;
}

bool App::after_frame(const Traces& traces) {
    targets_ = traces.targets;
    const bool there = std::any_of(targets_.begin(), targets_.end(),
                                   [&](const Target& target) { return target.name == keypad_.focus; });
    const std::string focus = keypad_.focus;
    // What had the focus went away with its screen: the first thing of the next one has it.
    if (by_keypad_ && !keypad_.focus.empty() && !there) keypad_.focus = neighbour(targets_, {}, true);
    if (help_.voice && voice_offered_) {
        const std::string page =
            screen() + '/' + visit_.item.text + '/' + std::to_string(page_) + '/' + std::string(code(language()));
        std::vector<std::string> lines = narrator_.after_frame(page, traces);
        if (!lines.empty()) voice_.say(std::move(lines), language());
    }
    return keypad_.focus != focus;
}

bool App::draw_screen(DrawContext& draw) {
    if (const auto seconds = cleaning_seconds()) {
        draw_cleaning({*seconds}, draw);
        return false;
    }
    if (staff_.phase != StaffPhase::away) return draw_staff(draw);
    if (helping_) return draw_help_screen(draw);
    return draw_visit(draw);
}

bool App::draw_help_screen(DrawContext& draw) {
    HelpModel model;
    model.center_name = visit_setup_.center.name.in(language());
    model.help = help_;
    model.help.more_time = visit_.phase == Phase::attract ? help_.more_time : visit_.patient;
    model.voice_offered = voice_offered_;
    model.speaking = voice_.is_speaking();
    const auto intent = draw_help(model, draw);
    if (!intent) return false;
    if (const auto* changed = std::get_if<HelpChanged>(&*intent)) take(*changed);
    if (const auto* chosen = std::get_if<LanguageChosen>(&*intent)) visit_.language = chosen->language;
    if (std::holds_alternative<SpeakWanted>(*intent)) speak_or_fall_silent();
    if (std::holds_alternative<HelpClosed>(*intent)) helping_ = false;
    return true;
}

template <class Intent>
bool App::act(const std::optional<Intent>& intent) {
    if (!intent) return false;
    std::visit(
        [this](const auto& meant) {
            using Meant = std::decay_t<decltype(meant)>;
            if constexpr (std::is_same_v<Meant, PageTurned>) {
                page_ = meant.page;
            } else if constexpr (std::is_same_v<Meant, HelpWanted>) {
                helping_ = true;
            } else if constexpr (std::is_same_v<Meant, SpeakWanted>) {
                speak_or_fall_silent();
            } else if constexpr (std::is_same_v<Meant, EmblemTapped>) {
                if (staff_pin_set_) take(StaffEvent{meant});
            } else if constexpr (std::is_same_v<Meant, KeyboardChanged>) {
                keyboard_ = meant.keyboard;
            } else if constexpr (std::is_same_v<Meant, LanguageChosen>) {
                // Of what is out of order only the words change: no visit begins.
                if (resting() && out_of_order())
                    visit_.language = meant.language;
                else
                    take(VisitEvent{meant});
            } else if constexpr (std::is_same_v<Meant, MoreTimeWanted>) {
                help_.more_time = true;
                take(VisitEvent{meant});
            } else {
                take(VisitEvent{meant});
            }
        },
        *intent);
    return true;
}

bool App::draw_resting(DrawContext& draw) {
    if (const int page = lobby_page(); page > 0) {
        if (const auto lobby = make_lobby_model(content_, page - 1, draw.text, language())) {
            return act(draw_lobby(*lobby, draw));
        }
    }
    AttractModel model;
    model.center_name = visit_setup_.center.name.in(language());
    if (const auto* counter = visit_setup_.center.counter(visit_setup_.fixed_counter)) {
        model.counter_name = counter->name.in(language());
    }
    model.unsaved_waiting = frame().unsaved_waiting;
    model.disk_trouble = disk_notice();
    model.feedback_offered = can_give_feedback(visit_setup_, visit_);
    model.scanner = scanner_;
    model.voice_offered = voice_offered_;
    model.speaking = voice_.is_speaking();
    if (out_of_order()) model.out_of_order = std::string(draw.text.at("out_of_order.unsaved"));
    return act(draw_attract(model, draw));
}

bool App::draw_visit(DrawContext& draw) {
    const std::string& center_name = visit_setup_.center.name.in(language());
    switch (visit_.phase) {
        case Phase::attract:
            return draw_resting(draw);
        case Phase::asking:
            return draw_question(draw);
        case Phase::saving:
            draw_saving({center_name}, draw);
            return false;
        case Phase::thanks:
            return act(draw_thanks({center_name, advice(visit_setup_, visit_), can_give_feedback(visit_setup_, visit_)},
                                   draw));
        case Phase::not_saved:
            return act(draw_not_saved({center_name}, draw));
    }
    survey::check(false, "a visit is in one of five phases");
    return false;
}

bool App::draw_question(DrawContext& draw) {
    const survey::Questionnaire& asked = form(visit_setup_, visit_);
    const survey::Item* found = asked.item(visit_.item);
    survey::check(found != nullptr, "the item asked stands in the questionnaire");
    survey::Item item = *found;
    // As things stand now: what must be answered offers no "skip".
    item.required = survey::is_required(item, asked, visit_.answers, visit_.context);
    const VisitPlace place{visit_.visit_number, visit_.item};
    if (!(std::exchange(page_place_, place) == place)) {
        page_ = 0;
        if (const Draft* written = draft(visit_)) keyboard_ = keyboard_for(*written, capitals_of(item));
    }
    switch (item.type) {
        case survey::ItemType::scale:
        case survey::ItemType::points:
        case survey::ItemType::single:
        case survey::ItemType::consent: {
            ChoiceModel model{frame(), item, {}, 0, page_};
            const survey::Officer* officer = visit_setup_.center.officer(visit_.context.officer);
            if (item.about == survey::About::officer && officer != nullptr) {
                model.officer_name = officer->name;
                model.officer_portrait = officer->portrait;
            }
            return act(draw_choice(model, draw));
        }
        case survey::ItemType::multi:
            return act(draw_reasons({frame(), item, visit_.chosen, page_}, draw));
        case survey::ItemType::counter:
            return act(draw_counter({frame(), item, visit_setup_.center.counters, page_}, draw));
        case survey::ItemType::officer: {
            OfficerModel model{frame(), item, {}, page_};
            for (const survey::Officer* officer : officers_offered(visit_setup_, visit_)) {
                model.officers.push_back(*officer);
            }
            return act(draw_officer(model, draw));
        }
        case survey::ItemType::text:
        case survey::ItemType::phone:
            return draw_writing(item, draw);
    }
    survey::check(false, "every item has a screen");
    return false;
}

const std::vector<Suggestion>& App::suggestions(const Draft& written) {
    // Enough for the widest panel; the screen offers as many as it has room for.
    constexpr std::size_t kPhrasesOffered = 8;
    std::pair<Draft, survey::Language> wanted{written, language()};
    if (suggested_for_ != wanted) {
        suggested_ = suggest(written, phrases_, language(), kPhrasesOffered);
        suggested_for_ = std::move(wanted);
    }
    return suggested_;
}

bool App::draw_writing(const survey::Item& item, DrawContext& draw) {
    const Draft* written = kiosk::draft(visit_);
    survey::check(written != nullptr, "an item of words has a draft");
    WordsModel model;
    model.frame = frame();
    model.item = item;
    model.draft = *written;
    model.method = visit_.method;
    model.keyboard = keyboard_;
    model.chars_max = typing_rules(visit_setup_, visit_).chars_max;
    model.fault = words_fault(visit_setup_, visit_, written->text);
    if (!item.personal_data) {
        model.looks_personal = looks_personal(written->text);
        model.phrases = suggestions(*written);
    }
    const Draft before = *written;
    const bool acted = act(draw_words(model, draw));
    const Draft* after = kiosk::draft(visit_);
    if (after != nullptr && visit_.item == item.id && !(*after == before)) {
        keyboard_ = keyboard_after(keyboard_, *after, capitals_of(item));
    }
    return acted;
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
