#include "sync/backend/site/pages.h"

#include <utility>

#include <mustache.hpp>

#include "survey/base/host.h"
#include "survey/crypto/digest.h"
#include "sync/backend/site/page_parts.h"
#include "sync/backend/site/reconciliation_page.h"
#include "sync/backend/site/results_page.h"
#include "sync/backend/site/translations.h"

namespace hailong::sync {
namespace {

using kainjow::mustache::data;
using survey::Language;
using survey::Messages;

constexpr const char* kTemplates[] = {"head", "icons", "centers", "results", "live", "reconciliation", "error"};

std::string short_hash(std::string_view text) {
    return to_hex(survey::sha256(text)).substr(0, 12);
}

/// Which texts say it.
std::string_view key_of_status(int status) {
    switch (status) {
        case 404:
            return "not_found";
        case 405:
            return "bad_method";
        case 413:
        case 431:
            return "too_large";
        case 414:
            return "too_long";
        case 429:
            return "too_many";
        case 503:
            return "unavailable";
        default:
            return status < 500 ? "bad_request" : "internal";
    }
}

}  // namespace

Expected<Pages, std::string> Pages::load(const std::filesystem::path& assets) {
    Pages pages;
    std::string loaded;
    for (const char* name : kTemplates) {
        const std::filesystem::path file = assets / "web" / (std::string(name) + ".mustache");
        auto text = survey::read_file(file);
        if (!text) return unexpected(text.error());
        const kainjow::mustache::mustache parsed(*text);
        if (!parsed.is_valid()) {
            return unexpected(file.string() + ": " + parsed.error_message() + "; restore the file from the package");
        }
        loaded += *text;
        pages.templates_[name] = std::move(*text);
    }
    auto style = survey::read_file(assets / "web" / "style.css");
    if (!style) return unexpected(style.error());
    auto icon = survey::read_file(assets / "web" / "icon.svg");
    if (!icon) return unexpected(icon.error());
    auto script = survey::read_file(assets / "web" / "live.js");
    if (!script) return unexpected(script.error());
    pages.style_version_ = short_hash(*style);
    pages.script_version_ = short_hash(*script);
    loaded += *style + *icon + *script;
    pages.script_ = std::move(*script);
    pages.style_ = std::move(*style);
    pages.icon_ = std::move(*icon);
    auto translations = load_translations(assets / "i18n");
    if (!translations) return unexpected(translations.error());
    loaded += translations->bytes;
    pages.messages_ = std::move(translations->messages);
    pages.version_ = short_hash(loaded);
    return pages;
}

const Messages& Pages::messages(Language language) const {
    return messages_[static_cast<std::size_t>(language)];
}

std::string Pages::centers(const std::vector<survey::Center>& centers, const PageRequest& request) const {
    const Messages& own = messages(request.language);
    data page;
    common(page, own, request, style_version_);
    page.set("title", std::string(own.at("centers.title")));
    page.set("alternates", data(data::type::list));
    page.set("language_href", link("/", {}, other_language(request)));
    data list{data::type::list};
    for (const survey::Center& center : centers) {
        data one;
        one.set("href", link("/centers/" + center.id.text, {}, request));
        one.set("name", center.name.in(request.language));
        one.set("parent", center.parent.in(request.language));
        list << one;
    }
    page.set("has_centers", !centers.empty());
    page.set("centers", list);
    return rendered(templates_, "centers", std::move(page));
}

std::string Pages::results(const Results& results, const survey::PeriodScheme& scheme,
                           const PageRequest& request) const {
    const Messages& own = messages(request.language);
    data page = results_data(results, scheme, request, own);
    common(page, own, request, style_version_);
    page.set("script_version", script_version_);
    return rendered(templates_, request.live ? "live" : "results", std::move(page));
}

std::string Pages::reconciliation(const Reconciliation& found, const survey::Center& center,
                                  const survey::Period& period, const PageRequest& request) const {
    const Messages& own = messages(request.language);
    data page = reconciliation_data(found, center, period, request, own);
    common(page, own, request, style_version_);
    return rendered(templates_, "reconciliation", std::move(page));
}

std::string Pages::error_page(std::string_view key, int status, std::string_view value,
                              const PageRequest& request) const {
    const std::string name = "error." + std::string(key);
    data page;
    common(page, messages(request.language), request, style_version_);
    page.set("title", std::string(messages(request.language).at(name + ".title")));
    page.set("status", std::to_string(status));
    page.set("alternates", data(data::type::list));
    data said{data::type::list};
    bool is_first = true;
    for (const Language language : {request.language, other_language(request).language}) {
        const Messages& own = messages(language);
        data one;
        one.set("lang", std::string(survey::code(language)));
        one.set("is_first", is_first);
        one.set("title", std::string(own.at(name + ".title")));
        one.set("text", own.format(name + ".text", {{"value", value}}));
        one.set("code", own.format("error.code", {{"status", std::to_string(status)}}));
        one.set("home", std::string(own.at("error.home")));
        one.set("home_href", link("/", {}, {language, false, {}}));
        said << one;
        is_first = false;
    }
    page.set("said", said);
    return rendered(templates_, "error", std::move(page));
}

std::string Pages::error(int status, const PageRequest& request) const {
    return error_page(key_of_status(status), status, {}, request);
}

std::string Pages::bad_field(std::string_view name, std::string_view value, const PageRequest& request) const {
    return error_page(name == "period" ? "bad_period" : "bad_field", 400, value, request);
}

}  // namespace hailong::sync
