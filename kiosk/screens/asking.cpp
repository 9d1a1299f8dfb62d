#include "kiosk/screens/asking.h"

#include <algorithm>

#include "kiosk/widgets/indicators.h"

namespace hailong::kiosk {
namespace {

/// What a full ring stands for: the countdown of VisitTiming's default.
constexpr int kFullRing_s = 10;

constexpr float kHintGap = 14;  // between a question and its hint

void draw_status(Painter& paint, Rect strip, const VisitFrame& frame) {
    const survey::Messages& text = paint.context().text;
    if (frame.countdown_s) {
        const float radius = strip.height / 2;
        const TextBlock words = fit_text(paint.context(), text.at("visit.countdown"), TextStep::body,
                                         strip.width - 2 * radius - 24, strip.height);
        Rect group = strip.middle(2 * radius + 24 + words.width, strip.height);
        draw_countdown(paint, *frame.countdown_s, kFullRing_s, group.cut_left(2 * radius, 24).centre(), radius);
        paint.text(words, group, paint.theme().page.ink, Align::start);
        return;
    }
    const std::string step = std::to_string(frame.progress.step);
    const std::string steps = std::to_string(frame.progress.steps);
    draw_progress(paint, frame.progress.step, frame.progress.steps,
                  text.format("visit.step", {{"step", step}, {"steps", steps}}), strip);
}

std::optional<FrameIntent> draw_footer(Painter& paint, Rect strip, const VisitFrame& frame, const survey::Item& item,
                                       FooterPlace place, Rect& place_found) {
    const survey::Messages& text = paint.context().text;
    const ZoneScope zone(paint.context(), Zone::footer);
    constexpr float kBackWidth = 272;
    constexpr float kWidth = 224;
    constexpr float kActionWidthMax = 470;
    std::optional<FrameIntent> intent;
    ButtonLook quiet;
    quiet.surface = &paint.theme().sunken;
    quiet.step = TextStep::body;
    const Rect whole = strip;
    if (frame.can_go_back) {
        ButtonLook back = quiet;
        back.before = Icon::back;
        if (button(paint, "back", text.at("visit.back"), strip.cut_left(kBackWidth, theme::kGap), back)) {
            intent = BackTapped{};
        }
    }
    if (place == FooterPlace::right) {
        // Skipping and going back keep their width; the action takes what is left.
        const float least = strip.width - (item.required ? 0 : kWidth + theme::kGap);
        place_found = strip.cut_right(std::min(least, kActionWidthMax), theme::kGap);
    }
    if (!item.required && button(paint, "skip", text.at("visit.skip"), strip.cut_right(kWidth, theme::kGap), quiet)) {
        intent = Skipped{item.id};
    }
    if (frame.can_finish && strip.width >= kWidth &&
        button(paint, "finish", text.at("visit.finish"), strip.cut_right(kWidth, theme::kGap), quiet)) {
        intent = Ended{};
    }
    if (place == FooterPlace::middle) {
        // In the middle of the panel, as wide as both sides allow.
        const float side = std::max(strip.x - whole.x, whole.right() - strip.right());
        place_found = whole.middle(std::min(whole.width - 2 * side, 760.F), whole.height);
    }
    return intent;
}

}  // namespace

PageShape page_shape(const Layout& layout) {
    PageShape shape;
    if (layout.portrait()) return shape;
    shape.margin_x = 72;
    shape.margin_y = 36;
    shape.header = 116;
    shape.status = 0;
    shape.footer = 112;
    shape.gap = 16;
    shape.footer_gap = 32;
    return shape;
}

HeaderTaps draw_header(Painter& paint, Rect strip, const std::string& center_name, bool emblem_target, float middle) {
    HeaderTaps taps;
    const ZoneScope zone(paint.context(), Zone::header);
    const Rect whole = strip;
    const Rect emblem = strip.cut_left(strip.height, 22);
    if (emblem_target) taps.emblem = touch(paint.context(), "emblem", emblem, center_name).tapped;
    draw_emblem(paint, emblem.centre(), emblem.height / 2);
    taps.language = language_switch(
        paint, strip.cut_right(kLanguageSwitchWidth, 28).middle(kLanguageSwitchWidth, paint.context().layout.target));
    if (middle > 0) {
        // In the middle of the whole strip, so that it stands in the middle of the panel.
        taps.middle_place = whole.middle(middle, whole.height);
        strip.width = taps.middle_place.x - 28 - strip.x;
    }
    paint.text(center_name, TextStep::caption, strip, paint.theme().page.ink, Align::start);
    return taps;
}

FrameParts draw_visit_frame(Painter& paint, Rect page, const VisitFrame& frame, const survey::Item& item,
                            FooterPlace place) {
    const PageShape shape = page_shape(paint.context().layout);
    FrameParts parts;
    parts.content = page.inset(shape.margin_x, shape.margin_y);
    const Rect header = parts.content.cut_top(shape.header, shape.gap);
    const float middle = shape.status > 0 ? 0 : header.width * 0.36F;
    const HeaderTaps taps = draw_header(paint, header, frame.center_name, false, middle);
    if (taps.language) parts.intent = LanguageChosen{*taps.language};
    draw_status(paint, middle > 0 ? taps.middle_place : parts.content.cut_top(shape.status, shape.gap), frame);
    const Rect footer = parts.content.cut_bottom(shape.footer, shape.footer_gap);
    if (const auto tapped = draw_footer(paint, footer, frame, item, place, parts.footer_place)) parts.intent = tapped;
    if (frame.unsaved_waiting) {
        draw_notice(paint, Icon::hourglass, paint.context().text.at("visit.unsaved"), paint.theme().caution,
                    parts.content.cut_bottom(60, shape.gap));
    }
    return parts;
}

QuestionSplit split_question(DrawContext& draw, Rect content, const survey::Item& item, std::string_view hint,
                             float answers_wanted, float answers_least) {
    constexpr int kTries = 6;
    constexpr float kGap = 40;
    constexpr float kAirMax = 150;  // most that is left above and below the question; the rest goes around the group
    const std::string& words = item.text.in(draw.language);
    const float hint_height =
        hint.empty()
            ? 0
            : fit_text(draw, hint, TextStep::body, content.width, 2 * line_height(draw, TextStep::body)).height +
                  kHintGap;
    answers_wanted = std::min(answers_wanted, content.height * 0.82F);
    answers_least = std::min(answers_least, answers_wanted);
    float answers = answers_least;
    for (int i = 0; i < kTries; ++i) {
        const float share = static_cast<float>(i) / (kTries - 1);
        const float candidate = answers_wanted + (answers_least - answers_wanted) * share;
        if (fits(draw, words, TextStep::title, content.width, content.height - candidate - kGap - hint_height)) {
            answers = candidate;
            break;
        }
    }
    QuestionSplit split;
    const float room = content.height - answers - kGap;
    // Measured here, drawn by draw_question, which notes what can't be fitted.
    const std::string_view question = words;
    const TextStep step =
        common_step(draw, std::span(&question, 1), TextStep::display, content.width, room - hint_height);
    const auto lines = static_cast<float>(wrap(draw, step, question, content.width).size());
    const float spare = std::max(room - lines * line_height(draw, step) - hint_height - 2 * kAirMax, 0.F);
    split.question = content.inset(0, spare / 2);
    split.answers = split.question.cut_bottom(answers, kGap);
    return split;
}

void draw_question(Painter& paint, Rect area, const survey::Item& item, std::string_view hint) {
    DrawContext& draw = paint.context();
    const std::string& words = item.text.in(draw.language);
    draw.say(words);
    draw.say(hint);
    TextBlock below;
    if (!hint.empty()) below = fit_text(draw, hint, TextStep::body, area.width, 2 * line_height(draw, TextStep::body));
    const float taken = below.lines.empty() ? 0 : below.height + kHintGap;
    const TextBlock block = fit_text(draw, words, TextStep::display, area.width, area.height - taken);
    Rect group = area.middle(area.width, block.height + taken);
    paint.text(block, group.cut_top(block.height, kHintGap), paint.theme().page.ink);
    if (!below.lines.empty()) paint.text(below, group.cut_top(below.height), paint.theme().page.muted);
}

std::pair<std::size_t, std::size_t> PagedGrid::shown(std::size_t count) const {
    const std::size_t first = static_cast<std::size_t>(page) * grid.per_page();
    return {std::min(first, count), std::min(first + grid.per_page(), count)};
}

PagedGrid lay_out(Rect area, std::size_t count, std::initializer_list<GridRule> rules, int page) {
    PagedGrid paged;
    paged.grid = arrange(area, count, rules);
    if (paged.grid.pages > 1) {
        paged.bar = area.cut_bottom(kPageBarHeight, theme::kGap);
        paged.grid = arrange(area, count, rules);
    }
    paged.page = std::clamp(page, 0, static_cast<int>(paged.grid.pages) - 1);
    return paged;
}

std::optional<int> draw_page_bar(Painter& paint, const PagedGrid& paged) {
    if (!paged.bar) return std::nullopt;
    const survey::Messages& text = paint.context().text;
    const int pages = static_cast<int>(paged.grid.pages);
    const std::string place =
        text.format("page.place", {{"page", std::to_string(paged.page + 1)}, {"pages", std::to_string(pages)}});
    return page_bar(paint, paged.page, pages, {text.at("page.previous"), text.at("page.next"), place}, *paged.bar);
}

WordGrid lay_out_words(const DrawContext& draw, Rect area, std::span<const std::string_view> words,
                       std::initializer_list<GridRule> rules, int page, TextStep largest,
                       const std::function<Rect(Rect)>& words_of) {
    std::optional<WordGrid> best;
    for (const GridRule& rule : rules) {
        WordGrid candidate;
        candidate.paged = lay_out(area, words.size(), {rule}, page);
        const Rect place = words_of(candidate.paged.grid.cell(0));
        candidate.step = common_step(draw, words, largest, place.width, place.height);
        const bool better = !best || candidate.paged.grid.pages < best->paged.grid.pages ||
                            (candidate.paged.grid.pages == best->paged.grid.pages && candidate.step < best->step);
        if (better) best = candidate;
    }
    return best.value_or(WordGrid{});
}

float height_of(const GridRule& rule, std::size_t count, float cell_height) {
    const std::size_t rows = std::max<std::size_t>((count + rule.columns - 1) / rule.columns, 1);
    return static_cast<float>(rows) * (cell_height + rule.gap) - rule.gap;
}

}  // namespace hailong::kiosk
