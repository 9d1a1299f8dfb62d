#include "sync/backend/ingest/ingest.h"

#include <algorithm>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "sync/backend/audit/verify.h"
#include "tests/sync/backend/ingest/answers.h"
#include "tests/sync/backend/sample.h"
#include "tests/sync/backend/service/batch_bodies.h"

namespace hailong::sync {
namespace {

using sample::accepted;
using sample::Backend;
using sample::Journal;
using sample::journal_of;
using sample::must;
using sample::refused;
using sample::visit;

std::vector<StoredRecord> records(Backend& backend, const std::string& kiosk = "K1") {
    return sample::records(*backend.store, {kiosk});
}

survey::TallySheet tallies(Backend& backend) {
    return sample::tallies(*backend.store);
}

Terminal terminal(Backend& backend, const std::string& kiosk = "K1") {
    return backend.terminal(kiosk);
}

std::vector<Incident> incidents(Backend& backend) {
    return sample::incidents(*backend.store);
}

/// The journal's records as its only batch, of which record 1 must be quarantined for `reason`.
void expect_quarantined(const Journal& journal, const std::string& reason) {
    Backend backend;
    const Ingested result = accepted(backend.take(journal.all()));
    EXPECT_EQ(result.receipt.accepted, journal.size());
    EXPECT_EQ(result.quarantined, 1);
    ASSERT_EQ(result.receipt.quarantined.size(), 1u);
    EXPECT_EQ(result.receipt.quarantined[0].seq, 1);
    EXPECT_EQ(name(result.receipt.quarantined[0].reason), reason);
    EXPECT_NE(result.receipt.quarantined[0].detail, "");
    const auto stored = records(backend);
    ASSERT_EQ(stored.size(), static_cast<std::size_t>(journal.size()));
    EXPECT_EQ(stored[0].bytes, journal.bytes_at(1));
    ASSERT_TRUE(stored[0].quarantine_reason);
    EXPECT_EQ(name(*stored[0].quarantine_reason), reason);
    std::int64_t counted = 0;
    for (const auto& [key, tally] : tallies(backend)) {
        if (key.subject.kind == survey::SubjectKind::visit) counted += tally.responses;
    }
    EXPECT_EQ(counted, journal.size() - 1);
}

/// A journal whose first record is `response` changed, and whose second is sound.
Journal with(const std::function<void(survey::Response&)>& change) {
    Journal journal("K1");
    survey::Response response = visit(1);
    change(response);
    journal.add(response);
    journal.add(visit(2));
    return journal;
}

Journal with_bytes(std::string bytes) {
    Journal journal("K1");
    journal.add_bytes(std::move(bytes));
    journal.add(visit(2));
    return journal;
}

TEST(Ingest, TakesABatchAndNamesWhatIsStored) {
    Backend backend;
    Journal journal("K1");
    for (std::uint64_t i = 1; i <= 3; ++i)
        journal.add(visit(i));
    const Ingested result = accepted(backend.take(journal.all()));
    EXPECT_EQ(result.receipt.kiosk.text, "K1");
    EXPECT_EQ(result.receipt.last_seq, 3);
    EXPECT_EQ(result.receipt.last_hash, journal.hash_at(3));
    EXPECT_EQ(result.receipt.accepted, 3);
    EXPECT_EQ(result.receipt.duplicates, 0);
    EXPECT_EQ(result.receipt.received, sample::noon());
    EXPECT_TRUE(result.receipt.quarantined.empty());
    EXPECT_EQ(terminal(backend).last_seq, 3);
    EXPECT_EQ(terminal(backend).last_hash, journal.hash_at(3));
}

TEST(Ingest, CountsEachSubjectByDayAndTheOfficerByMonth) {
    Backend backend;
    Journal journal("K1");
    journal.add(visit(1, "5"));
    journal.add(visit(2, "2"));
    must(backend.take(journal.all()));
    const auto rows = tallies(backend);
    const auto at = [&](survey::SubjectKind kind, const std::string& id, survey::Grain grain, const char* date) {
        survey::TallyKey key;
        key.grain = grain;
        key.date = *survey::parse_date(date);
        key.questionnaire = {{"W5"}, 1};
        key.subject = {kind, id};
        return rows.at(key);
    };
    using enum survey::SubjectKind;
    const survey::OptionCounts both{{"2", 1}, {"5", 1}};
    for (const auto& tally :
         {at(survey::SubjectKind::visit, "", survey::Grain::day, "2026-11-22"),
          at(counter, "A", survey::Grain::day, "2026-11-22"), at(field, "ho-tich", survey::Grain::day, "2026-11-22")}) {
        EXPECT_EQ(tally.responses, 2);
        EXPECT_EQ(tally.items.at({"overall"}), both);
        EXPECT_EQ(tally.items.at({"reason"}), (survey::OptionCounts{{"wait", 1}}));
    }
    for (const auto& tally : {at(officer, "a-01", survey::Grain::day, "2026-11-22"),
                              at(officer, "a-01", survey::Grain::month, "2026-11-01")}) {
        EXPECT_EQ(tally.responses, 2);
        EXPECT_EQ(tally.items, (std::map<survey::ItemId, survey::OptionCounts>{{{"o_all"}, both}}));
    }
    EXPECT_EQ(rows.size(), 5u);
}

TEST(Ingest, CountsOnTheVietnameseDayWhateverOffsetTheTerminalClaims) {
    Backend backend;
    Journal journal("K1");
    survey::Response response = visit(1, "5", survey::start_of_day(*survey::parse_date("2026-11-22")));
    response.finished.utc_offset = std::chrono::minutes(-600);
    journal.add(response);
    must(backend.take(journal.all()));
    for (const auto& [key, tally] : tallies(backend)) {
        EXPECT_EQ(survey::to_string(key.date), key.grain == survey::Grain::day ? "2026-11-22" : "2026-11-01");
    }
}

TEST(Ingest, CountsVisitsThatBeganWithATicketAsAllOthers) {
    Backend backend;
    Journal journal("K1");
    survey::Response scanned = visit(1);
    scanned.context.began = survey::Began::scanned;
    journal.add(scanned);
    journal.add(visit(2));
    must(backend.take(journal.all()));
    for (const auto& [key, tally] : tallies(backend))
        EXPECT_NE(key.subject.kind, survey::SubjectKind::began) << "a store of older records must still verify";
}

TEST(Ingest, TakesAFlagThatItDoesNotKnowAndCountsItApart) {
    Backend backend;
    Journal journal("K1");
    survey::Response again = visit(1);
    again.flags = {"ticket_again", "of_a_later_program"};
    journal.add(again);
    const auto answer = must(backend.take(journal.all()));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->quarantined, 0);
    for (const auto& [key, tally] : tallies(backend))
        EXPECT_TRUE(key.flagged);
}

TEST(Ingest, CountsFlaggedResponsesApart) {
    Backend backend;
    Journal journal("K1");
    survey::Response fast = visit(1);
    fast.flags = {"too_fast"};
    journal.add(fast);
    journal.add(visit(2));
    must(backend.take(journal.all()));
    std::int64_t flagged = 0;
    std::int64_t sound = 0;
    for (const auto& [key, tally] : tallies(backend)) {
        if (key.subject.kind == survey::SubjectKind::visit) (key.flagged ? flagged : sound) += tally.responses;
    }
    EXPECT_EQ(flagged, 1);
    EXPECT_EQ(sound, 1);
}

TEST(Ingest, AcceptsTheSameBatchAgainWithoutCountingItAgain) {
    Backend backend;
    Journal journal("K1");
    for (std::uint64_t i = 1; i <= 3; ++i)
        journal.add(visit(i));
    must(backend.take(journal.all()));
    const auto before = tallies(backend);
    const Ingested again = accepted(backend.take(journal.all()));
    EXPECT_EQ(again.receipt.accepted, 0);
    EXPECT_EQ(again.receipt.duplicates, 3);
    EXPECT_EQ(again.receipt.last_seq, 3);
    EXPECT_EQ(tallies(backend), before);
    EXPECT_EQ(records(backend).size(), 3u);
}

TEST(Ingest, AnswersAnOldBatchWithWhatIsStoredByNow) {
    Backend backend;
    Journal journal("K1");
    for (std::uint64_t i = 1; i <= 4; ++i)
        journal.add(visit(i));
    must(backend.take(journal.all()));
    const Ingested again = accepted(backend.take(journal.batch(2, 3)));
    EXPECT_EQ(again.receipt.duplicates, 2);
    EXPECT_EQ(again.receipt.last_seq, 4);
    EXPECT_EQ(again.receipt.last_hash, journal.hash_at(4));
}

TEST(Ingest, TakesTheNewPartOfAnOverlappingBatch) {
    Backend backend;
    Journal journal("K1");
    for (std::uint64_t i = 1; i <= 5; ++i)
        journal.add(visit(i));
    must(backend.take(journal.batch(1, 3)));
    const Ingested result = accepted(backend.take(journal.batch(2, 5)));
    EXPECT_EQ(result.receipt.duplicates, 2);
    EXPECT_EQ(result.receipt.accepted, 2);
    EXPECT_EQ(terminal(backend).last_seq, 5);
}

TEST(Ingest, RefusesAnotherTerminalsBatch) {
    Backend backend({"K1", "K2"});
    Journal journal("K2");
    journal.add(visit(1));
    EXPECT_EQ(refused(backend.take(journal.all(), "K1")).kind, ProblemKind::forbidden);
    EXPECT_TRUE(records(backend, "K1").empty());
    EXPECT_TRUE(records(backend, "K2").empty());
}

TEST(Ingest, AsksForWhatIsMissing) {
    Backend backend;
    Journal journal("K1");
    for (std::uint64_t i = 1; i <= 4; ++i)
        journal.add(visit(i));
    const Problem first = refused(backend.take(journal.batch(2, 4)));
    EXPECT_EQ(first.kind, ProblemKind::gap);
    EXPECT_EQ(first.wanted_seq, 1);
    must(backend.take(journal.batch(1, 2)));
    const Problem second = refused(backend.take(journal.batch(4, 4)));
    EXPECT_EQ(second.wanted_seq, 3);
    EXPECT_EQ(records(backend).size(), 2u);
}

TEST(Ingest, RefusesBytesThatDoNotLeadToTheLastHash) {
    Backend backend;
    Journal journal("K1");
    journal.add(visit(1));
    journal.add(visit(2));
    for (const std::size_t damaged : {0u, 1u}) {
        Batch batch = journal.all();
        batch.records[damaged][20] ^= 1;
        EXPECT_EQ(refused(backend.take(batch)).kind, ProblemKind::chain_mismatch);
    }
    Batch empty = journal.all();
    empty.records.clear();
    EXPECT_EQ(refused(backend.take(empty)).kind, ProblemKind::chain_mismatch);
    EXPECT_TRUE(records(backend).empty());
    EXPECT_TRUE(incidents(backend).empty());
}

TEST(Ingest, RefusesARecordStoredWithOtherBytesAndKeepsTheEvidence) {
    Backend backend;
    Journal journal("K1");
    Journal forged("K1");
    for (std::uint64_t i = 1; i <= 3; ++i) {
        journal.add(visit(i));
        forged.add(visit(i, i == 2 ? "1" : "5"));
    }
    must(backend.take(journal.all()));
    forged.add(visit(4));
    const auto before = tallies(backend);
    const Problem problem = refused(backend.take(forged.all()));
    EXPECT_EQ(problem.kind, ProblemKind::altered);
    EXPECT_EQ(problem.seq, 2);
    const auto found = incidents(backend);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].kind, IncidentKind::forked);
    for (std::int64_t seq = 1; seq <= 4; ++seq)
        EXPECT_NE(found[0].evidence.find(forged.bytes_at(seq)), std::string::npos);
    EXPECT_EQ(records(backend).size(), 3u);
    EXPECT_EQ(tallies(backend), before);
    EXPECT_EQ(terminal(backend).last_seq, 3);
}

