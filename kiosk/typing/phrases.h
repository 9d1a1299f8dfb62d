// Phrases that many people want to write, offered while they type. Data: assets/phrases/phrases.json. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "kiosk/typing/typing.h"
#include "survey/base/expected.h"
#include "survey/base/fault.h"
#include "survey/base/messages.h"

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

/// At most `most`, best first: those in which the last words typed stand, more words before fewer, at the beginning of
/// the phrase before within it (there a single word counts from its second letter on, while it is being typed). The
/// common ones when the cursor stands after a space or a sentence and nothing matches. Marks and tones need not be
/// typed: "cam on" finds "Cảm ơn"; when they are typed, they must fit. Not offered: what the draft already says. Costs
/// 0.2 to 0.8 ms for 40 phrases: once a key, not once a frame.
[[nodiscard]] std::vector<Suggestion> suggest(const Draft& draft, const std::vector<Phrase>& phrases,
                                              survey::Language language, std::size_t most);

/// The draft with the suggestion in it, the cursor after it. A new sentence gets its full stop before it; in the middle
/// of a sentence the phrase begins with a small letter. Unchanged when it does not fit the limits.
[[nodiscard]] Draft accept(const Draft& draft, const Suggestion& suggestion, const TypingRules& rules);

}  // namespace hailong::kiosk
