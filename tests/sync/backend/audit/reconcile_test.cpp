#include "sync/backend/audit/reconcile.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/sync/backend/audit/outsider.h"
#include "tests/sync/backend/sample.h"

namespace hailong::sync {
namespace {

using sample::Backend;
using sample::Journal;
using sample::must;
using sample::visit;
using survey::Date;
using survey::SkipReason;

Date day(const char* text) {
    return *survey::parse_date(text);
}
const Date kFirst = day("2026-01-01");
const Date kLast = day("2026-12-31");

class Reconcile : public ::testing::Test {
  protected:
    void take(const BatchHeader& header, const std::vector<std::string>& lines, const std::string& kiosk = "K1") {
        const auto batch =
            decode_batch(encode_batch(header, lines, {}, key_.value_or(sample::sign_key(header.kiosk.text))));
        ASSERT_TRUE(batch);
        const auto answer = must(backend_.take(*batch, kiosk));
        ASSERT_TRUE(answer) << answer.error().detail;
    }
    void take_all(const Journal& journal, std::map<Date, std::int64_t> days = {}) {
        BatchHeader header = journal.header(1, journal.size());
        header.counters.days = std::move(days);
        take(header, journal.records(1, journal.size()), journal.kiosk().text);
    }

    /// A terminal that goes on from `first_seq`, and says why not right behind `journal`.
    void take_behind(const Journal& journal, std::int64_t first_seq, const std::vector<survey::Response>& responses,
                     std::int64_t collected, const std::vector<survey::Skip>& skipped,
                     std::map<Date, std::int64_t> days) {
        ASSERT_GT(first_seq, journal.size());
        BatchHeader header;
        header.kiosk = {"K1"};
        header.first_seq = first_seq;
        header.count = static_cast<std::int64_t>(responses.size());
        header.previous_hash = header.last_hash = survey::kChainStart;
        header.sent = sample::noon();
        header.counters.collected = collected;
        header.counters.days = std::move(days);
        header.skipped = skipped;
        std::vector<std::string> lines;
        for (const survey::Response& response : responses) {
            lines.push_back(survey::encode({{"K1"}, first_seq++, response}));
            header.last_hash = survey::chain(header.last_hash, lines.back());
        }
        take(header, lines);
    }
    /// K1 has another key from now on, as a new device makes one.
    void enrol_anew() {
        key_ = sample::sign_key("another device");
        auto transaction = must(backend_.store->write());
        Terminal terminal = *must(transaction->terminals().terminal({"K1"}));
        terminal.key = survey::public_half(*key_);
        must(transaction->terminals().put(terminal));
        must(transaction->terminals().add_key({terminal.kiosk, *terminal.key, sample::noon()}));
        must(transaction->commit());
    }
    static survey::Response visit_ago(std::uint64_t number, int days) {
        return visit(number, "5", sample::noon() - std::chrono::days(days));
    }

    void meddle(const std::string& sql) {
        sample::Outsider outsider(backend_.file());
        EXPECT_GT(outsider.change(sql), 0) << outsider.error();
    }

    Reconciliation thorough(Date first = kFirst, Date last = kLast) {
        return must(reconcile(*must(backend_.store->read()), {"mau"}, first, last));
    }
    Reconciliation quick(Date first = kFirst, Date last = kLast) {
        return must(reconcile_quickly(*must(backend_.store->read()), {"mau"}, first, last));
    }

