// Open data: the figures of the results and reconciliation pages for machines, as JSON and as CSV.
#pragma once

#include <string>

#include "survey/base/messages.h"
#include "sync/backend/audit/reconcile.h"
#include "sync/backend/figures/results.h"

namespace hailong::sync {

/// Everything in `results`, texts in both languages. assets/web/README.md describes its members.
[[nodiscard]] std::string results_json(const Results& results);

/// Everything found, differences in English sentences. assets/web/README.md describes its members.
[[nodiscard]] std::string reconciliation_json(const Reconciliation& found, survey::UtcTime generated);

/// RFC 4180: CRLF, a header line, text quoted where needed. Begins with the UTF-8 byte order mark, without which
/// spreadsheets take Vietnamese for another encoding; the separator is a comma. A text that a spreadsheet could take
/// for a formula gets an apostrophe in front. One row a count: the column `part` says of what.
[[nodiscard]] std::string results_csv(const Results& results, survey::Language language);

}  // namespace hailong::sync
