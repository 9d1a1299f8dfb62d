// What the tests of the saver share: a bell that it rings, and responses.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "kiosk/app/saver.h"
#include "survey/response.h"
#include "tests/support/sample.h"

namespace hailong::kiosk {

inline const survey::KioskId kKiosk{"bm-tp"};
/// Nobody waits for a disk that never works.
inline const SaverOptions kQuick{survey::milliseconds{1}, survey::milliseconds{1}};

/// Lets a test wait for the next wake-up instead of sleeping.
class Bell {
  public:
    std::function<void()> ring() {
        return [this] {
            const std::scoped_lock lock(mutex_);
            ++rings_;
            changed_.notify_all();
        };
    }
    /// All outcomes up to and including the `count`-th.
    std::vector<SaveOutcome> wait_for(Saver& saver, std::size_t count) {
        std::vector<SaveOutcome> outcomes;
        std::unique_lock lock(mutex_);
        while (outcomes.size() < count) {
            changed_.wait(lock, [this] { return rings_ > 0; });
            rings_ = 0;
            for (SaveOutcome& outcome : saver.take_outcomes())
                outcomes.push_back(std::move(outcome));
        }
        return outcomes;
    }

    void wait_while(const std::function<bool()>& holds) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return !holds(); });
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int rings_ = 0;
};

inline survey::Response response(std::uint8_t number) {
    survey::Response made;
    made.id = survey::make_uuid7(survey::UtcTime{survey::milliseconds{1'790'000'000'000}}, {0, number});
    made.questionnaire = {survey::QuestionnaireId{"WARD5"}, 1};
    made.context.center = survey::CenterId{"binh-minh"};
    made.context.counter = survey::CounterId{"TP"};
    made.answers = {{survey::ItemId{"overall"}, {"5"}, {}}};
    made.started.utc = made.finished.utc = survey::UtcTime{survey::milliseconds{1'790'000'000'000}};
    made.boot_id = "boot";
    made.complete = true;
    return made;
}

inline std::shared_ptr<const survey::Questionnaire> form() {
    return std::make_shared<const survey::Questionnaire>(tests::sample_questionnaire("WARD5"));
}

/// Rings are counted until `done` holds.
inline void wait_until(Bell& bell, const std::function<bool()>& done) {
    bell.wait_while([&] { return !done(); });
}

}  // namespace hailong::kiosk
