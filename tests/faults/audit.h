// The accounts after a fault: what was promised, what the terminal holds, what the backend holds and counts. Reads the
// files themselves, so that no program is believed about its own work.
#pragma once

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/e2e/product.h"

namespace hailong::tests {

/// The ids of responses for which somebody saw "thank you".
using Promised = std::set<std::string>;

/// The newest record's id, as hexadecimal; empty when the journal holds none.
[[nodiscard]] std::string newest_id(const std::filesystem::path& journal);

/// How many records a terminal holds, how many of them the backend confirmed, and how many the backend holds.
struct Stored {
    std::int64_t journal = 0;
    std::int64_t delivered = 0;
    std::int64_t backend = 0;
    bool operator==(const Stored&) const = default;
};
[[nodiscard]] Stored stored(const Center& center, const std::string& kiosk);
/// The same of a backend whose file is elsewhere.
[[nodiscard]] Stored stored(const Center& center, const std::string& kiosk, const std::filesystem::path& store);

/// What came down last, as the backend names it; empty when nothing did.
[[nodiscard]] std::string inbox_version(const Center& center, const std::string& kiosk);

/// How many records the backend counts at a time that it calls so ("trusted", "corrected", "doubtful").
using Trust = std::map<std::string, std::int64_t>;
[[nodiscard]] Trust trust(const Center& center);

/// Records counted after they came, or longer before it than this test took: at a time that nobody can have meant.
[[nodiscard]] std::int64_t counted_elsewhen(const Center& center, std::chrono::milliseconds most_before);

/// Brings everything up: `once` again and again while it may work later. One sentence when it does not.
[[nodiscard]] std::vector<std::string> deliver_all(const Center& center, const std::string& kiosk,
                                                   const std::vector<std::string>& enter = {});

/// Those of the promised that the backend does not hold.
[[nodiscard]] Promised not_stored(const Center& center, const std::string& kiosk, const Promised& promised);

/// What a terminal without a glass promised in a file (writer.cpp).
[[nodiscard]] Promised promised_in(const std::filesystem::path& file);

/// Whether a terminal still has all that it delivered, or its disk lost some of that.
enum class Kept { all, what_was_left };

/// Everything that is wrong, one sentence each; empty when nothing was lost, doubled or altered:
/// the journal proves itself; the backend holds its records byte for byte, each id once; every promise is kept.
[[nodiscard]] std::vector<std::string> audit_terminal(const Center& center, const std::string& kiosk,
                                                      const Promised& promised, Kept kept = Kept::all);

/// The same as counts.
struct Accounts {
    std::int64_t promised = 0;
    std::int64_t records = 0;  // that the backend holds
    std::int64_t lost = 0;     // promised, or on the terminal, and not held
    std::int64_t doubled = 0;  // held more than once
    std::int64_t altered = 0;  // held with other bytes than the terminal's
    Accounts& operator+=(const Accounts& other);
};
[[nodiscard]] Accounts accounts_of(const Center& center, const std::string& kiosk, const Promised& promised);

/// The backend's own proofs (`verify`, and `reconcile` where there is one), and that what it counted is what it holds.
/// REQUIRES: the backend is not running.
[[nodiscard]] std::vector<std::string> audit_backend(const Center& center);

}  // namespace hailong::tests
