#include "kiosk/app/device_view.h"

#include <algorithm>

#include "survey/time_evidence.h"

namespace hailong::kiosk {
namespace {

using survey::Language;
using survey::Messages;

using Rows = std::vector<DeviceRow>;

/// Texts of one language, and rows labelled by key.
struct Writer {
    const Messages& text;
    Language language;
    Rows rows;

    void add(Health health, std::string_view label_key, std::string value) {
        rows.push_back({health, std::string(text.at(label_key)), std::move(value)});
    }
    [[nodiscard]] std::string count(std::int64_t number) const { return survey::format_count(number, language); }
};

/// In the staff's language; the sync program's own sentence stands in its log. Goes by the problem's word that begins
/// it (PROTOCOL.md, section 7).
std::string_view why_key(std::string_view error) {
    constexpr std::string_view kInbox = "inbox: ";
    if (error.starts_with(kInbox)) error.remove_prefix(kInbox.size());
    const std::string_view problem = error.substr(0, error.find(':'));
    if (problem == "altered") return "sync.why_altered";
    if (problem == "unauthorized" || problem == "forbidden" || problem == "bad_signature") return "sync.why_enrol";
    if (problem == "malformed" || problem == "unsupported") return "sync.why_version";
    return "sync.why_later";
}

void add_sync(Writer& out, const SyncStatus& sync) {
    if (!sync.last_error.empty()) {
        out.add(Health::attention, "device.sync",
                out.text.format("sync.failed", {{"time", format_time(sync.last_attempt, out.language)},
                                                {"why", std::string(out.text.at(why_key(sync.last_error)))}}));
    } else if (!sync.last_success) {
        out.add(Health::fact, "device.sync", std::string(out.text.at("sync.never")));
    } else {
        out.add(Health::good, "device.sync",
                out.text.format("sync.at", {{"time", format_time(*sync.last_success, out.language)}}));
    }
}

void add_accounts(Writer& out, const Overview& overview) {
    const std::int64_t waiting = std::max<std::int64_t>(overview.collected - overview.delivered, 0);
    out.add(Health::fact, "device.collected", out.count(overview.collected));
    out.add(Health::fact, "device.delivered", out.count(overview.delivered));
    out.add(waiting == 0 ? Health::good : Health::fact, "device.to_send", out.count(waiting));
    out.add(overview.quarantined == 0 ? Health::good : Health::attention, "device.quarantined",
            overview.quarantined == 0
                ? out.count(0)
                : out.text.format("store.quarantined", {{"count", out.count(overview.quarantined)}}));
    add_sync(out, overview.sync);
}

void add_clock(Writer& out, const DeviceFacts& facts) {
    const std::string time = format_time(facts.now, out.language);
    if (!facts.server_offset) {
        out.add(Health::fact, "device.clock", out.text.format("clock.unconfirmed", {{"time", time}}));
        return;
    }
    const auto away = std::chrono::abs(*facts.server_offset);
    if (away <= survey::kClockTolerance) {
        out.add(Health::good, "device.clock", out.text.format("clock.right", {{"time", time}}));
        return;
    }
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(away).count();
    const char* key = facts.server_offset->count() > 0 ? "clock.slow" : "clock.fast";
    out.add(Health::attention, "device.clock", out.text.format(key, {{"time", time}, {"minutes", out.count(minutes)}}));
}

void add_disk(Writer& out, const std::optional<std::int64_t>& free) {
    if (!free) {
        out.add(Health::fact, "device.disk", std::string(out.text.at("disk.unknown")));
        return;
    }
    const std::string room = format_bytes(*free, out.language);
    if (*free >= kDiskLow_bytes) {
        out.add(Health::good, "device.disk", room);
    } else {
        const bool very_low = *free < kDiskVeryLow_bytes;
        out.add(very_low ? Health::trouble : Health::attention, "device.disk",
                out.text.format("disk.low", {{"room", room}}));
    }
}

void add_log(Writer& out, std::int64_t bytes) {
    if (bytes < kLogLarge_bytes) return;
    out.add(Health::attention, "device.log",
            out.text.format("disk.log_large", {{"size", format_bytes(bytes, out.language)}}));
}

std::string_view event_key(const StoreEvent& event) {
    if (event.kind == "numbers_lost") return "store.numbers_lost";
    return event.kind == "saved" ? "store.saved" : "store.repaired";
}

void add_events(Writer& out, const std::vector<StoreEvent>& events) {
    const std::size_t first = events.size() - std::min(events.size(), kStoreEventsShown);
    for (std::size_t i = events.size(); i > first; --i) {
        const StoreEvent& event = events[i - 1];
        const bool lost = event.kind == "numbers_lost";
        out.add(lost ? Health::attention : Health::fact, "device.event",
                out.text.format(event_key(event), {{"time", format_time(event.time, out.language)}}));
    }
}

}  // namespace

std::vector<DeviceRow> device_rows(const DeviceFacts& facts, const Messages& text, Language language) {
    Writer out{text, language, {}};
    for (const std::string& trouble : facts.troubles)
        out.add(Health::trouble, "device.trouble", trouble);
    out.add(facts.unsaved == 0 ? Health::good : Health::trouble, "device.unsaved", out.count(facts.unsaved));
    const bool read = facts.overview && *facts.overview;
    if (facts.overview && !*facts.overview) {
        out.add(Health::trouble, "device.journal",
                std::string(text.at(std::string("trouble.") + name(facts.overview->error().kind))));
    }
    if (read) add_accounts(out, **facts.overview);
    add_clock(out, facts);
    if (read) add_disk(out, (*facts.overview)->disk_free_bytes);
    if (read) add_log(out, (*facts.overview)->log_bytes);
    out.add(Health::fact, "device.version", facts.version);
    if (read) add_events(out, (*facts.overview)->events);
    const auto urgency = [](const DeviceRow& row) {
        return row.health == Health::trouble ? 0 : row.health == Health::attention ? 1 : 2;
    };
    std::stable_sort(out.rows.begin(), out.rows.end(),
                     [&](const DeviceRow& a, const DeviceRow& b) { return urgency(a) < urgency(b); });
    return std::move(out.rows);
}

bool needs_hand(const std::vector<DeviceRow>& rows) {
    return std::any_of(rows.begin(), rows.end(), [](const DeviceRow& row) {
        return row.health == Health::trouble || row.health == Health::attention;
    });
}

std::string format_time(survey::UtcTime time, Language language) {
    const std::string iso = survey::to_rfc3339(time);
    return iso.substr(11, 5) + ", " + survey::format_date(survey::local_date(time), language);
}

std::string format_bytes(std::int64_t bytes, Language language) {
    constexpr std::int64_t kGiga = 1'000'000'000;
    constexpr std::int64_t kMega = 1'000'000;
    if (bytes < kGiga) return survey::format_count(bytes / kMega, language) + "\u00a0MB";
    return survey::format_tenths(bytes / (kGiga / 10), language) + "\u00a0GB";
}

}  // namespace hailong::kiosk
