// Which handler answers which request: a table of methods and paths, written down as data. What stands in no row is not
// found; what stands there under another method is told which. Knows no room that answers.
#pragma once

#include <any>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "survey/base/expected.h"
#include "sync/backend/http/message.h"
#include "sync/backend/http/url.h"

namespace hailong::sync {

enum class Method {
    get,  // and HEAD
    post
};

/// Who may ask.
enum class Authentication {
    none,     // everybody
    terminal  // the terminal that the path names, by its token
};

/// Which threads do the work: none of the four waits behind another.
enum class Lane {
    pages,    // what somebody waits for in front of a screen
    exports,  // what may take longer
    terminals,
    large_batches  // of terminals
};

/// A request as its handler gets it.
struct RoutedRequest {
    HttpRequest request;
    Fields path;  // what stands at the names of the pattern; each is an identifier
    Fields query;
    std::any caller;  // who asks, as the route's authentication found; empty when it needs none
};

using RouteHandler = std::function<void(RoutedRequest, Responder)>;

/// A handler that has its answer at once.
[[nodiscard]] RouteHandler answering(std::function<HttpResponse(const RoutedRequest&)> make);

struct Route {
    Method method = Method::get;
    std::string pattern;  // "/v1/terminals/{kiosk}/batches"; what stands in braces is any identifier
    Authentication authentication = Authentication::none;
    Lane lane = Lane::pages;
    RouteHandler handler;
    std::string metrics_name;
    std::size_t body_bytes = 0;  // most that a request may bring
};

/// A route that fits a request.
struct RouteMatch {
    const Route* route = nullptr;  // lives as long as the router
    Fields path;
    Fields query;
};

/// Why no route fits.
struct BadTarget {};  // not even the target can be read
struct NoSuchPath {
    Fields query;
};
struct WrongMethod {
    std::string allow;  // "GET, HEAD"
    std::string metrics_name;
};
using NoRoute = std::variant<BadTarget, NoSuchPath, WrongMethod>;

/// Immutable: safe to use from any thread.
class Router {
  public:
    /// REQUIRES: every pattern begins with "/"; no two routes take the same method and path.
    explicit Router(std::vector<Route> routes);

    /// O(routes).
    [[nodiscard]] Expected<RouteMatch, NoRoute> find(const HttpRequest& request) const;

  private:
    struct Segment {
        std::string text;  // or, for a parameter, its name
        bool is_parameter = false;
        bool operator==(const Segment&) const = default;
    };
    struct Row {
        Route route;
        std::vector<Segment> segments;
    };

    [[nodiscard]] static std::vector<Segment> segments_of(std::string_view pattern);
    [[nodiscard]] static std::optional<Fields> parameters(const Row& row, const std::vector<std::string>& path);

    std::vector<Row> rows_;
};

}  // namespace hailong::sync
