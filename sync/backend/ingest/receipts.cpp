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

bool is_near(milliseconds difference) {
    return std::chrono::abs(difference) <= kReceiptTolerance;
}

/// The batches of each terminal, as places in the row of all.
using PlacesByKiosk = std::map<survey::KioskId, std::vector<std::size_t>>;

PlacesByKiosk places_by_kiosk(std::span<const BatchReceipt> receipts) {
    PlacesByKiosk places;
    for (std::size_t i = 0; i < receipts.size(); ++i)
        places[receipts[i].kiosk].push_back(i);
    return places;
}

/// The true time from one batch of a terminal to its next one; empty when no monotonic clock tells it.
std::optional<milliseconds> time_between(const BatchReceipt& one, const BatchReceipt& next) {
    const bool is_known = one.sent_monotonic && next.sent_monotonic && !one.boot.empty() && one.boot == next.boot &&
                          *next.sent_monotonic >= *one.sent_monotonic;
    if (!is_known) return std::nullopt;
    return *next.sent_monotonic - *one.sent_monotonic;
}

milliseconds median(std::vector<milliseconds> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

/// A terminal's batches on both sides of a place between two batches.
struct Span {
    const BatchReceipt& before;
    const BatchReceipt& after;
};

std::vector<Span> spans_over(std::span<const BatchReceipt> receipts, const PlacesByKiosk& places, std::size_t place) {
    std::vector<Span> spans;
    for (const auto& [kiosk, own] : places) {
        const auto after = std::upper_bound(own.begin(), own.end(), place);
        if (after == own.begin() || after == own.end()) continue;
        spans.push_back({receipts[*(after - 1)], receipts[*after]});
    }
    return spans;
}

/// How far the clock stepped where it jumped by `jump` between two batches, of which some true time may have passed;
/// nothing where it need not have stepped.
std::optional<milliseconds> step_at(const std::vector<Span>& spans, milliseconds jump) {
    std::optional<milliseconds> tightest;
    std::optional<milliseconds> proved;
    std::vector<milliseconds> claimed;
    for (const Span& span : spans) {
        if (const auto between = time_between(span.before, span.after)) {
            // Between the two batches of the jump lie 0 to `between` of true time.
            if (tightest && *between >= *tightest) continue;
            tightest = between;
            proved = std::clamp(span.after.received - span.before.received - *between, jump - *between, jump);
        } else if (span.before.ahead_of_terminal() && span.after.ahead_of_terminal()) {
            claimed.push_back(*span.after.ahead_of_terminal() - *span.before.ahead_of_terminal());
        }
    }
    const bool is_back = jump.count() < 0;
    if (tightest) {
        const bool is_step = is_back || jump - *tightest > kReceiptTolerance;
        return is_step ? proved : std::nullopt;
    }
    if (is_back) {
        std::erase_if(claimed, [&](milliseconds step) { return step > jump + kReceiptTolerance; });
        return claimed.empty() ? jump : median(std::move(claimed));
    }
    if (claimed.size() < 2) return std::nullopt;
    const milliseconds step = median(std::move(claimed));
    const bool is_step = step > kReceiptTolerance && step <= jump + kReceiptTolerance;
    return is_step ? std::optional(step) : std::nullopt;
}

/// Consecutive batches between which the clock did not step.
struct Stretch {
    std::size_t first = 0;
    std::size_t last = 0;
    milliseconds level{};  // how far the clock stood ahead of how it stood in the first stretch
};

/// Nothing came later than now: where the last stretch goes beyond it, the clock stepped ahead there, by as much as it
/// steps back behind the stretch.
void split_at(UtcTime now, milliseconds step_back, std::span<const BatchReceipt> receipts,
              std::vector<Stretch>& stretches) {
    Stretch& whole = stretches.back();
    std::size_t first = whole.first;
    while (first <= whole.last && receipts[first].received <= now + kReceiptTolerance)
        ++first;
    if (first == whole.first || first > whole.last) return;
    const Stretch ahead{first, whole.last, whole.level - step_back};
    whole.last = first - 1;
    stretches.push_back(ahead);
}

/// How far the last stretch, when it lies behind `now`, stands ahead: as its terminals say, or at least so far.
milliseconds ahead_of_now(const Stretch& last, std::span<const BatchReceipt> receipts, UtcTime now) {
    std::vector<milliseconds> claimed;
    for (std::size_t i = last.first; i <= last.last; ++i) {
        const auto ahead = receipts[i].ahead_of_terminal();
        if (ahead && *ahead > kReceiptTolerance) claimed.push_back(*ahead);
    }
    return claimed.empty() ? receipts[last.last].received - now : median(std::move(claimed));
}

std::vector<Stretch> stretches_of(std::span<const BatchReceipt> receipts, UtcTime now) {
    const PlacesByKiosk places = places_by_kiosk(receipts);
    std::vector<Stretch> stretches = {{}};
    for (std::size_t i = 0; i + 1 < receipts.size(); ++i) {
        const milliseconds jump = receipts[i + 1].received - receipts[i].received;
        const auto step = is_near(jump) ? std::nullopt : step_at(spans_over(receipts, places, i), jump);
        if (step && step->count() < 0) split_at(now, *step, receipts, stretches);
        if (step) stretches.push_back({i + 1, i + 1, stretches.back().level + *step});
        stretches.back().last = i + 1;
    }
    split_at(now, -ahead_of_now(stretches.back(), receipts, now), receipts, stretches);
    return stretches;
}

/// All stretches with the same clock.
struct SameClock {
    milliseconds level{};
    std::int64_t agreeing = 0;  // terminals, less those that contradict
    UtcTime latest{};
};

SameClock clock_at(milliseconds level, const std::vector<Stretch>& stretches, std::span<const BatchReceipt> receipts) {
    SameClock result;
    result.level = level;
    std::map<survey::KioskId, bool> agrees;
    for (const Stretch& one : stretches) {
        if (!is_near(one.level - level)) continue;
        for (std::size_t i = one.first; i <= one.last; ++i) {
            result.latest = std::max(result.latest, receipts[i].received);
            const auto ahead = receipts[i].ahead_of_terminal();
            if (ahead) agrees[receipts[i].kiosk] |= is_near(*ahead);
        }
    }
    for (const auto& [kiosk, is_agreeing] : agrees)
        result.agreeing += is_agreeing ? 1 : -1;
    return result;
}

/// The level of the clock that was right: the one that most terminals agree with, then the one that was seen last.
milliseconds right_level(const std::vector<Stretch>& stretches, std::span<const BatchReceipt> receipts, UtcTime now) {
    std::optional<SameClock> best;
    for (const Stretch& one : stretches) {
        const SameClock clock = clock_at(one.level, stretches, receipts);
        if (clock.latest > now + kReceiptTolerance) continue;
        if (!best || std::pair(clock.agreeing, clock.latest) > std::pair(best->agreeing, best->latest)) best = clock;
    }
    if (best) return best->level;
    return stretches.back().level - ahead_of_now(stretches.back(), receipts, now);
}

}  // namespace

