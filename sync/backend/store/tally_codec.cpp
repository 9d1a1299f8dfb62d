#include "sync/backend/store/tally_codec.h"

#include "survey/base/check.h"

namespace hailong::sync {
namespace {

constexpr char kVersion = 1;
constexpr unsigned kBits = 7;
constexpr unsigned kMore = 0x80;

void put_number(std::string& bytes, std::int64_t number) {
    survey::check(number >= 0, "a count is not negative");
    auto rest = static_cast<std::uint64_t>(number);
    for (; rest >= kMore; rest >>= kBits)
        bytes += static_cast<char>((rest & (kMore - 1)) | kMore);
    bytes += static_cast<char>(rest);
}

void put_name(std::string& bytes, const std::string& name) {
    put_number(bytes, static_cast<std::int64_t>(name.size()));
    bytes += name;
}

/// Takes values from the front. After the first that can't be read it gives zeros and empty names.
class Decoder {
  public:
    explicit Decoder(std::string_view bytes) : rest_(bytes) {}

    std::int64_t number() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 56 && !rest_.empty(); shift += kBits) {
            const auto byte = static_cast<unsigned char>(rest_.front());
            rest_.remove_prefix(1);
            value |= std::uint64_t{byte & (kMore - 1)} << shift;
            if ((byte & kMore) != 0) continue;
            const bool is_shortest = byte != 0 || shift == 0;
            if (!is_shortest || value > static_cast<std::uint64_t>(kTallyCountMax)) break;
            return static_cast<std::int64_t>(value);
        }
        return fail();
    }

    std::string name() {
        const auto size = static_cast<std::size_t>(number());
        if (size > rest_.size()) {
            fail();
            return {};
        }
        std::string text(rest_.substr(0, size));
        rest_.remove_prefix(size);
        return text;
    }

    /// How many entries follow: each takes two bytes at least.
    std::int64_t count() {
        const std::int64_t many = number();
        return many <= static_cast<std::int64_t>(rest_.size() / 2) ? many : fail();
    }

    [[nodiscard]] bool is_sound() const { return is_sound_; }
    [[nodiscard]] bool is_at_end() const { return rest_.empty(); }
    std::int64_t fail() {
        is_sound_ = false;
        rest_ = {};
        return 0;
    }

  private:
    std::string_view rest_;
    bool is_sound_ = true;
};

/// As many entries as are announced, in order of their names, so that none comes twice.
template <class Map, class ReadValue>
void read_map(Decoder& from, Map& map, ReadValue&& read_value) {
    for (std::int64_t left = from.count(); left > 0 && from.is_sound(); --left) {
        typename Map::key_type key{from.name()};
        if (!map.empty() && !(std::prev(map.end())->first < key)) from.fail();
        read_value(map.emplace_hint(map.end(), std::move(key), typename Map::mapped_type{})->second);
    }
}

}  // namespace

std::string encode_tally(const survey::Tally& tally) {
    std::string bytes(1, kVersion);
    for (const std::int64_t count : {tally.responses, tally.corrected, tally.doubtful})
        put_number(bytes, count);
    put_number(bytes, static_cast<std::int64_t>(tally.items.size()));
    for (const auto& [item, options] : tally.items) {
        put_name(bytes, item.text);
        put_number(bytes, static_cast<std::int64_t>(options.size()));
        for (const auto& [option, count] : options) {
            put_name(bytes, option);
            put_number(bytes, count);
        }
    }
    return bytes;
}

std::optional<survey::Tally> decode_tally(std::string_view bytes) {
    if (bytes.empty() || bytes.front() != kVersion) return std::nullopt;
    Decoder from(bytes.substr(1));
    survey::Tally tally;
    tally.responses = from.number();
    tally.corrected = from.number();
    tally.doubtful = from.number();
    read_map(from, tally.items, [&](survey::OptionCounts& options) {
        read_map(from, options, [&](std::int64_t& count) { count = from.number(); });
    });
    if (!from.is_sound() || !from.is_at_end()) return std::nullopt;
    return tally;
}

}  // namespace hailong::sync
