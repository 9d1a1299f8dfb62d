// One history with every kind of fault in it, in any order, on the shipped programs of both ends. What would destroy
// the only bytes of an answer comes after it was delivered; everything else meets answers that wait, too. Places walk
// on from fault to fault: writes, pages, bytes, files, clocks.
#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <functional>
#include <random>
#include <thread>

#include "tests/faults/audit.h"
#include "tests/faults/bad_disk.h"
#include "tests/faults/clock.h"
#include "tests/faults/rounds.h"

namespace hailong::tests {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPageBytes = 4'096;

class MixedRound {
  public:
    explicit MixedRound(const Plan& plan)
        : plan_(plan),
          walked_(static_cast<std::size_t>(plan.before)),
          random_(plan.seed),
          disk_(center_.terminal(kPlain)) {
        start_backend();
        run_terminal();
        (void)center_.sync_once(kPlain);
    }

    Report run() {
        const auto& all = faults();
        for (int i = 0; i < plan_.kills; ++i) {
            // Each kind in turn, in an order of the seed's own.
            if (static_cast<std::size_t>(i) % all.size() == 0) shuffle_order(all.size());
            const Fault& fault = all.at(order_.at(static_cast<std::size_t>(i) % all.size()));
            report_.faults[fault.name] += 1;
            told_.push_back(fault.name);
            try {
                fault.happen(*this);
            } catch (const std::exception& error) {
                report_.findings.push_back(std::string(fault.name) + ": " + error.what());
                keep();
                return std::move(report_);
            }
            walked_ += 1;
            if (below(3) == 0) (void)center_.sync_once(kPlain, {}, environment());
        }
        close();
        return std::move(report_);
    }

  private:
    struct Fault {
        const char* name;
        std::function<void(MixedRound&)> happen;
    };

    static const std::vector<Fault>& faults() {
        static const std::vector<Fault> list = {
            {"power cut at a write", [](MixedRound& round) { round.lose_power(); }},
            {"unreadable page", [](MixedRound& round) { round.make_page_unreadable(); }},
            {"terminal's file removed, running", [](MixedRound& round) { round.displace_running(false); }},
            {"terminal's file replaced, running", [](MixedRound& round) { round.displace_running(true); }},
            {"terminal's file removed, stopped", [](MixedRound& round) { round.displace_stopped(false); }},
            {"terminal's file replaced, stopped", [](MixedRound& round) { round.displace_stopped(true); }},
            {"terminal's side file spoiled", [](MixedRound& round) { round.spoil_side_file(); }},
            {"terminal's clock", [](MixedRound& round) { round.set_terminal_clock(); }},
            {"backend's clock", [](MixedRound& round) { round.set_backend_clock(); }},
            {"store's file removed, running", [](MixedRound& round) { round.lose_store(true, false); }},
            {"store's file replaced, running", [](MixedRound& round) { round.lose_store(true, true); }},
            {"store's file removed, stopped", [](MixedRound& round) { round.lose_store(false, false); }},
            {"store's file replaced, stopped", [](MixedRound& round) { round.lose_store(false, true); }},
            {"backend's key spoiled or removed", [](MixedRound& round) { round.spoil_key(); }},
            {"backend killed", [](MixedRound& round) { round.kill_backend(); }},
            {"sync killed", [](MixedRound& round) { round.kill_sync(); }},
        };
        return list;
    }

    std::size_t below(std::size_t end) { return static_cast<std::size_t>(random_() % end); }
    void shuffle_order(std::size_t count) {
        order_.resize(count);
        for (std::size_t i = 0; i < count; ++i)
            order_[i] = i;
        std::shuffle(order_.begin(), order_.end(), random_);
    }
    [[nodiscard]] fs::path file(const std::string& name) const { return center_.terminal(kPlain) / name; }
    [[nodiscard]] fs::path promises() const { return outside_ / "promised"; }
    [[nodiscard]] fs::path data() const { return center_.path() / "backend"; }
    [[noreturn]] void fail(const std::string& what) const { throw std::runtime_error(what); }

    // --- Programs ---

