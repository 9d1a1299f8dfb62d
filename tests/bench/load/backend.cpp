#include "tests/bench/load/backend.h"

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>

#include <unistd.h>

#include "survey/base/ids.h"
#include "sync/protocol/enrolment.h"
#include "tests/bench/load/sending.h"

namespace hailong::bench {
namespace {

namespace fs = std::filesystem;

std::string run_or_throw(const std::vector<std::string>& command) {
    const tests::Ran ran = tests::run(command);
    if (ran.exit_code != 0) throw std::runtime_error(command[0] + " " + command[1] + ": " + ran.output);
    return ran.output;
}

/// The code among what `enroll` printed, which tells people what to do with it as well.
std::string code_in(const std::string& printed) {
    std::istringstream lines(printed);
    for (std::string line; std::getline(lines, line);) {
        if (const auto code = sync::parse_code(line)) return *code;
    }
    throw std::runtime_error("no code in: " + printed);
}

/// The value of a text member of a JSON object that the backend wrote.
std::string text_member(const std::string& json, const std::string& name) {
    const std::string beginning = "\"" + name + "\":\"";
    const std::size_t at = json.find(beginning);
    if (at == std::string::npos) throw std::runtime_error("no " + name + " in: " + json);
    const std::size_t first = at + beginning.size();
    return json.substr(first, json.find('"', first) - first);
}

std::uintmax_t bytes_under(const std::string& folder, bool of_logs) {
    std::uintmax_t bytes = 0;
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (!entry.is_regular_file()) continue;
        const std::string name = entry.path().filename().string();
        const bool is_log = name.ends_with("-wal");
        if (is_log == of_logs && !name.ends_with("-shm")) bytes += entry.file_size();
    }
    return bytes;
}

}  // namespace

LoadBackend::LoadBackend(std::string bin, int terminals) : program_(std::move(bin) + "/hailong-backend") {
    const std::string assets = std::string(HAILONG_SOURCE_DIR) + "/assets";
    run_or_throw({program_, "init", "--data", data(), "--center", assets + "/demo/center.json", "--questionnaires",
                  assets + "/questionnaires"});
    std::vector<std::string> codes;
    for (int i = 0; i < terminals; ++i) {
        terminals_.push_back({"load-" + std::to_string(i), survey::make_sign_key(), ""});
        codes.push_back(code_in(run_or_throw(
            {program_, "enroll", "--data", data(), "--center", "binh-minh", "--kiosk", terminals_.back().kiosk})));
    }
    serve();
    enrol_over_http(codes);
}

void LoadBackend::serve() {
    const std::string assets = std::string(HAILONG_SOURCE_DIR) + "/assets";
    process_ = std::make_unique<tests::Process>(
        std::vector<std::string>{program_, "serve", "--data", data(), "--listen", "127.0.0.1:0", "--assets", assets});
    const std::string address = process_->wait_for_line("listening on ");
    port_ = static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
}

void LoadBackend::enrol_over_http(const std::vector<std::string>& codes) {
    Connection connection(port_);
    for (std::size_t i = 0; i < codes.size(); ++i) {
        sync::EnrolmentRequest request;
        request.code = codes[i];
        request.kiosk = {terminals_[i].kiosk};
        request.public_key = survey::public_half(terminals_[i].key);
        request.proof = survey::sign(sync::proof_text(request), terminals_[i].key);
        const Answer answer = connection.ask(post("/v1/enrolments", "", "", sync::encode(request)));
        if (answer.status != 200) throw std::runtime_error("not enrolled: " + answer.body);
        terminals_[i].token = text_member(answer.body, "token");
    }
}

Usage LoadBackend::usage() const {
    const std::string folder = "/proc/" + std::to_string(process_->pid());
    std::ifstream stat(folder + "/stat");
    std::string line;
    std::getline(stat, line);
    // Behind the name in brackets: the state, then numbers; user and system time are fields 14 and 15 of the line.
    std::istringstream fields(line.substr(line.rfind(')') + 2));
    std::string skipped;
    for (int field = 3; field < 14; ++field)
        fields >> skipped;
    double user = 0;
    double system = 0;
    fields >> user >> system;
    Usage usage;
    usage.cpu_s = (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
    std::ifstream status(folder + "/status");
    while (std::getline(status, line)) {
        if (line.starts_with("VmHWM:")) usage.resident_max_mb = std::stod(line.substr(6)) / 1024;
    }
    return usage;
}

std::uintmax_t LoadBackend::log_bytes() const {
    return bytes_under(data(), true);
}

std::uintmax_t LoadBackend::store_bytes() const {
    return bytes_under(data(), false);
}

void LoadBackend::stop() {
    if (const int exit = process_->terminate(); exit != 0) {
        throw std::runtime_error("the backend ended with " + std::to_string(exit) + ": " + process_->output());
    }
}

void LoadBackend::verify() const {
    run_or_throw({program_, "verify", "--data", data()});
}

}  // namespace hailong::bench
