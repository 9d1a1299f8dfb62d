#include "sync/backend/cli/commands.h"

#include <algorithm>
#include <charconv>
#include <ostream>
#include <thread>

#include <CLI/CLI.hpp>
#include <pthread.h>
#include <signal.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include "survey/base/host.h"
#include "sync/backend/api/documents.h"
#include "sync/backend/audit/reconcile.h"
#include "sync/backend/audit/verify.h"
#include "sync/backend/cli/command_support.h"
#include "sync/backend/ingest/reprocess.h"
#include "sync/backend/service/service.h"
#include "sync/backend/store/sqlite/store.h"
#include "sync/backend/terminals/keys.h"

namespace hailong::sync {
namespace {

namespace fs = std::filesystem;

/// Most files read from a folder of questionnaires: a province has a handful.
constexpr std::size_t kQuestionnaireFilesMax = 500;

/// Threads that talk to clients: one a core, but not more than the few that pages need.
constexpr unsigned kThreadsMax = 8;

/// Files the service may hold open: its connections, the store, and room.
constexpr rlim_t kOpenFiles = 8'192;

constexpr std::int64_t kCountMax = 1'000'000'000'000'000;  // what a share can be taken of exactly

/// A document as it was read, for what has to be said about it and for the store.
template <class Value>
struct Imported {
    std::string file;
    std::string json;
    Value value;
};

class Importer {
  public:
    explicit Importer(std::ostream& err) : err_(err) {}

    Exit run(const InitOptions& options, std::ostream& out) {
        const auto center = read<survey::Center>(options.center, survey::parse_center);
        std::vector<Imported<survey::Questionnaire>> questionnaires;
        for (const fs::path& file : files_in(options.questionnaires)) {
            auto one = read<survey::Questionnaire>(file, survey::parse_questionnaire);
            if (one) questionnaires.push_back(std::move(*one));
        }
        if (faults_ > 0) return stop();

        std::error_code error;
        fs::create_directories(options.data, error);
        if (error) {
            return refuse(err_, "can't create " + options.data.string() + ": " + error.message() +
                                    "; choose a folder that this user can write to");
        }
        auto store = open_sqlite_store(options.data / kStoreFile, OpenMode::create);
        if (!store) return refuse(err_, store.error());
        auto transaction = (*store)->write();
        if (!transaction) return refuse(err_, transaction.error());
        if (const Exit checked = check_keys(options, **transaction); checked != Exit::done) return checked;
        auto reference = load_reference((*transaction)->documents());
        if (!reference) return refuse(err_, reference.error());
        std::size_t added = 0;
        for (const auto& one : questionnaires) {
            if (reference->questionnaires.find(one.value.ref) == nullptr) {
                const auto put = (*transaction)->documents().put_questionnaire({one.value.ref, one.json});
                if (!put) return refuse(err_, put.error());
                ++added;
            }
            const auto known = reference->questionnaires.add(one.value);
            if (!known) tell(known.error(), one.file);
        }
        check(*center, reference->questionnaires, options.questionnaires.string());
        if (faults_ > 0) return stop();
        const auto put = (*transaction)->documents().put_center(center->value.id, center->json);
        if (!put) return refuse(err_, put.error());
        const auto committed = (*transaction)->commit();
        if (!committed) return refuse(err_, committed.error());
        out << "center " << center->value.id.text << ": " << center->value.counters.size() << " counters, "
            << center->value.officers.size() << " officers, " << center->value.procedures.size() << " procedures\n"
            << "questionnaires: " << questionnaires.size() << " read, " << added << " new\n"
            << "store: " << (options.data / kStoreFile).string() << '\n';
        return make_keys(options.data, out);
    }

