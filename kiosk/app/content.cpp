#include "kiosk/app/content.h"

#include <algorithm>

#include "kiosk/visit/visit.h"
#include "survey/base/host.h"
#include "survey/record.h"

namespace hailong::kiosk {

namespace {

/// A record of this very day may be counted a day later, on the other side of midnight.
bool is_behind(survey::Date day, const LastKnown& last) {
    return last.day && std::chrono::sys_days{day} + std::chrono::days{1} < std::chrono::sys_days{*last.day};
}

/// What to ask instead where the clock does not say it.
const survey::Questionnaire* asked_before(const survey::Catalog& catalog, const survey::QuestionnaireId& id,
                                          survey::Date day, const LastKnown& last) {
    for (const survey::QuestionnaireRef& ref : last.asked) {
        if (const survey::Questionnaire* form = catalog.find(ref); form != nullptr && ref.id == id) return form;
    }
    const survey::Date known = last.day.value_or(day);
    const survey::Questionnaire* then = catalog.in_effect(id, known);
    return then != nullptr ? then : catalog.nearest(id, known);
}

}  // namespace

LastKnown last_known(const Journal& journal) {
    LastKnown last;
    const auto head = journal.head();
    if (!head) return last;
    const auto entries =
        journal.read(std::max<std::int64_t>(head->seq - kRecordsKnown + 1, 1), kRecordsKnown, SIZE_MAX);
    if (!entries) return last;
    for (auto entry = entries->rbegin(); entry != entries->rend(); ++entry) {
        const auto record = survey::decode(entry->bytes);
        if (!record) continue;
        const survey::Response& response = record->response;
        const survey::Date day =
            survey::local_date(response.finished.utc + response.server_offset.value_or(survey::milliseconds{0}));
        last.day = std::max(last.day.value_or(day), day);
        last.asked.push_back(response.questionnaire);
    }
    return last;
}

DayDoubt doubt_of(survey::Date day, const LastKnown& last, const survey::Questionnaire& asked) {
    if (is_behind(day, last)) return DayDoubt::behind;
    const bool in_effect = asked.effective_from <= day && (!asked.effective_to || day <= *asked.effective_to);
    return in_effect ? DayDoubt::none : DayDoubt::no_form;
}

Expected<Content, std::string> make_content(const NamedText& center_text, const std::vector<NamedText>& questionnaires,
                                            survey::Date day, const LastKnown& last) {
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
    const bool day_is_believed = !is_behind(day, last) && catalog.in_effect(center->questionnaire, day) != nullptr;
    const auto choose = [&](const survey::QuestionnaireId& id) {
        return day_is_believed ? catalog.in_effect(id, day) : asked_before(catalog, id, day, last);
    };
    const survey::Questionnaire* chosen = choose(center->questionnaire);
    const std::string wanted = "questionnaire \"" + center->questionnaire.text + "\"";
    if (chosen == nullptr) {
        return unexpected(center_text.name + ": " + wanted +
                          " has no version on this terminal; add one, or name another questionnaire");
    }
    if (const survey::Faults faults = check_askable(*chosen); !faults.empty()) {
        return unexpected(survey::describe(faults, wanted));
    }
    if (chosen->item(center->headline) == nullptr) {
        return unexpected(center_text.name + ": headline: " + wanted + " has no item \"" + center->headline.text +
                          "\"; name one of its items");
    }
    Content content{std::move(*center), *chosen, std::nullopt};
    if (const survey::Questionnaire* feedback = choose(content.center.feedback)) {
        content.feedback = *feedback;
    }
    return content;
}

Expected<Content, std::string> load_content(const std::filesystem::path& center,
                                            const std::filesystem::path& questionnaires, survey::Date day,
                                            const LastKnown& last) {
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
    return make_content({center.string(), std::move(*center_text)}, texts, day, last);
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

std::optional<InboxContent> read_inbox_content(const Inbox& inbox, survey::Date day, const LastKnown& last) {
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
    InboxContent content{*version, make_content(center, questionnaires, day, last)};
    if (results && content.content) add_results(*content.content, *results);
    return content;
}

Expected<StartContent, std::string> start_content(const ContentPlaces& places, survey::Date day) {
    std::string trouble;
    LastKnown last;
    if (const auto journal = Journal::open(places.journal, places.kiosk)) last = last_known(*journal);
    if (const auto inbox = Inbox::open(places.journal)) {
        auto found = read_inbox_content(*inbox, day, last);
        if (found && found->content) return StartContent{std::move(*found->content), found->version, {}};
        if (found) trouble = found->content.error();
    }
    auto files = load_content(places.center, places.questionnaires, day, last);
    if (files) return StartContent{std::move(*files), {}, std::move(trouble)};
    return unexpected(trouble.empty() ? files.error() : trouble + "\n" + files.error());
}

}  // namespace hailong::kiosk
