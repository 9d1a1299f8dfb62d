// The commands of hailong-backend. Each prints what it did on `out`, and every refusal with its remedy on `err`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <utility>

#include "survey/time.h"

namespace hailong::sync {

/// What the programs' exit statuses mean.
enum class Exit : int {
    done = 0,
    refused = 1,  // something outside refused, or `verify` found a difference
    usage = 2,    // the command itself makes no sense
};

struct InitOptions {
    std::filesystem::path data;
    std::filesystem::path center;          // one center's file
    std::filesystem::path questionnaires;  // a folder of questionnaires' files
};
/// Creates the store unless it is there, and imports. Everything is checked before anything is written; doing it again
/// changes nothing. A center that is known is replaced, a published version with other content refused.
[[nodiscard]] Exit init(const InitOptions& options, std::ostream& out, std::ostream& err);

struct EnrollOptions {
    std::filesystem::path data;
    std::string center;
    std::string kiosk;
    std::filesystem::path token_file;  // empty: the token goes to `out`
};
/// Gives a terminal a new token, told this once: the store keeps only its SHA-256. The old token ends.
[[nodiscard]] Exit enroll(const EnrollOptions& options, std::ostream& out, std::ostream& err);

/// Recounts everything; refused when there is a difference.
[[nodiscard]] Exit verify_store(const std::filesystem::path& data, std::ostream& out, std::ostream& err);

struct ReconcileOptions {
    std::filesystem::path data;
    std::string center;  // empty: every center
    std::string from;    // YYYY-MM-DD; empty: from the first day
    std::string to;      // included; empty: to the last day
};
/// Collected, held, counted, posted, counted anew from the records; refused when they differ, with the numbers.
[[nodiscard]] Exit reconcile_store(const ReconcileOptions& options, std::ostream& out, std::ostream& err);

/// Counts what was set aside for something that has come since. Doing it again changes nothing.
[[nodiscard]] Exit take_in_store(const std::filesystem::path& data, const survey::Clock& clock, std::ostream& out,
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
};
/// Serves until SIGTERM or SIGINT. Says "listening on http://ADDRESS:PORT" on `out` when ready.
[[nodiscard]] Exit serve(const ServeOptions& options, const survey::Clock& clock, std::ostream& out, std::ostream& err);

/// "127.0.0.1:8080" or "[::1]:8080" taken apart; empty when it is neither.
[[nodiscard]] std::optional<std::pair<std::string, std::uint16_t>> parse_listen(const std::string& text);

/// The command line from its first word on.
[[nodiscard]] int run_backend(int argc, const char* const* argv, const survey::Clock& clock, std::ostream& out,
                              std::ostream& err);

}  // namespace hailong::sync
