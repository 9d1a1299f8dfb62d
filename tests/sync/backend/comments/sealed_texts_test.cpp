#include "sync/backend/comments/sealed_texts.h"

#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "survey/base/json.h"
#include "sync/backend/audit/verify.h"
#include "sync/backend/terminals/inbox.h"
#include "sync/backend/service/retention.h"
#include "sync/protocol/endpoints.h"
#include "tests/sync/backend/cli/command_fixture.h"
#include "tests/sync/backend/service/service_fixture.h"
#include "tests/sync/backend/comments/sample_texts.h"

namespace hailong::sync {
namespace {

namespace fs = std::filesystem;
using sample::Backend;
using sample::must;
using sample::Ran;
using sample::words_key;
using sample::WordyJournal;
using std::chrono::days;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// K1 holds two records with words and one without, K2 one with.
class SealedWords : public testing::Test {
  protected:
    SealedWords() : SealedWords(std::vector<std::string>{"K1", "K2"}) {}
    explicit SealedWords(const std::vector<std::string>& kiosks) : backend_(kiosks) {
        sample::ask_for_words(backend_);
        k1_.add({{"comment", "Cán bộ rất nhiệt tình."}, {"phone", "0912345678"}});
        k1_.add({});
        k1_.add({{"comment", "chờ \"lâu\"\n"}});
        k2_.add({{"comment", "tốt"}});
        take(k1_, "K1");
        take(k2_, "K2");
    }

    void take(const WordyJournal& journal, const std::string& kiosk) {
        const auto answer = must(backend_.take(journal.all(), kiosk));
        ASSERT_TRUE(answer) << answer.error().detail;
        sample::keep_boxes(backend_, journal.all());
    }
    std::unique_ptr<Reader> reader() { return must(backend_.store->read()); }
    std::vector<StoredBox> boxes() {
        std::vector<StoredBox> all;
        must(each_box_of({}, *reader(), [&](const StoredBox& box) { all.push_back(box); }));
        return all;
    }
    Expected<ErasedWords, std::string> erase(std::int64_t seq, std::optional<survey::ItemId> item = {},
                                             const std::string& kiosk = "K1") {
        auto transaction = must(backend_.store->write());
        auto erased = must(erase_words({kiosk}, seq, item, "asked to", sample::noon(), *transaction));
        must(transaction->commit());
        return erased;
    }
    std::int64_t differences() { return must(verify(*reader(), backend_.reference)).difference_count; }
    void expect_stored_whole() {
        EXPECT_EQ(must(reader()->terminal({"K1"}))->last_seq, 3);
        EXPECT_EQ(must(reader()->hash_at({"K1"}, 3)), k1_.journal().hash_at(3));
        EXPECT_EQ(differences(), 0);
    }

