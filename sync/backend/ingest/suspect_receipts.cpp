#include "sync/backend/ingest/suspect_receipts.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "sync/backend/ingest/clock_levels.h"

namespace hailong::sync {
namespace {

using survey::milliseconds;
using survey::UtcTime;

bool agrees(const BatchReceipt& one) {
    const auto ahead = one.ahead_of_terminal();
    return ahead && is_near(*ahead);
}

/// All stretches with the same clock.
struct SameClock {
    milliseconds level{};
    std::size_t votes = 0;
    UtcTime latest{};
};

SameClock clock_at(milliseconds level, const std::vector<Stretch>& stretches, std::span<const BatchReceipt> receipts) {
    SameClock result;
    result.level = level;
    std::set<survey::KioskId> agreeing;
    for (const Stretch& one : stretches) {
        if (!is_near(one.level - level)) continue;
        for (std::size_t i = one.first; i <= one.last; ++i) {
            result.latest = std::max(result.latest, receipts[i].received);
            if (agrees(receipts[i])) agreeing.insert(receipts[i].kiosk);
        }
    }
    const bool is_back = is_near(stretches.front().level - level) && is_near(stretches.back().level - level);
    result.votes = agreeing.size() + (is_back ? 1 : 0);
    return result;
}

/// The level of the clock that was right: of those that nothing beyond `now` speaks against, the only one, or the one
/// for which most speaks: each terminal whose wall clock agrees with a receipt, and that the clock stood so both at
/// first and at last. When all lie beyond `now`, that is right. Empty: nothing tells.
std::optional<milliseconds> right_level(const std::vector<Stretch>& stretches, std::span<const BatchReceipt> receipts,
                                        UtcTime now) {
    std::vector<SameClock> clocks;
    for (const Stretch& one : stretches) {
        const auto is_same = [&](const SameClock& clock) { return is_near(clock.level - one.level); };
        if (std::any_of(clocks.begin(), clocks.end(), is_same)) continue;
        const SameClock clock = clock_at(one.level, stretches, receipts);
        if (clock.latest <= now + kReceiptTolerance) clocks.push_back(clock);
    }
    if (clocks.empty()) {
        const Stretch& last = stretches.back();
        return last.level -
               ahead_of_now(receipts.subspan(last.first, last.last + 1 - last.first), now).value_or(milliseconds{});
    }
    if (clocks.size() == 1) return clocks.front().level;
    std::stable_sort(clocks.begin(), clocks.end(),
                     [](const SameClock& one, const SameClock& other) { return one.votes > other.votes; });
    return clocks[0].votes > clocks[1].votes ? std::optional(clocks[0].level) : std::nullopt;
}

/// Consecutive batches of one stretch.
struct Row {
    std::size_t first = 0;
    std::size_t last = 0;
};

class Finder {
  public:
    Finder(std::span<const BatchReceipt> receipts, std::span<const TimeCorrection> corrections, UtcTime now)
        : receipts_(receipts),
          moved_(receipts.begin(), receipts.end()),
          corrections_(corrections),
          now_(now),
          stretches_(stretches_of(receipts_, now)),
          right_(right_level(stretches_, receipts_, now)) {}

    std::vector<SuspectReceipts> find() {
        std::vector<SuspectReceipts> known;
        std::vector<SuspectReceipts> unclear;
        if (right_) bound_by_the_known();
        for (const Stretch& one : stretches_) {
            if (right_ && is_near(one.level - *right_)) continue;
            unclear.push_back(described({one.first, one.last}));
            if (!right_) continue;
            for (const Row& row : wrong_rows(one)) {
                if (auto done = corrected(row, one.level - *right_)) known.push_back(*done);
            }
        }
        if (known.empty() && unclear.empty()) return before_enrolment();
        return known.empty() ? unclear : known;
    }

  private:
    using MachineStart = std::pair<survey::KioskId, std::string>;

