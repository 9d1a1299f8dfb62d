#include "sync/backend/figures/results.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "sync/backend/figures/day_totals.h"
#include "sync/backend/figures/disclosure.h"

namespace hailong::sync {
namespace {

using survey::Item;
using survey::ItemCounts;
using survey::Option;
using survey::OptionCounts;
using survey::Questionnaire;
using survey::QuestionnaireRef;
using survey::SubjectKind;
using survey::Tally;

/// Of one subject: what was answered, by questionnaire version.
struct SubjectTallies {
    std::map<QuestionnaireRef, Tally> sound;
    std::map<QuestionnaireRef, Tally> flagged;
};
using TalliesBySubject = std::map<std::string, SubjectTallies>;  // by subject id

/// What is public of a period, by the kind of subject. What no part is told of stands there under no id.
struct PublicFigures {
    SubjectTallies visit;
    SubjectTallies quarantined;
    TalliesBySubject counters;
    TalliesBySubject fields;
};

StoreResult<PublicFigures> read_public(PublicTallyReader& reader, const survey::Center& center,
                                       const survey::Period& period) {
    const auto rows = reader.find(center.id, period.first, period.last);
    if (!rows) return unexpected(rows.error());
    PublicFigures figures;
    const bool is_day = period.kind == survey::PeriodKind::day;
    // The question that a center asked for its objective stands by day; once it asks another one, perhaps by month,
    // too.
    std::set<std::tuple<survey::Date, QuestionnaireRef, survey::ItemId>> by_day;
    for (const auto& [row, tally] : *rows) {
        if (row.key.grain != survey::Grain::day) continue;
        const survey::Date month = survey::period_of(row.key.date, survey::PeriodKind::month, center.periods).first;
        for (const auto& [item, counts] : tally.items)
            by_day.insert({month, row.key.questionnaire, item});
    }
    for (const auto& [row, found] : *rows) {
        const bool is_of_day = row.key.grain == survey::Grain::day;
        if (is_day && (row.is_pooled || !is_of_day)) continue;
        Tally tally = found;
        if (!is_of_day && row.key.subject == survey::Subject{} && !row.key.flagged) {
            std::erase_if(tally.items, [&, &key = row.key](const auto& item) {
                return by_day.contains({key.date, key.questionnaire, item.first});
            });
        }
        const survey::Subject& of = row.key.subject;
        if (of.kind != SubjectKind::visit && of.id.empty()) continue;
        SubjectTallies& subject = of.id == kQuarantinedId && of.kind == SubjectKind::visit ? figures.quarantined
                                  : of.kind == SubjectKind::visit                          ? figures.visit
                                  : of.kind == SubjectKind::counter                        ? figures.counters[of.id]
                                                                                           : figures.fields[of.id];
        (row.key.flagged ? subject.flagged : subject.sound)[row.key.questionnaire] += tally;
    }
    return figures;
}

/// Whether the two items can be counted together: the same values with the same meaning, whatever their wording.
bool comparable(const Item& left, const Item& right) {
    return left.type == right.type && std::equal(left.options.begin(), left.options.end(), right.options.begin(),
                                                 right.options.end(), [](const Option& a, const Option& b) {
                                                     return a.value == b.value && a.level == b.level &&
                                                            a.points == b.points && a.satisfied == b.satisfied &&
                                                            a.excluded == b.excluded;
                                                 });
}

OptionCounts counts_of(const std::map<QuestionnaireRef, Tally>& tallies, const ItemResult& result) {
    OptionCounts sum;
    for (const QuestionnaireRef& ref : result.versions) {
        const auto tally = tallies.find(ref);
        if (tally == tallies.end()) continue;
        const auto counts = tally->second.items.find(result.item.id);
        if (counts == tally->second.items.end()) continue;
        for (const auto& [value, count] : counts->second)
            sum[value] += count;
    }
    return sum;
}

ItemCounts sum_of(ItemCounts left, const ItemCounts& right) {
    left.satisfied += right.satisfied;
    left.valid += right.valid;
    left.excluded += right.excluded;
    return left;
}

class Compilation {
  public:
    Compilation(const survey::Catalog& catalog, const survey::Center& center, const survey::Period& period)
        : catalog_(catalog), center_(center), period_(period), settings_(center.settings.of(period)) {}

