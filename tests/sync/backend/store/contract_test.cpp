#include "tests/sync/backend/store/contract.h"

#include <ostream>

#include <gtest/gtest.h>

namespace hailong::sync {
namespace {

using contract::StoreUnderTest;
using sample::must;

class StoreContract : public ::testing::TestWithParam<StoreUnderTest> {
  protected:
    StoreContract() : host_(GetParam().make()) {}
    Store& store() { return host_->store(); }

    Terminal put_terminal(const std::string& kiosk, const std::string& center = "mau") {
        Terminal terminal;
        terminal.kiosk = {kiosk};
        terminal.center = {center};
        terminal.token_hash = "hash of " + kiosk;
        auto transaction = must(store().write());
        must(transaction->put_terminal(terminal));
        must(transaction->commit());
        return terminal;
    }

    static StoredRecord record(std::int64_t seq, const std::string& reason = {}) {
        StoredRecord stored;
        stored.kiosk = {"K1"};
        stored.seq = seq;
        stored.id = sample::uuid(static_cast<std::uint64_t>(seq));
        stored.hash = survey::sha256("value " + std::to_string(seq));
        stored.bytes = std::string("\0\xff\n{\"seq\":", 10) + std::to_string(seq);
        stored.quarantine_reason = reason;
        stored.quarantine_detail = reason.empty() ? "" : "detail";
        stored.received = sample::noon();
        if (reason.empty()) {
            stored.counted_at = sample::noon() - std::chrono::hours(seq);
            stored.trust = survey::TimeTrust::corrected;
        }
        return stored;
    }

    static survey::SignPublicKey key(std::uint8_t number) {
        survey::SignPublicKey result;
        result.bytes.fill(number);
        return result;
    }

    static StoredText sealed(std::int64_t seq, const std::string& item = "comment") {
        return {{"K1"}, seq, {item}, std::string("\0sealed ", 8) + item, sample::noon()};
    }

    static Erasure erasure(std::int64_t seq, const std::string& item = "comment") {
        return {{"K1"}, seq, {item}, sample::noon() + std::chrono::hours(1), "asked for"};
    }

    std::vector<StoredText> texts() {
        std::vector<StoredText> seen;
        must(must(store().read())->each_text([&](const StoredText& one) {
            seen.push_back(one);
            return true;
        }));
        return seen;
    }

    /// Runs `action` in a transaction of its own, committed.
    template <class Action>
    auto committed(Action&& action) {
        auto transaction = must(store().write());
        auto result = must(action(*transaction));
        must(transaction->commit());
        return result;
    }

    static TallyRow row(const std::string& date, std::int64_t responses, survey::Subject subject = {}) {
        TallyRow result;
        result.key.center = {"mau"};
        result.key.date = *survey::parse_date(date);
        result.key.questionnaire = {{"W5"}, 1};
        result.key.subject = std::move(subject);
        result.tally.responses = responses;
        result.tally.items[{"overall"}]["5"] = responses;
        return result;
    }

    std::vector<TallyRow> tallies(const TallyQuery& query) { return must(must(store().read())->tallies(query)); }

    TallyQuery november() {
        TallyQuery query;
        query.center = {"mau"};
        query.first = *survey::parse_date("2026-11-01");
        query.last = *survey::parse_date("2026-11-30");
        return query;
    }

