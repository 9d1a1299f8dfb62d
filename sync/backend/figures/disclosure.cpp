#include "sync/backend/figures/disclosure.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "survey/disclosure.h"
#include "sync/backend/figures/disclosed_rows.h"

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

class Disclosure {
  public:
    Disclosure(const std::vector<TallyRow>& tallies, const PublicSheet& published, const survey::Period& month,
               const DisclosureRules& rules)
        : tallies_(tallies),
          published_(published),
          month_(month),
          rules_(rules),
          headline_(rules.center.settings.of(month).headline) {}

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
        const Item* headline = form.item(headline_);
        if (headline != nullptr) disclose_days(form, *headline);
        if (!is_over()) return keep([&](const PublicKey& row) { return is_of_month(row, form); });
        for (const bool flagged : {false, true})
            disclose_items(form, headline, flagged);
        if (headline == nullptr) return;
        disclose_quarantined(form, *headline);
        disclose_rows(form, *headline);
    }

    /// As long as there is enough of it, and changed by enough.
    void disclose_quarantined(const survey::Questionnaire& form, const Item& headline) {
        const survey::Subject subject{SubjectKind::visit, kQuarantinedId};
        OptionCounts all;
        for (const TallyRow& row : tallies_) {
            if (row.key.questionnaire != form.ref || row.key.subject != subject) continue;
            for (const auto& [value, count] : counts_in(row.tally, headline))
                all[value] += count;
        }
        const survey::TallyKey key{Grain::month, month_.first, form.ref, subject, false};
        const auto found = published_.find({key, false});
        const OptionCounts& before = found == published_.end() ? kNone : counts_in(found->second, headline);
        Tally told;
        told.items[headline.id] = may_follow(headline, before, all) ? all : before;
        if (survey::is_told(people(headline, told.items[headline.id]))) put(key, told);
    }

    void disclose_days(const survey::Questionnaire& form, const Item& headline) {
        Days all;
        for (const TallyRow& row : tallies_) {
            if (!is_visit(row.key, form) || row.key.date >= rules_.today) continue;
            if (!row.key.flagged) all[row.key.date] += only(row.tally, headline);
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
        note_public_days(all, after);
    }

    void note_public_days(const Days& all, const DaysPublic& days) {
        public_days_.clear();
        for (const auto& [day, tally] : all) {
            Tally told;
            for (const Days* part : {&days.alone, &days.pooled}) {
                if (part->contains(day)) told += part->at(day);
            }
            if (told == tally) public_days_.insert(day);
        }
    }

    void disclose_items(const survey::Questionnaire& form, const Item* headline, bool flagged) {
        Tally all;
        for (const TallyRow& row : tallies_) {
            // A day may have flagged responses alone, and a questionnaire none of the center's own question.
            const bool is_in = flagged || headline == nullptr || public_days_.contains(row.key.date);
            if (is_in && is_visit(row.key, form) && row.key.flagged == flagged) all += row.tally;
        }
        const survey::TallyKey key{Grain::month, month_.first, form.ref, {}, flagged};
        const auto found = published_.find({key, false});
        Tally told = found == published_.end() ? Tally{} : found->second;
        for (const Item& item : form.items) {
            // Of the center's own question the days are public.
            if (!is_public(item) || (!flagged && item.id == headline_)) continue;
            const OptionCounts& counts = counts_in(all, item);
            const auto before = told.items.find(item.id);
            const bool may = before == told.items.end() ? survey::is_told(people(item, counts))
                                                        : may_follow(item, before->second, counts);
            if (!may) continue;
            told.items[item.id] = counts;
            // How many were flagged is told with what they answered.
            if (flagged && item.id == headline_) told.responses = all.responses;
        }
        if (!(told == Tally{})) put(key, told);
    }

    void disclose_rows(const survey::Questionnaire& form, const Item& headline) {
        const auto parts_of = [](Rows& rows, const survey::TallyKey& key) -> Parts* {
            if (key.flagged) return nullptr;
            return key.subject.kind == SubjectKind::counter ? &rows.counters
                   : key.subject.kind == SubjectKind::field ? &rows.fields
                                                            : nullptr;
        };
        Rows all;
        for (const TallyRow& row : tallies_) {
            Parts* parts = row.key.questionnaire == form.ref ? parts_of(all, row.key) : nullptr;
            if (parts == nullptr || !public_days_.contains(row.key.date)) continue;
            for (const auto& [value, count] : counts_in(row.tally, headline))
                (*parts)[row.key.subject.id][value] += count;
        }
        Rows before;
        for (const auto& [row, tally] : published_) {
            const bool is_of_month = row.key.grain == Grain::month && row.key.date == month_.first;
            Parts* parts = is_of_month && row.key.questionnaire == form.ref ? parts_of(before, row.key) : nullptr;
            if (parts != nullptr) (*parts)[row.key.subject.id] = counts_in(tally, headline);
        }
        Places places;
        for (const survey::Procedure& procedure : rules_.center.procedures)
            places[procedure.field.text].insert(procedure.counter.text);
        const Rows after = next_rows(all, headline, whole_, before, places);
        put_parts(after.counters, SubjectKind::counter, form, headline);
        put_parts(after.fields, SubjectKind::field, form, headline);
    }

    void put_parts(const Parts& parts, SubjectKind kind, const survey::Questionnaire& form, const Item& headline) {
        for (const auto& [id, counts] : parts) {
            Tally tally;
            tally.items[headline.id] = counts;
            put({Grain::month, month_.first, form.ref, {kind, id}, false}, tally);
        }
    }

    [[nodiscard]] static bool is_visit(const survey::TallyKey& key, const survey::Questionnaire& form) {
        return key.questionnaire == form.ref && key.subject == survey::Subject{};
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
    const survey::ItemId headline_;  // that held in the month
    PublicSheet result_;
    // Of the questionnaire at hand: what is public of the center, and the days that are in it whole.
    OptionCounts whole_;
    std::set<Date> public_days_;
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
