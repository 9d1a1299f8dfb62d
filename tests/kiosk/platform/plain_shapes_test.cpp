#include "kiosk/platform/plain_shapes.h"

#include <cstdint>
#include <functional>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/glass/headless.h"

namespace hailong::kiosk {
namespace {

const ImTextureID kWhite = reinterpret_cast<ImTextureID>(std::intptr_t{77});
void begin_plain(const ImDrawList* /*list*/, const ImDrawCmd* /*command*/) {}
void end_plain(const ImDrawList* /*list*/, const ImDrawCmd* /*command*/) {}

enum class Part { mixed, begin, plain, end };

/// A frame with what `draw` puts on the glass, parted.
class PlainShapes : public testing::Test {
  protected:
    void draw(const std::function<void(ImDrawList&)>& shapes) {
        glass_.frame([&](DrawContext& /*context*/) { shapes(*ImGui::GetBackgroundDrawList()); });
        ImDrawData& data = *ImGui::GetDrawData();
        const std::vector<unsigned int> before = drawn(data);
        const ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
        part_plain_shapes(data, atlas.TexID, atlas.TexUvWhitePixel, {kWhite, begin_plain, end_plain});
        EXPECT_EQ(drawn(data), before) << "every triangle is drawn once, in its old order";
        for (int i = 0; i < data.CmdListsCount; ++i) {
            for (const ImDrawCmd& command : data.CmdLists[i]->CmdBuffer)
                parts.push_back(part_of(command));
        }
    }

    std::vector<Part> parts;

  private:
    static Part part_of(const ImDrawCmd& command) {
        if (command.UserCallback == begin_plain) return Part::begin;
        if (command.UserCallback == end_plain) return Part::end;
        return command.TextureId == kWhite ? Part::plain : Part::mixed;
    }
    static std::vector<unsigned int> drawn(const ImDrawData& data) {
        std::vector<unsigned int> indices;
        for (int i = 0; i < data.CmdListsCount; ++i) {
            for (const ImDrawCmd& command : data.CmdLists[i]->CmdBuffer) {
                for (unsigned int k = 0; k < command.ElemCount; ++k)
                    indices.push_back(command.IdxOffset + k);
            }
        }
        return indices;
    }

    glass::HeadlessGlass glass_{540, 960};
};

constexpr ImU32 kOpaque = IM_COL32(10, 60, 90, 255);

TEST_F(PlainShapes, DrawsTheInsideOfACardWithoutMixing) {
    draw([](ImDrawList& list) { list.AddRectFilled({10, 10}, {400, 300}, kOpaque, 20); });
    EXPECT_EQ(parts, (std::vector{Part::begin, Part::plain, Part::end, Part::mixed})) << "its soft edge is mixed";
}

TEST_F(PlainShapes, MixesWhatCanBeSeenThrough) {
    draw([](ImDrawList& list) { list.AddRectFilled({10, 10}, {400, 300}, IM_COL32(10, 60, 90, 254)); });
    EXPECT_EQ(parts, std::vector{Part::mixed});
}

TEST_F(PlainShapes, LeavesSmallShapesWithTheirNeighbours) {
    draw([](ImDrawList& list) { list.AddRectFilled({10, 10}, {60, 60}, kOpaque); });
    EXPECT_EQ(parts, std::vector{Part::mixed});
}

TEST_F(PlainShapes, KeepsWordsBetweenTheCardsTheyStandOn) {
    draw([](ImDrawList& list) {
        list.AddRectFilled({10, 10}, {400, 300}, kOpaque);
        list.AddText({20, 20}, IM_COL32_WHITE, "Xin");
        list.AddRectFilled({10, 310}, {400, 600}, kOpaque);
    });
    EXPECT_EQ(parts,
              (std::vector{Part::begin, Part::plain, Part::end, Part::mixed, Part::begin, Part::plain, Part::end}));
}

TEST_F(PlainShapes, LeavesPicturesAlone) {
    draw([](ImDrawList& list) {
        list.AddImage(reinterpret_cast<ImTextureID>(std::intptr_t{5}), {10, 10}, {400, 300});
    });
    EXPECT_EQ(parts, std::vector{Part::mixed});
}

}  // namespace
}  // namespace hailong::kiosk
