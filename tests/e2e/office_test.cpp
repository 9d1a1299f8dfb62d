// What the office that runs the programs relies on: who may read their files, what their logs tell, what they end with.
#include <filesystem>
#include <fstream>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "survey/base/command_line.h"
#include "tests/e2e/product.h"

namespace hailong::tests {
namespace {

namespace fs = std::filesystem;
using survey::ExitStatus;
using testing::HasSubstr;

const std::string kBackend = kBin + "hailong-backend";
const std::string kSync = kBin + "hailong-sync";
const std::string kKiosk = kBin + "hailong-kiosk";
const std::string kFill = kBin + "hailong-fill";

int code(ExitStatus status) {
    return static_cast<int>(status);
}

/// The umask of whoever starts the programs, put back afterwards.
class Umask {
  public:
    explicit Umask(mode_t mask) : before_(::umask(mask)) {}
    ~Umask() { ::umask(before_); }
    Umask(const Umask&) = delete;
    Umask& operator=(const Umask&) = delete;

  private:
    mode_t before_;
};

/// Files and folders under `folder` that somebody else may read, change or walk through, with their rights.
std::map<std::string, unsigned> open_to_others(const fs::path& folder) {
    std::map<std::string, unsigned> found;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        const auto mode = static_cast<unsigned>(entry.status().permissions() & fs::perms::mask);
        if ((mode & 077U) != 0) found[entry.path().lexically_relative(folder).string()] = mode;
    }
    return found;
}

/// A center from its first command on, all made by the programs.
class Office {
  public:
    Office() {
        must({kBackend, "init", "--data", at("backend"), "--center", assets() + "/demo/center.json", "--questionnaires",
              assets() + "/questionnaires"});
        make_terminal();
    }
    [[nodiscard]] std::string at(const std::string& name) const { return (folder_ / name).string(); }
    [[nodiscard]] const fs::path& path() const { return folder_.path(); }
    [[nodiscard]] static std::string assets() { return std::string(HAILONG_SOURCE_DIR) + "/assets"; }
    [[nodiscard]] std::vector<std::string> sync(const std::string& command, std::vector<std::string> more = {}) const {
        more.insert(more.begin(), {kSync, command, "--config", at("sync.toml")});
        return more;
    }
    [[nodiscard]] std::vector<std::string> serve() const {
        return {kBackend, "serve", "--data", at("backend"), "--listen", "127.0.0.1:0", "--assets", assets()};
    }
    /// What an administrator writes by hand, for its owner alone.
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(folder_ / name) << text;
        fs::permissions(folder_ / name, fs::perms::owner_read | fs::perms::owner_write);
    }
    void point_at(const std::string& url) const {
        write("sync.toml",
              "kiosk = \"bm-tp\"\njournal = \"journal.db\"\nbackend = \"" + url + "\"\nidentity = \"identity.json\"\n");
    }
    void enrol_by_hand() const {
        const std::string code =
            must({kBackend, "enroll", "--data", at("backend"), "--center", "binh-minh", "--kiosk", "bm-tp"});
        must(sync("enroll", {"--code", code.substr(0, code.find('\n')), "--request", at("request")}));
        must({kBackend, "enroll", "--data", at("backend"), "--request", at("request"), "--answer", at("answer")});
        must(sync("enroll", {"--answer", at("answer")}));
    }

  private:
    void make_terminal() const {
        const std::string hash = must({"sh", "-c", "echo 246810 | " + kKiosk + " --hash-pin"});
        write("kiosk.toml", "kiosk = \"bm-tp\"\ncounter = \"TP\"\njournal = \"journal.db\"\ncenter = \"" + assets() +
                                "/demo/center.json\"\nquestionnaires = \"" + assets() +
                                "/questionnaires\"\ntranslations = \"" + assets() + "/i18n\"\nstaff_pin_hash = \"" +
                                hash.substr(0, hash.find('\n')) + "\"\n[window]\nwidth = 480\nheight = 800\n");
        point_at("http://127.0.0.1:1");
    }

    TemporaryFolder folder_;
};

class OfficeWithUmask : public testing::TestWithParam<mode_t> {};

