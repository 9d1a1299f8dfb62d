// The terminal's program as far as its disk is concerned: the real saver over the real repairer, and the look through
// the whole journal after its start. Its thread works only while the story waits for it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "kiosk/app/saver.h"
#include "kiosk/recovery/repair.h"
#include "tests/sim/world.h"

namespace hailong::sim {

class KioskProgram {
  public:
    struct Setup {
        kiosk::RepairSetup repair;
        const survey::Clock& clock;
        std::uint64_t seed = 1;                        // of the saver's own chance
        std::function<void(const std::string&)> tell;  // each event of a repair
        std::vector<std::shared_ptr<const survey::Questionnaire>> questionnaires;
        std::chrono::milliseconds patience{10'000};  // how long it tries on when it ends
    };
    /// Returns when it has opened the journal, or could not.
    explicit KioskProgram(Setup setup);
    ~KioskProgram();

    /// Looks through the whole journal once, as beside the first visits; what is damaged is repaired then.
    void look_through();

    /// As it does by itself every few seconds, until all is well: what it tries again then must not meet what the story
    /// does next.
    void probe();

    enum class Awaited { saved, refused };
    /// Hands a response over and waits until it is saved, or until it is told that it is not yet. `sealed`: what its
    /// text became, empty without one. The error: what was waited for did not come.
    [[nodiscard]] Expected<survey::Sealed, std::string> save(const survey::Response& response,
                                                             std::shared_ptr<const survey::Questionnaire> form,
                                                             const std::vector<kiosk::FreeText>& texts,
                                                             Awaited awaited = Awaited::saved);
    /// As when it is asked to end: how many responses stand nowhere.
    [[nodiscard]] std::size_t end();
    [[nodiscard]] std::string trouble() const;

  private:
    [[nodiscard]] Expected<kiosk::Journal, kiosk::StoreError> open(const kiosk::Opening& opening,
                                                                   std::optional<kiosk::Journal>& held);
    [[nodiscard]] std::uint64_t openings();
    void await_opening(std::uint64_t number);
    template <class Condition>
    [[nodiscard]] bool wait_until(Condition condition);

    const Setup setup_;
    survey::Sealed sealed_;  // the last; written by the saver's thread while the story waits
    bool is_seeded_ = false;
    std::mutex mutex_;
    std::condition_variable rung_;
    std::uint64_t rings_ = 0;     // guarded by mutex_
    std::uint64_t openings_ = 0;  // of the journal, tried ones too; guarded by mutex_
    std::unique_ptr<kiosk::JournalSaver> saver_;
};

}  // namespace hailong::sim
