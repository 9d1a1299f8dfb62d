#include "kiosk/screens/asking.h"

#include <algorithm>

#include "kiosk/widgets/indicators.h"

namespace hailong::kiosk {
namespace {

/// What a full ring stands for: the countdown of VisitTiming's default.
constexpr int kFullRing_s = 10;

void draw_status(Painter& paint, Rect strip, const VisitFrame& frame) {
    const survey::Messages& text = paint.context().text;
    if (frame.countdown_s) {
        const float radius = strip.height / 2;
        const TextBlock words = fit_text(paint.context(), text.at("visit.countdown"), TextStep::body,
                                         strip.width - 2 * radius - 24, strip.height, true);
        Rect group = strip.middle(2 * radius + 24 + words.width, strip.height);
        draw_countdown(paint, *frame.countdown_s, kFullRing_s, group.cut_left(2 * radius, 24).centre(), radius);
        paint.text(words, group, theme::kPage.ink, Align::start);
        return;
    }
    const std::string step = std::to_string(frame.progress.step);
    const std::string steps = std::to_string(frame.progress.steps);
    draw_progress(paint, frame.progress.step, frame.progress.steps,
                  text.format("visit.step", {{"step", step}, {"steps", steps}}), strip);
}

std::optional<FrameIntent> draw_footer(Painter& paint, Rect strip, const VisitFrame& frame, const survey::Item& item,
                                       Rect* action) {
    const survey::Messages& text = paint.context().text;
    constexpr float kWidth = 236;
    std::optional<FrameIntent> intent;
    ButtonLook quiet;
    quiet.surface = theme::kSunken;
    quiet.step = TextStep::body;
    if (frame.can_go_back) {
        ButtonLook back = quiet;
        back.before = Icon::back;
        if (button(paint, "back", text.at("visit.back"), strip.cut_left(kWidth, theme::kGap), back))
            intent = BackTapped{};
    }
    if (action != nullptr) *action = strip.cut_right(std::min(strip.width * 0.56F, 460.F), theme::kGap);
    if (!item.required) {
        if (button(paint, "skip", text.at("visit.skip"), strip.cut_right(std::min(strip.width, kWidth), theme::kGap),
                   quiet)) {
            intent = Skipped{item.id};
        }
    }
    if (frame.can_finish && strip.width >= kWidth) {
        if (button(paint, "finish", text.at("visit.finish"), strip.cut_right(kWidth), quiet)) intent = Ended{};
    }
    return intent;
}

}  // namespace

PageShape page_shape(const Layout& layout) {
    PageShape shape;
    if (layout.portrait()) return shape;
    shape.margin_x = 72;
    shape.margin_y = 36;
    shape.header = 96;
    shape.status = 80;
    shape.footer = 112;
    shape.gap = 16;
    return shape;
}

HeaderTaps draw_header(Painter& paint, Rect strip, const std::string& center_name, bool emblem_target) {
    HeaderTaps taps;
    const Rect emblem = strip.cut_left(strip.height, 22);
    if (emblem_target) taps.emblem = touch(paint.context(), "emblem", emblem).tapped;
    draw_emblem(paint, emblem.centre(), emblem.height / 2);
    taps.language = language_switch(paint, strip.cut_right(kLanguageSwitchWidth, 32).middle(kLanguageSwitchWidth, 92));
    paint.text(center_name, TextStep::caption, strip, theme::kPage.ink, Align::start);
    return taps;
}

FrameParts draw_visit_frame(Painter& paint, Rect page, const VisitFrame& frame, const survey::Item& item,
                            bool with_action) {
    const PageShape shape = page_shape(paint.context().layout);
    FrameParts parts;
    parts.content = page.inset(shape.margin_x, shape.margin_y);
    const HeaderTaps taps =
        draw_header(paint, parts.content.cut_top(shape.header, shape.gap), frame.center_name, false);
    if (taps.language) parts.intent = LanguageChosen{*taps.language};
    draw_status(paint, parts.content.cut_top(shape.status, shape.gap), frame);
    const Rect footer = parts.content.cut_bottom(shape.footer, shape.gap);
    if (const auto tapped = draw_footer(paint, footer, frame, item, with_action ? &parts.action : nullptr)) {
        parts.intent = tapped;
    }
    if (frame.unsaved_waiting) {
        draw_notice(paint, Icon::hourglass, paint.context().text.at("visit.unsaved"), theme::kCaution,
                    parts.content.cut_bottom(60, shape.gap));
    }
    return parts;
}

QuestionSplit split_question(DrawContext& draw, Rect content, const survey::Item& item, float answers_wanted,
                             float answers_least) {
    constexpr int kTries = 6;
    constexpr float kGap = 36;
    const std::string& words = item.text.in(draw.language);
    const bool hinted = !item.hint.empty();
    answers_wanted = std::min(answers_wanted, content.height * 0.8F);
    answers_least = std::min(answers_least, answers_wanted);
    const auto question_of = [&](float answers) {
        Rect rest = content;
        rest.cut_bottom(answers, kGap);
        if (hinted) rest.cut_bottom(2 * line_height(draw, TextStep::body));
        return rest;
    };
    float answers = answers_least;
    for (int i = 0; i < kTries; ++i) {
        const float share = static_cast<float>(i) / (kTries - 1);
        const float candidate = answers_wanted + (answers_least - answers_wanted) * share;
        const Rect question = question_of(candidate);
        if (fits(draw, words, TextStep::title, question.width, question.height)) {
            answers = candidate;
            break;
        }
    }
    QuestionSplit split;
    split.question = content;
    split.answers = split.question.cut_bottom(answers, kGap);
    return split;
}

void draw_question(Painter& paint, Rect area, const survey::Item& item, std::string_view hint) {
    DrawContext& draw = paint.context();
    const std::string& words = item.text.in(draw.language);
    constexpr float kGap = 14;
    TextBlock below;
    if (!hint.empty()) below = fit_text(draw, hint, TextStep::body, area.width, area.height * 0.4F, true);
    const float taken = below.lines.empty() ? 0 : below.height + kGap;
    const TextBlock block = fit_text(draw, words, TextStep::display, area.width, area.height - taken, true);
    Rect group = area.middle(area.width, block.height + taken);
    paint.text(block, group.cut_top(block.height, kGap), theme::kPage.ink);
    if (!below.lines.empty()) paint.text(below, group.cut_top(below.height), theme::kPage.muted);
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

}  // namespace hailong::kiosk