TEST(Ingest, RefusesABatchThatFollowsAnotherPast) {
    Backend backend;
    Journal journal("K1");
    Journal forged("K1");
    journal.add(visit(1, "5"));
    forged.add(visit(1, "4"));
    forged.add(visit(2));
    must(backend.take(journal.all()));
    const Problem problem = refused(backend.take(forged.batch(2, 2)));
    EXPECT_EQ(problem.kind, ProblemKind::altered);
    EXPECT_EQ(problem.seq, 1);
    refused(backend.take(forged.batch(2, 2)));
    EXPECT_EQ(incidents(backend).size(), 1u);
}

TEST(Ingest, KeepsTheHeaderOfABatchThatBroughtSomethingNew) {
    Backend backend;
    Journal journal("K1");
    journal.add(visit(1));
    must(backend.take(journal.all()));
    must(backend.take(journal.all()));
    const auto stored = must(must(backend.store->read())->records().batches({"K1"}));
    ASSERT_EQ(stored.size(), 1u);
    EXPECT_EQ(stored[0].header_bytes, journal.all().header_bytes);
    EXPECT_EQ(stored[0].first_seq, 1);
    EXPECT_EQ(stored[0].count, 1);
}

TEST(Ingest, NotesWhatTheTerminalReportsEvenWithoutAnythingNew) {
    Backend backend;
    Journal journal("K1");
    journal.add(visit(1));
    must(backend.take(journal.all()));
    Batch again = journal.all();
    again.header.counters.collected = 42;
    must(backend.take(again, "K1", sample::noon() + std::chrono::hours(1)));
    EXPECT_EQ(terminal(backend).reported_collected, 42);
    EXPECT_EQ(terminal(backend).last_seen, sample::noon() + std::chrono::hours(1));
}

