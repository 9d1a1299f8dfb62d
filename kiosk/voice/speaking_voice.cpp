#include "kiosk/voice/speaking_voice.h"

#include <algorithm>
#include <exception>
#include <system_error>
#include <utility>

#include "kiosk/voice/alsa_sink.h"
#include "kiosk/voice/click.h"
#include "kiosk/voice/espeak_speech.h"
#include "kiosk/voice/spoken.h"

namespace hailong::kiosk {
namespace {

/// For a click or a pause before anything was said: eSpeak's own rate, so that speech needs no other.
constexpr int kUsualRateHz = 22'050;

std::size_t samples_in(int length_ms, int rate_hz) {
    return static_cast<std::size_t>(length_ms) * static_cast<std::size_t>(rate_hz) / 1'000u;
}

VoiceTrouble no_sound(std::string what) {
    return {VoiceTroubleKind::no_sound, std::move(what),
            "check the loudspeaker and its cable, and [voice] device in kiosk.toml; `aplay -L` lists the devices"};
}

VoiceTrouble no_speech(std::string what) {
    return {VoiceTroubleKind::no_speech, std::move(what), "install the packages libespeak-ng1 and espeak-ng-data"};
}

VoiceTrouble trouble_of(const RecordingError& error) {
    switch (error.kind) {
        case RecordingErrorKind::no_folder:
            return {VoiceTroubleKind::no_recordings, error.what,
                    "put the recordings there, or correct [voice] recordings in kiosk.toml"};
        case RecordingErrorKind::missing:
            return {VoiceTroubleKind::missing_recording, error.what, "record the line, or let eSpeak NG speak it"};
        case RecordingErrorKind::broken:
            break;
    }
    return {VoiceTroubleKind::broken_recording, error.what,
            "save it again as a WAV file of plain 16-bit PCM, at most 60 seconds long"};
}

std::vector<std::string> within_limits(std::vector<std::string> lines) {
    if (lines.size() > kSpokenLinesMax) lines.resize(kSpokenLinesMax);
    for (std::string& line : lines) {
        if (line.size() > kSpokenLineBytesMax) line.resize(kSpokenLineBytesMax);
    }
    return lines;
}

}  // namespace

SpeakingVoice::SpeakingVoice(std::unique_ptr<PcmSink> sink, std::unique_ptr<Speech> speech, Recordings recordings,
                             const survey::Clock& clock, std::function<void()> wake)
    : sink_(std::move(sink)),
      speech_(std::move(speech)),
      recordings_(std::move(recordings)),
      clock_(clock),
      wake_(std::move(wake)) {}

SpeakingVoice::~SpeakingVoice() {
    {
        const std::scoped_lock lock(mutex_);
        is_ending_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void SpeakingVoice::say(std::vector<std::string> lines, survey::Language language) {
    if (lines.empty()) return silence();
    {
        const std::scoped_lock lock(mutex_);
        newest_ = Lines{within_limits(std::move(lines)), language};
    }
    repeat();
}

void SpeakingVoice::repeat() {
    {
        const std::scoped_lock lock(mutex_);
        if (!newest_) return;
        wanted_ = newest_;
        number_ += 1;
        is_speaking_ = true;
    }
    call_thread();
}

void SpeakingVoice::silence() {
    {
        const std::scoped_lock lock(mutex_);
        wanted_.reset();
        number_ += 1;
        is_speaking_ = false;
    }
    changed_.notify_all();
}

void SpeakingVoice::forget() {
    silence();
    const std::scoped_lock lock(mutex_);
    newest_.reset();
}

void SpeakingVoice::tap() {
    {
        const std::scoped_lock lock(mutex_);
        click_wanted_ = true;
    }
    call_thread();
}

void SpeakingVoice::set_rate(int percent) {
    const std::scoped_lock lock(mutex_);
    rate_percent_ = std::clamp(percent, kVoiceRateMin, kVoiceRateMax);
}

void SpeakingVoice::set_volume(int percent) {
    const std::scoped_lock lock(mutex_);
    volume_percent_ = std::clamp(percent, kVoiceVolumeMin, kVoiceVolumeMax);
}

bool SpeakingVoice::is_speaking() const {
    const std::scoped_lock lock(mutex_);
    return is_speaking_;
}

std::optional<VoiceTrouble> SpeakingVoice::trouble() const {
    const std::scoped_lock lock(mutex_);
    for (const auto& trouble : troubles_) {  // the worst stands first
        if (trouble) return trouble;
    }
    return std::nullopt;
}

void SpeakingVoice::call_thread() {
    if (thread_.joinable()) return changed_.notify_all();
    try {
        thread_ = std::thread([this] { run(); });
    } catch (const std::system_error& error) {  // no memory for a thread: the next call tries again
        const std::scoped_lock lock(mutex_);
        troubles_[static_cast<std::size_t>(Part::sound)] = no_sound(std::string("no thread: ") + error.what());
        is_speaking_ = false;
    }
}

void SpeakingVoice::run() {
    while (const auto work = next_work()) {
        try {
            carry_out(*work);
        } catch (const std::exception& error) {  // out of memory: this work is given up
            failed(Part::sound, no_sound(error.what()));
        }
        done_with(*work);
    }
}

std::optional<SpeakingVoice::Work> SpeakingVoice::next_work() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return is_ending_ || wanted_ || click_wanted_; });
    if (is_ending_) return std::nullopt;
    if (!wanted_) click_wanted_ = false;  // otherwise the lines' first piece clicks
    return Work{std::exchange(wanted_, std::nullopt), number_, rate_percent_};
}

