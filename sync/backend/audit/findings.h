// What verify finds, gathered from its parts. Private to this room.
#pragma once

#include <string>
#include <utility>

#include "sync/backend/audit/verify.h"

namespace hailong::sync {

/// Keeps the first sentences and counts all.
class Findings {
  public:
    void difference(std::string sentence) {
        report.difference_count += 1;
        if (report.differences.size() < kDifferencesMax) report.differences.push_back(std::move(sentence));
    }
    void note(std::string sentence) {
        if (report.notes.size() < kDifferencesMax) report.notes.push_back(std::move(sentence));
    }

    /// Two times by the backend's own clock contradict each other: a difference, or worth a look where that clock is
    /// known to have been wrong.
    void contradicting_times(const std::string& sentence) {
        if (!clock_was_wrong) {
            return difference(sentence +
                              ": this machine's clock was wrong at one of these times, or somebody changed what is "
                              "stored. No answer is lost by it: set the clock right, run `hailong-backend times`, "
                              "which says what is known of it and how to correct it, and change nothing by hand");
        }
        note(sentence + ": this machine's clock was wrong at times (see the incidents), or somebody changed it");
    }

    VerifyReport report;
    bool clock_was_wrong = false;  // an incident says so
};

/// How far the backend's own clock may have been put back between an enrolment and the batches after it.
inline constexpr survey::milliseconds kOwnClockTolerance = std::chrono::hours(24);

}  // namespace hailong::sync
