#include "kiosk/screens/verdict.h"

namespace hailong::kiosk {

VerdictLook look_of(const DrawContext& draw, survey::Verdict verdict, const VerdictKeys& keys) {
    switch (verdict) {
        case survey::Verdict::met:
            return {Icon::check, draw.theme.good, draw.text.at(keys.met)};
        case survey::Verdict::met_unproven:
            return {Icon::hourglass, draw.theme.caution, draw.text.at(keys.met_unproven)};
        case survey::Verdict::not_met:
            return {Icon::warning, draw.theme.trouble, draw.text.at(keys.not_met)};
    }
    return {};
}

}  // namespace hailong::kiosk
