#include "kiosk/gallery/canvas.h"

#include <algorithm>
#include <cmath>
#include <csetjmp>
#include <cstdio>
#include <memory>

#include <png.h>

namespace hailong::kiosk {
namespace {

struct Texture {
    const unsigned char* alpha = nullptr;
    int width = 0;
    int height = 0;

    [[nodiscard]] float texel(int x, int y) const {
        const int cx = std::clamp(x, 0, width - 1);
        const int cy = std::clamp(y, 0, height - 1);
        return static_cast<float>(alpha[static_cast<std::size_t>(cy) * static_cast<std::size_t>(width) +
                                        static_cast<std::size_t>(cx)]) /
               255.F;
    }
    /// Linear filtering between the four nearest texel centres.
    [[nodiscard]] float sample(float u, float v) const {
        const float x = u * static_cast<float>(width) - 0.5F;
        const float y = v * static_cast<float>(height) - 0.5F;
        const float left = std::floor(x);
        const float top = std::floor(y);
        const float fx = x - left;
        const float fy = y - top;
        const int ix = static_cast<int>(left);
        const int iy = static_cast<int>(top);
        const float upper = texel(ix, iy) * (1 - fx) + texel(ix + 1, iy) * fx;
        const float lower = texel(ix, iy + 1) * (1 - fx) + texel(ix + 1, iy + 1) * fx;
        return upper * (1 - fy) + lower * fy;
    }
};

struct Clip {
    int left = 0;
    int top = 0;
    int right = 0;
    int bottom = 0;
};

float channel(ImU32 colour, unsigned shift) {
    return static_cast<float>((colour >> shift) & 0xFFu);
}

void blend(std::uint8_t* pixel, const float (&colour)[3], float alpha) {
    for (int c = 0; c < 3; ++c) {
        const float mixed = colour[c] * alpha + static_cast<float>(pixel[c]) * (1 - alpha);
        pixel[c] = static_cast<std::uint8_t>(std::clamp(std::lround(mixed), 0L, 255L));
    }
}

/// Twice the signed area of the triangle a, b, p.
double edge(const ImVec2& a, const ImVec2& b, double px, double py) {
    return (static_cast<double>(b.x) - a.x) * (py - a.y) - (static_cast<double>(b.y) - a.y) * (px - a.x);
}

/// True when pixels exactly on the edge from a to b belong to this triangle, so that triangles that share an edge
/// paint each pixel once. For triangles that run clockwise with y growing downwards.
bool owns_edge(const ImVec2& a, const ImVec2& b) {
    return (a.y == b.y && b.x > a.x) || b.y < a.y;
}

void paint_triangle(Image& image, const Texture& texture, const Clip& clip, const ImDrawVert* corners[3]) {
    const ImDrawVert* a = corners[0];
    const ImDrawVert* b = corners[1];
    const ImDrawVert* c = corners[2];
    double area = edge(a->pos, b->pos, c->pos.x, c->pos.y);
    if (area == 0) return;
    if (area < 0) {
        std::swap(b, c);
        area = -area;
    }
    const int left = std::max(static_cast<int>(std::floor(std::min({a->pos.x, b->pos.x, c->pos.x}))), clip.left);
    const int top = std::max(static_cast<int>(std::floor(std::min({a->pos.y, b->pos.y, c->pos.y}))), clip.top);
    const int right = std::min(static_cast<int>(std::ceil(std::max({a->pos.x, b->pos.x, c->pos.x}))), clip.right);
    const int bottom = std::min(static_cast<int>(std::ceil(std::max({a->pos.y, b->pos.y, c->pos.y}))), clip.bottom);
    const bool owns[3] = {owns_edge(b->pos, c->pos), owns_edge(c->pos, a->pos), owns_edge(a->pos, b->pos)};
    for (int y = top; y < bottom; ++y) {
        for (int x = left; x < right; ++x) {
            const double px = x + 0.5;
            const double py = y + 0.5;
            const double weights[3] = {edge(b->pos, c->pos, px, py), edge(c->pos, a->pos, px, py),
                                       edge(a->pos, b->pos, px, py)};
            bool inside = true;
            for (int i = 0; i < 3; ++i)
                inside = inside && (weights[i] > 0 || (weights[i] == 0 && owns[i]));
            if (!inside) continue;
            const auto wa = static_cast<float>(weights[0] / area);
            const auto wb = static_cast<float>(weights[1] / area);
            const auto wc = static_cast<float>(weights[2] / area);
            const auto mixed = [&](unsigned shift) {
                return channel(a->col, shift) * wa + channel(b->col, shift) * wb + channel(c->col, shift) * wc;
            };
            const float cover =
                texture.sample(a->uv.x * wa + b->uv.x * wb + c->uv.x * wc, a->uv.y * wa + b->uv.y * wb + c->uv.y * wc);
            const float alpha = cover * mixed(IM_COL32_A_SHIFT) / 255;
            if (alpha <= 0) continue;
            const float colour[3] = {mixed(IM_COL32_R_SHIFT), mixed(IM_COL32_G_SHIFT), mixed(IM_COL32_B_SHIFT)};
            const auto place =
                (static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) + static_cast<std::size_t>(x)) * 3;
            blend(image.rgb.data() + place, colour, alpha);
        }
    }
}

}  // namespace

