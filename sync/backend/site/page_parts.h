// What the pages of a center share: texts, links, the choice of the period.
#pragma once

#include <map>
#include <string>

#include <mustache.hpp>

#include "survey/base/messages.h"
#include "survey/center.h"
#include "survey/period.h"
#include "sync/backend/figures/period_names.h"
#include "sync/backend/site/pages.h"

namespace hailong::sync {

/// `period` may be empty. Only what stands in our own URLs and identifiers gets here, so nothing needs escaping.
[[nodiscard]] std::string link(const std::string& path, const std::string& period, const PageRequest& request);
[[nodiscard]] PageRequest other_language(PageRequest request);

/// The template of that name with its partials.
[[nodiscard]] std::string rendered(const std::map<std::string, std::string>& templates, const std::string& name,
                                   kainjow::mustache::data page);
/// What every page has.
void common(kainjow::mustache::data& page, const survey::Messages& messages, const PageRequest& request,
            const std::string& style_version);

/// A page about one center and one period. What it is given outlives it.
class PeriodPage {
  protected:
    PeriodPage(const survey::Period& period, const survey::PeriodScheme& scheme, const PageRequest& request,
               const survey::Messages& messages)
        : period_(period), scheme_(scheme), request_(request), messages_(messages), language_(request.language) {}

    [[nodiscard]] std::string date(survey::Date day) const { return survey::format_date(day, language_); }
    [[nodiscard]] std::string period_text(const survey::Period& period) const {
        return period_name(period, messages_, language_);
    }
    [[nodiscard]] std::string count(std::int64_t number) const { return survey::format_count(number, language_); }

    /// Names, period, language, and the way to the periods beside it; `path` is the page's own.
    void heading(kainjow::mustache::data& page, const std::string& path, const survey::LocalizedText& name,
                 const survey::LocalizedText& parent) const;

    const survey::Period& period_;
    const survey::PeriodScheme scheme_;
    const PageRequest& request_;
    const survey::Messages& messages_;
    const survey::Language language_;

  private:
    [[nodiscard]] kainjow::mustache::data step(const std::string& path, const survey::Period& period) const;
    void navigation(kainjow::mustache::data& page, const std::string& path) const;
};

}  // namespace hailong::sync
