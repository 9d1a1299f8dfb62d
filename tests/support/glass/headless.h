// The headless glass as tests use it: with the texts that ship, on any panel, fonts baked once a panel.
#pragma once

#include <string>
#include <vector>

#include "kiosk/gallery/headless.h"
#include "survey/base/messages.h"
#include "tests/support/glass/pictures.h"

namespace hailong::glass {

/// The kiosk's texts from assets/i18n; throws std::runtime_error when they can't be read (a test then fails).
[[nodiscard]] const survey::Messages& kiosk_texts(survey::Language language);

/// Every text that the glass may have to show: the values of all JSON files under assets/.
[[nodiscard]] const std::vector<std::string>& all_asset_texts();

class HeadlessGlass : public kiosk::HeadlessGlass {
  public:
    /// A panel of that many pixels and the usual size; 540 x 960 and the other half-size panels of the pictures stand
    /// for panels of twice as many pixels. Throws std::runtime_error when there is no font.
    HeadlessGlass(int width_px, int height_px, survey::Language language = survey::Language::vi,
                  const kiosk::LayoutOptions& options = {}, kiosk::ThemeKind theme = kiosk::ThemeKind::light);
    explicit HeadlessGlass(const kiosk::Layout& layout, survey::Language language = survey::Language::vi,
                           kiosk::ThemeKind theme = kiosk::ThemeKind::light);

    /// Lays out anew, between two frames; touches that wait stay.
    void lay_out(const kiosk::Layout& layout);
};

}  // namespace hailong::glass
