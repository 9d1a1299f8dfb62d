#include "kiosk/platform/plain_shapes.h"

#include <cmath>

namespace hailong::kiosk {
namespace {

constexpr unsigned int kCorners = 3;

/// Cuts one command after the other into a new list of commands.
class Parter {
  public:
    Parter(ImDrawList& list, ImVec2 white_uv, const PlainDrawing& plain)
        : list_(list), white_uv_(white_uv), plain_(plain) {}

    void part(const ImDrawCmd& whole) {
        unsigned int taken = 0;  // of the command's indices
        for (unsigned int at = 0; at < whole.ElemCount;) {
            const unsigned int first = at;
            float area = 0;
            while (at < whole.ElemCount && is_plain(whole, at)) {
                area += area_of(whole, at);
                at += kCorners;
            }
            if (area >= kPlainAreaMin) {
                add(whole, taken, first - taken);
                add_plain(whole, first, at - first);
                taken = at;
            }
            while (at < whole.ElemCount && !is_plain(whole, at))
                at += kCorners;
        }
        add(whole, taken, whole.ElemCount - taken);
    }
    void keep(const ImDrawCmd& whole) { parts_.push_back(whole); }
    void finish() { list_.CmdBuffer.swap(parts_); }

  private:
    [[nodiscard]] const ImDrawVert& corner(const ImDrawCmd& whole, unsigned int index) const {
        const ImDrawIdx vertex = list_.IdxBuffer[static_cast<int>(whole.IdxOffset + index)];
        return list_.VtxBuffer[static_cast<int>(whole.VtxOffset + vertex)];
    }
    [[nodiscard]] bool is_plain(const ImDrawCmd& whole, unsigned int first) const {
        for (unsigned int i = 0; i < kCorners; ++i) {
            const ImDrawVert& vertex = corner(whole, first + i);
            const bool white = vertex.uv.x == white_uv_.x && vertex.uv.y == white_uv_.y;
            if (!white || (vertex.col & IM_COL32_A_MASK) != IM_COL32_A_MASK) return false;
        }
        return true;
    }
    [[nodiscard]] float area_of(const ImDrawCmd& whole, unsigned int first) const {
        const ImVec2 a = corner(whole, first).pos;
        const ImVec2 b = corner(whole, first + 1).pos;
        const ImVec2 c = corner(whole, first + 2).pos;
        return std::fabs((b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y)) / 2;
    }

    void add(const ImDrawCmd& whole, unsigned int first, unsigned int count) {
        if (count == 0) return;
        parts_.push_back(whole);
        parts_.back().IdxOffset = whole.IdxOffset + first;
        parts_.back().ElemCount = count;
    }
    void add_plain(const ImDrawCmd& whole, unsigned int first, unsigned int count) {
        add_callback(whole, plain_.begin);
        add(whole, first, count);
        parts_.back().TextureId = plain_.white;
        add_callback(whole, plain_.end);
    }
    void add_callback(const ImDrawCmd& whole, ImDrawCallback callback) {
        parts_.push_back(whole);
        parts_.back().ElemCount = 0;
        parts_.back().UserCallback = callback;
    }

    ImDrawList& list_;
    ImVec2 white_uv_;
    const PlainDrawing& plain_;
    ImVector<ImDrawCmd> parts_;
};

}  // namespace

void part_plain_shapes(ImDrawData& data, ImTextureID atlas, ImVec2 white_uv, const PlainDrawing& plain) {
    for (int i = 0; i < data.CmdListsCount; ++i) {
        ImDrawList& list = *data.CmdLists[i];
        Parter parter(list, white_uv, plain);
        for (const ImDrawCmd& command : list.CmdBuffer) {
            if (command.UserCallback == nullptr && command.TextureId == atlas) {
                parter.part(command);
            } else {
                parter.keep(command);
            }
        }
        parter.finish();
    }
}

}  // namespace hailong::kiosk