    [[nodiscard]] Process::Environment environment() const {
        Process::Environment both = disk_.environment();
        const std::string disk = both["LD_PRELOAD"].value_or("");
        for (const auto& [name, value] : clock_.environment())
            both[name] = value;
        // The clock's library first: it opens files before the disk's knows its own way.
        both["LD_PRELOAD"] = both["LD_PRELOAD"].value_or("") + ":" + disk;
        return both;
    }
    void start_backend() {
        std::vector<std::string> enter = {"env"};
        for (const auto& [name, value] : backend_clock_.environment())
            enter.push_back(name + "=" + value.value_or(""));
        if (center_.url().empty()) {
            center_.start(enter);
        } else {
            center_.restart();
        }
    }
    std::unique_ptr<Process> start_writer() {
        return std::make_unique<Process>(std::vector<std::string>{kBin + "fault-writer", file("kiosk.toml").string(),
                                                                  promises().string(), std::to_string(random_())},
                                         environment());
    }
    /// A few visits, then a kill in the middle of the next.
    void write_and_kill() {
        const auto writer = start_writer();
        std::this_thread::sleep_for(std::chrono::milliseconds{50 + below(150)});
        writer->kill();
    }
    /// The terminal's program starts, mends what it must, and `meanwhile` happens while it runs.
    void run_terminal(const std::function<void()>& meanwhile = {}) {
        Process::Environment with_screen = environment();
        with_screen["DISPLAY"] = screen_.display();
        const fs::path observe = outside_ / "glass.json";
        fs::remove(observe);
        Process kiosk({kBin + "hailong-kiosk", "--config", file("kiosk.toml").string(), "--observe", observe.string()},
                      with_screen);
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
        while (!fs::exists(observe)) {
            if (std::chrono::steady_clock::now() > deadline) fail("the terminal shows nothing: " + kiosk.output());
            kiosk.take_output();
            std::this_thread::sleep_for(std::chrono::milliseconds{5});
        }
        // Its journal is opened beside the first frame.
        std::this_thread::sleep_for(std::chrono::milliseconds{300});
        if (meanwhile) meanwhile();
        if (kiosk.terminate() != 0) fail("the terminal does not end as asked: " + kiosk.output());
    }
    void deliver() {
        const Ran ran = center_.sync_once(kPlain, {}, environment());
        if (ran.exit_code != 0) fail("not delivered (" + std::to_string(ran.exit_code) + "): " + ran.output);
    }

    // --- The terminal ---

    void lose_power() {
        disk_.cut_power_at(static_cast<std::int64_t>(50 * (walked_ % 20) + 1 + below(50)), random_());
        start_writer()->wait();
        disk_.mend();
        run_terminal();
    }
    void make_page_unreadable() {
        write_and_kill();
        deliver();
        const bool in_log = walked_ % 2 == 1 && fs::exists(file("journal.db-wal"));
        const fs::path damaged = file(in_log ? "journal.db-wal" : "journal.db");
        const std::size_t pages = fs::file_size(damaged) / kPageBytes;
        if (pages == 0) return run_terminal();
        disk_.make_unreadable(damaged, static_cast<std::int64_t>(walked_ / 2 % pages * kPageBytes), 512);
        run_terminal();
        disk_.mend();
    }
    [[nodiscard]] fs::path next_journal_file() {
        static constexpr std::array kFiles = {"journal.db", "journal.db-wal", "journal.db-shm", "journal.db-head"};
        return file(kFiles.at(walked_ / faults().size() % kFiles.size()));
    }
    static void displace(const fs::path& path, bool is_replaced) {
        if (!fs::exists(path)) return;
        if (is_replaced) {
            fs::copy_file(path, path.string() + ".other");
            fs::rename(path.string() + ".other", path);
        } else {
            fs::remove(path);
        }
    }
    void displace_running(bool is_replaced) {
        write_and_kill();
        // Nobody comes any more: it looks before each answer, and when it ends.
        run_terminal([&] { displace(next_journal_file(), is_replaced); });
    }
    void displace_stopped(bool is_replaced) {
        write_and_kill();
        deliver();
        const fs::path journal = next_journal_file();
        was_journal_removed_ = was_journal_removed_ || (!is_replaced && journal == file("journal.db"));
        displace(journal, is_replaced);
        run_terminal();
    }
    void spoil(const fs::path& path, std::size_t at) {
        std::string bytes = survey::read_file(path).value();
        if (bytes.empty()) return;
        bytes[at % bytes.size()] = static_cast<char>(bytes[at % bytes.size()] ^ (1 << below(8)));
        std::ofstream(path, std::ios::binary) << bytes;
    }
    void spoil_side_file() {
        static constexpr std::array kFiles = {"journal.db-head", "journal.db-wal", "journal.db-shm", "identity.json"};
        const std::size_t turn = walked_ / faults().size();
        const fs::path side = file(kFiles.at(turn % kFiles.size()));
        write_and_kill();
        deliver();
        // What ended well left no log.
        if (!fs::exists(side)) write_and_kill(), deliver();
        if (!fs::exists(side)) return run_terminal();
        const std::string whole = survey::read_file(side).value();
        spoil(side, turn / kFiles.size() * 7 + turn);
        run_terminal();
        if (side.filename() != "identity.json") return;
        const Ran refused = center_.sync_once(kPlain, {}, environment());
        if (refused.exit_code != 1 && refused.exit_code != 0) fail("a spoiled identity: " + refused.output);
        std::ofstream(side, std::ios::binary) << whole;
    }
    void set_terminal_clock() {
        clock_.set(next_offset());
        write_and_kill();
        run_terminal();
    }
    const char* next_offset() {
        static constexpr std::array kOffsets = {"+1d", "-1d", "+400d", "-400d", "+0"};
        return kOffsets.at(below(kOffsets.size()));
    }

    // --- The backend ---

