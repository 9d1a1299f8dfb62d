// The only translation unit that knows Boost.URL.
#include "sync/backend/http/url.h"

#include <algorithm>

#include <boost/url/encoding_opts.hpp>
#include <boost/url/params_view.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/parse_query.hpp>
#include <boost/url/url_view.hpp>

namespace hailong::sync {
namespace {

namespace urls = boost::urls;

std::optional<Fields> fields_of(urls::params_encoded_view encoded) {
    if (encoded.size() > kFieldsMax) return std::nullopt;
    urls::encoding_opts plus_is_space;
    plus_is_space.space_as_plus = true;
    Fields fields;
    for (const urls::param_pct_view one : encoded) {
        fields.all.emplace_back(one.key.decode(plus_is_space), one.value.decode(plus_is_space));
    }
    return fields;
}

}  // namespace

const std::string* Fields::find(std::string_view name) const {
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& field) { return field.first == name; });
    return found == all.end() ? nullptr : &found->second;
}

std::string Fields::get(std::string_view name) const {
    const std::string* found = find(name);
    return found == nullptr ? std::string() : *found;
}

std::optional<Target> parse_target(std::string_view text) {
    if (text.size() > kTargetBytesMax) return std::nullopt;
    const auto url = urls::parse_origin_form({text.data(), text.size()});
    if (!url) return std::nullopt;
    Target target;
    for (const urls::pct_string_view segment : url->encoded_segments())
        target.path.push_back(segment.decode());
    auto query = fields_of(url->encoded_params());
    if (!query) return std::nullopt;
    target.query = std::move(*query);
    return target;
}

std::optional<Fields> parse_form(std::string_view body) {
    if (body.size() > kFormBytesMax) return std::nullopt;
    if (body.empty()) return Fields{};
    const auto parsed = urls::parse_query({body.data(), body.size()});
    if (!parsed) return std::nullopt;
    return fields_of(*parsed);
}

}  // namespace hailong::sync
