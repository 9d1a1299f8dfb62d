// The results of one center in one period: what its page, its JSON and its CSV show. Made from what is public of its
// tallies (disclosure.h) alone; the three only put the same numbers into their form. Where a figure is nothing, nobody
// answered or fewer than kCellMin did: which of the two is not told. No officer is in it: none is named in public.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "survey/center.h"
#include "survey/period.h"
#include "survey/questionnaire.h"
#include "survey/satisfaction.h"
#include "survey/tally.h"
#include "sync/backend/store/store.h"

namespace hailong::sync {

/// The official figures leave flagged responses (too fast, mashing) out; they are counted beside, never dropped.
struct OptionResult {
    survey::Option option;   // as the newest version of the item has it
    std::int64_t count = 0;  // without flagged responses
    std::int64_t flagged = 0;
};

/// One item over the versions of its questionnaire that offer the same options with the same meaning. Versions that
/// differ in them stand in results of their own: scales are never converted into each other.
struct ItemResult {
    survey::Item item;                               // as its newest version has it
    std::vector<survey::QuestionnaireRef> versions;  // ascending
    survey::Date from{};                             // since when the first of them is asked
    std::optional<survey::Date> to;  // the last day of the newest of them, perhaps before `from`; empty: it is asked on
    bool stands_twice = false;       // its options changed: other versions stand in a result of their own
    std::vector<OptionResult> options;           // in the order of the questionnaire
    survey::ItemCounts counts;                   // without flagged responses: the official ones
    survey::ItemCounts all;                      // with them
    bool has_share = false;                      // its options say what satisfied means, and one is chosen at most
    std::optional<survey::Satisfaction> figure;  // official; empty without share or when nobody answered
    std::optional<survey::Satisfaction> figure_of_all;
};

/// A counter's or field's part of a headline, without flagged responses.
struct PartResult {
    std::string id;
    std::string number;          // of the counter; empty when it has none
    survey::LocalizedText name;  // the id when the center knows it no more
    survey::ItemCounts counts;
    std::optional<survey::Satisfaction> figure;
};

/// The figure that the objective is about, with what it is made of.
struct Headline {
    ItemResult item;
    std::vector<PartResult> counters;  // every counter of the center, in its order, closed ones with an answer; then
                                       // those it knows no more
    std::vector<PartResult> fields;    // those with an answer
    survey::ItemCounts quarantined;    // in no figure; all 0: none, or too few to be told of
    survey::Period before;             // the period before, and the same figure then
    survey::ItemCounts counts_before;
    std::optional<survey::Satisfaction> figure_before;
};

/// Items of one questionnaire other than the headline.
struct Section {
    survey::QuestionnaireId questionnaire;
    survey::LocalizedText name;
    std::vector<ItemResult> items;
};

/// What is collected, what arrived, what counts: over everything the center's terminals took before today.
struct Integrity {
    std::int64_t collected = 0;  // as the terminals say
    std::int64_t stored = 0;
    std::int64_t counted = 0;
    std::int64_t quarantined = 0;
    std::int64_t missing = 0;  // collected, neither stored nor lost; never below 0
    std::int64_t lost = 0;     // collected, and known to exist no more
    std::int64_t skipped = 0;  // numbers that stand for no record, the lost ones among them
};

/// How the responses came by the time that decides their day.
struct Times {
    std::int64_t trusted = 0;
    std::int64_t corrected = 0;  // evidence gave another time than the terminal
    std::int64_t doubtful = 0;   // no evidence of it
};

struct Results {
    survey::CenterId center;
    survey::LocalizedText name;
    survey::LocalizedText parent;
    survey::Objective objective;  // that held on the first day of the period
    survey::Period period;
    survey::UtcTime generated{};
    std::optional<survey::Date> until;  // the last day that the figures count; empty: none was made public yet
    bool is_over = false;               // the figures count the period's last day: they are not provisional
    bool has_details = false;           // of a month that is over: all but the center's own question
    std::int64_t received_today = 0;    // on the day of `generated`, flagged ones included: in no figure yet
    std::int64_t responses = 0;         // to the questionnaires that ask the headline, without flagged ones
    std::int64_t flagged = 0;
    Times times;                      // of the responses
    std::vector<Headline> headlines;  // the newest first; one, unless the scale changed within the period
    std::vector<Section> sections;
    std::vector<survey::Action> actions;  // what citizens asked for and the center did, in its own order
    Integrity integrity;
};

/// The period that a reader names; when the name is empty the month of yesterday, the last day that can have figures:
/// on its first day a month would be an empty page. Empty when there is no such period.
[[nodiscard]] std::optional<survey::Period> asked_period(std::string_view name, survey::Date today,
                                                         const survey::PeriodScheme& scheme);

/// Reads what is public of `period`. Without any response the headline of the questionnaire in effect stands there with
/// zeros; no headline at all when the center's questionnaire is unknown. O(days, subjects, terminals of the center).
[[nodiscard]] StoreResult<Results> results(Snapshot& snapshot, const survey::Catalog& catalog,
                                           const survey::Center& center, const survey::Period& period,
                                           survey::UtcTime now);

}  // namespace hailong::sync
