#include "sync/backend/comments/tried_texts.h"

#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sync/backend/service/text_trial.h"
#include "sync/backend/service/writer.h"
#include "tests/sync/backend/cli/command_fixture.h"
#include "tests/sync/backend/comments/sample_texts.h"

namespace hailong::sync {
namespace {

using sample::must;
using sample::text_key;
using sample::WordyJournal;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

survey::BoxSecretKey another_key() {
    survey::BoxSecretKey key;
    key.bytes.fill(4);
    return key;
}

/// K1 seals for the right key until it does not; K2 always does.
class TextsTried : public testing::Test {
  protected:
    TextsTried() : backend_({"K1", "K2"}) {
        sample::ask_for_texts(backend_);
        k1_.add({{"comment", "Tốt"}});
        k2_.add({{"comment", "Nhanh"}, {"phone", "0912345678"}});
        EXPECT_TRUE(must(backend_.take(k1_.all(), "K1")));
        EXPECT_TRUE(must(backend_.take(k2_.all(), "K2")));
    }
    /// One more record of K1, whose text was sealed for another key.
    void take_sealed_for_another() {
        k1_.add({{"comment", "Chậm"}});
        const std::int64_t seq = k1_.journal().size();
        Batch batch = k1_.batch(seq, seq);
        const std::vector<survey::SealedText> wrong = {
            {seq, {"comment"}, survey::seal_text("Chậm", survey::public_half(another_key())).bytes}};
        EXPECT_TRUE(must(
            backend_.take(sample::sent(k1_.journal().header(seq, seq), k1_.journal().records(seq, seq), wrong), "K1")));
    }
    TextTry tried(const survey::BoxSecretKey& key) {
        auto transaction = must(backend_.store->write());
        auto found = must(try_texts(must(tried_texts(transaction->facts())), key, *transaction));
        (void)must(keep_try(found, sample::noon(), *transaction));
        must(transaction->commit());
        return found;
    }
    TriedTexts known() { return must(tried_texts(must(backend_.store->read())->facts())); }

    sample::Backend backend_;
    WordyJournal k1_{"K1"};
    WordyJournal k2_{"K2"};
};

TEST_F(TextsTried, AreOpenedOnce) {
    EXPECT_EQ(sentence_of(known()), "never tried with their key");
    const TextTry found = tried(text_key());
    EXPECT_EQ(found.opened, 3);
    EXPECT_THAT(found.unopened, IsEmpty());
    EXPECT_EQ(tried(text_key()).opened, 0);
    EXPECT_EQ(known().time, sample::noon());
    EXPECT_THAT(sentence_of(known()), HasSubstr("last tried with their key at 2026-11-22"));
    EXPECT_THAT(sample::incidents(*backend_.store), IsEmpty());
}

TEST_F(TextsTried, ThatNobodyCanOpenLeaveAnIncidentThatNamesThem) {
    (void)tried(text_key());
    take_sealed_for_another();
    take_sealed_for_another();
    EXPECT_THAT(tried(text_key()).unopened, SizeIs(2));
    const auto incidents = sample::incidents(*backend_.store);
    ASSERT_THAT(incidents, SizeIs(1));
    EXPECT_EQ(incidents[0].kind, IncidentKind::unopened_text);
    EXPECT_EQ(incidents[0].kiosk, survey::KioskId{"K1"});
    EXPECT_THAT(incidents[0].detail, HasSubstr("records 2, 3 were sealed for another key"));
    EXPECT_EQ(known().unopened, 2);
    EXPECT_THAT(sentence_of(known()), HasSubstr("2 could not be opened"));
    EXPECT_THAT(tried(text_key()).unopened, IsEmpty()) << "told once";
}

TEST_F(TextsTried, AreAllFoundWhenTheKeyIsAnother) {
    EXPECT_THAT(tried(another_key()).unopened, SizeIs(3));
    EXPECT_THAT(sample::incidents(*backend_.store), SizeIs(2)) << "one a terminal";
}

TEST_F(TextsTried, AreTheNewestOfEachTerminal) {
    for (std::size_t i = 0; i < kTriedOfTerminalMax; ++i)
        take_sealed_for_another();
    const TextTry found = tried(text_key());
    EXPECT_THAT(found.unopened, SizeIs(kTriedOfTerminalMax));
    EXPECT_EQ(found.opened, 2) << "K2 is tried all the same";
    EXPECT_THAT(sample::incidents(*backend_.store)[0].detail, HasSubstr(" and others"));
}

TEST_F(TextsTried, StandNowhereOpened) {
    (void)tried(text_key());
    const auto fact = must(must(backend_.store->read())->facts().fact(kTextsFact));
    EXPECT_THAT(*fact, Not(HasSubstr("Nhanh")));
}

/// The trial as the service runs it.
class Trial : public TextsTried {
  protected:
    Trial() : writer_(*backend_.store, references_, clock_, metrics_, [](const std::string&) {}) {}
    std::filesystem::path key_file() const { return backend_.folder.path() / "text.key"; }
    void look() { trial_.look(); }

    sample::MovingClock clock_;
    ReferenceCache references_;
    Metrics metrics_;
    std::vector<std::string> log_;
    Writer writer_;
    TextTrial trial_{*backend_.store, writer_,  clock_,
                     key_file(),      metrics_, [this](const std::string& line) { log_.push_back(line); }};
};

TEST_F(Trial, SaysOnceSinceWhenNobodyTriedWhereTheKeyIsKeptElsewhere) {
    look();
    ASSERT_THAT(log_, SizeIs(1));
    EXPECT_THAT(log_[0], HasSubstr("the key of texts is kept elsewhere"));
    EXPECT_THAT(log_[0], HasSubstr("never tried with their key"));
    clock_.pass(std::chrono::hours(25));
    look();
    EXPECT_THAT(log_, SizeIs(1));
    EXPECT_THAT(metrics_.text({}), HasSubstr("hailong_texts_tried_seconds 0\n"));
}

TEST_F(Trial, TriesOnceADay) {
    ASSERT_TRUE(write_text_key(key_file(), text_key()));
    look();
    EXPECT_THAT(log_, IsEmpty());
    take_sealed_for_another();
    clock_.pass(std::chrono::hours(23));
    look();
    EXPECT_THAT(log_, IsEmpty());
    clock_.pass(std::chrono::hours(2));
    look();
    ASSERT_THAT(log_, SizeIs(1));
    EXPECT_THAT(log_[0], HasSubstr("1 can't be opened with this backend's key, the first beside record 2 of K1"));
    EXPECT_THAT(metrics_.text({}), HasSubstr("hailong_texts_unopened 1\n"));
    EXPECT_THAT(metrics_.text({}), Not(HasSubstr("hailong_texts_tried_seconds 0\n")));
}

TEST_F(Trial, SaysThatTheKeyIsDamaged) {
    std::ofstream(key_file()) << "nonsense";
    look();
    ASSERT_THAT(log_, SizeIs(1));
    EXPECT_THAT(log_[0], HasSubstr("was not tried: "));
}

}  // namespace
}  // namespace hailong::sync
