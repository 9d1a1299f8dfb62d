// Reads screens aloud and lets a tap be heard. Everything the citizen can't see is said through this; what it can't say
// is shown to staff, and the visit goes on without it.
// Threads: call it from one thread, the loop's. No call waits for sound, disk or a library: a thread of its own does
// that, started by the first call that needs it. Until then nothing is loaded and nothing but this object takes memory.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "survey/base/messages.h"
#include "survey/base/time.h"

namespace hailong::kiosk {

/// Most lines said at once, and bytes of one line: a page with 40 officers and the longest comment fit many times.
/// What is beyond is not said.
inline constexpr std::size_t kSpokenLinesMax = 100;
inline constexpr std::size_t kSpokenLineBytesMax = 8'192;

/// Speed of speech in percent of eSpeak's 175 words a minute; beyond these ends words run together or fall apart.
inline constexpr int kVoiceRateMin = 50;
inline constexpr int kVoiceRateMax = 200;
/// Loudness in percent of full scale; 0 is silent.
inline constexpr int kVoiceVolumeMin = 0;
inline constexpr int kVoiceVolumeMax = 100;

/// After a failure the sound card and eSpeak are left alone this long; the first call after it tries again.
inline constexpr survey::milliseconds kVoiceRetryPause{30'000};

/// What keeps the terminal from speaking as it should, the worst first.
enum class VoiceTroubleKind {
    no_sound,           // no sound card, or it does not take sound: nothing is heard
    no_speech,          // eSpeak or its data is missing: only recorded lines are heard
    no_recordings,      // the configured folder can't be read: eSpeak speaks
    broken_recording,   // a recorded file can't be used: eSpeak speaks that line
    missing_recording,  // a line has no recorded file: eSpeak speaks that line
};

/// English, for staff and logs; it never holds what was said.
struct VoiceTrouble {
    VoiceTroubleKind kind = VoiceTroubleKind::no_sound;
    std::string what;    // names the device, library or file
    std::string remedy;  // what to do about it
    bool operator==(const VoiceTrouble&) const = default;
};

class Voice {
  public:
    virtual ~Voice() = default;
    /// Says the lines one after the other, in place of whatever is being said. No lines: as silence(), and repeat()
    /// keeps what it had.
    virtual void say(std::vector<std::string> lines, survey::Language language) = 0;
    /// Says the newest lines again from their beginning, with the rate and volume of now; nothing was said yet:
    /// nothing.
    virtual void repeat() = 0;
    /// Ends what is being said within 100 ms.
    virtual void silence() = 0;
    /// Forgets what repeat() would say; for the end of a visit. Ends what is being said, too.
    virtual void forget() = 0;
    /// One short soft click, also into what is being said. Taps that come faster than clicks end are one click.
    virtual void tap() = 0;
    /// Held to their ranges. Rate: from the next say() or repeat(), and not for recorded lines. Volume: at once.
    virtual void set_rate(int percent) = 0;
    virtual void set_volume(int percent) = 0;
    /// Whether something is being said or about to be: a visitor who listens is not idle.
    [[nodiscard]] virtual bool is_speaking() const = 0;
    /// The worst of what is wrong now; empty when all was well the last time it was tried, and before that.
    [[nodiscard]] virtual std::optional<VoiceTrouble> trouble() const = 0;
};

struct VoiceConfig {
    std::string device = "default";    // as ALSA names it: "default", "plughw:0,0"
    std::filesystem::path recordings;  // folder with vi/ and en/; empty: the center recorded nothing
};

/// The machine's voice: recorded files where they are, eSpeak NG for the rest, played through ALSA. At most one of it
/// at a time, as eSpeak knows only one. `clock` must outlive it. `wake` is called from the voice's thread after
/// something was said to its end and when trouble() changed; it must be safe there. Its end stops what is being said
/// and waits for its thread, at most about as long as one buffer of the sound card.
[[nodiscard]] std::unique_ptr<Voice> make_voice(VoiceConfig config, const survey::Clock& clock,
                                                std::function<void()> wake);

}  // namespace hailong::kiosk
