// What is left of a journal when the disk fails, the power goes or the program is killed, at every point where it can.
#include <map>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kiosk/journal/head_file.h"
#include "kiosk/journal/journal.h"
#include "survey/record.h"
#include "tests/kiosk/journal/must.h"
#include "tests/kiosk/journal/sample.h"
#include "tests/kiosk/journal/sql.h"
#include "tests/kiosk/journal/test_disk.h"

namespace hailong::kiosk {
namespace {

using test::kKiosk;
using test::must;
using test::open_journal;
using test::response;
using test::TemporaryFolder;
using test::TestDisk;
using test::ward5;
using testing::IsEmpty;

/// What append() confirmed, by response.
using Acknowledged = std::map<std::int64_t, JournalEntry>;

/// Each visit of these tests began with a ticket of its own.
Expected<JournalEntry, StoreError> append(Journal& journal, std::int64_t n) {
    return journal.append(response(n), ward5(), {}, "T" + std::to_string(n));
}

/// A ticket is remembered when its record stands there, and not otherwise.
void expect_a_ticket_for_each(const std::vector<JournalEntry>& entries, const std::filesystem::path& file) {
    EXPECT_EQ(test::number_by_sql(file, "SELECT count(*) FROM tickets"), static_cast<std::int64_t>(entries.size()));
    for (const JournalEntry& entry : entries)
        EXPECT_THAT(survey::decode(entry.bytes).value().response.flags,
                    testing::Not(testing::Contains("ticket_again")));
}

/// Everything confirmed stands there unchanged, nothing stands there twice, and nothing that was never appended.
/// `appended`: responses 1 to this number were handed to append(), with or without success.
void expect_nothing_lost(const std::filesystem::path& file, const Acknowledged& acknowledged, std::int64_t appended) {
    const auto opened = Journal::open(file, kKiosk);
    ASSERT_TRUE(opened) << describe(opened.error());
    EXPECT_THAT(opened->verify().value(), IsEmpty());
    const auto entries = opened->read(1, 10'000, SIZE_MAX);
    ASSERT_TRUE(entries);
    std::map<survey::Uuid, JournalEntry> held;
    for (const JournalEntry& entry : *entries) {
        const auto record = survey::decode(entry.bytes);
        ASSERT_TRUE(record);
        EXPECT_TRUE(held.emplace(record->response.id, entry).second) << "seq " << entry.seq << " stands there twice";
    }
    for (const auto& [n, entry] : acknowledged) {
        ASSERT_TRUE(held.count(response(n).id)) << "response " << n << " was confirmed and is gone";
        EXPECT_EQ(held.at(response(n).id), entry);
    }
    std::size_t known = 0;
    for (std::int64_t n = 1; n <= appended; ++n)
        known += held.count(response(n).id);
    EXPECT_EQ(known, held.size()) << "something stands there that nobody appended";
    expect_a_ticket_for_each(*entries, file);
}

struct FaultCase {
    const char* name;
    TestDisk::Fault fault;
    bool persistent;
};
class JournalOnAFailingDisk : public testing::TestWithParam<FaultCase> {};

TEST_P(JournalOnAFailingDisk, LosesAndDoublesNothingWhereverTheFaultFalls) {
    constexpr std::int64_t kOperationsMax = 3'000;
    std::int64_t nth = 0;
    bool met = true;
    while (met && !HasFailure()) {
        ASSERT_LT(++nth, kOperationsMax) << "the loop must end by a run without a fault";
        SCOPED_TRACE("fault at operation " + std::to_string(nth));
        const TemporaryFolder folder;
        TestDisk disk;
        Acknowledged acknowledged;
        constexpr std::int64_t kResponses = 8;
        disk.fail(nth, GetParam().fault, GetParam().persistent);
        for (int start = 0; start < 2; ++start) {  // the second start meets what the first one left
            auto journal = Journal::open(folder / "journal.db", kKiosk);
            if (!journal) continue;
            for (std::int64_t n = 1; n <= kResponses; ++n) {
                const auto entry = append(*journal, n);
                if (entry) {
                    const auto [held, is_new] = acknowledged.emplace(n, *entry);
                    EXPECT_EQ(held->second, *entry) << "a repeated append must find the same entry";
                } else {
                    EXPECT_NE(entry.error().kind, StoreErrorKind::corrupt) << describe(entry.error());
                    EXPECT_NE(entry.error().kind, StoreErrorKind::wrong_kiosk);
                }
            }
        }
        met = disk.has_failed();
        if (!GetParam().persistent) {
            EXPECT_EQ(acknowledged.size(), 8U) << "a passing fault must not stop the journal";
        }
        disk.repair();
        expect_nothing_lost(folder / "journal.db", acknowledged, kResponses);
    }
}

TEST_P(JournalOnAFailingDisk, StaysUsableInTheSameObject) {
    std::int64_t nth = 0;
    bool met = true;
    while (met && !HasFailure()) {
        ASSERT_LT(++nth, 500);
        SCOPED_TRACE("fault at operation " + std::to_string(nth));
        const TemporaryFolder folder;
        TestDisk disk;
        Journal journal = open_journal(folder / "journal.db");
        Acknowledged acknowledged;
        acknowledged.emplace(1, append(journal, 1).value());
        disk.fail(nth, GetParam().fault, GetParam().persistent);
        const auto during = append(journal, 2);
        if (during) acknowledged.emplace(2, *during);
        if (!during) {
            const auto expected =
                GetParam().fault == TestDisk::Fault::disk_full ? StoreErrorKind::full : StoreErrorKind::io;
            EXPECT_EQ(during.error().kind, expected) << describe(during.error());
            EXPECT_FALSE(during.error().remedy.empty());
        }
        met = disk.has_failed();
        disk.repair();
        EXPECT_EQ(must(journal.head()).seq, during ? 2 : 1);
        const auto after = append(journal, 3);
        ASSERT_TRUE(after) << describe(after.error());
        EXPECT_EQ(after->seq, during ? 3 : 2);
        acknowledged.emplace(3, *after);
        const auto again = append(journal, 2);
        ASSERT_TRUE(again) << describe(again.error());
        EXPECT_EQ(again->seq, during ? 2 : 3);
        EXPECT_THAT(journal.verify().value(), IsEmpty());
        expect_nothing_lost(folder / "journal.db", acknowledged, 3);
    }
}

INSTANTIATE_TEST_SUITE_P(, JournalOnAFailingDisk,
                         testing::Values(FaultCase{"IoErrorOnce", TestDisk::Fault::io_error, false},
                                         FaultCase{"IoErrorForever", TestDisk::Fault::io_error, true},
                                         FaultCase{"FullOnce", TestDisk::Fault::disk_full, false},
                                         FaultCase{"FullForever", TestDisk::Fault::disk_full, true}),
                         [](const auto& test_case) { return test_case.param.name; });

TEST(Journal, OpensAfterAPowerCutAtAnyPointOfItsFirstStart) {
    std::mt19937_64 chance(1);
    bool met = true;
    for (std::int64_t nth = 1; met && !testing::Test::HasFailure(); ++nth) {
        SCOPED_TRACE("power cut at operation " + std::to_string(nth));
        const TemporaryFolder folder;
        const TemporaryFolder after;
        TestDisk disk;
        Acknowledged acknowledged;
        {
            disk.fail(nth, TestDisk::Fault::io_error, true);
            auto journal = Journal::open(folder / "journal.db", kKiosk);
            if (journal) {
                const auto entry = append(*journal, 1);
                if (entry) acknowledged.emplace(1, *entry);
            }
            met = disk.has_failed();
            disk.power_cut(after.path(), chance);
        }
        disk.repair();
        expect_nothing_lost(after / "journal.db", acknowledged, 1);
    }
}

TEST(Journal, KeepsEveryConfirmedResponseAcrossAPowerCut) {
    std::mt19937_64 chance(20261122);
    for (int round = 0; round < 60 && !testing::Test::HasFailure(); ++round) {
        SCOPED_TRACE("round " + std::to_string(round));
        const TemporaryFolder folder;
        const TemporaryFolder after;
        TestDisk disk;
        Acknowledged acknowledged;
        std::int64_t appended = 0;
        {
            Journal journal = open_journal(folder / "journal.db");
            const auto wanted = static_cast<std::int64_t>(1 + chance() % 300);  // past 200 the log is folded back
            while (appended < wanted) {
                appended += 1;
                const auto entry = append(journal, appended);
                ASSERT_TRUE(entry);
                acknowledged.emplace(appended, *entry);
            }
            // Then one more that the power cut meets somewhere on its way.
            disk.fail(static_cast<std::int64_t>(1 + chance() % 12), TestDisk::Fault::io_error, true);
            appended += 1;
            const auto last = append(journal, appended);
            if (last) acknowledged.emplace(appended, *last);
            disk.power_cut(after.path(), chance);
            // The line says which commits count; without it a torn one can't be told from a damaged one.
            std::filesystem::copy(head_file_of(folder / "journal.db"), head_file_of(after / "journal.db"));
        }
        disk.repair();
        expect_nothing_lost(after / "journal.db", acknowledged, appended);
    }
}

/// Appends until it is killed, and tells each confirmed number through `pipe`.
[[noreturn]] void append_forever(const std::filesystem::path& file, int pipe) {
    Journal journal = open_journal(file);
    for (std::int64_t n = must(journal.head()).seq + 1;; ++n) {
        if (!append(journal, n)) _exit(1);
        if (write(pipe, &n, sizeof n) != static_cast<ssize_t>(sizeof n)) _exit(2);
    }
}

TEST(Journal, KeepsEveryConfirmedResponseWhenTheProgramIsKilled) {
    const TemporaryFolder folder;
    std::mt19937_64 chance(7);
    std::int64_t confirmed = 0;
    for (int round = 0; round < 8; ++round) {
        int ends[2];
        ASSERT_EQ(pipe(ends), 0);
        const pid_t child = fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            close(ends[0]);
            append_forever(folder / "journal.db", ends[1]);
        }
        close(ends[1]);
        const std::int64_t enough = confirmed + static_cast<std::int64_t>(1 + chance() % 60);
        std::int64_t n = 0;
        while (confirmed < enough && read(ends[0], &n, sizeof n) == static_cast<ssize_t>(sizeof n))
            confirmed = n;
        kill(child, SIGKILL);
        int status = 0;
        waitpid(child, &status, 0);
        ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself";
        while (read(ends[0], &n, sizeof n) == static_cast<ssize_t>(sizeof n))
            confirmed = n;
        close(ends[0]);
        const Journal journal = open_journal(folder / "journal.db");
        const std::int64_t held = must(journal.head()).seq;
        EXPECT_GE(held, confirmed);
        EXPECT_LE(held, confirmed + 1) << "at most the one that was under way";
        EXPECT_THAT(journal.verify().value(), IsEmpty());
        expect_a_ticket_for_each(must(journal.read(1, 10'000, SIZE_MAX)), folder / "journal.db");
        confirmed = held;
    }
}

}  // namespace
}  // namespace hailong::kiosk
