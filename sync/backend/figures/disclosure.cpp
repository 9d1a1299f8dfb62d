#include "sync/backend/figures/disclosure.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "survey/disclosure.h"

namespace hailong::sync {
namespace {

using survey::Date;
using survey::Grain;
using survey::Item;
using survey::OptionCounts;
using survey::QuestionnaireRef;
using survey::SubjectKind;
using survey::Tally;

const OptionCounts kNone;

const OptionCounts& counts_in(const Tally& tally, const Item& item) {
    const auto found = tally.items.find(item.id);
    return found == tally.items.end() ? kNone : found->second;
}

std::int64_t count_of(const OptionCounts& counts, const std::string& value) {
    const auto found = counts.find(value);
    return found == counts.end() ? 0 : found->second;
}

/// How many people answered; where one may choose several options, how many did at least.
std::int64_t people(const Item& item, const OptionCounts& counts) {
    if (item.type != survey::ItemType::multi) return survey::count(item, counts).valid;
    std::int64_t most = 0;
    for (const auto& [value, count] : counts)
        most = std::max(most, count);
    return most;
}

/// Of how many people the answers at least came or went between the two.
std::int64_t moved(const Item& item, const OptionCounts& from, const OptionCounts& to) {
    OptionCounts more;
    OptionCounts less;
    for (const survey::Option& option : item.options) {
        const std::int64_t change = count_of(to, option.value) - count_of(from, option.value);
        if (change > 0) more[option.value] = change;
        if (change < 0) less[option.value] = -change;
    }
    return std::max(people(item, more), people(item, less));
}

bool may_follow(const Item& item, const OptionCounts& from, const OptionCounts& to) {
    return from == to || survey::is_told(moved(item, from, to));
}

/// The answers to one item alone.
Tally only(const Tally& tally, const Item& item) {
    Tally result;
    result.responses = tally.responses;
    result.corrected = tally.corrected;
    result.doubtful = tally.doubtful;
    const OptionCounts& counts = counts_in(tally, item);
    if (!counts.empty()) result.items[item.id] = counts;
    return result;
}

using Days = std::map<Date, Tally>;

Tally sum_of(const Days& days) {
    Tally sum;
    for (const auto& [day, tally] : days)
        sum += tally;
    return sum;
}

/// Of one question over the days of a month.
struct DaysPublic {
    Days alone;
    Days pooled;
    [[nodiscard]] OptionCounts counts(const Item& item) const {
        Tally sum = sum_of(alone);
        sum += sum_of(pooled);
        return counts_in(sum, item);
    }
};

/// Adds what is left of the days: each that has enough, and the others when they have enough together.
void make_public(const Days& left, const Item& item, DaysPublic& days) {
    Days pool;
    for (const auto& [day, tally] : left) {
        if (survey::is_told(people(item, counts_in(tally, item)))) {
            days.alone[day] += tally;
        } else if (!(tally == Tally{})) {
            pool[day] = tally;
        }
    }
    if (!survey::is_told(people(item, counts_in(sum_of(pool), item)))) return;
    for (const auto& [day, tally] : pool)
        days.pooled[day] += tally;
}

/// Empty when more was public than there is by now: answers were moved to other days, or their sum is another.
std::optional<Days> left_of(const Days& all, const DaysPublic& days) {
    Days left = all;
    for (const Days* part : {&days.alone, &days.pooled}) {
        for (const auto& [day, tally] : *part) {
            if (!survey::subtract(left[day], tally)) return std::nullopt;
        }
    }
    return left;
}

DaysPublic next_days(const Days& all, const Item& item, const DaysPublic& before) {
    DaysPublic after = before;
    if (const auto left = left_of(all, before)) {
        make_public(*left, item, after);
        return after;
    }
    DaysPublic anew;
    make_public(all, item, anew);
    return may_follow(item, before.counts(item), anew.counts(item)) ? anew : before;
}

/// Counters, or fields, by id; what none of them is told of stands at kRest.
using Parts = std::map<std::string, OptionCounts>;
const std::string kRest;

std::int64_t sum_of(const Parts& parts, const Item& item) {
    std::int64_t sum = 0;
    for (const auto& [id, counts] : parts)
        sum += people(item, counts);
    return sum;
}

/// As many as may be told beside the `whole`, and what is left of it.
Parts told_parts(Parts parts, const Item& item, const OptionCounts& whole) {
    const auto size = [&](const auto& part) { return people(item, part.second); };
    std::erase_if(parts, [&](const auto& part) { return !survey::is_told(size(part)); });
    while (!parts.empty() && !survey::leaves_no_rest(people(item, whole), sum_of(parts, item))) {
        parts.erase(std::min_element(parts.begin(), parts.end(),
                                     [&](const auto& a, const auto& b) { return size(a) < size(b); }));
    }
    if (parts.empty()) return parts;
    OptionCounts rest = whole;
    for (const auto& [id, counts] : parts) {
        for (const auto& [value, count] : counts)
            rest[value] = std::max<std::int64_t>(rest[value] - count, 0);
    }
    std::erase_if(rest, [](const auto& option) { return option.second == 0; });
    if (!rest.empty()) parts[kRest] = std::move(rest);
    return parts;
}

/// All of them at once, or none: each changes by enough or not at all, and none that was told goes.
Parts next_parts(const Parts& all, const Item& item, const OptionCounts& whole, const Parts& before) {
    Parts after = told_parts(all, item, whole);
    if (before.empty()) return after;
    const bool may_all = std::all_of(before.begin(), before.end(), [&](const auto& part) {
        const auto found = after.find(part.first);
        if (found == after.end()) return part.first == kRest;
        return may_follow(item, part.second, found->second);
    });
    return may_all && !after.empty() ? after : before;
}

class Disclosure {
  public:
    Disclosure(const std::vector<TallyRow>& tallies, const PublicSheet& published, const survey::Period& month,
               const DisclosureRules& rules)
        : tallies_(tallies), published_(published), month_(month), rules_(rules) {}

