#include "tests/faults/network.h"

#include <fstream>
#include <sstream>
#include <thread>

#include "tests/faults/audit.h"

namespace hailong::tests {
namespace {

/// nginx lives where an ordinary user's PATH does not look.
const std::string kNginx = "/usr/sbin/nginx";
const std::string kAddress = "10.77.0.2";

std::vector<std::string> words(const std::string& line) {
    std::istringstream stream(line);
    std::vector<std::string> found;
    for (std::string word; stream >> word;)
        found.push_back(word);
    return found;
}

std::vector<std::string> operator+(std::vector<std::string> words, const std::vector<std::string>& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

void write_text(const std::filesystem::path& file, const std::string& text) {
    std::ofstream stream(file);
    if (!(stream << text << std::flush)) throw std::runtime_error("can't write " + file.string());
}

/// One process, one connection after the other: an nginx that needs no user and no folder of its own.
std::string nginx_config(const std::string& folder, const Authority& authority, const std::string& location) {
    std::string temporary;
    for (const char* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
        temporary += std::string("  ") + kind + "_temp_path " + folder + "/" + kind + ";\n";
    return "user root root;\ndaemon off;\nmaster_process off;\npid " + folder + "/pid;\nerror_log " + folder +
           "/error.log;\nevents {}\nhttp {\n  access_log off;\n" + temporary + "  server {\n    listen " + kAddress +
           ":443 ssl;\n    ssl_certificate " + authority.server_certificate() + ";\n    ssl_certificate_key " +
           authority.server_key() + ";\n    client_max_body_size 5m;\n    location / { " + location + " }\n  }\n}\n";
}

}  // namespace

std::string pass_to(int port) {
    return "proxy_pass http://127.0.0.1:" + std::to_string(port) + ";";
}

Cable::Cable(std::uint64_t seed)
    : wire_({kBin + "hailong-wire", "--seed", std::to_string(seed)}, {}, Process::Input::said) {
    left_ = words(wire_.wait_for_line("left "));
    right_ = words(wire_.wait_for_line("right "));
    wire_.wait_for_line("ready");
}

Authority::Authority() {
    const auto at = [this](const char* name) { return (folder_ / name).string(); };
    const std::vector<std::string> new_key = {
        "openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-sha256"};
    must(new_key + std::vector<std::string>{"-x509", "-days", "2", "-subj", "/CN=Test authority", "-keyout",
                                            at("ca.key"), "-out", at("ca.pem")});
    must(new_key +
         std::vector<std::string>{"-subj", "/CN=" + kAddress, "-keyout", at("server.key"), "-out", at("server.csr")});
    write_text(at("names"), "subjectAltName = IP:" + kAddress + "\n");
    must({"openssl", "x509", "-req", "-sha256", "-days", "2", "-in", at("server.csr"), "-CA", at("ca.pem"), "-CAkey",
          at("ca.key"), "-CAcreateserial", "-extfile", at("names"), "-out", at("server.pem")});
}

Front::Front(const Cable& cable, const Authority& authority, const std::string& location) {
    write_text(folder_ / "nginx.conf", nginx_config(folder_.path().string(), authority, location));
    const std::string config = (folder_ / "nginx.conf").string();
    nginx_ = std::make_unique<Process>(
        cable.backend_end() + std::vector<std::string>{kNginx, "-e", (folder_ / "error.log").string(), "-c", config});
    // It says nothing when it is ready; whether it answers is asked on its own side of the cable.
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (run(cable.backend_end() + std::vector<std::string>{"curl", "--silent", "--insecure", "--output", "/dev/null",
                                                              "--max-time", "5", kBackendUrl})
               .exit_code != 0) {
        if (std::chrono::steady_clock::now() > deadline) {
            nginx_->terminate();
            throw std::runtime_error("nginx does not answer: " + nginx_->output());
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
}

Remote::Remote(std::string kiosk, int visits, int answer_timeout_s, std::uint64_t seed)
    : kiosk_(std::move(kiosk)), cable_(seed), center_(480, 800) {
    center_.serve_at("127.0.0.1:" + std::to_string(kBackendPort), kBackendUrl, cable_.backend_end());
    admit(kiosk_, answer_timeout_s);
    must({kBin + "hailong-fill", "--config", (center_.terminal(kiosk_) / "kiosk.toml").string(), "--visits",
          std::to_string(visits), "--days", "30"});
}

void Remote::admit(const std::string& kiosk, int answer_timeout_s) {
    const std::string timeout = std::to_string(answer_timeout_s);
    center_.configure(kiosk, "sync.toml",
                      "ca_file = \"" + authority_.certificate() + "\"\nconnect_timeout_s = " + timeout +
                          "\nanswer_timeout_s = " + timeout + "\n");
}

void Remote::put_in_front(const std::string& location, const Authority& authority) {
    front_.reset();
    front_ = std::make_unique<Front>(cable_, authority, location);
}

std::unique_ptr<Process> Remote::start_sync(const std::string& how, const std::string& kiosk) const {
    return std::make_unique<Process>(cable_.terminal_end() +
                                     std::vector<std::string>{kBin + "hailong-sync", how, "--config",
                                                              (center_.terminal(kiosk) / "sync.toml").string()});
}

void Remote::wait_until_delivered(std::chrono::seconds patience) const {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    for (Stored now = stored(center_, kiosk_); now.delivered != now.journal; now = stored(center_, kiosk_)) {
        if (std::chrono::steady_clock::now() > deadline) {
            throw std::runtime_error("delivered are " + std::to_string(now.delivered) + " of " +
                                     std::to_string(now.journal));
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
    }
}

std::vector<std::string> Remote::close() {
    cable_.say("mend");
    if (!front_) put_in_front();
    std::vector<std::string> findings = deliver_all(center_, kiosk_, cable_.terminal_end());
    if (center_.stop() != 0) findings.push_back("the backend does not end as asked: " + center_.process().output());
    for (const auto& more : {audit_terminal(center_, kiosk_, {}), audit_backend(center_)})
        findings.insert(findings.end(), more.begin(), more.end());
    return findings;
}

}  // namespace hailong::tests
