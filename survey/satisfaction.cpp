#include "survey/satisfaction.h"

#include <cmath>

#include "survey/base/check.h"

namespace hailong::survey {
namespace {

constexpr std::int64_t kTotalMax = 1'000'000'000'000'000;  // keeps 2000 * total within 63 bits

void check_counts(std::int64_t satisfied, std::int64_t total) {
    check(total >= 1 && total <= kTotalMax, "a share is taken of 1 to 10^15 answers");
    check(satisfied >= 0 && satisfied <= total, "no more satisfied answers than answers");
}

}  // namespace

std::string_view name(Verdict verdict) {
    switch (verdict) {
        case Verdict::met:
            return "met";
        case Verdict::met_unproven:
            return "met_unproven";
        case Verdict::not_met:
            return "not_met";
    }
    check(false, "a verdict is one of three");
    return {};
}

Interval wilson_interval(std::int64_t satisfied, std::int64_t total) {
    check_counts(satisfied, total);
    constexpr double kZ = 1.959963984540054;  // 97.5 % point of the standard normal distribution
    const auto n = static_cast<double>(total);
    const double p = static_cast<double>(satisfied) / n;
    const double z2 = kZ * kZ;
    const double center = p + z2 / (2 * n);
    const double half = kZ * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n));
    const double scale = 1 + z2 / n;
    return {satisfied == 0 ? 0.0 : (center - half) / scale, satisfied == total ? 1.0 : (center + half) / scale};
}

std::int64_t share_tenths(std::int64_t satisfied, std::int64_t total) {
    check_counts(satisfied, total);
    return (2000 * satisfied + total) / (2 * total);
}

std::optional<Satisfaction> satisfaction(std::int64_t satisfied, std::int64_t total, Objective objective) {
    if (total == 0) return std::nullopt;
    check_counts(satisfied, total);
    Satisfaction figure;
    figure.satisfied = satisfied;
    figure.total = total;
    figure.share = static_cast<double>(satisfied) / static_cast<double>(total);
    figure.share_tenths = share_tenths(satisfied, total);
    figure.interval = wilson_interval(satisfied, total);
    if (100 * satisfied <= objective.more_than_percent * total) {
        figure.verdict = Verdict::not_met;
    } else if (figure.interval.low > static_cast<double>(objective.more_than_percent) / 100) {
        figure.verdict = Verdict::met;
    } else {
        figure.verdict = Verdict::met_unproven;
    }
    return figure;
}

}  // namespace hailong::survey
