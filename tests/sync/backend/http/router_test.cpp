#include "sync/backend/http/router.h"

#include <gtest/gtest.h>

namespace hailong::sync {
namespace {

Route route(Method method, const std::string& pattern, const std::string& name) {
    Route one;
    one.method = method;
    one.pattern = pattern;
    one.metrics_name = name;
    one.handler = answering([name](const RoutedRequest&) { return HttpResponse{200, {}, name}; });
    return one;
}

Router sample_router() {
    return Router({route(Method::get, "/", "home"), route(Method::get, "/centers/{center}", "center"),
                   route(Method::get, "/centers/{center}/results.json", "json"),
                   route(Method::post, "/v1/terminals/{kiosk}/batches", "batches"), route(Method::get, "/both", "read"),
                   route(Method::post, "/both", "write")});
}

/// The name of the route that fits, or what is wrong.
std::string found(const Router& router, const std::string& method, const std::string& target) {
    const auto match = router.find({method, target, {}, {}});
    if (match) return match->route->metrics_name;
    if (const auto* wrong = std::get_if<WrongMethod>(&match.error())) return "allow " + wrong->allow;
    return std::holds_alternative<NoSuchPath>(match.error()) ? "not found" : "bad target";
}

TEST(Router, FindsTheRowOfMethodAndPath) {
    const Router router = sample_router();
    EXPECT_EQ(found(router, "GET", "/"), "home");
    EXPECT_EQ(found(router, "GET", "/centers/mau?period=2026"), "center");
    EXPECT_EQ(found(router, "GET", "/centers/mau/results.json"), "json");
    EXPECT_EQ(found(router, "POST", "/v1/terminals/K1/batches"), "batches");
    EXPECT_EQ(found(router, "GET", "/both"), "read");
    EXPECT_EQ(found(router, "POST", "/both"), "write");
}

TEST(Router, AnswersHeadWhereItAnswersGet) {
    const Router router = sample_router();
    EXPECT_EQ(found(router, "HEAD", "/centers/mau"), "center");
    EXPECT_EQ(found(router, "HEAD", "/v1/terminals/K1/batches"), "allow POST");
}

TEST(Router, SaysWhichMethodsAPathTakes) {
    const Router router = sample_router();
    EXPECT_EQ(found(router, "POST", "/centers/mau"), "allow GET, HEAD");
    EXPECT_EQ(found(router, "GET", "/v1/terminals/K1/batches"), "allow POST");
    EXPECT_EQ(found(router, "DELETE", "/both"), "allow GET, HEAD, POST");
    EXPECT_EQ(found(router, "get", "/"), "allow GET, HEAD") << "methods are told apart by case";
}

TEST(Router, FindsNothingElse) {
    const Router router = sample_router();
    for (const char* target : {"//", "/centers", "/centers/", "/centers/mau/", "/centers/mau/results.json/x",
                               "/centers/mau/other", "/CENTERS/mau", "/v1/terminals/K1", "/../centers/mau"})
        EXPECT_EQ(found(router, "GET", target), "not found") << target;
    for (const char* target : {"", "*", "http://x/", "/%", "/centers/mau?period=%"})
        EXPECT_EQ(found(router, "GET", target), "bad target") << target;
}

TEST(Router, TakesOnlyIdentifiersForParameters) {
    const Router router = sample_router();
    const auto match = router.find({"GET", "/centers/binh-minh?a=b", {}, {}});
    ASSERT_TRUE(match);
    EXPECT_EQ(match->path.get("center"), "binh-minh");
    EXPECT_EQ(match->query.get("a"), "b");
    for (const char* bad : {"/centers/a%20b", "/centers/a%2Fb", "/centers/%00", "/centers/%C3%A9", "/centers/a'b"})
        EXPECT_EQ(found(router, "GET", bad), "not found") << bad;
    EXPECT_EQ(found(router, "GET", "/centers/" + std::string(200, 'a')), "not found");
}

TEST(RouterDeathTest, WithTwoHandlersForAPathEndsTheProgram) {
    EXPECT_DEATH(Router({route(Method::get, "/a/{b}", "one"), route(Method::get, "/a/{b}", "two")}), "one handler");
    EXPECT_DEATH(Router({route(Method::get, "a", "one")}), "slash");
}

}  // namespace
}  // namespace hailong::sync
