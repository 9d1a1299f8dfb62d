#include "sync/client/loop.h"

#include <algorithm>

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
                const milliseconds wait = backoff.after_failure(exchange.retry_after_s);
                if (++failures >= kOnceFailuresMax || wait > kOnceWaitMax) return OnceResult::try_again;
                if (!outside.pause(wait)) return OnceResult::try_again;
                break;
            }
        }
    }
    return OnceResult::try_again;
}

/// When one kind of exchange is due again.
class Due {
  public:
    Due(milliseconds every, Backoff backoff) : every_(every), backoff_(backoff) {}
    [[nodiscard]] MonoTime at() const { return at_; }

    void after(const Exchange& exchange, MonoTime now) {
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
                at_ = now + backoff_.after_failure(exchange.retry_after_s);
                break;
            case Outcome::person:
                at_ = now + kPersonWait;
                break;
        }
    }

  private:
    milliseconds every_;
    Backoff backoff_;
    MonoTime at_{};
};

}  // namespace

OnceResult run_once(Client& client, const RetryPolicy& policy, std::mt19937_64 generator, const Outside& outside) {
    Backoff backoff(policy, generator);
    const OnceResult delivered = finish([&] { return client.deliver_batch(); }, backoff, outside);
    if (delivered == OnceResult::try_again) return delivered;  // the inbox would fare no better
    backoff.succeeded();
    const auto refresh_once = [&] {
        Exchange exchange = client.refresh_inbox();
        if (exchange.outcome == Outcome::progress) exchange.outcome = Outcome::idle;  // it is all there is
        return exchange;
    };
    return std::max(delivered, finish(refresh_once, backoff, outside));
}

void run_watch(Client& client, const survey::Clock& clock, milliseconds inbox_every, const RetryPolicy& policy,
               std::mt19937_64 generator, const Outside& outside) {
    Due batch(kLookEvery, Backoff(policy, generator));
    Due inbox(inbox_every, Backoff(policy, generator));
    milliseconds wait{0};
    while (outside.pause(wait)) {
        if (clock.monotonic() >= batch.at()) {
            const Exchange exchange = reported(client.deliver_batch(), outside);
            batch.after(exchange, clock.monotonic());
        }
        if (clock.monotonic() >= inbox.at()) {
            Exchange exchange = reported(client.refresh_inbox(), outside);
            if (exchange.outcome == Outcome::progress) exchange.outcome = Outcome::idle;
            inbox.after(exchange, clock.monotonic());
        }
        wait = std::max(milliseconds{0}, std::min(batch.at(), inbox.at()) - clock.monotonic());
    }
}

}  // namespace hailong::sync
