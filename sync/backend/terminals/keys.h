// The backend's own keys: files in the folder keys/ of its data folder, made once by `init`. Terminals believe only
// what sign.key signed, so it is part of every backup. The key that opens what people wrote need not be on the server
// at all.
//
//   keys/sign.key       signs receipts and answers                          read by its owner alone
//   keys/transport.key  opens bundles that come on a stick                  read by its owner alone
//   keys/text.pub      what terminals seal free text for
//   keys/text.key      opens them; to be kept elsewhere, and split         read by its owner alone
//
// Each file is one line: what it is, a space, the key's bytes in base64, a space, 16 hexadecimal digits of the SHA-256
// over all that stands before that space.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "survey/base/expected.h"
#include "survey/crypto/keys.h"
#include "sync/backend/store/facts.h"
#include "sync/protocol/enrolment.h"
#include "sync/protocol/reply.h"

namespace hailong::sync {

/// What the running service needs; the secret half of `texts` is not among it.
struct ServiceKeys {
    survey::SignSecretKey sign;
    survey::BoxSecretKey transport;
    survey::BoxPublicKey text;
    bool operator==(const ServiceKeys&) const = default;
};

/// What terminals are told of them.
[[nodiscard]] BackendKeys public_halves(const ServiceKeys& keys);

/// The receipt with the backend's signature.
[[nodiscard]] Receipt signed_receipt(Receipt receipt, const survey::Signer& signer);

/// Where the key of texts lies as long as nobody moved it away.
[[nodiscard]] std::filesystem::path text_key_file(const std::filesystem::path& data);

/// The names of the files that the service needs and that are not there.
[[nodiscard]] std::vector<std::string> missing_keys(const std::filesystem::path& data);

/// Makes each that is missing and touches no other; returns the names of those it made. The public half of texts is
/// made from text.key when that is there. The error is a sentence with the remedy.
[[nodiscard]] Expected<std::vector<std::string>, std::string> make_missing_keys(const std::filesystem::path& data);

/// The error, a sentence with the remedy, when one is missing, damaged, or text.key and text.pub are no pair.
[[nodiscard]] Expected<ServiceKeys, std::string> load_keys(const std::filesystem::path& data);

/// As load_keys, and the error as well when the store remembers others: terminals believe only those they were enrolled
/// with. A store that remembers none takes any.
[[nodiscard]] Expected<ServiceKeys, std::string> load_keys_of_store(const std::filesystem::path& data,
                                                                    FactReader& reader);
/// The store remembers these from now on.
[[nodiscard]] StoreResult<void> remember_keys(const ServiceKeys& keys, FactWriter& writer);

/// Copies every key of `from`, a folder as keys/, into the data folder, which has none; the names of those it copied.
[[nodiscard]] Expected<std::vector<std::string>, std::string> copy_keys(const std::filesystem::path& from,
                                                                        const std::filesystem::path& data);
/// Where they lie.
[[nodiscard]] std::filesystem::path keys_folder(const std::filesystem::path& data);

/// As keys/text.key is written. The error is a sentence with the remedy.
[[nodiscard]] Expected<survey::BoxSecretKey, std::string> read_text_key(const std::filesystem::path& file);
[[nodiscard]] Expected<void, std::string> write_text_key(const std::filesystem::path& file,
                                                         const survey::BoxSecretKey& key);

}  // namespace hailong::sync
