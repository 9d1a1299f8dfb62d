// The public pages: results in, HTML out. Server-rendered, without script but for a screen in the lobby; templates and
// texts come from assets.
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
    bool live = false;     // a screen in the lobby: the page turns and renews itself
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
    /// What happened and what to do, in both languages: who followed a link may read only one. `status`: 400 to 599.
    [[nodiscard]] std::string error(int status, const PageRequest& request) const;
    /// The same for a field of the query, "period" or another, that says `value`.
    [[nodiscard]] std::string bad_field(std::string_view name, std::string_view value,
                                        const PageRequest& request) const;

    [[nodiscard]] const std::string& style() const { return style_; }
    /// Of the page for a screen in the lobby alone.
    [[nodiscard]] const std::string& script() const { return script_; }
    [[nodiscard]] const std::string& icon() const { return icon_; }
    /// Changes with whatever was loaded: a page made of the same figures by another version is another page.
    [[nodiscard]] const std::string& version() const { return version_; }
    [[nodiscard]] const survey::Messages& messages(survey::Language language) const;

  private:
    Pages() = default;
    [[nodiscard]] std::string error_page(std::string_view key, int status, std::string_view value,
                                         const PageRequest& request) const;

    std::map<std::string, std::string> templates_;  // by name
    std::array<survey::Messages, 2> messages_;      // by language
    std::string style_;
    std::string style_version_;  // changes with the style, so that browsers may keep it long
    std::string script_;
    std::string script_version_;
    std::string icon_;
    std::string version_;
};

}  // namespace hailong::sync
