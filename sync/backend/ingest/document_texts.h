// What an office writes into a document before it is read: which texts are made whole, which are refused, and where.
// Documents are published and drawn on every glass, so they are mended or refused once, at the door. The only door to
// ICU.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "survey/base/expected.h"
#include "survey/base/fault.h"
#include "sync/backend/ingest/document_members.h"

namespace hailong::sync {

/// The text with its letters composed (NFC, Unicode Standard Annex 15), Vietnamese ones also when their marks stand in
/// another order. REQUIRES: well-formed UTF-8.
[[nodiscard]] std::string composed(std::string_view utf8);

/// What is wrong with the characters of a text; empty when nothing is. Refused are: what nobody sees (control
/// characters but the line break, directional overrides and isolates, zero-width blanks, the byte order mark within),
/// what no font has (unassigned, private use, U+FFFD), marks that join no letter, the look-alikes of "Đ" and "đ" (Eth,
/// African D), full-width Latin, letters of two alphabets in one word, and UTF-8 that was read as another encoding.
[[nodiscard]] survey::Faults character_faults(std::string_view utf8, const std::string& place);

/// A document whose texts are composed.
struct PreparedDocument {
    std::string json;
    std::size_t composed = 0;  // texts that were not
    survey::Faults faults;     // character_faults() of all texts, and member_faults() of the whole
};

/// Takes a byte order mark away and composes every text; the bytes stay as they are where nothing is to compose. The
/// fault is that of parse_json(), or that the file is UTF-16.
/// Without a kind its members are not looked at.
[[nodiscard]] Expected<PreparedDocument, survey::Faults> prepared_document(std::string_view file,
                                                                           std::optional<DocumentKind> kind);

}  // namespace hailong::sync
