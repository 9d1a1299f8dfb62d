#include "sync/backend/ingest/document_texts.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include <boost/json.hpp>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include "survey/base/check.h"
#include "survey/base/json.h"
#include "survey/base/utf8.h"
#include "survey/vietnamese.h"

namespace hailong::sync {
namespace {

namespace json = boost::json;

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

const icu::Normalizer2& nfc() {
    UErrorCode error = U_ZERO_ERROR;
    const icu::Normalizer2* found = icu::Normalizer2::getNFCInstance(error);
    survey::check(U_SUCCESS(error) != 0 && found != nullptr, "ICU knows NFC");
    return *found;
}

UChar32 code_point(char32_t letter) {
    return static_cast<UChar32>(letter);
}

/// "U+00D0", in at least four digits.
std::string number_of(char32_t letter) {
    static constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string digits;
    for (std::uint32_t rest = letter; rest != 0 || digits.size() < 4; rest /= 16)
        digits.insert(digits.begin(), kDigits[rest % 16]);
    return "U+" + digits;
}

/// "U+00D0 (LATIN CAPITAL LETTER ETH)".
std::string character_name(char32_t letter) {
    std::array<char, 128> name{};
    UErrorCode error = U_ZERO_ERROR;
    u_charName(code_point(letter), U_UNICODE_CHAR_NAME, name.data(), static_cast<int32_t>(name.size()), &error);
    const bool has_name = U_SUCCESS(error) != 0 && name[0] != '\0';
    return number_of(letter) + (has_name ? " (" + std::string(name.data()) + ")" : "");
}

struct Complaint {
    std::string what;
    std::string remedy;
};

/// Letters that look like "Đ" and "đ" and are others: searched for, sorted and read aloud they are not found.
std::optional<std::string> meant_by(char32_t letter) {
    switch (letter) {
        case 0x00d0:  // Eth
        case 0x0189:  // African D
            return "Đ";
        case 0x00f0:  // eth
        case 0x0256:  // d with tail
            return "đ";
        default:
            return std::nullopt;
    }
}

/// The marks of a line of right-to-left script, and the joiners that some scripts need.
bool is_of_writing(char32_t letter) {
    return letter == 0x200c || letter == 0x200d || letter == 0x200e || letter == 0x200f || letter == 0x061c;
}

std::optional<Complaint> complaint_of(char32_t letter) {
    if (letter == U'\n') return std::nullopt;
    if (const auto meant = meant_by(letter)) {
        return Complaint{"holds " + character_name(letter) + ", which only looks like \"" + *meant + "\"",
                         "write \"" + *meant + "\" (" + number_of(survey::characters_of(*meant)[0]) + ")"};
    }
    if (letter == 0xfffd) {
        return Complaint{"holds " + character_name(letter) + ": a letter was lost when the text was copied",
                         "write the text anew"};
    }
    if (letter >= 0xff01 && letter <= 0xff5e) {
        return Complaint{"holds the full-width character " + character_name(letter), "write it in its usual width"};
    }
    const auto kind = u_charType(code_point(letter));
    if (kind == U_CONTROL_CHAR || kind == U_LINE_SEPARATOR || kind == U_PARAGRAPH_SEPARATOR ||
        (kind == U_FORMAT_CHAR && !is_of_writing(letter))) {
        return Complaint{"holds " + character_name(letter) + ", which nobody sees", "remove that character"};
    }
    if (kind == U_PRIVATE_USE_CHAR || kind == U_UNASSIGNED || kind == U_SURROGATE) {
        return Complaint{"holds " + number_of(letter) + ", which no font can show", "write the text anew in Unicode"};
    }
    return std::nullopt;
}

bool is_mark(char32_t letter) {
    return (U_GET_GC_MASK(code_point(letter)) & U_GC_M_MASK) != 0;
}

/// Of the alphabets that share the shapes of their letters; USCRIPT_COMMON for everything else.
UScriptCode alphabet_of(char32_t letter) {
    UErrorCode error = U_ZERO_ERROR;
    const UScriptCode script = uscript_getScript(code_point(letter), &error);
    const bool is_alike = script == USCRIPT_LATIN || script == USCRIPT_CYRILLIC || script == USCRIPT_GREEK ||
                          script == USCRIPT_ARMENIAN || script == USCRIPT_CHEROKEE;
    return is_alike ? script : USCRIPT_COMMON;
}

/// The first letter of a word that is of another alphabet than the one before it.
std::optional<char32_t> stranger_in(const std::u32string& text) {
    UScriptCode before = USCRIPT_COMMON;
    for (const char32_t letter : text) {
        const UScriptCode script = alphabet_of(letter);
        if (script != USCRIPT_COMMON && before != USCRIPT_COMMON && script != before) return letter;
        if (script != USCRIPT_COMMON) before = script;
        if (u_isalpha(code_point(letter)) == 0 && !is_mark(letter)) before = USCRIPT_COMMON;
    }
    return std::nullopt;
}

/// The traces of UTF-8 that was read as Windows-1252: "Nguyá»…n" for "Nguyễn".
bool is_read_wrongly(std::string_view utf8) {
    static constexpr std::array<std::string_view, 5> kTraces = {"á»", "áº", "Ä‘", "Æ°", "Æ¡"};
    return std::any_of(kTraces.begin(), kTraces.end(),
                       [&](std::string_view trace) { return utf8.find(trace) != std::string_view::npos; });
}

class Preparation {
  public:
    PreparedDocument run(json::value value, std::string_view text) {
        visit(value, {});
        result_.json = result_.composed == 0 ? std::string(text) : json::serialize(value);
        return std::move(result_);
    }

