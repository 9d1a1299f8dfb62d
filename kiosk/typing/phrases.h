// Phrases that many people want to write, offered while they type. Data: assets/phrases/phrases.json. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "kiosk/typing/typing.h"
#include "survey/expected.h"
#include "survey/fault.h"
#include "survey/messages.h"

namespace hailong::kiosk {

struct Phrase {
    std::string id;
    survey::LocalizedText text;
    bool common = false;  // offered before anything is typed
    bool operator==(const Phrase&) const = default;
};

inline constexpr std::size_t kPhrasesMax = 200;
/// In characters: more does not fit a button.
inline constexpr std::size_t kPhraseCharsMax = 80;

/// From {"phrases": [{"id", "vi", "en", "common"}]}; the order is that of the suggestions. Faults with their places: no
/// phrases or too many, an id twice, text that is missing, too long, or not composed.
[[nodiscard]] Expected<std::vector<Phrase>, survey::Faults> parse_phrases(std::string_view json);

/// A phrase as it fits the draft.
struct Suggestion {
    std::string text;
    std::size_t replaces = 0;  // how many characters before the cursor it stands for
    bool operator==(const Suggestion&) const = default;
};

/// At most `most`, best first. Nothing typed since the last sentence or space: the common phrases. Else those that
/// begin with the words being typed, longest match first, then those in which a word begins with the last of them (two
/// letters at least). Marks and tones need not be typed: "cam on" finds "Cảm ơn"; when they are typed, they must fit.
/// Not offered: what the draft already says.
[[nodiscard]] std::vector<Suggestion> suggest(const Draft& draft, const std::vector<Phrase>& phrases,
                                              survey::Language language, std::size_t most);

/// The draft with the suggestion in it, the cursor after it. A new sentence gets its full stop before it; in the middle
/// of a sentence the phrase begins with a small letter. Unchanged when it does not fit the limits.
[[nodiscard]] Draft accept(const Draft& draft, const Suggestion& suggestion, const TypingRules& rules);

}  // namespace hailong::kiosk