    std::unique_ptr<contract::StoreHost> host_;
};

TEST_P(StoreContract, HoldsNothingAtFirst) {
    auto reader = must(store().read());
    EXPECT_TRUE(must(reader->centers()).empty());
    EXPECT_TRUE(must(reader->terminals()).empty());
    EXPECT_TRUE(must(reader->questionnaires()).empty());
    EXPECT_TRUE(must(reader->incidents()).empty());
    EXPECT_FALSE(must(reader->center({"mau"})).has_value());
    EXPECT_FALSE(must(reader->terminal({"K1"})).has_value());
    EXPECT_EQ(must(reader->hash_at({"K1"}, 0)), survey::kChainStart);
    EXPECT_FALSE(must(reader->hash_at({"K1"}, 1)).has_value());
    EXPECT_EQ(must(reader->totals({"mau"})).stored, 0);
}

TEST_P(StoreContract, ReturnsDocumentsAsImportedAndRaisesTheRevisionOnlyOnChange) {
    const auto put = [&](const std::string& center) {
        auto transaction = must(store().write());
        must(transaction->put_center({"mau"}, center));
        must(transaction->put_questionnaire({{"W5"}, 2}, "two"));
        must(transaction->put_questionnaire({{"W5"}, 1}, "one"));
        must(transaction->put_questionnaire({{"A"}, 10}, "ten"));
        must(transaction->commit());
        return must(must(store().read())->documents_revision());
    };
    const std::int64_t first = put("{\"a\": 1}");
    EXPECT_EQ(put("{\"a\": 1}"), first);
    const std::int64_t second = put("{\"a\":  1}");
    EXPECT_GT(second, first);
    auto reader = must(store().read());
    EXPECT_EQ(must(reader->center({"mau"})), "{\"a\":  1}");
    EXPECT_EQ(must(reader->questionnaires()), (std::vector<std::string>{"ten", "one", "two"}));
    EXPECT_EQ(must(reader->centers()), (std::vector<survey::CenterId>{{"mau"}}));
}

TEST_P(StoreContract, RefusesToChangeAPublishedQuestionnaire) {
    auto transaction = must(store().write());
    must(transaction->put_questionnaire({{"W5"}, 1}, "one"));
    const auto again = transaction->put_questionnaire({{"W5"}, 1}, "other");
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().kind, BackendStoreErrorKind::conflict);
    EXPECT_EQ(must(transaction->questionnaires()), std::vector<std::string>{"one"});
}

TEST_P(StoreContract, FindsATerminalByIdAndByToken) {
    Terminal terminal = put_terminal("K1");
    put_terminal("K0");
    EXPECT_EQ(must(must(store().read())->terminal({"K1"})), terminal);
    EXPECT_EQ(must(must(store().read())->terminal_by_token("hash of K1")), terminal);
    EXPECT_FALSE(must(must(store().read())->terminal_by_token("")).has_value());
    terminal.token_hash = "another";
    terminal.last_seq = 7;
    terminal.last_hash = survey::sha256("x");
    terminal.reported_collected = 9;
    terminal.last_seen = sample::noon();
    auto transaction = must(store().write());
    must(transaction->put_terminal(terminal));
    must(transaction->commit());
    EXPECT_FALSE(must(must(store().read())->terminal_by_token("hash of K1")).has_value());
    const auto all = must(must(store().read())->terminals());
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[1], terminal);
}

TEST_P(StoreContract, RefusesTwoTerminalsWithOneToken) {
    Terminal terminal = put_terminal("K1");
    terminal.kiosk = {"K2"};
    auto transaction = must(store().write());
    const auto put = transaction->put_terminal(terminal);
    ASSERT_FALSE(put);
    EXPECT_EQ(put.error().kind, BackendStoreErrorKind::conflict);
}

TEST_P(StoreContract, ReturnsRecordsByteForByteInOrder) {
    put_terminal("K1");
    std::vector<StoredRecord> stored = {record(1), record(2, "unreadable"), record(3)};
    stored[1].id.reset();
    stored[2].bytes.clear();
    auto transaction = must(store().write());
    for (const StoredRecord& one : stored)
        must(transaction->add_record(one));
    must(transaction->commit());
    transaction.reset();
    host_->reopen();
    std::vector<StoredRecord> seen;
    must(must(store().read())->each_record({"K1"}, [&](const StoredRecord& one) {
        seen.push_back(one);
        return true;
    }));
    EXPECT_EQ(seen, stored);
    EXPECT_EQ(must(must(store().read())->hash_at({"K1"}, 2)), stored[1].hash);
    EXPECT_TRUE(must(must(store().read())->holds_id(*stored[0].id)));
    EXPECT_FALSE(must(must(store().read())->holds_id(sample::uuid(2))));
}

TEST_P(StoreContract, StopsWalkingWhenTheVisitorSaysSo) {
    put_terminal("K1");
    auto transaction = must(store().write());
    must(transaction->add_record(record(1)));
    must(transaction->add_record(record(2)));
    must(transaction->add_batch({{"K1"}, 1, 1, "a", {}, sample::noon()}));
    must(transaction->add_batch({{"K1"}, 2, 1, "b", {}, sample::noon()}));
    must(transaction->add_tally(row("2026-11-22", 1)));
    must(transaction->add_tally(row("2026-11-23", 1)));
    int records = 0;
    int batches = 0;
    int rows = 0;
    must(transaction->each_record({"K1"}, [&](const StoredRecord&) { return ++records < 1; }));
    must(transaction->each_batch({"K1"}, [&](const StoredBatch&) { return ++batches < 1; }));
    must(transaction->each_tally([&](const TallyRow&) { return ++rows < 1; }));
    EXPECT_EQ(records, 1);
    EXPECT_EQ(batches, 1);
    EXPECT_EQ(rows, 1);
}

