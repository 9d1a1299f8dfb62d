#include "tests/sim/kiosk_program.h"

#include <algorithm>
#include <utility>

#include "survey/crypto/sealed_text.h"
#include "tests/sim/chance.h"

namespace hailong::sim {
namespace {

/// Of real time: only a program that hangs takes so long.
constexpr std::chrono::seconds kHangs{20};
constexpr std::uint64_t kTriesMax = 1'000;

}  // namespace

KioskProgram::KioskProgram(Setup setup) : setup_(std::move(setup)) {
    kiosk::SaverOptions options;
    options.retry_pause = std::chrono::milliseconds{1};
    options.finish_max = setup_.patience;
    options.unsaved = kiosk::UnsavedFile(setup_.repair.file, setup_.repair.kiosk, setup_.questionnaires);
    const auto seal = [this](const kiosk::TextKey& key, const std::string& text) {
        sealed_ = survey::seal_text(text, survey::BoxPublicKey{key});
        return sealed_;
    };
    const auto wake = [this] {
        {
            const std::scoped_lock lock(mutex_);
            rings_ += 1;
        }
        rung_.notify_all();
    };
    saver_ = std::make_unique<kiosk::JournalSaver>(
        [this](const kiosk::Opening& opening, std::optional<kiosk::Journal>& held) { return open(opening, held); },
        seal, wake, std::move(options));
    await_opening(1);
    probe();
}

KioskProgram::~KioskProgram() {
    static_cast<void>(end());
}

Expected<kiosk::Journal, kiosk::StoreError> KioskProgram::open(const kiosk::Opening& opening,
                                                               std::optional<kiosk::Journal>& held) {
    if (!std::exchange(is_seeded_, true)) make_sodium_repeatable(setup_.seed);
    {
        const std::scoped_lock lock(mutex_);
        openings_ += 1;
        rings_ += 1;
    }
    rung_.notify_all();
    kiosk::RepairSetup repair = setup_.repair;
    repair.remembered = opening.remembered;
    auto repaired = kiosk::open_or_repair(repair, setup_.clock.now(), opening.look, &held);
    if (!repaired) return unexpected(repaired.error());
    for (const kiosk::StoreEvent& event : repaired->events)
        setup_.tell(event.kind + ": " + event.detail);
    return std::move(repaired->journal);
}

template <class Condition>
bool KioskProgram::wait_until(Condition condition) {
    std::unique_lock lock(mutex_);
    for (;;) {
        const std::uint64_t seen = rings_;
        lock.unlock();
        if (condition()) return true;
        lock.lock();
        if (!rung_.wait_for(lock, kHangs, [&] { return rings_ != seen; })) return false;
    }
}

std::uint64_t KioskProgram::openings() {
    const std::scoped_lock lock(mutex_);
    return openings_;
}

/// How often it then tries the disk must not depend on which thread is the quicker one.
void KioskProgram::await_opening(std::uint64_t number) {
    survey::check(wait_until([&] { return openings() >= number; }), "the saver opens its journal");
}

void KioskProgram::probe() {
    for (std::uint64_t tries = 0; tries < kTriesMax; ++tries) {
        const std::uint64_t done = saver_->probes_done();
        saver_->probe();
        survey::check(wait_until([&] { return saver_->probes_done() > done; }), "the saver answers");
        if (!saver_->trouble()) return;
    }
    survey::check(false, trouble().c_str());
}

void KioskProgram::look_through() {
    bool is_whole = false;
    if (const auto journal = kiosk::Journal::open(setup_.repair.file, setup_.repair.kiosk); journal) {
        const auto faults = journal->verify();
        is_whole = faults && faults->empty();
    }
    if (is_whole) return;
    const std::uint64_t before = openings();
    saver_->look_closely();
    await_opening(before + 1);
    probe();
}

Expected<survey::Sealed, std::string> KioskProgram::save(const survey::Response& response,
                                                         std::shared_ptr<const survey::Questionnaire> form,
                                                         const std::vector<kiosk::FreeText>& texts, Awaited awaited) {
    sealed_ = {};
    const std::uint64_t before = openings();
    saver_->save(response, std::move(form), texts, "");
    bool is_in_vain = false;
    const bool came = wait_until([&] {
        const auto outcomes = saver_->take_outcomes();
        is_in_vain = openings() > before + kTriesMax;
        return is_in_vain || std::any_of(outcomes.begin(), outcomes.end(), [&](const kiosk::SaveOutcome& outcome) {
                   return outcome.response_id == response.id && outcome.saved == (awaited == Awaited::saved);
               });
    });
    if (!came || is_in_vain) return unexpected("a response was refused: " + trouble());
    return sealed_;
}

std::size_t KioskProgram::end() {
    return saver_->finish();
}

std::string KioskProgram::trouble() const {
    const auto trouble = saver_->trouble();
    return trouble ? kiosk::describe(*trouble) : std::string();
}

}  // namespace hailong::sim
