// Open data: the figures of the results and reconciliation pages for machines, as JSON and as CSV.
#pragma once

#include <string>

#include "survey/base/expected.h"
#include "survey/base/messages.h"
#include "sync/backend/api/results_table.h"
#include "sync/backend/audit/reconcile.h"
#include "sync/backend/figures/results.h"

namespace hailong::sync {

/// Everything in `results`, texts in both languages. assets/web/README.md describes its members.
[[nodiscard]] std::string results_json(const Results& results);

/// Everything found, differences in English sentences. assets/web/README.md describes its members.
[[nodiscard]] std::string reconciliation_json(const Reconciliation& found, survey::UtcTime generated);

/// For programs: Csv with commas, fractions with a point, a header line. One row a count: the column `part` says of
/// what.
[[nodiscard]] std::string results_csv(const Results& results, survey::Language language);

/// For people: the table as a spreadsheet of that language's settings reads it by itself. Vietnamese: semicolons and
/// a decimal comma; English: commas and a decimal point. Shares are percentages as on the page; identifiers are left
/// out, which a spreadsheet would turn into numbers.
[[nodiscard]] std::string table_csv(const ResultsTable& table, survey::Language language);

/// The table as an Excel workbook (.xlsx): one sheet, numbers as numbers, identifiers as text, the header row frozen.
/// The error says why it could not be written, for the log.
[[nodiscard]] Expected<std::string, std::string> table_xlsx(const ResultsTable& table);

}  // namespace hailong::sync
