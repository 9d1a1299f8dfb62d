// What happens to a machine's disk: spoiled, displaced, unreadable, put back from a copy, and refusing.
#include <algorithm>
#include <array>
#include <fstream>

#include <SQLiteCpp/SQLiteCpp.h>

#include "kiosk/journal/log_check.h"
#include "survey/base/host.h"
#include "tests/sim/story.h"

namespace hailong::sim {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kPageBytes = 4'096;

std::string bytes_of(const fs::path& file) {
    return fs::exists(file) ? must(survey::read_file(file)) : std::string();
}

void flip_bit(std::string& bytes, std::size_t at, Chance& chance) {
    bytes.at(at) = static_cast<char>(bytes.at(at) ^ (1 << chance.below(8)));
}

}  // namespace

// --- What a disk still gives -----------------------------------------------------------------------------------------

Story::Readable Story::read_disk(const Machine& machine) {
    return {bytes_of(machine.disk_file()), bytes_of(machine.disk_file("-wal"))};
}

void Story::blank_page(std::string& file, std::size_t at) {
    const std::size_t first = at / kPageBytes * kPageBytes;
    for (std::size_t i = first; i < std::min(first + kPageBytes, file.size()); ++i)
        file[i] = '\0';
}

void Story::blank_frame(std::string& log, std::size_t at) {
    const std::size_t frame = at < kiosk::kLogHeaderBytes ? 0 : (at - kiosk::kLogHeaderBytes) / kiosk::kFrameBytes;
    const std::size_t first = kiosk::kLogHeaderBytes + frame * kiosk::kFrameBytes;
    if (at < kiosk::kLogHeaderBytes) return;  // its frames stand whole behind it
    for (std::size_t i = first; i < std::min(first + kiosk::kFrameBytes, log.size()); ++i)
        log[i] = '\0';
}

bool Story::holds(const Readable& readable, const std::string& bytes) {
    return readable.file.find(bytes) != std::string::npos || readable.log.find(bytes) != std::string::npos;
}

void Story::allow_loss(Machine& machine, const Held& before, const Readable& readable) {
    were_bytes_destroyed_ = true;
    const std::int64_t delivered = machine.open_store() ? machine.journal->delivered_seq().value_or(0) : 0;
    const Held after = machine.records();
    for (const auto& [id, entry] : before) {
        const bool is_there = after.contains(id);
        // What was delivered may be left to the backend.
        if (!is_there && entry.seq > delivered && holds(readable, entry.bytes)) {
            find(machine.kiosk.text + " " + survey::to_string(id) + " (" + std::to_string(entry.seq) +
                 "): stood whole on the disk, and is gone");
        }
        if (!is_there) may_be_lost_.insert(id);
        const std::string& sealed = given_.at(id).sealed;
        if (!sealed.empty() && !holds(readable, sealed)) wordless_.insert(id);
    }
}

// --- Damage ----------------------------------------------------------------------------------------------------------

void Story::spoil_page(Machine& machine) {
    const Held before = machine.records();
    end(machine);
    Readable disk = read_disk(machine);
    if (disk.file.empty()) return start(machine);
    const std::size_t at = any(disk.file.size());
    for (int i = 0; i < 64; ++i)
        disk.file.at(std::min(at / kPageBytes * kPageBytes + any(kPageBytes), disk.file.size() - 1)) =
            static_cast<char>(chance_.below(256));
    must(survey::write_file(machine.disk_file(), disk.file));
    tell(machine, "has page " + std::to_string(at / kPageBytes + 1) + " of its journal spoiled");
    blank_page(disk.file, at);
    start(machine);
    allow_loss(machine, before, disk);
}

/// Killed, and a bit of its log flips; the header, a frame's header or a page.
void Story::spoil_log(Machine& machine) {
    const Held before = machine.records();
    machine.kill();
    Readable disk = read_disk(machine);
    if (!disk.log.empty()) {
        const std::size_t frame = any(std::max<std::size_t>(disk.log.size() / kiosk::kFrameBytes, 1));
        std::size_t at = any(kiosk::kLogHeaderBytes);
        if (chance_.below(4) > 0)
            at = kiosk::kLogHeaderBytes + frame * kiosk::kFrameBytes +
                 any(chance_.one_in(3) ? kiosk::kFrameHeaderBytes : kiosk::kFrameBytes);
        at = std::min(at, disk.log.size() - 1);
        flip_bit(disk.log, at, chance_);
        must(survey::write_file(machine.disk_file("-wal"), disk.log));
        tell(machine,
             "has byte " + std::to_string(at) + " of " + std::to_string(disk.log.size()) + " of its log spoiled");
        blank_frame(disk.log, at);
    }
    start(machine);
    allow_loss(machine, before, disk);
}

