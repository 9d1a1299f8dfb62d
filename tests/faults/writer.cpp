// A terminal without a glass: visits go into the real journal as fast as it takes them, and each that it took is
// written down behind it, as a person would remember having been thanked. Made to be killed at any moment.
//
//   fault-writer KIOSK_TOML PROMISED_FILE SEED
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

#include "kiosk/app/config.h"
#include "kiosk/app/content.h"
#include "kiosk/fill/visitors.h"
#include "kiosk/journal/journal.h"
#include "survey/base/hex.h"
#include "survey/base/host.h"

namespace {

using namespace hailong;

/// Visits in a row without a pause, so that most kills meet a commit; then a breath, so that the disk does not fill.
constexpr int kBurst = 20;
constexpr std::chrono::milliseconds kBreath{30};

int fail(const std::string& message) {
    std::fprintf(stderr, "fault-writer: %s\n", message.c_str());
    return 1;
}

int run(const std::filesystem::path& config_file, const char* promised_file, std::uint64_t seed) {
    const auto text = survey::read_file(config_file);
    if (!text) return fail(text.error());
    const auto config = kiosk::parse_kiosk_config(*text, config_file.parent_path());
    if (!config) return fail(survey::describe(config.error(), config_file.string()));
    const survey::SystemClock clock;
    auto content = kiosk::load_content(config->center, config->questionnaires, survey::local_date(clock.now()));
    if (!content) return fail(content.error());
    auto journal = kiosk::Journal::open(config->journal, config->kiosk);
    if (!journal) return fail(kiosk::describe(journal.error()));
    const int promised = open(promised_file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (promised < 0) return fail("can't write down what was promised");

    kiosk::VisitSetup setup;
    setup.questionnaire = content->questionnaire;
    setup.center = content->center;
    setup.fixed_counter = config->counter;
    setup.timing = config->timing;
    setup.boot_id = survey::boot_id();
    std::mt19937_64 random(seed);
    for (std::uint64_t number = 0;; ++number) {
        if (number % kBurst == 0) std::this_thread::sleep_for(kBreath);
        auto response = kiosk::play_visit(setup, clock.now(), number, random);
        if (!response) continue;
        // As long as it was played, and ended just now: what is made up is the visitor, not the machine's clocks.
        const auto took = response->finished.monotonic - response->started.monotonic;
        response->finished.monotonic = clock.monotonic();
        response->started.monotonic = std::max(clock.monotonic() - took, survey::MonoTime{});
        response->id = survey::make_uuid7(clock.now(), survey::random_uuid_entropy());
        if (const auto entry = journal->append(*response, setup.questionnaire); !entry) {
            return fail(kiosk::describe(entry.error()));
        }
        const std::string line = survey::hex(response->id.bytes) + "\n";
        if (write(promised, line.data(), line.size()) != static_cast<ssize_t>(line.size())) return fail("no promise");
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) return fail("KIOSK_TOML PROMISED_FILE SEED");
    return run(argv[1], argv[2], std::stoull(argv[3]));
}
