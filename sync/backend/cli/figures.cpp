#include <cstdint>
#include <ostream>
#include <string>

#include "sync/backend/cli/command_support.h"
#include "sync/backend/cli/parse_count.h"
#include "sync/backend/figures/figure_json.h"

namespace hailong::sync {
namespace {

constexpr std::int64_t kCountMax = 1'000'000'000'000'000;  // what a share can be taken of exactly

}  // namespace

Exit figures(const FiguresOptions& options, std::ostream& out, std::ostream& err) {
    const auto satisfied = parse_count(options.satisfied);
    const auto total = parse_count(options.total);
    const auto percent = parse_count(options.more_than_percent);
    const auto complain = [&](const std::string& sentence) {
        err << "hailong-backend figures: " << sentence << '\n';
        return Exit::usage;
    };
    if (!satisfied || *satisfied > kCountMax) {
        return complain("--satisfied: \"" + options.satisfied + "\" is not a count; write digits, at most 10^15");
    }
    if (!total || *total > kCountMax) {
        return complain("--total: \"" + options.total + "\" is not a count; write digits, at most 10^15");
    }
    if (!percent || *percent > 100) {
        return complain("--more-than-percent: \"" + options.more_than_percent +
                        "\" is not a percentage; write a whole number from 0 to 100");
    }
    if (*satisfied > *total) {
        return complain("--satisfied is greater than --total; of " + options.total + " answers at most " +
                        options.total + " can be satisfied");
    }
    out << figure_json(*satisfied, *total, survey::Objective{*percent}) << '\n';
    return Exit::done;
}

}  // namespace hailong::sync
