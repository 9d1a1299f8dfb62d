#include "sync/backend/ops/status_metrics.h"

#include <algorithm>
#include <chrono>

#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace hailong::sync {
namespace {

using prometheus::Family;
using prometheus::Gauge;
using prometheus::Labels;

template <class Duration>
double seconds(Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

Labels with(Labels labels, const char* name, std::string_view value) {
    labels.emplace(name, value);
    return labels;
}

class StatusGauges {
  public:
    void set(const Labels& labels, const HeardStatus& heard) {
        const TerminalStatus& status = heard.status;
        heard_.Add(labels).Set(seconds(heard.heard.time_since_epoch()));
        if (const auto count = shown_waiting_count(status)) waiting_.Add(labels).Set(static_cast<double>(*count));
        if (const auto hours = shown_waiting(status)) oldest_waiting_.Add(labels).Set(seconds(*hours));
        if (status.disk_free_bytes) disk_free_.Add(labels).Set(static_cast<double>(*status.disk_free_bytes));
        if (status.clock_offset) clock_offset_.Add(labels).Set(seconds(*status.clock_offset));
        programs_.Add(with(with(labels, "kiosk_version", status.kiosk_version), "sync_version", status.sync_version))
            .Set(1);
        for (const std::string& trouble : status.troubles) {
            const bool is_known = std::find(kTroubles.begin(), kTroubles.end(), trouble) != kTroubles.end();
            troubles_.Add(with(labels, "trouble", is_known ? trouble : "other")).Set(1);
        }
    }
    [[nodiscard]] std::string text() const { return prometheus::TextSerializer().Serialize(registry_.Collect()); }

  private:
    Family<Gauge>& family(const char* name, const char* help) {
        return prometheus::BuildGauge().Name(name).Help(help).Register(registry_);
    }

    prometheus::Registry registry_;
    Family<Gauge>& heard_ =
        family("hailong_terminal_heard_seconds",
               "When a terminal was heard to say how it is, seconds since 1970; up to a quarter of an hour old");
    Family<Gauge>& waiting_ = family("hailong_terminal_waiting_records",
                                     "Records that a terminal holds without a receipt for them, rounded down to tens");
    Family<Gauge>& oldest_waiting_ = family("hailong_terminal_oldest_waiting_seconds",
                                            "For how long the oldest of them waits, in whole hours rounded down");
    Family<Gauge>& disk_free_ =
        family("hailong_terminal_disk_free_bytes", "Room on the disk that holds a terminal's records");
    Family<Gauge>& clock_offset_ =
        family("hailong_terminal_clock_offset_seconds", "The backend's clock minus the terminal's");
    Family<Gauge>& programs_ = family("hailong_terminal_programs", "The versions of a terminal's programs; always 1");
    Family<Gauge>& troubles_ =
        family("hailong_terminal_trouble", "What needs a person at a terminal; 1 where it is so");
};

}  // namespace

std::string status_metrics(const std::vector<Terminal>& terminals, const std::vector<HeardStatus>& statuses) {
    StatusGauges gauges;
    auto terminal = terminals.begin();
    for (const HeardStatus& heard : statuses) {
        while (terminal != terminals.end() && terminal->kiosk < heard.kiosk)
            ++terminal;
        if (terminal == terminals.end()) break;
        if (terminal->kiosk == heard.kiosk) {
            gauges.set({{"kiosk", heard.kiosk.text}, {"center", terminal->center.text}}, heard);
        }
    }
    return gauges.text();
}

}  // namespace hailong::sync
