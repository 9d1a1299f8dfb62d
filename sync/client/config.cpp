#include "sync/client/config.h"

#include <algorithm>
#include <array>
#include <optional>

#include <toml++/toml.h>

#include "survey/base/host.h"

namespace hailong::sync {
namespace {

using survey::Fault;
using survey::Faults;
using survey::milliseconds;

constexpr std::array kKeys = {"kiosk",         "journal",           "backend",          "identity",
                              "ca_file",       "connect_timeout_s", "answer_timeout_s", "inbox_every_s",
                              "retention_days"};

class ConfigReader {
  public:
    ConfigReader(const toml::table& table, std::filesystem::path folder, Faults& faults)
        : table_(table), folder_(std::move(folder)), faults_(faults) {
        for (const auto& [key, value] : table_) {
            if (std::find(kKeys.begin(), kKeys.end(), key.str()) == kKeys.end()) {
                fault(key.str(), "is not a known key", "correct or remove it");
            }
        }
    }

    void fault(std::string_view key, std::string what, std::string remedy) {
        const toml::node* node = table_.get(key);
        const std::string line = node == nullptr ? "" : "line " + std::to_string(node->source().begin.line) + ": ";
        faults_.push_back({line + std::string(key), std::move(what), std::move(remedy)});
    }
    [[nodiscard]] bool has(std::string_view key) const { return table_.contains(key); }

    std::string text(std::string_view key) {
        const toml::node* node = table_.get(key);
        if (node == nullptr) return {};
        const auto value = node->value_exact<std::string>();
        if (!value) fault(key, "is not text", "write it in quotation marks");
        if (value && value->empty()) fault(key, "is empty", "fill it in, or remove the line");
        return value.value_or("");
    }
    std::string required_text(std::string_view key, std::string remedy) {
        if (!has(key)) fault(key, "is missing", std::move(remedy));
        return text(key);
    }
    std::filesystem::path path(std::string_view key) {
        const std::string value = text(key);
        return value.empty() ? std::filesystem::path() : folder_ / value;
    }
    milliseconds seconds(std::string_view key, milliseconds otherwise, std::int64_t most) {
        const auto value = number(key, most, "in seconds");
        return value ? std::chrono::seconds{*value} : otherwise;
    }
    milliseconds days(std::string_view key, milliseconds otherwise, std::int64_t most) {
        const auto value = number(key, most, "in days");
        return value ? std::chrono::days{*value} : otherwise;
    }

  private:
    std::optional<std::int64_t> number(std::string_view key, std::int64_t most, const std::string& unit) {
        const toml::node* node = table_.get(key);
        if (node == nullptr) return std::nullopt;
        const auto value = node->value_exact<std::int64_t>();
        if (value && *value >= 1 && *value <= most) return *value;
        fault(key, "is not a whole number from 1 to " + std::to_string(most), "write such a number, " + unit);
        return std::nullopt;
    }

    const toml::table& table_;
    std::filesystem::path folder_;
    Faults& faults_;
};

bool is_visible_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

Config read_config(ConfigReader& reader) {
    Config config;
    config.kiosk = {reader.required_text("kiosk", "name the terminal as it was enrolled")};
    if (!config.kiosk.empty() && !survey::is_identifier(config.kiosk.text)) {
        reader.fault("kiosk", "is not an identifier", "use 1 to 64 of A-Z a-z 0-9 . _ -");
    }
    if (!reader.has("journal")) reader.fault("journal", "is missing", "name the terminal's file");
    config.journal = reader.path("journal");
    const std::string url = reader.required_text("backend", "write the backend's address, https://...");
    if (!url.empty()) {
        const auto backend = parse_backend(url);
        if (!backend) reader.fault("backend", backend.error().what, backend.error().remedy);
        config.backend = backend.value_or("");
    }
    if (!reader.has("identity")) reader.fault("identity", "is missing", "name the file that enrolment makes");
    config.identity = reader.path("identity");
    config.ca_file = reader.path("ca_file");
    if (!config.ca_file.empty()) {
        const auto readable = survey::read_file(config.ca_file);
        if (!readable) reader.fault("ca_file", readable.error(), "name a readable PEM file, or remove the line");
    }
    config.connect_timeout = reader.seconds("connect_timeout_s", config.connect_timeout, 300);
    config.answer_timeout = reader.seconds("answer_timeout_s", config.answer_timeout, 3'600);
    config.inbox_every = reader.seconds("inbox_every_s", config.inbox_every, 86'400);
    config.retention = reader.days("retention_days", config.retention, 3'650);
    return config;
}

}  // namespace

Expected<std::string, Fault> parse_backend(std::string_view url) {
    constexpr std::string_view kHttps = "https://";
    constexpr std::string_view kHttp = "http://";
    const bool is_https = url.rfind(kHttps, 0) == 0;
    if (!is_https && url.rfind(kHttp, 0) != 0) {
        return unexpected(Fault{"", "starts neither with https:// nor with http://", "write the whole address"});
    }
    const std::string_view rest = url.substr(is_https ? kHttps.size() : kHttp.size());
    const std::string_view authority = rest.substr(0, rest.find('/'));
    if (authority.empty() || !is_visible_ascii(rest) || rest.find_first_of("@?#\\\"<>") != std::string_view::npos) {
        return unexpected(Fault{"", "is not an address of a host, a port and a path",
                                "write https://host, https://host:port or https://host/path"});
    }
    const bool is_ipv6 = authority.front() == '[';
    const std::string_view host =
        is_ipv6 ? authority.substr(0, authority.find(']') + 1) : authority.substr(0, authority.find(':'));
    if (!is_https && host != "127.0.0.1" && host != "localhost" && host != "[::1]") {
        return unexpected(Fault{"", "would send the terminal's secret unencrypted over the network", "use https://"});
    }
    while (!url.empty() && url.back() == '/')
        url.remove_suffix(1);
    return std::string(url);
}

Expected<Config, Faults> load_config(const std::filesystem::path& file) {
    const auto content = survey::read_file(file);
    if (!content) {
        const std::string prefix = file.string() + ": ";  // whoever prints the faults names the file
        const std::string& what = content.error();
        return unexpected(Faults{{"", what.starts_with(prefix) ? what.substr(prefix.size()) : what, ""}});
    }
    return parse_config(*content, file.parent_path());
}

Expected<Config, Faults> parse_config(std::string_view text, const std::filesystem::path& folder) {
    Faults faults;
    Config config;
    try {
        const toml::table table = toml::parse(text);
        ConfigReader reader(table, folder, faults);
        config = read_config(reader);
    } catch (const toml::parse_error& error) {
        faults.push_back({"line " + std::to_string(error.source().begin.line), std::string(error.description()),
                          "correct the line; the file is TOML"});
    } catch (const std::exception& error) {
        faults.push_back({"", error.what(), "correct the file"});
    }
    if (!faults.empty()) return unexpected(std::move(faults));
    return config;
}

}  // namespace hailong::sync