TEST_P(StoreContract, RefusesASecondRecordAtOnePlace) {
    auto transaction = must(store().write());
    must(transaction->add_record(record(1)));
    StoredRecord again = record(1);
    again.id = sample::uuid(99);
    const auto added = transaction->add_record(again);
    ASSERT_FALSE(added);
    EXPECT_EQ(added.error().kind, BackendStoreErrorKind::conflict);
}

TEST_P(StoreContract, CountsAnIdOnceButHoldsQuarantinedCopies) {
    auto transaction = must(store().write());
    must(transaction->add_record(record(1)));
    StoredRecord twin = record(2, "duplicate_id");
    twin.id = record(1).id;
    must(transaction->add_record(twin));
    twin.seq = 3;
    must(transaction->add_record(twin));
    twin.seq = 4;
    twin.quarantine_reason.clear();
    const auto added = transaction->add_record(twin);
    ASSERT_FALSE(added);
    EXPECT_EQ(added.error().kind, BackendStoreErrorKind::conflict);
}

TEST_P(StoreContract, KeepsBatchHeadersAsReceived) {
    StoredBatch batch{{"K1"}, 1, 3, std::string("{\"x\":\0}", 7), {}, sample::noon()};
    batch.signature.bytes[63] = 1;
    auto transaction = must(store().write());
    must(transaction->add_batch(batch));
    must(transaction->commit());
    std::vector<StoredBatch> seen;
    must(must(store().read())->each_batch({"K1"}, [&](const StoredBatch& one) {
        seen.push_back(one);
        return true;
    }));
    EXPECT_EQ(seen, std::vector<StoredBatch>{batch});
}

TEST_P(StoreContract, AddsTalliesUp) {
    for (int i = 0; i < 3; ++i) {
        auto transaction = must(store().write());
        TallyRow more = row("2026-11-22", 2);
        more.tally.items[{"overall"}][i == 0 ? "4" : "3"] = 1;
        must(transaction->add_tally(more));
        must(transaction->commit());
    }
    const auto rows = tallies(november());
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0].tally.responses, 6);
    EXPECT_EQ((rows[0].tally.items.at({"overall"})), (survey::OptionCounts{{"3", 2}, {"4", 1}, {"5", 6}}));
}

TEST_P(StoreContract, KeepsEachMemberOfATallysKeyApart) {
    const TallyRow base = row("2026-11-22", 1);
    std::vector<TallyRow> rows(8, base);
    rows[1].key.center = {"khac"};
    rows[2].key.grain = Grain::month;
    rows[3].key.date = *survey::parse_date("2026-11-23");
    rows[4].key.questionnaire.version = 2;
    rows[5].key.questionnaire.id = {"W3"};
    rows[6].key.subject = {survey::SubjectKind::counter, "A"};
    rows[7].key.flagged = true;
    auto transaction = must(store().write());
    for (const TallyRow& one : rows)
        must(transaction->add_tally(one));
    std::map<TallyKey, survey::Tally> seen;
    must(transaction->each_tally([&](const TallyRow& one) { return seen.emplace(one.key, one.tally).second; }));
    EXPECT_EQ(seen.size(), rows.size());
    for (const TallyRow& one : rows)
        EXPECT_EQ(seen.at(one.key), one.tally);
}

TEST_P(StoreContract, SelectsTalliesByDaysGrainAndSubject) {
    using enum survey::SubjectKind;
    auto transaction = must(store().write());
    for (const char* date : {"2026-10-31", "2026-11-01", "2026-11-30", "2026-12-01"}) {
        must(transaction->add_tally(row(date, 1)));
        must(transaction->add_tally(row(date, 1, {counter, "A"})));
        must(transaction->add_tally(row(date, 1, {counter, "B"})));
    }
    TallyRow month = row("2026-11-01", 1, {officer, "a-01"});
    month.key.grain = Grain::month;
    must(transaction->add_tally(month));
    must(transaction->commit());
    TallyQuery query = november();
    EXPECT_EQ(tallies(query).size(), 6u);
    query.subject_kind = counter;
    EXPECT_EQ(tallies(query).size(), 4u);
    query.subject_id = "B";
    EXPECT_EQ(tallies(query).size(), 2u);
    query.subject_kind.reset();
    EXPECT_EQ(tallies(query).size(), 2u);
    query = november();
    query.grain = Grain::month;
    EXPECT_EQ(tallies(query), std::vector<TallyRow>{month});
    query.center = {"khac"};
    EXPECT_TRUE(tallies(query).empty());
}

