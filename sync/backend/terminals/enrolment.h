// How terminals become this backend's, and stop being it: one-time codes, what is answered to who brings one, revoking.
// Pure over the store's interface. The messages are sync/protocol/enrolment.h's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>

#include "survey/base/time.h"
#include "sync/backend/store/store.h"
#include "sync/backend/terminals/keys.h"
#include "sync/protocol/enrolment.h"
#include "sync/protocol/reply.h"

namespace hailong::sync {

/// How long a code is good, in minutes: by default as long as the way from the office to the terminal takes.
inline constexpr std::int64_t kCodeMinutes = 60;
inline constexpr std::int64_t kCodeMinutesMax = 1'440;

/// Keeps the hash of `code` for that terminal; codes made for it before end. The terminal itself is added when the code
/// is used.
[[nodiscard]] StoreResult<void> keep_code(const std::string& code, const survey::KioskId& kiosk,
                                          const survey::CenterId& center, survey::UtcTime expires,
                                          Transaction& transaction);

/// Why no code can be made for that terminal, in a sentence: it must be new, or of that center, which must be known.
/// Empty: one can.
[[nodiscard]] StoreResult<std::string> why_no_code(const survey::KioskId& kiosk, const survey::CenterId& center,
                                                   Snapshot& snapshot);

/// Whether any terminal relies on the backend's keys. O(terminals until the first that does).
[[nodiscard]] StoreResult<bool> any_terminal_has_key(TerminalReader& reader);

/// The outer expectation is the store's; the inner what the terminal is answered.
using EnrolmentAnswer = Expected<Enrolment, Problem>;

/// Answers a request. Granted: the terminal's key and the hash of its token stand in the transaction, its old token and
/// key end, its numbering goes on after what is stored. The same code again is granted only to the same key, as long as
/// that key is the terminal's (its answer may have been lost), and with the same token: a request that arrives twice,
/// even late, ends nothing. The token is made from code and key, which only who holds the backend's own key can.
/// Refused: `bad_signature` when the request does not prove that it holds its key, else `unauthorized`: no such code,
/// too old, good for longer than any code (the clock was ahead when it was made), of another terminal, used by another
/// key. A refusal writes at most an incident; commit it, too.
[[nodiscard]] StoreResult<EnrolmentAnswer> enrol(const EnrolmentRequest& request, const ServiceKeys& keys,
                                                 survey::UtcTime now, Transaction& transaction);

/// Why enrol() would refuse the request now; empty: it would grant it. Writes nothing, so that a wrong code costs no
/// transaction.
[[nodiscard]] StoreResult<std::optional<Problem>> why_not_enrolled(const EnrolmentRequest& request, survey::UtcTime now,
                                                                   TerminalReader& reader);

/// Ends the terminal's token, key and codes; its records and its numbering stay. False when there was nothing to end.
/// REQUIRES: the terminal is known.
[[nodiscard]] StoreResult<bool> revoke(const survey::KioskId& kiosk, Transaction& transaction);

/// Wrong codes in the last minute. Whoever brings the right one is never counted nor refused: of 2^60 codes nobody
/// finds one by trying, and nobody who tries keeps others from enrolling. Safe from any thread.
class WrongCodes {
  public:
    /// Most within a minute from one address, and as many for one terminal: more than people mistype.
    static constexpr std::size_t kMost = 20;
    /// As many in all are told to people; of more a transaction each would hold up the writer.
    static constexpr std::size_t kToldMost = 20;
    /// Most that are remembered; of more the oldest are forgotten.
    static constexpr std::size_t kKeptMost = 2'000;

    [[nodiscard]] bool are_too_many(const std::string& client, const survey::KioskId& kiosk, survey::MonoTime now);
    /// True when people are told of this one.
    [[nodiscard]] bool add(const std::string& client, const survey::KioskId& kiosk, survey::MonoTime now);

  private:
    struct Wrong {
        survey::MonoTime time;
        std::string client;
        survey::KioskId kiosk;
    };
    void forget_old(survey::MonoTime now);

    std::mutex mutex_;
    std::deque<Wrong> wrong_;
};

}  // namespace hailong::sync
