#include "kiosk/widgets/text.h"

#include <algorithm>
#include <cmath>

#include "survey/base/utf8.h"

namespace hailong::kiosk {
namespace {

/// Inter's line is 1.21 em; this much of it from line to line leaves room for stacked Vietnamese marks.
constexpr float kLineSpacing = 1.08F;
constexpr std::string_view kEllipsis = "\u2026";

/// Bytes of the UTF-8 character that starts with `lead`; 1 for what is not a start.
std::size_t bytes_of(char lead) {
    const auto byte = static_cast<unsigned char>(lead);
    if (byte >= 0xF0) return 4;
    if (byte >= 0xE0) return 3;
    if (byte >= 0xC0) return 2;
    return 1;
}

/// What text is measured with.
struct Type {
    const ImFont& font;
    float size_px;
};

Type type_of(const DrawContext& draw, TextStep step) {
    return {font_of(draw.fonts, step), font_size_px(draw, step)};
}

float width_px(const Type& type, std::string_view text) {
    if (text.empty()) return 0;
    return type.font.CalcTextSizeA(type.size_px, FLT_MAX, 0, text.data(), text.data() + text.size()).x;
}

struct Wrapped {
    std::vector<std::string> lines;
    bool broke_a_word = false;
};

/// Breaks one word that is wider than a line into pieces that are not, and returns the last piece.
std::string_view break_word(const Type& type, std::string_view word, float limit_px, Wrapped& wrapped) {
    while (width_px(type, word) > limit_px) {
        std::size_t end = 0;
        while (end < word.size()) {
            const std::size_t next = std::min(end + bytes_of(word[end]), word.size());
            if (end > 0 && width_px(type, word.substr(0, next)) > limit_px) break;
            end = next;
        }
        if (end == word.size()) break;  // one character wider than the line: nothing is left to break
        wrapped.broke_a_word = true;
        wrapped.lines.emplace_back(word.substr(0, end));
        word.remove_prefix(end);
    }
    return word;
}

/// A lone dash or stroke looks lost at the start of a line: it stays with the word before it.
bool clings(std::string_view word) {
    return word == "-" || word == "\u2013" || word == "/" || word == "\u00b7";
}

/// Takes the next word off, with what clings to it. Empty for a space at the start.
std::string_view take_word(std::string_view& text) {
    std::size_t end = std::min(text.find(' '), text.size());
    while (end > 0 && end < text.size()) {
        const std::size_t next = std::min(text.find(' ', end + 1), text.size());
        if (!clings(text.substr(end + 1, next - end - 1))) break;
        end = next;
    }
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return word;
}

void wrap_paragraph(const Type& type, std::string_view text, float limit_px, Wrapped& wrapped) {
    std::string line;
    while (!text.empty()) {
        const std::string_view word = take_word(text);
        if (word.empty()) continue;
        const std::string longer = line.empty() ? std::string(word) : line + ' ' + std::string(word);
        if (width_px(type, longer) <= limit_px) {
            line = longer;
            continue;
        }
        if (!line.empty()) wrapped.lines.push_back(std::move(line));
        line = std::string(break_word(type, word, limit_px, wrapped));
    }
    wrapped.lines.push_back(std::move(line));
}

Wrapped wrap_text(const DrawContext& draw, TextStep step, std::string_view text, float width) {
    const Type type = type_of(draw, step);
    const float limit_px = width * draw.layout.scale;
    Wrapped wrapped;
    while (true) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        wrap_paragraph(type, text.substr(0, end), limit_px, wrapped);
        if (end == text.size()) return wrapped;
        text.remove_prefix(end + 1);
    }
}

bool low_enough(const DrawContext& draw, TextStep step, std::size_t lines, float height) {
    return static_cast<float>(lines) * line_height(draw, step) <= height;
}

TextBlock block_of(const DrawContext& draw, TextStep step, std::vector<std::string> lines) {
    TextBlock block;
    block.step = step;
    for (const std::string& line : lines)
        block.width = std::max(block.width, text_width(draw, step, line));
    block.height = static_cast<float>(lines.size()) * line_height(draw, step);
    block.lines = std::move(lines);
    return block;
}

/// The narrowest wrapping with no more lines than the widest one needs: the eye reads even lines more easily.
std::vector<std::string> balance(const DrawContext& draw, TextStep step, std::string_view text, float width) {
    Wrapped best = wrap_text(draw, step, text, width);
    if (best.lines.size() < 2) return best.lines;
    float low = width / 2;
    float high = width;
    constexpr int kHalvings = 7;
    for (int i = 0; i < kHalvings; ++i) {
        const float middle = (low + high) / 2;
        Wrapped narrower = wrap_text(draw, step, text, middle);
        if (narrower.lines.size() <= best.lines.size() && narrower.broke_a_word == best.broke_a_word) {
            best = std::move(narrower);
            high = middle;
        } else {
            low = middle;
        }
    }
    return best.lines;
}

/// Takes the last character off.
void drop_character(std::string& text) {
    while (!text.empty() && survey::is_continuation(text.back()))
        text.pop_back();
    if (!text.empty()) text.pop_back();
}

void cut_with_ellipsis(const DrawContext& draw, TextStep step, std::vector<std::string>& lines, float width,
                       float height) {
    const auto room = static_cast<std::size_t>(std::max(std::floor(height / line_height(draw, step)), 1.F));
    if (lines.size() <= room) return;
    lines.resize(room);
    std::string& last = lines.back();
    while (!last.empty() && text_width(draw, step, last + std::string(kEllipsis)) > width)
        drop_character(last);
    last += kEllipsis;
}

}  // namespace

