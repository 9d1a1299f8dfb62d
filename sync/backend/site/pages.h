// The public pages: results in, HTML out. Server-rendered, without script; templates and texts come from assets.
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "survey/base/expected.h"
#include "survey/base/messages.h"
#include "survey/center.h"
#include "sync/backend/audit/reconcile.h"
#include "sync/backend/figures/results.h"

namespace hailong::sync {

/// What a page needs besides its results.
struct PageRequest {
    survey::Language language = survey::Language::vi;
    bool live = false;     // a screen in the lobby: the page renews itself
    survey::Date today{};  // in Vietnam
};

/// Immutable once loaded: safe to use from any thread.
class Pages {
  public:
    /// From the folder that holds web/ and i18n/. The error names the file and what is wrong with it.
    [[nodiscard]] static Expected<Pages, std::string> load(const std::filesystem::path& assets);

    [[nodiscard]] std::string centers(const std::vector<survey::Center>& centers, const PageRequest& request) const;
    [[nodiscard]] std::string results(const Results& results, const survey::PeriodScheme& scheme,
                                      const PageRequest& request) const;
    /// What was found for the days of `period`.
    [[nodiscard]] std::string reconciliation(const Reconciliation& found, const survey::Center& center,
                                             const survey::Period& period, const PageRequest& request) const;
    [[nodiscard]] std::string not_found(const PageRequest& request) const;
    [[nodiscard]] std::string bad_period(std::string_view period, const PageRequest& request) const;
    [[nodiscard]] std::string unavailable(const PageRequest& request) const;

    [[nodiscard]] const std::string& style() const { return style_; }
    [[nodiscard]] const std::string& icon() const { return icon_; }
    /// Changes with whatever was loaded: a page made of the same figures by another version is another page.
    [[nodiscard]] const std::string& version() const { return version_; }
    [[nodiscard]] const survey::Messages& messages(survey::Language language) const;

  private:
    Pages() = default;
    [[nodiscard]] std::string error(std::string_view key, const std::string& text, const PageRequest& request) const;

    std::map<std::string, std::string> templates_;  // by name
    std::array<survey::Messages, 2> messages_;      // by language
    std::string style_;
    std::string style_version_;  // changes with the style, so that browsers may keep it long
    std::string icon_;
    std::string version_;
};

/// "Tháng 11/2026", "Quarter 4, 2026".
[[nodiscard]] std::string period_name(const survey::Period& period, const survey::Messages& messages,
                                      survey::Language language);

}  // namespace hailong::sync
