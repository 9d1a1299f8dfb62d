#include "kiosk/recovery/raw_pages.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>

#include "kiosk/journal/log_check.h"
#include "kiosk/journal/sectors.h"

namespace hailong::kiosk {
namespace {

constexpr std::size_t kPageBytes = 4'096;  // what SQLite gives every file of ours
constexpr std::size_t kFileHeaderBytes = 100;
constexpr std::uint8_t kTableLeaf = 0x0d;
constexpr std::size_t kPayloadBytesMax = 1u << 20u;  // far beyond the longest record and the largest sealed
constexpr std::size_t kColumnsMax = 32;

std::uint64_t number(std::string_view bytes) {
    std::uint64_t value = 0;
    for (const char byte : bytes)
        value = value << 8U | static_cast<std::uint8_t>(byte);
    return value;
}

/// Reads on and on from `at`; nothing more once `bytes` ended.
class Cursor {
  public:
    Cursor(std::string_view bytes, std::size_t at) : bytes_(bytes), at_(at) {}
    [[nodiscard]] std::size_t at() const { return at_; }

    [[nodiscard]] std::optional<std::string_view> take(std::size_t count) {
        if (at_ > bytes_.size() || count > bytes_.size() - at_) return std::nullopt;
        at_ += count;
        return bytes_.substr(at_ - count, count);
    }
    /// 1 to 9 bytes, big end first, seven bits each, all eight of the ninth.
    [[nodiscard]] std::optional<std::uint64_t> varint() {
        std::uint64_t value = 0;
        for (int i = 0; i < 9; ++i) {
            const auto byte = take(1);
            if (!byte) return std::nullopt;
            const auto bits = static_cast<std::uint8_t>(byte->front());
            if (i == 8) return value << 8U | bits;
            value = value << 7U | (bits & 0x7fU);
            if ((bits & 0x80U) == 0) return value;
        }
        return std::nullopt;
    }

  private:
    std::string_view bytes_;
    std::size_t at_;
};

/// Serial types of the record format: 1 to 6 are integers, 8 and 9 the constants 0 and 1.
std::optional<RawValue> value_of(std::uint64_t type, Cursor& body) {
    constexpr std::size_t kWidths[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0};
    if (type == 10 || type == 11) return std::nullopt;
    if (type >= 12) {
        const auto bytes = body.take(static_cast<std::size_t>((type - 12) / 2));
        if (!bytes) return std::nullopt;
        if (type % 2 == 0) return RawValue{RawBlob{std::string(*bytes)}};
        return RawValue{RawText{std::string(*bytes)}};
    }
    const std::size_t width = kWidths[type];
    const auto bytes = body.take(width);
    if (!bytes) return std::nullopt;
    if (type == 0 || type == 7) return RawValue{};
    if (type >= 8) return RawValue{static_cast<std::int64_t>(type - 8)};
    const bool negative = (static_cast<std::uint8_t>(bytes->front()) & 0x80U) != 0;
    const std::uint64_t sign = negative && width < 8 ? ~std::uint64_t{0} << (8 * width) : 0;
    return RawValue{static_cast<std::int64_t>(sign | number(*bytes))};
}

std::optional<std::vector<RawValue>> values_of(const std::string& payload) {
    Cursor header(payload, 0);
    const auto header_bytes = header.varint();
    if (!header_bytes || *header_bytes > payload.size()) return std::nullopt;
    Cursor body(payload, static_cast<std::size_t>(*header_bytes));
    std::vector<RawValue> values;
    while (header.at() < *header_bytes) {
        const auto type = header.varint();
        if (!type || values.size() == kColumnsMax) return std::nullopt;
        auto value = value_of(*type, body);
        if (!value) return std::nullopt;
        values.push_back(std::move(*value));
    }
    return values;
}

class Pages {
  public:
    explicit Pages(const std::filesystem::path& file)
        : main_(read_sectors(file).bytes), log_(read_sectors(file.string() + "-wal").bytes) {
        for (std::size_t at = 0; at + kPageBytes <= main_.size(); at += kPageBytes) {
            newest_[at / kPageBytes + 1] = all_.size();
            all_.emplace_back(std::string_view(main_).substr(at, kPageBytes));
        }
        const std::string_view log(log_);
        const std::string_view salt = survey::sqlite::log_salt(log);
        for (std::size_t at = kLogHeaderBytes; at + kFrameBytes <= log.size(); at += kFrameBytes) {
            // A frame of an earlier round of the log carries another salt.
            if (log.substr(at + 8, 8) == salt) newest_[number(log.substr(at, 4))] = all_.size();
            all_.emplace_back(log.substr(at + kFrameHeaderBytes, kPageBytes));
        }
        for (const auto& [page_number, place] : newest_)
            places_of_newest_.insert(place);
    }
    [[nodiscard]] const std::vector<std::string_view>& all() const { return all_; }
    [[nodiscard]] bool is_newest(std::size_t place) const { return places_of_newest_.count(place) > 0; }

