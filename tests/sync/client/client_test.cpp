#include "sync/client/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "survey/base/host.h"
#include "survey/center.h"
#include "survey/time_evidence.h"
#include "sync/client/documents.h"
#include "tests/sync/client/world.h"

namespace hailong::sync {
namespace {

using kiosk::Inbox;
using survey::milliseconds;
using test::at_most;
using test::FakeBackend;
using test::response;
using test::run_sql;
using test::ward5;
using test::Weather;
using test::World;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(Client, DeliversWhatWaitsInOrder) {
    World world;
    world.answer(1, 5);
    const Exchange exchange = world.client.deliver_batch();
    EXPECT_EQ(exchange.outcome, Outcome::progress);
    EXPECT_THAT(exchange.what, HasSubstr("records 1 to 5 delivered (5 new, 0 stored before, 0 quarantined)"));
    world.expect_all_stored_once();
    world.answer(6, 7);
    EXPECT_THAT(world.deliver_all(), ElementsAre(Outcome::progress, Outcome::idle));
    world.expect_all_stored_once();
}

TEST(Client, SendsNothingWhenNothingWaits) {
    World world;
    EXPECT_EQ(world.client.deliver_batch().outcome, Outcome::idle);
    EXPECT_THAT(world.network.requests, IsEmpty());
    EXPECT_EQ(world.journal.sync_status(), kiosk::SyncStatus{});
}

/// Damage took a record that was delivered, and with it that it was: the backend answers by a number that nobody here
/// can compare any more.
TEST(Client, GoesOnBehindANumberThatItLostAndTheBackendHolds) {
    World world;
    world.answer(1, 3);
    world.deliver_all();
    run_sql(world.folder / "journal.db",
            "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE type = 'trigger'; "
            "DELETE FROM records WHERE seq = 3; UPDATE sync_state SET delivered_seq = 1; "
            "INSERT INTO skips (first_seq, last_seq, reason) VALUES (3, 3, 'damaged'), (4, 4, 'unknown')");
    world.journal = test::open_journal(world.folder / "journal.db");
    EXPECT_EQ(world.client.deliver_batch().outcome, Outcome::progress);
    EXPECT_EQ(world.client.deliver_batch().outcome, Outcome::idle) << "the next record will confirm the ones before";
    world.answer(5, 6);
    EXPECT_THAT(world.deliver_all(), ElementsAre(Outcome::progress, Outcome::idle));
    EXPECT_EQ(world.journal.delivered_seq(), 6);
    EXPECT_EQ(world.last_header().first_seq, 5);
}

TEST(Client, SendsSeveralBatchesWhenMoreWaits) {
    World world;
    world.answer(1, 1'050);
    EXPECT_THAT(world.deliver_all(),
                ElementsAre(Outcome::progress, Outcome::progress, Outcome::progress, Outcome::idle));
    world.expect_all_stored_once();
    std::vector<std::int64_t> counts;
    for (const Request& request : world.network.requests) {
        const auto batch = decode_batch(*decompress(request.body, Encoding::zstd, kBatchBytesMax));
        ASSERT_TRUE(batch);
        counts.push_back(batch->header.count);
    }
    EXPECT_THAT(counts, ElementsAre(500, 500, 50));
}

TEST(Client, SaysInTheHeaderWhereTheTerminalStands) {
    World world({Encoding::gzip, 2, "this-start"});
    world.answer(1, 3);
    world.deliver_all();
    ASSERT_EQ(world.network.requests.size(), 2U);
    const Request& request = world.network.requests.back();
    EXPECT_THAT(request.headers, ElementsAre("Authorization: Bearer secret-token", "Content-Type: application/x-ndjson",
                                             "Content-Encoding: gzip"));
    EXPECT_EQ(request.path, "/v1/terminals/k-01/batches");
    const auto batch = decode_batch(*decompress(request.body, Encoding::gzip, kBatchBytesMax));
    ASSERT_TRUE(batch);
    EXPECT_EQ(batch->header.kiosk, test::kKiosk);
    EXPECT_EQ(batch->header.first_seq, 3);
    EXPECT_EQ(batch->header.sent, world.clock.now());
    EXPECT_EQ(batch->header.counters, (Counters{3, 2, {{survey::local_date(world.clock.now()), 3}}}));
    EXPECT_EQ(batch->header.boot, "this-start");
    EXPECT_EQ(batch->header.sent_monotonic, world.clock.monotonic().time_since_epoch());
    EXPECT_TRUE(is_signed_by(batch->header_bytes, batch->signature, world.backend.terminal));
    EXPECT_EQ(batch->header.previous_hash, world.journal.hash_at(2)->value());
    EXPECT_EQ(batch->header.last_hash, world.journal.hash_at(3)->value());
}

TEST(Client, SendsAgainWhenTheAnswerWasLost) {
    World world;
    world.answer(1, 4);
    world.network.forecast = {Weather::answer_lost};
    EXPECT_EQ(world.client.deliver_batch().outcome, Outcome::later);
    EXPECT_EQ(world.journal.delivered_seq(), 0);
    const Exchange again = world.client.deliver_batch();
    EXPECT_THAT(again.what, HasSubstr("(0 new, 4 stored before"));
    world.expect_all_stored_once();
}

class AfterWeather : public testing::TestWithParam<Weather> {};

TEST_P(AfterWeather, NothingIsMarkedThatNoReceiptConfirmed) {
    World world;
    world.answer(1, 4);
    world.network.forecast = {GetParam()};
    const Exchange exchange = world.client.deliver_batch();
    if (exchange.outcome != Outcome::progress) {
        EXPECT_THAT(world.journal.delivered_seq(), 0);
        EXPECT_EQ(world.journal.sync_status()->last_error, exchange.what);
        EXPECT_EQ(world.journal.sync_status()->last_success, std::nullopt);
    }
    world.deliver_all();
    world.expect_all_stored_once();
    EXPECT_EQ(world.journal.sync_status()->last_error, "");
}
INSTANTIATE_TEST_SUITE_P(, AfterWeather,
                         testing::Values(Weather::request_lost, Weather::answer_lost, Weather::answer_cut,
                                         Weather::request_damaged, Weather::portal, Weather::rubbish,
                                         Weather::unsigned_answer, Weather::foreign_answer, Weather::overloaded,
                                         Weather::again, Weather::stale));

/// What the client makes of an answer that is always the same.
Exchange after_answer(World& world, HttpReply reply) {
    world.answer(1, 4);
    world.network.instead = std::move(reply);
    return world.client.deliver_batch();
}

Receipt receipt_of(World& world, std::int64_t last_seq) {
    Receipt receipt;
    receipt.kiosk = test::kKiosk;
    receipt.last_seq = last_seq;
    receipt.last_hash = world.journal.hash_at(last_seq)->value_or(survey::sha256("unknown"));
    receipt.accepted = 4;
    receipt.received = world.backend.now;
    return receipt;
}

/// A receipt for a terminal that holds four records, changed by the test before the backend signs it, and after.
template <class Change, class Forge>
Exchange after_receipt(World& world, Change&& change, Forge&& forge) {
    world.answer(1, 4);
    Receipt receipt = receipt_of(world, 4);
    change(receipt);
    receipt = world.backend.sign(receipt);
    forge(receipt);
    world.network.instead = HttpReply{200, "", "application/json", encode(receipt), 0};
    return world.client.deliver_batch();
}

template <class Change>
Exchange after_receipt(World& world, Change&& change) {
    return after_receipt(world, std::forward<Change>(change), [](Receipt&) {});
}

TEST(Client, BelievesAReceiptThatFits) {
    World world;
    EXPECT_EQ(after_receipt(world, [](Receipt&) {}).outcome, Outcome::progress);
    EXPECT_EQ(world.journal.delivered_seq(), 4);
}

TEST(Client, DoesNotBelieveAReceiptThatNobodySigned) {
    World world;
    const Exchange exchange = after_receipt(
        world, [](Receipt&) {}, [](Receipt& receipt) { receipt.signature.reset(); });
    EXPECT_EQ(exchange.outcome, Outcome::later);
    EXPECT_THAT(exchange.what, HasSubstr("it is not signed;"));
    EXPECT_EQ(world.journal.delivered_seq(), 0);
}

TEST(Client, DoesNotBelieveAReceiptThatAnotherKeySigned) {
    World world;
    const Exchange exchange = after_receipt(
        world, [](Receipt&) {},
        [](Receipt& receipt) { receipt.signature = survey::sign(receipt_text(receipt), survey::SignSecretKey{}); });
    EXPECT_EQ(exchange.outcome, Outcome::later);
    EXPECT_THAT(exchange.what, HasSubstr("not signed with the key of this terminal's backend"));
    EXPECT_EQ(world.journal.delivered_seq(), 0);
}

TEST(Client, DoesNotBelieveAReceiptThatWasChangedAfterItWasSigned) {
    const std::vector<void (*)(Receipt&)> forgeries = {
        [](Receipt& receipt) { receipt.kiosk = {"k-02"}; },
        [](Receipt& receipt) { receipt.last_seq = 5; },
        [](Receipt& receipt) { receipt.last_hash = survey::sha256("x"); },
        [](Receipt& receipt) { receipt.received += milliseconds{1}; },
    };
    for (const auto& forge : forgeries) {
        World world;
        const Exchange exchange = after_receipt(
            world, [](Receipt&) {}, forge);
        EXPECT_EQ(exchange.outcome, Outcome::later);
        EXPECT_THAT(exchange.what, HasSubstr("not signed with"));
        EXPECT_EQ(world.journal.delivered_seq(), 0);
    }
}

TEST(Client, DoesNotBelieveAnOlderReceiptOnceMore) {
    World world(at_most(2));
    world.answer(1, 2);
    (void)world.client.deliver_batch();
    const Receipt old = world.backend.sign(receipt_of(world, 2));
    world.answer(3, 4);
    world.network.instead = HttpReply{200, "", "application/json", encode(old), 0};
    EXPECT_EQ(world.client.deliver_batch().outcome, Outcome::later);
    EXPECT_EQ(world.journal.delivered_seq(), 2);
}

TEST(Client, DoesNotBelieveAReceiptOfAnotherTerminal) {
    World world;
    const Exchange exchange = after_receipt(world, [](Receipt& receipt) { receipt.kiosk = {"k-02"}; });
    EXPECT_EQ(exchange.outcome, Outcome::later);
    EXPECT_THAT(exchange.what, HasSubstr("k-02"));
    EXPECT_EQ(world.journal.delivered_seq(), 0);
}

TEST(Client, DoesNotBelieveAReceiptForLessThanWasSent) {
    World world;
    const Exchange exchange = after_receipt(world, [&](Receipt& receipt) { receipt = receipt_of(world, 3); });
    EXPECT_EQ(exchange.outcome, Outcome::later);
    EXPECT_EQ(world.journal.delivered_seq(), 0);
}

TEST(Client, DoesNotBelieveAReceiptForMoreThanThereIs) {
    World world;
    const Exchange exchange = after_receipt(world, [](Receipt& receipt) { receipt.last_seq = 5; });
    EXPECT_EQ(exchange.outcome, Outcome::later);
    EXPECT_THAT(exchange.what, HasSubstr("record 5, which this terminal does not have"));
    EXPECT_EQ(world.journal.delivered_seq(), 0);
}

TEST(Client, DoesNotBelieveAReceiptWithAnotherChainValue) {
    World world;
    const Exchange exchange = after_receipt(world, [](Receipt& receipt) { receipt.last_hash = survey::sha256("x"); });
    EXPECT_EQ(exchange.outcome, Outcome::later);
    EXPECT_THAT(exchange.what, HasSubstr("chain value at record 4"));
    EXPECT_EQ(world.journal.delivered_seq(), 0);
    EXPECT_EQ(world.journal.sync_status()->last_error, exchange.what);
}

TEST(Client, BelievesAReceiptBeyondItsBatchWhenTheJournalAgrees) {
    World world(at_most(2));
    const Exchange exchange = after_receipt(world, [](Receipt&) {});  // of four, two were sent
    EXPECT_EQ(exchange.outcome, Outcome::progress);
    EXPECT_EQ(world.journal.delivered_seq(), 4);
}

TEST(Client, TakesTheServersClockFromTheMiddleOfTheExchange) {
    class SlowNetwork final : public Transport {
      public:
        explicit SlowNetwork(World& world) : world_(world) {}
        Expected<HttpReply, TransportError> send(const Request& request) override {
            world_.clock.pass(milliseconds{2'000});
            world_.backend.now = world_.clock.now() + milliseconds{5'000};
            const auto reply = world_.network.send(request);
            world_.clock.pass(milliseconds{4'000});
            return reply;
        }

      private:
        World& world_;
    };
    World world;
    world.answer(1, 1);
    SlowNetwork slow(world);
    Client client(world.journal, world.inbox, slow, world.clock, world.identity, {});
    ASSERT_EQ(client.deliver_batch().outcome, Outcome::progress);
    EXPECT_EQ(world.journal.sync_status()->server_offset, milliseconds{4'000});  // +5 s at 2 s of 6 s
    Client next(world.journal, world.inbox, world.network, world.clock, world.identity, {});
    (void)next.refresh_inbox();
    EXPECT_EQ(world.journal.sync_status()->server_offset, milliseconds{4'000}) << "kept across a restart";
}

TEST(Client, SendsAgainFromWhereTheBackendLostRecords) {
    World world(at_most(4));
    world.answer(1, 10);
    world.deliver_all();
    world.backend.forget_after(3);
    EXPECT_THAT(world.deliver_all(), ElementsAre(Outcome::idle)) << "nobody can know before the next answer";
    world.answer(11, 11);
    const Exchange gap = world.client.deliver_batch();
    EXPECT_EQ(gap.outcome, Outcome::progress);
    EXPECT_THAT(gap.what, HasSubstr("does not hold record 4"));
    EXPECT_THAT(world.deliver_all(), ElementsAre(Outcome::progress, Outcome::progress, Outcome::idle));
    world.expect_all_stored_once();
}

TEST(Client, HearsFromAnInboxAnswerThatTheBackendLostRecords) {
    World world(at_most(4));
    world.answer(1, 10);
    world.deliver_all();
    for (const char* status : {"200", "304"}) {
        world.backend.forget_after(3);
        const Exchange heard = world.client.refresh_inbox();
        EXPECT_THAT(heard.what, HasSubstr("holds records up to 3, but confirmed them up to 10")) << status;
        EXPECT_TRUE(world.client.wants_again());
        EXPECT_THAT(world.deliver_all(), ElementsAre(Outcome::progress, Outcome::progress, Outcome::idle)) << status;
        EXPECT_FALSE(world.client.wants_again());
        world.expect_all_stored_once();
    }
    EXPECT_EQ(world.client.refresh_inbox().what, "") << "it holds all again";
}

TEST(Client, TakesOnlyTheBackendsWordForWhatItHolds) {
    World world;
    world.answer(1, 4);
    world.deliver_all();
    for (const int status : {401, 404, 500, 302}) {
        world.network.instead = HttpReply{status, "", "", "", 0, 0};
        (void)world.client.refresh_inbox();
        EXPECT_FALSE(world.client.wants_again()) << status;
    }
    world.network.instead.reset();
    world.backend.says_stored = false;
    (void)world.client.refresh_inbox();
    EXPECT_FALSE(world.client.wants_again());
}

TEST(Client, SaysWhatItNoLongerHasWhenTheBackendLostThat) {
    World world;
    world.answer_and_remove(1, 6);
    world.answer(8, 10);
    world.deliver_all();
    world.backend.forget_after(2);
    (void)world.client.refresh_inbox();
    const Exchange again = world.client.deliver_batch();
    EXPECT_EQ(again.outcome, Outcome::progress);
    EXPECT_THAT(again.what, HasSubstr("lost records up to 6 that this terminal no longer keeps"));
    EXPECT_TRUE(again.is_warning);
    EXPECT_THAT(world.backend.skips, ElementsAre(survey::Skip{3, 6, survey::SkipReason::pruned}));
    EXPECT_EQ(world.backend.last_seq(), 10);
    EXPECT_EQ(world.backend.stored.at(7), world.records().at(7));
    world.answer(11, 11);
    EXPECT_THAT(world.client.deliver_batch().what, Not(HasSubstr("lost"))) << "said once";
}

TEST(Client, DoesNotAskAgainAndAgainForWhatNobodyHas) {
    World world;
    world.backend.hold(1, "a");
    ASSERT_EQ(world.journal.adopt({1, world.backend.stored.at(1).hash}), true);
    world.backend.forget_after(0);
    EXPECT_THAT(world.client.refresh_inbox().what, HasSubstr("sending again"));
    EXPECT_EQ(world.client.deliver_batch().outcome, Outcome::idle);
    EXPECT_EQ(world.client.refresh_inbox().what, "");
    EXPECT_FALSE(world.client.wants_again());
}

TEST(Client, SendsEverythingAgainToABackendThatLostAll) {
    World world;
    world.answer(1, 10);
    world.deliver_all();
    world.backend.forget_after(0);
    world.answer(11, 12);
    world.deliver_all();
    world.expect_all_stored_once();
}

TEST(Client, StopsWhenGapsContradictEachOther) {
    World world;
    const auto gap = [](std::int64_t wanted) {
        return FakeBackend::refuse(ProblemKind::gap, "", wanted, std::nullopt);
    };
    world.answer(1, 20);
    world.deliver_all();
    world.answer(21, 21);
    for (int i = 0; i < kGapsMax; ++i) {
        world.network.instead = gap(15 - i);
        EXPECT_EQ(world.client.deliver_batch().outcome, Outcome::progress);
    }
    world.network.instead = gap(2);
    EXPECT_EQ(world.client.deliver_batch().outcome, Outcome::later);
}

TEST(Client, DoesNotFollowAGapForward) {
    World world;
    const Exchange exchange = after_answer(world, FakeBackend::refuse(ProblemKind::gap, "", 3, std::nullopt));
    EXPECT_EQ(exchange.outcome, Outcome::later);
    EXPECT_THAT(exchange.what, HasSubstr("contradict"));
}

TEST(Client, StopsForAPersonWhenARecordDiffers) {
    World world;
    world.answer(1, 1);
    world.deliver_all();
    world.answer(2, 4);
    world.backend.hold(2, "other bytes");
    const Exchange exchange = world.client.deliver_batch();
    EXPECT_EQ(exchange.outcome, Outcome::person);
    EXPECT_THAT(exchange.what, HasSubstr("another record 2"));
    EXPECT_THAT(exchange.what, HasSubstr("hailong-sync enroll"));
    EXPECT_EQ(exchange.barred, Barred::sending);
    EXPECT_EQ(world.backend.incidents, 1);
    EXPECT_EQ(world.journal.delivered_seq(), 1);
    EXPECT_EQ(world.journal.sync_status()->last_error, exchange.what);
}

TEST(Client, GoesOnBehindWhatIsStoredWhereItsJournalWasBegunAnew) {
    World world;
    for (std::int64_t seq = 1; seq <= 3; ++seq)
        world.backend.hold(seq, "of the journal that is gone " + std::to_string(seq));
    world.answer(1, 2);
    const Exchange exchange = world.client.deliver_batch();
    EXPECT_EQ(exchange.outcome, Outcome::progress) << exchange.what;
    EXPECT_THAT(exchange.what, HasSubstr("2 records numbered anew"));
    EXPECT_TRUE(exchange.is_warning);
    EXPECT_THAT(world.deliver_all(), ElementsAre(Outcome::progress, Outcome::idle));
    EXPECT_THAT(world.backend.skips, ElementsAre(survey::Skip{3, 4, survey::SkipReason::unknown}));
    EXPECT_EQ(world.backend.stored.at(5).bytes, world.records().at(5).bytes);
    EXPECT_EQ(world.backend.stored.size(), 5U);
    EXPECT_EQ(world.journal.delivered_seq(), 6);
}

TEST(Client, GivesOutNoStoredNumberWhereItsJournalWasBegunAnewAndNobodyCameYet) {
    World world;
    for (std::int64_t seq = 1; seq <= 3; ++seq)
        world.backend.hold(seq, "of the journal that is gone " + std::to_string(seq));
    EXPECT_EQ(world.client.refresh_inbox().outcome, Outcome::progress);
    world.answer(1, 2);
    EXPECT_THAT(world.deliver_all(), ElementsAre(Outcome::progress, Outcome::idle));
    EXPECT_EQ(world.backend.incidents, 0);
    EXPECT_EQ(world.backend.last_seq(), 6);
}

TEST(Client, StopsForAPersonWhereTwoMachinesGoOnInTurn) {
    World world;
    world.backend.hold(1, "of another machine");
    world.answer(1, 2);
    EXPECT_EQ(world.client.deliver_batch().outcome, Outcome::progress);
    for (std::int64_t seq = 2; seq <= 9; ++seq)
        world.backend.hold(seq, "of another machine " + std::to_string(seq));
    const Exchange exchange = world.client.deliver_batch();
    EXPECT_EQ(exchange.outcome, Outcome::person) << exchange.what;
    EXPECT_EQ(exchange.barred, Barred::sending);
}

TEST(Client, BelievesAReceiptThatEndsInNumbersWhichItLost) {
    World world;
    world.answer(1, 2);
    world.backend.stored = world.records();
    world.backend.hold(3, "lost here, after it was delivered");
    test::run_sql(world.folder / "journal.db",
                  "INSERT INTO skips (first_seq, last_seq, reason) VALUES (3, 3, 'damaged'), (4, 4, 'unknown')");
    world.answer(5, 6);
    const Exchange exchange = world.client.deliver_batch();
    EXPECT_EQ(exchange.outcome, Outcome::progress) << exchange.what;
    EXPECT_EQ(world.journal.delivered_seq(), 2);
    EXPECT_THAT(world.deliver_all(), ElementsAre(Outcome::progress, Outcome::idle));
    EXPECT_EQ(world.journal.delivered_seq(), 6);
    EXPECT_EQ(world.backend.last_seq(), 6);
}

TEST(Client, KnowsWhatStaysBarredUntilTheTerminalIsEnrolledAnew) {
    const auto barred = [](ProblemKind kind) {
        World world;
        return after_answer(world, FakeBackend::refuse(kind, "", 1, 1)).barred;
    };
    EXPECT_EQ(barred(ProblemKind::unauthorized), Barred::everything);
    EXPECT_EQ(barred(ProblemKind::forbidden), Barred::everything);
    EXPECT_EQ(barred(ProblemKind::altered), Barred::sending);
    EXPECT_EQ(barred(ProblemKind::bad_signature), Barred::sending);
    for (const ProblemKind kind :
         {ProblemKind::malformed, ProblemKind::unsupported, ProblemKind::chain_mismatch, ProblemKind::gap,
          ProblemKind::too_large, ProblemKind::overloaded, ProblemKind::internal}) {
        EXPECT_EQ(barred(kind), Barred::nothing) << name(kind);
    }
}

TEST(Client, IsRefusedWithAnotherKey) {
    World world;
    world.answer(1, 1);
    world.backend.terminal = survey::public_half(survey::make_sign_key());
    const Exchange exchange = world.client.deliver_batch();
    EXPECT_EQ(exchange.outcome, Outcome::person);
    EXPECT_THAT(exchange.what, HasSubstr("another key of this terminal"));
}

TEST(Client, KnowsWhatPassesAndWhatNeedsAPerson) {
    const auto outcome = [](ProblemKind kind) {
        World world;
        const Exchange exchange = after_answer(world, FakeBackend::refuse(kind, "detail", std::nullopt, 1));
        EXPECT_THAT(exchange.what, HasSubstr("detail")) << name(kind);
        EXPECT_EQ(world.journal.delivered_seq(), 0);
        return exchange.outcome;
    };
    EXPECT_EQ(outcome(ProblemKind::malformed), Outcome::person);
    EXPECT_EQ(outcome(ProblemKind::unauthorized), Outcome::person);
    EXPECT_EQ(outcome(ProblemKind::forbidden), Outcome::person);
    EXPECT_EQ(outcome(ProblemKind::unsupported), Outcome::person);
    EXPECT_EQ(outcome(ProblemKind::altered), Outcome::person);
    EXPECT_EQ(outcome(ProblemKind::bad_signature), Outcome::person);
    EXPECT_EQ(outcome(ProblemKind::chain_mismatch), Outcome::later);
    EXPECT_EQ(outcome(ProblemKind::overloaded), Outcome::later);
    EXPECT_EQ(outcome(ProblemKind::internal), Outcome::later);
}

TEST(Client, HandsOnWhenTheBackendWantsToBeAskedAgain) {
    World world;
    world.answer(1, 1);
    world.network.forecast = {Weather::overloaded};
    EXPECT_EQ(world.client.deliver_batch().retry_after_s, 7);
}

TEST(Client, SendsLessWhenABatchIsTooLarge) {
    World world(at_most(8));
    world.answer(1, 8);
    world.network.instead = FakeBackend::refuse(ProblemKind::too_large, "");
    EXPECT_EQ(world.client.deliver_batch().outcome, Outcome::progress);
    world.network.instead = HttpReply{413, "", "text/html", "<html>nginx</html>", 0};
    EXPECT_EQ(world.client.deliver_batch().outcome, Outcome::progress);
    world.network.instead.reset();
    EXPECT_THAT(world.client.deliver_batch().what, HasSubstr("records 1 to 2"));
    world.deliver_all();
    world.expect_all_stored_once();
}

TEST(Client, SendsLessOverALineThatIsCutAndMoreAgainOverABetterOne) {
    World world(at_most(64));
    world.answer(1, 200);
    world.network.carries = 1'000;
    world.deliver_all();
    world.expect_all_stored_once();
    std::int64_t most = 0;
    for (const BatchHeader& header : world.backend.headers)
        most = std::max(most, header.count);
    EXPECT_LT(most, 64);
    EXPECT_GT(most, 1);

    world.network.carries = 64u << 20u;
    world.answer(201, 700);
    world.deliver_all();
    world.expect_all_stored_once();
    for (const BatchHeader& header : world.backend.headers)
        most = std::max(most, header.count);
    EXPECT_EQ(most, 64);
}

TEST(Client, SendsLessDownToOneRecordAndThenWaits) {
    World world(at_most(8));
    world.answer(1, 8);
    world.network.carries = 10;
    for (const char* next : {"with 4 records", "with 2 records", "with 1 records"}) {
        const Exchange exchange = world.client.deliver_batch();
        EXPECT_EQ(exchange.outcome, Outcome::later);
        EXPECT_TRUE(exchange.sends_less);
        EXPECT_THAT(exchange.what, HasSubstr(next));
    }
    EXPECT_FALSE(world.client.deliver_batch().sends_less);
    world.network.carries = 64u << 20u;
    world.deliver_all();
    world.expect_all_stored_once();
}

TEST(Client, SendsLessAfterAProxyThatWaitedInVain) {
    for (const int status : {408, 504}) {
        World world(at_most(8));
        world.answer(1, 8);
        world.network.instead = HttpReply{status, "", "text/html", "<html>nginx</html>", 0};
        EXPECT_TRUE(world.client.deliver_batch().sends_less) << status;
        world.network.instead.reset();
        EXPECT_THAT(world.client.deliver_batch().what, HasSubstr("records 1 to 4"));
    }
}

TEST(Client, AsksForAPersonWhenOneRecordIsTooLarge) {
    World world(at_most(8));
    world.answer(1, 8);
    world.network.instead = FakeBackend::refuse(ProblemKind::too_large, "");
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(world.client.deliver_batch().outcome, Outcome::progress);
    EXPECT_EQ(world.client.deliver_batch().outcome, Outcome::person);
}

TEST(Client, DoesNotTakeSomebodyElsesAnswerForTheBackends) {
    const auto what = [](HttpReply reply) {
        World world;
        const Exchange exchange = after_answer(world, std::move(reply));
        EXPECT_EQ(exchange.outcome, Outcome::later);
        EXPECT_EQ(world.journal.delivered_seq(), 0);
        return exchange.what;
    };
    EXPECT_THAT(what({200, "", "text/html", "<html>", 0}), HasSubstr("log in first"));
    EXPECT_THAT(what({200, "", "application/json", "{}", 0}), HasSubstr("none of the backend's"));
    EXPECT_THAT(what({200, "", "application/json", R"({"status":"ok"})", 0}), HasSubstr("none of the backend's"));
    EXPECT_THAT(what({200, "", "application/json", "", 0}), HasSubstr("none of the backend's"));
    EXPECT_THAT(what({302, "", "text/html", "", 0}), HasSubstr("not followed"));
    EXPECT_THAT(what({404, "", "", "", 0}), HasSubstr("address"));
    EXPECT_THAT(what({502, "", "text/html", "bad gateway", 0}), HasSubstr("status 502"));
    EXPECT_THAT(what({401, "", "text/html", "proxy login", 0}), HasSubstr("proxy"));
    EXPECT_THAT(what({409, "", "application/json", R"({"problem":"new_kind"})", 0}), HasSubstr("status 409"));
}

TEST(Client, QuotesAPeerOnOneShortLine) {
    World world;
    const Exchange exchange = after_answer(
        world, FakeBackend::refuse(ProblemKind::internal, "a\nb" + std::string(kQuotedBytesMax - 4, 'x') + "ế"));
    EXPECT_THAT(exchange.what, HasSubstr("a bxxx"));
    EXPECT_THAT(exchange.what, HasSubstr("x; it is tried again")) << "not cut within a character";
}

TEST(Client, TellsWhichRecordsWereQuarantined) {
    World world;
    world.answer(1, 2);
    world.backend.quarantined = {{2, sync::QuarantineReason::unknown_officer, "tp-99"}};
    const Exchange exchange = world.client.deliver_batch();
    EXPECT_EQ(exchange.outcome, Outcome::progress) << "the queue goes on";
    EXPECT_EQ(exchange.quarantined, world.backend.quarantined);
    world.expect_all_stored_once();
    EXPECT_EQ(world.journal.quarantined_count(), 1);
}

TEST(Client, CountsNoCopyAmongWhatCannotBeCounted) {
    World world;
    world.answer(1, 3);
    world.backend.quarantined = {{1, sync::QuarantineReason::duplicate_id, ""},
                                 {3, sync::QuarantineReason::unknown_officer, ""}};
    world.deliver_all();
    EXPECT_EQ(world.journal.quarantined_count(), 1);
}

TEST(Client, CountsARecordThatWasQuarantinedOnce) {
    World world;
    world.answer(1, 4);
    world.backend.quarantined = {{2, sync::QuarantineReason::unknown_officer, ""},
                                 {4, sync::QuarantineReason::unknown_officer, ""}};
    world.deliver_all();
    EXPECT_EQ(world.journal.quarantined_count(), 2);
    world.backend.forget_after(1);
    (void)world.client.refresh_inbox();
    EXPECT_EQ(world.client.deliver_batch().quarantined.size(), 2U)
        << "the backend lost them, and sets them quarantined again";
    EXPECT_EQ(world.journal.quarantined_count(), 2);
}

// ---- pruning ----

/// Delivered and heard of.
void deliver_and_hear(World& world) {
    world.deliver_all();
    (void)world.client.refresh_inbox();
}

/// A day later by both clocks, and what removing says then.
Exchange prune_next_day(World& world) {
    world.pass(std::chrono::days{1});
    return world.client.prune();
}

/// So that the clocks are agreed on: a first night, and a second one.
void agree(World& world) {
    (void)world.client.prune();
    (void)prune_next_day(world);
}

/// How many nights until something goes; -1 when none of `nights` brought it.
int nights_until_removal(World& world, int nights) {
    for (int night = 1; night <= nights; ++night) {
        if (prune_next_day(world).outcome == Outcome::progress) return night;
    }
    return -1;
}

TEST(ClientPruning, RemovesWhatWasConfirmedLongAgoHoweverOldTheVisitsAre) {
    World world;
    world.pass(std::chrono::days{120});  // all that time nothing was delivered
    world.answer(1, 3);
    deliver_and_hear(world);
    EXPECT_EQ(world.client.prune().outcome, Outcome::idle);
    EXPECT_EQ(world.journal.base()->seq, 0) << "confirmed just now";
    const auto days = static_cast<int>(world.settings.retention / std::chrono::days{1});
    for (int night = 1; night < days / 2; ++night)
        EXPECT_EQ(prune_next_day(world).outcome, Outcome::idle);
    world.answer(4, 5);
    deliver_and_hear(world);
    const int nights = days / 2 - 1 + nights_until_removal(world, days);
    EXPECT_GE(nights, days);
    EXPECT_LE(nights, days + 2);
    EXPECT_EQ(world.journal.base()->seq, 3);
}

TEST(ClientPruning, ForgetsTicketsThatWereUsedLongAgo) {
    World world;
    ASSERT_TRUE(world.journal.append(response(1), ward5(), {}, "H29-0077"));
    const auto is_remembered = [&](std::int64_t n) {
        const auto entry = world.journal.append(response(n), ward5(), {}, "H29-0077");
        return entry && entry->bytes.find("ticket_again") != std::string::npos;
    };
    world.pass(kiosk::kTicketMemory);
    deliver_and_hear(world);
    agree(world);
    EXPECT_TRUE(is_remembered(2)) << "its month was not over yet";
    world.pass(std::chrono::days{31});
    deliver_and_hear(world);
    agree(world);
    EXPECT_FALSE(is_remembered(3));
}

TEST(ClientPruning, GoesByNoClockAlone) {
    for (const bool backends : {false, true}) {
        for (const int days : {1, 400, 3'650, -1, -400}) {
            SCOPED_TRACE(std::string(backends ? "the backend's" : "the terminal's") + " clock is " +
                         std::to_string(days) + " days off");
            World world;
            world.answer(1, 5);
            deliver_and_hear(world);
            agree(world);
            (backends ? world.backend.now : world.clock.utc) += std::chrono::days{days};
            world.answer(6, 6);  // a receipt tells the client that clock
            deliver_and_hear(world);
            const auto retention = static_cast<int>(world.settings.retention / std::chrono::days{1});
            for (int night = 2; night < retention; ++night)
                EXPECT_EQ(prune_next_day(world).outcome, Outcome::idle) << night;
            EXPECT_EQ(world.journal.base()->seq, 0);
        }
    }
}

TEST(ClientPruning, SaysThatTheClocksSteppedAndGoesOnWhenAnotherDayAgrees) {
    World world;
    world.answer(1, 5);
    deliver_and_hear(world);
    agree(world);
    world.pass(world.settings.retention + std::chrono::days{2});
    deliver_and_hear(world);
    const Exchange stepped = world.client.prune();
    EXPECT_EQ(stepped.outcome, Outcome::idle);
    EXPECT_THAT(stepped.what, HasSubstr("nothing is removed until another day agrees"));
    EXPECT_EQ(world.journal.base()->seq, 0);
    // Both clocks were off, for all that is known: what was confirmed is kept for the whole time again.
    const auto days = static_cast<int>(world.settings.retention / std::chrono::days{1});
    EXPECT_GE(nights_until_removal(world, days + 5), days);
}

TEST(ClientPruning, HappensAtMostOnceADay) {
    World world;
    world.answer(1, 5);
    deliver_and_hear(world);
    agree(world);
    const auto days = static_cast<int>(world.settings.retention / std::chrono::days{1});
    ASSERT_GT(nights_until_removal(world, days + 3), 0);
    world.answer(6, 6);
    deliver_and_hear(world);
    ASSERT_TRUE(world.journal.mark_delivered(6));
    world.pass(kPruneEvery - milliseconds{1});
    EXPECT_EQ(world.client.prune().outcome, Outcome::idle);
}

TEST(ClientPruning, WaitsUntilTheBackendSaidThatItHoldsEverything) {
    World world;
    world.answer(1, 5);
    EXPECT_EQ(world.client.prune().outcome, Outcome::idle) << "nothing was delivered";
    deliver_and_hear(world);
    agree(world);
    for (auto left = world.settings.retention; left > milliseconds{0}; left -= std::chrono::days{1})
        (void)prune_next_day(world);
    world.backend.forget_after(4);
    (void)world.client.refresh_inbox();
    EXPECT_EQ(nights_until_removal(world, 5), -1) << "it lost a record";
    deliver_and_hear(world);
    world.network.forecast = {Weather::request_lost};
    (void)world.client.refresh_inbox();
    EXPECT_GT(nights_until_removal(world, 3), 0) << "nothing was heard since, so it still does";
    EXPECT_EQ(world.journal.base()->seq, 4);
}

TEST(ClientPruning, KeepsRecordsAsLongAsItIsTold) {
    ClientSettings settings;
    settings.retention = std::chrono::days{365};
    World world(settings);
    world.answer(1, 5);
    deliver_and_hear(world);
    agree(world);
    EXPECT_GE(nights_until_removal(world, 370), 364);
}

TEST(Client, SendsNothingFromAJournalThatWasChanged) {
    World world;
    world.answer(1, 4);
    run_sql(world.folder / "journal.db",
            "DROP TRIGGER records_never_change; UPDATE records SET bytes = '{}' WHERE seq = 2");
    const Exchange exchange = world.client.deliver_batch();
    EXPECT_EQ(exchange.outcome, Outcome::person);
    EXPECT_THAT(exchange.what, HasSubstr("record 2"));
    EXPECT_THAT(world.network.requests, IsEmpty());
}

TEST(Client, SendsNothingFromAJournalWithAHole) {
    World world;
    world.answer(1, 4);
    run_sql(world.folder / "journal.db", "DROP TRIGGER records_never_go; DELETE FROM records WHERE seq = 2");
    EXPECT_EQ(world.client.deliver_batch().outcome, Outcome::person);
    EXPECT_THAT(world.network.requests, IsEmpty());
}

TEST(Client, TellsNobodyTheToken) {
    World world;
    world.backend.token = "another";
    world.answer(1, 1);
    const Exchange exchange = world.client.deliver_batch();
    EXPECT_EQ(exchange.outcome, Outcome::person);
    EXPECT_THAT(exchange.what, Not(HasSubstr("secret")));
    EXPECT_THAT(world.journal.sync_status()->last_error, Not(HasSubstr("secret")));
}

// ---- the inbox ----

std::string asset(const std::string& name) {
    return survey::read_file(HAILONG_SOURCE_DIR "/assets/" + name).value();
}

/// An inbox as the backend sends it.
std::string inbox_of(const std::vector<std::pair<std::string, std::string>>& documents) {
    std::string body;
    for (const auto& [name, json] : documents) {
        body += (body.empty() ? "" : ",") + (R"({"name":")" + name + R"(","body":)" + json + "}");
    }
    return R"({"documents":[)" + body + "]}";
}

const std::string& good_inbox() {
    static const std::string body = inbox_of({{"center", asset("demo/center.json")},
                                              {"questionnaire/WARD5/1", asset("questionnaires/WARD5.json")},
                                              {"results", R"({"n":12,"share":91.5})"}});
    return body;
}

std::vector<std::string> names(const Inbox& inbox) {
    std::vector<std::string> found;
    const auto documents = inbox.documents();
    for (const kiosk::Document& document : *documents)
        found.push_back(document.name);
    return found;
}

TEST(ClientInbox, BringsDocumentsDown) {
    World world;
    world.backend.inbox_body = good_inbox();
    const Exchange exchange = world.client.refresh_inbox();
    EXPECT_EQ(exchange.outcome, Outcome::progress) << exchange.what;
    EXPECT_THAT(names(world.inbox), ElementsAre("center", "questionnaire/WARD5/1", "results"));
    EXPECT_EQ(world.inbox.version(), "\"1\"");
    const auto documents = world.inbox.documents().value();
    EXPECT_EQ(survey::parse_center(documents[0].body), survey::parse_center(asset("demo/center.json")));
    EXPECT_EQ(survey::parse_questionnaire(documents[1].body), ward5());
    EXPECT_EQ(documents[0].received, world.clock.now());
}

TEST(ClientInbox, AsksOnlyForWhatIsNew) {
    World world;
    world.backend.inbox_body = good_inbox();
    (void)world.client.refresh_inbox();
    const Exchange again = world.client.refresh_inbox();
    EXPECT_EQ(again.outcome, Outcome::idle);
    EXPECT_EQ(again.what, "");
    ASSERT_EQ(world.network.requests.size(), 2U);
    EXPECT_EQ(FakeBackend::header(world.network.requests[0], "If-None-Match"), "");
    EXPECT_EQ(FakeBackend::header(world.network.requests[1], "If-None-Match"), "\"1\"");
    world.backend.inbox_etag = "\"2\"";
    world.backend.inbox_body = inbox_of({{"results", R"({"n":13})"}});
    EXPECT_EQ(world.client.refresh_inbox().outcome, Outcome::progress);
    EXPECT_THAT(names(world.inbox), ElementsAre("results"));
}

TerminalStatus told_status(const World& world) {
    const std::string text = FakeBackend::header(world.network.requests.back(), std::string(kStatusHeader));
    return decode_status(text).value();
}

TEST(ClientStatus, TellsHowTheTerminalIsWithEveryRequestForTheInbox) {
    ClientSettings settings;
    settings.version = "1.2.3";
    settings.disk_free_bytes = [] { return std::optional(kDiskLowBytes); };
    World world(settings);
    world.answer(1, 3);
    const survey::UtcTime visit = response(3).finished.utc;
    world.clock.utc = visit + std::chrono::hours{1};
    (void)world.client.refresh_inbox();
    TerminalStatus expected;
    expected.waiting = 3;
    expected.oldest_waiting = world.clock.utc - response(1).finished.utc;
    expected.last_visit = visit;
    expected.disk_free_bytes = kDiskLowBytes;
    expected.sync_version = "1.2.3";
    EXPECT_EQ(told_status(world), expected) << "no kiosk program has worked with the journal yet";

    ASSERT_TRUE(world.journal.set_kiosk_version("1.2.0"));
    expected.kiosk_version = "1.2.0";
    world.backend.now = world.clock.utc + std::chrono::minutes{3};
    EXPECT_EQ(world.client.deliver_batch().outcome, Outcome::progress);
    (void)world.client.refresh_inbox();
    expected.waiting = 0;
    expected.oldest_waiting.reset();
    expected.clock_offset = std::chrono::minutes{3};
    EXPECT_EQ(told_status(world), expected);
}

TEST(ClientStatus, SaysNothingOfWhatItDoesNotKnow) {
    World world;
    (void)world.client.refresh_inbox();
    TerminalStatus expected;
    expected.waiting = 0;
    EXPECT_EQ(told_status(world), expected);
}

TEST(ClientStatus, PassesOnNoKioskVersionThatIsNone) {
    World world;
    for (const std::string& version : {std::string("1.2 beta"), std::string(kProgramVersionBytesMax + 1, '1')}) {
        ASSERT_TRUE(world.journal.set_kiosk_version(version));
        (void)world.client.refresh_inbox();
        EXPECT_EQ(told_status(world).kiosk_version, "") << version;
    }
}

TEST(ClientStatus, NamesWhatIsInTrouble) {
    ClientSettings settings;
    settings.disk_free_bytes = [] { return std::optional(kDiskLowBytes - 1); };
    World world(settings);
    world.answer(1, 2);
    world.backend.quarantined = {{1, QuarantineReason::unknown_officer, ""}};
    world.backend.now = world.clock.utc + survey::kClockTolerance + std::chrono::seconds{1};
    EXPECT_EQ(world.client.deliver_batch().outcome, Outcome::progress);
    (void)world.client.refresh_inbox();
    EXPECT_THAT(told_status(world).troubles, ElementsAre(kTroubleClock, kTroubleDisk, kTroubleQuarantined));
    world.answer(3, 3);
    world.network.forecast = {Weather::request_lost};
    EXPECT_EQ(world.client.deliver_batch().outcome, Outcome::later);
    (void)world.client.refresh_inbox();
    EXPECT_THAT(told_status(world).troubles,
                ElementsAre(kTroubleClock, kTroubleDelivery, kTroubleDisk, kTroubleQuarantined));
}

TEST(ClientInbox, KeepsTheLastGoodOneWhenOneNamesWhatIsMissing) {
    const std::string form = asset("questionnaires/WARD5.json");
    const std::string center = asset("demo/center.json");
    const std::vector<std::pair<std::string, std::string>> broken = {
        {inbox_of({{"center", center}}), "\"WARD5\" is not among them"},
        {inbox_of({{"center", center}, {"questionnaire/W/1", R"({"format":1})"}}), "questionnaire/W/1: "},
        {inbox_of({{"center", center}, {"questionnaire/W/1", form}}), "holds questionnaire/WARD5/1"},
        {R"({"documents":7})", "documents: is not a list"},
    };
    World world;
    world.backend.inbox_body = good_inbox();
    (void)world.client.refresh_inbox();
    world.backend.inbox_etag = "\"2\"";
    for (const auto& [body, fault] : broken) {
        world.backend.inbox_body = body;
        const Exchange exchange = world.client.refresh_inbox();
        EXPECT_EQ(exchange.outcome, Outcome::person) << body.substr(0, 100);
        EXPECT_THAT(exchange.what, HasSubstr(fault));
        EXPECT_THAT(names(world.inbox), ElementsAre("center", "questionnaire/WARD5/1", "results"));
        EXPECT_EQ(world.inbox.version(), "\"1\"");
    }
}

TEST(ClientInbox, LeavesOutWhatItCannotReadAndTakesTheOthers) {
    const std::string form = asset("questionnaires/WARD5.json");
    const std::string center = asset("demo/center.json");
    const std::string endless = R"({"n":1e400})";
    std::string endless_center = center;
    endless_center.insert(endless_center.find('{') + 1, R"("x_note":1e400,)");
    std::string endless_form = form;
    endless_form.insert(endless_form.find('{') + 1, R"("x_note":-1e400,)");
    const std::string news = R"({"news":"x"})";
    using Documents = std::vector<std::pair<std::string, std::string>>;
    const std::vector<std::pair<Documents, std::string>> broken = {
        {{{"center", endless_center}, {"questionnaire/WARD5/1", form}}, "center: byte "},
        {{{"center", center}, {"questionnaire/WARD5/1", endless_form}}, "questionnaire/WARD5/1: byte "},
        {{{"center", center}, {"questionnaire/WARD5/3", endless_form}}, "questionnaire/WARD5/3: byte "},
        {{{"center", R"({"format":1})"}, {"questionnaire/WARD5/1", form}}, "center: id"},
        {{{"center", center}, {"questionnaire/WARD5/1", R"({"format":1})"}}, "questionnaire/WARD5/1: "},
        {{{"center", center}, {"questionnaire/WARD5/2", form}}, "holds questionnaire/WARD5/1"},
        {{{"center", center}, {"questionnaire/WARD5/1", form}, {"results", endless}}, "results: byte "},
        {{{"center", center}, {"questionnaire/WARD5/1", form}, {"results", "7"}}, "is not an object"},
        {{{"center", center}, {"questionnaire/WARD5/1", form}, {"center", center}}, "\"center\" stands twice"},
        {{{"center", center}, {"questionnaire/WARD5/1", form}, {"erased", R"({"texts":[{"seq":0}]})"}},
         "erased: texts[0]"},
    };
    for (const auto& [documents, fault] : broken) {
        SCOPED_TRACE(fault);
        World world;
        world.backend.inbox_body = good_inbox();
        (void)world.client.refresh_inbox();
        const auto before = world.inbox.documents().value();
        Documents sent = documents;
        sent.emplace_back("news", news);
        world.backend.inbox_etag = "\"2\"";
        world.backend.inbox_body = inbox_of(sent);
        const Exchange exchange = world.client.refresh_inbox();
        EXPECT_EQ(exchange.outcome, Outcome::person);
        EXPECT_THAT(exchange.what, HasSubstr(fault));
        EXPECT_EQ(world.inbox.version(), "\"2\"") << "it is not sent again in vain";
        const auto after = world.inbox.documents().value();
        EXPECT_THAT(names(world.inbox), testing::IsSupersetOf({"center", "news", "questionnaire/WARD5/1"}));
        EXPECT_EQ(survey::parse_center(after[0].body), survey::parse_center(before[0].body));
    }
}

TEST(ClientInbox, TakesJsonOfSomebodyElseForNoAnswer) {
    World world;
    world.backend.inbox_body = good_inbox();
    (void)world.client.refresh_inbox();
    world.backend.inbox_etag = "\"2\"";
    for (const char* body : {"{}", "[]", "7", R"({"login":"http://portal.example"})"}) {
        world.backend.inbox_body = body;
        const Exchange exchange = world.client.refresh_inbox();
        EXPECT_EQ(exchange.outcome, Outcome::later) << body << ": a person can't mend it, and it passes";
        EXPECT_EQ(world.inbox.version(), "\"1\"");
    }
}

TEST(ClientInbox, ErasesTextsHereThatWereErasedThere) {
    World world;
    survey::Response said = response(1);
    said.answers.push_back({{"comment"}, {}, survey::sha256("comment")});
    said.answers.push_back({{"contact"}, {}, survey::sha256("contact")});
    ASSERT_TRUE(world.journal.append(said, ward5(), {{0, {"comment"}, "one"}, {0, {"contact"}, "two"}}));
    const std::string erased = inbox_of({{"erased", R"({"texts":[{"item":"comment","seq":1},{"item":"x","seq":9}]})"}});
    world.backend.inbox_body = erased;
    EXPECT_EQ(world.client.refresh_inbox().outcome, Outcome::progress);
    EXPECT_THAT(world.journal.texts(1, 9).value(), testing::SizeIs(2)) << "nobody there has what was not delivered";
    EXPECT_EQ(world.client.deliver_batch().outcome, Outcome::progress);
    world.backend.inbox_etag = "\"2\"";
    const Exchange exchange = world.client.refresh_inbox();
    EXPECT_EQ(exchange.outcome, Outcome::progress) << exchange.what;
    EXPECT_THAT(world.journal.texts(1, 9).value(), ElementsAre(survey::SealedText{1, {"contact"}, "two"}));
    EXPECT_THAT(world.journal.verify().value(), testing::IsEmpty());
}

TEST(ClientInbox, BelievesOnlyWhatItsBackendSigned) {
    using Bend = std::function<void(HttpReply&)>;
    const std::string another = survey::key_text(survey::sign("another text", survey::make_sign_key()));
    const std::vector<Bend> bends{
        [](HttpReply& reply) { reply.signature.clear(); },
        [&](HttpReply& reply) { reply.signature = another; },
        [](HttpReply& reply) { reply.signature.pop_back(); },
        [](HttpReply& reply) { reply.body.insert(reply.body.find('[') + 1, " "); },
        [](HttpReply& reply) { reply.etag = "\"7\""; },
        [](HttpReply& reply) { reply.stored_seq = 0; },
        [](HttpReply& reply) { reply.stored_seq.reset(); },
    };
    for (const bool known : {false, true}) {
        for (std::size_t i = 0; i < bends.size(); ++i) {
            SCOPED_TRACE("forged in way " + std::to_string(i) + (known ? ", 304" : ""));
            World world;
            world.answer(1, 3);
            world.deliver_all();
            world.backend.inbox_body = inbox_of({{"news", "{}"}});
            if (known) (void)world.client.refresh_inbox();
            HttpReply forged = world.backend.answer(
                {"GET",
                 inbox_path(world.identity.kiosk),
                 {"Authorization: Bearer " + world.identity.token, known ? "If-None-Match: \"1\"" : "X: y"},
                 {}});
            ASSERT_EQ(forged.status, known ? 304 : 200);
            if (known && i == 3) continue;  // it has no body
            bends[i](forged);
            world.network.instead = forged;
            const Exchange exchange = world.client.refresh_inbox();
            EXPECT_EQ(exchange.outcome, Outcome::later);
            EXPECT_THAT(exchange.what, HasSubstr("not signed with the key of this terminal's backend"));
            EXPECT_EQ(world.inbox.version().value(), known ? "\"1\"" : "");
            EXPECT_FALSE(world.client.wants_again()) << "nor is what it says to hold";
        }
    }
}

TEST(ClientInbox, BoundsTheNumberOfDocuments) {
    std::vector<std::pair<std::string, std::string>> documents;
    for (std::size_t i = 0; i <= kDocumentsMax; ++i)
        documents.emplace_back("d" + std::to_string(i), "{}");
    World world;
    world.backend.inbox_body = inbox_of(documents);
    EXPECT_EQ(world.client.refresh_inbox().outcome, Outcome::person);
    documents.pop_back();
    world.backend.inbox_body = inbox_of(documents);
    EXPECT_EQ(world.client.refresh_inbox().outcome, Outcome::progress);
}

TEST(ClientInbox, IsNotReplacedByALoginPage) {
    World world;
    world.backend.inbox_body = good_inbox();
    (void)world.client.refresh_inbox();
    world.network.forecast = {Weather::portal, Weather::request_lost, Weather::overloaded};
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(world.client.refresh_inbox().outcome, Outcome::later);
    EXPECT_EQ(names(world.inbox).size(), 3U);
}

TEST(ClientInbox, ThatCameDownDoesNotHideThatRecordsCannotGoUp) {
    World world;
    world.answer(1, 1);
    world.network.forecast = {Weather::portal};
    const Exchange failed = world.client.deliver_batch();
    EXPECT_EQ(world.client.refresh_inbox().outcome, Outcome::progress);
    EXPECT_EQ(world.journal.sync_status()->last_error, failed.what);
    EXPECT_EQ(world.journal.sync_status()->last_success, world.clock.now());
    (void)world.client.deliver_batch();
    EXPECT_EQ(world.journal.sync_status()->last_error, "");
}

// ---- whatever the network does ----

RC_GTEST_PROP(Client, DeliversEachRecordExactlyOnceWhateverTheNetworkDoes, ()) {
    World world(at_most(3));
    auto client = std::make_unique<Client>(world.journal, world.inbox, world.network, world.clock, world.identity,
                                           world.settings);
    std::int64_t answered = 0;
    const int steps = *rc::gen::inRange(1, 40);
    for (int i = 0; i < steps; ++i) {
        switch (*rc::gen::weightedElement<int>({{3, 0}, {6, 1}, {1, 2}, {1, 3}})) {
            case 0:
                answered += 1;
                world.answer(answered, answered);
                break;
            case 1: {
                const int weather = *rc::gen::inRange(0, static_cast<int>(Weather::stale) + 1);
                world.network.forecast = {static_cast<Weather>(weather)};
                world.network.damage_at = *rc::gen::inRange<std::size_t>(0, 2'000);
                (void)client->deliver_batch();
                break;
            }
            case 2:  // the program starts again, with another idea of a batch's size
                client =
                    std::make_unique<Client>(world.journal, world.inbox, world.network, world.clock, world.identity,
                                             ClientSettings{Encoding::gzip, *rc::gen::inRange<std::size_t>(1, 5)});
                break;
            case 3:
                (void)world.client.deliver_batch();
                break;  // another program delivers, too
            default:
                break;
        }
        RC_ASSERT(world.journal.delivered_seq().value() <= world.backend.last_seq());
    }
    world.network.forecast.clear();
    for (int i = 0; i < 100 && client->deliver_batch().outcome != Outcome::idle; ++i) {
    }
    RC_ASSERT(world.records().size() == static_cast<std::size_t>(answered));
    RC_ASSERT(world.backend.stored == world.records());
    RC_ASSERT(world.journal.delivered_seq().value() == answered);
    RC_ASSERT(world.backend.incidents == 0);
}

}  // namespace
}  // namespace hailong::sync
