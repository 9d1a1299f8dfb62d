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
    std::int64_t agreeing = 0;  // terminals with a wall clock that agrees
    std::int64_t contradicting = 0;
    UtcTime latest{};
    [[nodiscard]] auto evidence() const { return std::pair(agreeing, -contradicting); }
};

SameClock clock_at(milliseconds level, const std::vector<Stretch>& stretches, std::span<const BatchReceipt> receipts) {
    SameClock result;
    result.level = level;
    std::map<survey::KioskId, bool> is_agreeing;
    for (const Stretch& one : stretches) {
        if (!is_near(one.level - level)) continue;
        for (std::size_t i = one.first; i <= one.last; ++i) {
            result.latest = std::max(result.latest, receipts[i].received);
            if (receipts[i].sent_monotonic) is_agreeing[receipts[i].kiosk] |= agrees(receipts[i]);
        }
    }
    for (const auto& [kiosk, is_so] : is_agreeing)
        ++(is_so ? result.agreeing : result.contradicting);
    return result;
}

/// The level of the clock that was right: of those that nothing beyond `now` speaks against, the only one, or the one
/// that most terminals agree with, or the one that the clock came back to in the end. When all lie beyond `now`, it is
/// right. Empty: nothing tells.
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
        return last.level - ahead_of_now(receipts.subspan(last.first, last.last + 1 - last.first), now).value_or(milliseconds{});
    }
    if (clocks.size() == 1) return clocks.front().level;
    std::stable_sort(clocks.begin(), clocks.end(), [](const SameClock& one, const SameClock& other) {
        return one.evidence() > other.evidence();
    });
    const SameClock& best = clocks.front();
    if (best.agreeing > 0 && best.evidence() > clocks[1].evidence()) return best.level;
    const milliseconds level = stretches.back().level;
    const auto end = std::find_if(clocks.begin(), clocks.end(),
                                  [&](const SameClock& clock) { return is_near(clock.level - level); });
    const bool is_back = is_near(stretches.front().level - level) && end != clocks.end() &&
                         end->agreeing == best.agreeing;
    return is_back ? std::optional(end->level) : std::nullopt;
}

/// Batches of one stretch, between which the clock surely did not go to the right time and back.
struct Piece {
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
          spans_(receipts_),
          stretches_(stretches_of(receipts_, spans_, now)),
          right_(right_level(stretches_, receipts_, now)) {}

    std::vector<SuspectReceipts> find() {
        std::vector<SuspectReceipts> known;
        std::vector<SuspectReceipts> unclear;
        if (right_) note_the_right();
        for (const Stretch& one : stretches_) {
            if (!right_) {
                unclear.push_back(row({one.first, one.last}));
            } else if (!is_near(one.level - *right_)) {
                for (const Piece& piece : wrong_pieces(one)) {
                    if (auto done = corrected(piece, one.level - *right_)) known.push_back(*done);
                }
                unclear.push_back(row({one.first, one.last}));
            }
        }
        return known.empty() ? unclear : known;
    }

  private:
    using MachineStart = std::pair<survey::KioskId, std::string>;

    void note_the_right() {
        for (const Stretch& one : stretches_) {
            if (!is_near(one.level - *right_)) continue;
            for (std::size_t i = one.first; i <= one.last; ++i) {
                if (receipts_[i].sent_monotonic) right_starts_.insert({receipts_[i].kiosk, receipts_[i].boot});
            }
        }
    }

    /// Whether the monotonic clock of the terminal ties it to a batch that came by the right clock.
    [[nodiscard]] bool is_tied(const BatchReceipt& one) const {
        return one.sent_monotonic && !one.boot.empty() && right_starts_.contains({one.kiosk, one.boot});
    }

    /// Whether a terminal's clocks tell that the clock did not step in a pause inside the stretch.
    [[nodiscard]] bool is_unbroken(const Stretch& stretch, std::size_t at) const {
        const std::vector<Span> over = spans_.over(at);
        return std::any_of(over.begin(), over.end(), [&](const Span& span) {
            return stretch.first <= span.before_at && span.after_at <= stretch.last && is_near(span.step());
        });
    }

    /// The parts of a wrong stretch that are surely wrong. In a pause as long as the clock was wrong it may have been
    /// set right, or have gone wrong, unseen; then a part is known by a monotonic clock, or as it lies beside the step.
    [[nodiscard]] std::vector<Piece> wrong_pieces(const Stretch& stretch) const {
        const milliseconds ahead = stretch.level - *right_;
        std::vector<Piece> pieces = {{stretch.first, stretch.first}};
        for (std::size_t at = stretch.first; at < stretch.last; ++at) {
            const milliseconds jump = receipts_[at + 1].received - receipts_[at].received;
            const bool is_pause = jump >= std::chrono::abs(ahead) - kReceiptTolerance;
            if (is_pause && !is_unbroken(stretch, at)) pieces.push_back({at + 1, at + 1});
            pieces.back().last = at + 1;
        }
        // The receipts go back where a clock fell behind, and where one that was ahead was set right.
        const bool is_first_sure = ahead.count() < 0 ? stretch.first > 0 : stretch.last + 1 == receipts_.size();
        const std::size_t beside = is_first_sure ? pieces.front().first : pieces.back().first;
        std::vector<Piece> wrong;
        for (const Piece& piece : pieces) {
            bool is_wrong = piece.first == beside;
            bool is_right = false;
            for (std::size_t i = piece.first; i <= piece.last; ++i) {
                is_wrong |= is_tied(receipts_[i]);
                is_right |= agrees(receipts_[i]) && !is_tied(receipts_[i]);
            }
            if (!is_wrong || is_right) continue;
            const bool is_next = !wrong.empty() && wrong.back().last + 1 == piece.first;
            if (is_next) wrong.back().last = piece.last;
            else wrong.push_back(piece);
        }
        return wrong;
    }

    [[nodiscard]] SuspectReceipts row(const Piece& piece) const {
        const BatchReceipt& first = receipts_[piece.first];
        const BatchReceipt& last = receipts_[piece.last];
        return {first.number, last.number, std::nullopt, first.received, last.received};
    }

    /// The row with what sets it right; empty when that would be refused.
    std::optional<SuspectReceipts> corrected(const Piece& piece, milliseconds ahead) {
        SuspectReceipts result = row(piece);
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
    Spans spans_;
    std::vector<Stretch> stretches_;
    std::optional<milliseconds> right_;
    std::set<MachineStart> right_starts_;  // those that sent a batch by the right clock
};

}  // namespace

std::vector<SuspectReceipts> find_suspect_receipts(std::span<const BatchReceipt> receipts,
                                                   std::span<const TimeCorrection> corrections, UtcTime now) {
    return receipts.empty() ? std::vector<SuspectReceipts>() : Finder(receipts, corrections, now).find();
}

}  // namespace hailong::sync
