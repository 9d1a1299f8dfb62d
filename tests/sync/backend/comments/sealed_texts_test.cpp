#include "sync/backend/comments/sealed_texts.h"

#include <fstream>
#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "survey/base/json.h"
#include "sync/backend/audit/verify.h"
#include "sync/backend/comments/believed_clock.h"
#include "sync/backend/service/retention.h"
#include "sync/backend/terminals/inbox.h"
#include "sync/protocol/endpoints.h"
#include "tests/sync/backend/cli/command_fixture.h"
#include "tests/sync/backend/comments/sample_texts.h"
#include "tests/sync/backend/service/service_fixture.h"

namespace hailong::sync {
namespace {

namespace fs = std::filesystem;
using sample::Backend;
using sample::must;
using sample::Ran;
using sample::text_key;
using sample::WordyJournal;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// K1 holds two records with texts and one without, K2 one with.
class SealedText : public testing::Test {
  protected:
    SealedText() : SealedText(std::vector<std::string>{"K1", "K2"}) {}
    explicit SealedText(const std::vector<std::string>& kiosks) : backend_(kiosks) {
        sample::ask_for_texts(backend_);
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
        sample::keep_texts(backend_, journal.all());
    }
    std::unique_ptr<Snapshot> reader() { return must(backend_.store->read()); }
    std::vector<StoredText> stored_texts() { return sample::texts(*backend_.store); }
    OpenedText opened(const StoredText& text, const survey::BoxSecretKey& key) {
        return must(open_stored({&text, 1}, key, reader()->records())).at(0);
    }
    Expected<ErasedTexts, std::string> erase(std::int64_t seq, std::optional<survey::ItemId> item = {},
                                             const std::string& kiosk = "K1") {
        auto transaction = must(backend_.store->write());
        auto erased = must(erase_texts({kiosk}, seq, item, "asked to", sample::noon(), *transaction));
        must(transaction->commit());
        return erased;
    }
    /// As after a run that ended then.
    void believe(survey::UtcTime time) {
        auto transaction = must(backend_.store->write());
        must(transaction->facts().put(kClockFact, encode(ClockBelief{time, {}})));
        must(transaction->commit());
    }
    std::int64_t differences() { return must(verify(*reader(), backend_.reference)).difference_count; }
    void expect_stored_whole() {
        EXPECT_EQ(must(reader()->terminals().terminal({"K1"}))->last_seq, 3);
        EXPECT_EQ(sample::record(*backend_.store, {"K1"}, 3).hash, k1_.journal().hash_at(3));
        EXPECT_EQ(differences(), 0);
    }

