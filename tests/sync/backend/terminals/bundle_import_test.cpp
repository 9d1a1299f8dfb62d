#include "sync/backend/terminals/bundle_import.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "sync/backend/store/until_not_busy.h"
#include "sync/backend/terminals/inbox.h"
#include "tests/sync/backend/cli/command_fixture.h"
#include "tests/sync/backend/service/batch_bodies.h"
#include "tests/sync/backend/service/service_fixture.h"

namespace hailong::sync {
namespace {

namespace fs = std::filesystem;
using sample::body_of;
using sample::Journal;
using sample::must;
using sample::Ran;
using sample::RouteHost;
using sample::visit;
using testing::ElementsAre;
using testing::HasSubstr;

/// As hailong-sync writes it: records `first` to `last` of a journal, `size` in a batch.
Bundle bundle_of(const Journal& journal, std::int64_t first, std::int64_t last, std::int64_t size = 500) {
    Bundle bundle;
    bundle.label.kiosk = journal.kiosk();
    bundle.label.first_seq = first;
    bundle.label.last_seq = last;
    bundle.label.created = sample::noon();
    for (std::int64_t seq = first; seq <= last; seq += size)
        bundle.bodies.push_back(body_of(journal.batch(seq, std::min(last, seq + size - 1))));
    bundle.label.batches = static_cast<std::int64_t>(bundle.bodies.size());
    return bundle;
}

class Import : public testing::Test {
  protected:
    Import() {
        for (std::uint64_t i = 1; i <= 9; ++i)
            journal_.add(visit(i));
    }
    std::string sealed(const Bundle& bundle) const {
        return encode_bundle(bundle, public_halves(host_.keys).transport);
    }
    Expected<ImportedBundle, std::string> import(const std::string& bytes) {
        return import_bundle(bytes, {*host_.backend.store, host_.references, host_.keys, host_.clock});
    }
    ImportedBundle imported(const Bundle& bundle) {
        auto result = import(sealed(bundle));
        EXPECT_TRUE(result) << result.error();
        return result.value_or(ImportedBundle{});
    }
    std::string refusal(const std::string& bytes) {
        const auto result = import(bytes);
        EXPECT_FALSE(result);
        return result ? "" : result.error();
    }
    std::int64_t stored(const std::string& kiosk = "K1") {
        return must(must(host_.backend.store->read())->terminals().terminal({kiosk}))->last_seq;
    }
    Receipt receipt_in(const ImportedBundle& bundle) {
        const auto receipt = decode_receipt(bundle.answer.batch);
        EXPECT_TRUE(receipt) << bundle.answer.batch;
        return receipt.value_or(Receipt{});
    }

