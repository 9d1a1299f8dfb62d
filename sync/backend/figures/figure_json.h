// Figures as JSON: the same members wherever a share is given out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <boost/json/fwd.hpp>

#include "survey/satisfaction.h"

namespace hailong::sync {

/// The shortest decimal text that reads back as the same number: "0.924".
[[nodiscard]] std::string number_text(double value);

/// Members in the order they were added, fractions as number_text() has them: Boost.JSON would write 9.24E-1.
[[nodiscard]] std::string json_text(const boost::json::value& value);

/// {"satisfied","total","share","low","high","verdict"}: shares unrounded in [0, 1]; share, low, high and verdict null
/// when nobody answered.
[[nodiscard]] boost::json::object figure_object(std::int64_t satisfied, std::int64_t total,
                                                const std::optional<survey::Satisfaction>& figure);

/// The same as text, of so many satisfied answers under that objective.
[[nodiscard]] std::string figure_json(std::int64_t satisfied, std::int64_t total, survey::Objective objective);

}  // namespace hailong::sync
