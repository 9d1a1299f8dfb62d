#include "sync/backend/ingest/clock_levels.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace hailong::sync {
namespace {

using survey::milliseconds;
using survey::UtcTime;

/// One start of a terminal's machine.
using MachineStart = std::pair<survey::KioskId, std::string>;

bool is_timed(const BatchReceipt& one) {
    return one.sent_monotonic && !one.boot.empty();
}

/// Two batches that a terminal sent itself, with a place between two batches in the middle.
struct Span {
    const BatchReceipt& before;
    const BatchReceipt& after;
    std::size_t before_at = 0;
    std::size_t after_at = 0;

    /// The true time from one to the other; empty when the terminal's machine started anew.
    [[nodiscard]] std::optional<milliseconds> true_time() const;
    /// How far the clock stepped between them: exactly, where `true_time` is known, else as the wall clock claims.
    [[nodiscard]] milliseconds step() const;
};

/// The spans of each terminal; bundles say nothing of when they came.
class Spans {
  public:
    explicit Spans(std::span<const BatchReceipt> receipts);
    /// Those over the place behind batch `at`, at most one for each terminal. O(terminals).
    [[nodiscard]] std::vector<Span> over(std::size_t at) const;

  private:
    std::span<const BatchReceipt> receipts_;
    std::map<survey::KioskId, std::vector<std::size_t>> sent_;
};

std::optional<milliseconds> Span::true_time() const {
    const bool is_known = is_timed(before) && is_timed(after) && before.boot == after.boot &&
                          *after.sent_monotonic >= *before.sent_monotonic;
    if (!is_known) return std::nullopt;
    return *after.sent_monotonic - *before.sent_monotonic;
}

milliseconds Span::step() const {
    return after.received - before.received - true_time().value_or(after.sent - before.sent);
}

Spans::Spans(std::span<const BatchReceipt> receipts) : receipts_(receipts) {
    for (std::size_t at = 0; at < receipts.size(); ++at) {
        if (receipts[at].sent_monotonic) sent_[receipts[at].kiosk].push_back(at);
    }
}

std::vector<Span> Spans::over(std::size_t at) const {
    std::vector<Span> spans;
    for (const auto& [kiosk, sent] : sent_) {
        const auto after = std::upper_bound(sent.begin(), sent.end(), at);
        if (after == sent.begin() || after == sent.end()) continue;
        const std::size_t before = *(after - 1);
        spans.push_back({receipts_[before], receipts_[*after], before, *after});
    }
    return spans;
}

/// Monotonic clocks drift apart by less.
constexpr milliseconds kOrderTolerance = std::chrono::minutes(2);

/// More starts of machines are not moved in one history: each costs a walk.
constexpr int kWalksMax = 64;

/// Walks from batch to batch; what it finds out of a clock that was ahead goes back to where that began.
class Walk {
    /// Batches of one start of a machine.
    struct Sent {
        std::size_t first = 0;
        std::size_t last = 0;
    };

  public:
    Walk(std::span<const BatchReceipt> receipts, UtcTime now)
        : receipts_(receipts), spans_(receipts), now_(now), levels_(receipts.size()) {}

    std::vector<milliseconds> levels() {
        for (int walks = 0; walks < kWalksMax && !go(); ++walks) {
        }
        const std::size_t last = receipts_.size() - 1;
        const std::size_t first = first_like(last);
        if (const auto ahead = ahead_of_now(receipts_.subspan(first), now_)) split(last, *ahead);
        return std::move(levels_);
    }

  private:
    /// From the first batch to the last; false when a start of a machine turned out to be placed wrongly, and the walk
    /// must be gone anew.
    bool go() {
        std::map<MachineStart, Sent> sent;
        known_ = {milliseconds{0}};
        for (std::size_t at = 0; at < receipts_.size(); ++at) {
            const BatchReceipt& one = receipts_[at];
            if (!is_timed(one)) {
                if (at > 0) set(at, step_to(at));
                continue;
            }
            const auto [start, is_first] = sent.try_emplace({one.kiosk, one.boot}, Sent{at, at});
            const std::size_t own = std::exchange(start->second.last, at);
            if (at == 0) continue;
            const Span exact{receipts_[own], one, own, at};
            if (!is_first && exact.true_time()) {
                set(at, levels_[own] + exact.step() - levels_[at - 1]);
                if (is_misplaced(at, start->second, sent)) return false;
            } else {
                const auto placed = placed_.find(at);
                set(at, placed != placed_.end() ? placed->second - levels_[at - 1] : step_to(at));
            }
        }
        return true;
    }

    void set(std::size_t at, milliseconds step) {
        levels_[at] = levels_[at - 1] + step;
        if (!is_near(step)) known_.push_back(levels_[at]);
    }

    /// Where two starts of machines contradict each other in which batch came first, the later one is moved.
    bool is_misplaced(std::size_t at, const Sent& own, const std::map<MachineStart, Sent>& sent) {
        const BatchReceipt& before = receipts_[at - 1];
        const auto other = sent.find({before.kiosk, before.boot});
        if (!is_timed(before) || other == sent.end()) return false;
        const milliseconds excess = levels_[at] - levels_[at - 1] - (receipts_[at].received - before.received);
        if (excess <= kOrderTolerance) return false;
        const bool is_own_later = own.first > other->second.first;
        const std::size_t first = is_own_later ? own.first : other->second.first;
        placed_[first] = levels_[first] + (is_own_later ? -excess : excess);
        return true;
    }

