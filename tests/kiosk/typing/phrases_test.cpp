// The phrases that are offered, found without marks, and put where they belong.
#include "kiosk/typing/phrases.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "survey/base/host.h"
#include "survey/vietnamese.h"
#include "tests/kiosk/typing/keys.h"

namespace hailong::kiosk {
namespace {

using survey::describe;
using survey::Language;

constexpr std::string_view kFew = R"({"phrases": [
  {"id": "thanks", "common": true, "vi": "Cảm ơn cán bộ", "en": "Thank you all"},
  {"id": "wait", "common": true, "vi": "Thời gian chờ ngắn", "en": "The wait was short"},
  {"id": "center", "vi": "Xin cảm ơn trung tâm", "en": "I thank the center"},
  {"id": "guide", "vi": "Cán bộ hướng dẫn rõ ràng", "en": "Clear guidance"}]})";

std::vector<Phrase> few() {
    return parse_phrases(kFew).value();
}

Draft written(std::string_view text) {
    return draft_of(text, by(Method::telex));
}

std::vector<std::string> offered(std::string_view text, Language language = Language::vi, std::size_t most = 9) {
    std::vector<std::string> texts;
    for (const Suggestion& suggestion : suggest(written(text), few(), language, most))
        texts.push_back(suggestion.text);
    return texts;
}

/// The draft after the first suggestion was taken.
std::string taken(std::string_view text, Language language = Language::vi) {
    const Draft draft = written(text);
    const std::vector<Suggestion> suggestions = suggest(draft, few(), language, 1);
    if (suggestions.empty()) return "nothing is offered";
    return accept(draft, suggestions[0], by(Method::telex)).text;
}

using Texts = std::vector<std::string>;

TEST(Suggestions, AreTheCommonOnesBeforeAnythingIsTyped) {
    EXPECT_EQ(offered(""), (Texts{"Cảm ơn cán bộ", "Thời gian chờ ngắn"}));
    EXPECT_EQ(offered("Tốt. "), (Texts{"Cảm ơn cán bộ", "Thời gian chờ ngắn"}));
    EXPECT_EQ(offered("", Language::en), (Texts{"Thank you all", "The wait was short"}));
    EXPECT_EQ(offered("", Language::vi, 1), (Texts{"Cảm ơn cán bộ"}));
    EXPECT_EQ(offered("", Language::vi, 0), Texts{});
}

TEST(Suggestions, AreFoundWithoutMarks) {
    EXPECT_EQ(offered("cam on"), (Texts{"Cảm ơn cán bộ", "Xin cảm ơn trung tâm"}));
    EXPECT_EQ(offered("CAM O"), (Texts{"Cảm ơn cán bộ", "Xin cảm ơn trung tâm"}));
    EXPECT_EQ(offered("cam on "), (Texts{"Cảm ơn cán bộ", "Xin cảm ơn trung tâm"}));
    EXPECT_EQ(offered("huong"), (Texts{"Cán bộ hướng dẫn rõ ràng"}));
}

TEST(Suggestions, FitTheMarksThatAreTyped) {
    EXPECT_EQ(offered("cảm"), (Texts{"Cảm ơn cán bộ", "Xin cảm ơn trung tâm"}));
    EXPECT_EQ(offered("cán"), (Texts{"Cán bộ hướng dẫn rõ ràng", "Cảm ơn cán bộ"}));
    EXPECT_EQ(offered("cấm"), Texts{});
    EXPECT_EQ(offered("càm"), Texts{});
}

TEST(Suggestions, BeginWithMoreOfWhatIsTypedFirst) {
    EXPECT_EQ(offered("ca"), (Texts{"Cảm ơn cán bộ", "Cán bộ hướng dẫn rõ ràng", "Xin cảm ơn trung tâm"}));
    EXPECT_EQ(offered("tôi xin cam"), (Texts{"Xin cảm ơn trung tâm", "Cảm ơn cán bộ"}));
}

TEST(Suggestions, AreNoneForOneLetterWithinAndForStrangeWords) {
    EXPECT_EQ(offered("x"), (Texts{"Xin cảm ơn trung tâm"}));
    EXPECT_EQ(offered("b"), Texts{}) << "it begins words, but no phrase";
    EXPECT_EQ(offered("zzz"), Texts{});
}

TEST(Suggestions, AreNotWhatTheDraftAlreadySays) {
    EXPECT_EQ(offered("Cảm ơn cán bộ. "), (Texts{"Thời gian chờ ngắn"}));
    EXPECT_EQ(offered("CẢM ƠN CÁN BỘ. cam"), (Texts{"Xin cảm ơn trung tâm"}));
}

