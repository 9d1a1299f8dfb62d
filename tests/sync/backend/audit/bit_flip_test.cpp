// A disk changes single bits anywhere in the store's file. Whatever verify then does not report has changed nothing
// that the store says.
#include <array>
#include <fstream>
#include <random>

#include <gtest/gtest.h>

#include "survey/base/host.h"
#include "sync/backend/audit/verify.h"
#include "tests/sync/backend/audit/outsider.h"
#include "tests/sync/backend/sample.h"

namespace hailong::sync {
namespace {

namespace fs = std::filesystem;
using sample::must;
using sample::Outsider;

/// Flips of each page: with as many the file of this test is damaged in every part of every page.
constexpr int kFlipsPerPage = 8;
constexpr std::size_t kPageBytes = 4'096;

/// Something in every table.
void fill_everything(sample::Backend& backend) {
    backend.put_questionnaire(3, sample::questionnaire_with_words_json());
    sample::Journal journal("K1");
    journal.add(sample::visit_with_text(1));
    journal.add(sample::visit_with_text(2));
    journal.add_bytes("unreadable");
    for (std::uint64_t i = 3; i <= 40; ++i)
        journal.add(sample::visit(i, std::to_string(i % 5 + 1)));
    BatchHeader header = journal.header(1, 41);
    header.boot = "boot";
    header.sent_monotonic = std::chrono::hours(1);
    header.counters.collected = 41;
    header.counters.days = {{*survey::parse_date("2026-11-22"), 41}};
    ASSERT_TRUE(must(backend.take(
        sample::sent(header, journal.records(1, 41), {{1, {"comment"}, "sealed"}, {2, {"comment"}, "sealed"}}))));
    auto transaction = must(backend.store->write());
    sample::erase_text(*transaction, {{{"K1"}, 2, {"comment"}}, sample::noon(), "asked for"});
    must(transaction->terminals().put_code({"hash", {"K1"}, {"mau"}, sample::noon(), std::nullopt}));
    must(transaction->terminals().put_statuses(std::vector{HeardStatus{{"K1"}, {}, sample::noon()}}));
    must(transaction->facts().put("keys", "public"));
    sample::add_incident(*transaction, {sample::noon(), {"K1"}, IncidentKind::cloned, "two", "evidence"});
    must(transaction->commit());
}

/// Everything that the store says, in words; a sentence where it can't be read.
std::string content_of(const fs::path& file) {
    Outsider outsider(file);
    std::string all;
    for (const auto& object : outsider.rows("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY 1, 2")) {
        for (const std::string& value : object)
            all += value + "|";
        if (object[0] != "table") continue;
        std::string columns;
        for (const auto& column : outsider.rows("PRAGMA table_info(" + object[1] + ")"))
            columns += (columns.empty() ? "quote(" : " || quote(") + column[1] + ")";
        for (const auto& row : outsider.rows("SELECT " + columns + " FROM " + object[1] + " ORDER BY 1"))
            all += row[0] + "\n";
    }
    return all + outsider.error();
}

/// Empty: no difference.
std::string reported(const fs::path& file) {
    const auto store = open_sqlite_store(file, OpenMode::existing);
    if (!store) return store.error().what;
    const auto reader = (*store)->read();
    if (!reader) return reader.error().what;
    const auto report = verify(**reader);
    if (!report) return report.error().what;
    return report->differences.empty() ? "" : report->differences.front();
}

TEST(BitFlips, AnywhereInTheFileAreReportedOrHaveChangedNothing) {
    sample::Backend backend;
    fill_everything(backend);
    backend.store.reset();
    ASSERT_EQ(reported(backend.file()), "");
    const std::string sound = survey::read_file(backend.file()).value();
    const std::string content = content_of(backend.file());
    const fs::path copy = backend.folder.path() / "flipped.sqlite";
    const std::uint64_t seed = 20'261'122;
    std::mt19937_64 random(seed);
    int found = 0;
    int harmless = 0;
    for (std::size_t page = 0; page < sound.size() / kPageBytes; ++page) {
        for (int i = 0; i < kFlipsPerPage; ++i) {
            // Mostly where something stands: at the page's beginning and, from its end on, in its rows.
            const std::array ranges = {std::size_t{100}, std::size_t{200}, std::size_t{1'000}, kPageBytes};
            const std::size_t offset = random() % ranges[static_cast<std::size_t>(i) % ranges.size()];
            const std::size_t within = i % 4 == 0 ? offset : kPageBytes - 1 - offset;
            const std::size_t at = page * kPageBytes + within;
            std::string flipped = sound;
            flipped[at] = static_cast<char>(flipped[at] ^ (1 << random() % 8));
            for (const char* suffix : {"-wal", "-shm", "-journal"})
                fs::remove(copy.string() + suffix);
            std::ofstream(copy, std::ios::binary | std::ios::trunc) << flipped;
            const std::string after = content_of(copy);
            if (!reported(copy).empty()) {
                ++found;
            } else {
                ++harmless;
                EXPECT_EQ(after, content) << "byte " << at << " was changed unseen";
            }
        }
    }
    EXPECT_GT(found, 50);
    EXPECT_GT(harmless, 0) << "not every byte of a page is used";
}

}  // namespace
}  // namespace hailong::sync
