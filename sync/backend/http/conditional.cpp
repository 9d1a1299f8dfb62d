#include "sync/backend/http/conditional.h"

#include <algorithm>
#include <array>
#include <optional>

#include "sync/backend/http/header_list.h"

namespace hailong::sync {
namespace {

bool is_same(std::string_view ours, std::string_view theirs) {
    return std::equal(ours.begin(), ours.end(), theirs.begin(), theirs.end(), [](char our, char their) {
        return our == their || (their >= 'A' && their <= 'Z' && our == their + ('a' - 'A'));
    });
}

std::string_view opaque(std::string_view etag) {
    if (etag.starts_with("W/")) etag.remove_prefix(2);
    return etag;
}

/// "q=0", "q=0.", "q=0.000": not wanted at all. A weight that can't be read counts as one.
bool is_refused(std::string_view weight) {
    const bool has_weight = weight.size() > 2 && (weight[0] == 'q' || weight[0] == 'Q') && weight[1] == '=';
    if (!has_weight || weight[2] != '0') return false;
    const std::string_view rest = weight.substr(3);
    return rest.empty() || (rest.front() == '.' && rest.find_first_not_of('0', 1) == std::string_view::npos);
}

}  // namespace

bool is_named_in(std::string_view if_none_match, std::string_view etag) {
    while (!if_none_match.empty()) {
        const std::string_view one = take_element(if_none_match, ',');
        if (one == "*" || (!one.empty() && opaque(one) == opaque(etag))) return true;
    }
    return false;
}

HttpResponse not_modified(const HttpResponse& response) {
    static constexpr std::array<std::string_view, 3> kOfTheBody = {"Content-Type", "Content-Encoding",
                                                                   "Content-Disposition"};
    HttpResponse answer{304, {}, {}};
    for (const auto& header : response.headers) {
        if (std::find(kOfTheBody.begin(), kOfTheBody.end(), header.first) == kOfTheBody.end()) {
            answer.headers.push_back(header);
        }
    }
    return answer;
}

bool takes_gzip(std::string_view accept_encoding) {
    std::optional<bool> named;
    std::optional<bool> any;
    while (!accept_encoding.empty()) {
        std::string_view element = take_element(accept_encoding, ',');
        const std::string_view coding = take_element(element, ';');
        const bool is_taken = !is_refused(trimmed(element));
        if (is_same("gzip", coding) || is_same("x-gzip", coding)) named = named.value_or(is_taken);
        if (coding == "*") any = any.value_or(is_taken);
    }
    return named.value_or(any.value_or(false));
}

bool is_worth_compressing(const HttpResponse& response) {
    if (response.body.size() <= kCompressFromBytes || !response.header("Content-Encoding").empty()) return false;
    const std::string_view type = response.header("Content-Type");
    return type.starts_with("text/") || type.starts_with("application/json") || type.starts_with("image/svg+xml");
}

}  // namespace hailong::sync