    Backend backend_;
    WordyJournal k1_{"K1"};
    WordyJournal k2_{"K2"};
};

TEST_F(SealedWords, AreFoundByTerminalAndRecord) {
    const auto count = [&](const WordsFilter& filter) {
        int found = 0;
        must(each_box_of(filter, *reader(), [&](const StoredBox&) { ++found; }));
        return found;
    };
    EXPECT_EQ(count({}), 4);
    EXPECT_EQ(count({survey::KioskId{"K1"}, {}}), 3);
    EXPECT_EQ(count({survey::KioskId{"K1"}, 1}), 2);
    EXPECT_EQ(count({survey::KioskId{"K1"}, 2}), 0);
    EXPECT_EQ(count({survey::KioskId{"K9"}, {}}), 0);
}

TEST_F(SealedWords, OpenWithTheirKeyAlone) {
    const auto all = boxes();
    ASSERT_EQ(all.size(), 4u);
    EXPECT_EQ(*must(open_stored(all[0], words_key(), *reader())), "Cán bộ rất nhiệt tình.");
    EXPECT_EQ(*must(open_stored(all[1], words_key(), *reader())), "0912345678");
    const auto foreign = must(open_stored(all[0], survey::make_box_key(), *reader()));
    ASSERT_FALSE(foreign);
    EXPECT_THAT(foreign.error(), HasSubstr("another key"));
}

TEST_F(SealedWords, AreNotTakenFromABoxThatIsNotTheirRecords) {
    const auto all = boxes();
    StoredBox swapped = all[0];
    swapped.bytes = all[1].bytes;
    EXPECT_FALSE(must(open_stored(swapped, words_key(), *reader())));
    StoredBox forged = all[0];
    forged.bytes = survey::seal_words("Cán bộ rất nhiệt tình.", survey::public_half(words_key())).box;
    EXPECT_FALSE(must(open_stored(forged, words_key(), *reader()))) << "the same words, but not that box";
    StoredBox elsewhere = all[0];
    elsewhere.seq = 2;
    EXPECT_THAT(must(open_stored(elsewhere, words_key(), *reader())).error(), HasSubstr("names no such words"));
    elsewhere.seq = 99;
    EXPECT_THAT(must(open_stored(elsewhere, words_key(), *reader())).error(), HasSubstr("not stored"));
}

TEST_F(SealedWords, GoForGoodWhileTheChainStaysWhole) {
    const auto erased = erase(1);
    ASSERT_TRUE(erased) << erased.error();
    EXPECT_EQ(erased->erased, (std::vector<survey::ItemId>{{"comment"}, {"phone"}}));
    EXPECT_EQ(boxes().size(), 2u);
    const auto traces = must(reader()->erasures());
    ASSERT_EQ(traces.size(), 2u);
    EXPECT_EQ(traces[0].reason, "asked to");
    EXPECT_EQ(traces[0].time, sample::noon());
    expect_stored_whole();
    sample::keep_boxes(backend_, k1_.all());
    EXPECT_EQ(boxes().size(), 2u) << "sent again, they do not come back";
    ASSERT_TRUE(must(backend_.take(k1_.all())));
    EXPECT_EQ(boxes().size(), 2u);
    expect_stored_whole();
}

TEST_F(SealedWords, GoByItem) {
    EXPECT_EQ(erase(1, survey::ItemId{"phone"})->erased, (std::vector<survey::ItemId>{{"phone"}}));
    EXPECT_EQ(boxes().size(), 3u);
    const auto rest = erase(1);
    EXPECT_EQ(rest->erased, (std::vector<survey::ItemId>{{"comment"}}));
    EXPECT_EQ(rest->before, (std::vector<survey::ItemId>{{"phone"}}));
    EXPECT_THAT(erase(1)->erased, IsEmpty());
}

TEST_F(SealedWords, GoBeforeTheirBoxCame) {
    WordyJournal journal("K1");
    journal.add({{"comment", "later"}});
    Backend fresh;
    sample::ask_for_words(fresh);
    const Batch bare = sample::sent(journal.journal().header(1, 1), journal.journal().records(1, 1));
    ASSERT_TRUE(must(fresh.take(bare)));
    {
        auto transaction = must(fresh.store->write());
        const auto erased = must(erase_words({"K1"}, 1, {}, "asked to", sample::noon(), *transaction));
        ASSERT_TRUE(erased) << erased.error();
        EXPECT_EQ(erased->erased, (std::vector<survey::ItemId>{{"comment"}}));
        must(transaction->commit());
    }
    sample::keep_boxes(fresh, journal.all());
    EXPECT_THAT(must(must(fresh.store->read())->boxes({"K1"}, 1)), IsEmpty());
}

TEST_F(SealedWords, ThatAreNotThereCantBeErased) {
    EXPECT_THAT(erase(4).error(), HasSubstr("there is no record 4"));
    EXPECT_THAT(erase(2).error(), HasSubstr("has no words"));
    EXPECT_THAT(erase(1, survey::ItemId{"overall"}).error(), HasSubstr("comment, phone"));
    EXPECT_THAT(must(reader()->erasures()), IsEmpty());
}

TEST_F(SealedWords, GoByAgeInSmallSteps) {
    const auto step = [&](survey::UtcTime now) {
        auto transaction = must(backend_.store->write());
        const auto erased = must(erase_old_words(days(365), now, *transaction));
        must(transaction->commit());
        return erased;
    };
    EXPECT_EQ(step(sample::noon() + days(365)), 0) << "kept as long as set";
    EXPECT_EQ(step(sample::noon() + days(365) + std::chrono::milliseconds(1)), 4);
    EXPECT_THAT(boxes(), IsEmpty());
    EXPECT_EQ(must(reader()->erasures())[0].reason, kErasedByAge);
    expect_stored_whole();
    {
        auto transaction = must(backend_.store->write());
        for (std::int64_t seq = 1; seq <= static_cast<std::int64_t>(kErasedAtOnceMax) + 1; ++seq)
            must(transaction->add_box({{"K2"}, seq, {"other"}, "box", sample::noon()}));
        must(transaction->commit());
    }
    EXPECT_EQ(step(sample::noon() + days(400)), static_cast<std::int64_t>(kErasedAtOnceMax));
    EXPECT_EQ(step(sample::noon() + days(400)), 1);
}

/// Hears when something went.
struct Heard {
    WordsRetention::Log log() {
        return [this](const std::string& line) {
            const std::lock_guard lock(mutex);
            lines.push_back(line);
            changed.notify_all();
        };
    }
    bool waits_for(std::size_t count) {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, std::chrono::seconds(20), [&] { return lines.size() >= count; });
    }
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::string> lines;
};

TEST_F(SealedWords, GoByThemselvesAgainAndAgain) {
    sample::FixedClock clock;
    ReferenceCache references;
    Metrics metrics;
    Writer writer(*backend_.store, references, clock, metrics, [](const std::string&) {});
    Heard heard;
    clock.set(sample::noon() + days(366));
    {
        const WordsRetention retention(writer, clock, days(365), heard.log(), std::chrono::milliseconds(1));
        ASSERT_TRUE(heard.waits_for(1)) << "at once";
        clock.set(sample::noon());
        std::promise<StoreResult<void>> kept;
        writer.run_soon(
            [&](WriteTransaction& transaction) {
                return transaction.add_box({{"K2"}, 1, {"phone"}, "box", sample::noon()});
            },
            [&](StoreResult<void> result) { kept.set_value(std::move(result)); });
        ASSERT_TRUE(kept.get_future().get());
        EXPECT_EQ(boxes().size(), 1u) << "by the clock it is young";
        clock.set(sample::noon() + days(366));
        ASSERT_TRUE(heard.waits_for(2));
    }
    EXPECT_THAT(boxes(), IsEmpty());
    EXPECT_THAT(heard.lines[0], HasSubstr("4 answers"));
    EXPECT_THAT(heard.lines[1], HasSubstr("1 answers"));
}

TEST_F(SealedWords, GoWhileTheServiceRuns) {
    ASSERT_TRUE(make_missing_keys(backend_.folder.path()));
    {
        auto transaction = must(backend_.store->write());
        for (std::int64_t seq = 1; seq <= static_cast<std::int64_t>(2 * kErasedAtOnceMax); ++seq)
            must(transaction->add_box({{"K2"}, seq, {"other"}, "box", sample::noon()}));
        must(transaction->commit());
    }
    sample::FixedClock clock;
    clock.set(sample::noon() + days(31));
    Heard heard;
    ServiceSettings settings;
    settings.data = backend_.folder.path();
    settings.assets = sample::kAssets;
    settings.port = 0;
    settings.keep_words = days(30);
    settings.log = heard.log();
    const auto service = Service::start(settings, clock);
    ASSERT_TRUE(service) << service.error();
    ASSERT_TRUE(heard.waits_for(1));
    EXPECT_THAT(heard.lines[0], HasSubstr(std::to_string(2 * kErasedAtOnceMax + 4) + " answers")) << "step by step";
    EXPECT_THAT(boxes(), IsEmpty());
}

class WordsCommand : public SealedWords {
  protected:
    WordsCommand() {
        const auto written = write_words_key(key_file(), words_key());
        EXPECT_TRUE(written);
    }
    std::string key_file() const { return folder_ / "words.key"; }
    Ran words(std::vector<std::string> more) {
        more.insert(more.begin(), "words");
        more.insert(more.end(), {"--data", backend_.folder.path().string()});
        std::vector<const char*> arguments = {"hailong-backend"};
        for (const std::string& word : more)
            arguments.push_back(word.c_str());
        std::ostringstream out;
        std::ostringstream err;
        const int status = run_backend(static_cast<int>(arguments.size()), arguments.data(), clock_, out, err);
        return {status, out.str(), err.str()};
    }