    void set_backend_clock() {
        backend_clock_.set(next_offset());
        write_and_kill();
        (void)center_.sync_once(kPlain, {}, environment());
        // Seen while it runs, or with a new start.
        if (below(2) == 0) kill_backend();
        (void)center_.sync_once(kPlain, {}, environment());
    }
    void lose_store(bool is_running, bool is_replaced) {
        static constexpr std::array kFiles = {"backend.sqlite", "backend.sqlite-wal", "backend.sqlite-shm"};
        const fs::path backup = center_.path() / ("backup-" + std::to_string(++backups_));
        if (const Ran ran = center_.backend({"backup", backup.string()}); ran.exit_code != 0) fail(ran.output);
        write_and_kill();
        (void)center_.sync_once(kPlain, {}, environment());
        if (!is_running) center_.kill();
        displace(data() / kFiles.at(walked_ / faults().size() % kFiles.size()), is_replaced);
        write_and_kill();
        if (is_running) {
            (void)tests::run({"timeout", "3", kBin + "hailong-sync", "once", "--config", file("sync.toml").string()},
                             environment());
            center_.kill();
        }
        fs::rename(data(), center_.path() / ("lost-" + std::to_string(backups_)));
        if (const Ran ran = center_.backend({"restore", backup.string()}); ran.exit_code != 0) fail(ran.output);
        start_backend();
    }
    /// It does not start with it, or it says the same; the key is put back.
    void spoil_key() {
        static constexpr std::array kKeys = {"sign.key", "transport.key", "text.pub", "text.key"};
        const std::size_t turn = walked_ / faults().size();
        const fs::path key = data() / "keys" / kKeys.at(turn % kKeys.size());
        const std::string whole = survey::read_file(key).value();
        center_.kill();
        if (below(4) == 0) {
            fs::remove(key);
        } else {
            spoil(key, turn * 7);
        }
        const Ran ran =
            tests::run({"timeout", "2", kBin + "hailong-backend", "serve", "--data", data().string(), "--listen",
                        "127.0.0.1:0", "--assets", std::string(HAILONG_SOURCE_DIR) + "/assets"});
        if (ran.exit_code != 1 && ran.exit_code != 124 && ran.exit_code != 0) fail("a spoiled key: " + ran.output);
        if (const auto put = survey::write_file(key, whole, survey::Readers::owner); !put) fail(put.error());
        start_backend();
        write_and_kill();
        deliver();
    }
    void kill_backend() {
        center_.kill();
        start_backend();
    }
    void kill_sync() {
        write_and_kill();
        Process sync({kBin + "hailong-sync", "watch", "--config", file("sync.toml").string()}, environment());
        std::this_thread::sleep_for(std::chrono::milliseconds{below(400)});
        sync.kill();
    }

    // --- The accounts ---

    void close() {
        clock_.set("+0");
        backend_clock_.set("+0");
        run_terminal();
        report_.findings = deliver_all(center_, kPlain);
        if (center_.stop() != 0)
            report_.findings.push_back("the backend does not end as asked: " + center_.process().output());
        const Promised promised = promised_in(promises());
        if (promised.empty()) report_.findings.emplace_back("no visit was taken");
        const auto found = audit_terminal(center_, kPlain, promised, Kept::what_was_left);
        report_.findings.insert(report_.findings.end(), found.begin(), found.end());
        report_.accounts = accounts_of(center_, kPlain, promised);
        const Ran verified = center_.backend({"verify"});
        if (verified.exit_code != 0 && !(was_journal_removed_ && are_about_the_count(verified.output)))
            report_.findings.push_back("verify finds: " + verified.output);
        if (!report_.findings.empty()) keep();
    }
    /// A terminal whose journal is gone does not know which of its numbers stood for answers, and says of all that they
    /// did: whether any is lost is told by their ids.
    static bool are_about_the_count(const std::string& said) {
        const auto count = [&](const std::string& words) {
            std::size_t times = 0;
            for (auto at = said.find(words); at != std::string::npos; at = said.find(words, at + 1))
                times += 1;
            return times;
        };
        return count("DIFFERENCE: ") == count("DIFFERENCE: " + kPlain + ": was promised that ");
    }
    /// For a person to look into.
    void keep() {
        std::string told = "after:";
        for (const std::string& name : told_)
            told += " " + name + ";";
        report_.findings.push_back(told);
        center_.keep();
        report_.folder = center_.path().string();
    }

    const Plan plan_;
    std::size_t walked_;  // faults so far, of earlier rounds too
    std::mt19937_64 random_;
    Report report_;
    std::vector<std::size_t> order_;
    std::vector<std::string> told_;
    Center center_{480, 800};
    const Screen screen_{"480x800"};
    TemporaryFolder outside_;
    BadDisk disk_;
    const LyingClock clock_{"+0"};
    const LyingClock backend_clock_{"+0"};
    int backups_ = 0;
    bool was_journal_removed_ = false;  // while the terminal stood
};

}  // namespace

Report mixed_round(const Plan& plan) {
    return MixedRound(plan).run();
}

}  // namespace hailong::tests