  private:
    /// Terminals believe only the keys that they were enrolled with: lost ones are not made anew unasked.
    Exit check_keys(const InitOptions& options, Snapshot& snapshot) {
        const std::vector<std::string> missing = missing_keys(options.data);
        if (missing.empty() || options.new_keys) return Exit::done;
        const auto relied_on = has_enrolled(snapshot.terminals());
        if (!relied_on) return refuse(err_, relied_on.error());
        if (!*relied_on) return Exit::done;
        return refuse(err_, "keys/" + missing.front() +
                                " is missing, and terminals rely on it; restore the folder keys "
                                "from the backup, or, when it is lost for good, start again "
                                "with --new-keys and enrol every terminal anew");
    }

    static StoreResult<bool> has_enrolled(TerminalReader& reader) {
        constexpr std::size_t kPage = 1'000;
        survey::KioskId after;
        for (;;) {
            const auto page = reader.page(after, kPage);
            if (!page) return unexpected(page.error());
            for (const Terminal& terminal : *page) {
                if (terminal.key) return true;
            }
            if (page->size() < kPage) return false;
            after = page->back().kiosk;
        }
    }

    Exit make_keys(const fs::path& data, std::ostream& out) {
        const auto made = make_missing_keys(data);
        if (!made) return refuse(err_, made.error());
        for (const std::string& name : *made)
            out << "made keys/" << name << '\n';
        const auto keys = load_keys(data);
        if (!keys) return refuse(err_, keys.error());
        if (std::find(made->begin(), made->end(), text_key_file(data).filename()) != made->end()) {
            out << "text.key opens people's comments. Split it (hailong-backend keys split), keep it off this "
                   "machine, "
                   "and delete it here: all but opening texts works without it. Back up the others.\n";
        }
        return Exit::done;
    }

    void tell(const survey::Faults& faults, const std::string& file) {
        err_ << survey::describe(faults, file) << '\n';
        faults_ += faults.size();
    }
    Exit stop() const {
        return refuse(err_, "nothing was imported because of " + std::to_string(faults_) +
                                (faults_ == 1 ? " fault" : " faults") + "; mend what is named above and start again");
    }

    template <class Value, class Parse>
    std::optional<Imported<Value>> read(const fs::path& file, Parse&& parse) {
        auto json = survey::read_file(file);
        if (!json) {
            err_ << json.error() << '\n';
            ++faults_;
            return std::nullopt;
        }
        auto value = parse(*json);
        if (!value) {
            tell(value.error(), file.string());
            return std::nullopt;
        }
        return Imported<Value>{file.string(), std::move(*json), std::move(*value)};
    }

    std::vector<fs::path> files_in(const fs::path& folder) {
        std::vector<fs::path> files;
        std::error_code error;
        for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
            if (at->path().extension() == ".json") files.push_back(at->path());
        }
        std::sort(files.begin(), files.end());
        const auto fault = [&](const std::string& what, const std::string& remedy) {
            tell({{"", what, remedy}}, folder.string());
            files.clear();
        };
        if (error) {
            fault("can't be read: " + error.message(), "name the folder that holds the questionnaires' files");
        } else if (files.empty()) {
            fault("holds no .json file", "name the folder that holds the questionnaires' files");
        } else if (files.size() > kQuestionnaireFilesMax) {
            fault("holds more than " + std::to_string(kQuestionnaireFilesMax) + " .json files",
                  "name a folder that holds questionnaires alone");
        }
        return files;
    }

