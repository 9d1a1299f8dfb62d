// Every column of every row is changed in turn, the triggers gone: as a disk does it, and as someone with the file in
// hand would, who makes the sums fit again. verify or reconcile must find the first always, and the second but for what
// is listed here, each with its reason.
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "sync/backend/audit/reconcile.h"
#include "sync/backend/audit/verify.h"
#include "sync/backend/ingest/correct_times.h"
#include "sync/backend/ingest/reprocess.h"
#include "tests/sync/backend/audit/outsider.h"
#include "tests/sync/backend/sample.h"

namespace hailong::sync {
namespace {

using sample::must;
using sample::visit;

using sample::Outsider;
using Row = Outsider::Row;

/// What nobody can recompute once the sums fit, and why.
const std::map<std::string, std::string> kBeyondProof = {
    {"documents.revision", "a counter that only tells caches to look again"},
    {"terminals.boot", "a hint of two machines, no part of any figure"},
    {"questionnaires.id", "the text itself says it; the column is how it is found"},
    {"questionnaires.version", "as its id"},
    {"terminals.token_hash", "of a secret that only the terminal has"},
    {"records.detail", "texts for people, said again from the bytes"},
    {"texts.bytes", "sealed: opening them compares with the hash in the record"},
    {"erasures.time_ms", "a remark of who erased"},
    {"erasures.reason", "a remark of who erased"},
    {"codes.code_hash", "short-lived, used once"},
    {"codes.kiosk", "short-lived, used once"},
    {"codes.center", "short-lived, used once"},
    {"codes.expires_ms", "short-lived, used once"},
    {"codes.used_by", "short-lived, used once"},
    {"statuses.kiosk", "what a terminal says of itself: nothing is counted by it"},
    {"statuses.status", "as that"},
    {"statuses.heard_ms", "as that"},
    {"boots.kiosk", "a hint of two machines, no part of any figure"},
    {"boots.boot", "a hint"},
    {"boots.turn", "a hint"},
    {"boots.time_ms", "a hint"},
    {"incidents.time_ms", "remarks for people: what they tell of is found by itself"},
    {"incidents.kiosk", "remarks"},
    {"incidents.kind", "remarks"},
    {"incidents.detail", "remarks"},
    {"incidents.evidence", "remarks"},
    {"facts.name", "compared with the keys themselves, which are not in the store"},
    {"facts.fact", "as its name"},
    {"time_corrections.number", "their order alone counts"},
    {"time_corrections.reason", "a remark of who corrected"},
    {"time_corrections.account", "a remark"},
    {"time_corrections.recorded_ms", "a remark"},
    {"public_tallies.center", "what was public on a day: from today's tallies alone nobody can tell"},
    {"public_tallies.day", "what was public on a day: from today's tallies alone nobody can tell"},
    {"public_tallies.grain", "what was public on a day: from today's tallies alone nobody can tell"},
    {"public_tallies.pooled", "what was public on a day: from today's tallies alone nobody can tell"},
    {"public_tallies.kind", "what was public on a day: from today's tallies alone nobody can tell"},
    {"public_tallies.subject", "what was public on a day: from today's tallies alone nobody can tell"},
    {"public_tallies.questionnaire", "what was public on a day: from today's tallies alone nobody can tell"},
    {"public_tallies.version", "what was public on a day: from today's tallies alone nobody can tell"},
    {"public_tallies.flagged", "what was public on a day: from today's tallies alone nobody can tell"},
    {"public_tallies.tally", "what was public on a day: from today's tallies alone nobody can tell"},
    {"commits.number", "how many commits there were: it tells whoever writes that the store was put back"},
    {"releases.center", "what was public on a day: from today's tallies alone nobody can tell"},
    {"releases.day", "what was public on a day: from today's tallies alone nobody can tell"},
    {"releases.number", "what was public on a day: from today's tallies alone nobody can tell"},
};

class Tampering : public ::testing::Test {
  protected:
    Tampering() {
        backend_.put_questionnaire(3, sample::questionnaire_with_words_json());
        take_first();
        take_behind_a_skip();
        reprocess_one();
        leave_texts_codes_and_statuses();
        correct_times_of_the_last();
        leave_public_figures();
        backend_.store.reset();
        Outsider(backend_.file()).drop_triggers();
        EXPECT_TRUE(Outsider(backend_.file()).rows("SELECT 1 FROM sqlite_schema WHERE type = 'trigger'").empty());
    }

