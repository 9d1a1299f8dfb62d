// What is made public of tallies gives no single rating away: the rules one by one, and an observer who sees everything
// public on every day and looks for differences.
#include "sync/backend/figures/disclosure.h"

#include <random>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "survey/disclosure.h"
#include "tests/sync/backend/sample.h"

namespace hailong::sync {
namespace {

using survey::Date;
using survey::Grain;
using survey::SubjectKind;
using survey::Tally;
using testing::ElementsAre;
using testing::IsEmpty;

const survey::Period kNovember = *survey::parse_period("2026-M11");
const survey::QuestionnaireRef kForm{{"W5"}, 1};

Date november(int day) {
    return std::chrono::year{2026} / 11 / day;
}
const Date kOver = std::chrono::year{2026} / 12 / 1;

/// The tallies of a center, grown visit by visit.
class Tallies {
  public:
    void add(int day, const std::string& level, const std::string& counter = "A", bool flagged = false, int count = 1) {
        for (const auto& subject : {survey::Subject{}, survey::Subject{SubjectKind::counter, counter}}) {
            Tally& tally = sheet_[{Grain::day, november(day), kForm, subject, flagged}];
            tally.responses += count;
            tally.items[{"overall"}][level] += count;
        }
    }
    void add_field(int day, const std::string& level, const std::string& field, int count) {
        Tally& tally = sheet_[{Grain::day, november(day), kForm, {SubjectKind::field, field}, false}];
        tally.responses += count;
        tally.items[{"overall"}][level] += count;
    }
    void take_off(int day, const std::string& level, int count) {
        for (const auto& subject : {survey::Subject{}, survey::Subject{SubjectKind::counter, "A"}}) {
            Tally& tally = sheet_[{Grain::day, november(day), kForm, subject, false}];
            tally.responses -= count;
            tally.items[{"overall"}][level] -= count;
        }
    }
    void add_reasons(int day, int count) {
        sheet_[{Grain::day, november(day), kForm, {}, false}].items[{"reason"}]["wait"] += count;
    }
    [[nodiscard]] std::vector<TallyRow> rows() const {
        std::vector<TallyRow> rows;
        for (const auto& [key, tally] : sheet_)
            rows.push_back({{"mau"}, key, tally});
        return rows;
    }

  private:
    survey::TallySheet sheet_;
};

/// What the public sees of one month, and goes on seeing from day to day.
class Public {
  public:
    void pass_to(const Tallies& tallies, Date today) {
        sheet_ = disclosed(tallies.rows(), sheet_, kNovember,
                           {backend().reference.questionnaires, backend().reference.centers.front(), today});
    }
    /// Of the whole center in the month so far, level by level.
    [[nodiscard]] survey::OptionCounts center() const {
        survey::OptionCounts sum;
        for (const auto& [row, tally] : sheet_) {
            if (row.key.grain == Grain::day && !row.key.flagged) add(sum, tally);
        }
        return sum;
    }
    [[nodiscard]] survey::OptionCounts day(int day) const {
        const auto found = sheet_.find({{Grain::day, november(day), kForm, {}, false}, false});
        return found == sheet_.end() ? survey::OptionCounts{} : found->second.items.at({"overall"});
    }
    [[nodiscard]] std::map<std::string, survey::OptionCounts> rows(SubjectKind kind) const {
        std::map<std::string, survey::OptionCounts> result;
        for (const auto& [row, tally] : sheet_) {
            if (row.key.subject.kind == kind && !row.key.subject.id.empty()) add(result[row.key.subject.id], tally);
        }
        return result;
    }
    [[nodiscard]] std::map<std::string, survey::OptionCounts> counters() const { return rows(SubjectKind::counter); }
    [[nodiscard]] survey::OptionCounts item(const std::string& id, bool flagged = false) const {
        const auto found = sheet_.find({{Grain::month, kNovember.first, kForm, {}, flagged}, false});
        if (found == sheet_.end() || !found->second.items.contains({id})) return {};
        return found->second.items.at({id});
    }

    static std::int64_t sum(const survey::OptionCounts& counts) {
        std::int64_t all = 0;
        for (const auto& [level, count] : counts)
            all += count;
        return all;
    }

  private:
    static void add(survey::OptionCounts& sum, const Tally& tally) {
        const auto found = tally.items.find({"overall"});
        if (found == tally.items.end()) return;
        for (const auto& [level, count] : found->second)
            sum[level] += count;
    }
    static const sample::Backend& backend() {
        static const sample::Backend backend;
        return backend;
    }

