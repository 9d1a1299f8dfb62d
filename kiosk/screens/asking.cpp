#include "kiosk/screens/asking.h"

#include <algorithm>

#include "kiosk/widgets/indicators.h"

namespace hailong::kiosk {
namespace {

/// What a full ring stands for: the countdown of VisitTiming's default.
constexpr int kFullRing_s = 10;

constexpr float kHintGap = 14;  // between a question and its hint

/// Most of the height that a hint may take of the panel's.
constexpr float kHintShare = 0.08F;

float hint_room(const DrawContext& draw) {
    return std::min(2 * line_height(draw, TextStep::body), draw.layout.height * kHintShare);
}

void draw_steps(Painter& paint, Rect strip, const Progress& progress) {
    const std::string step = std::to_string(progress.step);
    const std::string steps = std::to_string(progress.steps);
    draw_progress(paint, progress.step, progress.steps,
                  paint.context().text.format("visit.step", {{"step", step}, {"steps", steps}}), strip);
}

/// The seconds left and what to do about it, in a strip. True when more time is wanted.
bool draw_countdown_strip(Painter& paint, Rect strip, int seconds) {
    constexpr float kGap = 24;
    constexpr float kRadiusMax = 50;
    constexpr float kWordsLeast = 180;
    DrawContext& draw = paint.context();
    const std::string_view text = draw.text.at("visit.more_time");
    const ButtonLook look{.surface = &draw.theme.primary, .before = Icon::more_time, .step = TextStep::body};
    const float height = std::min(strip.height, page_shape(draw.layout).button);
    const float radius = std::min(height / 2, kRadiusMax);
    const float least = draw.layout.target;
    float width = std::clamp(button_width(draw, text, look), least, strip.width * 0.58F);
    const float room = strip.width - 2 * (radius + kGap) - width;
    TextBlock why;
    if (room >= kWordsLeast) {
        why = fit_text(draw, draw.text.at("visit.countdown"), TextStep::body, room, height);
    } else {
        // The ring and the button say it by themselves.
        width = std::clamp(button_width(draw, text, look), least, strip.width - 2 * radius - kGap);
    }
    const float beside = why.lines.empty() ? 0 : why.width + kGap;
    Rect group = strip.middle(2 * radius + kGap + beside + width, height);
    draw_countdown(paint, seconds, kFullRing_s, group.cut_left(2 * radius, kGap).centre(), radius);
    if (!why.lines.empty()) paint.text(why, group.cut_left(why.width, kGap), draw.theme.page.ink, Align::start);
    const ZoneScope zone(draw, Zone::header);
    return button(paint, "more_time", text, group, look);
}

/// The same as one square button.
bool draw_countdown_cell(Painter& paint, Rect cell, int seconds) {
    DrawContext& draw = paint.context();
    const ZoneScope zone(draw, Zone::header);
    const std::string_view text = draw.text.at("visit.more_time");
    const Plate result = plate(paint, "more_time", text, cell, draw.theme.card);
    Rect face = result.face.inset(10, 14);
    const Rect ring = face.cut_top(face.height * 0.48F, 6);
    draw_countdown(paint, seconds, kFullRing_s, ring.centre(), ring.height / 2);
    paint.text(text, TextStep::caption, face, draw.theme.card.ink);
    return result.tapped;
}

/// Where nobody needs the place: the emblem, and how far the visit is.
void draw_progress_cell(Painter& paint, Rect cell, const Progress& progress) {
    constexpr float kEmblem = 118;
    const DrawContext& draw = paint.context();
    const bool counted = progress.steps > 1;
    const float line = std::min(line_height(draw, TextStep::caption) + 4, cell.height - kEmblem - 16);
    Rect group = cell.middle(cell.width, counted ? kEmblem + 16 + line : kEmblem);
    draw_emblem(paint, group.cut_top(kEmblem, 16).centre(), kEmblem / 2);
    if (!counted) return;
    const std::string text = draw.text.format(
        "page.place", {{"page", std::to_string(progress.step)}, {"pages", std::to_string(progress.steps)}});
    paint.text(text, TextStep::caption, group, draw.theme.page.muted);
}

/// The widths of the footer's buttons: what their words want, or less, so that the action keeps its share.
struct FooterWidths {
    float back = 0;
    float skip = 0;
    float finish = 0;
};
FooterWidths footer_widths(const DrawContext& draw, float width, const VisitFrame& frame, const survey::Item& item,
                           FooterPlace place) {
    constexpr float kLeast = 224;
    constexpr float kActionShare = 0.3F;
    const float gap = gap_between(draw.layout);
    const ButtonLook quiet{.step = TextStep::body};
    const ButtonLook back{.before = Icon::back, .step = TextStep::body};
    const auto wish = [&](bool shown, std::string_view key, const ButtonLook& look) {
        return shown ? std::max(button_width(draw, draw.text.at(key), look), kLeast) + gap : 0.F;
    };
    FooterWidths widths{wish(frame.can_go_back, "visit.back", back), wish(!item.required, "visit.skip", quiet),
                        wish(frame.can_finish, "visit.finish", quiet)};
    const float wanted = widths.back + widths.skip + widths.finish;
    const float room = place == FooterPlace::unused ? width + gap : width * (1 - kActionShare);
    const float share = std::min(room / std::max(wanted, 1.F), 1.F);
    for (float* each : {&widths.back, &widths.skip, &widths.finish})
        if (*each > 0) *each = std::max(*each * share - gap, draw.layout.target);
    return widths;
}

std::optional<FrameIntent> draw_footer(Painter& paint, Rect strip, const VisitFrame& frame, const survey::Item& item,
                                       FooterPlace place, Rect& place_found) {
    DrawContext& draw = paint.context();
    const survey::Messages& text = draw.text;
    const ZoneScope zone(draw, Zone::footer);
    constexpr float kActionWidthMax = 470;
    constexpr float kMiddleWidthMax = 760;
    const float gap = gap_between(draw.layout);
    const FooterWidths widths = footer_widths(draw, strip.width, frame, item, place);
    std::optional<FrameIntent> intent;
    const ButtonLook quiet{.surface = &draw.theme.sunken, .step = TextStep::body};
    const Rect whole = strip;
    if (frame.can_go_back) {
        ButtonLook back = quiet;
        back.before = Icon::back;
        if (button(paint, "back", text.at("visit.back"), strip.cut_left(widths.back, gap), back)) intent = BackTapped{};
    }
    if (place == FooterPlace::right) {
        // Skipping and finishing keep their width; the action takes what is left.
        const float others = (item.required ? 0 : widths.skip + gap) + (frame.can_finish ? widths.finish + gap : 0);
        const float wanted = kActionWidthMax * std::min(factor(draw.layout.text), 1.5F);
        place_found = strip.cut_right(std::min(strip.width - others, wanted), gap);
    }
    if (!item.required && button(paint, "skip", text.at("visit.skip"), strip.cut_right(widths.skip, gap), quiet)) {
        intent = Skipped{item.id};
    }
    if (frame.can_finish &&
        button(paint, "finish", text.at("visit.finish"), strip.cut_right(widths.finish, gap), quiet)) {
        intent = Ended{};
    }
    if (place == FooterPlace::middle) {
        // In the middle of the panel where that leaves enough of what is free.
        constexpr float kEnough = 0.7F;
        const float side = std::max(strip.x - whole.x, whole.right() - strip.right());
        const Rect centred = whole.middle(whole.width - 2 * side, whole.height);
        const Rect found = centred.width >= kEnough * strip.width ? centred : strip;
        place_found = found.middle(std::min(found.width, kMiddleWidthMax * factor(draw.layout.text)), found.height);
    }
    return intent;
}

bool has_footer(const VisitFrame& frame, const survey::Item& item, FooterPlace place) {
    return frame.can_go_back || frame.can_finish || !item.required || place != FooterPlace::unused;
}

/// Header, status and accessibility; what is left of `content` is the screen's.
std::optional<FrameIntent> draw_top(Painter& paint, Rect& content, const PageShape& shape, const VisitFrame& frame) {
    const Layout& layout = paint.context().layout;
    const AccessibilityOffer offer{.voice_offered = frame.voice_offered, .speaking = frame.speaking};
    const float buttons = accessibility_buttons_width(paint.context(), offer);
    std::optional<FrameIntent> intent;
    Rect header = content.cut_top(shape.header, shape.gap);
    Rect row = header;  // where the buttons stand
    if (layout.seated()) row = content.cut_bottom(shape.button, shape.footer_gap);
    if (const auto helper = draw_accessibility_buttons(paint, row.cut_right(buttons, 28), offer)) {
        intent = widen<FrameIntent>(helper);
    }
    Rect status;
    if (shape.status > 0) {
        status = content.cut_top(shape.status, shape.gap);
        if (!layout.seated()) header = row;
    } else {
        // Progress in the middle of the panel; the countdown takes the name's place as well.
        constexpr float kMiddleShare = 0.3F;
        const float middle = header.width * kMiddleShare;
        status = header.middle(middle, header.height);
        header = row;
        if (!frame.countdown_s) header.width = std::min(header.width, status.x - 28 - header.x);
    }
    const bool over_name = shape.status == 0 && frame.countdown_s.has_value();
    static_cast<void>(draw_name(paint, over_name ? Rect{header.x, header.y, header.height, header.height} : header,
                                frame.center_name, false));
    if (!frame.countdown_s) {
        draw_steps(paint, status, frame.progress);
        return intent;
    }
    Rect place = layout.seated() ? row : status;
    if (over_name) {
        place = header;
        place.cut_left(header.height + 22);
    }
    if (draw_countdown_strip(paint, place, *frame.countdown_s)) intent = MoreTimeWanted{};
    return intent;
}

/// The same as a column at the right of the panel.
std::optional<FrameIntent> draw_side(Painter& paint, Rect& content, const PageShape& shape, const VisitFrame& frame) {
    const AccessibilityOffer offer{.voice_offered = frame.voice_offered, .speaking = frame.speaking};
    const Rail rail = draw_accessibility_rail(paint, content.cut_right(shape.rail, shape.gap), offer);
    if (!frame.countdown_s) {
        draw_progress_cell(paint, rail.free, frame.progress);
    } else if (draw_countdown_cell(paint, rail.free, *frame.countdown_s)) {
        return MoreTimeWanted{};
    }
    return widen<FrameIntent>(rail.intent);
}

}  // namespace

FrameParts draw_visit_frame(Painter& paint, Rect page, const VisitFrame& frame, const survey::Item& item,
                            FooterPlace place) {
    DrawContext& draw = paint.context();
    const PageShape shape = page_shape(draw.layout);
    FrameParts parts;
    if (frame.countdown_s) draw.say(draw.text.at("visit.countdown"));
    parts.content = page.inset(shape.margin_x, shape.margin_y);
    Rect footer;
    const auto cut_footer = [&] {
        if (has_footer(frame, item, place)) footer = parts.content.cut_bottom(shape.footer, shape.footer_gap);
    };
    if (shape.rail > 0) {
        parts.intent = draw_side(paint, parts.content, shape, frame);
        cut_footer();
    } else {
        cut_footer();
        parts.intent = draw_top(paint, parts.content, shape, frame);
    }
    if (const auto tapped = draw_footer(paint, footer, frame, item, place, parts.footer_place)) parts.intent = tapped;
    // On a tight panel the words of the question need the room; the attract screen tells it, too.
    if (frame.unsaved_waiting && !draw.layout.tight()) {
        draw_notice(paint, Icon::hourglass, draw.text.at("visit.unsaved"), draw.theme.caution,
                    parts.content.cut_bottom(60, shape.gap));
    }
    return parts;
}

QuestionSplit split_question(DrawContext& draw, Rect content, const survey::Item& item, std::string_view hint,
                             float answers_wanted, float answers_least) {
    constexpr int kTries = 6;
    constexpr float kAirMax = 110;  // most that is left above and below the question; the rest goes around the group
    constexpr float kSlack = 2;     // sums of lengths are not exact
    constexpr float kQuestionShare = 0.45F;  // of the height, that a question may claim from a long list
    const float gap = draw.layout.tight() ? 24 : 40;
    const std::string_view text = item.text.in(draw.language);
    const float hint_height =
        hint.empty() ? 0 : fit_text(draw, hint, TextStep::body, content.width, hint_room(draw)).height + kHintGap;
    const auto beside_question = [&](TextStep step) {
        const auto lines = static_cast<float>(wrap(draw, step, text, content.width).size());
        return content.height - lines * line_height(draw, step) - hint_height - gap - kSlack;
    };
    // Most that answers get: on a tight panel two rows of targets, else so much that a question has its room; never
    // more than what lies within reach.
    const float reachable = content.bottom() - std::max(content.y, draw.layout.reach_top());
    const bool low = draw.layout.tight() && !draw.layout.portrait();
    const float most = low ? 2 * draw.layout.target + draw.layout.apart : content.height * 0.85F;
    answers_wanted = std::min({answers_wanted, most, reachable});
    // A list can be turned page by page; a question can't: it is never written small for the list's sake.
    const float beside_label = beside_question(TextStep::label);
    if (!low && beside_label > content.height * (1 - kQuestionShare))
        answers_least = std::min(answers_least, beside_label);
    answers_least = std::min({answers_least, answers_wanted, beside_question(smallest_step(draw))});
    float answers = answers_least;
    // Title is large enough to read a question by; when all words are larger, body is.
    const TextStep enough = draw.layout.text == TextSize::normal ? TextStep::title : TextStep::body;
    for (int i = 0; i < kTries; ++i) {
        const float share = static_cast<float>(i) / (kTries - 1);
        const float candidate = answers_wanted + (answers_least - answers_wanted) * share;
        if (fits(draw, text, enough, content.width, content.height - candidate - gap - hint_height)) {
            answers = candidate;
            break;
        }
    }
    QuestionSplit split;
    const float room = content.height - answers - gap;
    // Measured here, drawn by draw_question, which notes what can't be fitted.
    const TextStep step = common_step(draw, std::span(&text, 1), TextStep::display, content.width, room - hint_height);
    const auto lines = static_cast<float>(wrap(draw, step, text, content.width).size());
    const float spare = std::max(room - lines * line_height(draw, step) - hint_height - 2 * kAirMax, 0.F);
    const float below = std::min(spare / 2, std::max(reachable - answers, 0.F));
    split.question = content;
    split.question.cut_top(spare / 2);
    split.question.cut_bottom(below);
    split.answers = split.question.cut_bottom(answers, gap);
    return split;
}

void draw_question(Painter& paint, Rect area, const survey::Item& item, std::string_view hint) {
    DrawContext& draw = paint.context();
    const std::string& text = item.text.in(draw.language);
    draw.say(text);
    draw.say(hint);
    TextBlock below;
    if (!hint.empty()) below = fit_text(draw, hint, TextStep::body, area.width, hint_room(draw));
    const float taken = below.lines.empty() ? 0 : below.height + kHintGap;
    const TextBlock block = fit_text(draw, text, TextStep::display, area.width, area.height - taken);
    Rect group = area.middle(area.width, block.height + taken);
    paint.text(block, group.cut_top(block.height, kHintGap), paint.theme().page.ink);
    if (!below.lines.empty()) paint.text(below, group.cut_top(below.height), paint.theme().page.muted);
}

std::pair<std::size_t, std::size_t> PagedGrid::shown(std::size_t count) const {
    const std::size_t first = static_cast<std::size_t>(page) * grid.per_page();
    return {std::min(first, count), std::min(first + grid.per_page(), count)};
}

PagedGrid lay_out(const Layout& layout, Rect area, std::size_t count, std::initializer_list<GridRule> rules, int page) {
    PagedGrid paged;
    paged.grid = arrange(area, count, rules);
    if (paged.grid.pages > 1) {
        paged.bar_beside = layout.tight() && !layout.portrait();
        const float gap = gap_between(layout);
        const float both = 2 * layout.target + layout.apart;
        // One above the other where there is the height, else side by side.
        paged.bar = paged.bar_beside ? area.cut_right(area.height < both ? both : layout.target, gap)
                                     : area.cut_bottom(std::max(kPageBarHeight, layout.target), gap);
        paged.grid = arrange(area, count, rules);
    }
    paged.page = std::clamp(page, 0, static_cast<int>(paged.grid.pages) - 1);
    return paged;
}

PagedGrid lay_out(Rect area, std::size_t count, std::initializer_list<GridRule> rules, int page) {
    return lay_out(Layout{}, area, count, rules, page);
}

std::optional<int> draw_page_bar(Painter& paint, const PagedGrid& paged) {
    if (!paged.bar) return std::nullopt;
    const survey::Messages& text = paint.context().text;
    const int pages = static_cast<int>(paged.grid.pages);
    const std::string place =
        text.format("page.place", {{"page", std::to_string(paged.page + 1)}, {"pages", std::to_string(pages)}});
    const PageTexts texts{text.at("page.previous"), text.at("page.next"), place};
    if (!paged.bar_beside) return page_bar(paint, paged.page, pages, texts, *paged.bar);
    // As high as the list beside it, when two targets fit there.
    const Layout& layout = paint.context().layout;
    Rect column = *paged.bar;
    const bool portrait = column.height > column.width;
    const float least = portrait ? 2 * layout.target + layout.apart : layout.target;
    column.height = std::min(column.height, std::max(paged.grid.height(), least));
    return page_column(paint, paged.page, pages, texts, column);
}

bool is_better(const WordGrid& a, const WordGrid& b, Paging paging) {
    if (a.large_enough != b.large_enough) return a.large_enough;
    if (a.whole != b.whole) return a.whole;
    const bool a_large = a.step <= TextStep::caption;
    const bool b_large = b.step <= TextStep::caption;
    if (paging == Paging::accepted && a_large != b_large) return a_large;
    if (a.paged.grid.pages != b.paged.grid.pages) return a.paged.grid.pages < b.paged.grid.pages;
    return a.step < b.step;
}

WordGrid lay_out_labels(const DrawContext& draw, Rect area, std::span<const std::string_view> text,
                        std::initializer_list<GridRule> rules, int page, TextStep largest,
                        const std::function<Rect(Rect)>& words_of, Paging paging) {
    std::optional<WordGrid> best;
    for (const GridRule& rule : rules) {
        WordGrid candidate;
        candidate.paged = lay_out(draw.layout, area, text.size(), {rule}, page);
        const Rect place = words_of(candidate.paged.grid.cell(0));
        candidate.step = common_step(draw, text, largest, place.width, place.height);
        constexpr float kHalf = 0.5F;
        candidate.large_enough = candidate.paged.grid.cell_height >= draw.layout.target - kHalf;
        candidate.whole = std::all_of(text.begin(), text.end(), [&](std::string_view one) {
            return fits(draw, one, candidate.step, place.width, place.height);
        });
        if (!best || is_better(candidate, *best, paging)) best = candidate;
    }
    return best.value_or(WordGrid{});
}

GridRule for_panel(const Layout& layout, GridRule rule, float width) {
    constexpr float kGrowth = 0.5F;  // of what the type grows by
    const float growth = 1 + (factor(layout.text) - 1) * kGrowth;
    rule.gap = gap_between(layout, rule.gap);
    rule.cell_height_min = std::max(rule.cell_height_min, layout.target);
    rule.cell_height_max = std::max(rule.cell_height_max * growth, rule.cell_height_min);
    const auto fitting = static_cast<std::size_t>((width + rule.gap) / (layout.target + rule.gap));
    rule.columns = std::clamp<std::size_t>(rule.columns, 1, std::max<std::size_t>(fitting, 1));
    return rule;
}

float height_of(const GridRule& rule, std::size_t count, float cell_height) {
    const std::size_t rows = std::max<std::size_t>((count + rule.columns - 1) / rule.columns, 1);
    return static_cast<float>(rows) * (cell_height + rule.gap) - rule.gap;
}

}  // namespace hailong::kiosk
