// The voice over any sink and any speech: what make_voice() gives, and what tests give a sink that counts.
// Threads: the caller's, and one that owns sink and speech and is started by the first call that makes a sound. They
// share only what the mutex guards; it is never held while anything is loaded, read, spoken or played.
#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "kiosk/voice/pcm_sink.h"
#include "kiosk/voice/recordings.h"
#include "kiosk/voice/speech.h"
#include "kiosk/voice/voice.h"

namespace hailong::kiosk {

/// Sound goes to the sink in pieces of this length; between two of them the voice looks whether it is still wanted.
inline constexpr int kPieceMs = 20;
/// Silence after each line. Longer than what a sink holds, so that all before it was heard when it is written.
inline constexpr int kPauseMs = 250;
/// Silence after a click for the same reason, no longer than it must be.
inline constexpr int kClickTailMs = kSinkPendingMs + kPieceMs;

class SpeakingVoice final : public Voice {
  public:
    /// `sink` and `speech` must not be null. They are used, and may load what they need, on the voice's thread only;
    /// they end with the voice, on the thread that ends it. `clock` and `wake` as make_voice() takes them.
    SpeakingVoice(std::unique_ptr<PcmSink> sink, std::unique_ptr<Speech> speech, Recordings recordings,
                  const survey::Clock& clock, std::function<void()> wake);
    ~SpeakingVoice() override;
    SpeakingVoice(const SpeakingVoice&) = delete;
    SpeakingVoice& operator=(const SpeakingVoice&) = delete;

    void say(std::vector<std::string> lines, survey::Language language) override;
    void repeat() override;
    void silence() override;
    void forget() override;
    void tap() override;
    void set_rate(int percent) override;
    void set_volume(int percent) override;
    [[nodiscard]] bool is_speaking() const override;
    [[nodiscard]] std::optional<VoiceTrouble> trouble() const override;

  private:
    struct Lines {
        std::vector<std::string> lines;
        survey::Language language = survey::Language::vi;
    };
    /// What the thread does next: say lines, or click.
    struct Work {
        std::optional<Lines> lines;
        std::uint64_t number = 0;
        int rate_percent = 100;
    };
    struct Step {
        bool is_wanted = false;
        bool with_click = false;
        int volume_percent = 100;
    };
    enum class Part : std::size_t { sound, speech, recordings };
    static constexpr std::size_t kParts = 3;

    // The caller's side.
    void call_thread();

    // The thread's side.
    void run();
    [[nodiscard]] std::optional<Work> next_work();
    void carry_out(const Work& work);
    void say_lines(const Work& work);
    /// False: no more is wanted, or nothing can be heard.
    [[nodiscard]] bool say_line(const std::string& line, const Work& work);
    [[nodiscard]] std::optional<Sound> recorded(const std::string& line, survey::Language language);
    [[nodiscard]] bool speak(const std::string& line, const Work& work);
    void play_click();
    [[nodiscard]] Step next_step(std::uint64_t number);
    [[nodiscard]] bool play(std::span<const Sample> samples, int rate_hz, std::uint64_t number);
    [[nodiscard]] bool play_silence(int length_ms, std::uint64_t number);
    [[nodiscard]] bool open_at(int rate_hz);
    [[nodiscard]] bool write(std::span<const Sample> samples);
    void done_with(const Work& work);

    // A part that failed is left alone for kVoiceRetryPause.
    [[nodiscard]] bool may_try(Part part) const;
    void failed(Part part, VoiceTrouble trouble);
    void worked(Part part);
    void set_trouble(Part part, std::optional<VoiceTrouble> trouble);

    // The thread's own.
    std::unique_ptr<PcmSink> sink_;
    std::unique_ptr<Speech> speech_;
    Recordings recordings_;
    const survey::Clock& clock_;
    std::function<void()> wake_;
    bool has_news_ = false;  // trouble() changed since wake_ was called
    std::array<std::optional<survey::MonoTime>, kParts> retry_at_;
    std::optional<VoiceTrouble> recordings_trouble_;  // the worst among the lines of this work

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    // All guarded by mutex_.
    std::optional<Lines> wanted_;  // not begun yet
    std::optional<Lines> newest_;  // for repeat()
    std::uint64_t number_ = 0;     // of the newest wish; work with an earlier one is no longer wanted
    bool click_wanted_ = false;
    bool is_speaking_ = false;
    bool is_ending_ = false;
    int rate_percent_ = 100;
    int volume_percent_ = 100;
    std::array<std::optional<VoiceTrouble>, kParts> troubles_;
    std::thread thread_;  // the caller's; started by the first call that makes a sound
};

}  // namespace hailong::kiosk
