#include "sync/backend/ingest/import_documents.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "survey/base/json.h"
#include "survey/base/utf8.h"
#include "sync/backend/ingest/reference.h"
#include "sync/protocol/inbox.h"

namespace hailong::sync {
namespace {

/// Longest incident about changed documents, in bytes: the document of before stands beside it whole.
constexpr std::size_t kIncidentBytesMax = 4'000;

/// One choice, some of which mean satisfied.
bool has_share(const survey::Item& item) {
    return item.type != survey::ItemType::multi &&
           std::any_of(item.options.begin(), item.options.end(), [](const auto& option) { return option.satisfied; });
}

bool is_known(const survey::QuestionnaireId& id, const survey::Catalog& catalog) {
    const auto& all = catalog.all();
    return std::any_of(all.begin(), all.end(), [&](const auto& version) { return version.ref.id == id; });
}

/// Every terminal stands at a counter, and people find one by the number that hangs over it.
survey::Faults counter_faults(const survey::Center& center) {
    survey::Faults faults;
    std::map<std::int64_t, std::string> ids;
    for (std::size_t i = 0; i < center.counters.size(); ++i) {
        const survey::Counter& counter = center.counters[i];
        if (!counter.active) continue;
        const auto [known, is_new] = ids.emplace(counter.number, counter.id.text);
        if (is_new) continue;
        faults.push_back({survey::place_of_entry("counters", i) + ".number",
                          std::to_string(counter.number) + " is the number of counter \"" + known->second + "\", too",
                          "give each counter its own number"});
    }
    if (ids.empty()) faults.push_back({"counters", "has none in use", "list at least one counter"});
    return faults;
}

/// The items whose share is a figure from that day on, and of which the terminals' form must have one.
std::set<survey::ItemId> headlines_from(const survey::Center& center, survey::Date today) {
    std::set<survey::ItemId> headlines{center.headline, center.settings.on(today).headline};
    for (const survey::SettingsChange& one : center.settings.changes) {
        if (one.from > today) headlines.insert(one.settings.headline);
    }
    return headlines;
}

class Planner {
  public:
    Planner(const DocumentImport& documents, KnownDocuments known, const ImportedBy& by)
        : documents_(documents),
          known_(std::move(known)),
          by_(by),
          today_(survey::local_date(by.now)),
          is_first_(known_.reference.centers.empty() && known_.reference.questionnaires.all().empty()) {
        for (const survey::Questionnaire& version : known_.reference.questionnaires.all())
            forms_before_.insert(version.ref.id);
    }

    ImportPlan run() {
        plan_questionnaires();
        plan_center();
        if (plan_.faults.empty() && !plan_.changes.empty() && !is_first_) note_changes();
        return std::move(plan_);
    }

  private:
    void tell(const std::string& place, survey::Faults faults) {
        if (!faults.empty()) plan_.faults.push_back({place, std::move(faults)});
    }

    void plan_questionnaires() {
        survey::Catalog& catalog = known_.reference.questionnaires;
        for (const auto& one : documents_.questionnaires) {
            tell(one.place, document_faults(one.json));
            if (catalog.find(one.value.ref) == nullptr) {
                tell(one.place, past_version_faults(one.value));
                plan_.questionnaires.push_back({one.value.ref, one.json});
                plan_.changes.push_back("questionnaire " + one.value.ref.id.text + " version " +
                                        std::to_string(one.value.ref.version) + " is new, in effect from " +
                                        survey::to_string(one.value.effective_from));
            }
            const auto added = catalog.add(one.value);
            if (!added) tell(one.place, added.error());
        }
        tell(documents_.questionnaires_place, catalog.check_references());
    }

    /// What was public of a month that is over said which form was asked, and in which words.
    [[nodiscard]] survey::Faults past_version_faults(const survey::Questionnaire& version) const {
        if (!known_.center || !known_.release || !forms_before_.contains(version.ref.id)) return {};
        // A clock that fell back makes no month run that was over.
        const survey::Date day = std::max(today_, known_.release->day);
        const survey::Date first =
            survey::period_of(day, survey::PeriodKind::month, known_.center->center.periods).first;
        if (version.effective_from >= first) return {};
        return {{"effective_from",
                 "is " + survey::to_string(version.effective_from) +
                     ", in a month that is over: another version was asked then, and stands in what is public",
                 "name a day from " + survey::to_string(first) + " on"}};
    }

