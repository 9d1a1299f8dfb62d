// A cable between two network namespaces, left and right, that can be bad: it loses, delays, swaps and doubles frames,
// and it can be pulled at an exact place of what goes over it. Kernels without netem can't do that, and none can do the
// last. Each end has an address of its own (10.77.0.1 left, 10.77.0.2 right) and knows nothing of the cable.
//
//   wire [--seed N]
//
// Says how commands are run at each end ("left nsenter ...", "right nsenter ...") and then "ready". Then takes commands
// on standard input, a line each, and answers each with "ok". The namespaces end with the program. As root it needs
// nothing else; as anybody else it makes a user namespace first.
//
//   loss PERCENT            of the frames, each way
//   delay MS JITTER_MS      and up to JITTER_MS more, at random: frames overtake each other
//   duplicate PERCENT       of the frames arrive twice
//   cut                     nothing passes
//   cut-after BYTES         nothing passes any more once so many bytes of data went from left to right; says "fired"
//   mute-after BYTES        from then on data from the right is lost, while the right still gets everything; "fired"
//   mend                    ends what was said so far
//   count                   says "lost" and how many frames were, so far
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <optional>
#include <queue>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using Steady = std::chrono::steady_clock;
using std::chrono::milliseconds;
using Words = std::vector<std::string>;

/// Most frames on their way: what a slow line holds; more are lost, as on a real one.
constexpr std::size_t kFramesMax = 10'000;
/// Longest frame, without offloading: an Ethernet frame.
constexpr std::size_t kFrameBytesMax = 2'048;

[[noreturn]] void fail(const std::string& what) {
    std::fprintf(stderr, "wire: %s\n", what.c_str());
    _exit(1);
}

[[noreturn]] void fail_with_errno(const std::string& what, const std::string& remedy) {
    fail(what + ": " + std::strerror(errno) + "; " + remedy);
}

void run(const Words& command) {
    const pid_t pid = fork();
    if (pid == 0) {
        std::vector<char*> arguments;
        for (const std::string& word : command)
            arguments.push_back(const_cast<char*>(word.c_str()));
        arguments.push_back(nullptr);
        execvp(arguments[0], arguments.data());
        fail(command[0] + " can't be started; install iproute2");
    }
    int status = 0;
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0) {
        std::string line;
        for (const std::string& word : command)
            line += " " + word;
        fail("failed:" + line);
    }
}

// --- The two ends --------------------------------------------------------------------------------------------------

struct Side {
    const char* name;
    const char* ours;  // the cable's own end
    const char* address;
    const char* hardware;
    const char* other_address;
    const char* other_hardware;
};
constexpr std::array<Side, 2> kSides = {
    {{"left", "w-left", "10.77.0.1", "02:00:00:00:77:01", "10.77.0.2", "02:00:00:00:77:02"},
     {"right", "w-right", "10.77.0.2", "02:00:00:00:77:02", "10.77.0.1", "02:00:00:00:77:01"}}};

/// Frames are to be whole and checked as they pass: no checksum and no cutting is left to a card that is not there.
void switch_off_offloading() {
    const int any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    for (const int feature : {ETHTOOL_STXCSUM, ETHTOOL_STSO, ETHTOOL_SGSO}) {
        ethtool_value value{};
        value.cmd = static_cast<std::uint32_t>(feature);
        ifreq request{};
        std::memcpy(request.ifr_name, "eth0", sizeof "eth0");
        request.ifr_data = reinterpret_cast<char*>(&value);
        if (ioctl(any, SIOCETHTOOL, &request) != 0 && feature == ETHTOOL_STXCSUM) {
            fail_with_errno("checksums can't be left to the processor", "this kernel's veth is too old");
        }
    }
    close(any);
}

/// A process that holds one end's namespace, from its start to the end of the cable.
class End {
  public:
    explicit End(const Side& side) : side_(side) {
        int ready[2];
        int go[2];
        if (pipe2(ready, O_CLOEXEC) != 0 || pipe2(go, O_CLOEXEC) != 0) fail("no pipe");
        pid_ = fork();
        if (pid_ == 0) hold(ready[1], go[0]);
        char told = 0;
        close(ready[1]);
        if (read(ready[0], &told, 1) != 1) fail("an end of the cable could not be made");
        ready_ = ready[0];
        go_ = go[1];
    }

    /// Lets it set its end up, once its interface is there; returns when it did.
    void set_up() const {
        char told = 'g';
        if (write(go_, &told, 1) != 1 || read(ready_, &told, 1) != 1) fail("an end of the cable could not be set up");
    }
    [[nodiscard]] pid_t pid() const { return pid_; }

