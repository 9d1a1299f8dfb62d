#include "survey/base/log_frames.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace hailong::survey::sqlite {
namespace {

constexpr std::size_t kSaltAt = 16;       // in the log's header
constexpr std::size_t kHeaderSumAt = 24;  // there, behind all that it covers
constexpr std::size_t kFrameSaltAt = 8;   // in a frame's, behind the part that its sum covers
constexpr std::size_t kFrameSumAt = 16;

std::uint32_t native_word_at(std::string_view bytes, std::size_t at) {
    std::uint32_t value = 0;
    std::memcpy(&value, bytes.data() + at, sizeof(value));
    return value;
}

/// Its big end first, as all but the sum is counted.
std::uint32_t word_at(std::string_view bytes, std::size_t at) {
    const std::uint32_t value = native_word_at(bytes, at);
    return std::endian::native == std::endian::big ? value : __builtin_bswap32(value);
}

std::uint64_t salt_at(std::string_view bytes, std::size_t at) {
    return std::uint64_t{word_at(bytes, at)} << 32u | word_at(bytes, at + 4);
}

}  // namespace

LogSum::LogSum(std::string_view header) : salt_(salt_at(header, kSaltAt)) {
    constexpr std::uint32_t kMagic = 0x377f0682;  // and 1 more where the words of the sums have their big end first
    const std::uint32_t magic = word_at(header, 0);
    if ((magic & ~1U) != kMagic) return;
    is_native_ = ((magic & 1U) != 0) == (std::endian::native == std::endian::big);
    add(header.substr(0, kHeaderSumAt));
    is_header_whole_ = is(header.substr(kHeaderSumAt, 8));
}

bool LogSum::follows(std::string_view frame) {
    add(frame.substr(0, kFrameSaltAt));
    add(frame.substr(kFrameHeaderBytes));
    return salt_at(frame, kFrameSaltAt) == salt_ && is(frame.substr(kFrameSumAt, 8));
}

/// REQUIRES: a multiple of 8 bytes.
void LogSum::add(std::string_view bytes) {
    std::uint32_t first = first_;
    std::uint32_t second = second_;
    for (std::size_t at = 0; at < bytes.size(); at += 8) {
        const std::uint32_t one = native_word_at(bytes, at);
        const std::uint32_t other = native_word_at(bytes, at + 4);
        first += (is_native_ ? one : __builtin_bswap32(one)) + second;
        second += (is_native_ ? other : __builtin_bswap32(other)) + first;
    }
    first_ = first;
    second_ = second;
}

bool LogSum::is(std::string_view written) const {
    return word_at(written, 0) == first_ && word_at(written, 4) == second_;
}

std::uint32_t page_of_frame(std::string_view frame) {
    return word_at(frame, 0);
}

std::uint64_t log_generation(std::string_view header) {
    return std::uint64_t{native_word_at(header, kSaltAt)} << 32u | native_word_at(header, kSaltAt + 4);
}

std::string_view log_salt(std::string_view log) {
    if (log.size() < kLogHeaderBytes) return {};
    const std::string_view said = log.substr(16, 8);
    for (const std::size_t at : {kLogHeaderBytes, kLogHeaderBytes + kFrameBytes})
        if (at + kFrameBytes <= log.size() && log.substr(at + 8, 8) == said) return said;
    return log.size() < kLogHeaderBytes + kFrameBytes ? said : log.substr(kLogHeaderBytes + 8, 8);
}

std::size_t end_of_whole_frames(std::string_view log) {
    if (log.size() < kLogHeaderBytes) return 0;
    LogSum sum(log.substr(0, kLogHeaderBytes));
    if (!sum.is_header_whole()) return 0;
    std::size_t at = kLogHeaderBytes;
    while (at + kFrameBytes <= log.size() && sum.follows(log.substr(at, kFrameBytes)))
        at += kFrameBytes;
    return at;
}

bool has_commit_beyond_its_end(std::string_view log) {
    if (log.size() < kLogHeaderBytes + kFrameBytes) return false;
    const std::string_view salt = log_salt(log);
    for (std::size_t at = std::max(end_of_whole_frames(log), kLogHeaderBytes); at + kFrameBytes <= log.size();
         at += kFrameBytes) {
        const bool is_commit = word_at(log, at + 4) != 0;
        if (is_commit && log.substr(at + 8, 8) == salt) return true;
    }
    return false;
}

}  // namespace hailong::survey::sqlite