void Story::spoil_head_file(Machine& machine) {
    end_or_kill(machine);
    const fs::path file = machine.disk_file("-head");
    std::string bytes = bytes_of(file);
    if (bytes.empty()) return start(machine);
    switch (chance_.below(4)) {
        case 0:
            fs::remove(file);
            break;
        case 1:  // another digit wherever one stands
            for (char& byte : bytes)
                if (byte >= '1' && byte <= '8') byte = '9';
            must(survey::write_file(file, bytes));
            break;
        case 2:
            fs::resize_file(file, any(bytes.size()));
            break;
        default:
            flip_bit(bytes, any(bytes.size()), chance_);
            must(survey::write_file(file, bytes));
    }
    tell(machine, "has its head file spoiled");
    start(machine);
}

/// Nothing of it may be believed then; the terminal is enrolled anew.
void Story::spoil_identity(Machine& machine) {
    const auto whole = sync::load_identity(machine.identity_file(), machine.kiosk);
    if (!whole) return;
    end_or_kill(machine);
    std::string bytes = bytes_of(machine.identity_file());
    flip_bit(bytes, any(bytes.size()), chance_);
    must(survey::write_file(machine.identity_file(), bytes));
    if (const fs::path wanted = sync::wanted_file(machine.identity_file()); fs::exists(wanted)) {
        std::string number = bytes_of(wanted);
        if (!number.empty()) flip_bit(number, any(number.size()), chance_);
        must(survey::write_file(wanted, number));
    }
    const auto taken = sync::load_identity(machine.identity_file(), machine.kiosk);
    if (taken && !(*taken == *whole)) find(machine.kiosk.text + " believes a spoiled identity");
    tell(machine, taken ? "has its identity spoiled, which says the same" : "has its identity spoiled");
    start(machine);
}

// --- Displaced -------------------------------------------------------------------------------------------------------

/// Somebody removes, replaces or cuts one of the files while the programs run.
void Story::displace_file(Machine& machine) {
    static constexpr std::array kFiles = {"", "-wal", "-shm"};
    const Held before = machine.records();
    const std::string suffix = kFiles.at(any(kFiles.size()));
    const fs::path file = machine.disk_file(suffix);
    if (!fs::exists(file)) return;
    const std::string bytes = bytes_of(file);
    bool is_cut = false;
    const auto replace_by = [&](const std::string& other) {
        must(survey::write_file(file.string() + ".new", other));
        fs::rename(file.string() + ".new", file);
    };
    const std::int64_t how = chance_.below(4);
    const bool is_memory = suffix == "-shm";
    if (is_memory && how == 1) {
        visit(machine);
        visit(machine);
        std::fstream(file, std::ios::in | std::ios::out | std::ios::binary) << bytes;  // as `cp` puts a copy back
    } else if (how == 0 || (is_memory && how == 2)) {
        fs::remove(file);
    } else if (how == 1) {
        replace_by("");
    } else if (how == 2) {
        replace_by(bytes);
    } else {
        is_cut = !is_memory;  // which holds nothing that stands nowhere else
        fs::resize_file(file, any(bytes.size()));
    }
    tell(machine, "has its file " + file.filename().string() + " displaced, way " + std::to_string(how));
    // Of a text, other than of a record, nobody knows which of two copies in a file that was cut is the one in use.
    for (const auto& [id, entry] : before) {
        if (is_cut) wordless_.insert(id);
    }
    Readable disk = read_disk(machine);
    for (std::int64_t visits = chance_.below(3); visits > 0; --visits)
        visit(machine);
    const std::int64_t then = chance_.below(3);
    if (then == 0) end(machine);
    if (then == 1) {
        disk = read_disk(machine);
        const Held given = machine.records();
        machine.kill();
        tell(machine, "is killed then, with " + std::to_string(disk.file.size()) + " bytes of its file and " +
                          std::to_string(disk.log.size()) + " of its log");
        start(machine);
        allow_loss(machine, before, disk);
        return allow_loss(machine, given, disk);
    }
    start(machine);
    if (is_cut) allow_loss(machine, before, disk);
}