    StoreResult<Results> run(Snapshot& snapshot, survey::UtcTime now) {
        const survey::Period before = survey::previous(period_, center_.periods);
        const auto now_public = read_public(snapshot.public_tallies(), center_, period_);
        if (!now_public) return unexpected(now_public.error());
        const auto public_before = read_public(snapshot.public_tallies(), center_, before);
        if (!public_before) return unexpected(public_before.error());
        const auto totals = totals_before(snapshot.terminals(), center_.id, survey::local_date(now));
        if (!totals) return unexpected(totals.error());
        const auto release = snapshot.public_tallies().last_release(center_.id);
        if (!release) return unexpected(release.error());

        Results results;
        results.center = center_.id;
        results.name = center_.name;
        results.parent = center_.parent;
        results.objective = settings_.objective;
        results.period = period_;
        results.generated = now;
        results.actions = center_.actions;
        results.integrity = integrity(*totals);
        if (const auto filled = fill_days(snapshot, *release, now, results); !filled) return unexpected(filled.error());
        const SubjectTallies& visit = now_public->visit;
        const SubjectTallies& visit_before = public_before->visit;
        for (const auto& [id, versions] : questionnaires(visit, visit_before)) {
            std::vector<ItemResult> items = item_results(versions, visit);
            for (ItemResult& item : items) {
                if (item.item.id != settings_.headline || !item.has_share) continue;
                count_responses(item.versions, visit, results);
                results.headlines.push_back(headline(item, *now_public, before, visit_before));
                if (!results.has_details) {
                    results.headlines.back().counters.clear();
                    results.headlines.back().fields.clear();
                }
            }
            std::erase_if(items, [&](const ItemResult& item) { return item.item.id == settings_.headline; });
            if (!items.empty()) results.sections.push_back({id, versions.back()->name, std::move(items)});
        }
        order(results);
        return results;
    }

  private:
    /// Up to when the figures are public, what of them there is, and how many came in since.
    StoreResult<void> fill_days(Snapshot& snapshot, const std::optional<Release>& release, survey::UtcTime now,
                                Results& results) const {
        const survey::Date today = survey::local_date(now);
        if (release) {
            results.until = survey::Date{std::chrono::sys_days{release->day} - std::chrono::days{1}};
            results.is_over = period_.last <= *results.until;
            const auto month = survey::period_of(period_.first, survey::PeriodKind::month, center_.periods);
            results.has_details = period_.kind != survey::PeriodKind::day && month.last <= *results.until;
        }
        const auto received = received_on(snapshot.tallies(), center_.id, today);
        if (!received) return unexpected(received.error());
        results.received_today = *received;
        return {};
    }

    using Versions = std::vector<const Questionnaire*>;  // of one questionnaire, ascending

    static SubjectTallies tallies_at(const TalliesBySubject& subjects, const std::string& id) {
        const auto found = subjects.find(id);
        return found == subjects.end() ? SubjectTallies{} : found->second;
    }

    /// Those answered in the period or the one before; always the one that the center asks at the period's end.
    std::map<survey::QuestionnaireId, Versions> questionnaires(const SubjectTallies& visit,
                                                               const SubjectTallies& before) const {
        std::map<QuestionnaireRef, const Questionnaire*> found;
        const auto note = [&](const std::map<QuestionnaireRef, Tally>& tallies) {
            for (const auto& [ref, tally] : tallies) {
                if (const Questionnaire* known = catalog_.find(ref)) found.emplace(ref, known);
            }
        };
        note(visit.sound);
        note(visit.flagged);
        if (const Questionnaire* asked = catalog_.in_effect(center_.questionnaire, period_.last)) {
            found.emplace(asked->ref, asked);
        }
        // The period before is only there to compare with: it brings versions of questionnaires that are here already.
        std::map<survey::QuestionnaireId, Versions> result;
        for (const auto& [ref, questionnaire] : found)
            result[ref.id];
        note(before.sound);
        for (const auto& [ref, questionnaire] : found) {
            const auto at = result.find(ref.id);
            if (at != result.end()) at->second.push_back(questionnaire);
        }
        return result;
    }

