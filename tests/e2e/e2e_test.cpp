// The shipped programs, used from outside as citizens, staff and auditors do.
#include <map>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/e2e/product.h"
#include "tests/faults/clock.h"

namespace hailong::tests {
namespace {

/// What the posted JSON says of the question the objective is about.
struct Posted {
    std::int64_t received_today = 0;
    std::int64_t responses = 0;
    std::map<std::string, std::int64_t> counts;
    std::int64_t satisfied = 0;
    std::int64_t total = 0;
    std::string verdict;
    std::map<std::string, std::int64_t> counters;  // of which anything is told
};

Posted posted(const Center& center) {
    const boost::json::object results = center.results("?period=" + must({"date", "+%Y"}).substr(0, 4)).as_object();
    const boost::json::object& headline = results.at("headlines").as_array().at(0).as_object();
    Posted posted;
    posted.received_today = results.at("received_today").as_int64();
    posted.responses = results.at("responses").as_int64();
    if (!headline.at("shown").as_bool()) return posted;
    for (const auto& option : headline.at("options").as_array()) {
        posted.counts[std::string(option.at("value").as_string())] = option.at("count").as_int64();
    }
    const boost::json::object& official = headline.at("official").as_object();
    posted.satisfied = official.at("satisfied").as_int64();
    posted.total = official.at("total").as_int64();
    if (official.at("verdict").is_string()) posted.verdict = std::string(official.at("verdict").as_string());
    for (const auto& counter : headline.at("counters").as_array()) {
        if (!counter.at("shown").as_bool()) continue;
        posted.counters[std::string(counter.at("id").as_string())] = counter.at("official").at("total").as_int64();
    }
    return posted;
}

/// Asks until it says so: the sync program carries responses within seconds, and figures become public within seconds
/// of midnight.
template <class Enough>
Posted posted_once(const Center& center, Enough&& is_enough) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    while (true) {
        Posted now = posted(center);
        if (is_enough(now) || std::chrono::steady_clock::now() > deadline) return now;
        must({"sleep", "0.2"});  // another program's work is awaited; it has no bell to ring
    }
}

/// The page as a browser understood it.
std::string page_in_browser(const std::string& url) {
    TemporaryFolder profile;
    return must({"chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                 "--disable-background-networking", "--disable-component-update", "--disable-sync",
                 "--user-data-dir=" + profile.path().string(), "--dump-dom", url});
}

/// A satisfied visit at a counter.
void visit_satisfied(Terminal& terminal, const std::string& officer) {
    terminal.wait("attract");
    terminal.tap("wake");
    terminal.wait("asking", "overall");
    terminal.tap("answer/5");
    terminal.wait("asking", "officer");
    terminal.tap("officer/" + officer);
    terminal.wait("asking", "o_all");
    terminal.tap("answer/4");
    terminal.wait("thanks");
}

/// One that says why not, and remembers no officer.
void visit_dissatisfied(Terminal& terminal) {
    terminal.wait("attract");
    terminal.tap("language/en");
    terminal.wait("asking", "overall");
    terminal.tap("answer/2");
    terminal.wait("asking", "officer");
    terminal.tap("officer/none");
    terminal.wait("asking", "reason");
    terminal.tap("option/wait");
    terminal.tap("continue");
    terminal.wait("asking", "comment");
    terminal.tap("skip");
    terminal.wait("thanks");
}

/// What the terminal's journal holds, oldest first.
std::vector<boost::json::value> records(const Center& center, const std::string& kiosk) {
    const std::string lines = must({"sqlite3", "-readonly", (center.terminal(kiosk) / "journal.db").string(),
                                    "SELECT CAST(bytes AS TEXT) FROM records ORDER BY seq"});
    std::vector<boost::json::value> records;
    std::istringstream stream(lines);
    for (std::string line; std::getline(stream, line);)
        records.push_back(boost::json::parse(line));
    return records;
}

/// What people wrote, opened with the backend's key.
std::vector<std::string> opened_texts(const Center& center) {
    const Ran opened = center.backend({"texts", "open", "--key", (center.path() / "backend/keys/text.key").string()});
    if (opened.exit_code != 0) throw std::runtime_error(opened.output);
    std::vector<std::string> texts;
    std::istringstream stream(opened.output);
    for (std::string line; std::getline(stream, line);) {
        const auto value = survey::parse_json(line);
        if (value) texts.emplace_back(value->at("text").as_string());
    }
    return texts;
}

/// Files of a center that somebody else on the machine could read or change.
std::vector<std::string> readable_by_others(const std::filesystem::path& folder) {
    using std::filesystem::perms;
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        const bool others = (entry.status().permissions() & (perms::group_all | perms::others_all)) != perms::none;
        if (others && entry.is_regular_file()) found.push_back(entry.path().string());
    }
    return found;
}