    /// How far the clock stepped before a batch that no monotonic clock ties to an earlier one.
    [[nodiscard]] milliseconds step_to(std::size_t at) {
        const UtcTime received = receipts_[at].received;
        const milliseconds jump = received - receipts_[at - 1].received;
        const milliseconds here = levels_[at - 1];
        std::optional<milliseconds> tightest;
        milliseconds least{};
        milliseconds most{};
        std::vector<std::pair<std::size_t, milliseconds>> behind;  // how the clock stands next, and then
        std::vector<milliseconds> claimed;
        for (const Span& span : spans_.over(at - 1)) {
            const milliseconds before = levels_[span.before_at];
            const auto time = span.true_time();
            if (!time) {
                claimed.push_back(before + span.step() - here);
                continue;
            }
            behind.emplace_back(span.after_at, before + span.step() - here);
            if (!tightest || *time < *tightest) {
                // It came between the two batches, and behind the one before it.
                tightest = time;
                most = std::min(jump, received - span.before.received + before - here);
                least = std::min(most, received - span.before.received + before - here - *time);
            }
        }
        if (tightest) {
            if (least <= kReceiptTolerance && most >= -kReceiptTolerance) return {};
            std::sort(behind.begin(), behind.end());
            const auto fits = std::find_if(behind.begin(), behind.end(), [&](const auto& one) {
                return least - kReceiptTolerance <= one.second && one.second <= most + kReceiptTolerance;
            });
            return std::clamp((fits != behind.end() ? fits : behind.begin())->second, least, most);
        }
        if (is_near(jump)) return {};
        if (jump.count() < 0) {
            std::erase_if(claimed, [&](milliseconds step) { return step > jump + kReceiptTolerance; });
            const milliseconds step = claimed.empty() ? jump : median(std::move(claimed));
            split(at - 1, -step);
            return step;
        }
        return claimed_step(here, jump, claimed);
    }

    /// One terminal's wall clock may have been set meanwhile, but not so that the clock comes back to where it was.
    [[nodiscard]] milliseconds claimed_step(milliseconds here, milliseconds jump,
                                            const std::vector<milliseconds>& claimed) const {
        const auto is_step = [&](milliseconds step) { return !is_near(step) && step <= jump + kReceiptTolerance; };
        if (claimed.size() >= 2) {
            const milliseconds step = median(claimed);
            return is_step(step) ? step : milliseconds{};
        }
        for (const milliseconds step : claimed) {
            const auto is_there = [&](milliseconds level) { return is_near(here + step - level); };
            if (is_step(step) && std::any_of(known_.begin(), known_.end(), is_there)) return step;
        }
        return {};
    }

    [[nodiscard]] std::size_t first_like(std::size_t last) const {
        std::size_t first = last;
        while (first > 0 && is_near(levels_[first - 1] - levels_[last]))
            --first;
        return first;
    }

    /// Where the batches up to `last` go beyond now, the clock had stepped ahead by `ahead`, and with it all that the
    /// same starts of machines sent.
    void split(std::size_t last, milliseconds ahead) {
        const std::size_t start = first_like(last);
        std::size_t first = start;
        while (first <= last && receipts_[first].received <= now_ + kReceiptTolerance)
            ++first;
        std::set<MachineStart> beyond;
        for (std::size_t at = first; at <= last; ++at) {
            if (is_timed(receipts_[at])) beyond.insert({receipts_[at].kiosk, receipts_[at].boot});
        }
        const auto is_beyond = [&](std::size_t at) {
            return is_timed(receipts_[at]) && beyond.contains({receipts_[at].kiosk, receipts_[at].boot});
        };
        for (std::size_t at = start; at < first; ++at) {
            if (is_beyond(at)) first = at;
        }
        if (first == start || first > last) return;
        for (std::size_t at = first; at <= last; ++at)
            levels_[at] += ahead;
        known_.push_back(levels_[last]);
    }

    std::span<const BatchReceipt> receipts_;
    Spans spans_;
    UtcTime now_;
    std::vector<milliseconds> levels_;
    std::vector<milliseconds> known_;             // levels that were seen
    std::map<std::size_t, milliseconds> placed_;  // how the clock stood at the first batches of starts that were moved
};

}  // namespace

bool is_near(milliseconds difference) {
    return std::chrono::abs(difference) <= kReceiptTolerance;
}

milliseconds median(std::vector<milliseconds> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

std::optional<milliseconds> ahead_of_now(std::span<const BatchReceipt> receipts, UtcTime now) {
    const milliseconds least = receipts.back().received - now;
    if (least <= kReceiptTolerance) return std::nullopt;
    std::vector<milliseconds> claimed;
    for (const BatchReceipt& one : receipts) {
        const auto ahead = one.ahead_of_terminal();
        if (ahead && *ahead >= least - kReceiptTolerance) claimed.push_back(*ahead);
    }
    return claimed.empty() ? least : median(std::move(claimed));
}

std::vector<Stretch> stretches_of(std::span<const BatchReceipt> receipts, UtcTime now) {
    const std::vector<milliseconds> levels = Walk(receipts, now).levels();
    std::vector<Stretch> stretches = {{}};
    for (std::size_t at = 1; at < levels.size(); ++at) {
        if (!is_near(levels[at] - stretches.back().level)) stretches.push_back({at, at, levels[at]});
        stretches.back().last = at;
    }
    return stretches;
}

}  // namespace hailong::sync
