// What stands on the panel: picks the screen, makes its model from the terminal's state, draws it, and hands back what
// the person meant. It decides nothing: what an intent does, the app says.
//
// Threads: the loop's only.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "kiosk/app/accessibility.h"
#include "kiosk/app/saver.h"
#include "kiosk/app/staff.h"
#include "kiosk/app/texts.h"
#include "kiosk/screens/screens.h"
#include "kiosk/typing/phrases.h"
#include "kiosk/visit/visit.h"
#include "kiosk/voice/voice.h"
#include "survey/terminal_results.h"

namespace hailong::kiosk {

/// What the terminal is at this moment. References into the app and its workers, for one frame.
struct TerminalView {
    const VisitSetup& setup;
    const VisitState& visit;
    const std::optional<survey::PostedResults>& results;
    const StaffState& staff;
    const StaffNow& staff_now;
    const Accessibility& accessibility;
    const Saver& saver;
    const Voice& voice;
    const std::string& content_trouble;  // why other content than wanted is shown
    const std::string& results_trouble;  // why results that came down are not shown
    DayDoubt day_doubt;                  // of the clock
    survey::UtcTime now{};
    std::optional<milliseconds> server_offset;
    std::optional<int> cleaning_s;   // nothing can be tapped for so long
    std::optional<int> countdown_s;  // as shown
    int lobby_page = 0;              // from 1; 0: the invitation
    bool out_of_order = false;
};

/// Only the page or the keyboard of a screen changed, which the presenter keeps.
struct Turned {};
/// What a person meant.
using Intent = std::variant<Turned, VisitEvent, StaffEvent, EmblemTapped, AccessibilityWanted, AccessibilityChanged,
                            AccessibilityClosed, SpeakWanted>;

class Presenter {
  public:
    struct Setup {
        bool scanner = false;
        std::vector<Phrase> phrases = {};       // to offer for what people write
        std::vector<std::string> notices = {};  // keys of texts for staff
    };
    explicit Presenter(Setup setup);

    /// Draws the present screen. Empty when nothing was tapped.
    [[nodiscard]] std::optional<Intent> draw(const TerminalView& view, DrawContext& draw);
    /// Of the question shown.
    [[nodiscard]] int page() const { return page_; }

  private:
    /// Which question of which visit.
    struct Place {
        std::uint64_t visit_number = 0;
        survey::ItemId item;
        bool operator==(const Place&) const = default;
    };

    [[nodiscard]] std::optional<Intent> draw_at_rest(const TerminalView& view, DrawContext& draw);
    [[nodiscard]] std::optional<Intent> draw_visit(const TerminalView& view, DrawContext& draw);
    [[nodiscard]] std::optional<Intent> draw_question(const TerminalView& view, DrawContext& draw);
    [[nodiscard]] std::optional<Intent> draw_writing(const TerminalView& view, const survey::Item& item,
                                                     DrawContext& draw);
    [[nodiscard]] std::optional<Intent> draw_staff(const TerminalView& view, DrawContext& draw) const;
    /// What is missing or broken, one sentence each.
    [[nodiscard]] std::vector<std::string> troubles(const TerminalView& view, const survey::Messages& text) const;
    /// Begins a question anew, or follows what was written since the frame before.
    void follow(const TerminalView& view, const survey::Item& item);
    /// Looked up anew only after a key: it takes longer than drawing the frame.
    [[nodiscard]] const std::vector<Suggestion>& suggestions(const Draft& written, survey::Language language);
    /// Keeps the page and the keyboard; hands on everything else.
    template <class ScreenIntent>
    [[nodiscard]] std::optional<Intent> of_visit(const std::optional<ScreenIntent>& intent);

    Setup setup_;
    Place place_;  // the question that what follows belongs to
    int page_ = 0;
    KeyboardState keyboard_;
    std::optional<Draft> drawn_;  // what was written, as last drawn
    std::optional<std::pair<Draft, survey::Language>> suggested_for_;
    std::vector<Suggestion> suggested_;
};

}  // namespace hailong::kiosk