TEST(Product, TurnsTapsOnTheGlassIntoThePostedResult) {
    Center center;
    const LyingClock clock("+0");
    center.start({}, clock.environment());
    const Screen screen;
    Process sync({kBin + "hailong-sync", "watch", "--config", (center.terminal("bm-tp") / "sync.toml").string()});
    Terminal terminal(screen, center.terminal("bm-tp"));
    for (int i = 0; i < 5; ++i)
        visit_satisfied(terminal, "tp-02");
    visit_dissatisfied(terminal);

    const Posted today = posted_once(center, [](const Posted& now) { return now.received_today >= 6; });
    EXPECT_EQ(today.received_today, 6);
    EXPECT_EQ(today.responses, 0) << "nothing else is told of a day that runs";
    clock.set("+1d");
    const Posted result = posted_once(center, [](const Posted& now) { return now.responses > 0; });
    EXPECT_EQ(result.received_today, 0);
    EXPECT_EQ(result.responses, 6);
    EXPECT_EQ(result.counts, (std::map<std::string, std::int64_t>{{"5", 5}, {"4", 0}, {"3", 0}, {"2", 1}, {"1", 0}}));
    EXPECT_EQ(result.satisfied, 5);
    EXPECT_EQ(result.total, 6);
    EXPECT_EQ(result.verdict, "not_met");
    clock.set("+40d");
    const Posted later = posted_once(center, [](const Posted& now) { return !now.counters.empty(); });
    EXPECT_EQ(later.counters, (std::map<std::string, std::int64_t>{{"TP", 6}}));

    const std::string of_year = "?period=" + must({"date", "+%Y"}).substr(0, 4);
    const std::string vietnamese = page_in_browser(center.url() + "/centers/binh-minh" + of_year);
    EXPECT_NE(vietnamese.find("83,3"), std::string::npos) << vietnamese;
    EXPECT_NE(vietnamese.find("Trung tâm Phục vụ hành chính công phường Bình Minh"), std::string::npos);
    EXPECT_EQ(vietnamese.find("<script"), std::string::npos) << "the page works without script because it has none";
    const std::string english = page_in_browser(center.url() + "/centers/binh-minh" + of_year + "&lang=en");
    EXPECT_NE(english.find("83.3"), std::string::npos) << english;

    EXPECT_EQ(terminal.process().terminate(), 0);
    EXPECT_EQ(sync.terminate(), 0) << sync.output();
    EXPECT_EQ(center.stop(), 0);
    const Ran verified = center.backend({"verify"});
    EXPECT_EQ(verified.exit_code, 0) << verified.output;
}

TEST(Product, KeepsVisitsWhileTheBackendIsAwayAndDeliversEachOnce) {
    Center center(1280, 800);
    const Screen screen("1280x800");
    {
        Terminal terminal(screen, center.terminal("bm-ca"));
        visit_satisfied(terminal, "ca-01");
        visit_satisfied(terminal, "ca-01");
        EXPECT_NE(center.sync_once("bm-ca").exit_code, 0) << "nobody listens there";
        visit_dissatisfied(terminal);
    }
    center.start();
    for (int again = 0; again < 3; ++again) {
        const Ran synced = center.sync_once("bm-ca");
        EXPECT_EQ(synced.exit_code, 0) << synced.output;
    }
    EXPECT_EQ(posted(center).received_today, 3);
    EXPECT_THAT(readable_by_others(center.path()), testing::IsEmpty());
}

TEST(Product, TakesAVisitOnAPanelThatLies) {
    Center center(1920, 1080);
    const Screen screen("1920x1080");
    Terminal terminal(screen, center.terminal("bm-tp"));
    visit_satisfied(terminal, "tp-01");
    center.start();
    ASSERT_EQ(center.sync_once("bm-tp").exit_code, 0);
    EXPECT_EQ(posted(center).received_today, 1);
}

