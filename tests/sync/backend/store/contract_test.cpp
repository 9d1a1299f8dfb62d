#include "tests/sync/backend/store/contract.h"

#include <algorithm>
#include <limits>
#include <ostream>
#include <span>

#include <gtest/gtest.h>

#include "tests/sync/backend/store/failing_store.h"
#include "tests/sync/backend/store/stored_record.h"

namespace hailong::sync {
namespace {

using contract::StoreUnderTest;
using sample::must;
using sample::noon;
using sample::stored_record;
using std::chrono::hours;

survey::Date date(const char* text) {
    return *survey::parse_date(text);
}

Terminal terminal(const std::string& kiosk, const std::string& center = "mau") {
    Terminal terminal;
    terminal.kiosk = {kiosk};
    terminal.center = {center};
    terminal.token_hash = "hash of " + kiosk;
    return terminal;
}

StoredRecord with_id(StoredRecord record, std::uint64_t number) {
    record.id = sample::uuid(number);
    return record;
}

survey::SignPublicKey key(std::uint8_t number) {
    survey::SignPublicKey result;
    result.bytes.fill(number);
    return result;
}

StoredText sealed(std::int64_t seq, const std::string& item = "comment", const std::string& kiosk = "K1") {
    return {{{kiosk}, seq, {item}}, std::string("\0sealed ", 8) + item, noon()};
}

Erasure erasure(std::int64_t seq, const std::string& item = "comment", const std::string& kiosk = "K1") {
    return {{{kiosk}, seq, {item}}, noon() + hours(1), "asked for"};
}

survey::TallyKey tally_key(const char* day, survey::Subject subject = {}) {
    survey::TallyKey key;
    key.date = date(day);
    key.questionnaire = {{"W5"}, 1};
    key.subject = std::move(subject);
    return key;
}

survey::Tally tally(std::int64_t responses) {
    survey::Tally tally;
    tally.responses = responses;
    tally.items[{"overall"}]["5"] = responses;
    return tally;
}

TallyQuery november() {
    TallyQuery query;
    query.center = {"mau"};
    query.first = date("2026-11-01");
    query.last = date("2026-11-30");
    return query;
}

std::vector<std::pair<survey::TallyKey, survey::Tally>> sorted(const std::vector<TallyRow>& rows) {
    std::vector<std::pair<survey::TallyKey, survey::Tally>> result;
    for (const TallyRow& row : rows)
        result.emplace_back(row.key, row.tally);
    std::sort(result.begin(), result.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    return result;
}

template <class Value>
bool is_conflict(const StoreResult<Value>& result) {
    return !result && result.error().kind == StoreErrorKind::conflict;
}

class StoreContract : public ::testing::TestWithParam<StoreUnderTest> {
  protected:
    StoreContract() : host_(GetParam().make()) {}
    Store& store() { return host_->store(); }

    /// Runs `action` in a transaction of its own, committed.
    template <class Action>
    void commit(Action&& action) {
        auto transaction = must(store().write());
        action(*transaction);
        must(transaction->commit());
    }

    void put(const Terminal& terminal) {
        commit([&](Transaction& transaction) { must(transaction.terminals().put(terminal)); });
    }

    /// Adds them; the ids decide.
    static std::vector<std::size_t> add(Transaction& transaction, const std::vector<StoredRecord>& records,
                                        bool id_decides = true) {
        return must(try_to_add(transaction, records, id_decides));
    }
    static StoreResult<std::vector<std::size_t>> try_to_add(Transaction& transaction,
                                                            const std::vector<StoredRecord>& records,
                                                            bool id_decides = true) {
        std::vector<NewRecord> added;
        for (const StoredRecord& record : records)
            added.push_back({record, id_decides});
        return transaction.records().add(added);
    }

    std::unique_ptr<contract::StoreHost> host_;
};

// --- The whole -------------------------------------------------------------------------------------------------------

TEST_P(StoreContract, KeepsNothingAtFirst) {
    auto snapshot = must(store().read());
    EXPECT_TRUE(must(snapshot->documents().centers()).empty());
    EXPECT_TRUE(must(snapshot->documents().questionnaires()).empty());
    EXPECT_FALSE(must(snapshot->documents().center({"mau"})).has_value());
    EXPECT_TRUE(must(snapshot->terminals().page({}, 9)).empty());
    EXPECT_FALSE(must(snapshot->terminals().terminal({"K1"})).has_value());
    EXPECT_TRUE(must(snapshot->terminals().of_center({"mau"})).empty());
    EXPECT_EQ(must(snapshot->terminals().totals({"mau"})), CenterTotals{});
    EXPECT_TRUE(must(snapshot->terminals().days_of({"K1"})).empty());
    EXPECT_TRUE(must(snapshot->terminals().statuses({}, 9)).empty());
    EXPECT_TRUE(must(snapshot->records().page({"K1"}, 1, 9)).empty());
    EXPECT_TRUE(must(snapshot->records().chain_values({"K1"}, 1, 9)).empty());
    EXPECT_TRUE(must(snapshot->records().batches({"K1"})).empty());
    EXPECT_FALSE(must(snapshot->records().batch_of({"K1"}, 1)).has_value());
    EXPECT_TRUE(must(snapshot->records().skips({"K1"})).empty());
    EXPECT_FALSE(must(snapshot->records().counted_before({"K1"}, 9, 0)).has_value());
    EXPECT_EQ(must(snapshot->records().unsigned_until({"K1"})), 0);
    EXPECT_TRUE(must(snapshot->records().find_ids(std::vector{sample::uuid(1)})).empty());
    EXPECT_TRUE(must(snapshot->tallies().centers()).empty());
    EXPECT_TRUE(must(snapshot->tallies().of_center({"mau"})).empty());
    EXPECT_TRUE(must(snapshot->tallies().find(november())).empty());
    EXPECT_TRUE(must(snapshot->texts().page({}, 9)).empty());
    EXPECT_TRUE(must(snapshot->texts().erasures({}, 9)).empty());
    EXPECT_TRUE(must(snapshot->incidents().newest(9)).empty());
    EXPECT_EQ(must(snapshot->counts()), StoreCounts{});
}

TEST_P(StoreContract, ForgetsWhatWasNotCommitted) {
    {
        auto transaction = must(store().write());
        must(transaction->documents().put_center({"mau"}, "{}"));
        add(*transaction, {stored_record(1)});
        must(transaction->texts().add(std::vector{sealed(1)}));
        EXPECT_EQ(must(transaction->documents().centers()).size(), 1u);
        EXPECT_EQ(must(transaction->records().page({"K1"}, 1, 9)).size(), 1u);
        EXPECT_EQ(must(transaction->counts()).texts, 1);
    }
    EXPECT_TRUE(must(must(store().read())->documents().centers()).empty());
    host_->reopen();
    EXPECT_TRUE(must(must(store().read())->documents().centers()).empty());
    EXPECT_TRUE(must(must(store().read())->records().page({"K1"}, 1, 9)).empty());
    EXPECT_EQ(must(must(store().read())->counts()), StoreCounts{});
}

TEST_P(StoreContract, KeepsWhatWasCommittedAcrossReopen) {
    put(terminal("K1"));
    host_->reopen();
    EXPECT_EQ(must(must(store().read())->terminals().page({}, 9)), std::vector{terminal("K1")});
}

TEST_P(StoreContract, ShowsASnapshotOneStateWhileTheWriterGoesOn) {
    auto before = must(store().read());
    EXPECT_TRUE(must(before->terminals().page({}, 9)).empty());
    auto transaction = must(store().write());
    must(transaction->terminals().put(terminal("K1")));
    must(transaction->tallies().add({{{"mau"}, {{tally_key("2026-11-22"), tally(1)}}}}));
    EXPECT_TRUE(must(must(store().read())->terminals().page({}, 9)).empty());
    must(transaction->commit());
    transaction.reset();
    EXPECT_TRUE(must(before->terminals().page({}, 9)).empty());
    EXPECT_EQ(must(must(store().read())->terminals().page({}, 9)).size(), 1u);
}

TEST_P(StoreContract, TakesOrPutsOffATransactionWhileAnotherIsOpen) {
    auto first = must(store().write());
    {
        const auto second = store().write();
        if (!second) {
            EXPECT_EQ(second.error().kind, StoreErrorKind::busy);
        }
    }
    must(first->terminals().put(terminal("K1")));
    must(first->commit());
    first.reset();
    const auto third = must(store().write());
    EXPECT_TRUE(must(third->terminals().terminal({"K1"})).has_value());
}

TEST_P(StoreContract, RollsBackToTheLastMarkOnly) {
    commit([&](Transaction& transaction) {
        must(transaction.documents().put_center({"a"}, "{}"));
        must(transaction.set_savepoint());
        must(transaction.documents().put_center({"b"}, "{}"));
        must(transaction.set_savepoint());
        must(transaction.documents().put_center({"c"}, "{}"));
        add(transaction, {stored_record(1)});
        must(transaction.roll_back_to_savepoint());
        EXPECT_EQ(must(transaction.documents().centers()).size(), 2u);
        must(transaction.documents().put_center({"d"}, "{}"));
        must(transaction.roll_back_to_savepoint());
        must(transaction.documents().put_center({"e"}, "{}"));
        EXPECT_EQ(add(transaction, {stored_record(1)}), std::vector<std::size_t>{});
    });
    EXPECT_EQ(must(must(store().read())->documents().centers()), (std::vector<survey::CenterId>{{"a"}, {"b"}, {"e"}}));
}

TEST_P(StoreContract, ForgetsTheWholeWithoutACommitWhateverWasMarked) {
    {
        auto transaction = must(store().write());
        must(transaction->documents().put_center({"a"}, "{}"));
        must(transaction->set_savepoint());
        must(transaction->documents().put_center({"b"}, "{}"));
    }
    EXPECT_TRUE(must(must(store().read())->documents().centers()).empty());
    EXPECT_TRUE(store().write());
}

TEST_P(StoreContract, GoesOnAfterAConflict) {
    commit([&](Transaction& transaction) {
        add(transaction, {stored_record(1)});
        EXPECT_TRUE(is_conflict(try_to_add(transaction, {stored_record(1)})));
        must(transaction.documents().put_center({"mau"}, "{}"));
    });
    EXPECT_EQ(must(must(store().read())->records().page({"K1"}, 1, 9)).size(), 1u);
    EXPECT_EQ(must(must(store().read())->documents().centers()).size(), 1u);
}

// --- Documents -------------------------------------------------------------------------------------------------------

TEST_P(StoreContract, ReturnsDocumentsAsImportedAndRaisesTheRevisionOnlyOnChange) {
    const auto put_all = [&](const std::string& center) {
        commit([&](Transaction& transaction) {
            must(transaction.documents().put_center({"mau"}, center));
            must(transaction.documents().put_questionnaire({{{"W5"}, 2}, "two"}));
            must(transaction.documents().put_questionnaire({{{"W5"}, 1}, "one"}));
            must(transaction.documents().put_questionnaire({{{"A"}, 10}, "ten"}));
        });
        return must(must(store().read())->documents().revision());
    };
    const std::int64_t first = put_all("{\"a\": 1}");
    EXPECT_EQ(put_all("{\"a\": 1}"), first);
    EXPECT_GT(put_all("{\"a\":  1}"), first);
    auto snapshot = must(store().read());
    EXPECT_EQ(must(snapshot->documents().center({"mau"})), "{\"a\":  1}");
    EXPECT_EQ(must(snapshot->documents().questionnaires()),
              (std::vector<QuestionnaireDocument>{{{{"A"}, 10}, "ten"}, {{{"W5"}, 1}, "one"}, {{{"W5"}, 2}, "two"}}));
    EXPECT_EQ(must(snapshot->documents().centers()), (std::vector<survey::CenterId>{{"mau"}}));
    EXPECT_TRUE(must(snapshot->documents().are_whole()));
}

TEST_P(StoreContract, RefusesToChangeAPublishedQuestionnaire) {
    auto transaction = must(store().write());
    const QuestionnaireDocument one{{{"W5"}, 1}, "one"};
    must(transaction->documents().put_questionnaire(one));
    const std::int64_t revision = must(transaction->documents().revision());
    EXPECT_TRUE(is_conflict(transaction->documents().put_questionnaire({{{"W5"}, 1}, "other"})));
    EXPECT_EQ(must(transaction->documents().questionnaires()), std::vector{one});
    EXPECT_EQ(must(transaction->documents().revision()), revision);
}

TEST_P(StoreContract, LeavesTheDocumentsRevisionAloneForAllElse) {
    commit([&](Transaction& transaction) { must(transaction.documents().put_center({"mau"}, "{}")); });
    const std::int64_t revision = must(must(store().read())->documents().revision());
    commit([&](Transaction& transaction) {
        must(transaction.terminals().put(terminal("K1")));
        add(transaction, {stored_record(1)});
        must(transaction.texts().add(std::vector{sealed(1)}));
    });
    EXPECT_EQ(must(must(store().read())->documents().revision()), revision);
}

// --- Terminals -------------------------------------------------------------------------------------------------------

TEST_P(StoreContract, FindsATerminalByIdAndByToken) {
    Terminal one = terminal("K1");
    put(one);
    put(terminal("K0"));
    EXPECT_EQ(must(must(store().read())->terminals().terminal({"K1"})), one);
    EXPECT_EQ(must(must(store().read())->terminals().by_token("hash of K1")), one);
    EXPECT_FALSE(must(must(store().read())->terminals().by_token("")).has_value());
    one.token_hash = "another";
    one.center = {"khac"};
    one.key = key(7);
    one.last_seq = 7;
    one.last_hash = survey::sha256("x");
    one.last_counted = CountedAt{6, noon()};
    one.boot = "a start";
    one.reported_collected = 9;
    one.last_seen = noon();
    one.totals = {7, 5, 2, 1, 4, 3};
    put(one);
    EXPECT_FALSE(must(must(store().read())->terminals().by_token("hash of K1")).has_value());
    EXPECT_EQ(must(must(store().read())->terminals().by_token("another")), one);
    one.key.reset();
    one.last_counted.reset();
    one.last_seen.reset();
    one.totals.stored = 8;
    put(one);
    EXPECT_EQ(must(must(store().read())->terminals().page({}, 9)), (std::vector{terminal("K0"), one}));
}

TEST_P(StoreContract, RefusesTwoTerminalsWithOneToken) {
    put(terminal("K1"));
    put(terminal("K2"));
    Terminal same = terminal("K2");
    same.token_hash = "hash of K1";
    auto transaction = must(store().write());
    EXPECT_TRUE(is_conflict(transaction->terminals().put(same)));
    same.kiosk = {"K3"};
    EXPECT_TRUE(is_conflict(transaction->terminals().put(same)));
    EXPECT_EQ(must(transaction->terminals().page({}, 9)), (std::vector{terminal("K1"), terminal("K2")}));
}

TEST_P(StoreContract, KeepsManyRevokedTerminalsThatNoTokenFinds) {
    auto transaction = must(store().write());
    for (const char* kiosk : {"K1", "K2"}) {
        Terminal revoked = terminal(kiosk);
        revoked.token_hash.clear();
        must(transaction->terminals().put(revoked));
    }
    EXPECT_EQ(must(transaction->terminals().page({}, 9)).size(), 2u);
    EXPECT_FALSE(must(transaction->terminals().by_token("")).has_value());
}

TEST_P(StoreContract, PagesThroughTerminalsInOrder) {
    auto transaction = must(store().write());
    for (const char* kiosk : {"K3", "K1", "K2", "K4"})
        must(transaction->terminals().put(terminal(kiosk, std::string(kiosk) == "K2" ? "khac" : "mau")));
    EXPECT_EQ(must(transaction->terminals().page({}, 3)),
              (std::vector{terminal("K1"), terminal("K2", "khac"), terminal("K3")}));
    EXPECT_EQ(must(transaction->terminals().page({"K3"}, 3)), (std::vector{terminal("K4")}));
    EXPECT_EQ(must(transaction->terminals().page({"K25"}, 1)), (std::vector{terminal("K3")}));
    EXPECT_TRUE(must(transaction->terminals().page({}, 0)).empty());
    EXPECT_EQ(must(transaction->terminals().of_center({"mau"})),
              (std::vector{terminal("K1"), terminal("K3"), terminal("K4")}));
}

TEST_P(StoreContract, AddsUpTheTotalsOfACentersTerminals) {
    for (const char* kiosk : {"K1", "K2", "K9"}) {
        Terminal one = terminal(kiosk, std::string(kiosk) == "K9" ? "khac" : "mau");
        one.totals = {10, 7, 3, 2, 5, 4};
        one.reported_collected = 20;
        put(one);
    }
    EXPECT_EQ(must(must(store().read())->terminals().totals({"mau"})), (CenterTotals{{20, 14, 6, 4, 10, 8}, 40}));
}

TEST_P(StoreContract, KeepsEveryKeyOfATerminalInTheOrderTheyCame) {
    auto transaction = must(store().write());
    const TerminalKey first{{"K1"}, key(2), noon()};
    const TerminalKey second{{"K1"}, key(1), noon() - hours(1)};
    must(transaction->terminals().add_key(first));
    must(transaction->terminals().add_key(second));
    must(transaction->terminals().add_key({{"K2"}, key(2), noon()}));
    must(transaction->terminals().add_key({{"K1"}, key(2), noon() + hours(9)}));
    EXPECT_EQ(must(transaction->terminals().keys({"K1"})), (std::vector{first, second}));
    EXPECT_TRUE(must(transaction->terminals().keys({"K3"})).empty());
}

TEST_P(StoreContract, ReplacesACodeByItsHashAndEndsThoseOfATerminal) {
    EnrolmentCode code{"hash", {"K1"}, {"mau"}, noon(), std::nullopt};
    auto transaction = must(store().write());
    EXPECT_FALSE(must(transaction->terminals().code("hash")).has_value());
    must(transaction->terminals().put_code(code));
    EXPECT_EQ(must(transaction->terminals().code("hash")), code);
    code.used_by = key(3);
    must(transaction->terminals().put_code(code));
    EXPECT_EQ(must(transaction->terminals().code("hash")), code);
    EXPECT_FALSE(must(transaction->terminals().code("other")).has_value());
    const EnrolmentCode other{"other", {"K2"}, {"mau"}, noon(), std::nullopt};
    must(transaction->terminals().put_code(other));
    must(transaction->terminals().put_code({"unused", {"K1"}, {"mau"}, noon(), std::nullopt}));
    must(transaction->terminals().end_codes({"K1"}));
    EXPECT_FALSE(must(transaction->terminals().code("hash")).has_value());
    EXPECT_FALSE(must(transaction->terminals().code("unused")).has_value());
    EXPECT_EQ(must(transaction->terminals().code("other")), other);
}

TEST_P(StoreContract, RemembersATerminalsStartsUntilTheyAreForgotten) {
    auto transaction = must(store().write());
    TerminalWriter& terminals = transaction->terminals();
    const auto put_boot = [&](const Boot& boot, std::int64_t forget_until) {
        must(terminals.put_boot({"K1"}, boot, forget_until));
    };
    put_boot({"a", 1, noon()}, 0);
    put_boot({"b", 2, noon()}, 0);
    must(terminals.put_boot({"K2"}, {"a", 1, noon() + hours(1)}, 0));
    EXPECT_EQ(must(terminals.boot({"K1"}, "a")), (Boot{"a", 1, noon()}));
    put_boot({"a", 3, noon() + hours(2)}, 2);
    EXPECT_EQ(must(terminals.boot({"K1"}, "a")), (Boot{"a", 3, noon() + hours(2)}));
    EXPECT_FALSE(must(terminals.boot({"K1"}, "b")).has_value());
    EXPECT_EQ(must(terminals.boot({"K2"}, "a")), (Boot{"a", 1, noon() + hours(1)}));
    EXPECT_FALSE(must(terminals.boot({"K3"}, "a")).has_value());
}

/// With every member, so that none is forgotten.
HeardStatus heard(const std::string& kiosk, std::int64_t waiting) {
    HeardStatus heard{{kiosk}, {}, noon() + hours(waiting)};
    heard.status.waiting = waiting;
    heard.status.oldest_waiting = hours(waiting);
    heard.status.last_visit = noon() - hours(1);
    heard.status.disk_free_bytes = std::int64_t{1} << 40;
    heard.status.clock_offset = survey::milliseconds(-350);
    heard.status.kiosk_version = "0.1.0";
    heard.status.sync_version = "0.2.0";
    heard.status.troubles = {"clock", "of_later"};
    return heard;
}

TEST_P(StoreContract, KeepsTheLastStatusOfEachTerminal) {
    const auto write = [&](std::vector<HeardStatus> statuses) {
        commit([&](Transaction& transaction) { must(transaction.terminals().put_statuses(statuses)); });
    };
    write({heard("K2", 1), heard("K1", 2)});
    HeardStatus silent{{"K3"}, {}, noon()};
    write({silent, heard("K2", 5)});
    host_->reopen();
    const auto read = [&](const std::string& after, std::size_t count_max) {
        return must(must(store().read())->terminals().statuses({after}, count_max));
    };
    EXPECT_EQ(read("", 9), (std::vector{heard("K1", 2), heard("K2", 5), silent}));
    EXPECT_EQ(read("", 2), (std::vector{heard("K1", 2), heard("K2", 5)}));
    EXPECT_EQ(read("K1", 1), (std::vector{heard("K2", 5)}));
    EXPECT_TRUE(read("K3", 9).empty());
    EXPECT_TRUE(read("", 0).empty());
}

TEST_P(StoreContract, LeavesTerminalsAloneWhenTheyAreHeard) {
    put(terminal("K1"));
    commit([&](Transaction& transaction) {
        must(transaction.terminals().put_statuses(std::vector{heard("K1", 2), heard("stranger", 1)}));
    });
    put(terminal("K1"));
    auto snapshot = must(store().read());
    EXPECT_EQ(must(snapshot->terminals().page({}, 9)), std::vector{terminal("K1")});
    EXPECT_EQ(must(snapshot->terminals().statuses({}, 1)), std::vector{heard("K1", 2)}) << "a batch does not end it";
}

TEST_P(StoreContract, AddsUpATerminalsDaysAndReplacesWhatItSays) {
    put(terminal("K2"));
    put(terminal("K1"));
    put(terminal("K9", "khac"));
    const auto day = [](const std::string& kiosk, const char* when, std::int64_t collected, std::int64_t stored,
                        std::int64_t counted, std::int64_t quarantined, std::int64_t copies = 0) {
        return TerminalDay{{kiosk}, date(when), collected, stored, counted, quarantined, copies};
    };
    commit([&](Transaction& transaction) {
        std::vector<TerminalDay> days;
        for (const char* when : {"2026-12-01", "2026-11-30", "2026-11-01", "2026-10-31"}) {
            days.push_back(day("K2", when, 1, 1, 1, 0));
            days.push_back(day("K9", when, 1, 1, 1, 0));
        }
        must(transaction.terminals().add_days(days));
        must(transaction.terminals().add_days(std::vector{day("K1", "2026-11-02", 9, 3, 2, 1, 5),
                                                          day("K1", "2026-11-02", 0, 1, 2, -1),
                                                          day("K1", "2026-11-02", 7, 0, 0, 0)}));
        must(transaction.terminals().add_days({}));
    });
    const TerminalDay sum = day("K1", "2026-11-02", 7, 4, 4, 0, 5);
    auto snapshot = must(store().read());
    EXPECT_EQ(must(snapshot->terminals().days({"mau"}, date("2026-11-01"), date("2026-11-30"))),
              (std::vector{sum, day("K2", "2026-11-01", 1, 1, 1, 0), day("K2", "2026-11-30", 1, 1, 1, 0)}));
    const auto all = must(snapshot->terminals().days_of({"K9"}));
    ASSERT_EQ(all.size(), 4u);
    EXPECT_EQ(all.front(), day("K9", "2026-10-31", 1, 1, 1, 0));
    EXPECT_EQ(all.back(), day("K9", "2026-12-01", 1, 1, 1, 0));
}

// --- Records ---------------------------------------------------------------------------------------------------------

TEST_P(StoreContract, ReturnsRecordsByteForByteInOrder) {
    std::vector<StoredRecord> stored = {stored_record(1), stored_record(2, "unreadable"), stored_record(3),
                                        stored_record(4)};
    stored[1].id.reset();
    stored[2].bytes.clear();
    stored[3].bytes.assign(100'000, 'x');
    commit([&](Transaction& transaction) {
        add(transaction, {stored_record(9, {}, "K2")});
        EXPECT_TRUE(add(transaction, stored).empty());
    });
    host_->reopen();
    auto snapshot = must(store().read());
    EXPECT_EQ(must(snapshot->records().page({"K1"}, 1, 99)), stored);
    EXPECT_EQ(must(snapshot->records().page({"K1"}, 2, 2)), (std::vector{stored[1], stored[2]}));
    EXPECT_EQ(must(snapshot->records().page({"K1"}, -5, 1)), (std::vector{stored[0]}));
    EXPECT_TRUE(must(snapshot->records().page({"K1"}, 5, 9)).empty());
    EXPECT_TRUE(must(snapshot->records().page({"K1"}, 1, 0)).empty());
    EXPECT_EQ(must(snapshot->records().page({"K2"}, 1, 9)), (std::vector{stored_record(9, {}, "K2")}));
}

TEST_P(StoreContract, ReturnsTheChainValuesOfARange) {
    auto transaction = must(store().write());
    add(*transaction, {stored_record(1), stored_record(2), stored_record(5), stored_record(6)});
    add(*transaction, {with_id(stored_record(3, {}, "K2"), 99)});
    const auto value = [](std::int64_t seq) { return ChainValue{seq, stored_record(seq).hash}; };
    EXPECT_EQ(must(transaction->records().chain_values({"K1"}, 2, 5)), (std::vector{value(2), value(5)}));
    EXPECT_EQ(must(transaction->records().chain_values({"K1"}, 0, 1)), (std::vector{value(1)}));
    EXPECT_TRUE(must(transaction->records().chain_values({"K1"}, 3, 4)).empty());
    EXPECT_TRUE(must(transaction->records().chain_values({"K1"}, 5, 2)).empty());
}

TEST_P(StoreContract, RefusesASecondRecordAtOnePlaceAndAddsNothingOfItsBatch) {
    auto transaction = must(store().write());
    add(*transaction, {stored_record(2)});
    EXPECT_TRUE(
        is_conflict(try_to_add(*transaction, {stored_record(1), with_id(stored_record(2), 99), stored_record(3)})));
    EXPECT_TRUE(is_conflict(try_to_add(*transaction, {stored_record(1), stored_record(2)})));
    EXPECT_TRUE(is_conflict(try_to_add(*transaction, {stored_record(1), stored_record(2, "invalid")}, false)));
    EXPECT_EQ(must(transaction->records().page({"K1"}, 1, 9)), (std::vector{stored_record(2)}));
    EXPECT_TRUE(must(transaction->records().find_ids(std::vector{*stored_record(1).id, sample::uuid(99)})).empty());
    EXPECT_TRUE(add(*transaction, {stored_record(1), stored_record(3)}).empty());
}

TEST_P(StoreContract, RefusesNumbersThatNoRecordHas) {
    auto transaction = must(store().write());
    for (const std::int64_t seq : {std::int64_t{0}, std::int64_t{-1}, survey::kSeqMax + 1})
        EXPECT_TRUE(is_conflict(try_to_add(*transaction, {with_id(stored_record(seq), 7)}))) << seq;
    add(*transaction, {stored_record(survey::kSeqMax)});
    EXPECT_EQ(must(transaction->records().page({"K1"}, 1, 9)), (std::vector{stored_record(survey::kSeqMax)}));
    EXPECT_TRUE(must(transaction->records().page({"K1"}, survey::kSeqMax + 1, 9)).empty());
}

TEST_P(StoreContract, SaysWhichIdsAreStoredAlreadyAndAddsNothing) {
    auto transaction = must(store().write());
    add(*transaction, {stored_record(1), stored_record(2)});
    // 0 is new, 1 is stored, 2 is new, 3 repeats 2, 4 is stored.
    const std::vector<StoredRecord> batch = {stored_record(3), with_id(stored_record(4), 1), stored_record(5),
                                             with_id(stored_record(6), 5), with_id(stored_record(7), 2)};
    EXPECT_EQ(add(*transaction, batch), (std::vector<std::size_t>{1, 3, 4}));
    EXPECT_EQ(must(transaction->records().page({"K1"}, 1, 9)).size(), 2u);
    EXPECT_TRUE(must(transaction->records().find_ids(std::vector{*stored_record(3).id})).empty());
    // The same ids do not decide where the record is quarantined for another reason.
    std::vector<NewRecord> decided;
    for (const StoredRecord& one : batch)
        decided.push_back({one});
    for (const std::size_t index : {1u, 3u, 4u}) {
        decided[index].record.quarantine_reason = QuarantineReason::duplicate_id;
        decided[index].id_decides = false;
    }
    EXPECT_TRUE(must(transaction->records().add(decided)).empty());
    EXPECT_EQ(must(transaction->records().page({"K1"}, 1, 9)).size(), 7u);
}

TEST_P(StoreContract, AddsNothingForNothing) {
    auto transaction = must(store().write());
    EXPECT_TRUE(must(transaction->records().add({})).empty());
    must(transaction->records().add_skips({}));
    must(transaction->texts().add({}));
    EXPECT_TRUE(must(transaction->texts().erase({})).empty());
    must(transaction->incidents().add({}));
    must(transaction->tallies().add({}));
    must(transaction->commit());
}

TEST_P(StoreContract, KeepsManyRecordsWithoutAnId) {
    auto transaction = must(store().write());
    StoredRecord first = stored_record(1, "unreadable");
    StoredRecord second = stored_record(2, "unreadable");
    first.id.reset();
    second.id.reset();
    EXPECT_TRUE(add(*transaction, {first, second}).empty());
    EXPECT_EQ(must(transaction->records().page({"K1"}, 1, 9)), (std::vector{first, second}));
}

TEST_P(StoreContract, CountsAnIdOnceButKeepsQuarantinedCopies) {
    auto transaction = must(store().write());
    add(*transaction, {stored_record(1)});
    StoredRecord twin = with_id(stored_record(2, "duplicate_id"), 1);
    EXPECT_TRUE(add(*transaction, {twin}, false).empty());
    twin.kiosk = {"K2"};
    EXPECT_TRUE(add(*transaction, {twin}, false).empty());
    twin = with_id(stored_record(4), 1);
    EXPECT_TRUE(is_conflict(try_to_add(*transaction, {twin}, false)));
    EXPECT_EQ(must(transaction->records().page({"K1"}, 1, 9)).size(), 2u);
}

TEST_P(StoreContract, FindsEveryRecordThatHasAnIdTheFirstStoredFirst) {
    auto transaction = must(store().write());
    add(*transaction, {stored_record(5, {}, "K2"), stored_record(6, {}, "K2")});
    add(*transaction, {with_id(stored_record(1, "duplicate_id"), 5)}, false);
    add(*transaction, {with_id(stored_record(3, "invalid", "K0"), 5)}, false);
    const auto found =
        must(transaction->records().find_ids(std::vector{sample::uuid(6), sample::uuid(99), sample::uuid(5)}));
    ASSERT_EQ(found.size(), 4u);
    EXPECT_EQ(found[0], (IdPlace{sample::uuid(6), {"K2"}, 6}));
    EXPECT_EQ(found[1], (IdPlace{sample::uuid(5), {"K2"}, 5}));
    EXPECT_TRUE(std::count(found.begin() + 2, found.end(), IdPlace{sample::uuid(5), {"K1"}, 1}) == 1 &&
                std::count(found.begin() + 2, found.end(), IdPlace{sample::uuid(5), {"K0"}, 3}) == 1);
    EXPECT_TRUE(must(transaction->records().find_ids({})).empty());
}

TEST_P(StoreContract, SaysNothingOfATimeWhileARecordIsQuarantined) {
    StoredRecord stored = stored_record(1, "invalid");
    stored.counted_at = noon();
    stored.trust = survey::TimeTrust::trusted;
    auto transaction = must(store().write());
    add(*transaction, {stored});
    EXPECT_EQ(must(transaction->records().page({"K1"}, 1, 9)), (std::vector{stored_record(1, "invalid")}));
}

TEST_P(StoreContract, FindsWhatTheRecordBeforeWasCountedAt) {
    auto transaction = must(store().write());
    RecordWriter& records = transaction->records();
    add(*transaction,
        {stored_record(1), stored_record(2), stored_record(3, "unknown_officer"), stored_record(4, "invalid")});
    EXPECT_FALSE(must(records.counted_before({"K1"}, 1, 0)).has_value());
    EXPECT_EQ(must(records.counted_before({"K1"}, 2, 0)), (CountedAt{1, stored_record(1).counted_at}));
    EXPECT_EQ(must(records.counted_before({"K1"}, 5, -9)), (CountedAt{2, stored_record(2).counted_at}));
    EXPECT_EQ(must(records.counted_before({"K1"}, 5, 2)), (CountedAt{2, stored_record(2).counted_at}));
    EXPECT_FALSE(must(records.counted_before({"K1"}, 5, 3)).has_value());
    EXPECT_FALSE(must(records.counted_before({"K2"}, 5, 0)).has_value());
    StoredRecord counted = stored_record(3);
    counted.reprocessed = noon();
    must(records.reprocess(counted));
    EXPECT_EQ(must(records.counted_before({"K1"}, 5, 0)), (CountedAt{2, stored_record(2).counted_at}));
    StoredRecord doubtful = stored_record(5);
    doubtful.trust = survey::TimeTrust::doubtful;
    add(*transaction, {doubtful});
    EXPECT_EQ(must(records.counted_before({"K1"}, 6, 0)), (CountedAt{2, stored_record(2).counted_at}));
}

TEST_P(StoreContract, PagesThroughWhatIsQuarantined) {
    auto transaction = must(store().write());
    add(*transaction, {stored_record(1), stored_record(2, "invalid"), stored_record(3), stored_record(4, "invalid"),
                       stored_record(5), stored_record(6, "invalid")});
    StoredRecord other = stored_record(1, "unreadable", "K0");
    other.id.reset();
    add(*transaction, {other});
    RecordWriter& records = transaction->records();
    EXPECT_EQ(must(records.quarantined_after({}, 0, 3)),
              (std::vector{other, stored_record(2, "invalid"), stored_record(4, "invalid")}));
    EXPECT_EQ(must(records.quarantined_after({"K0"}, 1, 1)), (std::vector{stored_record(2, "invalid")}));
    EXPECT_EQ(must(records.quarantined_after({"K1"}, 4, 3)), (std::vector{stored_record(6, "invalid")}));
    EXPECT_TRUE(must(records.quarantined_after({"K1"}, 6, 3)).empty());
    EXPECT_TRUE(must(records.quarantined_after({"K1"}, survey::kSeqMax, 3)).empty());
    EXPECT_TRUE(must(records.quarantined_after({}, 0, 0)).empty());
}

TEST_P(StoreContract, ReprocessesARecordThatWasQuarantined) {
    StoredRecord stored = stored_record(1, "unknown_format");
    stored.id.reset();
    auto transaction = must(store().write());
    add(*transaction, {stored});
    stored = stored_record(1);
    stored.quarantine_detail = "detail";
    stored.reprocessed = noon() + hours(5);
    StoredRecord given = stored;
    given.bytes = "other";
    given.hash = survey::sha256("other");
    given.received += hours(1);
    given.quarantine_detail = "other";
    must(transaction->records().reprocess(given));
    EXPECT_EQ(must(transaction->records().page({"K1"}, 1, 9)), (std::vector{stored}));
    EXPECT_EQ(must(transaction->records().find_ids(std::vector{*stored.id})),
              (std::vector{IdPlace{*stored.id, {"K1"}, 1}}));
    EXPECT_TRUE(must(transaction->records().quarantined_after({}, 0, 9)).empty());
}

TEST_P(StoreContract, RefusesToReprocessWhatIsNotQuarantinedOrCountsAlready) {
    auto transaction = must(store().write());
    add(*transaction, {stored_record(1)});
    const StoredRecord twin = with_id(stored_record(2, "duplicate_id"), 1);
    StoredRecord nameless = stored_record(3, "unknown_format");
    nameless.id.reset();
    add(*transaction, {twin, nameless}, false);
    const auto refuses = [&](StoredRecord stored) {
        stored.reprocessed = noon();
        stored.quarantine_reason.reset();
        return is_conflict(transaction->records().reprocess(stored));
    };
    EXPECT_TRUE(refuses(stored_record(1)));
    EXPECT_TRUE(refuses(stored_record(7)));
    EXPECT_TRUE(refuses(stored_record(1, "invalid", "K9")));
    EXPECT_TRUE(refuses(twin));
    EXPECT_TRUE(refuses(with_id(nameless, 1)));
    EXPECT_TRUE(refuses(nameless));
    EXPECT_TRUE(is_conflict(transaction->records().reprocess(with_id(nameless, 9)))) << "not said when";
    EXPECT_EQ(must(transaction->records().page({"K1"}, 2, 9)), (std::vector{twin, nameless}));
}

TEST_P(StoreContract, ReprocessesOneOfSeveralCopiesOfWhichNoneCounts) {
    auto transaction = must(store().write());
    add(*transaction, {stored_record(1, "unknown_officer")});
    add(*transaction, {with_id(stored_record(2, "unknown_officer"), 1)}, false);
    StoredRecord second = with_id(stored_record(2), 1);
    second.reprocessed = noon();
    must(transaction->records().reprocess(second));
    StoredRecord first = stored_record(1);
    first.reprocessed = noon();
    EXPECT_TRUE(is_conflict(transaction->records().reprocess(first)));
    EXPECT_EQ(must(transaction->records().quarantined_after({}, 0, 9)),
              (std::vector{stored_record(1, "unknown_officer")}));
}

TEST_P(StoreContract, RefusesToChangeTheIdOfARecordThatIsReprocessed) {
    auto transaction = must(store().write());
    add(*transaction, {stored_record(1, "unknown_officer")});
    StoredRecord counted = with_id(stored_record(1), 99);
    counted.reprocessed = noon();
    EXPECT_TRUE(is_conflict(transaction->records().reprocess(counted)));
}

TEST_P(StoreContract, KeepsBatchHeadersAsReceived) {
    StoredBatch batch{{"K1"}, 5, 3, std::string("{\"x\":\0}", 7), {}, noon()};
    batch.signature.bytes[63] = 1;
    StoredBatch second = batch;
    second.first_seq = 1;
    second.header_bytes.clear();
    auto transaction = must(store().write());
    must(transaction->records().add_batch(batch));
    must(transaction->records().add_batch({{"K2"}, 1, 1, "other", {}, noon()}));
    must(transaction->records().add_batch(second));
    batch.number = 1;
    second.number = 3;
    EXPECT_EQ(must(transaction->records().batches({"K1"})), (std::vector{batch, second}));
    EXPECT_EQ(must(transaction->records().batch_of({"K2"}, 1))->number, 2);
}

TEST_P(StoreContract, KeepsTimeCorrectionsInTheirOrder) {
    EXPECT_TRUE(must(must(store().read())->documents().time_corrections()).empty());
    const std::vector corrections = {TimeCorrection{3, 9, std::chrono::hours(-24), "why", "who", noon()},
                                     TimeCorrection{3, 9, {}, "", "", noon()},
                                     TimeCorrection{1, 1, {}, "x", "y", noon()}};
    auto transaction = must(store().write());
    const std::int64_t revision = must(transaction->documents().revision());
    for (const TimeCorrection& one : corrections)
        must(transaction->documents().add_time_correction(one));
    EXPECT_EQ(must(transaction->documents().revision()), revision + 3);
    must(transaction->commit());
    transaction.reset();
    EXPECT_EQ(must(must(store().read())->documents().time_corrections()), corrections);
    transaction = must(store().write());
    EXPECT_FALSE(transaction->documents().add_time_correction({0, 1, {}, "x", "y", noon()}));
    EXPECT_FALSE(transaction->documents().add_time_correction({2, 1, {}, "x", "y", noon()}));
}

TEST_P(StoreContract, ResolvesCountedRecordsAnewWhenSomebodySaidWhy) {
    auto transaction = must(store().write());
    StoredRecord counted = stored_record(1);
    add(*transaction, {counted, stored_record(2, "unknown_officer")});
    const survey::ResolvedTime time{noon() - std::chrono::days(365), survey::TimeTrust::corrected};
    const std::vector first = {ResolvedRecord{{"K1"}, 1, time}};
    EXPECT_EQ(transaction->records().resolve_anew(first).error().kind, StoreErrorKind::conflict);
    must(transaction->documents().add_time_correction({1, 1, {}, "x", "y", noon()}));
    must(transaction->records().resolve_anew(first));
    counted.counted_at = time.counted_at;
    counted.trust = time.trust;
    EXPECT_EQ(must(transaction->records().page({"K1"}, 1, 1)), std::vector{counted});
    const std::vector both = {ResolvedRecord{{"K1"}, 1, {noon(), survey::TimeTrust::doubtful}},
                              ResolvedRecord{{"K1"}, 2, time}};
    EXPECT_EQ(transaction->records().resolve_anew(both).error().kind, StoreErrorKind::conflict);
    EXPECT_EQ(must(transaction->records().page({"K1"}, 1, 1)), std::vector{counted}) << "all of it or nothing";
    EXPECT_EQ(transaction->records().resolve_anew(std::vector{ResolvedRecord{{"K2"}, 1, time}}).error().kind,
              StoreErrorKind::conflict);
}

TEST_P(StoreContract, FindsTheLastTextsOfATerminal) {
    auto transaction = must(store().write());
    const auto text = [](const std::string& kiosk, std::int64_t seq, const std::string& item) {
        return StoredText{{{kiosk}, seq, {item}}, "sealed", noon()};
    };
    const std::vector all = {text("K1", 1, "a"), text("K1", 2, "a"), text("K1", 2, "b"), text("K1", 9, "a"),
                             text("K2", 3, "a")};
    must(transaction->texts().add(all));
    EXPECT_EQ(must(transaction->texts().last_of({"K1"}, 2)), (std::vector{all[1], all[2], all[3]}));
    EXPECT_EQ(must(transaction->texts().last_of({"K1"}, 9)), std::vector(all.begin(), all.begin() + 4));
    EXPECT_TRUE(must(transaction->texts().last_of({"K1"}, 0)).empty());
    EXPECT_TRUE(must(transaction->texts().last_of({"K3"}, 9)).empty());
}

TEST_P(StoreContract, TakesTalliesOff) {
    const survey::TallyKey key = tally_key("2026-11-22");
    const survey::TallyKey other = tally_key("2026-11-23");
    auto transaction = must(store().write());
    must(transaction->tallies().add({{{"mau"}, {{key, tally(3)}, {other, tally(1)}}}}));
    must(transaction->tallies().subtract({{{"mau"}, {{key, tally(2)}, {other, tally(1)}}}}));
    EXPECT_EQ(must(transaction->tallies().of_center({"mau"})), (std::vector{TallyRow{{"mau"}, key, tally(1)}}));
    for (const CenterSheets& less :
         {CenterSheets{{{"mau"}, {{key, tally(1)}, {other, tally(1)}}}}, CenterSheets{{{"mau"}, {{key, tally(2)}}}},
          CenterSheets{{{"khac"}, {{key, tally(1)}}}}}) {
        EXPECT_EQ(transaction->tallies().subtract(less).error().kind, StoreErrorKind::conflict);
        EXPECT_EQ(must(transaction->tallies().of_center({"mau"})), (std::vector{TallyRow{{"mau"}, key, tally(1)}}));
    }
}

TEST_P(StoreContract, FindsTheBatchThatBroughtARecord) {
    const auto batch = [](std::int64_t first, std::int64_t count, const std::string& name) {
        return StoredBatch{{"K1"}, first, count, name, {}, noon()};
    };
    auto transaction = must(store().write());
    must(transaction->records().add_batch(batch(1, 3, "a")));
    must(transaction->records().add_batch(batch(2, 4, "b")));
    must(transaction->records().add_batch(batch(9, 1, "c")));
    const std::vector<std::string> expected = {"", "a", "a", "a", "b", "b", "", "", "", "c", ""};
    for (std::size_t seq = 0; seq < expected.size(); ++seq) {
        const auto found = must(transaction->records().batch_of({"K1"}, static_cast<std::int64_t>(seq)));
        EXPECT_EQ(found ? found->header_bytes : "", expected[seq]) << seq;
    }
    EXPECT_FALSE(must(transaction->records().batch_of({"K2"}, 1)).has_value());
}

TEST_P(StoreContract, SkipsNumbersThatStandForNoRecord) {
    auto transaction = must(store().write());
    const StoredSkip late{{"K1"}, 8, 9, survey::SkipReason::unknown, survey::sha256("x"), noon()};
    const StoredSkip early{{"K1"}, 3, 5, survey::SkipReason::damaged, survey::kChainStart, noon()};
    must(transaction->records().add_skips(std::vector{late, early}));
    EXPECT_EQ(must(transaction->records().skips({"K1"})), (std::vector{early, late}));
    EXPECT_TRUE(must(transaction->records().skips({"K2"})).empty());
}

TEST_P(StoreContract, RefusesASkipOverARecordOrAnotherSkipAndAddsNoneOfThem) {
    auto transaction = must(store().write());
    add(*transaction, {stored_record(2)});
    const auto skip = [](std::int64_t first, std::int64_t last, const std::string& kiosk = "K1") {
        return StoredSkip{{kiosk}, first, last, survey::SkipReason::damaged, {}, {}};
    };
    must(transaction->records().add_skips(std::vector{skip(5, 7)}));
    for (const auto& [first, last] :
         std::vector<std::pair<std::int64_t, std::int64_t>>{{2, 2}, {1, 3}, {5, 7}, {4, 5}, {7, 9}, {6, 6}, {3, 9}}) {
        EXPECT_TRUE(is_conflict(transaction->records().add_skips(std::vector{skip(20, 21), skip(first, last)})))
            << first << " to " << last;
    }
    EXPECT_EQ(must(transaction->records().skips({"K1"})), (std::vector{skip(5, 7)}));
    must(transaction->records().add_skips(std::vector{skip(3, 4), skip(8, 8), skip(2, 9, "K2")}));
    EXPECT_EQ(must(transaction->records().skips({"K1"})).size(), 3u);
}

// --- Tallies ---------------------------------------------------------------------------------------------------------

TEST_P(StoreContract, AddsTalliesUp) {
    for (int i = 0; i < 3; ++i) {
        survey::Tally more = tally(2);
        more.items[{"overall"}][i == 0 ? "4" : "3"] = 1;
        more.corrected = 1;
        commit([&](Transaction& transaction) {
            must(transaction.tallies().add({{{"mau"}, {{tally_key("2026-11-22"), more}}}}));
        });
    }
    const auto rows = must(must(store().read())->tallies().find(november()));
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0].center.text, "mau");
    EXPECT_EQ(rows[0].tally.responses, 6);
    EXPECT_EQ(rows[0].tally.corrected, 3);
    EXPECT_EQ((rows[0].tally.items.at({"overall"})), (survey::OptionCounts{{"3", 2}, {"4", 1}, {"5", 6}}));
}

TEST_P(StoreContract, KeepsEachMemberOfATallysKeyApart) {
    std::vector<survey::TallyKey> keys(8, tally_key("2026-11-22"));
    keys[1].grain = survey::Grain::month;
    keys[2].date = date("2026-11-23");
    keys[3].questionnaire.version = 2;
    keys[4].questionnaire.id = {"W3"};
    keys[5].subject = {survey::SubjectKind::counter, "A"};
    keys[6].subject = {survey::SubjectKind::field, "A"};
    keys[7].flagged = true;
    survey::TallySheet sheet;
    for (std::size_t i = 0; i < keys.size(); ++i)
        sheet[keys[i]] = tally(static_cast<std::int64_t>(i) + 1);
    auto transaction = must(store().write());
    must(transaction->tallies().add({{{"mau"}, sheet}, {{"khac"}, {{keys[0], tally(50)}}}}));
    const auto rows = sorted(must(transaction->tallies().of_center({"mau"})));
    EXPECT_EQ(rows, (std::vector<std::pair<survey::TallyKey, survey::Tally>>(sheet.begin(), sheet.end())));
    EXPECT_EQ(must(transaction->tallies().of_center({"khac"})), (std::vector{TallyRow{{"khac"}, keys[0], tally(50)}}));
    EXPECT_EQ(must(transaction->tallies().centers()), (std::vector<survey::CenterId>{{"khac"}, {"mau"}}));
}

TEST_P(StoreContract, SelectsTalliesByDaysGrainAndSubject) {
    using enum survey::SubjectKind;
    auto transaction = must(store().write());
    survey::TallySheet sheet;
    for (const char* day : {"2026-10-31", "2026-11-01", "2026-11-30", "2026-12-01"}) {
        sheet[tally_key(day)] = tally(1);
        sheet[tally_key(day, {counter, "A"})] = tally(1);
        sheet[tally_key(day, {counter, "B"})] = tally(1);
    }
    survey::TallyKey month = tally_key("2026-11-01", {officer, "a-01"});
    month.grain = survey::Grain::month;
    sheet[month] = tally(1);
    must(transaction->tallies().add({{{"mau"}, sheet}}));
    const auto found = [&](const TallyQuery& query) { return must(transaction->tallies().find(query)); };
    TallyQuery query = november();
    EXPECT_EQ(found(query).size(), 6u);
    query.subject_kind = counter;
    EXPECT_EQ(found(query).size(), 4u);
    query.subject_id = "B";
    EXPECT_EQ(found(query).size(), 2u);
    query.subject_id = "";
    EXPECT_TRUE(found(query).empty());
    query = november();
    query.grain = survey::Grain::month;
    EXPECT_EQ(found(query), (std::vector{TallyRow{{"mau"}, month, tally(1)}}));
    query.center = {"khac"};
    EXPECT_TRUE(found(query).empty());
}

TEST_P(StoreContract, RefusesADayThatNobodyCouldRead) {
    auto transaction = must(store().write());
    for (const survey::Date day :
         {survey::Date(std::chrono::year(1969) / 12 / 31), survey::Date(std::chrono::year(10'000) / 1 / 1)}) {
        survey::TallyKey key = tally_key("2026-11-22");
        survey::TallySheet sheet{{key, tally(1)}};
        key.date = day;
        sheet[key] = tally(1);
        EXPECT_TRUE(is_conflict(transaction->tallies().add({{{"mau"}, sheet}})));
        EXPECT_TRUE(is_conflict(transaction->terminals().add_days(std::vector{
            TerminalDay{{"K1"}, date("2026-11-22"), 1, 1, 1, 0, 0}, TerminalDay{{"K1"}, day, 1, 1, 1, 0, 0}})));
    }
    EXPECT_TRUE(must(transaction->tallies().of_center({"mau"})).empty());
    EXPECT_TRUE(must(transaction->terminals().days_of({"K1"})).empty());
}

// --- Public tallies --------------------------------------------------------------------------------------------------

TEST_P(StoreContract, KeepsWhatIsPublicUntilItIsReplaced) {
    const survey::Date first = *survey::parse_date("2026-11-01");
    const survey::Date last = *survey::parse_date("2026-11-30");
    survey::TallyKey month = tally_key("2026-11-01");
    month.grain = survey::Grain::month;
    month.subject = {survey::SubjectKind::counter, "A"};
    const PublicSheet rows = {{{tally_key("2026-11-22"), false}, tally(5)},
                              {{tally_key("2026-11-22"), true}, tally(2)},
                              {{month, false}, tally(7)}};
    const PublicSheet december = {{{tally_key("2026-12-01"), false}, tally(9)}};
    commit([&](Transaction& transaction) {
        must(transaction.public_tallies().replace({"mau"}, first, last, rows));
        must(transaction.public_tallies().replace({"mau"}, *survey::parse_date("2026-12-01"),
                                                  *survey::parse_date("2026-12-31"), december));
    });
    host_->reopen();
    EXPECT_EQ(must(must(store().read())->public_tallies().find({"mau"}, first, last)), rows);
    EXPECT_EQ(must(must(store().read())->public_tallies().find({"other"}, first, last)), PublicSheet{});
    commit([&](Transaction& transaction) {
        EXPECT_EQ(transaction.public_tallies().replace({"mau"}, first, last, december).error().kind,
                  StoreErrorKind::conflict)
            << "of another month";
        must(transaction.public_tallies().replace({"mau"}, first, last, {}));
    });
    auto snapshot = must(store().read());
    EXPECT_EQ(must(snapshot->public_tallies().find({"mau"}, first, last)), PublicSheet{});
    EXPECT_EQ(must(snapshot->public_tallies().find({"mau"}, first, *survey::parse_date("2027-01-01"))), december);
}

TEST_P(StoreContract, NumbersTheReleasesOfACenter) {
    EXPECT_FALSE(must(must(store().read())->public_tallies().last_release({"mau"})).has_value());
    for (const char* day : {"2026-11-22", "2026-11-23", "2026-11-21"})
        commit([&](Transaction& transaction) {
            must(transaction.public_tallies().note_release({"mau"}, *survey::parse_date(day)));
        });
    EXPECT_EQ(must(must(store().read())->public_tallies().last_release({"mau"})),
              (Release{*survey::parse_date("2026-11-21"), 3}));
    EXPECT_FALSE(must(must(store().read())->public_tallies().last_release({"other"})).has_value());
}

// --- Sealed texts ----------------------------------------------------------------------------------------------------

TEST_P(StoreContract, KeepsTheFirstTextAtItsPlace) {
    StoredText other = sealed(1);
    other.bytes = "other";
    commit([&](Transaction& transaction) {
        must(transaction.texts().add(std::vector{sealed(2), sealed(1, "phone"), sealed(1), other}));
        must(transaction.texts().add(std::vector{other, sealed(1, "comment", "K0")}));
    });
    auto snapshot = must(store().read());
    EXPECT_EQ(must(snapshot->texts().of_record({"K1"}, 1)), (std::vector{sealed(1), sealed(1, "phone")}));
    EXPECT_EQ(must(snapshot->counts()), (StoreCounts{0, 4, 0}));
    EXPECT_EQ(must(snapshot->texts().page({}, 3)),
              (std::vector{sealed(1, "comment", "K0"), sealed(1), sealed(1, "phone")}));
    EXPECT_EQ(must(snapshot->texts().page({{"K1"}, 1, {"phone"}}, 3)), (std::vector{sealed(2)}));
    EXPECT_TRUE(must(snapshot->texts().page({}, 0)).empty());
}

TEST_P(StoreContract, ErasesATextForGoodAndKeepsTheTrace) {
    put(terminal("K1"));
    put(terminal("K2"));
    commit([&](Transaction& transaction) {
        must(transaction.texts().add(std::vector{sealed(1), sealed(2)}));
        Erasure again = erasure(1);
        again.reason = "again";
        EXPECT_EQ(must(transaction.texts().erase(std::vector{erasure(1), again})), (std::vector{erasure(1).place}));
    });
    commit([&](Transaction& transaction) {
        EXPECT_TRUE(must(transaction.texts().erase(std::vector{erasure(1)})).empty());
        must(transaction.texts().add(std::vector{sealed(1)}));
    });
    auto snapshot = must(store().read());
    EXPECT_EQ(must(snapshot->texts().page({}, 9)), (std::vector{sealed(2)}));
    EXPECT_EQ(must(snapshot->texts().erasures({}, 9)), (std::vector{erasure(1)}));
    EXPECT_EQ(must(snapshot->counts()), (StoreCounts{0, 1, 1}));
    EXPECT_EQ(must(snapshot->terminals().terminal({"K1"}))->erased, 1);
    EXPECT_EQ(must(snapshot->terminals().terminal({"K2"}))->erased, 0);
    snapshot.reset();
    Terminal stale = terminal("K1");
    stale.erased = 77;
    stale.center = {"khac"};
    put(stale);
    EXPECT_EQ(must(must(store().read())->terminals().terminal({"K1"}))->erased, 1);
}

TEST_P(StoreContract, LetsNoTextComeThatWasErasedBeforeItCame) {
    commit([&](Transaction& transaction) {
        EXPECT_EQ(must(transaction.texts().erase(std::vector{erasure(3)})), (std::vector{erasure(3).place}));
        must(transaction.texts().add(std::vector{sealed(3), sealed(4)}));
        EXPECT_EQ(must(transaction.texts().page({}, 9)), (std::vector{sealed(4)}));
        EXPECT_EQ(must(transaction.counts()), (StoreCounts{0, 1, 1}));
    });
}

TEST_P(StoreContract, FindsTextsThatCameBeforeATime) {
    auto transaction = must(store().write());
    std::vector<StoredText> texts;
    for (std::int64_t seq = 1; seq <= 5; ++seq) {
        texts.push_back(sealed(seq));
        texts.back().received += hours(seq);
    }
    must(transaction->texts().add(texts));
    auto found = must(transaction->texts().received_before(noon() + hours(4), 9));
    std::sort(found.begin(), found.end());
    EXPECT_EQ(found, (std::vector{texts[0].place, texts[1].place, texts[2].place}));
    EXPECT_EQ(must(transaction->texts().received_before(noon() + hours(4), 2)).size(), 2u);
    EXPECT_TRUE(must(transaction->texts().received_before(noon() + hours(1), 9)).empty());
}

TEST_P(StoreContract, PagesThroughTracesAndGivesATerminalsNewest) {
    auto transaction = must(store().write());
    must(transaction->texts().erase(std::vector{erasure(3), erasure(1), erasure(9, "comment", "K0"), erasure(2)}));
    EXPECT_EQ(must(transaction->texts().erasures({}, 3)),
              (std::vector{erasure(9, "comment", "K0"), erasure(1), erasure(2)}));
    EXPECT_EQ(must(transaction->texts().erasures(erasure(2).place, 3)), (std::vector{erasure(3)}));
    EXPECT_EQ(must(transaction->texts().newest_erasures({"K1"}, 2)), (std::vector{erasure(2), erasure(1)}));
    EXPECT_TRUE(must(transaction->texts().newest_erasures({"K3"}, 2)).empty());
    must(transaction->texts().erase(std::vector{erasure(2, "phone"), erasure(2, "comment", "K2")}));
    EXPECT_EQ(must(transaction->texts().erasures_of_record({"K1"}, 2)), (std::vector{erasure(2), erasure(2, "phone")}));
    EXPECT_TRUE(must(transaction->texts().erasures_of_record({"K1"}, 4)).empty());
}

// --- Incidents -------------------------------------------------------------------------------------------------------

TEST_P(StoreContract, KeepsTheSameIncidentOnce) {
    const Incident incident{noon(), {"K1"}, IncidentKind::forked, "record 7", std::string("\0bytes", 6)};
    Incident later = incident;
    later.time += hours(1);
    later.evidence = "other";
    Incident other = incident;
    other.detail = "record 8";
    Incident third = incident;
    third.kind = IncidentKind::cloned;
    auto transaction = must(store().write());
    must(transaction->incidents().add(std::vector{incident, later, other}));
    must(transaction->incidents().add(std::vector{later, third}));
    EXPECT_EQ(must(transaction->incidents().newest(9)), (std::vector{incident, other, third}));
    EXPECT_EQ(must(transaction->incidents().newest(2)), (std::vector{other, third}));
    EXPECT_TRUE(must(transaction->incidents().newest(0)).empty());
    EXPECT_EQ(must(transaction->counts()).incidents, 3);
}

// --- Facts -----------------------------------------------------------------------------------------------------------

TEST_P(StoreContract, RemembersTheLastTextUnderAName) {
    EXPECT_EQ(must(must(store().read())->facts().fact("keys")), std::nullopt);
    {
        auto transaction = must(store().write());
        must(transaction->facts().put("keys", "first"));
        must(transaction->facts().put("other", ""));
        must(transaction->facts().put("keys", "second"));
        EXPECT_EQ(must(transaction->facts().fact("keys")), "second");
        must(transaction->commit());
    }
    host_->reopen();
    EXPECT_EQ(must(must(store().read())->facts().fact("keys")), "second");
    EXPECT_EQ(must(must(store().read())->facts().fact("other")), "");
    EXPECT_EQ(must(must(store().read())->facts().fact("nothing")), std::nullopt);
}

TEST_P(StoreContract, GivesNoMoreIncidentsThanAskedForTheNewestOfThem) {
    std::vector<Incident> all;
    for (int i = 0; i < 7; ++i) {
        // By the order in which they were added, of whatever terminal, whatever the clock said.
        all.push_back(
            {noon() - hours(i % 3), {i % 2 == 0 ? "K1" : "K2"}, IncidentKind::skipped, std::to_string(i), {}});
    }
    commit([&](Transaction& transaction) { must(transaction.incidents().add(std::span(all).first(4))); });
    commit([&](Transaction& transaction) { must(transaction.incidents().add(std::span(all).subspan(4))); });
    host_->reopen();
    auto snapshot = must(store().read());
    for (const std::size_t most : {std::size_t{0}, std::size_t{1}, std::size_t{3}, std::size_t{6}, std::size_t{7},
                                   std::size_t{8}, std::numeric_limits<std::size_t>::max()}) {
        const std::size_t count = std::min(most, all.size());
        EXPECT_EQ(must(snapshot->incidents().newest(most)),
                  (std::vector<Incident>(all.end() - static_cast<std::ptrdiff_t>(count), all.end())))
            << most;
    }
    EXPECT_EQ(must(snapshot->counts()).incidents, 7) << "all of them stay";
}

TEST_P(StoreContract, KeepsEveryKindOfIncident) {
    using enum IncidentKind;
    std::vector<Incident> all;
    for (const IncidentKind kind :
         {bad_signature, forked, skipped, cloned, stray_text, wrong_code, restored, clock, other})
        all.push_back({noon(), {}, kind, "what", {}});
    auto transaction = must(store().write());
    must(transaction->incidents().add(all));
    EXPECT_EQ(must(transaction->incidents().newest(99)), all);
}

TEST_P(StoreContract, DoesNotContradictItself) {
    EXPECT_TRUE(must(must(store().read())->contradictions(9)).empty()) << "nothing is in it yet";
    {
        auto transaction = must(store().write());
        must(transaction->records().add_batch({{"K1"}, 1, 1, "lost", {}, noon()}));
    }
    commit([&](Transaction& transaction) {
        add(transaction, {stored_record(1), with_id(stored_record(2, "duplicate_id"), 1)}, false);
        must(transaction.records().add_batch({{"K1"}, 1, 2, "kept", {}, noon()}));
        must(transaction.set_savepoint());
        must(transaction.records().add_batch({{"K1"}, 3, 1, "undone", {}, noon()}));
        must(transaction.roll_back_to_savepoint());
        must(transaction.records().add_batch({{"K2"}, 1, 1, "kept", {}, noon()}));
        EXPECT_TRUE(must(transaction.contradictions(9)).empty());
    });
    EXPECT_TRUE(must(must(store().read())->contradictions(9)).empty());
}

// --- The decorator that tests of other rooms use ---------------------------------------------------------------------

TEST_P(StoreContract, IsCountedAndRefusedCallByCall) {
    sample::FailingStore counted(store());
    const auto batch = [&]() -> StoreResult<void> {
        auto transaction = counted.write();
        if (!transaction) return unexpected(transaction.error());
        const auto put = (*transaction)->terminals().put(terminal("K1"));
        if (!put) return put;
        const auto added = (*transaction)->records().add(std::vector<NewRecord>{{stored_record(1)}});
        if (!added) return unexpected(added.error());
        return (*transaction)->commit();
    };
    for (int failing = 1; failing <= 4; ++failing) {
        counted.fail(counted.calls() + failing, false);
        const auto refused = batch();
        ASSERT_FALSE(refused) << failing;
        EXPECT_EQ(refused.error().kind, StoreErrorKind::full);
        EXPECT_TRUE(must(must(counted.read())->terminals().page({}, 9)).empty()) << failing;
    }
    const int before = counted.calls();
    must(batch());
    EXPECT_EQ(counted.calls() - before, 4);
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreContract, ::testing::ValuesIn(contract::stores_under_test()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace hailong::sync
