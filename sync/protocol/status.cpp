#include "sync/protocol/status.h"

#include <algorithm>

#include "survey/base/check.h"
#include "survey/base/ids.h"
#include "survey/base/json.h"
#include "sync/protocol/json_time.h"

namespace hailong::sync {
namespace {

namespace json = boost::json;
using survey::Faults;
using survey::milliseconds;
using survey::ObjectReader;

std::optional<milliseconds> maybe_time(ObjectReader& reader, std::string_view key, std::int64_t least) {
    const auto number = reader.maybe_integer(key, least, kTimeMsMax);
    return number ? std::optional(milliseconds{*number}) : std::nullopt;
}

std::string version_or_empty(ObjectReader& reader, std::string_view key) {
    std::string version = reader.text_or(key, {});
    if (version.empty() || is_program_version(version)) return version;
    reader.fault(key, "is no version",
                 "write 1 to " + std::to_string(kProgramVersionBytesMax) + " of A-Z a-z 0-9 . _ -");
    return {};
}

std::vector<std::string> read_troubles(ObjectReader& reader) {
    std::vector<std::string> troubles;
    const json::array& list = reader.list_or_empty("troubles");
    for (std::size_t i = 0; i < list.size(); ++i) {
        const json::string* word = list[i].if_string();
        if (i == kTroublesMax || word == nullptr || !survey::is_identifier(std::string(std::string_view(*word)))) {
            reader.fault("troubles",
                         "holds something other than up to " + std::to_string(kTroublesMax) + " identifiers",
                         "list words of A-Z a-z 0-9 . _ -");
            return {};
        }
        troubles.emplace_back(std::string_view(*word));
    }
    return troubles;
}

}  // namespace

bool is_program_version(const std::string& text) {
    return text.size() <= kProgramVersionBytesMax && survey::is_identifier(text);
}

std::string encode(const TerminalStatus& status) {
    survey::check(status.troubles.size() <= kTroublesMax, "a status names only so many troubles");
    survey::CanonicalWriter out;
    const auto write = [&](std::string_view key, std::int64_t number, std::int64_t least, std::int64_t most) {
        out.key(key).integer(std::clamp(number, least, most));
    };
    const auto write_version = [&](std::string_view key, const std::string& version) {
        if (version.empty()) return;
        survey::check(is_program_version(version), "a version is an identifier");
        out.key(key).text(version);
    };
    out.begin_object();
    if (status.clock_offset) write("clock_offset_ms", status.clock_offset->count(), -kTimeMsMax, kTimeMsMax);
    if (status.disk_free_bytes) write("disk_free_bytes", *status.disk_free_bytes, 0, survey::kJsonIntegerMax);
    write_version("kiosk_version", status.kiosk_version);
    if (status.last_visit) write("last_visit_ms", status.last_visit->time_since_epoch().count(), 0, kTimeMsMax);
    if (status.oldest_waiting) write("oldest_waiting_ms", status.oldest_waiting->count(), 0, kTimeMsMax);
    write_version("sync_version", status.sync_version);
    if (!status.troubles.empty()) {
        out.key("troubles").begin_list();
        for (const std::string& trouble : status.troubles) {
            survey::check(survey::is_identifier(trouble), "a trouble is an identifier");
            out.text(trouble);
        }
        out.end_list();
    }
    if (status.waiting) write("waiting", *status.waiting, 0, survey::kJsonIntegerMax);
    return out.end_object().take();
}

Expected<TerminalStatus, Faults> decode_status(std::string_view text) {
    if (text.size() > kStatusBytesMax) {
        return unexpected(Faults{{"", "is longer than " + std::to_string(kStatusBytesMax) + " bytes", "say less"}});
    }
    const auto value = survey::parse_json(text);
    if (!value) return unexpected(value.error());
    Faults faults;
    ObjectReader reader(*value, {}, faults);
    TerminalStatus status;
    status.clock_offset = maybe_time(reader, "clock_offset_ms", -kTimeMsMax);
    status.disk_free_bytes = reader.maybe_integer("disk_free_bytes", 0, survey::kJsonIntegerMax);
    status.kiosk_version = version_or_empty(reader, "kiosk_version");
    if (const auto visit = maybe_time(reader, "last_visit_ms", 0)) status.last_visit = survey::UtcTime{*visit};
    status.oldest_waiting = maybe_time(reader, "oldest_waiting_ms", 0);
    status.sync_version = version_or_empty(reader, "sync_version");
    status.troubles = read_troubles(reader);
    status.waiting = reader.maybe_integer("waiting", 0, survey::kJsonIntegerMax);
    if (!faults.empty()) return unexpected(std::move(faults));
    return status;
}

}  // namespace hailong::sync
