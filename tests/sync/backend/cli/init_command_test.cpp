// `init`: what it would change, what it changes, and what counts after it.
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "survey/base/host.h"
#include "tests/sync/backend/cli/command_fixture.h"
#include "tests/sync/backend/sample.h"

namespace hailong::sync {
namespace {

namespace fs = std::filesystem;
using sample::must;

class InitCommand : public sample::Commands {
  protected:
    InitCommand() { write("forms/W5.json", sample::questionnaire_json("W5", 1)); }
    sample::Ran import(const std::string& center, const std::vector<std::string>& more = {}) {
        std::vector<std::string> words = {"init",
                                          "--data",
                                          data(),
                                          "--center",
                                          write("center.json", center).string(),
                                          "--questionnaires",
                                          (folder_.path() / "forms").string()};
        words.insert(words.end(), more.begin(), more.end());
        return run(words);
    }
    static std::string stricter() {
        std::string json = sample::center_json();
        return json.replace(json.find(":90}"), 4, ":95}");
    }
};

TEST_F(InitCommand, SaysWithADryRunWhatWouldChangeAndChangesNothing) {
    const sample::Ran before_all = import(sample::center_json(), {"--dry-run"});
    EXPECT_EQ(before_all.status, 0) << before_all.err;
    EXPECT_NE(before_all.out.find("it would be created"), std::string::npos);
    EXPECT_FALSE(fs::exists(data()));
    ASSERT_EQ(import(sample::center_json()).status, 0);
    const std::int64_t revision = must(reader()->documents().revision());
    const sample::Ran shown = import(stricter(), {"--dry-run"});
    EXPECT_EQ(shown.status, 0) << shown.err;
    EXPECT_NE(shown.out.find("change: center mau: from 2026-12-01: objective more than 95 %"), std::string::npos)
        << shown.out;
    EXPECT_NE(shown.out.find("Nothing was changed"), std::string::npos);
    EXPECT_EQ(must(reader()->documents().revision()), revision);
    EXPECT_EQ(must(reader()->incidents().newest(10)).size(), 0u);
    const sample::Ran done = import(stricter());
    EXPECT_NE(done.out.find("change: center mau: from 2026-12-01: objective more than 95 %"), std::string::npos);
    EXPECT_NE(import(stricter()).out.find("change: nothing"), std::string::npos);
    EXPECT_NE(run({"incidents", "--data", data()}).out.find("documents"), std::string::npos);
}

TEST_F(InitCommand, RefusesAnotherPastAndWritesNothing) {
    ASSERT_EQ(import(sample::center_json()).status, 0);
    for (const std::vector<std::string>& more : {std::vector<std::string>{"--dry-run"}, {}}) {
        const sample::Ran ran = import(
            sample::center_json("mau", R"(,"settings":[{"from":"2026-10-01","objective":{"more_than_percent":80}}])"),
            more);
        EXPECT_EQ(ran.status, 1);
        EXPECT_NE(ran.err.find("settings: from 2026-10-01: the day is over"), std::string::npos) << ran.err;
        EXPECT_NE(ran.err.find("nothing was imported"), std::string::npos);
    }
    EXPECT_NE(import(sample::center_json()).out.find("change: nothing"), std::string::npos);
}

TEST_F(InitCommand, CountsWhatWaitedForTheDocument) {
    ASSERT_EQ(import(sample::center_json()).status, 0);
    sample::Journal journal("K1");
    survey::Response response = sample::visit(1);
    response.context.officer = {"c-01"};
    journal.add(response);
    {
        auto store = must(open_sqlite_store(fs::path(data()) / kStoreFile, OpenMode::existing));
        auto transaction = must(store->write());
        Terminal terminal;
        terminal.kiosk = {"K1"};
        terminal.center = {"mau"};
        terminal.token_hash = to_hex(survey::sha256("token"));
        terminal.key = survey::public_half(sample::sign_key("K1"));
        must(transaction->terminals().put(terminal));
        must(transaction->terminals().add_key({terminal.kiosk, *terminal.key, sample::noon()}));
        must(transaction->commit());
        transaction.reset();
        const Reference reference = must(load_reference(*must(store->read())));
        PreparedBatch batch = prepare(journal.all(), terminal, reference, sample::noon());
        ASSERT_TRUE(must(with_tallies(*store, [&](Transaction& writer, CenterSheets& sheets) {
            return take(batch, reference, writer, sheets);
        })));
    }
    EXPECT_EQ(must(reader()->terminals().totals({"mau"})).records.quarantined, 1);
    store_.reset();
    const sample::Ran ran = import(sample::grown_center_json());
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_NE(ran.out.find("quarantined: 1, of which 1 count from now on"), std::string::npos) << ran.out;
    EXPECT_EQ(must(reader()->terminals().totals({"mau"})).records.counted, 1);
}

}  // namespace
}  // namespace hailong::sync
