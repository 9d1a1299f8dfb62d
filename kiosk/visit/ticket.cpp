#include "kiosk/visit/ticket.h"

#include <algorithm>
#include <vector>

namespace hailong::kiosk {
namespace {

constexpr std::size_t kQueueDigitsMax = 12;
constexpr std::size_t kProcedureCodeGroups = 2;  // N.NNNNNN of N.NNNNNN.000.00.00.Hxx names the procedure

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool are_digits(std::string_view text, std::size_t least, std::size_t most) {
    return text.size() >= least && text.size() <= most && std::all_of(text.begin(), text.end(), is_digit);
}

/// A letter and two digits: a province or ministry (QĐ 20/2020/QĐ-TTg Art 4).
bool is_agency(std::string_view group) {
    return group.size() == 3 && group[0] >= 'A' && group[0] <= 'Y' && are_digits(group.substr(1), 2, 2);
}

std::vector<std::string_view> split(std::string_view text, char at) {
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t end = text.find(at);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

/// MX1X2.Y1Y2Y3.Z1Z2 as well as V1V2V3.Z1Z2.Y1Y2.MX1X2, both with groups left out as they are in practice.
bool is_unit(std::string_view text) {
    const std::vector<std::string_view> groups = split(text, '.');
    if (is_agency(groups.front())) {
        return groups.size() <= 6 && std::all_of(groups.begin() + 1, groups.end(),
                                                 [](std::string_view group) { return are_digits(group, 1, 3); });
    }
    if (!is_agency(groups.back())) return false;
    const std::size_t wide = are_digits(groups.front(), 3, 3) ? 1 : 0;
    const std::size_t pairs = groups.size() - 1 - wide;
    return pairs >= 1 && pairs <= 2 &&
           std::all_of(groups.begin() + static_cast<std::ptrdiff_t>(wide), groups.end() - 1,
                       [](std::string_view group) { return are_digits(group, 2, 2); });
}

/// YYMMDD, a real day of this century.
bool is_day(std::string_view text) {
    if (!are_digits(text, 6, 6)) return false;
    const std::string date = "20" + std::string(text.substr(0, 2)) + "-" + std::string(text.substr(2, 2)) + "-" +
                             std::string(text.substr(4, 2));
    return survey::parse_date(date).has_value();
}

int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

/// Web addresses may hold %2D for a hyphen; capitals, because scanners and people differ in them.
std::string decoded_capitals(std::string_view text) {
    std::string plain;
    for (std::size_t at = 0; at < text.size(); ++at) {
        char c = text[at];
        if (c == '%' && at + 2 < text.size() && hex_value(text[at + 1]) >= 0 && hex_value(text[at + 2]) >= 0) {
            c = static_cast<char>(hex_value(text[at + 1]) * 16 + hex_value(text[at + 2]));
            at += 2;
        }
        plain += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return plain;
}

/// The words of a scan: what stands between characters that no code holds.
std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    const auto is_part = [](char c) { return is_digit(c) || (c >= 'A' && c <= 'Z') || c == '.' || c == '-'; };
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        while (end < text.size() && is_part(text[end]))
            ++end;
        std::string_view word = text.substr(at, end - at);
        while (!word.empty() && (word.back() == '.' || word.back() == '-'))
            word.remove_suffix(1);
        if (!word.empty()) words.push_back(word);
        at = end + 1;
    }
    return words;
}

const survey::Procedure* procedure_of(std::string_view word, const survey::Center& center) {
    const std::vector<std::string_view> groups = split(word, '.');
    if (groups.size() < kProcedureCodeGroups) return nullptr;
    const std::string_view code = word.substr(0, groups[0].size() + 1 + groups[1].size());
    const auto found = std::find_if(center.procedures.begin(), center.procedures.end(),
                                    [&](const survey::Procedure& one) { return one.code == code; });
    return found == center.procedures.end() ? nullptr : &*found;
}

void fill(Ticket& ticket, const survey::Procedure& procedure) {
    ticket.procedure = procedure.id;
    ticket.field = procedure.field;
    if (ticket.counter.empty()) ticket.counter = procedure.counter;
}

/// The digits behind `prefix`, without the separator; empty when the word is no number of that queue.
std::string_view queue_digits(std::string_view word, const std::string& prefix) {
    if (word.size() <= prefix.size() || word.substr(0, prefix.size()) != prefix) return {};
    word.remove_prefix(prefix.size());
    if (word.front() == '-' || word.front() == '.') word.remove_prefix(1);
    return are_digits(word, 1, kQueueDigitsMax) ? word : std::string_view{};
}

std::optional<Ticket> queue_ticket(std::string_view word, const survey::Center& center) {
    std::optional<Ticket> ticket;
    std::size_t longest = 0;
    for (const survey::TicketRule& rule : center.tickets) {
        const std::string prefix = decoded_capitals(rule.prefix);
        const std::string_view digits = queue_digits(word, prefix);
        if (digits.empty() || prefix.size() <= longest) continue;
        longest = prefix.size();
        ticket = Ticket{prefix + std::string(digits), rule.counter, {}, {}, true, true};
        if (const auto* procedure = center.procedure(rule.procedure)) fill(*ticket, *procedure);
    }
    return ticket;
}

}  // namespace

bool is_dossier_code(std::string_view text) {
    const std::vector<std::string_view> parts = split(text, '-');
    return parts.size() == 3 && is_unit(parts[0]) && is_day(parts[1]) && are_digits(parts[2], 4, 12);
}

Ticket parse_ticket(std::string_view scanned, const survey::Center& center) {
    if (scanned.size() > kTicketBytesMax) return {};
    const std::string text = decoded_capitals(scanned);
    const std::vector<std::string_view> words = words_of(text);
    const auto dossier = std::find_if(words.begin(), words.end(), is_dossier_code);
    if (dossier != words.end()) {
        Ticket ticket;
        ticket.code = *dossier;
        ticket.recognised = true;
        for (const std::string_view word : words) {
            const survey::Procedure* procedure = procedure_of(word, center);
            if (procedure != nullptr && ticket.procedure.empty()) fill(ticket, *procedure);
        }
        return ticket;
    }
    for (const std::string_view word : words) {
        if (auto ticket = queue_ticket(word, center)) return *ticket;
    }
    return {};
}

std::string ticket_key(const Ticket& ticket, survey::Date day) {
    return ticket.daily ? ticket.code + "@" + survey::to_string(day) : ticket.code;
}

}  // namespace hailong::kiosk
