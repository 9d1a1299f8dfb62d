// Lines that the center had somebody read into files, and the strict little reader of those files. README.md says how a
// center records its voice.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "kiosk/voice/pcm_sink.h"
#include "survey/base/expected.h"
#include "survey/base/messages.h"

namespace hailong::kiosk {

/// Longest recording, and largest file: a minute of stereo at 48 kHz takes 11 MiB. Anything longer is a file in the
/// wrong place.
inline constexpr int kRecordingSecondsMax = 60;
inline constexpr std::size_t kRecordingBytesMax = std::size_t{16} << 20u;

/// "vi/<first 16 hexadecimal digits of the SHA-256 of the line's UTF-8 bytes>.wav". The line is the one on the screen,
/// to the byte: composed (NFC), with its capitals and its punctuation.
[[nodiscard]] std::string recording_name(std::string_view line, survey::Language language);

/// A RIFF/WAVE file of plain 16-bit PCM, mono or stereo (mixed to mono), 8 to 48 kHz, not empty; other chunks are
/// passed over. The error says what is wrong with it. Format: Microsoft and IBM, "Multimedia Programming Interface and
/// Data Specifications 1.0" (1991), chapter 3.
[[nodiscard]] Expected<Sound, std::string> parse_wav(std::string_view bytes);

enum class RecordingErrorKind { no_folder, missing, broken };

struct RecordingError {
    RecordingErrorKind kind = RecordingErrorKind::missing;
    std::string what;  // names the folder or file
};

class Recordings {
  public:
    /// An empty path: there are none, and that is no error.
    explicit Recordings(std::filesystem::path folder) : folder_(std::move(folder)) {}
    [[nodiscard]] bool are_configured() const { return !folder_.empty(); }
    /// Reads the file for `line` from disk each time: what was put right there is heard the next time.
    [[nodiscard]] Expected<Sound, RecordingError> find(std::string_view line, survey::Language language) const;

  private:
    std::filesystem::path folder_;
};

}  // namespace hailong::kiosk
