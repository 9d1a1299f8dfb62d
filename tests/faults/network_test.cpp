// The terminal and the backend with a bad network between them: two namespaces, a cable that can be pulled at an exact
// byte, and everything that answers in the backend's place.
#include "tests/faults/network.h"

#include <gtest/gtest.h>

#include "tests/faults/audit.h"
#include "tests/faults/rounds.h"
#include "tests/faults/seed.h"

namespace hailong::tests {
namespace {

/// More than one batch, and bodies of some tens of kilobytes.
constexpr int kVisits = 900;
/// A body is far longer than that, and the greeting of TLS far shorter.
const std::string kWithinTheBody = "12000";

#define EXPECT_NO_FINDINGS(findings)            \
    for (const std::string& finding : findings) \
    ADD_FAILURE() << finding

/// Sends until the first failure was told, and ends.
std::string first_failure(const Remote& remote, const std::string& kiosk) {
    const auto sync = remote.start_sync("once", kiosk);
    const std::string line = sync->wait_for([](const std::string& text) {
        return text.find(" warning ") != std::string::npos || text.find(" error ") != std::string::npos;
    });
    sync->terminate();
    return line;
}

TEST(BadNetwork, LosesDelaysAndDoublesAndStillEveryRecordArrivesOnce) {
    const std::uint64_t seed = fault_seed();
    SCOPED_TRACE("HAILONG_SEED=" + std::to_string(seed));
    Remote remote("bm-tp", kVisits, 60, seed);
    remote.put_in_front();
    remote.cable().say("loss " + std::to_string(10 + seed % 11));
    remote.cable().say("delay 15 10");
    remote.cable().say("duplicate 5");
    const auto sync = remote.start_sync("watch");
    remote.wait_until_delivered(std::chrono::seconds{120});
    EXPECT_GT(remote.cable().lost(), 10) << "the cable was not bad";
    EXPECT_EQ(sync->terminate(), 0) << sync->output();
    EXPECT_NO_FINDINGS(remote.close());
}

TEST(BadNetwork, ThatIsPulledInTheMiddleOfABodyDeliversNothingUntilItIsBack) {
    Remote remote("bm-tp", kVisits, 2);
    remote.put_in_front();
    remote.cable().say("cut-after " + kWithinTheBody);
    const auto sync = remote.start_sync("watch");
    remote.cable().wait_until_fired();
    sync->wait_for([](const std::string& line) { return line.find(" warning ") != std::string::npos; });
    EXPECT_EQ(stored(remote.center(), remote.kiosk()).delivered, 0);
    EXPECT_EQ(stored(remote.center(), remote.kiosk()).backend, 0) << "half a body is no batch";
    remote.cable().say("mend");
    remote.wait_until_delivered(std::chrono::seconds{60});
    EXPECT_EQ(sync->terminate(), 0) << sync->output();
    EXPECT_NO_FINDINGS(remote.close());
}

TEST(BadNetwork, ThatIsCutBetweenTheCommitAndItsAnswerCountsEverythingOnce) {
    Remote remote("bm-tp", kVisits, 2);
    remote.put_in_front();
    remote.cable().say("mute-after " + kWithinTheBody);
    const auto sync = remote.start_sync("watch");
    remote.cable().wait_until_fired();
    sync->wait_for([](const std::string& line) { return line.find(" warning ") != std::string::npos; });
    const Stored without_answer = stored(remote.center(), remote.kiosk());
    EXPECT_GT(without_answer.backend, 0) << "the body arrived whole and was committed";
    EXPECT_EQ(without_answer.delivered, 0) << "no receipt came back";
    remote.cable().say("mend");
    remote.wait_until_delivered(std::chrono::seconds{60});
    EXPECT_EQ(sync->terminate(), 0) << sync->output();
    EXPECT_NO_FINDINGS(remote.close());
}

TEST(BadNetwork, AndKillsAtRandomMomentsLoseNothing) {
    const std::uint64_t seed = fault_seed();
    SCOPED_TRACE("HAILONG_SEED=" + std::to_string(seed));
    EXPECT_NO_FINDINGS(network_round({seed, 8}).findings);
}

TEST(CaptivePortal, ThatAnswersEverythingDeliversNothing) {
    Remote remote("bm-tp", 30, 5);
    const std::string idle = "bm-dd";  // has nothing to send, and asks what is new
    remote.admit(idle, 5);
    remote.put_in_front();
    ASSERT_EQ(remote.start_sync("once", idle)->wait(), 0);
    const std::string version = inbox_version(remote.center(), idle);
    ASSERT_NE(version, "");
    const std::vector<std::string> answers = {
        "default_type text/html; return 200 '<html><body>Welcome</body></html>';",
        "default_type application/json; return 200 '{\"ok\":true,\"last_seq\":30,\"kiosk\":\"bm-tp\"}';",
        "default_type application/json; return 200 '{\"documents\":[{\"name\":1}]}';",
        "return 302 http://10.77.0.2/login;",
        "return 307 https://10.77.0.2/login;",
        "return 204;",
        "return 403 'blocked';",
        "return 401;",
        "return 511 'log in';",
    };
    for (const std::string& answer : answers) {
        SCOPED_TRACE(answer);
        // The worst portal: one that could even show the backend's own certificate.
        remote.put_in_front(answer, remote.authority());
        EXPECT_NE(first_failure(remote, remote.kiosk()), "");
        EXPECT_EQ(stored(remote.center(), remote.kiosk()).delivered, 0);
        EXPECT_NE(first_failure(remote, idle), "");
        EXPECT_EQ(inbox_version(remote.center(), idle), version) << "what came down stays";
    }
    const Authority stranger;
    remote.put_in_front(pass_to(kBackendPort), stranger);
    EXPECT_NE(first_failure(remote, remote.kiosk()).find("certificate"), std::string::npos);
    EXPECT_EQ(stored(remote.center(), remote.kiosk()).backend, 0) << "nothing was sent to whom it can't verify";
    remote.put_in_front();
    EXPECT_NO_FINDINGS(remote.close());
}

TEST(ProxyInBetween, ThatCutsAnswersDeliversNothingThatIsNotStored) {
    Remote remote("bm-tp", 30, 5);
    constexpr int kRelayPort = 8081;
    for (const int bytes : {0, 1, 60, 200, 330}) {
        SCOPED_TRACE(bytes);
        std::vector<std::string> relay = remote.cable().backend_end();
        relay.insert(relay.end(), {kBin + "hailong-relay", std::to_string(kRelayPort), std::to_string(kBackendPort),
                                   std::to_string(bytes)});
        Process cutting(relay);
        cutting.wait_for_line("ready");
        remote.put_in_front(pass_to(kRelayPort), remote.authority());
        EXPECT_NE(first_failure(remote, remote.kiosk()), "");
        EXPECT_EQ(stored(remote.center(), remote.kiosk()).delivered, 0) << "half a receipt is none";
    }
    EXPECT_EQ(stored(remote.center(), remote.kiosk()).backend, stored(remote.center(), remote.kiosk()).journal)
        << "the first of them was taken, though nobody heard of it";
    remote.put_in_front();
    EXPECT_NO_FINDINGS(remote.close());
}

}  // namespace
}  // namespace hailong::tests