    PublicSheet sheet_;
};

TEST(Disclosure, TellsOfADayOnceItIsOver) {
    Tallies tallies;
    tallies.add(3, "5", "A", false, 7);
    Public seen;
    seen.pass_to(tallies, november(3));
    EXPECT_THAT(seen.center(), IsEmpty());
    seen.pass_to(tallies, november(4));
    EXPECT_THAT(seen.center(), ElementsAre(std::pair("5", 7)));
    EXPECT_THAT(seen.day(3), ElementsAre(std::pair("5", 7)));
}

TEST(Disclosure, LetsDaysWithFewWaitForEachOther) {
    Tallies tallies;
    tallies.add(3, "1", "A", false, 4);
    tallies.add(4, "5", "A", false, 9);
    Public seen;
    seen.pass_to(tallies, november(5));
    EXPECT_THAT(seen.center(), ElementsAre(std::pair("5", 9)));
    tallies.add(5, "2");
    seen.pass_to(tallies, november(6));
    EXPECT_THAT(seen.center(), ElementsAre(std::pair("1", 4), std::pair("2", 1), std::pair("5", 9)));
    EXPECT_THAT(seen.day(3), IsEmpty());
    EXPECT_THAT(seen.day(5), IsEmpty());
    EXPECT_THAT(seen.day(4), ElementsAre(std::pair("5", 9)));
}

TEST(Disclosure, LetsWhatComesLateWaitToo) {
    Tallies tallies;
    tallies.add(3, "5", "A", false, 9);
    Public seen;
    seen.pass_to(tallies, november(4));
    tallies.add(3, "1", "A", false, 4);
    seen.pass_to(tallies, november(5));
    EXPECT_THAT(seen.center(), ElementsAre(std::pair("5", 9)));
    tallies.add(3, "1");
    seen.pass_to(tallies, november(6));
    EXPECT_THAT(seen.center(), ElementsAre(std::pair("1", 5), std::pair("5", 9)));
}

TEST(Disclosure, TakesBackOnlyWhatIsEnough) {
    Tallies tallies;
    tallies.add(3, "5", "A", false, 20);
    Public seen;
    seen.pass_to(tallies, november(4));
    tallies.take_off(3, "5", 2);
    seen.pass_to(tallies, november(5));
    EXPECT_EQ(Public::sum(seen.center()), 20) << "two were dated on another day";
    tallies.take_off(3, "5", 3);
    seen.pass_to(tallies, november(6));
    EXPECT_EQ(Public::sum(seen.center()), 15);
}

TEST(Disclosure, TellsAllElseWhenTheMonthIsOver) {
    Tallies tallies;
    tallies.add(3, "2", "A", false, 8);
    tallies.add(3, "5", "B", false, 6);
    tallies.add_reasons(3, 5);
    tallies.add(3, "1", "A", true, 5);
    Public seen;
    seen.pass_to(tallies, november(30));
    EXPECT_THAT(seen.counters(), IsEmpty());
    EXPECT_THAT(seen.item("reason"), IsEmpty());
    EXPECT_THAT(seen.item("overall", true), IsEmpty());
    seen.pass_to(tallies, kOver);
    EXPECT_EQ(seen.counters().size(), 2u);
    EXPECT_THAT(seen.item("reason"), ElementsAre(std::pair("wait", 5)));
    EXPECT_THAT(seen.item("overall", true), ElementsAre(std::pair("1", 5)));
}

TEST(Disclosure, LeavesNothingToBeFoundBySubtraction) {
    Tallies tallies;
    tallies.add(3, "5", "A", false, 20);
    tallies.add(3, "5", "B", false, 7);
    tallies.add(3, "1", "C", false, 2);
    Public seen;
    seen.pass_to(tallies, kOver);
    EXPECT_THAT(seen.counters(), ElementsAre(testing::Pair("A", ElementsAre(std::pair("5", 20)))))
        << "B would leave the two of C";
    EXPECT_EQ(Public::sum(seen.center()), 29);
}

TEST(Disclosure, TellsNothingOfFewReasonsOrFlaggedOnes) {
    Tallies tallies;
    tallies.add(3, "2", "A", false, 8);
    tallies.add_reasons(3, 4);
    tallies.add(3, "1", "A", true, 4);
    Public seen;
    seen.pass_to(tallies, kOver);
    EXPECT_THAT(seen.item("reason"), IsEmpty());
    EXPECT_THAT(seen.item("overall", true), IsEmpty());
}

TEST(Disclosure, LeavesNothingOfACounterBesideItsFields) {
    Tallies tallies;
    tallies.add(3, "5", "A", false, 12);
    tallies.add(3, "5", "B", false, 9);
    tallies.add_field(3, "5", "ho-tich", 10);  // served at A alone
    Public seen;
    seen.pass_to(tallies, kOver);
    EXPECT_EQ(seen.rows(SubjectKind::counter).size(), 2u);
    EXPECT_THAT(seen.rows(SubjectKind::field), IsEmpty()) << "two of A are in no field";
    Tallies more = tallies;
    more.add(3, "4", "A", false, 3);
    Public other;
    other.pass_to(more, kOver);
    EXPECT_EQ(other.rows(SubjectKind::field).size(), 1u) << "five of A are in none";
}

TEST(Disclosure, MakesRowsOfDaysThatArePublicWhole) {
    Tallies tallies;
    tallies.add(3, "5", "A", false, 10);
    tallies.add(3, "5", "B", false, 10);
    tallies.add(30, "1", "A");
    Public seen;
    seen.pass_to(tallies, kOver);
    EXPECT_EQ(Public::sum(seen.center()), 20);
    EXPECT_THAT(seen.rows(SubjectKind::counter).at("A"), ElementsAre(std::pair("5", 10))) << "without the last day";
}

/// All that somebody who looks every day can subtract: what changed from one day to the next of each figure, and what
/// is left of the center beside its counters. Never 1 to 4 answers.
void expect_no_small_difference(const Public& before, const Public& after, const std::string& when) {
    const auto expect_enough = [&](const survey::OptionCounts& from, const survey::OptionCounts& to,
                                   const std::string& what) {
        std::int64_t more = 0;
        std::int64_t less = 0;
        std::set<std::string> levels;
        for (const auto& counts : {from, to}) {
            for (const auto& [level, count] : counts)
                levels.insert(level);
        }
        for (const std::string& level : levels) {
            const auto at = [&](const survey::OptionCounts& counts) {
                return counts.contains(level) ? counts.at(level) : 0;
            };
            const std::int64_t change = at(to) - at(from);
            (change > 0 ? more : less) += std::abs(change);
        }
        EXPECT_TRUE(more + less == 0 || more >= survey::kCellMin || less >= survey::kCellMin)
            << when << ": " << what << " by " << more << " and " << less;
    };
    expect_enough(before.center(), after.center(), "the center");
    const auto counters_before = before.counters();
    survey::OptionCounts rest = after.center();
    for (const auto& [id, counts] : after.counters()) {
        EXPECT_GE(Public::sum(counts), survey::kCellMin) << when << ": " << id;
        const auto found = counters_before.find(id);
        expect_enough(found == counters_before.end() ? survey::OptionCounts{} : found->second, counts, id);
        for (const auto& [level, count] : counts)
            rest[level] -= count;
    }
    if (!after.counters().empty()) {
        const std::int64_t left = Public::sum(rest);
        EXPECT_TRUE(left == 0 || left >= survey::kCellMin) << when << ": " << left << " beside the counters";
    }
    const auto fields = after.rows(SubjectKind::field);
    if (fields.contains("ho-tich") && after.counters().contains("A")) {
        const std::int64_t left = Public::sum(after.counters().at("A")) - Public::sum(fields.at("ho-tich"));
        EXPECT_TRUE(left == 0 || left >= survey::kCellMin) << when << ": " << left << " of A beside its field";
    }
    survey::OptionCounts without_days = after.center();
    for (int day = 1; day <= 30; ++day) {
        const auto counts = after.day(day);
        EXPECT_TRUE(counts.empty() || Public::sum(counts) >= survey::kCellMin) << when << ": day " << day;
        expect_enough(before.day(day), counts, "day " + std::to_string(day));
        for (const auto& [level, count] : counts)
            without_days[level] -= count;
    }
    const std::int64_t pooled = Public::sum(without_days);
    EXPECT_TRUE(pooled == 0 || pooled >= survey::kCellMin) << when << ": " << pooled << " beside the days";
}

class Observer : public ::testing::TestWithParam<int> {};

TEST_P(Observer, FindsNoDifferenceOfFewAnswersOnAnyDay) {
    std::mt19937 random(static_cast<std::uint32_t>(GetParam()));
    const auto below = [&](int end) { return static_cast<int>(random() % static_cast<std::uint32_t>(end)); };
    const int busy = 1 + below(14);
    Tallies tallies;
    Public seen;
    for (int day = 2; day <= 40; ++day) {
        const int visits = day <= 30 ? below(busy + 1) : 0;
        const auto visit = [&](int on) {
            const std::string level = std::to_string(1 + below(5));
            const std::string counter(1, static_cast<char>('A' + below(4)));
            const bool is_flagged = below(10) == 0;
            tallies.add(on, level, counter, is_flagged);
            if (counter == "A" && !is_flagged && below(10) < 8) tallies.add_field(on, level, "ho-tich", 1);
        };
        for (int i = 0; i < visits; ++i)
            visit(day);
        for (int late = below(4) == 0 ? 1 + below(6) : 0; late > 0; --late)
            visit(1 + below(std::min(day, 30)));
        const Public before = seen;
        const Date today{std::chrono::sys_days{november(1)} + std::chrono::days{day}};
        seen.pass_to(tallies, today);
        expect_no_small_difference(before, seen, survey::to_string(today));
        Public again = seen;
        again.pass_to(tallies, today);
        EXPECT_EQ(again.center(), seen.center()) << "the same day again";
    }
    EXPECT_GT(Public::sum(seen.center()), 0) << "something is told";
}

INSTANTIATE_TEST_SUITE_P(OfAMonth, Observer, ::testing::Range(1, 41));

}  // namespace
}  // namespace hailong::sync
