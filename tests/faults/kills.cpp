#include "tests/faults/kills.h"

#include <chrono>
#include <fstream>
#include <functional>
#include <random>
#include <thread>

#include "tests/faults/audit.h"
#include "tests/faults/finger.h"

namespace hailong::tests {
namespace {

using std::chrono::milliseconds;

const std::vector<std::string> kWriters = {"bm-dd", "bm-kt"};  // terminals without a glass
const std::vector<std::string> kTerminals = {"bm-tp", "bm-dd", "bm-kt"};

/// The smallest screen that a terminal has: the rest is only more pixels for the processor to paint.
const std::string kSize = "480x800";
constexpr int kWidth = 480;
constexpr int kHeight = 800;

/// Between two kills, at random up to this: long enough for a few visits, short enough to meet every step of one.
constexpr int kLivesMs = 700;
/// How long a killed program stays away, at random up to this.
constexpr int kAwayMs = 120;

/// Visits as quick as the finger: nobody reads here.
const std::string kQuick = "\n[timing]\nsettle_ms = 0\nthanks_ms = 150\nadvice_ms = 150\nnot_saved_ms = 150\n";

/// One program with many lives.
class Victim {
  public:
    Victim(std::function<std::unique_ptr<Process>()> start, int& kills) : start_(std::move(start)), kills_(kills) {}
    void start() { process_ = start_(); }
    void kill() {
        process_->kill();
        kills_ += 1;
    }
    void stop() { process_.reset(); }
    void take_output() {
        if (process_) process_->take_output();
    }

  private:
    std::function<std::unique_ptr<Process>()> start_;
    std::unique_ptr<Process> process_;
    int& kills_;
};

class Killing {
  public:
    explicit Killing(const Plan& plan) : plan_(plan), random_(plan.seed), center_(kWidth, kHeight), screen_(kSize) {
        center_.start();
        center_.configure(kGlass, "kiosk.toml", kQuick);
        victims_.emplace_back([this] { return start_kiosk(); }, report_.kiosk);
        for (const std::string& kiosk : kWriters)
            victims_.emplace_back([this, kiosk] { return start_writer(kiosk); }, report_.writers);
        for (const std::string& kiosk : kTerminals)
            victims_.emplace_back([this, kiosk] { return start_sync(kiosk); }, report_.sync);
    }

    KillReport run() {
        for (Victim& victim : victims_)
            victim.start();
        Finger finger(
            screen_.display(), observe(), [this] { return newest_id(center_.terminal(kGlass) / "journal.db"); },
            random_());
        for (int i = 0; i < plan_.kills; ++i)
            kill_one();
        pause(kLivesMs);
        finger.stop();
        for (Victim& victim : victims_)
            victim.stop();
        report_.thanks = finger.thanks();
        report_.findings = finger.findings();
        settle(finger.promised());
        if (!report_.findings.empty()) {
            center_.keep();
            report_.folder = center_.path().string();
        }
        return std::move(report_);
    }

  private:
    [[nodiscard]] std::filesystem::path observe() const { return center_.terminal(kGlass) / "glass.json"; }
    [[nodiscard]] std::filesystem::path promises(const std::string& kiosk) const {
        return center_.terminal(kiosk) / "promised";
    }
    [[nodiscard]] std::string config(const std::string& kiosk, const std::string& file) const {
        return (center_.terminal(kiosk) / file).string();
    }

    std::unique_ptr<Process> start_kiosk() const {
        std::error_code ignored;
        std::filesystem::remove(observe(), ignored);  // what an earlier life showed is not on the glass any more
        const std::vector<std::string> command = {kBin + "hailong-kiosk", "--config", config(kGlass, "kiosk.toml"),
                                                  "--observe", observe().string()};
        return std::make_unique<Process>(command, Process::Environment{{"DISPLAY", screen_.display()}});
    }
    std::unique_ptr<Process> start_writer(const std::string& kiosk) {
        return std::make_unique<Process>(std::vector<std::string>{kBin + "fault-writer", config(kiosk, "kiosk.toml"),
                                                                  promises(kiosk).string(), std::to_string(random_())});
    }
    std::unique_ptr<Process> start_sync(const std::string& kiosk) const {
        return std::make_unique<Process>(
            std::vector<std::string>{kBin + "hailong-sync", "watch", "--config", config(kiosk, "sync.toml")});
    }

    int up_to(int most) { return static_cast<int>(random_() % static_cast<std::uint64_t>(most + 1)); }
    void pause(int most_ms) {
        std::this_thread::sleep_for(milliseconds{up_to(most_ms)});
        for (Victim& victim : victims_)
            victim.take_output();
        center_.process().take_output();
    }

    void kill_one() {
        pause(kLivesMs);
        const std::size_t chosen = random_() % (victims_.size() + 2);  // the backend twice: it has most to do
        if (chosen < victims_.size()) {
            victims_[chosen].kill();
            pause(kAwayMs);
            victims_[chosen].start();
        } else {
            center_.kill();
            report_.backend += 1;
            pause(kAwayMs);
            center_.restart();
        }
    }

    /// Delivers what waits, and closes the accounts.
    void settle(const Promised& on_glass) {
        const auto add = [&](const std::vector<std::string>& more) {
            report_.findings.insert(report_.findings.end(), more.begin(), more.end());
        };
        for (const std::string& kiosk : kTerminals)
            add(deliver_all(center_, kiosk));
        if (center_.stop() != 0) add({"the backend does not end as asked: " + center_.process().output()});
        for (const std::string& kiosk : kTerminals) {
            Promised promised = kiosk == kGlass ? on_glass : Promised{};
            std::ifstream file(promises(kiosk));
            for (std::string id; std::getline(file, id);)
                promised.insert(id);
            report_.promised += static_cast<std::int64_t>(promised.size());
            report_.records += stored(center_, kiosk).backend;
            report_.accounts += accounts_of(center_, kiosk, promised);
            add(audit_terminal(center_, kiosk, promised));
        }
        add(audit_backend(center_));
    }

    const Plan plan_;
    std::mt19937_64 random_;
    KillReport report_;
    Center center_;
    const Screen screen_;
    std::vector<Victim> victims_;
};

}  // namespace

KillReport kill_round(const Plan& plan) {
    return Killing(plan).run();
}

}  // namespace hailong::tests
