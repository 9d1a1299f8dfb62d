// hailong-kiosk: the terminal. Builds everything, passes references, and runs the loop.
//
// Threads: this one draws and decides; the saver writes the journal; the back office reads; one waits for signals.
// Exit codes: 0 ended as asked, 10 ended by staff on the glass, 1 could not start (the message says what to do), 2
// wrong command line.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <optional>
#include <thread>

#include <CLI/CLI.hpp>
#include <malloc.h>
#include <pthread.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "kiosk/app/app.h"
#include "kiosk/app/config.h"
#include "kiosk/app/observe.h"
#include "kiosk/app/pulse.h"
#include "kiosk/gallery/gallery.h"
#include "kiosk/platform/fonts.h"
#include "kiosk/platform/picture.h"
#include "kiosk/platform/watchdog.h"
#include "kiosk/platform/window.h"
#include "kiosk/recovery/repair.h"
#include "kiosk/theme/theme.h"
#include "survey/crypto/sealed_text.h"
#include "survey/base/host.h"

namespace {

using namespace hailong;
using kiosk::App;
using kiosk::Window;

/// Frames drawn after a change: one that shows it, one for what Dear ImGui knows only a frame later.
constexpr int kFramesAfterChange = 2;
/// The longest sleep: nothing is due, and a touch or a letter wakes the loop at once.
constexpr std::chrono::milliseconds kSleepMax{60'000};

/// Staff ended the program: scripts/systemd does not start it anew after this.
constexpr int kClosedByStaff = 10;

int fail(const std::string& message) {
    spdlog::error("{}", message);
    return 1;
}

sigset_t end_signals() {
    sigset_t signals{};
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    return signals;
}

/// Leaves SIGINT and SIGTERM to EndRequests. Called before any thread is made, so that it holds for all of them.
void block_end_signals() {
    const sigset_t signals = end_signals();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

/// Waits for SIGINT and SIGTERM on a thread of its own, and wakes the loop. `window` must outlive it.
class EndRequests {
  public:
    explicit EndRequests(Window& window)
        : thread_([this, &window] {
              const sigset_t signals = end_signals();
              int signal = 0;
              sigwait(&signals, &signal);
              requested_ = true;
              window.wake();
          }) {}
    ~EndRequests() {
        // Ends the wait of sigwait: the signal is blocked in every thread, so it ends nothing else.
        pthread_kill(thread_.native_handle(), SIGTERM);  // NOLINT(bugprone-bad-signal-to-kill-thread)
        thread_.join();
    }
    EndRequests(const EndRequests&) = delete;
    EndRequests& operator=(const EndRequests&) = delete;

    [[nodiscard]] bool requested() const { return requested_; }

  private:
    std::atomic<bool> requested_{false};
    std::thread thread_;  // last: it uses what stands above
};

/// The content to start with: what came down last, or what the files hold. The error is why there is none at all.
struct StartContent {
    kiosk::Content content;
    std::string inbox_version;
    std::string trouble;
};

Expected<StartContent, std::string> start_content(const kiosk::KioskConfig& config, survey::Date today) {
    std::string trouble;
    if (const auto inbox = kiosk::Inbox::open(config.journal)) {
        auto found = kiosk::read_inbox_content(*inbox, today);
        if (found && found->content) return StartContent{std::move(*found->content), found->version, {}};
        if (found) trouble = found->content.error();
    }
    auto files = kiosk::load_content(config.center, config.questionnaires, today);
    if (files) return StartContent{std::move(*files), {}, std::move(trouble)};
    return unexpected(trouble.empty() ? files.error() : trouble + "\n" + files.error());
}

/// On the saver's thread.
Expected<kiosk::Journal, kiosk::StoreError> open_journal(const kiosk::KioskConfig& config, const survey::Clock& clock,
                                                         kiosk::Look look) {
    kiosk::RepairSetup setup;
    setup.file = config.journal;
    setup.kiosk = config.kiosk;
    setup.boot_id = survey::boot_id();
    auto repaired = kiosk::open_or_repair(setup, clock.now(), look);
    if (!repaired) return unexpected(repaired.error());
    for (const kiosk::StoreEvent& event : repaired->events)
        spdlog::warn("{}: {}: {}", config.journal.string(), event.kind, event.detail);
    return std::move(repaired->journal);
}

using TextViews = std::vector<std::string_view>;

void add(const survey::LocalizedText& text, TextViews& all) {
    all.push_back(text.vi);
    all.push_back(text.en);
}

void add(const survey::Questionnaire& questionnaire, TextViews& all) {
    for (const survey::Item& item : questionnaire.items) {
        add(item.text, all);
        add(item.hint, all);
        for (const survey::Option& option : item.options) {
            add(option.label, all);
            add(option.message, all);
        }
    }
}

/// Everything that can appear on the glass, so that its letters are baked. Views into `texts` and `setup`.
TextViews texts_on_glass(const kiosk::Texts& texts, const kiosk::VisitSetup& setup) {
    TextViews all;
    for (const survey::Language language : survey::kLanguages) {
        for (const auto& [key, words] : texts.in(language).all())
            all.push_back(words);
    }
    add(setup.center.name, all);
    for (const survey::Counter& counter : setup.center.counters) {
        add(counter.name, all);
        add(counter.short_name, all);
    }
    for (const survey::Field& field : setup.center.fields)
        add(field.name, all);
    for (const survey::Officer& officer : setup.center.officers) {
        all.push_back(officer.name);
        add(officer.post, all);
    }
    for (const survey::Action& action : setup.center.actions) {
        add(action.said, all);
        add(action.done, all);
    }
    add(setup.questionnaire, all);
    if (setup.feedback) add(*setup.feedback, all);
    return all;
}

/// `diagonal_mm` as configured; 0: the usual one for so many pixels.
kiosk::Panel panel_of(Window::Size size, float diagonal_mm) {
    const auto width = static_cast<float>(size.width);
    const auto height = static_cast<float>(size.height);
    return {width, height, diagonal_mm > 0 ? diagonal_mm : kiosk::usual_diagonal_mm(width, height)};
}

double mm_per_px(const kiosk::Panel& panel) {
    return panel.diagonal_mm / std::max(std::hypot(panel.width_px, panel.height_px), 1.F);
}

/// The loop: sleeps until something is due, draws only when something changed.
class Loop {
  public:
    struct Parts {
        Window& window;
        App& app;
        kiosk::Saver& saver;
        kiosk::Watchdog& watchdog;
        const kiosk::Texts& texts;
        const survey::Clock& clock;
    };
    Loop(const Parts& parts, kiosk::FontFiles font_files, const kiosk::Picture& emblem, float diagonal_mm,
         std::optional<std::filesystem::path> observe_file)
        : window_(parts.window),
          app_(parts.app),
          saver_(parts.saver),
          watchdog_(parts.watchdog),
          pulse_(watchdog_.patience() ? *watchdog_.patience() / 2 : kiosk::kPulseUnwatched, parts.clock.monotonic()),
          texts_(parts.texts),
          clock_(parts.clock),
          font_files_(std::move(font_files)),
          emblem_(emblem),
          diagonal_mm_(diagonal_mm),
          observe_file_(std::move(observe_file)) {}

    Expected<void, std::string> run(const EndRequests& end) {
        int frames_owed = kFramesAfterChange;
        while (!window_.close_requested() && !end.requested() && !app_.close_requested()) {
            if (auto fitted = fit_to_window(); !fitted) return fitted;
            note_touch();
            if (take_input()) frames_owed = kFramesAfterChange;
            if (pulse_.beats(clock_.monotonic())) {
                frames_owed = std::max(frames_owed, 1);
                saver_.probe();
            }
            if (pulse_.feeds(saver_.probes_done())) watchdog_.feed();
            if (app_.update() || window_.take_redraw_request()) frames_owed = kFramesAfterChange;
            if (frames_owed == 0 && !window_.owes_frames()) {
                window_.wait_events(sleep());
                continue;
            }
            if (frames_owed > 0) --frames_owed;
            if (draw_frame()) frames_owed = kFramesAfterChange;
            window_.poll_events();
        }
        return {};
    }

  private:
    using Steady = std::chrono::steady_clock;

    [[nodiscard]] std::chrono::milliseconds sleep() const {
        survey::MonoTime due = pulse_.deadline();
        if (const auto app_due = app_.next_deadline()) due = std::min(due, *app_due);
        if (const auto keys_due = window_.keys_deadline()) due = std::min(due, *keys_due);
        return std::clamp(due - clock_.monotonic(), std::chrono::milliseconds{0}, kSleepMax);
    }

    /// Lays out anew when the window, what a visitor asked for or the content changed, and bakes the fonts when their
    /// size or letters did.
    Expected<void, std::string> fit_to_window() {
        const Window::Size size = window_.framebuffer_size();
        const kiosk::LayoutWishes wishes = app_.wishes();
        const bool other_letters =
            !(size == size_) || wishes.text != wishes_.text || app_.content_number() != content_number_;
        if ((!other_letters && wishes == wishes_) || size.width == 0 || size.height == 0) return {};
        size_ = size;
        wishes_ = wishes;
        content_number_ = app_.content_number();
        const kiosk::Panel panel = panel_of(size, diagonal_mm_);
        layout_ = kiosk::layout_for(panel, wishes);
        mm_per_px_ = mm_per_px(panel);
        if (!other_letters) return {};
        ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
        atlas.Clear();
        auto fonts = kiosk::load_fonts(atlas, layout_, font_files_, texts_on_glass(texts_, app_.setup()));
        if (!fonts) return unexpected(fonts.error().what + "; " + fonts.error().remedy);
        fonts_ = *fonts;
        window_.fonts_changed();
        return {};
    }

    /// Hands keys and fingers to the app. True when there were any keys.
    bool take_input() {
        for (const kiosk::TouchEdge& edge : window_.take_touch_edges())
            app_.felt({edge.down, edge.x * mm_per_px_, edge.y * mm_per_px_});
        const std::vector<kiosk::KeyInput> keys = window_.take_keys();
        for (const kiosk::KeyInput& input : keys)
            app_.key(input);
        return !keys.empty();
    }

    void note_touch() {
        if (!window_.owes_frames()) {
            touch_began_.reset();
            return;
        }
        if (touch_began_) return;
        touch_began_ = Steady::now();
        app_.touched();
    }

    /// True when an intent was taken.
    bool draw_frame() {
        window_.begin_frame();
        const bool acted = app_.draw(fonts_, layout_, traces_, emblem_.texture == nullptr ? nullptr : &emblem_);
        if (acted && touch_began_) note_latency(Steady::now() - *touch_began_);
        window_.end_frame(kiosk::theme_of(app_.theme()).page.fill);
        seen_.frames += 1;
        pulse_.frame_drawn();
        if (seen_.frames == 1) {
            seen_.first_frame_ms = clock_.monotonic().time_since_epoch().count();
            watchdog_.ready();
        }
        give_back_memory();
        if (observe_file_ && !acted) observe();
        return acted;
    }

    /// Starting, and each visit, took megabytes that are not needed again: fonts, JSON, what compiled the shaders. They
    /// are given back when nobody waits for it.
    void give_back_memory() {
        const bool resting = app_.visit().phase == kiosk::Phase::attract;
        if (resting && !was_resting_) malloc_trim(0);
        was_resting_ = resting;
    }

    void note_latency(Steady::duration latency) {
        auto& taps = seen_.tap_to_intent_us;
        if (taps.size() == kiosk::kObservedTapsMax) taps.erase(taps.begin());
        taps.push_back(std::chrono::duration_cast<std::chrono::microseconds>(latency).count());
    }

    void observe() {
        const std::string screen = app_.screen();
        const std::string item = screen == "asking" ? app_.visit().item.text : std::string();
        const std::string language(survey::code(app_.language()));
        if (screen == seen_.screen && item == seen_.item && language == seen_.language &&
            traces_.targets == seen_.targets)
            return;
        seen_.screen = screen;
        seen_.item = item;
        seen_.language = language;
        seen_.targets = traces_.targets;
        if (const auto written = survey::write_file(*observe_file_, to_json(seen_)); !written) {
            spdlog::warn("{}", written.error());
        }
    }

    Window& window_;
    App& app_;
    kiosk::Saver& saver_;
    kiosk::Watchdog& watchdog_;
    kiosk::Pulse pulse_;
    const kiosk::Texts& texts_;
    const survey::Clock& clock_;
    kiosk::FontFiles font_files_;
    kiosk::Picture emblem_;  // without texture: the product's own
    float diagonal_mm_ = 0;  // as configured; 0: the usual one
    std::optional<std::filesystem::path> observe_file_;

    Window::Size size_;
    kiosk::LayoutWishes wishes_;
    std::uint64_t content_number_ = 0;
    double mm_per_px_ = 0;
    kiosk::Layout layout_;
    kiosk::Fonts fonts_;
    kiosk::Traces traces_;
    std::optional<Steady::time_point> touch_began_;
    kiosk::Observation seen_;
    bool was_resting_ = false;
};

/// Phrases to offer; none, with a notice for staff, where they can't be read: people can still write.
std::vector<kiosk::Phrase> load_phrases(const std::filesystem::path& file, std::vector<std::string>& notices) {
    if (file.empty()) return {};
    std::string why;
    if (const auto text = survey::read_file(file)) {
        auto phrases = kiosk::parse_phrases(*text);
        if (phrases) return std::move(*phrases);
        why = survey::describe(phrases.error(), file.string());
    } else {
        why = text.error();
    }
    spdlog::warn("no phrases are offered: {}", why);
    notices.emplace_back("notice.phrases");
    return {};
}

/// The center's emblem on the graphics card; without texture where there is none, or, with a notice for staff, where it
/// can't be read.
kiosk::Picture load_emblem(const std::filesystem::path& file, Window& window, std::vector<std::string>& notices) {
    if (file.empty()) return {};
    const auto picture = kiosk::read_picture(file);
    if (!picture) {
        spdlog::warn("{}", picture.error());
        notices.emplace_back("notice.emblem");
        return {};
    }
    return {window.add_picture(picture->width, picture->height, picture->rgba.data()),
            static_cast<float>(picture->width), static_cast<float>(picture->height)};
}

kiosk::AppSetup app_setup(const kiosk::KioskConfig& config, StartContent start, const Window& window,
                          std::vector<std::string> notices) {
    const Window::Size size = window.framebuffer_size();
    const double scale = mm_per_px(panel_of(size, config.diagonal_mm));
    kiosk::AppSetup setup;
    setup.content = std::move(start.content);
    setup.content_trouble = std::move(start.trouble);
    setup.fixed_counter = config.counter;
    setup.timing = config.timing;
    setup.language = config.language;
    setup.boot_id = survey::boot_id();
    setup.staff_pin_set = !config.staff_pin_hash.empty();
    setup.quality = config.quality;
    setup.lobby = config.lobby;
    setup.help = config.help;
    setup.method = config.method;
    setup.phrases = load_phrases(config.phrases, notices);
    setup.panel = {size.width * scale, size.height * scale};
    setup.scanner = config.scanner;
    setup.voice = config.voice;
    setup.notices = std::move(notices);
    return setup;
}

int run(const std::filesystem::path& config_file, const std::optional<std::filesystem::path>& observe_file) {
    block_end_signals();
    const survey::SystemClock clock;
    const auto text = survey::read_file(config_file);
    if (!text) return fail(text.error());
    const auto config = kiosk::parse_kiosk_config(*text, config_file.parent_path());
    if (!config) return fail(survey::describe(config.error(), config_file.string()));
    std::vector<std::string> notices;
    const kiosk::LoadedTexts loaded = kiosk::load_texts(config->translations);
    const kiosk::Texts& texts = loaded.texts;
    for (const std::string& trouble : loaded.troubles)
        spdlog::warn("{}", trouble);
    if (!loaded.troubles.empty()) notices.emplace_back("notice.texts");
    auto start = start_content(*config, survey::local_date(clock.now()));
    if (!start) return fail(start.error());
    if (!start->trouble.empty()) spdlog::warn("what came down can't be used: {}", start->trouble);
    if (!config->counter.empty() && start->content.center.counter(config->counter) == nullptr) {
        return fail(config_file.string() + ": counter: the center has no counter \"" + config->counter.text +
                    "\"; name one of its counters, or none for a terminal in the hall");
    }
    const kiosk::FoundFonts fonts = kiosk::find_some_fonts(kiosk::font_candidates(), kiosk::kSystemFonts);
    if (fonts.choice != kiosk::FontChoice::wanted) {
        spdlog::warn("neither Inter nor Noto Sans can be used; {} is: install the package fonts-inter",
                     fonts.choice == kiosk::FontChoice::other ? fonts.files.strong.string() : "a built-in font");
        notices.emplace_back("notice.font");
    }

    const kiosk::WindowConfig& size = config->window;
    auto window = Window::create(
        {start->content.center.name.vi, size.width_px, size.height_px, size.fullscreen, size.fullscreen}, clock);
    if (!window) return fail(window.error().what + "; " + window.error().remedy);
    spdlog::info("terminal {} on {}", config->kiosk.text, window->renderer());
    const EndRequests end(*window);
    const kiosk::Picture emblem = load_emblem(config->emblem, *window, notices);

    const auto wake = [&window] { window->wake(); };
    kiosk::Watchdog watchdog;
    // No key for words and no screen to write them on yet: none are given, and none would be kept.
    const auto seal = [](const kiosk::TextKey& key, const std::string& written) {
        return survey::seal_text(written, survey::BoxPublicKey{key});
    };
    kiosk::JournalSaver saver([&](kiosk::Look look) { return open_journal(*config, clock, look); }, seal, wake);
    kiosk::StoreBackOffice back_office({config->journal, config->kiosk, config->staff_pin_hash, start->inbox_version},
                                       clock, wake);
    const auto voice = kiosk::make_voice({config->voice.device, config->voice.recordings}, clock, wake);
    App app(app_setup(*config, std::move(*start), *window, std::move(notices)), texts, clock,
            survey::random_uuid_entropy, saver, back_office, *voice);
    Loop loop({*window, app, saver, watchdog, texts, clock}, fonts.files, emblem, config->diagonal_mm, observe_file);
    const auto ended = loop.run(end);
    watchdog.stopping();
    if (saver.waiting() > 0) spdlog::warn("{} responses are still not on disk; trying once more", saver.waiting());
    if (!ended) return fail(ended.error());
    return app.close_requested() ? kClosedByStaff : 0;
}

/// Every screen as a picture, with the texts that the program was built with.
int paint_gallery(const std::filesystem::path& folder, const std::string& panel) {
    const kiosk::Texts& texts = kiosk::builtin_texts();
    const auto font_files = kiosk::find_fonts();
    if (!font_files) return fail(font_files.error().what + "; " + font_files.error().remedy);
    kiosk::GallerySetup setup;
    setup.folder = folder;
    setup.fonts = *font_files;
    for (const survey::Language language : survey::kLanguages) {
        for (const auto& [key, words] : texts.in(language).all())
            setup.texts.push_back(words);
    }
    setup.text = [&](survey::Language language) -> const survey::Messages& { return texts.in(language); };
    setup.painted = [](const std::string& name) { std::printf("%s\n", name.c_str()); };
    const auto painted = kiosk::paint_gallery(setup, panel);
    if (!painted) return fail(painted.error());
    spdlog::info("{} pictures in {}", *painted, folder.string());
    return 0;
}

int hash_pin() {
    std::string pin;
    std::getline(std::cin, pin);
    if (!kiosk::is_pin(pin)) {
        return fail("a PIN is " + std::to_string(kiosk::kPinDigitsMin) + " to " + std::to_string(kiosk::kPinDigitsMax) +
                    " digits; type it on standard input");
    }
    const std::string hash = kiosk::hash_pin(pin);
    if (hash.empty()) return fail("too little memory to hash a PIN; close other programs and try again");
    std::printf("%s\n", hash.c_str());
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    spdlog::set_default_logger(spdlog::stderr_logger_mt("kiosk"));
    CLI::App cli{"The terminal on the counter."};
    std::string config;
    std::string observe;
    std::string gallery;
    std::string gallery_panel;
    bool hash = false;
    auto* const config_option = cli.add_option("--config", config, "the terminal's kiosk.toml");
    cli.add_option("--observe", observe, "write what is on the glass to this JSON file (for tools and tests)");
    auto* const hash_option = cli.add_flag("--hash-pin", hash, "read a PIN and print what staff_pin_hash is to hold");
    config_option->excludes(hash_option);
    auto* const gallery_option = cli.add_option(
        "--gallery", gallery, "paint every screen in every state, language, theme and panel into this folder");
    cli.add_option("--gallery-panel", gallery_panel,
                   "only of this panel: 1080x1920, 1920x1080, 1366x768, 1280x800, 800x480")
        ->needs(gallery_option);
    gallery_option->excludes(config_option);
    CLI11_PARSE(cli, argc, argv);
    if (hash) return hash_pin();
    if (!gallery.empty()) return paint_gallery(gallery, gallery_panel);
    if (config.empty()) {
        std::fputs("hailong-kiosk: --config is missing; name the terminal's kiosk.toml\n", stderr);
        return 2;
    }
    return run(config, observe.empty() ? std::nullopt : std::optional<std::filesystem::path>(observe));
}
