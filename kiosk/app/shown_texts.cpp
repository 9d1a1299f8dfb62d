#include "kiosk/app/shown_texts.h"

namespace hailong::kiosk {
namespace {

using TextViews = std::vector<std::string_view>;

void add(const survey::LocalizedText& text, TextViews& all) {
    all.push_back(text.vi);
    all.push_back(text.en);
}

void add(const survey::Questionnaire& questionnaire, TextViews& all) {
    for (const survey::Item& item : questionnaire.items) {
        add(item.text, all);
        add(item.hint, all);
        for (const survey::Option& option : item.options) {
            add(option.label, all);
            add(option.message, all);
        }
    }
}

void add(const survey::Center& center, TextViews& all) {
    add(center.name, all);
    for (const survey::Counter& counter : center.counters) {
        add(counter.name, all);
        add(counter.short_name, all);
    }
    for (const survey::Field& field : center.fields)
        add(field.name, all);
    for (const survey::Officer& officer : center.officers) {
        all.push_back(officer.name);
        add(officer.post, all);
    }
    for (const survey::Action& action : center.actions) {
        add(action.said, all);
        add(action.done, all);
    }
}

}  // namespace

std::vector<std::string_view> shown_texts(const Texts& texts, const VisitSetup& setup) {
    TextViews all;
    for (const survey::Language language : survey::kLanguages) {
        for (const auto& [key, text] : texts.in(language).all())
            all.push_back(text);
    }
    add(setup.center, all);
    add(setup.questionnaire, all);
    if (setup.feedback) add(*setup.feedback, all);
    return all;
}

}  // namespace hailong::kiosk
