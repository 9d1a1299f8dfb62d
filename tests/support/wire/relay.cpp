// A proxy that cuts: passes everything to the server behind it, and of each answer only the first bytes, then closes.
//
//   relay LISTEN_PORT SERVER_PORT ANSWER_BYTES     all on 127.0.0.1; says "ready"
//
// One connection after the other: its one client asks one thing at a time.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <string>

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

sockaddr_in loopback(int port) {
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_port = htons(static_cast<std::uint16_t>(port));
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return place;
}

/// At most `most` bytes from one to the other; how many went, and 0 at the end.
std::size_t pass(int from, int to, std::size_t most) {
    std::array<char, 16'384> buffer{};
    const ssize_t size = read(from, buffer.data(), std::min(buffer.size(), most));
    if (size <= 0) return 0;
    const ssize_t sent = send(to, buffer.data(), static_cast<std::size_t>(size), MSG_NOSIGNAL);
    return sent == size ? static_cast<std::size_t>(size) : 0;
}

void carry(int client, int server, std::size_t answer_bytes) {
    while (true) {
        std::array<pollfd, 2> wanted = {{{client, POLLIN, 0}, {server, POLLIN, 0}}};
        if (poll(wanted.data(), wanted.size(), -1) < 0) return;
        if (wanted[0].revents != 0 && pass(client, server, SIZE_MAX) == 0) return;
        if (wanted[1].revents == 0) continue;
        const std::size_t passed = answer_bytes == 0 ? 0 : pass(server, client, answer_bytes);
        if (passed == 0) return;
        answer_bytes -= passed;
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) return 2;
    const sockaddr_in here = loopback(std::stoi(argv[1]));
    const sockaddr_in there = loopback(std::stoi(argv[2]));
    const auto answer_bytes = static_cast<std::size_t>(std::stoul(argv[3]));
    const int door = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(door, reinterpret_cast<const sockaddr*>(&here), sizeof here) != 0 || listen(door, 16) != 0) {
        std::perror("relay");
        return 1;
    }
    std::puts("ready");
    std::fflush(stdout);
    while (true) {
        const int client = accept(door, nullptr, nullptr);
        const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (connect(server, reinterpret_cast<const sockaddr*>(&there), sizeof there) == 0) {
            carry(client, server, answer_bytes);
        }
        close(server);
        close(client);
    }
}
