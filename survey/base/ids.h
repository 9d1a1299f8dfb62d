// Identifiers as types of their own, so that an officer can never be handed over as a counter.
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <string_view>

namespace hailong::survey {

/// Text that names one thing of the kind `Tag`. Empty means "none".
template <class Tag>
struct Id {
    std::string text;
    [[nodiscard]] bool empty() const { return text.empty(); }
    auto operator<=>(const Id&) const = default;
};

using CenterId = Id<struct CenterTag>;
using CounterId = Id<struct CounterTag>;
using FieldId = Id<struct FieldTag>;
using ItemId = Id<struct ItemTag>;
using KioskId = Id<struct KioskTag>;
using OfficerId = Id<struct OfficerTag>;
using ProcedureId = Id<struct ProcedureTag>;
using QuestionnaireId = Id<struct QuestionnaireTag>;

/// Longest identifier accepted anywhere, in bytes: fits every code of the domain (agency codes: 35) with room.
inline constexpr std::size_t kIdentifierBytesMax = 64;

/// True for 1 to kIdentifierBytesMax bytes of A-Z a-z 0-9 . _ - (what is safe in a URL, a file name and a header).
[[nodiscard]] bool is_identifier(std::string_view text);

}  // namespace hailong::survey

template <class Tag>
struct std::hash<hailong::survey::Id<Tag>> {
    std::size_t operator()(const hailong::survey::Id<Tag>& id) const noexcept {
        return std::hash<std::string>{}(id.text);
    }
};
