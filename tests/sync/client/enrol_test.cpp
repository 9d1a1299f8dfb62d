#include "sync/client/enrol.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "survey/record.h"
#include "sync/client/identity.h"
#include "tests/support/replaced.h"
#include "tests/sync/client/world.h"

namespace hailong::sync {
namespace {

using test::FakeBackend;
using test::response;
using test::Weather;
using test::World;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kCode = "k7qm-2xrt-9fab";

/// A terminal that is not enrolled yet.
class Enrol : public testing::Test {
  protected:
    Enrol() { world_.backend.token = "nobody's"; }
    Exchange enrol(const std::string& code = kCode) {
        return sync::enrol(file_, test::kKiosk, code, world_.network, world_.journal);
    }
    Identity identity() const { return load_identity(file_, test::kKiosk).value(); }
    /// A client that speaks as the terminal was enrolled last.
    Exchange deliver() {
        Client client(world_.journal, world_.inbox, world_.network, world_.clock, identity(), world_.settings);
        Exchange exchange = client.deliver_batch();
        for (int i = 0; i < 100 && exchange.outcome == Outcome::progress; ++i)
            exchange = client.deliver_batch();
        return exchange;
    }
    void forget_identity() {
        std::filesystem::remove(file_);
        world_.backend.print_code("0123456789AB");
    }
    /// The ids of all answers that the backend holds.
    std::set<std::string> ids_stored() const {
        std::set<std::string> ids;
        for (const auto& [seq, stored] : world_.backend.stored) {
            const auto record = survey::decode(stored.bytes);
            ids.insert(record ? survey::to_string(record->response.id) : stored.bytes);
        }
        return ids;
    }

