// The only translation unit that knows libxlsxwriter. The library writes files alone: into one in memory here, through
// temporary ones of its own.
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <variant>

#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "survey/base/host.h"
#include "survey/base/utf8.h"
#include "sync/backend/api/open_data.h"

namespace hailong::sync {
namespace {

constexpr lxw_color_t kBrand = 0x0A4B41;
constexpr lxw_color_t kLine = 0xDFE5E4;
constexpr lxw_color_t kSoft = 0x56666F;
constexpr double kTitleHeight = 26;  // in points, as all heights of rows
constexpr double kLineHeight = 15.5;

/// A file that has no name and is gone when this is.
class MemoryFile {
  public:
    MemoryFile() : file_(::memfd_create("results.xlsx", MFD_CLOEXEC)) {}
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;
    ~MemoryFile() {
        if (file_ >= 0) ::close(file_);
    }
    [[nodiscard]] bool is_open() const { return file_ >= 0; }
    [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(file_); }

  private:
    const int file_;
};

/// The library's own pointers; they live as long as the workbook.
struct Formats {
    lxw_format* center;
    lxw_format* title;
    lxw_format* note;
    lxw_format* heading;
    lxw_format* heading_right;
    lxw_format* text;
    lxw_format* identifier;
    lxw_format* count;
    lxw_format* share;
    lxw_format* withheld;
};

lxw_format* cell_format(lxw_workbook* book, const char* number_format, bool is_right) {
    lxw_format* format = workbook_add_format(book);
    format_set_num_format(format, number_format);
    format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
    if (is_right) format_set_align(format, LXW_ALIGN_RIGHT);
    if (!is_right) format_set_indent(format, 1);
    format_set_bottom(format, LXW_BORDER_THIN);
    format_set_bottom_color(format, kLine);
    return format;
}

lxw_format* heading_format(lxw_workbook* book, bool is_right) {
    lxw_format* format = workbook_add_format(book);
    format_set_bold(format);
    format_set_text_wrap(format);
    format_set_font_color(format, LXW_COLOR_WHITE);
    format_set_bg_color(format, kBrand);
    format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
    if (is_right) format_set_align(format, LXW_ALIGN_RIGHT);
    if (!is_right) format_set_indent(format, 1);
    return format;
}

/// Over the table: its lines go across all columns.
lxw_format* line_format(lxw_workbook* book, lxw_color_t color, bool is_bold) {
    lxw_format* format = workbook_add_format(book);
    format_set_font_color(format, color);
    format_set_text_wrap(format);
    format_set_align(format, LXW_ALIGN_LEFT);
    format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
    format_set_indent(format, 1);
    if (is_bold) format_set_bold(format);
    return format;
}

Formats make_formats(lxw_workbook* book) {
    Formats formats{};
    formats.center = line_format(book, kSoft, true);
    formats.title = line_format(book, kBrand, true);
    format_set_font_size(formats.title, 16);
    formats.note = line_format(book, kSoft, false);
    formats.heading = heading_format(book, false);
    formats.heading_right = heading_format(book, true);
    formats.text = cell_format(book, "@", false);
    format_set_text_wrap(formats.text);
    formats.identifier = cell_format(book, "@", false);
    formats.count = cell_format(book, "#,##0", true);
    formats.share = cell_format(book, "0.0%", true);
    formats.withheld = cell_format(book, "@", true);
    return formats;
}

bool is_number(ColumnKind kind) {
    return kind == ColumnKind::count || kind == ColumnKind::share;
}

class Sheet {
  public:
    Sheet(lxw_workbook* book, const ResultsTable& table)
        : sheet_(workbook_add_worksheet(book, nullptr)), formats_(make_formats(book)), table_(table) {}