TEST_P(StoreContract, KeepsTheSameIncidentOnce) {
    const Incident incident{sample::noon(), {"K1"}, "altered", "record 7", std::string("\0bytes", 6)};
    Incident later = incident;
    later.time += std::chrono::hours(1);
    later.evidence = "other";
    Incident other = incident;
    other.detail = "record 8";
    auto transaction = must(store().write());
    for (const Incident& one : {incident, later, other})
        must(transaction->add_incident(one));
    EXPECT_EQ(must(transaction->incidents()), (std::vector<Incident>{incident, other}));
}

TEST_P(StoreContract, AddsUpWhatTheTerminalsOfACenterHoldAndReport) {
    for (const char* kiosk : {"K1", "K2", "K9"}) {
        Terminal terminal = put_terminal(kiosk, std::string(kiosk) == "K9" ? "khac" : "mau");
        terminal.last_seq = 2;
        terminal.reported_collected = 5;
        auto transaction = must(store().write());
        must(transaction->put_terminal(terminal));
        must(transaction->commit());
    }
    auto transaction = must(store().write());
    must(transaction->add_record(record(1)));
    must(transaction->add_record(record(2, "invalid")));
    must(transaction->commit());
    const CenterTotals totals = must(must(store().read())->totals({"mau"}));
    EXPECT_EQ(totals.stored, 4);
    EXPECT_EQ(totals.quarantined, 1);
    EXPECT_EQ(totals.counted, 3);
    EXPECT_EQ(totals.reported_collected, 10);
}

TEST_P(StoreContract, ForgetsWhatWasNotCommitted) {
    {
        auto transaction = must(store().write());
        must(transaction->put_center({"mau"}, "{}"));
        EXPECT_EQ(must(transaction->centers()).size(), 1u);
    }
    EXPECT_TRUE(must(must(store().read())->centers()).empty());
    host_->reopen();
    EXPECT_TRUE(must(must(store().read())->centers()).empty());
}

TEST_P(StoreContract, KeepsWhatWasCommittedAcrossReopen) {
    put_terminal("K1");
    host_->reopen();
    EXPECT_EQ(must(must(store().read())->terminals()).size(), 1u);
}

TEST_P(StoreContract, ShowsAReaderOneStateWhileTheWriterGoesOn) {
    auto reader = must(store().read());
    EXPECT_TRUE(must(reader->terminals()).empty());
    put_terminal("K1");
    EXPECT_TRUE(must(reader->terminals()).empty());
    EXPECT_EQ(must(must(store().read())->terminals()).size(), 1u);
}

TEST_P(StoreContract, RefusesASecondWriterUntilTheFirstIsDone) {
    auto first = must(store().write());
    const auto second = store().write();
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind, BackendStoreErrorKind::busy);
    first.reset();
    EXPECT_TRUE(store().write());
}

TEST_P(StoreContract, RollsBackToTheLastMarkOnly) {
    auto transaction = must(store().write());
    must(transaction->set_savepoint());
    must(transaction->put_center({"a"}, "{}"));
    must(transaction->set_savepoint());
    must(transaction->put_center({"b"}, "{}"));
    must(transaction->roll_back_to_savepoint());
    must(transaction->put_center({"c"}, "{}"));
    must(transaction->roll_back_to_savepoint());
    must(transaction->put_center({"d"}, "{}"));
    must(transaction->commit());
    EXPECT_EQ(must(must(store().read())->centers()), (std::vector<survey::CenterId>{{"a"}, {"d"}}));
}

TEST_P(StoreContract, GoesOnAfterARefusedWrite) {
    auto transaction = must(store().write());
    must(transaction->add_record(record(1)));
    must(transaction->set_savepoint());
    EXPECT_FALSE(transaction->add_record(record(1)));
    must(transaction->roll_back_to_savepoint());
    must(transaction->add_record(record(2)));
    must(transaction->commit());
    EXPECT_TRUE(must(must(store().read())->hash_at({"K1"}, 2)).has_value());
}

