#include "kiosk/platform/key_reader.h"

#include <utility>

namespace hailong::kiosk {
namespace {

/// REQUIRES: a code point below 0x110000 that is no surrogate.
std::string to_utf8(char32_t c) {
    const auto byte = [](char32_t bits) { return static_cast<char>(static_cast<unsigned char>(bits)); };
    const auto tail = [&](unsigned shift) { return byte(0x80u | ((c >> shift) & 0x3Fu)); };
    if (c < 0x80) return {byte(c)};
    if (c < 0x800) return {byte(0xC0u | c >> 6u), tail(0)};
    if (c < 0x10000) return {byte(0xE0u | c >> 12u), tail(6), tail(0)};
    return {byte(0xF0u | c >> 18u), tail(12), tail(6), tail(0)};
}

bool is_printable(char32_t c) {
    const bool surrogate = c >= 0xD800 && c <= 0xDFFF;
    return c >= 0x20 && c != 0x7F && c < 0x110000 && !surrogate;
}

}  // namespace

void KeyReader::add(KeyInput input) {
    if (inputs_.size() == kKeyInputsMax) {
        ++dropped_;
        return;
    }
    inputs_.push_back(std::move(input));
}

void KeyReader::end_scan() {
    std::string text = std::exchange(typed_, {});
    const std::size_t characters = std::exchange(characters_, 0);
    if (std::exchange(too_long_, false)) {
        ++dropped_;
    } else if (characters >= kScanCharsMin) {
        add(Scan{std::move(text)});
    }
}

void KeyReader::character(char32_t character, survey::MonoTime now) {
    if (!is_printable(character)) return;
    if (characters_ > 0 && now - last_ > kScanGap) end_scan();
    last_ = now;
    characters_ += 1;
    const std::string bytes = to_utf8(character);
    too_long_ = too_long_ || typed_.size() + bytes.size() > kScanBytesMax;
    if (!too_long_) typed_ += bytes;
}

void KeyReader::key(NavKey key, bool ends_scan, survey::MonoTime now) {
    const bool scanning = characters_ >= kScanCharsMin && now - last_ <= kScanGap;
    if (ends_scan && scanning) {
        end_scan();
        return;
    }
    add(key);
}

std::vector<KeyInput> KeyReader::take(survey::MonoTime now) {
    if (characters_ > 0 && now - last_ > kScanGap) end_scan();
    return std::exchange(inputs_, {});
}

std::optional<survey::MonoTime> KeyReader::deadline() const {
    if (characters_ == 0) return std::nullopt;
    return last_ + kScanGap + survey::milliseconds{1};
}

}  // namespace hailong::kiosk
