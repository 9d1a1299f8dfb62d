#include "sync/backend/audit/verify.h"

#include <ostream>

#include "sync/backend/cli/command_support.h"

namespace hailong::sync {

Exit verify_store(const std::filesystem::path& data, std::ostream& out, std::ostream& err) {
    auto store = open_store(data);
    if (!store) return refuse(err, store.error());
    auto reader = (*store)->read();
    if (!reader) return refuse(err, reader.error());
    const auto reference = load_reference((*reader)->documents());
    if (!reference) return refuse(err, reference.error());
    const auto report = verify(**reader, *reference);
    if (!report) return refuse(err, report.error());
    out << "terminals: " << report->terminals << '\n'
        << "records: " << report->records << " (" << report->counted << " counted, " << report->quarantined
        << " quarantined)\n"
        << "skipped numbers: " << report->skipped << '\n'
        << "times: " << report->counted - report->corrected - report->doubtful << " trusted, " << report->corrected
        << " corrected, " << report->doubtful << " doubtful\n"
        << "sealed texts: " << report->texts << '\n'
        << "tally rows: " << report->tally_rows << '\n';
    for (const std::string& note : report->notes)
        out << "note: " << note << '\n';
    for (const std::string& difference : report->differences)
        out << "DIFFERENCE: " << difference << '\n';
    out << "differences: " << report->difference_count << '\n';
    return report->difference_count == 0 ? Exit::done : Exit::refused;
}

}  // namespace hailong::sync