TEST_P(OfficeWithUmask, FindsEveryFileAndFolderKeptToItsOwner) {
    const Screen screen("480x800");
    const Umask umask(GetParam());
    const Office office;
    office.enrol_by_hand();
    must({kFill, "--config", office.at("kiosk.toml"), "--visits", "30", "--days", "10"});
    fs::create_directory(office.at("bundles"));
    fs::permissions(office.at("bundles"), fs::perms::owner_all);
    must(office.sync("export", {"--out", office.at("bundles")}));
    std::vector<std::string> import = {kBackend, "import", "--data", office.at("backend")};
    for (const auto& entry : fs::directory_iterator(office.at("bundles")))
        import.push_back(entry.path().string());
    must(import);
    for (const auto& entry : fs::directory_iterator(office.at("bundles"))) {
        if (entry.path().extension() == ".answer") must(office.sync("accept", {entry.path().string()}));
    }
    {
        Process backend(office.serve());
        office.point_at(backend.wait_for_line("listening on "));
        {
            fs::permissions(office.at("kiosk.toml"), fs::perms::others_read, fs::perm_options::add);
            Process watch(office.sync("watch"));
            Terminal terminal(screen, office.path());
            terminal.wait("attract");
            terminal.tap("wake");
            terminal.wait("asking", "overall");
            EXPECT_EQ(open_to_others(office.path()), (std::map<std::string, unsigned>{})) << "while all of it runs";
            EXPECT_EQ(terminal.process().terminate(), 0);
            EXPECT_EQ(watch.terminate(), 0) << watch.output();
        }
        must(office.sync("once"));
        must({kBackend, "backup", "--data", office.at("backend"), office.at("copies/first")});
        EXPECT_EQ(open_to_others(office.path()), (std::map<std::string, unsigned>{}));
        EXPECT_EQ(backend.terminate(), 0) << backend.output();
    }
    must({kBackend, "restore", "--data", office.at("restored"), office.at("copies/first")});
    must({kBackend, "verify", "--data", office.at("restored")});
    must({kBackend, "keys", "split", "--data", office.at("backend"), "--out", office.at("shares")});
    must({kBackend, "keys", "join", office.at("shares/share-1.txt"), office.at("shares/share-3.txt"), "--out",
          office.at("joined.key")});
    EXPECT_EQ(open_to_others(office.path()), (std::map<std::string, unsigned>{}));
}

INSTANTIATE_TEST_SUITE_P(Umasks, OfficeWithUmask, testing::Values(mode_t{0000}, mode_t{0022}),
                         [](const auto& tested) { return tested.param == 0 ? "None" : "Usual"; });

TEST(OfficeOfBefore, HasWhatAnEarlierVersionMadeForAllClosed) {
    const Umask umask(0022);
    const Office office;
    office.enrol_by_hand();
    must({kFill, "--config", office.at("kiosk.toml"), "--visits", "3", "--days", "2"});
    for (const char* name : {"journal.db", "journal.db-head", "journal.db-lock", "backend/backend.sqlite"})
        ASSERT_EQ(::chmod(office.at(name).c_str(), 0644), 0) << name;
    std::ofstream(office.at("journal.db-damaged-1")) << "set aside";
    office.write("kiosk.toml", must({"cat", office.at("kiosk.toml")}) + "\n");
    static_cast<void>(run(office.sync("once")));  // nobody listens; the journal was opened
    {
        Process backend(office.serve());
        backend.wait_for_line("listening on ");
        EXPECT_EQ(open_to_others(office.path()), (std::map<std::string, unsigned>{}));
        backend.terminate();
    }
    EXPECT_EQ(open_to_others(office.path()), (std::map<std::string, unsigned>{}));
}

TEST(Office, RunsWithNoSecretKeyThatOthersMayRead) {
    const Office office;
    office.enrol_by_hand();
    const auto expect_refused = [&](const std::string& name, const std::vector<std::string>& command) {
        for (const unsigned mode : {0640U, 0604U, 0660U}) {
            ASSERT_EQ(::chmod(office.at(name).c_str(), mode), 0) << name;
            const Ran ran = run(command);
            EXPECT_EQ(ran.exit_code, code(ExitStatus::refused)) << name << ": " << ran.output;
            EXPECT_THAT(ran.output, HasSubstr("chmod 600 " + office.at(name)));
        }
        ASSERT_EQ(::chmod(office.at(name).c_str(), 0600), 0) << name;
    };
    for (const char* name : {"backend/keys/sign.key", "backend/keys/transport.key", "backend/keys/text.key"}) {
        expect_refused(name, office.serve());
        expect_refused(name, {kBackend, "backup", "--data", office.at("backend"), office.at("copy")});
    }
    expect_refused("backend/keys/text.key",
                   {kBackend, "keys", "split", "--data", office.at("backend"), "--out", office.at("shares")});
    expect_refused("identity.json", office.sync("once"));
    expect_refused("identity.json", office.sync("export", {"--out", office.at("bundles")}));
}

TEST(Office, SplitsAKeyOverNoFileThatIsThere) {
    const Office office;
    const std::vector<std::string> split = {
        kBackend, "keys", "split", "--data", office.at("backend"), "--out", office.at("shares")};
    fs::create_directory(office.at("shares"));
    office.write("shares/share-3.txt", "of another key");
    const Ran ran = run(split);
    EXPECT_EQ(ran.exit_code, code(ExitStatus::refused));
    EXPECT_THAT(ran.output, HasSubstr("share-3.txt is there already, and nothing was written"));
    EXPECT_EQ(must({"cat", office.at("shares/share-3.txt")}), "of another key");
    EXPECT_FALSE(fs::exists(office.at("shares/share-1.txt")));
    fs::remove(office.at("shares/share-3.txt"));
    fs::create_symlink("nowhere", office.at("shares/share-2.txt"));
    EXPECT_EQ(run(split).exit_code, code(ExitStatus::refused)) << "a link to nothing is there, too";
    EXPECT_TRUE(fs::is_symlink(office.at("shares/share-2.txt")));
}