    RouteHost host_;
    Journal journal_{"K1"};
};

TEST_F(Import, TakesEveryBatchAndAnswersWithOneSignedReceipt) {
    const ImportedBundle result = imported(bundle_of(journal_, 1, 9, 4));
    EXPECT_FALSE(result.problem);
    EXPECT_EQ(result.batches, 3);
    EXPECT_EQ(result.accepted, 9);
    EXPECT_EQ(stored(), 9);
    const Receipt receipt = receipt_in(result);
    EXPECT_TRUE(is_signed_by(receipt, public_halves(host_.keys).sign));
    EXPECT_EQ(receipt.last_seq, 9);
    EXPECT_EQ(receipt.last_hash, journal_.hash_at(9));
    EXPECT_EQ(receipt.accepted, 9);
    const HttpResponse inbox = host_.get("/v1/terminals/K1/inbox", {{"authorization", "Bearer token-K1"}});
    EXPECT_EQ(result.answer.inbox, inbox.body);
    EXPECT_EQ(result.answer.version, inbox.header("ETag"));
}

TEST_F(Import, TwiceIsOnce) {
    const Bundle bundle = bundle_of(journal_, 1, 9, 4);
    imported(bundle);
    const ImportedBundle again = imported(bundle);
    EXPECT_EQ(again.accepted, 0);
    EXPECT_EQ(again.duplicates, 9);
    EXPECT_EQ(receipt_in(again).last_seq, 9);
    EXPECT_EQ(must(must(host_.backend.store->read())->terminals().totals({"mau"})).records.stored, 9);
}

TEST_F(Import, NamesWhatEveryBatchQuarantined) {
    Journal journal("K2");
    for (std::uint64_t i = 1; i <= 4; ++i) {
        if (i % 2 == 0) journal.add(visit(i));
        if (i % 2 == 1) journal.add_bytes("unreadable " + std::to_string(i));
    }
    const ImportedBundle result = imported(bundle_of(journal, 1, 4, 2));
    EXPECT_EQ(result.quarantined, 2);
    const Receipt receipt = receipt_in(result);
    ASSERT_EQ(receipt.quarantined.size(), 2u);
    EXPECT_EQ(receipt.quarantined[0].seq, 1);
    EXPECT_EQ(receipt.quarantined[1].seq, 3);
}

TEST_F(Import, AnswersAGapWithTheNumberThatIsWanted) {
    const ImportedBundle result = imported(bundle_of(journal_, 4, 9));
    ASSERT_TRUE(result.problem);
    EXPECT_EQ(result.problem->wanted_seq, 1);
    EXPECT_EQ(decode_problem(result.answer.batch)->wanted_seq, 1);
    EXPECT_NE(result.answer.inbox, "") << "it is our terminal";
    EXPECT_EQ(stored(), 0);
}

TEST_F(Import, KeepsWhatCameBeforeAProblem) {
    imported(bundle_of(journal_, 1, 2));
    Journal other("K1");
    for (std::uint64_t i = 1; i <= 2; ++i)
        other.add(visit(i));
    for (std::uint64_t i = 103; i <= 106; ++i)
        other.add(visit(i));
    imported(bundle_of(other, 3, 4));
    Bundle bundle = bundle_of(journal_, 1, 9, 2);
    const ImportedBundle result = imported(bundle);
    ASSERT_TRUE(result.problem);
    EXPECT_EQ(result.problem->kind, ProblemKind::altered);
    EXPECT_EQ(result.batches, 1);
    EXPECT_EQ(stored(), 4);
    EXPECT_EQ(must(must(host_.backend.store->read())->incidents().newest(100)).size(), 1u) << "people must look";
}

TEST_F(Import, TakesNothingOfABundleThatWasSpoiledOnItsWay) {
    const std::string good = sealed(bundle_of(journal_, 1, 9, 3));
    for (std::size_t size = 0; size < good.size(); size += 1 + size / 50)
        EXPECT_NE(refusal(good.substr(0, size)), "") << size;
    for (std::size_t at = good.find('\n') + 1; at < good.size(); at += 97) {
        std::string changed = good;
        changed[at] ^= 1;
        EXPECT_NE(refusal(changed), "") << at;
    }
    EXPECT_EQ(stored(), 0);
}

TEST_F(Import, TakesWhatIsGoodAndNamesWhatIsNot) {
    imported(bundle_of(journal_, 1, 3, 3));
    for (const std::size_t bad : {2u, 0u}) {
        Bundle bundle = bundle_of(journal_, 1, 9, 3);
        bundle.bodies[bad].pop_back();
        const ImportedBundle result = imported(bundle);
        EXPECT_FALSE(result.problem);
        EXPECT_THAT(result.left_out, ElementsAre(HasSubstr("batch " + std::to_string(bad + 1))));
        EXPECT_EQ(stored(), bad == 2 ? 6 : 9);
        EXPECT_EQ(decode_receipt(result.answer.batch)->last_seq, stored()) << "the terminal packs the others again";
    }
}

TEST_F(Import, LeavesOutWhatStandsBehindABatchThatCantBeRead) {
    Bundle bundle = bundle_of(journal_, 1, 9, 3);
    bundle.bodies[1].pop_back();
    const ImportedBundle result = imported(bundle);
    EXPECT_FALSE(result.problem);
    EXPECT_THAT(result.left_out, ElementsAre(HasSubstr("batch 2"), HasSubstr("from 7 on")));
    EXPECT_EQ(decode_receipt(result.answer.batch)->last_seq, 3);
    EXPECT_EQ(stored(), 3);
    imported(bundle_of(journal_, 4, 9, 3));
    EXPECT_EQ(stored(), 9);
}

TEST_F(Import, RefusesABundleOfWhichNothingCanBeRead) {
    Bundle bundle = bundle_of(journal_, 1, 3, 3);
    bundle.bodies[0].pop_back();
    EXPECT_THAT(refusal(sealed(bundle)), HasSubstr("batch 1"));
    Bundle behind = bundle_of(journal_, 1, 6, 3);
    behind.bodies[0].pop_back();
    const ImportedBundle result = imported(behind);
    ASSERT_TRUE(result.problem);
    EXPECT_EQ(decode_problem(result.answer.batch)->kind, ProblemKind::malformed);
    EXPECT_EQ(stored(), 0);
}

TEST_F(Import, RefusesABundleForAnotherBackend) {
    const std::string bytes = encode_bundle(bundle_of(journal_, 1, 9), survey::public_half(survey::make_box_key()));
    EXPECT_THAT(refusal(bytes), HasSubstr("another backend"));
}

TEST_F(Import, GoesByTheBatchesWhateverTheLabelSays) {
    const std::string good = sealed(bundle_of(journal_, 1, 9));
    const std::string inside = good.substr(good.find('\n'));
    for (const char* label :
         {R"({"bundle":1,"kiosk":"K2","batches":7,"first_seq":5,"last_seq":2})", "{}", "nonsense", ""}) {
        const auto result = import(label + inside);
        ASSERT_TRUE(result) << label << result.error();
        EXPECT_EQ(result->label.kiosk.text, "K1");
        EXPECT_EQ(result->label.last_seq, 9);
        EXPECT_EQ(result->answer.kiosk.text, "K1");
        EXPECT_EQ(stored(), 9);
    }
    EXPECT_THAT(refusal(R"({"bundle":2})" + inside), HasSubstr("is version 2"));
    EXPECT_THAT(refusal(R"({"bundle":0})" + inside), HasSubstr("is version 0"));
}

TEST_F(Import, LeavesOutBatchesOfAnotherTerminal) {
    Bundle bundle = bundle_of(journal_, 1, 9);
    Journal other("K2");
    other.add(visit(77));
    bundle.bodies.push_back(body_of(other.all()));
    bundle.label.batches = 2;
    const ImportedBundle result = imported(bundle);
    EXPECT_THAT(result.left_out, ElementsAre(HasSubstr("is of \"K2\"")));
    EXPECT_EQ(stored(), 9);
}

TEST_F(Import, RefusesTerminalsThatAreNotEnrolled) {
    Journal stranger("N1");
    stranger.add(visit(1));
    const ImportedBundle unknown = imported(bundle_of(stranger, 1, 1));
    ASSERT_TRUE(unknown.problem);
    EXPECT_EQ(unknown.problem->kind, ProblemKind::unauthorized);
    EXPECT_EQ(unknown.answer.inbox, "");
    {
        auto transaction = must(host_.backend.store->write());
        must(revoke({"K1"}, *transaction));
        must(transaction->commit());
    }
    const ImportedBundle revoked = imported(bundle_of(journal_, 1, 9));
    EXPECT_EQ(revoked.problem->kind, ProblemKind::unauthorized);
    EXPECT_EQ(stored(), 0);
}

TEST(UntilNotBusy, TriesSoManyTimesAndNoMore) {
    int calls = 0;
    const auto busy_for = [&](int times) {
        calls = 0;
        return until_not_busy([&]() -> StoreResult<int> {
            if (++calls > times) return calls;
            return unexpected(StoreError{StoreErrorKind::busy, "busy", "wait"});
        });
    };
    EXPECT_EQ(busy_for(0).value_or(0), 1);
    EXPECT_EQ(busy_for(kBusyTries - 1).value_or(0), kBusyTries);
    EXPECT_FALSE(busy_for(kBusyTries));
    EXPECT_EQ(calls, kBusyTries);
    calls = 0;
    EXPECT_FALSE(until_not_busy([&]() -> StoreResult<int> {
        ++calls;
        return unexpected(StoreError{StoreErrorKind::full, "full", "make room"});
    }));
    EXPECT_EQ(calls, 1) << "only busy passes by itself";
}

/// Everything that a store holds of a terminal, but for how its batches were cut.
struct Contents {
    std::vector<std::pair<std::string, std::optional<QuarantineReason>>> records;  // bytes
    std::vector<std::pair<survey::UtcTime, survey::TimeTrust>> times;
    std::vector<survey::Digest> chain;
    survey::TallySheet tallies;
    std::vector<StoredText> texts;
    std::int64_t last_seq = 0;
    Totals totals;
    bool operator==(const Contents&) const = default;
};

Contents contents_of(Store& store) {
    Contents contents;
    for (const StoredRecord& record : sample::records(store, {"K1"})) {
        contents.records.emplace_back(record.bytes, record.quarantine_reason);
        contents.times.emplace_back(record.counted_at, record.trust);
        contents.chain.push_back(record.hash);
    }
    contents.tallies = sample::tallies(store);
    contents.texts = sample::texts(store);
    const auto terminal = must(must(store.read())->terminals().terminal({"K1"}));
    contents.last_seq = terminal->last_seq;
    contents.totals = terminal->totals;
    return contents;
}

RC_GTEST_PROP(ImportProperty, OfflineBundlesAndNetworkInAnyMixtureHoldTheSame, ()) {
    sample::WordyJournal journal("K1");
    const auto count = *rc::gen::inRange<std::int64_t>(1, 13);
    for (std::int64_t i = 0; i < count; ++i) {
        if (*rc::gen::inRange(0, 3) == 0) {
            journal.add({{"comment", "texts " + std::to_string(i)}});
        } else {
            journal.add({});
        }
    }
    const auto fresh = [] {
        auto host = std::make_unique<RouteHost>();
        sample::ask_for_texts(host->backend);
        return host;
    };
    const auto network = fresh();
    RC_ASSERT(network->post_batch(journal.all()).status == 200);

    const auto mixed = fresh();
    const auto bundle_bytes = [&](std::int64_t first, std::int64_t last, std::int64_t size) {
        Bundle bundle;
        bundle.label.kiosk = {"K1"};
        bundle.label.first_seq = first;
        bundle.label.last_seq = last;
        for (std::int64_t seq = first; seq <= last; seq += size)
            bundle.bodies.push_back(body_of(journal.batch(seq, std::min(last, seq + size - 1))));
        bundle.label.batches = static_cast<std::int64_t>(bundle.bodies.size());
        return encode_bundle(bundle, public_halves(mixed->keys).transport);
    };
    const auto steps = *rc::gen::inRange(0, 12);
    for (int step = 0; step <= steps; ++step) {
        // The last step brings whatever is missing.
        const bool is_last = step == steps;
        const auto first = is_last ? 1 : *rc::gen::inRange<std::int64_t>(1, count + 1);
        const auto last = is_last ? count : *rc::gen::inRange<std::int64_t>(first, count + 1);
        if (*rc::gen::arbitrary<bool>()) {
            RC_ASSERT(mixed->post_batch(journal.batch(first, last)).status != 500);
        } else {
            const auto bytes = bundle_bytes(first, last, *rc::gen::inRange<std::int64_t>(1, 6));
            RC_ASSERT(import_bundle(bytes, {*mixed->backend.store, mixed->references, mixed->keys, mixed->clock})
                          .has_value() ||
                      last - first >= static_cast<std::int64_t>(kBundleBatchesMax));
        }
    }
    RC_ASSERT(contents_of(*mixed->backend.store) == contents_of(*network->backend.store));
}

/// The command over a data folder whose one terminal is enrolled.
class ImportCommand : public sample::Commands {
  protected:
    ImportCommand() {
        const auto center = write("center.json", sample::center_json());
        write("forms/W5.json", sample::questionnaire_json("W5", 1));
        EXPECT_EQ(init(center.string(), folder_ / "forms").status, 0);
        const Ran code = run({"enroll", "--data", data(), "--center", "mau", "--kiosk", "K1"});
        const auto request = write("request.json", encode(sample::enrolment_request(code.out)));
        EXPECT_EQ(
            run({"enroll", "--data", data(), "--request", request.string(), "--answer", folder_ / "answer"}).status, 0);
        keys_ = *load_keys(data());
        for (std::uint64_t i = 1; i <= 5; ++i)
            journal_.add(visit(i));
    }
    std::string carried(const std::string& name, std::int64_t first, std::int64_t last) {
        return write(name, encode_bundle(bundle_of(journal_, first, last), public_halves(keys_).transport)).string();
    }
    std::optional<BundleAnswer> answer_in(const std::string& file) {
        const auto text = survey::read_file(file);
        if (!text) return std::nullopt;
        const auto answer = decode_answer(*text, public_halves(keys_).sign);
        EXPECT_TRUE(answer);
        return answer ? std::optional(*answer) : std::nullopt;
    }
    Ran import(std::vector<std::string> more) {
        more.insert(more.begin(), {"import", "--data", data()});
        return run(more);
    }

