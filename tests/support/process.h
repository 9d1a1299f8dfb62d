// A program started by a test: its output is kept, and it is ended with the test.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace hailong::tests {

class Process {
  public:
    using Environment = std::map<std::string, std::optional<std::string>>;  // empty: unset

    /// Where its standard input comes from.
    enum class Input { inherited, said };

    /// Starts `command` (found on PATH); standard output and error go to one pipe. Throws when it can't be started.
    explicit Process(const std::vector<std::string>& command, const Environment& environment = {},
                     Input input = Input::inherited);
    /// Ends the program with SIGTERM, and with SIGKILL when that takes longer than ten seconds.
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    /// Reads until a whole line is `wanted` and returns it. Throws as wait_for_line.
    std::string wait_for(const std::function<bool(const std::string&)>& wanted,
                         std::chrono::seconds patience = std::chrono::seconds{30});
    /// Reads until a line starts with `beginning` and returns the rest of that line. Throws, with all that was printed,
    /// when the program ends or `patience` is over before.
    std::string wait_for_line(const std::string& beginning, std::chrono::seconds patience = std::chrono::seconds{30});
    /// Writes a line to its standard input, waits for a new line of output that starts with `answer`, and returns the
    /// rest of that line. Throws as wait_for_line. REQUIRES: made with Input::said.
    std::string say(const std::string& line, const std::string& answer);
    /// As wait_for_line, for a line that came after what earlier calls of this and of say() took.
    std::string wait_for_next_line(const std::string& beginning,
                                   std::chrono::seconds patience = std::chrono::seconds{30});
    /// Waits for the end; the exit code, or 128 plus the signal.
    int wait();
    /// Asks it to end and waits.
    int terminate();
    /// Ends it at once, as a power cut would.
    void kill();
    /// Takes in what was printed meanwhile, without waiting: a program whose output nobody takes stands still in the
    /// end.
    void take_output();
    [[nodiscard]] pid_t pid() const { return pid_; }
    /// All that was printed so far; complete after wait().
    [[nodiscard]] const std::string& output() const { return output_; }

  private:
    bool read_some(std::chrono::milliseconds patience);

    pid_t pid_ = -1;
    int pipe_ = -1;
    int input_ = -1;
    std::size_t taken_ = 0;  // of the output, by say() and wait_for_next_line()
    std::string output_;
    std::optional<int> exit_code_;
};

/// Runs `command` to its end.
struct Ran {
    int exit_code = 0;
    std::string output;
};
Ran run(const std::vector<std::string>& command, const Process::Environment& environment = {});

}  // namespace hailong::tests