    PublicSheet run() {
        std::set<QuestionnaireRef> known;
        for (const TallyRow& row : tallies_)
            known.insert(row.key.questionnaire);
        for (const auto& [row, tally] : published_)
            known.insert(row.key.questionnaire);
        for (const QuestionnaireRef& ref : known) {
            if (const survey::Questionnaire* questionnaire = rules_.questionnaires.find(ref)) {
                disclose(*questionnaire);
            } else {
                keep([&](const PublicKey& row) { return row.key.questionnaire == ref; });
            }
        }
        return std::move(result_);
    }

  private:
    [[nodiscard]] bool is_over() const { return month_.last < rules_.today; }

    void disclose(const survey::Questionnaire& form) {
        const Item* headline = form.item(rules_.headline);
        if (headline != nullptr) disclose_days(form, *headline);
        if (!is_over()) return keep([&](const PublicKey& row) { return is_of_month(row, form); });
        for (const bool flagged : {false, true})
            disclose_items(form, flagged);
        if (headline == nullptr) return;
        for (const SubjectKind kind : {SubjectKind::counter, SubjectKind::field})
            disclose_parts(form, *headline, kind);
    }

    void disclose_days(const survey::Questionnaire& form, const Item& headline) {
        Days all;
        for (const TallyRow& row : tallies_) {
            if (!is_visit(row.key, form) || row.key.date >= rules_.today) continue;
            if (row.key.flagged) {
                put(row.key, {.responses = row.tally.responses,
                              .corrected = row.tally.corrected,
                              .doubtful = row.tally.doubtful,
                              .items = {}});
            } else {
                all[row.key.date] += only(row.tally, headline);
            }
        }
        DaysPublic before;
        for (const auto& [row, tally] : published_) {
            if (row.key.grain != Grain::day || row.key.flagged || !is_visit(row.key, form)) continue;
            (row.is_pooled ? before.pooled : before.alone)[row.key.date] = tally;
        }
        const DaysPublic after = next_days(all, headline, before);
        const auto put_days = [&](const Days& days, bool is_pooled) {
            for (const auto& [day, tally] : days)
                put({Grain::day, day, form.ref, {}, false}, tally, is_pooled);
        };
        put_days(after.alone, false);
        put_days(after.pooled, true);
        whole_ = after.counts(headline);
    }