  private:
    [[noreturn]] void hold(int ready, int go) const {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (unshare(CLONE_NEWNET) != 0) fail_with_errno("no network namespace", "run it as root");
        char told = 'r';
        if (write(ready, &told, 1) != 1 || read(go, &told, 1) != 1) _exit(1);
        switch_off_offloading();
        run({"ip", "link", "set", "lo", "up"});
        run({"ip", "link", "set", "eth0", "address", side_.hardware});
        run({"ip", "address", "add", std::string(side_.address) + "/24", "dev", "eth0"});
        run({"ip", "link", "set", "eth0", "up"});
        // Who lives where is known: a lost question for it would only cost a second.
        run({"ip", "neigh", "replace", side_.other_address, "lladdr", side_.other_hardware, "dev", "eth0"});
        run({"ip", "route", "replace", "10.77.0.0/24", "dev", "eth0", "rto_min", "20ms"});
        if (write(ready, &told, 1) != 1) _exit(1);
        while (true)
            pause();
    }

    const Side& side_;
    pid_t pid_ = -1;
    int ready_ = -1;
    int go_ = -1;
};

void write_text(const std::string& path, const std::string& text) {
    std::ofstream file(path);
    if (!(file << text << std::flush)) fail_with_errno(path + " can't be written", "run it as root");
}

/// True when a user namespace was needed.
bool leave_the_hosts_network() {
    if (geteuid() == 0 && unshare(CLONE_NEWNET) == 0) return false;
    const uid_t user = geteuid();
    const gid_t group = getegid();
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) {
        fail_with_errno("this machine lets " + std::string(user == 0 ? "root" : "this user") + " make no namespaces",
                        "run the tests as root, or allow it: sysctl -w user.max_user_namespaces=10000 "
                        "user.max_net_namespaces=10000, and kernel.unprivileged_userns_clone=1 where that is known");
    }
    write_text("/proc/self/setgroups", "deny");
    write_text("/proc/self/uid_map", "0 " + std::to_string(user) + " 1");
    write_text("/proc/self/gid_map", "0 " + std::to_string(group) + " 1");
    return true;
}

int open_cable(const char* interface) {
    const int cable = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, htons(ETH_P_ALL));
    sockaddr_ll place{};
    place.sll_family = AF_PACKET;
    place.sll_protocol = htons(ETH_P_ALL);
    place.sll_ifindex = static_cast<int>(if_nametoindex(interface));
    if (cable < 0 || bind(cable, reinterpret_cast<sockaddr*>(&place), sizeof place) != 0) {
        fail_with_errno("no packet socket", "the kernel needs AF_PACKET (CONFIG_PACKET)");
    }
    const int yes = 1;
    setsockopt(cable, SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes, sizeof yes);
    const int room = 8 << 20;
    setsockopt(cable, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    return cable;
}

// --- The cable -----------------------------------------------------------------------------------------------------

/// Bytes of data in a TCP segment over IPv4; 0 for everything else.
std::size_t data_bytes(const std::string& frame) {
    const auto byte = [&](std::size_t at) { return static_cast<std::size_t>(static_cast<unsigned char>(frame[at])); };
    constexpr std::size_t kEthernet = 14;
    if (frame.size() < kEthernet + 40 || byte(12) != 8 || byte(13) != 0 || byte(kEthernet + 9) != IPPROTO_TCP) return 0;
    const std::size_t header = (byte(kEthernet) & 15u) * 4;
    const std::size_t total = byte(kEthernet + 2) * 256 + byte(kEthernet + 3);
    if (frame.size() < kEthernet + header + 20) return 0;
    const std::size_t tcp = (byte(kEthernet + header + 12) >> 4u) * 4;
    return total > header + tcp ? total - header - tcp : 0;
}

struct Faults {
    int loss = 0;
    int duplicate = 0;
    int delay_ms = 0;
    int jitter_ms = 0;
    bool is_cut = false;
    bool is_muted = false;
    std::optional<std::size_t> cut_after;
    std::optional<std::size_t> mute_after;
};

struct Frame {
    Steady::time_point due;
    std::size_t to = 0;
    std::string bytes;
    bool operator>(const Frame& other) const { return due > other.due; }
};

class Cable {
  public:
    Cable(std::array<int, 2> ends, std::uint64_t seed) : ends_(ends), random_(seed) {}

    void pass_on() {
        std::string input;
        while (true) {
            std::array<pollfd, 3> wanted = {{{ends_[0], POLLIN, 0}, {ends_[1], POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}}};
            poll(wanted.data(), wanted.size(), patience());
            for (std::size_t from : {0u, 1u}) {
                if ((wanted[from].revents & POLLIN) != 0) take(from);
            }
            if (wanted[2].revents != 0 && !obey(input)) return;
            send_due();
        }
    }

  private:
    [[nodiscard]] bool chance(int percent) { return static_cast<int>(random_() % 100) < percent; }

    [[nodiscard]] int patience() const {
        if (waiting_.empty()) return 1'000;
        const auto left = std::chrono::ceil<milliseconds>(waiting_.top().due - Steady::now()).count();
        return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1'000));
    }

