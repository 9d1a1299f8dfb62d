#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/sync/backend/ingest/received.h"

namespace hailong::sync {
namespace {

using sample::Receipts;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using survey::milliseconds;

bool is_right(milliseconds error) {
    return std::chrono::abs(error) <= kReceiptTolerance;
}

/// What the other terminals do: some carry bundles, or all.
enum class Others { send, carry };

/// A center's life: K0 runs through and always delivers by network, at least once by each right clock; the others
/// start anew, carry bundles, and may have wrong clocks.
class Life {
  public:
    explicit Life(Others others) : others_(others) {
        for (milliseconds& clock : clocks_)
            clock = *rc::gen::elementOf(std::vector<milliseconds>{{}, {}, days(-2'500), days(90)});
        const int wrong_rows = *rc::gen::inRange(1, 4);
        row({});
        for (int i = 0; i < wrong_rows; ++i) {
            const int hours_ahead = *rc::gen::element(-9'600, -8'760, -720, -48, -24, -7, 7, 24, 48, 720, 8'760, 9'600);
            row(hours(hours_ahead));
            row({});
        }
        pass();
    }
    [[nodiscard]] const Receipts& receipts() const { return receipts_; }

  private:
    void pass() {
        receipts_.pass(*rc::gen::elementOf(std::vector<milliseconds>{{}, minutes(1), hours(2), hours(15), days(3)}));
    }

    void row(milliseconds ahead) {
        pass();
        receipts_.backend(ahead);
        const int count = *rc::gen::inRange(1, 7);
        const int own = ahead.count() == 0 ? *rc::gen::inRange(0, count) : -1;
        for (int i = 0; i < count; ++i) {
            const std::size_t one = i == own ? 0 : *rc::gen::inRange<std::size_t>(0, clocks_.size());
            const std::string kiosk = "K" + std::to_string(one);
            if (one > 0 && *rc::gen::inRange(0, 3) == 0) start_anew(one);
            const bool is_carried = others_ == Others::carry || *rc::gen::inRange(0, 2) == 0;
            if (one > 0 && is_carried)
                receipts_.bundle(kiosk);
            else
                receipts_.batch(kiosk, clocks_.at(one));
            if (*rc::gen::inRange(0, 2) == 0) pass();
        }
    }

    void start_anew(std::size_t one) {
        receipts_.start_anew("K" + std::to_string(one));
        if (*rc::gen::inRange(0, 4) == 0) clocks_.at(one) = {};
    }

    Others others_;
    Receipts receipts_;
    std::array<milliseconds, 4> clocks_;
};

/// A line for each batch: what came when, and how wrong the clocks were.
std::string told(const Receipts& receipts) {
    std::string text;
    for (std::size_t at = 0; at < receipts.all().size(); ++at) {
        const BatchReceipt& one = receipts.all()[at];
        text += std::to_string(one.number) + " " + one.kiosk.text +
                (one.sent_monotonic ? " of " + one.boot : std::string(" bundle")) + " received " +
                survey::to_rfc3339(one.received) + ", the clock " + std::to_string(receipts.errors()[at] / hours(1)) +
                " h ahead, the terminal's wall clock said " + survey::to_rfc3339(one.sent) + "\n";
    }
    return text + receipts.suspects();
}

/// Does what is found until nothing is left to be done; gives the receipts as they are then. Every row is taken, alone,
/// and moves no receipt that was right.
std::vector<BatchReceipt> set_right(const Receipts& life) {
    std::vector<BatchReceipt> receipts = life.all();
    std::vector<TimeCorrection> corrections;
    for (int round = 0;; ++round) {
        const auto found = find_suspect_receipts(receipts, corrections, life.now());
        if (found.empty() || !found.front().ahead) return receipts;
        RC_ASSERT(round < 5);
        for (const SuspectReceipts& row : found) {
            // The same batches again: it takes the place of the one before.
            const auto same = std::find_if(corrections.begin(), corrections.end(), [&](const TimeCorrection& one) {
                return one.first_batch == row.first_batch && one.last_batch == row.last_batch;
            });
            if (same != corrections.end()) {
                for (BatchReceipt& one : receipts)
                    one.received += same->covers(one.number) ? same->ahead : milliseconds{};
                corrections.erase(same);
            }
            RC_ASSERT(contradiction_of(receipts, row.first_batch, row.last_batch, *row.ahead, life.now()).empty());
            for (std::int64_t number = row.first_batch; number <= row.last_batch; ++number) {
                const auto at = static_cast<std::size_t>(number) - 1;
                if (is_right(life.errors().at(at))) RC_FAIL("batch " + std::to_string(number) + " was right");
                receipts[at].received -= *row.ahead;
            }
            corrections.push_back({row.first_batch, row.last_batch, *row.ahead, "", "", life.now()});
        }
    }
}

RC_GTEST_PROP(SuspectReceiptsOfAnyLife, AreNeverRightAndAreTaken, ()) {
    const Life life(Others::send);
    RC_LOG() << told(life.receipts()) << '\n';
    (void)set_right(life.receipts());
}

RC_GTEST_PROP(SuspectReceiptsOfAnyLife, AreSetRightExactlyWhereATerminalSawTheClockGoAndComeBack, ()) {
    const Life life(Others::carry);
    RC_LOG() << told(life.receipts()) << '\n';
    const std::vector<BatchReceipt> receipts = set_right(life.receipts());
    for (std::size_t at = 0; at < receipts.size(); ++at) {
        const milliseconds moved = life.receipts().all()[at].received - receipts[at].received;
        if (receipts[at].kiosk.text == "K0") RC_ASSERT(is_right(life.receipts().errors().at(at) - moved));
    }
}

}  // namespace
}  // namespace hailong::sync
