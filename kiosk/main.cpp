// hailong-kiosk: the terminal. Builds everything and passes references; kiosk/app/loop.h runs it.
//
// Threads: this one draws and decides; the saver writes the journal; the background reader reads; one looks once
// through the whole journal; one waits for signals. Exit codes: 0 ended as asked, 10 ended by staff on the glass, 1
// could not start or lost its display (the message says what to do), 2 wrong command line.
#include <cstdio>
#include <iostream>
#include <optional>

#include <CLI/CLI.hpp>
#include <malloc.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "kiosk/app/app.h"
#include "kiosk/app/config.h"
#include "kiosk/app/loop.h"
#include "kiosk/app/version.h"
#include "kiosk/app/whole_check.h"
#include "kiosk/gallery/gallery.h"
#include "kiosk/platform/display_loss.h"
#include "kiosk/platform/end_requests.h"
#include "kiosk/platform/fonts.h"
#include "kiosk/platform/picture.h"
#include "kiosk/platform/watchdog.h"
#include "kiosk/platform/window.h"
#include "kiosk/platform_window.h"
#include "kiosk/recovery/repair.h"
#include "survey/base/command_line.h"
#include "survey/base/file_rights.h"
#include "survey/base/host.h"
#include "survey/crypto/sealed_text.h"

