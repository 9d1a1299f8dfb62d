#include "kiosk/voice/recordings.h"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <optional>
#include <system_error>

#include "survey/crypto/digest.h"

namespace hailong::kiosk {
namespace {

constexpr std::size_t kNameDigits = 16;
constexpr std::size_t kChunkHeadBytes = 8;
constexpr std::size_t kFormatBytes = 16;
constexpr std::size_t kSampleBytes = 2;
constexpr unsigned kPlainPcm = 1;
constexpr unsigned kChannelsMax = 2;

unsigned byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint8_t>(bytes[at]);
}

/// Little-endian, as everything in these files.
unsigned two_bytes(std::string_view bytes, std::size_t at) {
    return byte_at(bytes, at) | byte_at(bytes, at + 1) << 8u;
}

std::uint32_t four_bytes(std::string_view bytes, std::size_t at) {
    return two_bytes(bytes, at) | two_bytes(bytes, at + 2) << 16u;
}

struct WavFormat {
    unsigned channels = 0;
    std::uint32_t rate_hz = 0;
};

Expected<WavFormat, std::string> parse_format(std::string_view chunk) {
    if (chunk.size() < kFormatBytes) return unexpected(std::string("its format is cut off"));
    const WavFormat format{two_bytes(chunk, 2), four_bytes(chunk, 4)};
    if (two_bytes(chunk, 0) != kPlainPcm) return unexpected(std::string("it is not plain PCM"));
    if (format.channels < 1 || format.channels > kChannelsMax) {
        return unexpected(std::string("it is neither mono nor stereo"));
    }
    if (two_bytes(chunk, 14) != 8 * kSampleBytes || two_bytes(chunk, 12) != format.channels * kSampleBytes) {
        return unexpected(std::string("its samples are not of 16 bits"));
    }
    if (format.rate_hz < kRateMinHz || format.rate_hz > kRateMaxHz) {
        return unexpected(std::string("its rate is not from 8,000 to 48,000 samples a second"));
    }
    return format;
}

Expected<Sound, std::string> mixed_to_mono(std::string_view data, const WavFormat& format) {
    const std::size_t frame_bytes = kSampleBytes * format.channels;
    if (data.empty()) return unexpected(std::string("it holds no sound"));
    if (data.size() % frame_bytes != 0) return unexpected(std::string("its sound ends within a sample"));
    const std::size_t frames = data.size() / frame_bytes;
    if (frames > std::size_t{kRecordingSecondsMax} * format.rate_hz) {
        return unexpected("it is longer than " + std::to_string(kRecordingSecondsMax) + " seconds");
    }
    Sound sound{static_cast<int>(format.rate_hz), std::vector<Sample>(frames)};
    for (std::size_t frame = 0; frame < frames; ++frame) {
        int sum = 0;
        for (unsigned channel = 0; channel < format.channels; ++channel) {
            sum += static_cast<Sample>(two_bytes(data, frame * frame_bytes + channel * kSampleBytes));
        }
        sound.samples[frame] = static_cast<Sample>(sum / static_cast<int>(format.channels));
    }
    return sound;
}

/// The whole file; empty where it can't be read or is too large.
std::optional<std::string> content_of(const std::filesystem::path& path) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);  // an error for all but files, so that no pipe is opened
    if (error || size > kRecordingBytesMax) return std::nullopt;
    std::string bytes(static_cast<std::size_t>(size), '\0');
    std::ifstream file(path, std::ios::binary);
    if (!file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()))) return std::nullopt;
    return bytes;
}

}  // namespace

std::string recording_name(std::string_view line, survey::Language language) {
    return std::string(code(language)) + "/" + survey::to_hex(survey::sha256(line)).substr(0, kNameDigits) + ".wav";
}

Expected<Sound, std::string> parse_wav(std::string_view bytes) {
    constexpr std::size_t kHeadBytes = 12;
    if (bytes.size() > kRecordingBytesMax) return unexpected(std::string("it is larger than 16 MiB"));
    if (bytes.size() < kHeadBytes || bytes.substr(0, 4) != "RIFF" || bytes.substr(8, 4) != "WAVE") {
        return unexpected(std::string("it is no WAV file"));
    }
    std::optional<WavFormat> format;
    std::string_view rest = bytes.substr(kHeadBytes);
    while (rest.size() >= kChunkHeadBytes) {  // each step takes at least a chunk's head
        const std::string_view name = rest.substr(0, 4);
        const std::size_t size = four_bytes(rest, 4);
        rest.remove_prefix(kChunkHeadBytes);
        if (size > rest.size()) return unexpected(std::string("it is cut off"));
        const std::string_view chunk = rest.substr(0, size);
        if (name == "fmt ") {
            const auto parsed = parse_format(chunk);
            if (!parsed) return unexpected(parsed.error());
            format = *parsed;
        } else if (name == "data") {
            if (!format) return unexpected(std::string("its sound stands before its format"));
            return mixed_to_mono(chunk, *format);
        }
        rest.remove_prefix(std::min(rest.size(), size + size % 2));  // chunks begin at even places
    }
    return unexpected(std::string("it holds no sound"));
}

Expected<Sound, RecordingError> Recordings::find(std::string_view line, survey::Language language) const {
    std::error_code error;
    if (!std::filesystem::is_directory(folder_, error)) {
        return unexpected(RecordingError{RecordingErrorKind::no_folder, folder_.string() + " is no folder"});
    }
    const std::filesystem::path path = folder_ / recording_name(line, language);
    if (!std::filesystem::exists(path, error)) {
        return unexpected(RecordingError{RecordingErrorKind::missing, path.string() + " is missing"});
    }
    const auto bytes = content_of(path);
    if (!bytes) {
        return unexpected(
            RecordingError{RecordingErrorKind::broken, path.string() + " can't be read, or is larger than 16 MiB"});
    }
    auto sound = parse_wav(*bytes);
    if (!sound) return unexpected(RecordingError{RecordingErrorKind::broken, path.string() + ": " + sound.error()});
    return std::move(*sound);
}

}  // namespace hailong::kiosk