TEST(Product, TellsTheBackendHowATerminalIs) {
    Center center;
    center.start();
    const Screen screen;
    Terminal terminal(screen, center.terminal("bm-tp"));
    visit_satisfied(terminal, "tp-02");
    ASSERT_EQ(center.sync_once("bm-tp").exit_code, 0);
    ASSERT_EQ(center.stop(), 0);
    const std::string named = must({kBin + "hailong-backend", "--version"});  // all three are of one build
    const std::string version = named.substr(named.find(' ') + 1, named.find('\n') - named.find(' ') - 1);
    const Ran listed = center.backend({"terminals"});
    EXPECT_EQ(listed.exit_code, 0);
    EXPECT_NE(listed.output.find("bm-tp of binh-minh: 1 stored"), std::string::npos) << listed.output;
    EXPECT_NE(listed.output.find("kiosk " + version + ", sync " + version + ", 0 waiting"), std::string::npos)
        << listed.output;
}

TEST(Product, TakesAVisitByTheKeypadAlone) {
    Center center;
    const Screen screen;
    Terminal terminal(screen, center.terminal("bm-tp"));
    terminal.wait("attract");
    terminal.key({"Right", "KP_Enter"});  // the first target of the invitation is its start
    terminal.wait("asking", "overall");
    terminal.key({"Right", "Return"});
    terminal.wait("asking", "officer");
    terminal.key({"Tab", "Return"});
    terminal.wait("asking", "o_all");
    terminal.key({"Right", "Left", "Right", "KP_Enter"});
    terminal.wait("thanks");
    const auto kept = records(center, "bm-tp");
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_TRUE(kept.front().at("complete").as_bool());
}

TEST(Product, BeginsAVisitWithAScannedTicket) {
    Center center;
    const Screen screen;
    Terminal terminal(screen, center.terminal("bm-tp"));
    terminal.wait("attract");
    terminal.scan("TP-0123");
    terminal.wait("asking", "overall");
    terminal.tap("answer/5");
    terminal.wait("asking", "officer");
    terminal.tap("officer/none");
    terminal.wait("thanks");
    const auto kept = records(center, "bm-tp");
    ASSERT_EQ(kept.size(), 1U);
    const std::string record = boost::json::serialize(kept.front());
    EXPECT_EQ(kept.front().at("context").at("began").as_string(), "scanned") << record;
    EXPECT_EQ(record.find("0123"), std::string::npos) << "the code is parted from the answers";
}

TEST(Product, SealsACommentTypedOnTheGlass) {
    Center center;
    center.start();
    const Screen screen;
    Terminal terminal(screen, center.terminal("bm-tp"));
    terminal.wait("attract");
    terminal.tap("wake");
    terminal.tap("answer/2");
    terminal.wait("asking", "officer");
    terminal.tap("officer/none");
    terminal.wait("asking", "reason");
    terminal.tap("option/wait");
    terminal.tap("continue");
    terminal.wait("asking", "comment");
    for (const char* key : {"key/l", "key/â", "key/u", "key/space", "key/q", "key/u", "key/a", "key/tone/acute"})
        terminal.tap(key);
    terminal.tap("text_entry/done");
    terminal.wait("thanks");
    const auto kept = records(center, "bm-tp");
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(boost::json::serialize(kept.front()).find("quá"), std::string::npos) << "a record holds no text";
    ASSERT_EQ(center.sync_once("bm-tp").exit_code, 0);
    EXPECT_EQ(opened_texts(center), std::vector<std::string>{"Lâu quá"});
}

TEST(Product, TakesFeedbackFromWhoeverHasMoreToSay) {
    Center center;
    center.start();
    const Screen screen;
    Terminal terminal(screen, center.terminal("bm-tp"));
    terminal.wait("attract");
    terminal.tap("feedback");
    terminal.wait("asking", "f_type");
    terminal.tap("answer/praise");
    terminal.wait("asking", "f_text");
    for (const char* key : {"key/t", "key/ô", "key/t", "key/tone/acute"})
        terminal.tap(key);
    terminal.tap("text_entry/done");
    terminal.wait("asking", "f_reply");
    terminal.tap("answer/no");
    terminal.wait("thanks");
    const auto kept = records(center, "bm-tp");
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(kept.front().at("questionnaire").at("id").as_string(), "FEEDBACK");
    ASSERT_EQ(center.sync_once("bm-tp").exit_code, 0);
    EXPECT_EQ(opened_texts(center), std::vector<std::string>{"Tốt"});
    EXPECT_EQ(posted(center).responses, 0) << "a word of advice is no rating";
}

