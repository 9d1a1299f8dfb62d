// The texts of the pages as an office may have changed them: read, mended or refused at the start, not on the page.
#pragma once

#include <array>
#include <filesystem>
#include <string>

#include "survey/base/expected.h"
#include "survey/base/messages.h"

namespace hailong::sync {

struct Translations {
    std::array<survey::Messages, 2> messages;  // by language
    std::string bytes;                         // of all files: changes with whatever they say
};

/// From web.vi.json and web.en.json of that folder, without byte order mark and composed (NFC). Both must have the same
/// keys, and a text in one language the same {placeholders} as in the other: what is misspelled is named with its file.
[[nodiscard]] Expected<Translations, std::string> load_translations(const std::filesystem::path& folder);

}  // namespace hailong::sync