    /// What a cell begins on `page` at `at`, with its overflow pages.
    [[nodiscard]] std::optional<RawRow> row(std::string_view page, std::size_t at) const {
        Cursor cell(page, at);
        const auto bytes = cell.varint();
        const auto rowid = cell.varint();
        if (!bytes || !rowid || *bytes > kPayloadBytesMax) return std::nullopt;
        const auto total = static_cast<std::size_t>(*bytes);
        const auto local = cell.take(local_bytes(total));
        if (!local) return std::nullopt;
        std::string payload(*local);
        if (payload.size() < total) {
            const auto next = cell.take(4);
            if (!next || !follow(number(*next), total, payload)) return std::nullopt;
        }
        auto values = values_of(payload);
        if (!values) return std::nullopt;
        return RawRow{false, static_cast<std::int64_t>(*rowid), std::move(*values)};
    }

  private:
    /// How much of a payload stands in its cell (section 1.6: X, M and K of a table leaf).
    [[nodiscard]] static std::size_t local_bytes(std::size_t total) {
        constexpr std::size_t kMost = kPageBytes - 35;
        constexpr std::size_t kLeast = (kPageBytes - 12) * 32 / 255 - 23;
        if (total <= kMost) return total;
        const std::size_t fitting = kLeast + (total - kLeast) % (kPageBytes - 4);
        return fitting <= kMost ? fitting : kLeast;
    }

    [[nodiscard]] bool follow(std::uint64_t page_number, std::size_t total, std::string& payload) const {
        while (payload.size() < total) {  // each page adds bytes, so that a circle ends too
            const auto found = newest_.find(page_number);
            if (found == newest_.end()) return false;
            const std::string_view page = all_[found->second];
            payload += page.substr(4, std::min(total - payload.size(), kPageBytes - 4));
            page_number = number(page.substr(0, 4));
        }
        return true;
    }

    std::string main_;
    std::string log_;
    std::vector<std::string_view> all_;
    std::map<std::uint64_t, std::size_t> newest_;  // page number -> place in all_
    std::set<std::size_t> places_of_newest_;
};

void each_row_on(const Pages& pages, std::size_t place, std::size_t header,
                 const std::function<void(const RawRow&)>& take) {
    const std::string_view page = pages.all()[place];
    if (static_cast<std::uint8_t>(page[header]) != kTableLeaf) return;
    const std::size_t cells = std::min<std::size_t>(number(page.substr(header + 3, 2)), kPageBytes / 4);
    for (std::size_t i = 0; i < cells; ++i) {
        Cursor pointer(page, header + 8 + 2 * i);
        const auto at = pointer.take(2);
        if (!at) return;
        auto row = pages.row(page, number(*at));
        if (!row) continue;
        row->newest = pages.is_newest(place);
        take(*row);
    }
}

}  // namespace

void each_raw_row(const std::filesystem::path& file, const std::function<void(const RawRow&)>& take) {
    const Pages pages(file);
    for (std::size_t place = 0; place < pages.all().size(); ++place) {
        each_row_on(pages, place, 0, take);
        each_row_on(pages, place, kFileHeaderBytes, take);  // the first page; elsewhere it finds nothing that proves
    }
}

}  // namespace hailong::kiosk
