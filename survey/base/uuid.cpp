#include "survey/base/uuid.h"

#include <algorithm>

#include "survey/base/hex.h"

namespace hailong::survey {

Uuid make_uuid7(UtcTime time, const UuidEntropy& entropy) {
    const auto ms = static_cast<std::uint64_t>(std::max<milliseconds::rep>(0, time.time_since_epoch().count()));
    Uuid uuid;
    for (std::size_t i = 0; i < 6; ++i)
        uuid.bytes[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
    std::copy(entropy.begin(), entropy.end(), uuid.bytes.begin() + 6);
    uuid.bytes[6] = static_cast<std::uint8_t>(0x70u | (uuid.bytes[6] & 0x0fu));
    uuid.bytes[8] = static_cast<std::uint8_t>(0x80u | (uuid.bytes[8] & 0x3fu));
    return uuid;
}

std::string to_string(const Uuid& uuid) {
    std::string text = hex(uuid.bytes);
    for (const std::size_t at : {std::size_t{8}, std::size_t{13}, std::size_t{18}, std::size_t{23}})
        text.insert(at, 1, '-');
    return text;
}

std::optional<Uuid> parse_uuid(std::string_view text) {
    if (text.size() != 36) return std::nullopt;
    std::array<char, 32> digits{};
    std::size_t count = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash_place = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash_place != (text[i] == '-')) return std::nullopt;
        if (!dash_place) digits[count++] = text[i];
    }
    Uuid uuid;
    if (!parse_hex({digits.data(), digits.size()}, uuid.bytes)) return std::nullopt;
    return uuid;
}

}  // namespace hailong::survey