/// What was delivered lies on the page of the newest records, and is destroyed on the terminal.
void Story::destroy_newest(Machine& machine) {
    if (!is_online(machine) || machine.barred || !deliver_all(machine)) return;
    const Held before = machine.records();
    if (before.empty()) return;
    const auto newest = std::max_element(before.begin(), before.end(), [](const auto& one, const auto& other) {
        return one.second.seq < other.second.seq;
    });
    end(machine);
    Readable disk = read_disk(machine);
    for (std::size_t at = 0; (at = disk.file.find(newest->second.bytes)) != std::string::npos;)
        blank_page(disk.file, at);
    must(survey::write_file(machine.disk_file(), disk.file));
    tell(machine, "has the page of its newest records destroyed");
    start(machine);
    allow_loss(machine, before, disk);
}

void Story::make_sector_unreadable(Machine& machine) {
    const Held before = machine.records();
    end_or_kill(machine);
    Readable disk = read_disk(machine);
    const bool in_log = !disk.log.empty() && chance_.one_in(2);
    std::string& bytes = in_log ? disk.log : disk.file;
    if (bytes.size() <= kPageBytes) return start(machine);  // a disk that gives nothing at all is another fault
    const std::size_t page = any(bytes.size()) / kPageBytes * kPageBytes;
    bad_sectors_.add(machine.disk_file(in_log ? "-wal" : ""), static_cast<std::int64_t>(page), 512);
    tell(machine, std::string("can't read a sector of its ") + (in_log ? "log" : "journal") + ", page " +
                      std::to_string(page / kPageBytes + 1));
    if (in_log) {
        blank_frame(bytes, page);
        blank_frame(bytes, std::min(page + kPageBytes - 1, bytes.size() - 1));
    } else {
        blank_page(bytes, page);
    }
    start(machine);
    allow_loss(machine, before, disk);
}

// --- Copies, and a disk that refuses ---------------------------------------------------------------------------------

void Story::bring_back_old_disk(Machine& machine) {
    const fs::path image = folder_ / ("image-" + machine.folder.filename().string());
    const Held before = machine.records();
    constexpr auto kWhole = fs::copy_options::recursive | fs::copy_options::copy_symlinks;
    end(machine);
    if (!fs::exists(image) || chance_.one_in(2)) {
        fs::remove_all(image);
        fs::copy(machine.folder, image, kWhole);
        return start(machine);
    }
    fs::remove_all(machine.folder);
    fs::copy(image, machine.folder, kWhole);
    divided_.insert(machine.kiosk.text);
    machine.barred = false;
    tell(machine, "runs from an old image");
    const Readable disk = read_disk(machine);
    start(machine);
    allow_loss(machine, before, disk);
}

/// Another program holds the file; whoever answers meanwhile is remembered beside it when the terminal ends.
void Story::end_while_refused(Machine& machine) {
    end(machine);
    start_program(machine, std::chrono::milliseconds{1});
    machine.program->look_through();
    const std::size_t known = given_.size();
    std::set<survey::Uuid> meanwhile;
    {
        SQLite::Database holder(machine.disk_file().string(), SQLite::OPEN_READWRITE);
        holder.exec("BEGIN IMMEDIATE");
        std::set<survey::Uuid> before;
        for (const auto& [id, given] : given_)
            before.insert(id);
        take_visit(machine, KioskProgram::Awaited::refused);
        for (const auto& [id, given] : given_)
            if (!before.contains(id)) meanwhile.insert(id);
        end(machine);
    }
    if (given_.size() == known) return start(machine);
    const fs::path kept = machine.journal_file().string() + "-unsaved";
    if (!fs::exists(kept)) find(machine.kiosk.text + " keeps nothing beside its journal");
    if (chance_.one_in(4)) {
        std::string bytes = bytes_of(kept);
        if (!bytes.empty()) flip_bit(bytes, any(bytes.size()), chance_);
        must(survey::write_file(kept, bytes));
        may_be_lost_.insert(meanwhile.begin(), meanwhile.end());
        tell(machine, "has what waited beside its journal spoiled");
    }
    start(machine);
}

}  // namespace hailong::sim
