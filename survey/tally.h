// Exact integer counts of answers: what every figure is made of.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "survey/base/expected.h"
#include "survey/base/fault.h"
#include "survey/base/ids.h"
#include "survey/questionnaire.h"
#include "survey/response.h"
#include "survey/satisfaction.h"

namespace hailong::survey {

/// Option value -> how often chosen.
using OptionCounts = std::map<std::string, std::int64_t, std::less<>>;

/// Counts for one set of responses (one day, one questionnaire version, one subject).
struct Tally {
    std::int64_t responses = 0;
    std::int64_t corrected = 0;  // of them counted at another time than the terminal claimed (time_evidence.h)
    std::int64_t doubtful = 0;   // of them without evidence of their time
    std::map<ItemId, OptionCounts> items;
    bool operator==(const Tally&) const = default;

    Tally& operator+=(const Tally& other);
};

/// Takes off what was added; an option or an item that comes to nothing goes. False, and nothing changed, when that was
/// never added.
[[nodiscard]] bool subtract(Tally& tally, const Tally& less);

/// Canonical JSON {"corrected":1,"doubtful":2,"items":{"overall":{"5":12}},"responses":12}, the first two only when
/// they are not 0; parse(to_text(t)) == t.
[[nodiscard]] std::string to_text(const Tally& tally);
[[nodiscard]] Expected<Tally, Faults> parse_tally(std::string_view text);

/// Whom or what answers are counted for.
enum class SubjectKind { visit, counter, field, officer, respondent, began };
struct Subject {
    SubjectKind kind = SubjectKind::visit;
    std::string id;  // empty for SubjectKind::visit; kScannedId for SubjectKind::began
    auto operator<=>(const Subject&) const = default;
};
/// Visits that began with a scanned ticket. Walk-ups are not counted by themselves: they are the visit without these.
inline constexpr std::string_view kScannedId = "scanned";
[[nodiscard]] std::string_view name(SubjectKind kind);
[[nodiscard]] std::optional<SubjectKind> parse_subject_kind(std::string_view name);

/// What one response adds, and to whom. Every option chosen counts 1, also for the counter and the field when they are
/// known, and for how the visit began when that was with a ticket; what is about the officer is counted for the officer
/// too, and only that. Free text and the choice of counter and officer are not counted. A response counts 1 in
/// `responses` of each subject it adds to.
struct Contribution {
    Subject subject;
    Tally tally;
};
[[nodiscard]] std::vector<Contribution> contributions(const Response& response, const Questionnaire& questionnaire);

/// The items of a questionnaire that are about the officer.
using OfficerItems = std::set<ItemId>;
[[nodiscard]] OfficerItems officer_items(const Questionnaire& questionnaire);

/// The same of a valid response where no more is known of its questionnaire than which items are about the officer:
/// nothing but the respondent's kind is missing.
[[nodiscard]] std::vector<Contribution> contributions(const Response& response, const OfficerItems& about_officer);

/// What an answer counts for beside the visit.
struct Counted {
    bool about_officer = false;
    bool names_respondent = false;
};

/// The first in two steps, for who adds up many responses: the subjects, and what is added to the tally of one of them.
/// O(items and answers) once, then O(answers) a subject. What it is given outlives it.
class CountedResponse {
  public:
    CountedResponse(const Response& response, const Questionnaire& questionnaire);
    [[nodiscard]] std::vector<Subject> subjects() const;
    void add_to(Tally& tally, SubjectKind kind) const;

  private:
    friend std::vector<Contribution> contributions(const Response& response, const Questionnaire& questionnaire);
    /// Empty for what is not counted at all. REQUIRES: an answer of the response.
    [[nodiscard]] std::optional<Counted> of(const Answer& answer) const;

    const Response& response_;
    std::vector<std::optional<Counted>> counted_;  // of each answer
};

/// One item's counts against its options.
struct ItemCounts {
    std::int64_t satisfied = 0;  // chosen options marked satisfied
    std::int64_t valid = 0;      // chosen options not excluded: the n of a share
    std::int64_t excluded = 0;
};
[[nodiscard]] ItemCounts count(const Item& item, const OptionCounts& counts);

}  // namespace hailong::survey
