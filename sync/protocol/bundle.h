// An offline bundle: batches in a file, for a terminal without a network. And the answer that goes back the same way.
// PROTOCOL.md is the specification.
//
//   bundle = one line {"bundle":1,"batches":n,"created_ms":t,"first_seq":a,"kiosk":k,"last_seq":b}, a line feed, then a
//            sealed text (the backend's transport key) of zstd( for each batch: its length in decimal, a line feed, its
//            uncompressed body )
//   answer = one line of JSON {"answer":1,"batch":{receipt or problem},"inbox":{...},"kiosk":k,"version":etag}, a line
//            feed, then one line {"signature":"..."} over "hailong-answer-1", a line feed, and the first line
//
// Who finds the file learns which terminal it is and how many records it holds, nothing else.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "survey/base/expected.h"
#include "survey/base/fault.h"
#include "survey/base/ids.h"
#include "survey/base/time.h"
#include "survey/crypto/keys.h"

namespace hailong::sync {

/// Most batches in one bundle: 8,000 full records; a terminal with more writes more bundles.
inline constexpr std::size_t kBundleBatchesMax = 16;
/// Most bytes of a bundle, sealed or open, and of an answer.
inline constexpr std::size_t kBundleBytesMax = 72u << 20u;

struct BundleLabel {
    survey::KioskId kiosk;
    std::int64_t first_seq = 1;
    std::int64_t last_seq = 1;
    survey::UtcTime created{};
    std::int64_t batches = 0;
    bool operator==(const BundleLabel&) const = default;
};
struct Bundle {
    BundleLabel label;                // readable by anybody; the batches say what counts
    std::vector<std::string> bodies;  // of batches, as they would be posted, uncompressed
    bool operator==(const Bundle&) const = default;
};

/// REQUIRES: label.batches == bodies.size(), 1 to kBundleBatchesMax, each a whole batch.
[[nodiscard]] std::string encode_bundle(const Bundle& bundle, const survey::BoxPublicKey& transport);
/// What stands on the outside, without a key.
[[nodiscard]] Expected<BundleLabel, survey::Faults> decode_label(std::string_view bytes);
/// The label is for people: where it is not as it should be, what is inside is opened all the same (but for a bundle of
/// another version), and the label is empty. Its `batches` are those inside.
[[nodiscard]] Expected<Bundle, survey::Faults> open_bundle(std::string_view bytes,
                                                           const survey::BoxSecretKey& transport);

/// What the backend gives back for a bundle.
struct BundleAnswer {
    survey::KioskId kiosk;
    std::string batch;    // the receipt or problem, as it would be answered over the network
    std::string inbox;    // the inbox as over the network; empty: none came
    std::string version;  // the inbox's entity tag
    bool operator==(const BundleAnswer&) const = default;
};
[[nodiscard]] std::string encode(const BundleAnswer& answer, const survey::SignSecretKey& key);
/// A fault when it is not signed by `key`.
[[nodiscard]] Expected<BundleAnswer, survey::Faults> decode_answer(std::string_view bytes,
                                                                   const survey::SignPublicKey& key);

}  // namespace hailong::sync