TEST(Ingest, QuarantinesWhatCantBeRead) {
    expect_quarantined(with_bytes("no JSON at all \xff\xfe"), "unreadable");
    expect_quarantined(with_bytes(""), "unreadable");
    expect_quarantined(with_bytes("{\"format\":1}"), "unreadable");
    expect_quarantined(with_bytes(std::string(3000, '[')), "unreadable");
}

TEST(Ingest, QuarantinesAFormatItDoesNotKnow) {
    std::string bytes = with([](auto&) {}).bytes_at(1);
    bytes.replace(bytes.find("\"format\":1"), 10, "\"format\":2");
    expect_quarantined(with_bytes(bytes), "unknown_format");
}

TEST(Ingest, QuarantinesARecordFromAnotherPlace) {
    expect_quarantined(with_bytes(survey::encode({{"K1"}, 2, visit(1)})), "wrong_place");
    expect_quarantined(with_bytes(survey::encode({{"K2"}, 1, visit(1)})), "wrong_place");
}

TEST(Ingest, QuarantinesAnIdThatIsStoredAlready) {
    Backend backend({"K1", "K2"});
    Journal first("K1");
    first.add(visit(1));
    first.add(visit(1));
    const Ingested within = accepted(backend.take(first.all()));
    ASSERT_EQ(within.receipt.quarantined.size(), 1u);
    EXPECT_EQ(within.receipt.quarantined[0].seq, 2);
    EXPECT_EQ(name(within.receipt.quarantined[0].reason), "duplicate_id");
    Journal second("K2");
    second.add(visit(1));
    const Ingested across = accepted(backend.take(second.all(), "K2"));
    ASSERT_EQ(across.receipt.quarantined.size(), 1u);
    EXPECT_EQ(name(across.receipt.quarantined[0].reason), "duplicate_id");
}

TEST(Ingest, QuarantinesAnUnknownQuestionnaireOrVersion) {
    expect_quarantined(with([](auto& response) { response.questionnaire.id = {"W9"}; }), "unknown_questionnaire");
    expect_quarantined(with([](auto& response) { response.questionnaire.version = 9; }), "unknown_questionnaire");
}

TEST(Ingest, QuarantinesWhatItsCenterDoesNotHave) {
    expect_quarantined(with([](auto& response) { response.context.center = {"khac"}; }), "unknown_center");
    expect_quarantined(with([](auto& response) { response.context.counter = {"Z"}; }), "unknown_counter");
    expect_quarantined(with([](auto& response) { response.context.officer = {"z-01"}; }), "unknown_officer");
    expect_quarantined(with([](auto& response) { response.context.procedure = {"p-9"}; }), "unknown_procedure");
    expect_quarantined(with([](auto& response) { response.context.field = {"khac"}; }), "unknown_field");
}

TEST(Ingest, QuarantinesAnswersThatAreNotValid) {
    expect_quarantined(with([](auto& response) { response.answers[0].values = {"6"}; }), "invalid");
    expect_quarantined(with([](auto& response) { response.answers.clear(); }), "invalid");
    expect_quarantined(with([](auto& response) { response.answers.push_back({{"reason"}, {"wait"}, {}}); }), "invalid");
    expect_quarantined(with([](auto& response) { response.answers.push_back({{"new"}, {"x"}, {}}); }), "invalid");
}