    /// What a center and the questionnaires must agree on.
    void check(const Imported<survey::Center>& center, const survey::Catalog& catalog, const std::string& folder) {
        const survey::Faults open = catalog.check_references();
        if (!open.empty()) tell(open, folder);
        survey::Faults faults;
        bool is_known = false;
        for (const survey::Questionnaire& version : catalog.all()) {
            if (version.ref.id != center.value.questionnaire) continue;
            is_known = true;
            const survey::Item* item = version.item(center.value.headline);
            const bool has_share = item != nullptr && item->type != survey::ItemType::multi &&
                                   std::any_of(item->options.begin(), item->options.end(),
                                               [](const survey::Option& option) { return option.satisfied; });
            if (has_share) continue;
            faults.push_back({"headline",
                              "\"" + center.value.headline.text + "\" is no item of " + version.ref.id.text +
                                  " version " + std::to_string(version.ref.version) +
                                  " with one choice and options marked satisfied",
                              "name an item whose share of satisfied answers is the objective's figure"});
        }
        if (!is_known) {
            faults.push_back({"questionnaire", "no version of \"" + center.value.questionnaire.text + "\" is known",
                              "put its file into " + folder + ", or name another questionnaire"});
        }
        const survey::QuestionnaireId& feedback = center.value.feedback;
        const bool feedback_is_known =
            feedback.empty() || std::any_of(catalog.all().begin(), catalog.all().end(),
                                            [&](const auto& version) { return version.ref.id == feedback; });
        if (!feedback_is_known) {
            faults.push_back({"feedback", "no version of \"" + feedback.text + "\" is known",
                              "put its file into " + folder + ", name another questionnaire, or leave it out"});
        }
        if (!faults.empty()) tell(faults, center.file);
    }

    std::ostream& err_;
    std::size_t faults_ = 0;
};

/// Digits alone: no sign, no spaces, no other base.
std::optional<std::int64_t> parse_count(const std::string& text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool digits = std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (error != std::errc() || end != text.data() + text.size() || !digits) return std::nullopt;
    return value;
}

/// Beside the program where it is installed, above it where it was built.
std::optional<fs::path> find_assets() {
    std::error_code error;
    const fs::path program = fs::read_symlink("/proc/self/exe", error).parent_path();
    for (const fs::path& folder :
         {program / "../share/hailong/assets", program / "../../../assets", fs::path("/usr/share/hailong/assets")}) {
        if (fs::exists(folder / "web" / "results.mustache", error)) return fs::weakly_canonical(folder, error);
    }
    return std::nullopt;
}

/// Every connection is a file; the usual soft limit of 1,024 would be the first thing to give way.
void raise_open_files() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = std::max(limit.rlim_cur, std::min(limit.rlim_max, kOpenFiles));
    setrlimit(RLIMIT_NOFILE, &limit);
}

/// SIGTERM and SIGINT, taken by sigwait() instead of a handler. Threads started later inherit the mask.
sigset_t block_stop_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    return signals;
}

/// The options of `keys` and of `texts`, which have commands of their own.
struct KeysCommands {
    fs::path data;
    SplitOptions split;
    JoinOptions join;

    void add_to(CLI::App& app, Exit& exit, std::ostream& out, std::ostream& err) {
        CLI::App* keys = app.add_subcommand("keys", "Show the backend's keys; split and join the one that opens texts");
        keys->require_subcommand(1);
        CLI::App* command = keys->add_subcommand("show", "Print the public halves");
        command->add_option("--data", data, "Folder of the store")->required();
        command->callback([this, &exit, &out, &err] { exit = show_keys(data, out, err); });
        command = keys->add_subcommand("split", "Write the key of texts as three shares, two of which bring it back");
        command->add_option("--data", split.data, "Folder of the store");
        command->add_option("--key", split.key, "File of the key; else text.key in the data folder");
        command->add_option("--out", split.folder, "Folder for the shares")->required();
        command->callback([this, &exit, &out, &err] { exit = split_text_key(split, out, err); });
        command = keys->add_subcommand("join", "Make the key of texts from two of its shares");
        command->add_option("shares", join.shares, "Files of two shares")->required()->expected(2);
        command->add_option("--out", join.file, "File for the key")->required();
        command->callback([this, &exit, &out, &err] { exit = join_text_key(join, out, err); });
    }
};

struct TextCommands {
    TextOptions options;