TEST(Product, FindsARecordThatWasChangedByHand) {
    Center center;
    must({kBin + "hailong-fill", "--config", (center.terminal("bm-dd") / "kiosk.toml").string(), "--visits", "50",
          "--days", "30"});
    center.start();
    ASSERT_EQ(center.sync_once("bm-dd").exit_code, 0);
    ASSERT_EQ(center.stop(), 0);
    ASSERT_EQ(center.backend({"verify"}).exit_code, 0);
    // The answers of one visitor in the place of another's.
    center.plant(
        "UPDATE records SET bytes = (SELECT bytes FROM records AS other "
        "WHERE other.place = records.place - 1) WHERE place & ((1 << 40) - 1) = 7");
    const Ran verified = center.backend({"verify"});
    EXPECT_EQ(verified.exit_code, 1);
    EXPECT_NE(verified.output.find("bm-dd"), std::string::npos) << verified.output;
}

TEST(Product, SaysWhatToDoWhenItCantStart) {
    Center center;
    const std::string config = (center.terminal("bm-tp") / "kiosk.toml").string();
    const Ran blind = run({kBin + "hailong-kiosk", "--config", config}, {{"DISPLAY", {}}, {"WAYLAND_DISPLAY", {}}});
    EXPECT_EQ(blind.exit_code, 1);
    EXPECT_NE(blind.output.find("DISPLAY"), std::string::npos) << blind.output;

    center.start();
    const std::string place = center.url().substr(std::string("http://").size());
    const Ran taken =
        center.backend({"serve", "--listen", place, "--assets", std::string(HAILONG_SOURCE_DIR) + "/assets"});
    EXPECT_NE(taken.exit_code, 0);
    EXPECT_NE(taken.output.find("in use"), std::string::npos) << taken.output;

    const Ran nowhere = run({kBin + "hailong-sync", "once", "--config", "/nowhere/sync.toml"});
    EXPECT_EQ(nowhere.exit_code, 1);
    EXPECT_NE(nowhere.output.find("/nowhere/sync.toml"), std::string::npos) << nowhere.output;
}

TEST(Product, RefusesEmptyArguments) {
    const std::string sync = kBin + "hailong-sync";
    const std::string kiosk = kBin + "hailong-kiosk";
    const std::string backend = kBin + "hailong-backend";
    for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
             {sync, "once", "--config", ""},
             {sync, "--config", "x", "enroll", "--code", ""},
             {sync, "--config", "x", "enroll", "--request", ""},
             {sync, "--config", "x", "enroll", "--answer", ""},
             {sync, "--config", "x", "export", "--out", ""},
             {sync, "--config", "x", "accept", ""},
             {kiosk, "--config", ""},
             {kiosk, "--config", "x", "--observe", ""},
             {kiosk, "--gallery", ""},
             {kiosk, "--gallery", "x", "--gallery-panel", ""},
             {backend, "backup", "--data", "x", ""},
         }) {
        const Ran ran = run(command);
        EXPECT_EQ(ran.exit_code, 2) << ran.output;
        EXPECT_NE(ran.output.find("is empty, and nothing was done"), std::string::npos) << ran.output;
    }
}

TEST(Product, PrintsTheFiguresOfTwoNumbers) {
    const std::string text = must({kBin + "hailong-backend", "figures", "--satisfied", "81", "--total", "263"});
    const auto figures = survey::parse_json(text);
    ASSERT_TRUE(figures) << text;
    EXPECT_NEAR(figures->at("low").as_double(), 0.2553, 0.00005);
    EXPECT_NEAR(figures->at("high").as_double(), 0.3662, 0.00005);
    EXPECT_EQ(figures->at("verdict").as_string(), "not_met");
}

}  // namespace
}  // namespace hailong::tests