TEST_P(StoreContract, KeepsATerminalsKey) {
    Terminal terminal = put_terminal("K1");
    terminal.key = key(7);
    auto transaction = must(store().write());
    must(transaction->put_terminal(terminal));
    EXPECT_EQ(must(transaction->terminal({"K1"})), terminal);
    terminal.key.reset();
    must(transaction->put_terminal(terminal));
    EXPECT_EQ(must(transaction->terminal({"K1"})), terminal);
}

TEST_P(StoreContract, HoldsManyRevokedTerminalsThatNoTokenFinds) {
    auto transaction = must(store().write());
    for (const char* kiosk : {"K1", "K2"}) {
        Terminal terminal;
        terminal.kiosk = {kiosk};
        must(transaction->put_terminal(terminal));
    }
    EXPECT_EQ(must(transaction->terminals()).size(), 2u);
    EXPECT_FALSE(must(transaction->terminal_by_token("")).has_value());
}

TEST_P(StoreContract, KeepsEveryKeyOfATerminalInTheOrderTheyCame) {
    auto transaction = must(store().write());
    const TerminalKey first{{"K1"}, key(2), sample::noon()};
    const TerminalKey second{{"K1"}, key(1), sample::noon() - std::chrono::hours(1)};
    must(transaction->add_terminal_key(first));
    must(transaction->add_terminal_key(second));
    must(transaction->add_terminal_key({{"K2"}, key(2), sample::noon()}));
    must(transaction->add_terminal_key({{"K1"}, key(2), sample::noon() + std::chrono::hours(9)}));
    EXPECT_EQ(must(transaction->terminal_keys({"K1"})), (std::vector<TerminalKey>{first, second}));
    EXPECT_TRUE(must(transaction->terminal_keys({"K3"})).empty());
}

TEST_P(StoreContract, ReplacesACodeByItsHash) {
    EnrolmentCode code{"hash", {"K1"}, {"mau"}, sample::noon(), std::nullopt};
    auto transaction = must(store().write());
    EXPECT_FALSE(must(transaction->code("hash")).has_value());
    must(transaction->put_code(code));
    EXPECT_EQ(must(transaction->code("hash")), code);
    code.used_by = key(3);
    must(transaction->put_code(code));
    EXPECT_EQ(must(transaction->code("hash")), code);
    EXPECT_FALSE(must(transaction->code("other")).has_value());
}

TEST_P(StoreContract, SaysNothingOfATimeWhileARecordIsQuarantined) {
    StoredRecord stored = record(1, "invalid");
    stored.counted_at = sample::noon();
    stored.trust = survey::TimeTrust::trusted;
    auto transaction = must(store().write());
    must(transaction->add_record(stored));
    EXPECT_EQ(must(transaction->record({"K1"}, 1)), record(1, "invalid"));
    EXPECT_FALSE(must(transaction->record({"K1"}, 2)).has_value());
}

TEST_P(StoreContract, FindsWhatTheRecordBeforeWasCountedAt) {
    auto transaction = must(store().write());
    must(transaction->add_record(record(1)));
    must(transaction->add_record(record(2)));
    must(transaction->add_record(record(3, "unknown_officer")));
    must(transaction->add_record(record(4, "invalid")));
    EXPECT_FALSE(must(transaction->counted_before({"K1"}, 1, 0)).has_value());
    EXPECT_EQ(must(transaction->counted_before({"K1"}, 2, 0)), (CountedAt{1, record(1).counted_at}));
    EXPECT_EQ(must(transaction->counted_before({"K1"}, 5, 0)), (CountedAt{2, record(2).counted_at}));
    EXPECT_EQ(must(transaction->counted_before({"K1"}, 5, 2)), (CountedAt{2, record(2).counted_at}));
    EXPECT_FALSE(must(transaction->counted_before({"K1"}, 5, 3)).has_value());
    EXPECT_FALSE(must(transaction->counted_before({"K2"}, 5, 0)).has_value());
    StoredRecord taken = record(3);
    taken.reprocessed = sample::noon();
    must(transaction->reprocess(taken));
    EXPECT_EQ(must(transaction->counted_before({"K1"}, 5, 0)), (CountedAt{2, record(2).counted_at}));
}

