// People and tools that remove, move, replace or cut off a journal's files while it is open: nobody is thanked for what
// went nowhere, and what the open journal still holds stands in the place again, whole and under the same numbers.
#include <fstream>
#include <functional>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kiosk/journal/head_file.h"
#include "kiosk/recovery/renumber.h"
#include "kiosk/recovery/repair.h"
#include "survey/base/sqlite.h"
#include "tests/kiosk/journal/damage.h"

namespace hailong::kiosk {
namespace {

namespace fs = std::filesystem;
using survey::milliseconds;
using test::kBoot;
using test::kKiosk;
using test::kNow;
using test::must;
using test::OldJournal;
using test::response;
using test::TemporaryFolder;
using test::ward5;
using testing::IsEmpty;

struct Displacement {
    std::string name;
    std::function<void(const fs::path& journal)> happens;
};

class DisplacedFiles : public testing::Test {
  protected:
    StoreResult<Repaired> reopen(std::optional<Journal>& held, FolderSteps* steps = nullptr) const {
        return open_or_repair({file_, kKiosk, kBoot, milliseconds{0}, steps}, kNow, Look::quick, &held);
    }
    void expect_all(const Repaired& repaired, const OldJournal& old) const {
        EXPECT_EQ(repaired.journal.read(1, 10'000, SIZE_MAX).value(), old.entries);
        EXPECT_THAT(repaired.journal.skips().value(), IsEmpty());
        EXPECT_THAT(repaired.journal.verify().value(), IsEmpty());
        EXPECT_EQ(repaired.journal.events().value().back().kind, "saved");
        EXPECT_FALSE(repaired.journal.is_displaced());
    }

    TemporaryFolder folder_;
    fs::path file_ = folder_ / "kiosk/journal.db";
};

class DisplacedJournal : public DisplacedFiles, public testing::WithParamInterface<Displacement> {};

TEST_P(DisplacedJournal, IsNoticedBeforeTheNextThanksAndLosesNothing) {
    // Few records stand in the log alone; many in the file and the log.
    for (const std::int64_t count : {12, 300}) {
        fs::remove_all(folder_ / "kiosk");
        fs::create_directory(folder_ / "kiosk");
        if (GetParam().name.starts_with("Link")) fs::create_symlink(file_.string() + ".real", file_);
        auto journal = std::make_optional(test::open_journal(file_));
        OldJournal old;
        old.fill(*journal, count, 5);
        GetParam().happens(file_);
        const auto refused = journal->append(response(count + 1), ward5());
        ASSERT_FALSE(refused) << "thanked for what goes nowhere";
        EXPECT_EQ(refused.error().kind, StoreErrorKind::corrupt);
        ASSERT_TRUE(journal->is_displaced());
        EXPECT_FALSE(journal->probe());

        auto repaired = reopen(journal);
        ASSERT_TRUE(repaired) << describe(repaired.error());
        EXPECT_FALSE(journal) << "closed, because what it held is saved";
        expect_all(*repaired, old);
        EXPECT_EQ(must(repaired->journal.append(response(count + 1), ward5())).seq, count + 1);
    }
}

INSTANTIATE_TEST_SUITE_P(
    , DisplacedJournal,
    testing::Values(Displacement{"LogRemoved", [](const fs::path& file) { fs::remove(file.string() + "-wal"); }},
                    Displacement{"SharedMemoryRemoved",
                                 [](const fs::path& file) { fs::remove(file.string() + "-shm"); }},
                    Displacement{"FileRemoved", [](const fs::path& file) { fs::remove(file); }},
                    Displacement{"AllRemoved",
                                 [](const fs::path& file) {
                                     for (const char* suffix : {"", "-wal", "-shm", "-head", "-lock"})
                                         fs::remove(file.string() + suffix);
                                 }},
                    Displacement{"FileReplacedByACopy",
                                 [](const fs::path& file) {
                                     fs::copy(file, file.string() + ".copy");
                                     fs::rename(file.string() + ".copy", file);
                                 }},
                    Displacement{"LogReplacedByACopy",
                                 [](const fs::path& file) {
                                     fs::copy(file.string() + "-wal", file.string() + ".copy");
                                     fs::rename(file.string() + ".copy", file.string() + "-wal");
                                 }},
                    Displacement{"FileReplacedByAnEmptyOne",
                                 [](const fs::path& file) {
                                     fs::remove(file);
                                     test::write_quickly(file, "");
                                 }},
                    Displacement{"LinkSetToACopy",
                                 [](const fs::path& file) {
                                     fs::copy_file(fs::read_symlink(file), file.string() + ".other");
                                     fs::remove(file);
                                     fs::create_symlink(file.string() + ".other", file);
                                 }},
                    Displacement{"FolderSwapped",
                                 [](const fs::path& file) {
                                     const fs::path old = file.parent_path().string() + ".old";
                                     fs::remove_all(old);
                                     fs::rename(file.parent_path(), old);
                                     fs::create_directory(file.parent_path());
                                 }}),
    [](const auto& test_case) { return test_case.param.name; });

TEST_F(DisplacedFiles, StayAsTheyAreUntilThereIsAPlaceToSaveThemTo) {
    fs::create_directory(folder_ / "kiosk");
    auto journal = std::make_optional(test::open_journal(file_));
    OldJournal old;
    old.fill(*journal, 12, 0);
    fs::rename(folder_ / "kiosk", folder_ / "away");
    for (int tries = 0; tries < 3; ++tries) {
        EXPECT_FALSE(journal->append(response(13), ward5()));
        const auto refused = reopen(journal);
        ASSERT_FALSE(refused);
        EXPECT_NE(refused.error().kind, StoreErrorKind::corrupt) << describe(refused.error());
        ASSERT_TRUE(journal);
    }
    fs::create_directory(folder_ / "kiosk");
    auto repaired = reopen(journal);
    ASSERT_TRUE(repaired) << describe(repaired.error());
    expect_all(*repaired, old);
}

TEST_F(DisplacedFiles, AreSavedOnceWhereverSavingIsStopped) {
    /// Fails at the nth step, and at all behind it.
    class Stops : public FolderSteps {
      public:
        explicit Stops(int nth) : left_(nth) {}
        int rename(const fs::path& from, const fs::path& to) override {
            return --left_ <= 0 ? EIO : FolderSteps::rename(from, to);
        }
        int sync(const fs::path&) override { return --left_ <= 0 ? EIO : 0; }
        [[nodiscard]] bool has_stopped() const { return left_ <= 0; }

      private:
        int left_;
    };
    bool stopped = true;
    for (int nth = 1; stopped && !HasFailure(); ++nth) {
        SCOPED_TRACE("stopped at step " + std::to_string(nth));
        fs::remove_all(folder_ / "kiosk");
        fs::create_directory(folder_ / "kiosk");
        auto journal = std::make_optional(test::open_journal(file_));
        OldJournal old;
        old.fill(*journal, 12, 0);
        fs::remove(file_.string() + "-wal");
        EXPECT_FALSE(journal->append(response(13), ward5()));
        Stops steps(nth);
        (void)reopen(journal, &steps);
        stopped = steps.has_stopped();
        auto repaired = reopen(journal);
        ASSERT_TRUE(repaired) << describe(repaired.error());
        expect_all(*repaired, old);
        EXPECT_THAT(reopen(journal)->events, IsEmpty());
    }
}

TEST_F(DisplacedFiles, ThatWereCutShortAreNotWrittenToAndKeepWhatCanBeRead) {
    for (const char* suffix : {"", "-wal"}) {
        for (const bool emptied : {false, true}) {
            SCOPED_TRACE(std::string("cut: journal.db") + suffix + (emptied ? ", emptied" : ""));
            fs::remove_all(folder_ / "kiosk");
            fs::create_directory(folder_ / "kiosk");
            auto journal = std::make_optional(test::open_journal(file_));
            OldJournal old;
            old.fill(*journal, 300, 0);
            const std::string cut = file_.string() + suffix;
            fs::resize_file(cut, emptied ? 0 : 32'768);  // of a log only what counts: behind it old frames may stand
            ASSERT_FALSE(journal->append(response(301), ward5()));
            ASSERT_TRUE(journal->is_displaced());
            const std::set<std::int64_t> readable = test::still_readable(file_, old);
            {
                auto repaired = reopen(journal);
                ASSERT_TRUE(repaired) << describe(repaired.error());
            }
            expect_repaired(file_, old, kBoot, readable);
        }
    }
}

TEST_F(DisplacedFiles, WhoseLogWasCutAnywhereGiveBackWhatStillCanBeRead) {
    for (const int percent : {2, 30, 50, 60, 70, 90, 98}) {
        SCOPED_TRACE(percent);
        fs::remove_all(folder_ / "kiosk");
        fs::create_directory(folder_ / "kiosk");
        OldJournal old;
        auto writer = std::make_optional(test::open_journal(file_));
        old.fill(*writer, 40, 0);
        auto journal = std::make_optional(test::open_journal(file_));  // which has read next to nothing so far
        writer.reset();
        const std::string log = file_.string() + "-wal";
        fs::resize_file(log, fs::file_size(log) * static_cast<std::uintmax_t>(percent) / 100);
        ASSERT_FALSE(journal->append(response(301), ward5()));
        ASSERT_TRUE(journal->is_displaced());
        const std::set<std::int64_t> readable = test::still_readable(file_, old);
        {
            auto repaired = reopen(journal);
            ASSERT_TRUE(repaired) << describe(repaired.error());
        }
        expect_repaired(file_, old, kBoot, readable);
    }
}

TEST_F(DisplacedFiles, WhoseSharedMemoryWasCutLoseNothingAndGoOn) {
    for (const std::uintmax_t bytes : {0u, 1u, 100u, 4'096u, 20'000u, 32'767u}) {
        SCOPED_TRACE(bytes);
        fs::remove_all(folder_ / "kiosk");
        fs::create_directory(folder_ / "kiosk");
        auto journal = std::make_optional(test::open_journal(file_));
        Journal other = test::open_journal(file_);
        OldJournal old;
        old.fill(*journal, 40, 0);
        fs::resize_file(file_.string() + "-shm", bytes);
        EXPECT_EQ(must(journal->append(response(41), ward5())).seq, 41);
        EXPECT_EQ(must(other.append(response(42), ward5())).seq, 42);
        EXPECT_EQ(must(journal->head()).seq, 42);
        EXPECT_THAT(journal->verify().value(), IsEmpty());
        EXPECT_FALSE(journal->is_displaced());
        fs::resize_file(file_.string() + "-shm", bytes);
        EXPECT_EQ(must(test::open_journal(file_).head()).seq, 42) << "who opens the file once more";
        EXPECT_EQ(must(journal->append(response(43), ward5())).seq, 43);
    }
}

/// Into the same file, as `cp` does.
void put_back(const fs::path& file, const std::string& bytes) {
    std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    fs::resize_file(file, bytes.size());
}

/// SQLite sees an end that lies before what was committed, and would write over it.
TEST_F(DisplacedFiles, ThatWerePutBackInTheirPlaceAreNoticedBeforeTheNextThanks) {
    const std::vector<std::vector<std::string>> put_back_together = {
        {"-shm"}, {"-shm", "-head"}, {"-wal", "-shm"}, {"", "-wal", "-shm"}, {"", "-wal", "-shm", "-head"}};
    for (const std::int64_t count : {12, 300}) {
        for (const std::vector<std::string>& suffixes : put_back_together) {
            SCOPED_TRACE(std::to_string(count) + suffixes.front() + suffixes.back());
            fs::remove_all(folder_ / "kiosk");
            fs::create_directory(folder_ / "kiosk");
            auto journal = std::make_optional(test::open_journal(file_));
            OldJournal old;
            old.fill(*journal, count, 5);
            std::map<std::string, std::string> copies;
            for (const std::string& suffix : suffixes)
                copies[suffix] = survey::read_file(file_.string() + suffix).value();
            for (std::int64_t i = 1; i <= 3; ++i)
                old.entries.push_back(must(journal->append(response(count + i), ward5())));
            for (const auto& [suffix, bytes] : copies)
                put_back(file_.string() + suffix, bytes);
            const auto appended = journal->append(response(count + 4), ward5());
            if (suffixes.front() == "-shm") {  // made anew from the log, in which all of it lies
                old.entries.push_back(must(appended));
                EXPECT_TRUE(journal->read(1, 10'000, SIZE_MAX).value() == old.entries);
                EXPECT_THAT(journal->verify().value(), IsEmpty());
                continue;
            }
            ASSERT_FALSE(appended) << "thanked for what is written over others";
            ASSERT_TRUE(journal->is_displaced());
            auto repaired = reopen(journal);
            ASSERT_TRUE(repaired) << describe(repaired.error());
            const auto entries = repaired->journal.read(1, 10'000, SIZE_MAX).value();
            for (const JournalEntry& entry : entries)
                EXPECT_TRUE(std::find(old.entries.begin(), old.entries.end(), entry) != old.entries.end()) << entry.seq;
            EXPECT_GT(must(repaired->journal.append(response(count + 4), ward5())).seq, count + 3);
        }
    }
}

/// Nobody knows how far the numbers went, and the log may have lost its end, too.
TEST_F(DisplacedFiles, OfWhichTheHeadFileIsGoneLeaveNumbersUnusedOnce) {
    fs::create_directory(folder_ / "kiosk");
    {
        OldJournal old;
        Journal journal = test::open_journal(file_);
        old.fill(journal, 12, 0);
    }
    fs::remove(head_file_of(file_));
    const RepairSetup setup{file_, kKiosk, kBoot, milliseconds{0}, nullptr};
    for (const std::size_t events : {1u, 0u}) {
        const auto opened = open_or_repair(setup, kNow, Look::quick);
        ASSERT_TRUE(opened) << describe(opened.error());
        EXPECT_EQ(opened->events.size(), events);
        EXPECT_EQ(opened->journal.skips().value(),
                  (std::vector<Skip>{{13, 12 + kSeqMargin, survey::SkipReason::unknown}}));
    }
    EXPECT_EQ(must(must(open_or_repair(setup, kNow, Look::quick)).journal.append(response(13), ward5())).seq,
              13 + kSeqMargin);
    fs::remove_all(folder_ / "kiosk");
    fs::create_directory(folder_ / "kiosk");
    EXPECT_TRUE(must(open_or_repair(setup, kNow, Look::quick)).events.empty()) << "a new one has none yet";
}

TEST_F(DisplacedFiles, OfWhichNothingIsLeftGiveOutNoNumberAgain) {
    for (const bool after_an_answer : {false, true}) {
        SCOPED_TRACE(after_an_answer);
        fs::remove_all(folder_ / "kiosk");
        fs::create_directory(folder_ / "kiosk");
        OldJournal old;
        auto journal = std::make_optional(test::open_journal(file_));
        old.fill(*journal, 12, 5);
        if (!after_an_answer) {
            journal.reset();
            journal.emplace(test::open_journal(file_));
        }
        for (const char* suffix : {"", "-wal", "-shm", "-head", "-lock"}) {
            if (fs::exists(file_.string() + suffix)) fs::resize_file(file_.string() + suffix, 0);
        }
        ASSERT_FALSE(journal->append(response(13), ward5()));
        ASSERT_TRUE(journal->is_displaced());
        auto repaired = reopen(journal);
        ASSERT_TRUE(repaired) << describe(repaired.error());
        EXPECT_GT(must(repaired->journal.append(response(13), ward5())).seq, 12);
        EXPECT_NE(repaired->events.front().kind, "saved") << "nothing of it could be";
    }
}

TEST_F(DisplacedFiles, ThatWereWrittenOverInPlaceAreNotWrittenTo) {
    fs::create_directory(folder_ / "kiosk");
    auto journal = std::make_optional(test::open_journal(file_));
    OldJournal old;
    old.fill(*journal, 300, 0);
    const std::string copy = survey::read_file(file_).value();
    old.fill(*journal, 0, 0);
    std::string other = copy;
    std::fill(other.begin() + 8'192, other.begin() + 12'288, 'x');
    test::write_quickly(file_, other);
    ASSERT_FALSE(journal->append(response(301), ward5()));
    ASSERT_TRUE(journal->is_displaced());
    const std::set<std::int64_t> readable = test::still_readable(file_, old);
    {
        auto repaired = reopen(journal);
        ASSERT_TRUE(repaired) << describe(repaired.error());
    }
    expect_repaired(file_, old, kBoot, readable);
}

TEST_F(DisplacedFiles, AreNotSeenWhereOthersFoldAndShortenTheLog) {
    fs::create_directory(folder_ / "kiosk");
    Journal journal = test::open_journal(file_);
    Journal other = test::open_journal(file_);
    for (std::int64_t n = 1; n <= 400; ++n)
        ASSERT_TRUE((n % 3 == 0 ? other : journal).append(response(n), ward5())) << n;
    EXPECT_TRUE(journal.probe());
    EXPECT_TRUE(other.probe());
    EXPECT_FALSE(journal.is_displaced());
}

TEST_F(DisplacedFiles, AreNotSeenWhereTheLogShrinksAgainAfterALongReader) {
    fs::create_directory(folder_ / "kiosk");
    Journal journal = test::open_journal(file_);
    const std::string log = file_.string() + "-wal";
    {
        survey::sqlite::Connection reader(file_, survey::sqlite::Access::read, milliseconds{0});
        survey::sqlite::Transaction reading(reader, survey::sqlite::Transaction::Kind::read);
        EXPECT_EQ(reader.integer("SELECT count(*) FROM records"), 0);
        for (std::int64_t n = 1; n <= 900; ++n)
            ASSERT_TRUE(journal.append(response(n), ward5()));
        EXPECT_GT(fs::file_size(log), 10u << 20u);
    }
    EXPECT_TRUE(journal.look());  // as it is done whenever nobody comes for a while
    for (std::int64_t n = 901; n <= 903; ++n)
        ASSERT_TRUE(journal.append(response(n), ward5()));
    EXPECT_LE(fs::file_size(log), 8u << 20u);
}

}  // namespace
}  // namespace hailong::kiosk
