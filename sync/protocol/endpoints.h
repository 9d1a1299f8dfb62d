// Where things are asked for. Both ends use these; PROTOCOL.md lists them.
#pragma once

#include <string>

#include "survey/base/ids.h"

namespace hailong::sync {

/// POST: one batch. Answer: a receipt or a problem.
[[nodiscard]] inline std::string batches_path(const survey::KioskId& kiosk) {
    return "/v1/terminals/" + kiosk.text + "/batches";
}

/// GET, with If-None-Match: what is to come down, as {"documents":[{"name":...,"body":{...}}]}. 304 when unchanged.
[[nodiscard]] inline std::string inbox_path(const survey::KioskId& kiosk) {
    return "/v1/terminals/" + kiosk.text + "/inbox";
}

/// POST: an enrolment request. Answer: what the terminal needs from then on, or a problem.
inline constexpr const char* kEnrolmentsPath = "/v1/enrolments";

/// Header of every answer to a known terminal's GET: the last number that the backend stores of it. Lower than what it
/// confirmed once: it was restored from an older copy and wants the rest again.
inline constexpr const char* kStoredSeqHeader = "Hailong-Stored-Seq";
/// Header of the terminal's GET: how it is (TerminalStatus, status.h). The backend ignores what it does not understand.
inline constexpr const char* kStatusHeader = "Hailong-Status";

}  // namespace hailong::sync
