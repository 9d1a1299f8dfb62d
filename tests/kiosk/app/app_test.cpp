// The whole terminal without its window: real screens tapped by name through the app's own touch queue (rung 1).
#include "kiosk/app/app.h"

#include <chrono>

#include <gtest/gtest.h>

#include "tests/support/glass/headless.h"
#include "tests/support/sample.h"

namespace hailong::kiosk {
namespace {

using namespace std::chrono_literals;
using survey::ItemId;

/// Keeps its word at once, unless told to refuse.
class FakeSaver final : public Saver {
  public:
    void save(survey::Response response, std::shared_ptr<const survey::Questionnaire> questionnaire, std::vector<Words>,
              std::string ticket) override {
        EXPECT_TRUE(validate(response, *questionnaire).empty());
        tickets.push_back(std::move(ticket));
        outcomes_.push_back({response.id, !refusing, refusing});
        (refusing ? refused : saved).push_back(std::move(response));
    }
    [[nodiscard]] std::vector<SaveOutcome> take_outcomes() override { return std::exchange(outcomes_, {}); }
    [[nodiscard]] std::size_t waiting() const override { return refused.size() + more_waiting; }
    [[nodiscard]] std::optional<StoreError> trouble() const override { return refusing; }
    void probe() override {}
    [[nodiscard]] std::uint64_t probes_done() const override { return 0; }

    std::optional<StoreError> refusing;
    std::size_t more_waiting = 0;
    std::vector<survey::Response> saved;
    std::vector<survey::Response> refused;
    std::vector<std::string> tickets;  // of each response, in the order they came

  private:
    std::vector<SaveOutcome> outcomes_;
};

class FakeBackOffice final : public BackOffice {
  public:
    void check_pin(std::string pin) override { letters.emplace_back(PinChecked{pin == "2468"}); }
    void read_overview() override { letters.emplace_back(OverviewRead{overview}); }
    void read_tallies(const TallyQuery& query) override {
        asked.push_back(query);
        letters.emplace_back(TalliesRead{query, TallySheet{query, {}, {}, {}}});
    }
    [[nodiscard]] std::vector<BackOfficeLetter> take_letters() override { return std::exchange(letters, {}); }

    Overview overview;
    std::vector<TallyQuery> asked;
    std::vector<BackOfficeLetter> letters;
};

/// A terminal at the counter TP of the sample center, with a finger.
class TerminalTest : public testing::Test {
  protected:
    TerminalTest() { start("WARD5"); }

    void start(const char* questionnaire) {
        AppSetup setup;
        setup.content = {tests::sample_center(), tests::sample_questionnaire(questionnaire)};
        setup.fixed_counter = survey::CounterId{"TP"};
        setup.boot_id = "boot";
        setup.staff_pin_set = true;
        app = std::make_unique<App>(
            std::move(setup), words, clock,
            [this] {
                return survey::UuidEntropy{0, ++ids};
            },
            saver, office);
        settle();
    }

    /// Draws until nothing changes any more, as the loop does.
    void settle() {
        for (int quiet = 0; quiet < 2;) {
            const bool changed = app->update();
            const bool acted =
                panel.frame([&](DrawContext& draw) { return app->draw(draw.fonts, draw.layout, draw.traces); });
            quiet = changed || acted || panel.touches().owes_frames() ? 0 : quiet + 1;
        }
    }
    /// Puts a finger on the middle of a target and lifts it.
    void touch(const std::string& name) {
        ASSERT_TRUE(panel.has_target(name)) << name << " is not on the glass of " << app->screen();
        const Target& target = panel.target(name);
        const float x = target.x + target.width / 2;
        const float y = target.y + target.height / 2;
        panel.touches().press(x, y);
        panel.touches().release(x, y);
        app->touched();
        settle();
    }
    /// A second later, when the screen can have been read.
    void tap(const std::string& name) {
        clock.pass(1s);
        touch(name);
    }
    void tap_emblem() {
        for (int i = 0; i < kEmblemTaps; ++i) {
            clock.pass(200ms);
            touch("emblem");
        }
    }
    void pass(survey::milliseconds time) {
        clock.pass(time);
        settle();
    }

