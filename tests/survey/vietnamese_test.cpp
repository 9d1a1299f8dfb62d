// Vietnamese letters, syllables and tones: held to ICU, to the published rule, and to all syllables there can be.
#include "survey/vietnamese.h"

#include <filesystem>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include "survey/base/host.h"
#include "survey/base/utf8.h"
#include "tests/support/syllables.h"

namespace hailong::survey {
namespace {

namespace fs = std::filesystem;

enum class Form { composed, decomposed };

std::string by_icu(const std::string& text, Form form) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* const normalizer =
        form == Form::composed ? icu::Normalizer2::getNFCInstance(status) : icu::Normalizer2::getNFDInstance(status);
    std::string out;
    normalizer->normalize(icu::UnicodeString::fromUTF8(text), status).toUTF8String(out);
    EXPECT_TRUE(U_SUCCESS(status));
    return out;
}

std::string text(std::u32string_view characters) {
    return utf8_of(characters);
}

Word word(std::string_view utf8) {
    return word_of(characters_of(utf8)).value();
}

std::string placed(std::string_view utf8, Tone tone, Placement placement) {
    Word toned = word(utf8);
    toned.tone = tone;
    return text(spell(toned, placement));
}

std::vector<char32_t> every_letter() {
    std::vector<char32_t> letters;
    for (char32_t c = 0; c < 0x2000; ++c) {
        if (letter_of(c)) letters.push_back(c);
    }
    return letters;
}

TEST(VietnameseLetter, IsOneOfAHundredAndEightySix) {
    // 52 of ASCII, 134 beside them: 12 vowels in 6 tones and two cases, without the 12 that are ASCII, and đ.
    EXPECT_EQ(every_letter().size(), 52u + 134u);
}

TEST(VietnameseLetter, ComesBackFromItsParts) {
    for (const char32_t c : every_letter())
        EXPECT_EQ(character_of(letter_of(c).value()), c) << text({&c, 1});
}

TEST(VietnameseLetter, IsTakenApartAsUnicodeDoes) {
    for (const char32_t c : every_letter()) {
        const std::string one = text({&c, 1});
        const Letter letter = letter_of(c).value();
        const std::u32string parts = characters_of(by_icu(one, Form::decomposed));
        const auto holds = [&](char32_t mark) { return parts.find(mark) != std::u32string::npos; };
        EXPECT_EQ(letter.upper, parts[0] < U'a' || c == U'Đ') << one;
        EXPECT_EQ(letter.tone == Tone::grave, holds(0x300)) << one;
        EXPECT_EQ(letter.tone == Tone::acute, holds(0x301)) << one;
        EXPECT_EQ(letter.tone == Tone::tilde, holds(0x303)) << one;
        EXPECT_EQ(letter.tone == Tone::hook, holds(0x309)) << one;
        EXPECT_EQ(letter.tone == Tone::dot, holds(0x323)) << one;
        EXPECT_EQ(letter.mark == Mark::circumflex, holds(0x302)) << one;
        EXPECT_EQ(letter.mark == Mark::breve, holds(0x306)) << one;
        EXPECT_EQ(letter.mark == Mark::horn, holds(0x31B)) << one;
        EXPECT_EQ(letter.mark == Mark::stroke, c == U'đ' || c == U'Đ') << one;
        if (letter.mark != Mark::stroke) {
            EXPECT_EQ(static_cast<char32_t>(letter.base), parts[0] | 0x20) << one;
        }
    }
}

TEST(VietnameseLetter, IsNothingElse) {
    for (const char32_t c :
         {U'0', U' ', U'_', U'@', U'[', U'`', U'{', U'ä', U'ł', U'ſ', U'ĸ', char32_t{0x301}, char32_t{0}})
        EXPECT_FALSE(letter_of(c)) << static_cast<std::uint32_t>(c);
    EXPECT_FALSE(character_of({'b', Mark::horn}));
    EXPECT_FALSE(character_of({'i', Mark::breve}));
    EXPECT_FALSE(character_of({'n', Mark::none, Tone::acute}));
    EXPECT_FALSE(character_of({'d', Mark::stroke, Tone::acute}));
}

TEST(Compose, PutsEverySyllableTogetherAsIcuDoes) {
    for (const tests::Syllable& syllable : tests::all_syllables()) {
        const std::string apart = by_icu(syllable.text, Form::decomposed);
        ASSERT_EQ(compose(apart), syllable.text);
        ASSERT_EQ(by_icu(syllable.text, Form::composed), syllable.text);
        ASSERT_TRUE(is_composed(syllable.text));
        ASSERT_EQ(is_composed(apart), apart == syllable.text) << apart;
    }
}

TEST(Compose, TakesMarksInAnyOrder) {
    EXPECT_EQ(compose("e\u0302\u0323"), "ệ");
    EXPECT_EQ(compose("e\u0323\u0302"), "ệ");
    EXPECT_EQ(compose("ê\u0323"), "ệ");
    EXPECT_EQ(compose("ẹ\u0302"), "ệ");
    EXPECT_EQ(compose("U\u031B\u0301"), "Ứ");
    EXPECT_EQ(compose("a\u0341"), "á") << "the old code of the tone mark";
}

TEST(Compose, LeavesWhatMakesNoVietnameseLetter) {
    for (const std::string stays :
         {"", "Cảm ơn!", "n\u0301", "a\u0308", "\u0301", "ấ\u0300", "i\u0306", "đ\u0302", "Zoë"})
        EXPECT_EQ(compose(stays), stays);
    EXPECT_FALSE(is_composed("n\u0301"));
    EXPECT_FALSE(is_composed("a\xFF"));
    EXPECT_TRUE(is_composed(""));
    EXPECT_TRUE(is_composed("Cảm ơn, 100 %…"));
}

TEST(TonePlace, IsThatOfTheDecisionsExamples) {
    // Quyết định 1989/QĐ-BGDĐT, article 8.
    const auto current = [](std::string_view letters, Tone tone) {
        return placed(letters, tone, Placement::main_vowel);
    };
    EXPECT_EQ(current("mai", Tone::acute), "mái");
    EXPECT_EQ(current("hoa", Tone::grave), "hoà");
    EXPECT_EQ(current("nhac", Tone::dot), "nhạc");
    EXPECT_EQ(current("quy", Tone::acute), "quý");
    EXPECT_EQ(current("thuy", Tone::hook), "thuỷ");
    EXPECT_EQ(current("khoe", Tone::hook), "khoẻ");
    EXPECT_EQ(current("tuê", Tone::dot), "tuệ");
    EXPECT_EQ(current("bia", Tone::grave), "bìa");
    EXPECT_EQ(current("lua", Tone::dot), "lụa");
    EXPECT_EQ(current("lưa", Tone::hook), "lửa");
    EXPECT_EQ(current("biên", Tone::hook), "biển");
    EXPECT_EQ(current("thuyên", Tone::grave), "thuyền");
    EXPECT_EQ(current("nhuôm", Tone::dot), "nhuộm");
    EXPECT_EQ(current("đươc", Tone::dot), "được");
}

TEST(TonePlace, IsTheOlderOneOnlyInOpenOaOeUy) {
    const auto older = [](std::string_view letters, Tone tone) { return placed(letters, tone, Placement::middle); };
    EXPECT_EQ(older("hoa", Tone::grave), "hòa");
    EXPECT_EQ(older("khoe", Tone::hook), "khỏe");
    EXPECT_EQ(older("thuy", Tone::hook), "thủy");
    for (const char* same :
         {"toán", "xoèn", "huýt", "ngoài", "khuỷu", "quý", "quả", "huế", "thuở", "mía", "của", "giá"}) {
        const Word one = word(same);
        EXPECT_EQ(text(spell(one, Placement::middle)), same);
        EXPECT_EQ(text(spell(one, Placement::main_vowel)), same);
    }
}

TEST(TonePlace, KnowsTheGlidesOfQuAndGi) {
    for (const char* right :
         {"gì", "gìn", "già", "giếng", "giữ", "giường", "quà", "quốc", "quyển", "quỳnh", "quẹo", "quờ", "GIÀ", "QUÝ"})
        EXPECT_EQ(text(spell(word(right), Placement::main_vowel)), right);
}

TEST(TonePlace, IsNowhereWithoutAVowel) {
    EXPECT_FALSE(tone_place(word("").letters, Placement::main_vowel));
    EXPECT_FALSE(tone_place(word("ngh").letters, Placement::main_vowel));
    EXPECT_EQ(placed("ngh", Tone::acute, Placement::main_vowel), "ngh");
    EXPECT_EQ(placed("qu", Tone::acute, Placement::main_vowel), "qú");
    EXPECT_EQ(placed("gi", Tone::acute, Placement::main_vowel), "gí");
}

TEST(TonePlace, IsWhereEverySyllableHasIt) {
    for (const tests::Syllable& syllable : tests::all_syllables()) {
        ASSERT_EQ(text(spell(word(syllable.text), Placement::main_vowel)), syllable.text);
        ASSERT_EQ(text(spell(word(syllable.text), Placement::middle)), syllable.older);
    }
}

TEST(WordOf, RefusesTwoTonesAndWhatIsNoLetter) {
    EXPECT_FALSE(word_of(U"hóà"));
    EXPECT_FALSE(word_of(U"a1"));
    EXPECT_FALSE(word_of(U"a b"));
    EXPECT_EQ(word_of(U""), Word{});
    EXPECT_EQ(word_of(U"Ệ"), (Word{{{'e', Mark::circumflex, Tone::level, true}}, Tone::dot}));
}

TEST(Syllable, IsEveryOneThatCanBeBuilt) {
    std::set<std::string> different;
    for (const tests::Syllable& syllable : tests::all_syllables()) {
        ASSERT_TRUE(is_syllable(syllable.text)) << syllable.text;
        ASSERT_TRUE(is_syllable(syllable.older)) << syllable.older;
        ASSERT_TRUE(is_syllable(unmarked(syllable.text))) << syllable.text;
        different.insert(syllable.text);
    }
    EXPECT_GT(different.size(), 10'000u);
}

TEST(Syllable, IsBegunByEveryPartOfIt) {
    for (const tests::Syllable& syllable : tests::all_syllables()) {
        const Word whole = word(syllable.text);
        for (std::size_t size = 0; size <= whole.letters.size(); ++size) {
            Word part = whole;
            part.letters.resize(size);
            ASSERT_TRUE(begins_syllable(part)) << text(spell(part, Placement::main_vowel));
        }
    }
}

TEST(Syllable, IsNoEnglishWordOfOtherLettersOrEndings) {
    for (const char* other :
         {"",   "window",   "test", "email", "file", "job", "zalo", "web",  "form",  "street", "table", "kgb",
          "a1", "xin chào", "aa",   "ngè",   "ghà",  "cị",  "qan",  "vìêt", "việtt", "cầc",    "bàch",  "tác!"})
        EXPECT_FALSE(is_syllable(other)) << other;
}

TEST(Syllable, OfAStoppedRhymeHasTwoTones) {
    for (const char* right : {"các", "cạc", "tách", "tịch", "họp", "hát", "viet", "cac"})
        EXPECT_TRUE(is_syllable(right)) << right;
    for (const char* wrong : {"càc", "cảc", "tãch", "tìch", "hỏp", "hãt"})
        EXPECT_FALSE(is_syllable(wrong)) << wrong;
}

TEST(Syllable, KnowsTheNamesOfPlaces) {
    for (const char* name : {"Đắk", "Lắk", "Krông", "Pắc", "Huế", "Cà", "Mau", "Bắc", "Kạn", "NGHỆ"})
        EXPECT_TRUE(is_syllable(name)) << name;
    EXPECT_FALSE(is_syllable("tak")) << "task, desk, book: only ăk ends with k";
}

TEST(SearchKey, IsOneForBothPlacementsAndAllCases) {
    for (const tests::Syllable& syllable : tests::all_syllables()) {
        ASSERT_EQ(search_key(syllable.text), search_key(syllable.older));
        ASSERT_EQ(unmarked(syllable.text), unmarked(syllable.older));
    }
    EXPECT_EQ(search_key("HÒA BÌNH"), search_key("hoà bình"));
    EXPECT_EQ(search_key("Ủy ban, 2 lần!"), "uỷ ban, 2 lần!");
    EXPECT_EQ(search_key(by_icu("Khỏe", Form::decomposed)), "khoẻ");
    EXPECT_NE(search_key("hoa"), search_key("hoà"));
    EXPECT_EQ(search_key(""), "");
}

TEST(SearchKey, HasAsManyCharactersAsItsText) {
    const std::string sample = "Ủy ban nhân dân PHƯỜNG Hòa Cường, ngày 15/3; Zoë hóà";
    EXPECT_EQ(characters_of(search_key(sample)).size(), characters_of(sample).size());
    EXPECT_EQ(characters_of(unmarked(sample)).size(), characters_of(sample).size());
}

TEST(Unmarked, HasNoMarksAtAll) {
    EXPECT_EQ(unmarked("Đường Nguyễn Huệ, Phường ĐÔNG Ở"), "duong nguyen hue, phuong dong o");
    EXPECT_EQ(unmarked("hóà 10 %"), "hoa 10 %");
}

TEST(ShippedTexts, AreComposedAsIcuDoes) {
    std::size_t files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(HAILONG_SOURCE_DIR) / "assets")) {
        if (entry.path().extension() != ".json") continue;
        const std::string content = read_file(entry.path()).value();
        EXPECT_EQ(compose(content), by_icu(content, Form::composed)) << entry.path();
        EXPECT_EQ(compose(by_icu(content, Form::decomposed)), content) << entry.path();
        ++files;
    }
    EXPECT_GT(files, 10u);
}

