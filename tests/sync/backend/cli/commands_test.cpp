#include "sync/backend/cli/commands.h"

#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

#include <gtest/gtest.h>

#include "survey/base/host.h"
#include "sync/backend/cli/command_support.h"
#include "sync/backend/service/service.h"
#include "sync/protocol/inbox.h"
#include "tests/sync/backend/cli/command_fixture.h"

namespace hailong::sync {
namespace {

namespace fs = std::filesystem;
using sample::Commands;
using sample::kAssets;
using sample::must;
using sample::Ran;

TEST_F(Commands, FiguresPrintsExactlyOneLineOfJson) {
    const auto figures = [&](const std::string& satisfied, const std::string& total) {
        return run({"figures", "--satisfied", satisfied, "--total", total});
    };
    const Ran none = figures("0", "0");
    EXPECT_EQ(none.status, 0);
    EXPECT_EQ(none.out, "{\"satisfied\":0,\"total\":0,\"share\":null,\"low\":null,\"high\":null,\"verdict\":null}\n");
    EXPECT_EQ(
        figures("100", "100").out,
        "{\"satisfied\":100,\"total\":100,\"share\":1,\"low\":0.9630065017930143,\"high\":1,\"verdict\":\"met\"}\n");
    EXPECT_NE(figures("91", "100").out.find("\"verdict\":\"met_unproven\""), std::string::npos);
    EXPECT_NE(figures("90", "100").out.find("\"share\":0.9,"), std::string::npos);
    EXPECT_NE(figures("90", "100").out.find("\"verdict\":\"not_met\""), std::string::npos);
    EXPECT_NE(figures("010", "12").out.find("\"satisfied\":10,"), std::string::npos);
    EXPECT_NE(run({"figures", "--satisfied", "9", "--total", "10", "--more-than-percent", "50"}).out.find("\"met\""),
              std::string::npos);
}

TEST_F(Commands, FiguresRefusesWhatIsNoCount) {
    const std::vector<std::pair<std::string, std::string>> bad = {
        {"-1", "3"},  {"5", "3"},   {"x", "3"},
        {"1", "3.5"}, {"1", ""},    {"+1", "3"},
        {" 1", "3"},  {"0x1", "3"}, {"1", "99999999999999999999"}};
    for (const auto& [satisfied, total] : bad) {
        const Ran ran = run({"figures", "--satisfied=" + satisfied, "--total=" + total});
        EXPECT_EQ(ran.status, 2) << satisfied << " " << total;
        EXPECT_EQ(ran.out, "");
        EXPECT_NE(ran.err, "");
    }
    EXPECT_EQ(run({"figures", "--satisfied", "1", "--total", "2", "--more-than-percent", "101"}).status, 2);
    EXPECT_EQ(run({"figures", "--satisfied", "1"}).status, 2);
}

TEST_F(Commands, ListTheTerminalsAndWhatTheyLastSaid) {
    ASSERT_EQ(init().status, 0);
    {
        (void)reader();
        auto transaction = must(store_->write());
        Terminal terminal;
        terminal.kiosk = {"bm-tp"};
        terminal.center = {"binh-minh"};
        must(transaction->terminals().put(terminal));
        terminal.kiosk = {"bm-ca"};
        terminal.token_hash = "hash";
        terminal.key = survey::public_half(sample::sign_key("bm-ca"));
        terminal.last_seq = 12;
        terminal.reported_collected = 14;
        terminal.last_seen = sample::noon();
        must(transaction->terminals().put(terminal));
        HeardStatus heard{{"bm-ca"}, {}, sample::noon()};
        heard.status.waiting = 2;
        heard.status.oldest_waiting = std::chrono::minutes(25 * 60 + 59);
        heard.status.last_visit = sample::noon();
        heard.status.disk_free_bytes = std::int64_t{300} << 20;
        heard.status.clock_offset = survey::milliseconds(-4'200);
        heard.status.kiosk_version = "0.1.0";
        heard.status.troubles = {"delivery", "disk"};
        must(transaction->terminals().put_statuses(std::vector{heard}));
        must(transaction->commit());
    }
    const Ran listed = run({"terminals", "--data", data()});
    EXPECT_EQ(listed.status, 0) << listed.err;
    const std::string noon = survey::to_rfc3339(sample::noon());
    EXPECT_EQ(listed.out,
              "bm-ca of binh-minh: 12 stored, 2 missing, last batch " + noon + "; heard " + noon +
                  ": kiosk 0.1.0, sync unknown, 2 waiting, the oldest for 25 h, 300 MiB free, clock 4 s fast, "
                  "last visit on 2026-11-22, trouble: delivery, disk\n"
                  "bm-tp of binh-minh, not enrolled: 0 stored, 0 missing, no batch yet; never said how it is\n"
                  "terminals: 2, in trouble: 1\n");
}

TEST_F(Commands, SayHowTheyAreUsed) {
    EXPECT_EQ(run({}).status, 2);
    EXPECT_EQ(run({"dance"}).status, 2);
    EXPECT_EQ(run({"--help"}).status, 0);
    EXPECT_NE(run({"--help"}).out.find("figures"), std::string::npos);
    EXPECT_EQ(run({"--version"}).status, 0);
}

TEST_F(Commands, InitImportsAndChangesNothingTheSecondTime) {
    const Ran first = init();
    ASSERT_EQ(first.status, 0) << first.err;
    const std::int64_t revision = must(reader()->documents().revision());
    const Ran second = init();
    EXPECT_EQ(second.status, 0);
    EXPECT_NE(second.out.find(", 0 new"), std::string::npos);
    EXPECT_EQ(must(reader()->documents().revision()), revision);
    EXPECT_EQ(must(reader()->documents().centers()), std::vector<survey::CenterId>{{"binh-minh"}});
}

TEST_F(Commands, InitNamesEveryFaultAndWritesNothing) {
    const fs::path center = write("center.json", "{\"format\":1,\"id\":\"x y\"}");
    write("forms/A.json", "{");
    write("forms/B.json", "{\"format\":1}");
    const Ran ran = init(center.string(), (folder_.path() / "forms").string());
    EXPECT_EQ(ran.status, 1);
    for (const char* texts : {"center.json: id", "A.json: byte", "B.json: ", "nothing was imported"})
        EXPECT_NE(ran.err.find(texts), std::string::npos) << texts << "\n" << ran.err;
    EXPECT_FALSE(fs::exists(data()));
}

TEST_F(Commands, InitRefusesAPublishedVersionWithOtherContent) {
    write("forms/W5.json", sample::questionnaire_json("W5", 1));
    const fs::path center = write("center.json", sample::center_json());
    const std::string forms = (folder_.path() / "forms").string();
    ASSERT_EQ(init(center.string(), forms).status, 0);
    std::string changed = sample::questionnaire_json("W5", 1);
    write("forms/W5.json", changed + "\n");
    EXPECT_EQ(init(center.string(), forms).status, 0) << "white space is no other content";
    changed.replace(changed.find("Hài lòng không?"), 4, "H");
    write("forms/W5.json", changed);
    const Ran ran = init(center.string(), forms);
    EXPECT_EQ(ran.status, 1);
    EXPECT_NE(ran.err.find("W5.json: version: "), std::string::npos) << ran.err;
    EXPECT_NE(ran.err.find("higher version"), std::string::npos);
    const auto kept = must(reader()->documents().questionnaires());
    ASSERT_EQ(kept.size(), 1u);
    EXPECT_EQ(kept[0].json, sample::questionnaire_json("W5", 1));
}

TEST_F(Commands, InitChecksThatCenterAndQuestionnairesFit) {
    std::string json = sample::center_json();
    write("forms/W5.json", sample::questionnaire_json("W5", 1));
    const std::string forms = (folder_.path() / "forms").string();
    json.replace(json.find("\"headline\":\"overall\""), 20, "\"headline\":\"reason\"");
    const Ran headline = init(write("center.json", json).string(), forms);
    EXPECT_EQ(headline.status, 1);
    EXPECT_NE(headline.err.find("center.json: headline: \"reason\""), std::string::npos) << headline.err;
    json.replace(json.find("\"W5\""), 4, "\"W9\"");
    const Ran form = init(write("center.json", json).string(), forms);
    EXPECT_EQ(form.status, 1);
    EXPECT_NE(form.err.find("no version of \"W9\""), std::string::npos) << form.err;
    const Ran feedback =
        init(write("center.json", sample::center_json("mau", R"(,"feedback":"TALK")")).string(), forms);
    EXPECT_EQ(feedback.status, 1);
    EXPECT_NE(feedback.err.find("center.json: feedback: no version of \"TALK\""), std::string::npos) << feedback.err;
}

TEST_F(Commands, InitPublishesNothingThatTerminalsCouldNotRead) {
    const std::string form = survey::read_file(kAssets / "questionnaires" / "WARD5.json").value();
    const std::string center = survey::read_file(kAssets / "demo" / "center.json").value();
    const auto with = [](std::string document, const std::string& member) {
        return document.insert(document.find('{') + 1, member + ",");
    };
    // With the document around it, that many levels.
    const auto nested = [](std::size_t levels) {
        return R"("x_note":{"deep":)" + std::string(levels - 2, '[') + std::string(levels - 2, ']') + "}";
    };
    const fs::path file = write("center.json", center);
    fs::copy(kAssets / "questionnaires", folder_.path() / "forms");
    const std::string deepest = with(center, nested(kDocumentDepthMax));
    EXPECT_EQ(init(write("center.json", deepest).string(), (folder_.path() / "forms").string()).status, 0);
    const auto in_an_inbox = [](const std::string& document) { return R"({"documents":[{"body":)" + document + "}]}"; };
    EXPECT_TRUE(survey::parse_json(in_an_inbox(deepest)));
    EXPECT_FALSE(survey::parse_json(in_an_inbox(with(center, nested(kDocumentDepthMax + 1)))));
    for (const auto& [member, place] : std::vector<std::pair<std::string, std::string>>{
             {R"("x_note":1e400)", "x_note: is a number"},
             {R"("x_note":{"of":[1,-1.5]})", "x_note.of[1]: is a number"},
             {R"("x_note":18446744073709551616)", "x_note: is a number"},
             {nested(kDocumentDepthMax + 1), "is nested deeper than the 29 levels"}}) {
        SCOPED_TRACE(member);
        const Ran asked =
            init(write("center.json", with(center, member)).string(), (folder_.path() / "forms").string());
        EXPECT_EQ(asked.status, 1);
        EXPECT_NE(asked.err.find("center.json: x_note"), std::string::npos) << asked.err;
        EXPECT_NE(asked.err.find(place), std::string::npos) << asked.err;
        write("forms/WARD5.json", with(form, member));
        const Ran ran = init((kAssets / "demo" / "center.json").string(), (folder_.path() / "forms").string());
        write("forms/WARD5.json", form);
        EXPECT_EQ(ran.status, 1);
        EXPECT_NE(ran.err.find(place), std::string::npos) << ran.err;
    }
}

TEST_F(Commands, InitSaysWhatIsMissing) {
    const Ran ran = init("/nonexistent/center.json", "/nonexistent");
    EXPECT_EQ(ran.status, 1);
    EXPECT_NE(ran.err.find("/nonexistent/center.json"), std::string::npos);
    fs::create_directories(folder_.path() / "empty");
    EXPECT_NE(init((kAssets / "demo" / "center.json").string(), (folder_.path() / "empty").string())
                  .err.find("holds no .json file"),
              std::string::npos);
}

TEST_F(Commands, VerifySaysWhetherEverythingAgrees) {
    EXPECT_EQ(run({"verify", "--data", data()}).status, 1);
    sample::Backend backend;
    ASSERT_TRUE(make_missing_keys(backend.folder.path()));
    sample::Journal journal("K1");
    journal.add(sample::visit(1));
    must(backend.take(journal.all()));
    const Ran sound = run({"verify", "--data", backend.folder.path().string()});
    EXPECT_EQ(sound.status, 0) << sound.out;
    EXPECT_NE(sound.out.find("records: 1 (1 counted, 0 quarantined)"), std::string::npos);
    EXPECT_NE(sound.out.find("differences: 0\n"), std::string::npos);
    {
        auto transaction = must(backend.store->write());
        survey::TallyKey key;
        key.date = *survey::parse_date("2026-11-22");
        key.questionnaire = {{"W5"}, 1};
        CenterSheets sheets;
        sheets[{"mau"}][key].responses = 1;
        must(transaction->tallies().add(sheets));
        must(transaction->commit());
    }
    const Ran changed = run({"verify", "--data", backend.folder.path().string()});
    EXPECT_EQ(changed.status, 1);
    EXPECT_NE(changed.out.find("DIFFERENCE: tally of mau"), std::string::npos);
}

/// Every option with a value of every command, but for numbers that have a range.
TEST_F(Commands, RefuseEveryValueThatIsEmpty) {
    const std::vector<std::pair<std::vector<std::string>, std::vector<std::string>>> commands = {
        {{"init"}, {"--data", "--center", "--questionnaires"}},
        {{"enroll"}, {"--data", "--center", "--kiosk", "--valid-minutes", "--request", "--answer"}},
        {{"revoke"}, {"--data", "--kiosk"}},
        {{"import"}, {"--data", "--answer-dir", ""}},
        {{"terminals"}, {"--data"}},
        {{"incidents"}, {"--data"}},
        {{"quarantined"}, {"--data"}},
        {{"keys", "show"}, {"--data"}},
        {{"keys", "split"}, {"--data", "--key", "--out"}},
        {{"keys", "join"}, {"--out", "", ""}},
        {{"texts", "list"}, {"--data"}},
        {{"texts", "open"}, {"--data", "--key", "--kiosk"}},
        {{"texts", "erase"}, {"--data", "--kiosk", "--item", "--reason"}},
        {{"serve"}, {"--data", "--listen", "--assets", "--keep-texts-days"}},
        {{"verify"}, {"--data"}},
        {{"reconcile"}, {"--data", "--center", "--from", "--to"}},
        {{"reprocess"}, {"--data"}},
        {{"times"}, {"--data", "--first", "--last", "--seconds-ahead", "--reason"}},
        {{"backup"}, {"--data", ""}},
        {{"restore"}, {"--data", "--keys", "--erasures", ""}},
        {{"figures"}, {"--satisfied", "--total", "--more-than-percent"}},
    };
    for (const auto& [command, options] : commands) {
        for (std::size_t empty = 0; empty < options.size(); ++empty) {
            std::vector<std::string> words = command;
            for (std::size_t i = 0; i < options.size(); ++i) {
                if (!options[i].empty()) words.push_back(options[i]);
                words.push_back(i == empty ? "" : "1");
            }
            const Ran ran = run(words);
            EXPECT_EQ(ran.status, 2) << command.back() << " " << options[empty];
            EXPECT_NE(ran.err.find("is empty, and nothing was done"), std::string::npos)
                << command.back() << " " << options[empty] << ": " << ran.err;
        }
    }
}

TEST_F(Commands, RefuseNumbersThatNoRecordHas) {
    ASSERT_EQ(init().status, 0);
    for (const char* seq : {"99999999999999999999", "1099511627776", "0", "-1", ""}) {
        const Ran ran = run({"texts", "erase", "--data", data(), "--kiosk", "K1", "--seq", seq, "--reason", "so"});
        EXPECT_EQ(ran.status, 2) << seq;
        EXPECT_NE(ran.err.find("--seq"), std::string::npos) << ran.err;
    }
}

TEST(Printable, IsTextInUtf8OnOneLine) {
    EXPECT_EQ(printable("Phường\x1b[2J\n\xff\xc3 7"), "Phường [2J \uFFFD\uFFFD 7");
}

TEST_F(Commands, SplitKeepsTheSharesThatLieThere) {
    ASSERT_EQ(init().status, 0);
    const fs::path shares = folder_.path() / "shares";
    const auto split = [&] { return run({"keys", "split", "--data", data(), "--out", shares.string()}); };
    ASSERT_EQ(split().status, 0);
    const std::string last = survey::read_file(shares / "share-3.txt").value();
    fs::remove(shares / "share-1.txt");
    const Ran again = split();
    EXPECT_EQ(again.status, 1);
    EXPECT_NE(again.err.find("share-2.txt is there already, and nothing was written"), std::string::npos) << again.err;
    EXPECT_EQ(survey::read_file(shares / "share-3.txt"), last);
    EXPECT_FALSE(fs::exists(shares / "share-1.txt"));
}

TEST_F(Commands, EndWithASentenceWhenNobodyExpectedTheError) {
    const StartService fails = [](const ServiceSettings&,
                                  const survey::Clock&) -> Expected<std::unique_ptr<RunningService>, std::string> {
        throw std::runtime_error("the unexpected");
    };
    std::ostringstream out;
    std::ostringstream err;
    const std::string assets = kAssets.string();
    const std::vector<const char*> words = {"hailong-backend", "serve", "--data", "x", "--assets", assets.c_str()};
    EXPECT_EQ(run_backend(static_cast<int>(words.size()), words.data(), fails, clock_, out, err), 1);
    EXPECT_NE(err.str().find("the unexpected. What was saved before is safe"), std::string::npos) << err.str();
}

TEST(Listen, IsAnAddressWithAPort) {
    EXPECT_EQ(parse_listen("127.0.0.1:8080"), std::pair(std::string("127.0.0.1"), std::uint16_t{8080}));
    EXPECT_EQ(parse_listen("[::1]:0"), std::pair(std::string("::1"), std::uint16_t{0}));
    for (const char* bad :
         {"", "8080", "127.0.0.1", "127.0.0.1:", ":8080", "127.0.0.1:65536", "127.0.0.1:x", "::1:80", "[]:80"})
        EXPECT_FALSE(parse_listen(bad)) << bad;
}

TEST_F(Commands, ServeRefusesToStartOnWhatItCantServe) {
    const std::string assets = kAssets.string();
    const Ran nothing = run({"serve", "--data", data(), "--listen", "127.0.0.1:0", "--assets", assets});
    EXPECT_EQ(nothing.status, 1);
    EXPECT_NE(nothing.err.find("init"), std::string::npos);
    ASSERT_EQ(init().status, 0);
    EXPECT_EQ(run({"serve", "--data", data(), "--listen", "here", "--assets", assets}).status, 2);
    const Ran no_assets = run({"serve", "--data", data(), "--listen", "127.0.0.1:0", "--assets", "/nonexistent"});
    EXPECT_EQ(no_assets.status, 1);
    EXPECT_NE(no_assets.err.find("/nonexistent"), std::string::npos);

    ServiceSettings settings;
    settings.data = data();
    settings.assets = kAssets;
    settings.port = 0;
    const auto other = Service::start(settings, clock_);
    ASSERT_TRUE(other);
    const Ran taken = run(
        {"serve", "--data", data(), "--listen", "127.0.0.1:" + std::to_string((*other)->port()), "--assets", assets});
    EXPECT_EQ(taken.status, 1);
    EXPECT_NE(taken.err.find("in use"), std::string::npos);
}

}  // namespace
}  // namespace hailong::sync
