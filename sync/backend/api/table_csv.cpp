#include <algorithm>
#include <string>
#include <variant>

#include "sync/backend/api/csv.h"
#include "sync/backend/api/open_data.h"

namespace hailong::sync {
namespace {

/// A cell as a spreadsheet of that language reads it. Numbers are not grouped: "1.234" could be a fraction.
struct Printer {
    Csv& csv;
    survey::Language language;

    void operator()(EmptyCell) const { csv.empty(); }
    void operator()(const std::string& text) const { csv.text_for_people(text); }
    void operator()(std::int64_t count) const { csv.plain(std::to_string(count)); }
    void operator()(const ShareCell& share) const { csv.plain(survey::format_tenths(share.tenths, language) + "%"); }
    void operator()(WithheldCell) const { csv.plain(std::string(kWithheldSign)); }
};

}  // namespace

std::string table_csv(const ResultsTable& table, survey::Language language) {
    const bool is_vietnamese = language == survey::Language::vi;
    Csv csv(is_vietnamese ? ';' : ',');
    const auto day = [&](survey::Date date) {
        return is_vietnamese ? survey::format_date(date, language) : survey::to_string(date);
    };
    csv.text(table.headings.center).text(table.headings.first).text(table.headings.last);
    for (const Column& column : table.columns) {
        if (column.kind != ColumnKind::identifier) csv.text(column.heading);
    }
    csv.end();
    const auto start = [&] { csv.text_for_people(table.center).plain(day(table.first)).plain(day(table.last)); };
    for (const std::vector<Cell>& row : table.rows) {
        start();
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            if (table.columns[i].kind != ColumnKind::identifier) std::visit(Printer{csv, language}, row[i]);
        }
        csv.end();
    }
    for (const std::string& note : table.notes) {
        start();
        csv.text(table.headings.note).text_for_people(note);
        csv.empty(static_cast<int>(
                      std::count_if(table.columns.begin(), table.columns.end(),
                                    [](const Column& column) { return column.kind != ColumnKind::identifier; })) -
                  2);
        csv.end();
    }
    return csv.take();
}

}  // namespace hailong::sync