TEST_P(StoreContract, SkipsNumbersThatStandForNoRecord) {
    Terminal terminal = put_terminal("K1");
    terminal.last_seq = 10;
    auto transaction = must(store().write());
    must(transaction->put_terminal(terminal));
    const StoredSkip late{{"K1"}, 8, 9, "unknown", survey::sha256("x"), sample::noon()};
    const StoredSkip early{{"K1"}, 3, 5, "damaged", survey::kChainStart, sample::noon()};
    must(transaction->add_skip(late));
    must(transaction->add_skip(early));
    EXPECT_EQ(must(transaction->skips({"K1"})), (std::vector<StoredSkip>{early, late}));
    EXPECT_TRUE(must(transaction->skips({"K2"})).empty());
    EXPECT_EQ(must(transaction->hash_at({"K1"}, 9)), survey::sha256("x"));
    EXPECT_FALSE(must(transaction->hash_at({"K1"}, 8)).has_value());
    const CenterTotals totals = must(transaction->totals({"mau"}));
    EXPECT_EQ(totals.skipped, 5);
    EXPECT_EQ(totals.stored, 5);
    EXPECT_EQ(totals.counted, 5);
}

TEST_P(StoreContract, RefusesASkipOverARecordOrAnotherSkip) {
    auto transaction = must(store().write());
    must(transaction->add_record(record(2)));
    must(transaction->add_skip({{"K1"}, 5, 7, "damaged", {}, {}}));
    for (const auto& [first, last] :
         std::vector<std::pair<std::int64_t, std::int64_t>>{{2, 2}, {1, 3}, {5, 7}, {4, 5}, {7, 9}, {6, 6}, {3, 9}}) {
        const auto added = transaction->add_skip({{"K1"}, first, last, "damaged", {}, {}});
        ASSERT_FALSE(added) << first << " to " << last;
        EXPECT_EQ(added.error().kind, BackendStoreErrorKind::conflict);
    }
    must(transaction->add_skip({{"K1"}, 3, 4, "damaged", {}, {}}));
    must(transaction->add_skip({{"K1"}, 8, 8, "damaged", {}, {}}));
    must(transaction->add_skip({{"K2"}, 2, 9, "damaged", {}, {}}));
}

TEST_P(StoreContract, PagesThroughWhatIsQuarantined) {
    auto transaction = must(store().write());
    for (std::int64_t seq = 1; seq <= 6; ++seq)
        must(transaction->add_record(record(seq, seq % 2 == 0 ? "invalid" : "")));
    StoredRecord other = record(1, "unreadable");
    other.kiosk = {"K0"};
    other.id.reset();
    must(transaction->add_record(other));
    const auto page = must(transaction->quarantined_after({}, 0, 3));
    EXPECT_EQ(page, (std::vector<StoredRecord>{other, record(2, "invalid"), record(4, "invalid")}));
    EXPECT_EQ(must(transaction->quarantined_after({"K1"}, 4, 3)), (std::vector<StoredRecord>{record(6, "invalid")}));
    EXPECT_TRUE(must(transaction->quarantined_after({"K1"}, 6, 3)).empty());
    EXPECT_TRUE(must(transaction->quarantined_after({}, 0, 0)).empty());
}

TEST_P(StoreContract, ReprocessesARecordThatWasQuarantined) {
    StoredRecord stored = record(1, "unknown_format");
    stored.id.reset();
    auto transaction = must(store().write());
    must(transaction->add_record(stored));
    stored = record(1);
    stored.quarantine_detail = "detail";
    stored.reprocessed = sample::noon() + std::chrono::hours(5);
    StoredRecord given = stored;
    given.bytes = "other";
    given.hash = survey::sha256("other");
    given.received += std::chrono::hours(1);
    given.quarantine_detail = "other";
    must(transaction->reprocess(given));
    EXPECT_EQ(must(transaction->record({"K1"}, 1)), stored);
    EXPECT_TRUE(must(transaction->holds_id(*stored.id)));
    EXPECT_TRUE(must(transaction->quarantined_after({}, 0, 9)).empty());
}