    Backend backend_{{"K1", "K2"}};
    std::optional<survey::SignSecretKey> key_;  // of the device that sends now; empty: the one that fill() put in
};

TEST_F(Reconcile, FindsTheFourTotalsEqualWhenEverythingCame) {
    Journal journal("K1");
    journal.add(visit(1));
    journal.add(visit(2));
    survey::Response fast = visit(3);
    fast.flags = {"too_fast"};
    journal.add(fast);
    take_all(journal, {{day("2026-11-22"), 3}});
    for (const Reconciliation& found : {thorough(), quick()}) {
        EXPECT_EQ(found.differences, std::vector<std::string>{});
        EXPECT_EQ(found.difference_count, 0);
        EXPECT_TRUE(found.notes.empty());
        ASSERT_EQ(found.terminals.size(), 2u);
        EXPECT_TRUE(found.terminals[0].balances());
        EXPECT_EQ(found.terminals[0].collected, 3);
        EXPECT_EQ(found.terminals[0].counted, 3);
        ASSERT_EQ(found.days.size(), 1u);
        EXPECT_EQ(found.days[0].collected, 3);
        EXPECT_EQ(found.days[0].stored, 3);
        EXPECT_EQ(found.days[0].counted, 3);
        ASSERT_EQ(found.posted.size(), 1u);
        EXPECT_EQ(found.posted[0].posted, 3);
        EXPECT_EQ(found.posted[0].flagged, 1);
    }
    EXPECT_EQ(thorough().days[0].flagged, 1);
    EXPECT_EQ(thorough().posted[0].counted, 3);
}

TEST_F(Reconcile, NamesTheNumbersThatAreMissing) {
    Journal journal("K1");
    for (std::uint64_t i = 1; i <= 5; ++i)
        journal.add(visit(i));
    BatchHeader header = journal.header(1, 3);
    header.counters.days = {{day("2026-11-22"), 5}};
    take(header, journal.records(1, 3));
    for (const Reconciliation& found : {thorough(), quick()}) {
        ASSERT_EQ(found.differences.size(), 2u);
        EXPECT_EQ(
            found.differences[0],
            "K1: collected 5, stored 3: missing are numbers 4–5; still on the terminal: let it connect, or carry an "
            "offline bundle. Where its disk is lost, they are lost with it, and `hailong-backend enroll` lets a "
            "new one go on");
        EXPECT_EQ(
            found.differences[1],
            "K1 on 2026-11-22: collected 5, stored 3; the others are still on the terminal, or lost with its disk");
        EXPECT_EQ(found.terminals[0].missing, 2);
        EXPECT_EQ(found.days[0].balance(), Balance::differs);
    }
}

TEST_F(Reconcile, NamesWhatIsQuarantined) {
    Journal journal("K1");
    journal.add(visit(1));
    journal.add_bytes("unreadable");
    journal.add_bytes("too");
    journal.add(visit(2));
    journal.add_bytes("and this");
    take_all(journal);
    for (const Reconciliation& found : {thorough(), quick()}) {
        EXPECT_EQ(found.difference_count, 0) << "nobody can mend it";
        ASSERT_EQ(found.notes.size(), 1u);
        EXPECT_TRUE(found.notes[0].starts_with("K1: quarantined and not counted: numbers 2–3, 5 can't be read, and"))
            << found.notes[0];
        EXPECT_EQ(found.terminals[0].quarantined, 3);
        EXPECT_EQ(found.terminals[0].missing, 0);
    }
}

TEST_F(Reconcile, SaysOfEachReasonWhetherAnybodyCanMendIt) {
    const auto with = [](std::uint64_t number, const auto& change) {
        survey::Response response = visit(number);
        change(response);
        return response;
    };
    Journal journal("K1");
    journal.add_bytes("unreadable");
    std::string newer = survey::encode({{"K1"}, 2, visit(2)});
    newer.replace(newer.find(R"("format":1)"), 10, R"("format":9)");
    journal.add_bytes(newer);
    journal.add_bytes(survey::encode({{"K9"}, 3, visit(3)}));
    journal.add(with(4, [](auto& response) { response.questionnaire.id = {"W9"}; }));
    journal.add(with(5, [](auto& response) { response.context.center = {"none"}; }));
    journal.add(with(6, [](auto& response) { response.context.counter = {"none"}; }));
    journal.add(with(7, [](auto& response) { response.context.officer = {"none"}; }));
    journal.add(with(8, [](auto& response) { response.context.procedure = {"none"}; }));
    journal.add(with(9, [](auto& response) { response.context.field = {"none"}; }));
    journal.add(with(10, [](auto& response) { response.answers[0].values = {"none"}; }));
    take_all(journal);
    for (const Reconciliation& found : {thorough(), quick()}) {
        const auto& reasons = found.terminals[0].quarantined_for;
        EXPECT_EQ(reasons.size(), 10u);
        EXPECT_EQ(found.difference_count, 7) << "somebody can mend these";
        for (const std::string& one : found.differences)
            EXPECT_NE(one.find("and count by themselves once "), std::string::npos) << one;
        EXPECT_EQ(found.notes.size(), 3u);
        for (const std::string& one : found.notes)
            EXPECT_NE(one.find("and never count"), std::string::npos) << one;
    }
}

TEST_F(Reconcile, TellsWhatIsLostFromWhatWasNeverThere) {
    Journal journal("K1");
    for (std::uint64_t i = 1; i <= 2; ++i)
        journal.add(visit(i));
    take(journal.header(1, 2), journal.records(1, 2));
    const std::string line = survey::encode({{"K1"}, 9, visit(9)});
    BatchHeader header;
    header.kiosk = {"K1"};
    header.first_seq = 9;
    header.count = 1;
    header.previous_hash = survey::sha256("start");
    header.last_hash = survey::chain(header.previous_hash, line);
    header.sent = sample::noon();
    header.counters.collected = 5;  // two before, two lost, one behind
    header.skipped = {{3, 4, survey::SkipReason::damaged},
                      {5, 6, survey::SkipReason::renumbered},
                      {7, 8, survey::SkipReason::unknown}};
    take(header, {line});
    for (const Reconciliation& found : {thorough(), quick()}) {
        ASSERT_EQ(found.differences.size(), 1u) << found.differences[1];
        EXPECT_EQ(found.differences[0],
                  "K1: numbers 3–4 were collected and are lost (damaged); answers that the terminal wrote again under "
                  "new numbers may be among them. Keep its damaged files for support: nothing here brings them back");
        EXPECT_EQ(found.notes, (std::vector<std::string>{"K1: numbers 5–6 stand for no record (renumbered)",
                                                         "K1: numbers 7–8 stand for no record (unknown)"}));
        EXPECT_EQ(found.terminals[0].lost, 2);
        EXPECT_EQ(found.terminals[0].missing, 0);
    }
}

TEST_F(Reconcile, CountsAResponseThatCameTwiceOnce) {
    Journal journal("K1");
    journal.add(visit(1));
    journal.add(visit(1));
    take(journal.header(1, 1), journal.records(1, 1));
    BatchHeader header = journal.header(2, 2);
    header.skipped = {{1, 1, survey::SkipReason::renumbered}};
    header.counters.collected = 1;
    header.counters.days = {{day("2026-11-22"), 1}};
    take(header, journal.records(2, 2));
    for (const Reconciliation& found : {thorough(), quick()}) {
        EXPECT_EQ(found.differences, std::vector<std::string>{});
        EXPECT_EQ(found.notes, std::vector<std::string>{"K1: 1 came again under another number, and count once"});
        EXPECT_EQ(found.terminals[0].copies, 1);
        EXPECT_EQ(found.terminals[0].stored, 1);
    }
}

TEST_F(Reconcile, HoldsACopyOfAnotherTerminalsResponseAgainstTheTerminalThatSentIt) {
    Journal first("K1");
    first.add(visit(1));
    take_all(first, {{day("2026-11-22"), 1}});
    Journal second("K2");
    second.add(visit(1));
    take_all(second, {{day("2026-11-22"), 1}});
    for (const Reconciliation& found : {thorough(), quick()}) {
        EXPECT_EQ(found.difference_count, 0) << "the answer counts once";
        ASSERT_EQ(found.notes.size(), 1u);
        EXPECT_TRUE(found.notes[0].starts_with("K2: quarantined and not counted: numbers 1 are answers that another"));
        EXPECT_EQ(found.terminals[1].stored, 1);
        EXPECT_EQ(found.terminals[1].copies, 0);
    }
}

TEST_F(Reconcile, SaysWhichDayAWrongClockWasMovedTo) {
    Journal journal("K1");
    for (std::uint64_t i = 1; i <= 2; ++i) {
        survey::Response response = visit(i, "5", sample::noon() + std::chrono::days(400));
        response.server_offset = -std::chrono::days(400) - std::chrono::hours(1);
        journal.add(response);
    }
    take_all(journal, {{day("2027-12-27"), 2}});
    const Reconciliation found = thorough(kFirst, day("2027-12-31"));
    EXPECT_EQ(found.differences, std::vector<std::string>{});
    ASSERT_EQ(found.days.size(), 1u);
    ASSERT_EQ(found.days[0].moved.size(), 1u);
    EXPECT_EQ(found.days[0].moved[0].to, day("2026-11-22"));
    EXPECT_EQ(to_string(found.days[0].moved[0].numbers), "1–2");
    ASSERT_EQ(found.notes.size(), 1u);
    EXPECT_NE(found.notes[0].find("count numbers 1–2 on 2026-11-22"), std::string::npos);
    ASSERT_EQ(found.posted.size(), 1u);
    EXPECT_EQ(found.posted[0].counted, 2);
    EXPECT_EQ(found.posted[0].corrected, 2);
}

TEST_F(Reconcile, FindsWhatIsCountedButNotPosted) {
    Journal journal("K1");
    journal.add(visit(1));
    journal.add(visit(2));
    take_all(journal);
    meddle("UPDATE tallies SET tally = tally_coded(replace(tally_text(tally), '\"responses\":2', '\"responses\":1'))");
    const Reconciliation found = thorough();
    ASSERT_EQ(found.differences.size(), 1u);
    EXPECT_NE(found.differences[0].find("2 records count, the results show 1"), std::string::npos);
}

TEST_F(Reconcile, FindsResultsOfADayWithoutRecords) {
    Journal journal("K1");
    journal.add(visit(1));
    take_all(journal);
    meddle("UPDATE tallies SET day = day - 1 WHERE kind = 0");
    EXPECT_EQ(thorough().difference_count, 2);
}

TEST_F(Reconcile, FindsDaysWhoseSumsAreNotTheRecords) {
    Journal journal("K1");
    journal.add(visit(1));
    take_all(journal);
    for (const char* change : {"UPDATE days SET stored = stored + 1, counted = counted + 1",
                               "UPDATE days SET day = day - 1", "DELETE FROM days"}) {
        meddle(change);
        EXPECT_GT(thorough().difference_count, 0) << change;
    }
}

TEST_F(Reconcile, FindsTotalsThatAreNotTheRecords) {
    Journal journal("K1");
    journal.add(visit(1));
    take_all(journal);
    meddle("UPDATE terminals SET stored = stored + 1, counted = counted + 1");
    EXPECT_EQ(thorough().terminals[0].stored, 1) << "counted anew";
    EXPECT_EQ(quick().terminals[0].stored, 2) << "as it is kept";
    ASSERT_GT(thorough().difference_count, 0);
    EXPECT_NE(thorough().differences[0].find("K1: its totals say stored 2"), std::string::npos);
}

TEST_F(Reconcile, LooksFarOnlyForWhatDiffersNear) {
    Journal journal("K1");
    journal.add(visit(1));
    survey::Response moved = visit(2, "5", sample::noon() - std::chrono::days(40));
    moved.server_offset = std::chrono::days(40) - std::chrono::hours(1);
    journal.add(moved);
    take_all(journal);
    EXPECT_EQ(quick(day("2026-11-22"), day("2026-11-22")).uncertain_near, 1) << "it is of this day's results";
    EXPECT_EQ(quick(day("2026-10-13"), day("2026-10-13")).uncertain_near, 1) << "it is missing here";
    EXPECT_EQ(quick(day("2026-11-20"), day("2026-11-21")).uncertain_near, 0) << "nothing differs here";
}

TEST_F(Reconcile, NoticesATerminalThatForgot) {
    Journal journal("K1");
    journal.add(visit(1));
    journal.add(visit(2));
    BatchHeader header = journal.header(1, 2);
    header.counters.collected = 1;
    take(header, journal.records(1, 2));
    EXPECT_EQ(quick().terminals[0].surplus, 1);
    EXPECT_EQ(quick().difference_count, 1);
}

TEST_F(Reconcile, KnowsWhyATerminalThatCameAgainBehindAnotherHistoryCollectedLess) {
    Journal journal("K1");
    journal.add(visit(1));
    journal.add(visit(2));
    take_all(journal);
    // Put back from a copy that held the first alone, and enrolled anew: it comes again, with a new one behind it.
    journal.add(visit(1));
    journal.add(visit(3));
    BatchHeader header = journal.header(3, 4);
    header.counters.collected = 2;
    header.counters.days = {{day("2026-11-22"), 2}};
    header.skipped = {{1, 1, SkipReason::renumbered}, {2, 2, SkipReason::unknown}};
    take(header, journal.records(3, 4));
    for (const Reconciliation& found : {thorough(), quick()}) {
        EXPECT_EQ(found.differences, std::vector<std::string>{});
        EXPECT_EQ(found.terminals[0].copies, 1);
        EXPECT_EQ(found.terminals[0].surplus, 0);
        EXPECT_EQ(found.terminals[0].forgotten, 1);
        EXPECT_TRUE(found.terminals[0].balances());
    }
}

TEST_F(Reconcile, ExplainsNoMoreDaysByAnEarlierHistoryThanThereAreAnswersOfIt) {
    Journal journal("K1");
    for (const int days_ago : {1, 1, 0, 0})
        journal.add(visit_ago(static_cast<std::uint64_t>(journal.size() + 1), days_ago));
    take_all(journal);
    journal.add(visit_ago(1, 1));
    journal.add(visit_ago(5, 0));
    BatchHeader header = journal.header(5, 6);
    header.counters.collected = 4;
    header.counters.days = {{day("2026-11-21"), 1}, {day("2026-11-22"), 2}};
    header.skipped = {{1, 1, SkipReason::renumbered}, {2, 2, SkipReason::unknown}};
    take(header, journal.records(5, 6));
    for (const Reconciliation& found : {thorough(), quick()}) {
        EXPECT_EQ(found.terminals[0].forgotten, 1);
        EXPECT_EQ(found.differences, std::vector<std::string>{});
        EXPECT_TRUE(std::any_of(found.notes.begin(), found.notes.end(), [](const std::string& note) {
            return note.find("K1 on 2026-11-22: collected 2, stored 3; the terminal has forgotten") == 0;
        })) << "one answer explains one day";
    }
}

TEST_F(Reconcile, IsCleanAfterATerminalLostItsJournalAndWasEnrolledAnew) {
    Journal journal("K1");
    for (std::uint64_t i = 1; i <= 5; ++i)
        journal.add(visit(i));
    take_all(journal, {{day("2026-11-22"), 5}});
    // It had begun anew under 1 and 2; both went on behind what is stored, and behind a number that nobody used.
    take_behind(journal, 7, {visit(11), visit(12)}, 2, {{1, 2, SkipReason::renumbered}, {3, 6, SkipReason::unknown}},
                {{day("2026-11-22"), 2}});
    for (const Reconciliation& found : {thorough(), quick()}) {
        EXPECT_EQ(found.differences, std::vector<std::string>{});
        EXPECT_EQ(found.terminals[0].forgotten, 5);
        EXPECT_EQ(found.days[0].forgotten, 5);
    }
}

TEST_F(Reconcile, FindsWhatIsMissingOfATerminalThatAlsoForgot) {
    Journal journal("K1");
    for (std::uint64_t i = 1; i <= 5; ++i)
        journal.add(visit(i));
    take_all(journal, {{day("2026-11-22"), 5}});
    take_behind(journal, 7, {visit(11)}, 2, {{1, 2, SkipReason::renumbered}, {3, 6, SkipReason::unknown}},
                {{day("2026-11-22"), 2}});
    const Reconciliation found = thorough();
    ASSERT_EQ(found.difference_count, 1) << "five forgotten do not hide one that is still to come";
    EXPECT_NE(found.differences[0].find("missing are numbers 8;"), std::string::npos) << found.differences[0];
}

TEST_F(Reconcile, NamesNothingMissingWhenWhatWasDamagedWasWrittenAgain) {
    Journal journal("K1");
    for (std::uint64_t i = 1; i <= 3; ++i)
        journal.add(visit(i));
    take_all(journal, {{day("2026-11-22"), 3}});
    // 3 and 4 were damaged; 3 came again as 6, and what stood at 4 perhaps as 7.
    take_behind(journal, 6, {visit(3), visit(4)}, 6, {{3, 4, SkipReason::damaged}, {5, 5, SkipReason::unknown}},
                {{day("2026-11-22"), 4}});
    for (const Reconciliation& found : {thorough(), quick()}) {
        ASSERT_EQ(found.difference_count, 1) << found.differences[1];
        EXPECT_TRUE(found.differences[0].starts_with("K1: numbers 4 were collected and are lost"))
            << found.differences[0];
        EXPECT_EQ(found.terminals[0].missing, 0);
    }
}

TEST_F(Reconcile, IsCleanOnTheDayWhenADeviceWasReplaced) {
    Journal journal("K1");
    for (std::uint64_t i = 1; i <= 3; ++i)
        journal.add(visit(i));
    take_all(journal, {{day("2026-11-22"), 3}});
    enrol_anew();
    // The new one goes on behind what is stored, and knows of its own answers of the day alone.
    journal.add(visit(4));
    BatchHeader header = journal.header(4, 4);
    header.counters.days = {{day("2026-11-22"), 1}};
    take(header, journal.records(4, 4));
    for (const Reconciliation& found : {thorough(), quick()}) {
        EXPECT_EQ(found.differences, std::vector<std::string>{});
        EXPECT_EQ(found.days[0].forgotten, 3);
        EXPECT_EQ(found.terminals[0].forgotten, 0) << "it took over how many there were";
    }
}

TEST_F(Reconcile, ExplainsNoAnswersOfTheNewDeviceByTheOneThatWasReplaced) {
    Journal journal("K1");
    journal.add(visit(1));
    take_all(journal, {{day("2026-11-22"), 1}});
    enrol_anew();
    for (const int days_ago : {0, 0, 0})
        journal.add(visit_ago(static_cast<std::uint64_t>(journal.size() + 1), days_ago));
    BatchHeader header = journal.header(2, 4);
    header.counters.days = {{day("2026-11-22"), 1}};
    take(header, journal.records(2, 4));
    const Reconciliation found = thorough();
    EXPECT_EQ(found.days[0].forgotten, 0) << "one is of the former device, two were not counted by their own";
    EXPECT_EQ(found.difference_count, 0) << "nothing is missing where more is stored";
    EXPECT_TRUE(std::any_of(found.notes.begin(), found.notes.end(), [](const std::string& note) {
        return note.find("K1 on 2026-11-22: collected 1, stored 4; the terminal has forgotten") == 0;
    }));
}

TEST_F(Reconcile, TellsOnlyOfTheDaysAskedFor) {
    Journal journal("K1");
    for (int days_ago : {3, 2, 1, 0})
        journal.add(visit(static_cast<std::uint64_t>(9 - days_ago), "5", sample::noon() - std::chrono::days(days_ago)));
    take_all(journal);
    for (const Reconciliation& found :
         {thorough(day("2026-11-20"), day("2026-11-21")), quick(day("2026-11-20"), day("2026-11-21"))}) {
        EXPECT_EQ(found.days.size(), 2u);
        EXPECT_EQ(found.posted.size(), 2u);
        EXPECT_EQ(found.terminals[0].stored, 4);
        EXPECT_EQ(found.difference_count, 0);
    }
}

TEST_F(Reconcile, KnowsNothingOfAnotherCenter) {
    Journal journal("K1");
    journal.add(visit(1));
    take_all(journal);
    const Reconciliation found = must(reconcile(*must(backend_.store->read()), {"khac"}, kFirst, kLast));
    EXPECT_TRUE(found.terminals.empty());
    EXPECT_TRUE(found.days.empty());
    EXPECT_EQ(found.difference_count, 0);
}

TEST(NumbersText, JoinsWhatTouchesAndSaysWhenThereIsMore) {
    Numbers numbers;
    EXPECT_EQ(to_string(numbers), "");
    for (const std::int64_t number : {1, 2, 3, 5, 7, 8})
        numbers.add(number);
    EXPECT_EQ(to_string(numbers), "1–3, 5, 7–8");
    EXPECT_EQ(numbers.count, 6);
    for (std::size_t i = 0; i < 2 * kNumberRangesMax; ++i)
        numbers.add(static_cast<std::int64_t>(10 + 2 * i));
    EXPECT_EQ(numbers.ranges.size(), kNumberRangesMax);
    EXPECT_TRUE(to_string(numbers).ends_with(" …"));
}

}  // namespace
}  // namespace hailong::sync