    void plan_center() {
        const auto& given = documents_.center;
        const survey::Faults unreadable = document_faults(given.json);
        tell(given.place, unreadable);
        tell(given.place,
             center_faults(given.value, known_.reference.questionnaires, documents_.questionnaires_place, today_));
        if (!unreadable.empty()) return;
        CenterDocument wanted{given.json, given.value};
        if (!known_.center) {
            plan_.changes.push_back("center " + given.value.id.text + " is new");
            plan_.center = std::move(wanted);
            return;
        }
        auto merged = merged_center(*known_.center, wanted, today_);
        if (!merged) return tell(given.place, merged.error());
        if (merged->json == known_.center->json) return;
        if (merged->center.settings != known_.center->center.settings) tell(given.place, clock_faults());
        const auto changes = center_changes(*known_.center, *merged);
        for (const std::string& change : changes)
            plan_.changes.push_back("center " + given.value.id.text + ": " + change);
        if (changes.empty()) plan_.changes.push_back("center " + given.value.id.text + ": the order of its lists");
        plan_.center = std::move(*merged);
    }

    /// From when on settings change is decided by this machine's clock alone: what the public saw is the second one.
    [[nodiscard]] survey::Faults clock_faults() const {
        if (!known_.release || known_.release->day <= today_) return {};
        return {{"settings",
                 "change from a day on, but this machine's clock says " + survey::to_string(today_) +
                     ", and figures were made public on " + survey::to_string(known_.release->day) + " already",
                 "set the clock right; where it was wrong before, start the service once and import again"}};
    }

    void note_changes() {
        std::string detail = "documents revision " + std::to_string(known_.reference.revision + 1) + ", imported by " +
                             by_.account + ": ";
        for (const std::string& change : plan_.changes)
            detail += (detail.ends_with(": ") && &change == &plan_.changes.front() ? "" : "; ") + change;
        plan_.incidents.push_back({by_.now,
                                   {},
                                   IncidentKind::documents,
                                   std::string(survey::shortened(detail, kIncidentBytesMax)),
                                   plan_.center && known_.center ? known_.center->json : std::string()});
    }

    const DocumentImport& documents_;
    KnownDocuments known_;
    const ImportedBy& by_;
    const survey::Date today_;
    const bool is_first_;
    std::set<survey::QuestionnaireId> forms_before_;
    ImportPlan plan_;
};

}  // namespace

survey::Faults center_faults(const survey::Center& center, const survey::Catalog& catalog, const std::string& place,
                             survey::Date today) {
    survey::Faults faults = counter_faults(center);
    for (const survey::Questionnaire& version : catalog.all()) {
        if (version.ref.id != center.questionnaire) continue;
        for (const survey::ItemId& headline : headlines_from(center, today)) {
            const survey::Item* item = version.item(headline);
            if (item != nullptr && has_share(*item)) continue;
            faults.push_back({"headline",
                              "\"" + headline.text + "\" is no item of " + version.ref.id.text + " version " +
                                  std::to_string(version.ref.version) + " with one choice and options marked satisfied",
                              "name an item whose share of satisfied answers is the objective's figure"});
        }
    }
    if (!is_known(center.questionnaire, catalog)) {
        faults.push_back({"questionnaire", "no version of \"" + center.questionnaire.text + "\" is known",
                          "put its file into " + place + ", or name another questionnaire"});
    }
    if (!center.feedback.empty() && !is_known(center.feedback, catalog)) {
        faults.push_back({"feedback", "no version of \"" + center.feedback.text + "\" is known",
                          "put its file into " + place + ", name another questionnaire, or leave it out"});
    }
    return faults;
}

StoreResult<KnownDocuments> read_known(Snapshot& snapshot, const survey::CenterId& center) {
    auto reference = load_reference(snapshot);
    if (!reference) return unexpected(reference.error());
    const auto json = snapshot.documents().center(center);
    if (!json) return unexpected(json.error());
    const auto release = snapshot.public_tallies().last_release(center);
    if (!release) return unexpected(release.error());
    KnownDocuments known{std::move(*reference), std::nullopt, *release};
    const survey::Center* read = known.reference.center(center);
    if (*json && read != nullptr) known.center = CenterDocument{**json, *read};
    return known;
}

ImportPlan plan_import(const DocumentImport& documents, KnownDocuments known, const ImportedBy& by) {
    return Planner(documents, std::move(known), by).run();
}

StoreResult<void> write_import(const ImportPlan& plan, Transaction& transaction) {
    for (const QuestionnaireDocument& one : plan.questionnaires) {
        const auto put = transaction.documents().put_questionnaire(one);
        if (!put) return put;
    }
    if (plan.center) {
        const auto put = transaction.documents().put_center(plan.center->center.id, plan.center->json);
        if (!put) return put;
    }
    return transaction.incidents().add(plan.incidents);
}

}  // namespace hailong::sync
