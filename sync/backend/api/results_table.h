// The results as one table for people: what the page shows, row by row, in its language. The spreadsheet file and the
// workbook both print this and nothing else, so that neither tells more than the page does.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "survey/base/messages.h"
#include "survey/base/time.h"
#include "sync/backend/figures/results.h"

namespace hailong::sync {

/// A share in [0, 1], and in tenths of a percent as the page shows it.
struct ShareCell {
    double share = 0;
    std::int64_t tenths = 0;
    bool operator==(const ShareCell&) const = default;
};
/// There is a figure, and it is not told.
struct WithheldCell {
    bool operator==(const WithheldCell&) const = default;
};
/// Nothing stands here.
using EmptyCell = std::monostate;

using Cell = std::variant<EmptyCell, std::string, std::int64_t, ShareCell, WithheldCell>;

enum class ColumnKind {
    text,
    identifier,  // text, whatever it looks like
    count,
    share
};

struct Column {
    std::string heading;
    ColumnKind kind = ColumnKind::text;
    int width = 10;  // in characters
};

/// What a row is about where each says so by itself, and what a note is called.
struct TableHeadings {
    std::string center;
    std::string first;
    std::string last;
    std::string note;
};

struct ResultsTable {
    TableHeadings headings;
    std::string center;
    std::string title;  // what it is, and of which period by name
    survey::Date first{};
    survey::Date last{};
    std::vector<std::string> notes;       // up to when the figures count, what the signs in cells mean
    std::vector<Column> columns;          // the same number as cells in each row
    std::vector<std::vector<Cell>> rows;  // a row holds a figure or a count
};

/// Stands in a cell whose figure is not told.
inline constexpr std::string_view kWithheldSign = "–";

[[nodiscard]] ResultsTable results_table(const Results& results, const survey::Messages& messages,
                                         survey::Language language);

}  // namespace hailong::sync
