#include "sync/backend/http/router.h"

#include <algorithm>
#include <utility>

#include "survey/base/check.h"
#include "survey/base/ids.h"

namespace hailong::sync {
namespace {

bool takes(Method method, std::string_view name) {
    switch (method) {
        case Method::get:
            return name == "GET" || name == "HEAD";
        case Method::post:
            return name == "POST";
    }
    return false;
}

std::string_view allowed(Method method) {
    switch (method) {
        case Method::get:
            return "GET, HEAD";
        case Method::post:
            return "POST";
    }
    return {};
}

}  // namespace

RouteHandler answering(std::function<HttpResponse(const RoutedRequest&)> make) {
    return [make = std::move(make)](const RoutedRequest& request, const Responder& respond) { respond(make(request)); };
}

Router::Router(std::vector<Route> routes) {
    for (Route& route : routes) {
        std::vector<Segment> segments = segments_of(route.pattern);
        for (const Row& row : rows_) {
            survey::check(row.route.method != route.method || row.segments != segments, "a path has one handler");
        }
        rows_.push_back({std::move(route), std::move(segments)});
    }
}

std::vector<Router::Segment> Router::segments_of(std::string_view pattern) {
    survey::check(pattern.starts_with('/'), "a path begins with a slash");
    std::vector<Segment> segments;
    std::string_view rest = pattern.substr(1);
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('/'), rest.size());
        const std::string_view text = rest.substr(0, end);
        const bool is_parameter = text.size() > 2 && text.front() == '{' && text.back() == '}';
        segments.push_back({std::string(is_parameter ? text.substr(1, text.size() - 2) : text), is_parameter});
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return segments;
}

std::optional<Fields> Router::parameters(const Row& row, const std::vector<std::string>& path) {
    if (row.segments.size() != path.size()) return std::nullopt;
    Fields parameters;
    for (std::size_t i = 0; i < path.size(); ++i) {
        const Segment& segment = row.segments[i];
        if (segment.is_parameter) {
            if (!survey::is_identifier(path[i])) return std::nullopt;
            parameters.all.emplace_back(segment.text, path[i]);
        } else if (segment.text != path[i]) {
            return std::nullopt;
        }
    }
    return parameters;
}

Expected<RouteMatch, NoRoute> Router::find(const HttpRequest& request) const {
    auto target = parse_target(request.target);
    if (!target) return unexpected(NoRoute(BadTarget{}));
    WrongMethod wrong;
    for (const Row& row : rows_) {
        auto path = parameters(row, target->path);
        if (!path) continue;
        if (takes(row.route.method, request.method)) {
            return RouteMatch{&row.route, std::move(*path), std::move(target->query)};
        }
        wrong.allow += (wrong.allow.empty() ? "" : ", ") + std::string(allowed(row.route.method));
        wrong.metrics_name = row.route.metrics_name;
    }
    if (!wrong.allow.empty()) return unexpected(NoRoute(std::move(wrong)));
    return unexpected(NoRoute(NoSuchPath{std::move(target->query)}));
}

}  // namespace hailong::sync