namespace {

using namespace hailong;
using kiosk::App;
using kiosk::Window;

using survey::ExitStatus;

ExitStatus fail(const std::string& message) {
    spdlog::error("{}", message);
    return ExitStatus::refused;
}

/// What is safe after it, what to do, and what not.
const char* advice_for(const kiosk::StoreEvent& event) {
    if (event.kind == "numbers_lost") {
        return "All that stands in the journal is safe. Tell the administrator that the answers of these numbers can't "
               "be read any more, and delete none of the journal's files";
    }
    if (event.kind == "saved") {
        return "No answer is lost. Find out which program or person removes files there, and keep it from doing so";
    }
    return "All that could be read and proved is safe in the new file, and the terminal goes on by itself. Leave the "
           "damaged file where it is, for support; have the disk checked if this happens again";
}

/// On the saver's thread. The journal learns which program works with it, again after it was repaired.
Expected<kiosk::Journal, kiosk::StoreError> open_journal(const kiosk::KioskConfig& config, const survey::Clock& clock,
                                                         const kiosk::Opening& opening,
                                                         std::optional<kiosk::Journal>& held) {
    kiosk::RepairSetup setup;
    setup.file = config.journal;
    setup.kiosk = config.kiosk;
    setup.boot_id = survey::boot_id();
    setup.remembered = opening.remembered;
    auto repaired = kiosk::open_or_repair(setup, clock.now(), opening.look, &held);
    if (!repaired) return unexpected(repaired.error());
    for (const kiosk::StoreEvent& event : repaired->events)
        spdlog::warn("{}: {}: {}. {}", config.journal.string(), event.kind, event.detail, advice_for(event));
    const auto noted = repaired->journal.set_kiosk_version(kiosk::program_version());
    if (!noted) spdlog::warn("{}", kiosk::describe(noted.error()));
    return std::move(repaired->journal);
}

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

kiosk::AppSetup app_setup(const kiosk::KioskConfig& config, kiosk::StartContent start, kiosk::WindowSize size,
                          std::vector<std::string> notices) {
    const auto width = static_cast<float>(size.width_px);
    const auto height = static_cast<float>(size.height_px);
    const double scale = kiosk::mm_per_px(kiosk::panel_of(width, height, config.diagonal_mm));
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
    setup.accessibility = config.accessibility;
    setup.more_time = config.more_time;
    setup.method = config.method;
    setup.phrases = load_phrases(config.phrases, notices);
    setup.panel = {width * scale, height * scale};
    setup.scanner = config.scanner;
    setup.voice = config.voice;
    setup.notices = std::move(notices);
    return setup;
}

/// What is read before there is a window. Whatever is missing or broken and can be done without stands in `notices`.
struct Prepared {
    kiosk::KioskConfig config;
    kiosk::Texts texts;
    kiosk::StartContent start;
    kiosk::FontFiles fonts;
    std::vector<std::string> notices;  // keys of texts for staff
};

Expected<Prepared, std::string> prepare(const std::filesystem::path& config_file, const survey::Clock& clock) {
    const auto text = survey::read_file(config_file);
    if (!text) return unexpected(text.error());
    auto config = kiosk::parse_kiosk_config(*text, config_file.parent_path());
    if (!config) return unexpected(survey::describe(config.error(), config_file.string()));
    Prepared prepared;
    if (!config->staff_pin_hash.empty() && !survey::close_to_others(config_file)) {
        // Whoever has the hash finds a PIN of a few digits by trying. The glass is for citizens: it answers all the
        // same.
        spdlog::warn(
            "{}: others than its owner may read or change it, and it holds the hash of the staff's PIN. Choose "
            "another PIN, and: chmod o-rwx,g-w {}",
            config_file.string(), config_file.string());
        prepared.notices.emplace_back("notice.pin_readable");
    }
    kiosk::LoadedTexts loaded = kiosk::load_texts(config->translations);
    prepared.texts = std::move(loaded.texts);
    for (const std::string& trouble : loaded.troubles)
        spdlog::warn("{}", trouble);
    if (!loaded.troubles.empty()) prepared.notices.emplace_back("notice.texts");
    auto start = kiosk::start_content({config->journal, config->kiosk, config->center, config->questionnaires},
                                      survey::local_date(clock.now()));
    if (!start) return unexpected(start.error());
    if (!start->trouble.empty()) spdlog::warn("what came down can't be used: {}", start->trouble);
    if (!config->counter.empty() && start->content.center.counter(config->counter) == nullptr) {
        return unexpected(config_file.string() + ": counter: the center has no counter \"" + config->counter.text +
                          "\"; name one of its counters, or none for a terminal in the hall");
    }
    prepared.start = std::move(*start);
    const kiosk::FoundFonts fonts = kiosk::find_some_fonts(kiosk::font_candidates(), kiosk::kSystemFonts);
    if (fonts.choice != kiosk::FontChoice::wanted) {
        spdlog::warn("neither Inter nor Noto Sans can be used; {} is: install the package fonts-inter",
                     fonts.choice == kiosk::FontChoice::other ? fonts.files.strong.string() : "a built-in font");
        prepared.notices.emplace_back("notice.font");
    }
    prepared.fonts = fonts.files;
    prepared.config = std::move(*config);
    return prepared;
}

/// What is asked, for counting what an earlier run left beside the journal.
std::vector<std::shared_ptr<const survey::Questionnaire>> forms_of(const kiosk::Content& content) {
    std::vector<std::shared_ptr<const survey::Questionnaire>> forms;
    forms.push_back(std::make_shared<const survey::Questionnaire>(content.questionnaire));
    if (content.feedback) forms.push_back(std::make_shared<const survey::Questionnaire>(*content.feedback));
    return forms;
}

/// The saver's last words stand in the log.
void finish(kiosk::JournalSaver& saver) {
    const std::size_t waiting = saver.waiting();
    if (waiting > 0) spdlog::warn("{} responses are still not on disk; they are tried on until the end", waiting);
    static_cast<void>(saver.finish());
}

ExitStatus run(const std::filesystem::path& config_file, const std::optional<std::filesystem::path>& observe_file) {
    kiosk::block_end_signals();
    const survey::SystemClock clock;
    auto prepared = prepare(config_file, clock);
    if (!prepared) return fail(prepared.error());
    const kiosk::KioskConfig& config = prepared->config;

    const kiosk::WindowConfig& size = config.window;
    auto window = Window::create(
        {prepared->start.content.center.name.vi, size.width_px, size.height_px, size.fullscreen, size.fullscreen},
        clock);
    if (!window) return fail(window.error().what + "; " + window.error().remedy);
    spdlog::info("hailong-kiosk {}: terminal {}, journal {}, on {}", kiosk::program_version(), config.kiosk.text,
                 config.journal.string(), window->renderer());
    const auto wake = [&window] { window->wake(); };
    const kiosk::EndRequests end(wake);
    kiosk::PlatformWindow port(*window, prepared->fonts);

    kiosk::Watchdog watchdog;
    kiosk::LoopSetup loop_setup;
    loop_setup.emblem = load_emblem(config.emblem, *window, prepared->notices);
    loop_setup.diagonal_mm = config.diagonal_mm;
    if (const auto patience = watchdog.patience()) loop_setup.pulse = *patience / 2;
    loop_setup.observe_file = observe_file;
    loop_setup.first_frame_shown = [&watchdog] { watchdog.ready(); };
    loop_setup.alive = [&watchdog] { watchdog.feed(); };
    // Starting, and each visit, took megabytes that are not needed again: fonts, JSON, what compiled the shaders.
    loop_setup.resting = [] { malloc_trim(0); };

    const auto seal = [](const kiosk::TextKey& key, const std::string& written) {
        return survey::seal_text(written, survey::BoxPublicKey{key});
    };
    kiosk::SaverOptions saving;
    saving.unsaved.emplace(config.journal, config.kiosk, forms_of(prepared->start.content));
    kiosk::JournalSaver saver(
        [&](const kiosk::Opening& opening, std::optional<kiosk::Journal>& held) {
            return open_journal(config, clock, opening, held);
        },
        seal, wake, std::move(saving));
    const kiosk::WholeCheck check([&config] { return kiosk::Journal::open(config.journal, config.kiosk); },
                                  [&saver] { saver.look_closely(); });
    kiosk::JournalBackgroundReader reader({config.journal, config.kiosk, config.staff_pin_hash,
                                           prepared->start.inbox_version, prepared->start.content.questionnaire},
                                          clock, wake);
    const auto voice = kiosk::make_voice({config.voice.device, config.voice.recordings}, clock, wake);
    App app(app_setup(config, std::move(prepared->start), port.size(), std::move(prepared->notices)), prepared->texts,
            clock, survey::random_uuid_entropy, saver, reader, *voice);
    kiosk::Loop loop(port, app, saver, prepared->texts, clock, std::move(loop_setup));
    const kiosk::DisplayLoss display_loss([&](const char* why) {
        spdlog::error("the display is gone: {}; a visit that went on is kept, and the program ends", why);
        app.end_visit();
        finish(saver);
    });
    const auto ended = loop.run([&end] { return end.requested(); });
    watchdog.stopping();
    finish(saver);
    if (!ended) return fail(ended.error());
    return app.close_requested() ? ExitStatus::closed_by_staff : ExitStatus::done;
}

/// Every screen as a picture, with the texts that the program was built with.
ExitStatus paint_gallery(const std::filesystem::path& folder, const std::string& panel) {
    const kiosk::Texts& texts = kiosk::builtin_texts();
    const auto font_files = kiosk::find_fonts();
    if (!font_files) return fail(font_files.error().what + "; " + font_files.error().remedy);
    kiosk::GallerySetup setup;
    setup.folder = folder;
    setup.fonts = *font_files;
    for (const survey::Language language : survey::kLanguages) {
        for (const auto& [key, text] : texts.in(language).all())
            setup.texts.push_back(text);
    }
    setup.text = [&](survey::Language language) -> const survey::Messages& { return texts.in(language); };
    setup.painted = [](const std::string& name) { std::printf("%s\n", name.c_str()); };
    const auto painted = kiosk::paint_gallery(setup, panel);
    if (!painted) return fail(painted.error());
    spdlog::info("{} pictures in {}", *painted, folder.string());
    return ExitStatus::done;
}

ExitStatus hash_pin() {
    std::string pin;
    std::getline(std::cin, pin);
    if (!kiosk::is_pin(pin)) {
        return fail("a PIN is " + std::to_string(kiosk::kPinDigitsMin) + " to " + std::to_string(kiosk::kPinDigitsMax) +
                    " digits; type it on standard input");
    }
    const std::string hash = kiosk::hash_pin(pin);
    if (hash.empty()) return fail("too little memory to hash a PIN; close other programs and try again");
    std::printf("%s\n", hash.c_str());
    return ExitStatus::done;
}

}  // namespace

