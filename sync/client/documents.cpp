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
    Faults dropped;  // of documents that can't be read, and are left out
    Faults faults;   // of the whole, which can't replace what is there
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
Faults add_document(const kiosk::Document& document, survey::Catalog& catalog, std::optional<survey::Center>& center) {
    if (document.name == "center") {
        auto parsed = survey::parse_center(document.body);
        if (!parsed) return parsed.error();
        center = std::move(*parsed);
        return {};
    }
    if (document.name.rfind("questionnaire/", 0) != 0) {
        const auto parsed = survey::parse_json(document.body);
        return parsed ? Faults() : parsed.error();
    }
    auto parsed = survey::parse_questionnaire(document.body);
    if (!parsed) return parsed.error();
    const std::string named = "questionnaire/" + parsed->ref.id.text + "/" + std::to_string(parsed->ref.version);
    if (named != document.name) return {{"", "holds " + named, "name it so"}};
    const auto added = catalog.add(std::move(*parsed));
    return added ? Faults() : added.error();
}

/// Whether one may stay for the other: of the same name, or another version of the same questionnaire.
bool stays_for(std::string_view name, std::string_view other) {
    const std::string_view questionnaire = other.substr(0, other.rfind('/') + 1);
    return name == other || (!questionnaire.empty() && name.rfind(questionnaire, 0) == 0);
}

/// Reads an inbox's documents one by one; what can't be read is left out, and what was there before stays for it.
class DocumentsReader {
  public:
    DocumentsReader(std::vector<kiosk::Document> before, survey::UtcTime received)
        : before_(std::move(before)), received_(received) {}

    Inboxed read(std::string_view body) {
        const auto value = survey::parse_json(body);
        if (!value) {
            result_.faults = value.error();
            return std::move(result_);
        }
        survey::ObjectReader reader(*value, {}, result_.faults);
        const json::array& list = reader.list("documents");
        if (list.size() > kDocumentsMax) {
            reader.fault("documents", "are more than " + std::to_string(kDocumentsMax),
                         "send what this terminal needs");
        }
        if (!result_.faults.empty()) return std::move(result_);
        for (std::size_t i = 0; i < list.size(); ++i)
            take(list[i], "documents[" + std::to_string(i) + "]");
        keep_instead();
        result_.faults = missing();
        return std::move(result_);
    }

  private:
    void take(const json::value& value, const std::string& place) {
        survey::ObjectReader entry(value, place, result_.dropped);
        kiosk::Document document;
        document.name = entry.text("name");
        document.received = received_;
        if (document.name.empty()) return;
        if (!names_.insert(document.name).second) {
            return entry.fault("name", "\"" + document.name + "\" stands twice", "send each document once");
        }
        if (!entry.has("body") || !entry.find("body")->is_object()) {
            entry.fault("body", "of " + document.name + " is not an object", "send the document as JSON");
            return left_out_.push_back(document.name);
        }
        document.body = json::serialize(*entry.find("body"));
        Faults found = add_document(document, catalog_, center_);
        if (found.empty() && document.name == "erased") result_.erased = read_erased(*entry.find("body"), found);
        if (found.empty()) return result_.documents.push_back(std::move(document));
        if (document.name == "erased") result_.erased.clear();
        for (survey::Fault& fault : found) {
            if (fault.place.rfind(document.name, 0) != 0)
                fault.place = document.name + (fault.place.empty() ? "" : ": " + fault.place);
            result_.dropped.push_back(std::move(fault));
        }
        names_.erase(document.name);
        left_out_.push_back(std::move(document.name));
    }

    void keep_instead() {
        for (kiosk::Document& document : before_) {
            const bool stays = std::any_of(left_out_.begin(), left_out_.end(),
                                           [&](const std::string& other) { return stays_for(document.name, other); });
            if (!stays || !names_.insert(document.name).second) continue;
            if (!add_document(document, catalog_, center_).empty()) continue;
            result_.documents.push_back(std::move(document));
        }
    }

    /// What documents that are there name, and is not.
    Faults missing() const {
        Faults faults = catalog_.check_references();
        if (!center_) return faults;
        const bool is_there =
            std::any_of(catalog_.all().begin(), catalog_.all().end(),
                        [&](const survey::Questionnaire& known) { return known.ref.id == center_->questionnaire; });
        if (!is_there) {
            faults.push_back({"center: questionnaire", "\"" + center_->questionnaire.text + "\" is not among them",
                              "send the questionnaire that the center asks"});
        }
        return faults;
    }

    std::vector<kiosk::Document> before_;
    survey::UtcTime received_;
    std::set<std::string> names_;
    std::vector<std::string> left_out_;
    survey::Catalog catalog_;
    std::optional<survey::Center> center_;
    Inboxed result_;
};

}  // namespace

Exchange take_documents(kiosk::Journal& journal, kiosk::Inbox& inbox, std::string_view body, std::string_view version,
                        survey::UtcTime received) {
    auto before = inbox.documents();
    if (!before) return from_store(before.error());
    const Inboxed inboxed = DocumentsReader(std::move(*before), received).read(body);
    // Before the inbox, so that it is asked for again when the disk refuses.
    const auto erased = erase(journal, inboxed.erased);
    if (!erased) return from_store(erased.error());
    if (!inboxed.faults.empty()) {
        Faults faults = inboxed.dropped;
        faults.insert(faults.end(), inboxed.faults.begin(), inboxed.faults.end());
        return person("inbox: kept as it was, because what came down is broken: " + survey::describe(faults) +
                      "; correct it at the backend");
    }
    const auto replaced = inbox.replace(inboxed.documents, version);
    if (!replaced) return from_store(replaced.error());
    Exchange done = progress("inbox: replaced by " + std::to_string(inboxed.documents.size()) + " documents");
    if (*erased > 0) done.what += "; " + std::to_string(*erased) + " texts that were erased there are erased here, too";
    if (inboxed.dropped.empty()) return done;
    return person(done.what + "; left out is what can't be read, and what was here before stays in its place: " +
                  survey::describe(inboxed.dropped) + "; correct it at the backend");
}

}  // namespace hailong::sync