TEST(Programs, SayTheirVersion) {
    for (const char* name : {"hailong-backend", "hailong-sync", "hailong-kiosk", "hailong-fill"}) {
        const std::string said = must({kBin + name, "--version"}, {{"DISPLAY", {}}});
        EXPECT_EQ(said.rfind(std::string(name) + " 0.", 0), 0U) << said;
    }
}

TEST(Programs, NameACommandThatIsNone) {
    struct Case {
        std::vector<std::string> command;
        std::string named;
    };
    for (const Case& one : {
             Case{{kBackend, "verfy", "--data", "x"}, "\"verfy\""},
             Case{{kBackend, "keys", "splitt"}, "\"keys splitt\""},
             Case{{kBackend, "texts", "show", "--data", "x"}, "\"texts show\""},
             Case{{kBackend, "--data", "x", "--quiet"}, "\"--data\""},
             Case{{kSync, "deliver", "--config", "x"}, "\"deliver\""},
             Case{{kSync, "--config", "x", "deliver"}, "\"deliver\""},
             Case{{kSync, "deliver"}, "\"deliver\""},
             Case{{kKiosk, "watch", "--config", "x"}, "watch"},
             Case{{kFill, "more", "--config", "x"}, "more"},
             Case{{kBackend, "verify", "--data", "x", "again"}, "again"},
         }) {
        const Ran ran = run(one.command);
        EXPECT_EQ(ran.exit_code, code(ExitStatus::usage)) << ran.output;
        EXPECT_THAT(ran.output, HasSubstr(one.named));
    }
    EXPECT_THAT(run({kBackend, "verfy"}).output, HasSubstr("verify")) << "what there is";
}

TEST(Programs, EndWithOneConvention) {
    const Office office;
    const auto ends_with = [](const std::vector<std::string>& command) { return run(command).exit_code; };
    EXPECT_EQ(ends_with(office.sync("once")), code(ExitStatus::refused)) << "a person must enrol it";
    office.enrol_by_hand();
    EXPECT_EQ(ends_with(office.sync("once")), code(ExitStatus::try_again)) << "nobody listens";
    EXPECT_EQ(ends_with({kSync, "once", "--config", "/nowhere"}), code(ExitStatus::refused));
    EXPECT_EQ(ends_with({kKiosk, "--config", "/nowhere"}), code(ExitStatus::refused));
    EXPECT_EQ(ends_with({kFill, "--config", "/nowhere"}), code(ExitStatus::refused));
    EXPECT_EQ(ends_with({kBackend, "verify", "--data", "/nowhere"}), code(ExitStatus::refused));
    for (const std::string& program : {kSync, kBackend, kKiosk}) {
        EXPECT_EQ(ends_with({program}), code(ExitStatus::usage)) << program;
        EXPECT_EQ(ends_with({program, "--nonsense"}), code(ExitStatus::usage)) << program;
        EXPECT_EQ(ends_with({program, "--help"}), code(ExitStatus::done)) << program;
    }
}

TEST(Office, ReadsInTheLogWhatStartedWhoWasEnrolledAndWhoWasRefused) {
    const Office office;
    Process backend(office.serve());
    const std::string url = backend.wait_for_line("listening on ");
    office.point_at(url);
    const std::string one_time =
        must({kBackend, "enroll", "--data", office.at("backend"), "--center", "binh-minh", "--kiosk", "bm-tp"});
    must(office.sync("enroll", {"--code", one_time.substr(0, one_time.find('\n'))}));
    EXPECT_NE(run(office.sync("enroll", {"--code", one_time.substr(0, one_time.find('\n'))})).exit_code, 0);
    for (int i = 0; i < 5; ++i) {
        static_cast<void>(run({"curl", "--silent", "--output", "/dev/null", "--header", "Authorization: Bearer secret",
                               url + "/v1/terminals/bm-dd/inbox"}));
    }
    must({kFill, "--config", office.at("kiosk.toml"), "--visits", "3", "--days", "2"});
    must(office.sync("once"));
    EXPECT_EQ(backend.terminate(), 0);
    const std::string& log = backend.output();
    EXPECT_THAT(log, HasSubstr(" info hailong-backend 0."));
    EXPECT_THAT(log, HasSubstr(" on " + url + ";"));
    EXPECT_THAT(log, HasSubstr(" info terminal bm-tp was enrolled"));
    EXPECT_THAT(log, HasSubstr("refused: "));
    const std::size_t strangers = log.find(" warning somebody came as terminal bm-dd without");
    ASSERT_NE(strangers, std::string::npos) << log;
    EXPECT_EQ(log.find("somebody came", strangers + 20), std::string::npos) << "once: " << log;
    EXPECT_EQ(log.find("secret"), std::string::npos) << log;
    const std::string identity = must({"cat", office.at("identity.json")});
    const std::size_t token = identity.find("\"token\":\"") + 9;
    EXPECT_EQ(log.find(identity.substr(token, identity.find('"', token) - token)), std::string::npos) << log;
    EXPECT_EQ(log.find(one_time.substr(0, one_time.find('\n'))), std::string::npos) << log;
}

}  // namespace
}  // namespace hailong::tests