void SpeakingVoice::carry_out(const Work& work) {
    if (work.lines) {
        say_lines(work);
    } else {
        play_click();
    }
}

void SpeakingVoice::done_with(const Work& work) {
    {
        const std::scoped_lock lock(mutex_);
        if (number_ == work.number) is_speaking_ = false;
    }
    if (std::exchange(has_news_, false) || work.lines) wake_();
}

void SpeakingVoice::say_lines(const Work& work) {
    recordings_trouble_.reset();
    const auto& lines = work.lines->lines;
    const bool all_said =
        std::all_of(lines.begin(), lines.end(), [&](const std::string& line) { return say_line(line, work); });
    if (recordings_trouble_) {
        failed(Part::recordings, *recordings_trouble_);
    } else if (all_said) {
        worked(Part::recordings);
    }
}

bool SpeakingVoice::say_line(const std::string& line, const Work& work) {
    if (!may_try(Part::sound)) return false;
    const auto sound = recorded(line, work.lines->language);
    const bool goes_on = sound ? play(sound->samples, sound->rate_hz, work.number) : speak(line, work);
    return goes_on && play_silence(kPauseMs, work.number);
}

std::optional<Sound> SpeakingVoice::recorded(const std::string& line, survey::Language language) {
    if (!recordings_.are_configured()) return std::nullopt;
    auto found = recordings_.find(line, language);
    if (found) return std::move(*found);
    VoiceTrouble trouble = trouble_of(found.error());
    if (!recordings_trouble_ || trouble.kind < recordings_trouble_->kind) recordings_trouble_ = std::move(trouble);
    return std::nullopt;
}

/// A line that can't be spoken is passed over: the next may be recorded.
bool SpeakingVoice::speak(const std::string& line, const Work& work) {
    if (!may_try(Part::speech)) return true;
    bool is_wanted = true;
    const TakeSound take = [&](std::span<const Sample> samples, int rate_hz) {
        is_wanted = play(samples, rate_hz, work.number);
        return is_wanted;
    };
    const auto spoke =
        speech_->speak(spoken(line, work.lines->language), work.lines->language, work.rate_percent, take);
    if (spoke) {
        worked(Part::speech);
    } else {
        failed(Part::speech, no_speech(spoke.error()));
    }
    return is_wanted;
}