TEST(Ingest, TakesNoEvidenceFromBefore1970) {
    // By the monotonic clock of the same start the visit ended long before.
    Backend backend;
    Journal journal("K1");
    journal.add(visit(1));
    BatchHeader header = journal.header(1, 1);
    header.boot = visit(1).boot_id;
    header.sent_monotonic = survey::milliseconds{253'402'300'799'999};
    EXPECT_EQ(accepted(backend.take(sample::sent(header, journal.records(1, 1)))).quarantined, 0);
    EXPECT_EQ(records(backend)[0].counted_at, sample::noon()) << "the terminal knew the backend's clock";
}

TEST(Validate, QuarantinesADayThatNoCalendarOfOursHas) {
    const survey::Response response =
        visit(1, "5", survey::start_of_day(*survey::parse_date("1970-01-01")) - std::chrono::milliseconds(1));
    const Validation found = with_time({}, response, std::nullopt);
    EXPECT_EQ(found.quarantined.reason, QuarantineReason::invalid);
    EXPECT_TRUE(with_time({}, visit(1), std::nullopt).quarantined.counts());
}

TEST(Ingest, CountsAVisitThatNamesNothingAndNobody) {
    Backend backend;
    const Journal journal = with([](auto& response) {
        response.context = {};
        response.context.center = {"mau"};
        response.answers = {{{"overall"}, {"4"}, {}}};
    });
    EXPECT_EQ(accepted(backend.take(journal.all())).quarantined, 0);
}

TEST(Ingest, NamesEveryRecordOfAFullBatchThatIsQuarantined) {
    Backend backend;
    Journal journal("K1");
    for (std::size_t i = 0; i < kBatchRecordsMax; ++i)
        journal.add_bytes("x" + std::to_string(i));
    const Ingested result = accepted(backend.take(journal.all()));
    EXPECT_EQ(result.quarantined, static_cast<std::int64_t>(kBatchRecordsMax));
    ASSERT_EQ(result.receipt.quarantined.size(), kBatchRecordsMax);
    EXPECT_LE(kBatchRecordsMax, kQuarantinedMax);
    EXPECT_EQ(records(backend).size(), kBatchRecordsMax);
}

TEST(Ingest, ShortensALongReasonWithoutCuttingACharacter) {
    std::string long_item;
    const Journal journal = with([](auto& response) {
        for (int i = 0; i < 20; ++i)
            response.answers.push_back({{"x" + std::to_string(i)}, {"wait"}, {}});
    });
    Backend backend;
    const Ingested result = accepted(backend.take(journal.all()));
    ASSERT_EQ(result.receipt.quarantined.size(), 1u);
    EXPECT_LE(result.receipt.quarantined[0].detail.size(), kQuarantineDetailBytesMax);
    EXPECT_GT(result.receipt.quarantined[0].detail.size(), kQuarantineDetailBytesMax - 4);
}

std::vector<TerminalDay> stored_days(Backend& backend) {
    return sample::days(*backend.store);
}

std::vector<StoredText> stored_texts(Backend& backend) {
    return sample::texts(*backend.store);
}

struct WithTexts {
    explicit WithTexts(int count = 2) {
        backend.put_questionnaire(3, sample::questionnaire_with_words_json());
        for (int i = 1; i <= count; ++i)
            journal.add(sample::visit_with_text(static_cast<std::uint64_t>(i)));
    }
    Batch batch(std::vector<survey::SealedText> with) const {
        return sample::sent(journal.header(1, journal.size()), journal.records(1, journal.size()), with);
    }
    Backend backend;
    Journal journal{"K1"};
};

TEST(Ingest, RefusesABatchThatTheTerminalDidNotSign) {
    Backend backend({"K1", "K2"});
    const Journal journal = journal_of(1);
    const Batch good = journal.all();
    Batch other_key = good;
    other_key.signature = survey::sign("hailong-batch-1\n" + good.header_bytes, sample::sign_key("K2"));
    Batch other_header = good;
    other_header.header_bytes += ' ';
    Batch none = good;
    none.signature = {};
    for (const Batch& batch : {other_key, other_header, none})
        EXPECT_EQ(refused(backend.take(batch)).kind, ProblemKind::bad_signature);
    EXPECT_TRUE(records(backend).empty());
    EXPECT_EQ(terminal(backend).last_seq, 0);
    ASSERT_EQ(incidents(backend).size(), 1u);
    EXPECT_EQ(incidents(backend)[0].kind, IncidentKind::bad_signature);
    EXPECT_EQ(incidents(backend)[0].evidence, good.header_bytes);
    refused(backend.take(none, "K1", sample::noon() + std::chrono::days(1)));
    EXPECT_EQ(incidents(backend).size(), 2u);
    accepted(backend.take(good));
}

TEST(Ingest, TakesNothingFromATerminalWithoutAKey) {
    Backend backend;
    Terminal revoked = terminal(backend);
    revoked.key.reset();
    auto transaction = must(backend.store->write());
    must(transaction->terminals().put(revoked));
    must(transaction->commit());
    transaction.reset();
    const Problem problem = refused(backend.take(journal_of(1).all()));
    EXPECT_EQ(problem.kind, ProblemKind::bad_signature);
    EXPECT_NE(problem.detail.find("enrol"), std::string::npos);
}

/// The chain of K1 up to 3 and, behind the lost 4 to 7, from 8 on: what a terminal has after its disk was mended.
struct Mended {
    Journal before = journal_of(3);
    Journal behind = journal_of(3, "K1", 100);
    survey::Digest start = survey::sha256("what the terminal says stood at 7");

