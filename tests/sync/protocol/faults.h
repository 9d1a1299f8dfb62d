// For the tests of what is refused: where its faults are.
#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "survey/base/expected.h"
#include "survey/base/fault.h"

namespace hailong::sync {

/// The places of `faults`, each of which must say what is wrong and what helps.
inline std::vector<std::string> places_of(const survey::Faults& faults) {
    std::vector<std::string> found;
    for (const survey::Fault& fault : faults) {
        EXPECT_FALSE(fault.what.empty());
        EXPECT_FALSE(fault.remedy.empty()) << fault.what;
        found.push_back(fault.place);
    }
    return found;
}

/// The places of what is refused; empty when it is taken.
template <class Value>
std::vector<std::string> places(const Expected<Value, survey::Faults>& result) {
    return result ? std::vector<std::string>{} : places_of(result.error());
}

}  // namespace hailong::sync
