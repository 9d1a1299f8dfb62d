// One machine on a counter: its clock, its disk, the programs that run on it.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "kiosk/journal/inbox.h"
#include "kiosk/journal/journal.h"
#include "sync/client/client.h"
#include "sync/client/identity.h"
#include "tests/sim/kiosk_program.h"
#include "tests/sim/world.h"

namespace hailong::sim {

struct Machine {
    /// `is_linked`: the journal's name is a link to a file in another folder.
    Machine(std::string id, std::filesystem::path home, const survey::UtcTime& truth, bool is_linked);

    /// As the programs are told.
    [[nodiscard]] std::filesystem::path journal_file() const { return folder / "journal.db"; }
    /// Where it lies, with what SQLite and the terminal keep beside it.
    [[nodiscard]] std::filesystem::path disk_file(const std::string& suffix = "") const;
    [[nodiscard]] std::filesystem::path identity_file() const { return folder / "identity.json"; }

    /// The sync program opens the journal where it has not; false: it is not to be opened now, and it waits.
    bool open_store();
    void close_store();
    /// The programs end as they are asked to. How many responses stand nowhere.
    [[nodiscard]] std::size_t end();
    /// They are killed: the disk stays as it is at this moment.
    void kill();

    /// Every record that the journal holds now, by id; empty where it can't be opened.
    [[nodiscard]] std::map<survey::Uuid, kiosk::JournalEntry> records() const;
    [[nodiscard]] bool has_text_key() const;

    survey::KioskId kiosk;
    std::filesystem::path folder;
    MachineClock clock;
    std::string boot;
    std::unique_ptr<KioskProgram> program;
    // Of the sync program.
    std::optional<kiosk::Journal> journal;
    std::optional<kiosk::Inbox> inbox;
    std::unique_ptr<sync::Client> client;
    std::optional<sync::Identity> identity;

    bool asks_texts = false;                            // what the visits were set up with
    bool barred = false;                                // the backend wants it enrolled anew
    std::map<survey::Uuid, survey::UtcTime> confirmed;  // when the backend confirmed what it holds, in truth
};

}  // namespace hailong::sim
