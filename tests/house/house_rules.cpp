#include "tests/house/house_rules.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>

#include <boost/regex.hpp>  // a hundred times as quick here as std::regex

namespace hailong::house {
namespace {

using Prefixes = std::vector<std::string_view>;

bool starts_with_any(std::string_view text, const Prefixes& prefixes) {
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [&](std::string_view p) { return text.substr(0, p.size()) == p; });
}

// --- Who may include whom -----------------------------------------------------------------------------------------

/// Files whose path starts with `path` may include files of the house that start with one of `may`, not with `never`.
struct Room {
    std::string_view path;
    Prefixes may;
    Prefixes never;
};

/// Deeper rooms first: the first that fits decides.
const std::vector<Room>& rooms() {
    static const Prefixes below = {"survey/", "sync/protocol/", "sync/backend/model/", "sync/backend/store/"};
    static const auto with = [](Prefixes more) {
        more.insert(more.end(), below.begin(), below.end());
        return more;
    };
    // Rooms with rules: of those beside them they know only what is named here, so that there is no cycle.
    static const Prefixes rules = {"sync/backend/ingest/", "sync/backend/audit/", "sync/backend/figures/",
                                   "sync/backend/comments/", "sync/backend/terminals/"};
    // Rooms that answer people and programs: every rule, and no answer of another room.
    static const auto answering = [](std::string_view own) {
        Prefixes more = with(rules);
        more.insert(more.end(), {"sync/backend/http/", own});
        return more;
    };
    static const Prefixes sqlite = {"sync/backend/store/sqlite/"};
    static const Prefixes pure = {"survey/base/host.h",          "survey/base/sqlite.h",
                                  "survey/base/log_index.h",     "survey/base/log_watch.h",
                                  "survey/base/shared_memory.h", "sync/backend/store/sqlite/"};
    // What reaches outside: the system, files, configurations.
    static const Prefixes pure_base = {"survey/base/host.h",          "survey/base/sqlite.h",
                                       "survey/base/log_index.h",     "survey/base/log_watch.h",
                                       "survey/base/shared_memory.h", "survey/base/toml.h"};
    static const std::vector<Room> list = {
        {"survey/base/host.", {"survey/base/"}, {}},
        {"survey/base/sqlite", {"survey/base/"}, {"survey/base/host.h", "survey/base/toml.h"}},
        {"survey/base/log_index.", {"survey/base/"}, {"survey/base/toml.h"}},
        {"survey/base/log_watch.", {"survey/base/"}, {"survey/base/toml.h"}},
        {"survey/base/shared_memory.", {"survey/base/"}, {"survey/base/toml.h"}},
        {"survey/base/toml.", {"survey/base/"}, {"survey/base/host.h", "survey/base/sqlite.h"}},
        {"survey/base/", {"survey/base/"}, pure_base},
        {"survey/crypto/", {"survey/base/", "survey/crypto/"}, pure_base},
        {"survey/", {"survey/"}, pure_base},
        {"kiosk/journal/", {"survey/", "kiosk/journal/"}, {"survey/base/host.h", "survey/base/toml.h"}},
        {"kiosk/recovery/", {"survey/", "kiosk/journal/", "kiosk/recovery/"}, {"survey/base/host.h"}},
        {"kiosk/typing/", {"survey/", "kiosk/typing/"}, pure_base},
        {"kiosk/visit/", {"survey/", "kiosk/typing/", "kiosk/visit/"}, pure_base},
        {"kiosk/theme/", {"kiosk/theme/"}, {}},
        {"kiosk/widgets/", {"survey/", "kiosk/widgets/", "kiosk/theme/", "kiosk/typing/"}, pure_base},
        {"kiosk/screens/",
         {"survey/", "kiosk/screens/", "kiosk/widgets/", "kiosk/theme/", "kiosk/typing/", "kiosk/visit/"},
         pure_base},
        {"kiosk/platform/", {"survey/", "kiosk/platform/", "kiosk/widgets/", "kiosk/theme/"}, pure_base},
        {"kiosk/gallery/",
         {"survey/", "kiosk/gallery/", "kiosk/screens/", "kiosk/widgets/", "kiosk/theme/", "kiosk/typing/",
          "kiosk/visit/", "kiosk/platform/fonts.h", "kiosk/platform/touch_queue.h"},
         pure_base},
        {"kiosk/voice/", {"survey/", "kiosk/voice/"}, {"survey/base/host.h", "survey/crypto/keys.h"}},
        {"kiosk/app/", {"survey/", "kiosk/"}, {"kiosk/platform/", "kiosk/gallery/", "kiosk/fill/"}},
        {"kiosk/fill/", {"survey/", "kiosk/fill/", "kiosk/app/", "kiosk/journal/", "kiosk/visit/"}, {}},
        {"kiosk/", {"survey/", "kiosk/"}, {"kiosk/fill/"}},
        {"sync/protocol/", {"survey/", "sync/protocol/"}, pure_base},
        {"sync/client/", {"survey/", "sync/protocol/", "sync/client/", "kiosk/journal/"}, {}},
        {"sync/backend/model/", {"survey/", "sync/protocol/", "sync/backend/model/"}, pure_base},
        {"sync/backend/store/sqlite/",
         {"survey/", "sync/protocol/", "sync/backend/model/", "sync/backend/store/"},
         {"survey/base/host.h", "survey/base/toml.h"}},
        {"sync/backend/store/", {"survey/", "sync/protocol/", "sync/backend/model/", "sync/backend/store/"}, pure_base},
        {"sync/backend/ingest/",
         with({"sync/backend/ingest/", "sync/backend/comments/copies.h", "sync/backend/comments/erasure_list.h"}),
         pure},
        {"sync/backend/audit/", with({"sync/backend/audit/", "sync/backend/ingest/"}), pure},
        {"sync/backend/figures/", with({"sync/backend/figures/"}), pure},
        {"sync/backend/comments/", with({"sync/backend/comments/"}), pure},
        {"sync/backend/terminals/", with({"sync/backend/terminals/", "sync/backend/ingest/", "sync/backend/figures/"}),
         sqlite},
        {"sync/backend/http/", {"survey/base/", "sync/backend/http/"}, pure_base},
        {"sync/backend/api/", answering("sync/backend/api/"), sqlite},
        {"sync/backend/site/", answering("sync/backend/site/"), sqlite},
        {"sync/backend/ops/", answering("sync/backend/ops/"), sqlite},
        {"sync/backend/cli/", answering("sync/backend/cli/"), {"sync/backend/http/"}},
        {"sync/backend/", {"survey/", "sync/protocol/", "sync/backend/"}, {}},
        {"tests/", {"survey/", "kiosk/", "sync/", "tests/"}, {}},
    };
    return list;
}

/// A library and the only places that may include it.
struct Library {
    Prefixes headers;
    Prefixes places;
    std::string_view name;
};

const std::vector<Library>& libraries() {
    static const std::vector<Library> list = {
        {{"GLFW/", "GL/", "GLES", "EGL/", "backends/imgui_impl"}, {"kiosk/platform/"}, "the window and OpenGL"},
        {{"imgui"},
         {"kiosk/theme/", "kiosk/widgets/", "kiosk/screens/", "kiosk/platform/", "kiosk/gallery/", "kiosk/main.cpp",
          "tests/"},
         "Dear ImGui"},
        {{"sqlite3", "SQLiteCpp/"}, {"survey/base/sqlite.cpp", "survey/base/sqlite_log.cpp", "tests/"}, "SQLite"},
        {{"curl/"}, {"sync/client/", "tests/"}, "libcurl"},
        {{"boost/beast", "boost/asio"},
         {"sync/backend/http/server.cpp", "sync/backend/http/server_parts.h", "tests/"},
         "Boost.Beast and Asio"},
        {{"boost/url"}, {"sync/backend/http/url.cpp", "tests/"}, "Boost.URL"},
        {{"boost/json"}, {"survey/base/json.h", "sync/", "tests/"}, "Boost.JSON"},
        {{"openssl/"}, {"survey/crypto/digest.cpp", "tests/"}, "OpenSSL"},
        {{"sodium"}, {"survey/base/host.cpp", "survey/crypto/", "kiosk/app/", "tests/"}, "libsodium"},
        {{"libgfshare"}, {"survey/crypto/shares.cpp"}, "libgfshare"},
        {{"zstd", "zlib"},
         {"sync/protocol/compression.cpp", "sync/backend/store/packing.cpp", "tests/"},
         "compression"},
        {{"toml++/"}, {"survey/base/toml.cpp"}, "toml++"},
        {{"mustache", "kainjow/"}, {"sync/backend/site/"}, "mustache"},
        {{"prometheus/"}, {"sync/backend/ops/"}, "prometheus-cpp"},
        {{"systemd/"}, {"kiosk/platform/watchdog.cpp"}, "libsystemd"},
        {{"png.h"}, {"kiosk/gallery/canvas.cpp", "kiosk/platform/picture.cpp", "tests/"}, "libpng"},
        {{"unicode/"}, {"sync/backend/ingest/document_texts.cpp", "tests/"}, "ICU"},
        {{"xlsxwriter"}, {"sync/backend/api/table_xlsx.cpp"}, "libxlsxwriter"},
        {{"espeak-ng/"}, {"kiosk/voice/espeak_speech.cpp"}, "eSpeak NG"},
        {{"alsa/"}, {"kiosk/voice/alsa_sink.cpp"}, "ALSA"},
        {{"dlfcn.h"}, {"kiosk/voice/shared_library.cpp", "tests/"}, "the dynamic linker"},
        {{"gtest/", "gmock/", "rapidcheck", "benchmark/"}, {"tests/"}, "test libraries"},
        {{"iostream"},
         {"kiosk/main.cpp", "kiosk/fill/main.cpp", "sync/client/main.cpp", "sync/backend/", "tests/"},
         "iostream"},
    };
    return list;
}

// --- What is not called -------------------------------------------------------------------------------------------

struct Ban {
    boost::regex pattern;
    std::string_view why;
    Prefixes only_in;     // empty: everywhere
    Prefixes allowed_in;  // exceptions, each with its reason beside it
};

Ban ban(const char* pattern, std::string_view why, Prefixes only_in = {}, Prefixes allowed_in = {}) {
    return {boost::regex(pattern, boost::regex::perl), why, std::move(only_in), std::move(allowed_in)};
}

const std::vector<Ban>& bans() {
    static const std::vector<Ban> list = {
        ban(R"(\b(tolower|toupper|isalpha|isalnum|isdigit|isspace|isupper|islower|isprint|ispunct)\s*\()",
            "depends on the machine's language and is undefined for bytes of UTF-8: compare characters"),
        ban(R"(\b(strftime|put_time|get_time|strptime|setlocale)\s*\()",
            "depends on the machine's language: use survey/base/time.h and survey/base/messages.h"),
        ban(R"(\b(localtime|localtime_r|mktime|gmtime|ctime|asctime)\s*\()",
            "depends on the machine's time zone or shares a buffer: use survey/base/time.h"),
        ban(R"(\b(stoi|stol|stoll|stoul|stoull|stof|stod|stold)\s*\()",
            "throws, skips space and takes what follows: use std::from_chars", {},
            {"tests/"}),  // where a throw is a failed test
        ban(R"(\bjson\s*::\s*(parse|parser|stream_parser)\b)",
            "what comes from outside is read through survey/base/json.h", {}, {"survey/base/json.cpp", "tests/"}),
        ban(R"(\b(atoi|atol|atoll|atof|strtol|strtoul|strtod|sscanf)\s*\()",
            "can't tell an error from a zero: use std::from_chars"),
        ban(R"(\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|alloca)\s*\()", "writes past its end: use std::string"),
        ban(R"(\b(rand|srand|random_shuffle)\s*\()",
            "is neither random nor repeatable: use survey/base/host.h or a seeded engine"),
        ban(R"(\brandom_device\b)", "comes from survey/base/host.h: survey::random_hex", {},
            {"sync/client/main.cpp"}),  // seeds the jitter of retries, nothing secret
        ban(R"(\btime\s*\(\s*(nullptr|NULL|0)\s*\))", "time comes from a Clock that the caller is handed", {},
            {"sync/backend/http/http_date.cpp"}),  // the Date header of an answer, which no decision rests on
        // By any name: `using Steady = std::chrono::steady_clock` and its like would hide the call.
        ban(R"(\b(system_clock|steady_clock|high_resolution_clock|utc_clock|tai_clock|gps_clock|file_clock)\b)",
            "time comes from a Clock that the caller is handed", {},
            {"survey/base/host.cpp",  // the Clock itself
             "tests/bench/", "tests/e2e/", "tests/faults/", "tests/sim/campaign.cpp",
             "tests/support/"}),  // they measure, or wait for other programs
        ban(R"(\b(using\s+namespace|namespace\s+\w+\s*=)\s+(::\s*)?std\s*::\s*chrono\b(?!_))",
            "hides which clock is meant: write std::chrono out"),
        ban(R"(\b(clock_gettime|gettimeofday|timespec_get)\s*\()", "time comes from a Clock that the caller is handed",
            {}, {"survey/base/host.cpp", "tests/bench/", "tests/support/"}),
        ban(R"((^|[^:\w.>])(std\s*::\s*)?(system|popen)\s*\()", "runs a shell: start programs with their arguments"),
        ban(R"(\bassert\s*\()", "is gone in a release build: use survey/base/check.h"),
        ban(R"(\b(sleep_for|sleep_until|usleep|nanosleep)\s*\()", "tests don't sleep: use a fake clock", {"tests/"},
            {"tests/e2e/", "tests/bench/", "tests/faults/",
             "tests/support/"}),  // they wait for other programs, with a deadline
        ban(R"(\bGTEST_SKIP\b|\bDISABLED_)", "a test that does not run is believed in vain: fail instead", {"tests/"},
            {"tests/house/"}),
    };
    return list;
}

int line_of(std::string_view text, std::size_t at) {
    return 1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Words that a person would read: a key, a target or an icon is of lower-case letters, digits and . / _ -
bool is_for_people(std::string_view literal) {
    static const boost::regex not_words(R"(\\u[0-9a-fA-F]{4}|\\[nt"\\]|%[0-9.]*[a-z]|##[a-z_]*)");
    const std::string rest = boost::regex_replace(std::string(literal), not_words, " ");
    const bool capital_or_foreign =
        std::any_of(rest.begin(), rest.end(), [](char c) { return (c >= 'A' && c <= 'Z') || (c & 0x80) != 0; });
    static const boost::regex two_words("[a-z] +[a-z]");
    return capital_or_foreign || boost::regex_search(rest, two_words);
}

bool is_screen(const std::string& path) {
    return path.rfind("kiosk/screens/", 0) == 0;
}

bool is_header(const std::string& path) {
    return path.size() > 2 && path.substr(path.size() - 2) == ".h";
}

void check_own(const std::string& path, int line, const std::string& included, std::vector<Finding>& findings) {
    const auto& list = rooms();
    const auto room =
        std::find_if(list.begin(), list.end(), [&](const Room& r) { return path.substr(0, r.path.size()) == r.path; });
    if (room == list.end()) {
        findings.push_back({path, line, "stands in no room of the house"});
    } else if (!starts_with_any(included, room->may) || starts_with_any(included, room->never)) {
        findings.push_back({path, line, std::string(room->path) + " may not include \"" + included + "\""});
    }
}

void check_library(const std::string& path, int line, const std::string& included, std::vector<Finding>& findings) {
    for (const Library& library : libraries()) {
        if (!starts_with_any(included, library.headers) || starts_with_any(path, library.places)) continue;
        std::string places;
        for (const std::string_view place : library.places)
            places += " " + std::string(place);
        findings.push_back(
            {path, line, "<" + included + ">: " + std::string(library.name) + " may be included only in" + places});
    }
}

}  // namespace

std::string describe(const std::vector<Finding>& findings) {
    std::string text;
    for (const Finding& finding : findings) {
        text += finding.path + ":" + std::to_string(finding.line) + ": " + finding.what + "\n";
    }
    return text;
}

Source take_apart(std::string_view text) {
    Source source;
    source.code.assign(text);
    std::string& code = source.code;
    const auto blank = [&](std::size_t from, std::size_t to) {
        for (std::size_t i = from; i < to && i < code.size(); ++i) {
            if (code[i] != '\n') code[i] = ' ';
        }
    };
    const auto end_of = [&](std::string_view mark, std::size_t from) {
        const std::size_t found = text.find(mark, from);
        return found == std::string_view::npos ? text.size() : found;
    };
    std::size_t at = 0;
    while (at < text.size()) {
        const std::string_view rest = text.substr(at);
        if (rest.substr(0, 2) == "//") {
            const std::size_t end = end_of("\n", at);
            blank(at, end);
            at = end;
        } else if (rest.substr(0, 2) == "/*") {
            const std::size_t end = std::min(end_of("*/", at + 2) + 2, text.size());
            blank(at, end);
            at = end;
        } else if (rest.substr(0, 2) == "R\"" && (at == 0 || !is_word(text[at - 1]))) {
            const std::size_t open = end_of("(", at);
            const std::size_t inside = std::min(open + 1, text.size());
            const std::string closing = ")" + std::string(text.substr(at + 2, open - at - 2)) + "\"";
            const std::size_t end = end_of(closing, inside);
            source.literals.push_back({line_of(text, at), std::string(text.substr(inside, end - inside))});
            blank(at + 2, end + closing.size() - 1);
            at = end + closing.size();
        } else if (rest[0] == '"' || (rest[0] == '\'' && (at == 0 || !is_word(text[at - 1])))) {
            std::size_t end = at + 1;
            while (end < text.size() && text[end] != rest[0] && text[end] != '\n')
                end += text[end] == '\\' ? 2 : 1;
            end = std::min(end, text.size());
            if (rest[0] == '"')
                source.literals.push_back({line_of(text, at), std::string(text.substr(at + 1, end - at - 1))});
            blank(at + 1, end);
            at = end + 1;
        } else {
            ++at;
        }
    }
    return source;
}

std::vector<Finding> check_includes(const std::string& path, std::string_view text) {
    static const boost::regex include(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])");
    std::vector<Finding> findings;
    int line = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::string content(text.substr(at, end - at));
        at = end + 1;
        ++line;
        boost::smatch match;
        if (!boost::regex_search(content, match, include)) continue;
        const std::string included = match[2];
        const bool of_the_house = starts_with_any(included, {"survey/", "kiosk/", "sync/", "tests/"});
        if (match[1] == "\"" && !of_the_house) {
            findings.push_back(
                {path, line, "\"" + included + "\": name files of the house from its top, others in <>"});
        } else if (of_the_house) {
            check_own(path, line, included, findings);
        } else {
            check_library(path, line, included, findings);
        }
    }
    return findings;
}