    /// Every counted item once for each set of comparable versions, the newest wording first. Sets that nobody answered
    /// in the period are left out, unless they hold the newest version.
    std::vector<ItemResult> item_results(const Versions& versions, const SubjectTallies& visit) const {
        std::vector<ItemResult> results;
        for (auto version = versions.rbegin(); version != versions.rend(); ++version) {
            for (const Item& item : (*version)->items) {
                if (!is_public(item)) continue;
                const auto same = std::find_if(results.begin(), results.end(), [&](const ItemResult& result) {
                    return result.item.id == item.id && comparable(result.item, item);
                });
                if (same != results.end()) {
                    same->versions.insert(same->versions.begin(), (*version)->ref);
                } else {
                    ItemResult result;
                    result.item = item;
                    result.versions = {(*version)->ref};
                    results.push_back(std::move(result));
                }
            }
        }
        for (ItemResult& result : results)
            add_up(result, visit);
        const QuestionnaireRef newest = versions.back()->ref;
        std::erase_if(results, [&](const ItemResult& result) {
            return result.all.valid + result.all.excluded == 0 && result.versions.back() != newest;
        });
        for (ItemResult& result : results)
            date(result, results, versions);
        return results;
    }

    /// From when to when its versions are asked: the highest version that is in effect is asked, so that a later one
    /// ends those before it.
    static void date(ItemResult& result, const std::vector<ItemResult>& all, const Versions& versions) {
        result.stands_twice = std::count_if(all.begin(), all.end(), [&](const ItemResult& other) {
                                  return other.item.id == result.item.id;
                              }) > 1;
        bool is_first = true;
        for (const Questionnaire* version : versions) {
            const bool is_own =
                std::find(result.versions.begin(), result.versions.end(), version->ref) != result.versions.end();
            if (is_own) {
                result.from = is_first ? version->effective_from : std::min(result.from, version->effective_from);
                result.to = version->effective_to;
                is_first = false;
            } else if (!is_first && version->ref.version > result.versions.back().version) {
                const survey::Date last{std::chrono::sys_days{version->effective_from} - std::chrono::days{1}};
                if (!result.to || last < *result.to) result.to = last;
            }
        }
    }

    void add_up(ItemResult& result, const SubjectTallies& visit) const {
        const OptionCounts sound = counts_of(visit.sound, result);
        const OptionCounts flagged = counts_of(visit.flagged, result);
        const auto at = [](const OptionCounts& counts, const std::string& value) {
            const auto found = counts.find(value);
            return found == counts.end() ? 0 : found->second;
        };
        for (const Option& option : result.item.options) {
            result.options.push_back({option, at(sound, option.value), at(flagged, option.value)});
            result.has_share |= option.satisfied;
        }
        result.has_share = result.has_share && result.item.type != survey::ItemType::multi;
        result.counts = survey::count(result.item, sound);
        result.all = sum_of(result.counts, survey::count(result.item, flagged));
        if (!result.has_share) return;
        result.figure = figure(result.counts);
        result.figure_of_all = figure(result.all);
    }

    std::optional<survey::Satisfaction> figure(const ItemCounts& counts) const {
        return survey::satisfaction(counts.satisfied, counts.valid, settings_.objective);
    }

    /// Responses, each once: one that came again under another number is none of its own.
    static Integrity integrity(const CenterTotals& center) {
        const Totals& totals = center.records;
        Integrity result;
        result.collected = center.reported_collected;
        result.stored = totals.stored - totals.copies;
        result.counted = totals.counted;
        result.quarantined = totals.quarantined - totals.copies;
        result.lost = totals.lost;
        result.skipped = totals.skipped;
        result.missing = std::max<std::int64_t>(0, result.collected - result.stored - result.lost);
        return result;
    }

