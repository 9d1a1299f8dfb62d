// All syllables that Vietnamese spelling can build: onset, rhyme and tone, as grammars of the language list them.
// Written apart from the tables of the product, tones by ICU, so that each can show a fault of the other.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

namespace hailong::tests {

struct Syllable {
    std::string text;         // tone on the main vowel: hoà
    std::string older;        // tone as by the older habit: hòa
    std::string toneless;     // hoa
    int tone = 0;             // 0 level, 1 grave, 2 hook, 3 tilde, 4 acute, 5 dot
    std::size_t carrier = 0;  // the letter of `text` that carries the tone, in characters
};

/// In the rhymes the letter that carries the tone stands after a dot.
struct Family {
    std::vector<std::u16string_view> onsets;
    std::vector<std::u16string_view> rhymes;
};

inline const std::vector<Family>& families() {
    static const std::vector<Family> list = {
        // Back and open vowels.
        {{u"",  u"b",  u"c",  u"ch", u"d",  u"đ", u"g", u"gi", u"h",  u"kh", u"l", u"m",
          u"n", u"ng", u"nh", u"p",  u"ph", u"r", u"s", u"t",  u"th", u"tr", u"v", u"x"},
         {u".a",   u".ac",  u".ach",  u".ai",   u".am",  u".an",  u".ang", u".anh", u".ao",  u".ap", u".at",  u".au",
          u".ay",  u".ăc",  u".ăm",   u".ăn",   u".ăng", u".ăp",  u".ăt",  u".âc",  u".âm",  u".ân", u".âng", u".âp",
          u".ât",  u".âu",  u".ây",   u".o",    u".oc",  u".oi",  u".om",  u".on",  u".ong", u".op", u".ot",  u".ô",
          u".ôc",  u".ôi",  u".ôm",   u".ôn",   u".ông", u".ôp",  u".ôt",  u".ơ",   u".ơi",  u".ơm", u".ơn",  u".ơp",
          u".ơt",  u".u",   u".ua",   u".uc",   u".ui",  u".um",  u".un",  u".ung", u".up",  u".ut", u"u.ôc", u"u.ôi",
          u"u.ôm", u"u.ôn", u"u.ông", u"u.ôt",  u".ư",   u".ưa",  u".ưc",  u".ưi",  u".ưng", u".ưt", u".ưu",  u"ư.ơc",
          u"ư.ơi", u"ư.ơm", u"ư.ơn",  u"ư.ơng", u"ư.ơp", u"ư.ơt", u"ư.ơu"}},
        // Rounded on-glides.
        {{u"", u"ch", u"d", u"đ", u"h", u"kh", u"l", u"ng", u"nh", u"r", u"s", u"t", u"th", u"tr", u"x"},
         {u"o.a",  u"o.ac",  u"o.ach", u"o.ai",  u"o.an", u"o.ang", u"o.anh", u"o.at", u"o.ay",
          u"o.ăc", u"o.ăm",  u"o.ăn",  u"o.ăng", u"o.ăt", u"o.e",   u"o.en",  u"o.eo", u"o.et",
          u"u.ân", u"u.âng", u"u.ât",  u"u.ây",  u"u.ê",  u"u.êch", u"u.ênh", u"u.ơ",  u"u.y",
          u"u.ya", u"u.ych", u"u.ynh", u"u.yt",  u"u.yu", u"uy.ên", u"uy.êt", u"o.ao", u"o.am"}},
        // Front vowels.
        {{u"",    u"b",  u"ch", u"d",  u"đ", u"gh", u"h", u"k",  u"kh", u"l", u"m", u"n",
          u"ngh", u"nh", u"p",  u"ph", u"r", u"s",  u"t", u"th", u"tr", u"v", u"x"},
         {u".e",  u".ec",  u".em", u".en",  u".eng", u".eo",  u".ep",   u".et",  u".ê",   u".êch", u".êm",
          u".ên", u".ênh", u".êp", u".êt",  u".êu",  u".i",   u".ia",   u".ich", u".im",  u".in",  u".inh",
          u".ip", u".it",  u".iu", u"i.êc", u"i.êm", u"i.ên", u"i.êng", u"i.êp", u"i.êt", u"i.êu"}},
        {{u"", u"h", u"k", u"l", u"m", u"s", u"t", u"v"}, {u".y"}},
        {{u""}, {u"y.êm", u"y.ên", u"y.êt", u"y.êu"}},
        {{u"qu"}, {u".a",  u".ac", u".ach", u".ai",  u".an",  u".ang", u".anh", u".ao",  u".at", u".au",
                   u".ay", u".ăc", u".ăn",  u".ăng", u".ăp",  u".ăt",  u".ân",  u".âng", u".ât", u".ây",
                   u".e",  u".en", u".eo",  u".et",  u".ê",   u".ên",  u".êt",  u".i",   u".in", u".it",
                   u".ôc", u".ơ",  u".y",   u".ych", u".ynh", u".yt",  u"y.ên", u"y.êt"}},
        {{u"g"}, {u".i", u".in", u"i.êng", u"i.êt"}},
        // Kept apart by those who type: two letters o that are no ô.
        {{u"b", u"c", u"m", u"x"}, {u"o.oc", u"o.ong"}},
    };
    return list;
}

inline std::string composed(const icu::UnicodeString& text) {
    UErrorCode status = U_ZERO_ERROR;
    std::string utf8;
    icu::Normalizer2::getNFCInstance(status)->normalize(text, status).toUTF8String(utf8);
    return U_SUCCESS(status) ? utf8 : std::string("ICU has failed");
}

inline Syllable syllable(std::u16string_view onset, std::u16string_view rhyme, int tone) {
    static constexpr char16_t kTones[] = {0, 0x300, 0x309, 0x303, 0x301, 0x323};
    const std::size_t dot = rhyme.find(u'.');
    std::u16string letters(onset);
    letters.append(rhyme.substr(0, dot)).append(rhyme.substr(dot + 1));
    const auto toned = [&](std::size_t carrier) {
        std::u16string text = letters;
        if (tone != 0) text.insert(carrier + 1, 1, kTones[tone]);
        return composed(icu::UnicodeString(text.data(), static_cast<int32_t>(text.size())));
    };
    const std::size_t carrier = onset.size() + dot;
    const bool is_open_glide = rhyme == u"o.a" || rhyme == u"o.e" || rhyme == u"u.y";
    Syllable made;
    made.text = toned(carrier);
    made.older = toned(is_open_glide ? carrier - 1 : carrier);
    made.toneless = composed(icu::UnicodeString(letters.data(), static_cast<int32_t>(letters.size())));
    made.tone = tone;
    made.carrier = carrier;
    return made;
}

inline std::vector<Syllable> build_all_syllables() {
    std::vector<Syllable> all;
    for (const Family& family : families()) {
        for (const std::u16string_view onset : family.onsets) {
            for (const std::u16string_view rhyme : family.rhymes) {
                const bool is_stopped =
                    rhyme.ends_with(u"p") || rhyme.ends_with(u"t") || rhyme.ends_with(u"c") || rhyme.ends_with(u"ch");
                for (const int tone : {0, 1, 2, 3, 4, 5}) {
                    if (!is_stopped || tone >= 4) all.push_back(syllable(onset, rhyme, tone));
                }
            }
        }
    }
    return all;
}

inline const std::vector<Syllable>& all_syllables() {
    static const std::vector<Syllable> all = build_all_syllables();
    return all;
}

}  // namespace hailong::tests
