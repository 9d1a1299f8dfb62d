// Answers that were made once and are given many times, until what they are made of has changed. Bounded: the ones not
// asked for longest go first.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "sync/backend/http/message.h"

namespace hailong::sync {

/// What all kept answers take together, in bytes: the pages of a city that people look at, twice over.
inline constexpr std::size_t kResponsesBytesMax = 32u << 20u;
/// A single answer that is larger, in bytes, is made anew each time: it would push out a hundred others.
inline constexpr std::size_t kResponseBytesMax = 2u << 20u;

/// Something that can be asked for, and in which state.
struct Versioned {
    std::string key;      // of everything that is asked for in the same way
    std::string version;  // changes with whatever the answer is made of; of letters, digits and any of . _ - /
    std::string cache_control = "no-cache";
};

/// Safe to use from any thread.
class ResponseCache {
  public:
    using Compress = std::function<std::string(std::string_view)>;  // to gzip
    using Make = std::function<HttpResponse()>;

    explicit ResponseCache(Compress compress, std::size_t bytes_max = kResponsesBytesMax)
        : compress_(std::move(compress)), bytes_max_(bytes_max) {}
    ResponseCache(const ResponseCache&) = delete;
    ResponseCache& operator=(const ResponseCache&) = delete;

    /// Answers `request` with what was made of `wanted`; when there is none of that version, with what `make` makes,
    /// which is kept when it is a 200. Who asks for what is being made for another waits for that. The answer gets an
    /// ETag. A client that has it already is answered 304, without making anything; one that takes gzip gets that.
    [[nodiscard]] HttpResponse answer(const HttpRequest& request, const Versioned& wanted, const Make& make);

    [[nodiscard]] std::size_t bytes() const;

  private:
    /// Immutable once kept: given out without a copy under the lock.
    struct Kept {
        std::string etag;
        HttpResponse plain;
        HttpResponse packed;  // status 0: none
        [[nodiscard]] std::size_t bytes() const;
    };
    struct Place {
        std::shared_ptr<const Kept> kept;
        std::size_t bytes = 0;  // with its key
        std::list<std::string>::iterator order;
    };

    /// The right to make something, which one thread has at a time; waits until it is free.
    class Making;

    [[nodiscard]] std::shared_ptr<const Kept> find(const std::string& key, std::string_view etag);
    [[nodiscard]] std::shared_ptr<const Kept> made(HttpResponse response, std::string etag) const;
    void keep(const std::string& key, std::shared_ptr<const Kept> kept);
    void forget(std::map<std::string, Place>::iterator found);

    const Compress compress_;
    const std::size_t bytes_max_;
    mutable std::mutex mutex_;
    std::condition_variable made_;
    std::set<std::string> making_;  // names of what is being made
    std::map<std::string, Place> kept_;
    std::list<std::string> order_;  // of keys; the one asked for last in front
    std::size_t bytes_ = 0;
};

}  // namespace hailong::sync
