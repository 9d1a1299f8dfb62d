#include "sync/client/documents.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "survey/base/json.h"
#include "survey/center.h"
#include "survey/questionnaire.h"
#include "survey/record.h"

namespace hailong::sync {
namespace {

namespace json = boost::json;
using survey::Faults;

/// Texts that a person had erased at the backend.
struct ErasedTexts {
    std::int64_t seq = 0;
    survey::ItemId item;
};

struct Inboxed {
    std::vector<kiosk::Document> documents;
    std::vector<ErasedTexts> erased;
    Faults faults;
};

std::vector<ErasedTexts> read_erased(const json::value& body, Faults& faults) {
    survey::ObjectReader reader(body, "erased", faults);
    std::vector<ErasedTexts> erased;
    for (const json::value& one : reader.list("texts")) {
        survey::ObjectReader sealed(one, "erased: texts[" + std::to_string(erased.size()) + "]", faults);
        erased.push_back({sealed.integer("seq", 1, survey::kSeqMax), survey::ItemId{sealed.identifier("item")}});
    }
    return erased;
}

/// The terminal's own copies go, too, of what was delivered: nobody there can have erased what never came. How many
/// there were.
Expected<std::int64_t, kiosk::StoreError> erase(kiosk::Journal& journal, const std::vector<ErasedTexts>& erased) {
    const auto delivered = journal.delivered_seq();
    if (!delivered) return unexpected(delivered.error());
    std::int64_t count = 0;
    for (const ErasedTexts& one : erased) {
        if (one.seq > *delivered) continue;
        const auto gone = journal.erase_text(one.seq, one.item);
        if (!gone) return unexpected(gone.error());
        count += *gone ? 1 : 0;
    }
    return count;
}

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
        if (document.name == "erased") result.erased = read_erased(*entry.find("body"), result.faults);
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

Exchange take_documents(kiosk::Journal& journal, kiosk::Inbox& inbox, std::string_view body, std::string_view version,
                        survey::UtcTime received) {
    const Inboxed inboxed = read_documents(body, received);
    if (!inboxed.faults.empty()) {
        return person("inbox: kept as it was, because what came down is broken: " + survey::describe(inboxed.faults) +
                      "; correct it at the backend");
    }
    // Before the inbox, so that it is asked for again when the disk refuses.
    const auto erased = erase(journal, inboxed.erased);
    if (!erased) return from_store(erased.error());
    const auto replaced = inbox.replace(inboxed.documents, version);
    if (!replaced) return from_store(replaced.error());
    Exchange done = progress("inbox: replaced by " + std::to_string(inboxed.documents.size()) + " documents");
    if (*erased > 0) done.what += "; " + std::to_string(*erased) + " texts that were erased there are erased here, too";
    return done;
}

}  // namespace hailong::sync