  private:
    void visit(json::value& value, const std::string& place) {
        if (json::string* text = value.if_string()) return prepare(*text, place);
        if (json::array* list = value.if_array()) {
            for (std::size_t i = 0; i < list->size(); ++i)
                visit((*list)[i], survey::place_of_entry(place, i));
        }
        if (json::object* object = value.if_object()) {
            for (auto& member : *object) {
                std::string inner = place.empty() ? std::string() : place + ".";
                visit(member.value(), inner.append(member.key()));
            }
        }
    }

    void prepare(json::string& text, const std::string& place) {
        const std::string whole = composed(std::string_view(text));
        if (whole != std::string_view(text)) {
            text = whole;
            ++result_.composed;
        }
        for (survey::Fault& fault : character_faults(whole, place))
            result_.faults.push_back(std::move(fault));
    }

    PreparedDocument result_;
};

}  // namespace

std::string composed(std::string_view utf8) {
    std::string result;
    UErrorCode error = U_ZERO_ERROR;
    icu::StringByteSink<std::string> sink(&result, static_cast<int32_t>(utf8.size()));
    nfc().normalizeUTF8(0, icu::StringPiece(utf8.data(), static_cast<int32_t>(utf8.size())), sink, nullptr, error);
    survey::check(U_SUCCESS(error) != 0, "well-formed text can be composed");
    return survey::compose(result);
}

survey::Faults character_faults(std::string_view utf8, const std::string& place) {
    if (is_read_wrongly(utf8)) {
        return {{place, "was read in another encoding than it was written in",
                 "save the file as UTF-8 in the program that it comes from, and write the text anew"}};
    }
    const std::u32string text = survey::characters_of(utf8);
    for (const char32_t letter : text) {
        if (auto complaint = complaint_of(letter)) return {{place, complaint->what, complaint->remedy}};
    }
    if (!survey::is_composed(utf8)) {
        const auto mark =
            std::find_if(text.begin(), text.end(), [](char32_t letter) { return letter >= 0x300 && letter <= 0x36f; });
        return {{place, "holds the mark " + character_name(*mark) + ", which makes no letter with the one before it",
                 "write the letter with its mark anew"}};
    }
    if (const auto stranger = stranger_in(text)) {
        return {
            {place, "holds " + character_name(*stranger) + " in a word of another alphabet", "write that letter anew"}};
    }
    return {};
}

Expected<PreparedDocument, survey::Faults> prepared_document(std::string_view file, std::optional<DocumentKind> kind) {
    if (file.starts_with("\xff\xfe") || file.starts_with("\xfe\xff")) {
        return unexpected(survey::Faults{{"byte 0", "is UTF-16", "save the file as UTF-8"}});
    }
    if (file.starts_with(kByteOrderMark)) file.remove_prefix(kByteOrderMark.size());
    auto value = survey::parse_json(file);
    if (!value) return unexpected(value.error());
    survey::Faults members = kind ? member_faults(*value, *kind) : survey::Faults{};
    PreparedDocument prepared = Preparation().run(std::move(*value), file);
    std::move(members.begin(), members.end(), std::back_inserter(prepared.faults));
    return prepared;
}

}  // namespace hailong::sync
