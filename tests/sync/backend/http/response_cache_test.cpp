#include "sync/backend/http/response_cache.h"

#include <atomic>
#include <latch>
#include <new>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace hailong::sync {
namespace {

/// Packs to something that is seen at once.
std::string pack(std::string_view text) {
    return "packed " + std::to_string(text.size());
}

class ResponseCacheTest : public testing::Test {
  protected:
    HttpResponse get(const std::string& key, const std::string& version, HttpRequest request = {},
                     std::size_t bytes = 2'000) {
        return cache_.answer(request, {key, version}, [&] {
            ++made_;
            return HttpResponse{status_, {{"Content-Type", "text/html"}}, std::string(bytes, 'x')};
        });
    }
    static HttpRequest asking(const std::string& header, const std::string& value) {
        return {"GET", "/", {{header, value}}, {}};
    }

    ResponseCache cache_{pack, 50'000};
    int made_ = 0;
    int status_ = 200;
};

TEST_F(ResponseCacheTest, MakesAnAnswerOnceAVersion) {
    EXPECT_EQ(get("a", "1").body.size(), 2'000u);
    EXPECT_EQ(get("a", "1").body.size(), 2'000u);
    EXPECT_EQ(made_, 1);
    EXPECT_EQ(get("a", "2").header("ETag"), "W/\"2\"");
    EXPECT_EQ(get("b", "1").header("ETag"), "W/\"1\"");
    EXPECT_EQ(made_, 3);
}

TEST_F(ResponseCacheTest, AnswersWhoHasItWithoutMakingIt) {
    const HttpResponse same = get("a", "1", asking("if-none-match", "W/\"1\""));
    EXPECT_EQ(same.status, 304);
    EXPECT_EQ(same.body, "");
    EXPECT_EQ(same.header("ETag"), "W/\"1\"");
    EXPECT_EQ(same.header("Cache-Control"), "no-cache");
    EXPECT_EQ(made_, 0);
    EXPECT_EQ(get("a", "2", asking("if-none-match", "W/\"1\"")).status, 200);
}

TEST_F(ResponseCacheTest, PacksOnceForThoseWhoTakeIt) {
    const HttpResponse packed = get("a", "1", asking("accept-encoding", "gzip"));
    EXPECT_EQ(packed.body, "packed 2000");
    EXPECT_EQ(packed.header("Content-Encoding"), "gzip");
    EXPECT_EQ(packed.header("Vary"), "Accept-Encoding");
    const HttpResponse plain = get("a", "1");
    EXPECT_EQ(plain.header("Content-Encoding"), "");
    EXPECT_EQ(plain.header("Vary"), "Accept-Encoding");
    EXPECT_EQ(made_, 1);
    EXPECT_EQ(get("b", "1", asking("accept-encoding", "gzip"), 10).header("Content-Encoding"), "") << "too short";
}

TEST(ResponseCache, MakesOnceWhatManyAskForAtTheSameTime) {
    constexpr int kAsking = 8;
    ResponseCache cache(pack);
    std::atomic<int> made = 0;
    std::latch all_ask(kAsking);
    std::vector<std::thread> threads;
    for (int i = 0; i < kAsking; ++i) {
        threads.emplace_back([&] {
            all_ask.count_down();
            const HttpResponse response = cache.answer({}, {"year", "1"}, [&] {
                ++made;
                all_ask.wait();
                // Time for the others to make it, too, if they were let.
                for (int turn = 0; turn < 10'000 && made == 1; ++turn)
                    std::this_thread::yield();
                return HttpResponse{200, {}, "figures"};
            });
            EXPECT_EQ(response.body, "figures");
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    EXPECT_EQ(made, 1);
}

TEST(ResponseCache, LetsAnotherMakeWhatOneCouldNot) {
    ResponseCache cache(pack);
    EXPECT_THROW(static_cast<void>(cache.answer({}, {"year", "1"}, []() -> HttpResponse { throw std::bad_alloc(); })),
                 std::bad_alloc);
    EXPECT_EQ(cache.answer({}, {"year", "1"}, [] { return HttpResponse{503, {}, ""}; }).status, 503);
    EXPECT_EQ(cache.answer({}, {"year", "1"}, [] { return HttpResponse{200, {}, ""}; }).status, 200);
}

TEST_F(ResponseCacheTest, KeepsNoErrors) {
    status_ = 503;
    EXPECT_EQ(get("a", "1").status, 503);
    EXPECT_EQ(get("a", "1").header("ETag"), "");
    EXPECT_EQ(made_, 2);
    EXPECT_EQ(cache_.bytes(), 0u);
}

TEST_F(ResponseCacheTest, LetsGoOfWhatWasNotAskedForLongest) {
    for (int i = 0; i < 100; ++i) {
        static_cast<void>(get("first", "1"));
        static_cast<void>(get(std::to_string(i), "1"));
        EXPECT_LE(cache_.bytes(), 50'000u);
    }
    EXPECT_EQ(made_, 101) << "the first was asked for again and again";
    static_cast<void>(get("99", "1"));
    EXPECT_EQ(made_, 101);
    static_cast<void>(get("0", "1"));
    EXPECT_EQ(made_, 102);
}

TEST_F(ResponseCacheTest, DoesNotCountWhatItReplaces) {
    static_cast<void>(get("a", "1"));
    const std::size_t once = cache_.bytes();
    EXPECT_GT(once, 2'000u);
    static_cast<void>(get("a", "2"));
    EXPECT_EQ(cache_.bytes(), once);
}

TEST_F(ResponseCacheTest, GivesWhatIsTooLargeWithoutKeepingIt) {
    EXPECT_EQ(get("a", "1", {}, 60'000).body.size(), 60'000u);
    EXPECT_EQ(cache_.bytes(), 0u);
}

}  // namespace
}  // namespace hailong::sync
