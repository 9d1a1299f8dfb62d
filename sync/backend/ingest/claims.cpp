#include "sync/backend/ingest/claims.h"

#include <algorithm>

namespace hailong::sync {
namespace {

using std::chrono::sys_days;
using survey::Date;
using survey::UtcTime;

/// No disk of a terminal is larger: a hundred terabytes.
constexpr std::int64_t kDiskBytesMax = 100'000'000'000'000;
/// No clock of a machine says less or more, by its own years: one without a battery begins at 1970.
constexpr std::chrono::year kClockFirst{1970};
constexpr std::chrono::year kClockLast{2200};
/// No terminal is older.
constexpr std::chrono::days kAgeMax{20 * 366};

/// With the day: a terminal that repeats itself every minute leaves one incident a day.
std::string doubt(UtcTime now, const std::string& what) {
    return "on " + survey::to_string(survey::local_date(now)) + " it said " + what + "; it was not believed";
}

bool can_be_clock(UtcTime time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    return day >= sys_days{kClockFirst / 1 / 1} && day < sys_days{kClockLast / 1 / 1};
}

}  // namespace

std::int64_t collected_max(const Terminal& terminal, std::int64_t last_seq, UtcTime now) {
    std::int64_t unheard = kUnheardDays;
    if (terminal.last_seen && now > *terminal.last_seen)
        unheard += std::chrono::ceil<std::chrono::days>(now - *terminal.last_seen).count();
    return std::max(terminal.reported_collected, last_seq + unheard * kCollectedADayMax);
}

BelievedCounters believed(const Counters& counters, const Terminal& terminal, std::int64_t last_seq,
                          const std::vector<Date>& with_records, UtcTime now) {
    BelievedCounters result;
    if (counters.collected > collected_max(terminal, last_seq, now)) {
        result.is_sum_believed = false;
        result.doubts.push_back(doubt(now, "that it collected more than it can have"));
        return result;
    }
    const Date tomorrow{sys_days{survey::local_date(now)} + std::chrono::days{1}};
    bool is_beyond = false;
    for (const auto& [day, collected] : counters.days) {
        const bool is_there = std::find(with_records.begin(), with_records.end(), day) != with_records.end();
        if (day > tomorrow && !is_there) continue;
        if (collected > std::min(kCollectedADayMax, counters.collected)) {
            is_beyond = true;
            continue;
        }
        result.days.emplace(day, collected);
    }
    if (is_beyond) result.doubts.push_back(doubt(now, "that it collected more on a day than it can have"));
    return result;
}

BelievedStatus believed(TerminalStatus status, const Terminal& terminal, UtcTime now) {
    BelievedStatus result{std::move(status), {}};
    TerminalStatus& said = result.status;
    const auto refuse = [&](auto& member, const std::string& what) {
        member.reset();
        result.doubts.push_back(doubt(now, what));
    };
    if (said.waiting && *said.waiting > collected_max(terminal, terminal.last_seq, now) - terminal.last_seq)
        refuse(said.waiting, "that more responses wait than it can have collected");
    if (said.disk_free_bytes && *said.disk_free_bytes > kDiskBytesMax)
        refuse(said.disk_free_bytes, "that its disk has more room than any disk");
    if (said.clock_offset && !can_be_clock(now - *said.clock_offset))
        refuse(said.clock_offset, "that its clock is where no clock can be");
    // What a clock said that was put right since is no lie: not believed, and nothing more.
    if (said.oldest_waiting && (*said.oldest_waiting > kAgeMax || said.waiting == 0)) said.oldest_waiting.reset();
    const survey::milliseconds offset = said.clock_offset.value_or(survey::milliseconds{0});
    if (said.last_visit && *said.last_visit + offset > now + std::chrono::days{1}) said.last_visit.reset();
    return result;
}

std::vector<Incident> claim_incidents(const std::vector<std::string>& doubts, const survey::KioskId& kiosk, UtcTime now,
                                      const std::string& evidence) {
    std::vector<Incident> incidents;
    incidents.reserve(doubts.size());
    for (const std::string& what : doubts)
        incidents.push_back({now, kiosk, IncidentKind::claim, what, evidence});
    return incidents;
}

}  // namespace hailong::sync
