#include "kiosk/app/presenter.h"

#include <type_traits>

#include "kiosk/app/device_view.h"
#include "kiosk/app/lobby_view.h"
#include "kiosk/app/tally_view.h"
#include "kiosk/app/version.h"
#include "survey/base/check.h"
#include "survey/conditions.h"

namespace hailong::kiosk {
namespace {

using survey::Messages;

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

/// What the disk can't do, for whoever stands before the panel; empty when it can, or tries again by itself.
std::string disk_notice(const std::optional<StoreError>& trouble, const Messages& text) {
    if (!trouble) return {};
    switch (trouble->kind) {
        case StoreErrorKind::full:
            return std::string(text.at("attract.disk_full"));
        case StoreErrorKind::read_only:
            return std::string(text.at("attract.disk_read_only"));
        case StoreErrorKind::io:
        case StoreErrorKind::corrupt:
        case StoreErrorKind::newer:
        case StoreErrorKind::conflict:
        case StoreErrorKind::wrong_kiosk:
            return std::string(text.at("attract.disk_failing"));
        case StoreErrorKind::busy:
            return {};
    }
    return {};
}

bool has_unsaved(const TerminalView& view) {
    return view.saver.trouble().has_value() && view.saver.waiting() > 0;
}

const std::string& center_name(const TerminalView& view) {
    return view.setup.center.name.in(view.visit.language);
}

VisitFrame frame(const TerminalView& view) {
    VisitFrame frame;
    frame.center_name = center_name(view);
    frame.countdown_s = view.countdown_s;
    frame.progress = progress(view.setup, view.visit);
    frame.can_go_back = !view.visit.asked.empty();
    frame.can_finish = !view.visit.answers.empty();
    frame.unsaved_waiting = has_unsaved(view);
    frame.voice_offered = view.accessibility.voice_offered();
    frame.speaking = view.accessibility.is_speaking();
    return frame;
}

AttractModel attract_model(const TerminalView& view, bool scanner, const Messages& text) {
    AttractModel model;
    model.center_name = center_name(view);
    if (const auto* counter = view.setup.center.counter(view.setup.fixed_counter)) {
        model.counter_name = counter->name.in(view.visit.language);
    }
    model.unsaved_waiting = has_unsaved(view);
    model.disk_trouble = disk_notice(view.saver.trouble(), text);
    model.feedback_offered = can_give_feedback(view.setup, view.visit);
    model.scanner = scanner;
    model.voice_offered = view.accessibility.voice_offered();
    model.speaking = view.accessibility.is_speaking();
    if (view.out_of_order) model.out_of_order = std::string(text.at("out_of_order.unsaved"));
    return model;
}

AccessibilityModel accessibility_model(const TerminalView& view) {
    AccessibilityModel model;
    model.center_name = center_name(view);
    model.settings = view.accessibility.settings();
    model.more_time = view.visit.more_time;
    model.voice_offered = view.accessibility.voice_offered();
    model.speaking = view.accessibility.is_speaking();
    return model;
}

/// As things stand now: what must be answered offers no "skip".
survey::Item item_asked(const TerminalView& view) {
    const survey::Questionnaire& asked = form(view.setup, view.visit);
    const survey::Item* found = asked.item(view.visit.item);
    survey::check(found != nullptr, "the item asked stands in the questionnaire");
    survey::Item item = *found;
    item.required = survey::is_required(item, asked, view.visit.answers, view.visit.context);
    return item;
}

ChoiceModel choice_model(const TerminalView& view, const survey::Item& item, int page) {
    ChoiceModel model{frame(view), item, {}, 0, page};
    const survey::Officer* officer = view.setup.center.officer(view.visit.context.officer);
    if (item.about == survey::About::officer && officer != nullptr) {
        model.officer_name = officer->name;
        model.officer_portrait = officer->portrait;
    }
    return model;
}

OfficerModel officer_model(const TerminalView& view, const survey::Item& item, int page) {
    OfficerModel model{frame(view), item, {}, page};
    for (const survey::Officer* officer : officers_offered(view.setup, view.visit))
        model.officers.push_back(*officer);
    return model;
}

template <class One, class Variant>
constexpr bool kIsOneOf = false;
template <class One, class... All>
constexpr bool kIsOneOf<One, std::variant<All...>> = (std::is_same_v<One, All> || ...);

template <class ScreenIntent>
std::optional<Intent> of_staff(const std::optional<ScreenIntent>& intent) {
    if (!intent) return std::nullopt;
    return std::visit([](const auto& meant) -> Intent { return StaffEvent{meant}; }, *intent);
}

std::optional<Intent> of_accessibility(const std::optional<AccessibilityIntent>& intent) {
    if (!intent) return std::nullopt;
    return std::visit(
        [](const auto& meant) -> Intent {
            using Meant = std::decay_t<decltype(meant)>;
            if constexpr (kIsOneOf<Meant, VisitEvent>) {
                return VisitEvent{meant};
            } else {
                return meant;
            }
        },
        *intent);
}

}  // namespace

Presenter::Presenter(Setup setup) : setup_(std::move(setup)) {}

std::optional<Intent> Presenter::draw(const TerminalView& view, DrawContext& draw) {
    if (view.cleaning_s) {
        draw_cleaning({*view.cleaning_s}, draw);
        return std::nullopt;
    }
    if (view.staff.phase != StaffPhase::away) return draw_staff(view, draw);
    if (view.accessibility.is_open()) return of_accessibility(draw_accessibility(accessibility_model(view), draw));
    return draw_visit(view, draw);
}

template <class ScreenIntent>
std::optional<Intent> Presenter::of_visit(const std::optional<ScreenIntent>& intent) {
    if (!intent) return std::nullopt;
    return std::visit(
        [this](const auto& meant) -> Intent {
            using Meant = std::decay_t<decltype(meant)>;
            if constexpr (std::is_same_v<Meant, PageTurned>) {
                page_ = meant.page;
                return Turned{};
            } else if constexpr (std::is_same_v<Meant, KeyboardChanged>) {
                keyboard_ = meant.keyboard;
                return Turned{};
            } else if constexpr (kIsOneOf<Meant, VisitEvent>) {
                return VisitEvent{meant};
            } else {
                return meant;
            }
        },
        *intent);
}

std::optional<Intent> Presenter::draw_at_rest(const TerminalView& view, DrawContext& draw) {
    if (view.lobby_page > 0) {
        const auto lobby =
            make_lobby_model(view.setup.center, view.results, view.lobby_page - 1, draw.text, view.visit.language);
        if (lobby) return of_visit(draw_lobby(*lobby, draw));
    }
    return of_visit(draw_attract(attract_model(view, setup_.scanner, draw.text), draw));
}

std::optional<Intent> Presenter::draw_visit(const TerminalView& view, DrawContext& draw) {
    switch (view.visit.phase) {
        case Phase::attract:
            return draw_at_rest(view, draw);
        case Phase::asking:
            return draw_question(view, draw);
        case Phase::saving:
            draw_saving({center_name(view)}, draw);
            return std::nullopt;
        case Phase::thanks:
            return of_visit(draw_thanks(
                {center_name(view), advice(view.setup, view.visit), can_give_feedback(view.setup, view.visit)}, draw));
        case Phase::not_saved:
            return of_visit(draw_not_saved({center_name(view)}, draw));
    }
    survey::check(false, "a visit is in one of five phases");
    return std::nullopt;
}

void Presenter::follow(const TerminalView& view, const survey::Item& item) {
    const Place place{view.visit.visit_number, view.visit.item};
    const Draft* written = draft(view.visit);
    if (!(std::exchange(place_, place) == place)) {
        page_ = 0;
        if (written != nullptr) keyboard_ = keyboard_for(*written, capitals_of(item));
    } else if (written != nullptr && drawn_ && !(*drawn_ == *written)) {
        keyboard_ = keyboard_after(keyboard_, *written, capitals_of(item));
    }
    drawn_.reset();
    if (written != nullptr) drawn_ = *written;
}

std::optional<Intent> Presenter::draw_question(const TerminalView& view, DrawContext& draw) {
    const survey::Item item = item_asked(view);
    follow(view, item);
    switch (item.type) {
        case survey::ItemType::scale:
        case survey::ItemType::points:
        case survey::ItemType::single:
        case survey::ItemType::consent:
            return of_visit(draw_choice(choice_model(view, item, page_), draw));
        case survey::ItemType::multi:
            return of_visit(draw_reasons({frame(view), item, view.visit.chosen, page_}, draw));
        case survey::ItemType::counter:
            return of_visit(draw_counter({frame(view), item, counters_offered(view.setup), page_}, draw));
        case survey::ItemType::officer:
            return of_visit(draw_officer(officer_model(view, item, page_), draw));
        case survey::ItemType::text:
        case survey::ItemType::phone:
            return draw_writing(view, item, draw);
    }
    survey::check(false, "every item has a screen");
    return std::nullopt;
}

const std::vector<Suggestion>& Presenter::suggestions(const Draft& written, survey::Language language) {
    // Enough for the widest panel; the screen offers as many as it has room for.
    constexpr std::size_t kPhrasesOffered = 8;
    std::pair<Draft, survey::Language> wanted{written, language};
    if (suggested_for_ != wanted) {
        suggested_ = suggest(written, setup_.phrases, language, kPhrasesOffered);
        suggested_for_ = std::move(wanted);
    }
    return suggested_;
}

std::optional<Intent> Presenter::draw_writing(const TerminalView& view, const survey::Item& item, DrawContext& draw) {
    const Draft* written = draft(view.visit);
    survey::check(written != nullptr, "an item of free text has a draft");
    TextEntryModel model;
    model.frame = frame(view);
    model.item = item;
    model.draft = *written;
    model.method = view.visit.method;
    model.keyboard = keyboard_;
    model.chars_max = typing_rules(view.setup, view.visit).chars_max;
    model.fault = text_fault(view.setup, view.visit, written->text);
    if (!item.personal_data) {
        model.looks_personal = looks_personal(written->text);
        model.phrases = suggestions(*written, view.visit.language);
    }
    return of_visit(draw_text_entry(model, draw));
}

std::vector<std::string> Presenter::troubles(const TerminalView& view, const Messages& text) const {
    std::vector<std::string> lines;
    if (const auto trouble = view.saver.trouble()) {
        lines.emplace_back(text.at(std::string("trouble.") + name(trouble->kind)));
    }
    if (!view.content_trouble.empty()) lines.emplace_back(text.at("trouble.questionnaire"));
    if (!view.results_trouble.empty()) lines.emplace_back(text.at("trouble.results"));
    if (view.day_doubt == DayDoubt::behind) lines.emplace_back(text.at("trouble.clock"));
    if (view.day_doubt == DayDoubt::no_form) lines.emplace_back(text.at("trouble.no_form"));
    if (const auto trouble = view.voice.trouble()) lines.emplace_back(text.at(text_key(trouble->kind)));
    for (const std::string& notice : setup_.notices)
        lines.emplace_back(text.at(notice));
    return lines;
}

std::optional<Intent> Presenter::draw_staff(const TerminalView& view, DrawContext& draw) const {
    const StaffState& staff = view.staff;
    const TallyRules& rules = view.staff_now.rules;
    const survey::Language language = view.visit.language;
    DeviceFacts facts;
    facts.overview = staff.overview;
    facts.unsaved = static_cast<std::int64_t>(view.saver.waiting());
    facts.now = view.now;
    facts.server_offset = view.server_offset;
    facts.version = program_version();
    facts.troubles = troubles(view, draw.text);
    DeviceModel device{{StaffTab::device, false}, device_rows(facts, draw.text, language), staff.page};
    device.tabs.device_needs_hand = needs_hand(device.rows);
    switch (staff.phase) {
        case StaffPhase::away:
            return std::nullopt;
        case StaffPhase::pin:
        case StaffPhase::checking:
            return of_staff(draw_pin(pin_model(staff, view.staff_now.at), draw));
        case StaffPhase::tally: {
            const TallySource source{view.setup.center, view.setup.questionnaire};
            TallyModel model = staff_results(source, staff, rules, draw.text, language);
            model.tabs = {StaffTab::results, device.tabs.device_needs_hand};
            return of_staff(draw_tally(model, draw));
        }
        case StaffPhase::periods:
            return of_staff(draw_periods({staff.choice.kind, by_months(staff.choice.by)}, draw));
        case StaffPhase::groupings:
            return of_staff(draw_groupings({staff.choice.by}, draw));
        case StaffPhase::calendar:
            return of_staff(draw_calendar({staff.calendar_shown, staff.calendar_first, rules.today}, draw));
        case StaffPhase::device:
            return of_staff(draw_device(device, draw));
        case StaffPhase::tools:
            return of_staff(draw_tools(
                {{StaffTab::tools, device.tabs.device_needs_hand}, staff.training_on, staff.closing_asked}, draw));
    }
    survey::check(false, "the staff's screens are in one of nine phases");
    return std::nullopt;
}

}  // namespace hailong::kiosk
