#include "survey/base/log_index.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "survey/base/log_frames.h"

namespace hailong::survey::sqlite {
namespace {

constexpr std::size_t kRegionWords = kLogIndexRegionBytes / 4;
constexpr std::size_t kIndexHeaderWords = 12;  // of each of two copies, with its sum in the last two
constexpr std::size_t kFirstPageAt = 34;       // in words: behind the headers, in the first region
constexpr std::size_t kPagesAtMost = 4'096;    // of a region
constexpr std::size_t kSlots = 8'192;          // of 16 bits each, behind the pages

using Region = std::array<std::uint32_t, kRegionWords>;

std::optional<Region> region_of(const Connection& connection, int number) {
    const auto* words = static_cast<const volatile std::uint32_t*>(connection.log_index(number));
    if (words == nullptr) return std::nullopt;
    Region region;
    std::copy(words, words + kRegionWords, region.begin());
    return region;
}

/// Whether SQLite itself takes the index's header for whole; otherwise it makes the index anew before it reads.
bool is_header_whole(const Region& region) {
    constexpr std::size_t kSummed = kIndexHeaderWords - 2;
    std::uint32_t first = 0;
    std::uint32_t second = 0;
    for (std::size_t i = 0; i < kSummed; i += 2) {
        first += region[i] + second;
        second += region[i + 1] + first;
    }
    const auto* const begin = region.begin();
    return std::equal(begin, begin + kIndexHeaderWords, begin + kIndexHeaderWords) && region[0] != 0 &&
           region[kSummed] == first && region[kSummed + 1] == second;
}

/// The frames of a log as far as they are whole and follow each other.
struct Frames {
    std::uint64_t generation = 0;      // as LogState has it
    std::vector<std::uint32_t> pages;  // of each frame
    std::vector<std::uint64_t> sums;   // running, behind each

