// The commands of hailong-backend. Each prints what it did on `out`, and every refusal with its remedy on `err`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "survey/base/command_line.h"
#include "survey/base/time.h"
#include "sync/backend/cli/running_service.h"
#include "sync/backend/comments/sealed_texts.h"
#include "sync/backend/terminals/enrolment.h"

namespace hailong::sync {

/// Of them `done`, `refused` and `usage`: whoever is to try again is told so, and does it.
using Exit = survey::ExitStatus;

struct InitOptions {
    std::filesystem::path data;
    std::filesystem::path center;          // one center's file
    std::filesystem::path questionnaires;  // a folder of questionnaires' files
    bool new_keys = false;                 // for a store whose keys are lost for good
    bool is_dry_run = false;               // say what would change, and change nothing
};
/// Creates the store and its keys unless they are there, and imports. Everything is checked before anything is written;
/// doing it again changes nothing. A center that is known is replaced, but for what held on days that are over and for
/// what records may name (ingest/center_document.h); a published version with other content is refused. What changes
/// leaves an incident. What was quarantined is validated again.
/// Keys that terminals rely on are made anew only when that is asked for.
[[nodiscard]] Exit init(const InitOptions& options, const survey::Clock& clock, std::ostream& out, std::ostream& err);

struct EnrolOptions {
    std::filesystem::path data;
    std::string center;
    std::string kiosk;
    std::int64_t valid_minutes = kCodeMinutes;
    std::filesystem::path request;  // with `answer`: no code is made, a terminal's request is answered
    std::filesystem::path answer;
};
/// Makes a one-time code for a terminal: the code alone goes to `out`, what to do with it to `err`; the store keeps its
/// hash. Or answers a request that was carried here, into a file that only this user can read.
[[nodiscard]] Exit enrol(const EnrolOptions& options, const survey::Clock& clock, std::ostream& out, std::ostream& err);

struct RevokeOptions {
    std::filesystem::path data;
    std::string kiosk;
};
/// Ends a terminal's token and key at once; what it sent stays.
[[nodiscard]] Exit revoke(const RevokeOptions& options, std::ostream& out, std::ostream& err);

/// Every terminal: how far its records came, and what it last said of itself.
[[nodiscard]] Exit list_terminals(const std::filesystem::path& data, std::ostream& out, std::ostream& err);

struct ImportOptions {
    std::filesystem::path data;
    std::vector<std::filesystem::path> bundles;
    std::filesystem::path answer_folder;  // empty: beside each bundle
};
/// Takes bundles in and writes an answer for each, NAME.answer. Refused when any of them was, or ended in a problem;
/// the others are taken.
[[nodiscard]] Exit import_bundles(const ImportOptions& options, const survey::Clock& clock, std::ostream& out,
                                  std::ostream& err);

/// What people must look at, newest last.
[[nodiscard]] Exit list_incidents(const std::filesystem::path& data, std::ostream& out, std::ostream& err);

/// How many records are quarantined, for which reasons.
[[nodiscard]] Exit list_quarantined(const std::filesystem::path& data, std::ostream& out, std::ostream& err);

/// The public halves of the backend's keys, and whether the secret one of texts lies on the server.
[[nodiscard]] Exit show_keys(const std::filesystem::path& data, std::ostream& out, std::ostream& err);

struct SplitOptions {
    std::filesystem::path data;
    std::filesystem::path key;     // empty: text.key in the data folder
    std::filesystem::path folder;  // for the shares
};
/// Writes the key of texts as three files, share-1.txt to share-3.txt, any two of which bring it back.
[[nodiscard]] Exit split_text_key(const SplitOptions& options, std::ostream& out, std::ostream& err);

struct JoinOptions {
    std::vector<std::filesystem::path> shares;  // two
    std::filesystem::path file;                 // for the key; must not be there yet
};
[[nodiscard]] Exit join_text_key(const JoinOptions& options, std::ostream& out, std::ostream& err);

struct TextOptions {
    std::filesystem::path data;
    std::filesystem::path key;        // open
    std::string kiosk;                // open: empty: all
    std::optional<std::int64_t> seq;  // open: empty: all
    std::string item;                 // erase: empty: all of the record
    std::string reason;               // erase
};
/// Each sealed text as a line of JSON: kiosk, seq, item and the day it was received. No texts.
[[nodiscard]] Exit list_texts(const TextOptions& options, std::ostream& out, std::ostream& err);
/// Each text as a line of JSON: kiosk, seq, item, text. Refused when one can't be opened; the others are printed.
[[nodiscard]] Exit open_text(const TextOptions& options, std::ostream& out, std::ostream& err);
/// Erases one record's texts, leaves a trace, and never takes them again.
[[nodiscard]] Exit erase_texts(const TextOptions& options, const survey::Clock& clock, std::ostream& out,
                               std::ostream& err);

struct BackupOptions {
    std::filesystem::path data;
    std::filesystem::path folder;  // of the backup
};
/// Copies store and keys as they stand now into a folder that is not there or is empty, while the service runs. The
/// folder is there whole and durable, or not at all.
[[nodiscard]] Exit back_up(const BackupOptions& options, const survey::Clock& clock, std::ostream& out,
                           std::ostream& err);

struct RestoreOptions {
    std::filesystem::path data;
    std::filesystem::path folder;    // that back_up() wrote; or a file that the service saved, or the folder it is in
    std::filesystem::path keys;      // where its folder keys is kept; empty: beside it, or in the data folder already
    std::filesystem::path erasures;  // kErasuresFile of the lost data folder; empty: the one that lies in this one
    bool is_damage_accepted = false;
};
/// Puts a backup, or what the service saved, into a data folder that holds no store. It is verified as a whole before
/// anything is put in place.
[[nodiscard]] Exit restore(const RestoreOptions& options, const survey::Clock& clock, std::ostream& out,
                           std::ostream& err);

/// Recounts everything; refused when there is a difference.
[[nodiscard]] Exit verify_store(const std::filesystem::path& data, const survey::Clock& clock, std::ostream& out,
                                std::ostream& err);

struct ReconcileOptions {
    std::filesystem::path data;
    std::string center;  // empty: every center
    std::string from;    // YYYY-MM-DD; empty: from the first day
    std::string to;      // included; empty: to the last day
};
/// Collected, stored, counted, posted, counted anew from the records; refused when they differ, with the numbers.
[[nodiscard]] Exit reconcile_store(const ReconcileOptions& options, std::ostream& out, std::ostream& err);

/// Counts what was quarantined for something that has come since. Doing it again changes nothing.
[[nodiscard]] Exit reprocess_store(const std::filesystem::path& data, const survey::Clock& clock, std::ostream& out,
                                   std::ostream& err);

struct TimesOptions {
    std::filesystem::path data;
    std::optional<std::int64_t> first_batch;
    std::optional<std::int64_t> last_batch;     // included
    std::optional<std::int64_t> seconds_ahead;  // of this machine's clock while they came; negative: behind
    std::string reason;
    bool is_applied = false;
};
/// Without batches: what was corrected, and which batches came while this machine's clock was wrong, with the command
/// for each. With them: which answers would move; and moves them when that is asked for. REQUIRES of the caller: this
/// machine's clock is right now.
[[nodiscard]] Exit correct_times(const TimesOptions& options, const survey::Clock& clock, std::ostream& out,
                                 std::ostream& err);

struct FiguresOptions {
    std::string satisfied;
    std::string total;
    std::string more_than_percent = "90";
};
/// {"satisfied","total","share","low","high","verdict"} as one line of JSON.
[[nodiscard]] Exit figures(const FiguresOptions& options, std::ostream& out, std::ostream& err);

struct ServeOptions {
    std::filesystem::path data;
    std::string listen = "127.0.0.1:8080";
    std::filesystem::path assets;  // empty: found beside the program
    std::int64_t keep_texts_days = kKeepTextsDays;
    std::vector<std::string> trusted_proxies;  // IP addresses, beside this machine
};
/// Serves by what `start` starts until SIGTERM or SIGINT. Says "listening on http://ADDRESS:PORT" on `out` when ready.
[[nodiscard]] Exit serve(const ServeOptions& options, const StartService& start, const survey::Clock& clock,
                         std::ostream& out, std::ostream& err);

/// "127.0.0.1:8080" or "[::1]:8080" taken apart; empty when it is neither.
[[nodiscard]] std::optional<std::pair<std::string, std::uint16_t>> parse_listen(const std::string& text);

/// The command line from its first word on. `start` starts the service, which the commands do not know.
[[nodiscard]] int run_backend(int argc, const char* const* argv, const StartService& start, const survey::Clock& clock,
                              std::ostream& out, std::ostream& err);

}  // namespace hailong::sync
