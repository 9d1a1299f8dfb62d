// The results of a center as they go down to its terminals: the figures of the results page, ready to be shown in the
// lobby. Written by the backend, read by the glass; nothing in it is computed again on the way.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "survey/base/expected.h"
#include "survey/base/fault.h"
#include "survey/base/messages.h"
#include "survey/period.h"
#include "survey/satisfaction.h"

namespace hailong::survey {

/// A figure with what it rests on, as satisfaction.h defines them. Shares in tenths of a percent, rounded as they are
/// shown.
struct PostedShare {
    std::int64_t satisfied = 0;
    std::int64_t total = 1;  // at least 1: where nobody answered there is no figure
    std::int64_t tenths = 0;
    std::int64_t low_tenths = 0;  // of the interval
    std::int64_t high_tenths = 0;
    Verdict verdict = Verdict::not_met;
    bool operator==(const PostedShare&) const = default;
};
/// Empty when there is no figure.
[[nodiscard]] std::optional<PostedShare> posted_share(const std::optional<Satisfaction>& figure);

/// One option of the question, in the order of the questionnaire.
struct PostedLevel {
    std::string value;
    LocalizedText label;
    std::string icon;  // "face_5"; may be empty
    bool satisfied = false;
    bool excluded = false;  // not in the total
    std::int64_t count = 0;
    bool operator==(const PostedLevel&) const = default;
};

struct PostedCounter {
    std::string id;
    std::int64_t number = 0;  // that hangs over it; 0: none
    LocalizedText name;
    std::optional<PostedShare> share;  // empty when nobody answered there
    bool operator==(const PostedCounter&) const = default;
};

/// The question that the objective is about, in one period.
struct PostedFigure {
    Period period;
    LocalizedText question;
    std::optional<PostedShare> share;  // empty when nobody answered
    std::vector<PostedLevel> levels;
    std::vector<PostedCounter> counters;
    std::optional<Objective> objective = {};  // that its verdict is by; empty: that of the results
    bool operator==(const PostedFigure&) const = default;
};

struct PostedResults {
    std::optional<std::int64_t> number;  // of the posting; empty: figures of the day, not frozen
    Date computed{};                     // days before it are counted, the day itself is not
    Objective objective;
    /// The newest period that has ended first, then the one that runs; one of each, or several where the scale changed
    /// within the period. Not empty.
    std::vector<PostedFigure> figures;
    bool operator==(const PostedResults&) const = default;
};

/// What the figure's verdict is by: a center may change its objective from one period to the next.
[[nodiscard]] Objective objective_of(const PostedResults& results, const PostedFigure& figure);
/// The last day that the figure counts: of its period, or of those before `computed`.
[[nodiscard]] Date last_counted(const PostedResults& results, const PostedFigure& figure);
/// Whether its period had ended when it was computed.
[[nodiscard]] bool has_ended(const PostedResults& results, const PostedFigure& figure);

inline constexpr std::size_t kPostedFiguresMax = 12;    // two periods; a scale does not change more often within them
inline constexpr std::size_t kPostedLevelsMax = 50;     // options of a question
inline constexpr std::size_t kPostedCountersMax = 200;  // those of a center and those it knows no more

/// Canonical JSON, format 1; parse_posted(to_text(r)) == r. REQUIRES: within the limits above.
[[nodiscard]] std::string to_text(const PostedResults& results);
/// Every fault with its place, also counts that don't add up: the levels give the total and the satisfied ones.
[[nodiscard]] Expected<PostedResults, Faults> parse_posted(std::string_view text);

}  // namespace hailong::survey
