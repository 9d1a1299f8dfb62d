// What is wrong with a piece of data that came from outside, where, and what to do about it.
#pragma once

#include <string>
#include <vector>

namespace hailong::survey {

/// One fault. `place` is a path into the data ("items[2].options[0].value"), empty for the whole;
/// `what` states the fault, `remedy` says what to do about it. English; for staff and logs, never for citizens.
struct Fault {
    std::string place;
    std::string what;
    std::string remedy;
    bool operator==(const Fault&) const = default;
};

/// Never empty where it stands for a failure.
using Faults = std::vector<Fault>;

/// One line a fault: "source: place: what; remedy". `source` is a file name or empty.
[[nodiscard]] std::string describe(const Faults& faults, const std::string& source = {});

}  // namespace hailong::survey
