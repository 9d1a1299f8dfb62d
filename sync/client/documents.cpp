#include "sync/client/documents.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "survey/center.h"
#include "survey/json.h"
#include "survey/questionnaire.h"

namespace hailong::sync {
namespace {

namespace json = boost::json;
using survey::Faults;

struct Inboxed {
    std::vector<kiosk::Document> documents;
    Faults faults;
};

/// What a document must be by its name; names that are not known yet are kept for a newer kiosk.
void check_document(const kiosk::Document& document, survey::Catalog& catalog, std::optional<survey::Center>& center,
                    Faults& faults) {
    const auto add = [&](Faults found) {
        for (survey::Fault& fault : found) {
            fault.place = document.name + (fault.place.empty() ? "" : ": " + fault.place);
            faults.push_back(std::move(fault));
        }
    };
    if (document.name == "center") {
        auto parsed = survey::parse_center(document.body);
        if (parsed) {
            center = std::move(*parsed);
        } else {
            add(parsed.error());
        }
    } else if (document.name.rfind("questionnaire/", 0) == 0) {
        auto parsed = survey::parse_questionnaire(document.body);
        if (!parsed) return add(parsed.error());
        const std::string named = "questionnaire/" + parsed->ref.id.text + "/" + std::to_string(parsed->ref.version);
        if (named != document.name) return add({{"", "holds " + named, "name it so"}});
        const auto added = catalog.add(std::move(*parsed));
        if (!added) add(added.error());
    }
}

Inboxed read_documents(std::string_view body, survey::UtcTime received) {
    Inboxed result;
    const auto value = survey::parse_json(body);
    if (!value) {
        result.faults = value.error();
        return result;
    }
    survey::ObjectReader reader(*value, {}, result.faults);
    const json::array& list = reader.list("documents");
    if (list.size() > kDocumentsMax) {
        reader.fault("documents", "are more than " + std::to_string(kDocumentsMax), "send what this terminal needs");
        return result;
    }
    std::set<std::string> names;
    survey::Catalog catalog;
    std::optional<survey::Center> center;
    for (std::size_t i = 0; i < list.size(); ++i) {
        survey::ObjectReader entry(list[i], "documents[" + std::to_string(i) + "]", result.faults);
        kiosk::Document document;
        document.name = entry.text("name");
        document.received = received;
        if (!names.insert(document.name).second) entry.fault("name", "stands twice", "send each document once");
        if (!entry.has("body") || !entry.find("body")->is_object()) {
            entry.fault("body", "is not an object", "send the document as JSON");
            continue;
        }
        document.body = json::serialize(*entry.find("body"));
        check_document(document, catalog, center, result.faults);
        result.documents.push_back(std::move(document));
    }
    if (!result.faults.empty()) return result;
    result.faults = catalog.check_references();
    if (center) {
        const bool is_there =
            std::any_of(catalog.all().begin(), catalog.all().end(),
                        [&](const survey::Questionnaire& known) { return known.ref.id == center->questionnaire; });
        if (!is_there) {
            result.faults.push_back({"center: questionnaire",
                                     "\"" + center->questionnaire.text + "\" is not among them",
                                     "send the questionnaire that the center asks"});
        }
    }
    return result;
}

}  // namespace

Exchange take_documents(kiosk::Inbox& inbox, std::string_view body, std::string_view version,
                        survey::UtcTime received) {
    const Inboxed inboxed = read_documents(body, received);
    if (!inboxed.faults.empty()) {
        return person("inbox: kept as it was, because what came down is broken: " + survey::describe(inboxed.faults) +
                      "; correct it at the backend");
    }
    const auto replaced = inbox.replace(inboxed.documents, version);
    if (!replaced) return from_store(replaced.error());
    return progress("inbox: replaced by " + std::to_string(inboxed.documents.size()) + " documents");
}

}  // namespace hailong::sync
