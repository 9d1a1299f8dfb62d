// The checker itself, on planted faults and on what only looks like one.
#include "tests/house/house_rules.h"

#include <string>

#include <gtest/gtest.h>

namespace hailong::house {
namespace {

std::string included(const std::string& path, const std::string& include) {
    return describe(check_includes(path, "#include " + include + "\n"));
}

TEST(TakeApart, BlanksCommentsAndTheInsideOfLiterals) {
    const Source source = take_apart("int a; // static\n/* static\n */ f(\"static \\\" x\", '\"', 1'000'000);\n");
    EXPECT_EQ(source.code, "int a;          \n         \n    f(\"           \", ' ', 1'000'000);\n");
    ASSERT_EQ(source.literals.size(), 1u);
    EXPECT_EQ(source.literals[0], (Literal{3, "static \\\" x"}));
}

TEST(TakeApart, KnowsRawLiterals) {
    const Source source = take_apart("a(R\"(one \" // two)\", R\"x(three)\" )x\");\nb();");
    EXPECT_EQ(source.literals, (std::vector<Literal>{{1, "one \" // two"}, {1, "three)\" "}}));
    EXPECT_EQ(source.code.substr(source.code.find('\n')), "\nb();");
    EXPECT_EQ(source.code.find("two"), std::string::npos);
}

TEST(TakeApart, EndsWithTheTextWhateverIsLeftOpen) {
    for (const char* text : {"/* open", "// open", "\"open", "'o", "R\"(open", "R\"open", "\"\\", "/", "\""}) {
        EXPECT_EQ(take_apart(text).code.size(), std::string_view(text).size()) << text;
    }
}

// --- Layers -------------------------------------------------------------------------------------------------------

TEST(Layers, LetRoomsIncludeDownwards) {
    EXPECT_EQ(included("survey/tally.cpp", "\"survey/base/json.h\""), "");
    EXPECT_EQ(included("survey/base/host.cpp", "\"survey/base/time.h\""), "");
    EXPECT_EQ(included("kiosk/journal/journal.cpp", "\"survey/record.h\""), "");
    EXPECT_EQ(included("kiosk/screens/asking.cpp", "\"kiosk/widgets/faces.h\""), "");
    EXPECT_EQ(included("kiosk/screens/asking.cpp", "\"kiosk/visit/visit.h\""), "");
    EXPECT_EQ(included("kiosk/visit/visit.h", "\"kiosk/typing/typing.h\""), "");
    EXPECT_EQ(included("kiosk/app/saver.cpp", "\"kiosk/journal/journal.h\""), "");
    EXPECT_EQ(included("kiosk/main.cpp", "\"kiosk/platform/window.h\""), "");
    EXPECT_EQ(included("sync/client/client.cpp", "\"kiosk/journal/journal.h\""), "");
    EXPECT_EQ(included("sync/client/client.cpp", "\"sync/protocol/batch.h\""), "");
    EXPECT_EQ(included("sync/backend/site/pages.cpp", "\"sync/backend/figures/results.h\""), "");
    EXPECT_EQ(included("tests/e2e/x_test.cpp", "\"sync/backend/store/store.h\""), "");
}

TEST(Layers, FindIncludesUpwardsAndSideways) {
    const char* const wrong[][2] = {
        {"survey/tally.cpp", "kiosk/visit/visit.h"},
        {"survey/tally.cpp", "sync/protocol/batch.h"},
        {"survey/tally.cpp", "survey/base/host.h"},
        {"kiosk/journal/journal.cpp", "kiosk/visit/visit.h"},
        {"kiosk/journal/journal.cpp", "sync/protocol/batch.h"},
        {"kiosk/visit/visit.cpp", "kiosk/journal/journal.h"},
        {"kiosk/visit/visit.cpp", "kiosk/widgets/faces.h"},
        {"kiosk/visit/visit.cpp", "survey/base/host.h"},
        {"survey/tally.cpp", "survey/base/sqlite.h"},
        {"survey/base/json.cpp", "survey/base/toml.h"},
        {"kiosk/screens/asking.cpp", "survey/base/sqlite.h"},
        {"sync/backend/store/store.h", "survey/base/sqlite.h"},
        {"kiosk/widgets/faces.cpp", "kiosk/screens/screens.h"},
        {"kiosk/screens/asking.cpp", "kiosk/journal/journal.h"},
        {"kiosk/screens/asking.cpp", "kiosk/platform/window.h"},
        {"kiosk/screens/asking.cpp", "kiosk/app/app.h"},
        {"kiosk/screens/asking.cpp", "survey/base/host.h"},
        {"kiosk/platform/window.cpp", "kiosk/journal/journal.h"},
        {"kiosk/app/app.cpp", "kiosk/platform/window.h"},
        {"kiosk/app/app.cpp", "sync/protocol/batch.h"},
        {"kiosk/main.cpp", "sync/client/client.h"},
        {"sync/protocol/batch.cpp", "kiosk/journal/journal.h"},
        {"sync/protocol/batch.cpp", "sync/client/client.h"},
        {"sync/client/client.cpp", "kiosk/visit/visit.h"},
        {"sync/client/client.cpp", "sync/backend/store/store.h"},
        {"sync/backend/store/sqlite/store.cpp", "kiosk/journal/journal.h"},
        {"sync/backend/store/sqlite/store.cpp", "sync/backend/ingest/ingest.h"},
        {"sync/backend/ingest/ingest.cpp", "sync/backend/site/pages.h"},
        {"sync/backend/figures/results.cpp", "sync/backend/ingest/ingest.h"},
        {"sync/backend/site/pages.cpp", "sync/backend/service/service.h"},
        {"sync/backend/service/service.cpp", "kiosk/visit/visit.h"},
        {"kiosk/app/app.cpp", "tests/support/sample.h"},
        {"assets/x.cpp", "survey/base/json.h"},
    };
    for (const auto& [path, header] : wrong) {
        EXPECT_NE(included(path, "\"" + std::string(header) + "\""), "") << path << " includes " << header;
    }
}

TEST(Layers, NameTheFileTheLineAndTheRule) {
    const auto findings = check_includes("kiosk/screens/tally.cpp",
                                         "// first\n#include <vector>\n #  include \"kiosk/journal/journal.h\"\n");
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_EQ(describe(findings),
              "kiosk/screens/tally.cpp:3: kiosk/screens/ may not include \"kiosk/journal/journal.h\"\n");
}

TEST(Layers, WantPathsFromTheTop) {
    EXPECT_NE(included("survey/tally.cpp", "\"json.h\""), "");
    EXPECT_NE(included("survey/tally.cpp", "\"../kiosk/visit/visit.h\""), "");
    EXPECT_EQ(included("survey/tally.cpp", "<vector>"), "");
    EXPECT_NE(included("survey/tally.cpp", "<kiosk/visit/visit.h>"), "");
}

TEST(Libraries, StayWithTheirOwners) {
    const char* const wrong[][2] = {
        {"kiosk/screens/asking.cpp", "GLFW/glfw3.h"},
        {"kiosk/main.cpp", "GLFW/glfw3.h"},
        {"kiosk/widgets/faces.cpp", "GL/gl.h"},
        {"kiosk/app/app.cpp", "imgui.h"},
        {"kiosk/visit/visit.cpp", "imgui.h"},
        {"kiosk/screens/asking.cpp", "sqlite3.h"},
        {"kiosk/app/app.cpp", "SQLiteCpp/Database.h"},
        {"sync/backend/ingest/ingest.cpp", "sqlite3.h"},
        {"kiosk/app/app.cpp", "curl/curl.h"},
        {"sync/backend/service/service.cpp", "curl/curl.h"},
        {"sync/client/client.cpp", "boost/beast/http.hpp"},
        {"sync/backend/http/server.h", "boost/asio/ip/tcp.hpp"},
        {"kiosk/journal/journal.cpp", "boost/json.hpp"},
        {"survey/base/json.cpp", "openssl/evp.h"},
        {"sync/client/client.cpp", "sodium.h"},
        {"sync/backend/ingest/ingest.cpp", "zstd.h"},
        {"survey/center.cpp", "gtest/gtest.h"},
        {"kiosk/app/config.cpp", "toml++/toml.h"},
        {"kiosk/journal/journal.cpp", "sqlite3.h"},
        {"sync/backend/store/sqlite/store.cpp", "sqlite3.h"},
        {"sync/backend/figures/results.cpp", "kainjow/mustache.hpp"},
        {"kiosk/widgets/faces.cpp", "png.h"},
        {"kiosk/screens/asking.cpp", "iostream"},
    };
    for (const auto& [path, header] : wrong) {
        EXPECT_NE(included(path, "<" + std::string(header) + ">"), "") << path << " includes " << header;
    }
    EXPECT_EQ(included("kiosk/platform/window.cpp", "<GLFW/glfw3.h>"), "");
    EXPECT_EQ(included("kiosk/widgets/faces.cpp", "<imgui.h>"), "");
    EXPECT_EQ(included("survey/base/sqlite.cpp", "<sqlite3.h>"), "");
    EXPECT_EQ(included("kiosk/journal/database.h", "\"survey/base/sqlite.h\""), "");
    EXPECT_EQ(included("sync/backend/store/sqlite/store.cpp", "\"survey/base/sqlite.h\""), "");
    EXPECT_EQ(included("survey/base/toml.cpp", "<toml++/toml.h>"), "");
    EXPECT_EQ(included("sync/client/curl_transport.cpp", "<curl/curl.h>"), "");
    EXPECT_EQ(included("sync/backend/http/server.cpp", "<boost/beast/http.hpp>"), "");
    EXPECT_EQ(included("tests/kiosk/journal/journal_test.cpp", "<sqlite3.h>"), "");
}

// --- Calls --------------------------------------------------------------------------------------------------------

std::size_t calls(const std::string& code, const std::string& path = "survey/x.cpp") {
    return check_calls(path, code).size();
}

TEST(Calls, ThatAreNotUsedHereAreFound) {
    for (const char* code : {"c = std::tolower(c);",
                             "if (isdigit (c))",
                             "strftime(a, b, c, d);",
                             "out << std::put_time(&t, f);",
                             "localtime(&t);",
                             "std::gmtime(&t);",
                             "n = std::stoi(text);",
                             "std::stod(x)",
                             "atoi(x);",
                             "sscanf(a, b)",
                             "sprintf(a, b);",
                             "strcpy(a, b);",
                             "std::rand();",
                             "srand(1);",
                             "std::random_device d;",
                             "time(nullptr);",
                             "std::time( NULL )",
                             "time(0)",
                             "std::chrono::system_clock::now();",
                             "steady_clock::now()",
                             "std::system(\"ls\");",
                             "  system(x);",
                             "popen(x, y);",
                             "assert(x);",
                             "boost::json::parse(text)",
                             "json::parser p;"}) {
        EXPECT_EQ(calls(code), 1u) << code;
    }
}

TEST(Calls, OfAClockAreFoundUnderEveryName) {
    for (const char* code :
         {"using Steady = std::chrono::steady_clock;", "typedef std::chrono::system_clock Wall;",
          "auto now = std::chrono::steady_clock::now;", "std::chrono::high_resolution_clock::time_point then;",
          "namespace c = std::chrono;", "namespace time = ::std::chrono;", "using namespace std::chrono;",
          "using std::chrono::steady_clock;", "clock_gettime(CLOCK_MONOTONIC, &t);", "gettimeofday(&t, nullptr);"}) {
        EXPECT_EQ(calls(code, "kiosk/main.cpp"), 1u) << code;
    }
    for (const char* code : {"using namespace std::chrono_literals;", "using std::chrono::milliseconds;",
                             "const survey::SystemClock clock;", "steady_clock_like();", "// steady_clock"}) {
        EXPECT_EQ(calls(code, "kiosk/main.cpp"), 0u) << code << "\n" << describe(check_calls("kiosk/main.cpp", code));
    }
    EXPECT_EQ(calls("clock_gettime(id, &time);", "survey/base/host.cpp"), 0u) << "the Clock itself";
    EXPECT_EQ(calls("std::chrono::steady_clock::now();", "tests/e2e/x_test.cpp"), 0u) << "waits for other programs";
}

TEST(Calls, ThatOnlyLookAlikeAreLeftInPeace) {
    for (const char* code :
         {"static_assert(x);", "gmtime_r(&a, &b);", "my_tolower(c);", "brand(x);", "// std::stoi(x)",
          "f(\"system(x)\");", "/* rand() */", "R\"(atoi(x))\";", "uptime(0);", "time(now);", "solar.system(x);",
          "hailong::system(x);", "sleep_for(x);", "check(x);", "int rand = 1;"}) {
        EXPECT_EQ(calls(code), 0u) << code << "\n" << describe(check_calls("survey/x.cpp", code));
    }
}

TEST(Calls, NameTheLine) {
    EXPECT_EQ(check_calls("survey/x.cpp", "int a;\n\n  n = std::stoi(a);\n").at(0).line, 3);
    EXPECT_EQ(check_calls("survey/x.cpp", "int a;\nsystem(a);\n").at(0).line, 2);
}

TEST(Calls, ThatSleepOrSkipAreFoundInTests) {
    EXPECT_EQ(calls("std::this_thread::sleep_for(x);", "tests/survey/x_test.cpp"), 1u);
    EXPECT_EQ(calls("usleep(1);", "tests/survey/x_test.cpp"), 1u);
    EXPECT_EQ(calls("GTEST_SKIP();", "tests/survey/x_test.cpp"), 1u);
    EXPECT_EQ(calls("TEST(Journal, DISABLED_Keeps) {}", "tests/survey/x_test.cpp"), 1u);
    EXPECT_EQ(calls("std::this_thread::sleep_for(x);", "tests/e2e/x_test.cpp"), 0u);
}

TEST(Calls, LeftUndoneAreFoundInCommentsToo) {
    EXPECT_EQ(calls(std::string("// TO") + "DO: later"), 1u);
    EXPECT_EQ(calls(std::string("/* FIX") + "ME */"), 1u);
    EXPECT_EQ(calls("mkdtemp(\"hailong-XXXXXX\");"), 0u);
}

// --- Screens ------------------------------------------------------------------------------------------------------

TEST(Words, ThatTheHouseReplacedAreFound) {
    for (const char* code :
         {"judge(record);", "JudgedTime time;", "TimeWitness witness;", "Salvage found;", "healed = true;",
          "record.aside_reason", "bool set_aside;", "take_in(batch);", "HeldRecord record;", "StoreBackOffice office;",
          "LayoutWishes wishes;", "drill_on();", "Stick stick;", "words_key()"}) {
        EXPECT_FALSE(check_words("sync/backend/x.cpp", code).empty()) << code;
    }
    for (const char* code : {"health(record);", "// judged by people", "\"set_aside\"", "StoredRecord record;",
                             "joystick();", "held = true;"}) {
        EXPECT_TRUE(check_words("sync/backend/x.cpp", code).empty()) << code;
    }
}

std::size_t in_screen(const std::string& code) {
    return check_screen("kiosk/screens/x.cpp", code).size();
}

TEST(Screens, KeepNothing) {
    EXPECT_EQ(in_screen("static int count = 0;"), 1u);
    EXPECT_EQ(in_screen("static const auto x = f();"), 1u);
    EXPECT_EQ(in_screen("thread_local int x;"), 1u);
    EXPECT_EQ(in_screen("mutable int x;"), 1u);
    EXPECT_EQ(in_screen("static constexpr int kX = 1;"), 0u);
    EXPECT_EQ(in_screen("static_cast<int>(x); // static"), 0u);
    EXPECT_EQ(check_screen("kiosk/widgets/x.cpp", "static int count = 0;").size(), 0u);
}

TEST(Screens, SpeakOnlyByKey) {
    for (const char* code : {"text(\"Close\");", "text(\"Xin\");", "text(\"please wait\");", "text(\"quầy\");",
                             "text(R\"(Close)\");", "text(\"%d Visits\");", "text(\"OK\");"}) {
        EXPECT_EQ(in_screen(code), 1u) << code;
    }
    for (const char* code : {"text(\"thanks.title\");", "target(\"answer/\");", "icon(\"face_very_happy\");",
                             "join(\"  \\u00b7  \");", "text(\"\\u2026\");", "f(\"\");", "f(\"##list\");", "f(\"%d\");",
                             "f('A');", "// \"Close\"", "#include \"kiosk/widgets/faces.h\""}) {
        EXPECT_EQ(in_screen(code), 0u) << code;
    }
}

// --- Headers and text ---------------------------------------------------------------------------------------------

TEST(Headers, SayWhatTheyAreAndGuardThemselves) {
    EXPECT_EQ(check_header("survey/x.h", "// What it is.\n#pragma once\n").size(), 0u);
    EXPECT_EQ(check_header("survey/x.h", "#pragma once\n").size(), 2u);
    EXPECT_EQ(check_header("survey/x.h", "// What it is.\n\n#include <vector>\n").size(), 1u);
    EXPECT_EQ(check_header("survey/x.cpp", "").size(), 0u);
}

TEST(ComposedText, HasNoCombiningMarks) {
    EXPECT_EQ(check_composed("assets/x.json", "Rất hài lòng, đã ghi nhận “ý kiến” …").size(), 0u);
    EXPECT_EQ(check_composed("assets/x.json", "a\nla\xcc\x80 mo\xcc\xa3\xcc\x82t").size(), 3u);
    EXPECT_EQ(check_composed("assets/x.json", "a\nla\xcc\x80").at(0).line, 2);
    EXPECT_EQ(check_composed("assets/x.json", "x\xcd\xaf").size(), 1u);
    EXPECT_EQ(check_composed("assets/x.json", "\xcd\xb0").size(), 0u) << "a Greek letter";
}

TEST(Sources, AreHeldToEveryRule) {
    const std::string all = "#include \"kiosk/journal/journal.h\"\nstatic int n = std::stoi(x);\n// la\xcc\x80\n";
    EXPECT_EQ(check_source("kiosk/screens/x.h", all).size(), 6u) << describe(check_source("kiosk/screens/x.h", all));
}

}  // namespace
}  // namespace hailong::house