    void disclose_items(const survey::Questionnaire& form, bool flagged) {
        Tally all;
        for (const TallyRow& row : tallies_) {
            if (is_visit(row.key, form) && row.key.flagged == flagged) all += row.tally;
        }
        const survey::TallyKey key{Grain::month, month_.first, form.ref, {}, flagged};
        const auto found = published_.find({key, false});
        Tally told = found == published_.end() ? Tally{} : found->second;
        for (const Item& item : form.items) {
            // Of the center's own question the days are public.
            if (!is_public(item) || (!flagged && item.id == rules_.headline)) continue;
            const OptionCounts& counts = counts_in(all, item);
            const auto before = told.items.find(item.id);
            const bool may = before == told.items.end() ? survey::is_told(people(item, counts))
                                                        : may_follow(item, before->second, counts);
            if (may) told.items[item.id] = counts;
        }
        if (!(told == Tally{})) put(key, told);
    }

    void disclose_parts(const survey::Questionnaire& form, const Item& headline, SubjectKind kind) {
        const auto is_part = [&](const survey::TallyKey& key) {
            return key.questionnaire == form.ref && key.subject.kind == kind && !key.flagged;
        };
        Parts all;
        for (const TallyRow& row : tallies_) {
            if (row.key.grain != Grain::day || !is_part(row.key)) continue;
            for (const auto& [value, count] : counts_in(row.tally, headline))
                all[row.key.subject.id][value] += count;
        }
        Parts before;
        for (const auto& [row, tally] : published_) {
            if (row.key.grain == Grain::month && row.key.date == month_.first && is_part(row.key))
                before[row.key.subject.id] = counts_in(tally, headline);
        }
        for (auto& [id, counts] : next_parts(all, headline, whole_, before)) {
            Tally tally;
            tally.items[headline.id] = std::move(counts);
            put({Grain::month, month_.first, form.ref, {kind, id}, false}, tally);
        }
    }

    [[nodiscard]] static bool is_visit(const survey::TallyKey& key, const survey::Questionnaire& form) {
        return key.questionnaire == form.ref && key.subject.kind == SubjectKind::visit;
    }
    [[nodiscard]] static bool is_of_month(const PublicKey& row, const survey::Questionnaire& form) {
        return row.key.questionnaire == form.ref && row.key.grain == Grain::month;
    }
    void put(const survey::TallyKey& key, const Tally& tally, bool is_pooled = false) {
        result_[{key, is_pooled}] = tally;
    }
    template <class Which>
    void keep(Which&& is_kept) {
        for (const auto& [row, tally] : published_) {
            if (is_kept(row)) result_.emplace(row, tally);
        }
    }

    const std::vector<TallyRow>& tallies_;
    const PublicSheet& published_;
    const survey::Period& month_;
    const DisclosureRules& rules_;
    PublicSheet result_;
    OptionCounts whole_;  // of the questionnaire at hand: what is public of the center
};

}  // namespace

bool is_public(const Item& item) {
    using enum survey::ItemType;
    const bool options = item.type == scale || item.type == points || item.type == single || item.type == multi;
    return options && !item.personal_data && !item.sensitive;
}

PublicSheet disclosed(const std::vector<TallyRow>& tallies, const PublicSheet& published, const survey::Period& month,
                      const DisclosureRules& rules) {
    return Disclosure(tallies, published, month, rules).run();
}

}  // namespace hailong::sync
