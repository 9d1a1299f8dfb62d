#include "sync/client/loop.h"

#include <algorithm>
#include <utility>

namespace hailong::sync {
namespace {

using survey::milliseconds;
using survey::MonoTime;

Exchange reported(Exchange exchange, const Outside& outside) {
    if (!exchange.what.empty()) outside.report(exchange);
    return exchange;
}

/// Repeats `step` until it has nothing left to do, or fails for good.
template <class Step>
OnceResult finish(Step&& step, Backoff& backoff, const Outside& outside) {
    int failures = 0;
    while (outside.pause(milliseconds{0})) {
        const Exchange exchange = reported(step(), outside);
        switch (exchange.outcome) {
            case Outcome::idle:
                return OnceResult::all_delivered;
            case Outcome::person:
                return OnceResult::person;
            case Outcome::progress:
                failures = 0;
                backoff.succeeded();
                break;
            case Outcome::later: {
                if (exchange.sends_less) {  // at most until one record is left
                    failures = 0;
                    backoff.succeeded();
                }
                const milliseconds wait = backoff.after_failure(exchange.retry_after_s);
                if (++failures >= kOnceFailuresMax || wait > kOnceWaitMax) return OnceResult::try_again;
                if (!outside.pause(wait)) return OnceResult::try_again;
                break;
            }
        }
    }
    return OnceResult::try_again;
}

/// How long to leave alone what only a person can mend, as it seems: a minute at first, then four times as long each
/// time, up to kPersonWait. Another one may have answered, or something have been damaged on its way.
class Patience {
  public:
    [[nodiscard]] milliseconds next() { return std::exchange(wait_, std::min(wait_ * 4, kPersonWait)); }
    void reset() { wait_ = kPersonWaitFirst; }

  private:
    milliseconds wait_ = kPersonWaitFirst;
};

/// When one kind of exchange is due again.
class Due {
  public:
    Due(milliseconds every, Backoff backoff) : every_(every), backoff_(backoff) {}
    [[nodiscard]] MonoTime at() const { return at_; }

    void after(const Exchange& exchange, MonoTime now) {
        if (exchange.outcome != Outcome::person) patience_.reset();
        switch (exchange.outcome) {
            case Outcome::idle:
                backoff_.succeeded();
                at_ = now + every_;
                break;
            case Outcome::progress:
                backoff_.succeeded();
                at_ = now;
                break;
            case Outcome::later:
                if (exchange.sends_less) backoff_.succeeded();
                at_ = now + backoff_.after_failure(exchange.retry_after_s);
                break;
            case Outcome::person:
                at_ = now + patience_.next();
                break;
        }
    }

    void now(MonoTime now) { at_ = std::min(at_, now); }

  private:
    milliseconds every_;
    Backoff backoff_;
    Patience patience_;
    MonoTime at_{};
};

/// What the backend refuses until the terminal is enrolled anew.
class Bar {
  public:
    [[nodiscard]] Barred what() const { return what_; }

    void after(const Exchange& exchange, MonoTime now) {
        if (exchange.barred == Barred::nothing) {
            if (exchange.outcome == Outcome::progress) patience_.reset();
            return;
        }
        if (what_ == Barred::nothing) until_ = now + patience_.next();
        what_ = std::max(what_, exchange.barred);
    }
    /// What ends now.
    [[nodiscard]] Barred lifted(MonoTime now) {
        return now < until_ ? Barred::nothing : std::exchange(what_, Barred::nothing);
    }

  private:
    Barred what_ = Barred::nothing;
    MonoTime until_{};
    Patience patience_;
};

/// One refresh is all there is to do.
Exchange refresh(Client& client) {
    Exchange exchange = client.refresh_inbox();
    if (exchange.outcome == Outcome::progress) exchange.outcome = Outcome::idle;
    return exchange;
}

}  // namespace

OnceResult run_once(Client& client, const RetryPolicy& policy, std::mt19937_64 generator, const Outside& outside) {
    Backoff backoff(policy, generator);
    Barred barred = Barred::nothing;
    const auto deliver = [&] {
        Exchange exchange = client.deliver_batch();
        barred = std::max(barred, exchange.barred);
        return exchange;
    };
    OnceResult delivered = finish(deliver, backoff, outside);
    // The inbox would fare no better.
    if (delivered == OnceResult::try_again || barred == Barred::everything) return delivered;
    backoff.succeeded();
    const OnceResult refreshed = finish([&] { return refresh(client); }, backoff, outside);
    if (client.wants_again()) delivered = std::max(delivered, finish(deliver, backoff, outside));
    (void)reported(client.prune(), outside);  // what can't go today goes tomorrow
    return std::max(delivered, refreshed);
}

WatchEnd run_watch(Client& client, const survey::Clock& clock, milliseconds inbox_every, const RetryPolicy& policy,
                   std::mt19937_64 generator, const Outside& outside) {
    Due batch(kLookEvery, Backoff(policy, generator));
    Due inbox(inbox_every, Backoff(policy, generator));
    Bar bar;
    bool reopen = false;
    const auto done = [&](const Exchange& exchange) {
        bar.after(exchange, clock.monotonic());
        reopen = reopen || exchange.reopen;
        return exchange;
    };
    milliseconds wait{0};
    while (outside.pause(wait)) {
        if (outside.is_enrolled_anew()) return WatchEnd::enrolled_anew;
        if (reopen) return WatchEnd::reopen;
        if (const Barred barred = bar.lifted(clock.monotonic()); barred != Barred::nothing) {
            batch.now(clock.monotonic());
            if (barred == Barred::everything) inbox.now(clock.monotonic());
        }
        if (bar.what() == Barred::nothing && clock.monotonic() >= batch.at()) {
            batch.after(done(reported(client.deliver_batch(), outside)), clock.monotonic());
        }
        if (bar.what() != Barred::everything && clock.monotonic() >= inbox.at()) {
            inbox.after(done(reported(refresh(client), outside)), clock.monotonic());
            if (client.wants_again()) batch.now(clock.monotonic());
            (void)done(reported(client.prune(), outside));
        }
        // Barred or not, it looks for a new identity as often as for new records.
        wait = std::clamp(std::min(batch.at(), inbox.at()) - clock.monotonic(), milliseconds{0}, kLookEvery);
        if (bar.what() != Barred::nothing) wait = kLookEvery;
    }
    return WatchEnd::stopped;
}

}  // namespace hailong::sync