ImFont& font_of(const Fonts& fonts, TextStep step) {
    switch (step) {
        case TextStep::hero:
            return *fonts.hero;
        case TextStep::display:
            return *fonts.display;
        case TextStep::title:
            return *fonts.title;
        case TextStep::label:
            return *fonts.label;
        case TextStep::body:
            return *fonts.body;
        case TextStep::caption:
        case TextStep::fine:
        case TextStep::finer:
        case TextStep::finest:
            return *fonts.caption;
    }
    return *fonts.caption;
}

float font_size_px(const DrawContext& draw, TextStep step) {
    const float size = font_of(draw.fonts, step).FontSize;
    if (step <= TextStep::caption) return size;
    // Even steps from the caption that was wished for down to the ordinary one.
    constexpr float kSteps = static_cast<float>(TextStep::finest) - static_cast<float>(TextStep::caption);
    const float down = (static_cast<float>(step) - static_cast<float>(TextStep::caption)) / kSteps;
    return std::round(size * std::pow(factor(draw.layout.text), -down));
}

TextStep smallest_step(const DrawContext& draw) {
    return draw.layout.text == TextSize::normal ? TextStep::caption : TextStep::finest;
}

TextStep smaller(TextStep step) {
    return step == TextStep::finest ? step : static_cast<TextStep>(static_cast<int>(step) + 1);
}

float text_width(const DrawContext& draw, TextStep step, std::string_view text) {
    return width_px(type_of(draw, step), text) / draw.layout.scale;
}

float line_height(const DrawContext& draw, TextStep step) {
    return font_size_px(draw, step) * kLineSpacing / draw.layout.scale;
}

std::vector<std::string> wrap(const DrawContext& draw, TextStep step, std::string_view text, float width) {
    return wrap_text(draw, step, text, width).lines;
}

bool fits(const DrawContext& draw, std::string_view text, TextStep step, float width, float height) {
    const Wrapped wrapped = wrap_text(draw, step, text, width);
    return !wrapped.broke_a_word && low_enough(draw, step, wrapped.lines.size(), height);
}

TextStep common_step(const DrawContext& draw, std::span<const std::string_view> texts, TextStep largest, float width,
                     float height) {
    const TextStep smallest = smallest_step(draw);
    for (TextStep step = largest; step < smallest; step = smaller(step)) {
        const auto fits_here = [&](std::string_view text) { return fits(draw, text, step, width, height); };
        if (std::all_of(texts.begin(), texts.end(), fits_here)) return step;
    }
    return smallest;
}

TextBlock fit_text(DrawContext& draw, std::string_view text, TextStep largest, float width, float height) {
    const TextStep step = common_step(draw, std::span(&text, 1), largest, width, height);
    std::vector<std::string> lines = balance(draw, step, text, width);
    // A word broken inside is still legible; only what is too high loses words.
    if (!low_enough(draw, step, lines.size(), height)) {
        draw.traces.misfits.emplace_back(text);
        cut_with_ellipsis(draw, step, lines, width, height);
    }
    return block_of(draw, step, std::move(lines));
}

TextBlock cut_text(const DrawContext& draw, std::string_view text, TextStep step, float width) {
    std::vector<std::string> lines = wrap(draw, step, text, width);
    cut_with_ellipsis(draw, step, lines, width, line_height(draw, step));
    return block_of(draw, step, std::move(lines));
}

}  // namespace hailong::kiosk