    /// Where no clock of a terminal tells of two stretches, the enrolment may.
    [[nodiscard]] std::vector<SuspectReceipts> before_enrolment() const {
        std::vector<SuspectReceipts> found;
        for (std::size_t i = 0; i < receipts_.size(); ++i) {
            if (!receipts_[i].is_before_enrolment) continue;
            const bool goes_on = i > 0 && receipts_[i - 1].is_before_enrolment;
            if (!goes_on) found.push_back(described({i, i}));
            found.back().last_batch = receipts_[i].number;
            found.back().last_received = receipts_[i].received;
        }
        return found;
    }

    /// Starts of machines that sent a batch by the right clock: their wall clock says so, or, where none does, they saw
    /// the clock come back. What was corrected, perhaps not to the hour, is no evidence.
    void note_right_starts() {
        std::map<MachineStart, const Stretch*> seen;
        std::set<MachineStart> agreeing_elsewhere;
        std::set<MachineStart> saw_it_come_back;
        for (const Stretch& one : stretches_) {
            const bool is_right = is_near(one.level - *right_);
            for (std::size_t i = one.first; i <= one.last; ++i) {
                if (!receipts_[i].sent_monotonic) continue;
                const MachineStart start{receipts_[i].kiosk, receipts_[i].boot};
                if (agrees(receipts_[i])) (is_right ? right_starts_ : agreeing_elsewhere).insert(start);
                if (!is_right || is_corrected(receipts_[i])) continue;
                if (seen.try_emplace(start, &one).first->second != &one) saw_it_come_back.insert(start);
            }
        }
        if (right_starts_.empty()) right_starts_ = std::move(saw_it_come_back);
        for (const MachineStart& start : agreeing_elsewhere)
            right_starts_.erase(start);
    }

    /// True times lie between those that are known before and behind them.
    void bound_by_the_known() {
        note_right_starts();
        std::vector<std::optional<UtcTime>> known(receipts_.size());
        for (const Stretch& one : stretches_) {
            const milliseconds ahead = one.level - *right_;
            for (std::size_t i = one.first; i <= one.last; ++i) {
                const bool is_known = is_tied(receipts_[i]) || (is_near(ahead) && agrees(receipts_[i]));
                if (is_known) known[i] = receipts_[i].received - ahead;
            }
        }
        earliest_.resize(receipts_.size(), UtcTime::min() + kReceiptTolerance);
        latest_.resize(receipts_.size(), now_);
        for (std::size_t i = 1; i < known.size(); ++i)
            earliest_[i] = std::max(earliest_[i - 1], known[i - 1].value_or(earliest_[i - 1]));
        for (std::size_t i = known.size() - 1; i > 0; --i)
            latest_[i - 1] = std::min(latest_[i], known[i].value_or(latest_[i]));
    }

    [[nodiscard]] bool is_corrected(const BatchReceipt& one) const {
        return std::any_of(corrections_.begin(), corrections_.end(),
                           [&](const TimeCorrection& correction) { return correction.covers(one.number); });
    }

    /// Whether the monotonic clock of the terminal ties it to a batch that came by the right clock.
    [[nodiscard]] bool is_tied(const BatchReceipt& one) const {
        return one.sent_monotonic && !one.boot.empty() && right_starts_.contains({one.kiosk, one.boot});
    }

    /// Whether the terminal's own clocks say that it came while the clock stood so far ahead.
    [[nodiscard]] bool is_told(const BatchReceipt& one, milliseconds ahead) const {
        const auto claimed = one.ahead_of_terminal();
        return is_tied(one) || (claimed && is_near(*claimed - ahead));
    }

    /// Whether it surely did not come when its receipt says.
    [[nodiscard]] bool is_out_of_order(std::size_t at) const {
        const UtcTime received = receipts_[at].received;
        return received < earliest_[at] - kReceiptTolerance || received > latest_[at] + kReceiptTolerance;
    }

    /// Whether the clock may have stepped as far ahead behind batch `at`.
    [[nodiscard]] bool may_step(std::size_t at, milliseconds ahead) const {
        const milliseconds jump = receipts_[at + 1].received - receipts_[at].received;
        return jump >= std::chrono::abs(ahead) - kReceiptTolerance;
    }

