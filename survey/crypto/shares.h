// A secret key in three shares, any two of which bring it back and one of which says nothing about it (Shamir 1979,
// over GF(256), by libgfshare). Exists so that the key that opens what people wrote is never lost and never one
// person's.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "survey/base/expected.h"
#include "survey/crypto/keys.h"

namespace hailong::survey {

/// Each a line of text: "hailong-share 1 K NNNNNNNN BASE64": which of the three, a short name of the key they all
/// belong to, and the share itself.
[[nodiscard]] std::array<std::string, 3> split_key(const BoxSecretKey& key);

/// From any two different shares of one key. The error is a sentence with the remedy.
[[nodiscard]] Expected<BoxSecretKey, std::string> join_shares(std::string_view one, std::string_view other);

}  // namespace hailong::survey
