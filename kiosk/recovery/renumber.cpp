#include "kiosk/recovery/renumber.h"

#include <algorithm>
#include <set>

namespace hailong::kiosk {
namespace {

/// What is known of the old numbers, one by one.
class History {
  public:
    explicit History(const Recovered& found) : found_(found), base_(found.base.value_or(ChainHead{})) {}

    [[nodiscard]] const ChainHead& base() const { return base_; }

    [[nodiscard]] const Skip* skip_at(std::int64_t seq) const {
        const auto after = std::upper_bound(found_.skips.begin(), found_.skips.end(), seq,
                                            [](std::int64_t at, const Skip& skip) { return at < skip.first_seq; });
        if (after == found_.skips.begin()) return nullptr;
        const Skip& before = *std::prev(after);
        return seq <= before.last_seq ? &before : nullptr;
    }

    /// The chain value that `seq` + 1 follows; empty when it is not known.
    [[nodiscard]] std::optional<survey::Digest> hash_at(std::int64_t seq) const {
        if (seq == base_.seq) return base_.hash;
        if (skip_at(seq) != nullptr) return survey::kChainStart;
        const auto known = found_.hashes.find(seq);
        return known == found_.hashes.end() ? std::nullopt : std::optional(known->second);
    }

    /// The record can be read, and its bytes are those that its place in the chain asks for.
    [[nodiscard]] bool proved(std::int64_t seq) const {
        const auto record = found_.records.find(seq);
        const auto before = hash_at(seq - 1);
        return seq > base_.seq && record != found_.records.end() && before &&
               survey::chain(*before, record->second.bytes) == record->second.hash;
    }
    [[nodiscard]] bool holds(std::int64_t seq) const { return skip_at(seq) != nullptr || proved(seq); }

    /// The end of the run that holds from `seq` + 1 on.
    [[nodiscard]] std::int64_t run_end_after(std::int64_t seq, std::int64_t last) const {
        while (seq < last && holds(seq + 1))
            ++seq;
        return seq;
    }

    /// The last number of what is kept: the run that goes on from the delivered ones, or, when the delivered end is not
    /// proved itself, the last one before it that is.
    [[nodiscard]] std::int64_t kept_end(std::int64_t delivered, std::int64_t last) const {
        const bool anchored = delivered == base_.seq || holds(delivered) || proved(delivered + 1);
        if (anchored) return run_end_after(delivered, last);
        std::int64_t seq = delivered;
        while (seq > base_.seq && !holds(seq))
            --seq;
        return seq;
    }

    /// The number before the run that ends with `seq`.
    [[nodiscard]] std::int64_t before_run(std::int64_t seq) const {
        while (seq > base_.seq && holds(seq))
            --seq;
        return seq;
    }

  private:
    const Recovered& found_;
    ChainHead base_;
};

/// Skips in order; joins what follows each other for the same reason.
class SkipList {
  public:
    explicit SkipList(std::vector<Skip> skips, std::int64_t end) : skips_(std::move(skips)), end_(end) {}
    /// Everything up to here is accounted for.
    [[nodiscard]] std::int64_t end() const { return end_; }
    void add_to(std::int64_t last_seq, SkipReason reason) {
        if (last_seq <= end_) return;
        if (!skips_.empty() && skips_.back().last_seq == end_ && skips_.back().reason == reason) {
            skips_.back().last_seq = last_seq;
        } else {
            skips_.push_back({end_ + 1, last_seq, reason});
        }
        end_ = last_seq;
    }
    [[nodiscard]] std::vector<Skip> take() { return std::move(skips_); }

