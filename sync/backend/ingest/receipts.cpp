#include "sync/backend/ingest/receipts.h"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "sync/protocol/batch.h"

namespace hailong::sync {
namespace {

using survey::milliseconds;
using survey::UtcTime;

/// As verify has it, which takes the clock for put back by hand where it is less.
constexpr std::chrono::hours kEnrolmentTolerance{24};

/// How many of those batches came when the wall clock of the terminal that sent them says.
std::int64_t count_agreeing_clocks(std::span<const BatchReceipt> receipts, std::int64_t first, std::int64_t last) {
    return std::count_if(receipts.begin(), receipts.end(), [&](const BatchReceipt& one) {
        const auto ahead = one.ahead_of_terminal();
        return first <= one.number && one.number <= last && ahead && std::chrono::abs(*ahead) <= kReceiptTolerance;
    });
}

}  // namespace

StoreResult<std::vector<BatchReceipt>> read_receipts(const Reference& reference, Snapshot& snapshot) {
    const auto terminals = snapshot.terminals().page({}, std::numeric_limits<std::size_t>::max());
    if (!terminals) return unexpected(terminals.error());
    std::vector<BatchReceipt> receipts;
    for (const Terminal& terminal : *terminals) {
        const auto batches = snapshot.records().batches(terminal.kiosk);
        if (!batches) return unexpected(batches.error());
        const auto keys = snapshot.terminals().keys(terminal.kiosk);
        if (!keys) return unexpected(keys.error());
        const auto unsigned_until = snapshot.records().unsigned_until(terminal.kiosk);
        if (!unsigned_until) return unexpected(unsigned_until.error());
        for (const StoredBatch& batch : *batches) {
            // A header that can't be read says nothing of a clock; verify tells of it.
            BatchHeader header = decode_header(batch.header_bytes).value_or(BatchHeader{});
            const UtcTime received = receipt_time(reference.corrections, batch.number, batch.received).received;
            const bool is_signed = batch.first_seq + batch.count - 1 > *unsigned_until;
            const bool is_before_enrolment =
                is_signed && !keys->empty() && received + kEnrolmentTolerance < keys->front().since;
            receipts.push_back({batch.number, batch.kiosk, received, std::move(header.boot), header.sent_monotonic,
                                header.sent, is_before_enrolment});
        }
    }
    std::sort(receipts.begin(), receipts.end(),
              [](const BatchReceipt& one, const BatchReceipt& other) { return one.number < other.number; });
    return receipts;
}

std::int64_t count_disorders(std::span<const BatchReceipt> receipts, UtcTime now) {
    std::int64_t count = 0;
    for (std::size_t i = 0; i < receipts.size(); ++i) {
        const UtcTime next = i + 1 < receipts.size() ? receipts[i + 1].received : now;
        if (next < receipts[i].received - kReceiptTolerance) ++count;
    }
    return count;
}

std::int64_t count_agreements(std::span<const BatchReceipt> receipts, std::int64_t first, std::int64_t last) {
    struct Starts {
        std::vector<UtcTime> inside;  // when the monotonic clock was 0, as each receipt has it
        std::vector<UtcTime> outside;
    };
    std::map<std::pair<survey::KioskId, std::string>, Starts> starts;
    for (const BatchReceipt& one : receipts) {
        if (!one.sent_monotonic || one.boot.empty()) continue;
        Starts& own = starts[{one.kiosk, one.boot}];
        const bool is_inside = first <= one.number && one.number <= last;
        (is_inside ? own.inside : own.outside).push_back(one.received - *one.sent_monotonic);
    }
    std::int64_t count = 0;
    for (auto& [key, own] : starts) {
        std::sort(own.outside.begin(), own.outside.end());
        for (const UtcTime start : own.inside) {
            count += std::upper_bound(own.outside.begin(), own.outside.end(), start + kReceiptTolerance) -
                     std::lower_bound(own.outside.begin(), own.outside.end(), start - kReceiptTolerance);
        }
    }
    return count;
}

std::string contradiction_of(std::span<const BatchReceipt> receipts, std::int64_t first, std::int64_t last,
                             milliseconds ahead, UtcTime now) {
    std::vector<BatchReceipt> moved(receipts.begin(), receipts.end());
    for (BatchReceipt& one : moved) {
        if (first <= one.number && one.number <= last) one.received -= ahead;
    }
    const std::int64_t more = count_agreements(moved, first, last) - count_agreements(receipts, first, last);
    const std::int64_t disorders = count_disorders(moved, now);
    const bool is_ordered = disorders == 0 || disorders < count_disorders(receipts, now);
    // Where most batches came by a wrong clock, and not in one row, the monotonic clocks join a row to the other wrong
    // ones; the wall clocks tell which it belongs to.
    const bool is_by_clocks = count_agreeing_clocks(moved, first, last) > count_agreeing_clocks(receipts, first, last);
    if (more > 0 || (is_ordered && (more == 0 || is_by_clocks))) return {};
    return more < 0 ? "the monotonic clocks of the terminals contradict it"
                    : "beside the receipts before and behind it, it contradicts their order";
}

}  // namespace hailong::sync