    /// What of a wrong stretch is surely wrong. A clock that is behind is set right by a step ahead, one that is ahead
    /// got there by one: where there is no such pause, all behind or before what a terminal tells is wrong,
    /// too.
    [[nodiscard]] std::vector<Row> wrong_rows(const Stretch& stretch) const {
        const milliseconds ahead = stretch.level - *right_;
        std::vector<bool> is_sure(stretch.last + 1 - stretch.first);
        for (std::size_t i = 0; i < is_sure.size(); ++i)
            is_sure[i] = is_told(receipts_[stretch.first + i], ahead);
        for (std::size_t i = 1; ahead.count() < 0 && i < is_sure.size(); ++i) {
            if (is_sure[i - 1] && !may_step(stretch.first + i - 1, ahead)) is_sure[i] = true;
        }
        for (std::size_t i = is_sure.size() - 1; ahead.count() > 0 && i > 0; --i) {
            if (is_sure[i] && !may_step(stretch.first + i - 1, ahead)) is_sure[i - 1] = true;
        }
        std::vector<Row> rows;
        for (std::size_t i = 0; i < is_sure.size(); ++i) {
            const std::size_t at = stretch.first + i;
            if (!is_sure[i] && !is_out_of_order(at)) continue;
            if (!rows.empty() && rows.back().last + 1 == at)
                rows.back().last = at;
            else
                rows.push_back({at, at});
        }
        return rows;
    }

    [[nodiscard]] SuspectReceipts described(const Row& row) const {
        const BatchReceipt& first = receipts_[row.first];
        const BatchReceipt& last = receipts_[row.last];
        return {first.number, last.number, std::nullopt, first.received, last.received};
    }

    /// The row with what sets it right; empty when that would be refused.
    std::optional<SuspectReceipts> corrected(const Row& row, milliseconds ahead) {
        SuspectReceipts result = described(row);
        const auto covers = [&](std::int64_t number) {
            return result.first_batch <= number && number <= result.last_batch;
        };
        ahead = std::chrono::round<std::chrono::seconds>(ahead);
        result.ahead = ahead;
        for (const TimeCorrection& one : corrections_) {
            if (one.last_batch < result.first_batch || one.first_batch > result.last_batch) continue;
            if (one.first_batch != result.first_batch || one.last_batch != result.last_batch) return std::nullopt;
            *result.ahead += one.ahead;
        }
        if (std::chrono::abs(*result.ahead) > kCorrectionMax) return std::nullopt;
        if (result.last_received - ahead > now_ + kReceiptTolerance) return std::nullopt;
        std::vector<BatchReceipt> without = moved_;
        for (BatchReceipt& one : without) {
            if (covers(one.number)) one.received += *result.ahead - ahead;
        }
        const bool is_taken_back = result.ahead->count() == 0;
        if (!is_taken_back &&
            !contradiction_of(without, result.first_batch, result.last_batch, *result.ahead, now_).empty()) {
            return std::nullopt;
        }
        for (BatchReceipt& one : moved_) {
            if (covers(one.number)) one.received -= ahead;
        }
        return result;
    }

    std::span<const BatchReceipt> receipts_;
    std::vector<BatchReceipt> moved_;  // as the rows found so far set them right
    std::span<const TimeCorrection> corrections_;
    UtcTime now_;
    std::vector<Stretch> stretches_;
    std::optional<milliseconds> right_;
    std::set<MachineStart> right_starts_;
    std::vector<UtcTime> earliest_;  // each batch can have come
    std::vector<UtcTime> latest_;
};

}  // namespace

std::vector<SuspectReceipts> find_suspect_receipts(std::span<const BatchReceipt> receipts,
                                                   std::span<const TimeCorrection> corrections, UtcTime now) {
    return receipts.empty() ? std::vector<SuspectReceipts>() : Finder(receipts, corrections, now).find();
}

}  // namespace hailong::sync
