// A quick finger: plays visits on a terminal's glass by real X taps, whatever screen it finds, until it is stopped, and
// remembers every "thank you" it saw. Survives that the terminal is killed under it.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "tests/faults/audit.h"

namespace hailong::tests {

/// The terminal with a window and a finger.
inline const std::string kGlass = "bm-tp";

class Finger {
  public:
    /// Tells the newest record's id; empty when there is none.
    using Newest = std::function<std::string()>;

    /// `observe` is what the terminal writes with --observe; it may be gone at times.
    Finger(std::string display, std::filesystem::path observe, Newest newest, std::uint64_t seed);
    ~Finger();
    Finger(const Finger&) = delete;
    Finger& operator=(const Finger&) = delete;

    /// Ends the play. What was promised and what was wrong stand still from then on.
    void stop();
    [[nodiscard]] const Promised& promised() const { return promised_; }
    [[nodiscard]] const std::vector<std::string>& findings() const { return findings_; }
    /// How often "thank you" was seen so far.
    [[nodiscard]] std::int64_t thanks() const { return thanks_; }
    /// How often the honest message was seen: kept in memory, not on disk.
    [[nodiscard]] std::int64_t not_saved() const { return not_saved_; }

  private:
    void play();
    void look();
    void note_thanks();
    /// Any target; the way on, if there is one, when `go_on`.
    void tap(const boost::json::array& targets, bool go_on);

    const std::string display_;
    const std::filesystem::path observe_;
    const Newest newest_;
    std::mt19937_64 random_;
    Promised promised_;
    std::vector<std::string> findings_;
    std::atomic<std::int64_t> thanks_{0};
    std::atomic<std::int64_t> not_saved_{0};
    std::string seen_;    // the last text that was acted on
    std::string screen_;  // the one before
    std::chrono::steady_clock::time_point tapped_{};
    std::atomic<bool> is_stopping_{false};
    std::thread thread_;  // last: it uses what stands above
};

}  // namespace hailong::tests
