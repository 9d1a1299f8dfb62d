#include "sync/backend/terminals/inbox.h"

#include <set>
#include <utility>
#include <vector>

#include "sync/backend/figures/terminal_results.h"
#include "sync/protocol/compression.h"

namespace hailong::sync {
namespace {

/// Of the center's questionnaire, of its feedback form and of those that its options open: what is in effect, and what
/// is to come.
std::set<survey::QuestionnaireRef> wanted_versions(const Reference& reference, const survey::Center& center,
                                                   survey::Date today) {
    std::set<survey::QuestionnaireRef> wanted;
    std::set<survey::QuestionnaireId> seen;
    std::vector<survey::QuestionnaireId> open = {center.questionnaire, center.feedback};
    while (!open.empty()) {
        const survey::QuestionnaireId id = open.back();
        open.pop_back();
        if (!seen.insert(id).second) continue;
        const survey::Questionnaire* current = reference.questionnaires.in_effect(id, today);
        for (const survey::Questionnaire& version : reference.questionnaires.all()) {
            if (version.ref.id != id || (&version != current && version.effective_from <= today)) continue;
            wanted.insert(version.ref);
            for (const survey::Item& item : version.items) {
                for (const survey::Option& option : item.options) {
                    if (!option.opens.empty()) open.push_back(option.opens);
                }
            }
        }
    }
    return wanted;
}

constexpr std::string_view kClosing = "]}";

std::string packed(const std::string& documents) {
    const std::string whole = documents + std::string(kClosing);
    std::string bytes = compress(whole, Encoding::gzip);
    return bytes.size() < whole.size() ? bytes : std::string();
}

/// Identifiers need no escaping.
std::string erased_document(const std::vector<Erasure>& erasures) {
    std::string texts;
    for (const Erasure& one : erasures) {
        texts += std::string(texts.empty() ? "" : ",") + R"({"item":")" + one.place.item.text + R"(","seq":)" +
                 std::to_string(one.place.seq) + "}";
    }
    return texts.empty() ? "" : R"(,{"name":"erased","body":{"texts":[)" + texts + "]}}";
}

}  // namespace

StoreResult<CenterInbox> center_inbox(const survey::CenterId& id, Snapshot& snapshot, const Reference& reference,
                                      survey::Date today) {
    const auto center_json = snapshot.documents().center(id);
    if (!center_json) return unexpected(center_json.error());
    const survey::Center* center = reference.center(id);
    if (!*center_json || center == nullptr) {
        return unexpected(
            StoreError{StoreErrorKind::corrupt, "the terminal's center is not known",
                       "what terminals send is kept. Import the center with `hailong-backend init`: records are not "
                       "touched by it"});
    }
    const auto questionnaires = snapshot.documents().questionnaires();
    if (!questionnaires) return unexpected(questionnaires.error());
    const auto posted = posted_results(snapshot, reference.questionnaires, *center, today);
    if (!posted) return unexpected(posted.error());
    // As imported, byte for byte: nothing is lost that a newer terminal understands.
    CenterInbox inbox;
    inbox.documents = R"({"documents":[{"name":"center","body":)" + **center_json + "}";
    const std::set<survey::QuestionnaireRef> wanted = wanted_versions(reference, *center, today);
    for (const QuestionnaireDocument& document : *questionnaires) {
        if (!wanted.contains(document.ref)) continue;
        inbox.documents += R"(,{"name":"questionnaire/)" + document.ref.id.text + "/" +
                           std::to_string(document.ref.version) + R"(","body":)" + document.json + "}";
    }
    if (*posted) inbox.documents += R"(,{"name":"results","body":)" + to_text(**posted) + "}";
    inbox.hash = to_hex(survey::sha256(inbox.documents)).substr(0, 32);
    return inbox;
}

std::shared_ptr<InboxCache::Entry> InboxCache::entry_of(const survey::CenterId& center) {
    const std::lock_guard lock(mutex_);
    std::shared_ptr<Entry>& entry = entries_[center];
    if (!entry) entry = std::make_shared<Entry>();
    return entry;
}

StoreResult<Inbox> InboxCache::find(const Terminal& terminal, Snapshot& snapshot, survey::Date today) {
    const auto documents = snapshot.documents().revision();
    if (!documents) return unexpected(documents.error());
    const auto release = snapshot.public_tallies().last_release(terminal.center);
    if (!release) return unexpected(release.error());
    const Made wanted{*documents, *release ? (*release)->number : 0, today};
    const std::shared_ptr<Entry> entry = entry_of(terminal.center);
    const std::lock_guard lock(entry->mutex);
    std::shared_ptr<const CenterInbox> found = entry->made == wanted ? entry->inbox : nullptr;
    if (!found) {
        const auto reference = references_.at(*documents, snapshot);
        if (!reference) return unexpected(reference.error());
        auto made = center_inbox(terminal.center, snapshot, **reference, today);
        if (!made) return unexpected(made.error());
        made->packed = packed(made->documents);
        found = std::make_shared<const CenterInbox>(std::move(*made));
        // A reader that began before the last change must not put what was back for everyone.
        if (wanted.documents >= entry->made.documents && wanted.release >= entry->made.release) {
            entry->made = wanted;
            entry->inbox = found;
        }
    }
    const std::string erased = terminal.erased > 0 ? "-" + std::to_string(terminal.erased) : std::string();
    return Inbox{found, "\"" + found->hash + erased + "\""};
}

StoreResult<std::string> body_of(const Inbox& inbox, const Terminal& terminal, TextReader& reader) {
    if (terminal.erased == 0) return inbox.center->documents + std::string(kClosing);
    const auto erasures = reader.newest_erasures(terminal.kiosk, kErasedNamedMax);
    if (!erasures) return unexpected(erasures.error());
    return inbox.center->documents + erased_document(*erasures) + std::string(kClosing);
}

std::string_view packed_body_of(const Inbox& inbox, const Terminal& terminal) {
    return terminal.erased == 0 ? std::string_view(inbox.center->packed) : std::string_view();
}

}  // namespace hailong::sync
