// What the terminal speaks. A file of texts that is missing, broken or not whole never stops it: what the file does not
// say, the texts that the program was built with say, and staff are told.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "survey/base/messages.h"

namespace hailong::kiosk {

/// One set of texts for each language.
struct Texts {
    survey::Messages vi;
    survey::Messages en;
    [[nodiscard]] const survey::Messages& in(survey::Language language) const {
        return language == survey::Language::vi ? vi : en;
    }
};

/// assets/i18n as it was when the program was built.
[[nodiscard]] const Texts& builtin_texts();

struct LoadedTexts {
    Texts texts;
    /// One English sentence for each file that could not be used as it stands, for the log.
    std::vector<std::string> troubles;
};
/// kiosk.vi.json and kiosk.en.json of `folder`, with what they lack from the built-in texts.
[[nodiscard]] LoadedTexts load_texts(const std::filesystem::path& folder);

}  // namespace hailong::kiosk