    void write() {
        line(0, table_.center, formats_.center, kLineHeight);
        line(1, table_.title, formats_.title, kTitleHeight);
        lxw_row_t row = 2;
        for (const std::string& note : table_.notes)
            line(row++, note, formats_.note, kLineHeight);
        const lxw_row_t header = ++row;
        int lines = 1;
        for (std::size_t i = 0; i < table_.columns.size(); ++i) {
            const Column& column = table_.columns[i];
            const auto at = static_cast<lxw_col_t>(i);
            worksheet_set_column(sheet_, at, at, column.width, nullptr);
            worksheet_write_string(sheet_, header, at, column.heading.c_str(),
                                   is_number(column.kind) ? formats_.heading_right : formats_.heading);
            lines = std::max(lines, lines_of(column.heading, column.width));
        }
        worksheet_set_row(sheet_, header, (lines + 1) * kLineHeight, nullptr);
        for (const std::vector<Cell>& cells : table_.rows) {
            ++row;
            lines = 1;
            for (std::size_t i = 0; i < cells.size(); ++i) {
                cell(row, static_cast<lxw_col_t>(i), cells[i]);
                if (const auto* said = std::get_if<std::string>(&cells[i])) {
                    lines = std::max(lines, lines_of(*said, table_.columns[i].width));
                }
            }
            worksheet_set_row(sheet_, row, lines * kLineHeight, nullptr);
        }
        view(header, row);
    }

  private:
    /// How many lines a text takes in a column so many characters wide, of which some are lost to breaking at blanks.
    static int lines_of(const std::string& text, int width) {
        constexpr int kLost = 4;
        constexpr int kLinesMax = 26;  // a row is at most 409 points high
        const int usable = std::max(1, width - kLost);
        const int characters = static_cast<int>(survey::character_count(text));
        return std::clamp((characters + usable - 1) / usable, 1, kLinesMax);
    }

    void line(lxw_row_t row, const std::string& said, lxw_format* format, double height) {
        int width = 0;
        for (const Column& column : table_.columns)
            width += column.width;
        const auto last = static_cast<lxw_col_t>(table_.columns.size() - 1);
        worksheet_merge_range(sheet_, row, 0, row, last, said.c_str(), format);
        worksheet_set_row(sheet_, row, lines_of(said, width) * height, nullptr);
    }

    void cell(lxw_row_t row, lxw_col_t column, const Cell& value) {
        const bool is_identifier = table_.columns[column].kind == ColumnKind::identifier;
        if (const auto* said = std::get_if<std::string>(&value)) {
            worksheet_write_string(sheet_, row, column, said->c_str(),
                                   is_identifier ? formats_.identifier : formats_.text);
        } else if (const auto* count = std::get_if<std::int64_t>(&value)) {
            worksheet_write_number(sheet_, row, column, static_cast<double>(*count), formats_.count);
        } else if (const auto* share = std::get_if<ShareCell>(&value)) {
            worksheet_write_number(sheet_, row, column, share->share, formats_.share);
        } else if (std::holds_alternative<WithheldCell>(value)) {
            worksheet_write_string(sheet_, row, column, kWithheldSign.data(), formats_.withheld);
        } else {
            worksheet_write_blank(sheet_, row, column, formats_.text);
        }
    }

    /// What stands still while one reads on, and how it looks on A4.
    void view(lxw_row_t header, lxw_row_t last) {
        const auto last_column = static_cast<lxw_col_t>(table_.columns.size() - 1);
        worksheet_freeze_panes(sheet_, header + 1, 0);
        worksheet_autofilter(sheet_, header, 0, std::max(last, header), last_column);
        worksheet_gridlines(sheet_, LXW_HIDE_ALL_GRIDLINES);
        worksheet_set_landscape(sheet_);
        worksheet_set_paper(sheet_, 9);  // A4
        worksheet_fit_to_pages(sheet_, 1, 0);
        worksheet_repeat_rows(sheet_, header, header);
        worksheet_set_footer(sheet_, "&R&P / &N");
    }

    lxw_worksheet* const sheet_;
    const Formats formats_;
    const ResultsTable& table_;
};

}  // namespace

Expected<std::string, std::string> table_xlsx(const ResultsTable& table) {
    const MemoryFile file;
    if (!file.is_open()) return unexpected(std::string("no memory for a workbook: ") + std::strerror(errno));
    lxw_workbook* book = workbook_new(file.path().c_str());
    if (book == nullptr) return unexpected(std::string("no memory for a workbook"));
    Sheet(book, table).write();
    const lxw_error error = workbook_close(book);
    if (error != LXW_NO_ERROR) {
        return unexpected(std::string("a workbook can't be written: ") + lxw_strerror(error) +
                          "; see whether the folder for temporary files can be written to");
    }
    return survey::read_file(file.path());
}

}  // namespace hailong::sync
