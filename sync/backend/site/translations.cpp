#include "sync/backend/site/translations.h"

#include <set>
#include <utility>

#include "survey/base/host.h"
#include "sync/backend/ingest/document_texts.h"

namespace hailong::sync {
namespace {

using survey::Language;
using survey::Messages;

std::filesystem::path file_of(const std::filesystem::path& folder, Language language) {
    return folder / ("web." + std::string(survey::code(language)) + ".json");
}

Expected<Messages, survey::Faults> parse(std::string_view text) {
    const auto prepared = prepared_document(text, std::nullopt);
    if (!prepared) return unexpected(prepared.error());
    if (!prepared->faults.empty()) return unexpected(prepared->faults);
    return survey::parse_messages(prepared->json);
}

/// "{count}", "{total}".
std::set<std::string> placeholders(std::string_view text) {
    std::set<std::string> found;
    for (std::size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
        const std::size_t close = text.find('}', open);
        if (close != std::string_view::npos) found.emplace(text.substr(open, close - open + 1));
    }
    return found;
}

/// A quarter has its Roman number in Vietnamese.
constexpr std::string_view kWithOwnPlaceholders = "period.quarter";

/// What `own` has that `other` has not, and the other way round where `own` says something else.
survey::Faults compare(const Messages& own, const Messages& other, const std::string& other_file) {
    survey::Faults faults;
    for (const auto& [key, text] : own.all()) {
        const auto found = other.all().find(key);
        if (found == other.all().end()) {
            faults.push_back({key, "does not stand in " + other_file, "correct its name, or add it there"});
        } else if (key != kWithOwnPlaceholders && placeholders(text) != placeholders(found->second)) {
            faults.push_back({key, "has other {placeholders} than in " + other_file, "write the same in both"});
        }
    }
    return faults;
}

}  // namespace

Expected<Translations, std::string> load_translations(const std::filesystem::path& folder) {
    Translations translations;
    for (const Language language : survey::kLanguages) {
        const std::filesystem::path file = file_of(folder, language);
        const auto text = survey::read_file(file);
        if (!text) return unexpected(text.error());
        auto messages = parse(*text);
        if (!messages) return unexpected(survey::describe(messages.error(), file.string()));
        translations.bytes += *text;
        translations.messages.at(static_cast<std::size_t>(language)) = std::move(*messages);
    }
    for (const Language language : survey::kLanguages) {
        const Language other = language == Language::vi ? Language::en : Language::vi;
        const survey::Faults faults = compare(translations.messages.at(static_cast<std::size_t>(language)),
                                              translations.messages.at(static_cast<std::size_t>(other)),
                                              file_of(folder, other).filename().string());
        if (!faults.empty()) return unexpected(survey::describe(faults, file_of(folder, language).string()));
    }
    return translations;
}

}  // namespace hailong::sync