    Batch batch(std::vector<survey::Skip> skipped) const {
        std::vector<std::string> lines;
        survey::Digest value = start;
        for (std::int64_t seq = 8; seq <= 10; ++seq) {
            lines.push_back(survey::encode({{"K1"}, seq, visit(static_cast<std::uint64_t>(92 + seq))}));
            value = survey::chain(value, lines.back());
        }
        BatchHeader header;
        header.kiosk = {"K1"};
        header.first_seq = 8;
        header.count = 3;
        header.previous_hash = start;
        header.last_hash = value;
        header.sent = sample::noon();
        header.counters.collected = 6;
        header.skipped = std::move(skipped);
        return sample::sent(header, lines);
    }
};

TEST(Ingest, GoesOnBehindNumbersThatTheTerminalSkips) {
    Backend backend;
    const Mended mended;
    must(backend.take(mended.before.all()));
    const Batch batch = mended.batch({{2, 4, survey::SkipReason::pruned}, {5, 7, survey::SkipReason::damaged}});
    const Ingested result = accepted(backend.take(batch));
    EXPECT_EQ(result.receipt.accepted, 3);
    EXPECT_EQ(result.receipt.last_seq, 10);
    EXPECT_EQ(must(must(backend.store->read())->records().skips({"K1"})),
              (std::vector<StoredSkip>{{{"K1"}, 4, 4, survey::SkipReason::pruned, survey::kChainStart, sample::noon()},
                                       {{"K1"}, 5, 7, survey::SkipReason::damaged, mended.start, sample::noon()}}));
    ASSERT_EQ(incidents(backend).size(), 2u);
    EXPECT_EQ(incidents(backend)[0].kind, IncidentKind::skipped);
    EXPECT_EQ(incidents(backend)[0].detail, "number 4 stands for no record: pruned");
    EXPECT_EQ(incidents(backend)[1].detail, "numbers 5 to 7 stand for no record: damaged");
    const CenterTotals totals = must(must(backend.store->read())->terminals().totals({"mau"}));
    EXPECT_EQ(totals.records.stored, 6);
    EXPECT_EQ(totals.records.skipped, 4);
    EXPECT_EQ(totals.records.lost, 4);
}

TEST(Ingest, TakesBatchesBeforeAndBehindASkipAgain) {
    Backend backend;
    const Mended mended;
    must(backend.take(mended.before.all()));
    const Batch batch = mended.batch({{4, 7, survey::SkipReason::damaged}});
    accepted(backend.take(batch));
    EXPECT_EQ(accepted(backend.take(batch)).receipt.duplicates, 3);
    EXPECT_EQ(accepted(backend.take(mended.before.all())).receipt.duplicates, 3);
    EXPECT_EQ(incidents(backend).size(), 1u);
    EXPECT_EQ(must(must(backend.store->read())->records().skips({"K1"})).size(), 1u);
    // The chain behind the skip is stored by what was said first.
    Mended other;
    other.start = survey::sha256("another story");
    EXPECT_EQ(refused(backend.take(other.batch({{4, 7, survey::SkipReason::damaged}}))).kind, ProblemKind::altered);
}

TEST(Ingest, AsksForWhatIsNeitherStoredNorSkipped) {
    Backend backend;
    const Mended mended;
    must(backend.take(mended.before.all()));
    for (const std::vector<survey::Skip>& skipped : std::vector<std::vector<survey::Skip>>{
             {},
             {{5, 7, survey::SkipReason::damaged}},
             {{4, 6, survey::SkipReason::damaged}},
             {{4, 4, survey::SkipReason::damaged}, {6, 7, survey::SkipReason::damaged}},
             {{1, 3, survey::SkipReason::damaged}}}) {
        const Problem problem = refused(backend.take(mended.batch(skipped)));
        EXPECT_EQ(problem.kind, ProblemKind::gap);
        EXPECT_EQ(problem.wanted_seq, 4);
    }
    EXPECT_TRUE(must(must(backend.store->read())->records().skips({"K1"})).empty());
}

TEST(Ingest, IgnoresASkipOverWhatIsStored) {
    Backend backend;
    const Journal journal = journal_of(6);
    must(backend.take(journal.batch(1, 4)));
    BatchHeader header = journal.header(5, 6);
    header.skipped = {{2, 3, survey::SkipReason::damaged}};
    accepted(backend.take(sample::sent(header, journal.records(5, 6))));
    EXPECT_TRUE(must(must(backend.store->read())->records().skips({"K1"})).empty());
    EXPECT_TRUE(incidents(backend).empty());
}

TEST(Ingest, RefusesRecordsWhereTheTerminalSaidThereAreNone) {
    Backend backend;
    const Mended mended;
    must(backend.take(mended.before.all()));
    must(backend.take(mended.batch({{4, 7, survey::SkipReason::damaged}})));
    const Journal whole = journal_of(9);
    for (const auto& [first, last] :
         std::vector<std::pair<std::int64_t, std::int64_t>>{{3, 4}, {4, 4}, {6, 6}, {7, 8}, {1, 9}}) {
        EXPECT_EQ(refused(backend.take(whole.batch(first, last))).kind, ProblemKind::malformed) << first;
    }
    EXPECT_EQ(records(backend).size(), 6u);
}

