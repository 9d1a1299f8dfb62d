// The center's emblem and the small signs beside words. Drawn, so that they are crisp at every scale.
#pragma once

#include "kiosk/widgets/painter.h"

namespace hailong::kiosk {

enum class Icon {
    back,
    forward,
    check,
    cross,
    erase,
    warning,
    question,
    clock,
    lock,
    hourglass,
    finger,
    sync,
    speaker,
    speaker_off,
    speech,  // a comment
    ticket,  // a slip with a code on it
    chart,
    broom,
    contrast,  // half dark, half light
    lower,     // everything further down
    more_time  // a clock and a plus
};

/// In a square of side `size` around `centre`.
void draw_icon(Painter& paint, Icon icon, Point centre, float size, ImU32 colour);

/// The center's own emblem where it brought one; else a lotus on a round ground, the mark of the product.
void draw_emblem(Painter& paint, Point centre, float radius);

/// The lotus alone, large and quiet, as ornament behind content. `colour` may be translucent.
void draw_lotus(Painter& paint, Point base, float height, ImU32 outer, ImU32 inner);

}  // namespace hailong::kiosk
