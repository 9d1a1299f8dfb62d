#include "kiosk/app/lobby_view.h"

#include <algorithm>

namespace hailong::kiosk {
namespace {

using survey::Language;
using survey::Messages;
using survey::PostedFigure;

/// Figures that somebody's answers stand behind: a lobby shows no empty page.
std::vector<const PostedFigure*> answered(const std::optional<survey::PostedResults>& results) {
    std::vector<const PostedFigure*> figures;
    if (!results) return figures;
    for (const PostedFigure& figure : results->figures) {
        if (figure.share) figures.push_back(&figure);
    }
    return figures;
}

std::size_t counter_pages(const std::vector<const PostedFigure*>& figures) {
    if (figures.empty()) return 0;
    return (figures.front()->counters.size() + kLobbyCountersMax - 1) / kLobbyCountersMax;
}

/// "tháng 10/2026", "October 2026"; the days themselves where the period is no month.
std::string period_text(const survey::Period& period, const Messages& text, Language language) {
    if (period.kind != survey::PeriodKind::month) {
        return survey::format_date(period.first, language) + " – " + survey::format_date(period.last, language);
    }
    const auto month = static_cast<unsigned>(period.number);
    const survey::Date first = std::chrono::year{static_cast<int>(period.year)} / std::chrono::month{month} / 1;
    const std::string day = survey::format_date(first, language);  // "01/10/2026", "1 October 2026"
    return text.format("lobby.month", {{"month", day.substr(language == Language::vi ? 3 : 2)}});
}

std::string days_text(const survey::PostedResults& results, const PostedFigure& figure, const Messages& text,
                      Language language) {
    const std::string last = survey::format_date(last_counted(results, figure), language);
    if (!has_ended(results, figure)) return text.format("lobby.so_far", {{"day", last}});
    return survey::format_date(figure.period.first, language) + " – " + last;
}

LobbyShare share_page(const survey::PostedResults& results, const PostedFigure& figure, const Messages& text,
                      Language language) {
    return {text.format("lobby.title", {{"period", period_text(figure.period, text, language)}}),
            days_text(results, figure, text, language),
            figure.question.in(language),
            survey::objective_of(results, figure),
            *figure.share,
            figure.levels};
}

/// As many on each page as on the others, so that the last is not left with one.
LobbyCounters counters_page(const survey::Center& center, survey::Objective objective, const PostedFigure& figure,
                            std::size_t page, std::size_t pages, const Messages& text, Language language) {
    LobbyCounters shown;
    shown.title = text.format("lobby.by_counter", {{"period", period_text(figure.period, text, language)}});
    shown.objective = objective;
    const std::size_t count = figure.counters.size();
    const std::size_t first = count * page / pages;
    const std::size_t last = count * (page + 1) / pages;
    for (std::size_t i = first; i < last; ++i) {
        const survey::PostedCounter& one = figure.counters[i];
        const survey::Counter* known = center.counter({one.id});
        const bool has_short = known != nullptr && !known->short_name.in(language).empty();
        shown.counters.push_back(
            {one.number, has_short ? known->short_name.in(language) : one.name.in(language), one.share});
    }
    return shown;
}

LobbyAction action_page(const survey::Action& action, const Messages& text, Language language) {
    return {action.said.in(language), action.done.in(language),
            text.format("lobby.since", {{"day", survey::format_date(action.on, language)}})};
}

}  // namespace

int lobby_pages(const std::optional<survey::PostedResults>& results, const std::vector<survey::Action>& actions) {
    const auto figures = answered(results);
    return static_cast<int>(figures.size() + counter_pages(figures) + actions.size());
}

std::optional<LobbyModel> make_lobby_model(const survey::Center& center,
                                           const std::optional<survey::PostedResults>& results, int page,
                                           const Messages& text, Language language) {
    const auto figures = answered(results);
    const std::vector<survey::Action>& actions = center.actions;
    LobbyModel model;
    model.center_name = center.name.in(language);
    model.pages = lobby_pages(results, actions);
    if (model.pages == 0) return std::nullopt;
    model.page = (page % model.pages + model.pages) % model.pages;
    auto at = static_cast<std::size_t>(model.page);
    if (at < figures.size()) {
        model.shown = share_page(*results, *figures[at], text, language);
        return model;
    }
    at -= figures.size();
    const std::size_t counters = counter_pages(figures);
    if (at < counters) {
        const survey::Objective objective = survey::objective_of(*results, *figures.front());
        model.shown = counters_page(center, objective, *figures.front(), at, counters, text, language);
        return model;
    }
    model.shown = action_page(actions[at - counters], text, language);
    return model;
}

}  // namespace hailong::kiosk
