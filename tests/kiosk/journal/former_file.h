// A file as the program before today's schema wrote it.
#pragma once

#include <filesystem>
#include <string>

#include "survey/base/check.h"
#include "survey/base/host.h"
#include "survey/base/ids.h"
#include "tests/kiosk/journal/sql.h"

namespace hailong::test {

inline const survey::KioskId kFormerKiosk{"bm-tp"};
/// Its records stand under the numbers 1,014 to 1,024; 1,021 and 1,023 have sealed texts; tickets.
inline constexpr std::int64_t kFormerFirstSeq = 1'014;
inline constexpr std::int64_t kFormerLastSeq = 1'024;

/// Written by that program at schema 3: filled, pruned, repaired, numbered anew.
inline void make_former_file(const std::filesystem::path& file) {
    const auto sql = survey::read_file(HAILONG_SOURCE_DIR "/tests/kiosk/journal/schema_3.sql");
    survey::check(sql.has_value(), "the former program's file is there");
    run_sql(file, *sql);
}

}  // namespace hailong::test
