#include "sync/protocol/compression.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "survey/base/check.h"

namespace hailong::sync {
namespace {

constexpr int kZstdLevel = 3;
constexpr int kGzipLevel = 6;
constexpr int kGzipWindowBits = 15 + 16;  // the largest window, with a gzip header (zlib.h, deflateInit2)
constexpr std::size_t kPieceBytes = 65'536;

using Decompressed = Expected<std::string, UnpackError>;

UnpackError too_large(std::size_t bytes_max) {
    return {UnpackErrorKind::too_large,
            "the body is larger than " + std::to_string(bytes_max) + " bytes after decompression; send fewer records"};
}
UnpackError damaged(std::string what) {
    return {UnpackErrorKind::damaged, std::move(what)};
}

std::string compress_gzip(std::string_view bytes) {
    z_stream stream{};
    survey::check(deflateInit2(&stream, kGzipLevel, Z_DEFLATED, kGzipWindowBits, 8, Z_DEFAULT_STRATEGY) == Z_OK,
                  "zlib starts");
    std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib does not write to it
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int result = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    survey::check(result == Z_STREAM_END, "zlib's bound holds");
    return out;
}

Decompressed decompress_gzip(std::string_view bytes, std::size_t bytes_max) {
    z_stream stream{};
    survey::check(inflateInit2(&stream, kGzipWindowBits) == Z_OK, "zlib starts");
    const std::unique_ptr<z_stream, decltype(&inflateEnd)> end_it{&stream, &inflateEnd};
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    std::string out;
    std::array<char, kPieceBytes> piece;
    for (;;) {
        stream.next_out = reinterpret_cast<Bytef*>(piece.data());
        stream.avail_out = static_cast<uInt>(piece.size());
        const int result = inflate(&stream, Z_NO_FLUSH);
        if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
            return unexpected(damaged("the gzip data is damaged; send it again"));
        }
        const std::size_t got = piece.size() - stream.avail_out;
        if (got > bytes_max - out.size()) return unexpected(too_large(bytes_max));
        out.append(piece.data(), got);
        if (result == Z_STREAM_END) break;
        if (got == 0 && stream.avail_in == 0) return unexpected(damaged("the gzip data is cut short; send it again"));
    }
    if (stream.avail_in > 0) return unexpected(damaged("something follows the gzip data; send one gzip member"));
    return out;
}

std::string compress_zstd(std::string_view bytes) {
    std::string out(ZSTD_compressBound(bytes.size()), '\0');
    const std::size_t size = ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), kZstdLevel);
    survey::check(ZSTD_isError(size) == 0, "zstd's bound holds");
    out.resize(size);
    return out;
}

Decompressed decompress_zstd(std::string_view bytes, std::size_t bytes_max) {
    const std::size_t frame = ZSTD_findFrameCompressedSize(bytes.data(), bytes.size());
    if (ZSTD_isError(frame) != 0) {
        return unexpected(damaged("the zstd data is damaged or cut short; send it again"));
    }
    if (frame != bytes.size()) return unexpected(damaged("something follows the zstd data; send one zstd frame"));
    // The frame may say how large it will be, and may lie: it is believed only to save memory.
    const unsigned long long claimed = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
    if (claimed == ZSTD_CONTENTSIZE_ERROR) return unexpected(damaged("the zstd data is damaged; send it again"));
    const bool is_known = claimed != ZSTD_CONTENTSIZE_UNKNOWN;
    if (is_known && claimed > bytes_max) return unexpected(too_large(bytes_max));
    std::string out(is_known ? static_cast<std::size_t>(claimed) : bytes_max, '\0');
    // Straight into the whole output: so zstd needs no window of its own, whose size the input would choose.
    const std::size_t size = ZSTD_decompress(out.data(), out.size(), bytes.data(), bytes.size());
    if (ZSTD_isError(size) != 0) {
        if (!is_known && ZSTD_getErrorCode(size) == ZSTD_error_dstSize_tooSmall)
            return unexpected(too_large(bytes_max));
        return unexpected(damaged("the zstd data is damaged; send it again"));
    }
    out.resize(size);
    return out;
}

/// Without regard to case; `word` is in small letters.
bool is_same_word(std::string_view text, std::string_view word) {
    return std::equal(text.begin(), text.end(), word.begin(), word.end(), [](char given, char small) {
        return (given >= 'A' && given <= 'Z' ? static_cast<char>(given - 'A' + 'a') : given) == small;
    });
}

}  // namespace

Expected<Encoding, std::string> parse_encoding(std::string_view text) {
    if (text.empty()) return Encoding::identity;
    for (const Encoding encoding : {Encoding::identity, Encoding::gzip, Encoding::zstd}) {
        if (is_same_word(text, name(encoding))) return encoding;
    }
    // The text is not said back: it may hold any byte, and what carries this sentence is UTF-8.
    return unexpected(std::string("this content encoding is not supported; use zstd, gzip or none"));
}

std::string_view name(Encoding encoding) {
    switch (encoding) {
        case Encoding::identity:
            return "identity";
        case Encoding::gzip:
            return "gzip";
        case Encoding::zstd:
            return "zstd";
    }
    return "identity";
}

std::string compress(std::string_view bytes, Encoding encoding) {
    switch (encoding) {
        case Encoding::identity:
            return std::string(bytes);
        case Encoding::gzip:
            return compress_gzip(bytes);
        case Encoding::zstd:
            return compress_zstd(bytes);
    }
    return std::string(bytes);
}

Expected<std::string, UnpackError> decompress(std::string_view bytes, Encoding encoding, std::size_t bytes_max) {
    switch (encoding) {
        case Encoding::identity:
            break;
        case Encoding::gzip:
            return decompress_gzip(bytes, bytes_max);
        case Encoding::zstd:
            return decompress_zstd(bytes, bytes_max);
    }
    if (bytes.size() > bytes_max) return unexpected(too_large(bytes_max));
    return std::string(bytes);
}

}  // namespace hailong::sync