TEST_P(StoreContract, RefusesToReprocessWhatIsNotQuarantinedOrCountsAlready) {
    auto transaction = must(store().write());
    must(transaction->add_record(record(1)));
    StoredRecord twin = record(2, "duplicate_id");
    twin.id = record(1).id;
    must(transaction->add_record(twin));
    const auto refused = [&](StoredRecord stored) {
        stored.reprocessed = sample::noon();
        stored.quarantine_reason.clear();
        const auto taken = transaction->reprocess(stored);
        return !taken && taken.error().kind == BackendStoreErrorKind::conflict;
    };
    EXPECT_TRUE(refused(record(1)));
    EXPECT_TRUE(refused(record(7)));
    EXPECT_TRUE(refused(twin));
    EXPECT_EQ(must(transaction->record({"K1"}, 2)), twin);
}

TEST_P(StoreContract, RefusesToChangeTheIdOfARecordThatIsReprocessed) {
    auto transaction = must(store().write());
    must(transaction->add_record(record(1, "unknown_officer")));
    StoredRecord taken = record(1);
    taken.id = sample::uuid(99);
    taken.reprocessed = sample::noon();
    const auto refused = transaction->reprocess(taken);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, BackendStoreErrorKind::conflict);
}

TEST_P(StoreContract, KeepsTheFirstTextAtItsPlace) {
    StoredText other = sealed(1);
    other.bytes = "other";
    committed([&](WriteTransaction& transaction) {
        must(transaction.add_text(sealed(2)));
        must(transaction.add_text(sealed(1, "phone")));
        must(transaction.add_text(sealed(1)));
        must(transaction.add_text(other));
        return transaction.texts({"K1"}, 1);
    });
    EXPECT_EQ(must(must(store().read())->texts({"K1"}, 1)), (std::vector<StoredText>{sealed(1), sealed(1, "phone")}));
    EXPECT_EQ(texts(), (std::vector<StoredText>{sealed(1), sealed(1, "phone"), sealed(2)}));
    int seen = 0;
    must(must(store().read())->each_text([&](const StoredText&) { return ++seen < 2; }));
    EXPECT_EQ(seen, 2);
}

TEST_P(StoreContract, ErasesATextForGoodAndKeepsTheTrace) {
    committed([&](WriteTransaction& transaction) {
        must(transaction.add_text(sealed(1)));
        return transaction.erase_text(erasure(1));
    });
    EXPECT_TRUE(texts().empty());
    EXPECT_FALSE(committed([&](WriteTransaction& transaction) { return transaction.erase_text(erasure(1)); }));
    committed([&](WriteTransaction& transaction) {
        must(transaction.add_text(sealed(1)));
        return transaction.texts({"K1"}, 1);
    });
    EXPECT_TRUE(texts().empty());
    EXPECT_EQ(must(must(store().read())->erasures()), (std::vector<Erasure>{erasure(1)}));
}

TEST_P(StoreContract, LetsNoTextComeThatWasErasedBeforeItCame) {
    EXPECT_TRUE(committed([&](WriteTransaction& transaction) { return transaction.erase_text(erasure(3)); }));
    committed([&](WriteTransaction& transaction) {
        must(transaction.add_text(sealed(3)));
        return transaction.texts({"K1"}, 3);
    });
    EXPECT_TRUE(texts().empty());
}

TEST_P(StoreContract, ErasesWhatIsOldInSteps) {
    committed([&](WriteTransaction& transaction) {
        for (std::int64_t seq = 1; seq <= 5; ++seq) {
            StoredText one = sealed(seq);
            one.received += std::chrono::hours(seq);
            must(transaction.add_text(one));
        }
        return transaction.texts({"K1"}, 1);
    });
    const auto before = sample::noon() + std::chrono::hours(4);
    const Erasure trace{{}, 0, {}, sample::noon() + std::chrono::hours(99), "kept long enough"};
    const auto step = [&](WriteTransaction& transaction) { return transaction.erase_texts_before(before, trace, 2); };
    EXPECT_EQ(committed(step), 2);
    EXPECT_EQ(committed(step), 1);
    EXPECT_EQ(committed(step), 0);
    EXPECT_EQ(texts().size(), 2u);
    const auto traces = must(must(store().read())->erasures());
    ASSERT_EQ(traces.size(), 3u);
    EXPECT_EQ(traces[0], (Erasure{{"K1"}, 1, {"comment"}, trace.time, trace.reason}));
}

