#include "sync/backend/comments/copies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sync/backend/audit/verify.h"
#include "sync/backend/store/sqlite/backup.h"
#include "tests/sync/backend/cli/command_fixture.h"
#include "tests/sync/backend/comments/sample_texts.h"

namespace hailong::sync {
namespace {

using sample::Backend;
using sample::must;
using sample::noon;
using sample::Ran;
using sample::serve;
using sample::WordyJournal;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// K1 holds two texts under number 1, and the same response again under number 3; K2 the same under its number 1.
class CopiedText : public testing::Test {
  protected:
    CopiedText() {
        sample::ask_for_texts(backend_);
        k1_.add({{"comment", "Chờ lâu."}, {"phone", "0912345678"}});
        k1_.add({{"comment", "tốt"}});
        k1_.add_copy(k1_, 1);
        k2_.add_copy(k1_, 1);
    }

    void take(const Batch& batch) { ASSERT_TRUE(must(backend_.take(batch, batch.header.kiosk.text))); }
    void take_all() {
        take(k1_.all());
        take(k2_.all());
    }
    ErasedTexts erase(std::int64_t seq, std::optional<survey::ItemId> item = {}) {
        auto transaction = must(backend_.store->write());
        auto erased = must(erase_texts({"K1"}, seq, item, "asked to", noon(), *transaction));
        EXPECT_TRUE(erased);
        must(transaction->commit());
        return erased.value_or(ErasedTexts{});
    }
    std::vector<TextPlace> places() {
        std::vector<TextPlace> result;
        for (const StoredText& text : sample::texts(*backend_.store))
            result.push_back(text.place);
        return result;
    }
    std::vector<Erasure> traces() { return must(must(backend_.store->read())->texts().erasures({}, sample::kAll)); }
    std::vector<std::string> differences() {
        return must(verify(*must(backend_.store->read()), backend_.reference)).differences;
    }

