#include "kiosk/platform/watchdog.h"

#include <array>
#include <cstring>
#include <string>

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/support/temporary_folder.h"

namespace hailong::kiosk {
namespace {

/// The service manager's end of the socket.
class Manager {
  public:
    explicit Manager(const std::string& path) : socket_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
        EXPECT_EQ(bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
        setenv("NOTIFY_SOCKET", path.c_str(), 1);
    }
    ~Manager() {
        unsetenv("NOTIFY_SOCKET");
        unsetenv("WATCHDOG_USEC");
        unsetenv("WATCHDOG_PID");
        close(socket_);
    }
    Manager(const Manager&) = delete;
    Manager& operator=(const Manager&) = delete;

    /// What it was told next; empty when nothing.
    [[nodiscard]] std::string told() const {
        std::array<char, 256> bytes{};
        const ssize_t count = recv(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT);
        return count > 0 ? std::string(bytes.data(), static_cast<std::size_t>(count)) : std::string();
    }

  private:
    int socket_;
};

TEST(Watchdog, TellsTheServiceManager) {
    const tests::TemporaryFolder folder;
    const Manager manager(folder / "notify");
    setenv("WATCHDOG_USEC", "60000000", 1);
    setenv("WATCHDOG_PID", std::to_string(getpid()).c_str(), 1);
    Watchdog watchdog;
    EXPECT_EQ(watchdog.patience(), survey::milliseconds{60'000});
    watchdog.ready();
    EXPECT_EQ(manager.told(), "READY=1");
    watchdog.feed();
    EXPECT_EQ(manager.told(), "WATCHDOG=1");
    watchdog.stopping();
    EXPECT_EQ(manager.told(), "STOPPING=1");
    EXPECT_EQ(manager.told(), "");
}

TEST(Watchdog, IsPatientWithoutAServiceManager) {
    Watchdog watchdog;
    EXPECT_EQ(watchdog.patience(), std::nullopt);
    watchdog.ready();
    watchdog.feed();
}

TEST(Watchdog, KnowsThatAnotherProcessIsWatched) {
    const tests::TemporaryFolder folder;
    const Manager manager(folder / "notify");
    setenv("WATCHDOG_USEC", "60000000", 1);
    setenv("WATCHDOG_PID", "1", 1);
    EXPECT_EQ(Watchdog().patience(), std::nullopt);
}

}  // namespace
}  // namespace hailong::kiosk