    void take_first() {
        journal_.add(sample::visit_with_text(1));
        journal_.add(sample::visit_with_text(2));
        survey::Response fast = visit(3, "2");
        fast.flags = {"too_fast"};
        journal_.add(fast);
        survey::Response corrected = visit(4, "4", sample::noon() - std::chrono::days(2));
        corrected.server_offset = std::chrono::days(2);
        journal_.add(corrected);
        survey::Response unknown = visit(5);
        unknown.context.officer = {"c-01"};
        journal_.add(unknown);
        journal_.add(visit(1));
        journal_.add_bytes("unreadable");
        survey::Response never = visit(6);
        never.context.counter = {"Z"};
        journal_.add(never);
        BatchHeader header = journal_.header(1, 8);
        header.counters.collected = 7;
        header.boot = "boot-1";
        header.sent_monotonic = std::chrono::hours(1);
        header.counters.days = {{*survey::parse_date("2026-11-22"), 6}, {*survey::parse_date("2026-11-20"), 1}};
        ASSERT_TRUE(must(backend_.take(
            sample::sent(header, journal_.records(1, 8), {{1, {"comment"}, "sealed"}, {2, {"comment"}, "sealed"}}))));
    }

    void take_behind_a_skip() {
        survey::Response doubtful = visit(11, "5", sample::noon() + std::chrono::minutes(90));
        doubtful.server_offset.reset();
        const std::string line = survey::encode({{"K1"}, 11, doubtful});
        BatchHeader header;
        header.kiosk = {"K1"};
        header.first_seq = 11;
        header.count = 1;
        header.previous_hash = survey::sha256("start");
        header.last_hash = survey::chain(header.previous_hash, line);
        header.sent = sample::noon();
        header.boot = "boot-1";
        header.sent_monotonic = std::chrono::hours(2);
        header.counters.collected = 10;
        header.counters.days = {{*survey::parse_date("2026-11-22"), 7}};
        header.skipped = {{9, 9, survey::SkipReason::renumbered}, {10, 10, survey::SkipReason::damaged}};
        ASSERT_TRUE(must(backend_.take(sample::sent(header, {line}), "K1", sample::noon() + std::chrono::hours(2))));
    }

    void reprocess_one() {
        backend_.put_center(sample::grown_center_json());
        EXPECT_EQ(must(reprocess_all(*backend_.store, sample::noon() + std::chrono::hours(3))).reprocessed, 1);
    }

    void leave_texts_codes_and_statuses() {
        auto transaction = must(backend_.store->write());
        sample::erase_text(*transaction, {{{"K1"}, 2, {"comment"}}, sample::noon(), "asked for"});
        must(transaction->terminals().put_code({"hash", {"K1"}, {"mau"}, sample::noon(), std::nullopt}));
        must(transaction->facts().put("keys", "public"));
        must(transaction->terminals().put_statuses(std::vector{HeardStatus{{"K1"}, {}, sample::noon()}}));
        must(transaction->commit());
    }

    void correct_times_of_the_last() {
        const survey::UtcTime now = sample::noon() + std::chrono::hours(3);
        auto transaction = must(backend_.store->write());
        const auto done =
            must(correct_times({2, 2, std::chrono::hours(1), "the clock was wrong", "admin", now}, *transaction));
        ASSERT_TRUE(done) << done.error();
        EXPECT_EQ(done->records, 1);
        must(transaction->commit());
    }

    void leave_public_figures() {
        auto transaction = must(backend_.store->write());
        const survey::Date day = survey::local_date(sample::noon());
        must(transaction->public_tallies().replace({"mau"}, day, day,
                                                   {{{{survey::Grain::day, day, {{"W5"}, 1}, {}, false}, false}, {}}}));
        must(transaction->public_tallies().note_release({"mau"}, day));
        must(transaction->commit());
    }

    /// Everything that verify and reconcile complain of; a store that can't be read complains, too.
    static std::string complaints(const std::filesystem::path& file) {
        const auto store = open_sqlite_store(file, OpenMode::existing);
        if (!store) return "store: " + store.error().what;
        const auto reader = must((*store)->read());
        const auto reference = load_reference(*reader);
        if (!reference) return "documents: " + reference.error().what;
        const auto report = verify(*reader, *reference);
        if (!report) return "verify: " + report.error().what;
        std::string all;
        for (const std::string& one : report->differences)
            all += one + "\n";
        const auto found =
            reconcile(*reader, {"mau"}, *survey::parse_date("1970-01-01"), *survey::parse_date("9999-12-31"));
        if (!found) return "reconcile: " + found.error().what;
        for (const std::string& one : found->differences)
            all += "reconcile: " + one + "\n";
        return all;
    }

