#include "kiosk/widgets/text.h"

#include <algorithm>
#include <cmath>

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

float width_px(const ImFont& font, std::string_view text) {
    if (text.empty()) return 0;
    return font.CalcTextSizeA(font.FontSize, FLT_MAX, 0, text.data(), text.data() + text.size()).x;
}

struct Wrapped {
    std::vector<std::string> lines;
    bool broke_a_word = false;
};

/// Breaks one word that is wider than a line into pieces that are not, and returns the last piece.
std::string_view break_word(const ImFont& font, std::string_view word, float limit_px, Wrapped& wrapped) {
    while (width_px(font, word) > limit_px) {
        std::size_t end = 0;
        while (end < word.size()) {
            const std::size_t next = std::min(end + bytes_of(word[end]), word.size());
            if (end > 0 && width_px(font, word.substr(0, next)) > limit_px) break;
            end = next;
        }
        if (end == word.size()) break;  // one character wider than the line: nothing is left to break
        wrapped.broke_a_word = true;
        wrapped.lines.emplace_back(word.substr(0, end));
        word.remove_prefix(end);
    }
    return word;
}

void wrap_paragraph(const ImFont& font, std::string_view text, float limit_px, Wrapped& wrapped) {
    std::string line;
    while (!text.empty()) {
        const std::size_t space = std::min(text.find(' '), text.size());
        const std::string_view word = text.substr(0, space);
        text.remove_prefix(std::min(space + 1, text.size()));
        if (word.empty()) continue;
        const std::string longer = line.empty() ? std::string(word) : line + ' ' + std::string(word);
        if (width_px(font, longer) <= limit_px) {
            line = longer;
            continue;
        }
        if (!line.empty()) wrapped.lines.push_back(std::move(line));
        line = std::string(break_word(font, word, limit_px, wrapped));
    }
    wrapped.lines.push_back(std::move(line));
}

Wrapped wrap_text(const DrawContext& draw, TextStep step, std::string_view text, float width) {
    const ImFont& font = font_of(draw.fonts, step);
    const float limit_px = width * draw.layout.scale;
    Wrapped wrapped;
    while (true) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        wrap_paragraph(font, text.substr(0, end), limit_px, wrapped);
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
    std::vector<std::string> best = wrap(draw, step, text, width);
    if (best.size() < 2) return best;
    float low = width / 2;
    float high = width;
    constexpr int kHalvings = 7;
    for (int i = 0; i < kHalvings; ++i) {
        const float middle = (low + high) / 2;
        std::vector<std::string> lines = wrap(draw, step, text, middle);
        if (lines.size() <= best.size()) {
            best = std::move(lines);
            high = middle;
        } else {
            low = middle;
        }
    }
    return best;
}

/// Takes the last character off.
void drop_character(std::string& text) {
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0u) == 0x80u)
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
            return *fonts.caption;
    }
    return *fonts.caption;
}

float text_width(const DrawContext& draw, TextStep step, std::string_view text) {
    return width_px(font_of(draw.fonts, step), text) / draw.layout.scale;
}

float line_height(const DrawContext& draw, TextStep step) {
    return font_of(draw.fonts, step).FontSize * kLineSpacing / draw.layout.scale;
}

std::vector<std::string> wrap(const DrawContext& draw, TextStep step, std::string_view text, float width) {
    return wrap_text(draw, step, text, width).lines;
}

bool fits(const DrawContext& draw, std::string_view text, TextStep step, float width, float height) {
    const Wrapped wrapped = wrap_text(draw, step, text, width);
    return !wrapped.broke_a_word && low_enough(draw, step, wrapped.lines.size(), height);
}

TextBlock fit_text(DrawContext& draw, std::string_view text, TextStep largest, float width, float height, bool balanced,
                   TextStep smallest) {
    for (int step = static_cast<int>(largest); step <= static_cast<int>(smallest); ++step) {
        const auto candidate = static_cast<TextStep>(step);
        if (!fits(draw, text, candidate, width, height)) continue;
        return block_of(draw, candidate,
                        balanced ? balance(draw, candidate, text, width) : wrap(draw, candidate, text, width));
    }
    // A word broken inside is still legible; only what is too high loses words.
    std::vector<std::string> lines = wrap(draw, smallest, text, width);
    if (!low_enough(draw, smallest, lines.size(), height)) {
        if (draw.misfits != nullptr) draw.misfits->emplace_back(text);
        cut_with_ellipsis(draw, smallest, lines, width, height);
    }
    return block_of(draw, smallest, std::move(lines));
}

}  // namespace hailong::kiosk
