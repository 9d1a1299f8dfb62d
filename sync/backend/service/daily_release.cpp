#include "sync/backend/service/daily_release.h"

#include <utility>

#include "sync/backend/figures/release.h"
#include "sync/backend/service/write_and_wait.h"

namespace hailong::sync {

bool may_release(survey::Date last, survey::Date today, const ClockBelief& belief, survey::UtcTime now) {
    if (today >= last) return true;
    // By a day: it is as late soon, and no doubt is had of so little.
    if (std::chrono::sys_days(last) - std::chrono::sys_days(today) <= std::chrono::days(1)) return false;
    return !examine_clock(belief, survey::milliseconds(0), now, {}).doubt;
}

namespace {

/// The error: not now.
StoreResult<void> expect_release(Snapshot& snapshot, const survey::CenterId& center, survey::UtcTime now) {
    const auto last = snapshot.public_tallies().last_release(center);
    if (!last) return unexpected(last.error());
    const auto belief = believed_clock(snapshot, now);
    if (!belief) return unexpected(belief.error());
    const survey::Date today = survey::local_date(now);
    if (!*last || may_release((*last)->day, today, *belief, now)) return {};
    return unexpected(
        StoreError{StoreErrorKind::busy,
                   "this machine's clock says " + survey::to_string(today) + ", but figures were made public on " +
                       survey::to_string((*last)->day) + " already, and nothing is told twice",
                   "set the clock right; if it is right, it is believed once the service ran on for a day"});
}

}  // namespace

DailyRelease::DailyRelease(Store& store, ReferenceCache& references, WriteQueue& queue, const survey::Clock& clock,
                           Log log, std::chrono::milliseconds interval)
    : store_(store),
      references_(references),
      queue_(queue),
      clock_(clock),
      log_(std::move(log)),
      rounds_(interval, [this] { look(); }) {}

void DailyRelease::look() {
    const survey::Date today = survey::local_date(clock_.now());
    const auto newest = references_.newest();
    if (newest == nullptr || (today == done_for_ && newest->revision == done_revision_)) return;
    const auto released = release_all(*newest, today);
    if (released) {
        done_for_ = today;
        done_revision_ = newest->revision;
    }
    const bool is_failing = !released;
    if (is_failing == is_failing_) return;
    is_failing_ = is_failing;
    log_(is_failing ? "the figures of the day that is over could not be made public, so that pages show those of the "
                      "day before; it is tried again by itself: " +
                          describe(released.error())
                    : "the figures of the day that is over are public by now");
}

StoreResult<void> DailyRelease::release_all(const Reference& reference, survey::Date today) {
    for (const survey::Center& center : reference.centers) {
        if (rounds_.is_stopping()) break;
        if (const auto released = release(center, reference, today); !released) return released;
    }
    return {};
}

StoreResult<void> DailyRelease::release(const survey::Center& center, const Reference& reference, survey::Date today) {
    auto release = [&]() -> StoreResult<std::optional<ReleaseOfCenter>> {
        const auto snapshot = store_.read();
        if (!snapshot) return unexpected(snapshot.error());
        if (const auto expected = expect_release(**snapshot, center.id, clock_.now()); !expected)
            return unexpected(expected.error());
        return prepare_release(**snapshot, reference.questionnaires, center, today);
    }();
    if (!release) return unexpected(release.error());
    if (!*release) return {};
    const auto written = write_and_wait(queue_, [release = std::move(**release)](Transaction& transaction) {
        return write_release(release, transaction.public_tallies()).map([] { return true; });
    });
    if (!written) return unexpected(written.error());
    return {};
}

}  // namespace hailong::sync
