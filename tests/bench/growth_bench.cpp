// The whole terminal without its window, tapped at random for a million frames: does it grow?
//
//   growth_bench [FRAMES]
#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <unistd.h>

#include "kiosk/app/app.h"
#include "tests/bench/report.h"
#include "tests/support/fake_voice.h"
#include "tests/support/glass/headless.h"
#include "tests/support/sample.h"

namespace {

using namespace hailong;
using namespace std::chrono_literals;

constexpr int kFrames = 1'000'000;
/// Until then caches and pools fill: every screen and both languages have been seen.
constexpr int kWarmFrames = 50'000;

/// Writes at once and keeps nothing.
class QuickSaver final : public kiosk::Saver {
  public:
    void save(survey::Response response, std::shared_ptr<const survey::Questionnaire>, std::vector<kiosk::FreeText>,
              std::string) override {
        outcomes_.push_back({response.id, true, {}});
        ++saved;
    }
    [[nodiscard]] std::vector<kiosk::SaveOutcome> take_outcomes() override { return std::exchange(outcomes_, {}); }
    [[nodiscard]] std::size_t waiting() const override { return 0; }
    [[nodiscard]] std::optional<kiosk::StoreError> trouble() const override { return {}; }
    void probe() override {}
    [[nodiscard]] std::uint64_t probes_done() const override { return 0; }

    std::int64_t saved = 0;

  private:
    std::vector<kiosk::SaveOutcome> outcomes_;
};

/// Lets everybody in and has nothing to show.
class OpenOffice final : public kiosk::BackgroundReader {
  public:
    void check_pin(std::string) override { letters_.emplace_back(kiosk::PinChecked{true}); }
    void read_overview() override { letters_.emplace_back(kiosk::OverviewRead{kiosk::Overview{}}); }
    void read_tallies(const kiosk::TallyQuery& query) override {
        letters_.emplace_back(kiosk::TalliesRead{query, kiosk::TallySheet{query, {}, {}, {}, {}}});
    }
    [[nodiscard]] std::vector<kiosk::ReaderLetter> take_letters() override { return std::exchange(letters_, {}); }

  private:
    std::vector<kiosk::ReaderLetter> letters_{kiosk::TextKeyRead{true}};  // free text is asked for, too
};

double resident_mb() {
    std::ifstream file("/proc/self/statm");
    std::int64_t pages = 0;
    std::int64_t resident = 0;
    file >> pages >> resident;
    return static_cast<double>(resident * sysconf(_SC_PAGESIZE)) / 1e6;
}

kiosk::AppSetup setup() {
    kiosk::AppSetup setup;
    setup.content = {tests::sample_center(), tests::sample_questionnaire("WARD5.2"),
                     tests::sample_questionnaire("FEEDBACK.2")};
    setup.fixed_counter = survey::CounterId{"TP"};
    setup.boot_id = "boot";
    setup.staff_pin_set = true;
    setup.scanner = true;
    return setup;
}

/// A hand that taps what it sees, now and then beside it, and sometimes goes away for a minute.
class Hand {
  public:
    Hand(kiosk::App& app, glass::HeadlessGlass& panel, tests::FakeClock& clock)
        : app_(app), panel_(panel), clock_(clock) {}

    void act() {
        clock_.pass(survey::milliseconds{400 + below(400)});
        if (below(200) == 0) clock_.pass(60s);
        const std::vector<kiosk::Target>& targets = panel_.targets();
        if (targets.empty() || below(20) == 0) {
            tap(static_cast<float>(below(540)), static_cast<float>(below(960)));
        } else {
            const kiosk::Target& target = targets[static_cast<std::size_t>(below(static_cast<int>(targets.size())))];
            tap(target.x + target.width / 2, target.y + target.height / 2);
        }
    }

  private:
    int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }
    void tap(float x, float y) {
        panel_.touches().press(x, y);
        panel_.touches().release(x, y);
        app_.touched();
        app_.felt({true, x, y});
        app_.felt({false, x, y});
    }

    kiosk::App& app_;
    glass::HeadlessGlass& panel_;
    tests::FakeClock& clock_;
    std::mt19937 random_{1};
};

}  // namespace

int main(int argc, char** argv) {
    int frames = kFrames;
    if (argc > 1) {
        const std::string_view wanted = argv[1];
        std::from_chars(wanted.data(), wanted.data() + wanted.size(), frames);
        frames = std::max(frames, kWarmFrames + 1);
    }
    const kiosk::Texts texts{glass::kiosk_texts(survey::Language::vi), glass::kiosk_texts(survey::Language::en)};
    glass::HeadlessGlass panel(540, 960);
    tests::FakeClock clock;
    QuickSaver saver;
    OpenOffice reader;
    tests::FakeVoice voice;
    std::uint64_t ids = 0;
    const auto entropy = [&ids] {
        ++ids;
        return survey::UuidEntropy{static_cast<std::uint8_t>(ids >> 16), static_cast<std::uint8_t>(ids >> 8),
                                   static_cast<std::uint8_t>(ids)};
    };
    kiosk::App app(setup(), texts, clock, entropy, saver, reader, voice);
    Hand hand(app, panel, clock);

    double warm_mb = 0;
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < frames; ++i) {
        if (i == kWarmFrames) warm_mb = resident_mb();
        if (!panel.touches().owes_frames()) hand.act();
        // Both say whether another frame is owed; here every turn draws one.
        static_cast<void>(app.update());
        static_cast<void>(
            panel.frame([&](kiosk::DrawContext& draw) { return app.draw(draw.fonts, draw.layout, draw.traces); }));
        voice.said.clear();
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    std::fprintf(stderr, "%d frames, %.0f a second, %lld visits saved, %.1f MB resident\n", frames,
                 frames / took.count(), static_cast<long long>(saver.saved), resident_mb());
    if (saver.saved == 0) {
        std::fprintf(stderr, "nobody came through a visit: this measured nothing\n");
        return 1;
    }
    bench::report("headless_growth", resident_mb() - warm_mb, "MB", 1, bench::Better::less);
    return 0;
}
