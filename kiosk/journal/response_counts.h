// How many responses fall under a day, a questionnaire and a flag, whatever their subject.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>

#include "survey/questionnaire.h"

namespace hailong::kiosk {

using ResponseGroup = std::tuple<std::string, survey::QuestionnaireRef, bool>;  // day, questionnaire, flagged
using ResponseCounts = std::map<ResponseGroup, std::int64_t>;

}  // namespace hailong::kiosk
