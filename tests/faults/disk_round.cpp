// Rounds of faults of a terminal's disk: power that goes in the middle of a write, flipped bits, files that are
// removed, emptied or swapped under the running program.
#include <fstream>
#include <functional>
#include <random>
#include <thread>

#include "tests/faults/audit.h"
#include "tests/faults/bad_disk.h"
#include "tests/faults/rounds.h"

namespace hailong::tests {
namespace {

namespace fs = std::filesystem;

class DiskRound {
  public:
    explicit DiskRound(const Plan& plan) : plan_(plan), random_(plan.seed), disk_(center_.terminal(kPlain)) {
        center_.start();
    }

    Report run() {
        const std::vector<std::function<void()>> faults{[this] { lose_power(); }, [this] { flip_in_log(); },
                                                        [this] { flip_in_head_file(); }, [this] { displace(); },
                                                        [this] { restart_backend(); }};
        for (int i = 0; i < plan_.kills; ++i) {
            faults.at(below(faults.size()))();
            if (below(3) == 0) (void)center_.sync_once(kPlain);
        }
        std::vector<std::string> findings = deliver_all(center_, kPlain);
        if (center_.stop() != 0) findings.push_back("the backend does not end as asked: " + center_.process().output());
        const Promised promised = promised_in(promises());
        if (promised.empty()) findings.emplace_back("no visit was taken");
        const auto found = audit_terminal(center_, kPlain, promised);
        findings.insert(findings.end(), found.begin(), found.end());
        for (const char* proof : {"verify", "reconcile"}) {
            const Ran ran = center_.backend({proof});
            if (ran.exit_code != 0) findings.push_back(std::string(proof) + " finds: " + ran.output);
        }
        Report report{findings, {}, {}, accounts_of(center_, kPlain, promised)};
        if (findings.empty()) return report;
        center_.keep();
        report.folder = center_.path().string();
        return report;
    }

  private:
    std::size_t below(std::size_t end) { return static_cast<std::size_t>(random_() % end); }
    [[nodiscard]] fs::path file(const std::string& name) const { return center_.terminal(kPlain) / name; }
    [[nodiscard]] fs::path promises() const { return outside_ / "promised"; }

    std::unique_ptr<Process> start_writer(const Process::Environment& environment) {
        return std::make_unique<Process>(std::vector<std::string>{kBin + "fault-writer", file("kiosk.toml").string(),
                                                                  promises().string(), std::to_string(random_())},
                                         environment);
    }
    /// A few visits, then a kill in the middle of the next.
    void write_and_kill() {
        const auto writer = start_writer(disk_.environment());
        std::this_thread::sleep_for(std::chrono::milliseconds{50 + below(150)});
        writer->kill();
    }
    /// The terminal's program starts, mends what it must, and `meanwhile` happens while it runs.
    void run_terminal(const std::function<void()>& meanwhile = {}) {
        Process::Environment environment = disk_.environment();
        environment["DISPLAY"] = screen_.display();
        const fs::path observe = outside_ / "glass.json";
        fs::remove(observe);
        Process kiosk({kBin + "hailong-kiosk", "--config", file("kiosk.toml").string(), "--observe", observe.string()},
                      environment);
        while (!fs::exists(observe))
            std::this_thread::sleep_for(std::chrono::milliseconds{5});
        // Its journal is opened beside the first frame.
        std::this_thread::sleep_for(std::chrono::milliseconds{300});
        if (meanwhile) meanwhile();
        if (kiosk.terminate() != 0) throw std::runtime_error("the terminal does not end as asked: " + kiosk.output());
    }

    void lose_power() {
        disk_.cut_power_at(static_cast<std::int64_t>(1 + below(400)), random_());
        start_writer(disk_.environment())->wait();
        disk_.mend();
        run_terminal();
    }
    void flip(const fs::path& path, std::size_t end) {
        std::string bytes = survey::read_file(path).value();
        end = std::min(end, bytes.size());
        if (end == 0) return;
        const std::size_t at = below(end);
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
        std::ofstream(path, std::ios::binary) << bytes;
    }
    /// In its first half: what the last transaction wrote stands nowhere else.
    void flip_in_log() {
        write_and_kill();
        if (fs::exists(file("journal.db-wal"))) flip(file("journal.db-wal"), fs::file_size(file("journal.db-wal")) / 2);
        run_terminal();
    }
    void flip_in_head_file() {
        write_and_kill();
        if (fs::exists(file("journal.db-head"))) flip(file("journal.db-head"), 1'024);
        run_terminal();
    }
    void displace() {
        write_and_kill();
        // Nobody comes any more: it looks before each answer, and when it ends.
        run_terminal([this] {
            fs::remove(file(std::vector<std::string>{"journal.db", "journal.db-wal", "journal.db-shm"}[below(3)]));
        });
    }
    void restart_backend() {
        center_.kill();
        center_.restart();
    }

    const Plan plan_;
    std::mt19937_64 random_;
    Center center_{480, 800};
    const Screen screen_{"480x800"};
    TemporaryFolder outside_;
    BadDisk disk_;
};

}  // namespace

Report disk_round(const Plan& plan) {
    return DiskRound(plan).run();
}

}  // namespace hailong::tests
