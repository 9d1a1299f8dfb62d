#include "sync/backend/audit/reconcile.h"

#include <algorithm>
#include <optional>
#include <ostream>
#include <string>

#include "sync/backend/cli/command_support.h"

namespace hailong::sync {
namespace {

/// One of the options that name a day; empty after saying what is wrong with it.
std::optional<survey::Date> day_option(const std::string& name, const std::string& text, const char* otherwise,
                                       std::ostream& err) {
    const auto day = survey::parse_date(text.empty() ? otherwise : text);
    if (!day) {
        err << "hailong-backend reconcile: " << name << ": \"" << text << "\" is no day; write YYYY-MM-DD\n";
    }
    return day;
}

void print(const TerminalBalance& terminal, std::ostream& out) {
    out << "terminal " << printable(terminal.kiosk.text) << ": collected " << terminal.collected << ", stored "
        << terminal.stored << ", counted " << terminal.counted << ", quarantined " << terminal.quarantined
        << ", missing " << terminal.missing << ", lost " << terminal.lost << '\n';
}
void print(const DayBalance& day, std::ostream& out) {
    out << "day " << survey::to_string(day.day) << " of " << printable(day.kiosk.text) << ": collected "
        << (day.collected ? std::to_string(*day.collected) : "not said") << ", stored " << day.stored << ", counted "
        << day.counted << " (" << day.flagged << " flagged), quarantined " << day.quarantined
        << (day.balance() == Balance::unknown ? "; unknown whether that is all" : "") << '\n';
}
void print(const PostedDay& day, std::ostream& out) {
    out << "results of " << survey::to_string(day.day) << ": counted " << day.counted.value_or(0) << ", posted "
        << day.posted << " (" << day.flagged << " flagged); times " << day.posted - day.corrected - day.doubtful
        << " trusted, " << day.corrected << " corrected, " << day.doubtful << " doubtful\n";
}

void print(const Reconciliation& found, std::ostream& out) {
    out << "center " << printable(found.center.text) << '\n';
    for (const TerminalBalance& terminal : found.terminals)
        print(terminal, out);
    for (const DayBalance& day : found.days)
        print(day, out);
    for (const PostedDay& day : found.posted)
        print(day, out);
    for (const Unreported& one : found.unreported) {
        out << "unknown: what " << printable(one.kiosk.text) << " collected from " << survey::to_string(one.from)
            << " on; it has not said\n";
    }
    for (const std::string& note : found.notes)
        out << "note: " << printable(note) << '\n';
    for (const std::string& difference : found.differences)
        out << "DIFFERENCE: " << printable(difference) << '\n';
}

}  // namespace

Exit reconcile_store(const ReconcileOptions& options, std::ostream& out, std::ostream& err) {
    const auto first = day_option("--from", options.from, "1970-01-01", err);
    const auto last = day_option("--to", options.to, "9999-12-31", err);
    if (!first || !last) return Exit::usage;
    auto store = open_store(options.data);
    if (!store) return refuse(err, store.error());
    auto reader = (*store)->read();
    if (!reader) return refuse(err, reader.error());
    const auto centers = (*reader)->documents().centers();
    if (!centers) return refuse(err, centers.error());
    const survey::CenterId wanted{options.center};
    if (!wanted.empty() && std::find(centers->begin(), centers->end(), wanted) == centers->end()) {
        return refuse(err, "there is no center \"" + options.center + "\"; import it with `hailong-backend init`");
    }
    std::int64_t differences = 0;
    for (const survey::CenterId& center : *centers) {
        if (!wanted.empty() && center != wanted) continue;
        const auto found = reconcile(**reader, center, *first, *last);
        if (!found) return refuse(err, found.error());
        print(*found, out);
        differences += found->difference_count;
    }
    out << "differences: " << differences << '\n';
    return differences == 0 ? Exit::done : Exit::refused;
}

}  // namespace hailong::sync
