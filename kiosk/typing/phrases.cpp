#include "kiosk/typing/phrases.h"

#include <algorithm>
#include <set>
#include <utility>

#include "survey/base/json.h"
#include "survey/base/utf8.h"
#include "survey/vietnamese.h"

namespace hailong::kiosk {
namespace {

using survey::Faults;
using survey::ObjectReader;

/// More words than this before the cursor tell nothing new about the phrase that is meant.
constexpr std::size_t kWordsMatchedMax = 8;
/// One letter fits half of all phrases.
constexpr std::size_t kWordCharsMin = 2;

std::string text_of_phrase(ObjectReader& reader, const char* language) {
    std::string text = reader.text(language);
    if (!survey::is_composed(text)) {
        reader.fault(language, "the text is not composed (NFC)", "write each letter as one character");
    }
    if (survey::characters_of(text).size() > kPhraseCharsMax) {
        reader.fault(language, "the text is longer than " + std::to_string(kPhraseCharsMax) + " characters",
                     "shorten it: it stands on a button");
    }
    return text;
}

Phrase read_phrase(const boost::json::value& value, const std::string& place, Faults& faults) {
    ObjectReader reader(value, place, faults);
    Phrase phrase;
    if (!reader.is_object()) return phrase;
    phrase.id = reader.identifier("id");
    phrase.text.vi = text_of_phrase(reader, "vi");
    phrase.text.en = text_of_phrase(reader, "en");
    phrase.common = reader.boolean_or("common", false);
    return phrase;
}

bool is_space(char32_t c) {
    return c == U' ' || c == U'\n';
}

bool ends_clause(char32_t c) {
    return std::u32string_view(U".!?\n;:,…").find(c) != std::u32string_view::npos;
}

bool ends_sentence(char32_t c) {
    return std::u32string_view(U".!?\n…").find(c) != std::u32string_view::npos;
}

/// A word as it is looked up, and where it stands.
struct FoundWord {
    std::u32string key;
    std::size_t begin = 0;
};
using Words = std::vector<FoundWord>;

/// A search key has as many characters as its text, when that is composed: places in the one are places in the other.
std::u32string keys_of(std::string_view text) {
    return survey::characters_of(survey::search_key(text));
}

/// Split at spaces and at the signs around words.
Words words_in(const std::u32string& keys) {
    Words words;
    bool inside = false;
    for (std::size_t at = 0; at < keys.size(); ++at) {
        const bool belongs = survey::letter_of(keys[at]) || (keys[at] >= U'0' && keys[at] <= U'9');
        if (belongs && !inside) words.push_back({{}, at});
        if (belongs) words.back().key += keys[at];
        inside = belongs;
    }
    return words;
}

/// Whether what was typed is the word or, when `unfinished`, its beginning. Marks and tone may be left out, not be
/// others.
bool fits(const std::u32string& typed, const std::u32string& word, bool unfinished) {
    if (typed.size() > word.size() || (typed.size() < word.size() && !unfinished)) return false;
    const auto typed_word = survey::word_of(typed);
    const auto wanted = survey::word_of(word);
    if (!typed_word || !wanted) return word.starts_with(typed);
    if (typed_word->tone != survey::Tone::level && typed_word->tone != wanted->tone) return false;
    for (std::size_t at = 0; at < typed.size(); ++at) {
        const survey::Letter& letter = typed_word->letters[at];
        const survey::Letter& want = wanted->letters[at];
        if (letter.base != want.base || (letter.mark != survey::Mark::none && letter.mark != want.mark)) return false;
    }
    return true;
}

/// What stands before the cursor since the last clause ended.
struct Context {
    std::u32string clause;
    Words words;
    bool unfinished = false;  // the last word may go on
};

Context context_of(const Draft& draft) {
    const std::u32string before = survey::characters_of(text_before(draft));
    std::size_t begin = before.size();
    while (begin > 0 && !ends_clause(before[begin - 1]))
        --begin;
    Context context;
    context.clause = before.substr(begin);
    context.words = words_in(keys_of(survey::utf8_of(context.clause)));
    context.unfinished = !context.clause.empty() && !is_space(context.clause.back());
    return context;
}

/// Whether the last `count` words typed stand in the phrase, from its word `at` on.
bool stand_at(const Context& context, std::size_t count, const Words& phrase, std::size_t at) {
    const std::size_t from = context.words.size() - count;
    for (std::size_t word = 0; word < count; ++word) {
        const bool unfinished = context.unfinished && word + 1 == count;
        if (!fits(context.words[from + word].key, phrase[at + word].key, unfinished)) return false;
    }
    return true;
}

/// How the last words typed stand in a phrase.
struct Found {
    std::size_t words = 0;  // how many of them; 0: none
    bool at_beginning = false;
};

/// The longest match. A single word within the phrase counts only while it is being typed, from its second letter on.
Found found_in(const Context& context, const Words& phrase) {
    for (std::size_t count = std::min({context.words.size(), phrase.size(), kWordsMatchedMax}); count > 0; --count) {
        if (stand_at(context, count, phrase, 0)) return {count, true};
        const bool is_telling = count > 1 || (context.unfinished && context.words.back().key.size() >= kWordCharsMin);
        for (std::size_t at = 1; is_telling && at + count <= phrase.size(); ++at) {
            if (stand_at(context, count, phrase, at)) return {count, false};
        }
    }
    return {};
}

/// Characters from the beginning of the last `count` words to the cursor.
std::size_t characters_of_last(const Context& context, std::size_t count) {
    return context.clause.size() - context.words[context.words.size() - count].begin;
}

struct Match {
    Found found;
    Suggestion suggestion;
};

bool is_better(const Match& a, const Match& b) {
    if (a.found.words != b.found.words) return a.found.words > b.found.words;
    return a.found.at_beginning && !b.found.at_beginning;
}

bool says(const std::u32string& draft, const std::u32string& phrase) {
    return draft.find(phrase) != std::u32string::npos;
}

/// The first letter small, unless the word is a capital alone or goes on in capitals ("I", "UBND").
std::u32string inside_sentence(std::u32string phrase) {
    const auto first = phrase.empty() ? std::nullopt : survey::letter_of(phrase[0]);
    const auto second = phrase.size() < 2 ? std::nullopt : survey::letter_of(phrase[1]);
    if (!first || !second || second->upper) return phrase;
    survey::Letter small = *first;
    small.upper = false;
    phrase[0] = survey::character_of(small).value_or(phrase[0]);
    return phrase;
}

/// Where a phrase begins: what stands before it, ended as a sentence when the phrase goes beside it and not into it.
std::u32string led_in(std::u32string before, bool beside) {
    const bool was_spaced = !before.empty() && is_space(before.back());
    const bool ends_line = !before.empty() && before.back() == U'\n';
    if (!beside || ends_line) return before;
    while (!before.empty() && is_space(before.back()))
        before.pop_back();
    if (before.empty()) return before;
    const bool ends_word = survey::letter_of(before.back()) || (before.back() >= U'0' && before.back() <= U'9');
    if (ends_word) before += U'.';
    return ends_word || was_spaced || ends_clause(before.back()) ? before + U' ' : before;
}

bool begins_sentence(const std::u32string& before) {
    for (std::size_t at = before.size(); at > 0; --at) {
        if (before[at - 1] != U' ') return ends_sentence(before[at - 1]);
    }
    return true;
}

}  // namespace

Expected<std::vector<Phrase>, Faults> parse_phrases(std::string_view json) {
    const auto value = survey::parse_json(json);
    if (!value) return unexpected(value.error());
    Faults faults;
    ObjectReader reader(*value, {}, faults);
    std::vector<Phrase> phrases;
    std::set<std::string> ids;
    if (reader.is_object()) {
        const boost::json::array& list = reader.list("phrases");
        if (list.empty() || list.size() > kPhrasesMax) {
            reader.fault("phrases", "there are " + std::to_string(list.size()) + " phrases",
                         "list 1 to " + std::to_string(kPhrasesMax));
        }
        for (std::size_t at = 0; at < std::min(list.size(), kPhrasesMax); ++at) {
            const std::string place = "phrases[" + std::to_string(at) + "]";
            phrases.push_back(read_phrase(list[at], place, faults));
            if (!ids.insert(phrases.back().id).second && !phrases.back().id.empty()) {
                faults.push_back(
                    {place + ".id", "'" + phrases.back().id + "' stands twice", "give each phrase its own id"});
            }
        }
    }
    if (!faults.empty()) return unexpected(std::move(faults));
    return phrases;
}

std::vector<Suggestion> suggest(const Draft& draft, const std::vector<Phrase>& phrases, survey::Language language,
                                std::size_t most) {
    const Context context = context_of(draft);
    const std::u32string said = keys_of(draft.text);
    std::vector<Match> matches;
    for (const Phrase& phrase : phrases) {
        const std::string& text = phrase.text.in(language);
        const std::u32string keys = keys_of(text);
        if (says(said, keys)) continue;
        const Found found = found_in(context, words_in(keys));
        if (found.words > 0) matches.push_back({found, {text, characters_of_last(context, found.words)}});
    }
    if (matches.empty() && !context.unfinished) {
        for (const Phrase& phrase : phrases) {
            const std::string& text = phrase.text.in(language);
            if (phrase.common && !says(said, keys_of(text))) matches.push_back({{}, {text, 0}});
        }
    }
    std::stable_sort(matches.begin(), matches.end(), is_better);
    std::vector<Suggestion> best;
    for (std::size_t at = 0; at < std::min(most, matches.size()); ++at)
        best.push_back(matches[at].suggestion);
    return best;
}

Draft accept(const Draft& draft, const Suggestion& suggestion, const TypingRules& rules) {
    std::u32string before = survey::characters_of(text_before(draft));
    before.resize(before.size() - std::min(suggestion.replaces, before.size()));
    before = led_in(std::move(before), suggestion.replaces == 0);
    const std::u32string phrase = survey::characters_of(survey::compose(suggestion.text));
    before += begins_sentence(before) ? phrase : inside_sentence(phrase);
    std::u32string after = survey::characters_of(text_after(draft));
    if (!after.empty() && survey::letter_of(after.front())) after.insert(0, 1, U' ');
    Draft next;
    next.text = survey::utf8_of(before + after);
    next.cursor = before.size();
    return is_within(next.text, rules) ? next : draft;
}

}  // namespace hailong::kiosk
