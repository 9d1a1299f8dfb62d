// Whether a response looks as if somebody meant it: children at play, cleaners, pranks. A doubtful response is flagged,
// never dropped and never hidden from who gave it: flagged responses are counted apart, and both totals can be seen.
// Pure: places and times come in, words come out.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "survey/base/time.h"
#include "survey/questionnaire.h"
#include "survey/response.h"

namespace hailong::kiosk {

using survey::milliseconds;
using survey::MonoTime;

inline constexpr std::string_view kFlagMashing = "mashing";
inline constexpr std::string_view kFlagPalm = "palm";
inline constexpr std::string_view kFlagRepeat = "repeat";
inline constexpr std::string_view kFlagStraightLine = "straight_line";
inline constexpr std::string_view kFlagTooFast = "too_fast";
/// Every word that a visit puts into Response::flags, sorted.
inline constexpr std::array kVisitFlags = {kFlagMashing, kFlagPalm, kFlagRepeat, kFlagStraightLine, kFlagTooFast};

/// Where the line is drawn. Our own choices, made so that a hurried or an unsteady person stays on the good side.
struct QualityLimits {
    /// Meant taps come at most twice a second: people look where to tap next.
    int mash_presses = 6;
    milliseconds mash_within{1'500};
    /// Taps before the question had settled: two happen to anybody (a double tap), four do not.
    int early_presses = 4;
    /// Fewer than five equal answers are ordinary; a second for each is too short to have read five questions.
    int straight_answers = 5;
    milliseconds straight_dwell{1'000};
    /// Nobody steps aside, and the next person up and wakes the glass, in less.
    milliseconds repeat{5'000};
    /// A finger that rests; a visit with more time gets as many times more.
    milliseconds palm_held{2'000};
    /// No single finger is in two places: a hand's breadth apart within a few frames.
    double palm_apart_mm = 150;
    milliseconds palm_together{60};
    /// Sliding farther than this share of the panel's longer side is wiping; an unsteady finger slides less.
    double palm_slide_share = 1.0 / 3.0;
    bool operator==(const QualityLimits&) const = default;
};

/// The glass in millimetres. Nothing known (0): sliding is not looked at.
struct PanelSize {
    double width_mm = 0;
    double height_mm = 0;
    bool operator==(const PanelSize&) const = default;
};

/// A finger on the glass.
struct Press {
    MonoTime at{};
    double x_mm = 0;
    double y_mm = 0;
    bool operator==(const Press&) const = default;
};

/// How long somebody looked at a question before answering it.
struct Dwell {
    survey::ItemId item;
    milliseconds time{};
    bool operator==(const Dwell&) const = default;
};

/// What fingers did in one visit, as far as it matters. At most `mash_presses` presses are remembered.
struct Handling {
    std::vector<Press> presses;  // the last ones, oldest first
    bool down = false;           // the last of them is not released yet
    int early_presses = 0;
    bool mashed = false;
    bool palm = false;
    std::vector<Dwell> dwells;  // one for each item answered, the last time it was
    bool operator==(const Handling&) const = default;
};

/// What the moment of a press says about it.
enum class PressKind {
    plain,
    early,   // before the question shown could have been read
    typing,  // on the keyboard, where quick presses are how it is done
};

[[nodiscard]] Handling after_press(Handling handling, const QualityLimits& limits, const Press& press, PressKind kind);
/// `patience`: how many times as long a finger may rest. A release without a press changes nothing.
[[nodiscard]] Handling after_release(Handling handling, const QualityLimits& limits, const PanelSize& panel,
                                     const Press& release, int patience);
[[nodiscard]] Handling after_answer(Handling handling, const survey::ItemId& item, milliseconds dwell);

/// Of the answers: at least `straight_answers` to items of levels or points, all at the same place of their scale, read
/// for less than `straight_dwell` each on average. Places are compared by share of the way down the list, so that first
/// of three equals first of five.
[[nodiscard]] bool is_straight_line(const survey::Questionnaire& questionnaire,
                                    const std::vector<survey::Answer>& answers, const std::vector<Dwell>& dwells,
                                    const QualityLimits& limits);

/// What is known when a response is given.
struct Given {
    const survey::Questionnaire& questionnaire;
    const survey::Response& response;  // all but its flags
    const Handling& handling;
    milliseconds too_fast{};           // a complete response sooner than this was not meant
    std::optional<MonoTime> before{};  // when this terminal's last rating was given; empty: nothing to repeat
    int patience = 1;
};

/// The words for `Response::flags`: sorted, each once. A visit begun with a ticket repeats nothing: the ticket says
/// whose it is, and a second use of it is found where its code is kept.
[[nodiscard]] std::vector<std::string> quality_flags(const Given& given, const QualityLimits& limits);

}  // namespace hailong::kiosk
