// Closed sets, and days, as the whole numbers that stand for them in the file. A number never gets another meaning.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>

#include "survey/tally_sheet.h"
#include "survey/time_evidence.h"
#include "sync/backend/store/sqlite/connection.h"

namespace hailong::sync {

inline constexpr std::array kSubjectKinds = {survey::SubjectKind::visit,      survey::SubjectKind::counter,
                                             survey::SubjectKind::field,      survey::SubjectKind::officer,
                                             survey::SubjectKind::respondent, survey::SubjectKind::began};

[[nodiscard]] constexpr std::int64_t number_of(survey::SubjectKind kind) {
    switch (kind) {
        case survey::SubjectKind::visit:
            return 0;
        case survey::SubjectKind::counter:
            return 1;
        case survey::SubjectKind::field:
            return 2;
        case survey::SubjectKind::officer:
            return 3;
        case survey::SubjectKind::respondent:
            return 4;
        case survey::SubjectKind::began:
            return 5;
    }
    return -1;
}
[[nodiscard]] inline survey::SubjectKind subject_kind_of(std::int64_t number) {
    for (const survey::SubjectKind kind : kSubjectKinds) {
        if (number_of(kind) == number) return kind;
    }
    fail_as_damaged(std::to_string(number) + " stands where the kind of a subject should");
}

[[nodiscard]] constexpr std::int64_t number_of(survey::Grain grain) {
    return grain == survey::Grain::day ? 0 : 1;
}
[[nodiscard]] inline survey::Grain grain_of(std::int64_t number) {
    if (number != 0 && number != 1) fail_as_damaged(std::to_string(number) + " stands where a grain should");
    return number == 0 ? survey::Grain::day : survey::Grain::month;
}

[[nodiscard]] constexpr std::int64_t number_of(survey::TimeTrust trust) {
    switch (trust) {
        case survey::TimeTrust::trusted:
            return 1;
        case survey::TimeTrust::corrected:
            return 2;
        case survey::TimeTrust::doubtful:
            return 3;
    }
    return 0;
}
[[nodiscard]] inline survey::TimeTrust trust_of(std::int64_t number) {
    for (const auto trust : {survey::TimeTrust::trusted, survey::TimeTrust::corrected, survey::TimeTrust::doubtful}) {
        if (number_of(trust) == number) return trust;
    }
    fail_as_damaged(std::to_string(number) + " stands where the trust in a time should");
}

/// A day as days since 1970-01-01. Any day: to be compared with.
[[nodiscard]] constexpr std::int64_t number_of(survey::Date day) {
    return std::chrono::sys_days(day).time_since_epoch().count();
}
/// The last day that a text has.
inline constexpr std::int64_t kDayMax = number_of(std::chrono::year(9999) / 12 / 31);

/// To be stored: a conflict unless it is a day that day_of() gives back.
[[nodiscard]] inline std::int64_t stored_number_of(survey::Date day) {
    const std::int64_t number = number_of(day);
    if (number < 0 || number > kDayMax) fail_as_conflict("a day lies before 1970 or after 9999");
    return number;
}
[[nodiscard]] inline survey::Date day_of(std::int64_t number) {
    if (number < 0 || number > kDayMax) fail_as_damaged(std::to_string(number) + " stands where a day should");
    return std::chrono::sys_days(std::chrono::days(number));
}

}  // namespace hailong::sync
