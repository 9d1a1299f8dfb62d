// What the command lines of all three programs have in common. Names nothing of CLI11, so that only who reads a command
// line includes it.
#pragma once

#include <exception>
#include <string>

namespace hailong::survey {

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

/// What is said of an exception that nobody in the program expected, before it ends.
inline std::string sentence_of_unexpected(const std::exception& error) {
    return std::string("ended by an error that it does not expect: ") + error.what() +
           ". What was saved before is safe: delete nothing. Try again; if it stays, send this line to support";
}

}  // namespace hailong::survey
