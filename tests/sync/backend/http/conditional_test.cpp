#include "sync/backend/http/conditional.h"

#include <gtest/gtest.h>

namespace hailong::sync {
namespace {

TEST(IfNoneMatch, NamesAnEtagAnywhereInItsList) {
    const char* etag = "\"abc\"";
    for (const char* list : {"\"abc\"", "W/\"abc\"", "\"x\", \"abc\"", "\"x\",W/\"abc\" , \"y\"", "*", " \"abc\" "})
        EXPECT_TRUE(is_named_in(list, etag)) << list;
    for (const char* list : {"", "abc", "\"abcd\"", "\"ab\"", "\"x\", \"y\"", ",", "w/\"abc\""})
        EXPECT_FALSE(is_named_in(list, etag)) << list;
    EXPECT_TRUE(is_named_in("\"abc\"", "W/\"abc\"")) << "the comparison is a weak one";
}

TEST(NotModified, KeepsWhatDoesNotDescribeTheBody) {
    const HttpResponse answer = not_modified(
        {200, {{"Content-Type", "text/html"}, {"ETag", "\"a\""}, {"Content-Encoding", "gzip"}, {"X", "y"}}, "body"});
    EXPECT_EQ(answer.status, 304);
    EXPECT_EQ(answer.body, "");
    EXPECT_EQ(answer.header("ETag"), "\"a\"");
    EXPECT_EQ(answer.header("X"), "y");
    EXPECT_EQ(answer.header("Content-Type"), "");
    EXPECT_EQ(answer.header("Content-Encoding"), "");
}

TEST(AcceptEncoding, TakesGzipWhereItIsWanted) {
    for (const char* header : {"gzip", "GZIP", "deflate, gzip;q=1.0, *;q=0.5", "br;q=1.0, gzip;q=0.001", "*",
                               "gzip ; q=0.5", "x-gzip", "identity;q=0, gzip"})
        EXPECT_TRUE(takes_gzip(header)) << header;
    for (const char* header :
         {"", "identity", "br", "gzip;q=0", "gzip;q=0.", "gzip; q=0.000", "*;q=0", "gzip;Q=0, *", "gzipped"})
        EXPECT_FALSE(takes_gzip(header)) << header;
    EXPECT_TRUE(takes_gzip("*;q=0, gzip")) << "what is named goes before the rest";
}

TEST(Compression, IsForTextsThatAreLongEnough) {
    const auto response = [](const char* type, std::size_t bytes) {
        return HttpResponse{200, {{"Content-Type", type}}, std::string(bytes, 'x')};
    };
    EXPECT_TRUE(is_worth_compressing(response("text/html; charset=utf-8", kCompressFromBytes + 1)));
    EXPECT_TRUE(is_worth_compressing(response("application/json", 5'000)));
    EXPECT_FALSE(is_worth_compressing(response("text/html", kCompressFromBytes)));
    EXPECT_FALSE(is_worth_compressing(response("image/png", 5'000)));
    HttpResponse packed = response("text/css", 5'000);
    set_header(packed, "Content-Encoding", "gzip");
    EXPECT_FALSE(is_worth_compressing(packed));
}

}  // namespace
}  // namespace hailong::sync
