#include "sync/client/config.h"

#include <algorithm>

#include "survey/base/host.h"
#include "survey/base/toml.h"

namespace hailong::sync {
namespace {

using survey::Fault;
using survey::Faults;
using survey::milliseconds;
using survey::TomlReader;

bool is_visible_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

Config read_config(TomlReader& reader, const std::filesystem::path& folder) {
    const auto path = [&](const std::string& value) {
        return value.empty() ? std::filesystem::path() : folder / value;
    };
    const auto seconds = [&](std::string_view key, milliseconds otherwise, std::int64_t most) {
        const auto whole = std::chrono::duration_cast<std::chrono::seconds>(otherwise);
        return std::chrono::seconds{reader.integer(key, whole.count(), 1, most, "in seconds")};
    };
    Config config;
    config.kiosk = {reader.required_text("kiosk", "name the terminal as it was enrolled")};
    if (!config.kiosk.empty() && !survey::is_identifier(config.kiosk.text)) {
        reader.fault("kiosk", "is not an identifier", "use 1 to 64 of A-Z a-z 0-9 . _ -");
    }
    config.journal = path(reader.required_text("journal", "name the terminal's file"));
    const std::string url = reader.required_text("backend", "write the backend's address, https://...");
    if (!url.empty()) {
        const auto backend = parse_backend(url);
        if (!backend) reader.fault("backend", backend.error().what, backend.error().remedy);
        config.backend = backend.value_or("");
    }
    config.identity = path(reader.required_text("identity", "name the file that enrolment makes"));
    config.ca_file = path(reader.filled_text("ca_file"));
    if (!config.ca_file.empty()) {
        const auto readable = survey::read_file(config.ca_file);
        if (!readable) reader.fault("ca_file", readable.error(), "name a readable PEM file, or remove the line");
    }
    config.connect_timeout = seconds("connect_timeout_s", config.connect_timeout, 300);
    config.answer_timeout = seconds("answer_timeout_s", config.answer_timeout, 3'600);
    config.inbox_every = seconds("inbox_every_s", config.inbox_every, 86'400);
    const auto retention = std::chrono::duration_cast<std::chrono::days>(config.retention);
    config.retention = std::chrono::days{reader.integer("retention_days", retention.count(), 1, 3'650, "in days")};
    reader.refuse_unknown();
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
    const auto table = survey::parse_toml(text);
    if (!table) return unexpected(table.error());
    Faults faults;
    TomlReader reader(*table, "", faults);
    Config config = read_config(reader, folder);
    if (!faults.empty()) return unexpected(std::move(faults));
    return config;
}

}  // namespace hailong::sync
