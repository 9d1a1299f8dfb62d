// Rows of a SQLite file read without SQLite, page by page: what is left to try when its header, its schema or the pages
// that lead to others are damaged. Finds what any page of the file or of its log holds, also what was deleted or
// replaced since; whoever takes rows from here proves them by their content.
// Layout: https://www.sqlite.org/fileformat2.html, sections 1.5, 1.6, 2.1 and 4.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <variant>
#include <vector>

namespace hailong::kiosk {

struct RawText {
    std::string text;
};
struct RawBlob {
    std::string bytes;
};
/// NULL, integer, text or blob; a real number counts as NULL (the journal holds none).
using RawValue = std::variant<std::monostate, std::int64_t, RawText, RawBlob>;

struct RawRow {
    bool newest = false;  // stands on the page as it was written last
    std::int64_t rowid = 0;
    std::vector<RawValue> values;
};

/// Calls `take` for every row of a table with row ids that stands whole on some page of `file` or of `file`-wal. The
/// pages of the log come last, in the order they were written. Never fails; O(bytes), and as much memory.
void each_raw_row(const std::filesystem::path& file, const std::function<void(const RawRow&)>& take);

}  // namespace hailong::kiosk
