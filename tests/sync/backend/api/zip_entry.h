// One file out of a ZIP archive, as workbooks are: enough to look into what was written.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <zlib.h>

namespace hailong::sync::sample {

inline std::size_t little_endian(std::string_view bytes, std::size_t at, std::size_t count) {
    std::size_t value = 0;
    for (std::size_t i = count; i-- > 0;)
        value = value * 256 + static_cast<unsigned char>(bytes.at(at + i));
    return value;
}

/// By the archive's own list of what is in it (APPNOTE.TXT, 4.3.12); empty when it has no such entry.
inline std::string zip_entry(std::string_view archive, std::string_view name) {
    std::size_t at = archive.find(std::string_view("PK\x01\x02", 4));
    while (at != std::string_view::npos && archive.substr(at).starts_with(std::string_view("PK\x01\x02", 4))) {
        const std::size_t packed = little_endian(archive, at + 20, 4);
        const std::size_t plain = little_endian(archive, at + 24, 4);
        const std::size_t length = little_endian(archive, at + 28, 2);
        if (archive.substr(at + 46, length) == name) {
            const std::size_t local = little_endian(archive, at + 42, 4);
            const std::size_t data =
                local + 30 + little_endian(archive, local + 26, 2) + little_endian(archive, local + 28, 2);
            std::string input(archive.substr(data, packed));
            std::string output(plain, '\0');
            z_stream stream{};
            inflateInit2(&stream, -MAX_WBITS);
            stream.next_in = reinterpret_cast<Bytef*>(input.data());
            stream.avail_in = static_cast<uInt>(input.size());
            stream.next_out = reinterpret_cast<Bytef*>(output.data());
            stream.avail_out = static_cast<uInt>(output.size());
            const int ended = inflate(&stream, Z_FINISH);
            inflateEnd(&stream);
            return ended == Z_STREAM_END ? output : std::string();
        }
        at += 46 + length + little_endian(archive, at + 30, 2) + little_endian(archive, at + 32, 2);
    }
    return {};
}

}  // namespace hailong::sync::sample
