// The command line: every command with its options, as CLI11 reads them.
#include "survey/base/command_line.h"

#include <filesystem>
#include <ostream>
#include <string>

#include <CLI/CLI.hpp>

#include "survey/record.h"
#include "sync/backend/cli/command_support.h"
#include "sync/backend/cli/commands.h"
#include "sync/backend/cli/version.h"

namespace hailong::sync {
namespace {

/// Holds the options of every command while the line is read; the command that it names runs while it is.
class CommandLine {
  public:
    CommandLine(const StartService& start, const survey::Clock& clock, std::ostream& out, std::ostream& err)
        : start_(start),
          clock_(clock),
          out_(out),
          err_(err),
          app_("The backend of Hài Lòng: takes in what terminals collected, counts it, and posts the results.",
               "hailong-backend") {
        app_.set_version_flag("--version", std::string("hailong-backend ") + backend_version());
        app_.require_subcommand(1);
        app_.footer(survey::kExitStatusHelp);
        add_init();
        add_terminals();
        add_lists();
        add_keys();
        add_texts();
        add_serve();
        add_checks();
        add_times();
        add_backups();
        add_figures();
        survey::refuse_empty_values(app_);
    }

    int run(int argc, const char* const* argv) {
        try {
            app_.parse(argc, argv);
        } catch (const CLI::ParseError& error) {
            // Help and version are asked for this way too, and are no mistake.
            if (error.get_exit_code() != 0) {
                if (const auto wrong = survey::sentence_of_wrong_command(app_)) {
                    return static_cast<int>(misused(err_, *wrong));
                }
            }
            const bool is_fine = app_.exit(error, out_, err_) == 0;
            return static_cast<int>(is_fine ? Exit::done : Exit::usage);
        } catch (const std::exception& error) {
            exit_ = refuse(err_, survey::sentence_of_unexpected(error));
        }
        return static_cast<int>(exit_);
    }

  private:
    static void add_data(CLI::App* command, std::filesystem::path& data) {
        command->add_option("--data", data, "Folder of the store")->required();
    }

    CLI::Option* add_seq(CLI::App* command, const std::string& description) {
        return command->add_option("--seq", texts_.seq, description)
            ->check(CLI::Range(std::int64_t{1}, survey::kSeqMax));
    }

    void add_init() {
        CLI::App* command = app_.add_subcommand("init", "Create the store and import a center and questionnaires");
        add_data(command, init_.data);
        command->add_option("--center", init_.center, "File of the center")->required();
        command->add_option("--questionnaires", init_.questionnaires, "Folder of questionnaires")->required();
        command->add_flag("--new-keys", init_.new_keys, "Make keys that are lost for good anew");
        command->add_flag("--dry-run", init_.is_dry_run, "Say what would change, and change nothing");
        command->callback([this] { exit_ = init(init_, clock_, out_, err_); });
    }

    void add_terminals() {
        CLI::App* command =
            app_.add_subcommand("enroll", "Print a terminal's one-time code, or answer a request carried here");
        add_data(command, enrol_.data);
        command->add_option("--center", enrol_.center, "The center's id");
        command->add_option("--kiosk", enrol_.kiosk, "The terminal's id");
        command->add_option("--valid-minutes", enrol_.valid_minutes, "How long the code is good")
            ->capture_default_str();
        command->add_option("--request", enrol_.request, "File that `hailong-sync enroll --request` wrote");
        command->add_option("--answer", enrol_.answer, "File for the answer to it");
        command->callback([this] { exit_ = enrol(enrol_, clock_, out_, err_); });

        command = app_.add_subcommand("revoke", "End a terminal's token and key at once; its records stay");
        add_data(command, revoke_.data);
        command->add_option("--kiosk", revoke_.kiosk, "The terminal's id")->required();
        command->callback([this] { exit_ = revoke(revoke_, out_, err_); });

        command = app_.add_subcommand("import", "Take in bundles that were carried here, and write an answer for each");
        add_data(command, import_.data);
        command->add_option("--answer-dir", import_.answer_folder, "Folder for the answers; else beside the bundles");
        command->add_option("bundles", import_.bundles, "Files that `hailong-sync export` wrote")->required();
        command->callback([this] { exit_ = import_bundles(import_, clock_, out_, err_); });
    }

