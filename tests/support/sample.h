// The project's own assets as test data, and the small things every test of a visit needs.
#pragma once

#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "survey/base/host.h"
#include "survey/center.h"
#include "survey/questionnaire.h"

namespace hailong::tests {

inline std::string read_asset(const std::string& path) {
    auto text = survey::read_file(std::string(HAILONG_SOURCE_DIR) + "/assets/" + path);
    if (!text) throw std::runtime_error(text.error());
    return *text;
}

inline survey::Questionnaire sample_questionnaire(const std::string& id) {
    auto questionnaire = survey::parse_questionnaire(read_asset("questionnaires/" + id + ".json"));
    if (!questionnaire) throw std::runtime_error(survey::describe(questionnaire.error(), id));
    return *questionnaire;
}

inline survey::Center sample_center() {
    auto center = survey::parse_center(read_asset("demo/center.json"));
    if (!center) throw std::runtime_error(survey::describe(center.error()));
    return *center;
}

/// A clock that stands until it is moved.
class FakeClock final : public survey::Clock {
  public:
    [[nodiscard]] survey::UtcTime now() const override { return utc; }
    [[nodiscard]] survey::MonoTime monotonic() const override { return mono; }
    void pass(survey::milliseconds time) {
        utc += time;
        mono += time;
    }
    survey::UtcTime utc{survey::milliseconds{1'790'000'000'000}};  // 21 September 2026, about 20:33 in Vietnam
    survey::MonoTime mono{survey::milliseconds{1'000'000}};
};

}  // namespace hailong::tests
