// A network that loses, cuts, repeats, reorders, spoils and answers for others, as often as `storm` says.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "sync/client/transport.h"
#include "tests/sim/backend.h"
#include "tests/sim/chance.h"
#include "tests/sim/simulator.h"

namespace hailong::sim {

class Network final : public sync::Transport {
  public:
    Network(Backend& backend, Chance& chance, Census& census) : backend_(backend), chance_(chance), census_(census) {}

    std::int64_t storm = 3;  // one request in so many meets weather; 0: none

    [[nodiscard]] Expected<sync::HttpReply, sync::TransportError> send(const sync::Request& request) override;

    /// Something that was on the way arrives, perhaps for the second time.
    void deliver_late();

  private:
    static constexpr std::size_t kLateMax = 30;

    [[nodiscard]] Expected<sync::HttpReply, sync::TransportError> in_a_storm(const sync::Request& request);
    void spoil(std::string& bytes);
    [[nodiscard]] sync::HttpReply arrive(const sync::Request& request);
    /// What another backend would answer, which believes that this terminal's texts were erased.
    [[nodiscard]] sync::HttpReply of_another_backend(const sync::Request& request);

    Backend& backend_;
    Chance& chance_;
    Census& census_;
    std::vector<sync::Request> late_;
    std::optional<sync::HttpReply> last_reply_;
};

}  // namespace hailong::sim