    void add_to(CLI::App& app, Exit& exit, const survey::Clock& clock, std::ostream& out, std::ostream& err) {
        CLI::App* texts = app.add_subcommand("texts", "List, open and erase the texts that lie sealed beside records");
        texts->require_subcommand(1);
        CLI::App* command = texts->add_subcommand("list", "Which records have texts; opens none");
        command->add_option("--data", options.data, "Folder of the store")->required();
        command->callback([this, &exit, &out, &err] { exit = list_texts(options, out, err); });
        command = texts->add_subcommand("open", "Print texts");
        command->add_option("--data", options.data, "Folder of the store")->required();
        command->add_option("--key", options.key, "File of the key that opens texts")->required();
        command->add_option("--kiosk", options.kiosk, "Those of one terminal");
        command->add_option("--seq", options.seq, "Those beside one record");
        command->callback([this, &exit, &out, &err] { exit = open_text(options, out, err); });
        command = texts->add_subcommand("erase", "Erase the texts beside one record for good");
        command->add_option("--data", options.data, "Folder of the store")->required();
        command->add_option("--kiosk", options.kiosk, "The terminal's id")->required();
        command->add_option("--seq", options.seq, "The record's number")->required();
        command->add_option("--item", options.item, "The texts of one item; else all");
        command->add_option("--reason", options.reason, "Why, in a sentence; it stays")->required();
        command->callback([this, &exit, &clock, &out, &err] { exit = erase_texts(options, clock, out, err); });
    }
};

}  // namespace

Exit init(const InitOptions& options, std::ostream& out, std::ostream& err) {
    return Importer(err).run(options, out);
}

Exit verify_store(const fs::path& data, std::ostream& out, std::ostream& err) {
    auto store = open_sqlite_store(data / kStoreFile, OpenMode::existing);
    if (!store) return refuse(err, store.error());
    auto reader = (*store)->read();
    if (!reader) return refuse(err, reader.error());
    const auto reference = load_reference((*reader)->documents());
    if (!reference) return refuse(err, reference.error());
    const auto report = verify(**reader, *reference);
    if (!report) return refuse(err, report.error());
    out << "terminals: " << report->terminals << '\n'
        << "records: " << report->records << " (" << report->counted << " counted, " << report->quarantined
        << " quarantined)\n"
        << "skipped numbers: " << report->skipped << '\n'
        << "times: " << report->counted - report->corrected - report->doubtful << " trusted, " << report->corrected
        << " corrected, " << report->doubtful << " doubtful\n"
        << "sealed texts: " << report->texts << '\n'
        << "tally rows: " << report->tally_rows << '\n';
    for (const std::string& note : report->notes)
        out << "note: " << note << '\n';
    for (const std::string& difference : report->differences)
        out << "DIFFERENCE: " << difference << '\n';
    out << "differences: " << report->difference_count << '\n';
    return report->difference_count == 0 ? Exit::done : Exit::refused;
}

namespace {

/// One of the options that name a day; empty after saying what is wrong with it.
std::optional<survey::Date> day_option(const std::string& name, const std::string& text, const char* otherwise,
                                       std::ostream& err) {
    const auto day = survey::parse_date(text.empty() ? otherwise : text);
    if (!day) {
        err << "hailong-backend reconcile: " << name << ": \"" << text << "\" is no day; write YYYY-MM-DD\n";
    }
    return day;
}

void print(const TerminalBalance& terminal, std::ostream& out) {
    out << "terminal " << terminal.kiosk.text << ": collected " << terminal.collected << ", stored " << terminal.stored
        << ", counted " << terminal.counted << ", quarantined " << terminal.quarantined << ", missing "
        << terminal.missing << ", lost " << terminal.lost << '\n';
}
void print(const DayBalance& day, std::ostream& out) {
    out << "day " << survey::to_string(day.day) << " of " << day.kiosk.text << ": collected "
        << (day.collected ? std::to_string(*day.collected) : "not said") << ", stored " << day.stored << ", counted "
        << day.counted << " (" << day.flagged << " flagged), quarantined " << day.quarantined << '\n';
}
void print(const PostedDay& day, std::ostream& out) {
    out << "results of " << survey::to_string(day.day) << ": counted " << day.counted.value_or(0) << ", posted "
        << day.posted << " (" << day.flagged << " flagged); times " << day.posted - day.corrected - day.doubtful
        << " trusted, " << day.corrected << " corrected, " << day.doubtful << " doubtful\n";
}

void print(const Reconciliation& found, std::ostream& out) {
    out << "center " << found.center.text << '\n';
    for (const TerminalBalance& terminal : found.terminals)
        print(terminal, out);
    for (const DayBalance& day : found.days)
        print(day, out);
    for (const PostedDay& day : found.posted)
        print(day, out);
    for (const std::string& note : found.notes)
        out << "note: " << note << '\n';
    for (const std::string& difference : found.differences)
        out << "DIFFERENCE: " << difference << '\n';
}

}  // namespace

