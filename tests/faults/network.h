// A terminal at one end of a bad cable and the backend at the other, each in a network namespace of its own, with what
// stands between them in a real installation: nginx with a certificate of the city's own authority.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/product.h"

namespace hailong::tests {

/// The cable (tests/support/wire/wire.cpp). Throws, with a sentence that says what to allow, where the machine lets
/// nobody make namespaces.
class Cable {
  public:
    explicit Cable(std::uint64_t seed = 1);
    /// As wire.cpp lists them: "loss 20", "cut-after 20000", "mend".
    void say(const std::string& command) { wire_.say(command, "ok"); }
    /// Frames that it swallowed so far.
    [[nodiscard]] std::int64_t lost() { return std::stoll(wire_.say("count", "lost ")); }
    /// Until the place of cut-after or mute-after was reached.
    void wait_until_fired() { wire_.wait_for_next_line("fired"); }
    /// The words that run a command at that end.
    [[nodiscard]] const std::vector<std::string>& terminal_end() const { return left_; }
    [[nodiscard]] const std::vector<std::string>& backend_end() const { return right_; }

  private:
    Process wire_;
    std::vector<std::string> left_;
    std::vector<std::string> right_;
};

/// A certificate authority of our own, and what it vouches for: the backend's address.
class Authority {
  public:
    Authority();
    [[nodiscard]] std::string certificate() const { return (folder_ / "ca.pem").string(); }
    [[nodiscard]] std::string server_certificate() const { return (folder_ / "server.pem").string(); }
    [[nodiscard]] std::string server_key() const { return (folder_ / "server.key").string(); }

  private:
    TemporaryFolder folder_;
};

/// nginx at the backend's end of the cable. `location` is what it does with everything: pass it on, or play a captive
/// portal.
class Front {
  public:
    Front(const Cable& cable, const Authority& authority, const std::string& location);

  private:
    TemporaryFolder folder_;
    std::unique_ptr<Process> nginx_;
};

/// What a real front does.
[[nodiscard]] std::string pass_to(int port);

inline constexpr const char* kBackendUrl = "https://10.77.0.2";
inline constexpr int kBackendPort = 8080;

/// The sample center across the cable: backend and front at one end, the terminal at the other.
class Remote {
  public:
    /// `visits` invented visits wait in the journal of `kiosk`. Its patience with an answer is `answer_timeout_s`.
    Remote(std::string kiosk, int visits, int answer_timeout_s, std::uint64_t seed = 1);

    [[nodiscard]] Cable& cable() { return cable_; }
    [[nodiscard]] const Authority& authority() const { return authority_; }
    [[nodiscard]] Center& center() { return center_; }
    [[nodiscard]] const std::string& kiosk() const { return kiosk_; }
    /// The real front, or another instead of it.
    void put_in_front(const std::string& location, const Authority& authority);
    void put_in_front() { put_in_front(pass_to(kBackendPort), authority_); }
    /// The sync program, "once" or "watch", of this terminal or of another one at the same end.
    [[nodiscard]] std::unique_ptr<Process> start_sync(const std::string& how) const { return start_sync(how, kiosk_); }
    [[nodiscard]] std::unique_ptr<Process> start_sync(const std::string& how, const std::string& kiosk) const;
    /// Lets another terminal at the same end believe the authority too.
    void admit(const std::string& kiosk, int answer_timeout_s);
    /// Waits until the terminal knows that everything is delivered.
    void wait_until_delivered(std::chrono::seconds patience) const;
    /// Mends the network, delivers what is left, ends the backend, and closes the accounts: one sentence a finding.
    [[nodiscard]] std::vector<std::string> close();

  private:
    const std::string kiosk_;
    Cable cable_;
    Authority authority_;
    Center center_;
    std::unique_ptr<Front> front_;
};

}  // namespace hailong::tests
