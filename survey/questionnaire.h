// A questionnaire as data: what is asked, in which order, with which answers, and which of them count as satisfied.
// The provincial office designs the form (TT 01/2018/TT-VPCP Art 12.4), so nothing about a particular form is code.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "survey/base/expected.h"
#include "survey/base/fault.h"
#include "survey/base/ids.h"
#include "survey/base/messages.h"
#include "survey/base/time.h"

namespace hailong::survey {

enum class ItemType {
    scale,    // one level of an ordered scale; counted as satisfied or not
    points,   // one option that carries points (2/1/0); never converted into a scale
    single,   // one option
    multi,    // any number of options, at most `choices_max`
    text,     // free text; travels sealed, the record holds its hash
    phone,    // a phone number; as text
    consent,  // agree or disagree, never pre-ticked
    counter,  // which counter served; answers the context, not a figure
    officer,  // which officer served; answers the context, not a figure
};

/// What an answer speaks about: decides for whom it is counted.
enum class About { visit, officer };

struct Option {
    std::string value;  // what a record holds; unique within the item
    LocalizedText label;
    std::optional<std::int64_t> level;   // rank on a scale, for "<=" and the order of figures
    std::optional<std::int64_t> points;  // for ItemType::points
    bool satisfied = false;              // counts into "satisfied"
    bool excluded = false;               // counted by itself, never part of n
    std::string icon;                    // "face_5"; how a screen draws it, empty for the label alone
    QuestionnaireId opens;               // a questionnaire that this answer leads to; may be empty
    std::vector<ItemId> opens_items;     // items shown only when this option is chosen
    LocalizedText message;               // shown when chosen ("please go to the reception desk"); may be empty
    std::string route;                   // who handles it ("internal", "pakn", "refer"); may be empty
    bool alert = false;                  // staff are to be told at once
    bool operator==(const Option&) const = default;
};

enum class Operator { equal, not_equal, less, at_most, greater, at_least, any_of };

/// "the answer to `item` is `op` `values`". Ordered operators compare levels; `any_of` looks into the list.
/// Without an answer to `item` no condition holds.
struct Condition {
    ItemId item;
    Operator op = Operator::equal;
    std::vector<std::string> values;  // one, except for any_of
    bool operator==(const Condition&) const = default;
};

struct Item {
    ItemId id;
    ItemType type = ItemType::single;
    About about = About::visit;
    LocalizedText text;
    LocalizedText hint;  // may be empty
    bool required = false;
    std::vector<Option> options;  // in the order they are shown; empty for text, phone, counter, officer
    std::optional<Condition> show_if;
    std::optional<Condition> required_if;
    std::int64_t choices_max = 0;  // multi: 0 means as many as there are options
    std::int64_t chars_max = 0;    // text: in Unicode code points
    std::string pattern;           // phone: ECMAScript regular expression; may be empty
    bool sensitive = false;
    bool personal_data = false;
    std::string role;                   // "respondent_kind" breaks figures down by this answer; may be empty
    std::optional<std::int64_t> index;  // index 1 to 9 of the 2/1/0 scheme (TT 01/2018 Art 13)
    bool feeds_index = false;           // this form is a lawful source of that index (TT 01/2018 Art 14.3a)
    std::string factor;                 // one of Questionnaire::factors; may be empty
    bool operator==(const Item&) const = default;

    /// Null when the item has no such option.
    [[nodiscard]] const Option* option(std::string_view value) const;
};

struct Factor {
    std::string id;
    LocalizedText name;
    bool operator==(const Factor&) const = default;
};

struct QuestionnaireRef {
    QuestionnaireId id;
    std::int64_t version = 0;
    auto operator<=>(const QuestionnaireRef&) const = default;
};

/// One version of one questionnaire. A version never changes once it was published; a change is a new version.
struct Questionnaire {
    QuestionnaireRef ref;
    LocalizedText name;
    std::string basis;                 // the rule it rests on, for people
    Date effective_from{};             // first day it may be asked
    std::optional<Date> effective_to;  // last day it may be asked; empty: until a newer version starts
    std::vector<Factor> factors;
    std::vector<Item> items;
    bool operator==(const Questionnaire&) const = default;

    /// Null when there is no such item.
    [[nodiscard]] const Item* item(const ItemId& id) const;
};

inline constexpr std::size_t kItemsMax = 200;        // one paper form holds at most about 60
inline constexpr std::size_t kOptionsMax = 50;       // more can't be read on a screen
inline constexpr std::size_t kTextBytesMax = 2'000;  // a question of 300 characters is 1,200 bytes at most

/// Parses and checks one questionnaire of the asset format (assets/questionnaires/README.md). Every fault is
/// returned with its place. Unknown members are ignored, so that a newer form still loads.
[[nodiscard]] Expected<Questionnaire, Faults> parse_questionnaire(std::string_view json);

/// All versions that are known. Looks up what to ask on a day, and what an old record was asked.
class Catalog {
  public:
    /// Adds a version. The same version with other content is refused: a published version never changes.
    [[nodiscard]] Expected<void, Faults> add(Questionnaire questionnaire);
    /// Null when unknown.
    [[nodiscard]] const Questionnaire* find(const QuestionnaireRef& ref) const;
    /// The highest version of `id` in effect on `day`; null when there is none.
    [[nodiscard]] const Questionnaire* in_effect(const QuestionnaireId& id, Date day) const;
    /// The version whose time of effect lies nearest to `day`, the highest of several; null when there is none of `id`.
    [[nodiscard]] const Questionnaire* nearest(const QuestionnaireId& id, Date day) const;
    /// In order of id and version.
    [[nodiscard]] const std::vector<Questionnaire>& all() const { return questionnaires_; }
    /// Options that open a questionnaire of which no version is known.
    [[nodiscard]] Faults check_references() const;

  private:
    std::vector<Questionnaire> questionnaires_;
};

[[nodiscard]] std::string_view name(ItemType type);

}  // namespace hailong::survey