Exit reconcile_store(const ReconcileOptions& options, std::ostream& out, std::ostream& err) {
    const auto first = day_option("--from", options.from, "1970-01-01", err);
    const auto last = day_option("--to", options.to, "9999-12-31", err);
    if (!first || !last) return Exit::usage;
    auto store = open_sqlite_store(options.data / kStoreFile, OpenMode::existing);
    if (!store) return refuse(err, store.error());
    auto reader = (*store)->read();
    if (!reader) return refuse(err, reader.error());
    const auto centers = (*reader)->documents().centers();
    if (!centers) return refuse(err, centers.error());
    const survey::CenterId wanted{options.center};
    if (!wanted.empty() && std::find(centers->begin(), centers->end(), wanted) == centers->end()) {
        return refuse(err, "there is no center \"" + options.center + "\"; import it with `hailong-backend init`");
    }
    std::int64_t differences = 0;
    for (const survey::CenterId& center : *centers) {
        if (!wanted.empty() && center != wanted) continue;
        const auto found = reconcile(**reader, center, *first, *last);
        if (!found) return refuse(err, found.error());
        print(*found, out);
        differences += found->difference_count;
    }
    out << "differences: " << differences << '\n';
    return differences == 0 ? Exit::done : Exit::refused;
}

Exit reprocess_store(const fs::path& data, const survey::Clock& clock, std::ostream& out, std::ostream& err) {
    auto store = open_sqlite_store(data / kStoreFile, OpenMode::existing);
    if (!store) return refuse(err, store.error());
    const auto done = reprocess_all(**store, clock.now());
    if (!done) return refuse(err, done.error());
    out << "quarantined: " << done->looked_at << ", of which " << done->reprocessed << " count from now on\n";
    return Exit::done;
}

Exit figures(const FiguresOptions& options, std::ostream& out, std::ostream& err) {
    const auto satisfied = parse_count(options.satisfied);
    const auto total = parse_count(options.total);
    const auto percent = parse_count(options.more_than_percent);
    const auto complain = [&](const std::string& sentence) {
        err << "hailong-backend figures: " << sentence << '\n';
        return Exit::usage;
    };
    if (!satisfied || *satisfied > kCountMax) {
        return complain("--satisfied: \"" + options.satisfied + "\" is not a count; write digits, at most 10^15");
    }
    if (!total || *total > kCountMax) {
        return complain("--total: \"" + options.total + "\" is not a count; write digits, at most 10^15");
    }
    if (!percent || *percent > 100) {
        return complain("--more-than-percent: \"" + options.more_than_percent +
                        "\" is not a percentage; write a whole number from 0 to 100");
    }
    if (*satisfied > *total) {
        return complain("--satisfied is greater than --total; of " + options.total + " answers at most " +
                        options.total + " can be satisfied");
    }
    out << figure_json(*satisfied, *total, survey::Objective{*percent}) << '\n';
    return Exit::done;
}

