// What comes in by keys, as the platform reads it and the app understands it.
#pragma once

#include <cstddef>
#include <string>
#include <variant>

namespace hailong::kiosk {

inline constexpr std::size_t kScanBytesMax = 512;  // the longest link on a receipt has about 200

/// What a key of the keypad asks for.
enum class NavKey {
    next,           // right, down, tab; 6 and 2 of the numeric block
    previous,       // left, up, shift and tab; 4 and 8
    press,          // enter; 5
    back,           // escape, backspace; decimal point
    speak,          // F1, 0 of the numeric block: read this screen (again)
    silence,        // F2, minus of the numeric block
    accessibility,  // F3, plus of the numeric block
};

/// A code that a scanner read, as typed, without its end.
struct Scan {
    std::string text;  // UTF-8, at most kScanBytesMax
    bool operator==(const Scan&) const = default;
};
using KeyInput = std::variant<NavKey, Scan>;

}  // namespace hailong::kiosk