/// Never cut short: a click that is heard half is a crackle, and it is over before anybody could want its end.
void SpeakingVoice::play_click() {
    const int rate_hz = sink_->rate_hz() > 0 ? sink_->rate_hz() : kUsualRateHz;
    if (!open_at(rate_hz)) return;
    int volume_percent = 0;
    {
        const std::scoped_lock lock(mutex_);
        volume_percent = volume_percent_;
    }
    std::vector<Sample> samples = click(rate_hz).samples;
    scale(samples, volume_percent);
    samples.resize(samples.size() + samples_in(kClickTailMs, rate_hz));
    if (write(samples)) worked(Part::sound);
}

SpeakingVoice::Step SpeakingVoice::next_step(std::uint64_t number) {
    const std::scoped_lock lock(mutex_);
    if (is_ending_ || number_ != number) return {};
    return {true, std::exchange(click_wanted_, false), volume_percent_};
}

bool SpeakingVoice::play(std::span<const Sample> samples, int rate_hz, std::uint64_t number) {
    while (!samples.empty()) {
        const std::size_t count = std::min(samples.size(), samples_in(kPieceMs, rate_hz));
        const Step step = next_step(number);
        if (!step.is_wanted) {
            sink_->drop();
            return false;
        }
        if (!open_at(rate_hz)) return false;
        std::vector<Sample> piece(samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(count));
        if (step.with_click) mix_in(piece, click(rate_hz).samples);
        scale(piece, step.volume_percent);
        if (!write(piece)) return false;
        samples = samples.subspan(count);
    }
    worked(Part::sound);
    return true;
}

bool SpeakingVoice::play_silence(int length_ms, std::uint64_t number) {
    const int rate_hz = sink_->rate_hz() > 0 ? sink_->rate_hz() : kUsualRateHz;
    const std::vector<Sample> silence(samples_in(length_ms, rate_hz));
    return play(silence, rate_hz, number);
}

bool SpeakingVoice::open_at(int rate_hz) {
    if (sink_->rate_hz() == rate_hz) return true;
    if (!may_try(Part::sound)) return false;
    if (const auto opened = sink_->open(rate_hz); !opened) {
        failed(Part::sound, no_sound(opened.error()));
        return false;
    }
    return true;
}

bool SpeakingVoice::write(std::span<const Sample> samples) {
    if (const auto written = sink_->write(samples); !written) {
        failed(Part::sound, no_sound(written.error()));
        return false;
    }
    return true;
}

bool SpeakingVoice::may_try(Part part) const {
    const auto& retry_at = retry_at_[static_cast<std::size_t>(part)];
    return !retry_at || clock_.monotonic() >= *retry_at;
}

void SpeakingVoice::failed(Part part, VoiceTrouble trouble) {
    retry_at_[static_cast<std::size_t>(part)] = clock_.monotonic() + kVoiceRetryPause;
    set_trouble(part, std::move(trouble));
}

void SpeakingVoice::worked(Part part) {
    retry_at_[static_cast<std::size_t>(part)].reset();
    set_trouble(part, std::nullopt);
}

void SpeakingVoice::set_trouble(Part part, std::optional<VoiceTrouble> trouble) {
    const std::scoped_lock lock(mutex_);
    auto& known = troubles_[static_cast<std::size_t>(part)];
    has_news_ = has_news_ || known != trouble;
    known = std::move(trouble);
}

std::unique_ptr<Voice> make_voice(VoiceConfig config, const survey::Clock& clock, std::function<void()> wake) {
    return std::make_unique<SpeakingVoice>(std::make_unique<AlsaSink>(std::move(config.device)),
                                           std::make_unique<EspeakSpeech>(), Recordings(std::move(config.recordings)),
                                           clock, std::move(wake));
}

}  // namespace hailong::kiosk