std::optional<std::pair<std::string, std::uint16_t>> parse_listen(const std::string& text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos) return std::nullopt;
    std::string address = text.substr(0, colon);
    if (address.starts_with('[') && address.ends_with(']')) {
        address = address.substr(1, address.size() - 2);
    } else if (address.find(':') != std::string::npos) {
        return std::nullopt;
    }
    const auto port = parse_count(text.substr(colon + 1));
    if (address.empty() || !port || *port > 65'535) return std::nullopt;
    return std::pair(address, static_cast<std::uint16_t>(*port));
}

Exit serve(const ServeOptions& options, const survey::Clock& clock, std::ostream& out, std::ostream& err) {
    if (options.keep_texts_days < 1 || options.keep_texts_days > kKeepTextsDaysMax) {
        return misused(err, "--keep-texts-days: write a whole number from 1 to " + std::to_string(kKeepTextsDaysMax));
    }
    const auto listen = parse_listen(options.listen);
    if (!listen) {
        err << "hailong-backend: --listen: \"" << options.listen
            << "\" is no address with a port; write one such as 127.0.0.1:8080\n";
        return Exit::usage;
    }
    const std::optional<fs::path> assets = options.assets.empty() ? find_assets() : options.assets;
    if (!assets) return refuse(err, "the assets are not beside the program; name their folder with --assets");

    const auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    spdlog::logger log("backend", sink);
    log.flush_on(spdlog::level::info);
    raise_open_files();
    const sigset_t signals = block_stop_signals();
    ServiceSettings settings;
    settings.data = options.data;
    settings.assets = *assets;
    settings.address = listen->first;
    settings.port = listen->second;
    settings.keep_texts = std::chrono::days(options.keep_texts_days);
    settings.threads = static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 2u, kThreadsMax));
    settings.log = [&log](const std::string& sentence) { log.error(sentence); };
    auto service = Service::start(settings, clock);
    if (!service) return refuse(err, service.error());
    std::thread server([&service] { (*service)->run(); });
    const bool is_v6 = listen->first.find(':') != std::string::npos;
    out << "listening on http://" << (is_v6 ? "[" + listen->first + "]" : listen->first) << ':' << (*service)->port()
        << std::endl;
    int signal = 0;
    sigwait(&signals, &signal);
    log.info("stopping: what is being written is finished first");
    (*service)->stop();
    server.join();
    return Exit::done;
}

