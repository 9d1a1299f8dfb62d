// What the commands share: how a refusal is said, and what is safe to print.
#pragma once

#include <algorithm>
#include <ostream>
#include <string>

#include <pwd.h>
#include <unistd.h>

#include "survey/base/utf8.h"
#include "sync/backend/cli/commands.h"
#include "sync/backend/store/data_folder.h"
#include "sync/backend/store/sqlite/store.h"
#include "sync/backend/store/store.h"
#include "sync/backend/terminals/keys.h"

namespace hailong::sync {

/// What comes from a terminal or from a damaged file must not steer the screen of whoever reads it: text in UTF-8, on
/// one line.
[[nodiscard]] inline std::string printable(const std::string& words) {
    std::string text = survey::utf8_of(survey::characters_of(words));
    for (char& letter : text) {
        if (static_cast<unsigned char>(letter) < ' ' || letter == '\x7f') letter = ' ';
    }
    return text;
}

inline Exit refuse(std::ostream& err, const std::string& sentence) {
    err << "hailong-backend: " << printable(sentence) << '\n';
    return Exit::refused;
}

inline Exit refuse(std::ostream& err, const StoreError& error) {
    return refuse(err, describe(error));
}

inline Exit misused(std::ostream& err, const std::string& sentence) {
    err << "hailong-backend: " << printable(sentence) << '\n';
    return Exit::usage;
}

/// Whoever runs this, as the system names him.
[[nodiscard]] inline std::string account() {
    const passwd* entry = getpwuid(geteuid());
    return entry != nullptr ? entry->pw_name : "uid " + std::to_string(geteuid());
}

/// The store in that data folder, which must be there.
[[nodiscard]] inline StoreResult<std::unique_ptr<Store>> open_store(const std::filesystem::path& data) {
    return open_sqlite_store(data / kStoreFile, OpenMode::existing);
}

/// The keys beside that store, which must be its own.
[[nodiscard]] inline Expected<ServiceKeys, std::string> load_keys_of(const std::filesystem::path& data, Store& store) {
    const auto reader = store.read();
    if (!reader) return unexpected(describe(reader.error()));
    return load_keys_of_store(data, (*reader)->facts());
}

/// Longest reason that people give for something that can't be undone, in bytes: a sentence.
inline constexpr std::size_t kReasonBytesMax = kErasureReasonBytesMax;
/// Whether it is a reason: not empty, not too long, on one line.
[[nodiscard]] inline bool is_reason(const std::string& text) {
    const auto is_control = [](char letter) { return static_cast<unsigned char>(letter) < ' ' || letter == '\x7f'; };
    return !text.empty() && text.size() <= kReasonBytesMax && text.find_first_not_of(' ') != std::string::npos &&
           std::none_of(text.begin(), text.end(), is_control);
}

}  // namespace hailong::sync
