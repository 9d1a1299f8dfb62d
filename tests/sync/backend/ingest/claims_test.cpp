// What a terminal says of itself and can't be true is no figure.
#include "sync/backend/ingest/claims.h"

#include <gtest/gtest.h>

#include "tests/sync/backend/sample.h"

namespace hailong::sync {
namespace {

using sample::must;
using sample::visit;

Terminal heard(std::int64_t last_seq, std::int64_t days_ago) {
    Terminal terminal;
    terminal.kiosk = {"K1"};
    terminal.last_seq = last_seq;
    terminal.reported_collected = last_seq;
    terminal.last_seen = sample::noon() - std::chrono::hours(24 * days_ago);
    return terminal;
}

TEST(Claims, AreBoundByNumbersTimeAndRate) {
    const std::int64_t month = kUnheardDays * kCollectedADayMax;
    EXPECT_EQ(collected_max({}, 0, sample::noon()), month);
    EXPECT_EQ(collected_max(heard(100, 0), 100, sample::noon()), 100 + month);
    EXPECT_EQ(collected_max(heard(100, 365), 100, sample::noon()), 100 + month + 365 * kCollectedADayMax);
    Terminal believed_before = heard(100, 0);
    believed_before.reported_collected = 5 * month;
    EXPECT_EQ(collected_max(believed_before, 200, sample::noon()), 5 * month) << "while it catches up";
}

TEST(Claims, OfCountersThatCantBeTrueAreNotBelieved) {
    const survey::Date today = survey::local_date(sample::noon());
    const survey::Date far = std::chrono::year{2090} / 1 / 1;
    Counters counters;
    counters.collected = 1'000'000'000'000;
    counters.days = {{today, 3}};
    const BelievedCounters sum = believed(counters, heard(10, 1), 12, {}, sample::noon());
    EXPECT_FALSE(sum.is_sum_believed);
    EXPECT_TRUE(sum.days.empty()) << "nothing of them is";
    EXPECT_EQ(sum.doubts.size(), 1u);

    counters.collected = 12;
    counters.days = {{today, 12}, {far, 5}};
    const BelievedCounters beyond = believed(counters, heard(10, 1), 12, {}, sample::noon());
    EXPECT_TRUE(beyond.is_sum_believed);
    EXPECT_EQ(beyond.days, (std::map<survey::Date, std::int64_t>{{today, 12}}));
    EXPECT_EQ(believed(counters, heard(10, 1), 12, {far}, sample::noon()).days.size(), 2u)
        << "a clock that is ahead dates records, too";
    counters.days = {{today, 13}};
    const BelievedCounters more = believed(counters, heard(10, 1), 12, {}, sample::noon());
    EXPECT_TRUE(more.days.empty()) << "more on a day than in all";
    EXPECT_EQ(more.doubts.size(), 1u);
}

TEST(Claims, OfAStatusThatCantBeTrueAreEmptied) {
    TerminalStatus status;
    status.waiting = std::int64_t{1} << 52;
    status.oldest_waiting = std::chrono::hours(24 * 366 * 50);
    status.disk_free_bytes = std::int64_t{1} << 52;
    status.clock_offset = -std::chrono::hours(24 * 366 * 400);
    status.last_visit = sample::noon() + std::chrono::hours(49);
    status.kiosk_version = "0.1.0";
    const BelievedStatus said = believed(status, heard(10, 1), sample::noon());
    TerminalStatus left;
    left.kiosk_version = "0.1.0";
    EXPECT_EQ(said.status, left);
    EXPECT_EQ(said.doubts.size(), 3u) << "the other two a clock may have said that was put right since";
}

TEST(Claims, OfAStatusThatCanBeTrueStay) {
    TerminalStatus status;
    status.waiting = 500;
    status.oldest_waiting = std::chrono::hours(24 * 40);
    status.disk_free_bytes = 64'000'000'000;
    status.clock_offset = sample::noon().time_since_epoch();  // its clock has no battery
    status.last_visit = survey::UtcTime(std::chrono::minutes(5));
    const BelievedStatus said = believed(status, heard(10, 1), sample::noon());
    EXPECT_EQ(said.status, status);
    EXPECT_TRUE(said.doubts.empty());
    status.waiting = 0;
    EXPECT_FALSE(believed(status, heard(10, 1), sample::noon()).status.oldest_waiting) << "of none that wait";
}

TEST(Claims, OfABatchAreAnIncidentAndNoFigure) {
    sample::Backend backend;
    sample::Journal journal("K1");
    journal.add(visit(1));
    BatchHeader header = journal.header(1, 1);
    header.counters.collected = survey::kSeqMax;
    header.counters.days = {{survey::local_date(sample::noon()), survey::kSeqMax}};
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(must(backend.take(sample::sent(header, journal.records(1, 1)))));
    EXPECT_EQ(backend.terminal().reported_collected, 0);
    EXPECT_EQ(sample::days(*backend.store).at(0).collected, 0);
    EXPECT_EQ(sample::days(*backend.store).at(0).stored, 1) << "its records are taken all the same";
    const auto incidents = sample::incidents(*backend.store);
    ASSERT_EQ(incidents.size(), 1u) << "one a day";
    EXPECT_EQ(incidents[0].kind, IncidentKind::claim);
    EXPECT_NE(incidents[0].evidence.find(std::to_string(survey::kSeqMax)), std::string::npos);
    journal.add(visit(2));
    ASSERT_TRUE(must(backend.take(journal.batch(2, 2))));
    EXPECT_EQ(backend.terminal().reported_collected, 2) << "what can be true is believed again";
}

}  // namespace
}  // namespace hailong::sync