    World world_;
    std::filesystem::path file_ = world_.folder / "identity.json";
};

TEST_F(Enrol, MakesTheTerminalTheBackends) {
    world_.answer(1, 3);
    const Exchange done = enrol();
    EXPECT_EQ(done.outcome, Outcome::progress) << done.what;
    EXPECT_EQ(identity().token, world_.backend.token);
    EXPECT_EQ(identity().keys, world_.backend.keys());
    EXPECT_EQ(identity().center.text, "binh-minh");
    EXPECT_EQ(survey::public_half(identity().secret_key), world_.backend.terminal);
    EXPECT_EQ(world_.journal.text_key().value(), world_.backend.keys().text.bytes);
    EXPECT_FALSE(std::filesystem::exists(pending_file(file_)));
    EXPECT_EQ(deliver().outcome, Outcome::idle);
    world_.expect_all_stored_once();
}

TEST_F(Enrol, KeepsItsSecretsForItsOwner) {
    using std::filesystem::perms;
    ASSERT_TRUE(request_enrolment(file_, test::kKiosk, kCode));
    EXPECT_EQ(std::filesystem::status(pending_file(file_)).permissions(), perms::owner_read | perms::owner_write);
    (void)enrol();
    EXPECT_EQ(std::filesystem::status(file_).permissions(), perms::owner_read | perms::owner_write);
}

TEST_F(Enrol, ProvesThatItHoldsTheKeyItHandsIn) {
    const auto request = request_enrolment(file_, test::kKiosk, kCode);
    ASSERT_TRUE(request);
    EXPECT_TRUE(survey::verifies(proof_text(*request), request->proof, request->public_key));
    EXPECT_EQ(request->code, "K7QM2XRT9FAB");
}

TEST_F(Enrol, CanBeAskedAgainWhenTheAnswerWasLost) {
    for (const Weather weather : {Weather::answer_lost, Weather::answer_cut, Weather::request_lost, Weather::portal,
                                  Weather::rubbish, Weather::overloaded}) {
        world_.network.forecast = {weather};
        const Exchange lost = enrol();
        EXPECT_EQ(lost.outcome, Outcome::later) << lost.what;
        EXPECT_FALSE(std::filesystem::exists(file_));
    }
    EXPECT_EQ(enrol().outcome, Outcome::progress);
    EXPECT_EQ(survey::public_half(identity().secret_key), world_.backend.terminal);
}

TEST_F(Enrol, TakesAnotherKeyWithAnotherCode) {
    const auto first = request_enrolment(file_, test::kKiosk, kCode);
    EXPECT_EQ(request_enrolment(file_, test::kKiosk, kCode).value(), *first);
    EXPECT_NE(request_enrolment(file_, test::kKiosk, "0123456789AB")->public_key, first->public_key);
}

TEST_F(Enrol, AsksWithAnotherKeyWhenThePendingOneIsBroken) {
    ASSERT_TRUE(request_enrolment(file_, test::kKiosk, kCode));
    for (const char* broken : {"", "{", "{}", R"({"code":"K7QM2XRT9FAB","kiosk":"k-01","secret_key":"short"})"}) {
        ASSERT_TRUE(survey::write_file(pending_file(file_), broken));
        EXPECT_TRUE(request_enrolment(file_, test::kKiosk, kCode)) << broken;
    }
    EXPECT_EQ(enrol().outcome, Outcome::progress);
}

TEST_F(Enrol, SaysWhatIsWrongWithACode) {
    const auto said = [&](const std::string& code) {
        const Exchange exchange = enrol(code);
        EXPECT_EQ(exchange.outcome, Outcome::person) << code;
        EXPECT_FALSE(std::filesystem::exists(file_));
        return exchange.what;
    };
    EXPECT_THAT(said("K7QM-2XRT"), HasSubstr("12 letters and digits"));
    EXPECT_THAT(said(""), HasSubstr("12 letters and digits"));
    EXPECT_TRUE(world_.network.requests.empty()) << "nothing is sent that can't be right";
    EXPECT_THAT(said("0000-0000-0000"), HasSubstr("mistyped, used by another device, or is too old"));
    world_.backend.kiosk = "k-02";
    EXPECT_THAT(said(kCode), HasSubstr("for another terminal"));
}

TEST_F(Enrol, RefusesAnAnswerForAnotherTerminal) {
    ASSERT_TRUE(request_enrolment(file_, test::kKiosk, kCode));
    Enrolment answer = world_.backend.enrolment();
    answer.kiosk = {"k-02"};
    answer.keys.text = survey::public_half(survey::make_box_key());
    const Exchange exchange = take_enrolment(file_, test::kKiosk, answer, world_.journal);
    EXPECT_EQ(exchange.outcome, Outcome::person);
    EXPECT_THAT(exchange.what, HasSubstr("k-02"));
    EXPECT_FALSE(std::filesystem::exists(file_));
    EXPECT_NE(world_.journal.text_key().value(), answer.keys.text.bytes);
}

TEST_F(Enrol, TakesAnAnswerFromAFileOnce) {
    const auto request = request_enrolment(file_, test::kKiosk, kCode);
    const HttpReply reply = world_.backend.answer({"POST", kEnrolmentsPath, {}, encode(*request)});
    const Enrolment answer = decode_enrolment(reply.body).value();
    EXPECT_EQ(take_enrolment(file_, test::kKiosk, answer, world_.journal).outcome, Outcome::progress);
    const Identity first = identity();
    world_.answer(1, 2);
    const Exchange again = take_enrolment(file_, test::kKiosk, answer, world_.journal);
    EXPECT_EQ(again.outcome, Outcome::idle);
    EXPECT_THAT(again.what, HasSubstr("taken before"));
    EXPECT_EQ(identity(), first);
    EXPECT_TRUE(world_.journal.skips()->empty());
}

TEST_F(Enrol, TakesNoAnswerThatWasNotAskedFor) {
    const Exchange exchange = take_enrolment(file_, test::kKiosk, world_.backend.enrolment(), world_.journal);
    EXPECT_EQ(exchange.outcome, Outcome::person);
    EXPECT_THAT(exchange.what, HasSubstr("no request"));
    EXPECT_FALSE(std::filesystem::exists(file_));
}

TEST_F(Enrol, SaysWhenTheDiskRefusesAndCanBeRepeated) {
    std::filesystem::create_directory(pending_file(file_).string() + ".new");
    EXPECT_EQ(enrol().outcome, Outcome::later);
    EXPECT_TRUE(world_.network.requests.empty()) << "no key is handed in that is not on disk";
    std::filesystem::remove(pending_file(file_).string() + ".new");
    std::filesystem::create_directory(file_.string() + ".new");
    EXPECT_EQ(enrol().outcome, Outcome::later);
    std::filesystem::remove(file_.string() + ".new");
    EXPECT_EQ(enrol().outcome, Outcome::progress);
}

// ---- the numbering ----

TEST_F(Enrol, LetsANewDeviceContinueTheNumbers) {
    world_.backend.hold(1, "one");
    world_.backend.hold(2, "two");
    EXPECT_EQ(enrol().outcome, Outcome::progress);
    world_.answer(1, 2);
    EXPECT_EQ(deliver().outcome, Outcome::idle);
    EXPECT_EQ(world_.backend.last_seq(), 4);
    EXPECT_EQ(world_.backend.incidents, 0);
    EXPECT_EQ(world_.journal.delivered_seq(), 4);
}

TEST_F(Enrol, ChangesNoNumberWhenTheHistoryIsTheSame) {
    world_.answer(1, 4);
    (void)enrol();
    (void)deliver();
    world_.answer(5, 6);
    const auto before = world_.records();
    world_.backend.forget_after(3);
    forget_identity();
    EXPECT_EQ(enrol("0123456789AB").outcome, Outcome::progress);
    EXPECT_EQ(world_.records(), before);
    (void)deliver();
    world_.expect_all_stored_once();
    EXPECT_EQ(world_.backend.incidents, 0);
}

TEST_F(Enrol, ChangesNoNumberWhenTheBackendOnlyLostWhatWasPrunedHere) {
    world_.answer(1, 5);
    (void)enrol();
    (void)deliver();
    ASSERT_EQ(world_.journal.prune(test::kFarAhead), 4);
    world_.answer(6, 6);
    (void)deliver();
    world_.backend.forget_after(2);
    forget_identity();
    EXPECT_EQ(enrol("0123456789AB").outcome, Outcome::progress);
    EXPECT_EQ(world_.records().begin()->first, 5);
    world_.answer(7, 7);
    EXPECT_EQ(deliver().outcome, Outcome::idle);
    EXPECT_EQ(world_.backend.last_seq(), 7);
}

/// Where this device's history stands when another device's is stored: numbers of its own, of them delivered, and
/// stored.
struct Histories {
    std::int64_t own;
    std::int64_t delivered;
    std::int64_t stored;
};
class EnrolBehindAnotherHistory : public Enrol, public testing::WithParamInterface<Histories> {};

TEST_P(EnrolBehindAnotherHistory, LosesNothingAndDeliversAll) {
    const auto [own, delivered, stored] = GetParam();
    world_.answer(1, delivered);
    (void)enrol();
    (void)deliver();
    world_.answer(delivered + 1, own);
    // The same disk was copied at `delivered`, and the copy went on until `stored`.
    for (std::int64_t seq = delivered + 1; seq <= stored; ++seq)
        world_.backend.hold(seq, "of the copy " + std::to_string(seq));
    if (stored <= delivered) {
        world_.backend.forget_after(stored - 1);
        world_.backend.hold(stored, "of another history");
    }
    const auto stored_before = world_.backend.stored;
    forget_identity();
    const Exchange done = enrol("0123456789AB");
    ASSERT_EQ(done.outcome, Outcome::progress) << done.what;

    EXPECT_EQ(deliver().outcome, Outcome::idle);
    EXPECT_EQ(world_.backend.incidents, 0);
    EXPECT_EQ(world_.journal.delivered_seq(), world_.records().rbegin()->first);
    world_.answer(own + 1, own + 2);
    EXPECT_EQ(deliver().outcome, Outcome::idle);
    EXPECT_EQ(world_.backend.incidents, 0);
    for (const auto& [seq, bytes] : stored_before)
        EXPECT_EQ(world_.backend.stored.at(seq), bytes) << "what was stored stays";
    const auto ids = ids_stored();
    for (std::int64_t n = 1; n <= own + 2; ++n)
        EXPECT_TRUE(ids.contains(survey::to_string(response(n).id))) << n;
    EXPECT_TRUE(world_.journal.verify()->empty());
    EXPECT_EQ(world_.journal.collected(), own + 2);
}
INSTANTIATE_TEST_SUITE_P(, EnrolBehindAnotherHistory,
                         testing::Values(Histories{8, 5, 6},   // this device went further
                                         Histories{8, 5, 8},   // both went equally far
                                         Histories{8, 5, 12},  // the copy went further
                                         Histories{5, 5, 9},   // the copy alone went on
                                         Histories{8, 5, 3},   // the backend was restored, then the copy went on
                                         Histories{5, 5, 5},   // and got as far as this device had
                                         Histories{1, 0, 1}, Histories{3, 0, 1}, Histories{1, 0, 3}));

TEST_F(Enrol, SaysHowManyRecordsGotNewNumbers) {
    world_.answer(1, 3);
    world_.backend.hold(1, "of another disk");
    const Exchange done = enrol();
    EXPECT_THAT(done.what, HasSubstr("3 records of this terminal got new numbers"));
    EXPECT_TRUE(done.is_warning);
}

TEST_F(Enrol, MendsATerminalWhoseRecordsDiffer) {
    world_.answer(1, 1);
    (void)enrol();
    EXPECT_EQ(deliver().outcome, Outcome::idle);
    world_.answer(2, 4);
    world_.backend.hold(2, "of another disk");
    EXPECT_EQ(deliver().barred, Barred::sending);
    world_.backend.print_code("0123456789AB");
    EXPECT_EQ(enrol("0123456789AB").outcome, Outcome::progress);
    EXPECT_EQ(deliver().outcome, Outcome::idle);
    EXPECT_EQ(ids_stored().size(), 5U);
}

/// A device that speaks in the terminal's name, with a disk of its own.
class Device {
  public:
    Device(World& world, std::filesystem::path folder) : world_(world), folder_(std::move(folder)) {
        std::filesystem::create_directories(folder_);
    }
    /// The disk of another device, copied as it stands.
    void copy_disk(const Device& from) {
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directories(folder_);
        for (const auto& entry : std::filesystem::directory_iterator(from.folder_)) {
            if (entry.path().extension() != ".db-shm") {
                std::filesystem::copy_file(entry.path(), folder_ / entry.path().filename());
            }
        }
    }
    void answer(std::int64_t n) { ASSERT_TRUE(open().append(response(n), test::ward5())); }
    /// Delivers all; a person enrols it anew when the backend refuses what it sends. False when it still does then.
    bool deliver() {
        for (int enrolments = 0; enrolments < 2; ++enrolments) {
            if (send_all()) return true;
            std::string code = "0000000000";
            code += static_cast<char>('A' + world_.backend.incidents % 8);
            code += "ABCDEFGH"[codes_++ % 8];
            world_.backend.print_code(code);
            kiosk::Journal journal = open();
            if (enrol(file(), test::kKiosk, code, world_.network, journal).outcome != Outcome::progress) return false;
        }
        return send_all();
    }
    [[nodiscard]] kiosk::Journal open() const { return test::open_journal(folder_ / "journal.db"); }