    /// A value that is not the one there, as an SQL expression over the column. Times are moved by more than the
    /// backend's own clock may have been put back.
    static std::string changed(const std::string& table, const std::string& column, const std::string& type) {
        const std::string name = table + "." + column;
        static constexpr const char* kMonth = "2592000000";
        if (name == "terminal_keys.since_ms") return column + " + " + kMonth;
        if (name == "terminals.last_seen_ms" || name == "texts.received_ms") return column + " - " + kMonth;
        if (name == "records.reprocessed_ms") return "iif(reprocessed_ms IS NULL, 1, reprocessed_ms - 2592000000)";
        if (name == "tallies.flagged") return "1 - flagged";
        if (name == "records.repeats") return "iif(repeats IS NULL, 1, NULL)";
        if (type == "INTEGER") return "ifnull(" + column + ", 0) + 1";
        if (type == "TEXT") return "ifnull(" + column + ", '') || 'x'";
        return "CAST(iif(" + column + " IS NULL, zeroblob(16), iif(substr(" + column +
               ", 1, 1) = x'00', x'01', x'00') || substr(" + column + ", 2)) AS BLOB)";
    }

    sample::Backend backend_;
    sample::Journal journal_{"K1"};
};

TEST_F(Tampering, IsFoundInEveryColumnOfEveryRow) {
    const std::string before = complaints(backend_.file());
    EXPECT_EQ(before.find("verify"), std::string::npos);
    const std::filesystem::path copy = backend_.folder.path() / "changed.sqlite";
    int changes = 0;
    std::set<std::string> unfound;
    std::set<std::string> unfound_by_sums;
    for (const Row& table : Outsider(backend_.file()).rows("SELECT name FROM sqlite_schema WHERE type = 'table'")) {
        const auto columns = Outsider(backend_.file()).rows("PRAGMA table_info(" + table[0] + ")");
        std::string key;
        for (const Row& column : columns) {
            if (column[5] != "0") key += (key.empty() ? "" : " || ',' || ") + ("quote(" + column[1] + ")");
        }
        const bool has_rowid = !Outsider(backend_.file()).rows("SELECT rowid FROM " + table[0] + " LIMIT 1").empty();
        if (has_rowid) key = "rowid";
        const auto rows = Outsider(backend_.file()).rows("SELECT " + key + " FROM " + table[0]);
        EXPECT_TRUE(!rows.empty() || table[0] == "unsigned_records") << table[0] << " has no row to change";
        for (const Row& row : rows) {
            for (const Row& column : columns) {
                std::filesystem::copy_file(backend_.file(), copy, std::filesystem::copy_options::overwrite_existing);
                std::string literal = row[0];
                for (std::size_t at = 0; (at = literal.find('\'', at)) != std::string::npos; at += 2)
                    literal.insert(at, 1, '\'');
                const int done = Outsider(copy).change("UPDATE " + table[0] + " SET " + column[1] + " = " +
                                                       changed(table[0], column[1], column[2]) + " WHERE CAST(" + key +
                                                       " AS TEXT) = '" + literal + "'");
                changes += done;
                if (done != 1) continue;
                if (complaints(copy) == before) unfound_by_sums.insert(table[0] + "." + column[1]);
                if (column[1] == "sum") continue;
                sample::make_sums_fit(copy);
                if (complaints(copy) == before) unfound.insert(table[0] + "." + column[1]);
            }
        }
    }
    EXPECT_GT(changes, 200);
    EXPECT_EQ(unfound_by_sums, std::set<std::string>{}) << "changed by a fault, and nobody noticed";
    for (const std::string& name : unfound)
        EXPECT_TRUE(kBeyondProof.contains(name)) << name << " was changed and nobody noticed";
    for (const auto& [name, reason] : kBeyondProof)
        EXPECT_TRUE(unfound.contains(name)) << name << " is found by now: take it off the list";
}

TEST_F(Tampering, IsFoundWhenARowIsGone) {
    const std::string before = complaints(backend_.file());
    const std::filesystem::path copy = backend_.folder.path() / "changed.sqlite";
    const std::map<std::string, std::string> tables = {
        {"terminals", "kiosk"},
        {"terminal_keys", "rowid"},
        {"records", "rowid"},
        {"batches", "rowid"},
        {"skips", "rowid"},
        {"tallies", "grain || ',' || kind || ',' || day || ',' || subject || ',' || version || ',' || flagged"},
        {"days", "terminal || ',' || day"}};
    for (const auto& [table, key] : tables) {
        const auto count = Outsider(backend_.file()).rows("SELECT count(*) FROM " + table)[0][0];
        for (int i = 0; i < std::stoi(count); ++i) {
            std::filesystem::copy_file(backend_.file(), copy, std::filesystem::copy_options::overwrite_existing);
            ASSERT_EQ(Outsider(copy).change("DELETE FROM " + table + " WHERE " + key + " = (SELECT " + key + " FROM " +
                                            table + " LIMIT 1 OFFSET " + std::to_string(i) + ")"),
                      1)
                << table;
            EXPECT_NE(complaints(copy), before) << "row " << i << " of " << table << " went unnoticed";
        }
    }
}

}  // namespace
}  // namespace hailong::sync
