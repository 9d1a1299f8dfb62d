// Writes WAV files, good and bad ones.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "kiosk/voice/recordings.h"

namespace hailong::tests {

struct Wav {
    unsigned format = 1;
    unsigned channels = 1;
    unsigned rate_hz = 16'000;
    unsigned bits = 16;
    std::vector<kiosk::Sample> samples = {};
    std::string before_data = {};  // further chunks
};

inline void append_little_endian(std::string& bytes, unsigned value, int count) {
    for (int i = 0; i < count; ++i)
        bytes += static_cast<char>(static_cast<unsigned char>(value >> (8u * static_cast<unsigned>(i))));
}

[[nodiscard]] inline std::string wav(const Wav& file) {
    std::string data;
    for (const kiosk::Sample sample : file.samples)
        append_little_endian(data, static_cast<std::uint16_t>(sample), 2);
    std::string body = "WAVEfmt ";
    append_little_endian(body, 16, 4);
    append_little_endian(body, file.format, 2);
    append_little_endian(body, file.channels, 2);
    append_little_endian(body, file.rate_hz, 4);
    append_little_endian(body, file.rate_hz * file.channels * file.bits / 8, 4);
    append_little_endian(body, file.channels * file.bits / 8, 2);
    append_little_endian(body, file.bits, 2);
    body += file.before_data + "data";
    append_little_endian(body, static_cast<unsigned>(data.size()), 4);
    body += data;
    std::string bytes = "RIFF";
    append_little_endian(bytes, static_cast<unsigned>(body.size()), 4);
    return bytes + body;
}

inline void write_recording(const std::filesystem::path& folder, const std::string& line, survey::Language language,
                            const std::string& bytes) {
    const std::filesystem::path path = folder / kiosk::recording_name(line, language);
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
}

}  // namespace hailong::tests
