// Opaque shapes without a texture, told apart from letters and soft edges before a frame is drawn. Dear ImGui draws all
// of them alike: each pixel reads the font's texture and is mixed with what lies below. On software OpenGL that is half
// of the time of a frame, spent on the insides of cards, which are one colour. Pure: changes lists of commands only.
#pragma once

#include <imgui.h>

namespace hailong::kiosk {

/// How plain shapes are drawn: with a texture that is cheap to read and white everywhere, between two callbacks that
/// turn mixing off and on.
struct PlainDrawing {
    ImTextureID white = nullptr;
    ImDrawCallback begin = nullptr;
    ImDrawCallback end = nullptr;
};

/// Smaller ones, in square pixels, stay with their neighbours: a command of its own costs more than it saves.
inline constexpr float kPlainAreaMin = 10'000;

/// Cuts the commands that use `atlas` where large opaque shapes begin and end. What is drawn, and in which order, stays
/// the same. `white_uv`: the atlas's white pixel, by which shapes are known.
void part_plain_shapes(ImDrawData& data, ImTextureID atlas, ImVec2 white_uv, const PlainDrawing& plain);

}  // namespace hailong::kiosk