    Backend backend_;
    WordyJournal k1_{"K1"};
    WordyJournal k2_{"K2"};
};

TEST_F(SealedText, AreFoundByTerminalAndRecord) {
    const auto count = [&](const TextFilter& filter) { return must(texts_of(filter, {}, reader()->texts())).size(); };
    EXPECT_EQ(count({}), 4u);
    EXPECT_EQ(count({survey::KioskId{"K1"}, {}}), 3u);
    EXPECT_EQ(count({survey::KioskId{"K1"}, 1}), 2u);
    EXPECT_EQ(count({survey::KioskId{"K1"}, 2}), 0u);
    EXPECT_EQ(count({survey::KioskId{"K9"}, {}}), 0u);
}

TEST_F(SealedText, OpenWithTheirKeyAlone) {
    const auto all = stored_texts();
    ASSERT_EQ(all.size(), 4u);
    EXPECT_EQ(*opened(all[0], text_key()), "Cán bộ rất nhiệt tình.");
    EXPECT_EQ(*opened(all[1], text_key()), "0912345678");
    const auto foreign = opened(all[0], survey::make_box_key());
    ASSERT_FALSE(foreign);
    EXPECT_THAT(foreign.error(), HasSubstr("another key"));
}

TEST_F(SealedText, AreNotTakenFromATextThatIsNotTheirRecords) {
    const auto all = stored_texts();
    StoredText swapped = all[0];
    swapped.bytes = all[1].bytes;
    EXPECT_FALSE(opened(swapped, text_key()));
    StoredText forged = all[0];
    forged.bytes = survey::seal_text("Cán bộ rất nhiệt tình.", survey::public_half(text_key())).bytes;
    EXPECT_FALSE(opened(forged, text_key())) << "the same texts, but not that sealed";
    StoredText elsewhere = all[0];
    elsewhere.place.seq = 2;
    EXPECT_THAT(opened(elsewhere, text_key()).error(), HasSubstr("names no such text"));
    elsewhere.place.seq = 99;
    EXPECT_THAT(opened(elsewhere, text_key()).error(), HasSubstr("not stored"));
}

TEST_F(SealedText, GoForGoodWhileTheChainStaysWhole) {
    const auto erased = erase(1);
    ASSERT_TRUE(erased) << erased.error();
    EXPECT_EQ(erased->erased, (std::vector<survey::ItemId>{{"comment"}, {"phone"}}));
    EXPECT_EQ(stored_texts().size(), 2u);
    const auto traces = must(reader()->texts().erasures({}, 10'000));
    ASSERT_EQ(traces.size(), 2u);
    EXPECT_EQ(traces[0].reason, "asked to");
    EXPECT_EQ(traces[0].time, sample::noon());
    expect_stored_whole();
    sample::keep_texts(backend_, k1_.all());
    EXPECT_EQ(stored_texts().size(), 2u) << "sent again, they do not come back";
    ASSERT_TRUE(must(backend_.take(k1_.all())));
    EXPECT_EQ(stored_texts().size(), 2u);
    expect_stored_whole();
}

TEST_F(SealedText, GoByItem) {
    EXPECT_EQ(erase(1, survey::ItemId{"phone"})->erased, (std::vector<survey::ItemId>{{"phone"}}));
    EXPECT_EQ(stored_texts().size(), 3u);
    const auto rest = erase(1);
    EXPECT_EQ(rest->erased, (std::vector<survey::ItemId>{{"comment"}}));
    EXPECT_EQ(rest->before, (std::vector<survey::ItemId>{{"phone"}}));
    EXPECT_THAT(erase(1)->erased, IsEmpty());
}

TEST_F(SealedText, GoBeforeTheirTextCame) {
    WordyJournal journal("K1");
    journal.add({{"comment", "later"}});
    Backend fresh;
    sample::ask_for_texts(fresh);
    const Batch bare = sample::sent(journal.journal().header(1, 1), journal.journal().records(1, 1));
    ASSERT_TRUE(must(fresh.take(bare)));
    {
        auto transaction = must(fresh.store->write());
        const auto erased = must(erase_texts({"K1"}, 1, {}, "asked to", sample::noon(), *transaction));
        ASSERT_TRUE(erased) << erased.error();
        EXPECT_EQ(erased->erased, (std::vector<survey::ItemId>{{"comment"}}));
        must(transaction->commit());
    }
    sample::keep_texts(fresh, journal.all());
    EXPECT_THAT(must(must(fresh.store->read())->texts().of_record({"K1"}, 1)), IsEmpty());
}

TEST_F(SealedText, ThatAreNotThereCantBeErased) {
    EXPECT_THAT(erase(4).error(), HasSubstr("there is no record 4"));
    EXPECT_THAT(erase(2).error(), HasSubstr("has no texts"));
    EXPECT_THAT(erase(1, survey::ItemId{"overall"}).error(), HasSubstr("comment, phone"));
    EXPECT_THAT(must(reader()->texts().erasures({}, 10'000)), IsEmpty());
}

TEST_F(SealedText, StayWhenTheyOnlySeemOldBecauseTheClockWasWrongWhenTheyCame) {
    k1_.add({{"comment", "Nhanh"}});
    ASSERT_TRUE(must(backend_.take(k1_.batch(4, 4), "K1", sample::noon() - std::chrono::days(400))));
    const auto step = [&](survey::UtcTime now) {
        auto transaction = must(backend_.store->write());
        const auto erased = must(erase_old_texts(std::chrono::days(365), now, *transaction));
        must(transaction->commit());
        return erased;
    };
    const auto before = stored_texts();
    EXPECT_EQ(step(sample::noon()), 0) << "its terminal's clock says that it is new";
    EXPECT_EQ(stored_texts(), before);
    EXPECT_GT(step(sample::noon() + std::chrono::days(365) + std::chrono::milliseconds(1)), 0);
    EXPECT_THAT(stored_texts(), IsEmpty());
}

TEST_F(SealedText, GoByAgeInSmallSteps) {
    const auto step = [&](survey::UtcTime now) {
        auto transaction = must(backend_.store->write());
        const auto erased = must(erase_old_texts(std::chrono::days(365), now, *transaction));
        must(transaction->commit());
        return erased;
    };
    EXPECT_EQ(step(sample::noon() + std::chrono::days(365)), 0) << "kept as long as set";
    EXPECT_EQ(step(sample::noon() + std::chrono::days(365) + std::chrono::milliseconds(1)), 4);
    EXPECT_THAT(stored_texts(), IsEmpty());
    EXPECT_EQ(must(reader()->texts().erasures({}, 10'000))[0].reason, kErasedByAge);
    expect_stored_whole();
    {
        auto transaction = must(backend_.store->write());
        for (std::int64_t seq = 1; seq <= static_cast<std::int64_t>(kErasedAtOnceMax) + 1; ++seq)
            sample::add_text(*transaction, {{{"K2"}, seq, {"other"}}, "sealed", sample::noon()});
        must(transaction->commit());
    }
    EXPECT_EQ(step(sample::noon() + std::chrono::days(400)), static_cast<std::int64_t>(kErasedAtOnceMax));
    EXPECT_EQ(step(sample::noon() + std::chrono::days(400)), 1);
}

/// Hears when something went.
struct Heard {
    TextRetention::Log log() {
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

TEST_F(SealedText, AreNotErasedWhileTheClockIsDoubted) {
    sample::FixedClock clock;
    ReferenceCache references;
    Metrics metrics;
    Writer writer(*backend_.store, references, clock, metrics, [](const std::string&) {});
    Heard heard;
    const std::size_t before = stored_texts().size();
    believe(sample::noon());
    clock.set(sample::noon() + std::chrono::days(400));
    {
        const TextRetention retention(writer, clock, std::chrono::days(365), heard.log(), std::chrono::milliseconds(1));
        ASSERT_TRUE(heard.waits_for(1));
        clock.set(sample::noon());
        ASSERT_TRUE(heard.waits_for(2));
    }
    EXPECT_EQ(stored_texts().size(), before);
    EXPECT_THAT(heard.lines[0], HasSubstr("no text is erased by its age"));
    EXPECT_THAT(heard.lines[1], HasSubstr("is believed again"));
}

/// What came while the clock was back says of itself that it is old.
TEST_F(SealedText, AreKeptTheWholeTimeAfterADoubtOfTheClock) {
    sample::FixedClock clock;
    ReferenceCache references;
    Metrics metrics;
    Writer writer(*backend_.store, references, clock, metrics, [](const std::string&) {});
    const auto count_after_a_round = [&](const ClockBelief& belief, survey::UtcTime now) {
        {
            auto transaction = must(backend_.store->write());
            must(transaction->facts().put(kClockFact, encode(belief)));
            must(transaction->commit());
        }
        clock.set(now);
        {
            const TextRetention retention(writer, clock, std::chrono::days(365), [](const std::string&) {});
        }
        return stored_texts().size();
    };
    const std::size_t all = stored_texts().size();
    const survey::UtcTime since = sample::noon() + std::chrono::days(400);
    const survey::UtcTime early = since + std::chrono::days(364);
    EXPECT_EQ(count_after_a_round({early, {}, since}, early), all);
    const survey::UtcTime late = since + std::chrono::days(366);
    EXPECT_EQ(count_after_a_round({late, {}, since}, late), 0u);
}

TEST_F(SealedText, GoByThemselvesAgainAndAgain) {
    sample::FixedClock clock;
    ReferenceCache references;
    Metrics metrics;
    Writer writer(*backend_.store, references, clock, metrics, [](const std::string&) {});
    Heard heard;
    clock.set(sample::noon() + std::chrono::days(366));
    believe(clock.now());
    {
        const TextRetention retention(writer, clock, std::chrono::days(365), heard.log(), std::chrono::milliseconds(1));
        ASSERT_TRUE(heard.waits_for(1)) << "at once";
        std::promise<StoreResult<void>> kept;
        writer.run_soon(
            [&](Transaction& transaction) {
                sample::add_text(transaction,
                                 {{{"K2"}, 1, {"phone"}}, "sealed", sample::noon() + std::chrono::hours(25)});
                return StoreResult<void>();
            },
            [&](StoreResult<void> result) { kept.set_value(std::move(result)); });
        ASSERT_TRUE(kept.get_future().get());
        EXPECT_EQ(stored_texts().size(), 1u) << "by the clock it is young";
        clock.set(sample::noon() + std::chrono::days(366) + std::chrono::hours(2));
        ASSERT_TRUE(heard.waits_for(2));
    }
    EXPECT_THAT(stored_texts(), IsEmpty());
    EXPECT_THAT(heard.lines[0], HasSubstr("4 answers"));
    EXPECT_THAT(heard.lines[1], HasSubstr("1 answers"));
}

TEST_F(SealedText, GoWhileTheServiceRuns) {
    ASSERT_TRUE(make_missing_keys(backend_.folder.path()));
    {
        auto transaction = must(backend_.store->write());
        for (std::int64_t seq = 1; seq <= static_cast<std::int64_t>(2 * kErasedAtOnceMax); ++seq)
            sample::add_text(*transaction, {{{"K2"}, seq, {"other"}}, "sealed", sample::noon()});
        must(transaction->commit());
    }
    sample::FixedClock clock;
    clock.set(sample::noon() + std::chrono::days(31));
    believe(clock.now());
    Heard heard;
    ServiceSettings settings;
    settings.data = backend_.folder.path();
    settings.assets = sample::kAssets;
    settings.port = 0;
    settings.keep_texts = std::chrono::days(30);
    settings.log = heard.log();
    const auto service = Service::start(settings, clock);
    ASSERT_TRUE(service) << service.error();
    ASSERT_TRUE(heard.waits_for(1));
    EXPECT_THAT(heard.lines[0], HasSubstr(std::to_string(2 * kErasedAtOnceMax + 4) + " answers")) << "step by step";
    EXPECT_THAT(stored_texts(), IsEmpty());
}

class TextCommand : public SealedText {
  protected:
    TextCommand() {
        const auto written = write_text_key(key_file(), text_key());
        EXPECT_TRUE(written);
    }
    std::string key_file() const { return folder_ / "text.key"; }
    Ran texts(std::vector<std::string> more) {
        more.insert(more.begin(), "texts");
        more.insert(more.end(), {"--data", backend_.folder.path().string()});
        std::vector<const char*> arguments = {"hailong-backend"};
        for (const std::string& word : more)
            arguments.push_back(word.c_str());
        std::ostringstream out;
        std::ostringstream err;
        const int status =
            run_backend(static_cast<int>(arguments.size()), arguments.data(), Service::start, clock_, out, err);
        return {status, out.str(), err.str()};
    }

    sample::TemporaryFolder folder_;
    sample::FixedClock clock_;
};

TEST_F(TextCommand, ListSaysWhereWordsAreAndNoneOfThem) {
    ASSERT_TRUE(erase(3));
    const Ran ran = texts({"list"});
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_EQ(ran.out,
              "{\"item\":\"comment\",\"kiosk\":\"K1\",\"received\":\"2026-11-22\",\"seq\":1}\n"
              "{\"item\":\"phone\",\"kiosk\":\"K1\",\"received\":\"2026-11-22\",\"seq\":1}\n"
              "{\"item\":\"comment\",\"kiosk\":\"K2\",\"received\":\"2026-11-22\",\"seq\":1}\n");
    EXPECT_EQ(ran.err, "texts: 3 sealed, 1 erased\nThey were never tried with their key.\n");
}

TEST_F(TextCommand, OpenPrintsALineOfJsonForEach) {
    const Ran all = texts({"open", "--key", key_file()});
    EXPECT_EQ(all.status, 0) << all.err;
    EXPECT_EQ(all.out,
              "{\"item\":\"comment\",\"kiosk\":\"K1\",\"seq\":1,\"text\":\"Cán bộ rất nhiệt tình.\"}\n"
              "{\"item\":\"phone\",\"kiosk\":\"K1\",\"seq\":1,\"text\":\"0912345678\"}\n"
              "{\"item\":\"comment\",\"kiosk\":\"K1\",\"seq\":3,\"text\":\"chờ \\\"lâu\\\"\\n\"}\n"
              "{\"item\":\"comment\",\"kiosk\":\"K2\",\"seq\":1,\"text\":\"tốt\"}\n");
    const Ran one = texts({"open", "--key", key_file(), "--kiosk", "K1", "--seq", "3"});
    EXPECT_EQ(one.out, "{\"item\":\"comment\",\"kiosk\":\"K1\",\"seq\":3,\"text\":\"chờ \\\"lâu\\\"\\n\"}\n");
    EXPECT_EQ(texts({"open", "--key", key_file(), "--kiosk", "K9"}).out, "");
}

TEST_F(TextCommand, OpenPrintsJsonAlsoOfATextThatIsNoUtf8) {
    k1_.add({{"comment", "ch\xE1\xBB l\xFF"}});
    ASSERT_TRUE(must(backend_.take(k1_.batch(4, 4))));
    const Ran ran = texts({"open", "--key", key_file(), "--kiosk", "K1", "--seq", "4"});
    EXPECT_EQ(ran.status, 0) << ran.err;
    const auto line = survey::parse_json(ran.out);
    ASSERT_TRUE(line) << ran.out;
    EXPECT_EQ(survey::parse_base64(std::string(line->at("bytes").as_string())), "ch\xE1\xBB l\xFF")
        << "nothing of it is lost";
    EXPECT_EQ(line->at("text").as_string(), "ch\uFFFD\uFFFD l\uFFFD");
}

TEST_F(TextCommand, OpenPrintsWhatItCanAndNamesWhatItCant) {
    {
        auto transaction = must(backend_.store->write());
        sample::add_text(*transaction, {{{"K1"}, 2, {"comment"}}, "no sealed text at all", sample::noon()});
        must(transaction->commit());
    }
    const Ran ran = texts({"open", "--key", key_file()});
    EXPECT_EQ(ran.status, 1);
    EXPECT_THAT(ran.err, HasSubstr("{\"item\":\"comment\",\"kiosk\":\"K1\",\"seq\":2}: "));
    EXPECT_THAT(ran.err, HasSubstr("1 could not be opened"));
    EXPECT_THAT(ran.out, HasSubstr("tốt"));
    ASSERT_TRUE(write_text_key(folder_ / "other.key", survey::make_box_key()));
    const Ran other = texts({"open", "--key", folder_ / "other.key"});
    EXPECT_EQ(other.status, 1);
    EXPECT_EQ(other.out, "");
    EXPECT_EQ(texts({"open", "--key", "/nonexistent"}).status, 1);
    EXPECT_EQ(texts({"open", "--key", key_file(), "--seq", "1"}).status, 2);
    EXPECT_EQ(texts({"open"}).status, 2);
}

TEST_F(TextCommand, EraseLeavesATraceAndSaysWhatItDid) {
    const Ran ran = texts({"erase", "--kiosk", "K1", "--seq", "1", "--item", "phone", "--reason", "asked to"});
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_EQ(ran.out, "erased the texts of record 1 of K1: phone\n");
    const Ran rest = texts({"erase", "--kiosk", "K1", "--seq", "1", "--reason", "asked to"});
    EXPECT_EQ(rest.out,
              "erased the texts of record 1 of K1: comment\nerased before, the texts of record 1 of K1: phone\n");
    EXPECT_EQ(stored_texts().size(), 2u);
    expect_stored_whole();
}

TEST_F(TextCommand, EraseNamesTheCopiesThatMayStillHoldThem) {
    const std::string saved = backend_.file().string() + ".saved-1";
    std::ofstream(saved) << "a copy";
    const Ran ran = texts({"erase", "--kiosk", "K1", "--seq", "1", "--reason", "asked to"});
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_THAT(ran.out, HasSubstr("may still hold them: " + saved));
}

TEST_F(TextCommand, EraseRefusesWhatDoesNotFit) {
    const auto erase = [&](const std::string& seq, const std::string& reason) {
        return texts({"erase", "--kiosk", "K1", "--seq", seq, "--reason", reason});
    };
    EXPECT_THAT(erase("9", "asked to").err, HasSubstr("there is no record 9"));
    EXPECT_EQ(erase("2", "asked to").status, 1);
    for (const std::string& bad : {std::string(" "), std::string("a\nb"), std::string(201, 'x')})
        EXPECT_EQ(erase("1", bad).status, 2) << bad;
    EXPECT_EQ(texts({"erase", "--kiosk", "K1", "--seq", "1"}).status, 2) << "a reason is asked for";
    EXPECT_EQ(texts({}).status, 2) << "what to do with them?";
    EXPECT_EQ(stored_texts().size(), 4u);
}

TEST_F(TextCommand, TheTerminalIsToldWhichOfItsWordsAreErased) {
    sample::RouteHost host({"K1", "K2"});
    sample::ask_for_texts(host.backend);
    const auto inbox = [&](const std::string& kiosk) {
        return host.get(inbox_path({kiosk}), {{"authorization", "Bearer token-" + kiosk}});
    };
    EXPECT_EQ(inbox("K1").body.find("erased"), std::string::npos) << "only when there are any";
    const std::string before(inbox("K1").header("ETag"));
    const std::string other(inbox("K2").header("ETag"));
    {
        auto transaction = must(host.backend.store->write());
        for (const std::int64_t seq : {1, 3})
            sample::erase_text(*transaction, {{{"K1"}, seq, {"comment"}}, sample::noon(), "asked to"});
        must(transaction->commit());
    }
    EXPECT_THAT(
        inbox("K1").body,
        HasSubstr(R"({"name":"erased","body":{"texts":[{"item":"comment","seq":3},{"item":"comment","seq":1}]}})"));
    EXPECT_NE(inbox("K1").header("ETag"), before);
    EXPECT_EQ(inbox("K2").header("ETag"), other) << "each is told of its own";
    {
        auto transaction = must(host.backend.store->write());
        for (std::int64_t seq = 10; seq < 10 + static_cast<std::int64_t>(kErasedNamedMax); ++seq)
            sample::erase_text(*transaction, {{{"K1"}, seq, {"comment"}}, sample::noon(), "asked to"});
        must(transaction->commit());
    }
    EXPECT_EQ(inbox("K1").body.find(R"("seq":3})"), std::string::npos) << "the newest only";
    EXPECT_THAT(inbox("K1").body, HasSubstr(R"("seq":1009})"));
    ASSERT_TRUE(survey::parse_json(inbox("K1").body));
}

}  // namespace
}  // namespace hailong::sync
