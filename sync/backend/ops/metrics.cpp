#include "sync/backend/ops/metrics.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "sync/backend/ops/status_metrics.h"

namespace hailong::sync {
namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;

const Histogram::BucketBoundaries kSeconds = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 20};
const Histogram::BucketBoundaries kBatches = {1, 2, 4, 8, 16, 32, 64};

}  // namespace

struct Metrics::State {
    prometheus::Registry registry;
    Family<Counter>& batches = prometheus::BuildCounter()
                                   .Name("hailong_batches_total")
                                   .Help("Batches by what became of them: taken, or the problem answered")
                                   .Register(registry);
    Family<Counter>& records = prometheus::BuildCounter()
                                   .Name("hailong_records_total")
                                   .Help("Records of taken batches: counted, quarantined, or duplicates")
                                   .Register(registry);
    Family<Counter>& commits = prometheus::BuildCounter()
                                   .Name("hailong_commits_total")
                                   .Help("Group commits, durable or failed")
                                   .Register(registry);
    Histogram& group_size = prometheus::BuildHistogram()
                                .Name("hailong_commit_batches")
                                .Help("Batches in one commit")
                                .Register(registry)
                                .Add({}, kBatches);
    Family<Counter>& given_up = prometheus::BuildCounter()
                                    .Name("hailong_given_up_total")
                                    .Help(
                                        "Given up for want of room: uploads refused, connections closed, requests of "
                                        "pages or of terminals told to come again later")
                                    .Register(registry);
    Family<Histogram>& requests = prometheus::BuildHistogram()
                                      .Name("hailong_request_seconds")
                                      .Help("Time from a request's last byte to its answer")
                                      .Register(registry);
    Family<Gauge>& last_seen = prometheus::BuildGauge()
                                   .Name("hailong_terminal_last_seen_seconds")
                                   .Help("When a terminal last sent a batch, seconds since 1970; 0: never")
                                   .Register(registry);
    Family<Gauge>& stored = prometheus::BuildGauge()
                                .Name("hailong_terminal_stored_records")
                                .Help("Records stored of a terminal")
                                .Register(registry);
    Family<Gauge>& missing = prometheus::BuildGauge()
                                 .Name("hailong_terminal_missing_records")
                                 .Help("Records a terminal says it has collected that are not stored yet")
                                 .Register(registry);

    Family<Gauge>& lying = prometheus::BuildGauge()
                               .Name("hailong_store")
                               .Help(
                                   "What lies in the store: records quarantined, numbers skipped, texts stored and "
                                   "erased, incidents for people to look at")
                               .Register(registry);

    Counter& counted = records.Add({{"fate", "counted"}});
    Counter& quarantined = records.Add({{"fate", "quarantined"}});
    Counter& duplicate = records.Add({{"fate", "duplicate"}});
    Counter& taken = batches.Add({{"outcome", "taken"}});
    Counter& durable = commits.Add({{"outcome", "durable"}});
    Gauge& storing = prometheus::BuildGauge()
                         .Name("hailong_storing")
                         .Help("1: what comes in is stored; 0: nothing can be, and no receipt is given")
                         .Register(registry)
                         .Add({});
    Gauge& tried = prometheus::BuildGauge()
                       .Name("hailong_texts_tried_seconds")
                       .Help("When sealed texts were last tried with their key, seconds since 1970; 0: never")
                       .Register(registry)
                       .Add({});
    Gauge& unopened = prometheus::BuildGauge()
                          .Name("hailong_texts_unopened")
                          .Help("Sealed texts that could not be opened with the backend's key when they were tried")
                          .Register(registry)
                          .Add({});
    std::mutex mutex;
    std::optional<std::string> why_storing_fails;

    Counter& failed = commits.Add({{"outcome", "failed"}});
};

Metrics::Metrics() : state_(std::make_unique<State>()) {
    state_->storing.Set(1);
    for (const char* what : {"uploads", "connections", "pages", "terminals"})
        state_->given_up.Add({{"what", what}});
}
Metrics::~Metrics() = default;

void Metrics::batch_taken(const Ingested& ingested) {
    state_->taken.Increment();
    state_->counted.Increment(static_cast<double>(ingested.receipt.accepted - ingested.quarantined));
    state_->quarantined.Increment(static_cast<double>(ingested.quarantined));
    state_->duplicate.Increment(static_cast<double>(ingested.receipt.duplicates));
}

void Metrics::batch_refused(ProblemKind kind) {
    state_->batches.Add({{"outcome", std::string(name(kind))}}).Increment();
}

void Metrics::commit_done(std::size_t batches, bool is_durable) {
    (is_durable ? state_->durable : state_->failed).Increment();
    state_->group_size.Observe(static_cast<double>(batches));
}

void Metrics::storing_fails(std::optional<std::string> why) {
    const std::lock_guard lock(state_->mutex);
    state_->storing.Set(why ? 0 : 1);
    state_->why_storing_fails = std::move(why);
}

std::optional<std::string> Metrics::why_storing_fails() const {
    const std::lock_guard lock(state_->mutex);
    return state_->why_storing_fails;
}

void Metrics::texts_tried(std::optional<survey::UtcTime> time, std::int64_t unopened) {
    state_->tried.Set(time ? std::chrono::duration<double>(time->time_since_epoch()).count() : 0);
    state_->unopened.Set(static_cast<double>(unopened));
}

void Metrics::gave_up(std::string_view what) {
    state_->given_up.Add({{"what", std::string(what)}}).Increment();
}

void Metrics::request_done(std::string_view route, int status, std::chrono::nanoseconds duration) {
    state_->requests.Add({{"route", std::string(route)}, {"status", std::to_string(status)}}, kSeconds)
        .Observe(std::chrono::duration<double>(duration).count());
}

std::string Metrics::text(const std::vector<Terminal>& terminals, const Totals& totals, const StoreCounts& counts,
                          const std::vector<HeardStatus>& statuses) const {
    for (const auto& [what, count] : {std::pair("quarantined", totals.quarantined),
                                      std::pair("skipped", totals.skipped), std::pair("texts", counts.texts),
                                      std::pair("erased", counts.erasures), std::pair("incidents", counts.incidents)}) {
        state_->lying.Add({{"what", what}}).Set(static_cast<double>(count));
    }
    for (const Terminal& terminal : terminals) {
        const prometheus::Labels labels = {{"kiosk", terminal.kiosk.text}, {"center", terminal.center.text}};
        const double seen =
            terminal.last_seen ? std::chrono::duration<double>(terminal.last_seen->time_since_epoch()).count() : 0;
        state_->last_seen.Add(labels).Set(seen);
        state_->stored.Add(labels).Set(static_cast<double>(terminal.last_seq));
        state_->missing.Add(labels).Set(
            static_cast<double>(std::max<std::int64_t>(0, terminal.reported_collected - terminal.last_seq)));
    }
    return prometheus::TextSerializer().Serialize(state_->registry.Collect()) + status_metrics(terminals, statuses);
}

}  // namespace hailong::sync