int run_backend(int argc, const char* const* argv, const survey::Clock& clock, std::ostream& out, std::ostream& err) {
    CLI::App app("The backend of Hài Lòng: takes in what terminals collected, counts it, and posts the results.",
                 "hailong-backend");
    app.set_version_flag("--version", std::string("hailong-backend ") + kBackendVersion);
    app.require_subcommand(1);
    Exit exit = Exit::usage;

    InitOptions init_options;
    CLI::App* command = app.add_subcommand("init", "Create the store and import a center and questionnaires");
    command->add_option("--data", init_options.data, "Folder of the store")->required();
    command->add_option("--center", init_options.center, "File of the center")->required();
    command->add_option("--questionnaires", init_options.questionnaires, "Folder of questionnaires")->required();
    command->add_flag("--new-keys", init_options.new_keys, "Make keys that are lost for good anew");
    command->callback([&] { exit = init(init_options, out, err); });

    EnrollOptions enroll_options;
    command = app.add_subcommand("enroll", "Print a terminal's one-time code, or answer a request carried here");
    command->add_option("--data", enroll_options.data, "Folder of the store")->required();
    command->add_option("--center", enroll_options.center, "The center's id");
    command->add_option("--kiosk", enroll_options.kiosk, "The terminal's id");
    command->add_option("--valid-minutes", enroll_options.valid_minutes, "How long the code is good")
        ->capture_default_str();
    command->add_option("--request", enroll_options.request, "File that `hailong-sync enroll --request` wrote");
    command->add_option("--answer", enroll_options.answer, "File for the answer to it");
    command->callback([&] { exit = enroll(enroll_options, clock, out, err); });

    RevokeOptions revoke_options;
    command = app.add_subcommand("revoke", "End a terminal's token and key at once; its records stay");
    command->add_option("--data", revoke_options.data, "Folder of the store")->required();
    command->add_option("--kiosk", revoke_options.kiosk, "The terminal's id")->required();
    command->callback([&] { exit = revoke(revoke_options, out, err); });

    ImportOptions import_options;
    command = app.add_subcommand("import", "Take in bundles that came on a stick, and write an answer for each");
    command->add_option("--data", import_options.data, "Folder of the store")->required();
    command->add_option("--answer-dir", import_options.answer_folder,
                        "Folder for the answers; else beside the bundles");
    command->add_option("bundles", import_options.bundles, "Files that `hailong-sync export` wrote")->required();
    command->callback([&] { exit = import_bundles(import_options, clock, out, err); });

    fs::path listed_data;
    command = app.add_subcommand("incidents", "List what people must look at, newest last");
    command->add_option("--data", listed_data, "Folder of the store")->required();
    command->callback([&] { exit = list_incidents(listed_data, out, err); });
    command = app.add_subcommand("quarantined", "Count the records that are quarantined, by reason");
    command->add_option("--data", listed_data, "Folder of the store")->required();
    command->callback([&] { exit = list_quarantined(listed_data, out, err); });

    KeysCommands keys_commands;
    keys_commands.add_to(app, exit, out, err);
    TextCommands words_commands;
    words_commands.add_to(app, exit, clock, out, err);

    ServeOptions serve_options;
    command = app.add_subcommand("serve", "Take in batches and show results until SIGTERM");
    command->add_option("--data", serve_options.data, "Folder of the store")->required();
    command->add_option("--listen", serve_options.listen, "Address and port; port 0: any free one")
        ->capture_default_str();
    command->add_option("--assets", serve_options.assets, "Folder of web/ and i18n/");
    command->add_option("--keep-texts-days", serve_options.keep_texts_days, "Texts are erased when they are older")
        ->capture_default_str();
    command->callback([&] { exit = serve(serve_options, clock, out, err); });

    fs::path verify_data;
    command = app.add_subcommand("verify", "Recount every tally and check every chain; status 1 when they differ");
    command->add_option("--data", verify_data, "Folder of the store")->required();
    command->callback([&] { exit = verify_store(verify_data, out, err); });

    ReconcileOptions reconcile_options;
    command =
        app.add_subcommand("reconcile", "Compare collected, stored, counted and posted; status 1 when they differ");
    command->add_option("--data", reconcile_options.data, "Folder of the store")->required();
    command->add_option("--center", reconcile_options.center, "One center's id; all of them when left out");
    command->add_option("--from", reconcile_options.from, "First day, YYYY-MM-DD");
    command->add_option("--to", reconcile_options.to, "Last day, included");
    command->callback([&] { exit = reconcile_store(reconcile_options, out, err); });

    fs::path reprocess_data;
    command = app.add_subcommand("reprocess", "Count what was quarantined for something that is known by now");
    command->add_option("--data", reprocess_data, "Folder of the store")->required();
    command->callback([&] { exit = reprocess_store(reprocess_data, clock, out, err); });

    FiguresOptions figures_options;
    command = app.add_subcommand("figures", "Print a share with its interval and verdict as JSON");
    command->add_option("--satisfied", figures_options.satisfied, "Satisfied answers")->required();
    command->add_option("--total", figures_options.total, "Valid answers")->required();
    command->add_option("--more-than-percent", figures_options.more_than_percent, "The objective")
        ->capture_default_str();
    command->callback([&] { exit = figures(figures_options, out, err); });

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        // Help and version are asked for this way too, and are no mistake.
        const bool is_fine = app.exit(error, out, err) == 0;
        return static_cast<int>(is_fine ? Exit::done : Exit::usage);
    }
    return static_cast<int>(exit);
}

}  // namespace hailong::sync