/// Words of letters with a mark or a tone, and with a vowel: the others may be English or an abbreviation (QĐ).
std::set<std::string> marked_words_of(const std::string& content) {
    std::set<std::string> words;
    std::u32string word;
    char32_t before = U' ';
    for (const char32_t c : characters_of(content + " ")) {
        const bool is_escape = std::exchange(before, c) == U'\\';  // "\n" in JSON
        if (letter_of(c) && !is_escape) {
            word += c;
            continue;
        }
        const std::string utf8 = utf8_of(word);
        const auto letters = word_of(word);
        const bool is_marked = unmarked(utf8) != search_key(utf8);
        const bool has_vowel = letters && tone_place(letters->letters, Placement::middle);
        if (is_marked && has_vowel) words.insert(utf8);
        word.clear();
    }
    return words;
}

TEST(ShippedTexts, AreWrittenInSyllables) {
    std::size_t words = 0;
    for (const char* file :
         {"i18n/kiosk.vi.json", "i18n/web.vi.json", "phrases/phrases.json", "questionnaires/SIPAS_LIKE.json"}) {
        for (const std::string& one :
             marked_words_of(read_file(fs::path(HAILONG_SOURCE_DIR) / "assets" / file).value())) {
            EXPECT_TRUE(is_syllable(one)) << one << " in " << file;
            ++words;
        }
    }
    EXPECT_GT(words, 400u);
}

}  // namespace
}  // namespace hailong::survey
