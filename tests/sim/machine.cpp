#include "tests/sim/machine.h"

#include <utility>

namespace hailong::sim {

namespace fs = std::filesystem;

Machine::Machine(std::string id, fs::path home, const survey::UtcTime& truth, bool is_linked)
    : kiosk{std::move(id)}, folder(std::move(home)), clock(truth) {
    fs::create_directories(folder);
    if (!is_linked || fs::exists(journal_file())) return;
    fs::create_directories(folder / "disk");
    fs::create_symlink("disk/answers.db", journal_file());
}

fs::path Machine::disk_file(const std::string& suffix) const {
    const fs::path file = fs::is_symlink(journal_file()) ? folder / fs::read_symlink(journal_file()) : journal_file();
    return file.string() + suffix;
}

bool Machine::open_store() {
    if (journal && inbox) return true;
    close_store();
    auto opened = kiosk::Journal::open(journal_file(), kiosk);
    if (!opened) return false;
    auto opened_inbox = kiosk::Inbox::open(journal_file());
    if (!opened_inbox) return false;
    journal.emplace(std::move(*opened));
    inbox.emplace(std::move(*opened_inbox));
    return true;
}

void Machine::close_store() {
    client.reset();
    inbox.reset();
    journal.reset();
}

std::size_t Machine::end() {
    close_store();
    const std::size_t lost = program ? program->end() : 0;
    program.reset();
    return lost;
}

void Machine::kill() {
    const fs::path now = folder.string() + "-now";
    fs::copy(folder, now, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
    static_cast<void>(end());
    fs::remove_all(folder);
    fs::rename(now, folder);
}

std::map<survey::Uuid, kiosk::JournalEntry> Machine::records() const {
    std::map<survey::Uuid, kiosk::JournalEntry> found;
    const auto opened = kiosk::Journal::open(journal_file(), kiosk);
    if (!opened) return found;
    for (kiosk::JournalEntry& entry : must(opened->read(1, 100'000, SIZE_MAX))) {
        const auto record = survey::decode(entry.bytes);
        if (record) found.emplace(record->response.id, std::move(entry));
    }
    return found;
}

bool Machine::has_text_key() const {
    const auto opened = kiosk::Journal::open(journal_file(), kiosk);
    if (!opened) return false;
    const auto key = opened->text_key();
    return key && *key;
}

}  // namespace hailong::sim
