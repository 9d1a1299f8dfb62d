// hailong-fill: plays past visits into one terminal's journal. For the sample center and for load, never on a terminal
// that citizens use: it takes only an empty journal.
#include <cstdio>

#include <CLI/CLI.hpp>

#include "kiosk/app/config.h"
#include "kiosk/app/content.h"
#include "kiosk/app/version.h"
#include "kiosk/fill/visitors.h"
#include "kiosk/journal/journal.h"
#include "survey/base/command_line.h"
#include "survey/base/host.h"

namespace {

using namespace hailong;

using survey::ExitStatus;

ExitStatus fail(const std::string& message) {
    std::fprintf(stderr, "hailong-fill: %s\n", message.c_str());
    return ExitStatus::refused;
}

ExitStatus fill(const std::filesystem::path& config_file, std::int64_t visits, int days, std::uint64_t seed) {
    const auto text = survey::read_file(config_file);
    if (!text) return fail(text.error());
    const auto config = kiosk::parse_kiosk_config(*text, config_file.parent_path());
    if (!config) return fail(survey::describe(config.error(), config_file.string()));
    const survey::SystemClock clock;
    const survey::UtcTime until = clock.now();
    auto content = kiosk::load_content(config->center, config->questionnaires, survey::local_date(until));
    if (!content) return fail(content.error());
    auto journal = kiosk::Journal::open(config->journal, config->kiosk);
    if (!journal) return fail(kiosk::describe(journal.error()));
    const auto head = journal->head();
    if (!head) return fail(kiosk::describe(head.error()));
    if (head->seq > 0) {
        return fail(config->journal.string() + ": already holds " + std::to_string(head->seq) +
                    " records; the past is played only into an empty journal");
    }

    kiosk::VisitSetup setup;
    setup.center = content->center;
    setup.fixed_counter = config->counter;
    setup.timing = config->timing;
    std::mt19937_64 random(seed);
    std::uint64_t number = 0;
    survey::Date asked_on{};
    for (const survey::UtcTime arrival : kiosk::arrivals(visits, days, until, random)) {
        const survey::Date day = survey::local_date(arrival);
        if (day != asked_on) {
            // As it was asked on that day; before the first version, as today.
            const auto then = kiosk::load_content(config->center, config->questionnaires, day);
            setup.questionnaire = then ? then->questionnaire : content->questionnaire;
            asked_on = day;
        }
        setup.boot_id = "fill-" + survey::to_string(day);
        const auto response = kiosk::play_visit(setup, arrival, number++, random);
        if (!response) continue;
        const auto entry = journal->append(*response, setup.questionnaire);
        if (!entry) return fail(kiosk::describe(entry.error()));
    }
    const auto filled = journal->head();
    if (!filled) return fail(kiosk::describe(filled.error()));
    std::printf("%s: %lld records\n", config->kiosk.text.c_str(), static_cast<long long>(filled->seq));
    return ExitStatus::done;
}

}  // namespace

int main(int argc, char** argv) {
    survey::keep_files_to_owner();
    CLI::App app{"Plays realistic past visits into a terminal's empty journal."};
    app.set_version_flag("--version", "hailong-fill " + std::string(kiosk::program_version()));
    app.footer(survey::kExitStatusHelp);
    std::string config;
    std::int64_t visits = 100;
    int days = 120;
    std::uint64_t seed = 1;
    app.add_option("--config", config, "the terminal's kiosk.toml")->required();
    app.add_option("--visits", visits, "how many visitors come")->check(CLI::Range(1, 10'000'000));
    app.add_option("--days", days, "over how many days, today included")->check(CLI::Range(1, 3650));
    app.add_option("--seed", seed, "the same seed gives the same visitors");
    survey::refuse_empty_values(app);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return static_cast<int>(app.exit(error) == 0 ? ExitStatus::done : ExitStatus::usage);
    }
    try {
        return static_cast<int>(fill(config, visits, days, seed));
    } catch (const std::exception& error) {
        return static_cast<int>(fail(survey::sentence_of_unexpected(error)));
    }
}