Image::Image(int w, int h, ImU32 colour) : width(w), height(h) {
    const auto count = static_cast<std::size_t>(w) * static_cast<std::size_t>(h);
    rgb.reserve(count * 3);
    for (std::size_t i = 0; i < count; ++i) {
        for (const int shift : {IM_COL32_R_SHIFT, IM_COL32_G_SHIFT, IM_COL32_B_SHIFT}) {
            rgb.push_back(static_cast<std::uint8_t>((colour >> shift) & 0xFFu));
        }
    }
}

ImU32 Image::at(int x, int y) const {
    const auto place =
        (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)) * 3;
    return IM_COL32(rgb[place], rgb[place + 1], rgb[place + 2], 255);
}

Image paint(const ImDrawData& data, ImFontAtlas& atlas, ImU32 ground) {
    Image image(static_cast<int>(std::lround(data.DisplaySize.x)), static_cast<int>(std::lround(data.DisplaySize.y)),
                ground);
    unsigned char* alpha = nullptr;
    Texture texture;
    atlas.GetTexDataAsAlpha8(&alpha, &texture.width, &texture.height);
    texture.alpha = alpha;
    for (int l = 0; l < data.CmdListsCount; ++l) {
        const ImDrawList& list = *data.CmdLists[l];
        for (const ImDrawCmd& command : list.CmdBuffer) {
            const Clip clip{
                std::max(static_cast<int>(std::floor(command.ClipRect.x - data.DisplayPos.x)), 0),
                std::max(static_cast<int>(std::floor(command.ClipRect.y - data.DisplayPos.y)), 0),
                std::min(static_cast<int>(std::ceil(command.ClipRect.z - data.DisplayPos.x)), image.width),
                std::min(static_cast<int>(std::ceil(command.ClipRect.w - data.DisplayPos.y)), image.height)};
            for (unsigned int i = 0; i + 2 < command.ElemCount; i += 3) {
                const ImDrawVert* corners[3];
                for (unsigned int k = 0; k < 3; ++k) {
                    const auto index = list.IdxBuffer[static_cast<int>(command.IdxOffset + i + k)];
                    corners[k] = &list.VtxBuffer[static_cast<int>(command.VtxOffset + index)];
                }
                paint_triangle(image, texture, clip, corners);
            }
        }
    }
    return image;
}

Expected<void, std::string> write_png(const std::filesystem::path& path, const Image& image) {
    std::error_code ignored;  // opening says it better
    std::filesystem::create_directories(path.parent_path(), ignored);
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "wb"), std::fclose);
    if (file == nullptr) return unexpected("can't write " + path.string());
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
    png_infop info = png == nullptr ? nullptr : png_create_info_struct(png);
    if (info == nullptr || setjmp(png_jmpbuf(png)) != 0) {
        png_destroy_write_struct(&png, &info);
        return unexpected("can't write " + path.string());
    }
    png_init_io(png, file.get());
    png_set_IHDR(png, info, static_cast<png_uint_32>(image.width), static_cast<png_uint_32>(image.height), 8,
                 PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    // Flat pictures: rows repeat, and compress best as they are.
    png_set_compression_level(png, 9);
    png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
    png_write_info(png, info);
    const auto stride = static_cast<std::size_t>(image.width) * 3;
    for (std::size_t y = 0; y < static_cast<std::size_t>(image.height); ++y) {
        png_write_row(png, image.rgb.data() + y * stride);
    }
    png_write_end(png, nullptr);
    png_destroy_write_struct(&png, &info);
    return {};
}

}  // namespace hailong::kiosk