    Backend backend_{{"K1", "K2"}};
    WordyJournal k1_{"K1"};
    WordyJournal k2_{"K2"};
};

const TextPlace kOther{{"K1"}, 2, {"comment"}};

TEST_F(CopiedText, IsErasedUnderEachOfItsNumbersWhicheverIsNamed) {
    take_all();
    const ErasedTexts erased = erase(3);
    EXPECT_THAT(erased.erased, ElementsAre(survey::ItemId{"comment"}, survey::ItemId{"phone"}));
    EXPECT_EQ(erased.copies.size(), 4u) << "two texts at two other places";
    EXPECT_THAT(places(), ElementsAre(kOther));
    EXPECT_EQ(traces().size(), 6u);
    EXPECT_THAT(differences(), IsEmpty());
    EXPECT_EQ(must(must(backend_.store->read())->texts().newest_erasures({"K1"}, 9)).size(), 4u)
        << "its terminal is told of both numbers";
    EXPECT_EQ(backend_.terminal("K2").erased, 2);
}

TEST_F(CopiedText, IsErasedByItemUnderEachOfItsNumbers) {
    take_all();
    const ErasedTexts erased = erase(1, survey::ItemId{"phone"});
    EXPECT_THAT(erased.copies, ElementsAre(TextPlace{{"K1"}, 3, {"phone"}}, TextPlace{{"K2"}, 1, {"phone"}}));
    EXPECT_EQ(places().size(), 4u);
}

TEST_F(CopiedText, IsNotTakenUnderANumberThatComesLater) {
    take(k1_.batch(1, 2));
    erase(1);
    take_all();
    EXPECT_THAT(places(), ElementsAre(kOther));
    EXPECT_EQ(traces().size(), 6u) << "each number is named to its terminal";
    EXPECT_EQ(traces().back().reason, "asked to");
    take_all();
    EXPECT_THAT(places(), ElementsAre(kOther));
    EXPECT_THAT(differences(), IsEmpty());
}

TEST_F(CopiedText, IsNotTakenLaterWhenItsRecordCameWithoutIt) {
    take(k1_.batch(1, 2));
    erase(1);
    take(sample::sent(k1_.journal().header(3, 3), k1_.journal().records(3, 3)));
    take(k1_.batch(3, 3));
    EXPECT_THAT(places(), ElementsAre(kOther));
}

TEST_F(CopiedText, IsErasedByAgeWhenOneOfItsNumbersIsOld) {
    take(k1_.batch(1, 2));
    const survey::UtcTime late = noon() + std::chrono::days(300);
    ASSERT_TRUE(must(backend_.take(k1_.batch(3, 3), "K1", late)));
    auto transaction = must(backend_.store->write());
    EXPECT_EQ(must(erase_old_texts(std::chrono::days(365), noon() + std::chrono::days(366), *transaction)), 3);
    must(transaction->commit());
    EXPECT_THAT(places(), IsEmpty());
}

TEST_F(CopiedText, IsErasedWhenItsRecordCanBeReadAtLast) {
    const std::string later = [&] {
        std::string json = sample::wordy_questionnaire();
        return json.replace(json.find("\"version\":3"), 11, "\"version\":4");
    }();
    sample::Wordy wordy = sample::wordy_visit(1, 1, {{"comment", "Chờ lâu."}});
    wordy.response.questionnaire.version = 4;
    // Neither can be read against the documents of today, so neither is called a copy yet.
    const auto journal = [&](std::int64_t count) {
        sample::Journal result("K1");
        for (std::int64_t i = 0; i < count; ++i)
            result.add(wordy.response);
        return result;
    };
    const sample::Journal both = journal(2);
    survey::SealedText second = wordy.texts[0];
    second.seq = 2;
    take(sample::sent(both.header(1, 1), both.records(1, 1), wordy.texts));
    erase(1);
    backend_.put_questionnaire(4, later);
    take(sample::sent(both.header(2, 2), both.records(2, 2), {second}));
    EXPECT_THAT(places(), IsEmpty());
}

TEST_F(CopiedText, IsFoundWhereOnlyOneNumberOfItWasErased) {
    take_all();
    {
        auto transaction = must(backend_.store->write());
        sample::erase_text(*transaction, {{{"K1"}, 1, {"comment"}}, noon(), "before copies were known"});
        must(transaction->commit());
    }
    EXPECT_THAT(differences(), ElementsAre(HasSubstr("comment at record 3 of K1 is still there"),
                                           HasSubstr("comment at record 1 of K2 is still there")));
    EXPECT_EQ(erase(1, survey::ItemId{"comment"}).copies.size(), 2u) << "the remedy that it names";
    EXPECT_THAT(differences(), IsEmpty());
}

TEST_F(CopiedText, IsShownOnce) {
    take_all();
    const auto shown = [&](const TextFilter& filter) {
        const auto snapshot = must(backend_.store->read());
        auto found = must(without_copies(must(texts_of(filter, {}, snapshot->texts())), filter, *snapshot));
        std::vector<TextPlace> result;
        for (const StoredText& text : found)
            result.push_back(text.place);
        return result;
    };
    const TextPlace comment{{"K1"}, 1, {"comment"}};
    const TextPlace phone{{"K1"}, 1, {"phone"}};
    EXPECT_THAT(shown({}), ElementsAre(comment, phone, kOther));
    EXPECT_THAT(shown({survey::KioskId{"K1"}, {}}), ElementsAre(comment, phone, kOther));
    EXPECT_EQ(shown({survey::KioskId{"K2"}, {}}).size(), 2u) << "nothing else of that terminal shows them";
}

TEST_F(CopiedText, IsShownWhereTheFirstNumberHasNone) {
    take(sample::sent(k1_.journal().header(1, 1), k1_.journal().records(1, 1)));
    take(k1_.batch(2, 3));
    const auto snapshot = must(backend_.store->read());
    EXPECT_EQ(must(without_copies(must(texts_of({}, {}, snapshot->texts())), {}, *snapshot)).size(), 3u);
}

TEST_F(CopiedText, CommandsSayWhichNumbers) {
    take_all();
    sample::FixedClock clock;
    const auto texts = [&](std::vector<std::string> more) {
        more.insert(more.begin(), "texts");
        more.insert(more.end(), {"--data", backend_.folder.path().string()});
        return sample::run_command(more, clock);
    };
    const sample::Ran listed = texts({"list"});
    EXPECT_THAT(listed.err, HasSubstr("texts: 3 sealed, 0 erased\n4 came again under another number"));
    const sample::Ran erased = texts({"erase", "--kiosk", "K1", "--seq", "3", "--item", "phone", "--reason", "so"});
    EXPECT_EQ(erased.out,
              "erased the texts of record 3 of K1: phone\n"
              "erased with it, where the same answer came again: record 1 of K1: phone\n"
              "erased with it, where the same answer came again: record 1 of K2: phone\n");
}

/// The store is put back from a backup, and what was erased since stands in it again, or comes again.
class ErasedSince : public CopiedText {
  protected:
    Ran run(std::vector<std::string> arguments) { return sample::run_command(arguments, clock_); }
    std::string data() const { return backend_.folder.path().string(); }
    std::string in(const std::string& name) const { return (folder_.path() / name).string(); }
    void back_up() {
        ASSERT_TRUE(make_missing_keys(data()));
        {
            auto transaction = must(backend_.store->write());
            const auto keys = load_keys(data());
            ASSERT_TRUE(keys);
            must(remember_keys(*keys, transaction->facts()));
            must(transaction->commit());
        }
        const Ran ran = run({"backup", "--data", data(), in("backup")});
        ASSERT_EQ(ran.status, 0) << ran.err;
    }
    void erase_by_command(std::int64_t seq) {
        const Ran ran = run({"texts", "erase", "--data", data(), "--kiosk", "K1", "--seq", std::to_string(seq),
                             "--reason", "asked to"});
        ASSERT_EQ(ran.status, 0) << ran.err;
    }
    /// Into a new folder, which is the backend's from now on.
    Ran restore(const std::vector<std::string>& more = {}) {
        std::vector<std::string> arguments = {"restore", "--data", in("again"), in("backup")};
        arguments.insert(arguments.end(), more.begin(), more.end());
        Ran ran = run(arguments);
        open_store(in("again"));
        return ran;
    }
    void open_store(const std::string& folder) {
        backend_.store = must(open_sqlite_store(std::filesystem::path(folder) / kStoreFile, OpenMode::existing));
        backend_.reference = must(load_reference(*must(backend_.store->read())));
    }

