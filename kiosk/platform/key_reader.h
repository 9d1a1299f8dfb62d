// What comes in by keys: an external keypad (arrows, enter, numeric block) and scanners, which type like keyboards.
//
// A scanner types its code far faster than a person, and ends it with enter, with tab, or with nothing. So characters
// that follow each other closely are gathered: enough of them are a scan, fewer were somebody's hand and mean nothing.
// Enter and tab right behind such characters end the scan and press nothing; alone they are the keypad's.
//
// Pure: the caller brings the time. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kiosk/widgets/key_input.h"
#include "survey/base/time.h"

namespace hailong::kiosk {

/// Two characters farther apart than this were typed by hand. Scanners send every 1 to 20 ms.
inline constexpr survey::milliseconds kScanGap{60};
/// Fewer characters are no code: the shortest queue ticket has four.
inline constexpr std::size_t kScanCharsMin = 4;
/// Most inputs that wait for a frame; more are dropped and counted.
inline constexpr std::size_t kKeyInputsMax = 64;

class KeyReader {
  public:
    /// A character was typed. Control characters are ignored.
    void character(char32_t character, survey::MonoTime now);
    /// A key that is one of the keypad's went down. `ends_scan`: enter and tab.
    void key(NavKey key, bool ends_scan, survey::MonoTime now);

    /// What has come in, oldest first. Ends a scan that nothing follows.
    [[nodiscard]] std::vector<KeyInput> take(survey::MonoTime now);
    /// When a scan without an end is over; empty when nothing is being gathered.
    [[nodiscard]] std::optional<survey::MonoTime> deadline() const;
    /// Inputs and codes dropped because they were too many or too long, since the start.
    [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

  private:
    void add(KeyInput input);
    void end_scan();

    std::vector<KeyInput> inputs_;
    std::string typed_;  // gathered so far
    std::size_t characters_ = 0;
    bool too_long_ = false;
    survey::MonoTime last_{};  // when the last of it came
    std::uint64_t dropped_ = 0;
};

}  // namespace hailong::kiosk
