// What an office installs beside the programs: the units of scripts/systemd and the proxy's site of scripts/nginx, each
// read by the program it is made for.
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/e2e/product.h"

namespace hailong::tests {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
    const auto text = survey::read_file(file);
    if (!text) throw std::runtime_error(text.error());
    return *text;
}

std::string replaced_all(std::string text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}

/// The units as they would be installed, but with the programs that were just built.
class Units : public testing::Test {
  protected:
    Units() {
        fs::create_directories(folder_ / "etc/systemd/system");
        for (const auto& entry : fs::directory_iterator(kScripts + "systemd")) {
            const fs::path file = folder_ / "etc/systemd/system" / entry.path().filename().string();
            std::ofstream(file) << replaced_all(text_of(entry.path()), "/usr/lib/hailong/", kBin);
            files_.push_back(file);
        }
    }
    TemporaryFolder folder_;
    std::vector<fs::path> files_;
};

TEST_F(Units, AreUnderstoodByTheServiceManager) {
    ASSERT_GE(files_.size(), 9U);
    std::vector<std::string> command = {"systemd-analyze", "verify", "--man=no"};
    for (const fs::path& file : files_)
        command.push_back(file.string());
    const Ran ran = run(command);
    EXPECT_EQ(ran.exit_code, 0) << ran.output;
    EXPECT_EQ(ran.output, "");
}

TEST_F(Units, CanAllBeEnabled) {
    for (const fs::path& file : files_) {
        const Ran ran = run({"systemctl", "--root=" + folder_.path().string(), "enable", file.filename().string()});
        EXPECT_EQ(ran.exit_code, 0) << ran.output;
        EXPECT_NE(ran.output.find("Created symlink"), std::string::npos)
            << file << ": does nothing when it is enabled: " << ran.output;
        run({"systemctl", "--root=" + folder_.path().string(), "disable", file.filename().string()});
    }
}