std::vector<Finding> check_calls(const std::string& path, std::string_view text) {
    std::vector<Finding> findings;
    const std::string code = take_apart(text).code;
    for (const Ban& rule : bans()) {
        if (!rule.only_in.empty() && !starts_with_any(path, rule.only_in)) continue;
        if (starts_with_any(path, rule.allowed_in)) continue;
        for (boost::sregex_iterator found(code.begin(), code.end(), rule.pattern), end; found != end; ++found) {
            const auto at = static_cast<std::size_t>(found->position() + found->length()) - 1;
            findings.push_back({path, line_of(code, at), found->str() + ": " + std::string(rule.why)});
        }
    }
    // Written apart, so that this file passes its own rule.
    static const boost::regex undone(std::string("\\b(TO") + "DO|FIX" + "ME|XX" + "X)\\b");
    const std::string whole(text);
    for (boost::sregex_iterator found(whole.begin(), whole.end(), undone), end; found != end; ++found) {
        findings.push_back({path, line_of(text, static_cast<std::size_t>(found->position())),
                            "left undone: do it, or write an issue"});
    }
    return findings;
}

std::vector<Finding> check_screen(const std::string& path, std::string_view text) {
    std::vector<Finding> findings;
    if (!is_screen(path)) return findings;
    const Source source = take_apart(text);
    static const boost::regex keeps(R"(\bstatic\b(?!\s+constexpr\b)|\bthread_local\b|\bmutable\b)");
    for (boost::sregex_iterator found(source.code.begin(), source.code.end(), keeps), end; found != end; ++found) {
        findings.push_back({path, line_of(source.code, static_cast<std::size_t>(found->position())),
                            found->str() + ": a screen keeps nothing between two frames"});
    }
    for (const Literal& literal : source.literals) {
        if (is_for_people(literal.text)) {
            findings.push_back(
                {path, literal.line, "\"" + literal.text + "\": words for people come from assets/i18n by key"});
        }
    }
    return findings;
}