  private:
    std::vector<Skip> skips_;
    std::int64_t end_;
};

}  // namespace

bool is_of_boot(const HeadLine& line, const std::string& boot_id) {
    return !boot_id.empty() && boot_id != "unknown" && boot_id != "-" && line.boot_id == boot_id;
}

std::vector<Skip> parted(const Skip& skip, const std::set<std::int64_t>& remembered) {
    if (skip.reason != SkipReason::damaged) return {skip};
    std::vector<Skip> parts;
    for (std::int64_t next = skip.first_seq; next <= skip.last_seq;) {
        const auto at = remembered.lower_bound(next);
        const bool is_remembered = at != remembered.end() && *at == next;
        std::int64_t last = is_remembered ? next : skip.last_seq;
        if (!is_remembered && at != remembered.end()) last = std::min(last, *at - 1);
        while (is_remembered && last < skip.last_seq && remembered.count(last + 1) > 0)
            ++last;
        parts.push_back({next, last, is_remembered ? SkipReason::renumbered : SkipReason::damaged});
        next = last + 1;
    }
    return parts;
}

Renumbering renumber(const Recovered& found, const std::optional<HeadLine>& line, const std::string& boot_id,
                     const std::set<std::int64_t>& remembered) {
    const History history(found);
    const bool sure = line && is_of_boot(*line, boot_id);
    std::int64_t last = std::max(found.last_seq, history.base().seq);
    if (line) last = std::max(last, line->head.seq);
    Renumbering plan;
    // A confirmed number far beyond everything else that is known is damage itself.
    const std::int64_t delivered = found.delivered.value_or(0);
    if (delivered >= 0 && delivered <= last + kRecoverHorizon) plan.delivered = delivered;
    plan.delivered = std::max(plan.delivered, history.base().seq);
    last = std::max(last, plan.delivered);

    const std::int64_t end = history.kept_end(plan.delivered, last);
    const std::int64_t before = history.before_run(end);
    plan.base = {before, history.hash_at(before).value_or(survey::kChainStart)};
    std::set<survey::Uuid> ids;
    for (auto record = found.records.upper_bound(before); record != found.records.end() && record->first <= end;
         ++record) {
        if (history.skip_at(record->first) != nullptr) continue;
        plan.kept.push_back(record->first);
        ids.insert(record->second.id);
    }
    // Beyond the break: a number is skipped as before, stands for a record that is moved, or is damaged.
    std::vector<Skip> before_break;
    std::map<std::int64_t, Skip> beyond;
    for (const Skip& skip : found.skips) {
        if (skip.first_seq <= end) {
            before_break.push_back(skip);
        } else {
            beyond.emplace(skip.first_seq, skip);
        }
    }
    for (auto record = found.records.upper_bound(end); record != found.records.end(); ++record) {
        const std::int64_t seq = record->first;
        if (history.skip_at(seq) != nullptr || !(record->second.is_whole || history.proved(seq))) continue;
        if (!ids.insert(record->second.id).second) continue;
        plan.moved.push_back(seq);
        beyond.emplace(seq, Skip{seq, seq, SkipReason::renumbered});
    }
    SkipList skips(std::move(before_break), end);
    for (const auto& [first_seq, skip] : beyond) {
        skips.add_to(first_seq - 1, SkipReason::damaged);
        skips.add_to(skip.last_seq, skip.reason);
    }
    // What the backend confirmed was given out, whatever the line says.
    if (line && !line->committed && line->head.seq == last && last > plan.delivered && found.hashes.count(last) == 0) {
        skips.add_to(last - 1, SkipReason::damaged);
        skips.add_to(last, SkipReason::unknown);
    }
    skips.add_to(last, SkipReason::damaged);
    if (!sure) {
        skips.add_to(last + kSeqMargin, SkipReason::unknown);
    } else if (last > end) {
        skips.add_to(last + 1, SkipReason::unknown);
    }
    for (const Skip& skip : skips.take()) {
        const bool is_old = std::find(found.skips.begin(), found.skips.end(), skip) != found.skips.end();
        const std::vector<Skip> parts = is_old ? std::vector{skip} : parted(skip, remembered);
        plan.skips.insert(plan.skips.end(), parts.begin(), parts.end());
    }
    return plan;
}

}  // namespace hailong::kiosk