    void add_lists() {
        CLI::App* command = app_.add_subcommand(
            "terminals", "List the terminals: their records, and what they last said of themselves");
        add_data(command, data_);
        command->callback([this] { exit_ = list_terminals(data_, out_, err_); });
        command = app_.add_subcommand("incidents", "List what people must look at, newest last");
        add_data(command, data_);
        command->callback([this] { exit_ = list_incidents(data_, out_, err_); });
        command = app_.add_subcommand("quarantined", "Count the records that are quarantined, by reason");
        add_data(command, data_);
        command->callback([this] { exit_ = list_quarantined(data_, out_, err_); });
    }

    void add_keys() {
        CLI::App* keys =
            app_.add_subcommand("keys", "Show the backend's keys; split and join the one that opens texts");
        keys->require_subcommand(1);
        CLI::App* command = keys->add_subcommand("show", "Print the public halves");
        add_data(command, data_);
        command->callback([this] { exit_ = show_keys(data_, out_, err_); });
        command = keys->add_subcommand("split", "Write the key of texts as three shares, two of which bring it back");
        command->add_option("--data", split_.data, "Folder of the store");
        command->add_option("--key", split_.key, "File of the key; else text.key in the data folder");
        command->add_option("--out", split_.folder, "Folder for the shares")->required();
        command->callback([this] { exit_ = split_text_key(split_, out_, err_); });
        command = keys->add_subcommand("join", "Make the key of texts from two of its shares");
        command->add_option("shares", join_.shares, "Files of two shares")->required()->expected(2);
        command->add_option("--out", join_.file, "File for the key")->required();
        command->callback([this] { exit_ = join_text_key(join_, out_, err_); });
    }

    void add_texts() {
        CLI::App* texts = app_.add_subcommand("texts", "List, open and erase the texts that lie sealed beside records");
        texts->require_subcommand(1);
        CLI::App* command = texts->add_subcommand("list", "Which records have texts; opens none");
        add_data(command, texts_.data);
        command->callback([this] { exit_ = list_texts(texts_, out_, err_); });
        command = texts->add_subcommand("open", "Print texts");
        add_data(command, texts_.data);
        command->add_option("--key", texts_.key, "File of the key that opens texts")->required();
        command->add_option("--kiosk", texts_.kiosk, "Those of one terminal");
        add_seq(command, "Those beside one record");
        command->callback([this] { exit_ = open_text(texts_, out_, err_); });
        command = texts->add_subcommand("erase", "Erase the texts beside one record for good");
        add_data(command, texts_.data);
        command->add_option("--kiosk", texts_.kiosk, "The terminal's id")->required();
        add_seq(command, "The record's number")->required();
        command->add_option("--item", texts_.item, "The texts of one item; else all");
        command->add_option("--reason", texts_.reason, "Why, in a sentence; it stays")->required();
        command->callback([this] { exit_ = erase_texts(texts_, clock_, out_, err_); });
    }

    void add_serve() {
        CLI::App* command = app_.add_subcommand("serve", "Take in batches and show results until SIGTERM");
        add_data(command, serve_.data);
        command->add_option("--listen", serve_.listen, "Address and port; port 0: any free one")->capture_default_str();
        command->add_option("--trusted-proxy", serve_.trusted_proxies,
                            "Address of a proxy on another machine whose X-Forwarded-For is believed; may be repeated");
        command->add_option("--assets", serve_.assets, "Folder of web/ and i18n/");
        command->add_option("--keep-texts-days", serve_.keep_texts_days, "Texts are erased when they are older")
            ->capture_default_str();
        command->callback([this] { exit_ = serve(serve_, start_, clock_, out_, err_); });
    }