TEST_F(Units, StartNothingThatTheProgramsDoNotKnow) {
    // Every command and option is one that the program names in its help.
    static const std::regex started(R"((hailong-(?:backend|sync|kiosk))((?: [^ "'\n]+)*))");
    std::set<std::string> commands;
    for (const fs::path& file : files_) {
        std::istringstream lines(text_of(file));
        for (std::string line; std::getline(lines, line);) {
            std::smatch found;
            if (line.rfind("ExecStart=", 0) != 0 || !std::regex_search(line, found, started)) continue;
            std::vector<std::string> help = {kBin + found[1].str()};
            std::istringstream words(found[2].str());
            std::vector<std::string> options;
            for (std::string word; words >> word;) {
                if (word.rfind("--", 0) == 0) options.push_back(word);
                if (word.find_first_of("-/.:") == std::string::npos) help.push_back(word);
            }
            if (found[1] == "hailong-sync") {
                ASSERT_EQ(help.size(), 2U) << line;
                EXPECT_NE(must({help[0], "--help"}).find("\n  " + help[1] + " "), std::string::npos) << line;
                help.pop_back();
            }
            commands.insert(found[1].str() + (help.size() > 1 ? " " + help[1] : ""));
            help.emplace_back("--help");
            const std::string known = must(help);
            for (const std::string& option : options)
                EXPECT_NE(known.find("\n  " + option), std::string::npos) << line << "\n" << known;
        }
    }
    EXPECT_EQ(commands,
              (std::set<std::string>{"hailong-backend backup", "hailong-backend reconcile", "hailong-backend serve",
                                     "hailong-backend verify", "hailong-kiosk", "hailong-sync"}));
}

/// One that was free a moment ago.
int free_port() {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    const bool is_bound = ::bind(socket, reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
                          ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0;
    ::close(socket);
    if (!is_bound) throw std::runtime_error("no free port");
    return ntohs(address.sin_port);
}

/// nginx with the site as it is, but for its name, its ports and where things lie.
class Proxy : public testing::Test {
  protected:
    Proxy() {
        must({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
              "-subj", "/CN=localhost", "-keyout", at("privkey.pem"), "-out", at("fullchain.pem")});
    }
    [[nodiscard]] std::string at(const std::string& name) const { return (folder_ / name).string(); }

    /// The configuration, with the backend at `backend` and the site's TLS on `tls`, an address with a port.
    std::string configured(const std::string& backend, const std::string& tls) {
        std::string site = text_of(kScripts + "nginx/hailong.conf");
        site = replaced_all(site, "/etc/hailong/tls/", folder_.path().string() + "/");
        site = replaced_all(site, "/var/log/nginx/hailong.log", at("site.log"));
        site = replaced_all(site, "/usr/share/hailong/assets/", kScripts + "../assets/");
        site = replaced_all(site, "http://127.0.0.1:8080", backend);
        site = replaced_all(site, "    listen [::]:443 ssl http2;\n", "");
        site = replaced_all(site, "    listen [::]:80;\n", "");
        site = replaced_all(site, "listen 443 ", "listen " + tls + " ");
        site = replaced_all(site, "listen 80;", "listen unix:" + at("plain.socket") + ";");
        std::ofstream(at("site.conf")) << site;
        std::string folders;
        for (const char* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
            folders += std::string("  ") + kind + "_temp_path " + at(kind) + ";\n";
        std::ofstream(at("nginx.conf")) << "user root root;\ndaemon off;\nmaster_process off;\npid " << at("pid")
                                        << ";\nerror_log " << at("error.log") << ";\nevents {}\nhttp {\n"
                                        << folders << "  include " << at("site.conf") << ";\n}\n";
        return at("nginx.conf");
    }
    /// What comes back for one request: its status.
    [[nodiscard]] static std::string status(const std::vector<std::string>& words) {
        std::vector<std::string> command = {"curl",      "--silent",    "--insecure",  "--output",
                                            "/dev/null", "--write-out", "%{http_code}"};
        command.insert(command.end(), words.begin(), words.end());
        return run(command).output;
    }

    TemporaryFolder folder_;
};

constexpr const char* kNginx = "/usr/sbin/nginx";

TEST_F(Proxy, IsUnderstoodByNginx) {
    const Ran ran =
        run({kNginx, "-t", "-e", at("error.log"), "-c", configured("http://127.0.0.1:8080", "127.0.0.1:443")});
    EXPECT_EQ(ran.exit_code, 0) << ran.output;
    EXPECT_EQ(ran.output.find("warn"), std::string::npos) << ran.output;
}

TEST_F(Proxy, KeepsFromTheBackendWhatIsTooMuch) {
    Center center;
    center.start();
    const std::string tls = "127.0.0.1:" + std::to_string(free_port());
    const std::string url = "https://" + tls;
    const std::string config = configured(center.url(), tls);
    Process nginx({kNginx, "-e", at("error.log"), "-c", config});
    for (int tries = 0; tries < 200 && status({url + "/style.css"}) != "200"; ++tries)
        must({"sleep", "0.05"});  // it says nothing when it is ready

    EXPECT_EQ(status({url + "/centers/binh-minh"}), "200");
    EXPECT_EQ(status({url + "/metrics"}), "404") << "for this machine alone";
    EXPECT_EQ(status({url + "/healthz"}), "404");
    EXPECT_EQ(status({center.url() + "/healthz"}), "200");
    std::ofstream(at("large")) << std::string(5u << 20u, 'x');
    EXPECT_EQ(status({"--data-binary", "@" + at("large"), url + "/v1/terminals/bm-tp/batches"}), "413");
    EXPECT_EQ(status({"--http1.1", "--header", "X: " + std::string(9'000, 'x'), url + "/"}), "400");
    std::ofstream(at("small")) << std::string(2'000, 'x');
    EXPECT_EQ(status({"--data-binary", "@" + at("small"), url + "/"}), "413");
    EXPECT_EQ(status({"--data-binary", "@" + at("small"), url + "/v1/enrolments"}), "400") << "it came through";

    // One request after the other on one connection, of which the allowed burst is the smaller part.
    const std::string flood = run({"curl", "--silent", "--insecure", "--output", "/dev/null", "--write-out",
                                   "%{http_code}\n", "--data", "{}", url + "/v1/enrolments?[1-60]"})
                                  .output;
    EXPECT_NE(flood.find("429"), std::string::npos) << flood;
    EXPECT_EQ(status({url + "/centers/binh-minh"}), "200") << "others are served meanwhile";
    EXPECT_EQ(center.stop(), 0);
    const std::string away = run({"curl", "--silent", "--insecure", url + "/centers/binh-minh"}).output;
    EXPECT_NE(away.find("http-equiv=\"refresh\""), std::string::npos) << "nobody tries again: " << away;
    EXPECT_EQ(nginx.terminate(), 0) << nginx.output();
}

}  // namespace
}  // namespace hailong::tests
