// The terminal without its window: holds the visit, the staff's screens and the content, turns what people meant into
// events, and carries out effects through Saver and BackgroundReader. What stands on the panel, the presenter says; how
// it meets a visitor, accessibility. Runs the same in a test as on the counter. Threads: the loop's only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kiosk/app/accessibility.h"
#include "kiosk/app/background_reader.h"
#include "kiosk/app/config.h"
#include "kiosk/app/content.h"
#include "kiosk/app/presenter.h"
#include "kiosk/app/saver.h"
#include "kiosk/app/staff.h"
#include "kiosk/app/texts.h"
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
    AccessibilitySettings accessibility = {};  // how every visit begins
    bool more_time = false;                    // whether every visit has more time
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

/// How long the accessibility screen stays open over the invitation without a touch.
inline constexpr milliseconds kAccessibilityIdle{60'000};
/// How long nothing can be tapped while the panel is wiped.
inline constexpr milliseconds kCleaningTime{60'000};
/// How long what a touch would take away (a page of the lobby, the countdown with its button) stays under the finger,
/// so that it is lifted from what it was put on.
inline constexpr milliseconds kTouchHeld{2'000};

class App {
  public:
    /// All references must outlive the app.
    App(AppSetup setup, const Texts& texts, const survey::Clock& clock, std::function<survey::UuidEntropy()> entropy,
        Saver& saver, BackgroundReader& reader, Voice& voice);

    /// Takes in what came from the workers and what time brought. True when the picture changed.
    [[nodiscard]] bool update();

    /// Draws the present screen and acts on what was tapped. True when an intent was taken: draw once more.
    [[nodiscard]] bool draw(const Fonts& fonts, const Layout& layout, Traces& traces, const Picture* emblem = nullptr);

    /// When update() next has something to do; empty: only when woken.
    [[nodiscard]] std::optional<MonoTime> next_deadline() const;

    /// Any touch on the glass: restarts the idle time even when it hit nothing.
    void touched();
    /// What a finger did, for telling how a visit was handled.
    void felt(const Finger& finger);
    /// Keypad and scanner. Takes effect with the next frame.
    void key(const KeyInput& input);
    /// The program ends: hands what was answered so far to the saver. Harmless to repeat.
    void end_visit() { take(VisitEvent{TerminalEnds{}}); }

    // How the next frame is to be laid out and coloured.
    [[nodiscard]] LayoutOptions layout_options() const { return accessibility_.layout_options(); }
    [[nodiscard]] ThemeKind theme() const { return accessibility_.theme(); }
    /// Counts up when other content is shown: its letters are to be baked.
    [[nodiscard]] std::uint64_t content_number() const { return content_number_; }
    [[nodiscard]] const VisitSetup& setup() const { return *setup_; }
    /// Staff asked for the end of the program.
    [[nodiscard]] bool close_requested() const { return close_requested_; }

    /// "attract", "asking", "thanks", "pin" ...: stable, for tools that watch the terminal.
    [[nodiscard]] std::string screen() const;
    [[nodiscard]] const VisitState& visit() const { return visit_; }
    [[nodiscard]] survey::Language language() const { return visit_.language; }
    [[nodiscard]] const AccessibilitySettings& accessibility() const { return accessibility_.settings(); }
    /// The target that the keypad would press; empty: none, and no ring is shown.
    [[nodiscard]] std::string focus() const { return accessibility_.focus(); }

  private:
    /// Which question of which visit.
    struct VisitPlace {
        std::uint64_t visit_number = 0;
        survey::ItemId item;
        bool operator==(const VisitPlace&) const = default;
    };

    /// What a frame shows that changes by itself.
    struct Shown {
        std::optional<int> visit_ends_s;
        std::optional<int> pin_wait_s;
        std::optional<int> cleaning_s;
        int lobby_page = 0;
        bool training = false;              // the banner ends by itself, too
        std::size_t waiting = 0;            // for the disk
        std::optional<StoreError> trouble;  // of the disk
        bool operator==(const Shown&) const = default;
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
    void take(const ReaderLetter& letter);
    void take(NavKey key);
    void take(const Scan& scan);
    /// Of the form that is asked, or was; shared with the saver.
    [[nodiscard]] std::shared_ptr<const survey::Questionnaire> questionnaire(const survey::QuestionnaireRef& ref) const;

    // What a person meant, one function each.
    void act(const Turned& /*intent*/) {}
    void act(const VisitEvent& intent);
    void act(const StaffEvent& intent) { take(intent); }
    void act(const EmblemTapped& intent);
    void act(const AccessibilityWanted& /*intent*/) { accessibility_.open(); }
    void act(const AccessibilityChanged& intent) { accessibility_.change(intent.settings); }
    void act(const AccessibilityClosed& /*intent*/) { accessibility_.close(); }
    void act(const SpeakWanted& /*intent*/) { accessibility_.speak_or_fall_silent(); }

    // What update() does, step by step. True when the picture changed.
    [[nodiscard]] bool take_letters();
    void take_time();
    [[nodiscard]] bool renew_between_visits();
    void set_content(Content content);
    /// The next visitor finds the terminal as the center set it.
    void forget_visitor();
    /// Nobody asked for anything that the next visitor would find.
    [[nodiscard]] bool is_as_center_set_it() const;

    [[nodiscard]] bool out_of_order() const { return saver_.waiting() >= kUnsavedMax; }
    [[nodiscard]] bool resting() const { return visit_.phase == Phase::attract && staff_.phase == StaffPhase::away; }
    void hold_what_is_touched();
    /// Null when nothing is, or it belongs to another question.
    [[nodiscard]] const Held* what_is_held() const;
    /// Seconds as shown.
    [[nodiscard]] std::optional<int> countdown() const;
    [[nodiscard]] int lobby_pages_now() const;
    /// Which of the lobby's pages is shown, from 1; 0: none.
    [[nodiscard]] int lobby_page() const;
    [[nodiscard]] std::optional<MonoTime> lobby_deadline() const;
    [[nodiscard]] std::optional<int> cleaning_seconds() const;
    [[nodiscard]] Shown shown() const;

    const Texts& texts_;
    const survey::Clock& clock_;
    std::function<survey::UuidEntropy()> entropy_;
    Saver& saver_;
    BackgroundReader& reader_;
    Voice& voice_;
    Accessibility accessibility_;
    Presenter presenter_;

    /// With the center and the questionnaires, which stand nowhere else; the saver keeps it as long as it needs them.
    /// Never null. Other content comes as another one: what the saver reads never changes.
    std::shared_ptr<VisitSetup> setup_;
    std::optional<survey::PostedResults> results_;
    std::string results_trouble_;
    std::string content_trouble_;
    std::uint64_t content_number_ = 0;
    // Both wait until no visit is going on: nothing changes under the citizen.
    std::optional<Content> next_content_;
    bool text_key_there_ = false;
    DayDoubt day_doubt_ = DayDoubt::none;

    VisitState visit_;
    bool visit_is_training_ = false;                 // it began in training mode
    std::vector<survey::Uuid> unsaved_in_training_;  // responses of training that wait to be told that all is well
    StaffState staff_;
    bool staff_pin_set_ = false;
    LobbyTiming lobby_;
    std::optional<survey::milliseconds> server_offset_;
    MonoTime last_touch_{};
    std::optional<Held> held_;
    std::optional<MonoTime> cleaning_until_;
    bool close_requested_ = false;
    Shown shown_;  // as last drawn
};

}  // namespace hailong::kiosk