TEST_P(StoreContract, AddsUpATerminalsDaysAndReplacesWhatItSays) {
    put_terminal("K1");
    put_terminal("K2");
    put_terminal("K9", "khac");
    const auto day = [](const std::string& kiosk, const std::string& date, std::int64_t collected, std::int64_t stored,
                        std::int64_t counted, std::int64_t quarantined) {
        return TerminalDay{{kiosk}, *survey::parse_date(date), collected, stored, counted, quarantined};
    };
    committed([&](WriteTransaction& transaction) {
        for (const char* date : {"2026-10-31", "2026-11-01", "2026-11-30", "2026-12-01"}) {
            must(transaction.add_terminal_day(day("K2", date, 1, 1, 1, 0)));
            must(transaction.add_terminal_day(day("K9", date, 1, 1, 1, 0)));
        }
        TerminalDay first = day("K1", "2026-11-02", 9, 3, 2, 1);
        first.copies = 5;
        must(transaction.add_terminal_day(first));
        must(transaction.add_terminal_day(day("K1", "2026-11-02", 0, 1, 2, -1)));
        must(transaction.add_terminal_day(day("K1", "2026-11-02", 7, 0, 0, 0)));
        return transaction.documents_revision();
    });
    TerminalDay sum = day("K1", "2026-11-02", 7, 4, 4, 0);
    sum.copies = 5;
    auto reader = must(store().read());
    EXPECT_EQ(
        must(reader->terminal_days({"mau"}, november().first, november().last)),
        (std::vector<TerminalDay>{sum, day("K2", "2026-11-01", 1, 1, 1, 0), day("K2", "2026-11-30", 1, 1, 1, 0)}));
    int seen = 0;
    must(reader->each_terminal_day([&](const TerminalDay&) {
        ++seen;
        return true;
    }));
    EXPECT_EQ(seen, 9);
    must(reader->each_terminal_day([&](const TerminalDay&) { return ++seen < 11; }));
    EXPECT_EQ(seen, 11);
}

TEST_P(StoreContract, NoticesTwoMachinesThatTakeTurns) {
    auto transaction = must(store().write());
    const auto note = [&](const std::string& boot, const std::string& kiosk = "K1") {
        return must(transaction->note_boot({kiosk}, boot, sample::noon()));
    };
    EXPECT_FALSE(note("a"));
    EXPECT_FALSE(note("a"));
    EXPECT_FALSE(note("b"));
    EXPECT_FALSE(note("a", "K2"));
    EXPECT_FALSE(note("b"));
    EXPECT_TRUE(note("a"));
    EXPECT_FALSE(note("a"));
    EXPECT_TRUE(note("b"));
    EXPECT_FALSE(note("c"));
}

TEST_P(StoreContract, FindsTheBatchThatBroughtARecord) {
    const auto batch = [](std::int64_t first, std::int64_t count, const std::string& name) {
        return StoredBatch{{"K1"}, first, count, name, {}, sample::noon()};
    };
    auto transaction = must(store().write());
    must(transaction->add_batch(batch(1, 3, "a")));
    must(transaction->add_batch(batch(2, 4, "b")));
    must(transaction->add_batch(batch(9, 1, "c")));
    const std::vector<std::string> expected = {"", "a", "a", "a", "b", "b", "", "", "", "c", ""};
    for (std::size_t seq = 0; seq < expected.size(); ++seq) {
        const auto found = must(transaction->batch_of({"K1"}, static_cast<std::int64_t>(seq)));
        EXPECT_EQ(found ? found->header_bytes : "", expected[seq]) << seq;
    }
    EXPECT_FALSE(must(transaction->batch_of({"K2"}, 1)).has_value());
}

TEST_P(StoreContract, KnowsOfNoUnsignedRecordsInANewStore) {
    auto transaction = must(store().write());
    must(transaction->add_record(record(1)));
    EXPECT_EQ(must(transaction->unsigned_until({"K1"})), 0);
}

TEST(ClaimedDay, IsTheLocalDayOfTheTerminalsOwnClock) {
    survey::Response response;
    response.finished.utc = survey::start_of_day(*survey::parse_date("2026-11-22"));
    response.finished.utc_offset = survey::kVietnamOffset;
    const survey::UtcTime received = response.finished.utc + std::chrono::days(3);
    EXPECT_EQ(survey::to_string(claimed_day(&response, received)), "2026-11-22");
    response.finished.utc_offset = std::chrono::minutes(0);
    EXPECT_EQ(survey::to_string(claimed_day(&response, received)), "2026-11-21");
    EXPECT_EQ(survey::to_string(claimed_day(nullptr, received)), "2026-11-25");
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreContract, ::testing::ValuesIn(contract::stores_under_test()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace hailong::sync
