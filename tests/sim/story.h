// One history: what happens, in which order, and the books at its end. The moves stand in story.cpp (people, network,
// backend) and disk_moves.cpp, the books in books.cpp.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "survey/response.h"
#include "sync/client/offline_bundle.h"
#include "tests/sim/backend.h"
#include "tests/sim/bad_sectors.h"
#include "tests/sim/chance.h"
#include "tests/sim/machine.h"
#include "tests/sim/network.h"
#include "tests/sim/simulator.h"

namespace hailong::sim {

/// What a visitor said.
struct Given {
    survey::Response response;
    std::string text;
    std::string sealed;  // as it was sealed
};

class Story {
  public:
    Story(std::uint64_t seed, std::filesystem::path folder, bool tell);
    [[nodiscard]] History run();
    [[nodiscard]] static std::vector<std::string> moves();

  private:
    struct Move {
        std::int64_t weight;
        const char* name;
        void (Story::*play)(Machine&);
    };
    [[nodiscard]] static const std::vector<Move>& all_moves();

    /// A bundle on its way, and perhaps its answer on the way back.
    struct Bundle {
        Machine* machine = nullptr;
        std::filesystem::path bundle;
        std::filesystem::path answer;
        bool was_imported = false;
    };

    // --- The course of it ---
    void act();
    void find(std::string what) { history_.findings.push_back(std::move(what)); }
    /// When it is told, and of which machine.
    void tell(const Machine& machine, const std::string& what);
    Machine& add_machine(const std::string& kiosk, const std::filesystem::path& home);
    Machine& any_machine();
    std::size_t any(std::size_t end) { return static_cast<std::size_t>(chance_.below(static_cast<std::int64_t>(end))); }

    // --- A machine's programs ---
    void start(Machine& machine);
    void start_program(Machine& machine, std::chrono::milliseconds patience);
    void end(Machine& machine);
    void end_or_kill(Machine& machine);
    /// The sync program has what it needs to speak with the backend.
    bool is_online(Machine& machine);
    void make_client(Machine& machine);
    void note(Machine& machine, const sync::Exchange& done);
    void check_delivered(Machine& machine);
    /// Everything that waits, in fine weather. False: not all of it went.
    bool deliver_all(Machine& machine);
    void take_visit(Machine& machine, KioskProgram::Awaited awaited);

    // --- Moves of people, networks and the backend ---
    void visit(Machine& machine);
    void exchange(Machine& machine);
    void deliver_late(Machine& machine);
    void carry_bundle(Machine& machine);
    void restart(Machine& machine);
    void boot(Machine& machine);
    void set_clock(Machine& machine);
    void lose_battery(Machine& machine);
    void enrol(Machine& machine);
    void prune(Machine& machine);
    void clone(Machine& machine);
    void bring_back_old_disk(Machine& machine);
    void end_while_refused(Machine& machine);
    void restart_backend(Machine& machine);
    void back_up_backend(Machine& machine);
    void restore_backend(Machine& machine);
    void note_restored();
    void teach_backend(Machine& machine);
    void set_backend_clock(Machine& machine);
    void lose_store(Machine& machine);
    void spoil_backend_key(Machine& machine);

    // --- Moves of disks ---
    void spoil_page(Machine& machine);
    void spoil_log(Machine& machine);
    void spoil_head_file(Machine& machine);
    void spoil_identity(Machine& machine);
    void displace_file(Machine& machine);
    void destroy_newest(Machine& machine);
    void make_sector_unreadable(Machine& machine);

    using Held = std::map<survey::Uuid, kiosk::JournalEntry>;
    /// What stands in the machine's journal and log, without pages that a fault has hit.
    struct Readable {
        std::string file;
        std::string log;
    };
    [[nodiscard]] static Readable read_disk(const Machine& machine);
    static void blank_page(std::string& file, std::size_t at);
    static void blank_frame(std::string& log, std::size_t at);
    [[nodiscard]] static bool holds(const Readable& readable, const std::string& bytes);
    /// What stood nowhere but on bytes that can't be read any more can't come back: nobody can ask for it. Anything
    /// else that is gone is a finding.
    void allow_loss(Machine& machine, const Held& before, const Readable& readable);

    // --- The end ---
    void mend();
    void bring_up(Machine& machine);
    void balance();
    void check_record(const sync::StoredRecord& stored, std::map<survey::Uuid, int>& counted, sync::Snapshot& reader);
    void check_proofs(sync::Snapshot& reader);

    void import(Bundle& bundle);
    [[nodiscard]] static sync::OfflineParts offline_parts(Machine& machine);

    bool tell_;
    Chance chance_;
    std::filesystem::path folder_;
    survey::UtcTime truth_;
    History history_;
    Backend backend_;
    Network network_;
    BadSectors bad_sectors_;
    std::vector<std::unique_ptr<Machine>> machines_;
    std::map<survey::Uuid, Given> given_;
    std::set<survey::Uuid> may_be_lost_;
    std::set<survey::Uuid> wordless_;          // whose sealed text stood on bytes that can't be read any more
    std::set<std::string> divided_;            // terminals with two histories, which only a person can join
    std::set<std::string> unknown_;            // terminals that the backend may know by another key, or not at all
    std::optional<survey::UtcTime> enrolled_;  // when any was last
    std::deque<Bundle> bundles_;
    const std::shared_ptr<const survey::Questionnaire> first_form_;
    const std::shared_ptr<const survey::Questionnaire> second_form_;
    int boots_ = 0;
    int clones_ = 0;
    int bundle_count_ = 0;
    bool was_restored_ = false;
    bool were_bytes_destroyed_ = false;  // of a terminal's disk: it may not know any more what became of which number
};

}  // namespace hailong::sim