TEST(Suggestions, LookOnlyBeforeTheCursor) {
    Draft draft = written("cam zzz");
    for (int i = 0; i < 4; ++i)
        draft = press(draft, EditKey::left, by(Method::telex));
    EXPECT_EQ(suggest(draft, few(), Language::vi, 9).size(), 2u);
}

TEST(AcceptedSuggestion, StandsForTheWordsThatMatched) {
    EXPECT_EQ(taken("cam on"), "Cảm ơn cán bộ");
    EXPECT_EQ(taken("cam on "), "Cảm ơn cán bộ");
    EXPECT_EQ(taken("Tốt. cam"), "Tốt. Cảm ơn cán bộ");
    EXPECT_EQ(taken("Tôi muốn cam"), "Tôi muốn cảm ơn cán bộ");
    EXPECT_EQ(taken("(cam-on"), "(cảm ơn cán bộ");
    EXPECT_EQ(taken("huong"), "Cán bộ hướng dẫn rõ ràng");
    EXPECT_EQ(taken("thank y", Language::en), "Thank you all");
    EXPECT_EQ(taken("so i thank", Language::en), "so I thank the center") << "a capital that stands alone stays";
}

TEST(AcceptedSuggestion, StandsForAllTheWordsThatMatchedWithinIt) {
    const Draft draft = written("Tôi cam on");
    const std::vector<Suggestion> suggestions = suggest(draft, few(), Language::vi, 9);
    ASSERT_EQ(suggestions.size(), 2u);
    EXPECT_EQ(accept(draft, suggestions[1], by(Method::telex)).text, "Tôi xin cảm ơn trung tâm");
}

TEST(AcceptedSuggestion, IsASentenceOfItsOwnBesideOthers) {
    EXPECT_EQ(taken(""), "Cảm ơn cán bộ");
    EXPECT_EQ(taken("Tốt "), "Tốt. Cảm ơn cán bộ");
    EXPECT_EQ(taken("Tốt! "), "Tốt! Cảm ơn cán bộ");
    EXPECT_EQ(taken("Tốt\n"), "Tốt\nCảm ơn cán bộ");
    EXPECT_EQ(taken("Cảm ơn cán bộ. "), "Cảm ơn cán bộ. Thời gian chờ ngắn");
    EXPECT_EQ(taken("Rất tốt, "), "Rất tốt, cảm ơn cán bộ");
}

TEST(AcceptedSuggestion, KeepsWhatFollowsAndPutsTheCursorBehindItself) {
    Draft draft = written("cam nhé");
    for (int i = 0; i < 4; ++i)
        draft = press(draft, EditKey::left, by(Method::telex));
    const Suggestion first = suggest(draft, few(), Language::vi, 1).at(0);
    const Draft next = accept(draft, first, by(Method::telex));
    EXPECT_EQ(next.text, "Cảm ơn cán bộ nhé");
    EXPECT_EQ(text_before(next), "Cảm ơn cán bộ");
    EXPECT_EQ(press(next, CharacterKey{U'!'}, by(Method::telex)).text, "Cảm ơn cán bộ! nhé");
}

TEST(AcceptedSuggestion, IsRefusedBeyondTheLimit) {
    TypingRules rules = by(Method::telex);
    rules.chars_max = 12;
    const Draft draft = written("cam on");
    const Suggestion first = suggest(draft, few(), Language::vi, 1).at(0);
    EXPECT_EQ(accept(draft, first, rules), draft);
    rules.chars_max = 13;
    EXPECT_EQ(accept(draft, first, rules).text, "Cảm ơn cán bộ");
}

TEST(AcceptedSuggestion, OfATextThatIsShorterByNowTakesWhatThereIs) {
    EXPECT_EQ(accept({}, {"Tốt", 7}, by(Method::telex)).text, "Tốt");
}

RC_GTEST_PROP(AcceptedSuggestion, StandsInTheDraft, (std::vector<std::uint8_t> picks)) {
    // Whatever of the phrases' own words is typed and taken, each phrase taken can be read there, and all stays
    // composed.
    static const std::vector<std::string> words = {"cam", " ", "on", "Cán bộ", ". ",   "tho",
                                                   "\n",  "x", ", ", "12 ",    "trung"};
    Draft draft;
    for (const std::uint8_t pick : picks) {
        draft = press_all(draft, keys_of(words[pick % words.size()]), by(Method::telex));
        if (pick < 128) continue;
        const std::vector<Suggestion> suggestions = suggest(draft, few(), Language::vi, 9);
        if (suggestions.empty()) continue;
        const Suggestion& one = suggestions[pick % suggestions.size()];
        draft = accept(draft, one, by(Method::telex));
        RC_ASSERT(survey::search_key(text_before(draft)).ends_with(survey::search_key(one.text)));
        RC_ASSERT(survey::is_composed(draft.text));
    }
}