    sample::TemporaryFolder folder_;
    sample::FixedClock clock_;
};

TEST_F(WordsCommand, ListSaysWhereWordsAreAndNoneOfThem) {
    ASSERT_TRUE(erase(3));
    const Ran ran = words({"list"});
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_EQ(ran.out,
              "{\"item\":\"comment\",\"kiosk\":\"K1\",\"received\":\"2026-11-22\",\"seq\":1}\n"
              "{\"item\":\"phone\",\"kiosk\":\"K1\",\"received\":\"2026-11-22\",\"seq\":1}\n"
              "{\"item\":\"comment\",\"kiosk\":\"K2\",\"received\":\"2026-11-22\",\"seq\":1}\n");
    EXPECT_EQ(ran.err, "words: 3 sealed, 1 erased\n");
}

TEST_F(WordsCommand, OpenPrintsALineOfJsonForEach) {
    const Ran all = words({"open", "--key", key_file()});
    EXPECT_EQ(all.status, 0) << all.err;
    EXPECT_EQ(all.out,
              "{\"item\":\"comment\",\"kiosk\":\"K1\",\"seq\":1,\"text\":\"Cán bộ rất nhiệt tình.\"}\n"
              "{\"item\":\"phone\",\"kiosk\":\"K1\",\"seq\":1,\"text\":\"0912345678\"}\n"
              "{\"item\":\"comment\",\"kiosk\":\"K1\",\"seq\":3,\"text\":\"chờ \\\"lâu\\\"\\n\"}\n"
              "{\"item\":\"comment\",\"kiosk\":\"K2\",\"seq\":1,\"text\":\"tốt\"}\n");
    const Ran one = words({"open", "--key", key_file(), "--kiosk", "K1", "--seq", "3"});
    EXPECT_EQ(one.out, "{\"item\":\"comment\",\"kiosk\":\"K1\",\"seq\":3,\"text\":\"chờ \\\"lâu\\\"\\n\"}\n");
    EXPECT_EQ(words({"open", "--key", key_file(), "--kiosk", "K9"}).out, "");
}

TEST_F(WordsCommand, OpenPrintsWhatItCanAndNamesWhatItCant) {
    {
        auto transaction = must(backend_.store->write());
        must(transaction->add_box({{"K1"}, 2, {"comment"}, "no box at all", sample::noon()}));
        must(transaction->commit());
    }
    const Ran ran = words({"open", "--key", key_file()});
    EXPECT_EQ(ran.status, 1);
    EXPECT_THAT(ran.err, HasSubstr("{\"item\":\"comment\",\"kiosk\":\"K1\",\"seq\":2}: "));
    EXPECT_THAT(ran.err, HasSubstr("1 could not be opened"));
    EXPECT_THAT(ran.out, HasSubstr("tốt"));
    ASSERT_TRUE(write_words_key(folder_ / "other.key", survey::make_box_key()));
    const Ran other = words({"open", "--key", folder_ / "other.key"});
    EXPECT_EQ(other.status, 1);
    EXPECT_EQ(other.out, "");
    EXPECT_EQ(words({"open", "--key", "/nonexistent"}).status, 1);
    EXPECT_EQ(words({"open", "--key", key_file(), "--seq", "1"}).status, 2);
    EXPECT_EQ(words({"open"}).status, 2);
}

TEST_F(WordsCommand, EraseLeavesATraceAndSaysWhatItDid) {
    const Ran ran = words({"erase", "--kiosk", "K1", "--seq", "1", "--item", "phone", "--reason", "asked to"});
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_EQ(ran.out, "erased the words of record 1 of K1: phone\n");
    const Ran rest = words({"erase", "--kiosk", "K1", "--seq", "1", "--reason", "asked to"});
    EXPECT_EQ(rest.out,
              "erased the words of record 1 of K1: comment\nerased before, the words of record 1 of K1: phone\n");
    EXPECT_EQ(boxes().size(), 2u);
    expect_stored_whole();
}

TEST_F(WordsCommand, EraseRefusesWhatDoesNotFit) {
    const auto erase = [&](const std::string& seq, const std::string& reason) {
        return words({"erase", "--kiosk", "K1", "--seq", seq, "--reason", reason});
    };
    EXPECT_THAT(erase("9", "asked to").err, HasSubstr("there is no record 9"));
    EXPECT_EQ(erase("2", "asked to").status, 1);
    for (const std::string& bad : {std::string(" "), std::string("a\nb"), std::string(201, 'x')})
        EXPECT_EQ(erase("1", bad).status, 2) << bad;
    EXPECT_EQ(words({"erase", "--kiosk", "K1", "--seq", "1"}).status, 2) << "a reason is asked for";
    EXPECT_EQ(words({}).status, 2) << "what to do with them?";
    EXPECT_EQ(boxes().size(), 4u);
}

TEST_F(WordsCommand, TheTerminalIsToldWhichOfItsWordsAreErased) {
    sample::RouteHost host({"K1", "K2"});
    sample::ask_for_words(host.backend);
    const auto inbox = [&](const std::string& kiosk) {
        return host.get(inbox_path({kiosk}), {{"authorization", "Bearer token-" + kiosk}});
    };
    EXPECT_EQ(inbox("K1").body.find("erased"), std::string::npos) << "only when there are any";
    const std::string before(inbox("K1").header("ETag"));
    const std::string other(inbox("K2").header("ETag"));
    {
        auto transaction = must(host.backend.store->write());
        for (const std::int64_t seq : {1, 3})
            must(transaction->erase_box({{"K1"}, seq, {"comment"}, sample::noon(), "asked to"}));
        must(transaction->commit());
    }
    EXPECT_THAT(
        inbox("K1").body,
        HasSubstr(R"({"name":"erased","body":{"boxes":[{"item":"comment","seq":3},{"item":"comment","seq":1}]}})"));
    EXPECT_NE(inbox("K1").header("ETag"), before);
    EXPECT_EQ(inbox("K2").header("ETag"), other) << "each is told of its own";
    {
        auto transaction = must(host.backend.store->write());
        for (std::int64_t seq = 10; seq < 10 + static_cast<std::int64_t>(kErasedNamedMax); ++seq)
            must(transaction->erase_box({{"K1"}, seq, {"comment"}, sample::noon(), "asked to"}));
        must(transaction->commit());
    }
    EXPECT_EQ(inbox("K1").body.find(R"("seq":3})"), std::string::npos) << "the newest only";
    EXPECT_THAT(inbox("K1").body, HasSubstr(R"("seq":1009})"));
    ASSERT_TRUE(survey::parse_json(inbox("K1").body));
}

}  // namespace
}  // namespace hailong::sync
