#include "tests/faults/rounds.h"

#include <chrono>
#include <fstream>
#include <random>
#include <thread>

#include "tests/faults/audit.h"
#include "tests/faults/clock.h"
#include "tests/faults/network.h"

namespace hailong::tests {
namespace {

using std::chrono::milliseconds;

const std::string kKiosk = "bm-dd";

/// Between two faults, at random up to this.
constexpr int kBetweenMs = 900;

class Chance {
  public:
    explicit Chance(std::uint64_t seed) : random_(seed) {}
    int up_to(int most) { return static_cast<int>(random_() % static_cast<std::uint64_t>(most + 1)); }
    void pause(int most_ms) { std::this_thread::sleep_for(milliseconds{up_to(most_ms)}); }

  private:
    std::mt19937_64 random_;
};

/// A terminal that takes visits without a glass (writer.cpp).
class Writer {
  public:
    Writer(const Center& center, Process::Environment environment)
        : config_((center.terminal(kKiosk) / "kiosk.toml").string()),
          promises_((center.terminal(kKiosk) / "promised").string()),
          environment_(std::move(environment)) {}
    void start(int seed) {
        process_ = std::make_unique<Process>(
            std::vector<std::string>{kBin + "fault-writer", config_, promises_, std::to_string(seed)}, environment_);
    }
    void kill() { process_->kill(); }
    [[nodiscard]] Promised promised() const {
        Promised promised;
        std::ifstream file(promises_);
        for (std::string id; std::getline(file, id);)
            promised.insert(id);
        return promised;
    }

  private:
    std::string config_;
    std::string promises_;
    Process::Environment environment_;
    std::unique_ptr<Process> process_;
};

/// What is found in the end, and the folder when something is.
Report report(Center& center, std::vector<std::string> findings, const Promised& promised) {
    for (const auto& more : {audit_terminal(center, kKiosk, promised), audit_backend(center)})
        findings.insert(findings.end(), more.begin(), more.end());
    if (promised.empty()) findings.emplace_back("no visit was taken");
    Report report{findings, {}, {}, accounts_of(center, kKiosk, promised)};
    if (findings.empty()) return report;
    center.keep();
    report.folder = center.path().string();
    return report;
}

/// One thing that happens to a cable.
std::string cable_fault(Chance& chance) {
    switch (chance.up_to(5)) {
        case 0:
            return "loss " + std::to_string(chance.up_to(40));
        case 1:
            return "delay " + std::to_string(chance.up_to(60)) + " " + std::to_string(chance.up_to(60));
        case 2:
            return "duplicate " + std::to_string(chance.up_to(50));
        case 3:
            return "cut";
        case 4:
            return "cut-after " + std::to_string(chance.up_to(20'000));
        default:
            return "mute-after " + std::to_string(chance.up_to(20'000));
    }
}

}  // namespace

Report network_round(const Plan& plan) {
    Chance chance(plan.seed);
    Remote remote(kKiosk, 50 + chance.up_to(600), 1, plan.seed);
    remote.put_in_front();
    Writer writer(remote.center(), {});
    writer.start(chance.up_to(1'000'000));
    auto sync = remote.start_sync("watch");
    for (int i = 0; i < plan.kills; ++i) {
        remote.cable().say(cable_fault(chance));
        chance.pause(kBetweenMs);
        switch (chance.up_to(3)) {
            case 0:
                sync->kill();
                sync = remote.start_sync("watch");
                break;
            case 1:
                remote.center().kill();
                remote.center().restart();
                break;
            case 2:
                writer.kill();
                writer.start(chance.up_to(1'000'000));
                break;
            default:
                break;  // only the cable
        }
        if (chance.up_to(1) == 0) remote.cable().say("mend");
        sync->take_output();
    }
    writer.kill();
    sync->terminate();
    std::vector<std::string> findings = remote.close();
    return report(remote.center(), std::move(findings), writer.promised());
}

Report clock_round(const Plan& plan) {
    constexpr const char* kOffsets[] = {"+0", "-1d", "-1h", "+3650d", "+1d", "-400d", "+3s", "-2s"};
    Chance chance(plan.seed);
    Center center(480, 800);
    center.start();
    const LyingClock clock("+0");
    Writer writer(center, clock.environment());
    writer.start(chance.up_to(1'000'000));
    const std::vector<std::string> watch = {kBin + "hailong-sync", "watch", "--config",
                                            (center.terminal(kKiosk) / "sync.toml").string()};
    auto sync = std::make_unique<Process>(watch, clock.environment());
    for (int i = 0; i < plan.kills; ++i) {
        clock.set(kOffsets[chance.up_to(static_cast<int>(std::size(kOffsets)) - 1)]);
        chance.pause(kBetweenMs);
        if (chance.up_to(1) == 0) {
            writer.kill();
            writer.start(chance.up_to(1'000'000));
        } else {
            sync->kill();
            sync = std::make_unique<Process>(watch, clock.environment());
        }
    }
    writer.kill();
    sync->terminate();
    std::vector<std::string> findings = deliver_all(center, kKiosk);
    if (center.stop() != 0) findings.push_back("the backend does not end as asked: " + center.process().output());
    return report(center, std::move(findings), writer.promised());
}

}  // namespace hailong::tests
