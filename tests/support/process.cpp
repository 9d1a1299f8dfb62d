#include "tests/support/process.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace hailong::tests {
namespace {

using Steady = std::chrono::steady_clock;

[[noreturn]] void become(const std::vector<std::string>& command, const Process::Environment& environment) {
    for (const auto& [name, value] : environment) {
        if (value) {
            setenv(name.c_str(), value->c_str(), 1);
        } else {
            unsetenv(name.c_str());
        }
    }
    std::vector<char*> arguments;
    for (const std::string& argument : command)
        arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    execvp(arguments[0], arguments.data());
    std::fprintf(stderr, "%s: %s\n", arguments[0], std::strerror(errno));
    _exit(127);
}

}  // namespace

Process::Process(const std::vector<std::string>& command, const Environment& environment, Input input) {
    int ends[2];
    int said[2] = {-1, -1};
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    if (input == Input::said && pipe2(said, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    pid_ = fork();
    if (pid_ < 0) throw std::runtime_error("no new process");
    if (pid_ == 0) {
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        if (input == Input::said) dup2(said[0], STDIN_FILENO);
        become(command, environment);
    }
    close(ends[1]);
    if (input == Input::said) close(said[0]);
    pipe_ = ends[0];
    input_ = said[1];
}

Process::~Process() {
    if (!exit_code_) {
        ::kill(pid_, SIGTERM);
        const auto deadline = Steady::now() + std::chrono::seconds{10};
        while (!exit_code_ && Steady::now() < deadline) {
            int status = 0;
            if (waitpid(pid_, &status, WNOHANG) == pid_) exit_code_ = status;
            if (!exit_code_) read_some(std::chrono::milliseconds{20});
        }
        if (!exit_code_) kill();
    }
    if (input_ >= 0) close(input_);
    close(pipe_);
}

bool Process::read_some(std::chrono::milliseconds patience) {
    pollfd readable{pipe_, POLLIN, 0};
    if (poll(&readable, 1, static_cast<int>(patience.count())) <= 0) return true;
    char buffer[4096];
    const ssize_t count = read(pipe_, buffer, sizeof buffer);
    if (count <= 0) return false;
    output_.append(buffer, static_cast<std::size_t>(count));
    return true;
}

std::string Process::wait_for(const std::function<bool(const std::string&)>& wanted, std::chrono::seconds patience) {
    const auto deadline = Steady::now() + patience;
    std::size_t at = 0;
    while (true) {
        for (std::size_t end = output_.find('\n', at); end != std::string::npos; end = output_.find('\n', at)) {
            const std::string line = output_.substr(at, end - at);
            if (wanted(line)) return line;
            at = end + 1;
        }
        if (Steady::now() > deadline) throw std::runtime_error("waited in vain for a line in:\n" + output_);
        if (!read_some(std::chrono::milliseconds{100})) throw std::runtime_error("ended too soon:\n" + output_);
    }
}

std::string Process::wait_for_line(const std::string& beginning, std::chrono::seconds patience) {
    return wait_for([&](const std::string& line) { return line.rfind(beginning, 0) == 0; }, patience)
        .substr(beginning.size());
}

std::string Process::say(const std::string& line, const std::string& answer) {
    const std::string text = line + "\n";
    if (write(input_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
        throw std::runtime_error("does not listen any more:\n" + output_);
    }
    return wait_for_next_line(answer);
}

std::string Process::wait_for_next_line(const std::string& beginning, std::chrono::seconds patience) {
    const auto deadline = Steady::now() + patience;
    while (true) {
        for (std::size_t end = output_.find('\n', taken_); end != std::string::npos; end = output_.find('\n', taken_)) {
            const std::string line = output_.substr(taken_, end - taken_);
            taken_ = end + 1;
            if (line.rfind(beginning, 0) == 0) return line.substr(beginning.size());
        }
        if (Steady::now() > deadline) throw std::runtime_error("waited in vain for a line in:\n" + output_);
        if (!read_some(std::chrono::milliseconds{100})) throw std::runtime_error("ended too soon:\n" + output_);
    }
}

void Process::take_output() {
    pollfd readable{pipe_, POLLIN, 0};
    while (poll(&readable, 1, 0) > 0 && read_some(std::chrono::milliseconds{0})) {
    }
}

int Process::wait() {
    while (read_some(std::chrono::milliseconds{1'000})) {
    }
    if (!exit_code_) {
        int status = 0;
        waitpid(pid_, &status, 0);
        exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    return *exit_code_;
}

int Process::terminate() {
    if (!exit_code_) ::kill(pid_, SIGTERM);
    return wait();
}

void Process::kill() {
    if (!exit_code_) ::kill(pid_, SIGKILL);
    wait();
}

Ran run(const std::vector<std::string>& command, const Process::Environment& environment) {
    Process process(command, environment);
    const int exit_code = process.wait();
    return {exit_code, process.output()};
}

}  // namespace hailong::tests
