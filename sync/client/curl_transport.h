// HTTP by libcurl: one request at a time, which may take as long as it moves, bounded in time and size, interruptible.
// Verifies the backend's certificate before a byte of the request leaves, follows no redirect, and keeps its connection
// between requests. Threads: one CurlTransport is used by one thread.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "survey/base/time.h"
#include "sync/client/transport.h"

namespace hailong::sync {

/// libcurl's own start and end. One for the whole program, made in main before any other thread and any CurlTransport.
class CurlLibrary {
  public:
    CurlLibrary();
    ~CurlLibrary();
    CurlLibrary(const CurlLibrary&) = delete;
    CurlLibrary& operator=(const CurlLibrary&) = delete;
};

/// Most bytes of an answer: an inbox with several questionnaires is about 100 KiB.
inline constexpr std::size_t kReplyBytesMax = 16u << 20u;
/// Most bytes of an answer's head: ours has about 500.
inline constexpr std::size_t kReplyHeadBytesMax = 64u << 10u;

/// A line that carries less in a second, in bytes, carries nothing: a thirtieth of a bad one.
inline constexpr long kLineBytesMin = 100;
/// Longest time of a request however well it moves: an upload of the largest batch over a line of 3 kB/s takes half.
inline constexpr survey::milliseconds kRequestTimeMax{3'600'000};

struct CurlSettings {
    std::string backend;                           // "https://host:port", requests append their path
    std::filesystem::path ca_file;                 // the only authorities that are believed; empty: the system's
    survey::milliseconds connect_timeout{10'000};  // until both ends agreed on the encryption
    survey::milliseconds answer_timeout{60'000};   // so long less than kLineBytesMin moved; whole seconds
    std::size_t reply_bytes_max = kReplyBytesMax;
    int stop_fd = -1;                          // a request ends when this becomes readable; -1: never
    std::filesystem::path system_ca_folder{};  // the system's authorities, one a file named by hash; empty: its own
};

class CurlTransport final : public Transport {
  public:
    explicit CurlTransport(CurlSettings settings);
    ~CurlTransport() override;
    CurlTransport(const CurlTransport&) = delete;
    CurlTransport& operator=(const CurlTransport&) = delete;

    [[nodiscard]] Expected<HttpReply, TransportError> send(const Request& request) override;

  private:
    struct Handles;
    CurlSettings settings_;
    std::unique_ptr<Handles> handles_;
};

}  // namespace hailong::sync
