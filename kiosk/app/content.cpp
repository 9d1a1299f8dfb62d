#include "kiosk/app/content.h"

#include <algorithm>

#include "kiosk/visit/visit.h"
#include "survey/base/host.h"

namespace hailong::kiosk {

Expected<Content, std::string> make_content(const NamedText& center_text, const std::vector<NamedText>& questionnaires,
                                            survey::Date day) {
    auto center = survey::parse_center(center_text.text);
    if (!center) return unexpected(survey::describe(center.error(), center_text.name));

    survey::Catalog catalog;
    for (const NamedText& text : questionnaires) {
        auto questionnaire = survey::parse_questionnaire(text.text);
        if (!questionnaire) return unexpected(survey::describe(questionnaire.error(), text.name));
        if (const auto added = catalog.add(std::move(*questionnaire)); !added) {
            return unexpected(survey::describe(added.error(), text.name));
        }
    }
    const survey::Questionnaire* chosen = catalog.in_effect(center->questionnaire, day);
    const std::string wanted = "questionnaire \"" + center->questionnaire.text + "\"";
    if (chosen == nullptr) {
        return unexpected(center_text.name + ": " + wanted + " has no version in effect on " + survey::to_string(day) +
                          "; add one, or name another questionnaire");
    }
    if (const survey::Faults faults = check_askable(*chosen); !faults.empty()) {
        return unexpected(survey::describe(faults, wanted));
    }
    if (chosen->item(center->headline) == nullptr) {
        return unexpected(center_text.name + ": headline: " + wanted + " has no item \"" + center->headline.text +
                          "\"; name one of its items");
    }
    Content content{std::move(*center), *chosen, std::nullopt};
    if (const survey::Questionnaire* feedback = catalog.in_effect(content.center.feedback, day)) {
        content.feedback = *feedback;
    }
    return content;
}

Expected<Content, std::string> load_content(const std::filesystem::path& center,
                                            const std::filesystem::path& questionnaires, survey::Date day) {
    auto center_text = survey::read_file(center);
    if (!center_text) return unexpected(center_text.error());

    std::error_code error;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(questionnaires, error)) {
        if (entry.path().extension() == ".json") files.push_back(entry.path());
    }
    if (error) return unexpected(questionnaires.string() + ": " + error.message() + "; check the folder's path");
    std::sort(files.begin(), files.end());
    std::vector<NamedText> texts;
    for (const std::filesystem::path& file : files) {
        auto text = survey::read_file(file);
        if (!text) return unexpected(text.error());
        texts.push_back({file.string(), std::move(*text)});
    }
    return make_content({center.string(), std::move(*center_text)}, texts, day);
}

namespace {

void add_results(Content& content, const NamedText& document) {
    auto results = survey::parse_posted(document.text);
    if (results) {
        content.results = std::move(*results);
    } else {
        content.results_trouble = survey::describe(results.error(), document.name);
    }
}

}  // namespace

std::optional<InboxContent> read_inbox_content(const Inbox& inbox, survey::Date day) {
    const auto version = inbox.version();
    const auto documents = inbox.documents();
    if (!version || version->empty() || !documents) return std::nullopt;
    NamedText center{"inbox: center", {}};
    std::vector<NamedText> questionnaires;
    std::optional<NamedText> results;
    for (const Document& document : *documents) {
        if (document.name == "center") center.text = document.body;
        if (document.name == "results") results = {"inbox: results", document.body};
        if (document.name.rfind("questionnaire/", 0) == 0) {
            questionnaires.push_back({"inbox: " + document.name, document.body});
        }
    }
    InboxContent content{*version, make_content(center, questionnaires, day)};
    if (results && content.content) add_results(*content.content, *results);
    return content;
}

Expected<StartContent, std::string> start_content(const ContentPlaces& places, survey::Date day) {
    std::string trouble;
    if (const auto inbox = Inbox::open(places.journal)) {
        auto found = read_inbox_content(*inbox, day);
        if (found && found->content) return StartContent{std::move(*found->content), found->version, {}};
        if (found) trouble = found->content.error();
    }
    auto files = load_content(places.center, places.questionnaires, day);
    if (files) return StartContent{std::move(*files), {}, std::move(trouble)};
    return unexpected(trouble.empty() ? files.error() : trouble + "\n" + files.error());
}

}  // namespace hailong::kiosk
