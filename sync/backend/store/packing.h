// Bytes of ours as they lie in a store: compressed with zstd, so that they come back exactly as they were received.
// Every record, and every batch's header, repeats most of the one before it. Each is compressed by itself, with a
// sample as dictionary (packing.cpp): so each can be read, and proved, alone. By hand: cut off the first byte, and give
// the rest to `zstd -d -D DICTIONARY`. Threads: free functions over values; safe from any thread. Packing costs a few
// microseconds: do it where there is time, before the one thread that writes.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace hailong::sync {

/// What is packed: which dictionary suits it.
enum class PackedKind { record, batch_header };

/// Longer than any record or header may be; what is longer is not compressed, and what claims to be is not unpacked.
inline constexpr std::size_t kUnpackedBytesMax = std::size_t{4} * 1024 * 1024;

/// One byte that says how, and what it says. Never more than one byte longer than `bytes`.
[[nodiscard]] std::string pack(std::string_view bytes, PackedKind kind);
/// Exactly what was packed; empty when pack() never wrote this.
[[nodiscard]] std::optional<std::string> unpack(std::string_view packed);

/// The bytes of the dictionary that is packed with, for who must unpack by hand. Never changes: another one gets
/// another number.
[[nodiscard]] std::string_view packing_dictionary(PackedKind kind);

}  // namespace hailong::sync
