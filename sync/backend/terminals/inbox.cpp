#include "sync/backend/terminals/inbox.h"

#include <set>
#include <vector>

#include "sync/backend/figures/terminal_results.h"

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

/// Identifiers need no escaping.
std::string erased_document(const std::vector<Erasure>& erasures) {
    std::string texts;
    for (const Erasure& one : erasures) {
        texts += std::string(texts.empty() ? "" : ",") + R"({"item":")" + one.item.text + R"(","seq":)" +
                 std::to_string(one.seq) + "}";
    }
    return texts.empty() ? "" : R"(,{"name":"erased","body":{"texts":[)" + texts + "]}}";
}

}  // namespace

StoreResult<Inbox> inbox_of(const Terminal& terminal, Reader& reader, const Reference& reference, survey::Date today) {
    const auto center_json = reader.center(terminal.center);
    if (!center_json) return unexpected(center_json.error());
    const auto questionnaires_json = reader.questionnaires();
    if (!questionnaires_json) return unexpected(questionnaires_json.error());
    const survey::Center* center = reference.center(terminal.center);
    if (!*center_json || center == nullptr) {
        return unexpected(BackendStoreError{BackendStoreErrorKind::corrupt, "the terminal's center is not known",
                                            "import it with `hailong-backend init`"});
    }
    const auto erasures = reader.newest_erasures(terminal.kiosk, kErasedNamedMax);
    if (!erasures) return unexpected(erasures.error());
    const auto posted = posted_results(reader, reference.questionnaires, *center, today);
    if (!posted) return unexpected(posted.error());
    const std::set<survey::QuestionnaireRef> wanted = wanted_versions(reference, *center, today);
    // As imported, byte for byte: nothing is lost that a newer terminal understands. Both lists are in one order.
    Inbox inbox;
    inbox.body = R"({"documents":[{"name":"center","body":)" + **center_json + "}";
    const std::vector<survey::Questionnaire>& known = reference.questionnaires.all();
    for (std::size_t i = 0; i < known.size() && i < questionnaires_json->size(); ++i) {
        if (!wanted.contains(known[i].ref)) continue;
        inbox.body += R"(,{"name":"questionnaire/)" + known[i].ref.id.text + "/" +
                      std::to_string(known[i].ref.version) + R"(","body":)" + (*questionnaires_json)[i] + "}";
    }
    if (*posted) inbox.body += R"(,{"name":"results","body":)" + to_text(**posted) + "}";
    inbox.body += erased_document(*erasures) + "]}";
    inbox.etag = "\"" + to_hex(survey::sha256(inbox.body)).substr(0, 32) + "\"";
    return inbox;
}

}  // namespace hailong::sync