    sample::TemporaryFolder folder_;
    sample::FixedClock clock_;
};

TEST_F(ErasedSince, IsErasedAgainByItsListAndNotTakenWhenItComesAgain) {
    take(k1_.batch(1, 1));
    back_up();
    take(k1_.batch(2, 3));
    erase_by_command(2);
    erase_by_command(3);
    const Ran refused = run({"restore", "--data", in("again"), in("backup"), "--erasures", data() + "/erasure.jsonl"});
    EXPECT_NE(refused.status, 0);
    EXPECT_THAT(refused.err, HasSubstr("erasure.jsonl is not there, and nothing was changed"));
    const Ran ran = restore({"--erasures", data() + "/erasures.jsonl"});
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_THAT(ran.out, HasSubstr("Of the 3 texts that " + data() + "/erasures.jsonl names as erased, 2 belong"));
    EXPECT_THAT(ran.out, Not(HasSubstr("NONE")));
    EXPECT_THAT(places(), IsEmpty()) << "number 1 is the answer that was erased as number 3";
    take_all();
    EXPECT_THAT(places(), IsEmpty()) << "number 2 was not in the backup, and its text came again";
    EXPECT_THAT(differences(), IsEmpty());
    EXPECT_EQ(survey::read_file(in("again") + "/erasures.jsonl"), survey::read_file(data() + "/erasures.jsonl"));
}

TEST_F(ErasedSince, IsNotInABackupOfAStoreThatWasPutBackByHand) {
    take(k1_.batch(1, 1));
    back_up();
    erase_by_command(1);
    backend_.store.reset();
    for (const char* suffix : {"-wal", "-shm"})
        std::filesystem::remove(data() + "/" + kStoreFile + suffix);
    std::filesystem::copy_file(in("backup") + "/" + kStoreFile, data() + "/" + kStoreFile,
                               std::filesystem::copy_options::overwrite_existing);
    const Ran ran = run({"backup", "--data", data(), in("second")});
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_THAT(ran.out, HasSubstr("erased in this backup"));
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(in("second")))
        files += entry.is_regular_file() ? 1 : 0;
    EXPECT_EQ(files, 1u) << "the store alone, without a log";
    open_store(in("second"));
    EXPECT_THAT(places(), IsEmpty());
}

TEST_F(ErasedSince, IsNotSaidToBeErasedByTheListOfAnotherBackend) {
    take(k1_.batch(1, 1));
    back_up();
    erase_by_command(1);
    std::vector<ListedErasure> others = decode_erasures(survey::read_file(data() + "/erasures.jsonl").value()).value();
    for (ListedErasure& one : others)
        one.id->bytes[0] ^= 0x55;
    std::ofstream(in("others.jsonl")) << encode_erasures(others);
    const Ran ran = restore({"--erasures", in("others.jsonl")});
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_THAT(ran.out, HasSubstr("names as erased, 0 belong"));
    EXPECT_THAT(ran.out, HasSubstr("NONE of them belongs to an answer that " + in("backup") + "/" + kStoreFile));
    EXPECT_THAT(ran.out, HasSubstr(in("others.jsonl") + " is the list of another backend"));
}

TEST_F(ErasedSince, IsOfItsResponseAndNotOfItsNumber) {
    take(k1_.batch(1, 1));
    back_up();
    take(k1_.batch(2, 2));
    erase_by_command(2);
    restore({"--erasures", data() + "/erasures.jsonl"});
    // A new disk goes on behind what is stored: its number 2 is another visitor's.
    sample::Journal other("K1");
    other.add_bytes(k1_.journal().bytes_at(1));
    sample::Wordy wordy = sample::wordy_visit(77, 2, {{"comment", "của người khác"}});
    other.add(wordy.response);
    take(sample::sent(other.header(2, 2), other.records(2, 2), wordy.texts));
    EXPECT_THAT(places(), testing::Contains(TextPlace{{"K1"}, 2, {"comment"}}));
}

TEST_F(ErasedSince, StandsInItAgainWithoutItsListWhichIsSaid) {
    take(k1_.batch(1, 1));
    back_up();
    erase_by_command(1);
    const Ran ran = restore();
    EXPECT_THAT(ran.out, HasSubstr("Comments that a person had erased after this backup was made stand in it again"));
    EXPECT_EQ(places().size(), 2u);
}

/// The store's file of yesterday lies in its place again, beside today's list.
class PutBackByHand : public ErasedSince {
  protected:
    void put_back() {
        take(k1_.batch(1, 1));
        back_up();
        take(k1_.batch(2, 3));
        erase_by_command(2);
        erase_by_command(3);
        put_yesterdays_store();
    }
    void put_yesterdays_store() {
        backend_.store.reset();
        const std::filesystem::path store = std::filesystem::path(data()) / kStoreFile;
        for (const char* name : {"", "-wal", "-shm"})
            std::filesystem::remove(store.string() + name);
        std::filesystem::copy_file(in("backup") + "/" + kStoreFile, store);
    }
    Ran open_texts() { return run({"texts", "open", "--data", data(), "--key", data() + "/keys/text.key"}); }
};

TEST_F(PutBackByHand, IsErasedAgainByTheServiceBeforeAnybodyReadsIt) {
    put_back();
    EXPECT_THAT(open_texts().err, HasSubstr("nothing was opened: ")) << "the service was not started yet";
    const Ran verified = run({"verify", "--data", data()});
    EXPECT_EQ(verified.status, 1);
    EXPECT_THAT(verified.out, HasSubstr("DIFFERENCE: the text for phone at record 3 of K1 was erased, as "
                                        "erasures.jsonl says, but this store does not know of it"));
    EXPECT_THAT(serve(data()), HasSubstr("erased again 3 texts that erasures.jsonl names"));
    open_store(data());
    EXPECT_THAT(places(), IsEmpty());
    take_all();
    EXPECT_THAT(places(), IsEmpty()) << "a terminal sent them again";
    EXPECT_THAT(run({"verify", "--data", data()}).out, HasSubstr("differences: 0\n"));
    EXPECT_EQ(open_texts().out, "");
    EXPECT_THAT(serve(data()), Not(HasSubstr("erased again"))) << "once is enough";
}

/// The service saved what was lost under it, and somebody put yesterday's file in its place.
TEST_F(PutBackByHand, IsNamedAsLongAsWhatTheServiceSavedHoldsMore) {
    take(k1_.batch(1, 1));
    back_up();
    take(k1_.batch(2, 3));
    const std::filesystem::path store = std::filesystem::path(data()) / kStoreFile;
    const std::filesystem::path saved = saved_store_name(store, 1);
    must(copy_sqlite_store(store, saved));
    put_yesterdays_store();
    const std::string more = saved.string() +
                             ", which the service saved when this store's file was lost, holds more than this store: "
                             "K1 up to record 3 (here 1)";
    EXPECT_THAT(serve(data()), HasSubstr(more));
    const Ran verified = run({"verify", "--data", data()});
    EXPECT_EQ(verified.status, 1);
    EXPECT_THAT(verified.out, HasSubstr("DIFFERENCE: " + more));
    EXPECT_THAT(verified.out, HasSubstr("`hailong-backend restore " + saved.string() + " --data " + data() + "`"));
    open_store(data());
    take(k1_.batch(2, 3));
    EXPECT_THAT(run({"verify", "--data", data()}).out, HasSubstr("differences: 0\n"));
    EXPECT_THAT(serve(data()), Not(HasSubstr("holds more")));
    std::ofstream(saved) << "no store";
    EXPECT_THAT(serve(data()), HasSubstr("can't be read"));
}

TEST_F(PutBackByHand, IsServedAndSaidWhenTheListCantBeRead) {
    put_back();
    std::ofstream(data() + "/" + kErasuresFile) << "{}\n";
    EXPECT_THAT(serve(data()), HasSubstr("nothing was changed: "));
    open_store(data());
    EXPECT_THAT(places().size(), 2u);
    EXPECT_THAT(run({"verify", "--data", data()}).out, HasSubstr("erasures.jsonl: line 1: "));
    EXPECT_THAT(open_texts().err, HasSubstr("erasures.jsonl: line 1: "));
}

TEST_F(ErasedSince, ListThatCantBeReadChangesNothing) {
    take(k1_.batch(1, 1));
    back_up();
    std::ofstream(in("list")) << "{}\n";
    const Ran ran = run({"restore", "--data", in("again"), in("backup"), "--erasures", in("list")});
    EXPECT_EQ(ran.status, 1);
    EXPECT_THAT(ran.err, HasSubstr("list: line 1: "));
    EXPECT_TRUE(std::filesystem::is_empty(in("again")));
}

}  // namespace
}  // namespace hailong::sync