    ServiceKeys keys_;
    Journal journal_{"K1"};
};

TEST_F(ImportCommand, WritesAnAnswerBesideTheBundle) {
    const std::string file = carried("carried/a.bundle", 1, 3);
    const Ran ran = import({file});
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_THAT(ran.out, HasSubstr("K1, records 1 to 3: 3 new (0 quarantined), 0 stored before"));
    const auto answer = answer_in(file + ".answer");
    ASSERT_TRUE(answer);
    EXPECT_EQ(decode_receipt(answer->batch)->last_seq, 3);
    EXPECT_THAT(answer->inbox, HasSubstr("questionnaire/W5/1"));
}

TEST_F(ImportCommand, TakesTheOthersWhenOneIsRefused) {
    const std::string first = carried("carried/a.bundle", 1, 3);
    const std::string bad = write("carried/b.bundle", "no bundle").string();
    const std::string last = carried("carried/c.bundle", 4, 5);
    fs::create_directories(folder_ / "answers");
    const Ran ran = import({first, bad, last, "/nonexistent.bundle", "--answer-dir", folder_ / "answers"});
    EXPECT_EQ(ran.status, 1);
    EXPECT_THAT(ran.err, HasSubstr("b.bundle: nothing was taken"));
    EXPECT_THAT(ran.err, HasSubstr("/nonexistent.bundle"));
    EXPECT_EQ(must(reader()->terminals().terminal({"K1"}))->last_seq, 5);
    EXPECT_TRUE(answer_in(folder_ / "answers/a.bundle.answer"));
    EXPECT_TRUE(answer_in(folder_ / "answers/c.bundle.answer"));
    EXPECT_FALSE(fs::exists(folder_ / "answers/b.bundle.answer"));
    EXPECT_FALSE(fs::exists(first + ".answer"));
}

TEST_F(ImportCommand, SaysWhatWasLeftOutAndWhatToDo) {
    Bundle bundle = bundle_of(journal_, 1, 5, 3);
    bundle.bodies[1].pop_back();
    const std::string file = write("carried/a.bundle", encode_bundle(bundle, public_halves(keys_).transport)).string();
    const Ran ran = import({file});
    EXPECT_EQ(ran.status, 1);
    EXPECT_THAT(ran.err, HasSubstr("left out: batch 2"));
    EXPECT_THAT(ran.err, HasSubstr("export anew"));
    EXPECT_EQ(decode_receipt(answer_in(file + ".answer")->batch)->last_seq, 3);
}

TEST_F(ImportCommand, AnswersAProblemToo) {
    const std::string file = carried("carried/a.bundle", 3, 5);
    const Ran ran = import({file});
    EXPECT_EQ(ran.status, 1);
    EXPECT_THAT(ran.err, HasSubstr("gap"));
    EXPECT_EQ(decode_problem(answer_in(file + ".answer")->batch)->wanted_seq, 1);
}

TEST_F(ImportCommand, SaysWhatABundleOfAFormerKeyHoldsAndTakesNothing) {
    const std::string known = carried("carried/a.bundle", 1, 3);
    ASSERT_EQ(import({known}).status, 0);
    fs::remove(known + ".answer");
    const std::string partly = carried("carried/b.bundle", 2, 5);
    {
        const auto store = must(open_sqlite_store(fs::path(data()) / kStoreFile, OpenMode::existing));
        auto transaction = must(store->write());
        Terminal terminal = *must(transaction->terminals().terminal({"K1"}));
        terminal.key = survey::public_half(sample::sign_key("another device"));
        must(transaction->terminals().put(terminal));
        must(transaction->terminals().add_key({terminal.kiosk, *terminal.key, sample::noon()}));
        must(transaction->commit());
    }
    const Ran all = import({known});
    EXPECT_EQ(all.status, 1);
    EXPECT_THAT(all.err, HasSubstr("All of its 3 answers are stored here already: nothing is lost"));
    const Ran some = import({partly});
    EXPECT_EQ(some.status, 1);
    EXPECT_THAT(some.err, HasSubstr("2 of its 4 answers are not stored here. Keep this file."));
    EXPECT_THAT(some.err, HasSubstr("enrol that with a new code"));
    for (const std::string& file : {known, partly})
        EXPECT_FALSE(fs::exists(file + ".answer")) << "the terminal would be told that somebody else took its place";
    EXPECT_EQ(must(reader()->terminals().terminal({"K1"}))->last_seq, 3);
    EXPECT_EQ(sample::incidents(*store_).size(), 0u) << "nobody forged anything";
}

TEST_F(ImportCommand, SaysWhatIsMissing) {
    EXPECT_EQ(import({}).status, 2);
    fs::remove(fs::path(data()) / "keys" / "transport.key");
    EXPECT_THAT(import({carried("a.bundle", 1, 3)}).err, HasSubstr("transport.key is missing"));
}

TEST_F(ImportCommand, IncidentsAndQuarantinedSayWhatIsThere) {
    EXPECT_EQ(run({"incidents", "--data", data()}).out, "incidents: 0\n");
    EXPECT_EQ(run({"quarantined", "--data", data()}).out, "quarantined: 0\n");
    journal_.add_bytes("unreadable");
    journal_.add_bytes("{");
    survey::Response nowhere = visit(8);
    nowhere.context.counter = {"Z"};
    journal_.add(nowhere);
    ASSERT_EQ(import({carried("a.bundle", 1, 8)}).status, 0);
    EXPECT_EQ(run({"quarantined", "--data", data()}).out, "unknown_counter: 1\nunreadable: 2\nquarantined: 3\n");
    {
        reader();
        auto transaction = must(store_->write());
        sample::add_incident(*transaction,
                             {sample::noon() + std::chrono::hours(1), {"K1"}, IncidentKind::forked, "two\nlines", "x"});
        sample::add_incident(*transaction, {sample::noon(), {}, IncidentKind::wrong_code, "one", "x"});
        must(transaction->commit());
    }
    EXPECT_EQ(run({"incidents", "--data", data()}).out,
              "2026-11-22T08:00:00.000+07:00 - wrong_code: one\n"
              "2026-11-22T09:00:00.000+07:00 K1 forked: two lines\n"
              "incidents: 2\n");
    EXPECT_EQ(run({"incidents", "--data", "/nonexistent"}).status, 1);
}

}  // namespace
}  // namespace hailong::sync