    void add_checks() {
        CLI::App* command =
            app_.add_subcommand("verify", "Recount every tally and check every chain; status 1 when they differ");
        add_data(command, data_);
        command->callback([this] { exit_ = verify_store(data_, clock_, out_, err_); });

        command = app_.add_subcommand("reconcile",
                                      "Compare collected, stored, counted and posted; status 1 when they differ");
        add_data(command, reconcile_.data);
        command->add_option("--center", reconcile_.center, "One center's id; all of them when left out");
        command->add_option("--from", reconcile_.from, "First day, YYYY-MM-DD");
        command->add_option("--to", reconcile_.to, "Last day, included");
        command->callback([this] { exit_ = reconcile_store(reconcile_, out_, err_); });

        command = app_.add_subcommand("reprocess", "Count what was quarantined for something that is known by now");
        add_data(command, data_);
        command->callback([this] { exit_ = reprocess_store(data_, clock_, out_, err_); });
    }

    void add_times() {
        CLI::App* command = app_.add_subcommand(
            "times", "Say which answers came while this machine's clock was wrong, and date them anew");
        add_data(command, times_.data);
        CLI::Option* first = command->add_option("--first", times_.first_batch, "First of the batches, by number");
        CLI::Option* last = command->add_option("--last", times_.last_batch, "Last of them, included");
        CLI::Option* ahead = command->add_option("--seconds-ahead", times_.seconds_ahead,
                                                 "How far the clock stood ahead; negative: behind; 0: take back");
        CLI::Option* reason = command->add_option("--reason", times_.reason, "Why, in a sentence; it stays");
        for (CLI::Option* one : {first, last, ahead, reason}) {
            for (CLI::Option* other : {first, last, ahead, reason}) {
                if (one != other) one->needs(other);
            }
        }
        command->add_flag("--apply", times_.is_applied, "Do it; otherwise only say what would move")->needs(first);
        command->callback([this] { exit_ = correct_times(times_, clock_, out_, err_); });
    }

    void add_backups() {
        CLI::App* command = app_.add_subcommand("backup", "Copy store and keys into a folder, while the service runs");
        add_data(command, backup_.data);
        command->add_option("folder", backup_.folder, "Folder for the copy, not there yet or empty")->required();
        command->callback([this] { exit_ = back_up(backup_, clock_, out_, err_); });

        command = app_.add_subcommand("restore", "Put a backup into an empty data folder");
        add_data(command, restore_.data);
        command
            ->add_option("folder", restore_.folder,
                         "Folder that `backup` wrote, or a file backend.sqlite.saved-N that the service saved")
            ->required();
        command->add_option("--keys", restore_.keys, "The backup's folder keys, where it is kept apart");
        command->add_option("--erasures", restore_.erasures,
                            "erasures.jsonl of the lost data folder: what was erased since is erased again");
        command->add_flag(
            "--accept-damage", restore_.is_damage_accepted,
            "Put it in place though `verify` finds differences in it: only where there is nothing better");
        command->callback([this] { exit_ = restore(restore_, clock_, out_, err_); });
    }

    void add_figures() {
        CLI::App* command = app_.add_subcommand("figures", "Print a share with its interval and verdict as JSON");
        command->add_option("--satisfied", figures_.satisfied, "Satisfied answers")->required();
        command->add_option("--total", figures_.total, "Valid answers")->required();
        command->add_option("--more-than-percent", figures_.more_than_percent, "The objective")->capture_default_str();
        command->callback([this] { exit_ = figures(figures_, out_, err_); });
    }

    const StartService& start_;
    const survey::Clock& clock_;
    std::ostream& out_;
    std::ostream& err_;
    CLI::App app_;
    Exit exit_ = Exit::usage;
    InitOptions init_;
    EnrolOptions enrol_;
    RevokeOptions revoke_;
    ImportOptions import_;
    std::filesystem::path data_;  // of the commands that need nothing else
    SplitOptions split_;
    JoinOptions join_;
    TextOptions texts_;
    ServeOptions serve_;
    ReconcileOptions reconcile_;
    TimesOptions times_;
    BackupOptions backup_;
    RestoreOptions restore_;
    FiguresOptions figures_;
};

}  // namespace

int run_backend(int argc, const char* const* argv, const StartService& start, const survey::Clock& clock,
                std::ostream& out, std::ostream& err) {
    return CommandLine(start, clock, out, err).run(argc, argv);
}

}  // namespace hailong::sync
