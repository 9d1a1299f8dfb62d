// The terminal without its window: holds the visit, the staff screens and the content, turns what screens report into
// events, carries out effects through Saver and BackOffice, and says what to draw. Runs the same in a test as on the
// glass. Threads: the loop's only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kiosk/app/back_office.h"
#include "kiosk/app/content.h"
#include "kiosk/app/saver.h"
#include "kiosk/app/staff.h"
#include "kiosk/screens/screens.h"
#include "kiosk/visit/visit.h"
#include "survey/messages.h"
#include "survey/time.h"

namespace hailong::kiosk {

/// What the terminal speaks: one set of texts for each language.
struct Texts {
    survey::Messages vi;
    survey::Messages en;
    [[nodiscard]] const survey::Messages& in(survey::Language language) const {
        return language == survey::Language::vi ? vi : en;
    }
};

struct AppSetup {
    Content content;
    survey::CounterId fixed_counter;
    VisitTiming timing;
    survey::Language language = survey::Language::vi;
    std::string boot_id;
    bool staff_pin_set = false;   // without one the staff screens stay shut
    std::string content_trouble;  // why other content than wanted is shown; empty: nothing
};

class App {
  public:
    /// All references must outlive the app.
    App(AppSetup setup, const Texts& texts, const survey::Clock& clock, std::function<survey::UuidEntropy()> entropy,
        Saver& saver, BackOffice& back_office);

    /// Takes in what came from the workers and what time brought. True when the picture changed.
    [[nodiscard]] bool update();

    /// Draws the present screen and acts on what was tapped. True when an intent was taken: draw once more.
    [[nodiscard]] bool draw(const Fonts& fonts, const Layout& layout, Traces& traces);

    /// When update() next has something to do; empty: only when woken.
    [[nodiscard]] std::optional<MonoTime> next_deadline() const;

    /// Any touch on the glass: restarts the idle time even when it hit nothing.
    void touched();

    /// "attract", "asking", "thanks", "pin" ...: stable, for tools that watch the terminal.
    [[nodiscard]] std::string screen() const;
    [[nodiscard]] const VisitState& visit() const { return visit_; }
    [[nodiscard]] survey::Language language() const;

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
        bool operator==(const Counting&) const = default;
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

    [[nodiscard]] VisitFrame frame() const;
    [[nodiscard]] bool draw_visit(DrawContext& draw);
    [[nodiscard]] bool draw_question(DrawContext& draw);
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

    VisitSetup visit_setup_;
    // Those of visit_setup_, for the saver.
    std::shared_ptr<const survey::Questionnaire> questionnaire_;
    std::shared_ptr<const survey::Questionnaire> feedback_;  // null: none
    VisitState visit_;
    StaffState staff_;
    bool staff_pin_set_ = false;
    int page_ = 0;                         // of the question shown
    VisitPlace page_place_;                // the question that page_ belongs to
    std::optional<Content> next_content_;  // waits until no visit is going on
    std::string content_trouble_;
    std::optional<survey::milliseconds> server_offset_;
    std::size_t waiting_shown_ = 0;  // saver_.waiting() as last drawn
    std::optional<StoreError> trouble_shown_;
    Counting counting_shown_;
    Keypad keypad_;
};

}  // namespace hailong::kiosk