TEST(Phrases, FaultsAreNamedWithTheirPlaces) {
    const auto faults = [](const char* json) {
        const auto phrases = parse_phrases(json);
        return phrases ? "no fault" : describe(phrases.error());
    };
    EXPECT_EQ(faults(R"({"phrases": []})"), "phrases: there are 0 phrases; list 1 to 200");
    EXPECT_NE(faults(R"({"phrases": [{"id": "a", "vi": "x"}]})").find("phrases[0].en"), std::string::npos);
    EXPECT_NE(faults(R"({"phrases": [{"id": "a b", "vi": "x", "en": "y"}]})").find("phrases[0].id"), std::string::npos);
    EXPECT_NE(faults(R"({"phrases": [{"id": "a", "vi": "a\u0301", "en": "y"}]})")
                  .find("phrases[0].vi: the text is not composed"),
              std::string::npos);
    EXPECT_NE(faults(R"({"phrases": [{"id": "a", "vi": "x", "en": "y"}, {"id": "a", "vi": "x", "en": "y"}]})")
                  .find("phrases[1].id: 'a' stands twice"),
              std::string::npos);
    EXPECT_NE(faults(R"({"phrases": [7]})").find("phrases[0]"), std::string::npos);
    EXPECT_NE(faults("[]"), "no fault");
    EXPECT_NE(faults("{"), "no fault");
    const std::string longest(kPhraseCharsMax, 'x');
    const auto of_length = [](const std::string& text) {
        return R"({"phrases": [{"id": "a", "vi": ")" + text + R"(", "en": "y"}]})";
    };
    EXPECT_TRUE(parse_phrases(of_length(longest)));
    EXPECT_NE(faults(of_length(longest + "x").c_str()).find("phrases[0].vi: the text is longer than 80"),
              std::string::npos);
}

TEST(Phrases, OfNewerFilesAreReadWithoutTheirUnknownMembers) {
    const auto phrases =
        parse_phrases(R"({"format": 2, "phrases": [{"id": "a", "vi": "x", "en": "y", "topic": "z"}]})");
    ASSERT_TRUE(phrases);
    EXPECT_EQ((*phrases)[0], (Phrase{"a", {"x", "y"}, false}));
}

std::vector<Phrase> shipped() {
    const auto text = survey::read_file(std::string(HAILONG_SOURCE_DIR) + "/assets/phrases/phrases.json");
    const auto phrases = parse_phrases(text.value());
    EXPECT_TRUE(phrases) << describe(phrases.error(), "phrases.json");
    return phrases.value();
}

TEST(ShippedPhrases, AreAboutFortyWithSixCommonOnes) {
    const std::vector<Phrase> phrases = shipped();
    EXPECT_GE(phrases.size(), 40u);
    EXPECT_EQ(std::count_if(phrases.begin(), phrases.end(), [](const Phrase& one) { return one.common; }), 6);
}

TEST(ShippedPhrases, AreAllDifferentAndWrittenInSyllables) {
    std::set<std::string> keys;
    for (const Phrase& phrase : shipped()) {
        EXPECT_TRUE(keys.insert(survey::search_key(phrase.text.vi)).second) << phrase.id;
        EXPECT_TRUE(keys.insert(survey::search_key(phrase.text.en)).second) << phrase.id;
        std::string word;
        for (const char c : phrase.text.vi + " ") {
            if (c != ' ' && c != ',') {
                word += c;
                continue;
            }
            EXPECT_TRUE(word.empty() || word == "VNeID" || survey::is_syllable(word)) << word;
            word.clear();
        }
    }
}

// However somebody types: the beginning of each phrase without marks finds it.
TEST(ShippedPhrases, AreEachFoundByTheirFirstWordsWithoutMarks) {
    const std::vector<Phrase> phrases = shipped();
    for (const Phrase& phrase : phrases) {
        for (const Language language : survey::kLanguages) {
            const std::string& text = phrase.text.in(language);
            const std::string key = survey::unmarked(text);
            const std::string start = key.substr(0, key.find(' ', key.find(' ') + 1));
            const auto found = suggest(draft_of(start, {}), phrases, language, phrases.size());
            EXPECT_TRUE(std::any_of(found.begin(), found.end(), [&](const Suggestion& one) {
                return one.text == text;
            })) << start;
        }
    }
}

}  // namespace
}  // namespace hailong::kiosk
