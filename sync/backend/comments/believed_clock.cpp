#include "sync/backend/comments/believed_clock.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <vector>

namespace hailong::sync {
namespace {

using survey::milliseconds;
using survey::UtcTime;

std::string days_of(milliseconds offset) {
    const auto hours = std::chrono::duration_cast<std::chrono::hours>(std::chrono::abs(offset)).count();
    return std::to_string(hours / 24) + " days and " + std::to_string(hours % 24) + " hours " +
           (offset.count() < 0 ? "back" : "ahead");
}

StoreResult<ClockWitnesses> witnesses_in(TerminalReader& terminals, UtcTime now) {
    const auto statuses = terminals.statuses({}, std::numeric_limits<std::size_t>::max());
    if (!statuses) return unexpected(statuses.error());
    ClockWitnesses witnesses;
    for (const HeardStatus& heard : *statuses) {
        if (!heard.status.clock_offset || std::chrono::abs(now - heard.heard) > kClockHeardMax) continue;
        const bool is_near = std::chrono::abs(*heard.status.clock_offset) <= kClockStepMax;
        (is_near ? witnesses.agreeing : witnesses.contradicting) += 1;
    }
    return witnesses;
}

}  // namespace

ClockBelief examine_clock(const ClockBelief& before, milliseconds passed, UtcTime now,
                          const ClockWitnesses& witnesses) {
    const UtcTime expected = before.time + passed;
    const milliseconds offset = now - expected;
    const bool is_contradicted = witnesses.contradicting > witnesses.agreeing;
    const auto believed_since = before.doubt ? std::optional(now) : before.believed_since;
    if (std::chrono::abs(offset) <= kClockStepMax && !is_contradicted) return {now, {}, believed_since};
    // A clock that stepped once more is another one; and what contradicts begins a doubt where there was none.
    const bool is_same = before.doubt && std::chrono::abs(offset - before.doubt->offset) <= kClockStepMax;
    if (!is_same) return {expected, ClockDoubt{expected, offset}};
    const bool is_accepted = expected - before.doubt->since >= kClockDoubtTime && !is_contradicted;
    return is_accepted ? ClockBelief{now, {}, believed_since} : ClockBelief{expected, before.doubt};
}

std::string encode(const ClockBelief& belief) {
    std::string text = std::to_string(belief.time.time_since_epoch().count());
    if (belief.doubt) {
        text += " " + std::to_string(belief.doubt->since.time_since_epoch().count()) + " " +
                std::to_string(belief.doubt->offset.count());
    } else if (belief.believed_since) {
        text += " " + std::to_string(belief.believed_since->time_since_epoch().count());
    }
    return text;
}

std::optional<ClockBelief> decode_clock_belief(std::string_view text) {
    std::vector<std::int64_t> numbers;
    for (std::string_view rest = text;;) {
        const std::size_t end = std::min(rest.find(' '), rest.size());
        std::int64_t number = 0;
        const auto [at, error] = std::from_chars(rest.data(), rest.data() + end, number);
        if (error != std::errc() || at != rest.data() + end) return std::nullopt;
        numbers.push_back(number);
        if (end == rest.size()) break;
        rest.remove_prefix(end + 1);
    }
    if (numbers.size() > 3) return std::nullopt;
    ClockBelief belief{UtcTime{milliseconds{numbers[0]}}, {}};
    if (numbers.size() == 2) belief.believed_since = UtcTime{milliseconds{numbers[1]}};
    if (numbers.size() == 3) belief.doubt = ClockDoubt{UtcTime{milliseconds{numbers[1]}}, milliseconds{numbers[2]}};
    return belief;
}

StoreResult<ClockBelief> believed_clock(Snapshot& snapshot, UtcTime now) {
    const auto fact = snapshot.facts().fact(kClockFact);
    if (!fact) return unexpected(fact.error());
    if (*fact) {
        if (const auto belief = decode_clock_belief(**fact)) return *belief;
    }
    const auto terminals = snapshot.terminals().page({}, std::numeric_limits<std::size_t>::max());
    if (!terminals) return unexpected(terminals.error());
    std::optional<UtcTime> last;
    for (const Terminal& terminal : *terminals)
        last = std::max(last, terminal.last_seen);
    return ClockBelief{last.value_or(now), {}};
}

StoreResult<ClockBelief> examine_clock(milliseconds passed, UtcTime now, Transaction& transaction) {
    const auto before = believed_clock(transaction, now);
    if (!before) return before;
    const auto witnesses = witnesses_in(transaction.terminals(), now);
    if (!witnesses) return unexpected(witnesses.error());
    const ClockBelief after = examine_clock(*before, passed, now, *witnesses);
    const auto kept = transaction.facts().put(kClockFact, encode(after));
    if (!kept) return unexpected(kept.error());
    if (after.doubt && (!before->doubt || before->doubt->since != after.doubt->since)) {
        const std::array incidents = {Incident{now, {}, IncidentKind::clock, sentence_of(after), {}}};
        const auto added = transaction.incidents().add(incidents);
        if (!added) return unexpected(added.error());
    }
    return after;
}

std::string sentence_of(const ClockBelief& belief) {
    if (!belief.doubt) return {};
    const bool is_step = std::chrono::abs(belief.doubt->offset) > kClockStepMax;
    return "this machine's clock " +
           (is_step ? "stands " + days_of(belief.doubt->offset) + " of what was believed"
                    : std::string("is more than a day from most terminals' clocks")) +
           " since " + survey::to_rfc3339(belief.doubt->since) +
           ": no text is erased by its age, and what comes in meanwhile may be dated wrongly. Set the clock right, and "
           "then let `hailong-backend times` say which answers that touched; nothing is lost. If the clock is right, "
           "leave it: it is believed after a day";
}

}  // namespace hailong::sync
