// Every screen of the gallery in a real window on software OpenGL: how long a frame takes.
//
//   frames_bench [WORD]    only of scenes whose name holds the word
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "kiosk/gallery/scenes.h"
#include "kiosk/platform/fonts.h"
#include "kiosk/platform/window.h"
#include "tests/bench/report.h"
#include "tests/e2e/product.h"
#include "tests/support/glass/headless.h"

namespace {

using namespace hailong;

constexpr int kWidth_px = 1080;
constexpr int kHeight_px = 1920;
constexpr int kWarmFrames = 3;
constexpr int kFrames = 40;
constexpr std::size_t kSlowestShown = 5;

/// The 95th of a hundred, by rank. REQUIRES: at least one value.
double p95(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[(values.size() * 95 + 99) / 100 - 1];
}

struct Slow {
    std::string scene;
    double p95_ms = 0;
    double median_ms = 0;
    double draw_median_ms = 0;  // of it: our own code, before anything is sent to OpenGL
};

/// The window of the program, with the fonts for one size of text.
class Stage {
  public:
    Stage(kiosk::Window& window, kiosk::TextSize text)
        : window_(window), layout_(kiosk::layout_for(kWidth_px, kHeight_px, {.text = text})) {
        const auto files = kiosk::find_fonts();
        if (!files) throw std::runtime_error(files.error().what);
        const std::vector<std::string_view> texts(glass::all_asset_texts().begin(), glass::all_asset_texts().end());
        ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
        atlas.Clear();
        auto fonts = kiosk::load_fonts(atlas, layout_, *files, texts);
        if (!fonts) throw std::runtime_error(fonts.error().what);
        fonts_ = *fonts;
        window_.fonts_changed();
    }

    /// Swapping the buffers waits for software OpenGL to have drawn: the time is that of the whole frame.
    [[nodiscard]] Slow measure(const kiosk::scenes::Scene& scene, kiosk::ThemeKind kind) {
        using Steady = std::chrono::steady_clock;
        using Milliseconds = std::chrono::duration<double, std::milli>;
        const kiosk::Theme& theme = kiosk::theme_of(kind);
        std::vector<double> whole;
        std::vector<double> ours;
        for (int i = 0; i < kWarmFrames + kFrames; ++i) {
            traces_.clear();
            const auto begin = Steady::now();
            window_.begin_frame();
            kiosk::DrawContext context{
                fonts_,  layout_, theme, glass::kiosk_texts(survey::Language::vi), survey::Language::vi,
                traces_, keypad_};
            scene.draw(context);
            const auto drawn = Steady::now();
            window_.end_frame(theme.page.fill);
            const auto end = Steady::now();
            window_.poll_events();
            if (i < kWarmFrames) continue;
            whole.push_back(Milliseconds(end - begin).count());
            ours.push_back(Milliseconds(drawn - begin).count());
        }
        return {scene.name, p95(whole), bench::median(whole), bench::median(ours)};
    }

  private:
    kiosk::Window& window_;
    kiosk::Layout layout_;
    kiosk::Fonts fonts_;
    kiosk::Traces traces_;
    kiosk::Keypad keypad_;
};

std::vector<kiosk::scenes::Scene> all_scenes(std::string_view only) {
    std::vector<kiosk::scenes::Scene> all = kiosk::scenes::ordinary(survey::Language::vi);
    for (kiosk::scenes::Scene& scene : kiosk::scenes::extreme(survey::Language::vi))
        all.push_back(std::move(scene));
    all.erase(std::remove_if(all.begin(), all.end(),
                             [&](const auto& scene) { return scene.name.find(only) == std::string::npos; }),
              all.end());
    return all;
}

struct Variant {
    const char* name;
    kiosk::TextSize text;
    kiosk::ThemeKind theme;
};
constexpr Variant kVariants[] = {
    {"light", kiosk::TextSize::normal, kiosk::ThemeKind::light},
    {"high contrast", kiosk::TextSize::normal, kiosk::ThemeKind::high_contrast},
    {"light, largest text", kiosk::TextSize::largest, kiosk::ThemeKind::light},
    {"high contrast, largest text", kiosk::TextSize::largest, kiosk::ThemeKind::high_contrast},
};

}  // namespace

int main(int argc, char** argv) {
    const tests::Screen screen(std::to_string(kWidth_px) + "x" + std::to_string(kHeight_px));
    setenv("DISPLAY", screen.display().c_str(), 1);  // NOLINT(concurrency-mt-unsafe): before any thread is made
    const survey::SystemClock clock;
    auto window = kiosk::Window::create({"frames", kWidth_px, kHeight_px, false, false}, clock);
    if (!window) {
        std::fprintf(stderr, "%s; %s\n", window.error().what.c_str(), window.error().remedy.c_str());
        return 1;
    }
    const std::vector<kiosk::scenes::Scene> scenes = all_scenes(argc > 1 ? argv[1] : "");
    std::vector<Slow> seen;
    for (const Variant& variant : kVariants) {
        Stage stage(*window, variant.text);
        for (const kiosk::scenes::Scene& scene : scenes) {
            seen.push_back(stage.measure(scene, variant.theme));
            seen.back().scene += std::string(" (") + variant.name + ")";
        }
    }
    if (seen.empty()) {
        std::fprintf(stderr, "no scene has a name with \"%s\"\n", argv[1]);
        return 1;
    }
    std::sort(seen.begin(), seen.end(), [](const Slow& a, const Slow& b) { return a.p95_ms > b.p95_ms; });
    for (std::size_t i = 0; i < std::min(kSlowestShown, seen.size()); ++i) {
        std::fprintf(stderr, "%-56s p95 %6.2f ms, median %6.2f ms, of it our code %5.2f ms\n", seen[i].scene.c_str(),
                     seen[i].p95_ms, seen[i].median_ms, seen[i].draw_median_ms);
    }
    bench::report("frame_p95", seen.front().p95_ms, "ms", 16, bench::Better::less);
    return 0;
}
