// What the command lines of all programs have in common. Names nothing of CLI11, so that only who reads a command line
// includes it.
#pragma once

#include <exception>
#include <optional>
#include <string>

namespace hailong::survey {

/// What each program ends with, so that who starts it knows without reading what to do.
enum class ExitStatus : int {
    done = 0,
    refused = 1,           // not done, and a person is needed: what to do was said. `verify` found a difference
    usage = 2,             // the command itself makes no sense; nothing was done
    closed_by_staff = 10,  // the terminal's program alone: who starts it must not start it anew
    try_again = 75,        // not all is done, and the same command may do it later (EX_TEMPFAIL of sysexits.h)
};

/// For the end of each program's help.
inline constexpr const char* kExitStatusHelp =
    "Ends with 0: done, 1: not done, a person is needed, 2: the command makes no sense, 75: not all is done, try again "
    "later.";

/// How a line of the log begins: when, in local time with its offset, and how serious it is.
inline constexpr const char* kLogPattern = "%Y-%m-%dT%H:%M:%S.%e%z %l %v";

/// An empty value, as a script writes it whose variable is not set, is refused for every option of every command: it
/// would name the working folder, or mean all where one was meant. REQUIRES: every option of `app`, a CLI::App, is
/// there.
template <class App>
void refuse_empty_values(App& app) {
    for (auto* option : app.get_options({})) {
        option->check([](const std::string& value) {
            if (!value.empty()) return std::string();
            return std::string(
                "is empty, and nothing was done; write its value, or leave it out (in a script, look whether the "
                "variable is set)");
        });
    }
    for (App* command : app.get_subcommands({}))
        refuse_empty_values(*command);
}

/// The sentence for a word that stands where a command is wanted and is none, or for an option before it that is none
/// there, after `app`, a CLI::App, refused the line; empty where the line has another fault.
template <class App>
std::optional<std::string> sentence_of_wrong_command(const App& app) {
    const App* place = &app;
    std::string before;
    while (!place->get_subcommands().empty()) {
        place = place->get_subcommands().front();
        before += place->get_name() + " ";
    }
    const auto commands = place->get_subcommands([](const App*) { return true; });
    const auto rest = app.remaining(true);
    if (commands.empty() || rest.empty()) return std::nullopt;
    if (rest.front().starts_with('-')) {
        return "\"" + rest.front() +
               "\" is no option of its own, and nothing was done: write the command first, then its "
               "options. Run with --help to read them";
    }
    std::string known;
    for (const App* command : commands)
        known += (known.empty() ? "" : ", ") + before + command->get_name();
    return "there is no command \"" + before + rest.front() + "\", and nothing was done. There are: " + known +
           ". Run with --help to read what each does";
}

/// What is said of an exception that nobody in the program expected, before it ends.
inline std::string sentence_of_unexpected(const std::exception& error) {
    return std::string("ended by an error that it does not expect: ") + error.what() +
           ". What was saved before is safe: delete nothing. Try again; if it stays, send this line to support";
}

}  // namespace hailong::survey
