#include "sync/backend/ingest/machine_starts.h"

namespace hailong::sync {

StoreResult<std::string> described_sender(const BatchHeader& header, const Terminal& terminal,
                                          TerminalReader& terminals) {
    if (header.boot.empty() || !header.sent_monotonic) return std::string("nobody knows which machine sent it");
    if (header.boot == terminal.boot) {
        return std::string(
            "it came from the same start of the machine that sent what is stored: the terminal's files were put "
            "back from a copy or changed while it ran");
    }
    const auto seen = terminals.boot(terminal.kiosk, header.boot);
    if (!seen) return unexpected(seen.error());
    if (*seen) {
        return std::string(
            "it came from a machine that sent before another one did: two machines send in this terminal's name");
    }
    return std::string(
        "it came from a start of a machine that never sent: the terminal's disk was put back from a copy, or "
        "another machine sends in its name");
}

StoreResult<bool> keep_start(const BatchHeader& header, bool brings_new, survey::UtcTime now, Terminal& terminal,
                             TerminalWriter& terminals) {
    if (header.boot.empty() || !header.sent_monotonic || header.boot == terminal.boot) return false;
    const auto last = terminals.boot(terminal.kiosk, terminal.boot);
    if (!last) return unexpected(last.error());
    const auto seen = terminals.boot(terminal.kiosk, header.boot);
    if (!seen) return unexpected(seen.error());
    const bool is_late = *seen && (!brings_new || (*last && header.sent < (*last)->time));
    if (is_late) return false;
    const std::int64_t turn = *last ? (*last)->turn + 1 : 0;
    terminal.boot = header.boot;
    const auto put = terminals.put_boot(terminal.kiosk, {header.boot, turn, now}, turn - kBootTurnsKept);
    if (!put) return unexpected(put.error());
    return seen->has_value();
}

}  // namespace hailong::sync
