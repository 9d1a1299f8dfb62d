// Keys in, Vietnamese out: the rules of each method, editing, limits, a page of prose, and keys at random.
#include "kiosk/typing/typing.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include "survey/base/utf8.h"
#include "survey/crypto/sealed_text.h"
#include "survey/vietnamese.h"
#include "tests/kiosk/typing/keys.h"

namespace hailong::kiosk {
namespace {

using survey::Placement;
using survey::Tone;

TEST(Telex, TakesMarkAndToneKeysAnywhereAfterTheirVowel) {
    for (const char* keys :
         {"dduwowngf", "dduongwf", "duowngdf", "duongwdf", "dduwongf", "dduowfng", "duofngwd", "dduwfong"})
        EXPECT_EQ(telex(keys), "đường") << keys;
    for (const char* keys : {"tieengs", "tieesng", "tiesnge", "tiensge", "tiengse", "tienges"})
        EXPECT_EQ(telex(keys), "tiếng") << keys;
    EXPECT_EQ(telex("nguoiwf"), "người");
    EXPECT_EQ(telex("ruouwj"), "rượu");
    EXPECT_EQ(telex("huouw"), "hươu");
    EXPECT_EQ(telex("huuw"), "hưu");
    EXPECT_EQ(telex("muaw"), "mưa");
    EXPECT_EQ(telex("cuwra"), "cửa");
    EXPECT_EQ(telex("hoawcj"), "hoặc");
    EXPECT_EQ(telex("chuoois"), "chuối");
}

TEST(Telex, HasUHornForWAlone) {
    EXPECT_EQ(telex("w"), "ư");
    EXPECT_EQ(telex("W"), "Ư");
    EXPECT_EQ(telex("nhwng"), "nhưng");
    EXPECT_EQ(telex("twf"), "từ");
    EXPECT_EQ(telex("ww"), "w");
    EXPECT_EQ(telex("tww"), "tw");
    EXPECT_EQ(telex("uww"), "uw");
}

TEST(Telex, WritesUoByWhatFollows) {
    EXPECT_EQ(telex("thuowr"), "thuở");
    EXPECT_EQ(telex("thuowngr"), "thưởng");
    EXPECT_EQ(telex("quowf"), "quờ");
    EXPECT_EQ(telex("quoocs"), "quốc");
    EXPECT_EQ(telex("chuwowng"), "chương");
    EXPECT_EQ(telex("chuoongw"), "chương") << "a horn for the circumflex";
    EXPECT_EQ(telex("chuowngo"), "chuông") << "and the other way";
}

TEST(Telex, UndoesAKeyThatIsTypedAgain) {
    EXPECT_EQ(telex("aaa"), "aa");
    EXPECT_EQ(telex("ass"), "as");
    EXPECT_EQ(telex("ddd"), "dd");
    EXPECT_EQ(telex("DDD"), "DD");
    EXPECT_EQ(telex("aww"), "aw");
    EXPECT_EQ(telex("uoww"), "uow");
    EXPECT_EQ(telex("uwoww"), "uow");
    EXPECT_EQ(telex("tesst"), "test");
    EXPECT_EQ(telex("dataa"), "data");
    EXPECT_EQ(telex("didd"), "did");
    EXPECT_EQ(telex("dduwod"), "dưod") << "the stroke, not the horn that is still awaited";
    EXPECT_EQ(telex("aaas"), "aas") << "after an undo keys stand for themselves";
    EXPECT_EQ(telex("tesstf"), "testf");
}

TEST(Telex, TakesTheToneAwayWithZ) {
    EXPECT_EQ(telex("toansz"), "toan");
    EXPECT_EQ(telex("toanszf"), "toàn");
    EXPECT_EQ(telex("zalo"), "zalo");
    EXPECT_EQ(telex("toanz"), "toanz");
}

TEST(Telex, ReplacesOneToneOrMarkByAnother) {
    EXPECT_EQ(telex("toansf"), "toàn");
    EXPECT_EQ(telex("canwa"), "cân");
    EXPECT_EQ(telex("canaw"), "căn");
    EXPECT_EQ(telex("coonw"), "cơn");
}

TEST(Telex, KeepsTwoLettersOThatAreNoMark) {
    EXPECT_EQ(telex("xooong"), "xoong");
    EXPECT_EQ(telex("mooocs"), "moóc");
    EXPECT_EQ(telex("ngoeor"), "ngoẻo");
    EXPECT_EQ(telex("ngoaos"), "ngoáo");
}

TEST(Telex, LeavesWordsThatCantBeVietnameseAsTyped) {
    for (const char* word : {"window", "windows", "website", "email",   "form",   "work", "street", "facebook",
                             "banana", "USB",     "QR",      "wifi",    "online", "scan", "view",   "app",
                             "PDF",    "google",  "A4",      "covid19", "VNeID",  "12a1", "vietf",  "tak"})
        EXPECT_EQ(telex(word), word);
    EXPECT_EQ(telex("chafo window casm own"), "chào window cám ơn");
    EXPECT_EQ(telex("task desk"), "task desk") << "k ends names of places only";
}

TEST(Telex, HasTheStrokeInAbbreviations) {
    EXPECT_EQ(telex("QDD-UBND NDD HDDND BDDS DDKKD"), "QĐ-UBND NĐ HĐND BĐS ĐKKD");
    EXPECT_EQ(telex("ddc ddt SDDT BDDATGT"), "đc đt SĐT BĐATGT");
    EXPECT_EQ(vni("QD9 HD9ND d9c"), "QĐ HĐND đc");
    EXPECT_EQ(telex("add address middle QDDD ddcd"), "add address middle QDD đcd");
    EXPECT_EQ(telex("dddd"), "ddd");
    EXPECT_EQ(vni("QD99 id9"), "QD9 id9");
}

TEST(Telex, ShowsTheKeysAgainWhenTheWordTurnsOutOtherwise) {
    Draft draft = press_all({}, keys_of("wi"), by(Method::telex));
    EXPECT_EQ(draft.text, "ưi");
    draft = press(draft, CharacterKey{U'n'}, by(Method::telex));
    EXPECT_EQ(draft.text, "win");
    EXPECT_EQ(draft.cursor, 3u);
}

TEST(Telex, KeepsUpperCase) {
    EXPECT_EQ(telex("DDUWOWNGF"), "ĐƯỜNG");
    EXPECT_EQ(telex("Dduwowngf"), "Đường");
    EXPECT_EQ(telex("ddaf NAWNGX"), "đà NẴNG");
    EXPECT_EQ(telex("AAN"), "ÂN");
    EXPECT_EQ(telex("Aan"), "Ân");
    EXPECT_EQ(telex("AWS"), "Ắ");
}

TEST(Telex, KnowsNamesOfPlaces) {
    EXPECT_EQ(telex("DDawsk Lawsk"), "Đắk Lắk");
    EXPECT_EQ(telex("Kroong Pawcs"), "Krông Pắc");
    EXPECT_EQ(telex("Bawsc Kanj"), "Bắc Kạn");
}

TEST(Telex, PutsTheToneByThePlacementThatRules) {
    EXPECT_EQ(telex("hoaf khoer thuyr"), "hoà khoẻ thuỷ");
    EXPECT_EQ(typed("hoaf khoer thuyr", by(Method::telex, Placement::middle)), "hòa khỏe thủy");
    EXPECT_EQ(typed("hoafn", by(Method::telex, Placement::middle)), "hoàn") << "it moves when the word goes on";
    EXPECT_EQ(telex("gif giaf quys quaf"), "gì già quý quà");
}

TEST(Vni, HasTheSameRulesWithDigits) {
    for (const char* keys : {"d9u7o7ng2", "d9uo7ng2", "duong792", "duong279", "d9uong27"})
        EXPECT_EQ(vni(keys), "đường") << keys;
    EXPECT_EQ(vni("tie6ng1 Vie6t5"), "tiếng Việt");
    EXPECT_EQ(vni("tieng61 Viet65"), "tiếng Việt");
    EXPECT_EQ(vni("ho4i ba8n khoa3ng"), "hõi băn khoảng");
    EXPECT_EQ(vni("mu7a mua7"), "mưa mưa");
    EXPECT_EQ(vni("toan10"), "toan");
    EXPECT_EQ(vni("D9A2 NA8NG4"), "ĐÀ NẴNG");
    EXPECT_EQ(vni("xoong mooc1"), "xoong moóc");
}

TEST(Vni, UndoesAKeyThatIsTypedAgain) {
    EXPECT_EQ(vni("a66"), "a6");
    EXPECT_EQ(vni("a11"), "a1");
    EXPECT_EQ(vni("A44"), "A4");
    EXPECT_EQ(vni("d99"), "d9");
    EXPECT_EQ(vni("u77"), "u7");
}

TEST(Vni, LeavesNumbersAndOtherWordsAsTyped) {
    for (const char* text : {"15/3/2026", "0912", "B2", "12a1", "covid19", "window", "test", "100 %", "H15.50", "www"})
        EXPECT_EQ(vni(text), text);
}

TEST(ToneKeys, WorkOnTheWordAtTheCursor) {
    const TypingRules rules = by(Method::tone_keys);
    Draft draft = press_all({}, keys_of("duong pho"), rules);
    draft = press(draft, ToneKey{Tone::acute}, rules);
    EXPECT_EQ(draft.text, "duong phó");
    draft = press_all(draft, {EditKey::start, EditKey::right, EditKey::right, ToneKey{Tone::grave}}, rules);
    EXPECT_EQ(draft.text, "duòng phó") << "in the middle of a word";
    EXPECT_EQ(draft.cursor, 2u);
    draft = press_all(draft, {EditKey::start, ToneKey{Tone::dot}}, rules);
    EXPECT_EQ(draft.text, "duọng phó") << "before a word";
}

TEST(ToneKeys, TakeTheToneAwayWhenPressedAgain) {
    const TypingRules rules = by(Method::tone_keys);
    const Draft draft = press_all({}, keys_of("hoa"), rules);
    const Draft toned = press(draft, ToneKey{Tone::grave}, rules);
    EXPECT_EQ(toned.text, "hoà");
    EXPECT_EQ(press(toned, ToneKey{Tone::grave}, rules).text, "hoa");
    EXPECT_EQ(press(toned, ToneKey{Tone::level}, rules).text, "hoa");
    EXPECT_EQ(press(draft, ToneKey{Tone::level}, rules).text, "hoa");
}

TEST(ToneKeys, DoNothingWithoutAVowelAtTheCursor) {
    for (const Method method : {Method::telex, Method::vni, Method::tone_keys, Method::none}) {
        for (const char* text : {"", "ngh", "hoa ", "12"}) {
            const Draft draft = press_all({}, keys_of(text), by(method));
            EXPECT_EQ(press(draft, ToneKey{Tone::acute}, by(method)), draft) << text;
        }
    }
}

TEST(ToneKeys, WorkBesideEveryMethod) {
    Draft draft = press_all({}, keys_of("dduwowng"), by(Method::telex));
    draft = press(draft, ToneKey{Tone::grave}, by(Method::telex));
    EXPECT_EQ(draft.text, "đường");
    EXPECT_EQ(press(draft, CharacterKey{U's'}, by(Method::telex)).text, "đướng");
}

TEST(ToneKeys, GiveAToneToNamesThatAreNoSyllables) {
    const Draft draft = press_all({}, keys_of("Krông Buk"), by(Method::tone_keys));
    EXPECT_EQ(press(draft, ToneKey{Tone::acute}, by(Method::tone_keys)).text, "Krông Búk");
}

TEST(ToneKeys, MoveTheToneAsTheWordGoesOn) {
    const TypingRules rules = by(Method::tone_keys, Placement::middle);
    Draft draft = press(press_all({}, keys_of("hoa"), rules), ToneKey{Tone::grave}, rules);
    EXPECT_EQ(draft.text, "hòa");
    draft = press(draft, CharacterKey{U'n'}, rules);
    EXPECT_EQ(draft.text, "hoàn");
    EXPECT_EQ(draft.cursor, 4u);
}

TEST(NoMethod, LetsEveryKeyStandForItself) {
    EXPECT_EQ(typed("dduwowngf as1", by(Method::none)), "dduwowngf as1");
    EXPECT_EQ(typed("aas dd", by(Method::tone_keys)), "aas dd");
}

TEST(Backspace, TakesOneVisibleCharacterAndTypingGoesOn) {
    const TypingRules rules = by(Method::telex);
    Draft draft = press_all({}, keys_of("dduwowngf"), rules);
    draft = press_all(draft, {EditKey::backspace, EditKey::backspace}, rules);
    EXPECT_EQ(draft.text, "đườ");
    EXPECT_EQ(press_all(draft, keys_of("i"), rules).text, "đười");
    EXPECT_EQ(press_all(draft, keys_of("ngs"), rules).text, "đướng");
    draft = press(draft, EditKey::backspace, rules);
    EXPECT_EQ(press_all(draft, keys_of("owngj"), rules).text, "đượng");
}

TEST(Backspace, LeavesAWordThatCantBeVietnameseAlone) {
    const TypingRules rules = by(Method::telex);
    Draft draft = press_all({}, keys_of("windox"), rules);
    draft = press(draft, EditKey::backspace, rules);
    EXPECT_EQ(press_all(draft, keys_of("ow"), rules).text, "windoow");
}

TEST(Backspace, DoesNothingAtTheBeginning) {
    const Draft draft = press_all({}, {CharacterKey{U'a'}, EditKey::start}, by(Method::telex));
    EXPECT_EQ(press(draft, EditKey::backspace, by(Method::telex)), draft);
    EXPECT_EQ(press({}, EditKey::backspace, by(Method::telex)), Draft{});
}

TEST(Cursor, MovesByCharactersAndStopsAtTheEnds) {
    const TypingRules rules = by(Method::telex);
    Draft draft = press_all({}, keys_of("dduwowngf"), rules);
    EXPECT_EQ(draft.cursor, 5u);
    EXPECT_EQ(press(draft, EditKey::right, rules).cursor, 5u);
    draft = press(draft, EditKey::left, rules);
    EXPECT_EQ(text_before(draft), "đườn");
    EXPECT_EQ(text_after(draft), "g");
    draft = press(draft, EditKey::start, rules);
    EXPECT_EQ(draft.cursor, 0u);
    EXPECT_EQ(text_before(draft), "");
    EXPECT_EQ(press(draft, EditKey::left, rules).cursor, 0u);
    EXPECT_EQ(press(draft, EditKey::end, rules).cursor, 5u);
    EXPECT_EQ(length(draft), 5u);
}

TEST(Cursor, EndsTheWordWhenItMoves) {
    const TypingRules rules = by(Method::telex);
    Draft draft = press_all({}, keys_of("wi"), rules);
    draft = press_all(draft, {EditKey::left, EditKey::right, CharacterKey{U'n'}}, rules);
    EXPECT_EQ(draft.text, "ưin") << "its keys are forgotten, what is seen stays";
}

TEST(Cursor, ThatCantMoveLeavesTheWordBeingTyped) {
    const TypingRules rules = by(Method::telex);
    const Draft draft = press_all({}, keys_of("wi"), rules);
    EXPECT_EQ(press(draft, EditKey::right, rules), draft);
    EXPECT_EQ(press(draft, EditKey::end, rules), draft);
}

TEST(Cursor, LetsAWordBeTypedInItsMiddle) {
    const TypingRules rules = by(Method::telex);
    Draft draft = press_all({}, keys_of("tieng"), rules);
    draft = press_all(draft, {EditKey::left, EditKey::left}, rules);
    draft = press_all(draft, keys_of("es"), rules);
    EXPECT_EQ(draft.text, "tiếng");
    EXPECT_EQ(draft.cursor, 3u);
    draft = press_all(draft, {EditKey::start, EditKey::right}, rules);
    EXPECT_EQ(press(draft, CharacterKey{U'r'}, rules).text, "tiểng");
    EXPECT_EQ(press(draft, CharacterKey{U'h'}, rules).text, "thiếng");
}

TEST(ClearWord, TakesTheWordBeforeTheCursorAndTheSpacesAfterIt) {
    const TypingRules rules = by(Method::telex);
    const auto cleared = [&](const char* keys) {
        return press(press_all({}, keys_of(keys), rules), EditKey::clear_word, rules);
    };
    EXPECT_EQ(cleared("casm own").text, "cám ");
    EXPECT_EQ(cleared("casm own  ").text, "cám ");
    EXPECT_EQ(cleared("casm").text, "");
    EXPECT_EQ(cleared("").text, "");
    EXPECT_EQ(cleared("a\nb").text, "a\n");
    const Draft middle = press_all({}, keys_of("mootj hai"), rules);
    const Draft left = press_all(middle, {EditKey::left, EditKey::clear_word}, rules);
    EXPECT_EQ(left.text, "một i");
    EXPECT_EQ(left.cursor, 4u);
}

TEST(Limit, RefusesTheCharacterBeyondIt) {
    const TypingRules rules{Method::telex, Placement::main_vowel, 5};
    Draft draft = press_all({}, keys_of("dduwowng"), rules);
    EXPECT_EQ(length(draft), 5u);
    EXPECT_EQ(press(draft, CharacterKey{U' '}, rules), draft);
    EXPECT_EQ(press(draft, CharacterKey{U'n'}, rules), draft);
    EXPECT_EQ(press(draft, CharacterKey{U'f'}, rules).text, "đường") << "a tone takes no room";
    EXPECT_EQ(press(draft, ToneKey{Tone::grave}, rules).text, "đường");
    EXPECT_EQ(press(draft, EditKey::backspace, rules).text, "đươn");
}

TEST(Limit, CountsTheKeysThatAWordFallsBackTo) {
    const TypingRules rules{Method::telex, Placement::main_vowel, 4};
    const Draft draft = press_all({}, keys_of("wowi"), rules);
    EXPECT_EQ(draft.text, "ươi");
    EXPECT_EQ(press(draft, CharacterKey{U'x'}, rules).text, "ưỡi");
    EXPECT_EQ(press(draft, CharacterKey{U'b'}, rules), draft) << "five keys do not fit";
}

TEST(Limit, IsThatOfSealedWordsInBytes) {
    const TypingRules rules = by(Method::none);
    Draft draft = draft_of(std::string(survey::kFreeTextBytesMax - 1, 'a'), rules);
    EXPECT_EQ(press(draft, CharacterKey{U'ấ'}, rules), draft) << "no half character";
    draft = press(draft, CharacterKey{U'b'}, rules);
    EXPECT_EQ(draft.text.size(), survey::kFreeTextBytesMax);
    EXPECT_EQ(press(draft, CharacterKey{U'c'}, rules), draft);
    EXPECT_EQ(press(draft, ToneKey{Tone::acute}, rules), draft) << "an á needs a byte more than an a";
}

TEST(Limit, LetsTextThatIsTooLongBeShortened) {
    Draft draft = draft_of("mười hai", by(Method::telex));
    const TypingRules rules{Method::telex, Placement::main_vowel, 3};
    EXPECT_EQ(press(draft, CharacterKey{U'x'}, rules), draft);
    EXPECT_EQ(press(draft, EditKey::backspace, rules).text, "mười ha");
}

TEST(Press, RefusesWhatTheGlassCantWrite) {
    for (const char32_t c :
         {char32_t{0}, U'\t', U'\r', U'\x1B', U'\x7F', char32_t{0x85}, char32_t{0x301}, char32_t{0xD800},
          char32_t{0xFFFE}, char32_t{0x110000}, char32_t{0x1F600}, char32_t{0x200B}, char32_t{0x202E}}) {
        EXPECT_FALSE(is_writable(c)) << static_cast<std::uint32_t>(c);
        EXPECT_EQ(press({}, CharacterKey{c}, by(Method::none)), Draft{}) << static_cast<std::uint32_t>(c);
    }
    EXPECT_EQ(typed("a\n“b” – 5 ₫…", by(Method::none)), "a\n“b” – 5 ₫…");
}

TEST(Press, SettlesAWordThatGoesOnForEver) {
    const std::string keys(100, 'k');
    EXPECT_EQ(telex(keys), keys);
    EXPECT_EQ(vni(std::string(100, '1')), std::string(100, '1'));
}

TEST(DraftOf, ComposesCleansAndCuts) {
    const TypingRules rules{Method::telex, Placement::main_vowel, 6};
    EXPECT_EQ(draft_of("Ho\u0300a \xFF\tBi\u0300nh", rules).text, "Hòa Bì");
    EXPECT_EQ(draft_of("Ho\u0300a", rules).cursor, 3u);
    EXPECT_EQ(draft_of("", rules), Draft{});
    EXPECT_EQ(draft_of(std::string(3'999, 'a') + "ấ", by(Method::telex)).text, std::string(3'999, 'a'));
}

// --- A page of prose ----------------------------------------------------------------------------------------------

// Written for this test: names, numbers, quotes, abbreviations, English words, both cases.
constexpr std::string_view kProse =
    R"(Sáng thứ Hai vừa rồi, ngày 16/11/2026, tôi đưa mẹ tôi – bà Nguyễn Thị Quỳnh Hoa, 78 tuổi – đến Trung tâm Phục vụ hành chính công phường Hoà Cường để làm thủ tục hưởng trợ cấp hưu trí xã hội. Trời mưa to, đường Nguyễn Hữu Thọ ngập đến mắt cá chân, hai mẹ con tới nơi thì đã hơn 8 giờ 30.

Anh bảo vệ dắt xe giúp, còn chị hướng dẫn ở cửa thì hỏi ngay: "Thưa bác, bác cần làm việc gì ạ?". Chị ấy lấy số thứ tự A027, chỉ cho chúng tôi ghế gần quạt và bảo cứ yên tâm ngồi nghỉ. Chờ khoảng mười lăm phút thì đến lượt. Cán bộ ở quầy số 3, anh Đặng Quốc Khuê, giải thích rất kỹ: hồ sơ thiếu một bản sao giấy khai sinh, nhưng "trên VNeID đã có thì không phải nộp nữa". Anh in mẫu đơn, điền sẵn những chỗ khó, rồi đọc lại từng dòng cho mẹ tôi nghe. Mẹ tôi vốn nặng tai mà vẫn hiểu hết!

Điều tôi chưa hài lòng: phòng chờ hơi chật, chỉ có 12 ghế; nhà vệ sinh ở tầng 2, người già leo cầu thang khuỷu tay cứ phải vịn vào tường; mạng Wi-Fi yếu, quét mã QR mãi không được. Tôi cũng mong trung tâm gửi tin nhắn SMS hoặc email khi có kết quả, đỡ phải đi lại nhiều lần. Nếu được, xin mở thêm một quầy vào các buổi sáng đầu tuần, vì khi ấy người đến rất đông, có hôm xếp hàng ra tận ngoài hiên.

Nghe nói quê ngoại tôi ở Đắk Lắk, huyện Krông Pắc, cũng vừa có điểm tiếp nhận hồ sơ như vậy. Thuở trước, mỗi lần làm giấy tờ là một lần khổ: quãng đường mấy chục cây số, chầu chực cả buổi, có khi về tay không. Bây giờ khác thật rồi. Cảm ơn anh Khuê, cảm ơn chị Thuỷ Tiên ở bàn hướng dẫn, và chúc tất cả các anh chị mạnh khoẻ, giữ mãi nụ cười ấy nhé. Ước gì ở đâu cũng được như thế… Giá mà cái quạt trần bớt kêu “cọt kẹt” nữa thì tuyệt!)";

bool is_word(char32_t c) {
    return (c >= U'0' && c <= U'9') || survey::letter_of(c);
}

/// A word that is no syllable, key by key; where the method takes a key for its own, the key once more.
std::string keys_of_other(std::u32string_view word, Method method) {
    std::string keys;
    for (std::size_t at = 0; at < word.size(); ++at) {
        const std::string key = survey::utf8_of(word.substr(at, 1));
        keys += key;
        if (typed(keys, by(method)) != survey::utf8_of(word.substr(0, at + 1))) keys += key;
    }
    return keys;
}

/// From where on the texts are not equal, a few words; empty when they are.
std::string difference(std::string_view text, std::string_view wanted) {
    if (text == wanted) return "";
    const auto [first, second] = std::mismatch(text.begin(), text.end(), wanted.begin(), wanted.end());
    const auto at = static_cast<std::size_t>(first - text.begin());
    const std::size_t word = std::min(text.rfind(' ', at), at);
    return "'" + std::string(text.substr(word, 30)) + "' for '" + std::string(wanted.substr(word, 30)) + "'";
}

/// Keys as somebody types the page.
std::string keys_of_prose(std::string_view prose, Method method, ToneTime time) {
    const std::u32string text = survey::characters_of(prose);
    std::string keys;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        while (end < text.size() && is_word(text[end]))
            ++end;
        const std::u32string word = text.substr(at, std::max<std::size_t>(end - at, 1));
        const std::string utf8 = survey::utf8_of(word);
        const bool is_vietnamese = survey::is_syllable(utf8);
        keys += is_vietnamese ? keys_of_word(word, method, time) : keys_of_other(word, method);
        at += word.size();
    }
    return keys;
}

class Prose : public testing::TestWithParam<std::pair<Method, ToneTime>> {};

TEST_P(Prose, ComesOutAsItWasMeant) {
    const auto [method, time] = GetParam();
    EXPECT_GE(survey::characters_of(kProse).size(), 1'500u);
    const std::string keys = keys_of_prose(kProse, method, time);
    EXPECT_EQ(keys.find("ế"), std::string::npos) << "the keys are not those of the method";
    const Draft draft = press_all({}, keys_of(keys), by(method));
    EXPECT_EQ(difference(draft.text, kProse), "");
    EXPECT_EQ(draft.cursor, length(draft));
}

INSTANTIATE_TEST_SUITE_P(By, Prose,
                         testing::Values(std::pair(Method::telex, ToneTime::at_end),
                                         std::pair(Method::telex, ToneTime::after_carrier),
                                         std::pair(Method::vni, ToneTime::at_end),
                                         std::pair(Method::vni, ToneTime::after_carrier)));

TEST(ProseWithToneKeys, ComesOutAsItWasMeant) {
    std::vector<Key> keys;
    for (const char32_t c : survey::characters_of(kProse)) {
        auto letter = survey::letter_of(c);
        const Tone tone = letter ? letter->tone : Tone::level;
        if (letter) letter->tone = Tone::level;
        keys.emplace_back(CharacterKey{letter ? survey::character_of(*letter).value() : c});
        if (tone != Tone::level) keys.emplace_back(ToneKey{tone});
    }
    EXPECT_EQ(difference(press_all({}, keys, by(Method::tone_keys)).text, kProse), "");
}

// --- Keys at random -----------------------------------------------------------------------------------------------

bool is_nfc(const std::string& text) {
    UErrorCode status = U_ZERO_ERROR;
    const bool is = icu::Normalizer2::getNFCInstance(status)->isNormalizedUTF8(text, status) != 0;
    return U_SUCCESS(status) && is;
}

Key random_key(std::uint32_t number) {
    // Vowels, marks and tones often, so that words come about; the rest of what a keyboard and a broken one can send.
    static const std::u32string often = U"aaeeoouuiywwddsfrxjz0123456789nghctpqglkmAEOUDWS  ";
    static const std::u32string seldom = U"ăâđêôơưÁệỮ.,\n-“…é\u0301\u00AD\uFFFE\x01";
    const std::uint32_t kind = number % 20;
    const std::uint32_t which = number / 20;
    if (kind < 13) return CharacterKey{often[which % often.size()]};
    if (kind < 15) return CharacterKey{seldom[which % seldom.size()]};
    if (kind == 15) return CharacterKey{which};
    if (kind == 16) return ToneKey{static_cast<Tone>(which % 6)};
    if (kind < 19) return EditKey::backspace;
    return static_cast<EditKey>(which % 6);
}

RC_GTEST_PROP(RandomKeys, LeaveComposedTextWithinItsLimits,
              (const std::vector<std::uint32_t>& numbers, std::uint8_t limit)) {
    TypingRules rules;
    rules.chars_max = 1 + limit % 40;
    Draft draft;
    for (const std::uint32_t number : numbers) {
        rules.method =
            static_cast<Method>((number >> 24) % 40 == 0 ? number % 4 : static_cast<std::uint32_t>(rules.method));
        rules.placement = limit % 2 == 0 ? Placement::main_vowel : Placement::middle;
        draft = press(draft, random_key(number), rules);
        RC_ASSERT(survey::is_composed(draft.text));
        RC_ASSERT(is_nfc(draft.text));
        RC_ASSERT(length(draft) <= rules.chars_max);
        RC_ASSERT(draft.cursor <= length(draft));
        RC_ASSERT(std::string(text_before(draft)) + std::string(text_after(draft)) == draft.text);
        RC_ASSERT(survey::characters_of(text_before(draft)).size() == draft.cursor);
    }
}

RC_GTEST_PROP(RandomKeys, AreTakenBackByAsManyBackspaces, (const std::vector<std::uint32_t>& numbers)) {
    const TypingRules rules = by(Method::telex);
    Draft draft;
    for (const std::uint32_t number : numbers)
        draft = press(draft, random_key(number), rules);
    draft = press(draft, EditKey::end, rules);
    for (std::size_t left = length(draft); left > 0; --left) {
        draft = press(draft, EditKey::backspace, rules);
        RC_ASSERT(length(draft) == left - 1);
    }
    RC_ASSERT(draft == Draft{});
}

}  // namespace
}  // namespace hailong::kiosk