  private:
    [[nodiscard]] std::filesystem::path file() const { return folder_ / "identity.json"; }
    bool send_all() {
        const auto identity = load_identity(file(), test::kKiosk);
        if (!identity) return false;
        kiosk::Journal journal = open();
        Client client(journal, world_.inbox, world_.network, world_.clock, *identity, test::at_most(3));
        Exchange exchange;
        do {
            exchange = client.deliver_batch();
        } while (exchange.outcome == Outcome::progress);
        return exchange.outcome == Outcome::idle;
    }

    World& world_;
    std::filesystem::path folder_;
    int codes_ = 0;
};

RC_GTEST_PROP(EnrolOfACopiedDisk, LosesNoAnswerOfEither, ()) {
    World world;
    Device one(world, world.folder / "one");
    Device other(world, world.folder / "other");
    std::int64_t answered = 0;
    const auto use = [&](Device& device, int steps) {
        for (int i = 0; i < steps; ++i) {
            if (*rc::gen::inRange(0, 3) == 0) {
                RC_ASSERT(device.deliver());
            } else {
                answered += 1;
                device.answer(answered);
            }
        }
    };
    use(one, *rc::gen::inRange(1, 8));
    other.copy_disk(one);
    for (int turn = 0; turn < 3; ++turn) {
        use(one, *rc::gen::inRange(0, 4));
        use(other, *rc::gen::inRange(0, 4));
    }
    RC_ASSERT(one.deliver());
    RC_ASSERT(other.deliver());
    std::set<std::string> stored;
    for (const auto& [seq, record] : world.backend.stored)
        stored.insert(survey::to_string(survey::decode(record.bytes)->response.id));
    for (std::int64_t n = 1; n <= answered; ++n)
        RC_ASSERT(stored.contains(survey::to_string(response(n).id)));
    RC_ASSERT(one.open().verify()->empty());
    RC_ASSERT(other.open().verify()->empty());
}

// ---- the file ----

TEST_F(Enrol, IsAskedForWhenThereIsNoIdentity) {
    const auto missing = load_identity(file_, test::kKiosk);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().outcome, Outcome::person);
    EXPECT_THAT(missing.error().what, HasSubstr("not enrolled"));
    EXPECT_THAT(missing.error().what, HasSubstr("hailong-sync enroll"));
}

TEST_F(Enrol, IsAskedForWhenAnyByteOfTheIdentityIsSpoiled) {
    (void)enrol();
    const Identity now = identity();
    const std::string whole = survey::read_file(file_).value();
    for (std::size_t at = 0; at < whole.size(); ++at) {
        for (const char flip : {'\x01', '\x02', '\x20'}) {
            std::string spoiled = whole;
            spoiled[at] = static_cast<char>(spoiled[at] ^ flip);
            ASSERT_TRUE(survey::write_file(file_, spoiled, survey::Readers::owner));
            const auto read = load_identity(file_, test::kKiosk);
            EXPECT_TRUE(!read || *read == now) << "byte " << at << ": another identity is believed";
            if (!read) {
                EXPECT_EQ(read.error().outcome, Outcome::person);
            }
        }
    }
}

TEST_F(Enrol, IsAskedForWhenTheIdentityHoldsANumberThatHasNoSum) {
    (void)enrol();
    const std::string whole = survey::read_file(file_).value();
    for (const char* number : {"0.5", "1e3", "[18446744073709551616]"}) {
        const std::string more = R"("more":)" + std::string(number) + R"(,"sum")";
        ASSERT_TRUE(survey::write_file(file_, tests::replaced(whole, R"("sum")", more), survey::Readers::owner));
        const auto read = load_identity(file_, test::kKiosk);
        ASSERT_FALSE(read) << number;
        EXPECT_EQ(read.error().outcome, Outcome::person);
        EXPECT_THAT(read.error().what, HasSubstr("sum"));
    }
}

TEST_F(Enrol, IsAskedForWhenTheIdentityIsBrokenOrAnothers) {
    (void)enrol();
    const std::string whole = survey::read_file(file_).value();
    for (std::size_t length = 0; length + 1 < whole.size(); ++length) {
        ASSERT_TRUE(survey::write_file(file_, whole.substr(0, length), survey::Readers::owner));
        const auto cut = load_identity(file_, test::kKiosk);
        ASSERT_FALSE(cut) << length;
        EXPECT_EQ(cut.error().outcome, Outcome::person);
        EXPECT_THAT(cut.error().what, Not(HasSubstr(world_.backend.token)));
    }
    ASSERT_TRUE(survey::write_file(file_, whole, survey::Readers::owner));
    const auto another = load_identity(file_, {"k-02"});
    ASSERT_FALSE(another);
    EXPECT_THAT(another.error().what, HasSubstr("k-01"));
}

TEST_F(Enrol, ChangesTheMarkOfTheIdentity) {
    const std::string none = identity_mark(file_);
    EXPECT_EQ(identity_mark(file_), none);
    (void)enrol();
    const std::string first = identity_mark(file_);
    EXPECT_NE(first, none);
    EXPECT_EQ(identity_mark(file_), first);
    world_.backend.print_code("0123456789AB");
    (void)enrol("0123456789AB");
    EXPECT_NE(identity_mark(file_), first);
}

}  // namespace
}  // namespace hailong::sync