StoreResult<std::vector<BatchReceipt>> read_receipts(const Reference& reference, Snapshot& snapshot) {
    const auto terminals = snapshot.terminals().page({}, std::numeric_limits<std::size_t>::max());
    if (!terminals) return unexpected(terminals.error());
    std::vector<BatchReceipt> receipts;
    for (const Terminal& terminal : *terminals) {
        const auto batches = snapshot.records().batches(terminal.kiosk);
        if (!batches) return unexpected(batches.error());
        for (const StoredBatch& batch : *batches) {
            // A header that can't be read says nothing of a clock; verify tells of it.
            BatchHeader header = decode_header(batch.header_bytes).value_or(BatchHeader{});
            receipts.push_back({batch.number, batch.kiosk,
                                receipt_time(reference.corrections, batch.number, batch.received).received,
                                std::move(header.boot), header.sent_monotonic, header.sent});
        }
    }
    std::sort(receipts.begin(), receipts.end(),
              [](const BatchReceipt& one, const BatchReceipt& other) { return one.number < other.number; });
    return receipts;
}

std::vector<SuspectReceipts> find_suspect_receipts(std::span<const BatchReceipt> receipts, UtcTime now) {
    std::vector<SuspectReceipts> result;
    if (receipts.empty()) return result;
    const std::vector<Stretch> stretches = stretches_of(receipts, now);
    const milliseconds right = right_level(stretches, receipts, now);
    for (const Stretch& one : stretches) {
        const auto ahead = std::chrono::round<std::chrono::seconds>(one.level - right);
        if (is_near(ahead)) continue;
        const BatchReceipt& first = receipts[one.first];
        const BatchReceipt& last = receipts[one.last];
        result.push_back({first.number, last.number, ahead, first.received, last.received});
    }
    return result;
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

}  // namespace hailong::sync
