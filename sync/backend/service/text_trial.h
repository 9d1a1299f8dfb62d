// Tries once a day whether new sealed texts can be opened (comments/tried_texts.h), where the key of texts lies on this
// machine; where it does not, says since when nobody tried. Threads: one at a time.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "survey/base/time.h"
#include "sync/backend/api/write_queue.h"
#include "sync/backend/ops/metrics.h"
#include "sync/backend/store/store.h"

namespace hailong::sync {

class TextTrial {
  public:
    using Log = std::function<void(const std::string&)>;

    /// The arguments outlive it. `key_file` may be there or not, and go or come.
    TextTrial(Store& store, WriteQueue& queue, const survey::Clock& clock, std::filesystem::path key_file,
              Metrics& metrics, Log log)
        : store_(store),
          queue_(queue),
          clock_(clock),
          key_file_(std::move(key_file)),
          metrics_(metrics),
          log_(std::move(log)) {}

    /// Does something when the last time was a day ago, or there was none.
    void look();

  private:
    void tell(const std::string& sentence);

    Store& store_;
    WriteQueue& queue_;
    const survey::Clock& clock_;
    const std::filesystem::path key_file_;
    Metrics& metrics_;
    const Log log_;
    std::optional<survey::MonoTime> looked_;
    std::string told_;  // why it can't be tried, as the log has it
};

}  // namespace hailong::sync
