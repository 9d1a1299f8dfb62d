// The terminal without its window: holds the visit, the staff screens and the content, turns what screens report into
// events, carries out effects through Saver and BackOffice, and says what to draw. Runs the same in a test as on the
// glass. Threads: the loop's only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kiosk/app/back_office.h"
#include "kiosk/app/config.h"
#include "kiosk/app/content.h"
#include "kiosk/app/narrator.h"
#include "kiosk/app/saver.h"
#include "kiosk/app/staff.h"
#include "kiosk/app/texts.h"
#include "kiosk/screens/screens.h"
#include "kiosk/typing/phrases.h"
#include "kiosk/visit/visit.h"
#include "kiosk/voice/voice.h"
#include "kiosk/widgets/key_input.h"
#include "survey/base/messages.h"
#include "survey/base/time.h"

namespace hailong::kiosk {

struct AppSetup {
    Content content;
    survey::CounterId fixed_counter;
    VisitTiming timing;
    survey::Language language = survey::Language::vi;
    std::string boot_id;
    bool staff_pin_set = false;   // without one the staff screens stay shut
    std::string content_trouble;  // why other content than wanted is shown; empty: nothing
    QualityLimits quality = {};
    LobbyTiming lobby = {};
    Help help = {};  // how every visit begins
    Method method = Method::tone_keys;
    std::vector<Phrase> phrases = {};
    PanelSize panel = {};
    bool scanner = false;
    VoiceSettings voice = {};
    /// Keys of texts that tell staff what is missing or broken on this terminal (notice.font ...).
    std::vector<std::string> notices = {};
};

/// A finger came down or went up, in millimetres from the panel's upper left corner.
struct Finger {
    bool down = false;
    double x_mm = 0;
    double y_mm = 0;
};

/// How long the help screen stays open over the invitation without a touch.
inline constexpr milliseconds kHelpIdle{60'000};
/// How long nothing can be tapped while the panel is wiped.
inline constexpr milliseconds kCleaningTime{60'000};
/// How long what a touch would take away (a page of the lobby, the countdown with its button) stays under the finger,
/// so that it is lifted from what it was put on.
inline constexpr milliseconds kTouchHeld{2'000};

class App {
  public:
    /// All references must outlive the app.
    App(AppSetup setup, const Texts& texts, const survey::Clock& clock, std::function<survey::UuidEntropy()> entropy,
        Saver& saver, BackOffice& back_office, Voice& voice);

    /// Takes in what came from the workers and what time brought. True when the picture changed.
    [[nodiscard]] bool update();

    /// Draws the present screen and acts on what was tapped. True when an intent was taken: draw once more.
    [[nodiscard]] bool draw(const Fonts& fonts, const Layout& layout, Traces& traces, const Picture* emblem = nullptr);

    /// When update() next has something to do; empty: only when woken.
    [[nodiscard]] std::optional<MonoTime> next_deadline() const;

    /// Any touch on the glass: restarts the idle time even when it hit nothing.
    void touched();
    /// What a finger did, for judging how a visit was handled.
    void felt(const Finger& finger);
    /// Keypad and scanner. Takes effect with the next frame.
    void key(const KeyInput& input);

    /// How the next frame is to be laid out and coloured.
    [[nodiscard]] LayoutWishes wishes() const { return {help_.text, help_.seated}; }
    [[nodiscard]] ThemeKind theme() const { return help_.high_contrast ? ThemeKind::high_contrast : ThemeKind::light; }
    /// Counts up when other content is shown: its letters are to be baked.
    [[nodiscard]] std::uint64_t content_number() const { return content_number_; }
    [[nodiscard]] const VisitSetup& setup() const { return visit_setup_; }
    /// Staff asked for the end of the program.
    [[nodiscard]] bool close_requested() const { return close_requested_; }

    /// "attract", "asking", "thanks", "pin" ...: stable, for tools that watch the terminal.
    [[nodiscard]] std::string screen() const;
    [[nodiscard]] const VisitState& visit() const { return visit_; }
    [[nodiscard]] survey::Language language() const;
    [[nodiscard]] const Help& help() const { return help_; }
    /// The target that the keypad would press; empty: none, and no ring is shown.
    [[nodiscard]] std::string focus() const { return by_keypad_ ? keypad_.focus : std::string(); }

  private:
    /// Which question of which visit.
    struct VisitPlace {
        std::uint64_t visit_number = 0;
        survey::ItemId item;
        bool operator==(const VisitPlace&) const = default;
    };

    /// The numbers that change by themselves while a screen shows them.
    struct Counting {
        std::optional<int> visit_ends_s;
        std::optional<int> pin_wait_s;
        std::optional<int> cleaning_s;
        int lobby_page = 0;
        bool operator==(const Counting&) const = default;
    };

    /// What stays under a finger although the touch has ended it.
    struct Held {
        VisitPlace place;
        int lobby_page = 0;
        std::optional<int> countdown_s;
        MonoTime until{};
    };

    [[nodiscard]] VisitNow now() const;
    [[nodiscard]] StaffNow staff_now() const;
    void take(const VisitEvent& event);
    void take(const StaffEvent& event);
    void take(const BackOfficeLetter& letter);
    [[nodiscard]] bool out_of_order() const;
    [[nodiscard]] std::vector<std::string> troubles() const;
    [[nodiscard]] std::string disk_notice() const;
    void set_content(Content content);

    [[nodiscard]] bool resting() const { return visit_.phase == Phase::attract && staff_.phase == StaffPhase::away; }
    void hold_what_is_touched();
    /// Null when nothing is, or it belongs to another question.
    [[nodiscard]] const Held* what_is_held() const;
    /// Seconds as shown.
    [[nodiscard]] std::optional<int> countdown() const;
    [[nodiscard]] bool has_lobby() const;
    /// Which of the lobby's pages is shown, from 1; 0: none.
    [[nodiscard]] int lobby_page() const;
    [[nodiscard]] std::optional<MonoTime> lobby_deadline() const;
    [[nodiscard]] std::optional<int> cleaning_seconds() const;

    // The keypad, the voice, and what one visit asks of the terminal.
    void take(const HelpChanged& changed);
    void take(NavKey key);
    void take_scan(const Scan& scan);
    void speak_or_fall_silent();
    /// Keeps the focus on something that is there, and says what is new. True when another frame is needed.
    [[nodiscard]] bool after_frame(const Traces& traces);
    /// The next visitor finds the terminal as the center set it.
    void forget_visitor();
    /// Nobody asked for anything that the next visitor would find.
    [[nodiscard]] bool is_as_center_set_it() const;

    [[nodiscard]] VisitFrame frame() const;
    [[nodiscard]] bool draw_screen(DrawContext& draw);
    [[nodiscard]] bool draw_help_screen(DrawContext& draw);
    [[nodiscard]] bool draw_resting(DrawContext& draw);
    [[nodiscard]] bool draw_visit(DrawContext& draw);
    [[nodiscard]] bool draw_question(DrawContext& draw);
    /// Looked up anew only after a key: it takes longer than drawing the frame.
    [[nodiscard]] const std::vector<Suggestion>& suggestions(const Draft& written);
    [[nodiscard]] bool draw_writing(const survey::Item& item, DrawContext& draw);
    /// Takes what a screen of the visit reported. True when it reported something.
    template <class Intent>
    [[nodiscard]] bool act(const std::optional<Intent>& intent);
    template <class Intent>
    [[nodiscard]] bool act_for_staff(const std::optional<Intent>& intent);
    [[nodiscard]] bool draw_staff(DrawContext& draw);

    const Texts& texts_;
    const survey::Clock& clock_;
    std::function<survey::UuidEntropy()> entropy_;
    Saver& saver_;
    BackOffice& back_office_;
    Voice& voice_;

    Content content_;
    VisitSetup visit_setup_;
    // Those of visit_setup_, for the saver.
    std::shared_ptr<const survey::Questionnaire> questionnaire_;
    std::shared_ptr<const survey::Questionnaire> feedback_;  // null: none
    VisitState visit_;
    StaffState staff_;
    bool staff_pin_set_ = false;
    int page_ = 0;           // of the question shown
    VisitPlace page_place_;  // the question that page_ belongs to
    // Both wait until no visit is going on: nothing changes under the citizen.
    std::optional<Content> next_content_;
    bool words_key_there_ = false;
    std::string content_trouble_;
    std::optional<survey::milliseconds> server_offset_;
    std::size_t waiting_shown_ = 0;  // saver_.waiting() as last drawn
    std::optional<StoreError> trouble_shown_;
    Counting counting_shown_;
    std::uint64_t content_number_ = 0;

    // What the visitor asked for, and what a center offers from the beginning.
    Help help_standard_;
    Help help_;
    bool helping_ = false;  // the help screen lies over the invitation or the question
    MonoTime last_touch_{};
    std::optional<Held> held_;
    bool visit_is_drill_ = false;  // it began in one
    Keypad keypad_;
    bool by_keypad_ = false;          // the last input was a key: the focus is shown
    std::vector<Target> targets_;     // of the last frame
    std::vector<std::string> lines_;  // that the last frame would say
    Narrator narrator_;
    bool voice_offered_ = false;
    bool tap_sound_ = false;

    KeyboardState keyboard_;
    std::vector<Phrase> phrases_;
    std::optional<std::pair<Draft, survey::Language>> suggested_for_;
    std::vector<Suggestion> suggested_;
    LobbyTiming lobby_;
    bool scanner_ = false;
    std::vector<std::string> notices_;
    std::vector<survey::Uuid> drilled_;  // responses of a drill that wait to be told that all is well
    std::optional<MonoTime> cleaning_until_;
    bool close_requested_ = false;
};

}  // namespace hailong::kiosk
