#include "sync/backend/figures/day_totals.h"

#include "survey/crypto/digest.h"

namespace hailong::sync {
namespace {

const survey::Date kLastDay = std::chrono::year{9999} / 12 / 31;

}  // namespace

StoreResult<std::int64_t> received_on(TallyReader& reader, const survey::CenterId& center, survey::Date day) {
    const auto rows = reader.find({center, survey::Grain::day, day, day, survey::SubjectKind::visit, std::nullopt});
    if (!rows) return unexpected(rows.error());
    std::int64_t sum = 0;
    for (const TallyRow& row : *rows)
        sum += row.tally.responses;
    return sum;
}

StoreResult<CenterTotals> totals_before(TerminalReader& reader, const survey::CenterId& center, survey::Date today) {
    auto totals = reader.totals(center);
    if (!totals) return totals;
    const auto days = reader.days(center, today, kLastDay);
    if (!days) return unexpected(days.error());
    for (const TerminalDay& day : *days) {
        totals->records.stored -= day.stored + day.copies;
        totals->records.counted -= day.counted;
        totals->records.quarantined -= day.quarantined + day.copies;
        totals->records.copies -= day.copies;
        totals->reported_collected -= day.collected;
    }
    return totals;
}

StoreResult<std::string> figures_version(Snapshot& snapshot, std::int64_t documents, const survey::CenterId& center,
                                         survey::Date today) {
    const auto release = snapshot.public_tallies().last_release(center);
    if (!release) return unexpected(release.error());
    const auto received = received_on(snapshot.tallies(), center, today);
    if (!received) return unexpected(received.error());
    const auto totals = totals_before(snapshot.terminals(), center, today);
    if (!totals) return unexpected(totals.error());
    const auto terminals = snapshot.terminals().of_center(center);
    if (!terminals) return unexpected(terminals.error());
    std::int64_t heard = 0;  // grows with the day on which a terminal was heard
    for (const Terminal& terminal : *terminals) {
        if (terminal.last_seen)
            heard += std::chrono::sys_days{survey::local_date(*terminal.last_seen)}.time_since_epoch().count();
    }
    const Totals& records = totals->records;
    std::string all;
    for (const std::int64_t part :
         {documents, *release ? (*release)->number : 0, *received, records.stored, records.counted, records.quarantined,
          records.copies, records.skipped, records.lost, totals->reported_collected, heard}) {
        all += std::to_string(part) + ",";
    }
    return to_hex(survey::sha256(all)).substr(0, 24);
}

}  // namespace hailong::sync