    glass::HeadlessGlass panel{1080, 1920};
    Texts words{glass::kiosk_texts(survey::Language::vi), glass::kiosk_texts(survey::Language::en)};
    tests::FakeClock clock;
    FakeSaver saver;
    FakeBackOffice office;
    std::uint8_t ids = 0;
    std::unique_ptr<App> app;
};

TEST_F(TerminalTest, TakesAWholeVisit) {
    tap("wake");
    tap("answer/2");
    tap("officer/tp-02");
    tap("answer/5");
    tap("option/wait");
    tap("continue");
    EXPECT_EQ(app->screen(), "thanks");
    ASSERT_EQ(saver.saved.size(), 1u);
    EXPECT_TRUE(saver.saved.front().complete);
    EXPECT_EQ(saver.saved.front().answers.size(), 3u);
    pass(5s);
    EXPECT_EQ(app->screen(), "attract");
}

TEST_F(TerminalTest, SaysSoWhenTheDiskIsFullAndThanksWhenItIsWritten) {
    saver.refusing = StoreError{StoreErrorKind::full, "no room", "make room"};
    start("QUICK5");
    tap("wake");
    tap("answer/5");
    EXPECT_EQ(app->screen(), "not_saved");
    EXPECT_TRUE(saver.saved.empty());
}

TEST_F(TerminalTest, TakesNoVisitOnceMemoryIsFullOfUnsavedOnes) {
    saver.more_waiting = kUnsavedMax;
    settle();
    for (const char* name : {"wake", "language/en"}) {
        if (panel.has_target(name)) tap(name);
        EXPECT_EQ(app->screen(), "attract");
    }
}

TEST_F(TerminalTest, ReturnsByItselfAndKeepsTheHalfVisit) {
    tap("wake");
    tap("answer/4");
    pass(31s);
    EXPECT_EQ(app->screen(), "attract");
    ASSERT_EQ(saver.saved.size(), 1u);
    EXPECT_FALSE(saver.saved.front().complete);
}

TEST_F(TerminalTest, AnyTouchRestartsTheIdleTime) {
    tap("wake");
    pass(29s);
    app->touched();
    pass(29s);
    EXPECT_EQ(app->screen(), "asking");
}

TEST_F(TerminalTest, ShowsStaffTheTalliesBehindThePin) {
    tap_emblem();
    ASSERT_EQ(app->screen(), "pin");
    for (const char* digit : {"2", "4", "6", "8"})
        tap(std::string("pin/") + digit);
    tap("pin/enter");
    ASSERT_EQ(app->screen(), "tally");
    tap("periods");
    tap("period/month");
    ASSERT_EQ(office.asked.size(), 2u);
    EXPECT_EQ(office.asked[0].days.first, office.asked[0].days.last);
    EXPECT_EQ(office.asked[1].days.first, std::chrono::year{2026} / 9 / 1);
    tap("by");
    tap("by/officers");
    ASSERT_EQ(office.asked.size(), 3u);
    EXPECT_TRUE(office.asked[2].officers);
    EXPECT_EQ(office.asked[2].days.last, std::chrono::year{2026} / 8 / 31) << "a month that is over";
    tap("close");
    EXPECT_EQ(app->screen(), "attract");
}

TEST_F(TerminalTest, KeepsStaffOutWithAWrongPin) {
    tap_emblem();
    for (const char* digit : {"1", "1", "1", "1"})
        tap(std::string("pin/") + digit);
    tap("pin/enter");
    EXPECT_EQ(app->screen(), "pin");
}

TEST_F(TerminalTest, TakesNewContentOnlyBetweenVisits) {
    tap("wake");
    Content other{tests::sample_center(), tests::sample_questionnaire("WARD3")};
    office.letters.emplace_back(ContentFound{other});
    settle();
    EXPECT_NO_FATAL_FAILURE(tap("answer/5")) << "the visit goes on with the questionnaire it began with";
    tap("officer/none");
    ASSERT_EQ(saver.saved.size(), 1u);
    EXPECT_EQ(saver.saved.front().questionnaire.id, survey::QuestionnaireId{"WARD5"});
    pass(5s);
    tap("wake");
    tap("answer/3");
    tap("officer/none");
    ASSERT_EQ(saver.saved.size(), 2u);
    EXPECT_EQ(saver.saved.back().questionnaire.id, survey::QuestionnaireId{"WARD3"});
}

TEST_F(TerminalTest, GoesOnWithTheLastGoodContentWhenTheNewIsBroken) {
    office.letters.emplace_back(ContentFound{unexpected(std::string("broken"))});
    settle();
    tap("wake");
    tap("answer/5");
    tap("officer/none");
    EXPECT_EQ(saver.saved.size(), 1u);
}

TEST_F(TerminalTest, WritesTheServersClockIntoTheRecord) {
    office.letters.emplace_back(ServerOffsetRead{survey::milliseconds{-1500}});
    settle();
    tap("wake");
    tap("answer/5");
    tap("officer/none");
    ASSERT_EQ(saver.saved.size(), 1u);
    EXPECT_EQ(saver.saved.front().server_offset, survey::milliseconds{-1500});
}

TEST_F(TerminalTest, StandsStillWhenNothingHappens) {
    EXPECT_FALSE(app->update());
    EXPECT_FALSE(app->next_deadline());
    clock.pass(1h);
    EXPECT_FALSE(app->update());
}

TEST_F(TerminalTest, SaysOnTheGlassWhatTheDiskCannotDoBeforeAnybodyCame) {
    const glass::Image well = panel.picture();
    std::vector<glass::Image> seen{well};
    for (const StoreErrorKind kind : {StoreErrorKind::full, StoreErrorKind::read_only, StoreErrorKind::io}) {
        saver.refusing = StoreError{kind, "what", "remedy"};
        EXPECT_TRUE(app->update()) << "the picture changes by itself";
        settle();
        for (const glass::Image& other : seen)
            EXPECT_NE(panel.picture(), other) << name(kind);
        seen.push_back(panel.picture());
    }
    tap("wake");
    EXPECT_EQ(app->screen(), "asking") << "visits go on";
    saver.refusing.reset();
}

TEST_F(TerminalTest, StaysCalmWhileTheDiskIsOnlyBusy) {
    const glass::Image well = panel.picture();
    saver.refusing = StoreError{StoreErrorKind::busy, "what", "remedy"};
    settle();
    EXPECT_EQ(panel.picture(), well);
}

}  // namespace
}  // namespace hailong::kiosk