    static void count_times(const Tally& tally, Times& times) {
        times.corrected += tally.corrected;
        times.doubtful += tally.doubtful;
        times.trusted += tally.responses - tally.corrected - tally.doubtful;
    }

    static void count_responses(const std::vector<QuestionnaireRef>& versions, const SubjectTallies& visit,
                                Results& results) {
        for (const QuestionnaireRef& ref : versions) {
            const auto sound = visit.sound.find(ref);
            if (sound != visit.sound.end()) {
                results.responses += sound->second.responses;
                count_times(sound->second, results.times);
            }
            const auto flagged = visit.flagged.find(ref);
            if (flagged != visit.flagged.end()) {
                results.flagged += flagged->second.responses;
            }
        }
    }

    PartResult part(const ItemResult& item, const TalliesBySubject& subjects, const std::string& id) const {
        PartResult result;
        result.id = id;
        result.name = {id, id};
        result.counts = survey::count(item.item, counts_of(tallies_at(subjects, id).sound, item));
        result.figure = figure(result.counts);
        return result;
    }

    Headline headline(const ItemResult& item, const PublicFigures& figures, const survey::Period& before,
                      const SubjectTallies& visit_before) const {
        const TalliesBySubject& counters = figures.counters;
        const TalliesBySubject& fields = figures.fields;
        Headline result;
        result.item = item;
        for (const survey::Counter& counter : center_.counters) {
            if (!counter.active && !counters.contains(counter.id.text)) continue;
            PartResult one = part(item, counters, counter.id.text);
            one.number = std::to_string(counter.number);
            one.name = counter.name;
            result.counters.push_back(std::move(one));
        }
        for (const auto& [id, subject] : counters) {
            if (center_.counter({id}) == nullptr) result.counters.push_back(part(item, counters, id));
        }
        for (const auto& [id, subject] : fields) {
            PartResult one = part(item, fields, id);
            if (const survey::Field* field = center_.field({id})) one.name = field->name;
            if (one.counts.valid + one.counts.excluded > 0) result.fields.push_back(std::move(one));
        }
        result.quarantined = survey::count(item.item, counts_of(figures.quarantined.sound, item));
        result.before = before;
        result.counts_before = survey::count(item.item, counts_of(visit_before.sound, item));
        // By what held then.
        result.figure_before = survey::satisfaction(result.counts_before.satisfied, result.counts_before.valid,
                                                    center_.settings.of(before).objective);
        return result;
    }

    /// What the center asks comes first.
    void order(Results& results) const {
        std::stable_partition(results.headlines.begin(), results.headlines.end(), [&](const Headline& one) {
            return one.item.versions.back().id == center_.questionnaire;
        });
        std::stable_partition(results.sections.begin(), results.sections.end(),
                              [&](const Section& section) { return section.questionnaire == center_.questionnaire; });
        for (Headline& one : results.headlines) {
            std::stable_sort(one.fields.begin(), one.fields.end(),
                             [](const PartResult& a, const PartResult& b) { return a.counts.valid > b.counts.valid; });
        }
    }

    const survey::Catalog& catalog_;
    const survey::Center& center_;
    const survey::Period& period_;
    const survey::CenterSettings& settings_;  // that the period is judged by
};

}  // namespace

std::optional<survey::Period> asked_period(std::string_view name, survey::Date today,
                                           const survey::PeriodScheme& scheme) {
    const survey::Date yesterday{std::chrono::sys_days(today) - std::chrono::days(1)};
    if (name.empty()) return survey::period_of(yesterday, survey::PeriodKind::month, scheme);
    return survey::parse_period(name, scheme);
}

StoreResult<Results> results(Snapshot& snapshot, const survey::Catalog& catalog, const survey::Center& center,
                             const survey::Period& period, survey::UtcTime now) {
    return Compilation(catalog, center, period).run(snapshot, now);
}

}  // namespace hailong::sync
