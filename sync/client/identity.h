// Who this terminal is to its backend: a file beside the journal, readable for its owner alone. Made by enrolment;
// replaced as a whole by the next one.
//
//   identity.json          what the terminal signs and asks with, and whose answers it believes; carries its own sum
//   identity.json.pending  a key pair on its way to the backend: kept until the answer came, because the answer may be
//                          lost after the backend took the key
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "survey/base/expected.h"
#include "survey/base/ids.h"
#include "survey/crypto/keys.h"
#include "sync/client/exchange.h"
#include "sync/protocol/enrolment.h"

namespace hailong::sync {

struct Identity {
    survey::KioskId kiosk;
    survey::CenterId center;
    std::string token;  // for the Authorization header; a secret
    survey::SignSecretKey secret_key;
    BackendKeys keys;
    bool operator==(const Identity&) const = default;
};

/// What was asked with, and not answered yet.
struct PendingEnrolment {
    survey::KioskId kiosk;
    std::string code;
    survey::SignSecretKey secret_key;
    bool operator==(const PendingEnrolment&) const = default;
};

/// The file of `kiosk`. A person is needed when it is missing (never enrolled), broken, or another terminal's.
[[nodiscard]] Expected<Identity, Exchange> load_identity(const std::filesystem::path& file,
                                                         const survey::KioskId& kiosk);
/// Whole and synced, for its owner alone; `later` when the disk refuses, and the old one stays.
[[nodiscard]] Expected<void, Exchange> save_identity(const std::filesystem::path& file, const Identity& identity);

/// "identity.json.pending".
[[nodiscard]] std::filesystem::path pending_file(const std::filesystem::path& identity_file);
/// Empty when there is none, and when it can't be read: then it is asked anew with another key.
[[nodiscard]] std::optional<PendingEnrolment> load_pending(const std::filesystem::path& identity_file);
[[nodiscard]] Expected<void, Exchange> save_pending(const std::filesystem::path& identity_file,
                                                    const PendingEnrolment& pending);

/// Something that changes whenever the file is replaced; the same as long as it stays, also when it is missing.
[[nodiscard]] std::string identity_mark(const std::filesystem::path& file);

}  // namespace hailong::sync