    void take(std::size_t from) {
        std::array<char, kFrameBytesMax> buffer{};
        for (ssize_t size = 0; (size = recv(ends_[from], buffer.data(), buffer.size(), 0)) > 0;)
            carry(from, std::string(buffer.data(), static_cast<std::size_t>(size)));
    }

    void carry(std::size_t from, std::string frame) {
        const std::size_t data = data_bytes(frame);
        if (from == 0) count(data);
        if (faults_.is_cut || (faults_.is_muted && from == 1 && data > 0) || chance(faults_.loss)) {
            lost_ += 1;
            return;
        }
        if (chance(faults_.duplicate)) queue(from, frame);
        queue(from, std::move(frame));
    }

    /// Data that went from left to right pulls the cable at its place.
    void count(std::size_t data) {
        passed_ += data;
        const auto fire = [&](std::optional<std::size_t>& after, bool& fault) {
            if (!after || passed_ < *after) return;
            after.reset();
            fault = true;
            std::puts("fired");
            std::fflush(stdout);
        };
        fire(faults_.cut_after, faults_.is_cut);
        fire(faults_.mute_after, faults_.is_muted);
    }

    void queue(std::size_t from, std::string frame) {
        if (waiting_.size() >= kFramesMax) return;
        const int jitter = faults_.jitter_ms == 0
                               ? 0
                               : static_cast<int>(random_() % static_cast<std::uint64_t>(faults_.jitter_ms + 1));
        waiting_.push({Steady::now() + milliseconds{faults_.delay_ms + jitter}, 1 - from, std::move(frame)});
    }

    void send_due() {
        while (!waiting_.empty() && waiting_.top().due <= Steady::now()) {
            const Frame& frame = waiting_.top();
            static_cast<void>(send(ends_[frame.to], frame.bytes.data(), frame.bytes.size(), 0));
            waiting_.pop();
        }
    }

    /// False when nobody commands any more.
    bool obey(std::string& input) {
        std::array<char, 4'096> buffer{};
        const ssize_t size = read(STDIN_FILENO, buffer.data(), buffer.size());
        if (size <= 0) return false;
        input.append(buffer.data(), static_cast<std::size_t>(size));
        for (std::size_t end = 0; (end = input.find('\n')) != std::string::npos; input.erase(0, end + 1))
            command(input.substr(0, end));
        return true;
    }

    void command(const std::string& line) {
        std::istringstream words(line);
        std::string verb;
        int first = 0;
        int second = 0;
        words >> verb >> first >> second;
        passed_ = 0;
        if (verb == "loss") {
            faults_.loss = first;
        } else if (verb == "delay") {
            faults_.delay_ms = first;
            faults_.jitter_ms = second;
        } else if (verb == "duplicate") {
            faults_.duplicate = first;
        } else if (verb == "cut") {
            faults_.is_cut = true;
        } else if (verb == "cut-after") {
            faults_.cut_after = static_cast<std::size_t>(first);
        } else if (verb == "mute-after") {
            faults_.mute_after = static_cast<std::size_t>(first);
        } else if (verb == "mend") {
            faults_ = {};
        } else if (verb == "count") {
            std::printf("lost %zu\n", lost_);
        } else {
            fail("what is \"" + line + "\"?");
        }
        std::puts("ok");
        std::fflush(stdout);
    }

    const std::array<int, 2> ends_;
    std::mt19937_64 random_;
    Faults faults_;
    std::size_t lost_ = 0;    // frames
    std::size_t passed_ = 0;  // bytes of data from left to right since the last command
    std::priority_queue<Frame, std::vector<Frame>, std::greater<>> waiting_;
};

}  // namespace

int main(int argc, char** argv) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const std::uint64_t seed = argc == 3 && std::string(argv[1]) == "--seed" ? std::stoull(argv[2]) : 1;
    const char* const path = std::getenv("PATH");
    setenv("PATH", (std::string(path == nullptr ? "" : path) + ":/usr/sbin:/sbin").c_str(), 1);
    const bool has_user_namespace = leave_the_hosts_network();
    const std::array<End, 2> ends = {End(kSides[0]), End(kSides[1])};
    std::array<int, 2> cables{};
    for (std::size_t i : {0u, 1u}) {
        const Side& side = kSides[i];
        run({"ip", "link", "add", side.ours, "type", "veth", "peer", "name", "eth0", "netns",
             std::to_string(ends[i].pid())});
        run({"ip", "link", "set", side.ours, "up"});
        ends[i].set_up();
        cables[i] = open_cable(side.ours);
        const std::string proc = "/proc/" + std::to_string(ends[i].pid()) + "/ns/";
        const std::string user = has_user_namespace ? " --user=" + proc + "user --preserve-credentials" : "";
        std::printf("%s nsenter%s --net=%snet --\n", side.name, user.c_str(), proc.c_str());
    }
    std::puts("ready");
    std::fflush(stdout);
    Cable(cables, seed).pass_on();
    for (const End& end : ends)
        kill(end.pid(), SIGKILL);
    return 0;
}
