// What the service counts about itself, in Prometheus' text format.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sync/backend/ingest/ingest.h"

namespace hailong::sync {

/// Safe to use from any thread.
class Metrics {
  public:
    Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;
    ~Metrics();

    void batch_taken(const Ingested& ingested);
    void batch_refused(ProblemKind kind);
    void commit_done(std::size_t batches, bool is_durable);
    /// Nothing can be stored, and why; empty: it can.
    void storing_fails(std::optional<std::string> why);
    [[nodiscard]] std::optional<std::string> why_storing_fails() const;
    /// When sealed texts were last tried with their key, empty: never; and how many could not be opened so far.
    void texts_tried(std::optional<survey::UtcTime> time, std::int64_t unopened);
    /// Something was refused or closed for want of room; `what` is one of a few fixed names.
    void gave_up(std::string_view what);
    /// `route` is one of a few fixed names, never what a client sent.
    void request_done(std::string_view route, int status, std::chrono::nanoseconds duration);

    /// With how far each terminal's records came, what it last said of itself, and how much lies in the store. Statuses
    /// of other terminals are passed over.
    [[nodiscard]] std::string text(const std::vector<Terminal>& terminals, const Totals& totals = {},
                                   const StoreCounts& counts = {}, const std::vector<HeardStatus>& statuses = {}) const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace hailong::sync