    [[nodiscard]] bool end_at(const LogState& state) const {
        const auto count = static_cast<std::size_t>(state.frames);
        return state.generation == generation && count > 0 && count <= sums.size() && sums[count - 1] == state.sum;
    }
};

Frames read_frames(const Connection& connection, std::int64_t count_max) {
    constexpr std::int64_t kFramesAtOnce = 64;
    Frames frames;
    std::string bytes(kFramesAtOnce * kFrameBytes, '\0');
    if (count_max == 0 || !connection.read_log(0, bytes.data(), kLogHeaderBytes)) return frames;
    LogSum sum(std::string_view(bytes).substr(0, kLogHeaderBytes));
    if (!sum.is_header_whole()) return frames;
    frames.generation = log_generation(bytes);
    for (std::int64_t done = 0; done < count_max;) {
        std::int64_t count = std::min(kFramesAtOnce, count_max - done);
        const std::int64_t at = std::int64_t{kLogHeaderBytes} + done * std::int64_t{kFrameBytes};
        if (!connection.read_log(at, bytes.data(), static_cast<std::size_t>(count) * kFrameBytes)) {
            count = 1;  // the log ends within them
            if (!connection.read_log(at, bytes.data(), kFrameBytes)) return frames;
        }
        for (std::int64_t i = 0; i < count; ++i, ++done) {
            const auto frame = std::string_view(bytes).substr(static_cast<std::size_t>(i) * kFrameBytes, kFrameBytes);
            if (!sum.follows(frame)) return frames;
            frames.pages.push_back(page_of_frame(frame));
            frames.sums.push_back(sum.value());
        }
    }
    return frames;
}

/// Whether this region says each of `pages`, and its hash table is the one that SQLite makes of them: each behind the
/// ones before, in the first slot that is free. What is written behind `pages` and not committed yet may stand there.
bool is_index_of(const Region& region, std::size_t first_page_at, const std::uint32_t* pages, std::size_t count) {
    constexpr std::size_t kFactor = 383;
    if (!std::equal(pages, pages + count, region.begin() + first_page_at)) return false;
    std::array<std::uint16_t, kSlots> expected{};
    for (std::size_t i = 0; i < count; ++i) {
        std::size_t slot = std::size_t{pages[i]} * kFactor % kSlots;
        while (expected[slot] != 0)
            slot = (slot + 1) % kSlots;
        expected[slot] = static_cast<std::uint16_t>(i + 1);
    }
    std::array<std::uint16_t, kSlots> found;
    std::memcpy(found.data(), region.data() + kPagesAtMost, sizeof(found));
    for (std::size_t slot = 0; slot < kSlots; ++slot) {
        const bool is_later = expected[slot] == 0 && found[slot] > count;
        if (found[slot] != expected[slot] && !is_later) return false;
    }
    return true;
}

bool is_found_by_index(const Connection& connection, const std::vector<std::uint32_t>& pages, std::size_t frames) {
    std::size_t done = 0;
    for (int number = 0; done < frames; ++number) {
        const std::size_t first_page_at = number == 0 ? kFirstPageAt : 0;
        const std::size_t count = std::min(kPagesAtMost - first_page_at, frames - done);
        const auto region = region_of(connection, number);
        if (!region || !is_index_of(*region, first_page_at, pages.data() + done, count)) return false;
        done += count;
    }
    return true;
}

/// Whether what is called folded stands in the file. Of a page that is in the log once more behind it, the file may
/// have either.
bool is_in_file(const Connection& connection, const LogState& log, const std::vector<std::uint32_t>& pages) {
    if (log.folded == 0) return true;
    if (log.folded > log.frames) return false;
    std::unordered_map<std::uint32_t, std::int64_t> newest;
    for (std::int64_t frame = 0; frame < log.frames; ++frame)
        newest[pages[static_cast<std::size_t>(frame)]] = frame;
    constexpr std::int64_t kPageBytes = kFrameBytes - kFrameHeaderBytes;
    std::string in_log(kPageBytes, '\0');
    std::string in_file(kPageBytes, '\0');
    for (const auto& [page, frame] : newest) {
        if (frame >= log.folded || page > log.file_pages) continue;
        const std::int64_t at = std::int64_t{kLogHeaderBytes + kFrameHeaderBytes} + frame * std::int64_t{kFrameBytes};
        if (!connection.read_log(at, in_log.data(), in_log.size())) return false;
        if (!connection.read_file((page - 1) * kPageBytes, in_file.data(), in_file.size())) return false;
        if (in_log != in_file) return false;
    }
    return true;
}

LogStanding standing_of(const Connection& connection, const std::optional<LogState>& known, bool is_behind) {
    const auto now = connection.log_state();
    const auto region = region_of(connection, 0);
    if (!now || !region) return LogStanding::whole;  // no log is open
    const bool is_whole = is_header_whole(*region);
    const bool knows_frames = known && known->frames > 0;
    const std::int64_t known_frames = knows_frames ? known->frames : 0;
    const Frames frames = read_frames(connection, is_whole ? std::max(now->frames, known_frames) : known_frames);
    const bool is_ours = knows_frames && frames.end_at(*known);
    if (!is_whole) {
        const bool is_round_known = knows_frames && frames.generation == known->generation;
        return is_round_known && !is_ours ? LogStanding::spoiled : LogStanding::index_spoiled;
    }
    if (is_behind) return is_ours ? LogStanding::index_spoiled : LogStanding::spoiled;
    if (now->frames == 0) return LogStanding::whole;
    const bool is_same_round = knows_frames && now->generation == known->generation;
    if (!frames.end_at(*now)) {
        const bool is_index_of_less = is_ours && (!is_same_round || now->frames <= known->frames);
        return is_index_of_less ? LogStanding::index_spoiled : LogStanding::spoiled;
    }
    if (is_same_round && !is_ours) return LogStanding::spoiled;
    const bool is_index_whole = is_found_by_index(connection, frames.pages, static_cast<std::size_t>(now->frames)) &&
                                is_in_file(connection, *now, frames.pages);
    return is_index_whole ? LogStanding::whole : LogStanding::index_spoiled;
}

}  // namespace

LogStanding look_at_log(Connection& connection, const std::optional<LogState>& known,
                        const std::function<bool()>& is_behind) {
    const bool was_behind = is_behind();  // outside of the lock, which keeps this connection from reading
    if (standing_of(connection, known, was_behind) == LogStanding::whole) return LogStanding::whole;
    if (connection.in_transaction()) return LogStanding::unsure;
    {
        const LogLock lock(connection);
        if (!lock.is_held()) return LogStanding::unsure;
        const LogStanding found = standing_of(connection, known, was_behind);  // nobody writes or folds meanwhile
        if (found != LogStanding::index_spoiled) return found;
        connection.forget_log_index();
    }
    // Whoever reads next makes it anew.
    if (!connection.try_execute("SELECT count(*) FROM sqlite_master")) return LogStanding::unsure;
    const LogStanding found = standing_of(connection, known, is_behind());
    return found == LogStanding::index_spoiled ? LogStanding::unsure : found;
}

LogStanding look_at_log(Connection& connection) {
    return look_at_log(connection, std::nullopt, [] { return false; });
}

}  // namespace hailong::survey::sqlite
