// Batches by a clock that is wrong at times, as the store would have them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sync/backend/ingest/suspect_receipts.h"
#include "tests/sync/backend/sample.h"

namespace hailong::sync::sample {

/// Batches as they come in, in true time; each clock shows what it is told to.
class Receipts {
  public:
    /// From now on the backend's clock stands so far ahead.
    Receipts& backend(survey::milliseconds ahead) {
        backend_ahead_ = ahead;
        return *this;
    }
    Receipts& pass(survey::milliseconds time) {
        passed_ += time;
        return *this;
    }
    /// All machines start anew, or that of one terminal.
    Receipts& start_anew() {
        ++start_;
        return *this;
    }
    Receipts& start_anew(const std::string& kiosk) {
        ++own_starts_[kiosk];
        return *this;
    }
    /// One batch; `terminal_ahead` is how far the terminal's wall clock stands ahead.
    Receipts& batch(const std::string& kiosk = "K1", survey::milliseconds terminal_ahead = {}) {
        BatchReceipt one;
        one.number = static_cast<std::int64_t>(all_.size()) + 1;
        one.kiosk = {kiosk};
        one.received = now() + backend_ahead_;
        const int start = start_ + own_starts_[kiosk];
        one.boot = "start " + std::to_string(start);
        one.sent_monotonic = std::chrono::hours(start) + passed_;
        one.sent = now() + terminal_ahead;
        all_.push_back(one);
        errors_.push_back(backend_ahead_);
        return *this;
    }
    /// The same, carried in a bundle.
    Receipts& bundle(const std::string& kiosk = "K1") {
        batch(kiosk);
        all_.back().sent_monotonic.reset();
        return *this;
    }
    /// How far the clock stood ahead at each batch.
    [[nodiscard]] const std::vector<survey::milliseconds>& errors() const { return errors_; }
    [[nodiscard]] survey::UtcTime now() const { return noon() + passed_; }
    [[nodiscard]] const std::vector<BatchReceipt>& all() const { return all_; }
    [[nodiscard]] std::vector<SuspectReceipts> found() const { return find_suspect_receipts(all_, {}, now()); }
    /// "2-3 31536000", joined by commas; "2-3 ?" where it is unclear.
    [[nodiscard]] std::string suspects() const {
        std::string text;
        for (const SuspectReceipts& one : found()) {
            text += (text.empty() ? "" : ", ") + std::to_string(one.first_batch) + "-" +
                    std::to_string(one.last_batch) + " " +
                    (one.ahead ? std::to_string(*one.ahead / std::chrono::seconds(1)) : "?");
        }
        return text;
    }

  private:
    std::vector<BatchReceipt> all_;
    std::vector<survey::milliseconds> errors_;
    survey::milliseconds backend_ahead_{};
    survey::milliseconds passed_{};
    int start_ = 0;
    std::map<std::string, int> own_starts_;
};

}  // namespace hailong::sync::sample