std::vector<Finding> check_header(const std::string& path, std::string_view text) {
    std::vector<Finding> findings;
    if (!is_header(path)) return findings;
    if (text.substr(0, 3) != "// ")
        findings.push_back({path, 1, "a header starts by saying what it is, in a // comment"});
    if (text.find("\n#pragma once\n") == std::string_view::npos) {
        findings.push_back({path, 1, "a header guards itself with #pragma once"});
    }
    return findings;
}

std::vector<Finding> check_composed(const std::string& path, std::string_view text) {
    std::vector<Finding> findings;
    for (std::size_t at = 0; at + 1 < text.size(); ++at) {
        const auto first = static_cast<unsigned char>(text[at]);
        const auto second = static_cast<unsigned char>(text[at + 1]);
        const bool combining = (first == 0xcc && second >= 0x80) || (first == 0xcd && second >= 0x80 && second < 0xb0);
        if (combining)
            findings.push_back({path, line_of(text, at), "a combining mark: write Vietnamese composed (NFC)"});
    }
    return findings;
}

std::vector<Finding> check_words(const std::string& path, std::string_view text) {
    struct Replaced {
        boost::regex word;
        std::string_view by;
    };
    const auto replaced = [](const char* word, std::string_view by) {
        return Replaced{boost::regex(word, boost::regex::perl), by};
    };
    static const std::vector<Replaced> list = {
        replaced(R"(\b(judge[ds]?|Judge[ds]?|[Jj]udgement|JudgedTime)\b)", "validate, resolve"),
        replaced(R"(\b(witness|Witness|TimeWitness|witness_of)\b)", "evidence"),
        replaced(R"(\b[Ss]alvage)", "recover"),
        replaced(R"(\b([Hh]eal(s|ed|er|ing)?|open_or_heal)\b)", "repair"),
        replaced(R"(\b(set_aside|aside_\w+|kAside\w+|Aside)\b)", "quarantined"),
        replaced(R"(\b(take_in|taken_in|TakeIn\w*)\b)", "reprocess"),
        replaced(R"(\bHeld(Record|Batch|Skip|Box)\b|\bheld_seq\b)", "stored"),
        replaced(R"(\b(BackOffice|StoreBackOffice|back_office)\b)", "what it does"),
        replaced(R"(\b(LayoutWishes|wishes|wished)\b)", "accessibility"),
        replaced(R"(\b[Dd]rill\w*\b)", "training mode"),
        replaced(R"(\b(stick|Stick|stick_\w+)\b)", "offline bundle"),
        replaced(R"(\b(SealedWords|seal_words|open_words|WordsKey|words_key)\b)", "sealed text"),
    };
    std::vector<Finding> findings;
    if (path.rfind("tests/house/", 0) == 0) return findings;  // names them
    const std::string code = take_apart(text).code;
    for (const Replaced& rule : list) {
        for (boost::sregex_iterator found(code.begin(), code.end(), rule.word), end; found != end; ++found) {
            findings.push_back({path, line_of(code, static_cast<std::size_t>(found->position())),
                                found->str() + ": the house's word is " + std::string(rule.by)});
        }
    }
    return findings;
}

std::vector<Finding> check_source(const std::string& path, std::string_view text) {
    std::vector<Finding> findings;
    for (const auto check : {check_includes, check_calls, check_words, check_screen, check_header, check_composed}) {
        const std::vector<Finding> more = check(path, text);
        findings.insert(findings.end(), more.begin(), more.end());
    }
    return findings;
}

}  // namespace hailong::house
