#include "tests/sim/campaign.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <thread>

namespace hailong::sim {

Outcome run(const Campaign& campaign, const std::filesystem::path& folder) {
    Outcome outcome;
    std::mutex mutex;
    std::uint64_t next = 0;  // guarded by mutex, as outcome is
    const auto start = std::chrono::steady_clock::now();
    const auto passed = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(); };
    const auto take_seed = [&]() -> std::optional<std::uint64_t> {
        const std::lock_guard lock(mutex);
        if (outcome.found || next == campaign.seeds || (campaign.seconds > 0 && passed() > campaign.seconds))
            return std::nullopt;
        return campaign.first_seed + next++;
    };
    const auto play_some = [&](const std::filesystem::path& world) {
        while (const auto seed = take_seed()) {
            History history = play(*seed, world, campaign.tell);
            const std::lock_guard lock(mutex);
            outcome.played += 1;
            outcome.census += history.census;
            std::move(history.told.begin(), history.told.end(), std::back_inserter(outcome.told));
            if (!history.findings.empty() && (!outcome.found || *seed < outcome.found->seed))
                outcome.found = Found{*seed, std::move(history.findings)};
        }
    };
    std::vector<std::thread> threads;
    const unsigned jobs = campaign.jobs > 0 ? campaign.jobs : std::max(1u, std::thread::hardware_concurrency());
    for (unsigned i = 0; i < jobs; ++i)
        threads.emplace_back(play_some, folder / ("world-" + std::to_string(i)));
    for (std::thread& thread : threads)
        thread.join();
    outcome.seconds = passed();
    return outcome;
}

}  // namespace hailong::sim
