#include "kiosk/platform/touch_queue.h"

#include <random>
#include <vector>

#include <gtest/gtest.h>
#include <imgui.h>

#include "kiosk/widgets/painter.h"
#include "tests/support/glass/headless.h"

namespace hailong::kiosk {
namespace {

constexpr PointerState kAway{};

TEST(TouchQueue, GivesOneEdgeAFrameAndThenTakesThePointerAway) {
    TouchQueue queue;
    queue.press(10, 20);
    queue.release(10, 20);
    EXPECT_TRUE(queue.owes_frames());
    EXPECT_EQ(queue.next_frame(), (PointerState{10, 20, true}));
    EXPECT_TRUE(queue.owes_frames());
    EXPECT_EQ(queue.next_frame(), (PointerState{10, 20, false}));
    EXPECT_TRUE(queue.owes_frames());
    EXPECT_EQ(queue.next_frame(), kAway);
    EXPECT_FALSE(queue.owes_frames());
    EXPECT_EQ(queue.next_frame(), kAway);
}

TEST(TouchQueue, KeepsThePlaceOfEachEdgeWhateverThePointerDoesLater) {
    TouchQueue queue;
    queue.press(1, 1);
    queue.release(1, 1);
    queue.move(900, 900);  // nobody touches: the pointer only wanders
    queue.press(2, 2);
    queue.release(2, 2);
    EXPECT_EQ(queue.next_frame(), (PointerState{1, 1, true}));
    EXPECT_EQ(queue.next_frame(), (PointerState{1, 1, false}));
    EXPECT_EQ(queue.next_frame(), (PointerState{2, 2, true}));
    EXPECT_EQ(queue.next_frame(), (PointerState{2, 2, false}));
}

TEST(TouchQueue, FollowsASlidingFingerToItsLastPlace) {
    TouchQueue queue;
    queue.press(1, 1);
    EXPECT_EQ(queue.next_frame(), (PointerState{1, 1, true}));
    EXPECT_FALSE(queue.owes_frames());  // a resting finger needs no frames
    queue.move(5, 5);
    queue.move(9, 9);
    EXPECT_TRUE(queue.owes_frames());
    EXPECT_EQ(queue.next_frame(), (PointerState{9, 9, true}));
    EXPECT_FALSE(queue.owes_frames());
}

TEST(TouchQueue, IgnoresAReleaseWithoutAPressAndASecondPress) {
    TouchQueue queue;
    queue.release(1, 1);
    EXPECT_FALSE(queue.owes_frames());
    queue.press(1, 1);
    queue.press(2, 2);
    queue.release(3, 3);
    EXPECT_EQ(queue.next_frame(), (PointerState{1, 1, true}));
    EXPECT_EQ(queue.next_frame(), (PointerState{3, 3, false}));
    EXPECT_EQ(queue.next_frame(), kAway);
}

TEST(TouchQueue, DropsAndCountsWholeTapsBeyondItsLimit) {
    TouchQueue queue;
    constexpr std::size_t kTaps = kTouchEdgesMax / 2;
    for (std::size_t i = 0; i < kTaps + 3; ++i) {
        queue.press(static_cast<float>(i), 0);
        queue.release(static_cast<float>(i), 0);
    }
    EXPECT_EQ(queue.dropped_taps(), 3U);
    std::size_t presses = 0;
    std::size_t releases = 0;
    for (int frames = 0; frames < kFramesMax && queue.owes_frames(); ++frames) {
        const PointerState state = queue.next_frame();
        presses += state.down ? 1 : 0;
        releases += !state.down && state != kAway ? 1 : 0;
    }
    EXPECT_EQ(presses, kTaps);
    EXPECT_EQ(releases, kTaps);
    queue.press(7, 7);  // and goes on
    EXPECT_EQ(queue.next_frame(), (PointerState{7, 7, true}));
}

/// A panel of five buttons below each other.
struct Buttons {
    glass::HeadlessGlass glass{540, 960};
    std::vector<std::string> hits;
    std::vector<std::string> held;

    void frame() {
        glass.frame([&](DrawContext& draw) {
            Stage stage(draw);
            for (int i = 0; i < 5; ++i) {
                const std::string name = "b" + std::to_string(i);
                const Touch finger = touch(draw, name, {100, 200.F + 200.F * static_cast<float>(i), 800, 160}, name);
                if (finger.tapped) hits.push_back(name);
                if (finger.held) held.push_back(name);
            }
        });
    }
    void tap(int button) {
        const Target& target = glass.target("b" + std::to_string(button));
        glass.touches().press(target.x + 20, target.y + 20);
        glass.touches().release(target.x + 20, target.y + 20);
    }
    void settle() {
        for (int frames = 0; frames < kFramesMax && glass.touches().owes_frames(); ++frames)
            frame();
    }
};

// Without the queue, 20 of 20 of these hit the wrong button.
TEST(TouchQueue, TwentyTapsHitWhereTheyWereThoughThePointerMovedOn) {
    Buttons panel;
    panel.frame();
    std::vector<std::string> expected;
    for (int i = 0; i < 20; ++i) {
        panel.tap(i % 5);
        panel.glass.touches().move(300, 900);
        expected.push_back("b" + std::to_string(i % 5));
        panel.settle();
    }
    EXPECT_EQ(panel.hits, expected);
}

// Without the queue, half of these are lost.
TEST(TouchQueue, FortyQuickTapsArriveInOrder) {
    Buttons panel;
    panel.frame();
    std::vector<std::string> expected;
    for (int i = 0; i < 40; ++i) {
        const int button = (i * 7) % 5;
        panel.tap(button);
        expected.push_back("b" + std::to_string(button));
    }
    panel.settle();
    EXPECT_EQ(panel.hits, expected);
}

TEST(TouchQueue, NothingStaysHoveredOrHeldAfterTheRelease) {
    Buttons panel;
    panel.frame();
    panel.tap(2);
    panel.settle();
    EXPECT_EQ(panel.held, std::vector<std::string>{"b2"});
    EXPECT_EQ(ImGui::GetIO().MousePos.x, -FLT_MAX);
    EXPECT_FALSE(ImGui::IsAnyMouseDown());
}

}  // namespace
}  // namespace hailong::kiosk
