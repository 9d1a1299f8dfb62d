#include "sync/backend/model/incident.h"

#include <array>
#include <utility>

namespace hailong::sync {
namespace {

constexpr std::array kNames = {
    std::pair(IncidentKind::bad_signature, std::string_view("bad_signature")),
    std::pair(IncidentKind::forked, std::string_view("forked")),
    std::pair(IncidentKind::skipped, std::string_view("skipped")),
    std::pair(IncidentKind::cloned, std::string_view("cloned")),
    std::pair(IncidentKind::stray_text, std::string_view("stray_text")),
    std::pair(IncidentKind::wrong_code, std::string_view("wrong_code")),
    std::pair(IncidentKind::restored, std::string_view("restored")),
    std::pair(IncidentKind::clock, std::string_view("clock")),
    std::pair(IncidentKind::unopened_text, std::string_view("unopened_text")),
    std::pair(IncidentKind::documents, std::string_view("documents")),
    std::pair(IncidentKind::claim, std::string_view("claim")),
    std::pair(IncidentKind::times, std::string_view("times")),
};

}  // namespace

std::string_view name(IncidentKind kind) {
    for (const auto& [known, text] : kNames) {
        if (known == kind) return text;
    }
    return "other";
}

IncidentKind parse_incident_kind(std::string_view name) {
    for (const auto& [kind, text] : kNames) {
        if (text == name) return kind;
    }
    return IncidentKind::other;
}

}  // namespace hailong::sync