TEST(Ingest, KeepsEvidenceWithinItsLimit) {
    Backend backend;
    Journal journal("K1");
    Journal forged("K1");
    for (std::uint64_t i = 1; i <= 40; ++i) {
        journal.add_bytes(std::to_string(i));
        forged.add_bytes(std::string(60'000, 'x'));
    }
    must(backend.take(journal.all()));
    refused(backend.take(forged.all()));
    ASSERT_EQ(incidents(backend).size(), 1u);
    EXPECT_LE(incidents(backend)[0].evidence.size(), kEvidenceBytesMax);
    EXPECT_GT(incidents(backend)[0].evidence.size(), kEvidenceBytesMax - 70'000);
}

TEST(Ingest, KeepsWordsBesideTheirRecords) {
    WithTexts texts;
    accepted(texts.backend.take(texts.batch({{1, {"comment"}, "sealed 1"}, {2, {"comment"}, "sealed 2"}})));
    EXPECT_EQ(stored_texts(texts.backend),
              (std::vector<StoredText>{{{{"K1"}, 1, {"comment"}}, "sealed 1", sample::noon()},
                                       {{{"K1"}, 2, {"comment"}}, "sealed 2", sample::noon()}}));
}

TEST(Ingest, KeepsWordsOfRecordsThatAreStoredAlready) {
    WithTexts texts;
    accepted(texts.backend.take(texts.batch({{1, {"comment"}, "first"}})));
    const Ingested again =
        accepted(texts.backend.take(texts.batch({{1, {"comment"}, "other"}, {2, {"comment"}, "late"}})));
    EXPECT_EQ(again.receipt.duplicates, 2);
    ASSERT_EQ(stored_texts(texts.backend).size(), 2u);
    EXPECT_EQ(stored_texts(texts.backend)[0].bytes, "first");
    EXPECT_EQ(stored_texts(texts.backend)[1].bytes, "late");
}

TEST(Ingest, BringsErasedTextsNeverBack) {
    WithTexts texts;
    const Batch batch = texts.batch({{1, {"comment"}, "sealed"}});
    accepted(texts.backend.take(batch));
    auto transaction = must(texts.backend.store->write());
    sample::erase_text(*transaction, {{{"K1"}, 1, {"comment"}}, sample::noon(), "asked for"});
    must(transaction->commit());
    transaction.reset();
    accepted(texts.backend.take(batch));
    EXPECT_TRUE(stored_texts(texts.backend).empty());
}

TEST(Ingest, KeepsNoWordsThatNoRecordNames) {
    WithTexts texts;
    accepted(texts.backend.take(texts.batch({{1, {"reason"}, "sealed"}, {2, {"comment"}, "sealed"}})));
    EXPECT_EQ(stored_texts(texts.backend).size(), 1u);
    ASSERT_EQ(incidents(texts.backend).size(), 1u);
    EXPECT_EQ(incidents(texts.backend)[0].kind, IncidentKind::stray_text);
}

TEST(Ingest, TellsOnceOfAllTextsOfABatchThatNoRecordNames) {
    WithTexts texts;
    accepted(texts.backend.take(
        texts.batch({{1, {"reason"}, "sealed"}, {1, {"overall"}, "sealed"}, {2, {"reason"}, "sealed"}})));
    EXPECT_TRUE(stored_texts(texts.backend).empty());
    ASSERT_EQ(incidents(texts.backend).size(), 1u);
    EXPECT_THAT(incidents(texts.backend)[0].detail, testing::HasSubstr("nor were 2 others"));
}

TEST(Ingest, RefusesATextForARecordThatIsNotInTheBatch) {
    WithTexts texts;
    for (const std::int64_t seq : {3, 9}) {
        EXPECT_EQ(refused(texts.backend.take(texts.batch({{seq, {"comment"}, "sealed"}}))).kind,
                  ProblemKind::malformed);
    }
    EXPECT_TRUE(records(texts.backend).empty());
}

/// A batch sent one hour after its visits by the monotonic clock of the same start.
Batch with_evidence(const Journal& journal) {
    BatchHeader header = journal.header(1, journal.size());
    header.boot = visit(1).boot_id;
    header.sent_monotonic = std::chrono::seconds(1012) + std::chrono::hours(1);
    return sample::sent(header, journal.records(1, journal.size()));
}

TEST(Ingest, CountsAClockTenYearsAheadOnTheDayThatTheEvidenceGives) {
    Backend backend;
    Journal journal("K1");
    survey::Response response = visit(1, "5", sample::noon() + std::chrono::years(10));
    response.server_offset.reset();
    journal.add(response);
    accepted(backend.take(with_evidence(journal)));
    const StoredRecord stored = records(backend)[0];
    EXPECT_EQ(stored.trust, survey::TimeTrust::corrected);
    EXPECT_EQ(stored.counted_at, sample::noon() - std::chrono::hours(1));
    for (const auto& [key, tally] : tallies(backend)) {
        EXPECT_EQ(survey::to_string(key.date), key.grain == survey::Grain::day ? "2026-11-22" : "2026-11-01");
        EXPECT_EQ(tally.corrected, 1);
        EXPECT_EQ(tally.doubtful, 0);
    }
    ASSERT_EQ(stored_days(backend).size(), 1u);
    EXPECT_EQ(survey::to_string(stored_days(backend)[0].day).substr(0, 4), "2036");
}

TEST(Ingest, CallsATimeWithoutEvidenceDoubtfulAndKeepsItPossible) {
    Backend backend;
    Journal journal("K1");
    for (int days_ahead : {-2, -3, 400}) {
        survey::Response response =
            visit(static_cast<std::uint64_t>(days_ahead + 10), "5", sample::noon() + std::chrono::days(days_ahead));
        response.server_offset.reset();
        journal.add(response);
    }
    accepted(backend.take(journal.all()));
    const auto stored = records(backend);
    EXPECT_EQ(stored[0].counted_at, sample::noon() - std::chrono::days(2));
    EXPECT_EQ(stored[1].counted_at, sample::noon() - std::chrono::days(3)) << "what is doubtful binds nothing";
    EXPECT_EQ(stored[2].counted_at, sample::noon()) << "not after it came";
    std::int64_t doubtful = 0;
    for (const auto& [key, tally] : tallies(backend)) {
        if (key.subject.kind == survey::SubjectKind::visit) doubtful += tally.doubtful;
    }
    EXPECT_EQ(doubtful, 3);
}

/// Answers of as many days, none with evidence, one a day until the day before noon().
Journal undated_journal(int days) {
    Journal journal("K1");
    for (int day = days; day > 0; --day) {
        survey::Response response =
            visit(static_cast<std::uint64_t>(day), "5", sample::noon() - std::chrono::days(day));
        response.server_offset.reset();
        journal.add(response);
    }
    return journal;
}

TEST(Ingest, DatesNoRecordByADoubtfulClockBeforeIt) {
    for (const std::int64_t batch_size : {1, 7, 61}) {
        for (const int days_ahead : {40, -400, 20'000, -20'000}) {
            Backend backend;
            Journal journal = undated_journal(60);
            survey::Response wrong = visit(999, "5", sample::noon() + std::chrono::days(days_ahead));
            wrong.server_offset.reset();
            Journal behind("K1");
            behind.add(wrong);
            for (std::int64_t seq = 1; seq <= journal.size(); ++seq)
                behind.add(survey::decode(journal.bytes_at(seq))->response);
            for (std::int64_t first = 1; first <= behind.size(); first += batch_size)
                accepted(backend.take(behind.batch(first, std::min(first + batch_size - 1, behind.size()))));
            const auto stored = records(backend);
            ASSERT_EQ(stored.size(), 61u);
            for (int day = 60; day > 0; --day) {
                const StoredRecord& one = stored[static_cast<std::size_t>(61 - day)];
                ASSERT_EQ(one.counted_at, sample::noon() - std::chrono::days(day)) << days_ahead << ", record " << day;
                ASSERT_EQ(one.trust, survey::TimeTrust::doubtful);
            }
            EXPECT_EQ(must(verify(*must(backend.store->read()), backend.reference)).differences,
                      std::vector<std::string>{});
        }
    }
}

TEST(Ingest, KeepsWhatIsDoubtfulBehindTheLastTimeThatIsNot) {
    Backend backend;
    Journal journal("K1");
    journal.add(visit(1, "5", sample::noon() - std::chrono::days(2)));
    for (const int day : {400, -1, -50}) {
        survey::Response response =
            visit(static_cast<std::uint64_t>(500 + day), "5", sample::noon() + std::chrono::days(day));
        response.server_offset.reset();
        journal.add(response);
    }
    accepted(backend.take(journal.batch(1, 2)));
    accepted(backend.take(journal.batch(3, 4)));
    const auto stored = records(backend);
    EXPECT_EQ(stored[1].counted_at, sample::noon()) << "not after it came";
    EXPECT_EQ(stored[2].counted_at, sample::noon() - std::chrono::days(1));
    EXPECT_EQ(stored[3].counted_at, sample::noon() - std::chrono::days(2)) << "not before what is not doubtful";
    EXPECT_EQ(terminal(backend).last_counted, (CountedAt{1, sample::noon() - std::chrono::days(2)}));
}

TEST(Ingest, CallsATimeWithEvidenceTrusted) {
    Backend backend;
    Journal journal("K1");
    survey::Response response = visit(1, "5", sample::noon() - std::chrono::hours(1));
    response.server_offset.reset();
    journal.add(response);
    accepted(backend.take(with_evidence(journal)));
    EXPECT_EQ(records(backend)[0].trust, survey::TimeTrust::trusted);
    EXPECT_EQ(records(backend)[0].counted_at, response.finished.utc);
    for (const auto& [key, tally] : tallies(backend))
        EXPECT_EQ(tally.corrected + tally.doubtful, 0);
}

TEST(Ingest, TakesTheEarliestTimeFromTheBatchBefore) {
    Backend backend;
    Journal journal("K1");
    journal.add(visit(1));
    journal.add_bytes("quarantined");
    survey::Response response = visit(2, "5", sample::noon() - std::chrono::days(5));
    response.server_offset.reset();
    journal.add(response);
    accepted(backend.take(journal.batch(1, 2)));
    accepted(backend.take(journal.batch(3, 3)));
    EXPECT_EQ(records(backend)[2].counted_at, sample::noon());
}

TEST(Ingest, NoticesTwoMachinesThatTakeTurns) {
    Backend backend;
    const Journal journal = journal_of(5);
    const auto take = [&](std::int64_t seq, const std::string& boot, bool is_on_a_stick = false) {
        BatchHeader header = journal.header(seq, seq);
        header.boot = boot;
        if (!is_on_a_stick) header.sent_monotonic = survey::milliseconds{5};
        accepted(backend.take(sample::sent(header, journal.records(seq, seq))));
    };
    take(1, "one");
    take(2, "two");
    take(3, "one", true);
    EXPECT_TRUE(incidents(backend).empty());
    take(4, "one");
    take(5, "two");
    ASSERT_EQ(incidents(backend).size(), 2u);
    EXPECT_EQ(incidents(backend)[0].kind, IncidentKind::cloned);
}

TEST(Ingest, TakesABatchThatWasLateForNoSecondMachine) {
    Backend backend;
    const Journal journal = journal_of(6);
    const auto take = [&](std::int64_t first, std::int64_t last, const std::string& boot, int sent_minutes) {
        BatchHeader header = journal.header(first, last);
        header.boot = boot;
        header.sent_monotonic = survey::milliseconds{5};
        header.sent = sample::noon() + std::chrono::minutes(sent_minutes);
        accepted(backend.take(sample::sent(header, journal.records(first, last)), "K1",
                              sample::noon() + std::chrono::minutes(30)));
    };
    take(1, 1, "before", 0);
    take(2, 3, "now", 30);
    take(2, 2, "before", 5);  // was on its way when the machine started anew
    take(3, 5, "before", 5);
    EXPECT_EQ(terminal(backend).boot, "now");
    take(6, 6, "now", 31);
    EXPECT_TRUE(incidents(backend).empty());
}

TEST(Ingest, KeepsTheDaysOfATerminalByItsOwnClock) {
    Backend backend;
    Journal journal("K1");
    journal.add(visit(1));
    journal.add(visit(2, "5", sample::noon() + std::chrono::days(1)));
    journal.add(visit(1));
    journal.add_bytes("unreadable");
    BatchHeader header = journal.header(1, 4);
    const survey::Date day = *survey::parse_date("2026-11-22");
    const survey::Date next = *survey::parse_date("2026-11-23");
    const survey::Date before = *survey::parse_date("2026-11-21");
    header.counters.collected = 10;
    header.counters.days = {{before, 7}, {day, 2}, {next, 1}};
    accepted(backend.take(sample::sent(header, journal.records(1, 4))));
    const std::vector<TerminalDay> expected = {
        {{"K1"}, before, 7, 0, 0, 0, 0}, {{"K1"}, day, 2, 2, 1, 1, 1}, {{"K1"}, next, 1, 1, 1, 0, 0}};
    EXPECT_EQ(stored_days(backend), expected);
    accepted(backend.take(sample::sent(header, journal.records(1, 4))));
    EXPECT_EQ(stored_days(backend), expected);
}

TEST(Ingest, BelievesNoOldBatchWhatWasCollected) {
    Backend backend;
    const Journal journal = journal_of(4);
    BatchHeader whole = journal.header(1, 4);
    const survey::Date day = *survey::parse_date("2026-11-22");
    whole.counters.days = {{day, 4}};
    accepted(backend.take(sample::sent(whole, journal.records(1, 4))));
    BatchHeader old = journal.header(1, 2);
    old.counters.collected = 2;
    old.counters.days = {{day, 2}};
    accepted(backend.take(sample::sent(old, journal.records(1, 2))));
    EXPECT_EQ(terminal(backend).reported_collected, 4);
    EXPECT_EQ(stored_days(backend)[0].collected, 4);
}

/// Any sequence of batches cut from two terminals' journals, overlapping, resent, reordered, with gaps, leads to each
/// record stored once in order and to tallies that are the sum over the counted ones.
RC_GTEST_PROP(IngestProperty, HoldsEachRecordOnceWhateverComes, ()) {
    Backend backend({"K1", "K2"});
    std::vector<Journal> journals = {Journal("K1"), Journal("K2")};
    std::uint64_t number = 0;
    for (Journal& journal : journals) {
        const int size = *rc::gen::inRange(1, 12);
        for (int i = 0; i < size; ++i) {
            const int kind = *rc::gen::inRange(0, 8);
            survey::Response response = visit(++number, std::to_string(*rc::gen::inRange(1, 6)),
                                              sample::noon() + std::chrono::hours(*rc::gen::inRange(0, 60)));
            if (kind == 0) response.context.officer = {"nobody"};
            if (kind == 1) response.flags = {"too_fast"};
            if (kind == 2) {
                response.context.counter = {"B"};
                response.context.officer = {};
                response.answers.erase(response.answers.begin() + 1);
            }
            if (kind == 3) {
                journal.add_bytes("garbage " + std::to_string(number));
            } else {
                journal.add(response);
            }
        }
    }
    const int sent = *rc::gen::inRange(1, 15);
    std::vector<std::int64_t> expected_stored(2, 0);
    for (int i = 0; i < sent; ++i) {
        const auto which = *rc::gen::inRange<std::size_t>(0, 2);
        const Journal& journal = journals[which];
        const auto first = *rc::gen::inRange<std::int64_t>(1, journal.size() + 1);
        const auto last = *rc::gen::inRange<std::int64_t>(first, journal.size() + 1);
        const auto answer = must(backend.take(journal.batch(first, last), journal.kiosk().text));
        std::int64_t& stored = expected_stored[which];
        if (first > stored + 1) {
            RC_ASSERT(!answer);
            RC_ASSERT(answer.error().wanted_seq == stored + 1);
        } else {
            RC_ASSERT(answer);
            RC_ASSERT(answer->receipt.duplicates == std::max<std::int64_t>(0, std::min(stored, last) - first + 1));
            stored = std::max(stored, last);
            RC_ASSERT(answer->receipt.last_seq == stored);
        }
    }
    survey::TallySheet expected;
    for (std::size_t which = 0; which < journals.size(); ++which) {
        const Journal& journal = journals[which];
        const auto stored = records(backend, journal.kiosk().text);
        RC_ASSERT(static_cast<std::int64_t>(stored.size()) == expected_stored[which]);
        for (std::size_t i = 0; i < stored.size(); ++i) {
            RC_ASSERT(stored[i].seq == static_cast<std::int64_t>(i) + 1);
            RC_ASSERT(stored[i].bytes == journal.bytes_at(stored[i].seq));
            RC_ASSERT(stored[i].hash == journal.hash_at(stored[i].seq));
            const auto record = survey::decode(stored[i].bytes);
            const bool counts = record && record->response.context.officer.text != "nobody";
            RC_ASSERT(stored[i].quarantine_reason.has_value() != counts);
            if (!counts) continue;
            const auto* questionnaire = backend.reference.questionnaires.find(record->response.questionnaire);
            const survey::ResolvedTime time{stored[i].counted_at, stored[i].trust};
            count(record->response, *questionnaire, time, expected);
        }
    }
    RC_ASSERT(tallies(backend) == expected);
}

}  // namespace
}  // namespace hailong::sync
