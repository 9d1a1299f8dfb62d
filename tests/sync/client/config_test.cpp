#include "sync/client/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "survey/base/host.h"
#include "tests/kiosk/journal/sample.h"

namespace hailong::sync {
namespace {

using survey::milliseconds;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

constexpr const char* kWhole = R"(
kiosk = "bm-tp"
journal = "journal.db"
backend = "https://hailong.example/"
identity = "identity.json"
)";

class ConfigFile : public testing::Test {
  protected:
    Expected<Config, survey::Faults> load(const std::string& content) {
        EXPECT_TRUE(survey::write_file(folder_ / "sync.toml", content));
        return load_config(folder_ / "sync.toml");
    }
    /// What is wrong, each fault as "place: what".
    std::vector<std::string> faults(const std::string& content) {
        const auto config = load(content);
        std::vector<std::string> lines;
        if (config) return lines;
        for (const survey::Fault& fault : config.error()) {
            EXPECT_FALSE(fault.remedy.empty()) << fault.place;
            lines.push_back(fault.place + ": " + fault.what);
        }
        return lines;
    }
    test::TemporaryFolder folder_;
};

TEST_F(ConfigFile, IsRead) {
    const auto config = load(kWhole);
    ASSERT_TRUE(config) << survey::describe(config.error());
    Config expected;
    expected.kiosk = {"bm-tp"};
    expected.journal = folder_ / "journal.db";
    expected.backend = "https://hailong.example";
    expected.identity = folder_ / "identity.json";
    EXPECT_EQ(*config, expected);
}

TEST_F(ConfigFile, TakesEveryKey) {
    ASSERT_TRUE(survey::write_file(folder_ / "ca.pem", "pem"));
    const auto config = load(R"(
kiosk = "bm-tp"
journal = "/var/lib/hailong/journal.db"
backend = "http://127.0.0.1:8080"
identity = "/var/lib/hailong/identity.json"
ca_file = "ca.pem"
connect_timeout_s = 3
answer_timeout_s = 30
inbox_every_s = 5
retention_days = 3650
)");
    ASSERT_TRUE(config) << survey::describe(config.error());
    EXPECT_EQ(config->journal, "/var/lib/hailong/journal.db");
    EXPECT_EQ(config->identity, "/var/lib/hailong/identity.json");
    EXPECT_EQ(config->ca_file, folder_ / "ca.pem");
    EXPECT_EQ(config->connect_timeout, milliseconds{3'000});
    EXPECT_EQ(config->answer_timeout, milliseconds{30'000});
    EXPECT_EQ(config->inbox_every, milliseconds{5'000});
    EXPECT_EQ(config->retention, std::chrono::days{3'650});
}

TEST_F(ConfigFile, NamesEveryFaultAtOnce) {
    EXPECT_THAT(faults(""), UnorderedElementsAre("kiosk: is missing", "journal: is missing", "backend: is missing",
                                                 "identity: is missing"));
}

TEST_F(ConfigFile, NamesTheLineOfAFault) {
    EXPECT_THAT(faults(std::string(kWhole) + "jurnal = \"x\"\n"), ElementsAre("line 6: jurnal: is not a known key"));
    EXPECT_THAT(faults(std::string(kWhole) + "inbox_every_s = 0\n"),
                ElementsAre("line 6: inbox_every_s: is not a whole number from 1 to 86400"));
    EXPECT_THAT(faults(std::string(kWhole) + "answer_timeout_s = \"60\"\n"),
                ElementsAre(HasSubstr("line 6: answer_timeout_s: ")));
    EXPECT_THAT(faults(std::string(kWhole) + "ca_file = \"missing.pem\"\n"),
                ElementsAre(HasSubstr("line 6: ca_file: " + (folder_ / "missing.pem").string())));
    for (const char* days : {"0", "3651", "1.5", "-1"}) {
        EXPECT_THAT(faults(std::string(kWhole) + "retention_days = " + days + "\n"),
                    ElementsAre("line 6: retention_days: is not a whole number from 1 to 3650"));
    }
    EXPECT_THAT(faults(std::string(kWhole) + "token = \"x\"\n"), ElementsAre("line 6: token: is not a known key"));
    EXPECT_THAT(faults("kiosk = 7"), Contains("line 1: kiosk: is not text"));
    EXPECT_THAT(faults("kiosk = \"a b\""), Contains("line 1: kiosk: is not an identifier"));
    EXPECT_THAT(faults("\n\nkiosk = \n"), ElementsAre(HasSubstr("line 3: ")));
}

TEST_F(ConfigFile, SaysWhenItIsMissing) {
    const auto config = load_config(folder_ / "missing.toml");
    ASSERT_FALSE(config);
    EXPECT_THAT(survey::describe(config.error(), "missing.toml"), testing::StartsWith("missing.toml: No such file"));
}

TEST(Backend, IsAWholeAddress) {
    EXPECT_EQ(parse_backend("https://hailong.example"), "https://hailong.example");
    EXPECT_EQ(parse_backend("https://hailong.example:8443/city//"), "https://hailong.example:8443/city");
    EXPECT_EQ(parse_backend("http://127.0.0.1:8080/"), "http://127.0.0.1:8080");
    EXPECT_EQ(parse_backend("http://localhost"), "http://localhost");
    EXPECT_EQ(parse_backend("http://[::1]:80"), "http://[::1]:80");
    for (const char* url : {"", "hailong.example", "ftp://hailong.example", "https://", "https:///x", "https://a b",
                            "https://user:password@host", "https://host?x=1", "https://host#x", "HTTPS://host"}) {
        EXPECT_FALSE(parse_backend(url)) << url;
    }
}

TEST(Backend, IsNeverReachedUnencryptedOverTheNetwork) {
    for (const char* url : {"http://hailong.example", "http://10.0.0.5:8080", "http://127.0.0.1.example",
                            "http://localhost.example", "http://[::2]"}) {
        const auto backend = parse_backend(url);
        ASSERT_FALSE(backend) << url;
        EXPECT_THAT(backend.error().what, HasSubstr("unencrypted"));
    }
}

}  // namespace
}  // namespace hailong::sync
