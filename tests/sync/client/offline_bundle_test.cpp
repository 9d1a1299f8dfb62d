#include "sync/client/offline_bundle.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "survey/base/host.h"
#include "tests/sync/client/world.h"

namespace hailong::sync {
namespace {

using survey::milliseconds;
using test::at_most;
using test::FakeBackend;
using test::response;
using test::Weather;
using test::World;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr milliseconds kLong = std::chrono::days{3'650};

/// A folder that is carried, what is in it, and what comes back.
struct Carried {
    explicit Carried(World& with) : world(with) { std::filesystem::create_directory(folder); }

    Exchange write() { return export_bundles(world.offline(), folder); }
    [[nodiscard]] std::vector<std::string> names() const {
        std::vector<std::string> found;
        for (const auto& entry : std::filesystem::directory_iterator(folder))
            found.push_back(entry.path().filename().string());
        std::sort(found.begin(), found.end());
        return found;
    }
    [[nodiscard]] std::string bytes(const std::string& name) const { return survey::read_file(folder / name).value(); }
    /// The backend's answer to the only bundle; the folder is empty afterwards.
    std::string exchange() {
        std::string answer;
        for (const std::string& name : names()) {
            answer = world.backend.import(bytes(name));
            std::filesystem::remove(folder / name);
        }
        return answer;
    }
    Exchange accept(const std::string& answer, milliseconds retention = kLong) {
        return accept_answer(world.offline(), world.inbox, answer, retention);
    }

    World& world;
    std::filesystem::path folder = world.folder / "carried";
};

TEST(Export, WritesWhatWaitsAndMarksNothing) {
    World world;
    Carried carried(world);
    world.answer(1, 5);
    const Exchange done = carried.write();
    EXPECT_EQ(done.outcome, Outcome::progress);
    EXPECT_THAT(done.what, HasSubstr("records 1 to 5"));
    EXPECT_THAT(carried.names(), ElementsAre("hailong-k-01-1-5.bundle"));
    EXPECT_EQ(world.journal.delivered_seq(), 0);
    const auto bundle = open_bundle(carried.bytes("hailong-k-01-1-5.bundle"), world.backend.transport_key);
    ASSERT_TRUE(bundle);
    EXPECT_EQ(bundle->label, (BundleLabel{test::kKiosk, 1, 5, world.clock.now(), 1}));
    const auto batch = decode_batch(bundle->bodies.at(0));
    ASSERT_TRUE(batch);
    EXPECT_EQ(batch->header.sent_monotonic, std::nullopt);
    EXPECT_TRUE(is_signed_by(batch->header_bytes, batch->signature, world.backend.terminal));
}

TEST(Export, IsEqualToTheNetwork) {
    World world;
    Carried carried(world);
    world.answer(1, 5);
    (void)carried.write();
    const Exchange done = carried.accept(carried.exchange());
    EXPECT_EQ(done.outcome, Outcome::progress);
    EXPECT_THAT(done.what, HasSubstr("records up to 5 delivered (5 new"));
    world.expect_all_stored_once();
    EXPECT_EQ(world.inbox.version(), "\"1\"");
    EXPECT_EQ(world.journal.sync_status()->last_success, world.clock.now());
    EXPECT_EQ(carried.write().outcome, Outcome::idle);
    EXPECT_THAT(carried.names(), IsEmpty());
    EXPECT_EQ(world.client.deliver_batch().outcome, Outcome::idle);
}

TEST(Export, WritesAsManyBundlesAsItTakes) {
    World world(at_most(2));
    Carried carried(world);
    world.answer(1, 70);
    (void)carried.write();
    EXPECT_THAT(carried.names(),
                ElementsAre("hailong-k-01-1-32.bundle", "hailong-k-01-33-64.bundle", "hailong-k-01-65-70.bundle"));
    EXPECT_EQ(carried.accept(carried.exchange()).outcome, Outcome::progress);
    world.expect_all_stored_once();
}

TEST(Export, SaysWhenTheFolderRefuses) {
    World world;
    Carried carried(world);
    world.answer(1, 1);
    const Exchange missing = export_bundles(world.offline(), world.folder / "pulled out");
    EXPECT_EQ(missing.outcome, Outcome::later);
    EXPECT_THAT(missing.what, HasSubstr("check that the folder's disk is there"));
    std::filesystem::create_directory(carried.folder / "hailong-k-01-1-1.bundle");
    EXPECT_EQ(carried.write().outcome, Outcome::later);
}

TEST(Export, BeginsAgainWhereTheBackendLostRecords) {
    World world;
    Carried carried(world);
    world.answer(1, 5);
    (void)carried.write();
    (void)carried.accept(carried.exchange());
    world.backend.forget_after(2);
    world.answer(6, 6);
    (void)carried.write();
    const Exchange gap = carried.accept(carried.exchange());
    EXPECT_EQ(gap.outcome, Outcome::progress);
    EXPECT_THAT(gap.what, HasSubstr("asks for records from 3 on"));
    (void)carried.write();
    EXPECT_THAT(carried.names(), ElementsAre("hailong-k-01-3-6.bundle")) << "remembered";
    EXPECT_EQ(carried.accept(carried.exchange()).outcome, Outcome::progress);
    world.expect_all_stored_once();
    world.answer(7, 7);
    (void)carried.write();
    EXPECT_THAT(carried.names(), ElementsAre("hailong-k-01-7-7.bundle")) << "and forgotten once it holds them";
}

TEST(Export, GoesOnWithWhatIsWantedBundleByBundle) {
    World world(at_most(1));
    Carried carried(world);
    world.answer(1, 40);
    world.deliver_all();
    world.backend.forget_after(0);
    world.answer(41, 41);
    (void)carried.write();
    (void)carried.accept(carried.exchange());  // a gap
    (void)carried.write();
    ASSERT_THAT(carried.names(),
                ElementsAre("hailong-k-01-1-16.bundle", "hailong-k-01-17-32.bundle", "hailong-k-01-33-41.bundle"));
    const std::string first = world.backend.import(carried.bytes("hailong-k-01-1-16.bundle"));
    EXPECT_THAT(carried.accept(first).what, HasSubstr("up to 16 were known to be delivered"));
    std::filesystem::remove_all(carried.folder);
    std::filesystem::create_directory(carried.folder);
    (void)carried.write();
    EXPECT_THAT(carried.names(), ElementsAre("hailong-k-01-17-32.bundle", "hailong-k-01-33-41.bundle"));
    (void)carried.accept(carried.exchange());
    world.expect_all_stored_once();
}

TEST(Export, SurvivesABrokenMemoryOfWhatIsWanted) {
    for (const char* text : {"", "{", R"({"kiosk":"k-02","wanted_seq":1})", R"({"kiosk":"k-01","wanted_seq":0})",
                             R"({"kiosk":"k-01","wanted_seq":99})"}) {
        World world;
        Carried carried(world);
        world.answer(1, 3);
        world.deliver_all();
        world.answer(4, 4);
        ASSERT_TRUE(survey::write_file(world.offline().wanted_file, text));
        (void)carried.write();
        EXPECT_THAT(carried.names(), ElementsAre("hailong-k-01-4-4.bundle")) << text;
    }
}

TEST(Export, SaysWhatIsWantedAndNoLongerHere) {
    World world;
    Carried carried(world);
    world.answer_and_remove(1, 3);
    world.answer(5, 6);
    world.deliver_all();
    world.backend.forget_after(1);
    world.answer(7, 7);
    (void)carried.write();
    (void)carried.accept(carried.exchange());
    const Exchange again = carried.write();
    EXPECT_THAT(again.what, HasSubstr("up to 3 that this terminal no longer keeps"));
    EXPECT_TRUE(again.is_warning);
    EXPECT_EQ(carried.accept(carried.exchange()).outcome, Outcome::progress);
    EXPECT_THAT(world.backend.skips, ElementsAre(survey::Skip{2, 3, survey::SkipReason::pruned}));
}

TEST(Accept, IsHarmlessTwiceAndAfterTheNetwork) {
    World world;
    Carried carried(world);
    world.backend.quarantined = {{2, sync::QuarantineReason::unknown_officer, ""}};
    world.answer(1, 3);
    (void)carried.write();
    const std::string answer = carried.exchange();
    world.answer(4, 6);
    world.deliver_all();
    EXPECT_EQ(world.journal.delivered_seq(), 6);
    EXPECT_EQ(carried.accept(answer).outcome, Outcome::progress) << "its inbox";
    EXPECT_EQ(carried.accept(answer).outcome, Outcome::progress);
    EXPECT_EQ(world.journal.delivered_seq(), 6);
    EXPECT_EQ(world.journal.quarantined_count(), 0) << "the network's receipt listed none";
    (void)carried.write();
    EXPECT_THAT(carried.names(), IsEmpty());
    world.expect_all_stored_once();
}

TEST(Accept, CountsWhatWasQuarantinedOnce) {
    World world;
    Carried carried(world);
    world.backend.quarantined = {{2, sync::QuarantineReason::unknown_officer, ""}};
    world.answer(1, 3);
    (void)carried.write();
    const std::string answer = carried.exchange();
    (void)carried.accept(answer);
    (void)carried.accept(answer);
    EXPECT_EQ(world.journal.quarantined_count(), 1);
}

TEST(Accept, BelievesNoOtherBackend) {
    World world;
    Carried carried(world);
    world.answer(1, 3);
    (void)carried.write();
    world.backend.sign_key = survey::make_sign_key();
    const Exchange exchange = carried.accept(carried.exchange());
    EXPECT_EQ(exchange.outcome, Outcome::person);
    EXPECT_EQ(world.journal.delivered_seq(), 0);
    EXPECT_EQ(world.inbox.version(), "");
}

TEST(Accept, RefusesAnotherTerminalsAnswer) {
    World world;
    Carried carried(world);
    world.answer(1, 3);
    (void)carried.write();
    const std::string receipt = decode_answer(carried.exchange(), world.identity.keys.sign)->batch;
    const Exchange exchange = carried.accept(encode(BundleAnswer{{"k-02"}, receipt, "", ""}, world.backend.sign_key));
    EXPECT_EQ(exchange.outcome, Outcome::person);
    EXPECT_THAT(exchange.what, HasSubstr("k-02"));
    EXPECT_EQ(world.journal.delivered_seq(), 0);
}

TEST(Accept, BelievesNoReceiptWithinThatIsNotItsOwn) {
    World world;
    Carried carried(world);
    world.answer(1, 3);
    const auto answer_with = [&](void (*forge)(Receipt&)) {
        (void)carried.write();
        world.backend.forget_after(0);
        world.backend.forge = forge;
        const Exchange exchange = carried.accept(carried.exchange());
        EXPECT_THAT(exchange.what, HasSubstr("not believed"));
        EXPECT_EQ(world.journal.delivered_seq(), 0);
        return exchange.outcome;
    };
    EXPECT_EQ(answer_with([](Receipt& receipt) { receipt.signature.reset(); }), Outcome::later);
    EXPECT_EQ(answer_with([](Receipt& receipt) { receipt.last_seq = 2; }), Outcome::later);
    EXPECT_EQ(answer_with([](Receipt& receipt) { receipt.kiosk = {"k-02"}; }), Outcome::later);
}

TEST(Accept, RefusesADamagedAnswerAtEveryByte) {
    World world;
    Carried carried(world);
    world.answer(1, 1);
    (void)carried.write();
    const std::string whole = carried.exchange();
    for (std::size_t at = 0; at < whole.size(); ++at) {
        std::string damaged = whole;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x01);
        EXPECT_EQ(carried.accept(damaged).outcome, Outcome::person) << at;
        if (at + 1 < whole.size()) {
            EXPECT_EQ(carried.accept(whole.substr(0, at)).outcome, Outcome::person) << at;
        }
    }
    EXPECT_EQ(world.journal.delivered_seq(), 0);
    EXPECT_EQ(carried.accept(whole).outcome, Outcome::progress);
    EXPECT_EQ(world.journal.delivered_seq(), 1);
}

TEST(Accept, TellsAProblem) {
    World world;
    Carried carried(world);
    world.answer(1, 3);
    world.backend.hold(1, "of another disk");
    (void)carried.write();
    const Exchange exchange = carried.accept(carried.exchange());
    EXPECT_EQ(exchange.outcome, Outcome::person);
    EXPECT_THAT(exchange.what, HasSubstr("altered"));
    EXPECT_EQ(world.inbox.version(), "\"1\"") << "the inbox comes down all the same";
}

TEST(Accept, KeepsTheInboxWhenWhatComesIsBroken) {
    for (const char* inbox : {"no json", "{}", R"({"documents":7})"}) {
        World world;
        Carried carried(world);
        world.answer(1, 3);
        (void)carried.write();
        world.backend.inbox_body = inbox;
        EXPECT_EQ(carried.accept(carried.exchange()).outcome, Outcome::person) << inbox;
        EXPECT_EQ(world.inbox.version(), "");
        EXPECT_EQ(world.journal.delivered_seq(), 3) << "the receipt counts";
    }
}

TEST(Accept, RemovesWhatWasDeliveredLongAgo) {
    World world;
    Carried carried(world);
    world.answer(1, 2);
    (void)carried.write();
    (void)carried.accept(carried.exchange(), std::chrono::days{35});
    world.pass(std::chrono::days{37});
    test::agree_on(world.journal, world.clock.now() - std::chrono::hours{1});
    world.answer(3, 5);
    (void)carried.write();
    EXPECT_THAT(carried.accept(carried.exchange(), std::chrono::days{35}).what, HasSubstr("; 2 records that were"));
    EXPECT_EQ(world.journal.base()->seq, 2);
}

// ---- whatever way they go ----

RC_GTEST_PROP(Terminal, DeliversEachRecordOnceByAnyMixtureOfWays, ()) {
    World world(at_most(3));
    Carried carried(world);
    std::vector<std::string> bundles;
    std::vector<std::string> answers;
    std::map<std::int64_t, FakeBackend::Stored> ever;  // every record there was
    std::int64_t answered = 0;
    const int steps = *rc::gen::inRange(1, 60);
    for (int i = 0; i < steps; ++i) {
        switch (
            *rc::gen::weightedElement<int>({{6, 0}, {8, 1}, {3, 2}, {1, 3}, {2, 4}, {3, 5}, {3, 6}, {3, 7}, {1, 8}})) {
            case 0:
                answered += 1;
                world.answer(answered, answered);
                for (const auto& [seq, record] : world.records())
                    ever[seq] = record;
                break;
            case 1: {
                const int weather = *rc::gen::inRange(0, static_cast<int>(Weather::stale) + 1);
                world.network.forecast = {static_cast<Weather>(weather)};
                world.network.damage_at = *rc::gen::inRange<std::size_t>(0, 2'000);
                (void)world.client.deliver_batch();
                break;
            }
            case 2:
                (void)world.client.refresh_inbox();
                break;
            case 3:
                world.backend.forget_after(*rc::gen::inRange<std::int64_t>(0, world.backend.last_seq() + 1));
                break;
            case 4:
                for (int days = 0; days < 2; ++days) {  // one says it, the next agrees
                    world.pass(kPruneEvery + (days == 0 ? world.settings.retention : survey::milliseconds{0}));
                    (void)world.client.prune();
                }
                break;
            case 5: {
                (void)carried.write();
                const auto names = carried.names();
                for (const std::string& name : names)
                    bundles.push_back(carried.bytes(name));
                break;
            }
            case 6:
                if (!bundles.empty()) answers.push_back(world.backend.import(*rc::gen::elementOf(bundles)));
                break;
            case 7:
                if (!answers.empty()) (void)carried.accept(*rc::gen::elementOf(answers), std::chrono::days{35});
                break;
            case 8:
                if (!bundles.empty()) bundles.pop_back();  // one is lost on the way
                break;
            default:
                break;
        }
    }
    world.network.forecast.clear();
    answered += 1;
    world.answer(answered, answered);
    for (const auto& [seq, record] : world.records())
        ever[seq] = record;
    for (int turn = 0; turn < 3; ++turn) {
        (void)world.client.refresh_inbox();
        world.deliver_all();
    }
    // All that the terminal still has is stored, byte for byte; what it no longer has is held too, or declared.
    RC_ASSERT(world.journal.delivered_seq().value() == answered);
    RC_ASSERT(world.backend.last_seq() == answered);
    RC_ASSERT(world.backend.incidents == 0);
    for (const auto& [seq, record] : world.records())
        RC_ASSERT(world.backend.stored.at(seq) == record);
    for (std::int64_t seq = 1; seq <= answered; ++seq) {
        const auto stored = world.backend.stored.find(seq);
        if (stored != world.backend.stored.end()) {
            RC_ASSERT(stored->second == ever.at(seq));
            continue;
        }
        RC_ASSERT(std::any_of(world.backend.skips.begin(), world.backend.skips.end(), [&](const survey::Skip& one) {
            return one.first_seq <= seq && seq <= one.last_seq && one.reason == survey::SkipReason::pruned;
        }));
    }
    RC_ASSERT(world.journal.verify()->empty());
}

}  // namespace
}  // namespace hailong::sync
