// Who holds the connections of the server, and whose is closed when one more comes. Whoever has shown who they are
// keeps their place; strangers share what is left of it, and the address that holds most of it gives first. Pure; knows
// no socket. Threads: used by one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace hailong::sync {

class Places {
  public:
    using Holder = const void*;

    /// At most `most` connections, of them `strangers_most` of strangers.
    Places(std::size_t most, std::size_t strangers_most) : most_(most), strangers_most_(strangers_most) {}

    /// Whether one more has no place; everybody is a stranger at first.
    [[nodiscard]] bool is_full() const { return all_.size() >= most_ || strangers_ >= strangers_most_; }
    /// Whose connection is closed for one more: of the strangers at the address with most of them, the one that did
    /// nothing for longest. Where there is no stranger, one that is known and between two requests, which loses
    /// nothing. Null: nobody's. O(connections).
    [[nodiscard]] Holder least_needed() const;

    void enter(Holder holder, const std::string& address);
    /// The holder has shown who they are.
    void make_known(Holder holder);
    /// The holder's request has come; it rests again once that was answered.
    void begin(Holder holder);
    void rest(Holder holder);
    /// Harmless when repeated, and so are the three above afterwards.
    void leave(Holder holder);

  private:
    struct Place {
        std::string address;
        bool is_known = false;
        bool rests = true;
        std::uint64_t moved = 0;  // the larger, the later
    };

    void move(Holder holder, bool rests);
    void forget_stranger(const std::string& address);

    const std::size_t most_;
    const std::size_t strangers_most_;
    std::map<Holder, Place> all_;
    std::map<std::string, std::size_t> strangers_at_;
    std::size_t strangers_ = 0;
    std::uint64_t moves_ = 0;
};

}  // namespace hailong::sync