int main(int argc, char** argv) {
    survey::keep_files_to_owner();
    spdlog::set_default_logger(spdlog::stderr_logger_mt("kiosk"));
    spdlog::set_pattern(survey::kLogPattern);
    CLI::App cli{"The terminal on the counter."};
    std::string config;
    std::string observe;
    std::string gallery;
    std::string gallery_panel;
    bool hash = false;
    cli.set_version_flag("--version", "hailong-kiosk " + std::string(kiosk::program_version()));
    cli.footer(
        "Ends with 0: done, 1: not done, a person is needed, 2: the command makes no sense, 10: staff closed it "
        "on the glass.");
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
    survey::refuse_empty_values(cli);
    try {
        cli.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return static_cast<int>(cli.exit(error) == 0 ? ExitStatus::done : ExitStatus::usage);
    }
    try {
        if (hash) return static_cast<int>(hash_pin());
        if (!gallery.empty()) return static_cast<int>(paint_gallery(gallery, gallery_panel));
        if (config.empty()) {
            std::fputs("hailong-kiosk: --config is missing; name the terminal's kiosk.toml\n", stderr);
            return static_cast<int>(ExitStatus::usage);
        }
        const auto observed = observe.empty() ? std::nullopt : std::optional<std::filesystem::path>(observe);
        return static_cast<int>(run(config, observed));
    } catch (const std::exception& error) {
        return static_cast<int>(fail(survey::sentence_of_unexpected(error)));
    }
}
