#include "kiosk/app/texts.h"

#include "kiosk/app/builtin_texts.h"
#include "survey/base/check.h"
#include "survey/base/host.h"

namespace hailong::kiosk {
namespace {

survey::Messages parsed_builtin(std::string_view json) {
    auto messages = survey::parse_messages(json);
    survey::check(messages.has_value(), "the texts that the program was built with are whole");
    return std::move(*messages);
}

survey::Messages load(const std::filesystem::path& file, const survey::Messages& builtin,
                      std::vector<std::string>& troubles) {
    const auto text = survey::read_file(file);
    if (!text) {
        troubles.push_back(text.error() + "; the built-in texts are used");
        return builtin;
    }
    const auto messages = survey::parse_messages(*text);
    if (!messages) {
        troubles.push_back(survey::describe(messages.error(), file.string()) + "; the built-in texts are used");
        return builtin;
    }
    auto all = messages->all();
    std::size_t missing = 0;
    for (const auto& [key, spoken] : builtin.all())
        missing += all.try_emplace(key, spoken).second ? 1 : 0;
    if (missing > 0) {
        troubles.push_back(file.string() + ": lacks " + std::to_string(missing) +
                           " texts; the built-in ones are used for them");
    }
    return survey::Messages(std::move(all));
}

}  // namespace

const Texts& builtin_texts() {
    static const Texts texts{parsed_builtin(kBuiltinVi), parsed_builtin(kBuiltinEn)};
    return texts;
}

LoadedTexts load_texts(const std::filesystem::path& folder) {
    LoadedTexts loaded;
    loaded.texts.vi = load(folder / "kiosk.vi.json", builtin_texts().vi, loaded.troubles);
    loaded.texts.en = load(folder / "kiosk.en.json", builtin_texts().en, loaded.troubles);
    return loaded;
}

}  // namespace hailong::kiosk
