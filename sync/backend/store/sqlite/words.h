// Closed sets as the whole numbers that stand for them in the file. A number never gets another meaning.
#pragma once

#include <array>
#include <cstdint>

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

}  // namespace hailong::sync
