// What goes down to terminals is made once a change and day, whatever the number of terminals that ask.
#include "sync/backend/terminals/inbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "survey/base/json.h"
#include "sync/protocol/compression.h"
#include "tests/sync/backend/comments/sample_texts.h"
#include "tests/sync/backend/sample.h"
#include "tests/sync/backend/store/failing_store.h"

namespace hailong::sync {
namespace {

using sample::Backend;
using sample::Journal;
using sample::must;
using sample::visit;
using testing::HasSubstr;

class InboxTest : public testing::Test {
  protected:
    /// As a terminal asks, by its token.
    Inbox ask(const std::string& kiosk, survey::UtcTime now = sample::noon()) {
        const auto transaction = must(counting_.write());
        const auto terminal = must(transaction->terminals().by_token(to_hex(survey::sha256("token-" + kiosk))));
        Inbox inbox = must(cache_.find(*terminal, *transaction, survey::local_date(now)));
        body_ = must(body_of(inbox, *terminal, must(backend_.store->read())->texts()));
        packed_ = packed_body_of(inbox, *terminal);
        return inbox;
    }
    /// Calls of the store that asking costs, but for the transaction itself.
    int cost(const std::string& kiosk, survey::UtcTime now = sample::noon()) {
        const int before = counting_.calls();
        ask(kiosk, now);
        return counting_.calls() - before - 1;
    }
    void take(const Journal& journal, std::int64_t first, survey::UtcTime received) {
        ASSERT_TRUE(must(backend_.take(journal.batch(first, journal.size()), "K1", received)));
    }

    static constexpr int kUnchanged = 3;  // by token, revision of the documents, revision of the center

    Backend backend_{{"K1", "K2"}};
    sample::FailingStore counting_{*backend_.store};
    ReferenceCache references_;
    InboxCache cache_{references_};
    std::string body_;
    std::string packed_;
};

TEST_F(InboxTest, CostsThreeQuestionsWhileNothingChanged) {
    const Inbox first = ask("K1");
    EXPECT_EQ(cost("K1"), kUnchanged);
    EXPECT_EQ(cost("K2"), kUnchanged) << "another terminal of the center shares it";
    const Inbox second = ask("K2");
    EXPECT_EQ(first.center, second.center);
    EXPECT_EQ(first.etag, second.etag);
    EXPECT_TRUE(survey::parse_json(body_));
}

TEST_F(InboxTest, IsPackedOnceForAllTerminalsOfTheCenter) {
    const Inbox first = ask("K1");
    EXPECT_LT(packed_.size(), body_.size() / 2);
    EXPECT_EQ(decompress(packed_, Encoding::gzip, 1u << 20u).value(), body_);
    const Inbox second = ask("K2");
    EXPECT_EQ(first.center->packed.data(), second.center->packed.data());
}

TEST_F(InboxTest, StaysThroughTheDayThatRuns) {
    const Inbox before = ask("K1");
    Journal journal("K1");
    journal.add(visit(1));
    take(journal, 1, sample::noon());
    EXPECT_EQ(cost("K1"), kUnchanged);
    EXPECT_EQ(ask("K1").etag, before.etag);
}

TEST_F(InboxTest, IsMadeAnewTheNextDay) {
    Journal journal("K1");
    journal.add(visit(1));
    take(journal, 1, sample::noon());
    const Inbox before = ask("K1");
    const survey::UtcTime tomorrow = sample::noon() + std::chrono::days(1);
    EXPECT_GT(cost("K1", tomorrow), kUnchanged);
    EXPECT_NE(ask("K1", tomorrow).etag, before.etag);
    EXPECT_EQ(cost("K2", tomorrow), kUnchanged);
}

TEST_F(InboxTest, IsMadeAnewWhenFiguresWereMadePublic) {
    Journal journal("K1");
    for (std::uint64_t i = 1; i <= 5; ++i)
        journal.add(visit(i, "5", sample::noon() - std::chrono::days(1)));
    const Inbox before = ask("K1");
    take(journal, 1, sample::noon());
    EXPECT_EQ(ask("K1").etag, before.etag);
    backend_.release(survey::local_date(sample::noon()));
    EXPECT_GT(cost("K1"), kUnchanged);
    EXPECT_NE(ask("K1").etag, before.etag);
}

TEST_F(InboxTest, IsMadeAnewWhenADocumentChangedAndTheSameWhenItIsNoneOfItsOwn) {
    const Inbox before = ask("K1");
    auto transaction = must(backend_.store->write());
    must(transaction->documents().put_questionnaire({{{"ALONE"}, 1}, sample::questionnaire_json("ALONE", 1)}));
    must(transaction->commit());
    transaction.reset();
    EXPECT_GT(cost("K1"), kUnchanged);
    EXPECT_EQ(ask("K1").etag, before.etag);
    backend_.put_center(sample::center_json("mau", ",\"note\":\"new\""));
    EXPECT_NE(ask("K1").etag, before.etag);
    EXPECT_THAT(body_, HasSubstr("\"note\":\"new\"")) << "as it was imported";
}

TEST_F(InboxTest, NamesErasedTextsToTheirTerminalAlone) {
    const Inbox before = ask("K1");
    auto transaction = must(backend_.store->write());
    sample::erase_text(*transaction, {{{"K1"}, 4, {"comment"}}, sample::noon(), "asked to"});
    must(transaction->commit());
    transaction.reset();
    EXPECT_EQ(cost("K1"), kUnchanged) << "what changed is spliced in";
    const Inbox after = ask("K1");
    EXPECT_EQ(after.center, before.center);
    EXPECT_NE(after.etag, before.etag);
    EXPECT_THAT(body_, HasSubstr(R"({"name":"erased","body":{"texts":[{"item":"comment","seq":4}]}})"));
    EXPECT_TRUE(survey::parse_json(body_));
    EXPECT_EQ(packed_, "") << "nobody else has this one";
    EXPECT_EQ(ask("K2").etag, before.etag);
    EXPECT_NE(packed_, "");
    EXPECT_EQ(body_.find("erased"), std::string::npos);
}

TEST_F(InboxTest, SaysThatACenterIsNotKnown) {
    Terminal lost = backend_.terminal();
    lost.center = {"nowhere"};
    const auto snapshot = must(backend_.store->read());
    const auto found = cache_.find(lost, *snapshot, survey::local_date(sample::noon()));
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().kind, StoreErrorKind::corrupt);
    ask("K1");
    EXPECT_EQ(cost("K1"), kUnchanged) << "the others have theirs";
}

}  // namespace
}  // namespace hailong::sync
