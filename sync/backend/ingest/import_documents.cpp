#include "sync/backend/ingest/import_documents.h"

#include <algorithm>
#include <map>

#include "survey/base/json.h"
#include "sync/backend/ingest/reference.h"
#include "sync/protocol/inbox.h"

namespace hailong::sync {
namespace {

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
    if (center.counters.empty()) faults.push_back({"counters", "is empty", "list at least one counter"});
    std::map<std::int64_t, std::string> ids;
    for (std::size_t i = 0; i < center.counters.size(); ++i) {
        const survey::Counter& counter = center.counters[i];
        const auto [known, is_new] = ids.emplace(counter.number, counter.id.text);
        if (is_new) continue;
        faults.push_back({survey::place_of_entry("counters", i) + ".number",
                          std::to_string(counter.number) + " is the number of counter \"" + known->second + "\", too",
                          "give each counter its own number"});
    }
    return faults;
}

}  // namespace

survey::Faults center_faults(const survey::Center& center, const survey::Catalog& catalog, const std::string& place) {
    survey::Faults faults = counter_faults(center);
    for (const survey::Questionnaire& version : catalog.all()) {
        if (version.ref.id != center.questionnaire) continue;
        const survey::Item* item = version.item(center.headline);
        if (item != nullptr && has_share(*item)) continue;
        faults.push_back({"headline",
                          "\"" + center.headline.text + "\" is no item of " + version.ref.id.text + " version " +
                              std::to_string(version.ref.version) + " with one choice and options marked satisfied",
                          "name an item whose share of satisfied answers is the objective's figure"});
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

StoreResult<ImportedDocuments> import_documents(const DocumentImport& documents, Transaction& transaction) {
    auto reference = load_reference(transaction);
    if (!reference) return unexpected(reference.error());
    survey::Catalog& catalog = reference->questionnaires;
    ImportedDocuments imported;
    const auto tell = [&](const std::string& place, survey::Faults faults) {
        if (!faults.empty()) imported.faults.push_back({place, std::move(faults)});
    };
    for (const auto& one : documents.questionnaires) {
        tell(one.place, document_faults(one.json));
        if (catalog.find(one.value.ref) == nullptr) {
            const auto put = transaction.documents().put_questionnaire({one.value.ref, one.json});
            if (!put) return unexpected(put.error());
            ++imported.questionnaires_added;
        }
        const auto known = catalog.add(one.value);
        if (!known) tell(one.place, known.error());
    }
    tell(documents.questionnaires_place, catalog.check_references());
    const survey::Center& center = documents.center.value;
    tell(documents.center.place, document_faults(documents.center.json));
    tell(documents.center.place, center_faults(center, catalog, documents.questionnaires_place));
    if (!imported.faults.empty()) return imported;
    const auto put = transaction.documents().put_center(center.id, documents.center.json);
    if (!put) return unexpected(put.error());
    return imported;
}

}  // namespace hailong::sync
