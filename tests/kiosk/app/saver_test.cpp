#include "kiosk/app/saver.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <fstream>
#include <future>
#include <mutex>
#include <set>

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "kiosk/app/pulse.h"
#include "survey/base/host.h"
#include "survey/record.h"
#include "tests/kiosk/app/saver_bell.h"
#include "tests/support/temporary_folder.h"

namespace hailong::kiosk {
namespace {

TEST(JournalSaver, SavesInTheOrderGiven) {
    tests::TemporaryFolder folder;
    Bell bell;
    {
        JournalSaver saver([&](const Opening&, auto&) { return Journal::open(folder / "journal.db", kKiosk); }, {},
                           bell.ring());
        for (std::uint8_t i = 1; i <= 20; ++i)
            saver.save(response(i), form(), {}, {});
        const auto outcomes = bell.wait_for(saver, 20);
        for (std::uint8_t i = 1; i <= 20; ++i) {
            EXPECT_TRUE(outcomes[i - 1u].saved);
            EXPECT_EQ(outcomes[i - 1u].response_id, response(i).id);
        }
        EXPECT_EQ(saver.waiting(), 0u);
        EXPECT_FALSE(saver.trouble());
    }
    auto journal = Journal::open(folder / "journal.db", kKiosk);
    ASSERT_TRUE(journal);
    EXPECT_EQ(journal->head()->seq, 20);
}

TEST(JournalSaver, TellsAFailureOnceAndKeepsTheResponseUntilItIsWritten) {
    tests::TemporaryFolder folder;
    Bell bell;
    // Counted only once both responses are there: until then the saver tries the disk as often as it likes.
    std::atomic<bool> given{false};
    std::atomic<int> failures{2};
    JournalSaver saver(
        [&](const Opening&, auto&) -> Expected<Journal, StoreError> {
            if (!given || failures.fetch_sub(1) > 0)
                return unexpected(StoreError{StoreErrorKind::full, "no room", "make room"});
            return Journal::open(folder / "journal.db", kKiosk);
        },
        {}, bell.ring(), kQuick);
    saver.save(response(1), form(), {}, {});
    saver.save(response(2), form(), {}, {});
    given = true;
    const auto outcomes = bell.wait_for(saver, 3);
    EXPECT_FALSE(outcomes[0].saved);
    EXPECT_EQ(outcomes[0].response_id, response(1).id);
    ASSERT_TRUE(outcomes[0].error);
    EXPECT_EQ(outcomes[0].error->kind, StoreErrorKind::full);
    EXPECT_TRUE(outcomes[1].saved);
    EXPECT_EQ(outcomes[1].response_id, response(1).id);
    EXPECT_TRUE(outcomes[2].saved);
    EXPECT_EQ(outcomes[2].response_id, response(2).id);
}

TEST(JournalSaver, WritesWhatIsWaitingBeforeItEnds) {
    tests::TemporaryFolder folder;
    {
        JournalSaver saver([&](const Opening&, auto&) { return Journal::open(folder / "journal.db", kKiosk); }, {},
                           [] {});
        for (std::uint8_t i = 1; i <= 50; ++i)
            saver.save(response(i), form(), {}, {});
    }
    auto journal = Journal::open(folder / "journal.db", kKiosk);
    ASSERT_TRUE(journal);
    EXPECT_EQ(journal->head()->seq, 50);
}

TEST(JournalSaver, LooksCloselyOnlyAfterDamage) {
    tests::TemporaryFolder folder;
    Bell bell;
    std::mutex mutex;
    std::vector<Look> looks;  // since the response is there
    bool given = false;
    const std::vector<StoreErrorKind> refusals{StoreErrorKind::full, StoreErrorKind::corrupt, StoreErrorKind::io};
    JournalSaver saver(
        [&](const Opening& opening, auto&) -> Expected<Journal, StoreError> {
            const std::scoped_lock lock(mutex);
            if (!given) return unexpected(StoreError{StoreErrorKind::full, "no", "wait"});
            looks.push_back(opening.look);
            if (looks.size() <= refusals.size())
                return unexpected(StoreError{refusals[looks.size() - 1], "no", "wait"});
            return Journal::open(folder / "journal.db", kKiosk);
        },
        {}, bell.ring(), kQuick);
    saver.save(response(1), form(), {}, {});
    {
        const std::scoped_lock lock(mutex);
        given = true;
    }
    const auto outcomes = bell.wait_for(saver, 2);
    EXPECT_FALSE(outcomes[0].saved);
    EXPECT_TRUE(outcomes[1].saved);
    saver.look_closely();
    wait_until(bell, [&] {
        const std::scoped_lock lock(mutex);
        if (looks.size() < 5) saver.probe();  // rings again
        return looks.size() == 5;
    });
    const std::scoped_lock lock(mutex);
    EXPECT_EQ(looks, (std::vector{Look::quick, Look::quick, Look::thorough, Look::thorough, Look::thorough}));
}

TEST(JournalSaver, KnowsATroubledDiskBeforeTheFirstVisit) {
    Bell bell;
    JournalSaver saver(
        [](const Opening&, auto&) -> Expected<Journal, StoreError> {
            return unexpected(StoreError{StoreErrorKind::full, "full", "make room"});
        },
        {}, bell.ring(), kQuick);
    saver.probe();
    wait_until(bell, [&] { return saver.probes_done() == 1; });
    ASSERT_TRUE(saver.trouble());
    EXPECT_EQ(saver.trouble()->kind, StoreErrorKind::full);
    saver.probe();
    wait_until(bell, [&] { return saver.probes_done() == 2; });
}

TEST(JournalSaver, EndsNoProbeWhileTheDiskHangs) {
    tests::TemporaryFolder folder;
    Bell bell;
    std::promise<void> gate;
    std::promise<void> entered;
    JournalSaver saver(
        [&](const Opening&, auto&) -> Expected<Journal, StoreError> {
            entered.set_value();
            gate.get_future().wait();
            return Journal::open(folder / "journal.db", kKiosk);
        },
        {}, bell.ring());
    entered.get_future().wait();
    saver.probe();
    EXPECT_EQ(saver.probes_done(), 0U);
    gate.set_value();
    wait_until(bell, [&] { return saver.probes_done() == 1; });
    EXPECT_FALSE(saver.trouble());
}

TEST(JournalSaver, WritesWordsOnlySealed) {
    tests::TemporaryFolder folder;
    {
        auto journal = Journal::open(folder / "journal.db", kKiosk);
        ASSERT_TRUE(journal->set_text_key(TextKey{7}));
    }
    const std::string secret = "cháu bị quát";
    survey::Response spoken = response(1);
    spoken.answers.push_back({survey::ItemId{"comment"}, {}, survey::Digest{}});
    {
        JournalSaver saver([&](const Opening&, auto&) { return Journal::open(folder / "journal.db", kKiosk); },
                           [](const TextKey& key, const std::string& text) {
                               return survey::Sealed{survey::sha256(text), "sealed for " + std::to_string(key[0])};
                           },
                           [] {});
        saver.save(spoken, form(), {{survey::ItemId{"comment"}, secret}}, {});
    }
    auto journal = Journal::open(folder / "journal.db", kKiosk);
    const auto entries = journal->read(1, 9, SIZE_MAX);
    ASSERT_EQ(entries->size(), 1U);
    const auto record = survey::decode(entries->front().bytes);
    ASSERT_TRUE(record);
    ASSERT_EQ(record->response.answers.size(), 2U);
    EXPECT_EQ(record->response.answers[1].text, survey::sha256(secret));
    EXPECT_EQ(journal->texts(1, 1).value(),
              (std::vector{survey::SealedText{1, survey::ItemId{"comment"}, "sealed for 7"}}));
    for (const auto& file : std::filesystem::directory_iterator(folder.path())) {
        EXPECT_EQ(survey::read_file(file.path())->find(secret), std::string::npos) << file.path();
    }
}

TEST(JournalSaver, HandsTheTicketOnAndWritesItNowhere) {
    const tests::TemporaryFolder folder;
    {
        JournalSaver saver([&](const Opening&, auto&) { return Journal::open(folder / "journal.db", kKiosk); }, {},
                           [] {});
        saver.save(response(1), form(), {}, "H29-0077");
        saver.save(response(2), form(), {}, "H29-0077");
        saver.save(response(3), form(), {}, {});
    }
    const auto journal = Journal::open(folder / "journal.db", kKiosk);
    ASSERT_TRUE(journal);
    const auto entries = journal->read(1, 9, SIZE_MAX);
    ASSERT_TRUE(entries);
    std::vector<std::size_t> flags;
    for (const JournalEntry& entry : *entries) {
        flags.push_back(survey::decode(entry.bytes).value().response.flags.size());
        EXPECT_EQ(entry.bytes.find("0077"), std::string::npos);
    }
    EXPECT_EQ(flags, (std::vector<std::size_t>{0, 1, 0}));
}

TEST(JournalSaver, DropsWordsThatNothingCanSeal) {
    for (const bool key : {false, true}) {
        tests::TemporaryFolder folder;
        if (key) {
            auto journal = Journal::open(folder / "journal.db", kKiosk);
            ASSERT_TRUE(journal->set_text_key(TextKey{7}));
        }
        survey::Response spoken = response(1);
        spoken.answers.push_back({survey::ItemId{"comment"}, {}, survey::Digest{}});
        {
            // Without a key nothing is sealed; with one, but without a way to seal, neither.
            const SealText seal = [](const TextKey&, const std::string&) {
                return survey::Sealed{survey::sha256("x"), "box"};
            };
            JournalSaver saver([&](const Opening&, auto&) { return Journal::open(folder / "journal.db", kKiosk); },
                               key ? SealText{} : seal, [] {});
            saver.save(spoken, form(), {{survey::ItemId{"comment"}, "secret"}}, {});
        }
        auto journal = Journal::open(folder / "journal.db", kKiosk);
        const auto record = survey::decode(journal->read(1, 9, SIZE_MAX)->front().bytes);
        ASSERT_TRUE(record);
        EXPECT_EQ(record->response.answers.size(), 1U) << "the rating itself is kept";
        EXPECT_TRUE(journal->texts(1, 1)->empty());
    }
}

TEST(JournalSaver, GoesOnInTheRepairedFile) {
    tests::TemporaryFolder folder;
    const auto file = folder / "journal.db";
    Bell bell;
    JournalSaver saver(
        [&](const Opening& opening, auto&) -> Expected<Journal, StoreError> {
            RepairSetup setup;
            setup.file = file;
            setup.kiosk = kKiosk;
            setup.boot_id = "boot";
            setup.remembered = opening.remembered;
            auto repaired =
                open_or_repair(setup, survey::UtcTime{survey::milliseconds{1'790'000'000'000}}, opening.look);
            if (!repaired) return unexpected(repaired.error());
            return std::move(repaired->journal);
        },
        {}, bell.ring(), kQuick);
    saver.save(response(1), form(), {}, {});
    EXPECT_TRUE(bell.wait_for(saver, 1).front().saved);
    sqlite3* stranger = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &stranger), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(stranger, "DROP TABLE records", nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(stranger);
    saver.save(response(2), form(), {}, {});
    const auto outcomes = bell.wait_for(saver, 2);
    EXPECT_FALSE(outcomes[0].saved);
    EXPECT_TRUE(outcomes[1].saved);
    auto journal = Journal::open(file, kKiosk);
    ASSERT_TRUE(journal) << describe(journal.error());
    EXPECT_EQ(journal->head()->seq, 2) << "the first record's number is not used again";
    EXPECT_EQ(journal->collected(), 2);
    EXPECT_EQ(journal->events()->size(), 1U);
}

/// What it still remembers stands under new numbers: nobody is told that the old ones were lost.
TEST(JournalSaver, CallsNothingLostThatItWritesAgain) {
    tests::TemporaryFolder folder;
    const auto file = folder / "journal.db";
    std::vector<std::string> events;
    Bell bell;
    {
        JournalSaver saver(
            [&](const Opening& opening, auto& held) -> Expected<Journal, StoreError> {
                RepairSetup setup;
                setup.file = file;
                setup.kiosk = kKiosk;
                setup.boot_id = "boot";
                setup.remembered = opening.remembered;
                auto repaired = open_or_repair(setup, survey::UtcTime{survey::milliseconds{1'790'000'000'000}},
                                               opening.look, &held);
                if (!repaired) return unexpected(repaired.error());
                for (const StoreEvent& event : repaired->events)
                    events.push_back(event.kind);
                return std::move(repaired->journal);
            },
            {}, bell.ring(), kQuick);
        for (const std::uint8_t number : {std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{3}}) {
            saver.save(response(number), form(), {}, {});
            EXPECT_TRUE(bell.wait_for(saver, 1).front().saved);
        }
        // What another program writes takes from memory what the log alone holds then.
        ASSERT_TRUE(Journal::open(file, kKiosk)->set_kiosk_version("1"));
        std::filesystem::resize_file(file.string() + "-wal", 0);
        saver.save(response(4), form(), {}, {});
        const auto outcomes = bell.wait_for(saver, 2);
        EXPECT_FALSE(outcomes[0].saved);
        EXPECT_TRUE(outcomes[1].saved);
    }
    const auto journal = Journal::open(file, kKiosk);
    ASSERT_TRUE(journal) << describe(journal.error());
    std::set<survey::Uuid> ids;
    const auto entries = journal->read(1, 99, SIZE_MAX).value();
    for (const JournalEntry& entry : entries)
        ids.insert(survey::decode(entry.bytes)->response.id);
    EXPECT_EQ(ids, (std::set{response(1).id, response(2).id, response(3).id, response(4).id}));
    const auto skips = journal->skips().value();
    EXPECT_FALSE(skips.empty());
    for (const Skip& skip : skips)
        EXPECT_NE(skip.reason, survey::SkipReason::damaged) << skip.first_seq;
    EXPECT_EQ(std::count(events.begin(), events.end(), "numbers_lost"), 0);
    EXPECT_EQ(journal->collected(), 4);
}

TEST(JournalSaver, MendsWhatWasDamagedWhileNobodyCame) {
    tests::TemporaryFolder folder;
    const auto file = folder / "journal.db";
    std::promise<void> mended;
    Bell bell;
    SaverOptions options = kQuick;
    options.look_every = std::chrono::milliseconds{5};
    JournalSaver saver(
        [&](const Opening& opening, auto& held) -> Expected<Journal, StoreError> {
            RepairSetup setup{file, kKiosk, "boot"};
            setup.remembered = opening.remembered;
            auto repaired =
                open_or_repair(setup, survey::UtcTime{survey::milliseconds{1'790'000'000'000}}, opening.look, &held);
            if (!repaired) return unexpected(repaired.error());
            if (!repaired->events.empty()) mended.set_value();
            return std::move(repaired->journal);
        },
        {}, bell.ring(), options);
    for (const std::uint8_t number : {std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{3}}) {
        saver.save(response(number), form(), {}, {});
        EXPECT_TRUE(bell.wait_for(saver, 1).front().saved);
    }
    const std::string log_file = file.string() + "-wal";
    std::fstream log(log_file, std::ios::in | std::ios::out | std::ios::binary);
    log.seekp(-4'120, std::ios::end);
    log << std::string(4'120, '\0');
    log.close();
    ASSERT_EQ(mended.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
    saver.save(response(4), form(), {}, {});
    EXPECT_TRUE(bell.wait_for(saver, 1).front().saved);
    EXPECT_EQ(Journal::open(file, kKiosk)->collected(), 4);
}

/// The program's end folds the log: what stands spoiled in it must not get into the file.
TEST(JournalSaver, MendsWhatWasDamagedBeforeItEnds) {
    tests::TemporaryFolder folder;
    const auto file = folder / "journal.db";
    Bell bell;
    JournalSaver saver(
        [&](const Opening& opening, auto& held) -> Expected<Journal, StoreError> {
            RepairSetup setup{file, kKiosk, "boot"};
            setup.remembered = opening.remembered;
            auto repaired =
                open_or_repair(setup, survey::UtcTime{survey::milliseconds{1'790'000'000'000}}, opening.look, &held);
            if (!repaired) return unexpected(repaired.error());
            return std::move(repaired->journal);
        },
        {}, bell.ring(), kQuick);
    for (const std::uint8_t number : {std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{3}}) {
        saver.save(response(number), form(), {}, {});
        EXPECT_TRUE(bell.wait_for(saver, 1).front().saved);
    }
    std::fstream log(file.string() + "-wal", std::ios::in | std::ios::out | std::ios::binary);
    log.seekp(-4'120, std::ios::end);
    log << std::string(4'120, '\0');
    log.close();
    EXPECT_EQ(saver.finish(), 0u);
    const auto journal = Journal::open(file, kKiosk);
    ASSERT_TRUE(journal) << describe(journal.error());
    EXPECT_EQ(journal->collected(), 3);
    const auto faults = journal->verify();
    ASSERT_TRUE(faults) << describe(faults.error());
    EXPECT_TRUE(faults->empty()) << faults->front();
}

TEST(JournalSaver, SealsForTheKeyItKnewWhenTheFileIsMadeAnew) {
    tests::TemporaryFolder folder;
    ASSERT_TRUE(Journal::open(folder / "journal.db", kKiosk)->set_text_key(TextKey{7}));
    Bell bell;
    {
        const std::vector<std::string> files{"journal.db", "made-anew.db"};
        std::size_t opened = 0;
        JournalSaver saver(
            [&](const Opening&, auto&) {
                return Journal::open(folder / files[std::min<std::size_t>(opened++, 1)], kKiosk);
            },
            [](const TextKey& key, const std::string& text) {
                return survey::Sealed{survey::sha256(text), "sealed for " + std::to_string(key[0])};
            },
            bell.ring(), kQuick);
        saver.save(response(1), form(), {}, {});
        EXPECT_TRUE(bell.wait_for(saver, 1).front().saved);
        sqlite3* stranger = nullptr;
        ASSERT_EQ(sqlite3_open((folder / "journal.db").c_str(), &stranger), SQLITE_OK);
        ASSERT_EQ(sqlite3_exec(stranger, "DROP TABLE records", nullptr, nullptr, nullptr), SQLITE_OK);
        sqlite3_close(stranger);
        survey::Response spoken = response(2);
        spoken.answers.push_back({survey::ItemId{"comment"}, {}, survey::Digest{}});
        saver.save(spoken, form(), {{survey::ItemId{"comment"}, "quiet"}}, {});
        EXPECT_TRUE(bell.wait_for(saver, 2).back().saved);
    }
    const auto journal = Journal::open(folder / "made-anew.db", kKiosk);
    ASSERT_TRUE(journal) << describe(journal.error());
    EXPECT_EQ(journal->head()->seq, 2) << "the one that was written before is there again";
    EXPECT_EQ(journal->texts(1, 2).value(),
              (std::vector{survey::SealedText{2, survey::ItemId{"comment"}, "sealed for 7"}}));
    EXPECT_EQ(journal->text_key().value(), TextKey{7}) << "the next visitor may write, too";
}

TEST(JournalSaver, TriesOnAtTheEndUntilThereIsRoom) {
    tests::TemporaryFolder folder;
    Bell bell;
    std::atomic<bool> ending{false};
    std::atomic<int> refusals_at_the_end{3};
    JournalSaver saver(
        [&](const Opening&, auto&) -> Expected<Journal, StoreError> {
            if (!ending || refusals_at_the_end.fetch_sub(1) > 0)
                return unexpected(StoreError{StoreErrorKind::full, "no room", "make room"});
            return Journal::open(folder / "journal.db", kKiosk);
        },
        {}, bell.ring(), {survey::milliseconds{1}, std::chrono::minutes{5}, {}});
    for (std::uint8_t i = 1; i <= 3; ++i)
        saver.save(response(i), form(), {}, {});
    EXPECT_FALSE(bell.wait_for(saver, 1).front().saved);
    ending = true;
    EXPECT_EQ(saver.finish(), 0u);
    EXPECT_EQ(Journal::open(folder / "journal.db", kKiosk)->head()->seq, 3);
}

TEST(Pulse, FeedsOnlyAfterAFrameAndAProbe) {
    const auto at = [](int s) { return survey::MonoTime{std::chrono::seconds{s}}; };
    Pulse pulse(std::chrono::seconds{30}, at(0));
    EXPECT_FALSE(pulse.feeds(0));
    EXPECT_TRUE(pulse.beats(at(0))) << "the first is due at once";
    EXPECT_FALSE(pulse.beats(at(29)));
    pulse.frame_drawn();
    EXPECT_FALSE(pulse.feeds(0)) << "no probe ended";
    EXPECT_TRUE(pulse.feeds(1));
    EXPECT_FALSE(pulse.feeds(1)) << "once";
    EXPECT_FALSE(pulse.feeds(2)) << "no frame since";
    pulse.frame_drawn();
    EXPECT_TRUE(pulse.feeds(2));
    EXPECT_EQ(pulse.deadline(), at(30));
    EXPECT_TRUE(pulse.beats(at(31)));
    EXPECT_EQ(pulse.deadline(), at(61));
}

TEST(JournalSaver, EndsThoughTheDiskRefuses) {
    Bell bell;
    JournalSaver saver(
        [](const Opening&, auto&) -> Expected<Journal, StoreError> {
            return unexpected(StoreError{StoreErrorKind::io, "sick", "replace it"});
        },
        {}, bell.ring(), kQuick);
    saver.save(response(1), form(), {}, {});
    EXPECT_FALSE(bell.wait_for(saver, 1).front().saved);
    EXPECT_EQ(saver.waiting(), 1u);
    ASSERT_TRUE(saver.trouble());
    EXPECT_EQ(saver.trouble()->kind, StoreErrorKind::io);
}

}  // namespace
}  // namespace hailong::kiosk
