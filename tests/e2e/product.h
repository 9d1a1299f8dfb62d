// The whole product on one machine, started the way scripts/run starts it, for tests that use it from outside.
#pragma once

#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "survey/base/host.h"
#include "survey/base/json.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace hailong::tests {

inline const std::string kBin = std::string(HAILONG_BINARY_DIR) + "/bin/";
inline const std::string kScripts = std::string(HAILONG_SOURCE_DIR) + "/scripts/";

/// What a run prints, when it ended as it should.
inline std::string must(const std::vector<std::string>& command, const Process::Environment& environment = {}) {
    const Ran ran = run(command, environment);
    if (ran.exit_code != 0) {
        throw std::runtime_error(command.front() + " ended with " + std::to_string(ran.exit_code) + ":\n" + ran.output);
    }
    return ran.output;
}

/// A virtual screen.
class Screen {
  public:
    explicit Screen(const std::string& size = "1080x1920")
        : server_({"Xvfb", "-displayfd", "1", "-screen", "0", size + "x24", "-nolisten", "tcp"}),
          display_(":" + server_.wait_for([](const std::string& line) {
              return !line.empty() && line.find_first_not_of("0123456789") == std::string::npos;
          })) {}
    [[nodiscard]] const std::string& display() const { return display_; }
    /// Ends its server as a crash would.
    void kill() { server_.kill(); }

  private:
    Process server_;
    std::string display_;
};

/// One terminal in a window, with a finger.
class Terminal {
  public:
    Terminal(const Screen& screen, const std::filesystem::path& folder)
        : screen_(screen),
          observe_((folder / "glass.json").string()),
          kiosk_({kBin + "hailong-kiosk", "--config", (folder / "kiosk.toml").string(), "--observe", observe_},
                 environment()) {}

    void wait(const std::string& shown, const std::string& item = "") { glass({"wait", shown, item}); }
    void tap(const std::string& target) { glass({"tap", target}); }
    /// Keys of the keypad, as xdotool names them.
    void key(const std::vector<std::string>& names) {
        std::vector<std::string> words{"key"};
        words.insert(words.end(), names.begin(), names.end());
        glass(words);
    }
    /// As a scanner does: fast, and with enter at the end.
    void scan(const std::string& code) { glass({"type", code}); }
    [[nodiscard]] Process& process() { return kiosk_; }
    /// What is on the glass, as written by --observe.
    [[nodiscard]] boost::json::value observed() const {
        const auto text = survey::read_file(observe_);
        if (!text) throw std::runtime_error(text.error());
        auto value = survey::parse_json(*text);
        if (!value) throw std::runtime_error(survey::describe(value.error(), observe_));
        return *value;
    }

  private:
    [[nodiscard]] Process::Environment environment() const { return {{"DISPLAY", screen_.display()}}; }
    std::string glass(std::vector<std::string> words) {
        words.insert(words.begin(), {kScripts + "glass", observe_});
        return must(words, environment());
    }

    const Screen& screen_;
    std::string observe_;
    Process kiosk_;
};

/// The sample center: its folders, its backend while it runs, and what the backend says.
class Center {
  public:
    /// Enrols the terminals, with windows of that size. Until start() no backend runs, and nobody listens at its
    /// address.
    explicit Center(int width_px = 1080, int height_px = 1920) : width_px_(width_px), height_px_(height_px) {
        prepare("http://127.0.0.1:1");
    }

    /// The kernel picks the port. `enter` are words that run a command where the backend is to run.
    void start(std::vector<std::string> enter = {}, Process::Environment environment = {}) {
        enter_ = std::move(enter);
        environment_ = std::move(environment);
        serve("127.0.0.1:0");
        prepare(url_);
    }
    int stop() { return backend_->terminate(); }
    /// Ends the backend as a power cut would.
    void kill() { backend_->kill(); }
    /// Starts it again where it was.
    void restart() { serve(url_.substr(std::string("http://").size())); }
    /// Serves at an address of the caller's, in a namespace; `enter` as for start(). Terminals are told to go to
    /// `url`.
    void serve_at(const std::string& listen, const std::string& url, std::vector<std::string> enter) {
        enter_ = std::move(enter);
        serve(listen);
        prepare(url);
    }
    [[nodiscard]] Process& process() { return *backend_; }
    /// Adds lines to a terminal's kiosk.toml or sync.toml. Each start() writes the files anew.
    void configure(const std::string& kiosk, const std::string& file, const std::string& lines) const {
        std::ofstream(terminal(kiosk) / file, std::ios::app) << lines;
    }
    [[nodiscard]] std::filesystem::path store() const { return folder_ / "backend/backend.sqlite"; }
    [[nodiscard]] const std::filesystem::path& path() const { return folder_.path(); }
    /// Leaves everything there for a person to look into.
    void keep() { folder_.keep(); }

    [[nodiscard]] std::filesystem::path terminal(const std::string& kiosk) const {
        return folder_.path() / "terminals" / kiosk;
    }
    [[nodiscard]] const std::string& url() const { return url_; }
    [[nodiscard]] Ran backend(std::vector<std::string> words) const {
        words.insert(words.begin(), kBin + "hailong-backend");
        words.insert(words.end(), {"--data", (folder_ / "backend").string()});
        return run(words);
    }
    /// Changes the backend's database behind the program's back. REQUIRES: the backend is not running.
    void plant(const std::string& sql) const {
        // The guards against it are the first thing that someone with the file in hand would take away.
        must({"sqlite3", (folder_ / "backend/backend.sqlite").string(),
              "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE type = 'trigger';"});
        must({"sqlite3", (folder_ / "backend/backend.sqlite").string(), sql + ";"});
    }
    /// Delivers what waits; `enter` as for serve_at.
    [[nodiscard]] Ran sync_once(const std::string& kiosk, std::vector<std::string> command = {},
                                const Process::Environment& environment = {}) const {
        const std::string config = (terminal(kiosk) / "sync.toml").string();
        command.insert(command.end(), {kBin + "hailong-sync", "once", "--config", config});
        return run(command, environment);
    }
    [[nodiscard]] boost::json::value results(const std::string& query = "") const {
        const std::string text = must({"curl", "--silent", "--fail", url_ + "/centers/binh-minh/results.json" + query});
        auto value = survey::parse_json(text);
        if (!value) throw std::runtime_error(survey::describe(value.error(), text));
        return *value;
    }

  private:
    void serve(const std::string& listen) {
        std::vector<std::string> command = enter_;
        command.insert(command.end(), {kBin + "hailong-backend", "serve", "--data", (folder_ / "backend").string(),
                                       "--listen", listen, "--assets", std::string(HAILONG_SOURCE_DIR) + "/assets"});
        backend_ = std::make_unique<Process>(command, environment_);
        url_ = backend_->wait_for_line("listening on ");
    }
    void prepare(const std::string& url) {
        must({kScripts + "sample-center", "--bin", kBin, "--data", folder_.path().string(), "--url", url, "--width",
              std::to_string(width_px_), "--height", std::to_string(height_px_)});
        // A tool steps up faster than the next person could, which would be flagged and counted apart.
        for (const auto& entry : std::filesystem::directory_iterator(folder_.path() / "terminals")) {
            std::ofstream(entry.path() / "kiosk.toml", std::ios::app) << "\n[quality]\nrepeat_ms = 0\n";
        }
    }

    int width_px_;
    int height_px_;
    TemporaryFolder folder_;
    std::vector<std::string> enter_;  // words that run the backend where it stands
    Process::Environment environment_;
    std::unique_ptr<Process> backend_;
    std::string url_;
};

}  // namespace hailong::tests
