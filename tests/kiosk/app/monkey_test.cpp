// A monkey before the terminal: 100,000 random actions by finger, keypad, scanner, clock and disk, from fixed seeds.
// After each action what must always hold is looked at; what an action would show is only drawn as far as the loop
// would draw.
#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "survey/base/utf8.h"
#include "survey/vietnamese.h"
#include "tests/kiosk/app/terminal.h"

namespace hailong::kiosk {
namespace {

using namespace std::chrono_literals;

struct Playtime {
    std::uint32_t seed;
    int actions;
    Panel panel;
    const char* questionnaire;
    const char* counter;  // where it stands; empty: in the hall
};

std::ostream& operator<<(std::ostream& out, const Playtime& run) {
    return out << "seed " << run.seed << " on " << run.panel.width_px << " x " << run.panel.height_px;
}

class Monkey : public testing::TestWithParam<Playtime>, public Terminal {
  protected:
    Monkey() : Terminal(GetParam().panel), dice_(GetParam().seed) {
        AppSetup setup = sample_setup(GetParam().questionnaire);
        setup.content = content(GetParam().questionnaire);
        setup.fixed_counter = survey::CounterId{GetParam().counter};
        setup.scanner = true;
        start(std::move(setup));
        reader.letters.emplace_back(TextKeyRead{true});
        settle();
    }

    static Content content(const char* questionnaire) {
        return {tests::sample_center(), tests::sample_questionnaire(questionnaire),
                tests::sample_questionnaire("FEEDBACK.2")};
    }

    int roll(int sides) { return std::uniform_int_distribution<int>(0, sides - 1)(dice_); }

    // ---- What it does ----

