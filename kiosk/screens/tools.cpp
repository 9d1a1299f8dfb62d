// What staff may do with the terminal: practise, wipe it, close the program.
#include <array>

#include "kiosk/screens/staff_parts.h"
#include "kiosk/widgets/indicators.h"

namespace hailong::kiosk {
namespace {

struct Tool {
    const char* target;
    std::string_view title;
    std::string_view hint;
    std::string_view action;
    const Surface* surface;
};

/// A card with what it does and the button that does it: beside the words where those keep room, below otherwise.
bool draw_tool(Painter& paint, Rect card, const Tool& tool) {
    DrawContext& draw = paint.context();
    draw_card(paint, card, paint.theme().card);
    const bool below = draw.layout.portrait() && draw.layout.text != TextSize::normal;
    Rect inside = card.inset(36, draw.layout.tight() ? 12 : 24);
    if (draw.layout.tight()) inside = card.inset(36, 0);
    const float height =
        std::min(std::max(draw.layout.target, 2 * line_height(draw, TextStep::caption) + 40), inside.height);
    Rect place;
    if (below) {
        place = inside.cut_bottom(height, 20);
    } else {
        place = inside.cut_right(std::max(inside.width * 0.36F, draw.layout.target), 40).middle(0, height);
        place.x = inside.right() + 40;
        place.width = card.right() - 36 - place.x;
    }
    const TextBlock title = fit_text(draw, tool.title, TextStep::title, inside.width, inside.height * 0.4F);
    const TextBlock hint = fit_text(draw, tool.hint, TextStep::body, inside.width, inside.height - title.height - 8);
    Rect group = inside.middle(inside.width, title.height + 8 + hint.height);
    paint.text(title, group.cut_top(title.height, 8), draw.theme.card.ink, Align::start);
    paint.text(hint, group, draw.theme.card.muted, Align::start);
    draw.say(tool.title);
    draw.say(tool.hint);
    return button(paint, tool.target, tool.action, place, {.surface = tool.surface, .step = TextStep::body});
}

}  // namespace

std::optional<ToolsIntent> draw_tools(const ToolsModel& model, DrawContext& draw) {
    Stage stage(draw);
    const StaffFrame frame = draw_staff_frame(stage.paint, stage.page, model.tabs);
    std::optional<ToolsIntent> intent = widen<ToolsIntent>(frame.intent);
    const survey::Messages& text = draw.text;
    const Theme& theme = draw.theme;
    const Tool training{"tools/training", text.at("tools.training"), text.at("tools.training_hint"),
                        text.at(model.training_on ? "tools.training_end" : "tools.training_start"),
                        model.training_on ? &theme.caution : &theme.primary};
    const Tool cleaning{"tools/cleaning", text.at("tools.cleaning"), text.at("tools.cleaning_hint"),
                        text.at("tools.cleaning_start"), &theme.primary};
    const Tool close{model.closing_asked ? "tools/close/confirm" : "tools/close", text.at("tools.close"),
                     text.at("tools.close_hint"),
                     text.at(model.closing_asked ? "tools.close_confirm" : "tools.close_ask"),
                     model.closing_asked ? &theme.trouble : &theme.sunken};
    const float gap = std::max(staff_gap(draw.layout), 24.F);
    const float most = draw.layout.portrait() ? 400 : 340;
    const GridRule rule{.columns = 1, .cell_height_min = draw.layout.target, .cell_height_max = most, .gap = gap};
    const Grid grid = arrange(frame.content, 3, rule);
    if (draw_tool(stage.paint, grid.cell(0), training)) intent = TrainingWanted{!model.training_on};
    if (draw_tool(stage.paint, grid.cell(1), cleaning)) intent = CleaningWanted{};
    if (draw_tool(stage.paint, grid.cell(2), close)) {
        intent = model.closing_asked ? ToolsIntent{CloseConfirmed{}} : ToolsIntent{CloseWanted{}};
    }
    return intent;
}

}  // namespace hailong::kiosk
