// A journal before it is damaged, and what must hold after it repaired.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "kiosk/journal/file_lock.h"
#include "kiosk/recovery/repair.h"
#include "survey/record.h"
#include "tests/kiosk/journal/must.h"
#include "tests/kiosk/journal/sample.h"

namespace hailong::test {

inline const std::string kBoot = "5f0c1c4e-8a52-4c0e-9a3e-2b1f7f3f0a11";
inline constexpr survey::UtcTime kNow{survey::milliseconds{1'795'330'000'000}};

/// Renames as the real ones, and leaves the disk alone: a sync costs more than everything else in a test.
class QuickSteps : public kiosk::FolderSteps {
  public:
    int sync(const std::filesystem::path&) override { return 0; }
};

/// Without a sync, for the same reason.
inline void write_quickly(const std::filesystem::path& file, const std::string& bytes) {
    std::ofstream stream(file, std::ios::binary);
    stream << bytes;
    stream.close();
    survey::check(!stream.fail(), "the test's file is written");
}

/// What a journal held, and how far it was delivered.
struct OldJournal {
    OldJournal() = default;
    OldJournal(const std::filesystem::path& file, std::int64_t count, std::int64_t delivered_to) {
        kiosk::Journal journal = open_journal(file);
        fill(journal, count, delivered_to);
    }
    void fill(kiosk::Journal& journal, std::int64_t count, std::int64_t delivered_to) {
        for (std::int64_t n = 1; n <= count; ++n) {
            survey::Response one = response(n);
            one.boot_id = kBoot;
            const auto entry = journal.append(one, ward5());
            survey::check(entry.has_value(), "a sound journal takes a response");
            entries.push_back(*entry);
        }
        survey::check(journal.mark_delivered(delivered_to).has_value(), "a sound journal notes what was delivered");
        delivered = delivered_to;
    }
    std::vector<kiosk::JournalEntry> entries;
    std::int64_t delivered = 0;
};

/// The numbers of `old` that SQLite alone still reads from the file, byte for byte, one by one.
inline std::set<std::int64_t> still_readable(const std::filesystem::path& file, const OldJournal& old) {
    // A copy, so that looking changes nothing.
    const TemporaryFolder folder;
    std::set<std::int64_t> readable;
    if (!std::filesystem::exists(file)) return readable;
    for (const char* suffix : {"", "-wal"}) {
        if (std::filesystem::exists(file.string() + suffix))
            std::filesystem::copy(file.string() + suffix, folder / ("copy.db" + std::string(suffix)));
    }
    sqlite3* connection = nullptr;
    sqlite3_open((folder / "copy.db").c_str(), &connection);
    for (const kiosk::JournalEntry& entry : old.entries) {
        sqlite3_stmt* row = nullptr;
        const std::string sql = "SELECT bytes FROM records WHERE seq = " + std::to_string(entry.seq);
        if (sqlite3_prepare_v2(connection, sql.c_str(), -1, &row, nullptr) == SQLITE_OK &&
            sqlite3_step(row) == SQLITE_ROW && sqlite3_column_text(row, 0) != nullptr &&
            reinterpret_cast<const char*>(sqlite3_column_text(row, 0)) == entry.bytes) {
            readable.insert(entry.seq);
        }
        sqlite3_finalize(row);
    }
    sqlite3_close(connection);
    return readable;
}

/// Heals `file` and holds it to what repairing promises:
/// the journal verifies; no number stands for other bytes than it did; what could be read and was not delivered is
/// there once; the next response takes a number that was never used.
/// `known_readable`: where it can't be asked of the file, because it does not stand in its place.
inline void expect_repaired(const std::filesystem::path& file, const OldJournal& old, const std::string& boot,
                            const std::optional<std::set<std::int64_t>>& known_readable = std::nullopt) {
    const std::set<std::int64_t> readable = known_readable ? *known_readable : still_readable(file, old);
    auto repaired =
        kiosk::open_or_repair({file, kKiosk, boot, survey::milliseconds{0}, nullptr}, kNow, kiosk::Look::thorough);
    ASSERT_TRUE(repaired) << describe(repaired.error());
    kiosk::Journal& journal = repaired->journal;
    EXPECT_THAT(journal.verify().value(), testing::IsEmpty());
    const auto here = journal.read(0, 100'000, SIZE_MAX);
    ASSERT_TRUE(here) << describe(here.error());
    std::map<survey::Uuid, std::int64_t> ids;
    std::map<std::int64_t, std::string> bytes;
    for (const kiosk::JournalEntry& entry : *here) {
        const auto record = survey::decode(entry.bytes);
        ASSERT_TRUE(record);
        EXPECT_TRUE(ids.emplace(record->response.id, entry.seq).second) << "stands there twice: " << entry.seq;
        bytes.emplace(entry.seq, entry.bytes);
    }
    for (const kiosk::JournalEntry& entry : old.entries) {
        const auto same_number = bytes.find(entry.seq);
        if (same_number != bytes.end()) {
            EXPECT_EQ(same_number->second, entry.bytes) << "number " << entry.seq << " came twice";
        }
        const auto id = survey::decode(entry.bytes)->response.id;
        if (entry.seq > old.delivered && readable.count(entry.seq) > 0) {
            EXPECT_EQ(ids.count(id), 1U) << "record " << entry.seq << " could be read and is gone";
        }
    }
    const std::int64_t delivered = journal.delivered_seq().value();
    EXPECT_LE(delivered, must(journal.head()).seq);
    const auto next = journal.append(response(99'999), ward5());
    ASSERT_TRUE(next) << describe(next.error());
    EXPECT_GT(next->seq, old.entries.back().seq);
}

}  // namespace hailong::test