    void act() {
        const int what = roll(100);
        if (what < 52) return tap_something();
        if (what < 60) return tap_anywhere();
        if (what < 63) return drag();
        if (what < 73) return press_a_key();
        if (what < 76) return scan_something();
        if (what < 88) return wait(milliseconds{roll(2'000)}, "a moment");
        if (what < 92) return wait(milliseconds{roll(40'000)}, "a while");
        if (what < 93) return wait(milliseconds{roll(1'200'000)}, "long");
        if (what < 96) return break_or_mend_the_disk();
        if (what < 97) return bring_content();
        if (what < 98) return come_as_staff();
        if (what < 99) return change_the_voice();
        sleep_until_due();
    }

    void tap_something() {
        const auto& targets = traces().targets;
        if (targets.empty()) return tap_anywhere();
        const Target target = targets[static_cast<std::size_t>(roll(static_cast<int>(targets.size())))];
        // What ends everything is meant less often.
        if ((target.name == "close" || target.name == "finish") && roll(4) != 0) return;
        note("tap " + target.name);
        if (roll(3) != 0) clock.pass(milliseconds{roll(900)});
        settle();
        touch_at(target.x + target.width / 2, target.y + target.height / 2);
    }
    void tap_anywhere() {
        const auto [x, y] = somewhere();
        note("tap anywhere");
        touch_at(x, y);
    }
    void drag() {
        note("drag");
        const auto [x, y] = somewhere();
        press(x, y);
        turn();
        const auto [to_x, to_y] = somewhere();
        window->move(to_x, to_y);
        turn();
        clock.pass(milliseconds{roll(3'000)});
        release(to_x, to_y);
        settle();
    }
    void press_a_key() {
        static constexpr std::array kKeys{NavKey::next,  NavKey::next,    NavKey::previous,
                                          NavKey::press, NavKey::press,   NavKey::back,
                                          NavKey::speak, NavKey::silence, NavKey::accessibility};
        const std::size_t which = static_cast<std::size_t>(roll(kKeys.size()));
        note("key " + std::to_string(which));
        input(kKeys[which]);
    }
    void scan_something() {
        static const std::array<std::string, 6> kCodes{
            "TP-0042",      "dd-7", "https://dichvucong.gov.vn/?c=H01.01.01-261122-0007",
            "079123456789", "",     "\xc3\x28 %%%"};
        const std::string code = kCodes[static_cast<std::size_t>(roll(kCodes.size()))];
        note("scan " + code);
        input(Scan{code});
    }
    void wait(milliseconds time, const char* how) {
        note(std::string("wait ") + how);
        pass(time);
    }
    void break_or_mend_the_disk() {
        note("disk");
        if (saver.refusing) {
            saver.recover();
            saver.more_waiting = 0;
        } else {
            saver.refusing = StoreError{roll(2) == 0 ? StoreErrorKind::full : StoreErrorKind::busy, "what", "remedy"};
            saver.more_waiting = roll(4) == 0 ? kUnsavedMax : 0;
        }
        settle();
    }
    void bring_content() {
        note("content");
        static constexpr std::array kOthers{"WARD5.2", "WARD3", "QUICK5", "OFFICER", "TT01"};
        const int which = roll(kOthers.size() + 1);
        if (which == static_cast<int>(kOthers.size())) {
            reader.letters.emplace_back(ContentFound{unexpected(std::string("broken"))});
        } else {
            reader.letters.emplace_back(ContentFound{content(kOthers[static_cast<std::size_t>(which)])});
        }
        if (roll(3) == 0) reader.letters.emplace_back(TextKeyRead{roll(4) != 0});
        const VisitState before = app->visit();
        settle();
        if (before.phase != Phase::asking) return;
        EXPECT_EQ(app->visit().visit_number, before.visit_number);
        EXPECT_EQ(app->visit().item, before.item) << "content changed under the citizen";
    }
    void come_as_staff() {
        note("staff");
        for (int i = 0; i < kEmblemTaps && has("emblem"); ++i) {
            clock.pass(200ms);
            touch("emblem");
        }
        const bool right = roll(4) != 0;
        for (const char* name : {"pin/2", "pin/4", "pin/6", right ? "pin/8" : "pin/9", "pin/enter"}) {
            if (has(name)) touch(name);
        }
        static const std::array<std::string, 3> kTabs{"tab/results", "tab/device", "tab/tools"};
        const std::string tab = kTabs[static_cast<std::size_t>(roll(kTabs.size()))];
        if (has(tab)) touch(tab);
        static const std::array<std::string, 3> kTools{"tools/cleaning", "tools/training", "close"};
        const std::string tool = kTools[static_cast<std::size_t>(roll(kTools.size()))];
        if (has(tool) && roll(2) == 0) touch(tool);
    }
    void change_the_voice() {
        note("voice");
        voice.speaking = !voice.speaking && !voice.newest.first.empty();
        settle();
    }
    void sleep_until_due() {
        const auto due = app->next_deadline();
        if (!due) return;
        note("sleep");
        clock.pass(*due - clock.monotonic());
        const bool changed = settle() > 0;
        const auto next = app->next_deadline();
        // A deadline that has passed is put off by a millisecond.
        EXPECT_TRUE(changed || !next || *next > *due + 1ms) << "it would be woken for nothing, again and again";
    }

    // ---- What must hold ----

    void check() {
        const MonoTime at = clock.monotonic();
        const std::string name = screen();
        EXPECT_FALSE(name.empty());
        if (const auto due = app->next_deadline()) {
            EXPECT_GT(*due, at);
        }
        check_targets();
        check_visit();
        check_saved();
        if (!behind_the_pin(name) && !traces().misfits.empty()) {
            ADD_FAILURE() << "does not fit: " << traces().misfits.front();
        }
    }

    static bool behind_the_pin(const std::string& name) {
        static const std::set<std::string> kStaff{"pin",      "tally",  "periods", "groupings",
                                                  "calendar", "device", "tools"};
        return kStaff.count(name) > 0;
    }

    void check_targets() {
        std::set<std::string> names;
        for (const Target& target : traces().targets) {
            EXPECT_TRUE(names.insert(target.name).second) << target.name << " stands there twice";
            EXPECT_GE(target.x, -0.5F) << target.name;
            EXPECT_GE(target.y, -0.5F) << target.name;
            EXPECT_LE(target.x + target.width, panel().width_px + 0.5F) << target.name;
            EXPECT_LE(target.y + target.height, panel().height_px + 0.5F) << target.name;
            EXPECT_FALSE(target.label.empty()) << target.name;
        }
        const std::string focus = app->focus();
        EXPECT_TRUE(focus.empty() || names.count(focus) > 0) << focus << " has the focus";
    }

    void check_visit() {
        const VisitState& visit = app->visit();
        if (visit.visit_number != forms_) {
            EXPECT_TRUE(visit.answers.empty()) << "what woke the terminal voted";
            forms_ = visit.visit_number;
            ++forms_begun_;
        }
        if (visit.phase != Phase::asking) return;
        EXPECT_NE(form(app->setup(), visit).item(visit.item), nullptr);
        for (const ItemDraft& one : visit.drafts) {
            EXPECT_TRUE(survey::is_composed(one.draft.text));
            EXPECT_LE(one.draft.text.size(), 4'000u);
        }
        if (const Draft* written = draft(visit)) {
            const std::size_t most = typing_rules(app->setup(), visit).chars_max;
            const std::size_t characters = survey::character_count(written->text);
            EXPECT_TRUE(most == 0 || characters <= most);
            EXPECT_LE(written->cursor, characters);
        }
    }

    /// Each is validated against its questionnaire as it comes (FakeSaver::save).
    void check_saved() {
        const std::size_t given = saver.saved.size() + saver.refused.size();
        if (given == given_) return;
        const bool training = says(text("training.banner")) || says(texts.en.all().at("training.banner"));
        EXPECT_FALSE(training) << "training was kept";
        given_ = given;
        EXPECT_LE(given_, forms_begun_) << "more responses than forms begun";
        std::set<survey::Uuid> ids;
        for (const auto* all : {&saver.saved, &saver.refused}) {
            for (const survey::Response& response : *all)
                ids.insert(response.id);
        }
        EXPECT_EQ(ids.size(), given) << "one form, one response";
    }

    void rest_at_last() {
        voice.speaking = false;
        saver.recover();
        saver.more_waiting = 0;
        pass(10min);
        pass(10min);
        const std::string name = screen();
        EXPECT_TRUE(name == "attract" || name == "lobby") << name;
        EXPECT_TRUE(app->visit().answers.empty());
        EXPECT_EQ(app->accessibility(), AccessibilitySettings{});
    }

    void note(std::string what) {
        last_.push_back(screen() + ": " + std::move(what));
        constexpr std::size_t kRemembered = 12;
        if (last_.size() > kRemembered) last_.erase(last_.begin());
    }
    [[nodiscard]] std::string history() const {
        std::string all;
        for (const std::string& one : last_)
            all += one + "\n";
        return all;
    }

    std::size_t responses_given() const { return given_; }

  private:
    std::pair<float, float> somewhere() {
        const auto x = static_cast<float>(roll(static_cast<int>(panel().width_px)));
        return {x, static_cast<float>(roll(static_cast<int>(panel().height_px)))};
    }

    std::mt19937 dice_;
    std::vector<std::string> last_;
    std::uint64_t forms_ = 0;
    std::size_t forms_begun_ = 0;
    std::size_t given_ = 0;
};

TEST_P(Monkey, BreaksNothing) {
    const Playtime& run = GetParam();
    std::set<std::string> screens;
    for (int action = 0; action < run.actions; ++action) {
        act();
        check();
        screens.insert(screen());
        ASSERT_FALSE(HasFailure()) << "action " << action << " of " << run << ", on " << screen() << "\n" << history();
        constexpr int kRestEvery = 2'500;
        if (action % kRestEvery == kRestEvery - 1) rest_at_last();
    }
    // It has been everywhere and said something, or the invariants were never put to the test.
    for (const char* name : {"attract", "lobby", "accessibility", "asking", "thanks", "not_saved", "pin", "tally",
                             "device", "tools", "cleaning"})
        EXPECT_EQ(screens.count(name), 1u) << name;
    EXPECT_GT(responses_given(), static_cast<std::size_t>(run.actions / 200));
}

INSTANTIATE_TEST_SUITE_P(Seeds, Monkey,
                         testing::Values(Playtime{1, 25'000, {540, 960, 546}, "WARD5.2", "TP"},
                                         Playtime{2, 25'000, {960, 540, 546}, "WARD5.2", ""},
                                         Playtime{3, 25'000, {800, 480, 178}, "WARD5.2", "TP"},
                                         Playtime{4, 25'000, {640, 400, 307}, "TT01", ""}),
                         [](const auto& played) { return "Seed" + std::to_string(played.param.seed); });

}  // namespace
}  // namespace hailong::kiosk
